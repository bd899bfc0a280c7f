//===- Multiplier.cpp - Integer multipliers for real scales ---------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Multiplier.h"

#include "hwq/Numerics/Rounding.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace hwq::numerics {
namespace {

std::string describe(double x) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.17g", x);
  return text;
}

/// The smallest double that f32 rounds to `f` or more, and the largest that it
/// rounds to less than `f`; `f` has an even significand, to which ties go.
double roundsUpTo(float f) {
  return (static_cast<double>(std::nextafter(f, 0.0f)) +
          static_cast<double>(f)) /
         2;
}
double roundsBelow(float f) { return std::nextafter(roundsUpTo(f), 0.0); }

/// The multiplier of `bits` bits, the first one set: RHA(fraction * 2^bits).
Multiplier normalized(double scale, int bits) {
  int exponent;
  double fraction = std::frexp(scale, &exponent);
  int64_t multiplier = std::llround(std::ldexp(fraction, bits));
  if (multiplier == int64_t(1) << bits) {
    multiplier /= 2;
    ++exponent;
  }
  return {static_cast<int32_t>(multiplier), bits - exponent};
}

/// The scales for which normalized() has a shift in 0..62.
ScaleRange normalizedRange(int bits) {
  return {std::ldexp(1 - std::ldexp(1, -(bits + 1)), bits - 63),
          std::nextafter(std::ldexp(1, bits) - 0.5, 0.0)};
}

Multiplier reducedTo15Bits(double scale) {
  Multiplier m = normalized(scale, 31);
  int64_t reduced = (int64_t(m.multiplier) + (1 << 15)) >> 16;
  return {static_cast<int32_t>(std::min<int64_t>(reduced, 0x7fff)),
          m.shift - 16};
}

Multiplier glow(float scale) {
  int exponent;
  if (std::frexp(scale, &exponent) == 0.5f) {
    --exponent;
    return exponent > 0 ? Multiplier{int32_t(1) << exponent, 0}
                        : Multiplier{1, -exponent};
  }
  int post = 0, pre = 0;
  for (; scale < 0.5f || (scale < 256 && post < 15); ++post)
    scale *= 2;
  for (; scale < 255 && pre < post / 2; ++pre)
    scale *= 2;
  return {static_cast<int32_t>(std::lround(scale)), post, pre};
}

/// The smallest error of all shifts -32..30 with a multiplier below `limit`.
Multiplier search(double scale, double limit) {
  Multiplier best;
  double least = std::numeric_limits<double>::infinity();
  for (int n = -32; n <= 30; ++n) {
    double m = std::round(std::ldexp(scale, n));
    if (m >= limit)
      break;
    double error = std::fabs(std::ldexp(m, -n) - scale);
    if (error < least) {
      least = error;
      best = {static_cast<int32_t>(m), n};
    }
  }
  return best;
}

Multiplier truncated(float scale) {
  int n = 0;
  while (std::ldexp(scale, n + 1) < 127)
    ++n;
  return {static_cast<int32_t>(std::ldexp(scale, n)), n};
}

/// 255 in Q16 times 2^15: the reciprocal's dividend, 255 * 2^31.
constexpr int64_t kHexagonDividend = int64_t(0x00ff0000) << 15;
constexpr int64_t kHexagonSmallestRange = 256;

double hexagonRange(double scale) { return std::trunc(255 / scale + 0.5); }

Multiplier hexagon(int64_t range) {
  return {static_cast<int32_t>(kHexagonDividend / range), 31};
}

ScaleRange hexagonScales() {
  constexpr double least = kHexagonSmallestRange;
  constexpr double most = std::numeric_limits<int32_t>::max();
  ScaleRange r{255 / (most + 0.5), 255 / (least - 0.5)};
  // The quotient is rounded: at most a few steps to the exact ends.
  while (hexagonRange(r.largest) < least)
    r.largest = std::nextafter(r.largest, 0.0);
  while (hexagonRange(std::nextafter(r.largest, 2.0)) >= least)
    r.largest = std::nextafter(r.largest, 2.0);
  while (hexagonRange(r.smallest) > most)
    r.smallest = std::nextafter(r.smallest, 1.0);
  while (hexagonRange(std::nextafter(r.smallest, 0.0)) <= most)
    r.smallest = std::nextafter(r.smallest, 0.0);
  return r;
}

} // namespace

