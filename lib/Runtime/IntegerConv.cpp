//===- IntegerConv.cpp - Integer convolution and fully connected -*- C++ -*-==//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerModels.h"

#include "FloatKernels.h"
#include "IntegerDot.h"
#include "IntegerEpilogue.h"
#include <algorithm>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

namespace {

/// A transposed convolution reads an image with other pixels between and around
/// its own: a convolution without stride and padding. So is padding with codes
/// of each channel.
struct Spread {
  /// Of the image that is read.
  int64_t height = 0, width = 0;
  /// Of the first pixel, negative where the padding cuts it off.
  int64_t top = 0, left = 0;
  int64_t strideH = 1, strideW = 1;
  /// A byte: what stands between and around the pixels.
  int32_t code = 0;
  /// The same where the channels have different ones; else empty.
  std::vector<uint8_t> codes;

  /// [n, H, W, C] of 8-bit codes.
  Tensor apply(const Tensor &x, Workspace &workspace) const {
    const int64_t pixel = x.dim(3);
    Tensor y = workspace.allocate(x.dtype(), {x.dim(0), height, width, pixel});
    const auto *from = static_cast<const uint8_t *>(x.raw());
    auto *to = static_cast<uint8_t *>(y.raw());
    std::fill_n(to, y.numElements(), static_cast<uint8_t>(code));
    for (int64_t i = 0; i < y.numElements() && !codes.empty(); i += pixel)
      std::copy_n(codes.data(), pixel, to + i);
    for (int64_t n = 0; n < x.dim(0); ++n)
      for (int64_t i = 0; i < x.dim(1); ++i)
        for (int64_t j = 0; j < x.dim(2); ++j, from += pixel) {
          int64_t row = top + i * strideH, column = left + j * strideW;
          if (row >= 0 && row < height && column >= 0 && column < width)
            std::copy_n(from, pixel,
                        to + ((n * height + row) * width + column) * pixel);
        }
    return y;
  }
};

class DotKernel final : public Kernel {
public:
  llvm::Error run(llvm::ArrayRef<Tensor> operands,
                  llvm::MutableArrayRef<Tensor> results,
                  Workspace &workspace) const override {
    llvm::Expected<Tensor::Shape> shape = resultShapeFor(operands[0]);
    if (!shape)
      return shape.takeError();
    results[0] = workspace.allocate(output, *shape);
    char *out = static_cast<char *>(results[0].raw());
    const int64_t channels = shape->back();
    const int64_t rowBytes = channels * static_cast<int64_t>(byteWidth(output));
    return dot->run(read(operands[0], workspace), workspace,
                    [&](int32_t *acc, int64_t first, int64_t count) {
                      if (output != DType::I64) {
                        epilogue->run(acc, out + first * rowBytes, count);
                        return;
                      }
                      epilogue->run(acc, acc, count);
                      auto *wide =
                          reinterpret_cast<int64_t *>(out + first * rowBytes);
                      std::copy_n(acc, count * channels, wide);
                    });
  }

  llvm::Expected<Tensor> unrounded(llvm::ArrayRef<Tensor> operands,
                                   Workspace &workspace) const override {
    if (!epilogue->isReal())
      return Tensor();
    llvm::Expected<Tensor::Shape> shape = resultShapeFor(operands[0]);
    if (!shape)
      return shape.takeError();
    Tensor result = workspace.allocate(DType::F64, *shape);
    double *out = result.data<double>();
    if (llvm::Error error = dot->run(
            read(operands[0], workspace), workspace,
            [&](int32_t *acc, int64_t first, int64_t count) {
              epilogue->unrounded(acc, out + first * shape->back(), count);
            }))
      return std::move(error);
    return result;
  }

