//===- TfliteWriter.cpp - A step-4 program as a TFLite model ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Versions of operators are the lowest that have what is used; LiteRT does not
// look at them, other readers do.
//
//===----------------------------------------------------------------------===//

#include "StepFour.h"
#include "TfliteModel.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Interchange/Tflite.h"
#include "hwq/Numerics/Lut.h"
#include "hwq/Numerics/PRelu.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::tflite;
using numerics::RequantizeKernel;

/// Rounding twice, once, to f32 and in f64: whichever the engine does, it does
/// it from the same file.
static constexpr RequantizeKernel kDotKernels[] = {
    RequantizeKernel::R1, RequantizeKernel::R2, RequantizeKernel::R4,
    RequantizeKernel::R11, RequantizeKernel::R12};
static constexpr numerics::AddVariant kAddVariants[] = {
    numerics::AddVariant::Tflite, numerics::AddVariant::TfliteRuy,
    numerics::AddVariant::TfliteXnnpack, numerics::AddVariant::Snpe};
static constexpr numerics::MulVariant kMulVariants[] = {
    numerics::MulVariant::Tflite, numerics::MulVariant::TfliteXnnpack,
    numerics::MulVariant::Snpe};
static constexpr numerics::AvgPoolVariant kAvgPoolVariants[] = {
    numerics::AvgPoolVariant::Tflite};
static constexpr numerics::MeanVariant kMeanVariants[] = {
    numerics::MeanVariant::Tflite, numerics::MeanVariant::TfliteXnnpack,
    numerics::MeanVariant::Snpe};
static constexpr numerics::ConcatVariant kRescaleVariants[] = {
    numerics::ConcatVariant::Tflite, numerics::ConcatVariant::TfliteXnnpack,
    numerics::ConcatVariant::Snpe};

/// A flatbuffer's offsets have 32 bits.
static constexpr size_t kMaxConstantBytes = size_t(2000) << 20;

namespace {

/// One spatial dimension of a window that moves.
struct Window {
  int64_t in, out, stride, extent, before;

  bool isValid() const {
    return before == 0 && out == (in - extent) / stride + 1;
  }
  bool isSame() const {
    int64_t total = std::max<int64_t>((out - 1) * stride + extent - in, 0);
    return out == (in + stride - 1) / stride && before == total / 2;
  }
};

class Writer {
public:
  explicit Writer(func::FuncOp function)
      : function(function), names(function) {}
  FailureOr<std::string> run();

private:
  LogicalResult convert(Operation *op);
  LogicalResult convert(Conv2DOp op);
  LogicalResult convert(FullyConnectedOp op);
  LogicalResult convert(TransposeConv2DOp op);
  LogicalResult convert(MatMulOp op);
  LogicalResult convert(PReluOp op);
  LogicalResult convert(MeanOp op);
  LogicalResult convert(ResizeBilinearOp op);
  LogicalResult convert(tosa::ResizeOp op);
  LogicalResult convertSum(Operation *op, bool subtract);
  LogicalResult convert(hwq::MulOp op);
  LogicalResult convert(AvgPool2DOp op);
  LogicalResult convert(tosa::MaxPool2dOp op);
  LogicalResult convert(RequantizeOp op);
  LogicalResult convert(LookupOp op);
  LogicalResult convert(QuantizeOp op);
  LogicalResult convert(DequantizeOp op);
  LogicalResult convert(SoftmaxOp op);
  LogicalResult convert(tosa::ConcatOp op);
  LogicalResult convert(tosa::TransposeOp op);
  LogicalResult convert(tosa::ReshapeOp op);
  LogicalResult convert(tosa::PadOp op);
  LogicalResult convert(tosa::SliceOp op);

