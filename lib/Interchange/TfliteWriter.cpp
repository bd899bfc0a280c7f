//===- TfliteWriter.cpp - A step-4 program as a TFLite model ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TfliteWriter.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Interchange/Tflite.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::tflite;

/// A flatbuffer's offsets have 32 bits.
static constexpr size_t kMaxConstantBytes = size_t(2000) << 20;

LogicalResult tflite::unsupported(Operation *op, const Twine &reason) {
  return op->emitError() << describeTensor(op->getResult(0))
                         << ": TFLite has no " << reason;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

LogicalResult Writer::checkShape(Operation *op, Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return op->emitError() << "expected a tensor of known rank, got "
                           << value.getType();
  for (auto [i, size] : llvm::enumerate(type.getShape()))
    if ((i > 0 && ShapedType::isDynamic(size)) || size > INT32_MAX)
      return op->emitError()
             << describeTensor(value)
             << ": expected sizes that are known, but for the batch, got "
             << type;
  return success();
}

FailureOr<tflite::TensorType> Writer::getType(Operation *op, Value value) {
  Type element = getElementTypeOrSelf(value.getType());
  if (element.isF32())
    return tflite::TensorType::FLOAT32;
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element))
    if (uniform.isSigned() && uniform.getStorageTypeMin() == -128 &&
        uniform.getStorageTypeMax() == 127)
      return tflite::TensorType::INT8;
  op->emitError() << describeTensor(value)
                  << ": expected f32 or codes in [-128, 127], got " << element;
  return failure();
}

FailureOr<TensorParams> Writer::getParams(Operation *op, Value value) {
  FailureOr<tflite::TensorType> type = getType(op, value);
  if (failed(type) || failed(checkShape(op, value)))
    return failure();
  if (*type == tflite::TensorType::FLOAT32)
    return TensorParams();
  numerics::QuantParams params = getFileParams(value);
  return TensorParams{{static_cast<float>(params.scale)}, {params.zeroPoint}};
}

FailureOr<int32_t> Writer::addConstant(Operation *op, Value value) {
  FailureOr<TensorParams> params = getParams(op, value);
  if (failed(params))
    return failure();
  std::string name = names.get(value, "constant");
  if (params->scales.empty()) {
    FailureOr<std::vector<float>> data = getFloatConstant(value);
    if (failed(data))
      return op->emitError() << "expected a constant with data";
    constantBytes += data->size() * sizeof(float);
    return model.addConstant(name, getShape(value), tflite::TensorType::FLOAT32,
                             data->data(), data->size() * sizeof(float));
  }
  FailureOr<std::vector<int64_t>> codes = getIntegerConstant(value);
  if (failed(codes))
    return op->emitError() << "expected a constant with data";
  std::vector<int8_t> data(codes->begin(), codes->end());
  constantBytes += data.size();
  return model.addConstant(name, getShape(value), tflite::TensorType::INT8,
                           data.data(), data.size(), *params);
}

FailureOr<int32_t> Writer::getOperand(Operation *op, Value value) {
  auto known = tensors.find(value);
  if (known != tensors.end())
    return known->second;
  if (!value.getDefiningOp<tosa::ConstOp>())
    return op->emitError() << "expected " << describeTensor(value)
                           << " to be a tensor of the program";
  FailureOr<int32_t> tensor = addConstant(op, value);
  if (succeeded(tensor))
    tensors[value] = *tensor;
  return tensor;
}

FailureOr<int32_t> Writer::addResult(Operation *op) {
  Value value = op->getResult(0);
  FailureOr<TensorParams> params = getParams(op, value);
  if (failed(params))
    return failure();
  // What the program returns has the name of the output.
  std::string name;
  for (OpOperand &use : value.getUses())
    if (isa<func::ReturnOp>(use.getOwner()) && name.empty())
      name = names.getOutput(use.getOperandNumber()).str();
  if (name.empty())
    name = names.get(value, op->getName().stripDialect());
  return tensors[value] = model.addTensor(name, getShape(value),
                                          params->scales.empty()
                                              ? tflite::TensorType::FLOAT32
                                              : tflite::TensorType::INT8,
                                          *params);
}

