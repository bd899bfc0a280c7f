//===- Accuracy.h - Predictions and labels ----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_ACCURACY_H
#define HWQ_TOOLS_HWQ_ACCURACY_H

#include "hwq/Pipelines/VerifyStore.h"
#include "hwq/Runtime/Evaluator.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringRef.h"
#include <memory>
#include <optional>
#include <utility>
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

/// How much accuracy is lost on the samples that two programs share.
struct AccuracyDrop {
  /// Top-1 of the first less that of the second, as a fraction.
  double drop = 0;
  /// Of the paired difference: of the samples on which one is right only.
  double standardError = 0;
};
std::optional<AccuracyDrop> accuracyDrop(const Predictions &before,
                                         const Predictions &after,
                                         const runtime::Dataset &data);

/// Fraction `p` of `n` samples: its 95 % interval after Wilson.
std::pair<double, double> confidenceInterval(double p, int64_t n);

/// A program beside the float one, on the same samples.
struct ComparedOutputs {
  Predictions predictions;
  std::optional<double> top1, agreement;
  std::optional<AccuracyDrop> drop;
  /// Samples on which the two predict different classes.
  std::vector<int64_t> disagreements;
  /// SQNR of the first output in dB; none unless it is f32.
  std::optional<double> sqnr;
};

/// The float program's outputs on a data set, for others to be compared with.
class FloatReference {
public:
  /// Runs all samples. `data` must outlive the result.
  static llvm::Expected<std::unique_ptr<FloatReference>>
  run(runtime::Evaluator &evaluator, const runtime::Dataset &data);

  const Predictions &predictions() const { return predicted; }
  std::optional<double> top1() const;
  /// Runs another program; the same bits for any number of threads.
  llvm::Expected<ComparedOutputs> compare(runtime::Evaluator &evaluator,
                                          llvm::StringRef what) const;

private:
  FloatReference(const runtime::Dataset &data)
      : data(data), output(1, data.size()) {}

  const runtime::Dataset &data;
  Predictions predicted;
  TensorStore output;
};

/// The data set that `options` opened, as a program is evaluated on it. Numbers
/// in the names of images are labels only where the first output has that many
/// classes: a net that is no classifier gets a warning and no accuracy, but an
/// error where somebody gave the labels (see predict).
std::shared_ptr<const runtime::Dataset>
checkLabels(std::shared_ptr<const runtime::Dataset> data,
            const runtime::DatasetOptions &options, mlir::ModuleOp module);

/// Why there is no top-1, as an end of a sentence; empty if there is.
std::string whyNoTop1(const Predictions &predictions,
                      const runtime::Dataset &data);

/// Whether two data sets begin with the same samples, or come from one file.
bool lookEqual(const runtime::DatasetOptions &a, const runtime::Dataset &dataA,
               const runtime::DatasetOptions &b, const runtime::Dataset &dataB);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_ACCURACY_H
