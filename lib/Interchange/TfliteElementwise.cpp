//===- TfliteElementwise.cpp - Elementwise integers in TFLite ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TfliteWriter.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Numerics/Lut.h"
#include "hwq/Numerics/PRelu.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::tflite;
using numerics::RequantizeKernel;

static constexpr numerics::AddVariant kAddVariants[] = {
    numerics::AddVariant::Tflite, numerics::AddVariant::TfliteRuy,
    numerics::AddVariant::TfliteXnnpack, numerics::AddVariant::Snpe};
static constexpr numerics::MulVariant kMulVariants[] = {
    numerics::MulVariant::Tflite, numerics::MulVariant::TfliteXnnpack,
    numerics::MulVariant::Snpe};
static constexpr numerics::MeanVariant kMeanVariants[] = {
    numerics::MeanVariant::Tflite, numerics::MeanVariant::TfliteXnnpack,
    numerics::MeanVariant::Snpe};
static constexpr numerics::ConcatVariant kRescaleVariants[] = {
    numerics::ConcatVariant::Tflite, numerics::ConcatVariant::TfliteXnnpack,
    numerics::ConcatVariant::Snpe};

LogicalResult Writer::convertSum(Operation *op, bool subtract) {
  if (failed(checkSum(op, kAddVariants)))
    return failure();
  auto requant = op->getAttrOfType<RequantAttr>("requant");
  FailureOr<ActivationFunctionType> activation =
      getActivation(op, requant.getLo(), requant.getHi());
  FailureOr<int32_t> lhs = getOperand(op, op->getOperand(0)),
                     rhs = getOperand(op, op->getOperand(1));
  if (failed(activation) || failed(lhs) || failed(rhs))
    return failure();
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  if (subtract) {
    SubOptionsT options;
    options.fused_activation_function = *activation;
    model.addOp(BuiltinOperator::SUB, 2, {*lhs, *rhs}, *result, options);
    return success();
  }
  AddOptionsT options;
  options.fused_activation_function = *activation;
  model.addOp(BuiltinOperator::ADD, 2, {*lhs, *rhs}, *result, options);
  return success();
}

LogicalResult Writer::convert(hwq::MulOp op) {
  if (failed(checkMul(op, kMulVariants)))
    return failure();
  FailureOr<ActivationFunctionType> activation =
      getActivation(op, op.getRequant().getLo(), op.getRequant().getHi());
  FailureOr<int32_t> lhs = getOperand(op, op.getLhs()),
                     rhs = getOperand(op, op.getRhs());
  if (failed(activation) || failed(lhs) || failed(rhs))
    return failure();
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  MulOptionsT options;
  options.fused_activation_function = *activation;
  // Version 3 is for scales of 1 and more.
  double scale = op.getRequant().getScales()[0];
  model.addOp(BuiltinOperator::MUL, scale < 1 ? 2 : 3, {*lhs, *rhs}, *result,
              options);
  return success();
}

LogicalResult Writer::convert(RequantizeOp op) {
  if (failed(checkRescale(op, kRescaleVariants)))
    return failure();
  FailureOr<ActivationFunctionType> activation =
      getActivation(op, op.getRequant().getLo(), op.getRequant().getHi());
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(activation) || failed(input))
    return failure();
  if (*activation != ActivationFunctionType::NONE)
    return unsupported(op, "requantization with an activation function");
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::QUANTIZE, 1, {*input}, *result);
  return success();
}