  FailureOr<TensorParams> getParams(Operation *op, Value value);
  FailureOr<tflite::TensorType> getType(Operation *op, Value value);
  LogicalResult checkShape(Operation *op, Value value);
  FailureOr<int32_t> getOperand(Operation *op, Value value);
  FailureOr<int32_t> addConstant(Operation *op, Value value);
  FailureOr<int32_t> addResult(Operation *op);
  FailureOr<ActivationFunctionType> getActivation(Operation *op, int64_t lo,
                                                  int64_t hi);
  LogicalResult sameParams(Operation *op);
  FailureOr<std::pair<int32_t, Padding>>
  getWindowed(Operation *op, Value input, std::array<Window, 2> windows,
              ArrayRef<int64_t> pad, std::optional<int64_t> padCode);
  int32_t addPad(StringRef name, int32_t input, ArrayRef<int64_t> shape,
                 ArrayRef<int64_t> padding, TensorParams params,
                 std::optional<int64_t> padCode);

  /// Name of a tensor that the program does not have.
  std::string helperName(Operation *op, const Twine &suffix) {
    StringRef name = getTensorName(op->getResult(0));
    return names.unique(
        ((name.empty() ? op->getName().stripDialect() : name) + suffix).str());
  }

  func::FuncOp function;
  TensorNames names;
  FileBuilder model;
  DenseMap<Value, int32_t> tensors;
  size_t constantBytes = 0;
};

} // namespace

static ArrayRef<int64_t> getShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static LogicalResult unsupported(Operation *op, const Twine &reason) {
  return op->emitError() << describeTensor(op->getResult(0))
                         << ": TFLite has no " << reason;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// `op` is where an error is.
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

/// The fused activation function whose bounds in codes are lo and hi.
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

/// Operand and result of ops that only move codes.
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

//===----------------------------------------------------------------------===//
// Padding
//===----------------------------------------------------------------------===//

/// Pads with the zero point, or with `padCode`.
int32_t Writer::addPad(StringRef name, int32_t input, ArrayRef<int64_t> shape,
                       ArrayRef<int64_t> padding, TensorParams params,
                       std::optional<int64_t> padCode) {
  int32_t amounts = model.addIndices(names.unique((name + "_padding").str()),
                                     padding, {int64_t(padding.size() / 2), 2});
  std::vector<int32_t> operands = {input, amounts};
  if (padCode) {
    auto code = static_cast<int8_t>(*padCode);
    operands.push_back(model.addConstant(names.unique((name + "_value").str()),
                                         {}, tflite::TensorType::INT8, &code, 1,
                                         params));
  }
  int32_t result = model.addTensor(name.str(), shape, tflite::TensorType::INT8,
                                   std::move(params));
  model.addOp(padCode ? BuiltinOperator::PADV2 : BuiltinOperator::PAD,
              shape.size() > 4 ? 4 : 2, std::move(operands), result);
  return result;
}

/// The input of a window op and how it is padded; one whose padding is neither
/// SAME nor VALID is padded first, with `padCode` or the zero point.
FailureOr<std::pair<int32_t, Padding>>
Writer::getWindowed(Operation *op, Value input, std::array<Window, 2> windows,
                    ArrayRef<int64_t> pad, std::optional<int64_t> padCode) {
  FailureOr<int32_t> operand = getOperand(op, input);
  if (failed(operand))
    return failure();
  if (llvm::all_of(windows, [](const Window &w) { return w.isValid(); }))
    return std::pair(*operand, Padding::VALID);
  if (llvm::all_of(windows, [](const Window &w) { return w.isSame(); }))
    return std::pair(*operand, Padding::SAME);
  SmallVector<int64_t> shape(getShape(input));
  shape[1] += pad[0] + pad[1];
  shape[2] += pad[2] + pad[3];
  FailureOr<TensorParams> params = getParams(op, input);
  if (failed(params))
    return failure();
  int32_t padded =
      addPad(helperName(op, "_padded"), *operand, shape,
             {0, 0, pad[0], pad[1], pad[2], pad[3], 0, 0}, *params, padCode);
  return std::pair(padded, Padding::VALID);
}

static std::array<Window, 2> getWindows(Value input, Value output,
                                        ArrayRef<int64_t> kernel,
                                        ArrayRef<int64_t> stride,
                                        ArrayRef<int64_t> dilation,
                                        ArrayRef<int64_t> pad) {
  std::array<Window, 2> windows;
  for (int i = 0; i < 2; ++i)
    windows[i] = {getShape(input)[1 + i], getShape(output)[1 + i], stride[i],
                  (kernel[i] - 1) * dilation[i] + 1, pad[2 * i]};
  return windows;
}

//===----------------------------------------------------------------------===//
// Dot products
//===----------------------------------------------------------------------===//

LogicalResult Writer::convert(Conv2DOp op) {
  FailureOr<DotProduct> dot = readDotProduct(op, kDotKernels);
  if (failed(dot) || failed(getType(op, op.getInput())) ||
      failed(checkShape(op, op.getInput())))
    return failure();
  FailureOr<ActivationFunctionType> activation =
      getActivation(op, dot->requant.getLo(), dot->requant.getHi());
  if (failed(activation))
    return failure();
  ArrayRef<int64_t> stride = op.getStride(), dilation = op.getDilation();
  auto input = getWindowed(op, op.getInput(),
                           getWindows(op.getInput(), op.getOutput(),
                                      ArrayRef(dot->weightShape).slice(1, 2),
                                      stride, dilation, op.getPad()),
                           op.getPad(), std::nullopt);
  if (failed(input))
    return failure();

  int64_t channels = dot->weightShape[0], groups = op.getGroups(),
          inputChannels = getShape(op.getInput())[3];
  bool depthwise = groups > 1 && groups == inputChannels;
  TensorParams weightParams{dot->weightScales, {}, depthwise ? 3 : 0};
  if (depthwise) {
    // 1,KH,KW,O.
    int64_t taps = dot->weightShape[1] * dot->weightShape[2];
    std::vector<int8_t> codes(dot->codes.size());
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t i = 0; i < taps; ++i)
        codes[i * channels + c] = dot->codes[c * taps + i];
    dot->codes = std::move(codes);
    dot->weightShape = {1, dot->weightShape[1], dot->weightShape[2], channels};
  }
  constantBytes += dot->codes.size() + 4 * dot->bias.size();
  int32_t weights = model.addConstant(
      helperName(op, "_weights"), dot->weightShape, tflite::TensorType::INT8,
      dot->codes.data(), dot->codes.size(), std::move(weightParams));
  int32_t bias = model.addConstant(helperName(op, "_bias"), {channels},
                                   tflite::TensorType::INT32, dot->bias.data(),
                                   dot->bias.size() * sizeof(int32_t),
                                   {dot->biasScales, {}, 0});
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  if (depthwise) {
    DepthwiseConv2DOptionsT options;
    options.padding = input->second;
    options.stride_h = stride[0];
    options.stride_w = stride[1];
    options.depth_multiplier = channels / groups;
    options.fused_activation_function = *activation;
    options.dilation_h_factor = dilation[0];
    options.dilation_w_factor = dilation[1];
    model.addOp(BuiltinOperator::DEPTHWISE_CONV_2D, 3,
                {input->first, weights, bias}, *result, options);
    return success();
  }
  Conv2DOptionsT options;
  options.padding = input->second;
  options.stride_h = stride[0];
  options.stride_w = stride[1];
  options.fused_activation_function = *activation;
  options.dilation_h_factor = dilation[0];
  options.dilation_w_factor = dilation[1];
  model.addOp(BuiltinOperator::CONV_2D, groups > 1 ? 6 : 3,
              {input->first, weights, bias}, *result, options);
  return success();
}

