//===- TflitePools.cpp - Pools and resizes in TFLite ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TfliteWriter.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include <limits>

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::tflite;

//===----------------------------------------------------------------------===//
// Padding
//===----------------------------------------------------------------------===//

int32_t Writer::addPad(StringRef name, int32_t input, ArrayRef<int64_t> shape,
                       ArrayRef<int64_t> padding, const TensorParams &params,
                       std::optional<double> padValue) {
  int32_t amounts = model.addIndices(names.unique((name + "_padding").str()),
                                     padding, {int64_t(padding.size() / 2), 2});
  std::vector<int32_t> operands = {input, amounts};
  bool isFloat = params.scales.empty();
  TensorType type =
      isFloat ? tflite::TensorType::FLOAT32 : tflite::TensorType::INT8;
  if (padValue) {
    std::string constant = names.unique((name + "_value").str());
    auto real = static_cast<float>(*padValue);
    auto code = static_cast<int8_t>(isFloat ? 0 : *padValue);
    operands.push_back(
        isFloat ? model.addConstant(constant, {}, type, &real, sizeof(real))
                : model.addConstant(constant, {}, type, &code, 1, params));
  }
  int32_t result = model.addTensor(name.str(), shape, type, params);
  model.addOp(padValue ? BuiltinOperator::PADV2 : BuiltinOperator::PAD,
              shape.size() > 4 ? 4
              : isFloat        ? 1
                               : 2,
              std::move(operands), result);
  return result;
}

FailureOr<std::pair<int32_t, Padding>>
Writer::getWindowed(Operation *op, Value input, std::array<Window, 2> windows,
                    ArrayRef<int64_t> pad, std::optional<double> padValue) {
  FailureOr<int32_t> operand = getOperand(op, input);
  if (failed(operand))
    return failure();
  if (llvm::all_of(windows, [](const Window &w) { return w.isValid(); }))
    return std::pair(*operand, Padding::VALID);
  if (llvm::all_of(windows, [](const Window &w) { return w.isSame(); }))
    return std::pair(*operand, Padding::SAME);
  SmallVector<int64_t> shape = getFileShape(input);
  shape[1] += pad[0] + pad[1];
  shape[2] += pad[2] + pad[3];
  FailureOr<TensorParams> params = getParams(op, input);
  if (failed(params))
    return failure();
  int32_t padded =
      addPad(helperName(op, "_padded"), *operand, shape,
             {0, 0, pad[0], pad[1], pad[2], pad[3], 0, 0}, *params, padValue);
  return std::pair(padded, Padding::VALID);
}

