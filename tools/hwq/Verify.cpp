//===- Verify.cpp - hwq verify ----------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/Verify.h"
#include "Console.h"
#include "FormPairs.h"
#include "Model.h"
#include "Options.h"
#include "Steps.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

namespace {
struct Pair {
  std::string backend;
  FormPair forms;
};
} // namespace

static llvm::json::Value toJson(const TensorComparison &t) {
  llvm::json::Array parameters;
  for (const std::string &p : t.parameters)
    parameters.push_back(p);
  return llvm::json::Object{{"name", t.name},
                            {"compared", t.compared},
                            {"differing", t.differing},
                            {"max_difference", t.maxDifference},
                            {"bound", t.bound},
                            {"beyond_bound", t.beyond},
                            {"drift_differing", t.driftDiffering},
                            {"drift_max_difference", t.driftMax},
                            {"parameters", std::move(parameters)},
                            {"ok", t.holds()}};
}

static llvm::json::Object toJson(const FormComparison &c) {
  llvm::json::Array tensors;
  for (const TensorComparison &t : c.tensors)
    tensors.push_back(toJson(t));
  llvm::json::Array floats;
  for (const FloatTensorComparison &t : c.floats)
    floats.push_back(llvm::json::Object{
        {"name", t.name},
        {"compared", t.compared},
        {"tolerance", jsonNumber(std::max(t.tolerance, 0.0))},
        {"beyond_tolerance", t.beyond},
        {"ok", t.holds()}});
  return llvm::json::Object{
      {"compared", c.compared()},
      {"differing", c.differing()},
      {"max_difference", c.maxDifference()},
      {"results_compared", c.resultsCompared},
      {"results_differing", c.resultsDiffering},
      {"ok", c.holds() && (c.compared() > 0 || c.isFloat())},
      {"tensors", std::move(tensors)},
      {"floats", std::move(floats)},
      {"only_first", llvm::json::Array(c.onlyFirst)},
      {"only_second", llvm::json::Array(c.onlySecond)}};
}

/// Prints the tensors that differ and lists what was not compared.
static void printDetails(llvm::raw_ostream &os, const FormComparison &c) {
  Table table(
      {"tensor", "compared", "differing", "largest", "bound", "drift", ""});
  bool any = false;
  for (const TensorComparison &t : c.tensors)
    if (t.differing || !t.parameters.empty()) {
      table.add({t.name, std::to_string(t.compared),
                 std::to_string(t.differing), std::to_string(t.maxDifference),
                 std::to_string(t.bound), std::to_string(t.driftMax),
                 t.holds() ? "" : "FAILED"});
      any = true;
    }
  if (any)
    table.print(os);
  for (const TensorComparison &t : c.tensors)
    for (const std::string &p : t.parameters)
      os << t.name << ": " << p << "\n";
  for (const FloatTensorComparison &t : c.floats)
    if (!t.holds())
      os << t.name << ": " << t.beyond << " of " << t.compared
         << " float values beyond their tolerance, "
         << number("%.6g", std::max(t.tolerance, 0.0)) << ", FAILED\n";
  for (const auto &[which, names] :
       {std::pair("first", &c.onlyFirst), {"second", &c.onlySecond}})
    if (!names->empty()) {
      os << "folded, only in the " << which << ": ";
      llvm::interleaveComma(*names, os);
      os << "\n";
    }
}

/// The names of what breaks its bound, for the error.
static std::string failedTensors(const FormComparison &c) {
  std::string text;
  unsigned count = 0;
  auto add = [&](const auto &t) {
    if (!t.holds() && count++ < 10)
      text += (text.empty() ? "'" : ", '") + t.name + "'";
  };
  llvm::for_each(c.tensors, add);
  llvm::for_each(c.floats, add);
  if (count > 10)
    text += " and " + std::to_string(count - 10) + " more";
  if (c.resultsDiffering)
    text += (text.empty() ? "" : " and ") + std::to_string(c.resultsDiffering) +
            " of " + std::to_string(c.resultsCompared) +
            " values of the results";
  return text;
}

