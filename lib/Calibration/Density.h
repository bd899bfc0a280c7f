//===- Density.h - A histogram with prefix sums -----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_CALIBRATION_DENSITY_H
#define HWQ_LIB_CALIBRATION_DENSITY_H

#include "hwq/Calibration/Statistics.h"
#include "hwq/Numerics/Grid.h"

#include <vector>

namespace hwq::calibration::detail {

/// The distribution of a tensor's values as points, ascending: the middle of
/// every bin, clamped to the tensor's range, and zero.
class Density {
public:
  /// The statistics must have a histogram.
  explicit Density(const TensorStatistics &statistics);

  size_t size() const { return points.size(); }
  double point(size_t i) const { return points[i]; }
  double weight(size_t i) const { return counts[i + 1] - counts[i]; }
  double low(size_t i) const { return lows[i]; }
  double high(size_t i) const { return highs[i]; }

  double count() const { return counts.back(); }
  /// Sum of squares.
  double energy() const { return squares.back(); }

  /// Squared error, summed, when each value becomes the nearest of the reals
  /// (q - zero point) * scale, q on the grid. Errors of values for which that
  /// is a code beyond the grid count `clippingWeight` times.
  double squaredError(const numerics::QuantParams &params,
                      double clippingWeight = 1) const;

private:
  /// The first point that is not below `value`.
  size_t firstFrom(double value) const;
  /// Sum of (x - center)^2 over points [first, last).
  double spread(size_t first, size_t last, double center) const;

  std::vector<double> points, lows, highs;
  // Prefix sums, one more than points.
  std::vector<double> counts, sums, squares;
};

} // namespace hwq::calibration::detail

#endif // HWQ_LIB_CALIBRATION_DENSITY_H
