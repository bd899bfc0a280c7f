//===- Enums.h - The vocabulary of quantized arithmetic ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_ENUMS_H
#define HWQ_NUMERICS_ENUMS_H

#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hwq::numerics {

/// How a real number becomes an integer: to nearest with ties to even (RNE),
/// away from zero (RHA), up (RHU), toward zero (RHZ), down (RHD); or always
/// toward zero (RTZ), away from zero (RAZ), down, up. These are nGraph's nine
/// modes too (NgraphRoundMode).
enum class Rounding { RNE, RHA, RHU, RHZ, RTZ, Floor, Ceil, RHD, RAZ };

/// The modes of nGraph's Quantize operation under nGraph's names, in nGraph's
/// order ("infinity" means away from zero there); roundingOf() gives the
/// Rounding.
enum class NgraphRoundMode {
  NearestTowardInfinity,
  NearestTowardZero,
  NearestUpward,
  NearestDownward,
  NearestTowardEven,
  TowardInfinity,
  TowardZero,
  Up,
  Down
};

/// Float to integer; s scale, z zero point. All in f32 unless said otherwise.
///   Q1     clamp(RNE(f32(x * f32(1/s))) + z)      torch, FBGEMM, MQBench, AMCT
///   Q2     clamp(RNE(f32(x/s)) + z)                ONNX, TensorRT
///   Q3     clamp(RHA(f32(x/s)) + z)                TFLite, Tengine, nGraph
///   Q4     clamp(RNE(f32(f32(x/s) + z)))           Glow, XNNPACK
///   Q5     clamp(RHA(f64(x/s - off)) + qmin), off = qmin - z    AIMET, SNPE
///   Q6     clamp(RHU(f32(x/s)) + z)                DPU, Qcode: activations
///   Q7     clamp(RHA(f32(x * f32(1/s))) + z)       TVM; TPU-MLIR's input cast
///   Q3F64  clamp(RHA(f64(x/s)) + z)                TPU-MLIR weights
///   Q6P    clamp(RHA(f32(x/s)) + z)                DPU, Qcode: parameters
/// The scale of Q6 and Q6P is a power of two, so x/s is x * 2^fp, exact. (Q8,
/// the NNIE's logarithmic code, has no scale and is in NnieLog.h.)
enum class QuantizeForm { Q1, Q2, Q3, Q4, Q5, Q6, Q7, Q3F64, Q6P };

/// How scale and zero point follow from a range; the formulas are at
/// deriveParams().
enum class DerivationRule {
  PAimet,
  PTfl,
  PFb,
  PTorch,
  PPotR,
  PNnlib,
  PAmct,
  PGlow,
  PNgraph,
  PTpu,
  PTvm,
  PDpu,
  PTrt,
  PTengine,
  PNote256
};

/// How an accumulator becomes an output integer; formulas: Kernels.h. Real: the
/// real scale, evaluated in f64 by a quantize form. R3, TOSA's apply_scale_32,
/// is R2 (SINGLE_ROUND) or R1 (DOUBLE_ROUND) and has no value of its own.
enum class RequantizeKernel {
  Real,
  R1,
  R2,
  R4,
  R5,
  R6,
  R7,
  R8,
  R9,
  R10,
  R11,
  R12,
  R13,
  R14
};

/// How a real scale becomes multiplier and shift; formulas: Multiplier.h.
enum class MultiplierRule {
  Bits31,
  Bits24,
  Bits16,
  Bits8,
  PowerOfTwo,
  LiteRTInt16,
  Fixed8_8,
  FBGEMM,
  Glow,
  TPU32,
  TPU8,
  CV18xx,
  CV18xx8,
  Hexagon
};

/// The precision of R9's dequantization. Requant: none, one f32 product with
/// the quotient of the scales. F32, F16, F19: the accumulator times the
/// dequantization scale in that precision, then a quantization. F16Sqrt: F16 in
/// two products with the root of the scale.
enum class DequantPrecision { Requant, F32, F16, F16Sqrt, F19 };

/// The product of input and weight scale in a multiplier, where the kernel
/// divides it by the output scale in f64. F32: rounded to f32 before that.
enum class ScaleProduct { F64, F32 };

/// UnsignedSymmetric: symmetric, but data without negative values gets the
/// whole grid.
enum class Symmetry { Asymmetric, Symmetric, UnsignedSymmetric };

enum class Granularity { PerTensor, PerChannel };

/// F32: stays real. I32: integer in accumulator units. I8Asymmetric: first
/// rounded to an 8-bit encoding of its own, then to accumulator units. I8Pot:
/// 8 bits with a power-of-two scale of its own, shifted into accumulator units
/// by the machine. I8PotShifted: the same, shifted beforehand. I16: as I32 in
/// 16 bits.
enum class BiasForm { F32, I32, I8Asymmetric, I8Pot, I8PotShifted, I16 };

/// The arithmetic of a quantized addition; formulas at deriveAdd.
enum class AddVariant {
  Tflite,
  Snpe,
  TfliteRuy,
  TfliteXnnpack,
  OnnxRuntime,
  Fbgemm,
  FbgemmTail,
  Tvm,
  Hexagon,
  Dpu,
  Nnpi,
  SophgoBm1684x,
  SophgoCv18xx,
  Float
};

/// The arithmetic of a quantized multiplication; formulas at deriveMul.
enum class MulVariant {
  Tflite,
  Snpe,
  TfliteXnnpack,
  OnnxRuntime,
  Fbgemm,
  Tvm,
  Dpu,
  Nnpi,
  SophgoBm1684x,
  Float
};

