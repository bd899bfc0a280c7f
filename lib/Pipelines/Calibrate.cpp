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
#include "hwq/Pipelines/CollectStatistics.h"
#include "mlir/IR/Builders.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/Twine.h"

using namespace mlir;
using namespace hwq;

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

LogicalResult hwq::setRanges(ModuleOp module,
                             const calibration::Statistics &statistics,
                             const CalibrateOptions &options,
                             std::vector<CalibratedTensor> *table) {
  if (failed(
          checkForm(module, {Form::Observed, Form::Calibrated}, "calibrate")))
    return failure();
  Location nowhere = UnknownLoc::get(module.getContext());
  // All ranges before the first change: a failure leaves the module alone.
  std::vector<std::pair<ObserveOp, calibration::Range>> ranges;
  std::vector<CalibratedTensor> rows;
  WalkResult result = module.walk([&](ObserveOp op) {
    const calibration::TensorStatistics *of = statistics.lookup(op.getTensor());
    if (!of) {
      mlir::emitError(nowhere)
          << "there are no statistics of tensor '" << op.getTensor() << "'";
      return WalkResult::interrupt();
    }
    llvm::Expected<calibration::Range> range =
        calibration::chooseRange(*of, options.method);
    if (!range) {
      mlir::emitError(nowhere) << "tensor '" << op.getTensor()
                               << "': " << llvm::toString(range.takeError());
      return WalkResult::interrupt();
    }
    ranges.emplace_back(op, *range);
    rows.push_back(
        {op.getTensor().str(), of->min(), of->max(), *range, of->count()});
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
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

LogicalResult
hwq::calibrateModule(ModuleOp module, const runtime::Dataset &data,
                     const CalibrateOptions &options,
                     const runtime::Evaluator::ProgressHook &progress,
                     std::vector<CalibratedTensor> *table) {
  // The data set outlives the call.
  std::shared_ptr<const runtime::Dataset> shared(
      std::shared_ptr<const runtime::Dataset>(), &data);
  CollectOptions collect;
  collect.threads = options.threads;
  collect.collect = calibration::requiredCollect(options.method.method);
  collect.progress = progress;
  calibration::StatisticsFile file =
      newStatistics(module, collect, data.size());
  if (failed(collectStatistics(module, shared, collect, file)))
    return failure();
  return setRanges(module, file.statistics, options, table);
}
