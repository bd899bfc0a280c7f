//===- FloatHistogram.h - Histogram on the grid of float itself -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CALIBRATION_FLOATHISTOGRAM_H
#define HWQ_CALIBRATION_FLOATHISTOGRAM_H

#include "llvm/ADT/STLFunctionalExtras.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace hwq::calibration {

/// A histogram of finite, non-zero floats whose bins are the leading 19 bits of
/// the value's own representation: sign, 8 bits of exponent, 10 of mantissa.
///
/// The grid is fixed, so no range has to be known in advance, two histograms
/// merge by adding integers, and the result is the same bits in any order. A
/// bin is 2^-10 of its octave wide (2^-136 in the subnormal octave). Counters
/// are kept by octave and allocated when the octave is first hit: 8 KiB for
/// each of at most 510 octaves, whatever the number of values.
class FloatHistogram {
public:
  /// Bits of a float's representation below the grid.
  static constexpr unsigned droppedBits = 13;
  static constexpr size_t binsPerOctave = 1024;
  /// Sign times biased exponent; the two octaves of exponent 255 (infinity and
  /// NaN) are never counted.
  static constexpr size_t numOctaves = 512;

  /// A bin with at least one value: the floats between `low` and `high`, both
  /// inclusive and of the same sign.
  struct Bin {
    float low;
    float high;
    uint64_t count;
  };

  FloatHistogram() = default;
  FloatHistogram(const FloatHistogram &other);
  FloatHistogram(FloatHistogram &&) = default;
  FloatHistogram &operator=(const FloatHistogram &other);
  FloatHistogram &operator=(FloatHistogram &&) = default;

  /// The bin of a value: its representation without the low 13 bits. Keys of
  /// positive values ascend with the value, those of negative ones descend.
  static uint32_t binKey(float value);

  /// Adds `count` values of the bin `key`. The bin must be of finite values.
  void add(uint32_t key, uint64_t count = 1) {
    octave(key / binsPerOctave)[key % binsPerOctave] += count;
  }

  /// The counters of an octave (`key / binsPerOctave`), allocated on demand.
  uint64_t *octave(size_t index) {
    if (!octaves[index])
      allocate(index);
    return octaves[index].get();
  }

  /// The counters of an octave, null if it was never hit.
  const uint64_t *lookup(size_t index) const { return octaves[index].get(); }

  void merge(const FloatHistogram &other);

  /// Calls `visit` for each bin with values, in ascending order of value, until
  /// it returns false. Zero is not part of the histogram.
  void forEachAscending(llvm::function_ref<bool(const Bin &)> visit) const;

  /// The same in descending order of value.
  void forEachDescending(llvm::function_ref<bool(const Bin &)> visit) const;

  /// Sum of all counts.
  uint64_t total() const;

  /// Bytes of the allocated counters; at most 4 MiB.
  size_t memoryBytes() const;

  /// Equal counts, whether or not an empty octave is allocated.
  bool operator==(const FloatHistogram &other) const;
  bool operator!=(const FloatHistogram &other) const {
    return !(*this == other);
  }

private:
  void allocate(size_t index);

  std::array<std::unique_ptr<uint64_t[]>, numOctaves> octaves;
};

} // namespace hwq::calibration

#endif // HWQ_CALIBRATION_FLOATHISTOGRAM_H
