//===- TfliteDotProducts.cpp - Dot products in TFLite -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TfliteWriter.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include <algorithm>

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

template <typename T>
static std::vector<char> toBytes(const std::vector<T> &v) {
  auto begin = reinterpret_cast<const char *>(v.data());
  return std::vector<char>(begin, begin + v.size() * sizeof(T));
}

FailureOr<Writer::Filter> Writer::readFilter(Operation *op) {
  Filter filter;
  if (!getElementTypeOrSelf(op->getResult(0).getType()).isF32()) {
    FailureOr<DotProduct> dot = readDotProduct(op, kDotKernels);
    if (failed(dot))
      return failure();
    filter = {dot->weightShape,     tflite::TensorType::INT8,
              toBytes(dot->codes),  toBytes(dot->bias),
              dot->weightScales,    dot->biasScales,
              dot->requant.getLo(), dot->requant.getHi()};
    return filter;
  }
  Value weights = op->getOperand(1);
  FailureOr<std::vector<float>> values = getFloatConstant(weights);
  std::vector<float> bias(getShape(weights)[0]);
  if (failed(values))
    return op->emitError() << "the weights of "
                           << describeTensor(op->getResult(0))
                           << ": expected a constant of floats";
  if (op->getNumOperands() > 2) {
    FailureOr<std::vector<float>> given = getFloatConstant(op->getOperand(2));
    if (failed(given) || (given->size() != 1 && given->size() != bias.size()))
      return op->emitError()
             << "the bias of " << describeTensor(op->getResult(0))
             << ": expected " << bias.size() << " constant floats";
    for (size_t c = 0; c < bias.size(); ++c)
      bias[c] = (*given)[given->size() == 1 ? 0 : c];
  }
  filter.shape = llvm::to_vector(getShape(weights));
  filter.type = tflite::TensorType::FLOAT32;
  filter.weights = toBytes(*values);
  filter.bias = toBytes(bias);
  return filter;
}

std::pair<int32_t, int32_t> Writer::addFilter(Operation *op, Filter &filter,
                                              int32_t axis) {
  bool isFloat = filter.type == tflite::TensorType::FLOAT32;
  constantBytes += filter.weights.size() + filter.bias.size();
  int32_t weights = model.addConstant(
      helperName(op, "_weights"), filter.shape, filter.type,
      filter.weights.data(), filter.weights.size(), {filter.scales, {}, axis});
  int32_t bias = model.addConstant(
      helperName(op, "_bias"), {int64_t(filter.bias.size() / 4)},
      isFloat ? tflite::TensorType::FLOAT32 : tflite::TensorType::INT32,
      filter.bias.data(), filter.bias.size(), {filter.biasScales, {}, 0});
  return {weights, bias};
}

LogicalResult Writer::convert(Conv2DOp op) {
  FailureOr<Filter> filter = readFilter(op);
  if (failed(filter) || failed(getType(op, op.getInput())) ||
      failed(checkImages(op)))
    return failure();
  ArrayRef<int64_t> stride = op.getStride(), dilation = op.getDilation();
  auto input = getWindowed(op, op.getInput(),
                           getWindows(op.getInput(), op.getOutput(),
                                      ArrayRef(filter->shape).slice(1, 2),
                                      stride, dilation, op.getPad()),
                           op.getPad(), std::nullopt);
  if (failed(input))
    return failure();

  int64_t channels = filter->shape[0], groups = op.getGroups();
  bool depthwise = groups > 1 && groups == getShape(op.getInput())[3];
  if (depthwise) {
    // 1,KH,KW,O.
    size_t taps = filter->shape[1] * filter->shape[2],
           size = filter->weights.size() / (taps * channels);
    std::vector<char> weights(filter->weights.size());
    for (size_t c = 0; c < size_t(channels); ++c)
      for (size_t i = 0; i < taps; ++i)
        std::copy_n(&filter->weights[(c * taps + i) * size], size,
                    &weights[(i * channels + c) * size]);
    filter->weights = std::move(weights);
    filter->shape = {1, filter->shape[1], filter->shape[2], channels};
  }
  auto [weights, bias] = addFilter(op, *filter, depthwise ? 3 : 0);
  FailureOr<Output> output =
      addOutput(op, filter->lo, filter->hi, /*fuses=*/true);
  if (failed(output))
    return failure();
  if (depthwise) {
    DepthwiseConv2DOptionsT options;
    options.padding = input->second;
    options.stride_h = stride[0];
    options.stride_w = stride[1];
    options.depth_multiplier = channels / groups;
    options.fused_activation_function = output->activation;
    options.dilation_h_factor = dilation[0];
    options.dilation_w_factor = dilation[1];
    model.addOp(BuiltinOperator::DEPTHWISE_CONV_2D, 3,
                {input->first, weights, bias}, output->tensor, options);
    return success();
  }
  Conv2DOptionsT options;
  options.padding = input->second;
  options.stride_h = stride[0];
  options.stride_w = stride[1];
  options.fused_activation_function = output->activation;
  options.dilation_h_factor = dilation[0];
  options.dilation_w_factor = dilation[1];
  model.addOp(BuiltinOperator::CONV_2D, groups > 1 ? 6 : 3,
              {input->first, weights, bias}, output->tensor, options);
  return success();
}

