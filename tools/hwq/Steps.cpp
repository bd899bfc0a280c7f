//===- Steps.cpp - Steps that several subcommands take ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Steps.h"
#include "Accuracy.h"
#include "Console.h"
#include "Options.h"
#include "RangesFromStatistics.h"
#include "hwq/Backend/BackendRegistry.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Interchange/ProgramTable.h"
#include "hwq/Pipelines/Calibrate.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

llvm::Error driver::addBackendFile(MLIRContext *context) {
  if (backendFile.empty())
    return llvm::Error::success();
  FailureOr<BackendAttr> backend =
      hwq::addBackendFile(context, backendFile, [&] {
        return mlir::emitError(UnknownLoc::get(context));
      });
  if (failed(backend))
    return reportedError();
  if (backendNames == "all")
    return llvm::Error::success();
  llvm::Expected<std::vector<BackendSpec>> specs =
      BackendSpec::parseList(backendNames);
  if (!specs)
    return usageError("--for: " + toString(specs.takeError()));
  StringRef name = backend->getName().getValue();
  if (llvm::none_of(*specs, [&](auto &spec) { return spec.name == name; }))
    return usageError("--backend-file has the backend '" + name +
                      "', which --for does not name");
  return llvm::Error::success();
}

llvm::Expected<std::vector<Target>> driver::parseTargets(StringRef text,
                                                         MLIRContext *context) {
  if (llvm::Error error = addBackendFile(context))
    return std::move(error);
  // Every backend that hwq knows, as it is.
  std::string all;
  bool isAll = text == "all";
  if (isAll) {
    all = llvm::join(getBackendNames(), ",");
    text = all;
  }
  if (llvm::Error error = checkCompileOptions())
    return std::move(error);
  llvm::Expected<std::vector<BackendSpec>> specs = BackendSpec::parseList(text);
  if (!specs)
    return usageError("--for: " + toString(specs.takeError()));
  std::vector<Target> targets;
  llvm::StringSet<> keys;
  for (const BackendSpec &spec : *specs) {
    llvm::Expected<BackendAttr> descriptor = resolveBackend(context, spec);
    if (!descriptor)
      return usageError("--for: " + toString(descriptor.takeError()));
    if (!keys.insert(spec.key()).second)
      return usageError("--for names '" + spec.str() + "' twice");
    // A backend that cannot be compiled for is refused before any work.
    OpPassManager passes(ModuleOp::getOperationName());
    std::string reason;
    if (failed(buildQuantizeForPipeline(
            passes, compileOptions({spec, spec.key(), *descriptor}),
            [&](const llvm::Twine &message) {
              reason = message.str();
              return failure();
            }))) {
      if (!isAll)
        return llvm::createStringError(reason);
      warn("left out: " + reason);
      continue;
    }
    targets.push_back({spec, spec.key(), *descriptor});
  }
  return targets;
}

llvm::Expected<Target> driver::parseTarget(StringRef text,
                                           MLIRContext *context) {
  llvm::Expected<std::vector<Target>> targets = parseTargets(text, context);
  if (!targets)
    return targets.takeError();
  if (targets->size() != 1)
    return usageError("expected one backend, got " +
                      llvm::Twine(targets->size()));
  return std::move(targets->front());
}

/// Whether the backends of --for take the thresholds of a table.
static llvm::Expected<bool> wantsThresholds(Session &session) {
  llvm::Expected<std::vector<Target>> targets =
      parseTargets(backendNames, session.context());
  if (!targets)
    return targets.takeError();
  std::optional<bool> symmetric;
  for (const Target &target : *targets) {
    bool wants = Backend::get(target.descriptor).activations.symmetry !=
                 numerics::Symmetry::Asymmetric;
    if (symmetric.value_or(wants) != wants)
      return usageError("--table gives symmetric or asymmetric ranges: the "
                        "backends of --for want both");
    symmetric = wants;
  }
  return symmetric.value_or(true);
}

/// What --table says, as the backends of --for take it. The program is
/// calibrated then, unless the table has no ranges.
static llvm::Error importTable(OwningOpRef<ModuleOp> &module,
                               Session &session) {
  llvm::Expected<const interchange::TableFormat *> format =
      interchange::getTableFormat(tableFormat);
  if (!format)
    return format.takeError();
  auto inFile = [](llvm::Error error) {
    return llvm::createStringError(tablePath + ": " +
                                   toString(std::move(error)));
  };
  llvm::Expected<interchange::CalibrationTable> table =
      interchange::readTableFile(tablePath, **format);
  if (!table)
    return table.takeError();
  for (const std::string &warning : table->warnings)
    warn(tablePath + ": " + warning);
  bool symmetric = false;
  if (interchange::hasThresholds(*table))
    if (llvm::Error error = wantsThresholds(session).moveInto(symmetric))
      return error;
  if (failed(prepareForCalibration(*module)))
    return reportedError();
  llvm::Expected<interchange::TableCoverage> coverage =
      interchange::applyTable(*module, *table, tableFormat, symmetric);
  if (!coverage)
    return inFile(coverage.takeError());
  if (!coverage->unknown.empty())
    warn(tablePath + ": the model has no tensor " +
         llvm::join(coverage->unknown, ", "));
  return llvm::Error::success();
}

