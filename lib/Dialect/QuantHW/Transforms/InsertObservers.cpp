//===- InsertObservers.cpp - Pass activations through observe -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringSet.h"

namespace hwq {
#define GEN_PASS_DEF_INSERTOBSERVERSPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

/// `op` is computed together with its only reader: the batch norm (per-channel
/// multiply, add) of a dot product, the addition of a batch norm that stands on
/// its own, or a clamp.
static bool isComputedWithUser(Operation *op) {
  if (getFusedClamp(op))
    return true;
  if (!op->hasOneUse())
    return false;
  Operation *user = *op->user_begin();
  if (failed(getPerChannelOperand(user, op->getResult(0))))
    return false;
  if (isa<tosa::AddOp>(user) && isa<tosa::MulOp>(op))
    return succeeded(getPerChannelOperand(op, op->getOperand(0))) ||
           succeeded(getPerChannelOperand(op, op->getOperand(1)));
  auto dot = dyn_cast<QuantizableOpInterface>(op);
  return dot && dot.getWeightOperand() &&
         isConstant(op->getOperand(*dot.getWeightOperand()));
}

/// Ops whose result has values of its own, so that its range is wanted.
static bool isWanted(Operation *op) {
  if (op->getNumResults() != 1 || isa<ObserveOp, tosa::ConstOp>(op))
    return false;
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || !type.getElementType().isF32() || op->use_empty())
    return false;
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (quantizable && quantizable.isDataMovement() &&
      quantizable.getOpKind() == "movement")
    return false;
  if (llvm::all_of(op->getOperands(), isConstant))
    return false;
  return !isComputedWithUser(op);
}

namespace {
struct InsertObservers : hwq::impl::InsertObserversPassBase<InsertObservers> {
  void getDependentDialects(DialectRegistry &registry) const override {
    InsertObserversPassBase::getDependentDialects(registry);
    registerTosaExternalModels(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Float, getArgument())) ||
        failed(checkRanked(module)) ||
        failed(checkQuantizable(module, getArgument())))
      return signalPassFailure();
    llvm::StringSet<> used;
    for (auto func : module.getOps<func::FuncOp>())
      observe(func, used);
    setForm(module, Form::Observed);
  }

  void observe(func::FuncOp func, llvm::StringSet<> &used) {
    if (func.isExternal())
      return;
    auto insert = [&](Value value) {
      OpBuilder builder(func.getContext());
      builder.setInsertionPointAfterValue(value);
      std::string name = getTensorName(value).str();
      if (name.empty()) {
        auto arg = dyn_cast<BlockArgument>(value);
        name = arg ? "arg" + std::to_string(arg.getArgNumber())
                   : value.getDefiningOp()->getName().stripDialect().str();
      }
      // Statistics are kept by name: names are unique.
      std::string unique = name;
      for (unsigned i = 1; !used.insert(unique).second; ++i)
        unique = name + "_" + std::to_string(i);
      auto observer =
          ObserveOp::create(builder, value.getLoc(), value.getType(), value,
                            builder.getStringAttr(unique),
                            /*range=*/DenseF64ArrayAttr(),
                            /*method=*/StringAttr());
      value.replaceAllUsesExcept(observer.getOutput(), observer);
    };
    for (BlockArgument arg : func.getArguments()) {
      auto type = dyn_cast<RankedTensorType>(arg.getType());
      if (type && type.getElementType().isF32() && !arg.use_empty())
        insert(arg);
    }
    SmallVector<Operation *> wanted;
    func.walk([&](Operation *op) {
      if (isWanted(op))
        wanted.push_back(op);
    });
    for (Operation *op : wanted)
      insert(op->getResult(0));
  }
};
} // namespace
