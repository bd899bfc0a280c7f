//===- QuantHWToTosa.cpp - Step 4 to integer TOSA --------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaWriter.h"
#include "hwq/Conversion/Passes.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/CodeParams.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

namespace hwq {
#define GEN_PASS_DEF_CONVERTQUANTHWTOTOSAPASS
#include "hwq/Conversion/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

static bool isQuantized(Type type) {
  return isa<quant::QuantizedType>(getElementTypeOrSelf(type));
}

TosaWriter::TosaWriter(func::FuncOp function)
    : function(function), builder(function.getContext()),
      loc(function.getLoc()) {}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

int64_t TosaWriter::offsetOf(Value value) {
  auto type = dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(value));
  return type && !type.isSigned() ? 128 : 0;
}

FailureOr<numerics::QuantParams> TosaWriter::getCodes(Operation *op,
                                                      Value value) {
  auto type =
      dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(value));
  if (!type || type.getStorageTypeIntegralWidth() > 8)
    return unsupported(op) << "expected codes of 8 bits with one scale, got "
                           << getElementTypeOrSelf(value);
  numerics::QuantParams params = getParams(type);
  int64_t offset = offsetOf(value);
  params.zeroPoint -= offset;
  params.grid.qmin -= offset;
  params.grid.qmax -= offset;
  return params;
}

Value TosaWriter::get(Value value) {
  if (Value known = values.lookupOrNull(value))
    return known;
  // Constants are made where they are first read.
  auto constant = value.getDefiningOp<tosa::ConstOp>();
  if (!constant || !isQuantized(value.getType())) {
    Operation *op = value.getDefiningOp();
    values.map(value, builder.clone(*op)->getResult(0));
    return values.lookup(value);
  }
  // convertOp has read it once.
  FailureOr<std::vector<int64_t>> codes = getIntegerConstant(value);
  std::vector<int8_t> moved;
  for (int64_t code : *codes)
    moved.push_back(static_cast<int8_t>(code - offsetOf(value)));
  Value result = i8s(typeOf(value).getShape(), moved, "_codes");
  values.map(value, result);
  return result;
}

LogicalResult TosaWriter::define(Operation *op, Value value) {
  Operation *made = value.getDefiningOp();
  if (!getTensorName(op->getResult(0)).empty()) {
    copyTensorName(op, made);
    if (std::optional<numerics::QuantParams> params =
            getCodeParams(op->getResult(0))) {
      params->zeroPoint -= offsetOf(op->getResult(0));
      setCodeParams(made, *params);
    }
  }
  values.map(op->getResult(0), value);
  return success();
}

Value TosaWriter::constant(ArrayRef<int64_t> shape, Type element,
                           ArrayRef<char> bytes, StringRef suffix) {
  auto type = RankedTensorType::get(shape, element);
  ElementsAttr elements = createElements(
      type, bytes.vec(), element.getIntOrFloatBitWidth() / 8,
      suffix.empty() ? "" : getContentKey(name + suffix.str(), bytes));
  Value &known = constants[elements];
  if (!known)
    known = tosa::ConstOp::create(builder, loc, type, elements);
  return known;
}

template <typename T> static ArrayRef<char> bytesOf(ArrayRef<T> values) {
  return {reinterpret_cast<const char *>(values.data()),
          values.size() * sizeof(T)};
}

Value TosaWriter::i8s(ArrayRef<int64_t> shape, ArrayRef<int8_t> values,
                      StringRef suffix) {
  return constant(shape, builder.getI8Type(), bytesOf(values), suffix);
}
Value TosaWriter::i32s(ArrayRef<int64_t> shape, ArrayRef<int32_t> values,
                       StringRef suffix) {
  return constant(shape, builder.getI32Type(), bytesOf(values), suffix);
}
Value TosaWriter::f32s(ArrayRef<int64_t> shape, ArrayRef<float> values,
                       StringRef suffix) {
  return constant(shape, builder.getF32Type(), bytesOf(values), suffix);
}

Value TosaWriter::shape(ArrayRef<int64_t> sizes) {
  SmallVector<int64_t> values;
  for (int64_t size : sizes)
    values.push_back(ShapedType::isDynamic(size) ? -1 : size);
  auto count = static_cast<int64_t>(values.size());
  return tosa::ConstShapeOp::create(
      builder, loc, tosa::shapeType::get(builder.getContext(), count),
      DenseIntElementsAttr::get(
          RankedTensorType::get({count}, builder.getIndexType()), values));
}

Value TosaWriter::reshape(Value value, ArrayRef<int64_t> sizes) {
  return tosa::ReshapeOp::create(builder, loc, typeOf(value).clone(sizes),
                                 value, shape(sizes));
}

Value TosaWriter::slice(Value value, ArrayRef<int64_t> start,
                        ArrayRef<int64_t> sizes) {
  return tosa::SliceOp::create(builder, loc, typeOf(value).clone(sizes), value,
                               shape(start), shape(sizes));
}

