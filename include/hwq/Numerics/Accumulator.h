//===- Accumulator.h - Sums of products in hardware width -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_ACCUMULATOR_H
#define HWQ_NUMERICS_ACCUMULATOR_H

#include "hwq/Numerics/Enums.h"

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

/// sum(x[i] * w[i]) over `count` raw 8-bit codes, as the accumulator of the
/// hardware gives it. The 32-bit sums wrap.
///   Exact         32 bits
///   Avx2Sat       vpmaddubsw: sat16(x0*w0 + x1*w1) per pair of neighbours, a
///                 last single product alone, the pairs added in 32 bits
///   DepthwiseSat  the same over the taps of one channel, row by row, padding
///                 taps included (FBGEMM 3x3 and 5x5, with VNNI too)
///   Acc16         sum = sat16(sum + sat16(pair)); after every `spillPairs`
///                 pairs, and at the end, the sum moves to a 32-bit accumulator
/// `spillPairs` 0 spills at the end only; the other modes ignore it.
int32_t dotProduct(AccumulatorMode mode, const uint8_t *x, const int8_t *w,
                   size_t count, size_t spillPairs = 0);

/// True if a pair of neighbours can leave 16 bits for some codes x in [lo, hi],
/// so that the saturating modes may differ from Exact.
bool pairsMaySaturate(const int8_t *w, size_t count, int32_t lo, int32_t hi);

/// Integers lo..hi.
struct Interval {
  int64_t lo = 0;
  int64_t hi = 0;
};

/// All sums of `count` products (x - inputZeroPoint) * (w - weightZeroPoint),
/// x in [lo, hi], and of the partial sums in any order (0 belongs to them).
/// Exact as long as it fits 63 bits: 2^46 products of 8-bit codes.
Interval accumulatorInterval(const int8_t *w, size_t count,
                             int32_t weightZeroPoint, int32_t inputZeroPoint,
                             int32_t lo, int32_t hi);
Interval accumulatorInterval(const uint8_t *w, size_t count,
                             int32_t weightZeroPoint, int32_t inputZeroPoint,
                             int32_t lo, int32_t hi);

/// True if every value fits a signed accumulator of `bits` (1..64) bits.
bool fitsAccumulator(Interval values, int bits);

/// What a signed accumulator of `bits` (1..64) bits holds of `sum`: its low
/// bits, or the nearest value. For a machine that keeps every partial sum in
/// that width, call it after each addition; wrapping once at the end is the
/// same.
int64_t wrapToBits(int64_t sum, int bits);
int64_t saturateToBits(int64_t sum, int bits);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_ACCUMULATOR_H
