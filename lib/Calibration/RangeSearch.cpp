//===- RangeSearch.cpp - Methods that look at the distribution --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RangeSearch.h"

#include "hwq/Numerics/Errors.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace hwq;
using namespace hwq::calibration;

Range detail::clampTo(Range range, Range bounds) {
  return {std::clamp(range.min, bounds.min, bounds.max),
          std::clamp(range.max, bounds.min, bounds.max)};
}

static Range rangeOf(const TensorStatistics &statistics) {
  return {statistics.min(), statistics.max()};
}

static double largestMagnitude(Range range) {
  return std::max(std::fabs(range.min), std::fabs(range.max));
}

//===----------------------------------------------------------------------===//
// Least squared error
//===----------------------------------------------------------------------===//

namespace {
/// The best of the ranges that were tried.
class BestRange {
public:
  BestRange(const TensorStatistics &statistics, const TargetScheme &scheme,
            double clippingWeight)
      : density(statistics), scheme(scheme), clippingWeight(clippingWeight) {}

  void attempt(Range range) {
    numerics::Result<numerics::Derived> derived = numerics::deriveParams(
        scheme.rule, {range.min, range.max}, scheme.options);
    if (!derived) {
      failure = derived.error();
      return;
    }
    double error = density.squaredError(derived->params, clippingWeight);
    if (error < least) {
      least = error;
      best = range;
    }
  }
  llvm::Expected<Range> get() const {
    if (std::isinf(least))
      return llvm::createStringError(failure);
    return best;
  }
  Range current() const { return best; }

private:
  detail::Density density;
  const TargetScheme &scheme;
  double clippingWeight;
  double least = std::numeric_limits<double>::infinity();
  Range best;
  std::string failure;
};
} // namespace

llvm::Expected<Range>
detail::leastErrorRange(const TensorStatistics &statistics,
                        const TargetScheme &scheme, double clippingWeight) {
  BestRange best(statistics, scheme, clippingWeight);
  Range all = rangeOf(statistics);
  // Ends are parts of `fine` of the tensor's own, from the widest down.
  constexpr int fine = 512, coarse = 16;
  if (scheme.isSymmetric()) {
    double largest = largestMagnitude(all);
    for (int k = fine; k > 0; --k) {
      double t = largest * k / fine;
      best.attempt(clampTo(all, {-t, t}));
    }
    return best.get();
  }
  double a = std::min(all.min, 0.0), b = std::max(all.max, 0.0);
  int low = fine, high = fine;
  double leastLow = a < 0 ? coarse : fine, leastHigh = b > 0 ? coarse : fine;
  auto attempt = [&](int i, int j) {
    Range before = best.current();
    Range range{a * i / fine, b * j / fine};
    best.attempt(range);
    if (!(best.current() == before) && best.current() == range) {
      low = i;
      high = j;
    }
  };
  for (int i = fine; i >= leastLow; i -= coarse)
    for (int j = fine; j >= leastHigh; j -= coarse)
      attempt(i, j);
  int i0 = low, j0 = high;
  auto clampPart = [&](int k) { return std::clamp(k, 1, fine); };
  for (int i = clampPart(i0 + coarse); i >= clampPart(i0 - coarse); --i) {
    if (a == 0 && i != fine)
      break;
    for (int j = clampPart(j0 + coarse); j >= clampPart(j0 - coarse); --j) {
      if (b == 0 && j != fine)
        break;
      attempt(i, j);
    }
  }
  return best.get();
}

//===----------------------------------------------------------------------===//
// ACIQ and OCTAV
//===----------------------------------------------------------------------===//

