//===- PowerOfTwoSet.cpp - Log2 and power-of-two levels -------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/PowerOfTwoSet.h"

#include "SchemeLoops.h"

#include <algorithm>

namespace hwq::numerics {
namespace {

constexpr unsigned minBits = 2, maxBits = 8;

/// Whether `magnitude` belongs to level scale 2^e or a larger one. Both sides
/// are exact: squares of f32 have 48 bits.
bool reaches(double magnitude, double scale, int e, LevelRounding rounding,
             bool smallest) {
  if (rounding == LevelRounding::Log)
    return magnitude * magnitude >= std::ldexp(scale * scale, 2 * e - 1);
  // Halfway to the level below, which is 0 for the smallest.
  return magnitude >= std::ldexp(scale, e) * (smallest ? 0.5 : 0.75);
}

} // namespace

int32_t PowerOfTwoSet::levels() const {
  unsigned b = limitBits(bits, minBits, maxBits);
  return (int32_t(1) << (b - isSigned)) - 1;
}

Result<PowerOfTwoSet> checked(PowerOfTwoSet scheme) {
  if (std::string error = checkBits(scheme.bits, minBits, maxBits);
      !error.empty())
    return failure(std::move(error));
  double smallest =
      std::ldexp(static_cast<double>(scheme.scale), 1 - scheme.levels());
  if (!std::isfinite(scheme.scale) || !(smallest >= 0x1p-126))
    return failure("expected a finite scale of at least 2^" +
                   std::to_string(scheme.levels() - 127) + ", got " +
                   text(static_cast<double>(scheme.scale)));
  return scheme;
}

Result<PowerOfTwoSet> derivePowerOfTwoSet(double absMax, PowerOfTwoSet format,
                                          bool powerOfTwoScale) {
  if (std::string error = checkAbsMax(absMax); !error.empty())
    return failure(std::move(error));
  if (absMax > static_cast<double>(std::numeric_limits<float>::max()))
    return failure("expected a largest magnitude within f32, got " +
                   text(absMax));
  double x = static_cast<double>(static_cast<float>(absMax));
  format.scale = static_cast<float>(x);
  if (x == 0)
    format.scale = 1;
  else if (powerOfTwoScale) {
    int e = std::ilogb(x);
    // 2^128 is no f32.
    if (e < 127 && reaches(x, 1, e + 1, format.rounding, false))
      ++e;
    format.scale = std::ldexp(1.0f, e);
  }
  return checked(format);
}

int32_t quantize(const PowerOfTwoSet &scheme, float x) {
  double magnitude = std::fabs(static_cast<double>(x));
  double scale = static_cast<double>(scheme.scale);
  int levels = scheme.levels();
  if (!(magnitude > 0) || !(scale > 0) || std::isinf(scale) ||
      (x < 0 && !scheme.isSigned))
    return 0;
  if (magnitude >= scale)
    return x < 0 ? -levels : levels;
  // The level is within one of the difference of the exponents.
  int e = std::min(std::ilogb(magnitude) - std::ilogb(scale) + 1, 0);
  int lowest = 1 - levels;
  while (e >= lowest &&
         !reaches(magnitude, scale, e, scheme.rounding, e == lowest))
    --e;
  int k = std::max(e + levels, 0);
  return x < 0 ? -k : k;
}

float dequantize(const PowerOfTwoSet &scheme, int32_t code) {
  int levels = scheme.levels();
  int k = std::clamp(code, scheme.isSigned ? -levels : 0, levels);
  if (k == 0)
    return 0;
  float value = std::ldexp(scheme.scale, std::abs(k) - levels);
  return k < 0 ? -value : value;
}

void quantizeArray(const PowerOfTwoSet &scheme, const float *x, size_t count,
                   int32_t *codes) {
  quantizeEach(scheme, x, count, codes);
}

void fakeQuantize(const PowerOfTwoSet &scheme, const float *x, size_t count,
                  float *y) {
  fakeQuantizeEach(scheme, x, count, y);
}

} // namespace hwq::numerics
