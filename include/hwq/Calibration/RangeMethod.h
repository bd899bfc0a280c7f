//===- RangeMethod.h - From statistics to a range ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CALIBRATION_RANGEMETHOD_H
#define HWQ_CALIBRATION_RANGEMETHOD_H

#include "hwq/Calibration/Statistics.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace hwq::calibration {

/// The range of real values that quantization is to cover, min <= max. It need
/// not include zero; schemes that want that widen it themselves.
struct Range {
  double min = 0.0;
  double max = 0.0;
  bool operator==(const Range &other) const {
    return min == other.min && max == other.max;
  }
};

struct MethodOptions {
  enum class Method {
    /// [smallest value, largest value].
    MinMax,
    /// See `chooseRange`.
    Percentile,
  };
  Method method = Method::MinMax;
  /// In (50, 100].
  double percentile = 99.99;
};

/// "min-max" or "percentile"; the error lists the known names.
llvm::Expected<MethodOptions::Method> parseMethod(llvm::StringRef name);

/// The name that `parseMethod` reads.
llvm::StringRef methodName(MethodOptions::Method method);

/// A method and its parameters from text; an empty `percentile` is the default.
/// Errors put `prefix` before the names of the options.
llvm::Expected<MethodOptions> parseMethodOptions(llvm::StringRef method,
                                                 llvm::StringRef percentile,
                                                 llvm::StringRef prefix);

/// What has to be collected for a method.
Collect requiredCollect(MethodOptions::Method method);

/// The range of a tensor.
///
/// Percentile p, two-sided: let v[1] <= ... <= v[N] be all finite values, zeros
/// included, and r = ceil(N * p / 100), exactly, with p to the nearest 1e-7.
/// The range is [v[N + 1 - r], v[r]]: at least p percent of the values are not
/// above its upper end and at least p percent not below its lower end, so up to
/// 100 - p percent are cut at each end; no interpolation. Each end is resolved
/// on the histogram's grid of 19 leading bits and moved outwards, to the
/// largest float in the bin of v[r] and the smallest in the bin of
/// v[N + 1 - r], so that a bin is never cut in two; then clamped to [min, max].
/// So it differs from the exact value by less than 2^-10 relative (2^-136
/// absolute for subnormal values) and zero is exact. p = 100 is min-max.
///
/// A tensor of zeros gives [0, 0]. Errors, which do not name the tensor: no
/// values, a value that is not finite, a percentile outside (50, 100],
/// percentile without a histogram.
llvm::Expected<Range> chooseRange(const TensorStatistics &statistics,
                                  const MethodOptions &options);

} // namespace hwq::calibration

#endif // HWQ_CALIBRATION_RANGEMETHOD_H
