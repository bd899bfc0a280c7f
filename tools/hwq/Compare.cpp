//===- Compare.cpp - hwq compare --------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Accuracy.h"
#include "Console.h"
#include "Model.h"
#include "Options.h"
#include "Steps.h"
#include "hwq/Pipelines/Derivation.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

namespace {
/// What one backend makes of the program.
struct Row {
  std::string key, fidelity, fidelityReason;
  ProgramSummary summary;
  ComparedOutputs outputs;
};
} // namespace

static llvm::Expected<Row> compareBackend(ModuleOp calibrated,
                                          const Target &target,
                                          const FloatReference &reference) {
  FailureOr<CompiledForms> forms =
      compileForms(calibrated, compileOptions(target));
  if (failed(forms))
    return reportedError();
  Backend backend = Backend::get(target.descriptor);
  Row row;
  row.key = target.key;
  row.fidelity = std::string(numerics::stringify(backend.fidelity));
  row.fidelityReason = backend.fidelityReason;
  row.summary = summarize(*forms);
  llvm::Expected<std::unique_ptr<runtime::Evaluator>> evaluator =
      makeEvaluator(*forms->programs.back().module);
  if (!evaluator)
    return evaluator.takeError();
  llvm::Expected<ComparedOutputs> outputs =
      reference.compare(**evaluator, target.key);
  if (!outputs)
    return outputs.takeError();
  row.outputs = std::move(*outputs);
  return std::move(row);
}

static llvm::json::Value toJson(ArrayRef<Row> rows,
                                const FloatReference &reference,
                                ArrayRef<std::string> failures) {
  llvm::json::Object backends;
  for (const Row &row : rows) {
    const ComparedOutputs &o = row.outputs;
    const ProgramSummary &s = row.summary;
    backends[row.key] = llvm::json::Object{
        {"top1", jsonNumber(o.top1)},
        {"drop", o.drop ? jsonNumber(o.drop->drop) : nullptr},
        {"drop_standard_error",
         o.drop ? jsonNumber(o.drop->standardError) : nullptr},
        {"agreement", jsonNumber(o.agreement)},
        {"sqnr_db", jsonNumber(o.sqnr)},
        {"ops", s.ops},
        {"float_ops", s.floatOps},
        {"folds", s.folded},
        {"requantizations_before", s.requantizationsBefore},
        {"requantizations", s.requantizationsAfter},
        {"fidelity", row.fidelity},
        {"fidelity_reason", row.fidelityReason}};
  }
  return llvm::json::Object{
      {"model", inputFiles.front()},
      {"float",
       llvm::json::Object{{"top1", jsonNumber(reference.top1())},
                          {"samples", reference.predictions().samples}}},
      {"backends", std::move(backends)},
      {"failed", llvm::json::Array(failures)}};
}

static void print(ArrayRef<Row> rows, const FloatReference &reference,
                  const runtime::Dataset &data, llvm::raw_ostream &os) {
  Table table({"", "top-1", "drop", "agreement", "SQNR dB", "ops", "float ops",
               "folds", "requantizations", "fidelity"});
  table.add({"float", percent(reference.top1())});
  for (const Row &row : rows) {
    const ComparedOutputs &o = row.outputs;
    const ProgramSummary &s = row.summary;
    table.add({row.key, percent(o.top1),
               o.drop ? number("%.2f", o.drop->drop * 100) + " +- " +
                            number("%.2f", o.drop->standardError * 100)
                      : "-",
               percent(o.agreement), o.sqnr ? number("%.2f", *o.sqnr) : "-",
               std::to_string(s.ops), std::to_string(s.floatOps),
               std::to_string(s.folded), std::to_string(s.requantizationsAfter),
               row.fidelity});
  }
  table.print(os);
  std::string none = whyNoTop1(reference.predictions(), data);
  os << reference.predictions().samples << " samples; "
     << (none.empty() ? "drop in points of top-1, +- its standard error"
                      : "no accuracy: " + none)
     << "\n";
}

llvm::Error driver::runCompare() {
  llvm::Expected<std::string> model = modelPath();
  if (!model)
    return model.takeError();
  if (llvm::Error error = require(backendNames, "all|BACKEND,..."))
    return error;
  llvm::Expected<runtime::DatasetOptions> evaluation =
      dataOptions(evalPath.empty() ? dataPath : evalPath, /*evaluation=*/true);
  if (!evaluation)
    return evaluation.takeError();
  if (evaluation->path.empty())
    return usageError("expected --eval=DATA or --data=DATA");
  Session session;
  llvm::Expected<std::vector<Target>> targets =
      parseTargets(backendNames, session.context());
  if (!targets)
    return targets.takeError();
  llvm::Expected<CalibratedModel> calibrated = loadCalibrated(*model, session);
  if (!calibrated)
    return calibrated.takeError();
  auto data = openEvaluationData(*evaluation, *calibrated);
  if (!data)
    return data.takeError();
  llvm::Expected<std::unique_ptr<runtime::Evaluator>> floats =
      makeEvaluator(*calibrated->module);
  if (!floats)
    return floats.takeError();
  llvm::Expected<std::unique_ptr<FloatReference>> reference =
      FloatReference::run(**floats, **data);
  if (!reference)
    return reference.takeError();

  std::vector<Row> rows;
  std::vector<std::string> failures;
  for (const Target &target : *targets) {
    if (llvm::Error error =
            chooseRanges(*calibrated->module, calibrated->samples, target))
      return error;
    llvm::Expected<Row> row =
        compareBackend(*calibrated->module, target, **reference);
    if (row) {
      rows.push_back(std::move(*row));
      continue;
    }
    // One backend that cannot have this model does not hide the others.
    warnOf(target, row.takeError());
    failures.push_back(target.key);
  }
  if (llvm::Error error = printResult(
          [&] { return toJson(rows, **reference, failures); },
          [&](llvm::raw_ostream &os) { print(rows, **reference, **data, os); }))
    return error;
  return failedTargets(failures, targets->size());
}
