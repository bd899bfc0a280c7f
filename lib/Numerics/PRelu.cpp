//===- PRelu.cpp - Leaky relus on codes -----------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/PRelu.h"

#include "hwq/Numerics/Kernels.h"
#include "hwq/Numerics/Rounding.h"

#include "OperatorParams.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace hwq::numerics {

static int64_t apply(RequantizeKernel kernel, Multiplier m, int32_t x) {
  switch (kernel) {
  case RequantizeKernel::R1:
    return KernelR1{m}.apply(x);
  case RequantizeKernel::R2:
    return KernelR2{m}.apply(x);
  case RequantizeKernel::R11:
    return KernelR11{m}.apply(x);
  default:
    return KernelR7{m}.apply(x);
  }
}

/// The factors of both sides; `slope` the real slope of one code.
static Result<PReluParams> derive(RequantizeKernel kernel,
                                  const QuantParams &input, float slope,
                                  const QuantParams &output) {
  std::string problem = detail::checkOperands("prelu", {&input, &output});
  if (!problem.empty())
    return failure(problem);
  if (kernel != RequantizeKernel::R1 && kernel != RequantizeKernel::R2 &&
      kernel != RequantizeKernel::R7 && kernel != RequantizeKernel::R11)
    return failure("prelu: expected one of the kernels r1, r2, r7 and r11, "
                   "got " +
                   std::string(stringify(kernel)));
  if (!std::isfinite(slope) || slope < 0)
    return failure("prelu: expected a finite slope that is not negative, got " +
                   detail::printReal(slope));
  auto sx = static_cast<float>(input.scale),
       sy = static_cast<float>(output.scale);
  PReluParams params;
  params.kernel = kernel;
  Result<Multiplier> positive = chooseMultiplier(kernel, double(sx / sy)),
                     negative =
                         chooseMultiplier(kernel, double(sx * slope / sy));
  if (!positive)
    return failure("prelu: " + positive.error());
  if (!negative)
    return failure("prelu: " + negative.error());
  params.positive = *positive;
  params.negative = *negative;
  params.inputZeroPoint = static_cast<int32_t>(input.zeroPoint);
  params.zeroPoint = static_cast<int32_t>(output.zeroPoint);
  params.lo = static_cast<int32_t>(output.grid.qmin);
  params.hi = static_cast<int32_t>(output.grid.qmax);
  return params;
}

Result<PReluParams> derivePRelu(RequantizeKernel kernel,
                                const QuantParams &input,
                                const QuantParams &slope,
                                const QuantParams &output) {
  std::string problem = detail::checkOperands("prelu", {&slope});
  if (!problem.empty())
    return failure(problem);
  if (slope.grid.qmax - slope.grid.qmin > UINT8_MAX)
    return failure("prelu: expected a slope of at most 8 bits, got [" +
                   std::to_string(slope.grid.qmin) + ", " +
                   std::to_string(slope.grid.qmax) + "]");
  Result<PReluParams> params =
      derive(kernel, input, static_cast<float>(slope.scale), output);
  if (params)
    params->slopeZeroPoint = static_cast<int32_t>(slope.zeroPoint);
  return params;
}

static int32_t finish(const PReluParams &params, int64_t y) {
  return static_cast<int32_t>(
      saturate(y + params.zeroPoint, params.lo, params.hi));
}

int32_t prelu(const PReluParams &params, int32_t code, int32_t slopeCode) {
  int64_t a = int64_t(code) - params.inputZeroPoint;
  if (a >= 0)
    return finish(
        params, apply(params.kernel, params.positive, saturateTo<int32_t>(a)));
  return finish(params,
                apply(params.kernel, params.negative,
                      saturateTo<int32_t>(
                          a * (int64_t(slopeCode) - params.slopeZeroPoint))));
}

/// The factors, where XNNPACK takes them.
static std::optional<std::pair<int64_t, int64_t>>
xnnpackFactors(float slope, const QuantParams &input,
               const QuantParams &output) {
  float positive =
      static_cast<float>(input.scale) / static_cast<float>(output.scale);
  float negative = positive * slope;
  if (!(positive >= 0x1p-8f && positive <= 0x1p7f) ||
      !(std::fabs(negative) >= 0x1p-8f && std::fabs(negative) < 0x1p7f))
    return std::nullopt;
  return std::pair(static_cast<int64_t>(round(256 * positive, Rounding::RNE)),
                   static_cast<int64_t>(round(256 * negative, Rounding::RNE)));
}

Result<std::vector<int32_t>>
leakyReluTable(LookupVariant variant, RequantizeKernel kernel, float slope,
               const QuantParams &input, const QuantParams &output) {
  std::string problem = detail::checkOperands("leaky relu", {&input, &output});
  if (!problem.empty())
    return failure(problem);
  std::vector<int32_t> table;
  if (variant == LookupVariant::TfliteXnnpack)
    if (auto factors = xnnpackFactors(slope, input, output)) {
      auto [positive, negative] = *factors;
      for (int64_t q = input.grid.qmin; q <= input.grid.qmax; ++q) {
        int64_t a = q - input.zeroPoint;
        int64_t y =
            shiftRight(a * (a >= 0 ? positive : negative), 8, Rounding::RHU);
        table.push_back(static_cast<int32_t>(saturate(
            y + output.zeroPoint, output.grid.qmin, output.grid.qmax)));
      }
      return table;
    }
  Result<PReluParams> params = derive(kernel, input, slope, output);
  if (!params)
    return failure(params.error());
  for (int64_t q = input.grid.qmin; q <= input.grid.qmax; ++q)
    table.push_back(prelu(*params, static_cast<int32_t>(q), 1));
  return table;
}

} // namespace hwq::numerics
