//===- IntegerIO.cpp - Programs whose inputs and outputs are codes -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/IntegerIO.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/StepFour.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace hwq;

/// An op of quant_hw, or one of a target that stands for it.
template <typename Op> static bool isOp(Operation *op) {
  return isa<Op>(op) ||
         (isa<TargetOpInterface>(op) &&
          getStepFourName(op) ==
              OperationName(Op::getOperationName(), op->getContext())
                  .stripDialect());
}

static bool isMovement(Operation *op) {
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  return quantizable && quantizable.isDataMovement() &&
         quantizable.getActivationOperands().size() == 1;
}

static void setElementType(Value value, Type element) {
  auto shape = cast<RankedTensorType>(value.getType());
  value.setType(RankedTensorType::get(shape.getShape(), element));
}

/// Collects the quantizers that read the value, also behind data movement.
static LogicalResult findQuantizers(Value value, StringRef input,
                                    SmallVectorImpl<Operation *> &quantizers,
                                    SmallVectorImpl<Value> &moved) {
  moved.push_back(value);
  for (Operation *user : value.getUsers()) {
    if (isOp<QuantizeOp>(user)) {
      quantizers.push_back(user);
      continue;
    }
    if (!isMovement(user))
      return user->emitError()
             << "input '" << input << "' is read in float by '"
             << user->getName() << "': it cannot be codes";
    if (failed(findQuantizers(user->getResult(0), input, quantizers, moved)))
      return failure();
  }
  return success();
}

static LogicalResult makeIntegerInput(BlockArgument argument) {
  std::string name = getTensorName(argument).str();
  if (!isa<FloatType>(getElementTypeOrSelf(argument.getType())))
    return success();
  SmallVector<Operation *> quantizers;
  SmallVector<Value> moved;
  if (failed(findQuantizers(argument, name, quantizers, moved)))
    return failure();
  if (quantizers.empty())
    return emitError(argument.getLoc())
           << "input '" << name << "' is not quantized: it cannot be codes";
  auto getCodes = [](Operation *quantize) {
    return getElementTypeOrSelf(quantize->getResult(0).getType());
  };
  Type element = getCodes(quantizers.front());
  for (Operation *quantize : quantizers)
    if (getCodes(quantize) != element)
      return quantize->emitError()
             << "input '" << name << "' is quantized in two ways, " << element
             << " and " << getCodes(quantize) << ": it cannot be codes";
  for (Value value : moved)
    setElementType(value, element);
  for (Operation *quantize : quantizers) {
    Value input = quantize->getOperand(0);
    if (Operation *producer = input.getDefiningOp())
      copyTensorName(quantize, producer);
    quantize->getResult(0).replaceAllUsesWith(input);
    quantize->erase();
  }
  return success();
}

static LogicalResult makeIntegerResult(OpOperand &result, StringRef name) {
  if (!isa<FloatType>(getElementTypeOrSelf(result.get().getType())))
    return success();
  // Movement behind the dequantize, from the result inwards.
  SmallVector<Operation *> moves;
  Value value = result.get();
  while (value.getDefiningOp() && value.hasOneUse() &&
         isMovement(value.getDefiningOp())) {
    moves.push_back(value.getDefiningOp());
    value = value.getDefiningOp()->getOperand(0);
  }
  Operation *dequantize = value.getDefiningOp();
  if (!dequantize || !isOp<DequantizeOp>(dequantize))
    return result.getOwner()->emitError()
           << "output '" << name
           << "' is computed in float: it cannot be codes";
  Value codes = dequantize->getOperand(0);
  Type element = getElementTypeOrSelf(codes.getType());
  if (moves.empty()) {
    result.set(codes);
  } else {
    moves.back()->setOperand(0, codes);
    for (Operation *move : moves)
      setElementType(move->getResult(0), element);
  }
  if (dequantize->use_empty())
    dequantize->erase();
  return success();
}

LogicalResult hwq::makeIntegerIO(ModuleOp module) {
  for (auto func : module.getOps<func::FuncOp>()) {
    if (func.isExternal())
      continue;
    for (BlockArgument argument : func.getArguments())
      if (failed(makeIntegerInput(argument)))
        return failure();
    Operation *terminator = func.front().getTerminator();
    for (OpOperand &result : terminator->getOpOperands()) {
      unsigned index = result.getOperandNumber();
      auto name = func.getResultAttrOfType<StringAttr>(index, kNameAttr);
      if (failed(makeIntegerResult(result, name ? name.getValue() : "")))
        return failure();
    }
    func.setFunctionType(FunctionType::get(func.getContext(),
                                           func.front().getArgumentTypes(),
                                           terminator->getOperandTypes()));
  }
  return success();
}
