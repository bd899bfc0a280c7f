//===- TfliteWriter.cpp - A step-4 program as a TFLite model ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TfliteWriter.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Interchange/Tflite.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"
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

static LogicalResult checkSizes(Operation *op, Value value, bool batchIsFirst) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return op->emitError() << "expected a tensor of known rank, got "
                           << value.getType();
  int64_t unknown = type.getNumDynamicDims();
  if (unknown > 1 || (unknown == 1 && batchIsFirst && !type.isDynamicDim(0)) ||
      llvm::any_of(type.getShape(), [](int64_t s) { return s > INT32_MAX; }))
    return op->emitError()
           << describeTensor(value)
           << ": expected sizes that are known, but for the batch, got "
           << type;
  return success();
}

LogicalResult Writer::checkShape(Operation *op, Value value) {
  return checkSizes(op, value, isa<BlockArgument>(value));
}

LogicalResult Writer::checkImages(Operation *op) {
  return success(succeeded(checkSizes(op, op->getOperand(0), true)) &&
                 succeeded(checkSizes(op, op->getResult(0), true)));
}

SmallVector<int64_t> Writer::getFileShape(Value value) {
  SmallVector<int64_t> shape(getShape(value));
  for (int64_t &size : shape)
    if (ShapedType::isDynamic(size))
      size = -sampleSizes.lookup_or(value, 1);
  return shape;
}

void Writer::setSampleSize(Value result) {
  Operation *op = result.getDefiningOp();
  if (cast<ShapedType>(result.getType()).hasStaticShape())
    return;
  for (Value operand : op->getOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (!type || type.hasStaticShape())
      continue;
    uint64_t size = sampleSizes.lookup_or(operand, 1);
    // The others' sizes may have become part of it, or come from it.
    if (isa<tosa::ReshapeOp>(op)) {
      for (int64_t s : type.getShape())
        size = ShapedType::isDynamic(s)
                   ? size
                   : llvm::SaturatingMultiply<uint64_t>(size, s);
      for (int64_t s : getShape(result))
        size /= ShapedType::isDynamic(s) || s == 0 ? 1 : s;
    }
    sampleSizes[result] =
        static_cast<int64_t>(std::min<uint64_t>(size, INT32_MAX));
    return;
  }
}

FailureOr<tflite::TensorType> Writer::getType(Operation *op, Value value) {
  Type element = getElementTypeOrSelf(value.getType());
  if (element.isF32())
    return tflite::TensorType::FLOAT32;
  if (element.isSignlessInteger(32))
    return tflite::TensorType::INT32;
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
  if (*type != tflite::TensorType::INT8)
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
  setSampleSize(value);
  // What the program returns has the name of the output.
  std::string name;
  for (OpOperand &use : value.getUses())
    if (isa<func::ReturnOp>(use.getOwner()) && name.empty())
      name = names.getOutput(use.getOperandNumber()).str();
  if (name.empty())
    name = names.get(value, op->getName().stripDialect());
  return tensors[value] = model.addTensor(name, getFileShape(value),
                                          *getType(op, value), *params);
}

/// The activation function whose bounds in codes are lo and hi.
std::optional<ActivationFunctionType>
Writer::getActivation(Value result, int64_t lo, int64_t hi) {
  if (getElementTypeOrSelf(result.getType()).isF32())
    return ActivationFunctionType::NONE;
  numerics::QuantParams out = getFileParams(result);
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
  return std::nullopt;
}

FailureOr<Writer::Output> Writer::addOutput(Operation *op, int64_t lo,
                                            int64_t hi, bool fuses) {
  Value result = op->getResult(0);
  std::optional<ActivationFunctionType> activation =
      getActivation(result, lo, hi);
  if (activation && (fuses || *activation == ActivationFunctionType::NONE)) {
    FailureOr<int32_t> tensor = addResult(op);
    if (failed(tensor))
      return failure();
    return Output{*tensor, *activation};
  }
  FailureOr<TensorParams> params = getParams(op, result);
  if (failed(params))
    return failure();
  setSampleSize(result);
  unclamped = {op,
               model.addTensor(helperName(op, "_unclamped"),
                               getFileShape(result), tflite::TensorType::INT8,
                               *params),
               lo, hi};
  return Output{unclamped->tensor, ActivationFunctionType::NONE};
}

int32_t Writer::addScalar(Operation *op, const Twine &suffix, Value like,
                          double value) {
  std::string name = helperName(op, suffix);
  if (getElementTypeOrSelf(like.getType()).isF32()) {
    auto real = static_cast<float>(value);
    return model.addConstant(name, {}, tflite::TensorType::FLOAT32, &real,
                             sizeof(real));
  }
  auto code = static_cast<int8_t>(value);
  numerics::QuantParams params = getFileParams(like);
  return model.addConstant(
      name, {}, tflite::TensorType::INT8, &code, sizeof(code),
      {{static_cast<float>(params.scale)}, {params.zeroPoint}});
}

/// Codes have the order of what they stand for.
LogicalResult Writer::clampOutput() {
  auto [op, tensor, lo, hi] = *unclamped;
  unclamped.reset();
  Value result = op->getResult(0);
  numerics::Grid grid = getFileParams(result).grid;
  if (lo > grid.qmin && hi < grid.qmax) {
    int32_t raised =
        model.addTensor(helperName(op, "_raised"), getFileShape(result),
                        tflite::TensorType::INT8, *getParams(op, result));
    model.addOp(BuiltinOperator::MAXIMUM, 2,
                {tensor, addScalar(op, "_min", result, lo)}, raised);
    tensor = raised;
    lo = grid.qmin;
  }
  FailureOr<int32_t> clamped = addResult(op);
  if (failed(clamped))
    return failure();
  bool isMaximum = lo > grid.qmin;
  model.addOp(isMaximum ? BuiltinOperator::MAXIMUM : BuiltinOperator::MINIMUM,
              2,
              {tensor, isMaximum ? addScalar(op, "_min", result, lo)
                                 : addScalar(op, "_max", result, hi)},
              *clamped);
  return success();
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
            tosa::AvgPool2dOp, tosa::MaxPool2dOp, RequantizeOp, LookupOp,
            QuantizeOp, DequantizeOp, SoftmaxOp, tosa::ConcatOp,
            tosa::TransposeOp, tosa::ReshapeOp, tosa::PadOp, tosa::SliceOp,
            tosa::TileOp, tosa::ReverseOp>(
          [&](auto typed) { return convert(typed); })
      .Case<hwq::AddOp>([&](auto) { return convertSum(op, false); })
      .Case<hwq::SubOp>([&](auto) { return convertSum(op, true); })
      .Case<tosa::ConstOp, tosa::ConstShapeOp, func::ReturnOp>(
          [](auto) { return success(); })
      .Default([&](Operation *) -> LogicalResult {
        if (op->getNumResults() != 1)
          return op->emitError("TFLite has no such op");
        if (!llvm::any_of(op->getOperands(), hasCodes))
          if (std::optional<LogicalResult> written = convertFloat(op))
            return *written;
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
        names.getInput(argument.getArgNumber()).str(), getFileShape(argument),
        params->scales.empty() ? tflite::TensorType::FLOAT32
                               : tflite::TensorType::INT8,
        *params);
    tensors[argument] = index;
    inputs.push_back(index);
  }
  for (Operation &op : function.front()) {
    if (failed(convert(&op)) || (unclamped && failed(clampOutput())))
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
