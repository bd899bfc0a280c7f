//===- CalibrateRun.h - Samples through an observed program ------*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_PIPELINES_CALIBRATERUN_H
#define HWQ_LIB_PIPELINES_CALIBRATERUN_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Pipelines/CollectStatistics.h"
#include <functional>
#include <vector>

namespace hwq {

/// The axis of an observed tensor's channels: the last, as ops have it, but for
/// inputs in another layout (NCHW) the one that all who read it move there.
unsigned channelAxis(ObserveOp op);

/// An evaluator of a program with the places of its observe ops.
class ObservedRun {
public:
  /// Emits diagnostics. `batch` samples at a time; 0 = chosen from the sizes.
  static mlir::FailureOr<ObservedRun>
  create(mlir::ModuleOp module, unsigned threads, int64_t batch = 0);

  /// The observe ops in program order.
  llvm::ArrayRef<ObserveOp> ops() const { return observed; }
  unsigned threads() const { return evaluator->threads(); }
  /// Position in ops() of an observed tensor that is an input of the program.
  bool isInput(size_t entry) const;

  /// channelAxis of an observed tensor.
  unsigned channelAxisOf(size_t entry) const { return axes[entry]; }

  /// Called on the worker thread with the values of one observed tensor for
  /// samples [first, first + tensor.dim(0)) of the run.
  using Observe = std::function<llvm::Error(
      unsigned worker, size_t entry, int64_t first, runtime::Tensor &tensor)>;

  /// Runs the samples `indices` of a data set. Their position in `indices` is
  /// what `observe` gets.
  llvm::Error run(std::shared_ptr<const runtime::Dataset> data,
                  std::vector<int64_t> indices, const Observe &observe,
                  const runtime::Evaluator::ProgressHook &progress);

private:
  std::unique_ptr<runtime::Evaluator> evaluator;
  std::vector<ObserveOp> observed;
  std::vector<unsigned> axes;
  /// By named value of the evaluator: entry, or none.
  std::vector<std::optional<size_t>> entryOf;
};

/// The indices of one of `count` parts of a list, which begin at multiples of
/// `granule`.
std::vector<int64_t> partOf(llvm::ArrayRef<int64_t> indices, unsigned part,
                            unsigned count, int64_t granule);

} // namespace hwq

#endif // HWQ_LIB_PIPELINES_CALIBRATERUN_H
