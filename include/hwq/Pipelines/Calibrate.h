//===- Calibrate.h - Ranges from data ---------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_CALIBRATE_H
#define HWQ_PIPELINES_CALIBRATE_H

#include "hwq/Calibration/RangeMethod.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Pipelines/CollectStatistics.h"
#include "hwq/Runtime/Dataset.h"
#include "hwq/Runtime/Evaluator.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"
#include <optional>
#include <string>
#include <vector>

namespace hwq {

/// The method of tensors whose whole name a regular expression matches.
struct TensorMethod {
  std::string pattern;
  calibration::MethodOptions method;

  /// The whole name matches.
  bool matches(llvm::StringRef tensor) const;
};

/// Reads `REGEX=METHOD`, METHOD as calibration::parseMethod does.
llvm::Expected<TensorMethod> parseTensorMethod(llvm::StringRef text);

struct CalibrateOptions {
  /// Results of the program are not clipped: they have min-max, unless
  /// `overrides` say otherwise.
  calibration::MethodOptions method;
  /// The first that matches holds.
  std::vector<TensorMethod> overrides;
  /// What the ranges are for.
  calibration::TargetScheme scheme;
  /// The backend that has this scheme, for which `auto` may try methods; null:
  /// none.
  BackendAttr backend;
  /// Samples per vote for a binary point.
  int64_t voteBatch = 1;
  /// Worker threads; 0 = one per core.
  unsigned threads = 0;
  /// Collect statistics of each channel (the last axis), too.
  bool perChannel = false;
};

/// What calibration found out about one tensor.
struct CalibratedTensor {
  std::string name;
  /// Smallest and largest value over all samples.
  double min = 0, max = 0;
  /// What the method chose of it.
  calibration::Range range;
  /// The method, as parseMethod reads it; what `auto` picked.
  std::string method;
  /// Estimated for the scheme of the options, in dB; none without a histogram.
  std::optional<double> sqnr;
  /// Number of values.
  uint64_t count = 0;
};

/// What the methods of a program's tensors need.
struct CalibrationNeeds {
  calibration::Collect collect = calibration::Collect::MinMax;
  bool votes = false;
  /// A second pass over the samples.
  bool linearHistograms = false;
};
CalibrationNeeds calibrationNeeds(mlir::ModuleOp module,
                                  const CalibrateOptions &options);

/// How activations are quantized for a backend.
calibration::TargetScheme activationScheme(const Backend &backend);

/// Brings a program to the observed form: recognizes plain TOSA (no
/// `quant_hw.form`), then inserts observers. Observed and calibrated programs
/// stay as they are; a later form is an error. Emits diagnostics.
mlir::LogicalResult prepareForCalibration(mlir::ModuleOp module);

/// Empty histograms of the tensors whose methods need a second pass.
LinearHistograms
wantedLinearHistograms(mlir::ModuleOp module,
                       const calibration::Statistics &statistics,
                       const CalibrateOptions &options);

/// Sets `range` and `method` of every observe op from statistics,
/// `channel_ranges` where they have channels (min-max, if the method needs the
/// samples one by one), and the form `calibrated`. A tensor without statistics
/// is an error; the module is then unchanged. Emits diagnostics. `table`, if
/// given, gets the tensors in program order; `linear` holds the second pass's
/// histograms by tensor.
mlir::LogicalResult setRanges(mlir::ModuleOp module,
                              const calibration::Statistics &statistics,
                              const CalibrateOptions &options,
                              std::vector<CalibratedTensor> *table = nullptr,
                              const LinearHistograms *linear = nullptr);

/// What the samples showed, from which the ranges of any number of backends are
/// chosen.
struct CollectedSamples {
  calibration::StatisticsFile file;
  LinearHistograms linear;
  /// What tryMethods found best, by backend.
  std::vector<std::pair<BackendAttr, calibration::MethodOptions>> best;
};

/// For those of `options` whose method is `auto` and which have a backend: runs
/// a few of the samples that `samples` has, evenly spread, through the program
/// at step 0, once for each method that needs only statistics of values (`auto`
/// itself among them, tensor by tensor). What gives the best signal-to-noise
/// ratio at the results of the program is noted in `samples`; the first where
/// they are equal. The same for any number of threads. Emits diagnostics.
mlir::LogicalResult
tryMethods(mlir::ModuleOp module, std::shared_ptr<const runtime::Dataset> data,
           llvm::ArrayRef<CalibrateOptions> options, CollectedSamples &samples,
           const runtime::Evaluator::ProgressHook &progress = {});

/// The options with what tryMethods found best in place of `auto`.
CalibrateOptions withBestMethod(CalibrateOptions options,
                                const CollectedSamples &samples);

/// Runs all samples of `data` as calibrateModule does and changes nothing; for
/// ranges by each of `options` (at least one, of equal threads and batches for
/// votes); tries methods for `auto`. Emits diagnostics.
mlir::FailureOr<CollectedSamples>
collectSamples(mlir::ModuleOp module, const runtime::Dataset &data,
               llvm::ArrayRef<CalibrateOptions> options,
               const runtime::Evaluator::ProgressHook &progress = {});

/// Runs all samples of `data` through an observed (or calibrated) program, sets
/// `range` and `method` of every observe op, and the form `calibrated`. The
/// result is the same bits for any number of threads. NaN or infinity in an
/// activation is an error that names tensor and sample; the module is then
/// unchanged. Emits diagnostics. `table`, if given, gets the tensors in program
/// order.
mlir::LogicalResult
calibrateModule(mlir::ModuleOp module, const runtime::Dataset &data,
                const CalibrateOptions &options,
                const runtime::Evaluator::ProgressHook &progress = {},
                std::vector<CalibratedTensor> *table = nullptr);

} // namespace hwq

#endif // HWQ_PIPELINES_CALIBRATE_H
