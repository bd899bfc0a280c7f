//===- Statistics.cpp - Streaming statistics of activations -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/Statistics.h"

#include "HistogramCounter.h"
#include "StatisticsKernels.h"

#include <algorithm>
#include <cmath>
#include <tuple>

using namespace hwq;
using namespace hwq::calibration;

llvm::StringRef BadValue::kindName() const {
  switch (kind) {
  case Kind::NaN:
    return "nan";
  case Kind::PlusInfinity:
    return "inf";
  case Kind::MinusInfinity:
    return "-inf";
  }
  return "not finite";
}

bool BadValue::operator<(const BadValue &other) const {
  return std::tie(sampleIndex, elementIndex, kind) <
         std::tie(other.sampleIndex, other.elementIndex, other.kind);
}

//===----------------------------------------------------------------------===//
// TensorStatistics
//===----------------------------------------------------------------------===//

struct TensorStatistics::Extent {
  uint64_t count = 0;
  int32_t orderedMin = INT32_MAX;
  int32_t orderedMax = INT32_MIN;

  void include(uint64_t number, int32_t smallest, int32_t largest) {
    count += number;
    orderedMin = std::min(orderedMin, smallest);
    orderedMax = std::max(orderedMax, largest);
  }
};

/// -0.0 is the integer -1 and becomes +0.0.
static float fromOrdered(int32_t ordered) {
  return detail::floatOf(detail::bitsFromOrdered(ordered == -1 ? 0 : ordered));
}

void TensorStatistics::addSamples(const float *values, size_t n,
                                  llvm::ArrayRef<int64_t> sampleIndices) {
  std::vector<Extent> extents(sampleIndices.size());
  if (collected == Collect::Histogram) {
    detail::DefaultFloatMode mode;
    detail::HistogramCounter counter(counts, uint64_t(n) * extents.size());
    for (size_t s = 0; s < extents.size(); ++s)
      addWithHistogram(values + s * n, n, sampleIndices[s], counter,
                       extents[s]);
  } else {
    for (size_t s = 0; s < extents.size(); ++s)
      addMinMax(values + s * n, n, sampleIndices[s], extents[s]);
  }
  // Statistics of channels do not see the samples that have none of them.
  if (!perChannel.empty() && n && !extents.empty()) {
    perChannel.clear();
    channelsDiffer = true;
  }
  for (size_t s = 0; s < extents.size(); ++s) {
    const Extent &extent = extents[s];
    if (!extent.count)
      continue;
    numFinite += extent.count;
    orderedMin = std::min(orderedMin, extent.orderedMin);
    orderedMax = std::max(orderedMax, extent.orderedMax);
    if (!isChannel)
      noteSample({sampleIndices[s], fromOrdered(extent.orderedMin),
                  fromOrdered(extent.orderedMax)});
  }
}

void TensorStatistics::addWithChannels(const float *values, size_t rows,
                                       size_t channels, int64_t sampleIndex,
                                       size_t inner) {
  std::vector<TensorStatistics> parts;
  parts.swap(perChannel);
  bool fresh = parts.empty() && numFinite + numBad == 0;
  add(values, rows * channels * inner, sampleIndex);
  if (channelsDiffer || (!fresh && parts.size() != channels)) {
    channelsDiffer = true;
    return;
  }
  if (parts.empty()) {
    parts.assign(channels, TensorStatistics(collected));
    for (TensorStatistics &part : parts)
      part.isChannel = true;
  }
  std::vector<float> column(rows * inner);
  for (size_t c = 0; c < channels; ++c) {
    for (size_t r = 0; r < rows; ++r)
      std::copy_n(values + (r * channels + c) * inner, inner,
                  column.data() + r * inner);
    parts[c].add(column.data(), column.size(), sampleIndex);
  }
  perChannel.swap(parts);
}

/// Ascending by index, then by the representations: total, so that the order of
/// adding shows nowhere.
static bool isBefore(const SampleRange &a, const SampleRange &b) {
  auto key = [](const SampleRange &range) {
    return std::tuple(range.index, detail::bitsOf(range.min),
                      detail::bitsOf(range.max));
  };
  return key(a) < key(b);
}

void TensorStatistics::noteSample(const SampleRange &range) {
  auto place = sampleRanges.end();
  if (!sampleRanges.empty() && !isBefore(sampleRanges.back(), range))
    place = std::lower_bound(sampleRanges.begin(), sampleRanges.end(), range,
                             isBefore);
  if (place == sampleRanges.end() || isBefore(range, *place))
    sampleRanges.insert(place, range);
}

