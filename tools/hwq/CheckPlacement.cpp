//===- CheckPlacement.cpp - hwq quantize --check ----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CheckPlacement.h"
#include "Console.h"
#include "Model.h"
#include "Options.h"
#include "Steps.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ImportedParams.h"
#include "hwq/Dialect/QuantHW/Transforms/CheckQuantizers.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

namespace {
struct Row {
  std::string key;
  QuantizerCheck check;
};
} // namespace

bool driver::hasQuantizers(ModuleOp module) {
  return module
      .walk([](ObserveOp op) {
        return op->hasAttr(kModelParametersAttr) ? WalkResult::interrupt()
                                                 : WalkResult::advance();
      })
      .wasInterrupted();
}

static llvm::Expected<Row> check(ModuleOp module, const Target &target) {
  OwningOpRef<ModuleOp> clone = module.clone();
  (*clone)->setAttr(kBackendAttr, target.descriptor);
  PassManager passes(clone->getContext(), ModuleOp::getOperationName());
  passes.addPass(createFoldBatchNormPass());
  if (failed(passes.run(*clone)))
    return reportedError();
  Row row{target.key, {}};
  Backend backend = Backend::get(target.descriptor);
  for (auto func : clone->getOps<func::FuncOp>())
    if (!func.isExternal()) {
      QuantizerCheck found = checkQuantizers(func, backend);
      row.check.activations += found.activations;
      row.check.weights += found.weights;
      llvm::append_range(row.check.mismatches, found.mismatches);
    }
  return std::move(row);
}

static llvm::json::Value toJson(ArrayRef<Row> rows) {
  llvm::json::Object backends;
  for (const Row &row : rows) {
    llvm::json::Array mismatches;
    for (const QuantizerMismatch &m : row.check.mismatches)
      mismatches.push_back(
          llvm::json::Object{{"tensor", m.tensor},
                             {"kind", stringify(m.kind)},
                             {"loses_scales", losesScales(m.kind)},
                             {"message", m.message}});
    backends[row.key] =
        llvm::json::Object{{"activation_quantizers", row.check.activations},
                           {"weight_quantizers", row.check.weights},
                           {"mismatches", std::move(mismatches)}};
  }
  return llvm::json::Object{{"model", inputFiles.front()},
                            {"backends", std::move(backends)}};
}

static void print(ArrayRef<Row> rows, llvm::raw_ostream &os) {
  for (const Row &row : rows) {
    const QuantizerCheck &c = row.check;
    os << row.key << ": " << c.activations << " quantizers of activations, "
       << c.weights << " of weights, " << c.mismatches.size()
       << " mismatches\n";
    size_t name = 0, kind = 0;
    for (const QuantizerMismatch &m : c.mismatches) {
      name = std::max(name, m.tensor.size());
      kind = std::max(kind, stringify(m.kind).size());
    }
    for (const QuantizerMismatch &m : c.mismatches)
      os << "  " << llvm::left_justify(m.tensor, name + 2)
         << llvm::left_justify(stringify(m.kind), kind + 2) << m.message
         << '\n';
  }
}

llvm::Error driver::runCheckPlacement() {
  llvm::Expected<std::string> model = modelPath();
  if (!model)
    return model.takeError();
  if (llvm::Error error = require(backendNames, "BACKEND"))
    return error;
  Session session;
  llvm::Expected<std::vector<Target>> targets =
      parseTargets(backendNames, session.context());
  if (!targets)
    return targets.takeError();
  llvm::Expected<OwningOpRef<ModuleOp>> module = loadModel(*model, session);
  if (!module)
    return module.takeError();
  if (!hasQuantizers(**module))
    return llvm::createStringError(
        "'" + *model +
        "' has no quantizers of activations: expected a Q/DQ or QLinear model");
  std::vector<Row> rows;
  std::string failed;
  for (const Target &target : *targets) {
    llvm::Expected<Row> row = check(**module, target);
    if (!row)
      return row.takeError();
    if (!row->check.mismatches.empty())
      failed += (failed.empty() ? "" : ", ") + target.key;
    rows.push_back(std::move(*row));
  }
  if (llvm::Error error =
          printResult([&] { return toJson(rows); },
                      [&](llvm::raw_ostream &os) { print(rows, os); }))
    return error;
  if (!failed.empty())
    return contractError("the model's quantizers are not where these backends "
                         "have them, or not what they have: " +
                         failed);
  return llvm::Error::success();
}
