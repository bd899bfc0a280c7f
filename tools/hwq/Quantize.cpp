//===- Quantize.cpp - hwq quantize ------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Accuracy.h"
#include "Console.h"
#include "Model.h"
#include "Options.h"
#include "OutputFolder.h"
#include "Report.h"
#include "Steps.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Interchange/Encodings.h"
#include "hwq/Interchange/ModelFormats.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;
using runtime::Evaluator;

namespace {

/// A backend's program and what becomes of it.
struct Compiled {
  Target target;
  OwningOpRef<ModuleOp> module;
  BackendReport report;
};

/// The one run of `hwq quantize`.
class Quantize {
public:
  llvm::Error run();

private:
  llvm::Error parseOptions();
  llvm::Error load();
  llvm::Error openAllData();
  llvm::Error compileAll();
  llvm::Error evaluateAll();
  llvm::Error evaluateBackend(Compiled &compiled, Evaluator &reference,
                              const Predictions &expected);
  llvm::Error writeEncodings(OutputFolder &folder, Compiled &compiled);
  llvm::Error writeModel(OutputFolder &folder, Compiled &compiled,
                         const interchange::ModelFormat &format);
  llvm::Error writeAll();
  llvm::Expected<std::unique_ptr<Evaluator>> makeEvaluator(ModuleOp module);

  std::string model;
  unsigned threads = 0;
  calibration::MethodOptions method;
  runtime::DatasetOptions calibrationOptions, evaluationOptions;
  Session session;
  std::vector<Target> targets;
  /// Declared after the session, whose context it lives in.
  OwningOpRef<ModuleOp> module;
  std::shared_ptr<const runtime::Dataset> calibrationData, evaluationData;
  llvm::StringMap<std::string> weightNames;
  std::vector<Compiled> compiled;
  Report report;
};

} // namespace

llvm::Error Quantize::parseOptions() {
  llvm::Expected<std::string> path = modelPath();
  if (!path)
    return path.takeError();
  model = *path;
  if (llvm::Error error = require(backendNames, "BACKEND"))
    return error;
  // A calibrated program needs samples for its evaluation only.
  if (evalPath.empty())
    if (llvm::Error error = require(dataPath, "DATA"))
      return error;
  if (llvm::Error error = require(outputPath, "DIR"))
    return error;
  llvm::Expected<unsigned> count = threadCount();
  if (!count)
    return count.takeError();
  threads = *count;
  llvm::Expected<calibration::MethodOptions> chosen = methodOptions();
  if (!chosen)
    return chosen.takeError();
  method = *chosen;
  llvm::Expected<runtime::DatasetOptions> options =
      dataOptions(dataPath, /*evaluation=*/false);
  if (!options)
    return options.takeError();
  calibrationOptions = *options;
  options = dataOptions(evalPath.empty() ? dataPath : evalPath,
                        /*evaluation=*/true);
  if (!options)
    return options.takeError();
  evaluationOptions = *options;
  llvm::Expected<std::vector<Target>> parsed =
      parseTargets(backendNames, session.context());
  if (!parsed)
    return parsed.takeError();
  targets = std::move(*parsed);
  return OutputFolder::check(outputPath, {model, dataPath, evalPath});
}

llvm::Error Quantize::load() {
  Stopwatch watch;
  llvm::Expected<OwningOpRef<ModuleOp>> loaded = loadModel(model, session);
  if (!loaded)
    return loaded.takeError();
  module = std::move(*loaded);
  report.model = model;
  report.importSeconds = watch.seconds();
  return llvm::Error::success();
}

llvm::Error Quantize::openAllData() {
  if (!dataPath.empty()) {
    auto opened = openCalibrationData(calibrationOptions, *module);
    if (!opened)
      return opened.takeError();
    calibrationData = *opened;
  }
  auto opened = openData(evaluationOptions, *module);
  if (!opened)
    return opened.takeError();
  evaluationData = *opened;
  if (evalPath.empty())
    warn("no --eval: accuracy is measured on the calibration data");
  else if (calibrationData && lookEqual(calibrationOptions, *calibrationData,
                                        evaluationOptions, *evaluationData))
    warn("--eval begins with the samples of --data: accuracy is measured on "
         "calibration data");
  return llvm::Error::success();
}

