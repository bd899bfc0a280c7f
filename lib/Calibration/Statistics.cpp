//===- Statistics.cpp - Streaming statistics of activations -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/Statistics.h"

#include "FlatCounts.h"
#include "StatisticsKernels.h"

#include <algorithm>
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

/// Tensors below this many values count by octave directly: moving the scratch
/// counters over would cost more than it saves.
static constexpr size_t fewValues = 32768;

void TensorStatistics::add(const float *values, size_t n, int64_t sampleIndex) {
  if (collected == Collect::Histogram) {
    addWithHistogram(values, n, sampleIndex);
    return;
  }
  for (size_t first = 0; first < n; first += detail::blockSize) {
    const float *block = values + first;
    size_t size = std::min(detail::blockSize, n - first);
    detail::BlockSummary summary = detail::summarize(block, size);
    if (!summary.allFinite()) {
      addBlockWithBad(block, size, first, sampleIndex);
      continue;
    }
    numFinite += size;
    numZeros += summary.numZeros;
    orderedMin = std::min(orderedMin, summary.orderedMin);
    orderedMax = std::max(orderedMax, summary.orderedMax);
  }
}

void TensorStatistics::addWithHistogram(const float *values, size_t n,
                                        int64_t sampleIndex) {
  uint32_t keys[detail::keyBlockSize];
  detail::FlatCounts *scratch =
      n < fewValues ? nullptr : detail::FlatCounts::ofThisThread();
  // What is in the scratch counters.
  uint64_t pending = 0;
  detail::BlockSummary range;
  auto flush = [&] {
    // Octaves of one sign from the smallest magnitude to the largest.
    auto octave = [](uint32_t magnitude) {
      return (magnitude >> FloatHistogram::droppedBits) /
             FloatHistogram::binsPerOctave;
    };
    size_t smallest = octave(range.smallestLessOne + 1);
    constexpr size_t negative = FloatHistogram::numOctaves / 2;
    if (range.orderedMax > 0)
      scratch->moveTo(counts, smallest,
                      octave(static_cast<uint32_t>(range.orderedMax)));
    // -0.0 is -1.
    if (range.orderedMin < -1)
      scratch->moveTo(counts, negative + smallest,
                      negative +
                          octave(~static_cast<uint32_t>(range.orderedMin)));
    pending = 0;
    range = detail::BlockSummary();
  };

  for (size_t first = 0; first < n; first += detail::keyBlockSize) {
    const float *block = values + first;
    size_t size = std::min(detail::keyBlockSize, n - first);
    detail::BlockSummary summary = detail::summarizeWithKeys(block, size, keys);
    if (!summary.allFinite()) {
      addBlockWithBad(block, size, first, sampleIndex);
      continue;
    }
    numFinite += size;
    numZeros += summary.numZeros;
    orderedMin = std::min(orderedMin, summary.orderedMin);
    orderedMax = std::max(orderedMax, summary.orderedMax);
    if (summary.numZeros == size)
      continue;
    if (summary.orderedMin == summary.orderedMax) {
      counts.add(keys[0], size);
      continue;
    }
    if (!scratch) {
      counts.addKeys(keys, size);
      continue;
    }
    if (pending + size > detail::FlatCounts::capacity)
      flush();
    scratch->addKeys(keys, size);
    pending += size;
    range.orderedMin = std::min(range.orderedMin, summary.orderedMin);
    range.orderedMax = std::max(range.orderedMax, summary.orderedMax);
    range.smallestLessOne =
        std::min(range.smallestLessOne, summary.smallestLessOne);
  }
  if (pending)
    flush();
}

void TensorStatistics::addBlockWithBad(const float *values, size_t n,
                                       uint64_t firstElement,
                                       int64_t sampleIndex) {
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
      continue;
    }
    ++numFinite;
    int32_t ordered = detail::orderedFromBits(bits);
    orderedMin = std::min(orderedMin, ordered);
    orderedMax = std::max(orderedMax, ordered);
    if (magnitude == 0)
      ++numZeros;
    else if (collected == Collect::Histogram)
      counts.add(bits >> FloatHistogram::droppedBits);
  }
}

void TensorStatistics::noteBad(const BadValue &value) {
  if (!bad || value < *bad)
    bad = value;
}

void TensorStatistics::merge(const TensorStatistics &other) {
  numFinite += other.numFinite;
  numZeros += other.numZeros;
  numBad += other.numBad;
  orderedMin = std::min(orderedMin, other.orderedMin);
  orderedMax = std::max(orderedMax, other.orderedMax);
  if (other.bad)
    noteBad(*other.bad);
  if (collected == Collect::Histogram &&
      other.collected == Collect::Histogram) {
    counts.merge(other.counts);
    return;
  }
  collected = Collect::MinMax;
  counts = FloatHistogram();
}

/// -0.0 is the integer -1 and becomes +0.0.
static float fromOrdered(int32_t ordered) {
  return detail::floatOf(detail::bitsFromOrdered(ordered == -1 ? 0 : ordered));
}

float TensorStatistics::min() const {
  return empty() ? 0.0f : fromOrdered(orderedMin);
}

float TensorStatistics::max() const {
  return empty() ? 0.0f : fromOrdered(orderedMax);
}

bool TensorStatistics::operator==(const TensorStatistics &other) const {
  return collected == other.collected && numFinite == other.numFinite &&
         numZeros == other.numZeros && numBad == other.numBad &&
         detail::bitsOf(min()) == detail::bitsOf(other.min()) &&
         detail::bitsOf(max()) == detail::bitsOf(other.max()) &&
         bad == other.bad && counts == other.counts;
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
