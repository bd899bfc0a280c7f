//===- Mul.cpp - Quantized multiplication ---------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Mul.h"

#include "hwq/Numerics/Quantize.h"
#include "hwq/Numerics/Rounding.h"

#include "OperatorParams.h"
#include "TargetClones.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace hwq::numerics {

static RequantizeKernel kernelOf(MulVariant variant) {
  switch (variant) {
  case MulVariant::Tflite:
    return RequantizeKernel::R1;
  case MulVariant::Snpe:
  case MulVariant::Tvm:
    return RequantizeKernel::R2;
  case MulVariant::TfliteXnnpack:
  case MulVariant::Fbgemm:
    return RequantizeKernel::R4;
  case MulVariant::OnnxRuntime:
    return RequantizeKernel::R13;
  case MulVariant::Dpu:
    return RequantizeKernel::R6;
  case MulVariant::Nnpi:
    return RequantizeKernel::R8;
  case MulVariant::SophgoBm1684x:
    return RequantizeKernel::R7;
  case MulVariant::Float:
    return RequantizeKernel::Real;
  }
  return RequantizeKernel::Real;
}

Result<MulParams> deriveMul(MulVariant variant, const QuantParams &lhs,
                            const QuantParams &rhs, const QuantParams &out) {
  std::string problem = detail::checkOperands("mul", {&lhs, &rhs, &out});
  if (!problem.empty())
    return failure(problem);
  MulParams params;
  params.variant = variant;
  params.lhsZeroPoint = static_cast<int32_t>(lhs.zeroPoint);
  params.rhsZeroPoint = static_cast<int32_t>(rhs.zeroPoint);
  params.lhsScale = static_cast<float>(lhs.scale);
  params.rhsScale = static_cast<float>(rhs.scale);
  params.outputScale = static_cast<float>(out.scale);
  RequantizeParams &step = params.requantize;
  step.kernel = kernelOf(variant);
  step.zeroPoint = out.zeroPoint;
  step.lo = out.grid.qmin;
  step.hi = out.grid.qmax;
  step.zeroPointAfter = variant == MulVariant::Nnpi;

  if (variant == MulVariant::Dpu)
    problem = detail::checkPowersOfTwo("mul", {&lhs, &rhs, &out});
  if (!problem.empty())
    return failure(problem);

  auto reach = [](const QuantParams &p) {
    return std::max(p.zeroPoint - p.grid.qmin, p.grid.qmax - p.zeroPoint);
  };
  int64_t most = reach(lhs) * reach(rhs);
  if (most > INT32_MAX)
    return failure("mul: expected a product that fits 32 bits, got up to " +
                   std::to_string(most));
  if (variant == MulVariant::Float)
    return params;

  float product = params.lhsScale * params.rhsScale;
  if (variant == MulVariant::TfliteXnnpack &&
      product / params.outputScale < 0x1p-16f) {
    params.variant = variant = MulVariant::Tflite;
    step.kernel = RequantizeKernel::R1;
  }
  // LiteRT computes the ratio with the floats of the file.
  double scale = variant == MulVariant::Tflite
                     ? double(product / params.outputScale)
                     : lhs.scale * rhs.scale / out.scale;
  if (isFloatKernel(step.kernel)) {
    float f = variant == MulVariant::Fbgemm
                  ? product * (1.0f / params.outputScale)
                  : product / params.outputScale;
    if (!std::isfinite(f))
      return failure("mul: expected a finite ratio of scales, got " +
                     detail::printReal(scale));
    step.scales = {double(f)};
    return params;
  }
  Result<Multiplier> m = variant == MulVariant::SophgoBm1684x
                             ? chooseMultiplier(MultiplierRule::TPU8, scale)
                             : chooseMultiplier(step.kernel, scale);
  if (!m)
    return failure("mul: " + m.error());
  Domain domain = kernelDomain(step.kernel, *m);
  if (-most < domain.lo || most > domain.hi)
    return failure("mul: expected an output scale for which the product fits "
                   "32 bits, got " +
                   detail::printReal(out.scale));
  step.multipliers = {*m};
  return params;
}

static QuantParams realOutput(const MulParams &params) {
  QuantParams out;
  out.scale = params.outputScale;
  out.zeroPoint = params.requantize.zeroPoint;
  out.grid = {params.requantize.lo, params.requantize.hi};
  return out;
}

static float realFactor(float scale, int32_t code, int32_t zeroPoint) {
  return scale * static_cast<float>(code - zeroPoint);
}

int32_t mul(const MulParams &params, int32_t a, int32_t b) {
  if (params.variant == MulVariant::Float)
    return static_cast<int32_t>(
        quantize(QuantizeForm::Q2,
                 realFactor(params.lhsScale, a, params.lhsZeroPoint) *
                     realFactor(params.rhsScale, b, params.rhsZeroPoint),
                 realOutput(params)));
  int64_t product =
      (int64_t(a) - params.lhsZeroPoint) * (int64_t(b) - params.rhsZeroPoint);
  return static_cast<int32_t>(requantize(params.requantize, 0, product));
}

#define HWQ_PRODUCTS(T)                                                        \
  HWQ_TARGET_CLONES                                                            \
  static void products(const T *a, const T *b, int32_t za, int32_t zb,         \
                       int32_t *out, size_t count) {                           \
    for (size_t i = 0; i < count; ++i)                                         \
      out[i] = (a[i] - za) * (b[i] - zb);                                      \
  }                                                                            \
  HWQ_TARGET_CLONES                                                            \
  static void products(const T *a, const T *b, const MulParams &p, float *out, \
                       size_t count) {                                         \
    int32_t za = p.lhsZeroPoint, zb = p.rhsZeroPoint;                          \
    float sa = p.lhsScale, sb = p.rhsScale;                                    \
    for (size_t i = 0; i < count; ++i)                                         \
      out[i] = (sa * static_cast<float>(a[i] - za)) *                          \
               (sb * static_cast<float>(b[i] - zb));                           \
  }
HWQ_PRODUCTS(uint8_t)
HWQ_PRODUCTS(int8_t)
#undef HWQ_PRODUCTS

template <class T>
static void mulCodes(const MulParams &params, const T *a, const T *b, T *out,
                     size_t count) {
  if (count == 0)
    return;
  constexpr size_t block = 2048;
  if (params.variant == MulVariant::Float) {
    QuantParams output = realOutput(params);
    output.grid.qmin = saturateTo<T>(output.grid.qmin);
    output.grid.qmax = saturateTo<T>(output.grid.qmax);
    float values[block];
    for (size_t i = 0; i < count; i += block) {
      size_t length = std::min(block, count - i);
      products(a + i, b + i, params, values, length);
      quantizeArray(QuantizeForm::Q2, values, length, output, out + i);
    }
    return;
  }
  PreparedRequantize prepared(params.requantize, 1);
  int32_t values[block];
  for (size_t i = 0; i < count; i += block) {
    size_t length = std::min(block, count - i);
    products(a + i, b + i, params.lhsZeroPoint, params.rhsZeroPoint, values,
             length);
    prepared.run(values, out + i, length);
  }
}

void mulArray(const MulParams &params, const uint8_t *a, const uint8_t *b,
              uint8_t *out, size_t count) {
  mulCodes(params, a, b, out, count);
}

void mulArray(const MulParams &params, const int8_t *a, const int8_t *b,
              int8_t *out, size_t count) {
  mulCodes(params, a, b, out, count);
}

} // namespace hwq::numerics
