//===- Bias.cpp - Bias in accumulator units -------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Bias.h"

#include "hwq/Numerics/Derive.h"
#include "hwq/Numerics/Rounding.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace hwq::numerics {

Result<int64_t> quantizeBias(BiasForm form, double biasInAccumulatorUnits) {
  if (form == BiasForm::F32)
    return failure("a bias of form 'f32' stays real");
  double rounded = round(biasInAccumulatorUnits, Rounding::RHA);
  // The comparison is false for NaN.
  if (!(rounded >= -0x1p31 && rounded < 0x1p31)) {
    char buffer[64];
    std::snprintf(buffer, sizeof(buffer),
                  "expected a bias that fits 32 bits, got %.17g",
                  biasInAccumulatorUnits);
    return failure(buffer);
  }
  return static_cast<int64_t>(rounded);
}

Result<std::vector<double>> quantizeBiasI8Asymmetric(const double *bias,
                                                     size_t count) {
  std::vector<double> result(bias, bias + count);
  if (result.empty())
    return result;
  Range range{bias[0], bias[0]};
  for (size_t i = 0; i < count; ++i) {
    if (!std::isfinite(bias[i]))
      return failure("expected a finite bias, got one that is not at index " +
                     std::to_string(i));
    range.min = std::min(range.min, bias[i]);
    range.max = std::max(range.max, bias[i]);
  }
  Result<Derived> derived = deriveParams(DerivationRule::PAimet, range,
                                         Symmetry::Asymmetric, Storage::U8);
  if (!derived)
    return failure("bias: " + derived.error());
  const QuantParams &params = derived->params;
  for (double &value : result) {
    double q =
        round(value / params.scale + static_cast<double>(params.zeroPoint),
              Rounding::RHA);
    int64_t code = saturateReal(q, params.grid.qmin, params.grid.qmax);
    value = params.scale * static_cast<double>(code - params.zeroPoint);
  }
  return result;
}

Result<std::vector<double>>
quantizeBiasI8Asymmetric(const std::vector<double> &bias) {
  return quantizeBiasI8Asymmetric(bias.data(), bias.size());
}

} // namespace hwq::numerics
