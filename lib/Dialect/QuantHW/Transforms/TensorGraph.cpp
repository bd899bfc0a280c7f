//===- TensorGraph.cpp - A function as graph policies see it ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorGraph.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ImportedParams.h"
#include "hwq/Dialect/QuantHW/IR/ObserverAttributes.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace hwq;

TensorGraph::TensorGraph(func::FuncOp func, const Backend &backend,
                         const AnnotateControl &control)
    : backend(backend) {
  llvm::MapVector<Value, ActivationTensor> observed;
  llvm::MapVector<Value, SmallVector<Operation *>> readers;
  func.walk([&](ObserveOp observer) {
    Value value = observer.getInput();
    ActivationTensor tensor(value, observer.getTensor().str(),
                            observer.getLoc());
    tensor.observed = true;
    tensor.keepFloat = isKeptFloat(observer);
    if (std::optional<ArrayRef<double>> range = observer.getRange())
      tensor.range = numerics::Range{(*range)[0], (*range)[1]};
    if (std::optional<ArrayRef<double>> ranges = observer.getChannelRanges())
      for (size_t i = 0; i + 1 < ranges->size(); i += 2)
        tensor.channelRanges.push_back({(*ranges)[i], (*ranges)[i + 1]});
    tensor.parameters = getObserverParameters(observer);
    if (auto params = observer->getAttrOfType<TypeAttr>(kModelParametersAttr)) {
      tensor.imported = cast<quant::QuantizedType>(params.getValue());
      imported = true;
      for (Operation *user : value.getUsers())
        if (!isa<ObserveOp>(user))
          readers[value].push_back(user);
    }
    if (!observed.insert({value, tensor}).second)
      lost.push_back({tensor.name, tensor.loc, LostQuantizer::SecondOfTensor});
    observer.getOutput().replaceAllUsesWith(value);
    observer.erase();
  });

  auto add = [&](Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || !type.getElementType().isF32() || isConstant(value))
      return;
    auto it = observed.find(value);
    ActivationTensor tensor =
        it != observed.end()
            ? it->second
            : ActivationTensor(value, getTensorName(value).str(),
                               value.getLoc());
    tensor.override = control.find(tensor.name);
    if (tensor.override && !tensor.override->isFloat)
      tensor.parameters = {};
    if (tensor.override && tensor.override->range)
      tensor.range = tensor.override->range;
    indices[value] = tensors.size();
    tensors.push_back(std::move(tensor));
  };
  for (BlockArgument arg : func.getArguments())
    add(arg);
  func.walk([&](Operation *op) {
    if (op == func || op->getNumResults() != 1)
      return;
    auto quantizable = dyn_cast<QuantizableOpInterface>(op);
    if (quantizable && !isFusedClamp(op))
      ops.push_back(quantizable);
    if (getResult(op) == op->getResult(0))
      add(op->getResult(0));
  });
  if (!imported)
    return;
  for (auto &[value, tensor] : observed)
    if (tensor.imported && !find(value))
      lost.push_back({tensor.name, tensor.loc, LostQuantizer::InsideOp});
  for (auto &[value, users] : readers)
    if (std::optional<unsigned> index = find(value);
        index && !isMovedFrom(value, tensors[*index].imported))
      for (Operation *user : llvm::reverse(users))
        if (!movesTo(user, tensors[*index].imported))
          floatReaders.push_back({user, *index});
  shareWithMoved();
}

bool TensorGraph::movesTo(Operation *op, quant::QuantizedType type) const {
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (!quantizable || !quantizable.isDataMovement())
    return false;
  std::optional<unsigned> result = find(getResult(op));
  return result && tensors[*result].imported == type;
}

