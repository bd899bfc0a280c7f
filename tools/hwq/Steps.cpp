//===- Steps.cpp - Steps that several subcommands take ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Steps.h"
#include "Options.h"
#include "hwq/Backend/BackendRegistry.h"
#include "hwq/Pipelines/QuantizeFor.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

llvm::Expected<std::vector<Target>> driver::parseTargets(StringRef text,
                                                         MLIRContext *context) {
  llvm::Expected<std::vector<BackendSpec>> specs = BackendSpec::parseList(text);
  if (!specs)
    return usageError("--for: " + toString(specs.takeError()));
  if (specs->size() > 1 && !backendFile.empty())
    return usageError("--backend-file goes with one backend, got " +
                      llvm::Twine(specs->size()));
  std::vector<Target> targets;
  llvm::StringSet<> keys;
  for (const BackendSpec &spec : *specs) {
    llvm::Expected<BackendAttr> descriptor =
        resolveBackend(context, spec, backendFile);
    if (!descriptor)
      return usageError("--for: " + toString(descriptor.takeError()));
    if (!keys.insert(spec.key()).second)
      return usageError("--for names '" + spec.str() + "' twice");
    // A backend that cannot be compiled for is refused before any work.
    OpPassManager passes(ModuleOp::getOperationName());
    std::string reason;
    if (failed(buildQuantizeForPipeline(passes, {spec.str(), backendFile},
                                        [&](const llvm::Twine &message) {
                                          reason = message.str();
                                          return failure();
                                        })))
      return llvm::createStringError(reason);
    targets.push_back({spec, spec.key(), *descriptor});
  }
  return targets;
}

namespace {
/// Tells what every pass has made.
struct AfterPass : PassInstrumentation {
  explicit AfterPass(std::function<void(StringRef, ModuleOp)> tell)
      : tell(std::move(tell)) {}
  void runAfterPass(Pass *pass, Operation *op) override {
    if (auto module = dyn_cast<ModuleOp>(op))
      if (!pass->getArgument().empty())
        tell(pass->getArgument(), module);
  }
  std::function<void(StringRef, ModuleOp)> tell;
};
} // namespace

llvm::Error
driver::compile(ModuleOp module, const Target &target,
                std::function<void(StringRef, ModuleOp)> afterPass) {
  PassManager passes(module.getContext(), ModuleOp::getOperationName());
  if (failed(
          buildQuantizeForPipeline(passes, {target.spec.str(), backendFile})))
    return reportedError();
  if (afterPass)
    passes.addInstrumentation(std::make_unique<AfterPass>(afterPass));
  if (failed(passes.run(module)))
    return reportedError();
  return llvm::Error::success();
}
