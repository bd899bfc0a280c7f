//===- TfliteFloats.cpp - Float operators in TFLite -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TfliteWriter.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "llvm/ADT/TypeSwitch.h"
#include <limits>

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::tflite;

std::optional<LogicalResult> Writer::convertFloat(Operation *op) {
  using Written = std::optional<LogicalResult>;
  auto unary = [&](BuiltinOperator code) -> Written {
    return emit(op, code, 1, op->getOperand(0));
  };
  // A product has a shift for integers as its third operand.
  auto binary = [&](BuiltinOperator code, auto... options) -> Written {
    return emit(op, code, 1, op->getOperands().take_front(2), options...);
  };
  return TypeSwitch<Operation *, Written>(op)
      .Case<tosa::ClampOp, tosa::ReciprocalOp, tosa::CastOp, tosa::GatherOp,
            UnaryOp>([&](auto typed) { return convert(typed); })
      .Case([&](tosa::AddOp) {
        return binary(BuiltinOperator::ADD, AddOptionsT());
      })
      .Case([&](tosa::SubOp) {
        return binary(BuiltinOperator::SUB, SubOptionsT());
      })
      .Case([&](tosa::MulOp) {
        return binary(BuiltinOperator::MUL, MulOptionsT());
      })
      .Case([&](tosa::MaximumOp) { return binary(BuiltinOperator::MAXIMUM); })
      .Case([&](tosa::MinimumOp) { return binary(BuiltinOperator::MINIMUM); })
      .Case([&](tosa::PowOp) { return binary(BuiltinOperator::POW); })
      .Case([&](tosa::SigmoidOp) { return unary(BuiltinOperator::LOGISTIC); })
      .Case([&](tosa::TanhOp) { return unary(BuiltinOperator::TANH); })
      .Case([&](tosa::ExpOp) { return unary(BuiltinOperator::EXP); })
      .Case([&](tosa::LogOp) { return unary(BuiltinOperator::LOG); })
      .Case([&](tosa::RsqrtOp) { return unary(BuiltinOperator::RSQRT); })
      .Case([&](tosa::SinOp) { return unary(BuiltinOperator::SIN); })
      .Case([&](tosa::CosOp) { return unary(BuiltinOperator::COS); })
      .Case([&](tosa::NegateOp) { return unary(BuiltinOperator::NEG); })
      .Case([&](tosa::AbsOp) { return unary(BuiltinOperator::ABS); })
      .Case([&](tosa::FloorOp) { return unary(BuiltinOperator::FLOOR); })
      .Case([&](tosa::CeilOp) { return unary(BuiltinOperator::CEIL); })
      .Case([&](tosa::ReduceSumOp sum) {
        return convertReduction(op, BuiltinOperator::SUM, sum.getAxis());
      })
      .Case([&](tosa::ReduceMaxOp max) {
        return convertReduction(op, BuiltinOperator::REDUCE_MAX, max.getAxis());
      })
      .Case([&](tosa::ReduceMinOp min) {
        return convertReduction(op, BuiltinOperator::REDUCE_MIN, min.getAxis());
      })
      .Default([](Operation *) -> Written { return std::nullopt; });
}

