//===- RangeMethod.cpp - From statistics to a range -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/RangeMethod.h"

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>

using namespace hwq;
using namespace hwq::calibration;

using Method = MethodOptions::Method;

static constexpr struct {
  Method method;
  llvm::StringLiteral name;
  Collect collect;
} methods[] = {
    {Method::MinMax, "min-max", Collect::MinMax},
    {Method::Percentile, "percentile", Collect::Histogram},
};

template <typename... Args>
static llvm::Error error(const char *format, Args &&...args) {
  return llvm::createStringError(
      llvm::formatv(format, std::forward<Args>(args)...).str());
}

llvm::Expected<Method> hwq::calibration::parseMethod(llvm::StringRef name) {
  std::string known;
  for (const auto &info : methods) {
    if (info.name == name)
      return info.method;
    known += (known.empty() ? "" : ", ") + info.name.str();
  }
  return error("unknown calibration method '{0}', expected one of: {1}", name,
               known);
}

llvm::StringRef hwq::calibration::methodName(Method method) {
  for (const auto &info : methods)
    if (info.method == method)
      return info.name;
  return "unknown";
}

llvm::Expected<MethodOptions>
hwq::calibration::parseMethodOptions(llvm::StringRef method,
                                     llvm::StringRef percentile,
                                     llvm::StringRef prefix) {
  MethodOptions options;
  llvm::Expected<Method> parsed = parseMethod(method);
  if (!parsed)
    return parsed.takeError();
  options.method = *parsed;
  if (percentile.empty())
    return options;
  if (options.method != Method::Percentile)
    return error("{0}percentile needs {0}method=percentile", prefix);
  double value;
  if (percentile.getAsDouble(value) || !(value > 50 && value <= 100))
    return error(
        "expected {0}percentile to be above 50 and at most 100, got '{1}'",
        prefix, percentile);
  options.percentile = value;
  return options;
}

Collect hwq::calibration::requiredCollect(Method method) {
  for (const auto &info : methods)
    if (info.method == method)
      return info.collect;
  return Collect::Histogram;
}

/// Rank r of `chooseRange`, 1 <= N + 1 - r <= r <= N.
static uint64_t percentileRank(uint64_t count, double percentile) {
  // In integers: the double nearest to 69.266 times 100000 values would be a
  // little more than 69266 of them.
  constexpr uint64_t hundred = 1000000000;
  uint64_t part = static_cast<uint64_t>(std::llround(percentile * 1e7));
  // ceil(count * part / hundred) without overflow.
  uint64_t rank =
      count / hundred * part + (count % hundred * part + hundred - 1) / hundred;
  // Above half of the values, so that the two ends cannot cross.
  return std::clamp(rank, count / 2 + 1, count);
}

/// The value that `rank` values are beyond or equal to, counted from the end
/// from which `forEach` starts; the edge of its bin that is nearer that end.
template <typename ForEach>
static float valueAtRank(uint64_t rank, uint64_t zeros, bool fromTop,
                         ForEach forEach) {
  uint64_t seen = 0;
  float result = 0.0f;
  bool zerosPassed = false, found = false;
  forEach([&](const FloatHistogram::Bin &bin) {
    bool beyondZero = fromTop ? bin.high <= 0.0f : bin.low >= 0.0f;
    if (beyondZero && !zerosPassed) {
      zerosPassed = true;
      seen += zeros;
      if (seen >= rank) {
        found = true;
        return false;
      }
    }
    seen += bin.count;
    if (seen < rank)
      return true;
    result = fromTop ? bin.high : bin.low;
    found = true;
    return false;
  });
  // Not found: only zeros are left at the far end.
  return found ? result : 0.0f;
}

static Range percentileRange(const TensorStatistics &statistics,
                             double percentile) {
  uint64_t count = statistics.count();
  uint64_t fromEnd = count + 1 - percentileRank(count, percentile);
  const FloatHistogram &histogram = *statistics.histogram();
  float low =
      valueAtRank(fromEnd, statistics.zeroCount(), /*fromTop=*/false,
                  [&](auto visit) { histogram.forEachAscending(visit); });
  float high =
      valueAtRank(fromEnd, statistics.zeroCount(), /*fromTop=*/true,
                  [&](auto visit) { histogram.forEachDescending(visit); });
  return {std::max(low, statistics.min()), std::min(high, statistics.max())};
}

llvm::Expected<Range>
hwq::calibration::chooseRange(const TensorStatistics &statistics,
                              const MethodOptions &options) {
  if (std::optional<BadValue> bad = statistics.firstBad())
    return error("expected finite values, but sample {0} has {1} at element "
                 "{2} ({3} such values in all)",
                 bad->sampleIndex, bad->kindName(), bad->elementIndex,
                 statistics.badCount());
  if (statistics.empty())
    return error("no values were seen, so there is no range to choose");
  if (requiredCollect(options.method) == Collect::Histogram &&
      !statistics.histogram())
    return error("method '{0}' needs a histogram, but only min and max were "
                 "collected",
                 methodName(options.method));
  switch (options.method) {
  case Method::MinMax:
    return Range{statistics.min(), statistics.max()};
  case Method::Percentile:
    if (!(options.percentile > 50.0 && options.percentile <= 100.0))
      return error("percentile must be above 50 and at most 100, but is {0}",
                   options.percentile);
    return percentileRange(statistics, options.percentile);
  }
  return error("unknown calibration method");
}