//===----------------------------------------------------------------------===//
// Two files
//===----------------------------------------------------------------------===//

static llvm::Error verifyFiles(const runtime::DatasetOptions &dataset,
                               unsigned threads) {
  Session session;
  llvm::Expected<OwningOpRef<ModuleOp>> a = loadModel(verifyInputs[0], session);
  if (!a)
    return a.takeError();
  llvm::Expected<OwningOpRef<ModuleOp>> b = loadModel(verifyInputs[1], session);
  if (!b)
    return b.takeError();
  FailureOr<DerivationStep> from = getDerivationStep(a->get()),
                            to = getDerivationStep(b->get());
  if (failed(from) || failed(to))
    return reportedError();
  if (*to < *from)
    return usageError("expected the earlier form first, got " +
                      stringifyForm(from->form) + " and " +
                      stringifyForm(to->form));
  auto data = openData(dataset, a->get());
  if (!data)
    return data.takeError();
  VerifyOptions options;
  options.threads = threads;
  // Two versions of one step have equal parameters; two steps have not.
  options.parameters = *from == *to;
  options.agreement = agreementBetween(*from, *to);
  if (options.agreement.bias) {
    FailureOr<Backend> backend = getBackend(b->get(), "verify");
    if (failed(backend))
      return reportedError();
    options.bias = backend->bias;
    if (from->form == Form::Step0 &&
        options.bias == numerics::BiasForm::I8Asymmetric)
      return usageError("the error of an 8-bit bias has a bound from step1 on: "
                        "compare step0 with step1, step1 with " +
                        stringifyForm(to->form));
  }
  Progress progress("verify");
  llvm::Expected<FormComparison> result =
      compareForms(a->get(), b->get(), **data, options, progress.hook());
  if (!result)
    return result.takeError();
  auto json = [&] {
    llvm::json::Object object = toJson(*result);
    object["first"] = verifyInputs[0];
    object["second"] = verifyInputs[1];
    object["samples"] = (*data)->size();
    return llvm::json::Value(std::move(object));
  };
  auto print = [&](llvm::raw_ostream &os) {
    printDetails(os, *result);
    os << result->tensors.size() << " tensors, " << result->compared()
       << " integers compared, " << result->differing()
       << " differing, largest difference " << result->maxDifference() << "; "
       << result->resultsCompared << " values of the results, "
       << result->resultsDiffering << " differing\n";
  };
  if (llvm::Error error = printResult(json, print))
    return error;
  if (result->compared() == 0)
    return contractError("no integer was compared");
  if (!result->holds())
    return contractError("the programs differ in " + failedTensors(*result));
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// All forms of one model
//===----------------------------------------------------------------------===//

/// The pairs of all backends; `alone` are those with one form only, `failed`
/// those without a program.
static llvm::json::Value toJson(ArrayRef<Pair> pairs,
                                ArrayRef<std::string> alone,
                                ArrayRef<std::string> failed, int64_t samples) {
  llvm::json::Array rows;
  bool ok = failed.empty();
  for (const Pair &p : pairs) {
    const FormComparison &c = p.forms.comparison;
    llvm::json::Object row = toJson(c);
    row["backend"] = p.backend;
    row["from"] = p.forms.from;
    row["to"] = p.forms.to;
    ok &= c.holds() && (c.compared() > 0 || c.isFloat());
    rows.push_back(std::move(row));
  }
  return llvm::json::Object{{"samples", samples},
                            {"ok", ok},
                            {"pairs", std::move(rows)},
                            {"one_form", llvm::json::Array(alone)},
                            {"failed", llvm::json::Array(failed)}};
}

static void print(ArrayRef<Pair> pairs, ArrayRef<std::string> alone,
                  llvm::raw_ostream &os) {
  for (const Pair &p : pairs) {
    const FormComparison &c = p.forms.comparison;
    int64_t drift = 0;
    for (const TensorComparison &t : c.tensors)
      drift = std::max(drift, t.driftMax);
    os << "== " << p.backend << ": " << p.forms.from << " -> " << p.forms.to
       << ": ";
    if (c.isFloat())
      os << "all of it float, " << c.resultsDiffering << " of "
         << c.resultsCompared << " values of the results differing"
         << (c.holds() ? "" : ", FAILED") << "\n";
    else
      os << c.tensors.size() << " tensors, " << c.compared() << " integers, "
         << c.differing() << " differing, largest " << c.maxDifference()
         << ", end to end " << drift << (c.holds() ? "" : ", FAILED") << "\n";
    printDetails(os, c);
  }
  for (const std::string &backend : alone)
    os << "== " << backend
       << ": step0 alone: its fake quantization has no integer form\n";
}

/// All pairs of one backend.
static llvm::Expected<std::vector<FormPair>>
verifyBackend(CalibratedModel &model, const Target &target) {
  if (llvm::Error error = chooseRanges(*model.module, model.samples, target))
    return std::move(error);
  FailureOr<CompiledForms> forms =
      compileForms(*model.module, compileOptions(target));
  if (failed(forms))
    return reportedError();
  return compareNeighbours(*forms, target, *model.data, /*drift=*/true);
}

static llvm::Error verifyModel() {
  Session session;
  llvm::Expected<std::vector<Target>> targets =
      parseTargets(backendNames, session.context());
  if (!targets)
    return targets.takeError();
  llvm::Expected<CalibratedModel> model =
      loadCalibrated(verifyInputs[0], session);
  if (!model)
    return model.takeError();
  std::vector<Pair> pairs;
  std::vector<std::string> alone, failed;
  for (const Target &target : *targets) {
    llvm::Expected<std::vector<FormPair>> compared =
        verifyBackend(*model, target);
    if (!compared) {
      // One backend that cannot have this model does not hide the others.
      if (targets->size() == 1)
        return compared.takeError();
      warnOf(target, compared.takeError());
      failed.push_back(target.key);
      continue;
    }
    if (compared->empty())
      alone.push_back(target.key);
    for (FormPair &pair : *compared)
      pairs.push_back({target.key, std::move(pair)});
  }
  if (llvm::Error error = printResult(
          [&] { return toJson(pairs, alone, failed, model->data->size()); },
          [&](llvm::raw_ostream &os) { print(pairs, alone, os); }))
    return error;
  std::string failures;
  for (const Pair &p : pairs) {
    const auto &[from, to, comparison] = p.forms;
    std::string pair = (targets->size() == 1 ? "" : p.backend + ": ") + from +
                       " -> " + to + ": ";
    if (comparison.compared() == 0 && !comparison.isFloat())
      return contractError(pair + "no integer was compared");
    if (!comparison.holds())
      failures +=
          (failures.empty() ? "" : "; ") + pair + failedTensors(comparison);
  }
  if (!failures.empty())
    return contractError("beyond their bound: " + failures);
  return failedTargets(failed, targets->size());
}

llvm::Error driver::runVerify() {
  bool two = verifyInputs.size() == 2;
  if (verifyInputs.empty() || verifyInputs.size() > 2)
    return usageError("expected MODEL --for=BACKEND or two programs, got " +
                      llvm::Twine(verifyInputs.size()) + " files");
  if (two && !backendNames.empty())
    return usageError("--for needs one MODEL, got two files");
  if (!two)
    if (llvm::Error error = require(backendNames, "BACKEND"))
      return error;
  if (llvm::Error error = require(dataPath, "DATA"))
    return error;
  llvm::Expected<runtime::DatasetOptions> dataset =
      dataOptions(dataPath, /*evaluation=*/false);
  if (!dataset)
    return dataset.takeError();
  llvm::Expected<unsigned> threads = threadCount();
  if (!threads)
    return threads.takeError();
  if (auto method = methodOptions(); !method)
    return method.takeError();
  return two ? verifyFiles(*dataset, *threads) : verifyModel();
}
