//===- NnieLog.h - The NNIE's logarithmic 8-bit code ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantize form Q8 (HiSilicon NNIE): sixteen codes per octave, sign-magnitude.
// All arithmetic in f64.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_NNIELOG_H
#define HWQ_NUMERICS_NNIELOG_H

#include "hwq/Numerics/Result.h"

#include <cstdint>

namespace hwq::numerics {

/// The code of zero.
constexpr uint8_t nnieZero = 0x80;

/// z = RNE(16 log2 amax) - 127, so that code 127 is amax to the nearest 1/16
/// octave. An amax that is zero, negative or not finite is an error.
Result<int> nnieZeroPoint(float amax);

/// c = clamp(RNE(16 log2 |x|) - z, 0, 127), 0x80 | max(c, 1) for negative x;
/// nnieZero where |x| < 2^((z - 16)/16), and for NaN. `z` is limited to
/// nnieZeroPoint's values, -2511..1921.
uint8_t nnieEncode(float x, int z);

/// 2^((c + z)/16) with the sign of the code's top bit, and 0 for nnieZero.
float nnieDecode(uint8_t code, int z);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_NNIELOG_H