LogicalResult Writer::convert(tosa::ClampOp op) {
  auto min = dyn_cast<FloatAttr>(op.getMinVal()),
       max = dyn_cast<FloatAttr>(op.getMaxVal());
  if (!min || !max)
    return unsupported(op, "clamp without bounds in f32");
  float lo = min.getValue().convertToFloat(),
        hi = max.getValue().convertToFloat();
  constexpr float kLargest = std::numeric_limits<float>::max();
  if (lo == 0 && hi >= kLargest)
    return emit(op, BuiltinOperator::RELU, 1, op.getInput());
  if (lo == 0 && hi == 6)
    return emit(op, BuiltinOperator::RELU6, 1, op.getInput());
  if (lo == -1 && hi == 1)
    return emit(op, BuiltinOperator::RELU_N1_TO_1, 1, op.getInput());
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  if (lo > -kLargest && hi < kLargest) {
    setSampleSize(op.getOutput());
    int32_t raised =
        model.addTensor(helperName(op, "_raised"), getFileShape(op.getOutput()),
                        tflite::TensorType::FLOAT32);
    model.addOp(BuiltinOperator::MAXIMUM, 1,
                {*input, addScalar(op, "_min", op.getInput(), lo)}, raised);
    input = raised;
    lo = -kLargest;
  }
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  bool isMaximum = lo > -kLargest;
  int32_t bound = isMaximum ? addScalar(op, "_min", op.getInput(), lo)
                            : addScalar(op, "_max", op.getInput(), hi);
  model.addOp(isMaximum ? BuiltinOperator::MAXIMUM : BuiltinOperator::MINIMUM,
              1, {*input, bound}, *result);
  return success();
}

LogicalResult Writer::convert(tosa::ReciprocalOp op) {
  FailureOr<int32_t> input = getOperand(op, op.getInput1());
  if (failed(input))
    return failure();
  int32_t one = addScalar(op, "_one", op.getInput1(), 1);
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::DIV, 1, {one, *input}, *result, DivOptionsT());
  return success();
}

/// A cast of TFLite truncates, TOSA's rounds half to even.
LogicalResult Writer::convert(tosa::CastOp op) {
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  FailureOr<tflite::TensorType> from = getType(op, op.getInput()),
                                to = getType(op, op.getOutput());
  if (failed(input) || failed(from) || failed(to))
    return failure();
  if (*from == tflite::TensorType::FLOAT32 && *to != *from) {
    int32_t rounded = model.addTensor(helperName(op, "_rounded"),
                                      getFileShape(op.getInput()), *from);
    model.addOp(BuiltinOperator::ROUND, 1, {*input}, rounded);
    input = rounded;
  }
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::CAST, 1, {*input}, *result);
  return success();
}

/// Rows of a constant table: [1, rows, columns] and indices [1, n].
LogicalResult Writer::convert(tosa::GatherOp op) {
  FailureOr<std::vector<float>> table = getFloatConstant(op.getValues());
  ArrayRef<int64_t> shape = getShape(op.getValues());
  if (failed(table) || shape[0] != 1)
    return unsupported(op, "gather from another table than one constant one");
  FailureOr<int32_t> indices = getOperand(op, op.getIndices());
  if (failed(indices))
    return failure();
  constantBytes += table->size() * sizeof(float);
  int32_t rows = model.addConstant(helperName(op, "_table"), shape.drop_front(),
                                   tflite::TensorType::FLOAT32, table->data(),
                                   table->size() * sizeof(float));
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::GATHER, 1, {rows, *indices}, *result,
              GatherOptionsT());
  return success();
}

LogicalResult Writer::convert(UnaryOp op) {
  switch (op.getKind()) {
  case UnaryKind::HardSwish:
    return emit(op, BuiltinOperator::HARD_SWISH, 1, op.getInput());
  case UnaryKind::LeakyRelu: {
    LeakyReluOptionsT options;
    options.alpha = op.getAlpha()->convertToFloat();
    return emit(op, BuiltinOperator::LEAKY_RELU, 1, op.getInput(), options);
  }
  default:
    break;
  }
  return unsupported(op, "'" + op->getName().getStringRef() + "'");
}

LogicalResult Writer::convertReduction(Operation *op, BuiltinOperator code,
                                       int64_t axis) {
  FailureOr<int32_t> input = getOperand(op, op->getOperand(0));
  if (failed(input))
    return failure();
  int32_t axes = model.addIndices(helperName(op, "_axis"), {axis});
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  ReducerOptionsT options;
  options.keep_dims = true;
  model.addOp(code, 1, {*input, axes}, *result, options);
  return success();
}
