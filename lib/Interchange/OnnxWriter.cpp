//===- OnnxWriter.cpp - A step-4 program as an ONNX model -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnnxWriter.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::onnx_export;

/// A protobuf message has at most 2 GiB.
static constexpr size_t kMaxConstantBytes = size_t(2000) << 20;

SmallVector<int64_t> onnx_export::toStored(ArrayRef<int64_t> values,
                                           bool channelsFirst) {
  if (!channelsFirst)
    return SmallVector<int64_t>(values);
  SmallVector<int64_t> result;
  for (int64_t axis : kToChannelsFirst)
    result.push_back(values[axis]);
  return result;
}

int64_t onnx_export::toStoredAxis(int64_t axis, bool channelsFirst) {
  return channelsFirst
             ? llvm::find(kToChannelsFirst, axis) - std::begin(kToChannelsFirst)
             : axis;
}

LogicalResult Writer::unsupported(Operation *op, const Twine &reason) {
  return op->emitError() << describeTensor(op->getResult(0)) << ": " << format
                         << " has no " << reason;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

FailureOr<int32_t> Writer::getType(Operation *op, Value value) {
  Type element = getElementTypeOrSelf(value.getType());
  if (element.isF32())
    return onnx::TensorProto::FLOAT;
  if (element.isSignlessInteger(32))
    return onnx::TensorProto::INT32;
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    int64_t lo = uniform.getStorageTypeMin(), hi = uniform.getStorageTypeMax();
    if (lo == -128 && hi == 127)
      return onnx::TensorProto::INT8;
    if (lo == 0 && hi == 255)
      return onnx::TensorProto::UINT8;
    if (hasNarrowGrids() && uniform.getStorageTypeIntegralWidth() == 8)
      return uniform.isSigned() ? onnx::TensorProto::INT8
                                : onnx::TensorProto::UINT8;
  }
  op->emitError() << describeTensor(value)
                  << ": expected f32 or codes of the whole of 8 bits, got "
                  << element;
  return failure();
}

LogicalResult Writer::checkValue(Operation *op, Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return op->emitError() << "expected a tensor of known rank, got "
                           << value.getType();
  // The batch may have moved, but for arguments.
  bool isBatch = type.getNumDynamicDims() == 0 ||
                 (type.getNumDynamicDims() == 1 &&
                  (!isa<BlockArgument>(value) || type.isDynamicDim(0)));
  if (!isBatch)
    return op->emitError()
           << describeTensor(value)
           << ": expected sizes that are known, but for the batch, got "
           << type;
  return success(succeeded(getType(op, value)));
}

std::string Writer::helperName(Value value, StringRef suffix) {
  StringRef name = getTensorName(value);
  if (name.empty())
    name = "tensor";
  return names.unique((name + suffix).str());
}

bool Writer::isChannelsFirst(Value value) const {
  auto tensor = tensors.find(value);
  return tensor != tensors.end() && tensor->second.channelsFirst;
}

bool Writer::isWholeGrid(Value value, int64_t lo, int64_t hi) const {
  numerics::Grid grid = getFileParams(value).grid;
  return lo <= grid.qmin && hi >= grid.qmax;
}

/// The elements of an N,H,W,C tensor in N,C,H,W order.
template <typename T>
static std::vector<T> toStoredElements(const std::vector<T> &values,
                                       ArrayRef<int64_t> shape,
                                       bool channelsFirst) {
  if (!channelsFirst)
    return values;
  std::vector<T> result;
  int64_t pixels = shape[1] * shape[2], channels = shape[3];
  for (int64_t n = 0; n < shape[0]; ++n)
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t i = 0; i < pixels; ++i)
        result.push_back(values[(n * pixels + i) * channels + c]);
  return result;
}

LogicalResult Writer::addConstant(Operation *op, Value value,
                                  bool channelsFirst) {
  FailureOr<int32_t> type = getType(op, value);
  if (failed(type))
    return failure();
  ArrayRef<int64_t> shape = getShape(value);
  channelsFirst &= shape.size() == 4;
  std::string name = names.get(value, "constant");
  tensors[value] = {name, channelsFirst};
  SmallVector<int64_t> stored = toStored(shape, channelsFirst);
  if (*type == onnx::TensorProto::FLOAT) {
    FailureOr<std::vector<float>> data = getFloatConstant(value);
    if (failed(data))
      return op->emitError() << "expected a constant with data";
    model.addConstant(name, stored,
                      toStoredElements(*data, shape, channelsFirst));
    return success();
  }
  FailureOr<std::vector<int64_t>> codes = getIntegerConstant(value);
  if (failed(codes))
    return op->emitError() << "expected a constant with data";
  *codes = toStoredElements(*codes, shape, channelsFirst);
  if (*type == onnx::TensorProto::INT32)
    model.addConstant(name, stored,
                      std::vector<int32_t>(codes->begin(), codes->end()));
  else
    addCodes(name, value, stored, *codes);
  return success();
}

