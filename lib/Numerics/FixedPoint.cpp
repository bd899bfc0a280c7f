//===- FixedPoint.cpp - Power-of-two steps --------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/FixedPoint.h"

#include "hwq/Numerics/Rounding.h"

#include "SchemeLoops.h"

#include <algorithm>
#include <array>

namespace hwq::numerics {
namespace {

constexpr unsigned minBits = 2, maxBits = 16;
constexpr int lowestExponent = -149, highestExponent = 127;

/// The largest legal exponent.
int exponentLimit(const FixedPoint &format) {
  unsigned bits = limitBits(format.bits, minBits, maxBits);
  return highestExponent - static_cast<int>(bits - format.isSigned);
}

/// The smallest exponent whose format holds x up to half a step, within the
/// legal ones.
int exponentFor(double x, const FixedPoint &format) {
  Grid grid = format.grid();
  if (x == 0 || (x < 0 && !format.isSigned))
    return lowestExponent;
  double reach = static_cast<double>(x > 0 ? grid.qmax : -grid.qmin) + 0.5;
  double magnitude = std::fabs(x);
  // 2^e >= magnitude / reach; the estimate is at most one too small.
  int e =
      std::max(std::ilogb(magnitude) - std::ilogb(reach) - 1, lowestExponent);
  int limit = exponentLimit(format);
  while (e < limit && magnitude > std::ldexp(reach, e))
    ++e;
  return std::min(e, limit);
}

/// How many values need which exponent.
using ExponentCounts = std::array<uint64_t, highestExponent + 150>;

Result<FixedPoint> smallestMeanSquare(const std::vector<FloatSpan> &data,
                                      FixedPoint format) {
  FixedPoint best = format;
  double least = -1;
  int lowest =
      std::max(format.exponent - static_cast<int>(format.bits), lowestExponent);
  for (FixedPoint candidate = format; candidate.exponent >= lowest;
       --candidate.exponent) {
    double sum = 0;
    for (FloatSpan span : data)
      for (size_t i = 0; i < span.count; ++i) {
        float y = dequantize(candidate, quantize(candidate, span.data[i]));
        double error =
            static_cast<double>(span.data[i]) - static_cast<double>(y);
        sum += error * error;
      }
    if (least < 0 || sum < least) {
      least = sum;
      best = candidate;
    }
  }
  return best;
}

} // namespace

Grid FixedPoint::grid() const {
  unsigned b = limitBits(bits, minBits, maxBits);
  if (!isSigned)
    return {0, (int64_t(1) << b) - 1};
  int64_t half = int64_t(1) << (b - 1);
  return {-half, half - 1};
}

Result<FixedPoint> checked(FixedPoint scheme) {
  if (std::string error = checkBits(scheme.bits, minBits, maxBits);
      !error.empty())
    return failure(std::move(error));
  int limit = exponentLimit(scheme);
  if (scheme.exponent < lowestExponent || scheme.exponent > limit)
    return failure(
        "expected an exponent from " + std::to_string(lowestExponent) + " to " +
        std::to_string(limit) + ", got " + std::to_string(scheme.exponent));
  return scheme;
}

int32_t quantize(const FixedPoint &scheme, float x) {
  Grid grid = scheme.grid();
  int e = std::clamp(scheme.exponent, lowestExponent, highestExponent);
  // This product is exact.
  double steps = static_cast<double>(x) * std::ldexp(1.0, -e);
  return static_cast<int32_t>(
      saturateReal(round(steps, scheme.rounding), grid.qmin, grid.qmax));
}

float dequantize(const FixedPoint &scheme, int32_t code) {
  Grid grid = scheme.grid();
  auto q = static_cast<float>(saturate(code, grid.qmin, grid.qmax));
  return std::ldexp(q, scheme.exponent);
}

void quantizeArray(const FixedPoint &scheme, const float *x, size_t count,
                   int32_t *codes) {
  quantizeEach(scheme, x, count, codes);
}

void fakeQuantize(const FixedPoint &scheme, const float *x, size_t count,
                  float *y) {
  fakeQuantizeEach(scheme, x, count, y);
}

Result<FixedPoint> deriveFixedPoint(Range range, FixedPoint format) {
  if (!std::isfinite(range.min) || !std::isfinite(range.max) ||
      range.min > range.max)
    return failure("expected a finite range with min <= max, got [" +
                   text(range.min) + ", " + text(range.max) + "]");
  format.exponent = 0;
  Result<FixedPoint> result = checked(format);
  double lower = format.isSigned ? range.min : std::max(range.min, 0.0);
  double upper = std::max(range.max, lower);
  if (result && (lower != 0 || upper != 0))
    result->exponent =
        std::max(exponentFor(lower, format), exponentFor(upper, format));
  return result;
}

Result<FixedPoint> deriveFixedPoint(ExponentRule rule,
                                    const std::vector<FloatSpan> &data,
                                    FixedPoint format, double maxOverflowRate) {
  format.exponent = 0;
  Result<FixedPoint> result = checked(format);
  if (!result)
    return result;
  if (!(maxOverflowRate >= 0 && maxOverflowRate <= 1))
    return failure("expected an overflow rate from 0 to 1, got " +
                   text(maxOverflowRate));

  ExponentCounts counts{};
  uint64_t total = 0;
  bool onlyZeros = true;
  for (FloatSpan span : data)
    for (size_t i = 0; i < span.count; ++i) {
      float x = span.data[i];
      if (!std::isfinite(x))
        return failure("expected finite values, got " +
                       text(static_cast<double>(x)));
      int e = exponentFor(static_cast<double>(x), format);
      ++counts[static_cast<size_t>(e - lowestExponent)];
      ++total;
      onlyZeros = onlyZeros && (x == 0 || (x < 0 && !format.isSigned));
    }
  if (onlyZeros)
    return result;

  double allowed = rule == ExponentRule::Overflow
                       ? maxOverflowRate * static_cast<double>(total)
                       : 0;
  uint64_t clipped = 0;
  size_t e = counts.size() - 1;
  // Going below exponent e clips what needs it.
  while (e > 0 && static_cast<double>(clipped + counts[e]) <= allowed)
    clipped += counts[e--];
  result->exponent = static_cast<int>(e) + lowestExponent;
  if (rule == ExponentRule::BestMse)
    return smallestMeanSquare(data, *result);
  return result;
}

} // namespace hwq::numerics
