//===- RangeMethod.cpp - From statistics to a range -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/RangeMethod.h"

#include "RangeSearch.h"

#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace hwq;
using namespace hwq::calibration;

using Method = MethodOptions::Method;

template <typename... Args>
static llvm::Error error(const char *format, Args &&...args) {
  return llvm::createStringError(
      llvm::formatv(format, std::forward<Args>(args)...).str());
}

/// Rank r of `percentile`, 1 <= N + 1 - r <= r <= N.
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

float detail::valueFromBottom(const TensorStatistics &statistics,
                              uint64_t rank) {
  const FloatHistogram &histogram = *statistics.histogram();
  float value =
      valueAtRank(rank, statistics.zeroCount(), /*fromTop=*/false,
                  [&](auto visit) { histogram.forEachAscending(visit); });
  return std::max(value, statistics.min());
}

float detail::valueFromTop(const TensorStatistics &statistics, uint64_t rank) {
  const FloatHistogram &histogram = *statistics.histogram();
  float value =
      valueAtRank(rank, statistics.zeroCount(), /*fromTop=*/true,
                  [&](auto visit) { histogram.forEachDescending(visit); });
  return std::min(value, statistics.max());
}

static Range percentileRange(const TensorStatistics &statistics,
                             double percentile) {
  uint64_t count = statistics.count();
  uint64_t fromEnd = count + 1 - percentileRank(count, percentile);
  return {detail::valueFromBottom(statistics, fromEnd),
          detail::valueFromTop(statistics, fromEnd)};
}

static Range emaRange(const TensorStatistics &statistics, double momentum) {
  Range range;
  bool first = true;
  for (const SampleRange &sample : statistics.samples()) {
    if (first)
      range = {sample.min, sample.max};
    else
      range = {momentum * range.min + (1 - momentum) * sample.min,
               momentum * range.max + (1 - momentum) * sample.max};
    first = false;
  }
  return range;
}

/// Mean and standard deviation (divisor N - 1) of one end of the samples.
static std::pair<double, double> momentsOf(llvm::ArrayRef<SampleRange> samples,
                                           float SampleRange::*end) {
  double sum = 0, squares = 0;
  auto n = static_cast<double>(samples.size());
  for (const SampleRange &sample : samples)
    sum += sample.*end;
  double mean = sum / n;
  for (const SampleRange &sample : samples)
    squares += (sample.*end - mean) * (sample.*end - mean);
  return {mean, samples.size() > 1 ? std::sqrt(squares / (n - 1)) : 0.0};
}

static Range avgStdRange(const TensorStatistics &statistics,
                         const MethodOptions &options) {
  Range range;
  if (options.of == MethodOptions::Of::Samples) {
    auto [low, lowDeviation] =
        momentsOf(statistics.samples(), &SampleRange::min);
    auto [high, highDeviation] =
        momentsOf(statistics.samples(), &SampleRange::max);
    range = {low - options.deviations * lowDeviation,
             high + options.deviations * highDeviation};
  } else {
    double reach = options.deviations * statistics.deviation();
    range = {statistics.mean() - reach, statistics.mean() + reach};
  }
  return detail::clampTo(range, {statistics.min(), statistics.max()});
}

static Range potRange(const TensorStatistics &statistics) {
  // Of equally many votes the wider range.
  int point = statistics.votes().begin()->first;
  uint64_t most = 0;
  for (auto [candidate, votes] : statistics.votes())
    if (votes > most) {
      point = candidate;
      most = votes;
    }
  return {std::ldexp(-128.0, -point), std::ldexp(127.0, -point)};
}

static Range klRange(const TensorStatistics &statistics,
                     const MethodOptions &options, const TargetScheme &scheme,
                     const LinearHistogram *linear) {
  std::array<double, LinearHistogram::numBins> counts;
  if (linear)
    std::copy(linear->counts().begin(), linear->counts().end(), counts.begin());
  else
    counts = detail::estimateLinear(statistics);
  double largest =
      std::max(std::fabs(statistics.min()), std::fabs(statistics.max()));
  bool isUnsigned =
      scheme.options.symmetry == numerics::Symmetry::UnsignedSymmetric &&
      statistics.min() >= 0;
  double threshold =
      options.variant == KlVariant::TensorRT
          ? detail::klTensorRT(counts, largest, isUnsigned ? 256 : 128)
          : detail::klTpuMlir(counts, largest);
  return detail::clampTo({statistics.min(), statistics.max()},
                         {-threshold, threshold});
}