void TensorStatistics::addMinMax(const float *values, size_t n,
                                 int64_t sampleIndex, Extent &extent) {
  for (size_t first = 0; first < n; first += detail::blockSize) {
    const float *block = values + first;
    size_t size = std::min(detail::blockSize, n - first);
    detail::BlockSummary summary = detail::summarize(block, size);
    if (!summary.allFinite()) {
      addBlockWithBad(block, size, first, sampleIndex, extent);
      continue;
    }
    numZeros += summary.numZeros;
    extent.include(size, summary.orderedMin, summary.orderedMax);
  }
}

void TensorStatistics::addWithHistogram(const float *values, size_t n,
                                        int64_t sampleIndex,
                                        detail::HistogramCounter &counter,
                                        Extent &extent) {
  uint32_t keys[detail::keyBufferSize];
  for (size_t first = 0; first < n; first += detail::keyBlockSize) {
    const float *block = values + first;
    size_t size = std::min(detail::keyBlockSize, n - first);
    detail::CountedBlock found = detail::countBlock(block, size, keys);
    const detail::BlockSummary &summary = found.summary;
    if (!summary.allFinite()) {
      addBlockWithBad(block, size, first, sampleIndex, extent);
      continue;
    }
    numZeros += summary.numZeros;
    extent.include(size, summary.orderedMin, summary.orderedMax);
    if (!found.numKeys)
      continue;
    total.add(found.sums.sum);
    totalOfSquares.add(found.sums.squares);
    // Increments of one and the same counter wait for each other.
    if (summary.orderedMin == summary.orderedMax)
      counts.add(keys[0], size);
    else
      counter.add(keys, found.numKeys, summary.orderedMin, summary.orderedMax);
  }
}

void TensorStatistics::addBlockWithBad(const float *values, size_t n,
                                       uint64_t firstElement,
                                       int64_t sampleIndex, Extent &extent) {
  std::vector<float> finite(values, values + n);
  for (size_t i = 0; i < n; ++i) {
    uint32_t bits = detail::bitsOf(values[i]);
    uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude >= detail::infinityBits) {
      ++numBad;
      BadValue::Kind kind = magnitude > detail::infinityBits
                                ? BadValue::Kind::NaN
                            : bits == magnitude ? BadValue::Kind::PlusInfinity
                                                : BadValue::Kind::MinusInfinity;
      noteBad({sampleIndex, firstElement + i, kind});
      finite[i] = 0.0f;
      continue;
    }
    int32_t ordered = detail::orderedFromBits(bits);
    extent.include(1, ordered, ordered);
    if (magnitude == 0)
      ++numZeros;
    else if (collected == Collect::Histogram)
      counts.add(bits >> FloatHistogram::droppedBits);
  }
  if (collected == Collect::Histogram) {
    uint32_t keys[detail::keyBufferSize];
    detail::Sums sums = detail::countBlock(finite.data(), n, keys).sums;
    total.add(sums.sum);
    totalOfSquares.add(sums.squares);
  }
}

void TensorStatistics::noteBad(const BadValue &value) {
  if (!bad || value < *bad)
    bad = value;
}

void TensorStatistics::merge(const TensorStatistics &other) {
  if (&other == this)
    return merge(TensorStatistics(other));
  // Channels before the counts, which tell whether there was anything.
  auto isFresh = [](const TensorStatistics &s) {
    return s.numFinite + s.numBad == 0 && s.perChannel.empty();
  };
  channelsDiffer |= other.channelsDiffer;
  if (isFresh(*this))
    perChannel = other.perChannel;
  else if (perChannel.size() != other.perChannel.size() && !isFresh(other))
    channelsDiffer |= !perChannel.empty() || !other.perChannel.empty();
  else if (!isFresh(other))
    for (size_t c = 0; c < perChannel.size(); ++c)
      perChannel[c].merge(other.perChannel[c]);
  if (channelsDiffer)
    perChannel.clear();

  numFinite += other.numFinite;
  numZeros += other.numZeros;
  numBad += other.numBad;
  orderedMin = std::min(orderedMin, other.orderedMin);
  orderedMax = std::max(orderedMax, other.orderedMax);
  if (other.bad)
    noteBad(*other.bad);
  if (sampleRanges.empty()) {
    sampleRanges = other.sampleRanges;
  } else if (!other.sampleRanges.empty()) {
    std::vector<SampleRange> merged;
    merged.reserve(sampleRanges.size() + other.sampleRanges.size());
    std::set_union(sampleRanges.begin(), sampleRanges.end(),
                   other.sampleRanges.begin(), other.sampleRanges.end(),
                   std::back_inserter(merged), isBefore);
    sampleRanges = std::move(merged);
  }
  for (auto [point, number] : other.pointVotes)
    pointVotes[point] += number;
  if (collected == Collect::Histogram &&
      other.collected == Collect::Histogram) {
    counts.merge(other.counts);
    total.add(other.total);
    totalOfSquares.add(other.totalOfSquares);
    return;
  }
  collected = Collect::MinMax;
  counts = FloatHistogram();
  total = {};
  totalOfSquares = {};
}

