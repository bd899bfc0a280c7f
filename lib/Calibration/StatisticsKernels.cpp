//===- StatisticsKernels.cpp - Vectorized passes of statistics --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StatisticsKernels.h"

#include <algorithm>

// One function for each instruction set, chosen when the program is loaded.
// Plain loops: the compiler vectorizes them.
#if defined(__x86_64__) && defined(__ELF__)
#define HWQ_CLONES                                                             \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define HWQ_CLONES
#endif

namespace hwq::calibration::detail {

HWQ_CLONES BlockSummary summarize(const float *values, size_t n) {
  int32_t lo = INT32_MAX, hi = INT32_MIN;
  uint32_t zeros = 0;
  for (size_t i = 0; i < n; ++i) {
    uint32_t bits;
    std::memcpy(&bits, values + i, sizeof(bits));
    int32_t sign = static_cast<int32_t>(bits) >> 31;
    int32_t ordered = static_cast<int32_t>(bits) ^ (sign & 0x7fffffff);
    lo = std::min(lo, ordered);
    hi = std::max(hi, ordered);
    zeros += (bits << 1) == 0;
  }
  BlockSummary result;
  result.orderedMin = lo;
  result.orderedMax = hi;
  result.numZeros = zeros;
  return result;
}

HWQ_CLONES BlockSummary summarizeWithKeys(const float *__restrict values,
                                          size_t n, uint32_t *__restrict keys) {
  int32_t lo = INT32_MAX, hi = INT32_MIN;
  uint32_t zeros = 0, smallest = UINT32_MAX;
  for (size_t i = 0; i < n; ++i) {
    uint32_t bits;
    std::memcpy(&bits, values + i, sizeof(bits));
    int32_t sign = static_cast<int32_t>(bits) >> 31;
    int32_t ordered = static_cast<int32_t>(bits) ^ (sign & 0x7fffffff);
    lo = std::min(lo, ordered);
    hi = std::max(hi, ordered);
    uint32_t magnitude = bits & 0x7fffffffu;
    smallest = std::min(smallest, magnitude - 1);
    bool isZero = magnitude == 0;
    zeros += isZero;
    uint32_t turn = static_cast<uint32_t>(i) % FloatHistogram::numIgnoredKeys;
    keys[i] = isZero ? FloatHistogram::ignoredKey + turn
                     : bits >> FloatHistogram::droppedBits;
  }
  BlockSummary result;
  result.orderedMin = lo;
  result.orderedMax = hi;
  result.numZeros = zeros;
  result.smallestLessOne = smallest;
  return result;
}

HWQ_CLONES Sums sumUp(const float *values, size_t n) {
  constexpr size_t lanes = 16;
  double sum[lanes] = {}, squares[lanes] = {};
  size_t i = 0;
  for (; i + lanes <= n; i += lanes)
    for (size_t lane = 0; lane < lanes; ++lane) {
      double value = values[i + lane];
      sum[lane] += value;
      squares[lane] += value * value;
    }
  for (size_t lane = 0; i < n; ++i, ++lane) {
    double value = values[i];
    sum[lane] += value;
    squares[lane] += value * value;
  }
  Sums result;
  for (size_t lane = 0; lane < lanes; ++lane) {
    result.sum += sum[lane];
    result.squares += squares[lane];
  }
  return result;
}

} // namespace hwq::calibration::detail