LogicalResult Writer::convert(FullyConnectedOp op) {
  FailureOr<DotProduct> dot = readDotProduct(op, kDotKernels);
  if (failed(dot) || failed(getType(op, op.getInput())))
    return failure();
  FailureOr<ActivationFunctionType> activation =
      getActivation(op, dot->requant.getLo(), dot->requant.getHi());
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(activation) || failed(input))
    return failure();
  constantBytes += dot->codes.size() + 4 * dot->bias.size();
  int32_t weights = model.addConstant(
      helperName(op, "_weights"), dot->weightShape, tflite::TensorType::INT8,
      dot->codes.data(), dot->codes.size(), {dot->weightScales, {}, 0});
  int32_t bias = model.addConstant(
      helperName(op, "_bias"), {dot->weightShape[0]}, tflite::TensorType::INT32,
      dot->bias.data(), dot->bias.size() * sizeof(int32_t),
      {dot->biasScales, {}, 0});
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  FullyConnectedOptionsT options;
  options.fused_activation_function = *activation;
  options.keep_num_dims = getShape(op.getInput()).size() != 2;
  int32_t version = dot->weightScales.size() > 1 ? 12
                    : options.keep_num_dims      ? 5
                                                 : 4;
  model.addOp(BuiltinOperator::FULLY_CONNECTED, version,
              {*input, weights, bias}, *result, options);
  return success();
}

