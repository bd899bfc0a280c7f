//===- Accuracy.h - Predictions and labels ----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_ACCURACY_H
#define HWQ_TOOLS_HWQ_ACCURACY_H

#include "hwq/Runtime/Evaluator.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <vector>

namespace hwq::driver {

/// The classes that a program predicts: the first largest value of its first
/// output, per sample.
struct Predictions {
  /// Empty where the output is no vector of at least two scores per sample.
  std::vector<int64_t> classes;
  int64_t samples = 0;
  /// Of the whole pass, loading included.
  double seconds = 0;

  double imagesPerSecond() const { return seconds > 0 ? samples / seconds : 0; }
};

/// Runs all samples; `hooks.output`, if given, is called too. Errors where the
/// first output is a vector of scores: a NaN in it, a label that is none of its
/// classes.
llvm::Expected<Predictions> predict(runtime::Evaluator &evaluator,
                                    const runtime::Dataset &data,
                                    llvm::StringRef what,
                                    runtime::Evaluator::Hooks hooks = {});

/// Fraction of samples whose label is predicted; none without labels or
/// classes.
std::optional<double> top1(const Predictions &predictions,
                           const runtime::Dataset &data);
/// Fraction of samples of which both predict the same class.
std::optional<double> agreement(const Predictions &a, const Predictions &b);

/// Whether two data sets begin with the same samples, or come from one file.
bool lookEqual(const runtime::DatasetOptions &a, const runtime::Dataset &dataA,
               const runtime::DatasetOptions &b, const runtime::Dataset &dataB);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_ACCURACY_H
