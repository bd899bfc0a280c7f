//===- Codebook.cpp - Look-up table of levels -----------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Codebook.h"

#include "SchemeLoops.h"

#include <algorithm>
#include <limits>

namespace hwq::numerics {
namespace {

constexpr size_t maxLevels = 65536;

/// The sign of a + b - 2x, exact.
int compareSum(float a, float b, float x) {
  double da = static_cast<double>(a), db = static_cast<double>(b);
  double sum = da + db, twice = 2 * static_cast<double>(x);
  if (sum != twice)
    return sum > twice ? 1 : -1;
  // The rounding error of the sum (Knuth).
  double part = sum - da;
  double rest = (da - (sum - part)) + (db - part);
  return rest > 0 ? 1 : (rest < 0 ? -1 : 0);
}

/// The smallest f32 nearer to b than to a, a < b; a tie counts for b if it is
/// not negative.
float threshold(float a, float b) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  auto belongsToB = [&](float x) {
    int sign = compareSum(a, b, x);
    return sign < 0 || (sign == 0 && x >= 0);
  };
  float x = static_cast<float>(static_cast<double>(a) / 2 +
                               static_cast<double>(b) / 2);
  while (!belongsToB(x))
    x = std::nextafter(x, infinity);
  for (float below = std::nextafter(x, -infinity); belongsToB(below);
       below = std::nextafter(x, -infinity))
    x = below;
  return x;
}

} // namespace

Result<Codebook> Codebook::create(std::vector<float> levels) {
  for (float &level : levels) {
    if (!std::isfinite(level))
      return failure("expected finite levels, got " +
                     text(static_cast<double>(level)));
    level += 0.0f; // no -0
  }
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  if (levels.empty() || levels.size() > maxLevels)
    return failure("expected 1 to 65536 levels, got " +
                   std::to_string(levels.size()));
  Codebook result;
  for (size_t i = 0; i + 1 < levels.size(); ++i)
    result.limits.push_back(threshold(levels[i], levels[i + 1]));
  result.values = std::move(levels);
  return result;
}

int32_t quantize(const Codebook &scheme, float x) {
  const std::vector<float> &limits = scheme.thresholds();
  float value = std::isnan(x) ? 0 : x;
  auto above = std::upper_bound(limits.begin(), limits.end(), value);
  return static_cast<int32_t>(above - limits.begin());
}

float dequantize(const Codebook &scheme, int32_t code) {
  const std::vector<float> &levels = scheme.levels();
  if (levels.empty())
    return 0;
  auto last = static_cast<int32_t>(levels.size()) - 1;
  return levels[static_cast<size_t>(std::clamp(code, 0, last))];
}

void quantizeArray(const Codebook &scheme, const float *x, size_t count,
                   int32_t *codes) {
  quantizeEach(scheme, x, count, codes);
}

void fakeQuantize(const Codebook &scheme, const float *x, size_t count,
                  float *y) {
  fakeQuantizeEach(scheme, x, count, y);
}

/// Equally spaced from `first` to `last`.
static std::vector<float> linearLevels(float first, float last, unsigned k) {
  double lo = static_cast<double>(first), hi = static_cast<double>(last);
  if (k == 1)
    return {static_cast<float>((lo + hi) / 2)};
  std::vector<float> levels(k);
  for (unsigned i = 0; i < k; ++i)
    levels[i] = static_cast<float>(lo + (hi - lo) * static_cast<double>(i) /
                                            static_cast<double>(k - 1));
  return levels;
}

Result<Codebook> kMeans(const float *x, size_t count, unsigned k,
                        unsigned maxIterations) {
  if (k < 1 || k > maxLevels)
    return failure("expected 1 to 65536 levels, got " + std::to_string(k));
  if (count == 0)
    return failure("expected values to cluster, got none");
  std::vector<float> data(x, x + count);
  for (float &value : data) {
    if (!std::isfinite(value))
      return failure("expected finite values, got " +
                     text(static_cast<double>(value)));
    value += 0.0f; // no -0: its place among zeros would depend on the order
  }
  std::sort(data.begin(), data.end());

  std::vector<float> distinct;
  for (size_t i = 0; i < count && distinct.size() <= k; ++i)
    if (i == 0 || data[i] != data[i - 1])
      distinct.push_back(data[i]);
  if (distinct.size() <= k)
    return Codebook::create(std::move(distinct));

  Result<Codebook> book =
      Codebook::create(linearLevels(data.front(), data.back(), k));
  std::vector<size_t> ends, previous;
  for (unsigned iteration = 0; book && iteration < maxIterations; ++iteration) {
    ends.clear();
    for (float limit : book->thresholds())
      ends.push_back(static_cast<size_t>(
          std::lower_bound(data.begin(), data.end(), limit) - data.begin()));
    ends.push_back(count);
    if (ends == previous)
      break;
    std::vector<float> levels = book->levels();
    size_t first = 0;
    for (size_t level = 0; level < levels.size(); ++level) {
      double sum = 0;
      for (size_t i = first; i < ends[level]; ++i)
        sum += static_cast<double>(data[i]);
      if (first != ends[level])
        levels[level] =
            static_cast<float>(sum / static_cast<double>(ends[level] - first));
      first = ends[level];
    }
    previous = ends;
    book = Codebook::create(std::move(levels));
  }
  return book;
}

} // namespace hwq::numerics
