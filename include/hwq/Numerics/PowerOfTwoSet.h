//===- PowerOfTwoSet.h - Log2 and power-of-two levels -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_POWEROFTWOSET_H
#define HWQ_NUMERICS_POWEROFTWOSET_H

#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

/// The levels 0 and +-scale 2^(k-K), k = 1..K, K = 2^(bits-1) - 1 (unsigned:
/// positive levels only, K = 2^bits - 1): a sign and an exponent in `bits`
/// bits, with zero. The log2 scheme (scale a power of two, rounded in the log
/// domain) and the power-of-two sets of incremental quantization (nearest
/// level) are this.
///   codes     sign * k, 0 for zero; bits 2..8
///   range     [-scale, scale], or [0, scale]; saturating
///   rounding  Log: the exponent is log2(|x|/scale) rounded to nearest, and
///             below the smallest exponent the value is 0 (Miyashita et al.
///             2016); Linear: to the nearest level, ties away from zero (Zhou
///             et al. 2017, INQ)
///   NaN       code 0
/// Decided exactly, by comparing |x| or x^2 with the thresholds in f64, where
/// both sides are exact.
struct PowerOfTwoSet {
  unsigned bits = 4;
  bool isSigned = true;
  float scale = 1;
  LevelRounding rounding = LevelRounding::Log;

  /// K.
  int32_t levels() const;
};

/// The scale has to be finite and the smallest level a normal f32, so that all
/// levels are exact.
Result<PowerOfTwoSet> checked(PowerOfTwoSet scheme);

/// `format` with the scale for values up to `absMax`: with `powerOfTwoScale`
/// the power of two that absMax rounds to (by format.rounding; INQ's
/// floor(log2(4 absMax / 3)) for Linear), else absMax itself. 0 gives scale 1.
Result<PowerOfTwoSet> derivePowerOfTwoSet(double absMax, PowerOfTwoSet format,
                                          bool powerOfTwoScale = true);

int32_t quantize(const PowerOfTwoSet &scheme, float x);
/// Codes beyond the levels are saturated.
float dequantize(const PowerOfTwoSet &scheme, int32_t code);
void quantizeArray(const PowerOfTwoSet &scheme, const float *x, size_t count,
                   int32_t *codes);
void fakeQuantize(const PowerOfTwoSet &scheme, const float *x, size_t count,
                  float *y);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_POWEROFTWOSET_H