/// Whichever candidate has the best estimated SQNR; the earlier one where they
/// are equal.
static llvm::Expected<ChosenRange> bestOfAll(const TensorStatistics &statistics,
                                             const TargetScheme &scheme) {
  static constexpr Method candidates[] = {
      Method::MinMax, Method::Percentile, Method::Mse,   Method::Aciq,
      Method::Octav,  Method::Ifmr,       Method::KlGrid};
  std::optional<ChosenRange> best;
  double bestSqnr = 0;
  for (Method method : candidates) {
    MethodOptions options;
    options.method = method;
    llvm::Expected<ChosenRange> chosen =
        chooseRange(statistics, options, scheme);
    if (!chosen)
      return chosen.takeError();
    llvm::Expected<double> sqnr =
        estimateSqnr(statistics, chosen->range, scheme);
    if (!sqnr) {
      // A range that reaches beyond the largest float, perhaps; all values do
      // not.
      if (!best)
        return sqnr.takeError();
      llvm::consumeError(sqnr.takeError());
      continue;
    }
    if (!best || *sqnr > bestSqnr) {
      best = *chosen;
      bestSqnr = *sqnr;
    }
  }
  return *best;
}

llvm::Expected<double>
hwq::calibration::estimateSqnr(const TensorStatistics &statistics, Range range,
                               const TargetScheme &scheme) {
  if (!statistics.histogram())
    return error("the signal-to-noise ratio needs a histogram");
  numerics::Result<numerics::Derived> derived = numerics::deriveParams(
      scheme.rule, {range.min, range.max}, scheme.options);
  if (!derived)
    return error("{0}", derived.error());
  detail::Density density(statistics);
  double noise = density.squaredError(derived->params);
  if (noise == 0)
    return std::numeric_limits<double>::infinity();
  return 10 * std::log10(density.energy() / noise);
}

llvm::Expected<ChosenRange> hwq::calibration::chooseRange(
    const TensorStatistics &statistics, const MethodOptions &options,
    const TargetScheme &scheme, const LinearHistogram *linear) {
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
  if (needsVotes(options.method) && statistics.votes().empty())
    return error("method '{0}' needs votes for binary points, which are "
                 "collected with this method only",
                 methodName(options.method));
  if (needsLinearHistogram(options.method) && !linear)
    return error("method '{0}' needs a second pass over the samples",
                 methodName(options.method));
  bool ofSamples = options.method == Method::Ema ||
                   (options.method == Method::AvgStd &&
                    options.of == MethodOptions::Of::Samples);
  // Those of a channel.
  if (ofSamples && statistics.samples().empty())
    return error("method '{0}' needs the range of each sample, which these "
                 "statistics do not have",
                 methodName(options.method));
  auto chosen = [&](Range range) { return ChosenRange{range, options}; };
  Range all{statistics.min(), statistics.max()};
  switch (options.method) {
  case Method::Fixed:
    return chosen({-options.threshold, options.threshold});
  case Method::Pot:
    return chosen(potRange(statistics));
  default:
    break;
  }
  // Nothing to clip, and nothing to divide by.
  if (all.min == 0 && all.max == 0)
    return chosen(all);
  switch (options.method) {
  case Method::Fixed:
  case Method::Pot:
    break;
  case Method::MinMax:
    return chosen(all);
  case Method::Ema:
    return chosen(emaRange(statistics, options.momentum));
  case Method::Percentile:
    if (!(options.percentile > 50.0 && options.percentile <= 100.0))
      return error("percentile must be above 50 and at most 100, but is {0}",
                   options.percentile);
    return chosen(percentileRange(statistics, options.percentile));
  case Method::Mse:
  case Method::Sqnr: {
    llvm::Expected<Range> range = detail::leastErrorRange(
        statistics, scheme,
        options.method == Method::Mse ? 1 : options.clippingWeight);
    if (!range)
      return range.takeError();
    return chosen(*range);
  }
  case Method::AvgStd:
    return chosen(avgStdRange(statistics, options));
  case Method::Aciq:
    return chosen(detail::aciqRange(statistics, scheme, options.prior));
  case Method::Octav:
    return chosen(detail::octavRange(statistics, scheme));
  case Method::Ifmr:
    return chosen(detail::ifmrRange(statistics, scheme));
  case Method::Hfmg:
    return chosen(detail::hfmgRange(statistics, scheme));
  case Method::Kl:
  case Method::KlGrid:
    return chosen(klRange(statistics, options, scheme, linear));
  case Method::Auto:
    return bestOfAll(statistics, scheme);
  }
  return error("unknown calibration method");
}
