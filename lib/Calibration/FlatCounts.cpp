//===- FlatCounts.cpp - Scratch counters of one thread ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FlatCounts.h"

using namespace hwq::calibration;
using namespace hwq::calibration::detail;

FlatCounts *FlatCounts::ofThisThread() {
  static thread_local FlatCounts counts;
  if (!counts.table)
    // calloc leaves pages that are never touched without memory.
    counts.table.reset(static_cast<uint32_t *>(
        std::calloc(FloatHistogram::ignoredKey + FloatHistogram::numIgnoredKeys,
                    sizeof(uint32_t))));
  return counts.table ? &counts : nullptr;
}

void FlatCounts::moveTo(FloatHistogram &histogram, size_t first, size_t last) {
  constexpr size_t bins = FloatHistogram::binsPerOctave;
  for (size_t index = first; index <= last; ++index) {
    uint32_t *from = table.get() + index * bins;
    uint32_t any = 0;
    for (size_t i = 0; i < bins; ++i)
      any |= from[i];
    if (!any)
      continue;
    uint64_t *to = histogram.octave(index);
    for (size_t i = 0; i < bins; ++i) {
      to[i] += from[i];
      from[i] = 0;
    }
  }
}
