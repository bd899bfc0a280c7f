//===- Density.cpp - A histogram with prefix sums ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Density.h"

#include <algorithm>
#include <cmath>

using namespace hwq;
using namespace hwq::calibration;
using namespace hwq::calibration::detail;

Density::Density(const TensorStatistics &statistics)
    : counts(1), sums(1), squares(1) {
  auto add = [&](double low, double high, uint64_t number) {
    double point = low + (high - low) / 2;
    points.push_back(point);
    lows.push_back(low);
    highs.push_back(high);
    auto weight = static_cast<double>(number);
    counts.push_back(counts.back() + weight);
    sums.push_back(sums.back() + weight * point);
    squares.push_back(squares.back() + weight * point * point);
  };
  uint64_t zeros = statistics.zeroCount();
  float min = statistics.min(), max = statistics.max();
  statistics.histogram()->forEachAscending([&](const FloatHistogram::Bin &bin) {
    if (zeros && bin.low > 0) {
      add(0, 0, zeros);
      zeros = 0;
    }
    add(std::max(bin.low, min), std::min(bin.high, max), bin.count);
    return true;
  });
  if (zeros)
    add(0, 0, zeros);
}

size_t Density::firstFrom(double value) const {
  return std::lower_bound(points.begin(), points.end(), value) - points.begin();
}

double Density::spread(size_t first, size_t last, double center) const {
  double result = (squares[last] - squares[first]) -
                  2 * center * (sums[last] - sums[first]) +
                  center * center * (counts[last] - counts[first]);
  // Of a difference of nearly equal sums.
  return std::max(result, 0.0);
}

double Density::squaredError(const numerics::QuantParams &params,
                             double clippingWeight) const {
  double scale = params.scale;
  auto zero = static_cast<double>(params.zeroPoint);
  auto lowest = static_cast<double>(params.grid.qmin);
  auto highest = static_cast<double>(params.grid.qmax);
  // A grid of scale zero has zero only.
  if (scale == 0)
    return energy() * clippingWeight;
  auto real = [&](double code) { return (code - zero) * scale; };
  size_t first = firstFrom(real(lowest - 0.5));
  size_t last = firstFrom(real(highest + 0.5));
  double clipped =
      spread(0, first, real(lowest)) + spread(last, size(), real(highest));
  double error = 0;
  if (highest - lowest < static_cast<double>(size())) {
    // Code by code.
    size_t begin = first;
    for (double code = lowest; code <= highest && begin < last; ++code) {
      size_t end = std::min(firstFrom(real(code + 0.5)), last);
      error += spread(begin, end, real(code));
      begin = end;
    }
  } else {
    for (size_t i = first; i < last; ++i) {
      double code =
          std::clamp(std::nearbyint(points[i] / scale + zero), lowest, highest);
      double difference = points[i] - real(code);
      error += weight(i) * difference * difference;
    }
  }
  return error + clippingWeight * clipped;
}
