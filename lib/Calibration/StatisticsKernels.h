//===- StatisticsKernels.h - Vectorized passes of statistics ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Integer arithmetic on the representation of floats, but for the sums: the
// same bits for any instruction set, any order and any mode of the
// floating-point unit.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_CALIBRATION_STATISTICSKERNELS_H
#define HWQ_LIB_CALIBRATION_STATISTICSKERNELS_H

#include "hwq/Calibration/FloatHistogram.h"

#include <cfenv>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hwq::calibration::detail {

/// Representation of infinity; above it (without the sign) is NaN.
constexpr uint32_t infinityBits = 0x7f800000u;

inline uint32_t bitsOf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

inline float floatOf(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// The representation mapped to an integer that ascends with the value: -0.0 to
/// -1, NaN beyond the infinities. It is its own inverse.
inline int32_t orderedFromBits(uint32_t bits) {
  int32_t asSigned = static_cast<int32_t>(bits);
  return asSigned ^ ((asSigned >> 31) & 0x7fffffff);
}

inline uint32_t bitsFromOrdered(int32_t ordered) {
  return static_cast<uint32_t>(ordered ^ ((ordered >> 31) & 0x7fffffff));
}

constexpr int32_t largestOrdered = static_cast<int32_t>(infinityBits) - 1;
constexpr int32_t smallestOrdered = -static_cast<int32_t>(infinityBits);

/// What one pass over a block of values finds.
struct BlockSummary {
  int32_t orderedMin = INT32_MAX;
  int32_t orderedMax = INT32_MIN;
  uint32_t numZeros = 0;

  /// No NaN and no infinity among the values.
  bool allFinite() const {
    return orderedMin >= smallestOrdered && orderedMax <= largestOrdered;
  }
};

/// Values that are summarized at once.
constexpr size_t blockSize = 16384;

/// `n` below 2^32.
BlockSummary summarize(const float *values, size_t n);

/// Sum and sum of squares of finite values, in f64 and in a fixed order: value
/// i goes to lane i mod 16, the lanes are added from first to last.
struct Sums {
  double sum = 0, squares = 0;
};

/// What one pass over a block of values finds for a histogram. If some value is
/// not finite, only `summary.allFinite()` has a meaning.
struct CountedBlock {
  BlockSummary summary;
  Sums sums;
  /// Values that are not zero.
  size_t numKeys = 0;
};

/// Values that are counted at once; their keys stay in the first cache.
constexpr size_t keyBlockSize = 4096;
/// What the buffer of the keys has room for.
constexpr size_t keyBufferSize = keyBlockSize + 16;

/// At most `keyBlockSize` values. Writes the bin keys of those that are not
/// zero, in their order. Expects the floating-point unit in its default mode.
CountedBlock countBlock(const float *values, size_t n, uint32_t *keys);

/// The same without instructions that not every CPU has.
CountedBlock countBlockPortable(const float *values, size_t n, uint32_t *keys);

/// Adds `n` counters, a multiple of 16, to others and clears them; returns
/// their sum.
uint64_t moveCounts(uint32_t *from, uint64_t *to, size_t n);

/// The floating-point unit's default mode (round to nearest, no flushing of
/// subnormal numbers) until the end of the scope, whatever the caller's.
class DefaultFloatMode {
public:
  DefaultFloatMode() {
    std::fegetenv(&before);
    std::fesetenv(FE_DFL_ENV);
  }
  ~DefaultFloatMode() { std::fesetenv(&before); }
  DefaultFloatMode(const DefaultFloatMode &) = delete;
  DefaultFloatMode &operator=(const DefaultFloatMode &) = delete;

private:
  std::fenv_t before;
};

} // namespace hwq::calibration::detail

#endif // HWQ_LIB_CALIBRATION_STATISTICSKERNELS_H
