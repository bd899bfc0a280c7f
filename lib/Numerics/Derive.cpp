//===- Derive.cpp - Scale and zero point from a range ---------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Derive.h"

#include "hwq/Numerics/Rounding.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace hwq::numerics {
namespace {

/// AIMET's smallest width of a range.
constexpr double aimetMinimumWidth = 0.01;

std::string text(double x) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.9g", x);
  return buffer;
}

struct Scheme {
  double scale;
  /// Counted from qmin.
  int64_t zeroPoint;
};

/// Symmetric or unsigned symmetric; `range` holds 0, `steps` = qmax - qmin. A
/// non-narrow grid has one more step below zero than above.
Scheme symmetric(Range range, bool unsignedIfPositive, int64_t steps) {
  if (unsignedIfPositive && range.min == 0)
    return {range.max / static_cast<double>(steps), 0};
  int64_t positive = steps / 2;
  return {std::max(-range.min, range.max) / static_cast<double>(positive),
          steps - positive};
}

Scheme aimetAsymmetric(Range range, int64_t steps) {
  double n = static_cast<double>(steps);
  double scale = (range.max - range.min) / n;
  double zero = round(-range.min / scale, Rounding::RHA);
  return {scale, saturateReal(zero, 0, steps)};
}

Scheme tflAsymmetric(Range range, Grid grid) {
  double qmin = static_cast<double>(grid.qmin);
  double qmax = static_cast<double>(grid.qmax);
  double scale = (range.max - range.min) / (qmax - qmin);
  double fromMin = qmin - range.min / scale;
  double fromMax = qmax - range.max / scale;
  double minError = std::fabs(qmin) + std::fabs(range.min / scale);
  double maxError = std::fabs(qmax) + std::fabs(range.max / scale);
  double zero = minError < maxError ? fromMin : fromMax;
  int64_t q = saturateReal(round(zero, Rounding::RHA), grid.qmin, grid.qmax);
  return {scale, q - grid.qmin};
}

} // namespace

Result<Derived> deriveParams(DerivationRule rule, Range range,
                             Symmetry symmetry, Storage storage, bool narrow) {
  if (!std::isfinite(range.min) || !std::isfinite(range.max))
    return failure("expected a finite range, got [" + text(range.min) + ", " +
                   text(range.max) + "]");
  if (range.min > range.max)
    return failure("expected a range with min <= max, got [" + text(range.min) +
                   ", " + text(range.max) + "]");

  Grid grid = gridOf(storage, narrow);
  int64_t steps = grid.qmax - grid.qmin;
  Range wide{std::min(0.0, range.min), std::max(0.0, range.max)};
  if (rule == DerivationRule::PAimet)
    wide.max = std::max(wide.max, wide.min + aimetMinimumWidth);

  Scheme scheme{0, 0};
  if (symmetry != Symmetry::Asymmetric)
    scheme = symmetric(wide, symmetry == Symmetry::UnsignedSymmetric, steps);
  else if (rule == DerivationRule::PAimet)
    scheme = aimetAsymmetric(wide, steps);
  else if (wide.min != wide.max)
    scheme = tflAsymmetric(wide, grid);

  float scale = static_cast<float>(scheme.scale);
  if (!std::isfinite(scale))
    return failure("expected a range whose scale is finite in f32, got [" +
                   text(range.min) + ", " + text(range.max) + "]");
  if (scale == 0)
    return Derived{{0, saturate(0, grid.qmin, grid.qmax), grid}, {0, 0}};

  QuantParams params{scheme.scale, scheme.zeroPoint + grid.qmin, grid};
  Range adjusted;
  adjusted.min = 0 - scheme.scale * static_cast<double>(scheme.zeroPoint);
  // AIMET keeps the width; for a symmetric scheme both forms are the same.
  if (rule == DerivationRule::PAimet && symmetry == Symmetry::Asymmetric)
    adjusted.max = wide.max - wide.min + adjusted.min;
  else
    adjusted.max = scheme.scale * static_cast<double>(steps - scheme.zeroPoint);
  return Derived{params, adjusted};
}

} // namespace hwq::numerics
