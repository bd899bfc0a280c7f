//===- Diff.cpp - hwq diff --------------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Console.h"
#include "Model.h"
#include "Options.h"
#include "Steps.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/Target/IR/StepFour.h"
#include "hwq/Pipelines/CompareParameters.h"
#include "hwq/Pipelines/Derivation.h"
#include "hwq/Pipelines/Verify.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

namespace {
/// What differs in the ops that make one tensor.
struct Difference {
  std::string tensor;
  std::vector<std::string> parameters;
};

struct ProgramDifference {
  /// Form and backend.
  std::vector<std::string> header;
  std::vector<Difference> tensors;
  std::vector<std::string> onlyFirst, onlySecond;
  int64_t common = 0;
  /// With --data.
  std::optional<FormComparison> integers;

  bool any() const {
    return !header.empty() || !tensors.empty() || !onlyFirst.empty() ||
           !onlySecond.empty() ||
           (integers && (integers->differing() || integers->resultsDiffering));
  }
};

/// Named values in program order; of several with one name the last, which is
/// the quantized one.
using NamedValues = llvm::MapVector<StringRef, Value>;
} // namespace

static NamedValues collectNamed(ModuleOp module) {
  NamedValues values;
  func::FuncOp func = getMainFunction(module);
  if (!func)
    return values;
  auto add = [&](Value value) {
    if (StringRef name = getTensorName(value); !name.empty())
      values[name] = value;
  };
  for (BlockArgument argument : func.getArguments())
    add(argument);
  func.walk([&](Operation *op) {
    if (op->getNumResults() == 1)
      add(op->getResult(0));
  });
  return values;
}

/// What compareParameters leaves out, since it also serves two steps of one
/// derivation: the kind of op and the kernel.
static void compareKinds(Value first, Value second,
                         std::vector<std::string> &found) {
  Operation *a = first.getDefiningOp(), *b = second.getDefiningOp();
  if (!a || !b)
    return;
  if (a->getName() != b->getName())
    found.insert(found.begin(), ("op: " + a->getName().getStringRef() +
                                 " and " + b->getName().getStringRef())
                                    .str());
  OwningOpRef<Operation *> x = asStepFour(a), y = asStepFour(b);
  a = x ? *x : a;
  b = y ? *y : b;
  for (StringRef key : {"requant", "lhs_requant", "rhs_requant"}) {
    auto p = a->getAttrOfType<RequantAttr>(key);
    auto q = b->getAttrOfType<RequantAttr>(key);
    if (p && q && p.getKernel() != q.getKernel())
      found.push_back(
          key.str() +
          " kernel: " + std::string(numerics::stringify(p.getKernel())) +
          " and " + std::string(numerics::stringify(q.getKernel())));
  }
}

static std::string describeBackend(ModuleOp module) {
  auto backend = module->getAttrOfType<BackendAttr>(kBackendAttr);
  return backend ? backend.getName().getValue().str() : "none";
}

static ProgramDifference compareModules(ModuleOp first, ModuleOp second) {
  ProgramDifference result;
  auto header = [&](StringRef what, const std::string &a,
                    const std::string &b) {
    if (a != b)
      result.header.push_back((what + ": " + a + " and " + b).str());
  };
  auto form = [](ModuleOp module) {
    auto attr = module->getAttrOfType<StringAttr>(kFormAttr);
    return attr ? attr.getValue().str() : std::string("float");
  };
  header("form", form(first), form(second));
  header("backend", describeBackend(first), describeBackend(second));
  if (result.header.empty() &&
      first->getAttr(kBackendAttr) != second->getAttr(kBackendAttr))
    result.header.push_back("the descriptors of backend " +
                            describeBackend(first) + " differ");
  NamedValues a = collectNamed(first), b = collectNamed(second);
  for (auto &[name, value] : a) {
    auto other = b.find(name);
    if (other == b.end()) {
      result.onlyFirst.push_back(name.str());
      continue;
    }
    ++result.common;
    Difference difference{name.str(), compareParameters(value, other->second)};
    compareKinds(value, other->second, difference.parameters);
    if (!difference.parameters.empty())
      result.tensors.push_back(std::move(difference));
  }
  for (auto &entry : b)
    if (!a.contains(entry.first))
      result.onlySecond.push_back(entry.first.str());
  return result;
}