FailureOr<std::string> Writer::get(Operation *op, Value value,
                                   bool channelsFirst) {
  if (!tensors.contains(value)) {
    if (!value.getDefiningOp<tosa::ConstOp>())
      return op->emitError() << "expected " << describeTensor(value)
                             << " to be a tensor of the program";
    if (failed(addConstant(op, value, channelsFirst)))
      return failure();
  }
  Tensor &tensor = tensors[value];
  if (getShape(value).size() != 4 || tensor.channelsFirst == channelsFirst)
    return tensor.name;
  std::string &other = transposed[value];
  if (other.empty()) {
    other = names.unique(tensor.name + (channelsFirst ? "_nchw" : "_nhwc"));
    model.addNode("Transpose", {tensor.name}, other)
        .set("perm", channelsFirst ? ArrayRef<int64_t>(kToChannelsFirst)
                                   : ArrayRef<int64_t>(kToChannelsLast));
  }
  return other;
}

std::string Writer::define(Value value, bool channelsFirst) {
  std::string name;
  // What the program returns has the name of the output.
  for (OpOperand &use : value.getUses())
    if (isa<func::ReturnOp>(use.getOwner()) && !channelsFirst && name.empty())
      name = names.getOutput(use.getOperandNumber()).str();
  if (name.empty())
    name =
        names.get(value, isa<BlockArgument>(value)
                             ? "input"
                             : value.getDefiningOp()->getName().stripDialect());
  tensors[value] = {name, channelsFirst};
  return name;
}

std::string Writer::addCodes(const std::string &name, Value like,
                             ArrayRef<int64_t> shape, ArrayRef<int64_t> codes) {
  auto type =
      cast<quant::UniformQuantizedType>(getElementTypeOrSelf(like.getType()));
  if (type.isSigned())
    model.addConstant(name, shape,
                      std::vector<int8_t>(codes.begin(), codes.end()));
  else
    model.addConstant(name, shape,
                      std::vector<uint8_t>(codes.begin(), codes.end()));
  return name;
}

std::pair<std::string, std::string> Writer::getParams(Value value) {
  auto &found = params[getElementTypeOrSelf(value.getType())];
  if (found.first.empty()) {
    numerics::QuantParams p = getFileParams(value);
    found = {helperName(value, "_scale"), helperName(value, "_zero_point")};
    model.addConstant(found.first, {},
                      std::vector<float>{static_cast<float>(p.scale)});
    addCodes(found.second, value, {}, {p.zeroPoint});
  }
  return found;
}

std::string Writer::addShape(const std::string &name, ArrayRef<int64_t> shape) {
  model.addConstant(name, {static_cast<int64_t>(shape.size())}, shape.vec());
  return name;
}

/// Operand and result of ops that only move codes.
LogicalResult Writer::sameParams(Operation *op) {
  Type result = getElementTypeOrSelf(op->getResult(0).getType());
  for (Value operand : op->getOperands())
    if (isa<quant::QuantizedType>(getElementTypeOrSelf(operand.getType())) &&
        getElementTypeOrSelf(operand.getType()) != result)
      return unsupported(op, "'" + op->getName().getStringRef() +
                                 "' between different scales");
  return success();
}

//===----------------------------------------------------------------------===//
// Parts of dot products and pools
//===----------------------------------------------------------------------===//

std::string Writer::addWeights(const DotProduct &dot) {
  SmallVector<int64_t> shape = dot.weightShape;
  std::vector<int8_t> codes = dot.codes;
  int64_t taps = shape.size() == 4 ? shape[1] * shape[2] : 1,
          depth = shape.back();
  if (auto transposed = dyn_cast<TransposeConv2DOp>(dot.op)) {
    int64_t groups = transposed.getGroups(), channels = shape[0] / groups;
    for (int64_t o = 0; o < shape[0]; ++o)
      for (int64_t i = 0; i < taps; ++i)
        for (int64_t c = 0; c < depth; ++c)
          codes[((o / channels * depth + c) * channels + o % channels) * taps +
                i] = dot.codes[(o * taps + i) * depth + c];
    shape = {depth * groups, channels, shape[1], shape[2]};
  } else if (shape.size() == 4) {
    for (int64_t o = 0; o < shape[0]; ++o)
      for (int64_t i = 0; i < taps; ++i)
        for (int64_t c = 0; c < depth; ++c)
          codes[(o * depth + c) * taps + i] =
              dot.codes[(o * taps + i) * depth + c];
    shape = {shape[0], shape[3], shape[1], shape[2]};
  }
  std::string name = helperName(dot.output, "_weights");
  model.addConstant(name, shape, codes);
  return name;
}

