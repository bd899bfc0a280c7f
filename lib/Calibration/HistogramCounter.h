//===- HistogramCounter.h - Counts many values at once ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_CALIBRATION_HISTOGRAMCOUNTER_H
#define HWQ_LIB_CALIBRATION_HISTOGRAMCOUNTER_H

#include "hwq/Calibration/FloatHistogram.h"

#include <cstddef>
#include <cstdint>

namespace hwq::calibration::detail {

/// Counts values of one tensor in a histogram by way of 32-bit counters for all
/// bins in one array, which this thread has for all tensors: twice as fast as
/// counting by octave, and always in the cache. A few values are counted
/// directly, since moving the counters over would cost more than it saves.
class HistogramCounter {
public:
  /// `expected` values will come.
  HistogramCounter(FloatHistogram &histogram, uint64_t expected);
  ~HistogramCounter() { flush(); }
  HistogramCounter(const HistogramCounter &) = delete;
  HistogramCounter &operator=(const HistogramCounter &) = delete;

  /// Adds one value for each of `n` keys of finite values. None is farther from
  /// zero than `orderedMin` or `orderedMax` (see `orderedFromBits`).
  void add(const uint32_t *keys, size_t n, int32_t orderedMin,
           int32_t orderedMax);

private:
  void flush();

  FloatHistogram &histogram;
  /// Null where values are counted directly.
  uint32_t *scratch;
  /// How many values the scratch counters hold; the exponents of both signs are
  /// below these.
  uint64_t pending = 0;
  size_t positiveEnd = 0, negativeEnd = 0;
};

} // namespace hwq::calibration::detail

#endif // HWQ_LIB_CALIBRATION_HISTOGRAMCOUNTER_H