std::array<Window, 2> tflite::getWindows(Value input, Value output,
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
// Pools and resizes
//===----------------------------------------------------------------------===//

static constexpr numerics::AvgPoolVariant kAvgPoolVariants[] = {
    numerics::AvgPoolVariant::Tflite};

LogicalResult Writer::convert(AvgPool2DOp op) {
  if (failed(checkAvgPool(op, kAvgPoolVariants)) || failed(sameParams(op)))
    return failure();
  return convertAvgPool(op, op.getKernel(), op.getStride(), op.getPad(),
                        op.getClamp()[0], op.getClamp()[1]);
}

LogicalResult Writer::convert(tosa::AvgPool2dOp op) {
  if (!getElementTypeOrSelf(op.getOutput().getType()).isF32())
    return unsupported(op, "'tosa.avg_pool2d' of codes");
  return convertAvgPool(op, op.getKernel(), op.getStride(), op.getPad(), 0, 0);
}

LogicalResult Writer::convertAvgPool(Operation *op, ArrayRef<int64_t> kernel,
                                     ArrayRef<int64_t> stride,
                                     ArrayRef<int64_t> pad, int64_t lo,
                                     int64_t hi) {
  Value operand = op->getOperand(0);
  if (failed(checkImages(op)))
    return failure();
  auto windows =
      getWindows(operand, op->getResult(0), kernel, stride, {1, 1}, pad);
  // Padding takes no part in the average: no PAD can stand for it.
  auto all = [&](bool (Window::*has)() const) {
    return llvm::all_of(windows, [&](const Window &w) { return (w.*has)(); });
  };
  if (!all(&Window::isValid) && !all(&Window::isSame))
    return unsupported(op, "average pool whose padding is neither SAME nor "
                           "VALID");
  auto input = getWindowed(op, operand, windows, pad, {});
  if (failed(input))
    return failure();
  FailureOr<Output> output = addOutput(op, lo, hi, /*fuses=*/true);
  if (failed(output))
    return failure();
  Pool2DOptionsT options;
  options.padding = input->second;
  options.stride_h = stride[0];
  options.stride_w = stride[1];
  options.filter_height = kernel[0];
  options.filter_width = kernel[1];
  options.fused_activation_function = output->activation;
  model.addOp(BuiltinOperator::AVERAGE_POOL_2D, 2, {input->first},
              output->tensor, options);
  return success();
}

LogicalResult Writer::convert(tosa::MaxPool2dOp op) {
  if (failed(sameParams(op)) || failed(checkImages(op)))
    return failure();
  double lowest = std::numeric_limits<float>::lowest();
  if (auto element = dyn_cast<quant::UniformQuantizedType>(
          getElementTypeOrSelf(op.getInput().getType())))
    lowest = static_cast<double>(element.getStorageTypeMin());
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

static std::optional<ResizeBilinearOptionsT>
getBilinearOptions(Value input, Value output, ArrayRef<int64_t> scale,
                   ArrayRef<int64_t> offset) {
  auto geometry = getResizeGeometry(cast<RankedTensorType>(input.getType()),
                                    cast<RankedTensorType>(output.getType()),
                                    scale, offset);
  std::optional<numerics::ResizeAlignment> alignment;
  if (geometry)
    alignment = numerics::findAlignment(geometry->rows, geometry->columns);
  if (!alignment)
    return std::nullopt;
  ResizeBilinearOptionsT options;
  options.align_corners = alignment == numerics::ResizeAlignment::Corners;
  options.half_pixel_centers =
      alignment == numerics::ResizeAlignment::HalfPixel;
  return options;
}

template <typename Options>
LogicalResult Writer::emitResize(Operation *op, BuiltinOperator code,
                                 Options options) {
  FailureOr<int32_t> input = getOperand(op, op->getOperand(0));
  if (failed(input))
    return failure();
  int32_t size = model.addIndices(helperName(op, "_size"),
                                  getShape(op->getResult(0)).slice(1, 2));
  FailureOr<int32_t> result = addResult(op);
  if (failed(result))
    return failure();
  model.addOp(code, 3, {*input, size}, *result, options);
  return success();
}

LogicalResult Writer::convert(ResizeBilinearOp op) {
  std::optional<numerics::ResizeVariant> variant;
  if (op.getVariant())
    variant = op.getVariant()->getValue();
  if (failed(checkImages(op)))
    return failure();
  auto options = getBilinearOptions(op.getInput(), op.getOutput(),
                                    op.getScale(), op.getOffset());
  if (!options || (variant != numerics::ResizeVariant::Tflite &&
                   variant != numerics::ResizeVariant::TfliteXnnpack))
    return unsupported(op, "bilinear resize of these positions and this "
                           "arithmetic");
  return emitResize(op, BuiltinOperator::RESIZE_BILINEAR, *options);
}

/// Neighbours are the same ones if every index is.
LogicalResult Writer::convert(tosa::ResizeOp op) {
  FailureOr<SmallVector<int64_t>> scale = getShapeConstant(op, op.getScale()),
                                  offset = getShapeConstant(op, op.getOffset());
  if (failed(scale) || failed(offset) || failed(sameParams(op)) ||
      failed(checkImages(op)))
    return failure();
  if (op.getMode() == tosa::ResizeMode::BILINEAR) {
    auto options =
        getBilinearOptions(op.getInput(), op.getOutput(), *scale, *offset);
    if (!options || !getElementTypeOrSelf(op.getOutput().getType()).isF32())
      return unsupported(op, "bilinear resize of these positions");
    return emitResize(op, BuiltinOperator::RESIZE_BILINEAR, *options);
  }
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
  return emitResize(op, BuiltinOperator::RESIZE_NEAREST_NEIGHBOR, options);
}
