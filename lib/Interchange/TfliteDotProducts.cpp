//===- TfliteDotProducts.cpp - Dot products in TFLite -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TfliteWriter.h"

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