double multiplierValue(Multiplier m) {
  return std::ldexp(static_cast<double>(m.multiplier), -m.shift - m.preShift);
}

double relativeError(Multiplier m, double scale) {
  return std::fabs(multiplierValue(m) - scale) / scale;
}

ScaleRange representableScales(MultiplierRule rule) {
  switch (rule) {
  case MultiplierRule::Bits31:
    return normalizedRange(31);
  case MultiplierRule::Bits24:
    return {roundsUpTo(0x1p-32f), roundsBelow(256)};
  case MultiplierRule::Bits16:
    return normalizedRange(15);
  case MultiplierRule::Bits8:
    return normalizedRange(7);
  case MultiplierRule::PowerOfTwo:
    return {0x1p-62, 0x1p31};
  case MultiplierRule::LiteRTInt16:
    return {normalizedRange(31).smallest,
            std::nextafter(0x1p15 * (1 - 0x1p-32), 0.0)};
  case MultiplierRule::Fixed8_8:
    return {roundsUpTo(0x1p-8f), 128 * (1 + 0x1p-24)};
  case MultiplierRule::FBGEMM:
    return {roundsUpTo(0x1p-32f), roundsBelow(0x1p31f)};
  case MultiplierRule::Glow:
    return {roundsUpTo(0x1p-31f), roundsBelow(0x1p31f)};
  case MultiplierRule::TPU32:
    // From 2^-31 down the multiplier 0 is at least as near as 2^-30.
    return {std::nextafter(0x1p-31, 1.0),
            std::nextafter(0x1p32 * (0x1p31 - 1.5), 0.0)};
  case MultiplierRule::TPU8:
    return {std::nextafter(0x1p-31, 1.0), std::nextafter(0x1p32 * 126.5, 0.0)};
  case MultiplierRule::CV18xx:
    return {roundsUpTo(0x1p-32f), roundsBelow(1)};
  case MultiplierRule::CV18xx8:
    return {roundsUpTo(127 * 0x1p-32f), roundsBelow(128)};
  case MultiplierRule::Hexagon: {
    static const ScaleRange range = hexagonScales();
    return range;
  }
  }
  return {};
}

Result<Multiplier> chooseMultiplier(MultiplierRule rule, double scale) {
  if (!std::isfinite(scale) || scale <= 0)
    return failure("expected a finite scale > 0, got " + describe(scale));
  ScaleRange range = representableScales(rule);
  if (scale < range.smallest || scale > range.largest)
    return failure("expected a scale in [" + describe(range.smallest) + ", " +
                   describe(range.largest) + "] for multiplier rule '" +
                   std::string(stringify(rule)) + "', got " + describe(scale));
  float single = static_cast<float>(scale);
  switch (rule) {
  case MultiplierRule::Bits31:
    return normalized(scale, 31);
  case MultiplierRule::Bits24:
    return normalized(static_cast<double>(single), 24);
  case MultiplierRule::Bits16:
    return normalized(scale, 15);
  case MultiplierRule::Bits8:
    return normalized(scale, 7);
  case MultiplierRule::PowerOfTwo: {
    int exponent;
    if (std::frexp(scale, &exponent) != 0.5)
      return failure("expected a power of two, got " + describe(scale));
    return Multiplier{1, 1 - exponent};
  }
  case MultiplierRule::LiteRTInt16:
    return reducedTo15Bits(scale);
  case MultiplierRule::Fixed8_8:
    return Multiplier{static_cast<int32_t>(std::lround(round(
                          256 * static_cast<double>(single), Rounding::RNE))),
                      8};
  case MultiplierRule::FBGEMM:
  case MultiplierRule::CV18xx:
    // 24 bits: nothing is left to round.
    return normalized(static_cast<double>(single), 31);
  case MultiplierRule::Glow:
    return glow(single);
  case MultiplierRule::TPU32:
    return search(scale, std::numeric_limits<int32_t>::max());
  case MultiplierRule::TPU8:
    return search(scale, 127);
  case MultiplierRule::CV18xx8:
    return truncated(single);
  case MultiplierRule::Hexagon:
    return hexagon(static_cast<int64_t>(hexagonRange(scale)));
  }
  return failure("unknown multiplier rule");
}

