//===- WeightRange.cpp - Scales of weights from the weights -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/WeightRange.h"

#include "TargetClones.h"

#include <algorithm>
#include <cmath>

using namespace hwq::numerics;

std::optional<WeightMethod>
hwq::numerics::parseWeightMethod(std::string_view name) {
  if (name == "min-max")
    return WeightMethod::MinMax;
  if (name == "mse")
    return WeightMethod::Mse;
  if (name == "arq")
    return WeightMethod::Arq;
  return std::nullopt;
}

static HWQ_INLINE double squaredErrorOf(double weight, double scale,
                                        double zero, double lowest,
                                        double highest) {
  double code = std::nearbyint(weight / scale) + zero;
  code = code < lowest ? lowest : code;
  code = code > highest ? highest : code;
  double difference = weight - (code - zero) * scale;
  return difference * difference;
}

/// In a fixed order, so that every instruction set finds the same sum: weight i
/// goes to lane i mod 8.
HWQ_TARGET_CLONES static double squaredError(const float *weights, size_t n,
                                             double scale, double zero,
                                             double lowest, double highest) {
  constexpr size_t lanes = 8;
  double sums[lanes] = {};
  size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (size_t lane = 0; lane < lanes; ++lane)
      sums[lane] +=
          squaredErrorOf(weights[i + lane], scale, zero, lowest, highest);
  for (size_t lane = 0; i < n; ++i, ++lane)
    sums[lane] += squaredErrorOf(weights[i], scale, zero, lowest, highest);
  double sum = 0;
  for (double part : sums)
    sum += part;
  return sum;
}

Result<Derived> hwq::numerics::deriveWeights(const float *weights, size_t n,
                                             WeightMethod method,
                                             DerivationRule rule,
                                             const DeriveOptions &options) {
  if (n == 0)
    return failure("expected weights");
  auto [lo, hi] = std::minmax_element(weights, weights + n);
  Range all{*lo, *hi};
  if (method == WeightMethod::Arq)
    rule = DerivationRule::PAmct;
  Result<Derived> best = deriveParams(rule, all, options);
  double largest = std::max(std::fabs(all.min), std::fabs(all.max));
  if (method != WeightMethod::Mse || largest == 0 || !best)
    return best;
  auto errorOf = [&](const QuantParams &params) {
    return squaredError(weights, n, params.scale, params.zeroPoint,
                        params.grid.qmin, params.grid.qmax);
  };
  double least = errorOf(best->params);
  for (int k = 99; k >= 20; --k) {
    double part = k / 100.0, end = part * largest;
    Range range{part * all.min, part * all.max};
    if (options.symmetry != Symmetry::Asymmetric)
      range = {std::clamp(all.min, -end, end), std::clamp(all.max, -end, end)};
    Result<Derived> derived = deriveParams(rule, range, options);
    if (!derived)
      return derived;
    double error = errorOf(derived->params);
    if (error < least) {
      least = error;
      best = derived;
    }
  }
  return best;
}
