//===- Concat.cpp - Codes on another grid ---------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Concat.h"

#include "hwq/Numerics/Kernels.h"
#include "hwq/Numerics/Quantize.h"
#include "hwq/Numerics/Requantize.h"
#include "hwq/Numerics/Rounding.h"

#include "OperatorParams.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace hwq::numerics {

static bool sameParameters(const QuantParams &a, const QuantParams &b) {
  return static_cast<float>(a.scale) == static_cast<float>(b.scale) &&
         a.zeroPoint == b.zeroPoint;
}

/// The kernel of the variants that choose a multiplier by it.
static std::optional<RequantizeKernel> kernelOf(ConcatVariant variant) {
  switch (variant) {
  case ConcatVariant::Tflite:
    return RequantizeKernel::R1;
  case ConcatVariant::TfliteRuy:
    return RequantizeKernel::R11;
  case ConcatVariant::Snpe:
  case ConcatVariant::Tvm:
    return RequantizeKernel::R2;
  default:
    return std::nullopt;
  }
}

/// The rule of the variants with a short multiplier: kernel R7.
static std::optional<MultiplierRule> ruleOf(ConcatVariant variant) {
  switch (variant) {
  case ConcatVariant::TfliteXnnpack:
    return MultiplierRule::Fixed8_8;
  case ConcatVariant::Dpu:
    return MultiplierRule::PowerOfTwo;
  case ConcatVariant::SophgoBm1684x:
    return MultiplierRule::TPU8;
  case ConcatVariant::SophgoCv18xx:
    return MultiplierRule::CV18xx8;
  default:
    return std::nullopt;
  }
}

/// What XNNPACK takes; LiteRT runs anything else by its own kernel.
static bool isLeftByXnnpack(float ratio) {
  return ratio < 0x1p-8f || ratio > 128;
}

Result<ConcatParams> deriveConcat(ConcatVariant variant,
                                  const QuantParams &input,
                                  const QuantParams &output) {
  std::string problem = detail::checkOperands("concat", {&input, &output});
  if (!problem.empty())
    return failure(problem);
  if (variant == ConcatVariant::Dpu)
    problem = detail::checkPowersOfTwo("concat", {&input, &output});
  if (!problem.empty())
    return failure(problem);
  ConcatParams params;
  params.variant = variant;
  params.input = input;
  params.output = output;
  params.lo = static_cast<int32_t>(output.grid.qmin);
  params.hi = static_cast<int32_t>(output.grid.qmax);
  float sx = static_cast<float>(input.scale),
        sy = static_cast<float>(output.scale);
  params.ratio = sx / sy;
  if (variant == ConcatVariant::TfliteXnnpack && isLeftByXnnpack(params.ratio))
    params.variant = variant = ConcatVariant::TfliteRuy;
  double scale = input.scale / output.scale;
  if (std::optional<RequantizeKernel> kernel = kernelOf(variant)) {
    Result<Multiplier> m = chooseMultiplier(*kernel, scale);
    if (!m)
      return failure("concat: " + m.error());
    int64_t lo = input.grid.qmin - input.zeroPoint,
            hi = input.grid.qmax - input.zeroPoint;
    if (!kernelDomain(*kernel, *m).contains(lo, hi))
      return failure("concat: expected a ratio of scales that keeps the codes "
                     "in 32 bits, got " +
                     detail::printReal(scale));
    params.kernel = *kernel;
    params.multiplier = *m;
    return params;
  }
  if (std::optional<MultiplierRule> rule = ruleOf(variant)) {
    // Equal thresholds, up to the digits of a calibration table.
    if (variant == ConcatVariant::SophgoCv18xx &&
        std::fabs(127 * input.scale - 127 * output.scale) <= 1e-5) {
      params.multiplier = {1, 0};
      return params;
    }
    Result<Multiplier> m = chooseMultiplier(
        *rule, variant == ConcatVariant::TfliteXnnpack ? params.ratio : scale);
    if (!m)
      return failure("concat: " + m.error());
    params.multiplier = *m;
    return params;
  }
  if (variant == ConcatVariant::Copy && !sameParameters(input, output))
    return failure("concat: expected operands with the parameters of the "
                   "result, got scales " +
                   detail::printReal(input.scale) + " and " +
                   detail::printReal(output.scale) + ", zero points " +
                   std::to_string(input.zeroPoint) + " and " +
                   std::to_string(output.zeroPoint));
  if (variant == ConcatVariant::Hexagon) {
    Grid u8 = gridOf(Storage::U8);
    if (input.grid != u8 || output.grid != u8)
      return failure("concat: expected the grid [0, 255]");
    float gain = round(0x1p15f * params.ratio, Rounding::RHA);
    params.multiplier = {static_cast<int32_t>(saturateReal(gain, 0, INT16_MAX)),
                         15};
    float xmin = sx * -static_cast<float>(input.zeroPoint);
    float ymin = sy * -static_cast<float>(output.zeroPoint);
    float offset = round((xmin - ymin) / sx, Rounding::RHA);
    // Beyond this every code saturates.
    params.offset = static_cast<int32_t>(saturateReal(offset, 0, 1 << 30));
  }
  return params;
}

