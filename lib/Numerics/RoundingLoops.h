//===- RoundingLoops.h - Roundings that vectorize ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_NUMERICS_ROUNDINGLOOPS_H
#define HWQ_LIB_NUMERICS_ROUNDINGLOOPS_H

#include "TargetClones.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

// The roundings of the array loops: branch-free, without a library call, for
// values that are already clamped. The definitions are round() and the kernels'
// apply(); tests compare.

namespace hwq::numerics::detail {

/// v limited to [lo, hi]; NaN stays.
template <class T> HWQ_INLINE T clampReal(T v, T lo, T hi) {
  v = v < lo ? lo : v;
  return v > hi ? hi : v;
}

/// RNE(v), |v| <= 2^22 in f32 and 2^31 - 1 in f64: 1.5 * 2^23, or 2^52, leaves
/// no room for a fraction, and the integer in the low bits of the sum.
HWQ_INLINE float nearestEvenReal(float v) {
  return (v + 0x1.8p23f) - 0x1.8p23f;
}
HWQ_INLINE double nearestEvenReal(double v) {
  return (v + 0x1.8p52) - 0x1.8p52;
}
HWQ_INLINE int32_t nearestEven(float v) {
  float sum = v + 0x1.8p23f;
  int32_t bits;
  std::memcpy(&bits, &sum, sizeof(bits));
  return bits - 0x4b400000;
}
HWQ_INLINE int32_t nearestEven(double v) {
  double sum = v + 0x1.8p52;
  int64_t bits;
  std::memcpy(&bits, &sum, sizeof(bits));
  return static_cast<int32_t>(bits);
}

/// RHA(v), |v| <= 2^22 in f32 and 2^31 - 1 in f64. The largest number below 1/2
/// takes a tie to the next integer, by the rounding of the sum, and nothing
/// below a tie.
HWQ_INLINE int32_t nearestAway(float v) {
  return static_cast<int32_t>(v + std::copysign(0x1.fffffep-2f, v));
}
HWQ_INLINE int32_t nearestAway(double v) {
  return static_cast<int32_t>(v + std::copysign(0x1.fffffffffffffp-2, v));
}

/// The nearest fp16 value, ties to even; infinite from 65520 on. NaN stays; no
/// promise on the sign of 0.
HWQ_INLINE float nearestFP16(float v) {
  uint32_t bits;
  std::memcpy(&bits, &v, sizeof(bits));
  bits = (bits + 0xfff + (bits >> 13 & 1)) & ~uint32_t(0x1fff);
  float normal;
  std::memcpy(&normal, &bits, sizeof(normal));
  constexpr float infinity = std::numeric_limits<float>::infinity();
  normal = std::fabs(normal) > 65504.0f ? std::copysign(infinity, v) : normal;
  // Subnormal: multiples of 2^-24, the last bit of 0.75.
  return std::fabs(v) < 0x1p-14f ? (v + 0.75f) - 0.75f : normal;
}

} // namespace hwq::numerics::detail

#endif // HWQ_LIB_NUMERICS_ROUNDINGLOOPS_H
