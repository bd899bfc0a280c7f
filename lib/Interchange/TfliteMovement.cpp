//===- TfliteMovement.cpp - Movement in TFLite ------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TfliteWriter.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::tflite;

LogicalResult Writer::convert(tosa::ConcatOp op) {
  if (failed(sameParams(op)))
    return failure();
  std::vector<int32_t> inputs;
  for (Value operand : op.getInput1()) {
    FailureOr<int32_t> input = getOperand(op, operand);
    if (failed(input))
      return failure();
    inputs.push_back(*input);
  }
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  ConcatenationOptionsT options;
  options.axis = op.getAxis();
  model.addOp(BuiltinOperator::CONCATENATION, 2, std::move(inputs), *result,
              options);
  return success();
}

LogicalResult Writer::convert(tosa::TransposeOp op) {
  FailureOr<int32_t> input = getOperand(op, op.getInput1());
  if (failed(input) || failed(sameParams(op)))
    return failure();
  SmallVector<int64_t> perms(op.getPerms());
  int32_t permutation = model.addIndices(helperName(op, "_perms"), perms);
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::TRANSPOSE, perms.size() > 4 ? 4 : 2,
              {*input, permutation}, *result);
  return success();
}

LogicalResult Writer::convert(tosa::ReshapeOp op) {
  FailureOr<SmallVector<int64_t>> shape = getShapeConstant(op, op.getShape());
  FailureOr<int32_t> input = getOperand(op, op.getInput1());
  if (failed(shape) || failed(input) || failed(sameParams(op)))
    return failure();
  int32_t sizes = model.addIndices(helperName(op, "_shape"), *shape);
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  ReshapeOptionsT options;
  options.new_shape.assign(shape->begin(), shape->end());
  model.addOp(BuiltinOperator::RESHAPE, 1, {*input, sizes}, *result,
              std::move(options));
  return success();
}

LogicalResult Writer::convert(tosa::PadOp op) {
  FailureOr<SmallVector<int64_t>> padding =
      getShapeConstant(op, op.getPadding());
  if (failed(padding) || failed(sameParams(op)))
    return failure();
  double value = 0, zero = 0;
  if (getElementTypeOrSelf(op.getOutput().getType()).isF32()) {
    FailureOr<std::vector<float>> values = getFloatConstant(op.getPadConst());
    if (failed(values) || values->size() != 1)
      return op->emitError() << "expected one constant value of padding for "
                             << describeTensor(op.getOutput());
    value = values->front();
  } else {
    FailureOr<int64_t> code = getScalarCode(op, op.getPadConst());
    if (failed(code))
      return failure();
    value = static_cast<double>(*code);
    zero = static_cast<double>(getFileParams(op.getOutput()).zeroPoint);
  }
  FailureOr<int32_t> input = getOperand(op, op.getInput1());
  FailureOr<TensorParams> params = getParams(op, op.getOutput());
  if (failed(input) || failed(params))
    return failure();
  setSampleSize(op.getOutput());
  tensors[op.getOutput()] =
      addPad(names.get(op.getOutput(), "pad"), *input,
             getFileShape(op.getOutput()), *padding, *params,
             value == zero ? std::nullopt : std::optional<double>(value));
  return success();
}

LogicalResult Writer::convert(tosa::SliceOp op) {
  FailureOr<SmallVector<int64_t>> start = getShapeConstant(op, op.getStart()),
                                  size = getShapeConstant(op, op.getSize());
  FailureOr<int32_t> input = getOperand(op, op.getInput1());
  if (failed(start) || failed(size) || failed(input) || failed(sameParams(op)))
    return failure();
  // -1: all that is left.
  for (auto [i, s] : llvm::enumerate(getShape(op.getOutput())))
    if (ShapedType::isDynamic(s))
      (*size)[i] = -1;
  int32_t begin = model.addIndices(helperName(op, "_begin"), *start),
          count = model.addIndices(helperName(op, "_size"), *size);
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::SLICE, size->size() > 4 ? 5 : 2,
              {*input, begin, count}, *result);
  return success();
}

LogicalResult Writer::convert(tosa::TileOp op) {
  FailureOr<SmallVector<int64_t>> multiples =
      getShapeConstant(op, op.getMultiples());
  FailureOr<int32_t> input = getOperand(op, op.getInput1());
  if (failed(multiples) || failed(input) || failed(sameParams(op)))
    return failure();
  int32_t counts = model.addIndices(helperName(op, "_multiples"), *multiples);
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  // Codes are version 3; LiteRT's reference kernels are registered up to 2, and
  // no kernel asks.
  model.addOp(BuiltinOperator::TILE, 1, {*input, counts}, *result);
  return success();
}

LogicalResult Writer::convert(tosa::ReverseOp op) {
  FailureOr<int32_t> input = getOperand(op, op.getInput1());
  if (failed(input) || failed(sameParams(op)))
    return failure();
  int32_t axis = model.addIndices(helperName(op, "_axis"), {op.getAxis()});
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::REVERSE_V2, hasCodes(op.getOutput()) ? 3 : 1,
              {*input, axis}, *result);
  return success();
}
