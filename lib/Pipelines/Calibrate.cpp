//===- Calibrate.cpp - Ranges from data -------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/Calibrate.h"
#include "CalibrateRun.h"
#include "hwq/Calibration/Statistics.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ObserverAttributes.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Pipelines/CollectStatistics.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Regex.h"
#include <algorithm>
#include <cmath>

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

llvm::Expected<TensorMethod> hwq::parseTensorMethod(StringRef text) {
  // The method's options have '=', too; names of methods have none.
  size_t brace = std::min(text.find('{'), text.size());
  size_t equals = text.rfind('=', brace);
  if (text.ends_with("}"))
    brace = text.rfind('{'), equals = text.take_front(brace).rfind('=');
  if (equals == StringRef::npos || equals == 0)
    return llvm::createStringError("expected REGEX=METHOD, got '" + text + "'");
  TensorMethod result;
  result.pattern = text.take_front(equals).str();
  std::string problem;
  if (!llvm::Regex(result.pattern).isValid(problem))
    return llvm::createStringError("'" + result.pattern +
                                   "' is no regular expression: " + problem);
  if (llvm::Error error = calibration::parseMethod(text.substr(equals + 1))
                              .moveInto(result.method))
    return std::move(error);
  return result;
}

bool TensorMethod::matches(StringRef tensor) const {
  return llvm::Regex("^(" + pattern + ")$").match(tensor);
}

calibration::TargetScheme hwq::activationScheme(const Backend &backend) {
  return {backend.activationRule,
          backend.getDeriveOptions(/*ofWeights=*/false)};
}

/// Whether a value is a result of the program, perhaps in another shape.
static bool isResult(Value value) {
  return llvm::any_of(value.getUsers(), [](Operation *user) {
    if (isa<func::ReturnOp>(user))
      return true;
    return isa<tosa::ReshapeOp, tosa::TransposeOp>(user) &&
           isResult(user->getResult(0));
  });
}

/// The method of an observed tensor.
static calibration::MethodOptions methodOf(ObserveOp op,
                                           const CalibrateOptions &options) {
  for (const TensorMethod &entry : options.overrides)
    if (entry.matches(op.getTensor()))
      return entry.method;
  return isResult(op.getResult()) ? calibration::MethodOptions()
                                  : options.method;
}

CalibrationNeeds hwq::calibrationNeeds(ModuleOp module,
                                       const CalibrateOptions &options) {
  CalibrationNeeds needs;
  module.walk([&](ObserveOp op) {
    using calibration::Collect;
    calibration::MethodOptions::Method method = methodOf(op, options).method;
    if (calibration::requiredCollect(method) == Collect::Histogram)
      needs.collect = Collect::Histogram;
    needs.votes |= calibration::needsVotes(method);
    needs.linearHistograms |= calibration::needsLinearHistogram(method);
  });
  return needs;
}

LinearHistograms
hwq::wantedLinearHistograms(ModuleOp module,
                            const calibration::Statistics &statistics,
                            const CalibrateOptions &options) {
  LinearHistograms wanted;
  module.walk([&](ObserveOp op) {
    calibration::MethodOptions method = methodOf(op, options);
    const calibration::TensorStatistics *of = statistics.lookup(op.getTensor());
    if (of && calibration::needsLinearHistogram(method.method))
      wanted[op.getTensor()] = calibration::LinearHistogram(
          method.variant, std::max(std::fabs(of->min()), std::fabs(of->max())));
  });
  return wanted;
}

/// Least and largest of each channel, as the method of the tensor chooses them.
static SmallVector<double>
chooseChannelRanges(const calibration::TensorStatistics &tensor,
                    const calibration::MethodOptions &method,
                    const calibration::TargetScheme &scheme) {
  SmallVector<double> ranges;
  for (const calibration::TensorStatistics &channel : tensor.channels()) {
    calibration::Range range{channel.min(), channel.max()};
    // Channels have no records of samples.
    llvm::Expected<calibration::ChosenRange> chosen =
        calibration::chooseRange(channel, method, scheme, nullptr);
    if (chosen)
      range = chosen->range;
    else
      llvm::consumeError(chosen.takeError());
    ranges.append({range.min, range.max});
  }
  return ranges;
}

