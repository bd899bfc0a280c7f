//===- CalibrateRun.cpp - Samples through an observed program ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CalibrateRun.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/StringSet.h"
#include <optional>

using namespace mlir;
using namespace hwq;
using runtime::Tensor;

/// The axis that an op moves to the end; the last if it moves none there.
static int64_t axisMovedLast(Operation *op) {
  if (auto transpose = dyn_cast<tosa::TransposeOp>(op))
    if (!transpose.getPerms().empty())
      return transpose.getPerms().back();
  auto from = cast<RankedTensorType>(op->getOperand(0).getType());
  int64_t last = from.getRank() - 1;
  auto reshape = dyn_cast<tosa::ReshapeOp>(op);
  if (!reshape || last < 0)
    return last;
  // An axis of extent 1 (grey images) is moved by a reshape.
  for (int64_t axis = 1; axis < last; ++axis) {
    SmallVector<int64_t> moved(from.getShape());
    if (moved[axis] != 1)
      continue;
    moved.erase(moved.begin() + axis);
    moved.push_back(1);
    if (cast<ShapedType>(reshape.getType()).getShape() == ArrayRef(moved))
      return axis;
  }
  return last;
}

unsigned hwq::channelAxis(ObserveOp op) {
  int64_t last = op.getType().getRank() - 1;
  if (!isa<BlockArgument>(op.getOperand()))
    return last;
  std::optional<int64_t> moved;
  for (Operation *user : op->getUsers()) {
    int64_t axis =
        user->getOperand(0) == op.getResult() ? axisMovedLast(user) : last;
    if (moved.value_or(axis) != axis)
      return last;
    moved = axis;
  }
  return moved.value_or(last);
}

FailureOr<ObservedRun> ObservedRun::create(ModuleOp module, unsigned threads,
                                           int64_t batch) {
  if (failed(
          checkForm(module, {Form::Observed, Form::Calibrated}, "calibrate")))
    return failure();
  Location nowhere = UnknownLoc::get(module.getContext());
  runtime::EvaluatorOptions options;
  options.threads = threads;
  options.batch = batch;
  FailureOr<std::unique_ptr<runtime::Evaluator>> evaluator =
      runtime::Evaluator::create(module, options);
  if (failed(evaluator))
    return failure();
  ObservedRun run;
  run.evaluator = std::move(*evaluator);
  llvm::StringSet<> names;
  for (const runtime::NamedValue &value : run.evaluator->namedValues()) {
    auto op = value.value.getDefiningOp<ObserveOp>();
    run.entryOf.push_back(op ? std::optional<size_t>(run.observed.size())
                             : std::nullopt);
    if (!op)
      continue;
    if (!names.insert(op.getTensor()).second)
      return mlir::emitError(nowhere)
             << "two observed tensors have the name '" << op.getTensor() << "'";
    run.observed.push_back(op);
    run.axes.push_back(channelAxis(op));
  }
  if (run.observed.empty())
    return mlir::emitError(nowhere)
           << "the program observes no tensor: nothing to calibrate";
  return run;
}

bool ObservedRun::isInput(size_t entry) const {
  return isa<BlockArgument>(
      const_cast<ObserveOp &>(observed[entry]).getOperand());
}

llvm::Error ObservedRun::run(std::shared_ptr<const runtime::Dataset> data,
                             std::vector<int64_t> indices,
                             const Observe &observe,
                             const runtime::Evaluator::ProgressHook &progress) {
  runtime::Evaluator::Hooks hooks;
  hooks.progress = progress;
  hooks.value = [&](unsigned worker, size_t index, int64_t first,
                    Tensor &tensor) -> llvm::Error {
    if (!entryOf[index])
      return llvm::Error::success();
    return observe(worker, *entryOf[index], first, tensor);
  };
  return evaluator->run(*runtime::subset(std::move(data), std::move(indices)),
                        hooks);
}

std::vector<int64_t> hwq::partOf(ArrayRef<int64_t> indices, unsigned part,
                                 unsigned count, int64_t granule) {
  int64_t size = indices.size(), granules = (size + granule - 1) / granule;
  auto edge = [&](int64_t i) {
    return std::min(granules * i / count * granule, size);
  };
  return indices.slice(edge(part), edge(part + 1) - edge(part)).vec();
}
