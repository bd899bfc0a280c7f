//===- LayerNames.cpp - Layers and their names ------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerNames.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;

Value interchange::getLayerWeights(Operation *op) {
  StringRef kind = op->getName().stripDialect();
  if ((kind != "conv2d" && kind != "fully_connected" &&
       kind != "transpose_conv2d") ||
      op->getNumOperands() < 2 || isa<tosa::TosaDialect>(op->getDialect()))
    return {};
  Value weights = op->getOperand(1);
  return weights.getDefiningOp<tosa::ConstOp>() ? weights : Value();
}

LayerNames interchange::getLayerNames(Operation *op) {
  LayerNames names;
  if (auto loc = dyn_cast<NameLoc>(op->getLoc()))
    if (auto node = dyn_cast<NameLoc>(loc.getChildLoc()))
      names.node = node.getName().str();
  if (op->getNumResults() == 1)
    names.result = getTensorName(op->getResult(0)).str();
  if (Value weights = getLayerWeights(op)) {
    if (auto loc = weights.getLoc()->findInstanceOf<NameLoc>())
      names.weights = loc.getName().str();
    if (auto loc =
            weights.getLoc()->findInstanceOf<FusedLocWith<IntegerAttr>>())
      names.channelAxis = loc.getMetadata().getInt();
    StringRef module = names.weights;
    if (module.consume_back(".weight"))
      names.module = module.str();
  }
  return names;
}

ObserveOp interchange::findObserver(Value operand) {
  for (;;) {
    Operation *op = operand.getDefiningOp();
    if (!op)
      return {};
    if (auto observe = dyn_cast<ObserveOp>(op))
      return observe;
    auto quantizable = dyn_cast<QuantizableOpInterface>(op);
    if (!quantizable || !quantizable.isDataMovement())
      return {};
    operand = op->getOperand(quantizable.getActivationOperands().front());
  }
}

bool interchange::isLayer(Operation *op) {
  if (getLayerWeights(op))
    return true;
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (!quantizable)
    return false;
  StringRef kind = quantizable.getOpKind();
  if (llvm::is_contained({"concat", "avg_pool2d", "max_pool2d", "mean"}, kind))
    return true;
  // Of a constant it is part of something else, a batch norm for instance.
  return llvm::is_contained({"matmul", "add", "sub", "mul"}, kind) &&
         llvm::none_of(op->getOperands(), [](Value operand) {
           return operand.getDefiningOp<tosa::ConstOp>();
         });
}

SmallVector<StringRef> interchange::getFoldedNames(Operation *op) {
  SmallVector<StringRef> names;
  Value value = op->getResult(0);
  for (;;) {
    if (StringRef name = getTensorName(value); !name.empty())
      names.push_back(name);
    if (!value.hasOneUse())
      return names;
    Operation *user = *value.user_begin();
    if (!isa<ObserveOp, tosa::ClampOp, tosa::MulOp, tosa::AddOp>(user))
      return names;
    unsigned activations = 0;
    for (Value operand : user->getOperands())
      activations += !operand.getDefiningOp<tosa::ConstOp>();
    if (activations != 1)
      return names;
    value = user->getResult(0);
  }
}
