//===- OnnxFloats.cpp - Float ops in ONNX -----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnnxWriter.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::onnx_export;

std::optional<LogicalResult> Writer::emitFloat(Operation *op) {
  using Written = std::optional<LogicalResult>;
  return TypeSwitch<Operation *, Written>(op)
      .Case([&](Conv2DOp) { return emitConv(op, false); })
      .Case([&](TransposeConv2DOp) { return emitConv(op, true); })
      .Case([&](FullyConnectedOp fc) { return emitFullyConnected(fc); })
      .Case([&](MatMulOp product) { return emitFloatMatMul(product); })
      .Case([&](tosa::AvgPool2dOp pool) { return emitAvgPool(pool); })
      .Case([&](PReluOp prelu) { return emitPRelu(prelu); })
      .Case([&](UnaryOp unary) { return emitUnary(unary); })
      .Case([&](tosa::CastOp cast) { return emitCast(cast); })
      .Case([&](tosa::GatherOp gather) { return emitGather(gather); })
      .Case([&](tosa::AddOp) { return emitFloatBinary("Add", op); })
      .Case([&](tosa::SubOp) { return emitFloatBinary("Sub", op); })
      .Case([&](tosa::MulOp) { return emitFloatBinary("Mul", op); })
      .Case([&](tosa::MaximumOp) { return emitFloatBinary("Max", op); })
      .Case([&](tosa::MinimumOp) { return emitFloatBinary("Min", op); })
      .Case([&](tosa::PowOp) { return emitFloatBinary("Pow", op); })
      .Case([&](tosa::SigmoidOp) { return emitUnary(op, {"Sigmoid"}); })
      .Case([&](tosa::TanhOp) { return emitUnary(op, {"Tanh"}); })
      .Case([&](tosa::ErfOp) { return emitUnary(op, {"Erf"}); })
      .Case([&](tosa::ExpOp) { return emitUnary(op, {"Exp"}); })
      .Case([&](tosa::LogOp) { return emitUnary(op, {"Log"}); })
      .Case([&](tosa::SinOp) { return emitUnary(op, {"Sin"}); })
      .Case([&](tosa::CosOp) { return emitUnary(op, {"Cos"}); })
      .Case([&](tosa::NegateOp) { return emitUnary(op, {"Neg"}); })
      .Case([&](tosa::AbsOp) { return emitUnary(op, {"Abs"}); })
      .Case([&](tosa::FloorOp) { return emitUnary(op, {"Floor"}); })
      .Case([&](tosa::CeilOp) { return emitUnary(op, {"Ceil"}); })
      .Case([&](tosa::ReciprocalOp) { return emitUnary(op, {"Reciprocal"}); })
      .Case(
          [&](tosa::RsqrtOp) { return emitUnary(op, {"Sqrt", "Reciprocal"}); })
      .Case([&](MeanOp mean) {
        return emitReduce("ReduceMean", op, mean.getAxes());
      })
      .Case([&](tosa::ReduceSumOp r) {
        return emitReduce("ReduceSum", op, r.getAxis());
      })
      .Case([&](tosa::ReduceMaxOp r) {
        return emitReduce("ReduceMax", op, r.getAxis());
      })
      .Case([&](tosa::ReduceMinOp r) {
        return emitReduce("ReduceMin", op, r.getAxis());
      })
      .Default([](Operation *) -> Written { return std::nullopt; });
}

/// Dequantized codes. ONNX Runtime looks through movement.
static bool isDequantized(Value value) {
  while (isa_and_present<tosa::TransposeOp, tosa::ReshapeOp, tosa::SliceOp,
                         tosa::PadOp, tosa::MaxPool2dOp>(value.getDefiningOp()))
    value = value.getDefiningOp()->getOperand(0);
  return isa_and_present<DequantizeOp>(value.getDefiningOp());
}

std::string Writer::keepFloat(Value input, const std::string &tensor) {
  if (!isDequantized(input))
    return tensor;
  std::string kept = helperName(input, "_float");
  model.addNode("Max", {tensor}, kept);
  return kept;
}

LogicalResult Writer::emitAvgPool(tosa::AvgPool2dOp op) {
  FailureOr<std::string> input = get(op, op.getInput(), true);
  if (failed(input))
    return failure();
  *input = keepFloat(op.getInput(), *input);
  std::string name = define(op.getOutput(), true);
  if (isGlobal(op.getInput(), op.getKernel(), op.getPad())) {
    model.addNode("GlobalAveragePool", {*input}, name);
    return success();
  }
  Node node = model.addNode("AveragePool", {*input}, name);
  setPoolAttributes(node, op.getKernel(), op.getStride(), op.getPad());
  return success();
}

LogicalResult Writer::emitFloatBinary(StringRef opType, Operation *op) {
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  bool channelsFirst = isChannelsFirst(lhs) || isChannelsFirst(rhs);
  FailureOr<std::string> a = get(op, lhs, channelsFirst),
                         b = get(op, rhs, channelsFirst);
  if (failed(a) || failed(b))
    return failure();
  // One operand that is no codes is enough.
  if (isDequantized(rhs))
    *a = keepFloat(lhs, *a);
  model.addNode(opType, {*a, *b}, define(op->getResult(0), channelsFirst));
  return success();
}

