//===- Analyze.cpp - hwq analyze --------------------------------*- C++ -*-===//
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
#include "TensorErrors.h"
#include "hwq/Pipelines/Derivation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Regex.h"
#include <algorithm>
#include <tuple>

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;
using runtime::Evaluator;

/// Ops that --suggest-skip tries alone, and how many of them together.
static constexpr size_t kCandidates = 6, kTogether = 4;
/// Of the largest gain that the tried sets have: a smaller set is as good.
static constexpr double kEnough = 0.9;
/// dB; less is no reason to leave an op in float.
static constexpr double kLeastGain = 0.1;

namespace {
/// An op and the error of its result.
struct Row {
  TensorReport errors;
  std::string op;
  bool canSkip = false;
};

/// What leaving some ops in float gives.
struct Trial {
  std::vector<std::string> tensors;
  /// What --skip would be.
  std::string skip;
  ProgramSummary summary;
  ComparedOutputs outputs;
};

/// One run of hwq analyze.
class Analyze {
public:
  llvm::Error run();

private:
  llvm::Error load();
  llvm::Expected<CompiledForms> compile(StringRef skip) const;
  llvm::Error measure();
  llvm::Expected<Trial> tryToSkip(std::vector<std::string> tensors) const;
  llvm::Error suggest();
  llvm::json::Value toJson() const;
  void print(llvm::raw_ostream &os) const;

  Session session;
  std::optional<Target> target;
  std::optional<CalibratedModel> model;
  std::shared_ptr<const runtime::Dataset> data;
  std::unique_ptr<Evaluator> floats;
  std::unique_ptr<FloatReference> reference;
  /// From the largest isolated error to the smallest.
  std::vector<Row> rows;
  ProgramSummary summary;
  ComparedOutputs outputs;
  std::vector<Trial> trials;
  /// Index of the proposed trial.
  std::optional<size_t> proposed;
};
} // namespace

llvm::Error Analyze::load() {
  llvm::Expected<std::string> path = modelPath();
  if (!path)
    return path.takeError();
  if (llvm::Error error = require(backendNames, "BACKEND"))
    return error;
  if (evalPath.empty())
    if (llvm::Error error = require(dataPath, "DATA"))
      return error;
  llvm::Expected<runtime::DatasetOptions> evaluation =
      dataOptions(evalPath.empty() ? dataPath : evalPath, /*evaluation=*/true);
  if (!evaluation)
    return evaluation.takeError();
  llvm::Expected<Target> parsed = parseTarget(backendNames, session.context());
  if (!parsed)
    return parsed.takeError();
  target = std::move(*parsed);
  llvm::Expected<CalibratedModel> loaded = loadCalibrated(*path, session);
  if (!loaded)
    return loaded.takeError();
  model = std::move(*loaded);
  data = model->data;
  if (!evalPath.empty())
    if (llvm::Error error =
            openData(*evaluation, *model->module).moveInto(data))
      return error;
  data = checkLabels(data, *evaluation, *model->module);
  if (llvm::Error error = makeEvaluator(*model->module).moveInto(floats))
    return error;
  return FloatReference::run(*floats, *data).moveInto(reference);
}

llvm::Expected<CompiledForms> Analyze::compile(StringRef skip) const {
  QuantizeForOptions options = compileOptions(*target);
  options.skip = skip.str();
  FailureOr<CompiledForms> forms = compileForms(*model->module, options);
  if (failed(forms))
    return reportedError();
  return std::move(*forms);
}

