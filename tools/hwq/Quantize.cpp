//===- Quantize.cpp - hwq quantize ------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Accuracy.h"
#include "CheckPlacement.h"
#include "Console.h"
#include "Explain.h"
#include "Model.h"
#include "Options.h"
#include "OutputFolder.h"
#include "Provenance.h"
#include "Report.h"
#include "Steps.h"
#include "hwq/Interchange/ModelFormats.h"
#include "hwq/Interchange/ProgramTable.h"
#include "hwq/Pipelines/IntegerIO.h"
#include "llvm/Support/raw_ostream.h"
#include <numeric>

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;
using runtime::Evaluator;

/// Samples that the forms of a program are compared on.
static constexpr int64_t kFormSamples = 4;

namespace {

/// A backend's program and what becomes of it.
struct Compiled {
  Target target;
  OwningOpRef<ModuleOp> module;
  /// What is written, where that is not `module`: with codes as inputs and
  /// outputs.
  OwningOpRef<ModuleOp> integerIO;
  BackendReport report;
};

/// The one run of `hwq quantize`.
class Quantize {
public:
  llvm::Error run();

private:
  llvm::Error parseOptions();
  llvm::Error load();
  llvm::Error compareForms(const CompiledForms &forms, Compiled &compiled);
  llvm::Error compileFor(const Target &target);
  llvm::Error compileAll();
  llvm::Error evaluateAll();
  llvm::Error writeTables(OutputFolder &folder, Compiled &compiled);
  llvm::Error writeModel(OutputFolder &folder, Compiled &compiled,
                         const interchange::ModelFormat &format);
  llvm::Error evaluateBackend(Compiled &compiled, Evaluator &floats,
                              const FloatReference &reference);
  llvm::Error hashInputs();
  llvm::Error writeAll();
  llvm::Error checkRequirements() const;

