//===- RangeMethod.h - From statistics to a range ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All methods work on statistics, not on samples; docs/calibration.md defines
// each of them. What they look at is the histogram of 19 leading bits, every
// value standing in the middle of its bin: less than 2^-11 relative from where
// it was.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CALIBRATION_RANGEMETHOD_H
#define HWQ_CALIBRATION_RANGEMETHOD_H

#include "hwq/Calibration/LinearHistogram.h"
#include "hwq/Calibration/Statistics.h"
#include "hwq/Numerics/Derive.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

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

/// A method and its parameters; those of other methods are ignored.
struct MethodOptions {
  enum class Method {
    MinMax,
    Ema,
    Percentile,
    Mse,
    Sqnr,
    AvgStd,
    Aciq,
    Octav,
    Ifmr,
    Hfmg,
    Pot,
    Fixed,
    Kl,
    KlGrid,
    /// Whichever of the others has the best estimated SQNR.
    Auto,
  };
  Method method = Method::MinMax;
  /// In (50, 100].
  double percentile = 99.99;
  /// In [0, 1).
  double momentum = 0.9;
  /// Deviations, >= 0.
  double deviations = 3;
  /// Clipping errors count so many times, > 0.
  double clippingWeight = 3;
  /// > 0.
  double threshold = 8;
  /// Of what average and deviation are taken.
  enum class Of { Samples, Values } of = Of::Samples;
  numerics::Distribution prior = numerics::Distribution::Laplace;
  KlVariant variant = KlVariant::TensorRT;
};

/// How the tensor will be quantized: what a range is good for depends on it.
struct TargetScheme {
  numerics::DerivationRule rule = numerics::DerivationRule::PTfl;
  numerics::DeriveOptions options;

  bool isSymmetric() const {
    return options.symmetry != numerics::Symmetry::Asymmetric;
  }
  unsigned bits() const {
    return options.bits ? options.bits : numerics::bitWidth(options.storage);
  }
};

/// Reads `NAME` or `NAME{option=value ...}`, with spaces between options.
/// Errors list the names, or the options of the method, that there are.
llvm::Expected<MethodOptions> parseMethod(llvm::StringRef text);

/// The same with the percentile given apart, as `--percentile` does; empty is
/// none. Errors put `prefix` before the names of the options.
llvm::Expected<MethodOptions> parseMethodOptions(llvm::StringRef method,
                                                 llvm::StringRef percentile,
                                                 llvm::StringRef prefix);

/// The name that `parseMethod` reads.
llvm::StringRef methodName(MethodOptions::Method method);
/// The name and the options that are not the default, as `parseMethod` reads
/// them.
std::string printMethod(const MethodOptions &options);

/// Names of all methods, in the order of the table.
std::vector<llvm::StringRef> methodNames();
/// Prints the table of methods and their options as Markdown.
void printMethodDocs(llvm::raw_ostream &os);

/// What has to be collected for a method.
Collect requiredCollect(MethodOptions::Method method);
/// Votes for binary points have to be collected.
bool needsVotes(MethodOptions::Method method);
/// A second pass over the samples has to fill a linear histogram.
bool needsLinearHistogram(MethodOptions::Method method);

/// What chooseRange found.
struct ChosenRange {
  Range range;
  /// The method; what `auto` picked.
  MethodOptions method;
};

/// The range of a tensor. `linear` is for methods that need it; it must be of
/// this tensor's largest magnitude.
///
/// A tensor of zeros gives [0, 0], except by `fixed`. Errors, which do not name
/// the tensor: no values, a value that is not finite, a parameter outside its
/// range, something not collected that the method needs.
llvm::Expected<ChosenRange>
chooseRange(const TensorStatistics &statistics, const MethodOptions &options,
            const TargetScheme &scheme = {},
            const LinearHistogram *linear = nullptr);

/// Signal to quantization noise in dB if the tensor is quantized with what the
/// scheme derives from the range; infinite without an error. Needs the
/// histogram. The error says why nothing can be derived.
llvm::Expected<double> estimateSqnr(const TensorStatistics &statistics,
                                    Range range, const TargetScheme &scheme);

} // namespace hwq::calibration

#endif // HWQ_CALIBRATION_RANGEMETHOD_H