/// The clipping limit of least noise, in units of the distribution's standard
/// deviation.
static double bestLimit(numerics::Distribution prior, unsigned bits) {
  // Noise falls with the limit, then rises: golden sections.
  double low = 0, high = 64;
  const double golden = (std::sqrt(5.0) - 1) / 2;
  auto noise = [&](double limit) {
    numerics::AnalyticNoise n = numerics::analyticNoise(prior, 1, limit, bits);
    return n.clipping + n.rounding;
  };
  double a = high - golden * (high - low), b = low + golden * (high - low);
  double noiseA = noise(a), noiseB = noise(b);
  for (int step = 0; step < 80; ++step) {
    if (noiseA < noiseB) {
      high = b;
      b = a;
      noiseB = noiseA;
      noiseA = noise(a = high - golden * (high - low));
    } else {
      low = a;
      a = b;
      noiseA = noiseB;
      noiseB = noise(b = low + golden * (high - low));
    }
  }
  return (low + high) / 2;
}

Range detail::aciqRange(const TensorStatistics &statistics,
                        const TargetScheme &scheme,
                        numerics::Distribution prior) {
  Range all = rangeOf(statistics);
  double mean = statistics.mean();
  double sigma = statistics.deviation();
  if (prior == numerics::Distribution::Laplace) {
    Density density(statistics);
    double sum = 0;
    for (size_t i = 0; i < density.size(); ++i)
      sum += density.weight(i) * std::fabs(density.point(i) - mean);
    // b is the mean of |x - mean|; its standard deviation is sqrt(2) b.
    sigma = std::sqrt(2.0) * sum / density.count();
  }
  // Codes of one sign reach twice as far.
  bool oneSided = all.min >= 0;
  double limit = sigma * bestLimit(prior, scheme.bits() + oneSided);
  return clampTo(all, {oneSided ? all.min : mean - limit, mean + limit});
}

Range detail::octavRange(const TensorStatistics &statistics,
                         const TargetScheme &scheme) {
  Range all = rangeOf(statistics);
  Density density(statistics);
  // Squared step over limit, over 12: s^2/(3 4^bits), of one sign s^2/(12
  // 4^bits).
  double rounding = std::ldexp(all.min >= 0 ? 1.0 / 12 : 1.0 / 3,
                               -2 * static_cast<int>(scheme.bits()));
  auto step = [&](double limit) {
    double beyond = 0, numBeyond = 0, numWithin = 0;
    for (size_t i = 0; i < density.size(); ++i) {
      double magnitude = std::fabs(density.point(i));
      if (magnitude > limit) {
        beyond += density.weight(i) * magnitude;
        numBeyond += density.weight(i);
      } else if (magnitude > 0) {
        numWithin += density.weight(i);
      }
    }
    return beyond / (rounding * numWithin + numBeyond);
  };
  double limit = step(0);
  for (int i = 0; i < 100; ++i) {
    double next = step(limit);
    if (!(next > 0) || std::fabs(next - limit) <= 1e-9 * limit)
      break;
    limit = next;
  }
  return clampTo(all, {-limit, limit});
}

//===----------------------------------------------------------------------===//
// IFMR and HFMG
//===----------------------------------------------------------------------===//

Range detail::ifmrRange(const TensorStatistics &statistics,
                        const TargetScheme &scheme) {
  uint64_t count = statistics.count();
  // The 0.999999 of both ends.
  uint64_t rank = count - static_cast<uint64_t>(std::floor(
                              0.999999L * static_cast<long double>(count)));
  double max = std::max(0.0f, valueFromTop(statistics, rank));
  double min = std::min(0.0f, valueFromBottom(statistics, rank));
  Density density(statistics);
  double levels = std::ldexp(1.0, static_cast<int>(scheme.bits()));
  bool symmetric = scheme.isSymmetric();
  bool negative = std::fabs(min) > std::fabs(max);
  double largest = largestMagnitude({min, max});
  double least = std::numeric_limits<double>::infinity();
  Range best{min, max};
  for (int i = 0; i <= 60; ++i) {
    double ratio = 0.7 + 0.01 * i;
    numerics::QuantParams params;
    Range range;
    if (symmetric) {
      double end = ratio * largest;
      auto codes = static_cast<int64_t>(negative ? levels / 2 : levels / 2 - 1);
      params.scale = end / static_cast<double>(codes);
      params.grid = {-codes, codes};
      range = negative ? Range{-end, std::min(max, end)}
                       : Range{std::max(min, -end), end};
    } else {
      double end = ratio * max;
      params.scale = (end - min) / (levels - 1);
      if (!(params.scale > 0))
        continue;
      // The tool rounds to multiples of the scale, without an offset.
      params.grid = {std::llrint(min / params.scale),
                     std::llrint(end / params.scale)};
      range = {min, end};
    }
    double error = density.squaredError(params);
    if (error < least) {
      least = error;
      best = range;
    }
  }
  return best;
}

