//===- ImportQuantized.cpp - Quantized TOSA to a calibrated program -------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/Transforms/ImportQuantized.h"
#include "QuantizedTosa.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"

namespace hwq {
#define GEN_PASS_DEF_IMPORTQUANTIZEDPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

static bool isQuantized(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return isa<quant::QuantizedType>(shaped ? shaped.getElementType() : type);
}

bool hwq::hasQuantizedTypes(ModuleOp module) {
  return module
      .walk([](Operation *op) {
        if (auto function = dyn_cast<func::FuncOp>(op))
          return llvm::any_of(function.getArgumentTypes(), isQuantized)
                     ? WalkResult::interrupt()
                     : WalkResult::advance();
        return llvm::any_of(op->getResultTypes(), isQuantized)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

namespace {
struct ImportQuantized : hwq::impl::ImportQuantizedPassBase<ImportQuantized> {
  void getDependentDialects(DialectRegistry &registry) const override {
    ImportQuantizedPassBase::getDependentDialects(registry);
    registerTosaExternalModels(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Float, getArgument())) ||
        failed(checkRanked(module)))
      return signalPassFailure();
    if (!hasQuantizedTypes(module)) {
      emitError(module.getLoc())
          << "'" << getArgument() << "' found no quantized type";
      return signalPassFailure();
    }
    llvm::StringSet<> names;
    for (auto function : module.getOps<func::FuncOp>()) {
      if (function.isExternal())
        continue;
      if (failed(QuantizedTosaReader(function, names).run()))
        return signalPassFailure();
    }
    OpPassManager passes(ModuleOp::getOperationName());
    passes.addPass(createRecognizePass());
    if (failed(runPipeline(passes, module)))
      return signalPassFailure();
    setForm(module, Form::Calibrated);
  }
};
} // namespace
