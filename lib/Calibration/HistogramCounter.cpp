//===- HistogramCounter.cpp - Counts many values at once --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HistogramCounter.h"

#include "StatisticsKernels.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

using namespace hwq::calibration;
using namespace hwq::calibration::detail;

/// Below this many values the counters are not moved over.
static constexpr uint64_t fewValues = 8192;

/// Null if there is no memory.
static uint32_t *scratchOfThisThread() {
  struct Free {
    void operator()(uint32_t *memory) const { std::free(memory); }
  };
  static thread_local std::unique_ptr<uint32_t[], Free> counters;
  if (!counters)
    // 2 MiB, but calloc leaves pages that no value hits without memory.
    counters.reset(static_cast<uint32_t *>(
        std::calloc(FloatHistogram::numOctaves * FloatHistogram::binsPerOctave,
                    sizeof(uint32_t))));
  return counters.get();
}

HistogramCounter::HistogramCounter(FloatHistogram &histogram, uint64_t expected)
    : histogram(histogram),
      scratch(expected < fewValues ? nullptr : scratchOfThisThread()) {}

static size_t exponentOf(int32_t ordered) {
  uint32_t magnitude = bitsFromOrdered(ordered) & 0x7fffffffu;
  return (magnitude >> FloatHistogram::droppedBits) /
         FloatHistogram::binsPerOctave;
}

void HistogramCounter::add(const uint32_t *keys, size_t n, int32_t orderedMin,
                           int32_t orderedMax) {
  if (!scratch) {
    for (size_t i = 0; i < n; ++i)
      histogram.add(keys[i]);
    return;
  }
  if (pending + n > UINT32_MAX)
    flush();
  for (size_t i = 0; i < n; ++i)
    ++scratch[keys[i]];
  pending += n;
  // -0.0 is -1.
  if (orderedMax > 0)
    positiveEnd = std::max(positiveEnd, exponentOf(orderedMax) + 1);
  if (orderedMin < -1)
    negativeEnd = std::max(negativeEnd, exponentOf(orderedMin) + 1);
}

void HistogramCounter::flush() {
  constexpr size_t bins = FloatHistogram::binsPerOctave;
  auto move = [&](size_t octave) {
    uint32_t *from = scratch + octave * bins;
    auto isZero = [](uint32_t count) { return count == 0; };
    if (histogram.lookup(octave) || !std::all_of(from, from + bins, isZero))
      pending -= moveCounts(from, histogram.octave(octave), bins);
  };
  // From the largest magnitudes on, until nothing is left.
  for (size_t e = std::max(positiveEnd, negativeEnd); pending; --e) {
    if (e <= positiveEnd)
      move(e - 1);
    if (e <= negativeEnd)
      move(FloatHistogram::numOctaves / 2 + e - 1);
  }
  positiveEnd = negativeEnd = 0;
}
