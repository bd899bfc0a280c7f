//===- Exact.h - Slow arithmetic without a rounding of its own --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Binary32 and binary64 operations defined through exact rationals (GMP): the
// exact result, rounded once. What the fuzz targets compare with.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TEST_FUZZ_EXACT_H
#define HWQ_TEST_FUZZ_EXACT_H

#include "hwq/Numerics/Enums.h"

#include <gmpxx.h>

#include <cmath>
#include <limits>

namespace hwq::numerics::exact {

/// x * 2^exponent.
inline mpq_class scaled(mpq_class x, long exponent) {
  if (exponent >= 0)
    mpq_mul_2exp(x.get_mpq_t(), x.get_mpq_t(),
                 static_cast<unsigned long>(exponent));
  else
    mpq_div_2exp(x.get_mpq_t(), x.get_mpq_t(),
                 static_cast<unsigned long>(-exponent));
  return x;
}

inline mpq_class powerOfTwo(long exponent) {
  return scaled(mpq_class(1), exponent);
}

inline mpz_class floor(const mpq_class &x) {
  mpz_class result;
  mpz_fdiv_q(result.get_mpz_t(), x.get_num_mpz_t(), x.get_den_mpz_t());
  return result;
}

/// The integer that x becomes, by the definition of each mode.
inline mpz_class roundToInteger(const mpq_class &x, Rounding mode) {
  mpz_class down = floor(x), up = down;
  mpq_class rest = x - down;
  if (rest == 0)
    return down;
  up += 1;
  bool negative = sgn(x) < 0;
  const mpz_class &away = negative ? down : up, &toward = negative ? up : down;
  int half = cmp(rest, mpq_class(1, 2));
  switch (mode) {
  case Rounding::Floor:
    return down;
  case Rounding::Ceil:
    return up;
  case Rounding::RTZ:
    return toward;
  case Rounding::RAZ:
    return away;
  default:
    break;
  }
  if (half != 0)
    return half < 0 ? down : up;
  switch (mode) {
  case Rounding::RNE:
    return mpz_even_p(down.get_mpz_t()) ? down : up;
  case Rounding::RHA:
    return away;
  case Rounding::RHU:
    return up;
  case Rounding::RHD:
    return down;
  default:
    return toward;
  }
}

/// A binary format: digits, exponent of the smallest denormal, largest value.
struct Format {
  long digits, smallest;
  double largest;
};
inline constexpr Format f32{24, -149, 0x1.fffffep127};
inline constexpr Format f64{53, -1074, 0x1.fffffffffffffp1023};

/// x to nearest, ties to even; infinite past the largest value.
inline double roundTo(const mpq_class &x, const Format &format) {
  if (x == 0)
    return 0;
  mpq_class magnitude = abs(x);
  long exponent =
      static_cast<long>(mpz_sizeinbase(magnitude.get_num_mpz_t(), 2)) -
      static_cast<long>(mpz_sizeinbase(magnitude.get_den_mpz_t(), 2));
  if (scaled(magnitude, -exponent) < 1)
    --exponent;
  long unit = std::max(exponent - format.digits + 1, format.smallest);
  mpz_class n = roundToInteger(scaled(magnitude, -unit), Rounding::RNE);
  double result = std::ldexp(n.get_d(), static_cast<int>(unit));
  if (result > format.largest)
    result = std::numeric_limits<double>::infinity();
  return sgn(x) < 0 ? -result : result;
}

inline double to(double a, const Format &format) {
  return std::isfinite(a) && a != 0 && format.digits < 53
             ? roundTo(mpq_class(a), format)
             : a;
}

/// Operations on operands rounded to the format, as C++ converts integers;
/// where one is not finite, or a divisor 0, IEEE's rules need no rounding.
inline double add(double a, double b, const Format &format) {
  a = to(a, format);
  b = to(b, format);
  if (!std::isfinite(a) || !std::isfinite(b))
    return a + b;
  return roundTo(mpq_class(a) + mpq_class(b), format);
}
inline double sub(double a, double b, const Format &format) {
  return add(a, -b, format);
}
inline double mul(double a, double b, const Format &format) {
  a = to(a, format);
  b = to(b, format);
  if (!std::isfinite(a) || !std::isfinite(b))
    return a * b;
  return roundTo(mpq_class(a) * mpq_class(b), format);
}
inline double div(double a, double b, const Format &format) {
  a = to(a, format);
  b = to(b, format);
  if (!std::isfinite(a) || !std::isfinite(b) || b == 0)
    return a / b;
  return roundTo(mpq_class(a) / mpq_class(b), format);
}
/// clamp(round(v) + offset, lo, hi); NaN counts as 0.
inline int64_t toInteger(double v, Rounding mode, int64_t offset, int64_t lo,
                         int64_t hi) {
  if (std::isnan(v))
    v = 0;
  if (std::isinf(v))
    return v > 0 ? hi : lo;
  mpz_class n = roundToInteger(mpq_class(v), mode) + mpz_class(long(offset));
  if (n < mpz_class(long(lo)))
    return lo;
  return n > mpz_class(long(hi)) ? hi : n.get_si();
}

} // namespace hwq::numerics::exact

#endif // HWQ_TEST_FUZZ_EXACT_H