FailureOr<ActivationFunctionType>
Writer::getActivation(Operation *op, int64_t lo, int64_t hi) {
  numerics::QuantParams out = getFileParams(op->getResult(0));
  auto code = [&](float bound) {
    float steps = bound / static_cast<float>(out.scale);
    // Beyond the grid by far: the conversion would leave 64 bits.
    return std::fabs(steps) > 512 ? out.zeroPoint + (steps < 0 ? -512 : 512)
                                  : out.zeroPoint + std::llround(steps);
  };
  int64_t qmin = out.grid.qmin, qmax = out.grid.qmax;
  auto isClamp = [&](int64_t from, int64_t to) {
    return lo == std::max(qmin, from) && hi == std::min(qmax, to);
  };
  if (isClamp(qmin, qmax))
    return ActivationFunctionType::NONE;
  if (isClamp(out.zeroPoint, qmax))
    return ActivationFunctionType::RELU;
  if (isClamp(out.zeroPoint, code(6)))
    return ActivationFunctionType::RELU6;
  if (isClamp(code(-1), code(1)))
    return ActivationFunctionType::RELU_N1_TO_1;
  return unsupported(op, "activation function with the codes [" + Twine(lo) +
                             ", " + Twine(hi) + "]");
}

LogicalResult Writer::sameParams(Operation *op) {
  Type result = getElementTypeOrSelf(op->getResult(0).getType());
  for (Value operand : op->getOperands())
    if (isa<RankedTensorType>(operand.getType()) &&
        isa<quant::QuantizedType>(getElementTypeOrSelf(operand.getType())) &&
        getElementTypeOrSelf(operand.getType()) != result)
      return unsupported(op, "'" + op->getName().getStringRef() +
                                 "' between different scales");
  return success();
}

std::string Writer::helperName(Operation *op, const Twine &suffix) {
  StringRef name = getTensorName(op->getResult(0));
  return names.unique(
      ((name.empty() ? op->getName().stripDialect() : name) + suffix).str());
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

LogicalResult Writer::convert(Operation *op) {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<Conv2DOp, FullyConnectedOp, TransposeConv2DOp, MatMulOp, PReluOp,
            MeanOp, ResizeBilinearOp, tosa::ResizeOp, hwq::MulOp, AvgPool2DOp,
            tosa::MaxPool2dOp, RequantizeOp, LookupOp, QuantizeOp, DequantizeOp,
            SoftmaxOp, tosa::ConcatOp, tosa::TransposeOp, tosa::ReshapeOp,
            tosa::PadOp, tosa::SliceOp>(
          [&](auto typed) { return convert(typed); })
      .Case<hwq::AddOp>([&](auto) { return convertSum(op, false); })
      .Case<hwq::SubOp>([&](auto) { return convertSum(op, true); })
      .Case<tosa::ConstOp, tosa::ConstShapeOp, func::ReturnOp>(
          [](auto) { return success(); })
      .Default([&](Operation *) -> LogicalResult {
        if (op->getNumResults() != 1)
          return op->emitError("TFLite has no such op");
        return unsupported(op, "'" + op->getName().getStringRef() + "'");
      });
}

FailureOr<std::string> Writer::run() {
  std::vector<int32_t> inputs, outputs;
  for (BlockArgument argument : function.getArguments()) {
    FailureOr<TensorParams> params = getParams(function, argument);
    if (failed(params))
      return failure();
    int32_t index = model.addTensor(
        names.getInput(argument.getArgNumber()).str(), getShape(argument),
        params->scales.empty() ? tflite::TensorType::FLOAT32
                               : tflite::TensorType::INT8,
        *params);
    tensors[argument] = index;
    inputs.push_back(index);
  }
  for (Operation &op : function.front()) {
    if (failed(convert(&op)))
      return failure();
    if (constantBytes > kMaxConstantBytes)
      return op.emitError() << "the weights are beyond the 2 GiB of a TFLite "
                               "file";
  }
  Operation *terminator = function.front().getTerminator();
  for (Value value : terminator->getOperands()) {
    FailureOr<int32_t> output = getOperand(terminator, value);
    if (failed(output))
      return failure();
    outputs.push_back(*output);
  }
  model.setInputs(std::move(inputs));
  model.setOutputs(std::move(outputs));
  return model.finish();
}

FailureOr<std::string> interchange::exportTflite(ModuleOp module) {
  FailureOr<func::FuncOp> function = getStepFour(module, "export-tflite");
  if (failed(function))
    return failure();
  return Writer(*function).run();
}
