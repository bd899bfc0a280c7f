//===- AvgPool.cpp - Quantized average pooling ----------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/AvgPool.h"

#include "hwq/Numerics/Kernels.h"
#include "hwq/Numerics/Quantize.h"
#include "hwq/Numerics/Rounding.h"

#include "OperatorParams.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace hwq::numerics {

Multiplier dpuPoolFactor(int32_t kernelH, int32_t kernelW) {
  auto is = [&](int32_t h, int32_t w) { return kernelH == h && kernelW == w; };
  if (is(3, 3))
    return {7, 6};
  if (is(5, 5))
    return {10, 8};
  if (is(6, 6) || is(3, 6) || is(6, 3))
    return {7, 8};
  if (is(7, 7))
    return {21, 10};
  if (is(14, 14))
    return {21, 12};
  double taps = static_cast<double>(kernelH) * kernelW;
  Multiplier best{0, 0};
  double least = 1;
  for (int m = 0; m < std::ceil(std::log2(128 * taps)); ++m) {
    double n = round(std::ldexp(1.0, m) / taps, Rounding::RNE);
    double error = std::fabs(std::ldexp(n, -m) - 1 / taps);
    if (error < least) {
      least = error;
      best = {static_cast<int32_t>(n), m};
    }
  }
  return best;
}

bool countsPadding(AvgPoolVariant variant) {
  switch (variant) {
  case AvgPoolVariant::Dpu:
  case AvgPoolVariant::Nnpi:
  case AvgPoolVariant::SophgoBm1684x:
  case AvgPoolVariant::SophgoBm1684xAsymmetric:
  case AvgPoolVariant::SophgoCv18xx:
    return true;
  default:
    return false;
  }
}

bool keepsParameters(AvgPoolVariant variant) {
  switch (variant) {
  case AvgPoolVariant::RoundHalfAway:
  case AvgPoolVariant::Tflite:
  case AvgPoolVariant::Fbgemm:
  case AvgPoolVariant::FbgemmNchw:
  case AvgPoolVariant::FbgemmAdaptive:
  case AvgPoolVariant::Tvm:
  case AvgPoolVariant::Hexagon:
    return true;
  case AvgPoolVariant::OnnxRuntime:
  case AvgPoolVariant::OnnxRuntimeGlobal:
  case AvgPoolVariant::Dpu:
  case AvgPoolVariant::Nnpi:
  case AvgPoolVariant::SophgoBm1684x:
  case AvgPoolVariant::SophgoBm1684xAsymmetric:
  case AvgPoolVariant::SophgoCv18xx:
  case AvgPoolVariant::Tengine:
  case AvgPoolVariant::Float:
    return false;
  }
  return false;
}

bool dependsOnOrder(AvgPoolVariant variant) {
  return variant == AvgPoolVariant::OnnxRuntime ||
         variant == AvgPoolVariant::Tengine || variant == AvgPoolVariant::Float;
}

AvgPoolVariant variantOfWholeInput(AvgPoolVariant variant) {
  return variant == AvgPoolVariant::OnnxRuntime
             ? AvgPoolVariant::OnnxRuntimeGlobal
             : variant;
}