  std::string label;
  std::unique_ptr<IntegerDot> dot;
  std::optional<Epilogue> epilogue;
  DType input = DType::U8, output = DType::I32;
  /// Without the batch, -1 where the type leaves it open (fully connected).
  Tensor::Shape inputShape;
  /// [H, W, C] of the result of a convolution; [C] of a matrix product.
  Tensor::Shape resultTail;
  bool matrixProduct = false;
  std::optional<Spread> spread;
  /// A transposed convolution: the taps in reverse order.
  bool reversed = false;

private:
  Tensor read(const Tensor &x, Workspace &workspace) const {
    return spread ? spread->apply(x, workspace) : x;
  }
  llvm::Expected<Tensor::Shape> resultShapeFor(const Tensor &x) const {
    llvm::ArrayRef<int64_t> tail = x.shape().drop_front(matrixProduct ? 0 : 1);
    bool fits =
        x.dtype() == input &&
        (matrixProduct ? !tail.empty() && tail.back() == inputShape.back()
                       : tail == llvm::ArrayRef<int64_t>(inputShape));
    if (!fits)
      return kernelError(label, "expected " + dtypeName(input) + " [...] " +
                                    shapeToString(inputShape) + ", got " +
                                    dtypeName(x.dtype()) + " " +
                                    shapeToString(x.shape()));
    Tensor::Shape shape(x.shape());
    if (matrixProduct) {
      shape.back() = resultTail.back();
    } else {
      shape.resize(1);
      shape.append(resultTail);
    }
    return shape;
  }
};

/// The zero point of channel o.
int64_t zeroPointOf(Type element, int64_t o) {
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element))
    return perAxis.getZeroPoints()[o];
  return cast<quant::UniformQuantizedType>(element).getZeroPoint();
}

struct DotOperands {
  Operation *op;
  Value input, weights, bias, result;
  RequantAttr requant;
  bool raw;
  std::optional<int32_t> padValue;
};

