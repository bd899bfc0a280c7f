//===- Rounding.h - Rounding, shifting and saturating -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_ROUNDING_H
#define HWQ_NUMERICS_ROUNDING_H

#include "hwq/Numerics/Enums.h"

#include <cstdint>
#include <limits>

namespace hwq::numerics {

/// The Rounding of an nGraph mode.
Rounding roundingOf(NgraphRoundMode mode);

/// `x` rounded to an integral value; exact for every finite x, and independent
/// of the floating-point environment. NaN and infinities are returned as they
/// are.
double round(double x, Rounding mode);
float round(float x, Rounding mode);

/// x / 2^n rounded. `n` is limited to 0..31, or 0..63 in 64 bits.
int32_t shiftRight(int32_t x, int n, Rounding mode);
int64_t shiftRight(int64_t x, int n, Rounding mode);

/// x limited to [lo, hi].
inline int64_t saturate(int64_t x, int64_t lo, int64_t hi) {
  return x < lo ? lo : (x > hi ? hi : x);
}

/// x limited to the range of T.
template <class T> T saturateTo(int64_t x) {
  return static_cast<T>(saturate(x, std::numeric_limits<T>::min(),
                                 std::numeric_limits<T>::max()));
}

/// An integral-valued x as an integer, limited to [lo, hi]. NaN gives 0 limited
/// to [lo, hi].
int64_t saturateReal(double x, int64_t lo, int64_t hi);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_ROUNDING_H