llvm::Error Quantize::compileAll() {
  Stopwatch watch;
  for (const Target &target : targets) {
    Compiled c{target, module->clone(), {}};
    if (llvm::Error error = compile(*c.module, target))
      return error;
    c.report.key = target.key;
    c.report.fidelity =
        std::string(stringify(Backend::get(target.descriptor).fidelity));
    compiled.push_back(std::move(c));
  }
  report.compileSeconds = watch.seconds();
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<Evaluator>>
Quantize::makeEvaluator(ModuleOp program) {
  runtime::EvaluatorOptions options;
  options.threads = threads;
  FailureOr<std::unique_ptr<Evaluator>> evaluator =
      Evaluator::create(program, options);
  if (failed(evaluator))
    return reportedError();
  return std::move(*evaluator);
}

llvm::Error Quantize::evaluateBackend(Compiled &c, Evaluator &reference,
                                      const Predictions &expected) {
  llvm::Expected<std::unique_ptr<Evaluator>> evaluator =
      makeEvaluator(*c.module);
  if (!evaluator)
    return evaluator.takeError();
  llvm::Expected<Predictions> result =
      predict(**evaluator, *evaluationData, c.target.key);
  if (!result)
    return result.takeError();
  c.report.top1 = top1(*result, *evaluationData);
  c.report.agreement = agreement(expected, *result);
  c.report.imagesPerSecond = result->imagesPerSecond();
  Progress progress(c.target.key + ", tensor by tensor");
  llvm::Expected<std::vector<TensorReport>> tensors =
      measureTensors(reference, **evaluator, *evaluationData, progress.hook());
  if (!tensors)
    return tensors.takeError();
  c.report.tensors = std::move(*tensors);
  return llvm::Error::success();
}

llvm::Error Quantize::evaluateAll() {
  Stopwatch watch;
  // Calibrated: still the float program, with the names that the backends use.
  llvm::Expected<std::unique_ptr<Evaluator>> reference = makeEvaluator(*module);
  if (!reference)
    return reference.takeError();
  llvm::Expected<Predictions> expected =
      predict(**reference, *evaluationData, "float");
  if (!expected)
    return expected.takeError();
  report.floatTop1 = top1(*expected, *evaluationData);
  report.samples = expected->samples;
  report.floatImagesPerSecond = expected->imagesPerSecond();
  for (Compiled &c : compiled)
    if (llvm::Error error = evaluateBackend(c, **reference, *expected))
      return error;
  report.evalSeconds = watch.seconds();
  return llvm::Error::success();
}

llvm::Error Quantize::writeEncodings(OutputFolder &folder, Compiled &c) {
  FailureOr<interchange::Encodings> encodings =
      interchange::collectEncodings(*c.module, weightNames);
  if (failed(encodings))
    return reportedError();
  if (method.method == calibration::MethodOptions::Method::Percentile)
    encodings->scheme = "post_training_percentile";
  return folder.write(c.target.key + "/encodings.json",
                      [&](llvm::raw_pwrite_stream &os) {
                        interchange::printEncodings100(*encodings, os);
                        return llvm::Error::success();
                      });
}

llvm::Error Quantize::writeModel(OutputFolder &folder, Compiled &c,
                                 const interchange::ModelFormat &format) {
  std::string name = (c.target.key + "/" + format.fileName).str();
  // The program is right without the file.
  std::string reason;
  FailureOr<std::string> bytes;
  {
    ScopedDiagnosticHandler handler(
        c.module->getContext(), [&](Diagnostic &diagnostic) {
          if (reason.empty())
            reason = diagnostic.str();
          return success();
        });
    bytes = format.write(*c.module);
  }
  if (failed(bytes)) {
    warn("'" + name + "' is not written: " + reason);
    return llvm::Error::success();
  }
  return folder.write(name, [&](llvm::raw_pwrite_stream &os) {
    os << *bytes;
    return llvm::Error::success();
  });
}

llvm::Error Quantize::writeAll() {
  llvm::Expected<OutputFolder> folder = OutputFolder::create(outputPath);
  if (!folder)
    return folder.takeError();
  for (Compiled &c : compiled) {
    std::string name = c.target.key + "/model.mlirbc";
    if (llvm::Error error =
            folder->write(name, [&](llvm::raw_pwrite_stream &os) {
              return printModel(name, *c.module, os);
            }))
      return error;
    std::vector<std::string> formats = Backend::get(c.target.descriptor).formats;
    if (llvm::is_contained(formats, "encodings-1.0.0"))
      if (llvm::Error error = writeEncodings(*folder, c))
        return error;
    for (const interchange::ModelFormat &format :
         interchange::getModelFormats())
      if (llvm::is_contained(formats, format.name))
        if (llvm::Error error = writeModel(*folder, c, format))
          return error;
  }
  if (llvm::Error error =
          folder->write("report.json", [&](llvm::raw_pwrite_stream &os) {
            os << jsonText(toJson(report));
            return llvm::Error::success();
          }))
    return error;
  return folder->commit();
}

llvm::Error Quantize::run() {
  if (llvm::Error error = parseOptions())
    return error;
  if (llvm::Error error = load())
    return error;
  FailureOr<std::optional<Form>> form = getForm(*module);
  if (failed(form))
    return reportedError();
  // A calibrated program keeps the ranges that somebody chose for it.
  bool calibrated = form->value_or(Form::Float) == Form::Calibrated;
  if (!calibrated && dataPath.empty())
    return usageError("expected --data=DATA: '" + model +
                      "' has not been calibrated");
  if (llvm::Error error = openAllData())
    return error;
  Stopwatch watch;
  if (!calibrated)
    if (llvm::Error error = calibrate(*module, *calibrationData))
      return error;
  report.calibrateSeconds = watch.seconds();
  weightNames = interchange::findWeightNames(*module);
  if (llvm::Error error = compileAll())
    return error;
  if (llvm::Error error = evaluateAll())
    return error;
  for (Compiled &c : compiled)
    report.backends.push_back(c.report);
  if (llvm::Error error = writeAll())
    return error;
  if (jsonOutput)
    return printJson(toJson(report));
  std::string text;
  llvm::raw_string_ostream os(text);
  print(report, os);
  return printOut(text);
}

llvm::Error driver::runQuantize() { return Quantize().run(); }