/// The padding that LiteRT takes for SAME from the sizes.
static bool isSameTransposed(TransposeConv2DOp op,
                             ArrayRef<int64_t> weightShape) {
  for (int i : {0, 1}) {
    int64_t in = getShape(op.getInput())[1 + i],
            out = getShape(op.getOutput())[1 + i], stride = op.getStride()[i];
    int64_t total =
        std::max<int64_t>((in - 1) * stride + weightShape[1 + i] - out, 0);
    if (in != (out + stride - 1) / stride || op.getPad()[2 * i] != total / 2)
      return false;
  }
  return true;
}

LogicalResult Writer::convert(TransposeConv2DOp op) {
  FailureOr<DotProduct> dot = readDotProduct(op, kDotKernels);
  if (failed(dot) || failed(getType(op, op.getInput())) ||
      failed(checkShape(op, op.getInput())) ||
      failed(checkShape(op, op.getOutput())))
    return failure();
  if (op.getGroups() != 1 ||
      llvm::any_of(op.getDilation(), [](int64_t d) { return d != 1; }))
    return unsupported(op, "transposed convolution with groups or dilation");
  FailureOr<ActivationFunctionType> activation =
      getActivation(op, dot->requant.getLo(), dot->requant.getHi());
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  FailureOr<TensorParams> params = getParams(op, op.getOutput());
  if (failed(activation) || failed(input) || failed(params))
    return failure();
  bool same = isSameTransposed(op, dot->weightShape);
  // Without padding it is the whole result, of which this op's is a part.
  ArrayRef<int64_t> shape = getShape(op.getOutput());
  SmallVector<int64_t> whole(shape), begin(4, 0);
  bool isPart = false;
  if (!same)
    for (int i : {0, 1}) {
      int64_t size = (getShape(op.getInput())[1 + i] - 1) * op.getStride()[i] +
                     dot->weightShape[1 + i];
      begin[1 + i] = op.getPad()[2 * i];
      // What lies behind the last pixel is bias: VALID may be larger.
      whole[1 + i] = std::max(size, begin[1 + i] + shape[1 + i]);
      if (whole[1 + i] >= size + op.getStride()[i])
        return unsupported(op, "transposed convolution that pads its result by "
                               "a stride or more");
      isPart |= whole[1 + i] != shape[1 + i];
    }

  constantBytes += dot->codes.size() + 4 * dot->bias.size();
  // The size of the result is an operand, for one sample.
  SmallVector<int64_t> sizes(whole);
  if (ShapedType::isDynamic(sizes[0]))
    sizes[0] = 1;
  int32_t size = model.addIndices(helperName(op, "_size"), sizes);
  int32_t weights = model.addConstant(
      helperName(op, "_weights"), dot->weightShape, tflite::TensorType::INT8,
      dot->codes.data(), dot->codes.size(), {dot->weightScales, {}, 0});
  int32_t bias = model.addConstant(
      helperName(op, "_bias"), {dot->weightShape[0]}, tflite::TensorType::INT32,
      dot->bias.data(), dot->bias.size() * sizeof(int32_t),
      {dot->biasScales, {}, 0});
  int32_t result = 0;
  if (isPart) {
    result = model.addTensor(helperName(op, "_whole"), whole,
                             tflite::TensorType::INT8, *params);
  } else {
    FailureOr<int32_t> made = addResult(op);
    if (failed(made))
      return failure();
    result = *made;
  }
  TransposeConvOptionsT options;
  options.padding = same ? Padding::SAME : Padding::VALID;
  options.stride_h = op.getStride()[0];
  options.stride_w = op.getStride()[1];
  options.fused_activation_function = *activation;
  model.addOp(BuiltinOperator::TRANSPOSE_CONV,
              *activation == ActivationFunctionType::NONE ? 3 : 4,
              {size, weights, *input, bias}, result, options);
  if (!isPart)
    return success();
  FailureOr<int32_t> part = addResult(op);
  if (failed(part))
    return failure();
  SmallVector<int64_t> counts(shape);
  if (ShapedType::isDynamic(counts[0]))
    counts[0] = -1;
  model.addOp(BuiltinOperator::SLICE, 2,
              {result, model.addIndices(helperName(op, "_begin"), begin),
               model.addIndices(helperName(op, "_count"), counts)},
              *part);
  return success();
}