  std::string model;
  std::vector<Requirement> required;
  runtime::DatasetOptions evaluationOptions;
  Session session;
  std::vector<Target> targets;
  /// Declared after the session, whose context it lives in.
  OwningOpRef<ModuleOp> module;
  std::optional<CollectedSamples> samples;
  std::shared_ptr<const runtime::Dataset> evaluationData;
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
  // A calibrated program needs samples for its evaluation only; with ranges
  // from a file that may be left out.
  if (evalPath.empty() && tablePath.empty() && rangesPath.empty())
    if (llvm::Error error = require(dataPath, "DATA"))
      return error;
  if (llvm::Error error = require(outputPath, "DIR"))
    return error;
  if (llvm::Expected<unsigned> count = threadCount(); !count)
    return count.takeError();
  llvm::Expected<std::vector<Requirement>> limits = parseRequirements();
  if (!limits)
    return limits.takeError();
  required = std::move(*limits);
  if (auto method = methodOptions(); !method)
    return method.takeError();
  if (auto options = dataOptions(dataPath, /*evaluation=*/false); !options)
    return options.takeError();
  llvm::Expected<runtime::DatasetOptions> options =
      dataOptions(evalPath.empty() ? dataPath : evalPath, /*evaluation=*/true);
  if (!options)
    return options.takeError();
  evaluationOptions = *options;
  llvm::Expected<std::vector<Target>> parsed =
      parseTargets(backendNames, session.context());
  if (!parsed)
    return parsed.takeError();
  targets = std::move(*parsed);
  return OutputFolder::check(outputPath, {model, dataPath, evalPath, tablePath,
                                          rangesPath, overridePath});
}

llvm::Error Quantize::load() {
  llvm::Expected<CalibratedModel> loaded = loadCalibrated(model, session);
  if (!loaded)
    return loaded.takeError();
  report.model = model;
  report.importSeconds = loaded->loadSeconds;
  report.calibrateSeconds = loaded->calibrateSeconds;
  if (evalPath.empty() && dataPath.empty())
    warn("no --eval: the program is not evaluated");
  else if (llvm::Error error = openEvaluationData(evaluationOptions, *loaded)
                                   .moveInto(evaluationData))
    return error;
  module = std::move(loaded->module);
  samples = std::move(loaded->samples);
  return llvm::Error::success();
}

/// Every form against the next one, on so few samples that it costs less than
/// the evaluation.
llvm::Error Quantize::compareForms(const CompiledForms &forms, Compiled &c) {
  if (!evaluationData)
    return llvm::Error::success();
  Stopwatch watch;
  std::vector<int64_t> first(
      std::min<int64_t>(evaluationData->size(), kFormSamples));
  std::iota(first.begin(), first.end(), 0);
  report.formSamples = first.size();
  llvm::Expected<std::vector<FormPair>> pairs = compareNeighbours(
      forms, c.target, *runtime::subset(evaluationData, first),
      /*drift=*/false);
  if (!pairs)
    return pairs.takeError();
  for (const FormPair &pair : *pairs)
    if (!pair.comparison.holds())
      warn(c.target.key + ": " + pair.from + " -> " + pair.to +
           ": integers differ beyond their bound, see hwq verify");
  c.report.forms = std::move(*pairs);
  report.evalSeconds += watch.seconds();
  return llvm::Error::success();
}

llvm::Error Quantize::compileFor(const Target &target) {
  if (llvm::Error error = chooseRanges(*module, samples, target))
    return error;
  FailureOr<CompiledForms> forms =
      compileForms(*module, compileOptions(target));
  if (failed(forms))
    return reportedError();
  Compiled c{target, std::move(forms->programs.back().module), {}, {}};
  forms->programs.back().module = c.module->clone();
  Backend backend = Backend::get(target.descriptor);
  c.report.key = target.key;
  c.report.fidelity = std::string(stringify(backend.fidelity));
  c.report.fidelityReason = backend.fidelityReason;
  std::string descriptor;
  llvm::raw_string_ostream(descriptor) << target.descriptor;
  c.report.descriptorSha256 = sha256(descriptor);
  c.report.ops = deriveOps(*forms);
  c.report.weights = measureWeights(*forms);
  c.report.summary = summarize(*forms);
  c.report.costs = measureCosts(forms->beforeTarget());
  if (llvm::Error error = compareForms(*forms, c))
    return error;
  if (programIO == "int") {
    c.integerIO = c.module->clone();
    if (failed(makeIntegerIO(*c.integerIO)))
      return reportedError();
  }
  compiled.push_back(std::move(c));
  return llvm::Error::success();
}

llvm::Error Quantize::compileAll() {
  Stopwatch watch;
  for (const Target &target : targets) {
    llvm::Error error = compileFor(target);
    if (!error)
      continue;
    // One backend that cannot have this model does not stop the others.
    if (targets.size() == 1)
      return error;
    warnOf(target, std::move(error));
    report.failed.push_back(target.key);
  }
  report.compileSeconds = watch.seconds() - report.evalSeconds;
  if (compiled.empty())
    return failedTargets(report.failed, targets.size());
  return llvm::Error::success();
}

llvm::Error Quantize::evaluateBackend(Compiled &c, Evaluator &floats,
                                      const FloatReference &reference) {
  llvm::Expected<std::unique_ptr<Evaluator>> evaluator =
      makeEvaluator(*c.module);
  if (!evaluator)
    return evaluator.takeError();
  llvm::Expected<ComparedOutputs> outputs =
      reference.compare(**evaluator, c.target.key);
  if (!outputs)
    return outputs.takeError();
  c.report.outputs = std::move(*outputs);
  Progress progress(c.target.key + ", tensor by tensor");
  llvm::Expected<std::vector<TensorReport>> tensors = measureTensors(
      floats, **evaluator, *evaluationData,
      Backend::get(c.target.descriptor).quantizeForm, progress.hook());
  if (!tensors)
    return tensors.takeError();
  c.report.tensors = std::move(*tensors);
  return llvm::Error::success();
}

llvm::Error Quantize::evaluateAll() {
  Stopwatch watch;
  // Calibrated: still the float program, with the names that the backends use.
  llvm::Expected<std::unique_ptr<Evaluator>> floats = makeEvaluator(*module);
  if (!floats)
    return floats.takeError();
  llvm::Expected<std::unique_ptr<FloatReference>> reference =
      FloatReference::run(**floats, *evaluationData);
  if (!reference)
    return reference.takeError();
  report.floatTop1 = (*reference)->top1();
  report.samples = (*reference)->predictions().samples;
  report.floatImagesPerSecond = (*reference)->predictions().imagesPerSecond();
  for (Compiled &c : compiled)
    if (llvm::Error error = evaluateBackend(c, **floats, **reference))
      return error;
  report.evalSeconds += watch.seconds();
  return llvm::Error::success();
}

llvm::Error Quantize::writeTables(OutputFolder &folder, Compiled &c) {
  llvm::Expected<calibration::MethodOptions> method =
      rangeMethod(Backend::get(c.target.descriptor));
  if (!method)
    return method.takeError();
  // The program has the ranges of the last backend.
  if (llvm::Error error = chooseRanges(*module, samples, c.target))
    return error;
  interchange::CalibrationTable table =
      interchange::collectTable(*module, *c.module);
  if (method->method == calibration::MethodOptions::Method::Percentile)
    table.scheme = "post_training_percentile";
  for (const std::string &name : Backend::get(c.target.descriptor).formats) {
    const interchange::TableFormat *format = interchange::findTableFormat(name);
    if (!format)
      continue;
    std::string file = (c.target.key + "/" + format->fileName).str();
    std::string text;
    llvm::raw_string_ostream os(text);
    // The program is right without the file.
    if (llvm::Error error = format->write(table, os)) {
      warn("'" + file + "' is not written: " + toString(std::move(error)));
      continue;
    }
    if (llvm::Error error = interchange::writeTableFile(
            file, text, *format, [&](StringRef path, StringRef contents) {
              return folder.write(path, [&](llvm::raw_pwrite_stream &out) {
                out << contents;
                return llvm::Error::success();
              });
            }))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error Quantize::writeModel(OutputFolder &folder, Compiled &c,
                                 const interchange::ModelFormat &format) {
  std::string name = (c.target.key + "/" + format.fileName).str();
  // The program is right without the file.
  std::string reason;
  FailureOr<std::string> bytes;
  {
    ScopedDiagnosticHandler handler(c.module->getContext(),
                                    [&](Diagnostic &diagnostic) {
                                      if (reason.empty())
                                        reason = diagnostic.str();
                                      return success();
                                    });
    bytes = interchange::writeModel(format, *c.module);
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

llvm::Error Quantize::hashInputs() {
  report.inputs.push_back({"model", model});
  for (auto [role, path] : {std::pair("data", &dataPath),
                            {"eval", &evalPath},
                            {"table", &tablePath},
                            {"stats", &rangesPath},
                            {"backend_file", &backendFile},
                            {"override", &overridePath}})
    if (!path->empty())
      report.inputs.push_back({role, *path});
  for (const auto &input : report.inputs) {
    llvm::Expected<std::string> digest = sha256OfPath(input.second);
    if (!digest)
      return digest.takeError();
    report.inputSha256.push_back(std::move(*digest));
  }
  return llvm::Error::success();
}

/// A limit that is not kept, in words; empty if it is.
static std::string findBreach(const Requirement &r, const ComparedOutputs &o) {
  std::optional<double> value;
  const char *what = "agreement";
  switch (r.measure) {
  case Requirement::Measure::Drop:
    what = "drop";
    if (o.drop)
      value = o.drop->drop;
    break;
  case Requirement::Measure::Agreement:
    value = o.agreement;
    break;
  case Requirement::Measure::Top1:
    what = "top1";
    value = o.top1;
    break;
  }
  std::string required = ", required " + r.text;
  if (!value)
    return std::string(what) + " is not known" + required;
  double number = *value * 100;
  if (r.atMost ? number <= r.limit : number >= r.limit)
    return "";
  return std::string(what) + " " + driver::number("%.4g", number) + required;
}

llvm::Error Quantize::checkRequirements() const {
  std::string breaches;
  for (const Compiled &c : compiled)
    for (const Requirement &r : required)
      if (std::string breach = findBreach(r, c.report.outputs); !breach.empty())
        breaches +=
            (breaches.empty() ? "" : "; ") + c.target.key + ": " + breach;
  if (breaches.empty())
    return llvm::Error::success();
  return contractError(breaches);
}

llvm::Error Quantize::writeAll() {
  llvm::Expected<OutputFolder> folder = OutputFolder::create(outputPath);
  if (!folder)
    return folder.takeError();
  for (Compiled &c : compiled) {
    std::string name = c.target.key + "/model.mlirbc";
    if (llvm::Error error =
            folder->write(name, [&](llvm::raw_pwrite_stream &os) {
              return printModel(name, c.integerIO ? *c.integerIO : *c.module,
                                os);
            }))
      return error;
    // Files of the vendor describe the target form.
    if (finalForm == "step0") {
      for (const interchange::ModelFormat &format :
           interchange::getStepZeroFormats())
        if (llvm::Error error = writeModel(*folder, c, format))
          return error;
      continue;
    }
    std::vector<std::string> formats =
        Backend::get(c.target.descriptor).formats;
    if (llvm::Error error = writeTables(*folder, c))
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
  if (llvm::Error error = compileAll())
    return error;
  if (evaluationData)
    if (llvm::Error error = evaluateAll())
      return error;
  if (llvm::Error error = hashInputs())
    return error;
  for (Compiled &c : compiled)
    report.backends.push_back(c.report);
  if (llvm::Error error = writeAll())
    return error;
  if (llvm::Error error =
          printResult([&] { return toJson(report); },
                      [&](llvm::raw_ostream &os) { print(report, os); }))
    return error;
  if (llvm::Error error = failedTargets(report.failed, targets.size()))
    return error;
  return checkRequirements();
}

llvm::Error driver::runQuantize() {
  return checkPlacement ? runCheckPlacement() : Quantize().run();
}
