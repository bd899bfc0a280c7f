//===- RangeSearch.h - Methods that look at the distribution ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_CALIBRATION_RANGESEARCH_H
#define HWQ_LIB_CALIBRATION_RANGESEARCH_H

#include "Density.h"
#include "hwq/Calibration/RangeMethod.h"

#include <array>

namespace hwq::calibration::detail {

/// Both ends moved into `bounds`.
Range clampTo(Range range, Range bounds);

/// The value that `rank` values are beyond or equal to, counted from an end of
/// the distribution (1 is the end itself); the edge of its bin that is nearer
/// that end.
float valueFromTop(const TensorStatistics &statistics, uint64_t rank);
float valueFromBottom(const TensorStatistics &statistics, uint64_t rank);

/// `mse` and, with a weight for clipping errors, `sqnr`.
llvm::Expected<Range> leastErrorRange(const TensorStatistics &statistics,
                                      const TargetScheme &scheme,
                                      double clippingWeight);
Range aciqRange(const TensorStatistics &statistics, const TargetScheme &scheme,
                numerics::Distribution prior);
Range octavRange(const TensorStatistics &statistics,
                 const TargetScheme &scheme);
Range ifmrRange(const TensorStatistics &statistics, const TargetScheme &scheme);
Range hfmgRange(const TensorStatistics &statistics, const TargetScheme &scheme);

/// Counts of LinearHistogram's bins, estimated from the statistics.
std::array<double, LinearHistogram::numBins>
estimateLinear(const TensorStatistics &statistics);

/// The threshold of pytorch-quantization's rule; `codes` is 128, or 256 for
/// unsigned grids.
double klTensorRT(const std::array<double, LinearHistogram::numBins> &counts,
                  double largest, size_t codes);
/// The threshold of TPU-MLIR's rule.
double klTpuMlir(const std::array<double, LinearHistogram::numBins> &counts,
                 double largest);

} // namespace hwq::calibration::detail

#endif // HWQ_LIB_CALIBRATION_RANGESEARCH_H
