//===- QdqWriter.cpp - ONNX models between Q and DQ -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QdqWriter.h"
#include "hwq/Interchange/Onnx.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::onnx_export;

/// An engine that fuses an op with its Q and DQ has arithmetic of its own, one
/// that does not computes in f32.
static constexpr numerics::RequantizeKernel kDotKernels[] = {
    numerics::RequantizeKernel::R4, numerics::RequantizeKernel::R14};
static constexpr numerics::AddVariant kAddVariants[] = {
    numerics::AddVariant::OnnxRuntime, numerics::AddVariant::Float};
static constexpr numerics::MulVariant kMulVariants[] = {
    numerics::MulVariant::OnnxRuntime, numerics::MulVariant::Float};

ArrayRef<numerics::RequantizeKernel> QdqWriter::getDotKernels() const {
  return kDotKernels;
}

FailureOr<std::string> QdqWriter::open(Operation *op, Value value,
                                       bool channelsFirst) {
  FailureOr<std::string> tensor = get(op, value, channelsFirst);
  if (failed(tensor) ||
      !isa<quant::QuantizedType>(getElementTypeOrSelf(value.getType())))
    return tensor;
  auto [scale, zeroPoint] = getParams(value);
  std::string real = names.unique(*tensor + "_dequantized");
  model.addNode("DequantizeLinear", {*tensor, scale, zeroPoint}, real);
  return real;
}

template <typename Code>
std::string QdqWriter::openConstant(Value owner, const std::string &codes,
                                    const std::vector<float> &scales,
                                    StringRef suffix, int64_t axis) {
  std::string scale = helperName(owner, (suffix + "_scale").str()),
              zeroPoint = helperName(owner, (suffix + "_zero_point").str()),
              real = helperName(owner, (suffix + "_dequantized").str());
  SmallVector<int64_t> shape;
  if (scales.size() > 1)
    shape = {static_cast<int64_t>(scales.size())};
  model.addConstant(scale, shape, scales);
  model.addConstant(zeroPoint, shape, std::vector<Code>(scales.size()));
  model.addNode("DequantizeLinear", {codes, scale, zeroPoint}, real)
      .set("axis", axis);
  return real;
}

LogicalResult QdqWriter::emitDot(const DotProduct &dot) {
  bool isConv = isa<Conv2DOp, TransposeConv2DOp>(dot.op);
  auto transposed = dyn_cast<TransposeConv2DOp>(dot.op);
  if (transposed && transposed.getGroups() != 1 && dot.weightScales.size() > 1)
    return unsupported(dot.op, "transposed convolution with groups and a scale "
                               "per channel");
  FailureOr<std::string> input = open(dot.op, dot.input, isConv);
  if (failed(input))
    return failure();
  std::string residual;
  if (dot.residual) {
    FailureOr<std::string> real = open(dot.op, dot.residual, isConv);
    if (failed(real))
      return failure();
    residual = *real;
  }
  std::string weights = openConstant<int8_t>(dot.output, addWeights(dot),
                                             dot.weightScales, "_weights",
                                             /*axis=*/transposed ? 1 : 0);
  std::string bias = helperName(dot.output, "_bias");
  int64_t channels = dot.weightShape[0];
  if (!dot.realBias.empty()) {
    model.addConstant(bias, {channels}, dot.realBias);
  } else if (dot.requant.getKernel() == numerics::RequantizeKernel::R14 &&
             llvm::all_of(dot.bias, [](int32_t b) { return b == 0; })) {
    bias.clear();
  } else {
    model.addConstant(bias, {channels}, dot.bias);
    bias = openConstant<int32_t>(dot.output, bias, dot.biasScales, "_bias");
  }
  std::vector<std::string> inputs = {isConv ? *input : getMatrix(dot, *input),
                                     weights};
  if (!bias.empty())
    inputs.push_back(bias);
  close(dot.output, isConv, dot.requant.getLo(), dot.requant.getHi(),
        [&](const std::string &name) {
          std::string sum =
              residual.empty() ? name : helperName(dot.output, "_product");
          if (isConv) {
            Node node = model.addNode(transposed ? "ConvTranspose" : "Conv",
                                      inputs, sum);
            setConvAttributes(dot, node);
          } else {
            emitMatrix(dot, sum, [&](const std::string &matrix) {
              model.addNode("Gemm", inputs, matrix).set("transB", int64_t(1));
            });
          }
          if (!residual.empty())
            model.addNode("Add", {sum, residual}, name);
        });
  return success();
}

