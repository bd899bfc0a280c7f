//===- QLinearWriter.cpp - ONNX models of QLinear ops -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QdqWriter.h"
#include "hwq/Interchange/Onnx.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::onnx_export;

static constexpr numerics::RequantizeKernel kDotKernels[] = {
    numerics::RequantizeKernel::R4};
static constexpr numerics::AddVariant kAddVariants[] = {
    numerics::AddVariant::OnnxRuntime};
static constexpr numerics::MulVariant kMulVariants[] = {
    numerics::MulVariant::OnnxRuntime};

namespace {

/// Ops that have no QLinear op are written as in Q/DQ models.
class QLinearWriter : public QdqWriter {
public:
  explicit QLinearWriter(func::FuncOp function)
      : QdqWriter(function, "QLinear ONNX") {}

private:
  LogicalResult emitDot(const DotProduct &dot) override;
  LogicalResult emitSum(Operation *op, bool subtract) override;
  LogicalResult emitMul(hwq::MulOp op) override;
  LogicalResult emitMatMul(Operation *op) override;
  LogicalResult emitAvgPool(AvgPool2DOp op) override;
  LogicalResult emitConcat(tosa::ConcatOp op, ArrayRef<Value> operands,
                           bool channelsFirst, int64_t axis) override;
  LogicalResult emitMovement(StringRef opType, Operation *op, Value operand,
                             bool channelsFirst, std::vector<std::string> extra,
                             std::optional<int64_t> padCode,
                             Attributes attributes) override;
  ArrayRef<numerics::RequantizeKernel> getDotKernels() const override {
    return kDotKernels;
  }

  LogicalResult emitBinary(StringRef opType, Operation *op,
                           RequantAttr requant);
  /// Appends a tensor with its scale and zero point.
  void append(std::vector<std::string> &inputs, std::string tensor,
              Value value) {
    auto [scale, zeroPoint] = getParams(value);
    inputs.insert(inputs.end(), {std::move(tensor), scale, zeroPoint});
  }
  /// Defines `value` as the result of `emit`, cut to [lo, hi].
  void emitClamped(Value value, bool channelsFirst, int64_t lo, int64_t hi,
                   llvm::function_ref<void(const std::string &)> emit);
};

} // namespace

static bool isFloat(Value value) {
  return getElementTypeOrSelf(value.getType()).isF32();
}

void QLinearWriter::emitClamped(
    Value value, bool channelsFirst, int64_t lo, int64_t hi,
    llvm::function_ref<void(const std::string &)> emit) {
  std::string name = define(value, channelsFirst);
  if (isWholeGrid(value, lo, hi))
    return emit(name);
  std::string whole = helperName(value, "_unclamped");
  emit(whole);
  model.addNode("Clip",
                {whole, addCodes(helperName(value, "_min"), value, {}, {lo}),
                 addCodes(helperName(value, "_max"), value, {}, {hi})},
                name);
}

LogicalResult QLinearWriter::emitDot(const DotProduct &dot) {
  if (isa<TransposeConv2DOp>(dot.op) || isFloat(dot.output))
    return QdqWriter::emitDot(dot);
  bool isConv = isa<Conv2DOp>(dot.op);
  FailureOr<std::string> input = get(dot.op, dot.input, isConv);
  if (failed(input))
    return failure();
  std::string weights = addWeights(dot);
  std::string weightScale = helperName(dot.output, "_weights_scale"),
              weightZeroPoint = helperName(dot.output, "_weights_zero_point"),
              bias = helperName(dot.output, "_bias");
  int64_t count = dot.weightScales.size();
  SmallVector<int64_t> shape;
  if (count > 1)
    shape = {count};
  model.addConstant(weightScale, shape, dot.weightScales);
  model.addConstant(weightZeroPoint, shape, std::vector<int8_t>(count));
  model.addConstant(bias, {static_cast<int64_t>(dot.bias.size())}, dot.bias);
  auto [outScale, outZeroPoint] = getParams(dot.output);

  std::vector<std::string> inputs;
  append(inputs, isConv ? *input : getMatrix(dot, *input), dot.input);
  inputs.insert(inputs.end(), {weights, weightScale, weightZeroPoint});
  if (isConv)
    inputs.insert(inputs.end(), {outScale, outZeroPoint, bias});
  else
    inputs.insert(inputs.end(), {bias, outScale, outZeroPoint});
  emitClamped(dot.output, isConv, dot.requant.getLo(), dot.requant.getHi(),
              [&](const std::string &name) {
                if (isConv) {
                  Node node = model.addNode("QLinearConv", inputs, name);
                  setConvAttributes(dot, node);
                  return;
                }
                emitMatrix(dot, name, [&](const std::string &matrix) {
                  model.addNode("QGemm", inputs, matrix, kMicrosoft)
                      .set("transB", int64_t(1));
                });
              });
  return success();
}

