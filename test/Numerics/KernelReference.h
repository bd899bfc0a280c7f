//===- KernelReference.h - The kernels in exact arithmetic ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A second definition of the kernels, slow and independent of the first:
// integer kernels as divisions of 128-bit integers, floating-point operations
// as exact numbers m * 2^e that are rounded to the precision of the type. No
// float arithmetic, no shifts of the operands.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TEST_NUMERICS_KERNELREFERENCE_H
#define HWQ_TEST_NUMERICS_KERNELREFERENCE_H

#include "hwq/Numerics/Kernels.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace hwq::numerics::reference {

__extension__ using Int128 = __int128;

inline Int128 power(int n) {
  Int128 p = 1;
  for (int i = 0; i < n; ++i)
    p *= 2;
  return p;
}

inline Int128 floorDivide(Int128 x, Int128 by) {
  Int128 q = x / by;
  return q * by > x ? q - 1 : q;
}

inline Int128 magnitude(Int128 x) { return x < 0 ? -x : x; }

/// x / 2^n to nearest.
inline Int128 halfUp(Int128 x, int n) {
  return floorDivide(2 * x + power(n), power(n + 1));
}
inline Int128 halfAway(Int128 x, int n) {
  Int128 rounded = (2 * magnitude(x) + power(n)) / power(n + 1);
  return x < 0 ? -rounded : rounded;
}

inline Int128 saturate(Int128 x, int64_t lo, int64_t hi) {
  return x < lo ? lo : (x > hi ? hi : x);
}
inline Int128 saturate32(Int128 x) { return saturate(x, INT32_MIN, INT32_MAX); }

//===----------------------------------------------------------------------===//
// Integer kernels, on their domains
//===----------------------------------------------------------------------===//

inline Int128 highMultiply(int32_t x, Multiplier m) {
  Int128 left = power(m.shift < 31 ? 31 - m.shift : 0);
  return floorDivide(x * left * m.multiplier + power(30), power(31));
}
inline Int128 r1(int32_t x, Multiplier m) {
  return halfAway(highMultiply(x, m), m.shift > 31 ? m.shift - 31 : 0);
}
inline Int128 r11(int32_t x, Multiplier m) {
  return halfUp(highMultiply(x, m), m.shift > 31 ? m.shift - 31 : 0);
}
inline Int128 r2(int32_t x, Multiplier m) {
  return halfUp(Int128(x) * m.multiplier, m.shift);
}
inline Int128 r5(int32_t x, Multiplier m) {
  return halfAway(Int128(x) * m.multiplier, m.shift);
}
inline Int128 r6(int32_t x, int n) {
  return n < 0 ? x * power(-n) : halfUp(x, n);
}
inline Int128 r7(int32_t x, Multiplier m) {
  Int128 product = floorDivide(x, power(m.preShift)) * m.multiplier;
  return m.shift < 0 ? product * power(-m.shift) : halfUp(product, m.shift);
}
inline Int128 r10(int32_t x, int32_t reciprocal, int32_t offset) {
  return halfUp((Int128(x) + offset) * reciprocal, 31);
}

//===----------------------------------------------------------------------===//
// Floating point
//===----------------------------------------------------------------------===//

/// m * 2^e.
struct Real {
  Int128 m;
  int e;
};

inline int bitLength(Int128 x) {
  int n = 0;
  for (x = magnitude(x); x != 0; x /= 2)
    ++n;
  return n;
}

inline Real exact(double x) {
  int e;
  double fraction = std::frexp(x, &e);
  Real r{static_cast<Int128>(std::ldexp(fraction, 53)), e - 53};
  for (; r.m != 0 && r.m % 2 == 0; ++r.e)
    r.m /= 2;
  return r;
}

/// To nearest, ties to even, with `bits` bits and no unit below 2^least.
inline Real round(Real x, int bits, int least) {
  int e = x.e + bitLength(x.m) - bits;
  e = e < least ? least : e;
  if (e <= x.e)
    return x;
  int n = e - x.e > 126 ? 126 : e - x.e;
  Int128 down = floorDivide(x.m, power(n));
  Int128 rest = x.m - down * power(n), half = power(n - 1);
  if (rest > half || (rest == half && down % 2 != 0))
    ++down;
  return {down, x.e + n};
}
inline Real f32(Real x) { return round(x, 24, -149); }
inline Real f64(Real x) { return round(x, 53, -1074); }
/// Below 65520.
inline Real fp16(Real x) { return round(x, 11, -24); }

inline Real times(Real a, Real b) { return {a.m * b.m, a.e + b.e}; }