llvm::Error Analyze::measure() {
  llvm::Expected<CompiledForms> forms = compile(skipPattern);
  if (!forms)
    return forms.takeError();
  summary = summarize(*forms);
  llvm::Expected<std::unique_ptr<Evaluator>> evaluator =
      makeEvaluator(*forms->programs.back().module);
  if (!evaluator)
    return evaluator.takeError();
  if (llvm::Error error =
          reference->compare(**evaluator, target->key).moveInto(outputs))
    return error;
  Progress progress(target->key + ", tensor by tensor");
  llvm::Expected<std::vector<TensorReport>> tensors = measureTensors(
      *floats, **evaluator, *data,
      Backend::get(target->descriptor).quantizeForm, progress.hook());
  if (!tensors)
    return tensors.takeError();
  std::vector<OpDerivation> ops = deriveAll(*forms);
  for (TensorReport &t : *tensors) {
    auto op = llvm::find_if(
        ops, [&](const OpDerivation &d) { return d.tensor == t.name; });
    Row row;
    if (op != ops.end()) {
      row.op = op->op;
      // Movement and the inputs' quantizers compute nothing.
      row.canSkip = !op->foldedAway && op->op != "movement" &&
                    op->op != "quantize" && op->op != "input" &&
                    (op->isInteger || !op->weightScales.empty());
    }
    row.errors = std::move(t);
    rows.push_back(std::move(row));
  }
  llvm::sort(rows, [](const Row &a, const Row &b) {
    return std::tie(a.errors.isolatedSqnr, a.errors.name) <
           std::tie(b.errors.isolatedSqnr, b.errors.name);
  });
  return llvm::Error::success();
}

llvm::Expected<Trial>
Analyze::tryToSkip(std::vector<std::string> tensors) const {
  Trial trial;
  std::vector<std::string> names;
  for (const std::string &tensor : tensors)
    names.push_back(llvm::Regex::escape(tensor));
  trial.skip = "^(" + llvm::join(names, "|") + ")$";
  if (!skipPattern.empty())
    trial.skip = skipPattern + "|" + trial.skip;
  trial.tensors = std::move(tensors);
  llvm::Expected<CompiledForms> forms = compile(trial.skip);
  if (!forms)
    return forms.takeError();
  trial.summary = summarize(*forms);
  llvm::Expected<std::unique_ptr<Evaluator>> evaluator =
      makeEvaluator(*forms->programs.back().module);
  if (!evaluator)
    return evaluator.takeError();
  if (llvm::Error error =
          reference->compare(**evaluator, trial.skip).moveInto(trial.outputs))
    return std::move(error);
  return std::move(trial);
}

/// Each of the worst ops alone, then the best of them together; the smallest
/// set that is nearly as good as any is proposed.
llvm::Error Analyze::suggest() {
  if (!outputs.sqnr)
    return llvm::createStringError(
        "--suggest-skip needs a first output in f32 to compare");
  // A set that the backend cannot do without is none to suggest.
  ScopedDiagnosticHandler quietly(session.context(),
                                  [](Diagnostic &) { return success(); });
  auto failed = [](llvm::Error error) {
    return llvm::handleErrors(std::move(error), [](const ReportedError &) {});
  };
  std::vector<Trial> alone;
  for (const Row &row : rows) {
    if (!row.canSkip || alone.size() == kCandidates)
      continue;
    llvm::Expected<Trial> trial = tryToSkip({row.errors.name});
    if (trial)
      alone.push_back(std::move(*trial));
    else if (llvm::Error error = failed(trial.takeError()))
      return error;
  }
  llvm::sort(alone, [](const Trial &a, const Trial &b) {
    double left = a.outputs.sqnr.value_or(0),
           right = b.outputs.sqnr.value_or(0);
    return left != right ? left > right : a.skip < b.skip;
  });
  std::vector<std::string> together;
  for (Trial &trial : alone) {
    together.push_back(trial.tensors.front());
    bool first = together.size() == 1;
    if (together.size() > kTogether)
      break;
    if (first) {
      trials.push_back(std::move(trial));
      continue;
    }
    llvm::Expected<Trial> more = tryToSkip(together);
    if (more) {
      trials.push_back(std::move(*more));
      continue;
    }
    together.pop_back();
    if (llvm::Error error = failed(more.takeError()))
      return error;
  }
  double best = 0;
  auto gain = [&](const Trial &t) {
    return t.outputs.sqnr.value_or(0) - *outputs.sqnr;
  };
  for (const Trial &trial : trials)
    best = std::max(best, gain(trial));
  for (size_t i = 0; i < trials.size() && !proposed; ++i)
    if (best >= kLeastGain && gain(trials[i]) >= kEnough * best)
      proposed = i;
  return llvm::Error::success();
}