LogicalResult QdqWriter::emitBinary(StringRef opType, Operation *op,
                                    RequantAttr requant) {
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  bool channelsFirst = isChannelsFirst(lhs) || isChannelsFirst(rhs);
  FailureOr<std::string> a = open(op, lhs, channelsFirst),
                         b = open(op, rhs, channelsFirst);
  if (failed(a) || failed(b))
    return failure();
  close(
      op->getResult(0), channelsFirst, requant.getLo(), requant.getHi(),
      [&](const std::string &name) { model.addNode(opType, {*a, *b}, name); });
  return success();
}

LogicalResult QdqWriter::emitSum(Operation *op, bool subtract) {
  if (failed(checkSum(op, kAddVariants)))
    return failure();
  return emitBinary(subtract ? "Sub" : "Add", op,
                    op->getAttrOfType<RequantAttr>("requant"));
}

LogicalResult QdqWriter::emitMul(hwq::MulOp op) {
  if (failed(checkMul(op, kMulVariants)))
    return failure();
  return emitBinary("Mul", op, op.getRequant());
}

LogicalResult QdqWriter::emitMatMul(Operation *op) {
  FailureOr<MatMulOp> product =
      readMatMul(op, kDotKernels, /*productInF32=*/false);
  if (failed(product))
    return failure();
  FailureOr<std::string> a = open(op, product->getLhs(), false),
                         b = open(op, product->getRhs(), false);
  if (failed(a) || failed(b))
    return failure();
  auto requant = op->getAttrOfType<RequantAttr>("requant");
  close(op->getResult(0), false, requant.getLo(), requant.getHi(),
        [&](const std::string &name) {
          model.addNode("MatMul", {*a, *b}, name);
        });
  return success();
}

LogicalResult QdqWriter::emitAvgPool(AvgPool2DOp op) {
  bool global = isGlobal(op);
  if (failed(
          checkAvgPool(op, {global ? numerics::AvgPoolVariant::OnnxRuntimeGlobal
                                   : numerics::AvgPoolVariant::OnnxRuntime,
                            numerics::AvgPoolVariant::Float})))
    return failure();
  FailureOr<std::string> input = open(op, op.getInput(), true);
  if (failed(input))
    return failure();
  close(op.getOutput(), true, op.getClamp()[0], op.getClamp()[1],
        [&](const std::string &name) {
          if (global) {
            model.addNode("GlobalAveragePool", {*input}, name);
            return;
          }
          Node node = model.addNode("AveragePool", {*input}, name);
          setPoolAttributes(node, op.getKernel(), op.getStride(), op.getPad());
        });
  return success();
}

LogicalResult QdqWriter::emitConcat(tosa::ConcatOp op, ArrayRef<Value> operands,
                                    bool channelsFirst, int64_t axis) {
  std::vector<std::string> inputs;
  for (Value operand : operands) {
    FailureOr<std::string> real = open(op, operand, channelsFirst);
    if (failed(real))
      return failure();
    inputs.push_back(*real);
  }
  close(op.getOutput(), channelsFirst, INT64_MIN, INT64_MAX,
        [&](const std::string &name) {
          model.addNode("Concat", inputs, name).set("axis", axis);
        });
  return success();
}

LogicalResult QdqWriter::emitMovement(StringRef opType, Operation *op,
                                      Value operand, bool channelsFirst,
                                      std::vector<std::string> extra,
                                      std::optional<int64_t> padCode,
                                      Attributes attributes) {
  FailureOr<std::string> input = open(op, operand, channelsFirst);
  if (failed(input))
    return failure();
  Value output = op->getResult(0);
  std::vector<std::string> inputs = {*input};
  llvm::append_range(inputs, extra);
  if (padCode)
    inputs.push_back(addArray<float>(
        helperName(output, "_value"), {},
        {numerics::dequantize(*padCode, getFileParams(output))}));
  close(output, channelsFirst, INT64_MIN, INT64_MAX,
        [&](const std::string &name) {
          Node node = model.addNode(opType, inputs, name);
          attributes(node);
        });
  return success();
}

FailureOr<std::string> interchange::exportQdqOnnx(ModuleOp module) {
  FailureOr<func::FuncOp> function = getStepFour(module, "export-qdq-onnx");
  if (failed(function))
    return failure();
  return QdqWriter(*function).run();
}