llvm::Expected<CalibratedModel> driver::loadCalibrated(StringRef path,
                                                       Session &session) {
  llvm::Expected<runtime::DatasetOptions> options =
      dataOptions(dataPath, /*evaluation=*/false);
  if (!options)
    return options.takeError();
  if (auto method = methodOptions(); !method)
    return method.takeError();
  if (llvm::Expected<unsigned> threads = threadCount(); !threads)
    return threads.takeError();
  if (!tablePath.empty() && !rangesPath.empty())
    return usageError("expected ranges from --table or --stats, got both");
  Stopwatch watch;
  llvm::Expected<OwningOpRef<ModuleOp>> module = loadModel(path, session);
  if (!module)
    return module.takeError();
  double loadSeconds = watch.seconds();
  if (!tablePath.empty())
    if (llvm::Error error = importTable(*module, session))
      return std::move(error);
  FailureOr<std::optional<Form>> form = getForm(module->get());
  if (failed(form))
    return reportedError();
  bool isCalibrated =
      !rangesPath.empty() || form->value_or(Form::Float) == Form::Calibrated;
  if (!isCalibrated && dataPath.empty())
    return usageError("expected --data=DATA: '" + path +
                      "' has not been calibrated");
  CalibratedModel model{std::move(*module), nullptr, loadSeconds, 0, {}};
  if (!dataPath.empty()) {
    auto data = openCalibrationData(*options, *model.module);
    if (!data)
      return data.takeError();
    model.data = *data;
  }
  if (!rangesPath.empty())
    if (llvm::Error error = calibrateFromStatistics(
            *model.module, path, rangesPath, model.data,
            runtime::describePreparation(*options), model.samples))
      return std::move(error);
  if (!isCalibrated)
    if (llvm::Error error =
            calibrate(*model.module, *model.data, &model.samples))
      return std::move(error);
  model.calibrateSeconds = watch.seconds() - loadSeconds;
  return std::move(model);
}

llvm::Expected<std::shared_ptr<const runtime::Dataset>>
driver::openEvaluationData(const runtime::DatasetOptions &options,
                           const CalibratedModel &model) {
  auto data = openData(options, *model.module);
  if (!data)
    return data.takeError();
  *data = checkLabels(*data, options, *model.module);
  if (evalPath.empty()) {
    warn("no --eval: accuracy is measured on the calibration data");
    return std::move(*data);
  }
  llvm::Expected<runtime::DatasetOptions> calibration =
      dataOptions(dataPath, /*evaluation=*/false);
  if (!calibration)
    return calibration.takeError();
  if (model.data && lookEqual(*calibration, *model.data, options, **data))
    warn("--eval begins with the samples of --data: accuracy is measured on "
         "calibration data");
  return std::move(*data);
}

llvm::Expected<std::unique_ptr<runtime::Evaluator>>
driver::makeEvaluator(ModuleOp module) {
  llvm::Expected<unsigned> threads = threadCount();
  if (!threads)
    return threads.takeError();
  runtime::EvaluatorOptions options;
  options.threads = *threads;
  FailureOr<std::unique_ptr<runtime::Evaluator>> evaluator =
      runtime::Evaluator::create(module, options);
  if (failed(evaluator))
    return reportedError();
  return std::move(*evaluator);
}

void driver::warnOf(const Target &target, llvm::Error error) {
  handleAllErrors(
      std::move(error), [](const ReportedError &) {},
      [&](const llvm::ErrorInfoBase &e) {
        warn(target.key + ": " + e.message());
      });
}

llvm::Error driver::failedTargets(ArrayRef<std::string> failed, size_t all) {
  if (failed.empty())
    return llvm::Error::success();
  return llvm::createStringError(
      llvm::Twine(failed.size()) + " of " + llvm::Twine(all) +
      " backends have no program: " + llvm::join(failed, ", "));
}

QuantizeForOptions driver::compileOptions(const Target &target) {
  QuantizeForOptions options;
  options.backend = target.spec.str();
  options.skip = skipPattern;
  options.overrideFile = overridePath;
  options.onlyStep0 = finalForm == "step0";
  return options;
}

llvm::Error driver::compile(ModuleOp module, const Target &target) {
  PassManager passes(module.getContext(), ModuleOp::getOperationName());
  if (failed(buildQuantizeForPipeline(passes, compileOptions(target))) ||
      failed(passes.run(module)))
    return reportedError();
  return llvm::Error::success();
}