/// Reads the constants and adds what is the same for both ops. `p` has the
/// geometry.
KernelOr finish(const DotOperands &d, DotProblem p,
                std::unique_ptr<DotKernel> kernel,
                const KernelContext &context) {
  Operation *op = d.op;
  auto inputType = getElementTypeOrSelf(d.input);
  auto channelType = dyn_cast<quant::UniformQuantizedPerAxisType>(inputType);
  // Of a channel of the input.
  auto inputZeroPoint = [&](int64_t i) {
    return channelType
               ? channelType.getZeroPoints()[i]
               : cast<quant::UniformQuantizedType>(inputType).getZeroPoint();
  };
  Type weightElement = getElementTypeOrSelf(d.weights);
  FailureOr<DType> input = storageDTypeOf(op, d.input),
                   output = storageDTypeOf(op, d.result);
  if (failed(input) || failed(output))
    return failure();
  const Tensor *weights = context.getConstant(d.weights);
  const Tensor *bias = d.bias ? context.getConstant(d.bias) : nullptr;
  if (!weights || (d.bias && !bias)) {
    op->emitOpError() << "expected the " << (weights ? "bias" : "weights")
                      << " to be constant";
    return failure();
  }
  bool bytes = (*input == DType::U8 || *input == DType::I8) &&
               (weights->dtype() == DType::U8 || weights->dtype() == DType::I8);
  if (!bytes) {
    op->emitOpError() << "can't be executed on " << dtypeName(*input)
                      << " inputs and " << dtypeName(weights->dtype())
                      << " weights, expected 8 bits";
    return failure();
  }
  if (bias && bias->dtype() != DType::I32) {
    op->emitOpError() << "expected an i32 bias, got "
                      << dtypeName(bias->dtype());
    return failure();
  }

  p.inputSigned = *input == DType::I8;
  const int64_t perChannel = weights->numElements() / p.outC;
  p.weights.resize(weights->numElements());
  for (int64_t i = 0; i < weights->numElements(); ++i) {
    int64_t code = weights->dtype() == DType::I8 ? weights->data<int8_t>()[i]
                                                 : weights->data<uint8_t>()[i];
    int64_t w = code - zeroPointOf(weightElement, i / perChannel);
    if (w < -255 || w > 255) {
      op->emitOpError() << "weight code " << code
                        << " is more than 255 steps from its zero point";
      return failure();
    }
    p.weights[i] = static_cast<int16_t>(w);
  }
  if (kernel->reversed)
    for (int64_t o = 0; o < p.outC; ++o) {
      auto first = p.weights.begin() + o * perChannel;
      const int64_t taps = p.kernelH * p.kernelW, inputs = perChannel / taps;
      for (int64_t i = 0; i < taps / 2; ++i)
        std::swap_ranges(first + i * inputs, first + (i + 1) * inputs,
                         first + (taps - 1 - i) * inputs);
    }
  // Without raw_input padding contributes nothing: it consists of the input's
  // zero point.
  p.padCode = static_cast<int32_t>(
      d.raw && !channelType ? d.padValue.value_or(0) : inputZeroPoint(0));
  if (channelType && p.isPadded()) {
    Spread around;
    around.height = p.inH += p.padTop + p.padBottom;
    around.width = p.inW += p.padLeft + p.padRight;
    around.top = p.padTop;
    around.left = p.padLeft;
    // Codes are bytes, with or without sign.
    for (int64_t code : channelType.getZeroPoints())
      around.codes.push_back(static_cast<uint8_t>(code));
    kernel->spread = std::move(around);
    p.padTop = p.padBottom = p.padLeft = p.padRight = 0;
  }
  auto [low, high] = storageRange(*input);
  if (kernel->spread)
    kernel->spread->code = p.padCode;
  if ((p.isPadded() || kernel->spread) && (p.padCode < low || p.padCode > high)) {
    op->emitOpError() << "expected the padding to be a code of "
                      << dtypeName(*input) << " storage, got " << p.padCode;
    return failure();
  }

  llvm::Expected<std::unique_ptr<IntegerDot>> dot = IntegerDot::create(p);
  if (!dot) {
    op->emitOpError() << llvm::toString(dot.takeError());
    return failure();
  }
  // sum((x - z) * w) + b = sum((x - offset) * w) + (offset - z) * sum(w) + b
  std::vector<int32_t> constant(p.outC);
  int64_t bound = 0;
  const int64_t taps = p.groupInputs(), outputs = p.groupOutputs();
  for (int64_t o = 0; o < p.outC; ++o) {
    int64_t sum = 0, absolute = 0, zeros = 0;
    for (int64_t k = 0; k < perChannel; ++k) {
      int64_t w = p.weights[o * perChannel + k];
      sum += w;
      absolute += std::abs(w);
      if (!d.raw)
        zeros += inputZeroPoint(o / outputs * taps + k % taps) * w;
    }
    int64_t b = bias ? bias->data<int32_t>()[o] : 0;
    constant[o] = static_cast<int32_t>(
        static_cast<uint32_t>((*dot)->offset() * sum - zeros + b));
    bound = std::max(bound, absolute * 255 + std::abs(zeros) + std::abs(b));
  }
  if (*output == DType::I64 && bound >= int64_t(1) << 31) {
    op->emitOpError() << "can't be executed: its accumulators need more than "
                         "32 bits (bound "
                      << bound << ")";
    return failure();
  }
  FailureOr<Epilogue> epilogue = Epilogue::create(
      op, d.requant, *output == DType::I64 ? DType::I32 : *output, p.outC,
      std::move(constant));
  if (failed(epilogue))
    return failure();
  kernel->label = opLabel(op);
  kernel->dot = std::move(*dot);
  kernel->epilogue.emplace(std::move(*epilogue));
  kernel->input = *input;
  kernel->output = *output;
  return KernelOr(std::unique_ptr<Kernel>(std::move(kernel)));
}

