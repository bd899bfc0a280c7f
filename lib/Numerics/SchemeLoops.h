//===- SchemeLoops.h - What the schemes share -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_NUMERICS_SCHEMELOOPS_H
#define HWQ_LIB_NUMERICS_SCHEMELOOPS_H

#include "TargetClones.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

namespace hwq::numerics {

HWQ_INLINE uint32_t bitsOf(float x) {
  uint32_t u;
  std::memcpy(&u, &x, sizeof(u));
  return u;
}

HWQ_INLINE float floatOf(uint32_t u) {
  float x;
  std::memcpy(&x, &u, sizeof(x));
  return x;
}

inline std::string text(double x) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.9g", x);
  return buffer;
}

/// Empty if `bits` lies in lo..hi, else the error.
inline std::string checkBits(unsigned bits, unsigned lo, unsigned hi) {
  if (bits >= lo && bits <= hi)
    return "";
  return "expected " + std::to_string(lo) + " to " + std::to_string(hi) +
         " bits, got " + std::to_string(bits);
}

inline std::string checkAbsMax(double absMax) {
  if (std::isfinite(absMax) && absMax >= 0)
    return "";
  return "expected a finite largest magnitude, got " + text(absMax);
}

/// `bits` forced into lo..hi, so that an unchecked scheme can't shift too far.
inline unsigned limitBits(unsigned bits, unsigned lo, unsigned hi) {
  return bits < lo ? lo : (bits > hi ? hi : bits);
}

/// The two array functions of a scheme by its scalar ones.
template <class Scheme>
void quantizeEach(const Scheme &scheme, const float *x, size_t count,
                  int32_t *codes) {
  for (size_t i = 0; i < count; ++i)
    codes[i] = quantize(scheme, x[i]);
}

template <class Scheme>
void fakeQuantizeEach(const Scheme &scheme, const float *x, size_t count,
                      float *y) {
  for (size_t i = 0; i < count; ++i)
    y[i] = dequantize(scheme, quantize(scheme, x[i]));
}

} // namespace hwq::numerics

#endif // HWQ_LIB_NUMERICS_SCHEMELOOPS_H