double relativeErrorBound(MultiplierRule rule, double scale) {
  // Of a scale rounded to f32.
  constexpr double single = 0x1p-24;
  switch (rule) {
  // Half a unit of a multiplier with the first bit set.
  case MultiplierRule::Bits31:
    return 0x1p-31;
  case MultiplierRule::Bits16:
    return 0x1p-15;
  case MultiplierRule::Bits8:
    return 0x1p-7;
  case MultiplierRule::Bits24:
  case MultiplierRule::FBGEMM:
  case MultiplierRule::CV18xx:
    return single;
  case MultiplierRule::PowerOfTwo:
    return 0;
  case MultiplierRule::LiteRTInt16:
    // Half a unit of 2^14, or the cap's whole unit of 2^15.
    return 0x1p-15 + 0x1p-30;
  case MultiplierRule::Fixed8_8:
    return 0.5 / (256 * scale) + single;
  case MultiplierRule::Glow:
    // The multiplier has at least 7 bits.
    return 0x1p-7 + single;
  case MultiplierRule::TPU32:
    return std::max(0x1p-30, 0x1p-31 / scale);
  case MultiplierRule::TPU8:
    return std::max(1 / 126.5, 0x1p-31 / scale);
  case MultiplierRule::CV18xx8:
    // Less than a unit of at least 63.5.
    return 1 / 63.5 + single;
  case MultiplierRule::Hexagon: {
    // Half a unit of the range, then less than one of the reciprocal.
    double range = 255 / scale;
    double reciprocal = static_cast<double>(kHexagonDividend) / (range + 0.5);
    return 0.5 / (range - 0.5) + 1 / (reciprocal - 1) + 0x1p-50;
  }
  }
  return std::numeric_limits<double>::infinity();
}

bool isFloatKernel(RequantizeKernel kernel) {
  switch (kernel) {
  case RequantizeKernel::R4:
  case RequantizeKernel::R8:
  case RequantizeKernel::R9:
  case RequantizeKernel::R12:
  case RequantizeKernel::R13:
  case RequantizeKernel::R14:
    return true;
  case RequantizeKernel::Real:
  case RequantizeKernel::R1:
  case RequantizeKernel::R2:
  case RequantizeKernel::R5:
  case RequantizeKernel::R6:
  case RequantizeKernel::R7:
  case RequantizeKernel::R10:
  case RequantizeKernel::R11:
    return false;
  }
  return false;
}

Result<MultiplierRule> multiplierRuleOf(RequantizeKernel kernel) {
  switch (kernel) {
  case RequantizeKernel::R1:
  case RequantizeKernel::R2:
  case RequantizeKernel::R5:
  case RequantizeKernel::R11:
    return MultiplierRule::Bits31;
  case RequantizeKernel::R6:
    return MultiplierRule::PowerOfTwo;
  case RequantizeKernel::R7:
    return MultiplierRule::TPU32;
  case RequantizeKernel::R10:
    return MultiplierRule::Hexagon;
  case RequantizeKernel::Real:
  case RequantizeKernel::R4:
  case RequantizeKernel::R8:
  case RequantizeKernel::R9:
  case RequantizeKernel::R12:
  case RequantizeKernel::R13:
  case RequantizeKernel::R14:
    break;
  }
  return failure("kernel '" + std::string(stringify(kernel)) +
                 "' has no multiplier");
}