static llvm::json::Object toJson(const ComparedOutputs &o,
                                 const ProgramSummary &s) {
  return llvm::json::Object{{"top1", jsonNumber(o.top1)},
                            {"agreement", jsonNumber(o.agreement)},
                            {"sqnr_db", jsonNumber(o.sqnr)},
                            {"ops", s.ops},
                            {"float_ops", s.floatOps}};
}

llvm::json::Value Analyze::toJson() const {
  llvm::json::Array tensors;
  for (const Row &row : rows) {
    const TensorReport &t = row.errors;
    llvm::json::Object object{{"tensor", t.name},
                              {"op", row.op},
                              {"quantized", t.params.has_value()},
                              {"isolated_sqnr_db", jsonNumber(t.isolatedSqnr)},
                              {"sqnr_db", jsonNumber(t.sqnr)}};
    if (t.params) {
      object["max_lsb"] = jsonNumber(t.maxLsb);
      object["clipped"] = jsonNumber(t.clipLow + t.clipHigh);
      object["clip_noise"] = jsonNumber(t.clipNoise);
      object["round_noise"] = jsonNumber(t.roundNoise);
    }
    tensors.push_back(std::move(object));
  }
  llvm::json::Object result = ::toJson(outputs, summary);
  result["backend"] = target->key;
  result["samples"] = data->size();
  result["tensors"] = std::move(tensors);
  if (!suggestSkip)
    return result;
  llvm::json::Array tried;
  for (const Trial &trial : trials) {
    llvm::json::Object object = ::toJson(trial.outputs, trial.summary);
    object["skip"] = trial.skip;
    tried.push_back(std::move(object));
  }
  result["trials"] = std::move(tried);
  result["suggested_skip"] =
      proposed ? llvm::json::Value(trials[*proposed].skip) : nullptr;
  return result;
}

void Analyze::print(llvm::raw_ostream &os) const {
  os << target->key << ", " << data->size()
     << " samples; SQNR in dB, the largest isolated error first\n";
  Table table({"tensor", "op", "isolated", "cumulative", "clipped",
               "clip noise", "round noise", "max LSB"});
  for (const Row &row : rows) {
    const TensorReport &t = row.errors;
    if (!t.params) {
      table.add({t.name, row.op, number("%.2f", t.isolatedSqnr),
                 number("%.2f", t.sqnr), "float"});
      continue;
    }
    table.add({t.name, row.op, number("%.2f", t.isolatedSqnr),
               number("%.2f", t.sqnr), percent(t.clipLow + t.clipHigh),
               number("%.3g", t.clipNoise), number("%.3g", t.roundNoise),
               number("%.1f", t.maxLsb)});
  }
  table.print(os);
  if (!suggestSkip)
    return;
  os << "\n";
  Table tried({"--skip", "float ops", "top-1", "agreement", "SQNR dB"});
  auto add = [&](std::string skip, const ProgramSummary &s,
                 const ComparedOutputs &o) {
    tried.add({std::move(skip),
               std::to_string(s.floatOps) + " of " + std::to_string(s.ops),
               percent(o.top1), percent(o.agreement),
               o.sqnr ? number("%.2f", *o.sqnr) : "-"});
  };
  add(skipPattern.empty() ? "none" : skipPattern.getValue(), summary, outputs);
  for (const Trial &trial : trials)
    add(trial.skip, trial.summary, trial.outputs);
  tried.print(os);
  if (proposed)
    os << "suggested: --skip='" << trials[*proposed].skip << "'\n";
  else
    os << "suggested: nothing, no op stands out\n";
}

llvm::Error Analyze::run() {
  if (llvm::Error error = load())
    return error;
  if (llvm::Error error = measure())
    return error;
  if (suggestSkip)
    if (llvm::Error error = suggest())
      return error;
  return printResult([&] { return toJson(); },
                     [&](llvm::raw_ostream &os) { print(os); });
}

llvm::Error driver::runAnalyze() { return Analyze().run(); }
