//===- Statistics.h - Streaming statistics of activations -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What calibration keeps of the float tensors of a program: one pass over the
// data, memory independent of the number of samples, and the same bits for any
// number of threads, any split of the samples and any order of merging.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CALIBRATION_STATISTICS_H
#define HWQ_CALIBRATION_STATISTICS_H

#include "hwq/Calibration/ExactSum.h"
#include "hwq/Calibration/FloatHistogram.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hwq::calibration {

namespace detail {
class HistogramCounter;
} // namespace detail

/// What is collected. Min and max alone run at the speed of memory; only
/// methods that look at the distribution need the histogram, and the sums that
/// come with it.
enum class Collect { MinMax, Histogram };

/// Smallest and largest finite value of a tensor in one sample, never -0.0.
struct SampleRange {
  int64_t index;
  float min;
  float max;
};

/// A value that is not finite, and where it was met.
struct BadValue {
  /// Ordered: decides between values at the same place.
  enum class Kind : uint8_t { NaN, PlusInfinity, MinusInfinity };

  int64_t sampleIndex;
  /// Position in the values of that sample.
  uint64_t elementIndex;
  Kind kind;

  /// "nan", "inf" or "-inf".
  llvm::StringRef kindName() const;
  bool operator==(const BadValue &other) const {
    return sampleIndex == other.sampleIndex &&
           elementIndex == other.elementIndex && kind == other.kind;
  }
  /// By sample, then element, then kind.
  bool operator<(const BadValue &other) const;
};

/// Statistics of one tensor over the samples added so far.
///
/// All state is integers and exact minima and maxima, so `merge` is associative
/// and commutative to the bit. The sums are exact sums of partial sums in f64,
/// each over 4096 successive values of one sample in a fixed order. Subnormal
/// numbers count as what they are, even if the caller's floating-point unit
/// flushes them. One object is not to be used by two threads at the same time:
/// each thread fills its own, then merge.
class TensorStatistics {
public:
  explicit TensorStatistics(Collect collect = Collect::MinMax)
      : collected(collect) {}

  /// Adds the `n` values that this tensor has for one sample. `sampleIndex`
  /// serves to name the sample in errors.
  void add(const float *values, size_t n, int64_t sampleIndex) {
    addSamples(values, n, sampleIndex);
  }

  /// The same for several samples of `n` values each, one after the other:
  /// faster than one by one.
  void addSamples(const float *values, size_t n,
                  llvm::ArrayRef<int64_t> sampleIndices);

  /// The same for values [rows, channels, inner]; each channel is also counted
  /// on its own. All samples must have the same number of channels; if not,
  /// there are no channels any more.
  void addWithChannels(const float *values, size_t rows, size_t channels,
                       int64_t sampleIndex, size_t inner = 1);

  /// Counts one vote for a binary point (see RangeMethod.h, `pot`).
  void addVote(int fractionBits) { ++pointVotes[fractionBits]; }

  /// Adds what `other` has seen. If only one of the two has a histogram the
  /// result has none, since it would not cover all values.
  void merge(const TensorStatistics &other);

  Collect collect() const { return collected; }

  /// Number of finite values, zeros included.
  uint64_t count() const { return numFinite; }
  /// Number of values that are +0.0 or -0.0.
  uint64_t zeroCount() const { return numZeros; }
  /// Number of values that are NaN or infinite. They are in no other statistic.
  uint64_t badCount() const { return numBad; }
  bool empty() const { return numFinite == 0; }

  /// Smallest and largest finite value, never -0.0; both 0.0 when empty.
  float min() const;
  float max() const;

  /// One record for each sample with a finite value, by ascending index. Equal
  /// records are one, but a sample that came twice with other values has two.
  llvm::ArrayRef<SampleRange> samples() const { return sampleRanges; }

  /// Sum and sum of squares of the finite values, each of the partial sums
  /// rounded to f64; 0 for `Collect::MinMax`.
  double sum() const { return total.toDouble(); }
  double sumOfSquares() const { return totalOfSquares.toDouble(); }
  /// Their mean, and their standard deviation with the divisor N - 1; 0 where
  /// there are too few values.
  double mean() const;
  double deviation() const;

  /// Statistics of each channel, without records of samples; empty unless all
  /// samples came through `addWithChannels`.
  llvm::ArrayRef<TensorStatistics> channels() const { return perChannel; }

