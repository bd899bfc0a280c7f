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
  FailureOr<int32_t> lhs = getOperand(op, op->getOperand(0)),
                     rhs = getOperand(op, op->getOperand(1));
  if (failed(lhs) || failed(rhs))
    return failure();
  FailureOr<Output> output =
      addOutput(op, requant.getLo(), requant.getHi(), /*fuses=*/true);
  if (failed(output))
    return failure();
  if (subtract) {
    SubOptionsT options;
    options.fused_activation_function = output->activation;
    model.addOp(BuiltinOperator::SUB, 2, {*lhs, *rhs}, output->tensor, options);
    return success();
  }
  AddOptionsT options;
  options.fused_activation_function = output->activation;
  model.addOp(BuiltinOperator::ADD, 2, {*lhs, *rhs}, output->tensor, options);
  return success();
}

LogicalResult Writer::convert(hwq::MulOp op) {
  if (failed(checkMul(op, kMulVariants)))
    return failure();
  FailureOr<int32_t> lhs = getOperand(op, op.getLhs()),
                     rhs = getOperand(op, op.getRhs());
  if (failed(lhs) || failed(rhs))
    return failure();
  FailureOr<Output> output =
      addOutput(op, op.getRequant().getLo(), op.getRequant().getHi(),
                /*fuses=*/true);
  if (failed(output))
    return failure();
  MulOptionsT options;
  options.fused_activation_function = output->activation;
  // Version 3 is for scales of 1 and more.
  double scale = op.getRequant().getScales()[0];
  model.addOp(BuiltinOperator::MUL, scale < 1 ? 2 : 3, {*lhs, *rhs},
              output->tensor, options);
  return success();
}

LogicalResult Writer::convert(RequantizeOp op) {
  if (failed(checkRescale(op, kRescaleVariants)))
    return failure();
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  FailureOr<Output> output =
      addOutput(op, op.getRequant().getLo(), op.getRequant().getHi(),
                /*fuses=*/false);
  if (failed(output))
    return failure();
  model.addOp(BuiltinOperator::QUANTIZE, 1, {*input}, output->tensor);
  return success();
}

/// The op whose table this is, as LiteRT computes it, else the table itself.
LogicalResult Writer::convert(LookupOp op) {
  numerics::QuantParams in = getFileParams(op.getInput()),
                        out = getFileParams(op.getOutput());
  if (op.getChannelAxis())
    return convertTable(op);
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
    return convertTable(op);
  if (isLeaky) {
    LeakyReluOptionsT options;
    options.alpha = alpha.getValue().convertToFloat();
    return emit(op, BuiltinOperator::LEAKY_RELU, 2, op.getInput(), options);
  }
  return emit(op, code->first, code->second, op.getInput());
}

/// Entry code + 128 of the table: integers as they are, in every engine.
LogicalResult Writer::convertTable(LookupOp op) {
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  FailureOr<TensorParams> params = getParams(op, op.getOutput());
  if (failed(input) || failed(params) || failed(checkShape(op, op.getInput())))
    return failure();
  SmallVector<int64_t> shape = getFileShape(op.getInput());
  ArrayRef<int32_t> table = op.getTable();
  SmallVector<int64_t> firstShape(shape.size(), 1), first;
  if (std::optional<int64_t> axis = op.getChannelAxis())
    firstShape[*axis] = static_cast<int64_t>(table.size() / 256);
  for (size_t i = 0; i < table.size(); i += 256)
    first.push_back(static_cast<int64_t>(i) + 128);
  int32_t codes = model.addTensor(helperName(op, "_codes"), shape,
                                  tflite::TensorType::INT32),
          offset =
              model.addIndices(helperName(op, "_first"), first, firstShape),
          index = model.addTensor(helperName(op, "_index"), shape,
                                  tflite::TensorType::INT32);
  model.addOp(BuiltinOperator::CAST, 1, {*input}, codes);
  model.addOp(BuiltinOperator::ADD, 1, {codes, offset}, index, AddOptionsT());
  std::vector<int8_t> entries(table.begin(), table.end());
  int32_t values = model.addConstant(
      helperName(op, "_table"), {int64_t(entries.size())},
      tflite::TensorType::INT8, entries.data(), entries.size(), *params);
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::GATHER, 2, {values, index}, *result,
              GatherOptionsT());
  return success();
}

LogicalResult Writer::convert(QuantizeOp op) {
  return emit(op, BuiltinOperator::QUANTIZE, 1, op.getInput());
}

LogicalResult Writer::convert(DequantizeOp op) {
  return emit(op, BuiltinOperator::DEQUANTIZE, 2, op.getInput());
}

LogicalResult Writer::convert(PReluOp op) {
  if (!op.isFloat() && failed(checkPRelu(op, RequantizeKernel::R1)))
    return failure();
  if (failed(checkShape(op, op.getInput())))
    return failure();
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  // Broadcast to the operand, whose batch has no dimension here.
  SmallVector<int64_t> shape(getShape(op.getInput()).drop_front());
  std::fill(shape.begin(), shape.end(), 1);
  if (shape.empty())
    return unsupported(op, "leaky relu without a batch");
  shape.back() = getShape(op.getSlope()).back();
  auto noConstant = [&]() -> LogicalResult {
    return op.emitError() << "expected slopes that are a constant with data";
  };
  int32_t slopes = 0;
  int64_t lo = 0, hi = 0;
  if (op.isFloat()) {
    FailureOr<std::vector<float>> values = getFloatConstant(op.getSlope());
    if (failed(values))
      return noConstant();
    slopes = model.addConstant(helperName(op, "_slopes"), shape,
                               tflite::TensorType::FLOAT32, values->data(),
                               values->size() * sizeof(float));
  } else {
    FailureOr<std::vector<int64_t>> codes = getIntegerConstant(op.getSlope());
    if (failed(codes))
      return noConstant();
    numerics::QuantParams slope = getFileParams(op.getSlope());
    std::vector<int8_t> data(codes->begin(), codes->end());
    slopes = model.addConstant(
        helperName(op, "_slopes"), shape, tflite::TensorType::INT8, data.data(),
        data.size(), {{static_cast<float>(slope.scale)}, {slope.zeroPoint}, 0});
    lo = op.getPositive()->getLo();
    hi = op.getPositive()->getHi();
  }
  FailureOr<Output> output = addOutput(op, lo, hi, /*fuses=*/false);
  if (failed(output))
    return failure();
  model.addOp(BuiltinOperator::PRELU, 1, {*input, slopes}, output->tensor);
  return success();
}

LogicalResult Writer::convert(MeanOp op) {
  int64_t lo = 0, hi = 0;
  if (!op.isFloat()) {
    if (failed(checkMean(op, kMeanVariants)))
      return failure();
    lo = op.getRequant()->getLo();
    hi = op.getRequant()->getHi();
  }
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  int32_t axes = model.addIndices(helperName(op, "_axes"), op.getAxes());
  FailureOr<Output> output = addOutput(op, lo, hi, /*fuses=*/false);
  if (failed(output))
    return failure();
  ReducerOptionsT options;
  options.keep_dims = true;
  model.addOp(BuiltinOperator::MEAN, op.isFloat() ? 1 : 2, {*input, axes},
              output->tensor, options);
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
  SoftmaxOptionsT options;
  options.beta = 1;
  return emit(op, BuiltinOperator::SOFTMAX,
              getElementTypeOrSelf(op.getInput().getType()).isF32() ? 1 : 2,
              op.getInput(), options);
}
