//===- LinearHistogram.cpp - What the KL methods look at --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/LinearHistogram.h"

#include "StatisticsKernels.h"

#include <algorithm>
#include <cmath>

using namespace hwq;
using namespace hwq::calibration;

void LinearHistogram::add(const float *values, size_t n) {
  constexpr size_t blockSize = 4096;
  constexpr auto last = static_cast<uint32_t>(numBins - 1);
  detail::DefaultFloatMode mode;
  double largest = largestMagnitude;
  if (!(largest > 0)) {
    if (variant == KlVariant::TensorRT)
      bins[0] += n;
    return;
  }
  // Exact: 2048 |x| / largest is an integer or at least 2^-35 away from one.
  double width = variant == KlVariant::TensorRT ? largest / numBins
                                                : largest / (numBins - 1);
  double offset = variant == KlVariant::TensorRT ? 0.0 : 0.5;
  uint32_t keys[blockSize];
  for (size_t first = 0; first < n; first += blockSize) {
    const float *block = values + first;
    size_t size = std::min(blockSize, n - first);
    uint64_t zeros = 0;
    for (size_t i = 0; i < size; ++i) {
      double magnitude = std::fabs(static_cast<double>(block[i]));
      keys[i] =
          std::min(static_cast<uint32_t>(magnitude / width + offset), last);
      zeros += magnitude == 0;
    }
    for (size_t i = 0; i < size; ++i)
      ++bins[keys[i]];
    if (variant == KlVariant::TpuMlir)
      bins[0] -= zeros;
  }
}

void LinearHistogram::merge(const LinearHistogram &other) {
  for (size_t i = 0; i < numBins; ++i)
    bins[i] += other.bins[i];
}