KernelOr buildConv2D(Conv2DOp op, const KernelContext &context) {
  if (op.isFloat())
    return buildFloatConv2DKernel(op, context);
  auto inputType = cast<RankedTensorType>(op.getInput().getType()),
       resultType = cast<RankedTensorType>(op.getOutput().getType());
  std::optional<Tensor::Shape> in = resultShape(inputType, 1),
                               out = resultShape(resultType, 1);
  if (!in || !out) {
    op.emitOpError() << "can't be executed with a dynamic height, width or "
                        "number of channels";
    return failure();
  }
  ArrayRef<int64_t> weights =
      cast<RankedTensorType>(op.getWeights().getType()).getShape();
  DotProblem p;
  p.inH = (*in)[1];
  p.inW = (*in)[2];
  p.inC = (*in)[3];
  p.outH = (*out)[1];
  p.outW = (*out)[2];
  p.outC = (*out)[3];
  p.kernelH = weights[1];
  p.kernelW = weights[2];
  p.padTop = op.getPad()[0];
  p.padBottom = op.getPad()[1];
  p.padLeft = op.getPad()[2];
  p.padRight = op.getPad()[3];
  p.strideH = op.getStride()[0];
  p.strideW = op.getStride()[1];
  p.dilationH = op.getDilation()[0];
  p.dilationW = op.getDilation()[1];
  p.groups = op.getGroups();
  auto kernel = std::make_unique<DotKernel>();
  kernel->inputShape.assign(in->begin() + 1, in->end());
  kernel->resultTail.assign(out->begin() + 1, out->end());
  return finish({op, op.getInput(), op.getWeights(), op.getBias(),
                 op.getOutput(), op.getRequantAttr(), op.getRawInput(),
                 op.getPadValue()},
                std::move(p), std::move(kernel), context);
}

KernelOr buildTransposeConv2D(TransposeConv2DOp op,
                              const KernelContext &context) {
  if (op.isFloat())
    return buildFloatTransposeConv2DKernel(op, context);
  std::optional<Tensor::Shape> in = resultShape(op.getInput().getType(), 1),
                               out = resultShape(op.getOutput().getType(), 1);
  if (!in || !out) {
    op.emitOpError() << "can't be executed with a dynamic height, width or "
                        "number of channels";
    return failure();
  }
  ArrayRef<int64_t> weights = op.getWeights().getType().getShape();
  DotProblem p;
  p.inC = (*in)[3];
  p.outH = (*out)[1];
  p.outW = (*out)[2];
  p.outC = (*out)[3];
  p.kernelH = weights[1];
  p.kernelW = weights[2];
  p.dilationH = op.getDilation()[0];
  p.dilationW = op.getDilation()[1];
  p.groups = op.getGroups();
  Spread spread;
  int64_t reachH = (p.kernelH - 1) * p.dilationH,
          reachW = (p.kernelW - 1) * p.dilationW;
  spread.height = p.inH = p.outH + reachH;
  spread.width = p.inW = p.outW + reachW;
  spread.top = reachH - op.getPad()[0];
  spread.left = reachW - op.getPad()[2];
  spread.strideH = op.getStride()[0];
  spread.strideW = op.getStride()[1];
  auto kernel = std::make_unique<DotKernel>();
  kernel->spread = spread;
  kernel->reversed = true;
  kernel->inputShape.assign(in->begin() + 1, in->end());
  kernel->resultTail.assign(out->begin() + 1, out->end());
  return finish({op, op.getInput(), op.getWeights(), op.getBias(),
                 op.getOutput(), op.getRequantAttr(), op.getRawInput(),
                 op.getPadValue()},
                std::move(p), std::move(kernel), context);
}

KernelOr buildFullyConnected(FullyConnectedOp op,
                             const KernelContext &context) {
  if (op.isFloat())
    return buildFloatFullyConnectedKernel(op, context);
  ArrayRef<int64_t> weights =
      cast<RankedTensorType>(op.getWeights().getType()).getShape();
  DotProblem p;
  p.inC = weights[1];
  p.outC = weights[0];
  auto kernel = std::make_unique<DotKernel>();
  kernel->matrixProduct = true;
  kernel->inputShape = {p.inC};
  kernel->resultTail = {p.outC};
  return finish({op, op.getInput(), op.getWeights(), op.getBias(),
                 op.getOutput(), op.getRequantAttr(), op.getRawInput(),
                 std::nullopt},
                std::move(p), std::move(kernel), context);
}

} // namespace

void hwq::runtime::attachIntegerDotModels(MLIRContext &context) {
  attachKernel<Conv2DOp, buildConv2D>(context);
  attachKernel<TransposeConv2DOp, buildTransposeConv2D>(context);
  attachKernel<FullyConnectedOp, buildFullyConnected>(context);
}
