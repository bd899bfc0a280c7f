//===- StatisticsKernels.cpp - Vectorized passes of statistics --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StatisticsKernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

// One function for each instruction set, chosen when the program is loaded.
// Plain loops: the compiler vectorizes them.
#if defined(__x86_64__) && defined(__ELF__)
#include <immintrin.h>
#define HWQ_X86_64
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

constexpr size_t sumLanes = 16;

static Sums addLanes(const double *sum, const double *squares) {
  Sums result;
  for (size_t lane = 0; lane < sumLanes; ++lane) {
    result.sum += sum[lane];
    result.squares += squares[lane];
  }
  return result;
}

HWQ_CLONES static Sums sumUp(const float *values, size_t n) {
  double sum[sumLanes] = {}, squares[sumLanes] = {};
  size_t i = 0;
  for (; i + sumLanes <= n; i += sumLanes)
    for (size_t lane = 0; lane < sumLanes; ++lane) {
      double value = values[i + lane];
      sum[lane] += value;
      squares[lane] += value * value;
    }
  for (size_t lane = 0; i < n; ++i, ++lane) {
    double value = values[i];
    sum[lane] += value;
    squares[lane] += value * value;
  }
  return addLanes(sum, squares);
}

/// Branchless, since zeros come in no order.
HWQ_CLONES static uint32_t *writeKeys(const float *values, size_t n,
                                      uint32_t *keys) {
  for (size_t i = 0; i < n; ++i) {
    uint32_t bits = bitsOf(values[i]);
    *keys = bits >> FloatHistogram::droppedBits;
    keys += (bits << 1) != 0;
  }
  return keys;
}

CountedBlock countBlockPortable(const float *values, size_t n, uint32_t *keys) {
  CountedBlock result;
  result.summary = summarize(values, n);
  if (!result.summary.allFinite())
    return result;
  result.numKeys = static_cast<size_t>(writeKeys(values, n, keys) - keys);
  result.sums = sumUp(values, n);
  return result;
}

#ifdef HWQ_X86_64
/// All in one pass over the values. Smallest and largest are those of the
/// floats, which is right unless one is NaN: sums tell.
__attribute__((target("arch=x86-64-v4"))) static CountedBlock
countBlockAvx512(const float *values, size_t n, uint32_t *keys) {
  __m512 lo = _mm512_set1_ps(std::numeric_limits<float>::infinity());
  __m512 hi = _mm512_set1_ps(-std::numeric_limits<float>::infinity());
  __m512d sumLow = _mm512_setzero_pd(), sumHigh = _mm512_setzero_pd();
  __m512d squaresLow = _mm512_setzero_pd(), squaresHigh = _mm512_setzero_pd();
  const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
  uint32_t *end = keys;
  for (size_t i = 0; i < n; i += sumLanes) {
    size_t rest = n - i;
    auto used =
        static_cast<__mmask16>(rest < sumLanes ? (1u << rest) - 1 : ~0u);
    __m512 x = _mm512_maskz_loadu_ps(used, values + i);
    lo = _mm512_mask_min_ps(lo, used, x, lo);
    hi = _mm512_mask_max_ps(hi, used, x, hi);
    __m512i bits = _mm512_castps_si512(x);
    __mmask16 nonZero = _mm512_test_epi32_mask(bits, magnitude);
    // A store of all is faster than one of the compressed.
    _mm512_storeu_si512(
        end,
        _mm512_maskz_compress_epi32(
            nonZero, _mm512_srli_epi32(bits, FloatHistogram::droppedBits)));
    end += __builtin_popcount(nonZero);
    // What is not used is +0.0 here, and changes nothing.
    __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(x));
    __m512d high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1));
    sumLow = _mm512_add_pd(sumLow, low);
    sumHigh = _mm512_add_pd(sumHigh, high);
    // The square of a float is exact in f64: the same bits as without fusing.
    squaresLow = _mm512_fmadd_pd(low, low, squaresLow);
    squaresHigh = _mm512_fmadd_pd(high, high, squaresHigh);
  }
  double sum[sumLanes], squares[sumLanes];
  _mm512_storeu_pd(sum, sumLow);
  _mm512_storeu_pd(sum + 8, sumHigh);
  _mm512_storeu_pd(squares, squaresLow);
  _mm512_storeu_pd(squares + 8, squaresHigh);
  CountedBlock result;
  result.sums = addLanes(sum, squares);
  // Squares of finite floats are far from the largest f64.
  if (!std::isfinite(result.sums.squares)) {
    result.summary = summarize(values, n);
    return result;
  }
  result.numKeys = static_cast<size_t>(end - keys);
  result.summary.orderedMin = orderedFromBits(bitsOf(_mm512_reduce_min_ps(lo)));
  result.summary.orderedMax = orderedFromBits(bitsOf(_mm512_reduce_max_ps(hi)));
  result.summary.numZeros = static_cast<uint32_t>(n - result.numKeys);
  return result;
}
#endif

CountedBlock countBlock(const float *values, size_t n, uint32_t *keys) {
#ifdef HWQ_X86_64
  static const bool hasAvx512 = __builtin_cpu_supports("x86-64-v4");
  if (hasAvx512)
    return countBlockAvx512(values, n, keys);
#endif
  return countBlockPortable(values, n, keys);
}

HWQ_CLONES uint64_t moveCounts(uint32_t *__restrict from,
                               uint64_t *__restrict to, size_t n) {
  // Counters far below the largest are mostly zero: those are left alone, and
  // what they would be added to out of the cache.
  constexpr size_t atOnce = 16;
  uint64_t sum = 0;
  for (size_t first = 0; first < n; first += atOnce) {
    uint32_t any = 0;
    for (size_t i = first; i < first + atOnce; ++i)
      any |= from[i];
    if (!any)
      continue;
    for (size_t i = first; i < first + atOnce; ++i) {
      sum += from[i];
      to[i] += from[i];
      from[i] = 0;
    }
  }
  return sum;
}

} // namespace hwq::calibration::detail