InFlightDiagnostic TosaWriter::unsupported(Operation *op) {
  return op->emitError() << "'" << op->getName() << "' of "
                         << describeTensor(op->getResult(0))
                         << " has no form in TOSA: ";
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

LogicalResult TosaWriter::convertTosa(Operation *op) {
  bool isInteger = llvm::any_of(op->getResultTypes(), isQuantized);
  if (isInteger &&
      !isa<tosa::ConcatOp, tosa::PadOp, tosa::ReshapeOp, tosa::ReverseOp,
           tosa::SliceOp, tosa::TileOp, tosa::TransposeOp, tosa::IdentityOp,
           tosa::MaxPool2dOp, tosa::ClampOp, tosa::ResizeOp>(op))
    return unsupported(op) << "it does not compute on codes";
  if (auto resize = dyn_cast<tosa::ResizeOp>(op);
      resize && isInteger &&
      resize.getMode() != tosa::ResizeMode::NEAREST_NEIGHBOR)
    return unsupported(op) << "it is bilinear on codes";
  for (Value result : op->getResults())
    if (isQuantized(result.getType()) && failed(getCodes(op, result)))
      return failure();
  for (Value operand : op->getOperands())
    values.map(operand, get(operand));
  Operation *moved = builder.clone(*op, values);
  if (!isInteger)
    return success();
  int64_t offset = offsetOf(op->getResult(0));
  if (auto clamp = dyn_cast<tosa::ClampOp>(moved)) {
    auto bound = [&](Attribute attr) {
      APInt value = cast<IntegerAttr>(attr).getValue();
      int64_t code = offset ? static_cast<int64_t>(value.getZExtValue())
                            : value.getSExtValue();
      return builder.getI8IntegerAttr(static_cast<int8_t>(code - offset));
    };
    clamp.setMinValAttr(bound(clamp.getMinVal()));
    clamp.setMaxValAttr(bound(clamp.getMaxVal()));
  }
  moved->getResult(0).setType(
      typeOf(op->getResult(0)).clone(builder.getI8Type()));
  return define(op, moved->getResult(0));
}

LogicalResult TosaWriter::convertOp(Operation *op) {
  for (Value operand : op->getOperands())
    if (operand.getDefiningOp<tosa::ConstOp>() &&
        isQuantized(operand.getType()) && failed(getIntegerConstant(operand)))
      return unsupported(op) << "one of its constants has no data";
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<Conv2DOp, TransposeConv2DOp, FullyConnectedOp, MatMulOp, MeanOp,
            PReluOp>([&](auto dot) -> LogicalResult {
        if (dot.isFloat())
          return unsupported(op) << "it is computed in float";
        return convert(dot);
      })
      .Case<hwq::AddOp, hwq::SubOp, hwq::MulOp, RequantizeOp, LookupOp,
            AvgPool2DOp, ResizeBilinearOp, QuantizeOp, DequantizeOp>(
          [&](auto typed) { return convert(typed); })
      .Default([&](Operation *) -> LogicalResult {
        if (isa_and_present<tosa::TosaDialect>(op->getDialect()))
          return convertTosa(op);
        return unsupported(op)
               << (llvm::any_of(op->getOperandTypes(), isQuantized)
                       ? "TOSA does not compute it on codes"
                       : "it is computed in float");
      });
}

/// Inputs and results that are codes become i8, too; scale and zero point
/// beside their names.
void TosaWriter::convertSignature() {
  auto describe = [&](Type type, auto set) {
    auto element =
        dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(type));
    if (!element)
      return;
    int64_t zeroPoint = element.getZeroPoint() - (element.isSigned() ? 0 : 128);
    set(kScaleAttr, builder.getF64FloatAttr(element.getScale()));
    set(kZeroPointAttr, builder.getI64IntegerAttr(zeroPoint));
  };
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
    describe(type, [&, i = i](StringRef key, Attribute value) {
      function.setArgAttr(i, key, value);
    });
  for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
    describe(type, [&, i = i](StringRef key, Attribute value) {
      function.setResultAttr(i, key, value);
    });
}

LogicalResult TosaWriter::run() {
  if (!llvm::hasSingleElement(function.getBody()))
    return function.emitError("expected a function of one block");
  Block &block = function.front();
  for (BlockArgument argument : block.getArguments())
    if (isQuantized(argument.getType()) &&
        (!isa<quant::UniformQuantizedType>(getElementTypeOrSelf(argument)) ||
         cast<quant::QuantizedType>(getElementTypeOrSelf(argument))
                 .getStorageTypeIntegralWidth() > 8))
      return function.emitError()
             << "input " << argument.getArgNumber()
             << " has no form in TOSA: expected codes of 8 bits with one "
                "scale, got "
             << argument.getType();
  convertSignature();
  SmallVector<Operation *> old;
  for (Operation &op : block)
    old.push_back(&op);
  // What reads an argument knows the grid by the old type: a copy has the new.
  for (unsigned i = 0, e = block.getNumArguments(); i < e; ++i) {
    BlockArgument argument = block.getArgument(i);
    Type type = argument.getType();
    if (isQuantized(type))
      type = cast<RankedTensorType>(type).clone(builder.getI8Type());
    values.map(argument, block.addArgument(type, argument.getLoc()));
  }
  builder.setInsertionPoint(block.getTerminator());
  for (Operation *op : old) {
    if (isa<tosa::ConstOp, tosa::ConstShapeOp>(op))
      continue;
    loc = op->getLoc();
    if (op->hasTrait<OpTrait::IsTerminator>()) {
      for (OpOperand &operand : op->getOpOperands())
        operand.set(get(operand.get()));
      old.pop_back();
      break;
    }
    name = op->getNumResults() ? getTensorName(op->getResult(0)).str() : "";
    if (name.empty())
      name = "constant";
    if (failed(convertOp(op)))
      return failure();
  }
  for (Operation *op : llvm::reverse(old))
    op->erase();
  block.eraseArguments(0, block.getNumArguments() / 2);
  function.setFunctionType(
      FunctionType::get(function.getContext(), block.getArgumentTypes(),
                        block.getTerminator()->getOperandTypes()));
  return success();
}

namespace {
struct ConvertQuantHWToTosa
    : hwq::impl::ConvertQuantHWToTosaPassBase<ConvertQuantHWToTosa> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Step4, getArgument())))
      return signalPassFailure();
    for (auto function : module.getOps<func::FuncOp>())
      if (!function.isExternal() && failed(TosaWriter(function).run()))
        return signalPassFailure();
    setForm(module, Form::Target);
  }
};
} // namespace