Result<AvgPoolParams> deriveAvgPool(AvgPoolVariant variant,
                                    const QuantParams &input,
                                    const QuantParams &output, int32_t kernelH,
                                    int32_t kernelW) {
  std::string problem =
      detail::checkOperands("average pool", {&input, &output});
  if (!problem.empty())
    return failure(problem);
  for (int32_t size : {kernelH, kernelW})
    if (size < 1 || size > 32767)
      return failure("average pool: expected a kernel in 1..32767, got " +
                     std::to_string(size));
  if (variant == AvgPoolVariant::Dpu)
    problem = detail::checkPowersOfTwo("average pool", {&input, &output});
  if (!problem.empty())
    return failure(problem);
  AvgPoolParams params;
  params.variant = variant;
  params.input = input;
  params.output = output;
  params.window = kernelH * kernelW;
  params.lo = static_cast<int32_t>(output.grid.qmin);
  params.hi = static_cast<int32_t>(output.grid.qmax);
  if (keepsParameters(variant) && input.scale != output.scale)
    return failure("average pool: expected one scale, got " +
                   detail::printReal(input.scale) + " and " +
                   detail::printReal(output.scale));
  if (keepsParameters(variant) && variant != AvgPoolVariant::RoundHalfAway &&
      input.zeroPoint != output.zeroPoint)
    return failure("average pool: expected one zero point, got " +
                   std::to_string(input.zeroPoint) + " and " +
                   std::to_string(output.zeroPoint));

  double taps = params.window;
  float sx = static_cast<float>(input.scale),
        sy = static_cast<float>(output.scale);
  auto choose = [&](MultiplierRule rule, double scale) {
    Result<Multiplier> m = chooseMultiplier(rule, scale);
    if (m)
      params.multiplier = *m;
    return m ? std::string() : "average pool: " + m.error();
  };
  switch (variant) {
  case AvgPoolVariant::Dpu: {
    problem = choose(MultiplierRule::PowerOfTwo, input.scale / output.scale);
    Multiplier factor = dpuPoolFactor(kernelH, kernelW);
    params.multiplier = {factor.multiplier,
                         params.multiplier.shift + factor.shift};
    break;
  }
  case AvgPoolVariant::Nnpi:
    params.factor = sx / sy / static_cast<float>(params.window);
    params.offset = static_cast<float>(output.zeroPoint);
    break;
  case AvgPoolVariant::SophgoBm1684x:
    problem = choose(MultiplierRule::TPU8, input.scale / (output.scale * taps));
    break;
  case AvgPoolVariant::SophgoCv18xx:
    problem =
        choose(MultiplierRule::CV18xx8, input.scale / (output.scale * taps));
    break;
  case AvgPoolVariant::SophgoBm1684xAsymmetric:
    params.factor = static_cast<float>(input.scale / (output.scale * taps));
    params.offset = static_cast<float>(static_cast<double>(output.zeroPoint) -
                                       static_cast<double>(input.zeroPoint) *
                                           input.scale / output.scale);
    break;
  default:
    break;
  }
  if (!problem.empty())
    return failure(problem);
  return params;
}

/// RHA(sum / n): truncating division of |sum| + floor(n/2); for odd n there are
/// no ties.
static int64_t roundedMean(int64_t sum, int32_t n) {
  return (sum >= 0 ? sum + n / 2 : sum - n / 2) / n;
}

/// Calls `visit` with a function from R to the output code without its clamp.
template <class Visit>
static void visitSum(const AvgPoolParams &params, int32_t taps, int32_t divisor,
                     Visit visit) {
  int64_t zx = params.input.zeroPoint, zy = params.output.zeroPoint;
  int64_t shift = zx * taps;
  // The kernels take 32-bit accumulators.
  auto centred = [shift](int64_t sum) {
    return saturateTo<int32_t>(sum - shift);
  };
  auto raw = [](int64_t sum) { return saturateTo<int32_t>(sum); };
  float n = static_cast<float>(divisor);
  switch (params.variant) {
  case AvgPoolVariant::RoundHalfAway:
    return visit(
        [=](int64_t sum) { return roundedMean(sum - shift, divisor) + zy; });
  case AvgPoolVariant::Tflite:
    return visit([=](int64_t sum) { return roundedMean(sum, divisor); });
  case AvgPoolVariant::OnnxRuntimeGlobal: {
    float sx = static_cast<float>(params.input.scale),
          sy = static_cast<float>(params.output.scale);
    KernelR4 kernel{sx / (sy * n)};
    return visit([=](int64_t sum) { return kernel.apply(centred(sum)) + zy; });
  }
  case AvgPoolVariant::Fbgemm: {
    KernelR4 kernel{1 / n};
    return visit([=](int64_t sum) { return kernel.apply(centred(sum)) + zy; });
  }
  case AvgPoolVariant::FbgemmNchw: {
    KernelR13 kernel{1 / n, static_cast<float>(zy)};
    return visit([=](int64_t sum) { return kernel.apply(centred(sum)); });
  }
  case AvgPoolVariant::FbgemmAdaptive: {
    KernelR4 kernel{1 / n};
    return visit([=](int64_t sum) { return kernel.apply(raw(sum)); });
  }
  case AvgPoolVariant::Tvm:
    return visit([=](int64_t sum) { return (sum - shift) / divisor + zy; });
  case AvgPoolVariant::Hexagon: {
    KernelR7 kernel{{std::min(32767, 32768 / divisor), 15}};
    return visit([=](int64_t sum) { return kernel.apply(raw(sum)); });
  }
  case AvgPoolVariant::Dpu:
  case AvgPoolVariant::SophgoBm1684x:
  case AvgPoolVariant::SophgoCv18xx: {
    KernelR7 kernel{params.multiplier};
    return visit([=](int64_t sum) {
      // A left shift saturates at 64 bits.
      return saturateTo<int32_t>(kernel.apply(centred(sum))) + zy;
    });
  }
  case AvgPoolVariant::Nnpi: {
    KernelR8 kernel{params.factor, params.offset};
    return visit([=](int64_t sum) { return kernel.apply(centred(sum)); });
  }
  case AvgPoolVariant::SophgoBm1684xAsymmetric: {
    // Padding is filled with the zero point.
    KernelR8 kernel{params.factor, params.offset};
    int64_t padding = zx * (int64_t(params.window) - taps);
    return visit([=](int64_t sum) { return kernel.apply(raw(sum + padding)); });
  }
  case AvgPoolVariant::OnnxRuntime:
  case AvgPoolVariant::Tengine:
  case AvgPoolVariant::Float:
    return; // visitMean
  }
}

