//===- CalcRequantize.h - Requantizations by named values -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_CALCREQUANTIZE_H
#define HWQ_TOOLS_HWQ_CALCREQUANTIZE_H

#include "CalcArguments.h"
#include "hwq/Numerics/Epilogue.h"
#include <vector>

namespace hwq::driver {

struct Requantization {
  /// Its bias is empty unless the scales are given one by one.
  numerics::Epilogue epilogue;
  size_t channels = 1;
  /// The scales that multipliers were chosen for; empty if they were given.
  std::vector<double> scales;
};

/// From the values requantizeNames. Of the scale it takes one of three forms:
/// multiplier and shift; scale; input-scale, weight-scale and output-scale.
llvm::Expected<Requantization> readRequantization(Arguments &args);

/// The grid of `type` (`whole` without one), narrowed by `min` and `max`.
numerics::Grid readClamp(Arguments &args, numerics::Grid whole);

/// `zero-point`, 0 without one; a code of `type` where that is given.
int64_t readZeroPoint(Arguments &args);

extern const std::vector<llvm::StringRef> requantizeNames;

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_CALCREQUANTIZE_H
