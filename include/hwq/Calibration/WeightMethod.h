//===- WeightMethod.h - Ranges of weights -----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CALIBRATION_WEIGHTMETHOD_H
#define HWQ_CALIBRATION_WEIGHTMETHOD_H

#include "hwq/Calibration/RangeMethod.h"

#include "llvm/ADT/ArrayRef.h"

namespace hwq::calibration {

/// How the range of a channel's weights is found.
enum class WeightMethod {
  /// [smallest, largest].
  MinMax,
  /// Of [min, max] with its ends moved into [-t, t], t = u max(|min|, |max|)
  /// (symmetric schemes), or of [u min, u max], for u = 1, 0.99, ... 0.2: the
  /// first of least squared error on the weights themselves.
  Mse,
  /// Ascend's: no clipping; scale by the rule PAmct, whatever the scheme's.
  Arq,
};

/// "min-max", "mse" or "arq"; the error lists them.
llvm::Expected<WeightMethod> parseWeightMethod(llvm::StringRef name);
llvm::StringRef weightMethodName(WeightMethod method);

/// One channel with the parameters that its range leads to, and how well they
/// do.
struct WeightChannel {
  Range range;
  numerics::QuantParams params;
  /// Mean squared error, and its ratio to the mean square in dB (infinite
  /// without an error).
  double mse = 0, sqnr = 0;
};

/// The channels of `weights`, [channels, ...] in row-major order; one channel
/// is the whole tensor. Codes are rounded to nearest, ties to even. A channel
/// of zeros has the scale that the rule gives for [0, 0]. Errors, which name
/// the channel: a value that is not finite, a size that channels do not divide,
/// a range from which the rule derives nothing.
llvm::Expected<std::vector<WeightChannel>>
chooseWeightRanges(llvm::ArrayRef<float> weights, size_t channels,
                   WeightMethod method, const TargetScheme &scheme);

} // namespace hwq::calibration

#endif // HWQ_CALIBRATION_WEIGHTMETHOD_H