LogicalResult QLinearWriter::emitBinary(StringRef opType, Operation *op,
                                        RequantAttr requant) {
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  bool channelsFirst = isChannelsFirst(lhs) || isChannelsFirst(rhs);
  FailureOr<std::string> a = get(op, lhs, channelsFirst),
                         b = get(op, rhs, channelsFirst);
  if (failed(a) || failed(b))
    return failure();
  std::vector<std::string> inputs;
  append(inputs, *a, lhs);
  append(inputs, *b, rhs);
  auto [scale, zeroPoint] = getParams(op->getResult(0));
  inputs.insert(inputs.end(), {scale, zeroPoint});
  emitClamped(op->getResult(0), channelsFirst, requant.getLo(), requant.getHi(),
              [&](const std::string &name) {
                model.addNode(opType, inputs, name, kMicrosoft);
              });
  return success();
}

LogicalResult QLinearWriter::emitSum(Operation *op, bool subtract) {
  if (subtract)
    return QdqWriter::emitSum(op, subtract);
  if (failed(checkSum(op, kAddVariants)))
    return failure();
  return emitBinary("QLinearAdd", op, cast<hwq::AddOp>(op).getRequant());
}

LogicalResult QLinearWriter::emitMul(hwq::MulOp op) {
  if (failed(checkMul(op, kMulVariants)))
    return failure();
  return emitBinary("QLinearMul", op, op.getRequant());
}

LogicalResult QLinearWriter::emitMatMul(Operation *op) {
  Value output = op->getResult(0);
  if (isFloat(output))
    return QdqWriter::emitMatMul(op);
  FailureOr<MatMulOp> product =
      readMatMul(op, kDotKernels, /*productInF32=*/false);
  if (failed(product))
    return failure();
  FailureOr<std::string> a = get(op, product->getLhs(), false),
                         b = get(op, product->getRhs(), false);
  if (failed(a) || failed(b))
    return failure();
  std::vector<std::string> inputs;
  append(inputs, *a, product->getLhs());
  append(inputs, *b, product->getRhs());
  auto [scale, zeroPoint] = getParams(output);
  inputs.insert(inputs.end(), {scale, zeroPoint});
  auto requant = op->getAttrOfType<RequantAttr>("requant");
  emitClamped(output, false, requant.getLo(), requant.getHi(),
              [&](const std::string &name) {
                model.addNode("QLinearMatMul", inputs, name);
              });
  return success();
}

LogicalResult QLinearWriter::emitAvgPool(AvgPool2DOp op) {
  // Of the whole image the engine takes the sum of the codes.
  bool global = isGlobal(op);
  if (failed(checkAvgPool(op, global
                                  ? numerics::AvgPoolVariant::OnnxRuntimeGlobal
                                  : numerics::AvgPoolVariant::OnnxRuntime)))
    return failure();
  FailureOr<std::string> input = get(op, op.getInput(), true);
  if (failed(input))
    return failure();
  std::vector<std::string> inputs;
  append(inputs, *input, op.getInput());
  auto [scale, zeroPoint] = getParams(op.getOutput());
  inputs.insert(inputs.end(), {scale, zeroPoint});
  emitClamped(
      op.getOutput(), true, op.getClamp()[0], op.getClamp()[1],
      [&](const std::string &name) {
        if (global) {
          model.addNode("QLinearGlobalAveragePool", inputs, name, kMicrosoft);
          return;
        }
        Node node =
            model.addNode("QLinearAveragePool", inputs, name, kMicrosoft);
        setPoolAttributes(node, op.getKernel(), op.getStride(), op.getPad());
      });
  return success();
}

LogicalResult QLinearWriter::emitConcat(tosa::ConcatOp op,
                                        ArrayRef<Value> operands,
                                        bool channelsFirst, int64_t axis) {
  if (isFloat(op.getOutput()))
    return QdqWriter::emitConcat(op, operands, channelsFirst, axis);
  auto [scale, zeroPoint] = getParams(op.getOutput());
  std::vector<std::string> inputs = {scale, zeroPoint};
  for (Value operand : operands) {
    FailureOr<std::string> tensor = get(op, operand, channelsFirst);
    if (failed(tensor))
      return failure();
    append(inputs, *tensor, operand);
  }
  model
      .addNode("QLinearConcat", inputs, define(op.getOutput(), channelsFirst),
               kMicrosoft)
      .set("axis", axis);
  return success();
}

LogicalResult QLinearWriter::emitMovement(StringRef opType, Operation *op,
                                          Value operand, bool channelsFirst,
                                          std::vector<std::string> extra,
                                          std::optional<int64_t> padCode,
                                          Attributes attributes) {
  FailureOr<std::string> input = get(op, operand, channelsFirst);
  if (failed(input))
    return failure();
  std::vector<std::string> inputs = {*input};
  llvm::append_range(inputs, extra);
  Value output = op->getResult(0);
  if (padCode)
    inputs.push_back(
        addCodes(helperName(output, "_value"), output, {}, {*padCode}));
  Node node = model.addNode(opType, inputs, define(output, channelsFirst));
  attributes(node);
  return success();
}

FailureOr<std::string> interchange::exportQLinearOnnx(ModuleOp module) {
  FailureOr<func::FuncOp> function = getStepFour(module, "export-qlinear-onnx");
  if (failed(function))
    return failure();
  return QLinearWriter(*function).run();
}
