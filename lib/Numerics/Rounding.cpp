//===- Rounding.cpp - Rounding, shifting and saturating -------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Rounding.h"

#include <cmath>

namespace hwq::numerics {

Rounding roundingOf(NgraphRoundMode mode) {
  switch (mode) {
  case NgraphRoundMode::NearestTowardInfinity:
    return Rounding::RHA;
  case NgraphRoundMode::NearestTowardZero:
    return Rounding::RHZ;
  case NgraphRoundMode::NearestUpward:
    return Rounding::RHU;
  case NgraphRoundMode::NearestDownward:
    return Rounding::RHD;
  case NgraphRoundMode::NearestTowardEven:
    return Rounding::RNE;
  case NgraphRoundMode::TowardInfinity:
    return Rounding::RAZ;
  case NgraphRoundMode::TowardZero:
    return Rounding::RTZ;
  case NgraphRoundMode::Up:
    return Rounding::Ceil;
  case NgraphRoundMode::Down:
    return Rounding::Floor;
  }
  return Rounding::RNE;
}

template <class T> static T roundReal(T x, Rounding mode) {
  if (!std::isfinite(x))
    return x;
  // x - trunc(x) is exact, unlike x - floor(x) just above -1/2.
  T whole = std::trunc(x);
  T rest = std::fabs(x - whole);
  if (rest == 0)
    return x;
  T away = std::signbit(x) ? T(-1) : T(1);
  bool moveAway = false;
  switch (mode) {
  case Rounding::RNE:
    moveAway = rest > T(0.5) || (rest == T(0.5) && std::fmod(whole, T(2)) != 0);
    break;
  case Rounding::RHA:
    moveAway = rest >= T(0.5);
    break;
  case Rounding::RHU:
    moveAway = rest > T(0.5) || (rest == T(0.5) && away > 0);
    break;
  case Rounding::RHZ:
    moveAway = rest > T(0.5);
    break;
  case Rounding::RTZ:
    break;
  case Rounding::Floor:
    moveAway = away < 0;
    break;
  case Rounding::Ceil:
    moveAway = away > 0;
    break;
  case Rounding::RHD:
    moveAway = rest > T(0.5) || (rest == T(0.5) && away < 0);
    break;
  case Rounding::RAZ:
    moveAway = true;
    break;
  }
  return moveAway ? whole + away : whole;
}

double round(double x, Rounding mode) { return roundReal(x, mode); }
float round(float x, Rounding mode) { return roundReal(x, mode); }

int64_t shiftRight(int64_t x, int n, Rounding mode) {
  n = n < 0 ? 0 : (n > 63 ? 63 : n);
  if (n == 0)
    return x;
  int64_t down = x >> n;
  uint64_t rest = static_cast<uint64_t>(x) & ((uint64_t(1) << n) - 1);
  uint64_t half = uint64_t(1) << (n - 1);
  bool up = false;
  switch (mode) {
  case Rounding::RNE:
    up = rest > half || (rest == half && (down & 1));
    break;
  case Rounding::RHA:
    up = rest > half || (rest == half && x >= 0);
    break;
  case Rounding::RHU:
    up = rest >= half;
    break;
  case Rounding::RHZ:
    up = rest > half || (rest == half && x < 0);
    break;
  case Rounding::RTZ:
    up = rest != 0 && x < 0;
    break;
  case Rounding::Floor:
    break;
  case Rounding::Ceil:
    up = rest != 0;
    break;
  case Rounding::RHD:
    up = rest > half;
    break;
  case Rounding::RAZ:
    up = rest != 0 && x >= 0;
    break;
  }
  return down + up;
}

int32_t shiftRight(int32_t x, int n, Rounding mode) {
  return static_cast<int32_t>(
      shiftRight(static_cast<int64_t>(x), n > 31 ? 31 : n, mode));
}

int64_t saturateReal(double x, int64_t lo, int64_t hi) {
  if (std::isnan(x))
    return saturate(0, lo, hi);
  // 2^63 is the first double that does not fit.
  if (x >= 0x1p63)
    return hi;
  if (x < -0x1p63)
    return lo;
  return saturate(static_cast<int64_t>(x), lo, hi);
}

} // namespace hwq::numerics
