//===- Calibrate.cpp - Ranges from data -------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/Calibrate.h"
#include "hwq/Calibration/Statistics.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "mlir/IR/Builders.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/Twine.h"

using namespace mlir;
using namespace hwq;
using runtime::Tensor;

LogicalResult hwq::prepareForCalibration(ModuleOp module) {
  FailureOr<std::optional<Form>> form = getForm(module);
  if (failed(form))
    return failure();
  if (form->value_or(Form::Float) == Form::Observed ||
      form->value_or(Form::Float) == Form::Calibrated)
    return success();
  if (failed(checkForm(module, {Form::Float, Form::Observed, Form::Calibrated},
                       "calibrate")))
    return failure();
  PassManager passes(module.getContext(), ModuleOp::getOperationName());
  if (!*form)
    passes.addPass(createRecognizePass());
  passes.addPass(createInsertObserversPass());
  return passes.run(module);
}

namespace {
/// An observe op with its place in the statistics; null for other values.
struct Observed {
  ObserveOp op;
  size_t entry = 0;
};
} // namespace

/// One llvm::Error as one diagnostic.
static LogicalResult report(ModuleOp module, llvm::Error error) {
  return mlir::emitError(UnknownLoc::get(module.getContext()))
         << llvm::toString(std::move(error));
}

LogicalResult
hwq::calibrateModule(ModuleOp module, const runtime::Dataset &data,
                     const CalibrateOptions &options,
                     const runtime::Evaluator::ProgressHook &progress,
                     std::vector<CalibratedTensor> *table) {
  if (failed(
          checkForm(module, {Form::Observed, Form::Calibrated}, "calibrate")))
    return failure();
  Location nowhere = UnknownLoc::get(module.getContext());
  if (data.size() == 0)
    return mlir::emitError(nowhere) << "calibration needs at least one sample";
  runtime::EvaluatorOptions evaluatorOptions;
  evaluatorOptions.threads = options.threads;
  FailureOr<std::unique_ptr<runtime::Evaluator>> evaluator =
      runtime::Evaluator::create(module, evaluatorOptions);
  if (failed(evaluator))
    return failure();

  // One set of statistics per worker, all with the same tensors in the same
  // order, so that merging gives the same for any number of workers.
  calibration::Statistics total(
      calibration::requiredCollect(options.method.method));
  ArrayRef<runtime::NamedValue> values = (*evaluator)->namedValues();
  std::vector<Observed> observed(values.size());
  unsigned count = 0;
  for (size_t i = 0; i < values.size(); ++i)
    if (auto op = values[i].value.getDefiningOp<ObserveOp>()) {
      observed[i] = {op, total.registerTensor(op.getTensor())};
      ++count;
    }
  if (total.size() != count)
    return mlir::emitError(nowhere)
           << "two observed tensors have the same name: expected " << count
           << " names, got " << total.size();
  if (count == 0)
    return mlir::emitError(nowhere)
           << "the program observes no tensor: nothing to calibrate";
  std::vector<calibration::Statistics> workers((*evaluator)->threads(), total);

  runtime::Evaluator::Hooks hooks;
  hooks.progress = progress;
  hooks.value = [&](unsigned worker, size_t index, int64_t first,
                    Tensor &tensor) -> llvm::Error {
    if (!observed[index].op)
      return llvm::Error::success();
    calibration::TensorStatistics &statistics =
        workers[worker][observed[index].entry];
    int64_t samples = tensor.dim(0);
    size_t size = samples ? tensor.numElements() / samples : 0;
    const float *data = tensor.data<float>();
    for (int64_t s = 0; s < samples; ++s)
      statistics.add(data + s * size, size, first + s);
    return llvm::Error::success();
  };
  if (llvm::Error error = (*evaluator)->run(data, hooks))
    return report(module, std::move(error));
  for (const calibration::Statistics &worker : workers)
    total.merge(worker);

  if (const calibration::Statistics::Entry *entry = total.firstBad()) {
    calibration::BadValue bad = *entry->statistics.firstBad();
    return mlir::emitError(nowhere)
           << "tensor '" << entry->name << "' is " << bad.kindName() << " in "
           << data.sampleName(bad.sampleIndex) << ", element "
           << bad.elementIndex;
  }

  // All ranges before the first change: a failure leaves the module alone.
  std::vector<std::pair<ObserveOp, calibration::Range>> ranges;
  std::vector<CalibratedTensor> rows;
  for (const Observed &o : observed) {
    if (!o.op)
      continue;
    const calibration::TensorStatistics &statistics = total[o.entry];
    llvm::Expected<calibration::Range> range =
        calibration::chooseRange(statistics, options.method);
    if (!range)
      return mlir::emitError(nowhere)
             << "tensor '" << total.name(o.entry)
             << "': " << llvm::toString(range.takeError());
    ranges.emplace_back(o.op, *range);
    rows.push_back({total.name(o.entry).str(), statistics.min(),
                    statistics.max(), *range, statistics.count()});
  }
  Builder builder(module.getContext());
  for (auto &[op, range] : ranges) {
    op.setRangeAttr(builder.getDenseF64ArrayAttr({range.min, range.max}));
    op.setMethodAttr(
        builder.getStringAttr(calibration::methodName(options.method.method)));
  }
  setForm(module, Form::Calibrated);
  if (table)
    *table = std::move(rows);
  return success();
}
