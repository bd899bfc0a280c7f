//===- StepZeroWriter.cpp - Step 0 as a Q/DQ model of floats ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnnxWriter.h"
#include "hwq/Interchange/Onnx.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::onnx_export;

namespace {

class StepZeroWriter : public onnx_export::Writer {
public:
  explicit StepZeroWriter(func::FuncOp function)
      : Writer(function, "Q/DQ ONNX of step 0") {}

private:
  std::optional<LogicalResult> emitOwn(Operation *op) override;
  bool isTensor(Operation *op) const override;
  bool hasNarrowGrids() const override { return true; }
  // Training makes codes of the weights.
  std::string keepFloat(Value, const std::string &tensor) override {
    return tensor;
  }

  // Integer ops, which step 0 does not have.
  LogicalResult emitDot(const DotProduct &dot) override {
    return unsupported(dot.op, "integer op in step 0");
  }
  LogicalResult emitSum(Operation *op, bool) override {
    return unsupported(op, "integer op in step 0");
  }
  LogicalResult emitMul(hwq::MulOp op) override {
    return unsupported(op, "integer op in step 0");
  }
  LogicalResult emitAvgPool(AvgPool2DOp op) override {
    return unsupported(op, "integer op in step 0");
  }
  ArrayRef<numerics::RequantizeKernel> getDotKernels() const override {
    return {};
  }
  LogicalResult emitConcat(tosa::ConcatOp op, ArrayRef<Value> operands,
                           bool channelsFirst, int64_t axis) override;
  LogicalResult emitMovement(StringRef opType, Operation *op, Value operand,
                             bool channelsFirst, std::vector<std::string> extra,
                             std::optional<int64_t> padCode,
                             Attributes attributes) override;

  LogicalResult emitMatMul(Operation *op) override {
    return unsupported(op, "integer op in step 0");
  }
  LogicalResult emitQuantize(QuantizeOp op);
};

} // namespace

//===----------------------------------------------------------------------===//
// Quantizers
//===----------------------------------------------------------------------===//

LogicalResult StepZeroWriter::emitQuantize(QuantizeOp op) {
  bool channelsFirst = isChannelsFirst(op.getInput());
  FailureOr<std::string> input = get(op, op.getInput(), channelsFirst);
  if (failed(input))
    return failure();
  auto type = cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op.getOutput().getType()));
  auto [scale, zeroPoint] = getParams(op.getOutput());
  std::string codes = define(op.getOutput(), channelsFirst);
  bool isWhole = type.getStorageTypeMax() - type.getStorageTypeMin() == 255;
  std::string whole =
      isWhole ? codes : helperName(op.getOutput(), "_unclipped");
  model.addNode("QuantizeLinear", {*input, scale, zeroPoint}, whole);
  if (isWhole)
    return success();
  std::string clipped = clipCodes(whole, type, codes + "_clipped");
  model.addNode("Identity", {clipped}, codes);
  return success();
}

//===----------------------------------------------------------------------===//
// Other ops
//===----------------------------------------------------------------------===//

LogicalResult StepZeroWriter::emitConcat(tosa::ConcatOp op,
                                         ArrayRef<Value> operands,
                                         bool channelsFirst, int64_t axis) {
  std::vector<std::string> inputs;
  for (Value operand : operands) {
    FailureOr<std::string> tensor = get(op, operand, channelsFirst);
    if (failed(tensor))
      return failure();
    inputs.push_back(*tensor);
  }
  model.addNode("Concat", inputs, define(op.getOutput(), channelsFirst))
      .set("axis", axis);
  return success();
}

LogicalResult StepZeroWriter::emitMovement(StringRef opType, Operation *op,
                                           Value operand, bool channelsFirst,
                                           std::vector<std::string> extra,
                                           std::optional<int64_t>,
                                           Attributes attributes) {
  FailureOr<std::string> input = get(op, operand, channelsFirst);
  if (failed(input))
    return failure();
  std::vector<std::string> inputs = {*input};
  llvm::append_range(inputs, extra);
  Node node =
      model.addNode(opType, inputs, define(op->getResult(0), channelsFirst));
  attributes(node);
  return success();
}

/// Quantizers of weights are written with the op that reads them.
bool StepZeroWriter::isTensor(Operation *op) const {
  return !isa<QuantizeOp, DequantizeOp>(op) || !isConstant(op->getOperand(0));
}

std::optional<LogicalResult> StepZeroWriter::emitOwn(Operation *op) {
  if (!isTensor(op))
    return success();
  if (auto quantize = dyn_cast<QuantizeOp>(op))
    return emitQuantize(quantize);
  return std::nullopt;
}

/// The float tensor in front of a quantizer has the tensor's name, the codes
/// and what they mean are called after it.
static void nameFloats(func::FuncOp function) {
  function.walk([](QuantizeOp quantize) {
    std::string name = getTensorName(quantize.getOutput()).str();
    Operation *producer = quantize.getInput().getDefiningOp();
    if (!producer || name.empty() || producer->hasAttr(kNameAttr))
      return;
    setTensorName(producer, name);
    setTensorName(quantize, name + "_quantized");
    for (Operation *user : quantize->getUsers())
      if (isa<DequantizeOp>(user) && !user->hasAttr(kNameAttr))
        setTensorName(user, name + "_dequantized");
  });
}

FailureOr<std::string> interchange::exportStepZeroOnnx(ModuleOp module) {
  OwningOpRef<ModuleOp> clone = module.clone();
  FailureOr<func::FuncOp> function = getStepZero(*clone, "export-step0-onnx");
  if (failed(function))
    return failure();
  nameFloats(*function);
  return StepZeroWriter(*function).run();
}
