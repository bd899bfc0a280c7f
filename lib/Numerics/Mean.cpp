//===- Mean.cpp - Quantized mean over axes --------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Mean.h"

#include "hwq/Numerics/Kernels.h"
#include "hwq/Numerics/Rounding.h"

#include "OperatorParams.h"

#include <algorithm>
#include <string>

namespace hwq::numerics {

Result<MeanParams> deriveMean(MeanVariant variant, const QuantParams &input,
                              const QuantParams &output, int64_t count) {
  std::string problem = detail::checkOperands("mean", {&input, &output});
  if (!problem.empty())
    return failure(problem);
  if (count < 1)
    return failure("mean: expected at least one code, got " +
                   std::to_string(count));
  if (count > INT32_MAX / (input.grid.qmax - input.grid.qmin + 1))
    return failure("mean: expected a sum that fits 32 bits, got " +
                   std::to_string(count) + " codes");
  MeanParams params;
  params.variant = variant;
  params.inputZeroPoint = static_cast<int32_t>(input.zeroPoint);
  params.zeroPoint = static_cast<int32_t>(output.zeroPoint);
  params.count = static_cast<int32_t>(count);
  params.lo = static_cast<int32_t>(output.grid.qmin);
  params.hi = static_cast<int32_t>(output.grid.qmax);
  params.scale = static_cast<float>(input.scale) /
                 static_cast<float>(output.scale) / static_cast<float>(count);
  if (variant == MeanVariant::TfliteXnnpack)
    return params;

  Result<Multiplier> m =
      chooseMultiplier(MultiplierRule::Bits31, input.scale / output.scale);
  if (!m)
    return failure("mean: " + m.error());
  // 31 + e = 62 - shift.
  int k = std::min(62 - m->shift, 32);
  int log2 = 0;
  while (int64_t(2) << log2 <= count)
    ++log2;
  k = std::min(k, log2);
  params.multiplier = {
      static_cast<int32_t>((int64_t(m->multiplier) << k) / count),
      m->shift + k};
  return params;
}

int32_t mean(const MeanParams &params, int64_t sumOfCodes) {
  int32_t sum = saturateTo<int32_t>(
      sumOfCodes - int64_t(params.inputZeroPoint) * params.count);
  int64_t y = 0;
  switch (params.variant) {
  case MeanVariant::Tflite:
    y = KernelR1{params.multiplier}.apply(sum) + params.zeroPoint;
    break;
  case MeanVariant::Snpe:
    y = KernelR2{params.multiplier}.apply(sum) + params.zeroPoint;
    break;
  case MeanVariant::TfliteXnnpack:
    y = KernelR13{params.scale, static_cast<float>(params.zeroPoint)}.apply(
        sum);
    break;
  }
  return static_cast<int32_t>(saturate(y, params.lo, params.hi));
}

} // namespace hwq::numerics