/// The arithmetic of an average pool; formulas at deriveAvgPool.
enum class AvgPoolVariant {
  RoundHalfAway,
  Tflite,
  OnnxRuntime,
  OnnxRuntimeGlobal,
  Fbgemm,
  FbgemmNchw,
  FbgemmAdaptive,
  Tvm,
  Hexagon,
  Dpu,
  Nnpi,
  SophgoBm1684x,
  SophgoBm1684xAsymmetric,
  SophgoCv18xx,
  Tengine,
  Float
};

/// How a code moves to the grid of a concatenation's output; formulas at
/// deriveConcat.
enum class ConcatVariant {
  Copy,
  Tflite,
  TfliteRuy,
  Snpe,
  TfliteXnnpack,
  OnnxRuntime,
  Fbgemm,
  FbgemmNchw,
  Tvm,
  Hexagon,
  Dpu,
  Nnpi,
  SophgoBm1684x,
  SophgoCv18xx,
  Tengine,
  Float
};

/// The arithmetic of a mean over axes; formulas at deriveMean.
enum class MeanVariant { Tflite, Snpe, TfliteXnnpack };

/// The arithmetic of a resize; formulas at resizeBilinear.
enum class ResizeVariant { Tflite, TfliteXnnpack, Tosa, TosaDouble };

/// How a table of a function of codes is made; formulas at lookupTable.
enum class LookupVariant { F64, F32, Tflite, TfliteXnnpack };

/// How the products of 8-bit codes are added up; formulas at dotProduct.
enum class AccumulatorMode { Exact, Avx2Sat, DepthwiseSat, Acc16 };

/// Whether a backend's arithmetic is publicly specified to the bit.
enum class Fidelity { Exact, Approximate };

enum class Storage { U8, I8, U16, I16, I32 };

/// Every way to make real numbers few: what a fake quantizer can be.
enum class SchemeKind {
  Affine,
  FixedPoint,
  BlockFixedPoint,
  PowerOfTwo,
  NnieLog,
  Quadratic,
  Codebook,
  Float
};

/// IEEE half, bfloat16, and the OCP 8-bit formats.
enum class FloatFormat { Fp16, Bf16, Fp8E4M3, Fp8E5M2 };

/// How the exponent of fixed-point data is chosen. Max: the smallest that clips
/// nothing. Overflow: the smallest that clips no more than a given share of the
/// values (dynamic fixed point). BestMse: from Max's down `bits` steps, the
/// smallest sum of squared errors, the larger exponent on a tie.
enum class ExponentRule { Max, Overflow, BestMse };

/// Power-of-two levels by the nearest exponent, or by the nearest value.
enum class LevelRounding { Log, Linear };

/// What is done to weights before they are quantized.
enum class WeightTransform { None, Dorefa, Pact, Wrpn };

/// Densities with a known quantization noise, all of mean 0.
enum class Distribution { Uniform, Gaussian, Laplace };

namespace detail {
template <class E> struct IsNumericsEnum : std::false_type {};
#define HWQ_NUMERICS_ENUM(E)                                                   \
  template <> struct IsNumericsEnum<E> : std::true_type {};
HWQ_NUMERICS_ENUM(Rounding)
HWQ_NUMERICS_ENUM(NgraphRoundMode)
HWQ_NUMERICS_ENUM(QuantizeForm)
HWQ_NUMERICS_ENUM(DerivationRule)
HWQ_NUMERICS_ENUM(RequantizeKernel)
HWQ_NUMERICS_ENUM(MultiplierRule)
HWQ_NUMERICS_ENUM(DequantPrecision)
HWQ_NUMERICS_ENUM(ScaleProduct)
HWQ_NUMERICS_ENUM(Symmetry)
HWQ_NUMERICS_ENUM(Granularity)
HWQ_NUMERICS_ENUM(BiasForm)
HWQ_NUMERICS_ENUM(AddVariant)
HWQ_NUMERICS_ENUM(MulVariant)
HWQ_NUMERICS_ENUM(AvgPoolVariant)
HWQ_NUMERICS_ENUM(ConcatVariant)
HWQ_NUMERICS_ENUM(MeanVariant)
HWQ_NUMERICS_ENUM(ResizeVariant)
HWQ_NUMERICS_ENUM(LookupVariant)
HWQ_NUMERICS_ENUM(AccumulatorMode)
HWQ_NUMERICS_ENUM(Fidelity)
HWQ_NUMERICS_ENUM(Storage)
HWQ_NUMERICS_ENUM(SchemeKind)
HWQ_NUMERICS_ENUM(FloatFormat)
HWQ_NUMERICS_ENUM(ExponentRule)
HWQ_NUMERICS_ENUM(LevelRounding)
HWQ_NUMERICS_ENUM(WeightTransform)
HWQ_NUMERICS_ENUM(Distribution)
#undef HWQ_NUMERICS_ENUM
template <class E>
using EnableIfEnum = std::enable_if_t<IsNumericsEnum<E>::value, int>;
} // namespace detail

/// The name of a value in files and options: lower case, "p_aimet", "r2".
template <class E, detail::EnableIfEnum<E> = 0>
std::string_view stringify(E value);

/// One line of documentation of a value.
template <class E, detail::EnableIfEnum<E> = 0>
std::string_view describe(E value);

/// The value with this name.
template <class E, detail::EnableIfEnum<E> = 0>
std::optional<E> parse(std::string_view name);

/// All values in the order of their declaration.
template <class E, detail::EnableIfEnum<E> = 0>
const std::vector<E> &allValues();

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_ENUMS_H