void Writer::setPoolAttributes(Node &node, ArrayRef<int64_t> kernel,
                               ArrayRef<int64_t> stride,
                               ArrayRef<int64_t> pad) {
  node.set("kernel_shape", kernel).set("strides", stride);
  // Top, bottom, left, right here; both beginnings first there.
  node.set("pads", ArrayRef<int64_t>{pad[0], pad[2], pad[1], pad[3]});
}

void Writer::setConvAttributes(const DotProduct &dot, Node &node) {
  auto set = [&](auto conv) {
    setPoolAttributes(node, ArrayRef(dot.weightShape).slice(1, 2),
                      conv.getStride(), conv.getPad());
    node.set("dilations", conv.getDilation()).set("group", conv.getGroups());
  };
  if (auto transposed = dyn_cast<TransposeConv2DOp>(dot.op)) {
    set(transposed);
    node.set("output_padding", transposed.getOutputPad());
    return;
  }
  set(cast<Conv2DOp>(dot.op));
}

bool Writer::isGlobal(Value input, ArrayRef<int64_t> kernel,
                      ArrayRef<int64_t> pad) {
  return kernel == getShape(input).slice(1, 2) &&
         llvm::all_of(pad, [](int64_t p) { return p == 0; });
}

std::string Writer::getMatrix(const DotProduct &dot,
                              const std::string &tensor) {
  if (getShape(dot.input).size() == 2)
    return tensor;
  std::string matrix = helperName(dot.output, "_matrix");
  model.addNode("Reshape",
                {tensor, addShape(helperName(dot.output, "_matrix_shape"),
                                  {-1, getShape(dot.input).back()})},
                matrix);
  return matrix;
}

void Writer::emitMatrix(const DotProduct &dot, const std::string &name,
                        llvm::function_ref<void(const std::string &)> emit) {
  if (getShape(dot.output).size() == 2)
    return emit(name);
  std::string matrix = helperName(dot.output, "_rows");
  emit(matrix);
  SmallVector<int64_t> shape(getShape(dot.output));
  for (int64_t &size : shape)
    if (ShapedType::isDynamic(size))
      size = -1;
  model.addNode("Reshape",
                {matrix, addShape(helperName(dot.output, "_shape"), shape)},
                name);
}

//===----------------------------------------------------------------------===//
// Between scales
//===----------------------------------------------------------------------===//

static constexpr numerics::ConcatVariant kRescaleVariants[] = {
    numerics::ConcatVariant::OnnxRuntime};

bool onnx_export::isOfConcat(RequantizeOp op) {
  if (!op->hasOneUse() || !isa<tosa::ConcatOp>(*op->user_begin()) ||
      !isa<quant::UniformQuantizedType>(getElementTypeOrSelf(op.getInput())))
    return false;
  numerics::Grid grid = getFileParams(op.getOutput()).grid;
  return op.getRequant().getLo() == grid.qmin &&
         op.getRequant().getHi() == grid.qmax;
}

void Writer::close(Value value, bool channelsFirst, int64_t lo, int64_t hi,
                   llvm::function_ref<void(const std::string &)> emit) {
  std::string name = define(value, channelsFirst);
  if (!isa<quant::QuantizedType>(getElementTypeOrSelf(value.getType())))
    return emit(name);
  auto addReal = [&](StringRef suffix, int64_t code) {
    return addArray<float>(helperName(value, suffix), {},
                           {numerics::dequantize(code, getFileParams(value))});
  };
  std::string real = helperName(value, "_real");
  emit(real);
  numerics::QuantParams params = getFileParams(value);
  if (!isWholeGrid(value, lo, hi)) {
    std::string clamped = helperName(value, "_clamped");
    if (lo == params.zeroPoint && hi >= params.grid.qmax)
      model.addNode("Relu", {real}, clamped);
    else
      model.addNode("Clip", {real, addReal("_min", lo), addReal("_max", hi)},
                    clamped);
    real = clamped;
  }
  auto [scale, zeroPoint] = getParams(value);
  model.addNode("QuantizeLinear", {real, scale, zeroPoint}, name);
}

