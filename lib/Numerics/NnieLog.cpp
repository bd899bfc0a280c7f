//===- NnieLog.cpp - The NNIE's logarithmic 8-bit code --------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/NnieLog.h"

#include "hwq/Numerics/Rounding.h"

#include "OperatorParams.h"

#include <algorithm>
#include <cmath>

namespace hwq::numerics {

// No f32 value is near a tie: 2^(odd/32) is irrational, and f64's logarithm is
// far more exact than the distance of the nearest f32 to it.
static int64_t sixteenths(float magnitude) {
  double log = 16 * std::log2(static_cast<double>(magnitude));
  return saturateReal(round(log, Rounding::RNE), -4096, 4096);
}

Result<int> nnieZeroPoint(float amax) {
  if (!std::isfinite(amax) || !(amax > 0))
    return failure("expected a positive finite largest value, got " +
                   detail::printReal(static_cast<double>(amax)));
  return static_cast<int>(sixteenths(amax)) - 127;
}

uint8_t nnieEncode(float x, int z) {
  z = static_cast<int>(saturate(z, -2511, 1921));
  float magnitude = std::fabs(x);
  // Not "<": NaN is zero too.
  if (!(static_cast<double>(magnitude) >= std::exp2((z - 16) / 16.0)))
    return nnieZero;
  auto code = static_cast<uint8_t>(saturate(sixteenths(magnitude) - z, 0, 127));
  if (!std::signbit(x))
    return code;
  return static_cast<uint8_t>(0x80 | std::max<uint8_t>(code, 1));
}

float nnieDecode(uint8_t code, int z) {
  if (code == nnieZero)
    return 0;
  z = static_cast<int>(saturate(z, -2511, 1921));
  auto magnitude = static_cast<float>(std::exp2(((code & 0x7f) + z) / 16.0));
  return code & 0x80 ? -magnitude : magnitude;
}

} // namespace hwq::numerics