namespace {
/// 4096 bins over the range.
struct LinearBins {
  static constexpr int numBins = 4096;
  double min, width;
  std::vector<double> counts = std::vector<double>(numBins);
};
} // namespace

static LinearBins linearBins(const TensorStatistics &statistics) {
  detail::Density density(statistics);
  Range all = rangeOf(statistics);
  LinearBins bins{all.min, (all.max - all.min) / LinearBins::numBins};
  // Whole counts: the search goes on with the first value at either end.
  for (size_t i = 0; i < density.size(); ++i) {
    int bin = static_cast<int>((density.point(i) - bins.min) / bins.width);
    bins.counts[std::clamp(bin, 0, LinearBins::numBins - 1)] +=
        density.weight(i);
  }
  return bins;
}

/// Squared error where values spread evenly over each bin become the middle of
/// one of `levels` equal parts of bins [left, right].
static double binLoss(const LinearBins &bins, int left, int right,
                      double levels) {
  double step = bins.width * (right - left + 1) / levels;
  auto integral = [](double begin, double end) {
    return (end * end * end - begin * begin * begin) / 3;
  };
  double loss = 0;
  for (int i = 0; i < LinearBins::numBins; ++i) {
    if (bins.counts[i] == 0)
      continue;
    double begin = (i - left) * bins.width, end = begin + bins.width;
    double first = std::clamp(std::floor(begin / step), 0.0, levels - 1);
    double last = std::clamp(std::floor(end / step), 0.0, levels - 1);
    double sum;
    auto middle = [&](double level) { return (level + 0.5) * step; };
    if (first == last) {
      sum = integral(begin - middle(first), end - middle(first));
    } else {
      sum = integral(begin - middle(first), step / 2) +
            (last - first - 1) * integral(-step / 2, step / 2) +
            integral(-step / 2, end - middle(last));
    }
    loss += sum * (bins.counts[i] / bins.width);
  }
  return loss;
}

Range detail::hfmgRange(const TensorStatistics &statistics,
                        const TargetScheme &scheme) {
  Range all = rangeOf(statistics);
  Range best{std::min(all.min, 0.0), std::max(all.max, 0.0)};
  if (!(all.max > all.min))
    return best;
  LinearBins bins = linearBins(statistics);
  double levels = std::ldexp(1.0, static_cast<int>(scheme.bits()));
  double stepCount =
      std::ceil(static_cast<double>(statistics.count()) / 100000);
  int left = 0, right = LinearBins::numBins - 1;
  double least = std::numeric_limits<double>::infinity();
  // Down to a quarter of the bins.
  while (right - left > LinearBins::numBins / 4) {
    int nextLeft = left, nextRight = right;
    double sumLeft = 0, sumRight = 0;
    while (nextLeft < nextRight && sumLeft < stepCount)
      sumLeft += bins.counts[nextLeft++];
    while (nextLeft < nextRight && sumRight < stepCount)
      sumRight += bins.counts[nextRight--];
    // The end where more bins go.
    if (right - nextRight >= nextLeft - left)
      right = nextRight;
    else
      left = nextLeft;
    double loss = binLoss(bins, left, right, levels);
    if (loss < least) {
      least = loss;
      best = {std::min(bins.min + left * bins.width, 0.0),
              std::max(bins.min + (right + 1) * bins.width, 0.0)};
    }
  }
  return best;
}
