//===- QuantizerPlacement.cpp - Which tensors are quantized -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QuantizerPlacement.h"
#include "ImportedParameters.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"

using namespace mlir;
using namespace hwq;

QuantizerPlacement::QuantizerPlacement(const TensorGraph &graph,
                                       const Backend &backend,
                                       const AnnotateControl &control,
                                       bool asCalibrated)
    : graph(graph), backend(backend),
      keepsImported(graph.isImported() && !asCalibrated),
      traits(getPolicyTraits(backend.graphPolicy)) {
  findIntegerOps(control);
  placeForIntegerOps();
  if (keepsImported)
    placeBehindFloat();
  placeForMovement();
  if (traits.dropsFirstAddend)
    dropFirstAddends();
  for (QuantizableOpInterface op : graph.getOps())
    if (moving.contains(op) && getOpClass(op) != op_class::Movement &&
        !isQuantizedWithMoved(graph.getResult(op)))
      floatOps.push_back({op, "what it reads is in float"});
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// Weights and bias are to be constants, the activations are not.
static std::string whyConstantsOutOfPlace(QuantizableOpInterface op) {
  for (unsigned i : op.getActivationOperands())
    if (isConstant(op->getOperand(i)))
      return "its operand " + std::to_string(i) + " is a constant";
  if (std::optional<unsigned> i = op.getWeightOperand();
      i && !isConstant(op->getOperand(*i)))
    return "its weights are not constant";
  if (std::optional<unsigned> i = op.getBiasOperand();
      i && !isConstant(op->getOperand(*i)))
    return "its bias is not constant";
  return "";
}

bool QuantizerPlacement::isQuantizedWithMoved(Value tensor) const {
  SmallVector<Value> work = {tensor};
  llvm::DenseSet<Value> seen = {tensor};
  auto add = [&](Value value) {
    if (graph.find(value) && seen.insert(value).second)
      work.push_back(value);
  };
  auto isMovement = [](Operation *op) {
    auto quantizable = dyn_cast_or_null<QuantizableOpInterface>(op);
    return quantizable && quantizable.isDataMovement();
  };
  while (!work.empty()) {
    Value value = work.pop_back_val();
    if (isQuantized(value))
      return true;
    for (Operation *user : value.getUsers())
      if (isMovement(user))
        add(graph.getResult(user));
    if (Operation *maker = value.getDefiningOp(); isMovement(maker))
      for (unsigned i :
           cast<QuantizableOpInterface>(maker).getActivationOperands())
        add(maker->getOperand(i));
  }
  return false;
}

std::string QuantizerPlacement::whyFloat(QuantizableOpInterface op,
                                         const AnnotateControl &control) const {
  std::optional<unsigned> result = graph.find(graph.getResult(op));
  if (!result)
    return "its result is not f32";
  if (control.skips(graph[*result].name) || graph[*result].keepFloat)
    return "it is to be skipped";
  if (std::string reason = whyNoArithmetic(op, backend); !reason.empty())
    return reason;
  if (std::string reason = whyConstantsOutOfPlace(op); !reason.empty())
    return reason;
  // The layer that a sum is fused to has no quantizer in the model either.
  std::optional<unsigned> fused =
      keepsImported ? getResidualOperand(op) : std::nullopt;
  for (unsigned i : op.getActivationOperands())
    if (i != fused && (!graph.find(op->getOperand(i)) ||
                       keptFloat.contains(op->getOperand(i))))
      return "its operand " + describeTensor(op->getOperand(i)) +
             (keepsImported ? " has no quantizer in the model"
                            : " is to stay float");
  if (op.isDataMovement())
    return "";
  if (std::optional<unsigned> i = op.getWeightOperand();
      i && keepsImported && !getImportedType(op->getOperand(*i)))
    return "its weights have no quantizer in the model";
  if (!(getOpClass(op) & traits.operands))
    return ("the graph policy " + stringify(backend.graphPolicy) +
            " leaves it in float")
        .str();
  if (traits.floatLastLayer && graph.isLastLayer(op))
    return "it is the last layer";
  return "";
}

void QuantizerPlacement::findIntegerOps(const AnnotateControl &control) {
  for (const ActivationTensor &tensor : graph.getTensors())
    if ((tensor.override && tensor.override->isFloat) ||
        (isa<BlockArgument>(tensor.value) &&
         (control.skips(tensor.name) || tensor.keepFloat)) ||
        (keepsImported && !tensor.imported))
      keptFloat.insert(tensor.value);
  for (QuantizableOpInterface op : graph.getOps()) {
    std::string reason = whyFloat(op, control);
    if (reason.empty())
      (op.isDataMovement() ? moving : integers).insert(op);
    else
      floatOps.push_back({op, reason});
  }
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

void QuantizerPlacement::place(Value tensor) {
  if (graph.find(tensor) && !keptFloat.contains(tensor))
    quantized.insert(tensor);
}

bool QuantizerPlacement::isOnlyReturned(Value tensor) const {
  return llvm::all_of(tensor.getUsers(), [&](Operation *user) {
    if (isa<func::ReturnOp>(user))
      return true;
    return moving.contains(user) && getOpClass(user) == op_class::Movement &&
           isOnlyReturned(user->getResult(0));
  });
}

std::optional<unsigned>
QuantizerPlacement::getResidualOperand(Operation *op) const {
  if (!backend.fuseResidual || traits.dropsFirstAddend ||
      cast<QuantizableOpInterface>(op).getOpKind() != "add")
    return std::nullopt;
  for (unsigned i : {1, 0}) {
    Value operand = op->getOperand(i);
    Operation *maker = operand.getDefiningOp();
    // A clamp in between is not part of the addition's kernel.
    if (maker && integers.contains(maker) &&
        (getOpClass(maker) & op_class::Weighted) && operand.hasOneUse() &&
        operand.getType() == op->getResult(0).getType() &&
        operand != op->getOperand(1 - i))
      return i;
  }
  return std::nullopt;
}

void QuantizerPlacement::placeForIntegerOps() {
  for (QuantizableOpInterface op : graph.getOps())
    if (integers.contains(op))
      if (std::optional<unsigned> i = getResidualOperand(op))
        accumulators.insert(op->getOperand(*i));
  for (QuantizableOpInterface op : graph.getOps()) {
    bool isMoved = moving.contains(op);
    if (!isMoved && !integers.contains(op))
      continue;
    OpClasses opClass = getOpClass(op);
    if (!isMoved || (opClass & traits.operands))
      for (unsigned i : op.getActivationOperands())
        if (!accumulators.contains(op->getOperand(i)))
          place(op->getOperand(i));
    Value result = graph.getResult(op);
    if (!isMoved && (opClass & traits.results) &&
        !accumulators.contains(result) &&
        !(traits.floatOutput && isOnlyReturned(result)))
      place(result);
  }
}

/// What is moved is quantized before and behind the movement, or not at all.
void QuantizerPlacement::placeForMovement() {
  if (!traits.hoists)
    return;
  size_t before;
  do {
    before = quantized.size();
    for (QuantizableOpInterface op : graph.getOps()) {
      if (!moving.contains(op))
        continue;
      Value result = graph.getResult(op);
      auto isOperandQuantized = [&](unsigned i) {
        return quantized.contains(op->getOperand(i));
      };
      if (!quantized.contains(result) && (getOpClass(op) & traits.results) &&
          !(traits.floatOutput && isOnlyReturned(result)) &&
          llvm::any_of(op.getActivationOperands(), isOperandQuantized))
        place(result);
      if (quantized.contains(result))
        for (unsigned i : op.getActivationOperands())
          place(op->getOperand(i));
    }
  } while (quantized.size() != before);
}

/// What stays float is followed by the model's own quantizers.
void QuantizerPlacement::placeBehindFloat() {
  for (const ActivationTensor &tensor : graph.getTensors()) {
    Operation *maker = graph.getMaker(tensor.value);
    if (tensor.imported && tensor.observed &&
        !keptFloat.contains(tensor.value) &&
        !(maker && integers.contains(maker)) &&
        !isQuantizedWithMoved(tensor.value)) {
      quantized.insert(tensor.value);
      behindFloat.insert(tensor.value);
    }
  }
}

/// G2-paper as its code has it: where an operand of an addition is a quantized
/// convolution with batch norm or relu, the quantizer of operand 0 goes, for
/// all readers, even if it was operand 1. A folded batch norm leaves a bias.
void QuantizerPlacement::dropFirstAddends() {
  for (QuantizableOpInterface op : graph.getOps()) {
    if (!integers.contains(op) || op.getOpKind() != "add")
      continue;
    auto isConvolution = [&](Value operand) {
      Operation *maker = graph.getMaker(operand);
      if (!maker || !quantized.contains(operand) || !integers.contains(maker) ||
          getOpClass(maker) != op_class::Conv)
        return false;
      return cast<QuantizableOpInterface>(maker).getBiasOperand().has_value() ||
             graph.getResult(maker) != maker->getResult(0);
    };
    // What inherits has no quantizer of its own.
    Operation *first = graph.getMaker(op->getOperand(0));
    if (llvm::any_of(op->getOperands(), isConvolution) &&
        !(first && inherits(first)))
      quantized.erase(op->getOperand(0));
  }
  for (QuantizableOpInterface op : graph.getOps())
    if (inherits(op) &&
        !quantized.contains(op->getOperand(op.getActivationOperands().front())))
      quantized.erase(graph.getResult(op));
}

bool QuantizerPlacement::inherits(Operation *op) const {
  return (integers.contains(op) || moving.contains(op)) &&
         (getOpClass(op) & traits.inherits);
}

bool QuantizerPlacement::readsQuantized(OpOperand &use) const {
  if (!quantized.contains(use.get()))
    return false;
  // What stays float, and what moves to it, reads what it reads in the model.
  Operation *owner = use.getOwner();
  if (keepsImported && !integers.contains(owner) &&
      llvm::is_contained(graph.getFloatReaders(),
                         std::pair(owner, *graph.find(use.get()))))
    return false;
  if (traits.readers == QuantizerReaders::All ||
      behindFloat.contains(use.get()))
    return true;
  auto quantizable = dyn_cast<QuantizableOpInterface>(owner);
  if (!quantizable || !llvm::is_contained(quantizable.getActivationOperands(),
                                          use.getOperandNumber()))
    return false;
  if (integers.contains(owner))
    return true;
  return moving.contains(owner) &&
         ((getOpClass(owner) & traits.operands) ||
          (traits.hoists && quantized.contains(graph.getResult(owner))));
}