int32_t rescale(const ConcatParams &params, int32_t code) {
  const QuantParams &in = params.input;
  QuantParams out = params.output;
  out.grid = {params.lo, params.hi};
  int32_t q = static_cast<int32_t>(code - in.zeroPoint);
  int64_t z = out.zeroPoint, y = code;
  switch (params.variant) {
  case ConcatVariant::Copy:
    break;
  case ConcatVariant::Tflite:
  case ConcatVariant::TfliteRuy:
  case ConcatVariant::Snpe:
  case ConcatVariant::Tvm:
  case ConcatVariant::TfliteXnnpack:
  case ConcatVariant::Dpu:
  case ConcatVariant::SophgoBm1684x:
  case ConcatVariant::SophgoCv18xx:
    // R7's left shift saturates at 64 bits.
    y = saturateTo<int32_t>(applyKernel(params.kernel, q, params.multiplier)) +
        z;
    break;
  case ConcatVariant::OnnxRuntime:
  case ConcatVariant::Float:
    y = quantize(QuantizeForm::Q2, dequantize(code, in), out);
    break;
  case ConcatVariant::Fbgemm: {
    if (sameParameters(in, out))
      break;
    float s = static_cast<float>(in.scale);
    float offset = -(s * static_cast<float>(in.zeroPoint));
    y = quantize(QuantizeForm::Q1,
                 std::fma(s, static_cast<float>(code), offset), out);
    break;
  }
  case ConcatVariant::FbgemmNchw:
    if (!sameParameters(in, out))
      y = quantize(QuantizeForm::Q1, dequantize(code, in), out);
    break;
  case ConcatVariant::Hexagon:
    y = KernelR7{params.multiplier}.apply(
        saturateTo<int32_t>(int64_t(code) + params.offset));
    break;
  case ConcatVariant::Nnpi:
    y = quantize(QuantizeForm::Q4, dequantize(code, in), out);
    break;
  case ConcatVariant::Tengine:
    y = KernelR8{params.ratio, static_cast<float>(z)}.apply(q);
    break;
  }
  return static_cast<int32_t>(saturate(y, params.lo, params.hi));
}

template <class T>
static void rescaleCodes(const ConcatParams &params, const T *in, T *out,
                         size_t count) {
  if (count < 256) {
    for (size_t i = 0; i < count; ++i)
      out[i] = saturateTo<T>(rescale(params, in[i]));
    return;
  }
  T table[256];
  for (int i = 0; i < 256; ++i)
    table[i] = saturateTo<T>(rescale(params, static_cast<T>(i)));
  for (size_t i = 0; i < count; ++i)
    out[i] = table[static_cast<uint8_t>(in[i])];
}

void rescaleArray(const ConcatParams &params, const uint8_t *in, uint8_t *out,
                  size_t count) {
  rescaleCodes(params, in, out, count);
}

void rescaleArray(const ConcatParams &params, const int8_t *in, int8_t *out,
                  size_t count) {
  rescaleCodes(params, in, out, count);
}

} // namespace hwq::numerics
