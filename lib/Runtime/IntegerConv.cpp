//===- IntegerConv.cpp - Integer convolution and fully connected -*- C++ -*-==//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerConv.h"

#include "FloatKernels.h"
#include "IntegerEpilogue.h"
#include "IntegerModels.h"
#include <algorithm>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

Tensor Spread::apply(const Tensor &x, Workspace &workspace) const {
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

namespace {

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

} // namespace

/// w[i] = codes[i] - zeroPoint. Returns the first code beyond 255 steps.
template <typename Code>
static std::optional<int64_t> subtractZeroPoint(const Code *codes,
                                                int64_t count,
                                                int64_t zeroPoint, int16_t *w) {
  bool isFar = false;
  for (int64_t i = 0; i < count; ++i) {
    int64_t steps = codes[i] - zeroPoint;
    isFar |= steps < -255 || steps > 255;
    w[i] = static_cast<int16_t>(steps);
  }
  for (int64_t i = 0; isFar && i < count; ++i)
    if (std::abs(codes[i] - zeroPoint) > 255)
      return codes[i];
  return std::nullopt;
}

KernelOr hwq::runtime::buildCodeDot(CodeDot d) {
  Operation *op = d.op;
  const Tensor *weights = d.weights, *bias = d.bias;
  bool bytes = (d.input == DType::U8 || d.input == DType::I8) &&
               (weights->dtype() == DType::U8 || weights->dtype() == DType::I8);
  if (!bytes) {
    op->emitOpError() << "can't be executed on " << dtypeName(d.input)
                      << " inputs and " << dtypeName(weights->dtype())
                      << " weights, expected 8 bits";
    return failure();
  }
  if (bias && bias->dtype() != DType::I32) {
    op->emitOpError() << "expected an i32 bias, got "
                      << dtypeName(bias->dtype());
    return failure();
  }

  DotProblem p = std::move(d.problem);
  p.inputSigned = d.input == DType::I8;
  p.padCode = d.padCode;
  if (!d.padCodes.empty() && p.isPadded()) {
    d.spread.emplace();
    d.spread->height = p.inH += p.padTop + p.padBottom;
    d.spread->width = p.inW += p.padLeft + p.padRight;
    d.spread->top = p.padTop;
    d.spread->left = p.padLeft;
    d.spread->codes = d.padCodes;
    p.padTop = p.padBottom = p.padLeft = p.padRight = 0;
  }
  const int64_t perChannel = weights->numElements() / p.outC;
  p.weights.resize(weights->numElements());
  for (int64_t o = 0; o < p.outC; ++o) {
    int64_t first = o * perChannel, zeroPoint = d.weightZeroPoint(o);
    std::optional<int64_t> far =
        weights->dtype() == DType::I8
            ? subtractZeroPoint(weights->data<int8_t>() + first, perChannel,
                                zeroPoint, p.weights.data() + first)
            : subtractZeroPoint(weights->data<uint8_t>() + first, perChannel,
                                zeroPoint, p.weights.data() + first);
    if (far) {
      op->emitOpError() << "weight code " << *far
                        << " is more than 255 steps from its zero point";
      return failure();
    }
  }
  if (d.reversed)
    for (int64_t o = 0; o < p.outC; ++o) {
      auto first = p.weights.begin() + o * perChannel;
      const int64_t taps = p.kernelH * p.kernelW, inputs = perChannel / taps;
      for (int64_t i = 0; i < taps / 2; ++i)
        std::swap_ranges(first + i * inputs, first + (i + 1) * inputs,
                         first + (taps - 1 - i) * inputs);
    }
  auto [low, high] = storageRange(d.input);
  if (d.spread)
    d.spread->code = p.padCode;
  if ((p.isPadded() || d.spread) && (p.padCode < low || p.padCode > high)) {
    op->emitOpError() << "expected the padding to be a code of "
                      << dtypeName(d.input) << " storage, got " << p.padCode;
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
  const int64_t inputs = p.groupInputs(), outputs = p.groupOutputs();
  std::vector<int64_t> zeroPoints(p.inC);
  for (int64_t i = 0; i < p.inC; ++i)
    zeroPoints[i] = d.inputZeroPoint(i);
  const bool sameZeroPoint = llvm::all_equal(zeroPoints);
  for (int64_t o = 0; o < p.outC; ++o) {
    const int16_t *w = p.weights.data() + o * perChannel;
    const int64_t *z = zeroPoints.data() + o / outputs * inputs;
    int64_t sum = 0, absolute = 0, zeros = 0;
    for (int64_t k = 0; k < perChannel; ++k) {
      sum += w[k];
      absolute += std::abs(w[k]);
    }
    if (sameZeroPoint)
      zeros = perChannel == 0 ? 0 : z[0] * sum;
    for (int64_t k = 0; k < perChannel && !sameZeroPoint; k += inputs)
      for (int64_t i = 0; i < inputs; ++i)
        zeros += z[i] * w[k + i];
    int64_t b = bias ? bias->data<int32_t>()[o] : 0;
    constant[o] = static_cast<int32_t>(
        static_cast<uint32_t>((*dot)->offset() * sum - zeros + b));
    bound = std::max(bound, absolute * 255 + std::abs(zeros) + std::abs(b));
  }
  if (d.output == DType::I64 && bound >= int64_t(1) << 31) {
    op->emitOpError() << "can't be executed: its accumulators need more than "
                         "32 bits (bound "
                      << bound << ")";
    return failure();
  }
  FailureOr<Epilogue> epilogue = Epilogue::create(
      op, d.requant, d.output == DType::I64 ? DType::I32 : d.output, p.outC,
      std::move(constant));
  if (failed(epilogue))
    return failure();
  auto kernel = std::make_unique<DotKernel>();
  kernel->label = opLabel(op);
  kernel->dot = std::move(*dot);
  kernel->epilogue.emplace(std::move(*epilogue));
  kernel->input = d.input;
  kernel->output = d.output;
  kernel->inputShape = d.inputShape;
  kernel->resultTail = d.resultTail;
  kernel->matrixProduct = d.matrixProduct;
  kernel->spread = d.spread;
  return KernelOr(std::unique_ptr<Kernel>(std::move(kernel)));
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

LogicalResult CodeDot::setSizes(Value input, Value result,
                                ArrayRef<int64_t> kernel,
                                ArrayRef<int64_t> dilation, int64_t groups) {
  std::optional<Tensor::Shape> in = resultShape(
                                   cast<RankedTensorType>(input.getType()), 1),
                               out = resultShape(
                                   cast<RankedTensorType>(result.getType()), 1);
  if (!in || !out)
    return op->emitOpError() << "can't be executed with a dynamic height, "
                                "width or number of channels";
  problem.inH = (*in)[1];
  problem.inW = (*in)[2];
  problem.inC = (*in)[3];
  problem.outH = (*out)[1];
  problem.outW = (*out)[2];
  problem.outC = (*out)[3];
  problem.kernelH = kernel[0];
  problem.kernelW = kernel[1];
  problem.dilationH = dilation[0];
  problem.dilationW = dilation[1];
  problem.groups = groups;
  inputShape.assign(in->begin() + 1, in->end());
  resultTail.assign(out->begin() + 1, out->end());
  return success();
}

LogicalResult
CodeDot::setConvolution(Value input, Value result, ArrayRef<int64_t> kernel,
                        ArrayRef<int64_t> pad, ArrayRef<int64_t> stride,
                        ArrayRef<int64_t> dilation, int64_t groups) {
  if (failed(setSizes(input, result, kernel, dilation, groups)))
    return failure();
  problem.padTop = pad[0];
  problem.padBottom = pad[1];
  problem.padLeft = pad[2];
  problem.padRight = pad[3];
  problem.strideH = stride[0];
  problem.strideW = stride[1];
  return success();
}

LogicalResult
CodeDot::setTransposed(Value input, Value result, ArrayRef<int64_t> kernel,
                       ArrayRef<int64_t> pad, ArrayRef<int64_t> stride,
                       ArrayRef<int64_t> dilation, int64_t groups) {
  if (failed(setSizes(input, result, kernel, dilation, groups)))
    return failure();
  int64_t reachH = (kernel[0] - 1) * dilation[0],
          reachW = (kernel[1] - 1) * dilation[1];
  reversed = true;
  spread.emplace();
  spread->height = problem.inH = problem.outH + reachH;
  spread->width = problem.inW = problem.outW + reachW;
  spread->top = reachH - pad[0];
  spread->left = reachW - pad[2];
  spread->strideH = stride[0];
  spread->strideW = stride[1];
  return success();
}

//===----------------------------------------------------------------------===//
// quant_hw's ops
//===----------------------------------------------------------------------===//

namespace {

/// Constants, types and zero points. Without raw_input padding contributes
/// nothing: it consists of the input's zero point.
template <typename OpT>
LogicalResult readOperands(OpT op, std::optional<int32_t> padValue,
                           const KernelContext &context, CodeDot &d) {
  d.op = op;
  FailureOr<DType> input = storageDTypeOf(op, op.getInput()),
                   output = storageDTypeOf(op, op.getOutput());
  if (failed(input) || failed(output))
    return failure();
  d.input = *input;
  d.output = *output;
  d.requant = op.getRequantAttr();
  d.weights = context.getConstant(op.getWeights());
  d.bias = op.getBias() ? context.getConstant(op.getBias()) : nullptr;
  if (!d.weights || (op.getBias() && !d.bias))
    return op.emitOpError()
           << "expected the " << (d.weights ? "bias" : "weights")
           << " to be constant";
  Type inputType = getElementTypeOrSelf(op.getInput());
  auto perChannel = dyn_cast<quant::UniformQuantizedPerAxisType>(inputType);
  int64_t zeroPoint =
      perChannel ? perChannel.getZeroPoints()[0]
                 : cast<quant::UniformQuantizedType>(inputType).getZeroPoint();
  bool raw = op.getRawInput();
  d.inputZeroPoint = [=](int64_t channel) -> int64_t {
    if (raw)
      return 0;
    return perChannel ? perChannel.getZeroPoints()[channel] : zeroPoint;
  };
  d.padCode = static_cast<int32_t>(raw && !perChannel ? padValue.value_or(0)
                                                      : zeroPoint);
  // Codes are bytes, with or without sign.
  if (perChannel)
    for (int64_t code : perChannel.getZeroPoints())
      d.padCodes.push_back(static_cast<uint8_t>(code));
  d.weightZeroPoint =
      [element = getElementTypeOrSelf(op.getWeights())](int64_t o) -> int64_t {
    if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element))
      return perAxis.getZeroPoints()[o];
    return cast<quant::UniformQuantizedType>(element).getZeroPoint();
  };
  return success();
}

KernelOr buildConv2D(Conv2DOp op, const KernelContext &context) {
  if (op.isFloat())
    return buildFloatConv2DKernel(op, context);
  CodeDot d;
  ArrayRef<int64_t> weights =
      cast<RankedTensorType>(op.getWeights().getType()).getShape();
  if (failed(readOperands(op, op.getPadValue(), context, d)) ||
      failed(d.setConvolution(op.getInput(), op.getOutput(),
                              weights.slice(1, 2), op.getPad(), op.getStride(),
                              op.getDilation(), op.getGroups())))
    return failure();
  return buildCodeDot(std::move(d));
}

KernelOr buildTransposeConv2D(TransposeConv2DOp op,
                              const KernelContext &context) {
  if (op.isFloat())
    return buildFloatTransposeConv2DKernel(op, context);
  CodeDot d;
  ArrayRef<int64_t> weights = op.getWeights().getType().getShape();
  if (failed(readOperands(op, op.getPadValue(), context, d)) ||
      failed(d.setTransposed(op.getInput(), op.getOutput(), weights.slice(1, 2),
                             op.getPad(), op.getStride(), op.getDilation(),
                             op.getGroups())))
    return failure();
  return buildCodeDot(std::move(d));
}

KernelOr buildFullyConnected(FullyConnectedOp op,
                             const KernelContext &context) {
  if (op.isFloat())
    return buildFloatFullyConnectedKernel(op, context);
  CodeDot d;
  if (failed(readOperands(op, std::nullopt, context, d)))
    return failure();
  ArrayRef<int64_t> weights =
      cast<RankedTensorType>(op.getWeights().getType()).getShape();
  d.problem.inC = weights[1];
  d.problem.outC = weights[0];
  d.matrixProduct = true;
  d.inputShape = {weights[1]};
  d.resultTail = {weights[0]};
  return buildCodeDot(std::move(d));
}

} // namespace

void hwq::runtime::attachIntegerDotModels(MLIRContext &context) {
  attachKernel<Conv2DOp, buildConv2D>(context);
  attachKernel<TransposeConv2DOp, buildTransposeConv2D>(context);
  attachKernel<FullyConnectedOp, buildFullyConnected>(context);
}