/// The op whose table this is, as LiteRT computes it.
LogicalResult Writer::convert(LookupOp op) {
  numerics::QuantParams in = getFileParams(op.getInput()),
                        out = getFileParams(op.getOutput());
  if (op.getChannelAxis())
    return unsupported(op, "op with a table per channel");
  auto isTable = [&](const numerics::Result<std::vector<int32_t>> &table) {
    return table && llvm::equal(*table, op.getTable());
  };
  std::optional<std::pair<BuiltinOperator, int32_t>> code;
  bool of256 = out.scale == 1.0 / 256 && out.zeroPoint == -128,
       of128 = out.scale == 1.0 / 128 && out.zeroPoint == 0;
  if (of256 &&
      isTable(numerics::tfliteLookupTable(numerics::logistic, in, out)))
    code = {BuiltinOperator::LOGISTIC, 2};
  else if (of128 && isTable(numerics::tfliteLookupTable(
                        [](double x) { return std::tanh(x); }, in, out)))
    code = {BuiltinOperator::TANH, 2};
  if (auto params = numerics::deriveHardSwish(in, out); !code && params) {
    std::vector<int32_t> table;
    for (int64_t q = in.grid.qmin; q <= in.grid.qmax; ++q)
      table.push_back(numerics::hardSwish(*params, static_cast<int32_t>(q)));
    if (isTable(table))
      code = {BuiltinOperator::HARD_SWISH, 1};
  }
  // The slope can't be told from the codes.
  auto alpha = op->getAttrOfType<FloatAttr>(kAlphaAttr);
  bool isLeaky = false;
  if (alpha && !code)
    for (numerics::LookupVariant variant :
         {numerics::LookupVariant::Tflite,
          numerics::LookupVariant::TfliteXnnpack})
      isLeaky |= isTable(
          numerics::leakyReluTable(variant, RequantizeKernel::R1,
                                   alpha.getValue().convertToFloat(), in, out));
  if (!code && !isLeaky)
    return unsupported(op, "op with this table: expected that of a logistic of "
                           "scale 1/256, a tanh of scale 1/128, a hard swish "
                           "or a leaky relu");
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  if (isLeaky) {
    LeakyReluOptionsT options;
    options.alpha = alpha.getValue().convertToFloat();
    model.addOp(BuiltinOperator::LEAKY_RELU, 2, {*input}, *result, options);
    return success();
  }
  model.addOp(code->first, code->second, {*input}, *result);
  return success();
}

LogicalResult Writer::convert(QuantizeOp op) {
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::QUANTIZE, 1, {*input}, *result);
  return success();
}

LogicalResult Writer::convert(DequantizeOp op) {
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::DEQUANTIZE, 2, {*input}, *result);
  return success();
}

LogicalResult Writer::convert(PReluOp op) {
  if (op.isFloat())
    return unsupported(op, "leaky relu of floats here");
  if (failed(checkPRelu(op, RequantizeKernel::R1)) ||
      failed(checkShape(op, op.getInput())))
    return failure();
  FailureOr<std::vector<int64_t>> codes = getIntegerConstant(op.getSlope());
  numerics::QuantParams slope = getFileParams(op.getSlope());
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  if (failed(codes))
    return op.emitError() << "expected slopes that are a constant with data";
  FailureOr<ActivationFunctionType> activation =
      getActivation(op, op.getPositive()->getLo(), op.getPositive()->getHi());
  if (failed(activation))
    return failure();
  if (*activation != ActivationFunctionType::NONE)
    return unsupported(op, "leaky relu with an activation function");
  // Broadcast to the operand, whose batch has no dimension here.
  SmallVector<int64_t> shape(getShape(op.getInput()).drop_front());
  std::fill(shape.begin(), shape.end(), 1);
  if (shape.empty())
    return unsupported(op, "leaky relu without a batch");
  shape.back() = static_cast<int64_t>(codes->size());
  std::vector<int8_t> data(codes->begin(), codes->end());
  int32_t slopes = model.addConstant(
      helperName(op, "_slopes"), shape, tflite::TensorType::INT8, data.data(),
      data.size(), {{static_cast<float>(slope.scale)}, {slope.zeroPoint}, 0});
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::PRELU, 1, {*input, slopes}, *result);
  return success();
}

LogicalResult Writer::convert(MeanOp op) {
  if (op.isFloat())
    return unsupported(op, "mean of floats here");
  if (failed(checkMean(op, kMeanVariants)))
    return failure();
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  FailureOr<ActivationFunctionType> activation =
      getActivation(op, op.getRequant()->getLo(), op.getRequant()->getHi());
  if (failed(input) || failed(activation))
    return failure();
  if (*activation != ActivationFunctionType::NONE)
    return unsupported(op, "mean with an activation function");
  int32_t axes = model.addIndices(helperName(op, "_axes"), op.getAxes());
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  ReducerOptionsT options;
  options.keep_dims = true;
  model.addOp(BuiltinOperator::MEAN, 2, {*input, axes}, *result, options);
  return success();
}

LogicalResult Writer::convert(SoftmaxOp op) {
  if (auto type = dyn_cast<quant::UniformQuantizedType>(
          getElementTypeOrSelf(op.getOutput().getType())))
    if (type.getScale() != 0x1p-8 || type.getZeroPoint() != -128)
      return unsupported(op, "softmax of another scale than 1/256 and another "
                             "zero point than -128");
  if (int64_t(op.getAxis()) + 1 != op.getInput().getType().getRank())
    return unsupported(op, "softmax along another axis than the last");
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  SoftmaxOptionsT options;
  options.beta = 1;
  model.addOp(BuiltinOperator::SOFTMAX,
              getElementTypeOrSelf(op.getInput().getType()).isF32() ? 1 : 2,
              {*input}, *result, options);
  return success();
}