bool TensorGraph::isMovedFrom(Value value, quant::QuantizedType type) const {
  auto op = value.getDefiningOp<QuantizableOpInterface>();
  return op && op.isDataMovement() &&
         llvm::all_of(op.getActivationOperands(), [&](unsigned i) {
           std::optional<unsigned> from = find(op->getOperand(i));
           return (from && tensors[*from].imported == type) ||
                  isMovedFrom(op->getOperand(i), type);
         });
}

/// What is moved is on the grid of what it was, and a quantizer behind a
/// movement may as well stand before it.
void TensorGraph::shareWithMoved() {
  auto moved = [&](QuantizableOpInterface op) {
    SmallVector<ActivationTensor *> operands;
    if (op.isDataMovement() && find(op->getResult(0)))
      for (unsigned i : op.getActivationOperands())
        if (std::optional<unsigned> from = find(op->getOperand(i)))
          operands.push_back(&tensors[*from]);
    return operands;
  };
  for (QuantizableOpInterface op : ops) {
    SmallVector<ActivationTensor *> operands = moved(op);
    if (operands.empty() ||
        operands.size() != op.getActivationOperands().size())
      continue;
    ActivationTensor &result = tensors[*find(op->getResult(0))];
    bool readsFloat = llvm::any_of(floatReaders, [&](const auto &entry) {
      return entry.first == op.getOperation();
    });
    if (!result.imported && !readsFloat &&
        llvm::all_of(operands, [&](ActivationTensor *t) {
          return t->imported == operands[0]->imported &&
                 !isa_and_present<quant::UniformQuantizedPerAxisType>(
                     t->imported);
        }))
      result.imported = operands[0]->imported;
  }
  for (QuantizableOpInterface op : llvm::reverse(ops))
    for (ActivationTensor *operand : moved(op))
      if (!operand->imported && operand->value.hasOneUse())
        operand->imported = dyn_cast_if_present<quant::UniformQuantizedType>(
            tensors[*find(op->getResult(0))].imported);
}

std::optional<unsigned> TensorGraph::find(Value value) const {
  auto it = indices.find(value);
  if (it == indices.end())
    return std::nullopt;
  return it->second;
}

bool TensorGraph::isFusedClamp(Operation *op) const {
  if (!isa<tosa::ClampOp>(op) || !backend.fuseClamp)
    return false;
  Operation *producer = op->getOperand(0).getDefiningOp();
  return producer && getFusedClamp(producer) == op;
}

Value TensorGraph::getResult(Operation *op) const {
  if (backend.fuseClamp)
    if (tosa::ClampOp clamp = getFusedClamp(op))
      return clamp.getOutput();
  return op->getResult(0);
}

Operation *TensorGraph::getMaker(Value tensor) const {
  Operation *op = tensor.getDefiningOp();
  return op && isFusedClamp(op) ? op->getOperand(0).getDefiningOp() : op;
}

Value TensorGraph::getOnlyActivation(Operation *op) const {
  Value only;
  for (Value operand : op->getOperands()) {
    if (isConstant(operand) || !isa<RankedTensorType>(operand.getType()))
      continue;
    if (only)
      return {};
    only = operand;
  }
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  return quantizable && quantizable.getWeightOperand() ? Value() : only;
}

bool TensorGraph::isFirstLayer(QuantizableOpInterface op) const {
  if (!op.getWeightOperand())
    return false;
  Value value = op->getOperand(op.getActivationOperands().front());
  while (Operation *maker = value.getDefiningOp()) {
    value = getOnlyActivation(maker);
    if (!value)
      return false;
  }
  return true;
}

bool TensorGraph::isLastLayer(QuantizableOpInterface op) const {
  if (!op.getWeightOperand())
    return false;
  SmallVector<Value> values{op->getResult(0)};
  while (!values.empty()) {
    Value value = values.pop_back_val();
    for (Operation *user : value.getUsers()) {
      if (isa<func::ReturnOp>(user))
        return true;
      if (user->getNumResults() == 1 && getOnlyActivation(user) == value)
        values.push_back(user->getResult(0));
    }
  }
  return false;
}