/// Operands of up to 48 bits. Of a far smaller one only the sign counts.
inline Real plus(Real a, Real b) {
  if (a.m == 0 || b.m == 0)
    return a.m == 0 ? b : a;
  if (a.e < b.e)
    return plus(b, a);
  int n = a.e - b.e;
  if (n <= 78)
    return {a.m * power(n) + b.m, b.e};
  return {a.m * power(60) + (b.m < 0 ? -1 : 1), a.e - 60};
}

/// Operands of up to 24 bits: 60 bits of the quotient, the last one a sticky
/// bit.
inline Real divide(Real a, Real b) {
  Int128 n = magnitude(a.m) * power(60), d = magnitude(b.m);
  Int128 q = n / d * 2 + (n % d != 0);
  return {(a.m < 0) != (b.m < 0) ? -q : q, a.e - b.e - 61};
}

inline int compare(Real a, Real b) {
  Int128 d = plus(a, {-b.m, b.e}).m;
  return d < 0 ? -1 : d > 0;
}

/// Rounded to an int32, saturating.
inline Int128 toInteger(Real x, bool even) {
  if (x.m == 0)
    return 0;
  if (bitLength(x.m) + x.e > 40)
    return x.m < 0 ? INT32_MIN : INT32_MAX;
  if (x.e >= 0)
    return saturate32(x.m * power(x.e));
  if (even) {
    Real r = round(x, 1000, 0);
    return saturate32(r.e > 0 ? r.m * power(r.e) : r.m);
  }
  return x.e < -120 ? 0 : saturate32(halfAway(x.m, -x.e));
}

inline Real integer(int64_t x) { return {x, 0}; }

inline Int128 r4(int32_t x, const KernelR4 &k) {
  Real v = f32(integer(x));
  Real bias = times(exact(double(k.bias)), exact(double(k.biasUnit)));
  if (k.bias != 0)
    v = f32(plus(v, bias));
  return toInteger(f32(times(v, exact(double(k.scale)))), true);
}
/// R8 and R13.
inline Real insideZeroPoint(int32_t x, float scale, float zeroPoint) {
  Real v = f32(times(f32(integer(x)), exact(double(scale))));
  return f32(plus(v, exact(double(zeroPoint))));
}
inline Int128 r8(int32_t x, const KernelR8 &k) {
  return toInteger(insideZeroPoint(x, k.scale, k.zeroPoint), false);
}
inline Int128 r13(int32_t x, const KernelR13 &k) {
  return toInteger(insideZeroPoint(x, k.scale, k.zeroPoint), true);
}
/// On the domain; F16Sqrt not.
inline Int128 r9(int32_t x, const KernelR9 &k) {
  Real v = f32(integer(x)), scale = exact(double(k.scale));
  Real out = exact(double(k.outputScale));
  Real y;
  switch (k.precision) {
  case DequantPrecision::Requant:
    return toInteger(f32(times(v, f32(divide(f32(scale), f32(out))))), true);
  case DequantPrecision::F16:
    y = fp16(times(fp16(v), fp16(scale)));
    break;
  case DequantPrecision::F19: {
    // 11 bits, no unit below 2^-136; the rest cut.
    Real cut = f32(scale);
    int n = std::max(bitLength(cut.m) - 11, -136 - cut.e);
    if (n > 0)
      cut = {floorDivide(cut.m, power(n)), cut.e + n};
    y = f32(times(v, cut));
    break;
  }
  default:
    y = f32(times(v, scale));
  }
  Real reciprocal = f32(divide({1, 0}, out));
  return toInteger(f32(times(f32(y), reciprocal)), true);
}
inline Int128 r12(int32_t x, double scale) {
  return toInteger(f64(times(integer(x), exact(scale))), false);
}
inline Int128 r14(int32_t x, const KernelR14 &k, int32_t residual) {
  Real v = f32(times(f32(integer(x)), exact(double(k.scale))));
  v = f32(plus(v, exact(double(k.bias))));
  Real r = f32(times(integer(residual), exact(double(k.residualScale))));
  v = f32(plus(v, r));
  if (std::isfinite(k.actLo) && compare(v, exact(double(k.actLo))) < 0)
    v = exact(double(k.actLo));
  if (std::isfinite(k.actHi) && compare(v, exact(double(k.actHi))) > 0)
    v = exact(double(k.actHi));
  return toInteger(f32(divide(f32(v), f32(exact(double(k.outputScale))))),
                   true);
}

} // namespace hwq::numerics::reference

#endif // HWQ_TEST_NUMERICS_KERNELREFERENCE_H