static llvm::json::Value toJson(const ProgramDifference &d) {
  llvm::json::Array tensors, integers;
  for (const Difference &t : d.tensors)
    tensors.push_back(llvm::json::Object{
        {"tensor", t.tensor}, {"parameters", llvm::json::Array(t.parameters)}});
  llvm::json::Object object{{"first", verifyInputs[0]},
                            {"second", verifyInputs[1]},
                            {"equal", !d.any()},
                            {"header", llvm::json::Array(d.header)},
                            {"common", d.common},
                            {"tensors", std::move(tensors)},
                            {"only_first", llvm::json::Array(d.onlyFirst)},
                            {"only_second", llvm::json::Array(d.onlySecond)}};
  if (!d.integers)
    return object;
  for (const TensorComparison &t : d.integers->tensors)
    integers.push_back(
        llvm::json::Object{{"tensor", t.name},
                           {"compared", t.compared},
                           {"differing", t.differing},
                           {"max_difference", t.maxDifference},
                           {"drift_differing", t.driftDiffering},
                           {"drift_max_difference", t.driftMax}});
  object["integers"] = std::move(integers);
  object["results_compared"] = d.integers->resultsCompared;
  object["results_differing"] = d.integers->resultsDiffering;
  return object;
}

static void print(const ProgramDifference &d, llvm::raw_ostream &os) {
  for (const std::string &line : d.header)
    os << line << "\n";
  for (const Difference &t : d.tensors)
    for (const std::string &p : t.parameters)
      os << t.tensor << ": " << p << "\n";
  for (const auto &[which, names] :
       {std::pair("first", &d.onlyFirst), {"second", &d.onlySecond}})
    if (!names->empty()) {
      os << "only in the " << which << ": ";
      llvm::interleaveComma(*names, os);
      os << "\n";
    }
  os << d.tensors.size() << " of " << d.common
     << " tensors have other parameters\n";
  if (!d.integers)
    return;
  Table table({"tensor", "integers", "differing", "largest", "end to end"});
  for (const TensorComparison &t : d.integers->tensors)
    if (t.differing || t.driftDiffering)
      table.add({t.name, std::to_string(t.compared),
                 std::to_string(t.differing), std::to_string(t.maxDifference),
                 std::to_string(t.driftMax)});
  if (d.integers->differing())
    table.print(os);
  os << d.integers->compared() << " integers compared, "
     << d.integers->differing() << " differing; " << d.integers->resultsCompared
     << " values of the results, " << d.integers->resultsDiffering
     << " differing\n";
}

llvm::Error driver::runDiff() {
  if (verifyInputs.size() != 2)
    return usageError("expected two programs, got " +
                      llvm::Twine(verifyInputs.size()));
  llvm::Expected<runtime::DatasetOptions> dataset =
      dataOptions(dataPath, /*evaluation=*/false);
  if (!dataset)
    return dataset.takeError();
  llvm::Expected<unsigned> threads = threadCount();
  if (!threads)
    return threads.takeError();
  Session session;
  llvm::Expected<OwningOpRef<ModuleOp>> a = loadModel(verifyInputs[0], session);
  if (!a)
    return a.takeError();
  llvm::Expected<OwningOpRef<ModuleOp>> b = loadModel(verifyInputs[1], session);
  if (!b)
    return b.takeError();
  ProgramDifference difference = compareModules(a->get(), b->get());
  if (!dataPath.empty()) {
    auto data = openData(*dataset, a->get());
    if (!data)
      return data.takeError();
    VerifyOptions options;
    options.threads = *threads;
    Progress progress("diff");
    llvm::Expected<FormComparison> integers =
        compareForms(a->get(), b->get(), **data, options, progress.hook());
    if (!integers)
      return integers.takeError();
    difference.integers = std::move(*integers);
  }
  if (llvm::Error error =
          printResult([&] { return toJson(difference); },
                      [&](llvm::raw_ostream &os) { print(difference, os); }))
    return error;
  return difference.any() ? contractError("the programs differ")
                          : llvm::Error::success();
}
