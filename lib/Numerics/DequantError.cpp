//===- DequantError.cpp - Error of kernel R9's real result ----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/DequantError.h"
#include <algorithm>
#include <cmath>

namespace hwq::numerics {

// Every rounding to a format with unit roundoff u and smallest step 2t maps v
// to v * (1 + d) + e, |d| <= u, |e| <= t, one of them 0. The factor f is given:
// f = scale * (1 + d), d known exactly. Products of two fp16 numbers are exact
// in f32.
//
//   F16      f16(f16(x) * f):           (1+u)(1+d)(1+u) * scale * x + t
//   F16Sqrt  f16(f16(f16(x) * f) * f):  (1+u)^3 (1+d)^2 * scale * x
//                                       + t * f * (1+u) + t,  f^2 ~ scale
//   else     f32(f32(x) * f)
DequantError dequantErrorOf(const KernelR9 &kernel) {
  const bool twice = kernel.precision == DequantPrecision::F16Sqrt;
  const bool half = twice || kernel.precision == DequantPrecision::F16;
  const double scale = kernel.scale;
  // The factor of the form Requant, that to the next grid, is no part of the
  // real result.
  const double factor = kernel.precision == DequantPrecision::Requant
                            ? scale
                            : static_cast<double>(kernel.factor());
  const double u = half ? 0x1p-11 : 0x1p-24;
  const double t = half ? 0x1p-25 : 0x1p-150;
  const double meant = twice ? std::sqrt(scale) : scale;
  const double d = meant > 0 ? std::fabs(factor / meant - 1) : 0;
  DequantError error;
  const double grown =
      (1 + u) * (1 + u) * (1 + d) * (twice ? (1 + u) * (1 + d) : 1);
  error.relative = grown - 1;
  error.absolute = twice ? t * factor * (1 + u) + t : t;
  error.finite = INT32_MAX;
  if (half) {
    // 65504 is the largest number; x, the result and what is in between.
    double most = std::min(65504.0, 65504 / (scale * grown));
    if (twice)
      most = std::min(most, 65504 / (factor * (1 + u) * (1 + u)));
    error.finite = static_cast<int64_t>(most);
  }
  return error;
}

} // namespace hwq::numerics