LogicalResult Writer::convert(MatMulOp op) {
  if (!op.getRequant())
    return unsupported(op, "product of activations whose result is not codes");
  if (failed(checkMatMul(op, {RequantizeKernel::R1, RequantizeKernel::R2},
                         /*productInF32=*/true)))
    return failure();
  FailureOr<ActivationFunctionType> activation =
      getActivation(op, op.getRequant()->getLo(), op.getRequant()->getHi());
  FailureOr<int32_t> lhs = getOperand(op, op.getLhs()),
                     rhs = getOperand(op, op.getRhs());
  if (failed(activation) || failed(lhs) || failed(rhs))
    return failure();
  if (*activation != ActivationFunctionType::NONE)
    return unsupported(op,
                       "product of activations with an activation function");
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::BATCH_MATMUL, 2, {*lhs, *rhs}, *result,
              BatchMatMulOptionsT());
  return success();
}

//===----------------------------------------------------------------------===//
// Elementwise ops and pools
//===----------------------------------------------------------------------===//

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

LogicalResult Writer::convert(AvgPool2DOp op) {
  if (failed(checkAvgPool(op, kAvgPoolVariants)) || failed(sameParams(op)) ||
      failed(checkShape(op, op.getInput())))
    return failure();
  FailureOr<ActivationFunctionType> activation =
      getActivation(op, op.getClamp()[0], op.getClamp()[1]);
  if (failed(activation))
    return failure();
  auto windows = getWindows(op.getInput(), op.getOutput(), op.getKernel(),
                            op.getStride(), {1, 1}, op.getPad());
  // Padding takes no part in the average: no PAD can stand for it.
  auto all = [&](bool (Window::*has)() const) {
    return llvm::all_of(windows, [&](const Window &w) { return (w.*has)(); });
  };
  if (!all(&Window::isValid) && !all(&Window::isSame))
    return unsupported(op, "average pool whose padding is neither SAME nor "
                           "VALID");
  auto input = getWindowed(op, op.getInput(), windows, op.getPad(), {});
  if (failed(input))
    return failure();
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  Pool2DOptionsT options;
  options.padding = input->second;
  options.stride_h = op.getStride()[0];
  options.stride_w = op.getStride()[1];
  options.filter_height = op.getKernel()[0];
  options.filter_width = op.getKernel()[1];
  options.fused_activation_function = *activation;
  model.addOp(BuiltinOperator::AVERAGE_POOL_2D, 2, {input->first}, *result,
              options);
  return success();
}

LogicalResult Writer::convert(tosa::MaxPool2dOp op) {
  if (failed(sameParams(op)) || failed(checkShape(op, op.getInput())))
    return failure();
  std::optional<int64_t> lowest;
  if (auto element = dyn_cast<quant::UniformQuantizedType>(
          getElementTypeOrSelf(op.getInput().getType())))
    lowest = element.getStorageTypeMin();
  else
    return unsupported(op, "max pool of floats here");
  auto input =
      getWindowed(op, op.getInput(),
                  getWindows(op.getInput(), op.getOutput(), op.getKernel(),
                             op.getStride(), {1, 1}, op.getPad()),
                  op.getPad(), lowest);
  if (failed(input))
    return failure();
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  Pool2DOptionsT options;
  options.padding = input->second;
  options.stride_h = op.getStride()[0];
  options.stride_w = op.getStride()[1];
  options.filter_height = op.getKernel()[0];
  options.filter_width = op.getKernel()[1];
  model.addOp(BuiltinOperator::MAX_POOL_2D, 2, {input->first}, *result,
              options);
  return success();
}

