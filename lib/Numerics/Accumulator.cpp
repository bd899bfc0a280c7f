//===- Accumulator.cpp - Sums of products in hardware width ---------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Accumulator.h"

#include "hwq/Numerics/Rounding.h"

#include <algorithm>

namespace hwq::numerics {

static int32_t saturate16(int32_t x) { return saturateTo<int16_t>(x); }

int32_t dotProduct(AccumulatorMode mode, const uint8_t *x, const int8_t *w,
                   size_t count, size_t spillPairs) {
  uint32_t sum = 0;
  if (mode == AccumulatorMode::Exact) {
    for (size_t i = 0; i < count; ++i)
      sum += static_cast<uint32_t>(x[i] * w[i]);
    return static_cast<int32_t>(sum);
  }
  int32_t narrow = 0;
  size_t held = 0;
  for (size_t i = 0; i < count; i += 2) {
    int32_t pair = x[i] * w[i];
    if (i + 1 < count)
      pair += x[i + 1] * w[i + 1];
    pair = saturate16(pair);
    if (mode != AccumulatorMode::Acc16) {
      sum += static_cast<uint32_t>(pair);
      continue;
    }
    narrow = saturate16(narrow + pair);
    if (++held == spillPairs) {
      sum += static_cast<uint32_t>(narrow);
      narrow = 0;
      held = 0;
    }
  }
  return static_cast<int32_t>(sum + static_cast<uint32_t>(narrow));
}

bool pairsMaySaturate(const int8_t *w, size_t count, int32_t lo, int32_t hi) {
  for (size_t i = 0; i < count; i += 2) {
    int64_t least = 0, most = 0;
    for (size_t k = i; k < std::min(i + 2, count); ++k) {
      int64_t a = int64_t(lo) * w[k], b = int64_t(hi) * w[k];
      least += std::min(a, b);
      most += std::max(a, b);
    }
    if (least < INT16_MIN || most > INT16_MAX)
      return true;
  }
  return false;
}

template <class T>
static Interval intervalOf(const T *w, size_t count, int32_t weightZeroPoint,
                           int32_t inputZeroPoint, int32_t lo, int32_t hi) {
  Interval result;
  int64_t from = int64_t(lo) - inputZeroPoint,
          to = int64_t(hi) - inputZeroPoint;
  for (size_t i = 0; i < count; ++i) {
    int64_t weight = int64_t(w[i]) - weightZeroPoint;
    // A partial sum may leave the product out.
    result.lo += std::min({from * weight, to * weight, int64_t(0)});
    result.hi += std::max({from * weight, to * weight, int64_t(0)});
  }
  return result;
}

Interval accumulatorInterval(const int8_t *w, size_t count,
                             int32_t weightZeroPoint, int32_t inputZeroPoint,
                             int32_t lo, int32_t hi) {
  return intervalOf(w, count, weightZeroPoint, inputZeroPoint, lo, hi);
}

Interval accumulatorInterval(const uint8_t *w, size_t count,
                             int32_t weightZeroPoint, int32_t inputZeroPoint,
                             int32_t lo, int32_t hi) {
  return intervalOf(w, count, weightZeroPoint, inputZeroPoint, lo, hi);
}

/// The smallest value of `bits` bits.
static int64_t leastOf(int bits) {
  return INT64_MIN >> (64 - std::clamp(bits, 1, 64));
}

bool fitsAccumulator(Interval values, int bits) {
  return values.lo >= leastOf(bits) && values.hi <= ~leastOf(bits);
}

int64_t wrapToBits(int64_t sum, int bits) {
  int spare = 64 - std::clamp(bits, 1, 64);
  return static_cast<int64_t>(static_cast<uint64_t>(sum) << spare) >> spare;
}

int64_t saturateToBits(int64_t sum, int bits) {
  return saturate(sum, leastOf(bits), ~leastOf(bits));
}

} // namespace hwq::numerics