  /// Votes for binary points, one for each batch: fraction bits to number.
  const std::map<int, uint64_t> &votes() const { return pointVotes; }

  /// The first value that is not finite, by sample and element; an error for
  /// whoever wants to derive something from these statistics.
  std::optional<BadValue> firstBad() const { return bad; }

  /// The distribution of the finite, non-zero values; null for
  /// `Collect::MinMax`.
  const FloatHistogram *histogram() const {
    return collected == Collect::Histogram ? &counts : nullptr;
  }

  /// Bytes of this object and what it owns: at most 4 MiB for the histogram and
  /// 16 bytes for each sample (without channels).
  size_t memoryBytes() const;

  bool operator==(const TensorStatistics &other) const;
  bool operator!=(const TensorStatistics &other) const {
    return !(*this == other);
  }

private:
  friend class StatisticsReader;
  friend class StatisticsWriter;

  /// What one sample contributes besides the counters.
  struct Extent;
  void addMinMax(const float *values, size_t n, int64_t sampleIndex,
                 Extent &extent);
  void addWithHistogram(const float *values, size_t n, int64_t sampleIndex,
                        detail::HistogramCounter &counter, Extent &extent);
  void addBlockWithBad(const float *values, size_t n, uint64_t firstElement,
                       int64_t sampleIndex, Extent &extent);
  void noteBad(const BadValue &value);
  void noteSample(const SampleRange &range);

  Collect collected;
  uint64_t numFinite = 0;
  uint64_t numZeros = 0;
  uint64_t numBad = 0;
  // Ordered integers of the floats (detail::orderedFromBits), so that nothing
  // depends on the mode of the floating-point unit.
  int32_t orderedMin = INT32_MAX;
  int32_t orderedMax = INT32_MIN;
  std::optional<BadValue> bad;
  FloatHistogram counts;
  // Floats are multiples of 2^-149 below 2^128, their squares of 2^-298 below
  // 2^256; 64 bits are for their number.
  ExactSum<6, -149> total;
  ExactSum<10, -298> totalOfSquares;
  // Sorted by index, min and max.
  std::vector<SampleRange> sampleRanges;
  std::vector<TensorStatistics> perChannel;
  bool isChannel = false, channelsDiffer = false;
  std::map<int, uint64_t> pointVotes;
};

/// Statistics of the tensors of a program, in the order in which their names
/// were first registered.
class Statistics {
public:
  struct Entry {
    std::string name;
    TensorStatistics statistics;
  };

  explicit Statistics(Collect collect = Collect::MinMax) : collected(collect) {}

  Collect collect() const { return collected; }

  /// The index of a tensor, which is added at the end if it is new. References
  /// to statistics stay valid.
  size_t registerTensor(llvm::StringRef name);

  size_t size() const { return entries.size(); }
  bool empty() const { return entries.empty(); }
  /// By the index that `registerTensor` gave.
  TensorStatistics &operator[](size_t index) {
    return entries[index].statistics;
  }
  const TensorStatistics &operator[](size_t index) const {
    return entries[index].statistics;
  }
  llvm::StringRef name(size_t index) const { return entries[index].name; }

  /// Null if no tensor has that name.
  const TensorStatistics *lookup(llvm::StringRef name) const;

  /// In order of registration.
  std::deque<Entry>::const_iterator begin() const { return entries.begin(); }
  std::deque<Entry>::const_iterator end() const { return entries.end(); }

  /// Shorthand that registers `name` if it is new.
  void add(llvm::StringRef name, const float *values, size_t n,
           int64_t sampleIndex) {
    (*this)[registerTensor(name)].add(values, n, sampleIndex);
  }

  /// Adds `other` tensor by tensor. Names that are new here follow in their
  /// order there: register all names in one order before filling per-thread
  /// objects, and the result is the same for any order of merging.
  void merge(const Statistics &other);

  /// The tensor with the first value that is not finite, by sample, then by
  /// order of registration: usually the one in which it arose. Null if all
  /// values are finite.
  const Entry *firstBad() const;

  size_t memoryBytes() const;

  /// Same names in the same order with equal statistics.
  bool operator==(const Statistics &other) const;
  bool operator!=(const Statistics &other) const { return !(*this == other); }

private:
  Collect collected;
  // A deque, so that references survive registration.
  std::deque<Entry> entries;
  llvm::StringMap<size_t> indices;
};

} // namespace hwq::calibration

#endif // HWQ_CALIBRATION_STATISTICS_H