/// The output code for a real mean; only for variants that depend on the order.
static int64_t quantizeMean(const AvgPoolParams &params, float mean) {
  QuantParams output = params.output;
  output.grid = {params.lo, params.hi};
  return quantize(params.variant == AvgPoolVariant::OnnxRuntime
                      ? QuantizeForm::Q4
                      : (params.variant == AvgPoolVariant::Tengine
                             ? QuantizeForm::Q3
                             : QuantizeForm::Q2),
                  mean, output);
}

static int32_t clampedZeroPoint(const AvgPoolParams &params) {
  return static_cast<int32_t>(
      saturate(params.output.zeroPoint, params.lo, params.hi));
}

int32_t averagePool(const AvgPoolParams &params, int64_t sum, int32_t taps,
                    int32_t divisor) {
  int32_t result = clampedZeroPoint(params);
  if (divisor <= 0)
    return result;
  if (dependsOnOrder(params.variant)) {
    float total = static_cast<float>(sum - params.input.zeroPoint * taps) *
                  static_cast<float>(params.input.scale);
    return static_cast<int32_t>(
        quantizeMean(params, total / static_cast<float>(divisor)));
  }
  visitSum(params, taps, divisor, [&](auto code) {
    result = static_cast<int32_t>(saturate(code(sum), params.lo, params.hi));
  });
  return result;
}

int32_t averagePoolOf(const AvgPoolParams &params, const int32_t *codes,
                      int32_t taps, int32_t divisor) {
  if (!dependsOnOrder(params.variant)) {
    int64_t sum = 0;
    for (int32_t i = 0; i < taps; ++i)
      sum += codes[i];
    return averagePool(params, sum, taps, divisor);
  }
  if (divisor <= 0)
    return clampedZeroPoint(params);
  float total = 0;
  for (int32_t i = 0; i < taps; ++i)
    total += dequantize(codes[i], params.input);
  return static_cast<int32_t>(
      quantizeMean(params, total / static_cast<float>(divisor)));
}

template <class T>
static void poolArray(const AvgPoolParams &params, const int32_t *sums,
                      size_t count, int32_t taps, int32_t divisor, T *out) {
  if (divisor <= 0 || dependsOnOrder(params.variant)) {
    for (size_t i = 0; i < count; ++i)
      out[i] = saturateTo<T>(averagePool(params, sums[i], taps, divisor));
    return;
  }
  int64_t lo = saturateTo<T>(params.lo), hi = saturateTo<T>(params.hi);
  visitSum(params, taps, divisor, [&](auto code) {
    for (size_t i = 0; i < count; ++i)
      out[i] = static_cast<T>(saturate(code(sums[i]), lo, hi));
  });
}

void averagePoolArray(const AvgPoolParams &params, const int32_t *sums,
                      size_t count, int32_t taps, int32_t divisor,
                      uint8_t *out) {
  poolArray(params, sums, count, taps, divisor, out);
}

void averagePoolArray(const AvgPoolParams &params, const int32_t *sums,
                      size_t count, int32_t taps, int32_t divisor,
                      int8_t *out) {
  poolArray(params, sums, count, taps, divisor, out);
}

int32_t averagePool(AvgPoolVariant variant, int64_t sumMinusZp, int32_t n,
                    int32_t zeroPoint, int32_t lo, int32_t hi) {
  AvgPoolParams params;
  params.variant = variant;
  params.input.zeroPoint = params.output.zeroPoint = zeroPoint;
  params.lo = lo;
  params.hi = hi;
  return averagePool(params, sumMinusZp + int64_t(zeroPoint) * n, n, n);
}

} // namespace hwq::numerics