//===----------------------------------------------------------------------===//
// Between scales, and functions
//===----------------------------------------------------------------------===//

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

LogicalResult Writer::convert(ResizeBilinearOp op) {
  std::optional<numerics::ResizeVariant> variant;
  if (op.getVariant())
    variant = op.getVariant()->getValue();
  auto geometry =
      getResizeGeometry(op.getInput().getType(), op.getOutput().getType(),
                        op.getScale(), op.getOffset());
  std::optional<numerics::ResizeAlignment> alignment;
  if (geometry)
    alignment = numerics::findAlignment(geometry->rows, geometry->columns);
  if (!alignment || (variant != numerics::ResizeVariant::Tflite &&
                     variant != numerics::ResizeVariant::TfliteXnnpack))
    return unsupported(op, "bilinear resize of these positions and this "
                           "arithmetic");
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  int32_t size = model.addIndices(helperName(op, "_size"),
                                  getShape(op.getOutput()).slice(1, 2));
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  ResizeBilinearOptionsT options;
  options.align_corners = alignment == numerics::ResizeAlignment::Corners;
  options.half_pixel_centers =
      alignment == numerics::ResizeAlignment::HalfPixel;
  model.addOp(BuiltinOperator::RESIZE_BILINEAR, 3, {*input, size}, *result,
              options);
  return success();
}

/// Neighbours are the same ones if every index is.
LogicalResult Writer::convert(tosa::ResizeOp op) {
  FailureOr<SmallVector<int64_t>> scale = getShapeConstant(op, op.getScale()),
                                  offset = getShapeConstant(op, op.getOffset());
  if (failed(scale) || failed(offset) || failed(sameParams(op)) ||
      failed(checkShape(op, op.getInput())))
    return failure();
  if (op.getMode() != tosa::ResizeMode::NEAREST_NEIGHBOR ||
      getElementTypeOrSelf(op.getInput().getType()).isF32())
    return unsupported(op, "resize of floats here");
  auto isNearest = [&](bool alignCorners, bool halfPixel) {
    for (int i : {0, 1}) {
      int64_t in = getShape(op.getInput())[1 + i],
              out = getShape(op.getOutput())[1 + i], n = (*scale)[2 * i],
              d = (*scale)[2 * i + 1];
      if (n < 1 || in > 32767 || out > 32767)
        return false;
      for (int64_t o = 0; o < out; ++o) {
        // Half a pixel is the next one's.
        int64_t index =
            llvm::divideFloorSigned(2 * (o * d + (*offset)[i]) + n, 2 * n);
        if (std::clamp<int64_t>(index, 0, in - 1) !=
            numerics::nearestIndex(
                static_cast<int32_t>(o), static_cast<int32_t>(in),
                static_cast<int32_t>(out), alignCorners, halfPixel))
          return false;
      }
    }
    return true;
  };
  ResizeNearestNeighborOptionsT options;
  options.half_pixel_centers = isNearest(false, true);
  options.align_corners = !options.half_pixel_centers && isNearest(true, false);
  if (!options.half_pixel_centers && !options.align_corners &&
      !isNearest(false, false))
    return unsupported(op, "resize to these neighbours");
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  int32_t size = model.addIndices(helperName(op, "_size"),
                                  getShape(op.getOutput()).slice(1, 2));
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(BuiltinOperator::RESIZE_NEAREST_NEIGHBOR, 3, {*input, size},
              *result, options);
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

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

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
  FailureOr<int64_t> code = getScalarCode(op, op.getPadConst());
  FailureOr<int32_t> input = getOperand(op, op.getInput1());
  if (failed(padding) || failed(code) || failed(input) ||
      failed(sameParams(op)))
    return failure();
  FailureOr<TensorParams> params = getParams(op, op.getOutput());
  if (failed(params))
    return failure();
  if (params->scales.empty())
    return unsupported(op, "padding of floats here");
  std::optional<int64_t> padCode;
  if (*code != params->zeroPoints[0])
    padCode = *code;
  tensors[op.getOutput()] =
      addPad(names.get(op.getOutput(), "pad"), *input, getShape(op.getOutput()),
             *padding, *params, padCode);
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