LogicalResult hwq::setRanges(ModuleOp module,
                             const calibration::Statistics &statistics,
                             const CalibrateOptions &options,
                             std::vector<CalibratedTensor> *table,
                             const LinearHistograms *linear) {
  if (failed(
          checkForm(module, {Form::Observed, Form::Calibrated}, "calibrate")))
    return failure();
  Location nowhere = UnknownLoc::get(module.getContext());
  // All ranges before the first change: a failure leaves the module alone.
  std::vector<std::pair<ObserveOp, CalibratedTensor>> rows;
  std::vector<SmallVector<double>> channelRanges;
  WalkResult result = module.walk([&](ObserveOp op) {
    StringRef name = op.getTensor();
    const calibration::TensorStatistics *of = statistics.lookup(name);
    if (!of) {
      mlir::emitError(nowhere)
          << "there are no statistics of tensor '" << name << "'";
      return WalkResult::interrupt();
    }
    const calibration::LinearHistogram *histogram = nullptr;
    if (linear)
      if (auto found = linear->find(name); found != linear->end())
        histogram = &found->second;
    llvm::Expected<calibration::ChosenRange> chosen = calibration::chooseRange(
        *of, methodOf(op, options), options.scheme, histogram);
    if (!chosen) {
      mlir::emitError(nowhere)
          << "tensor '" << name << "': " << llvm::toString(chosen.takeError());
      return WalkResult::interrupt();
    }
    CalibratedTensor row{name.str(),
                         of->min(),
                         of->max(),
                         chosen->range,
                         calibration::printMethod(chosen->method),
                         std::nullopt,
                         of->count()};
    if (table && of->histogram()) {
      llvm::Expected<double> sqnr =
          calibration::estimateSqnr(*of, chosen->range, options.scheme);
      if (sqnr)
        row.sqnr = *sqnr;
      else
        llvm::consumeError(sqnr.takeError());
    }
    rows.emplace_back(op, std::move(row));
    channelRanges.emplace_back();
    if (channelAxis(op) + 1 == op.getType().getRank())
      channelRanges.back() =
          chooseChannelRanges(*of, methodOf(op, options), options.scheme);
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  Builder builder(module.getContext());
  for (auto [entry, channels] : llvm::zip_equal(rows, channelRanges)) {
    auto &[op, row] = entry;
    if (channels.empty())
      op.removeChannelRangesAttr();
    else
      op.setChannelRangesAttr(builder.getDenseF64ArrayAttr(channels));
    op.setRangeAttr(
        builder.getDenseF64ArrayAttr({row.range.min, row.range.max}));
    setObserverParameters(op, nullptr);
    op.setMethodAttr(builder.getStringAttr(row.method));
    if (table)
      table->push_back(std::move(row));
  }
  setForm(module, Form::Calibrated);
  return success();
}

FailureOr<CollectedSamples>
hwq::collectSamples(ModuleOp module, const runtime::Dataset &data,
                    ArrayRef<CalibrateOptions> options,
                    const runtime::Evaluator::ProgressHook &progress) {
  // The data set outlives the call.
  std::shared_ptr<const runtime::Dataset> shared(
      std::shared_ptr<const runtime::Dataset>(), &data);
  CollectOptions collect;
  collect.threads = options.front().threads;
  collect.progress = progress;
  bool wantsLinear = false;
  for (const CalibrateOptions &one : options) {
    CalibrationNeeds needs = calibrationNeeds(module, one);
    if (needs.collect == calibration::Collect::Histogram)
      collect.collect = needs.collect;
    if (needs.votes)
      collect.voteBatch = one.voteBatch;
    collect.perChannel |= one.perChannel;
    wantsLinear |= needs.linearHistograms;
  }
  CollectedSamples result;
  result.file = newStatistics(module, collect, data.size());
  if (failed(collectStatistics(module, shared, collect, result.file)))
    return failure();
  for (const CalibrateOptions &one : options)
    for (auto &entry :
         wantedLinearHistograms(module, result.file.statistics, one))
      result.linear.try_emplace(entry.getKey(), entry.getValue());
  collect.progress = {};
  if (wantsLinear &&
      failed(collectLinearHistograms(
          module, shared, result.file.sampleIndices(), collect, result.linear)))
    return failure();
  if (failed(tryMethods(module, shared, options, result)))
    return failure();
  return result;
}

LogicalResult
hwq::calibrateModule(ModuleOp module, const runtime::Dataset &data,
                     const CalibrateOptions &options,
                     const runtime::Evaluator::ProgressHook &progress,
                     std::vector<CalibratedTensor> *table) {
  FailureOr<CollectedSamples> collected =
      collectSamples(module, data, options, progress);
  if (failed(collected))
    return failure();
  return setRanges(module, collected->file.statistics,
                   withBestMethod(options, *collected), table,
                   &collected->linear);
}
