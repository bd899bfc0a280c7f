//===- CollectStatistics.h - Statistics of a program's tensors --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_COLLECTSTATISTICS_H
#define HWQ_PIPELINES_COLLECTSTATISTICS_H

#include "hwq/Calibration/LinearHistogram.h"
#include "hwq/Calibration/StatisticsFile.h"
#include "hwq/Pipelines/Communicator.h"
#include "hwq/Runtime/Dataset.h"
#include "hwq/Runtime/Evaluator.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"
#include "llvm/ADT/StringMap.h"
#include <functional>
#include <memory>
#include <string>

namespace hwq {

struct CollectOptions {
  /// Worker threads; 0 = one per core.
  unsigned threads = 0;
  calibration::Collect collect = calibration::Collect::MinMax;
  /// Also statistics of each channel: the last axis inside programs, the one
  /// that is moved there of inputs in another layout.
  bool perChannel = false;
  /// Also votes for binary points, one for each so many successive samples; 0 =
  /// none.
  int64_t voteBatch = 0;
  /// The part of the samples: `shard` of `shards` parts of equal size, in
  /// order. Parts begin at multiples of voteBatch.
  unsigned shard = 0, shards = 1;
  /// describePreparation of the data set's options.
  std::string preparation;
  /// Which samples could not be read, if the data set goes on there.
  std::shared_ptr<runtime::BadSamples> bad;
  /// Called from time to time, `saveSeconds` apart, and at the end, with the
  /// statistics so far, by rank 0.
  std::function<llvm::Error(const calibration::StatisticsFile &)> save;
  double saveSeconds = 10;
  /// Processes that share the work; null is this one alone.
  Communicator *communicator = nullptr;
  runtime::Evaluator::ProgressHook progress;
};

/// Hash of an observed (or calibrated) program: of ops, types, attributes and
/// weights, without locations, ranges and methods.
uint64_t hashObservedProgram(mlir::ModuleOp module);

/// A file without samples for a program and a data set of `totalSamples`.
calibration::StatisticsFile newStatistics(mlir::ModuleOp module,
                                          const CollectOptions &options,
                                          uint64_t totalSamples);

/// Runs the samples of `data` that are not in `file` yet, and are in the part
/// that the options say, through an observed (or calibrated) program and adds
/// what they show; on rank 0 the result holds the samples of all ranks. The
/// result is the same bits for any number of threads, ranks and shards. An
/// error (NaN, infinity, a sample that cannot be read) is emitted as a
/// diagnostic by rank 0; all ranks fail.
mlir::LogicalResult collectStatistics(
    mlir::ModuleOp module, std::shared_ptr<const runtime::Dataset> data,
    const CollectOptions &options, calibration::StatisticsFile &file);

/// Linear histograms of some tensors, by name.
using LinearHistograms = llvm::StringMap<calibration::LinearHistogram>;

/// Fills `histograms`, which have the variant and the largest magnitude of each
/// tensor that is wanted, with the samples `indices`; on rank 0 with those of
/// all ranks. Takes threads, communicator and progress of the options. Emits
/// diagnostics as collectStatistics.
mlir::LogicalResult collectLinearHistograms(
    mlir::ModuleOp module, std::shared_ptr<const runtime::Dataset> data,
    std::vector<int64_t> indices, const CollectOptions &options,
    LinearHistograms &histograms);

} // namespace hwq

#endif // HWQ_PIPELINES_COLLECTSTATISTICS_H
