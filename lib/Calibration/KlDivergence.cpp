//===- KlDivergence.cpp - Thresholds by relative entropy --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RangeSearch.h"

#include <cmath>
#include <limits>

using namespace hwq;
using namespace hwq::calibration;

static constexpr size_t numBins = LinearHistogram::numBins;

double detail::klTensorRT(const std::array<double, numBins> &counts,
                          double largest, size_t codes) {
  std::array<double, numBins> bins = counts;
  bins[0] = bins[1];
  // Prefix sums of the counts, of c log c, and of the number of bins hit.
  std::array<double, numBins + 1> sum{}, entropy{};
  std::array<unsigned, numBins + 1> hit{};
  for (size_t j = 0; j < numBins; ++j) {
    sum[j + 1] = sum[j] + bins[j];
    entropy[j + 1] =
        entropy[j] + (bins[j] > 0 ? bins[j] * std::log(bins[j]) : 0);
    hit[j + 1] = hit[j] + (bins[j] > 0);
  }
  double total = sum[numBins];
  if (!(total > 0))
    return largest;
  constexpr size_t start = 128;
  double best = std::numeric_limits<double>::infinity();
  size_t bestBins = numBins;
  for (size_t i = start; i <= numBins; ++i) {
    // Reference: the first i bins, what is beyond them added to the last.
    double outliers = total - sum[i];
    double divergence;
    if (sum[i] == 0 || (outliers > 0 && bins[i - 1] == 0)) {
      divergence = std::numeric_limits<double>::infinity();
    } else {
      double last = bins[i - 1] + outliers;
      double logTotal = std::log(total), logKept = std::log(sum[i]);
      // Sum of r log(r / total).
      divergence = entropy[i - 1] - sum[i - 1] * logTotal;
      if (last > 0)
        divergence += last * (std::log(last) - logTotal);
      // Candidate: each group of bins averaged over those that were hit. Bin j
      // is in group floor(j * codes / i).
      for (size_t group = 0, first = 0; group < codes; ++group) {
        size_t end = ((group + 1) * i + codes - 1) / codes;
        if (hit[end] == hit[first]) {
          first = end;
          continue;
        }
        double mass = sum[end] - sum[first];
        double mean = mass / (hit[end] - hit[first]);
        double reference = mass + (end == i ? outliers : 0);
        divergence -= reference * (std::log(mean) - logKept);
        first = end;
      }
      divergence /= total;
    }
    // The last minimum wins.
    if (divergence <= best) {
      best = divergence;
      bestBins = i;
    }
  }
  return static_cast<double>(bestBins) * (largest / numBins);
}

double detail::klTpuMlir(const std::array<double, numBins> &counts,
                         double largest) {
  constexpr size_t codes = 128;
  double total = 0;
  for (double count : counts)
    total += count;
  // Single precision where the tool has it.
  auto count = static_cast<float>(total);
  float least = 0;
  size_t best = 0;
  double below = 0;
  for (size_t m = 0; m < numBins / codes; ++m) {
    size_t size = (m + 1) * codes, perCode = m + 1;
    float kept = 0;
    for (size_t j = 0; j < size; ++j)
      kept += static_cast<float>(counts[j]);
    for (size_t j = m * codes; j < size; ++j)
      below += counts[j];
    float divergence = 0;
    for (size_t code = 0; code < codes; ++code) {
      float mass = 0, hit = 0;
      for (size_t j = code * perCode; j < (code + 1) * perCode; ++j) {
        mass += static_cast<float>(counts[j]);
        hit += counts[j] > 0;
      }
      float mean = mass / (hit == 0 ? 1 : hit) / kept;
      for (size_t j = code * perCode; j < (code + 1) * perCode; ++j) {
        float p = static_cast<float>(j + 1 == size ? counts[j] + (total - below)
                                                   : counts[j]);
        p /= count;
        float q = counts[j] > 0 ? mean : 0;
        divergence += p * (std::log10(p + 1e-30) - std::log10(q + 1e-30));
      }
    }
    if (m == 0 || divergence < least) {
      least = divergence;
      best = m;
    }
  }
  return largest / (numBins - 1) * static_cast<double>((best + 1) * codes);
}

std::array<double, numBins>
detail::estimateLinear(const TensorStatistics &statistics) {
  std::array<double, numBins> bins{};
  Density density(statistics);
  double largest = std::max(std::fabs(double(statistics.min())),
                            std::fabs(double(statistics.max())));
  double width = largest / numBins;
  for (size_t i = 0; i < density.size(); ++i) {
    double a = std::fabs(density.low(i)), b = std::fabs(density.high(i));
    if (a > b)
      std::swap(a, b);
    size_t first = std::min(static_cast<size_t>(a / width), numBins - 1);
    size_t last = std::min(static_cast<size_t>(b / width), numBins - 1);
    if (first == last) {
      bins[first] += density.weight(i);
      continue;
    }
    // Spread evenly over the linear bins that the float bin covers.
    double perUnit = density.weight(i) / (b - a);
    for (size_t j = first; j <= last; ++j) {
      double low = std::max(a, static_cast<double>(j) * width);
      double high =
          j == last ? b : std::min(b, static_cast<double>(j + 1) * width);
      bins[j] += (high - low) * perUnit;
    }
  }
  return bins;
}
