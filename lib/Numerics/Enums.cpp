//===- Enums.cpp - The vocabulary of quantized arithmetic -----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Enums.h"

namespace hwq::numerics {
namespace {

template <class E> struct Entry {
  E value;
  std::string_view name;
  std::string_view doc;
};

// The one table of each enum; every function below reads it.
template <class E> struct Table;

#define HWQ_TABLE(E, ...)                                                      \
  template <> struct Table<E> {                                                \
    static constexpr Entry<E> entries[] = {__VA_ARGS__};                       \
  };

HWQ_TABLE(Rounding, {Rounding::RNE, "rne", "to nearest, ties to even"},
          {Rounding::RHA, "rha", "to nearest, ties away from zero"},
          {Rounding::RHU, "rhu", "to nearest, ties up"},
          {Rounding::RHZ, "rhz", "to nearest, ties toward zero"},
          {Rounding::RTZ, "rtz", "toward zero"},
          {Rounding::Floor, "floor", "down"}, {Rounding::Ceil, "ceil", "up"},
          {Rounding::RHD, "rhd", "to nearest, ties down"},
          {Rounding::RAZ, "raz", "away from zero"})

HWQ_TABLE(NgraphRoundMode,
          {NgraphRoundMode::NearestTowardInfinity,
           "round_nearest_toward_infinity",
           "to nearest, ties away from zero: rha"},
          {NgraphRoundMode::NearestTowardZero, "round_nearest_toward_zero",
           "to nearest, ties toward zero: rhz"},
          {NgraphRoundMode::NearestUpward, "round_nearest_upward",
           "to nearest, ties up: rhu"},
          {NgraphRoundMode::NearestDownward, "round_nearest_downward",
           "to nearest, ties down: rhd"},
          {NgraphRoundMode::NearestTowardEven, "round_nearest_toward_even",
           "to nearest, ties to even: rne"},
          {NgraphRoundMode::TowardInfinity, "round_toward_infinity",
           "away from zero: raz"},
          {NgraphRoundMode::TowardZero, "round_toward_zero",
           "toward zero: rtz"},
          {NgraphRoundMode::Up, "round_up", "up: ceil"},
          {NgraphRoundMode::Down, "round_down", "down: floor"})

HWQ_TABLE(
    QuantizeForm,
    {QuantizeForm::Q1, "q1",
     "multiply by the f32 reciprocal, to even, add the zero point"},
    {QuantizeForm::Q2, "q2", "divide in f32, to even, add the zero point"},
    {QuantizeForm::Q3, "q3",
     "divide in f32, away from zero, add the zero point"},
    {QuantizeForm::Q4, "q4", "divide and add the zero point in f32, to even"},
    {QuantizeForm::Q5, "q5",
     "divide and add the offset in f64, away from zero"},
    {QuantizeForm::Q6, "q6",
     "divide by a power of two, ties up (DPU activations)"},
    {QuantizeForm::Q7, "q7", "multiply by the f32 reciprocal, away from zero"},
    {QuantizeForm::Q3F64, "q3_f64",
     "divide in f64, away from zero, add the zero point"},
    {QuantizeForm::Q6P, "q6p",
     "divide by a power of two, away from zero (DPU parameters)"})

HWQ_TABLE(DerivationRule,
          {DerivationRule::PAimet, "p_aimet",
           "AIMET and the SNPE converter: f64, minimum width 0.01"},
          {DerivationRule::PTfl, "p_tfl",
           "TFLite: f64, zero point from the more exact end"},
          {DerivationRule::PFb, "p_fb",
           "FBGEMM: f32 scale, zero point to even; sparsity and power of two"},
          {DerivationRule::PTorch, "p_torch",
           "PyTorch observers: f32, symmetric over 127.5"},
          {DerivationRule::PPotR, "p_pot_r",
           "MQBench: p_torch, scale to the nearest power of two"},
          {DerivationRule::PNnlib, "p_nnlib",
           "hexagon_nn: f32, an end moves out until zero is a code"},
          {DerivationRule::PAmct, "p_amct",
           "AMCT: f32, symmetric over 128 where the minimum is larger"},
          {DerivationRule::PGlow, "p_glow",
           "Glow: f64, symmetric range widened to the grid; power of two"},
          {DerivationRule::PNgraph, "p_ngraph",
           "nGraph: f32, largest absolute value, zero point 0"},
          {DerivationRule::PTpu, "p_tpu",
           "TPU-MLIR: f64, sign of the grid from the minimum"},
          {DerivationRule::PTvm, "p_tvm",
           "TVM: weights by a power of two, activations by a threshold"},
          {DerivationRule::PDpu, "p_dpu",
           "Vitis DPU: a power of two, searched over the data"},
          {DerivationRule::PTrt, "p_trt",
           "TensorRT: f32, largest absolute value over 127"},
          {DerivationRule::PTengine, "p_tengine",
           "Tengine: f32, zero point truncated"},
          {DerivationRule::PNote256, "p_note256",
           "width over 2^bits instead of 2^bits - 1, for comparison"})

HWQ_TABLE(
    RequantizeKernel,
    {RequantizeKernel::Real, "real",
     "real scale in f64, rounded by the quantize form"},
    {RequantizeKernel::R1, "r1",
     "high multiply rounded half up, shift rounded half away"},
    {RequantizeKernel::R2, "r2", "64-bit product, one shift rounded half up"},
    {RequantizeKernel::R4, "r4", "f32 product, to even, zero point after"},
    {RequantizeKernel::R5, "r5", "64-bit product, one shift rounded half away"},
    {RequantizeKernel::R6, "r6", "shift alone, rounded half up"},
    {RequantizeKernel::R7, "r7", "short multiplier, shift rounded half up"},
    {RequantizeKernel::R8, "r8",
     "f32 product and zero point, rounded half away"},
    {RequantizeKernel::R9, "r9",
     "dequantized in f32, fp16 or 19 bits, then quantized"},
    {RequantizeKernel::R10, "r10",
     "zero point added before a Q31 product rounded half up"},
    {RequantizeKernel::R11, "r11",
     "high multiply rounded half up, shift rounded half up"},
    {RequantizeKernel::R12, "r12", "f64 product, rounded half away"},
    {RequantizeKernel::R13, "r13", "f32 product and zero point, to even"},
    {RequantizeKernel::R14, "r14",
     "f32 product, real bias, residual and activation, division, to "
     "even"})

HWQ_TABLE(
    MultiplierRule,
    {MultiplierRule::Bits31, "bits31", "fraction of 31 bits, half away"},
    {MultiplierRule::Bits24, "bits24", "the significand of the f32 scale"},
    {MultiplierRule::Bits16, "bits16", "signed 16-bit multiplier, half away"},
    {MultiplierRule::Bits8, "bits8", "signed 8-bit multiplier, half away"},
    {MultiplierRule::PowerOfTwo, "power_of_two", "a shift alone"},
    {MultiplierRule::LiteRTInt16, "litert_int16",
     "31 bits reduced to 15, for 64-bit accumulators"},
    {MultiplierRule::Fixed8_8, "fixed_8_8", "multiples of 1/256, to even"},
    {MultiplierRule::FBGEMM, "fbgemm", "31 bits from the f32 scale, to even"},
    {MultiplierRule::Glow, "glow", "8 bits with a shift before and after"},
    {MultiplierRule::TPU32, "tpu32",
     "the most exact of all shifts up to 30, 32 bits"},
    {MultiplierRule::TPU8, "tpu8",
     "the most exact of all shifts up to 30, 8 bits"},
    {MultiplierRule::CV18xx, "cv18xx", "31 bits, at most 0.999999"},
    {MultiplierRule::CV18xx8, "cv18xx8", "8 bits, truncated"},
    {MultiplierRule::Hexagon, "hexagon",
     "reciprocal of the integer output range, truncated"})

HWQ_TABLE(DequantPrecision,
          {DequantPrecision::Requant, "requant",
           "one f32 product with the quotient of the scales"},
          {DequantPrecision::F32, "f32", "f32"},
          {DequantPrecision::F16, "f16", "accumulator and scale in fp16"},
          {DequantPrecision::F16Sqrt, "f16_sqrt",
           "fp16, two products with the root of the scale"},
          {DequantPrecision::F19, "f19", "scale cut to 19 bits"})

HWQ_TABLE(ScaleProduct, {ScaleProduct::F64, "f64", "f64"},
          {ScaleProduct::F32, "f32", "rounded to f32"})

HWQ_TABLE(Symmetry,
          {Symmetry::Asymmetric, "asymmetric",
           "zero point anywhere on the grid"},
          {Symmetry::Symmetric, "symmetric",
           "zero point in the middle of the grid"},
          {Symmetry::UnsignedSymmetric, "unsigned_symmetric",
           "symmetric; the whole grid for data without negative values"})

HWQ_TABLE(Granularity,
          {Granularity::PerTensor, "per_tensor", "one scale per tensor"},
          {Granularity::PerChannel, "per_channel",
           "one scale per output channel"})

HWQ_TABLE(BiasForm, {BiasForm::F32, "f32", "real, added in floating point"},
          {BiasForm::I32, "i32", "integer in accumulator units"},
          {BiasForm::I8Asymmetric, "i8_asymmetric",
           "asymmetric 8-bit encoding of its own, then accumulator units"},
          {BiasForm::I8Pot, "i8_pot",
           "8 bits with a power-of-two scale, shifted by the machine"},
          {BiasForm::I8PotShifted, "i8_pot_shifted",
           "8 bits with a power-of-two scale, shifted beforehand"},
          {BiasForm::I16, "i16", "16-bit integer in accumulator units"})

HWQ_TABLE(AddVariant,
          {AddVariant::Tflite, "tflite",
           "operands shifted left, rescaled to twice the larger scale, added"},
          {AddVariant::Snpe, "snpe", "tflite's with one rounding per rescale"},
          {AddVariant::TfliteRuy, "tflite_ruy",
           "tflite's with one rounding of the operands"},
          {AddVariant::TfliteXnnpack, "tflite_xnnpack",
           "21-bit multipliers, one shift of the sum rounded half up"},
          {AddVariant::OnnxRuntime, "onnxruntime",
           "two f32 fused multiply-adds, zero points inside"},
          {AddVariant::Fbgemm, "fbgemm",
           "f32 sum of operands dequantized by a fused multiply-add"},
          {AddVariant::FbgemmTail, "fbgemm_tail",
           "f32 sum of operands dequantized by one product"},
          {AddVariant::Tvm, "tvm",
           "integers rescaled to the smaller scale, added"},
          {AddVariant::Hexagon, "hexagon",
           "16-bit multipliers, 16-bit saturating sum, zero point inside"},
          {AddVariant::Dpu, "dpu",
           "shifted to the finer power of two, added, shifted back half up"},
          {AddVariant::Nnpi, "nnpi",
           "rescaled to 2^-15, added, f32 scale with the zero point inside"},
          {AddVariant::SophgoBm1684x, "sophgo_bm1684x",
           "8-bit multiplier and shift per operand, then added"},
          {AddVariant::SophgoCv18xx, "sophgo_cv18xx",
           "8-bit multipliers, one shift of the sum"},
          {AddVariant::Float, "float",
           "f32 sum of dequantized operands, quantized"})

HWQ_TABLE(MulVariant,
          {MulVariant::Tflite, "tflite",
           "product of codes, high multiply and shift"},
          {MulVariant::Snpe, "snpe", "product of codes, one rounding"},
          {MulVariant::TfliteXnnpack, "tflite_xnnpack",
           "product of codes, f32 scale, zero point outside"},
          {MulVariant::OnnxRuntime, "onnxruntime",
           "product of codes, f32 scale, zero point inside"},
          {MulVariant::Fbgemm, "fbgemm",
           "product of codes, f32 scale with a reciprocal"},
          {MulVariant::Tvm, "tvm", "product of codes, one rounding half up"},
          {MulVariant::Dpu, "dpu", "product of codes, shift half up"},
          {MulVariant::Nnpi, "nnpi",
           "product of codes, f32 scale rounded half away"},
          {MulVariant::SophgoBm1684x, "sophgo_bm1684x",
           "product of codes, 8-bit multiplier and shift"},
          {MulVariant::Float, "float",
           "f32 product of dequantized operands, quantized"})

HWQ_TABLE(AvgPoolVariant,
          {AvgPoolVariant::RoundHalfAway, "round_half_away",
           "mean over valid taps, ties away from zero"},
          {AvgPoolVariant::Tflite, "tflite",
           "mean of the codes themselves, ties away from zero"},
          {AvgPoolVariant::OnnxRuntime, "onnxruntime",
           "f32 mean of dequantized codes in order, zero point inside"},
          {AvgPoolVariant::OnnxRuntimeGlobal, "onnxruntime_global",
           "f32 scale of the sum, to even"},
          {AvgPoolVariant::Fbgemm, "fbgemm",
           "f32 reciprocal, to even, zero point outside"},
          {AvgPoolVariant::FbgemmNchw, "fbgemm_nchw",
           "f32 reciprocal, to even, zero point inside"},
          {AvgPoolVariant::FbgemmAdaptive, "fbgemm_adaptive",
           "f32 reciprocal of the sum of codes, to even"},
          {AvgPoolVariant::Tvm, "tvm", "quotient truncated toward zero"},
          {AvgPoolVariant::Hexagon, "hexagon", "15-bit reciprocal, half up"},
          {AvgPoolVariant::Dpu, "dpu",
           "small multiplier and shift per window size, half up"},
          {AvgPoolVariant::Nnpi, "nnpi",
           "f32 scale of the sum, half away, zero point inside"},
          {AvgPoolVariant::SophgoBm1684x, "sophgo_bm1684x",
           "8-bit multiplier and shift, half up"},
          {AvgPoolVariant::SophgoBm1684xAsymmetric, "sophgo_bm1684x_asymmetric",
           "f32 scale and offset, half away"},
          {AvgPoolVariant::SophgoCv18xx, "sophgo_cv18xx",
           "truncated 8-bit multiplier and shift, half up"},
          {AvgPoolVariant::Tengine, "tengine",
           "f32 mean of dequantized codes, ties away from zero"},
          {AvgPoolVariant::Float, "float",
           "f32 mean of dequantized codes, quantized"})

HWQ_TABLE(ConcatVariant,
          {ConcatVariant::Copy, "copy", "equal parameters, codes unchanged"},
          {ConcatVariant::Tflite, "tflite",
           "rescaled, high multiply and shift"},
          {ConcatVariant::TfliteRuy, "tflite_ruy",
           "rescaled, high multiply and shift half up"},
          {ConcatVariant::Snpe, "snpe", "rescaled, one rounding half up"},
          {ConcatVariant::TfliteXnnpack, "tflite_xnnpack",
           "rescaled by a multiplier in units of 1/256"},
          {ConcatVariant::OnnxRuntime, "onnxruntime",
           "dequantized, divided, to even"},
          {ConcatVariant::Fbgemm, "fbgemm",
           "dequantized by a fused multiply-add, quantized"},
          {ConcatVariant::FbgemmNchw, "fbgemm_nchw",
           "dequantized by one product, quantized"},
          {ConcatVariant::Tvm, "tvm",
           "rescaled, one rounding half up, zero points 0"},
          {ConcatVariant::Hexagon, "hexagon",
           "15-bit gain, half up, zero point inside"},
          {ConcatVariant::Dpu, "dpu",
           "shifted to the output's power of two, half up"},
          {ConcatVariant::Nnpi, "nnpi",
           "dequantized, quantized with the zero point inside"},
          {ConcatVariant::SophgoBm1684x, "sophgo_bm1684x",
           "8-bit multiplier and shift, half up"},
          {ConcatVariant::SophgoCv18xx, "sophgo_cv18xx",
           "truncated 8-bit multiplier and shift, half up"},
          {ConcatVariant::Tengine, "tengine",
           "f32 scale, half away, zero point inside"},
          {ConcatVariant::Float, "float", "dequantized, divided, to even"})

HWQ_TABLE(MeanVariant,
          {MeanVariant::Tflite, "tflite",
           "multiplier divided by the count, high multiply and shift"},
          {MeanVariant::Snpe, "snpe", "tflite's with one rounding"},
          {MeanVariant::TfliteXnnpack, "tflite_xnnpack",
           "f32 scale, to even, zero point inside"})

HWQ_TABLE(ResizeVariant,
          {ResizeVariant::Tflite, "tflite", "10-bit positions, half away"},
          {ResizeVariant::TfliteXnnpack, "tflite_xnnpack",
           "11-bit weights, half up"},
          {ResizeVariant::Tosa, "tosa",
           "the exact sum, then a multiplier rounded once"},
          {ResizeVariant::TosaDouble, "tosa_double",
           "the exact sum, then a multiplier rounded twice"})

HWQ_TABLE(LookupVariant,
          {LookupVariant::F64, "f64",
           "the function in f64, then the quantize form"},
          {LookupVariant::F32, "f32",
           "the function in f32, then the quantize form"},
          {LookupVariant::Tflite, "tflite",
           "the function in f32, half away; hard swish in 16-bit fixed point, "
           "leaky relu with two multipliers"},
          {LookupVariant::TfliteXnnpack, "tflite_xnnpack",
           "as tflite, but leaky relu with two 8.8 multipliers"})

HWQ_TABLE(AccumulatorMode, {AccumulatorMode::Exact, "exact", "32 bits"},
          {AccumulatorMode::Avx2Sat, "avx2_sat",
           "pairs of products saturated at 16 bits, then 32 bits"},
          {AccumulatorMode::DepthwiseSat, "depthwise_sat",
           "pairs of taps saturated at 16 bits, then 32 bits"},
          {AccumulatorMode::Acc16, "acc16",
           "16-bit saturating sum of saturated pairs, spilled to 32 bits"})

HWQ_TABLE(Fidelity, {Fidelity::Exact, "exact", "publicly specified to the bit"},
          {Fidelity::Approximate, "approximate",
           "the vendor does not publish the arithmetic"})

HWQ_TABLE(Storage, {Storage::U8, "u8", "0..255"},
          {Storage::I8, "i8", "-128..127"}, {Storage::U16, "u16", "0..65535"},
          {Storage::I16, "i16", "-32768..32767"},
          {Storage::I32, "i32", "-2147483648..2147483647"})

HWQ_TABLE(SchemeKind, {SchemeKind::Affine, "affine", "scale and zero point"},
          {SchemeKind::FixedPoint, "fixed_point", "a power-of-two step"},
          {SchemeKind::BlockFixedPoint, "block_fixed_point",
           "an exponent per block of neighbours"},
          {SchemeKind::PowerOfTwo, "power_of_two",
           "zero and powers of two, times a scale"},
          {SchemeKind::NnieLog, "nnie_log", "16 logarithmic steps per octave"},
          {SchemeKind::Quadratic, "quadratic", "squares, times a scale"},
          {SchemeKind::Codebook, "codebook", "a table of levels"},
          {SchemeKind::Float, "float", "fp16, bf16 or fp8, times a scale"})

HWQ_TABLE(FloatFormat, {FloatFormat::Fp16, "fp16", "IEEE half, max 65504"},
          {FloatFormat::Bf16, "bf16", "the upper half of an f32"},
          {FloatFormat::Fp8E4M3, "fp8_e4m3", "OCP E4M3: no infinity, max 448"},
          {FloatFormat::Fp8E5M2, "fp8_e5m2", "OCP E5M2: IEEE-like, max 57344"})

HWQ_TABLE(ExponentRule,
          {ExponentRule::Max, "max", "the smallest that clips nothing"},
          {ExponentRule::Overflow, "overflow",
           "the smallest that clips no more than a given share"},
          {ExponentRule::BestMse, "best_mse", "the least mean squared error"})

HWQ_TABLE(LevelRounding, {LevelRounding::Log, "log", "to the nearest exponent"},
          {LevelRounding::Linear, "linear",
           "to the nearest value, ties away from zero"})

HWQ_TABLE(WeightTransform, {WeightTransform::None, "none", "as they are"},
          {WeightTransform::Dorefa, "dorefa", "tanh(w) / max|tanh w|"},
          {WeightTransform::Pact, "pact", "clipped at a given alpha"},
          {WeightTransform::Wrpn, "wrpn", "clipped at 1"})

HWQ_TABLE(Distribution, {Distribution::Uniform, "uniform", "constant density"},
          {Distribution::Gaussian, "gaussian", "normal density"},
          {Distribution::Laplace, "laplace", "double exponential density"})

template <class E> const Entry<E> *find(E value) {
  for (const Entry<E> &entry : Table<E>::entries)
    if (entry.value == value)
      return &entry;
  return nullptr;
}

} // namespace

template <class E, detail::EnableIfEnum<E>>
std::string_view stringify(E value) {
  const Entry<E> *entry = find(value);
  return entry ? entry->name : "<invalid>";
}

template <class E, detail::EnableIfEnum<E>> std::string_view describe(E value) {
  const Entry<E> *entry = find(value);
  return entry ? entry->doc : "<invalid>";
}

template <class E, detail::EnableIfEnum<E>>
std::optional<E> parse(std::string_view name) {
  for (const Entry<E> &entry : Table<E>::entries)
    if (entry.name == name)
      return entry.value;
  return std::nullopt;
}

template <class E, detail::EnableIfEnum<E>> const std::vector<E> &allValues() {
  static const std::vector<E> values = [] {
    std::vector<E> result;
    for (const Entry<E> &entry : Table<E>::entries)
      result.push_back(entry.value);
    return result;
  }();
  return values;
}

#define HWQ_INSTANTIATE(E)                                                     \
  template std::string_view stringify<E, 0>(E);                                \
  template std::string_view describe<E, 0>(E);                                 \
  template std::optional<E> parse<E, 0>(std::string_view);                     \
  template const std::vector<E> &allValues<E, 0>();
HWQ_INSTANTIATE(Rounding)
HWQ_INSTANTIATE(NgraphRoundMode)
HWQ_INSTANTIATE(QuantizeForm)
HWQ_INSTANTIATE(DerivationRule)
HWQ_INSTANTIATE(RequantizeKernel)
HWQ_INSTANTIATE(MultiplierRule)
HWQ_INSTANTIATE(DequantPrecision)
HWQ_INSTANTIATE(ScaleProduct)
HWQ_INSTANTIATE(Symmetry)
HWQ_INSTANTIATE(Granularity)
HWQ_INSTANTIATE(BiasForm)
HWQ_INSTANTIATE(AddVariant)
HWQ_INSTANTIATE(MulVariant)
HWQ_INSTANTIATE(AvgPoolVariant)
HWQ_INSTANTIATE(ConcatVariant)
HWQ_INSTANTIATE(MeanVariant)
HWQ_INSTANTIATE(ResizeVariant)
HWQ_INSTANTIATE(LookupVariant)
HWQ_INSTANTIATE(AccumulatorMode)
HWQ_INSTANTIATE(Fidelity)
HWQ_INSTANTIATE(Storage)
HWQ_INSTANTIATE(SchemeKind)
HWQ_INSTANTIATE(FloatFormat)
HWQ_INSTANTIATE(ExponentRule)
HWQ_INSTANTIATE(LevelRounding)
HWQ_INSTANTIATE(WeightTransform)
HWQ_INSTANTIATE(Distribution)

} // namespace hwq::numerics