LogicalResult Writer::convert(RequantizeOp op) {
  if (op.getInput().getDefiningOp<MatMulOp>())
    return emitMatMul(op);
  if (!isa<quant::UniformQuantizedType>(getElementTypeOrSelf(op.getInput()))) {
    FailureOr<DotProduct> dot = readDotProduct(op, getDotKernels());
    return failed(dot) ? failure() : emitDot(*dot);
  }
  if (failed(checkRescale(op, kRescaleVariants)))
    return failure();
  if (isOfConcat(op))
    return success();
  bool channelsFirst = isChannelsFirst(op.getInput());
  FailureOr<std::string> input = get(op, op.getInput(), channelsFirst);
  if (failed(input))
    return failure();
  auto [scale, zeroPoint] = getParams(op.getInput());
  close(op.getOutput(), channelsFirst, op.getRequant().getLo(),
        op.getRequant().getHi(),
        [&, scale = scale, zeroPoint = zeroPoint](const std::string &name) {
          model.addNode("DequantizeLinear", {*input, scale, zeroPoint}, name);
        });
  return success();
}

LogicalResult Writer::convert(QuantizeOp op) {
  bool channelsFirst = isChannelsFirst(op.getInput());
  FailureOr<std::string> input = get(op, op.getInput(), channelsFirst);
  if (failed(input))
    return failure();
  auto [scale, zeroPoint] = getParams(op.getOutput());
  model.addNode("QuantizeLinear", {*input, scale, zeroPoint},
                define(op.getOutput(), channelsFirst));
  return success();
}

LogicalResult Writer::convert(DequantizeOp op) {
  bool channelsFirst = isChannelsFirst(op.getInput());
  FailureOr<std::string> input = get(op, op.getInput(), channelsFirst);
  if (failed(input))
    return failure();
  auto [scale, zeroPoint] = getParams(op.getInput());
  model.addNode("DequantizeLinear", {*input, scale, zeroPoint},
                define(op.getOutput(), channelsFirst));
  return success();
}

LogicalResult Writer::convert(SoftmaxOp op) {
  if (!getElementTypeOrSelf(op.getInput().getType()).isF32())
    return unsupported(op, "softmax of codes");
  FailureOr<std::string> input = get(op, op.getInput(), false);
  if (failed(input))
    return failure();
  model
      .addNode("Softmax", {keepFloat(op.getInput(), *input)},
               define(op.getOutput(), false))
      .set("axis", static_cast<int64_t>(op.getAxis()));
  return success();
}

/// The entry of the table that starts at the smallest code.
LogicalResult Writer::convert(LookupOp op) {
  Value input = op.getInput(), output = op.getOutput();
  if (op.getChannelAxis())
    return unsupported(op, "table per channel");
  bool channelsFirst = isChannelsFirst(input);
  FailureOr<std::string> codes = get(op, input, channelsFirst);
  if (failed(codes))
    return failure();
  std::string table = addCodes(helperName(output, "_table"), output,
                               {static_cast<int64_t>(op.getTable().size())},
                               SmallVector<int64_t>(op.getTable()));
  std::string index = helperName(output, "_index");
  model.addNode("Cast", {*codes}, index)
      .set("to", int64_t(onnx::TensorProto::INT32));
  if (int64_t first = getFileParams(input).grid.qmin; first != 0) {
    std::string position = helperName(output, "_position");
    model.addNode("Sub",
                  {index, addArray<int32_t>(helperName(output, "_first"), {},
                                            {static_cast<int32_t>(first)})},
                  position);
    index = position;
  }
  model.addNode("Gather", {table, index}, define(output, channelsFirst));
  return success();
}