LogicalResult Writer::emitUnary(Operation *op,
                                std::initializer_list<StringRef> opTypes,
                                Attributes attributes) {
  bool channelsFirst = isChannelsFirst(op->getOperand(0));
  FailureOr<std::string> x = get(op, op->getOperand(0), channelsFirst);
  if (failed(x))
    return failure();
  for (StringRef opType : ArrayRef(opTypes).drop_back()) {
    std::string next = helperName(op->getResult(0), "_" + opType.lower());
    model.addNode(opType, {*x}, next);
    x = next;
  }
  Node node = model.addNode(ArrayRef(opTypes).back(), {*x},
                            define(op->getResult(0), channelsFirst));
  attributes(node);
  return success();
}

LogicalResult Writer::emitUnary(UnaryOp op) {
  switch (op.getKind()) {
  case UnaryKind::LeakyRelu:
    return emitUnary(op, {"LeakyRelu"}, [&](Node &node) {
      node.setFloat("alpha", op.getAlpha()->convertToFloat());
    });
  case UnaryKind::HardSwish: {
    // x * hard sigmoid; HardSwish itself came with opset 14.
    bool channelsFirst = isChannelsFirst(op.getInput());
    FailureOr<std::string> x = get(op, op.getInput(), channelsFirst);
    if (failed(x))
      return failure();
    std::string gate = helperName(op.getOutput(), "_gate");
    model.addNode("HardSigmoid", {*x}, gate)
        .setFloat("alpha", 1.0f / 6)
        .setFloat("beta", 0.5f);
    model.addNode("Mul", {*x, gate}, define(op.getOutput(), channelsFirst));
    return success();
  }
  case UnaryKind::Identity:
    return emitUnary(op, {"Identity"}, [](Node &) {});
  case UnaryKind::Table:
    break;
  }
  return unsupported(op, "'" + op->getName().getStringRef() + "'");
}

LogicalResult Writer::emitPRelu(PReluOp op) {
  bool channelsFirst = isChannelsFirst(op.getInput());
  FailureOr<std::string> x = get(op, op.getInput(), channelsFirst);
  FailureOr<std::vector<float>> slopes = getFloatConstant(op.getSlope());
  if (failed(x))
    return failure();
  if (failed(slopes))
    return op.emitError() << "expected slopes that are a constant with data";
  // Broadcast from the last axis.
  SmallVector<int64_t> shape = {static_cast<int64_t>(slopes->size())};
  if (channelsFirst)
    shape.append({1, 1});
  std::string name = addArray(helperName(op.getOutput(), "_slopes"), shape,
                              std::move(*slopes));
  model.addNode("PRelu", {*x, name}, define(op.getOutput(), channelsFirst));
  return success();
}

LogicalResult Writer::emitFloatPad(tosa::PadOp op,
                                   std::vector<std::string> amounts) {
  FailureOr<std::vector<float>> value = getFloatConstant(op.getPadConst());
  bool channelsFirst = isChannelsFirst(op.getInput1());
  FailureOr<std::string> input = get(op, op.getInput1(), channelsFirst);
  if (failed(input))
    return failure();
  if (failed(value) || value->size() != 1)
    return op->emitError() << "expected one constant value of padding for "
                           << describeTensor(op.getOutput());
  amounts.insert(amounts.begin(), *input);
  amounts.push_back(addArray(helperName(op.getOutput(), "_value"), {}, *value));
  model.addNode("Pad", amounts, define(op.getOutput(), channelsFirst));
  return success();
}

LogicalResult Writer::emitReduce(StringRef opType, Operation *op,
                                 ArrayRef<int64_t> axes) {
  bool channelsFirst = isChannelsFirst(op->getOperand(0));
  FailureOr<std::string> input = get(op, op->getOperand(0), channelsFirst);
  if (failed(input))
    return failure();
  SmallVector<int64_t> stored;
  for (int64_t axis : axes)
    stored.push_back(toStoredAxis(axis, channelsFirst));
  std::vector<std::string> inputs = {*input};
  // An input of sums since opset 13, an attribute of the others until 18.
  bool isSum = opType == "ReduceSum";
  if (isSum)
    inputs.push_back(addShape(helperName(op->getResult(0), "_axes"), stored));
  Node node =
      model.addNode(opType, inputs, define(op->getResult(0), channelsFirst));
  node.set("keepdims", int64_t(1));
  if (!isSum)
    node.set("axes", stored);
  return success();
}

/// Rows of a constant table: [1, rows, columns] and indices [1, n].
LogicalResult Writer::emitGather(tosa::GatherOp op) {
  FailureOr<std::vector<float>> table = getFloatConstant(op.getValues());
  ArrayRef<int64_t> shape = getShape(op.getValues());
  if (failed(table) || shape[0] != 1)
    return unsupported(op, "gather from another table than one constant one");
  FailureOr<std::string> indices = get(op, op.getIndices(), false);
  if (failed(indices))
    return failure();
  std::string rows = addArray(helperName(op.getOutput(), "_table"),
                              shape.drop_front(), std::move(*table));
  model.addNode("Gather", {rows, *indices}, define(op.getOutput(), false));
  return success();
}

LogicalResult Writer::emitCast(tosa::CastOp op) {
  FailureOr<int32_t> type = getType(op, op.getOutput());
  if (failed(type))
    return failure();
  auto setType = [&](Node &node) {
    node.set("to", static_cast<int64_t>(*type));
  };
  // A cast of ONNX truncates, TOSA's rounds half to even.
  if (getElementTypeOrSelf(op.getInput()).isF32() &&
      !getElementTypeOrSelf(op.getOutput()).isF32())
    return emitUnary(op, {"Round", "Cast"}, setType);
  return emitUnary(op, {"Cast"}, setType);
}
