//===- FloatHistogram.cpp - Histogram on the grid of float ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/FloatHistogram.h"

#include "StatisticsKernels.h"

#include <algorithm>

using namespace hwq;
using namespace hwq::calibration;

FloatHistogram::FloatHistogram(const FloatHistogram &other) { merge(other); }

FloatHistogram &FloatHistogram::operator=(const FloatHistogram &other) {
  if (this != &other)
    *this = FloatHistogram(other);
  return *this;
}

uint32_t FloatHistogram::binKey(float value) {
  return detail::bitsOf(value) >> droppedBits;
}

void FloatHistogram::allocate(size_t index) {
  octaves[index] = std::make_unique<uint64_t[]>(binsPerOctave);
}

void FloatHistogram::merge(const FloatHistogram &other) {
  for (size_t index = 0; index < numOctaves; ++index) {
    const uint64_t *from = other.lookup(index);
    if (!from)
      continue;
    uint64_t *to = octave(index);
    for (size_t i = 0; i < binsPerOctave; ++i)
      to[i] += from[i];
  }
}

/// Visits the bins with values of one sign, away from zero or towards it. False
/// if the visitor stopped.
static bool visitSign(const FloatHistogram &histogram, bool negative,
                      bool awayFromZero,
                      llvm::function_ref<bool(const FloatHistogram::Bin &)> f) {
  constexpr size_t perSign = FloatHistogram::numOctaves / 2;
  constexpr size_t perOctave = FloatHistogram::binsPerOctave;
  constexpr uint32_t low = (1u << FloatHistogram::droppedBits) - 1;
  for (size_t o = 0; o < perSign; ++o) {
    size_t exponent = awayFromZero ? o : perSign - 1 - o;
    size_t index = exponent + (negative ? perSign : 0);
    const uint64_t *counts = histogram.lookup(index);
    if (!counts)
      continue;
    for (size_t b = 0; b < perOctave; ++b) {
      size_t bin = awayFromZero ? b : perOctave - 1 - b;
      if (!counts[bin])
        continue;
      uint32_t first = static_cast<uint32_t>(index * perOctave + bin)
                       << FloatHistogram::droppedBits;
      float inner = detail::floatOf(first);
      float outer = detail::floatOf(first | low);
      FloatHistogram::Bin visited{negative ? outer : inner,
                                  negative ? inner : outer, counts[bin]};
      // The bin nearest to zero holds no zeros.
      if (exponent == 0 && bin == 0)
        (negative ? visited.high : visited.low) = detail::floatOf(first + 1);
      if (!f(visited))
        return false;
    }
  }
  return true;
}

void FloatHistogram::forEachAscending(
    llvm::function_ref<bool(const Bin &)> visit) const {
  if (visitSign(*this, /*negative=*/true, /*awayFromZero=*/false, visit))
    visitSign(*this, /*negative=*/false, /*awayFromZero=*/true, visit);
}

void FloatHistogram::forEachDescending(
    llvm::function_ref<bool(const Bin &)> visit) const {
  if (visitSign(*this, /*negative=*/false, /*awayFromZero=*/false, visit))
    visitSign(*this, /*negative=*/true, /*awayFromZero=*/true, visit);
}

uint64_t FloatHistogram::total() const {
  uint64_t sum = 0;
  for (size_t index = 0; index < numOctaves; ++index)
    if (const uint64_t *counts = lookup(index))
      for (size_t i = 0; i < binsPerOctave; ++i)
        sum += counts[i];
  return sum;
}

size_t FloatHistogram::memoryBytes() const {
  size_t hit = std::count_if(octaves.begin(), octaves.end(),
                             [](const auto &counts) { return bool(counts); });
  return hit * binsPerOctave * sizeof(uint64_t);
}

bool FloatHistogram::operator==(const FloatHistogram &other) const {
  auto allZero = [](const uint64_t *counts) {
    return !counts || std::all_of(counts, counts + binsPerOctave,
                                  [](uint64_t count) { return count == 0; });
  };
  for (size_t index = 0; index < numOctaves; ++index) {
    const uint64_t *a = lookup(index), *b = other.lookup(index);
    bool same =
        a && b ? std::equal(a, a + binsPerOctave, b) : allZero(a) && allZero(b);
    if (!same)
      return false;
  }
  return true;
}