float TensorStatistics::min() const {
  return empty() ? 0.0f : fromOrdered(orderedMin);
}

float TensorStatistics::max() const {
  return empty() ? 0.0f : fromOrdered(orderedMax);
}

double TensorStatistics::mean() const {
  return empty() ? 0.0 : sum() / static_cast<double>(numFinite);
}

double TensorStatistics::deviation() const {
  if (numFinite < 2)
    return 0.0;
  double n = static_cast<double>(numFinite);
  double variance = (sumOfSquares() - sum() * (sum() / n)) / (n - 1);
  return variance > 0 ? std::sqrt(variance) : 0.0;
}

size_t TensorStatistics::memoryBytes() const {
  size_t bytes = sizeof(*this) + counts.memoryBytes() +
                 sampleRanges.capacity() * sizeof(SampleRange);
  for (const TensorStatistics &channel : perChannel)
    bytes += channel.memoryBytes();
  return bytes;
}

bool TensorStatistics::operator==(const TensorStatistics &other) const {
  auto sameRange = [](const SampleRange &a, const SampleRange &b) {
    return a.index == b.index &&
           detail::bitsOf(a.min) == detail::bitsOf(b.min) &&
           detail::bitsOf(a.max) == detail::bitsOf(b.max);
  };
  return collected == other.collected && numFinite == other.numFinite &&
         numZeros == other.numZeros && numBad == other.numBad &&
         detail::bitsOf(min()) == detail::bitsOf(other.min()) &&
         detail::bitsOf(max()) == detail::bitsOf(other.max()) &&
         bad == other.bad && counts == other.counts && total == other.total &&
         totalOfSquares == other.totalOfSquares &&
         std::equal(sampleRanges.begin(), sampleRanges.end(),
                    other.sampleRanges.begin(), other.sampleRanges.end(),
                    sameRange) &&
         perChannel == other.perChannel && pointVotes == other.pointVotes;
}

//===----------------------------------------------------------------------===//
// Statistics
//===----------------------------------------------------------------------===//

size_t Statistics::registerTensor(llvm::StringRef name) {
  auto [it, isNew] = indices.try_emplace(name, entries.size());
  if (isNew)
    entries.push_back({name.str(), TensorStatistics(collected)});
  return it->second;
}

const TensorStatistics *Statistics::lookup(llvm::StringRef name) const {
  auto it = indices.find(name);
  return it == indices.end() ? nullptr : &entries[it->second].statistics;
}

void Statistics::merge(const Statistics &other) {
  // By index, since merging with itself would otherwise run for ever.
  for (size_t i = 0, n = other.size(); i < n; ++i) {
    size_t numBefore = size();
    size_t index = registerTensor(other.name(i));
    if (index == numBefore)
      entries[index].statistics = other[i];
    else
      entries[index].statistics.merge(other[i]);
  }
}

const Statistics::Entry *Statistics::firstBad() const {
  const Entry *first = nullptr;
  for (const Entry &entry : entries) {
    std::optional<BadValue> bad = entry.statistics.firstBad();
    if (bad && (!first ||
                bad->sampleIndex < first->statistics.firstBad()->sampleIndex))
      first = &entry;
  }
  return first;
}

size_t Statistics::memoryBytes() const {
  size_t bytes = sizeof(*this);
  for (const Entry &entry : entries)
    bytes += entry.statistics.memoryBytes() + entry.name.size();
  return bytes;
}

bool Statistics::operator==(const Statistics &other) const {
  return std::equal(begin(), end(), other.begin(), other.end(),
                    [](const Entry &a, const Entry &b) {
                      return a.name == b.name && a.statistics == b.statistics;
                    });
}
