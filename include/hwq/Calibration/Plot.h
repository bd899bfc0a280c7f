//===- Plot.h - A picture of a tensor's distribution ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CALIBRATION_PLOT_H
#define HWQ_CALIBRATION_PLOT_H

#include "hwq/Calibration/RangeMethod.h"

namespace hwq::calibration {

/// Prints an SVG picture: how often values are met, on a logarithmic scale,
/// with the ends of the range that was chosen (`chosen`, by `method`) and of
/// those that other methods would have chosen. `title` is any text. Needs a
/// histogram.
void plotHistogram(llvm::raw_ostream &os, llvm::StringRef title,
                   const TensorStatistics &statistics, Range chosen,
                   llvm::StringRef method, const TargetScheme &scheme);

} // namespace hwq::calibration

#endif // HWQ_CALIBRATION_PLOT_H