Result<Multiplier> chooseMultiplier(RequantizeKernel kernel, double scale) {
  Result<MultiplierRule> rule = multiplierRuleOf(kernel);
  if (!rule)
    return rule.takeFailure();
  if (!std::isfinite(scale) || scale < 0)
    return failure("expected a finite scale >= 0, got " + describe(scale));
  ScaleRange range = representableScales(*rule);
  if (*rule == MultiplierRule::Bits31 && scale > range.largest)
    return failure("expected a scale below 2^31, got " + describe(scale));
  // An all-zero channel: nothing but the zero point comes out. A shift alone
  // can't say that.
  if (scale < range.smallest && *rule != MultiplierRule::PowerOfTwo)
    return Multiplier{};
  return chooseMultiplier(*rule, scale);
}

double relativeErrorBound(RequantizeKernel kernel, double scale) {
  if (Result<MultiplierRule> rule = multiplierRuleOf(kernel))
    return relativeErrorBound(*rule, scale);
  bool exact =
      kernel == RequantizeKernel::Real || kernel == RequantizeKernel::R12;
  return exact ? 0 : 0x1p-24;
}

double relativeErrorBound(RequantizeKernel kernel) {
  // Both ends of the usual scales: no bound has its maximum in between.
  return std::max(relativeErrorBound(kernel, 0x1p-16),
                  relativeErrorBound(kernel, 255 / 255.5));
}

bool dividesProduct(RequantizeKernel kernel) {
  switch (kernel) {
  case RequantizeKernel::R4:
  case RequantizeKernel::R7:
  case RequantizeKernel::R8:
  case RequantizeKernel::R9:
  case RequantizeKernel::R10:
  case RequantizeKernel::R13:
  case RequantizeKernel::R14:
    return false;
  default:
    return true;
  }
}

double combineScales(RequantizeKernel kernel, double inputScale,
                     double weightScale, double outputScale,
                     ScaleProduct precision) {
  float sx = static_cast<float>(inputScale);
  float sw = static_cast<float>(weightScale);
  float sy = static_cast<float>(outputScale);
  float product = sx * sw;
  switch (kernel) {
  case RequantizeKernel::R4:
  case RequantizeKernel::R8:
  case RequantizeKernel::R13:
    return static_cast<double>(product / sy);
  case RequantizeKernel::R9:
  case RequantizeKernel::R14:
    return static_cast<double>(product);
  case RequantizeKernel::R7:
    return static_cast<double>(
        static_cast<float>(weightScale * inputScale / outputScale));
  default:
    return (precision == ScaleProduct::F32 && dividesProduct(kernel)
                ? static_cast<double>(product)
                : static_cast<double>(sx) * static_cast<double>(sw)) /
           static_cast<double>(sy);
  }
}

Result<Multiplier> hexagonMultiplier(double outputMin, double outputMax,
                                     double accumulatorStep) {
  double range = std::trunc((outputMax - outputMin) / accumulatorStep + 0.5);
  if (!(range >= kHexagonSmallestRange &&
        range <= std::numeric_limits<int32_t>::max()))
    return failure("expected an output range of at least " +
                   std::to_string(kHexagonSmallestRange) +
                   " accumulator steps that fits 32 bits, got " +
                   describe(range));
  return hexagon(static_cast<int64_t>(range));
}

Result<int32_t> hexagonOffset(double bias, double outputMin,
                              double accumulatorStep) {
  double offset =
      std::trunc(bias / accumulatorStep - outputMin / accumulatorStep + 0.5);
  if (!(offset >= std::numeric_limits<int32_t>::min() &&
        offset <= std::numeric_limits<int32_t>::max()))
    return failure("expected an offset that fits 32 bits, got " +
                   describe(offset));
  return static_cast<int32_t>(offset);
}

float cv18xxScale(float maxWeight, float bias, float inputThreshold,
                  float outputThreshold) {
  constexpr float most = 0.999999f;
  float scale = (maxWeight * inputThreshold) / (127 * outputThreshold);
  if (scale >= 1)
    return most;
  double needed = std::fabs(static_cast<double>(bias)) * 127 /
                  (0x7fffffff * 0.998 * static_cast<double>(outputThreshold));
  return needed > static_cast<double>(scale) && needed < 1
             ? static_cast<float>(needed)
             : scale;
}

} // namespace hwq::numerics