LogicalResult Writer::convert(tosa::ClampOp op) {
  auto lo = dyn_cast<FloatAttr>(op.getMinVal()),
       hi = dyn_cast<FloatAttr>(op.getMaxVal());
  if (!lo || !hi || !getElementTypeOrSelf(op.getOutput().getType()).isF32())
    return unsupported(op, "clamp of codes");
  bool channelsFirst = isChannelsFirst(op.getInput());
  FailureOr<std::string> input = get(op, op.getInput(), channelsFirst);
  if (failed(input))
    return failure();
  auto bound = [&](StringRef suffix, const APFloat &value) {
    std::string name = helperName(op.getOutput(), suffix);
    model.addConstant(name, {}, std::vector<float>{value.convertToFloat()});
    return name;
  };
  if (lo.getValue().isZero() &&
      (hi.getValue().isLargest() || hi.getValue().isInfinity())) {
    model.addNode("Relu", {*input}, define(op.getOutput(), channelsFirst));
    return success();
  }
  std::string min = bound("_min", lo.getValue()),
              max = bound("_max", hi.getValue());
  model.addNode("Clip", {*input, min, max},
                define(op.getOutput(), channelsFirst));
  return success();
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

/// A sum that is no tensor of the model.
static bool isAccumulator(Value value) {
  return isa<IntegerType>(getElementTypeOrSelf(value.getType())) &&
         isa_and_present<Conv2DOp, TransposeConv2DOp, FullyConnectedOp,
                         MatMulOp>(value.getDefiningOp());
}

LogicalResult Writer::convert(Operation *op) {
  if (std::optional<LogicalResult> written = emitOwn(op))
    return *written;
  // Accumulators are read together with what requantizes them.
  if (op->getNumResults() == 1 && isAccumulator(op->getResult(0)))
    return success();
  if (isa<Conv2DOp, TransposeConv2DOp, FullyConnectedOp>(op)) {
    if (getElementTypeOrSelf(op->getResult(0)).isF32())
      return *emitFloat(op);
    FailureOr<DotProduct> dot = readDotProduct(op, getDotKernels());
    return failed(dot) ? failure() : emitDot(*dot);
  }
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<RequantizeOp, QuantizeOp, DequantizeOp, SoftmaxOp, tosa::ClampOp,
            tosa::MaxPool2dOp, tosa::ConcatOp, tosa::TransposeOp,
            tosa::ReshapeOp, tosa::PadOp, tosa::SliceOp, tosa::TileOp,
            tosa::ReverseOp, tosa::ResizeOp, LookupOp>(
          [&](auto typed) { return convert(typed); })
      .Case<hwq::AddOp>([&](auto) { return emitSum(op, false); })
      .Case<hwq::SubOp>([&](auto) { return emitSum(op, true); })
      .Case<hwq::MulOp>([&](auto mul) { return emitMul(mul); })
      .Case<MatMulOp>([&](auto product) {
        return product.isFloat() ? emitFloatMatMul(product) : emitMatMul(op);
      })
      .Case<AvgPool2DOp>([&](auto pool) { return emitAvgPool(pool); })
      .Case<tosa::ConstOp, tosa::ConstShapeOp, func::ReturnOp>(
          [](auto) { return success(); })
      .Default([&](Operation *) -> LogicalResult {
        if (op->getNumResults() != 1)
          return op->emitError() << format << " has no such op";
        bool hasCodes = llvm::any_of(op->getOperands(), [](Value operand) {
          return isa<quant::QuantizedType>(
              getElementTypeOrSelf(operand.getType()));
        });
        if (!hasCodes)
          if (std::optional<LogicalResult> written = emitFloat(op))
            return *written;
        return unsupported(op, "'" + op->getName().getStringRef() + "'");
      });
}

LogicalResult Writer::addReturn(func::ReturnOp op) {
  for (auto [i, value] : llvm::enumerate(op.getOperands())) {
    FailureOr<std::string> tensor = get(op, value, false);
    FailureOr<int32_t> type = getType(op, value);
    if (failed(tensor) || failed(type))
      return failure();
    std::string name = names.getOutput(i).str();
    if (*tensor != name)
      model.addNode("Identity", {*tensor}, name);
    model.addOutput(name, *type, getShape(value));
  }
  return success();
}

FailureOr<std::string> Writer::run() {
  for (BlockArgument argument : function.getArguments()) {
    if (failed(checkValue(function, argument)))
      return failure();
    std::string name = names.getInput(argument.getArgNumber()).str();
    tensors[argument] = {name, false};
    model.addInput(name, *getType(function, argument), getShape(argument));
  }
  for (Operation &op : function.front()) {
    bool isValue = isTensor(&op) && op.getNumResults() == 1 &&
                   !isa<tosa::ConstOp, tosa::ConstShapeOp>(op) &&
                   !isAccumulator(op.getResult(0));
    if (isValue && failed(checkValue(&op, op.getResult(0))))
      return failure();
    if (failed(convert(&op)))
      return failure();
    if (model.getConstantBytes() > kMaxConstantBytes)
      return op.emitError() << "the weights are beyond the 2 GiB of an ONNX "
                               "file";
  }
  if (failed(addReturn(cast<func::ReturnOp>(function.front().getTerminator()))))
    return failure();
  return model.finish();
}
