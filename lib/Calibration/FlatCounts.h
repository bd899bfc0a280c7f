//===- FlatCounts.h - Scratch counters of one thread ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_CALIBRATION_FLATCOUNTS_H
#define HWQ_LIB_CALIBRATION_FLATCOUNTS_H

#include "hwq/Calibration/FloatHistogram.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace hwq::calibration::detail {

/// 32-bit counters for all bins of a `FloatHistogram` in one array. Counting
/// here and moving the counts over at the end of a tensor is twice as fast as
/// counting by octave, and all tensors share the cache lines. Pages that no
/// value hits take no memory.
class FlatCounts {
public:
  /// How many values may be counted before `moveTo`.
  static constexpr uint64_t capacity = UINT32_MAX;

  /// The object of this thread, allocated (2 MiB) when first used; null if
  /// there is no memory for it.
  static FlatCounts *ofThisThread();

  /// Keys of finite values or ignored keys.
  void addKeys(const uint32_t *keys, size_t n) {
    uint32_t *counters = table.get();
    for (size_t i = 0; i < n; ++i)
      ++counters[keys[i]];
  }

  /// Adds the counts of octaves `first` to `last` inclusive to `histogram` and
  /// clears them.
  void moveTo(FloatHistogram &histogram, size_t first, size_t last);

private:
  struct Free {
    void operator()(uint32_t *memory) const { std::free(memory); }
  };
  std::unique_ptr<uint32_t[], Free> table;
};

} // namespace hwq::calibration::detail

#endif // HWQ_LIB_CALIBRATION_FLATCOUNTS_H