LogicalResult Writer::convert(FullyConnectedOp op) {
  FailureOr<Filter> filter = readFilter(op);
  if (failed(filter) || failed(getType(op, op.getInput())))
    return failure();
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  if (failed(input))
    return failure();
  auto [weights, bias] = addFilter(op, *filter);
  FailureOr<Output> output =
      addOutput(op, filter->lo, filter->hi, /*fuses=*/true);
  if (failed(output))
    return failure();
  FullyConnectedOptionsT options;
  options.fused_activation_function = output->activation;
  options.keep_num_dims = getShape(op.getInput()).size() != 2;
  int32_t version = filter->scales.size() > 1 ? 12
                    : options.keep_num_dims   ? 5
                                              : 4;
  model.addOp(BuiltinOperator::FULLY_CONNECTED, version,
              {*input, weights, bias}, output->tensor, options);
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
  FailureOr<Filter> filter = readFilter(op);
  if (failed(filter) || failed(getType(op, op.getInput())) ||
      failed(checkImages(op)))
    return failure();
  if (op.getGroups() != 1 ||
      llvm::any_of(op.getDilation(), [](int64_t d) { return d != 1; }))
    return unsupported(op, "transposed convolution with groups or dilation");
  FailureOr<int32_t> input = getOperand(op, op.getInput());
  FailureOr<TensorParams> params = getParams(op, op.getOutput());
  if (failed(input) || failed(params))
    return failure();
  bool same = isSameTransposed(op, filter->shape);
  // Without padding it is the whole result, of which this op's is a part.
  SmallVector<int64_t> shape = getFileShape(op.getOutput()), whole(shape),
                       begin(4, 0);
  bool isPart = false;
  if (!same)
    for (int i : {0, 1}) {
      int64_t size = (getShape(op.getInput())[1 + i] - 1) * op.getStride()[i] +
                     filter->shape[1 + i];
      begin[1 + i] = op.getPad()[2 * i];
      // What lies behind the last pixel is bias: VALID may be larger.
      whole[1 + i] = std::max(size, begin[1 + i] + shape[1 + i]);
      if (whole[1 + i] >= size + op.getStride()[i])
        return unsupported(op, "transposed convolution that pads its result by "
                               "a stride or more");
      isPart |= whole[1 + i] != shape[1 + i];
    }

  // The size of the result is an operand, for one sample.
  SmallVector<int64_t> sizes(whole);
  sizes[0] = std::abs(sizes[0]);
  int32_t size = model.addIndices(helperName(op, "_size"), sizes);
  auto [weights, bias] = addFilter(op, *filter);
  Output output;
  if (isPart) {
    // Cut to size first, then to the bounds that no activation function has.
    output = {
        model.addTensor(helperName(op, "_whole"), whole, filter->type, *params),
        getActivation(op.getOutput(), filter->lo, filter->hi)
            .value_or(ActivationFunctionType::NONE)};
  } else {
    FailureOr<Output> made =
        addOutput(op, filter->lo, filter->hi, /*fuses=*/true);
    if (failed(made))
      return failure();
    output = *made;
  }
  TransposeConvOptionsT options;
  options.padding = same ? Padding::SAME : Padding::VALID;
  options.stride_h = op.getStride()[0];
  options.stride_w = op.getStride()[1];
  options.fused_activation_function = output.activation;
  model.addOp(BuiltinOperator::TRANSPOSE_CONV,
              output.activation == ActivationFunctionType::NONE ? 3 : 4,
              {size, weights, *input, bias}, output.tensor, options);
  if (!isPart)
    return success();
  FailureOr<Output> part =
      addOutput(op, filter->lo, filter->hi, /*fuses=*/true);
  if (failed(part))
    return failure();
  SmallVector<int64_t> counts(shape);
  counts[0] = std::max<int64_t>(counts[0], -1);
  model.addOp(BuiltinOperator::SLICE, 2,
              {output.tensor, model.addIndices(helperName(op, "_begin"), begin),
               model.addIndices(helperName(op, "_count"), counts)},
              part->tensor);
  return success();
}

LogicalResult Writer::convert(MatMulOp op) {
  if (op.isFloat())
    return emit(op, BuiltinOperator::BATCH_MATMUL, 1, op.getOperands(),
                BatchMatMulOptionsT());
  if (!op.getRequant())
    return unsupported(op, "product of activations whose result is not codes");
  if (failed(readMatMul(op, {RequantizeKernel::R1, RequantizeKernel::R2},
                        /*productInF32=*/true)))
    return failure();
  FailureOr<int32_t> lhs = getOperand(op, op.getLhs()),
                     rhs = getOperand(op, op.getRhs());
  if (failed(lhs) || failed(rhs))
    return failure();
  FailureOr<Output> output =
      addOutput(op, op.getRequant()->getLo(), op.getRequant()->getHi(),
                /*fuses=*/false);
  if (failed(output))
    return failure();
  model.addOp(BuiltinOperator::BATCH_MATMUL, 2, {*lhs, *rhs}, output->tensor,
              BatchMatMulOptionsT());
  return success();
}
