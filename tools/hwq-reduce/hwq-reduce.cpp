//===- hwq-reduce.cpp - Small programs that show a bug -------- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/InitAll.h"
#include "hwq/Pipelines/Passes.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Reducer/Tester.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;

namespace {

/// mlir-reduce drops ops that nobody reads, but in a network all are read.
struct BypassOps : PassWrapper<BypassOps, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(BypassOps)
  BypassOps() = default;
  BypassOps(const BypassOps &other) : PassWrapper(other) {}

  StringRef getArgument() const override { return "bypass-ops"; }
  StringRef getDescription() const override {
    return "Replace ops by an operand of the same type, and drop what nobody "
           "reads then, as long as the test calls the program interesting";
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    // Upstream's tester aborts.
    if (!llvm::sys::fs::can_execute(test)) {
      module.emitError() << "the test '" << test
                         << "' is not a program that can run";
      return signalPassFailure();
    }
    if (!isInteresting()) {
      module.emitError("the test does not call the program interesting: "
                       "expected exit code 1");
      return signalPassFailure();
    }
    // Late ops first: what they alone read goes with them.
    SmallVector<Operation *> ops;
    module.walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : llvm::reverse(ops)) {
      if (op->getNumResults() != 1)
        continue;
      if (op->use_empty()) {
        tryWithout(op, Value());
        continue;
      }
      for (Value operand : op->getOperands())
        if (operand.getType() == op->getResult(0).getType() &&
            tryWithout(op, operand))
          break;
    }
  }

  bool isInteresting() {
    return Tester(test, testArgs).isInteresting(getOperation()).first ==
           Tester::Interestingness::True;
  }

  /// Erases the op, its readers read `replacement`, if that is interesting.
  bool tryWithout(Operation *op, Value replacement) {
    SmallVector<OpOperand *> uses(llvm::make_pointer_range(op->getUses()));
    for (OpOperand *use : uses)
      use->set(replacement);
    Block *block = op->getBlock();
    Block::iterator next = std::next(op->getIterator());
    op->remove();
    if (succeeded(verify(getOperation())) && isInteresting()) {
      op->destroy();
      return true;
    }
    block->getOperations().insert(next, op);
    for (OpOperand *use : uses)
      use->set(op->getResult(0));
    return false;
  }

  Option<std::string> test{
      *this, "test",
      llvm::cl::desc("Program that exits with 1 for an interesting file")};
  ListOption<std::string> testArgs{*this, "test-arg",
                                   llvm::cl::desc("Arguments of the test")};
};

} // namespace

int main(int argc, char **argv) {
  DialectRegistry registry;
  hwq::registerAllDialects(registry);
  hwq::registerAllPasses();
  hwq::registerHWQDataPasses();
  PassRegistration<BypassOps>();
  MLIRContext context(registry);
  return failed(mlirReduceMain(argc, argv, context));
}
