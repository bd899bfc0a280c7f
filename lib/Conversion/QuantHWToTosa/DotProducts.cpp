//===- DotProducts.cpp - Convolutions and matrix products ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaWriter.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace mlir;
using namespace hwq;

static RequantAttr getRequant(Operation *op) {
  return op->getAttrOfType<RequantAttr>("requant");
}

/// The weights less what unsigned codes are shifted by, and their one zero
/// point; in words what is wrong otherwise.
static std::string readWeights(Value value, std::vector<int8_t> &weights,
                               int64_t &zeroPoint) {
  auto type = dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(value));
  FailureOr<std::vector<int64_t>> codes = getIntegerConstant(value);
  if (!type || failed(codes) || type.getStorageTypeIntegralWidth() > 8)
    return "its weights are no constant codes of 8 bits";
  int64_t offset = type.isSigned() ? 0 : 128;
  SmallVector<int64_t> zeroPoints;
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    llvm::append_range(zeroPoints, perAxis.getZeroPoints());
  else
    zeroPoints = {cast<quant::UniformQuantizedType>(type).getZeroPoint()};
  if (!llvm::all_equal(zeroPoints))
    return "its weights have a zero point for each channel, TOSA's one";
  zeroPoint = zeroPoints.front() - offset;
  if (zeroPoint < INT8_MIN || zeroPoint > INT8_MAX)
    return "the zero point of its weights is no code";
  for (int64_t code : *codes)
    weights.push_back(static_cast<int8_t>(code - offset));
  return "";
}

template <typename DotOp>
FailureOr<TosaWriter::Dot>
TosaWriter::readDot(DotOp op, std::optional<int64_t> padValue) {
  FailureOr<numerics::QuantParams> input = getCodes(op, op.getInput());
  if (failed(input))
    return failure();
  Dot dot;
  if (std::string reason =
          readWeights(op.getWeights(), dot.weights, dot.weightZeroPoint);
      !reason.empty())
    return unsupported(op) << reason;
  dot.weightShape =
      llvm::to_vector(cast<ShapedType>(op.getWeights().getType()).getShape());
  auto channels = static_cast<size_t>(dot.weightShape[0]);
  std::vector<int64_t> bias(channels);
  if (op.getBias()) {
    FailureOr<std::vector<int64_t>> values = getIntegerConstant(op.getBias());
    if (failed(values) || values->size() != channels)
      return unsupported(op)
             << "its bias is no constant of " << channels << " integers";
    bias = std::move(*values);
  }
  // TOSA subtracts a zero point, and pads with it.
  bool isRaw = op.getRawInput();
  dot.inputZeroPoint = isRaw && padValue ? *padValue - offsetOf(op.getInput())
                                         : input->zeroPoint;
  size_t taps = dot.weights.size() / std::max<size_t>(channels, 1);
  std::vector<int64_t> sums(channels);
  for (size_t i = 0; i < dot.weights.size(); ++i)
    sums[i / taps] += dot.weights[i] - dot.weightZeroPoint;
  // The zero point is back in the accumulator, so it leaves the bias. Codes of
  // unsigned types are shifted, which only a raw sum notices.
  int64_t taken = isRaw ? dot.inputZeroPoint + offsetOf(op.getInput()) : 0;
  auto fits = [&](int64_t zeroPoint) {
    for (size_t c = 0; c < channels; ++c)
      if (int64_t b = bias[c] + zeroPoint * sums[c];
          b < INT32_MIN || b > INT32_MAX)
        return false;
    return true;
  };
  if (isRaw && !padValue && !fits(taken)) {
    taken = offsetOf(op.getInput());
    dot.inputZeroPoint = 0;
  }
  int64_t added = 0;
  if (RequantAttr requant = getRequant(op))
    added = -requant.getInputZeroPoint();
  for (size_t c = 0; c < channels; ++c) {
    int64_t b = bias[c] + taken * sums[c] + added;
    if (b < INT32_MIN || b > INT32_MAX)
      return unsupported(op)
             << "the bias of channel " << c
             << ", less the zero point's part, is " << b << ", beyond 32 bits";
    dot.bias.push_back(static_cast<int32_t>(b));
    Interval range{b, b};
    for (size_t i = c * taps; i < (c + 1) * taps; ++i) {
      int64_t w = dot.weights[i] - dot.weightZeroPoint;
      int64_t first = w * (input->grid.qmin - dot.inputZeroPoint),
              last = w * (input->grid.qmax - dot.inputZeroPoint);
      // A tap in the padding adds nothing.
      range.lo += std::min({first, last, int64_t(0)});
      range.hi += std::max({first, last, int64_t(0)});
    }
    dot.range.push_back(range);
  }
  return dot;
}

LogicalResult TosaWriter::finishDot(Operation *op, Value acc,
                                    RequantAttr requant, const Dot &dot) {
  if (!requant) {
    if (!typeOf(op->getResult(0)).getElementType().isInteger(32))
      return unsupported(op) << "its accumulator has more than 32 bits";
    return define(op, acc);
  }
  FailureOr<Value> result =
      requantize(op, acc, 0, requant, dot.range, op->getResult(0));
  if (failed(result))
    return failure();
  return define(op, *result);
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

FailureOr<TosaWriter::Windows>
TosaWriter::fitWindows(Operation *op, Value input, Value output,
                       ArrayRef<int64_t> kernel, ArrayRef<int64_t> stride,
                       ArrayRef<int64_t> dilation, ArrayRef<int64_t> pad) {
  Windows result{get(input), llvm::to_vector<4>(pad)};
  ArrayRef<int64_t> in = typeOf(input).getShape(),
                    out = typeOf(output).getShape();
  SmallVector<int64_t> sizes(in);
  for (int axis : {0, 1}) {
    if (ShapedType::isDynamic(in[axis + 1]) ||
        ShapedType::isDynamic(out[axis + 1]))
      return unsupported(op) << "its height or width is not known";
    int64_t covered = (out[axis + 1] - 1) * stride[axis] +
                      (kernel[axis] - 1) * dilation[axis] + 1;
    int64_t extra = in[axis + 1] + pad[2 * axis] + pad[2 * axis + 1] - covered;
    int64_t fromPad = std::min(extra, pad[2 * axis + 1]);
    result.pad[2 * axis + 1] -= fromPad;
    sizes[axis + 1] -= extra - fromPad;
  }
  if (ArrayRef<int64_t>(sizes) != in)
    result.input = slice(result.input, {0, 0, 0, 0}, sizes);
  return result;
}

Value TosaWriter::createConv2D(Value input, RankedTensorType type,
                               const Dot &dot, ArrayRef<int64_t> pad,
                               ArrayRef<int64_t> stride,
                               ArrayRef<int64_t> dilation) {
  return tosa::Conv2DOp::create(
      builder, loc, type, input, i8s(dot.weightShape, dot.weights, "_weights"),
      i32s({dot.weightShape[0]}, dot.bias, "_bias"), i8(dot.inputZeroPoint),
      i8(dot.weightZeroPoint), pad, stride, dilation, builder.getI32Type());
}

Value TosaWriter::createGroups(
    Value input, RankedTensorType type, const Dot &dot, int64_t groups,
    llvm::function_ref<Value(Value, RankedTensorType, const Dot &)> create) {
  if (groups == 1)
    return create(input, type, dot);
  SmallVector<Value> parts;
  SmallVector<int64_t> sizes(typeOf(input).getShape()),
      partShape(type.getShape());
  int64_t perGroup = dot.weightShape[0] / groups;
  size_t codes = dot.weights.size() / groups;
  sizes[3] = dot.weightShape[3];
  partShape[3] = perGroup;
  for (int64_t g = 0; g < groups; ++g) {
    Dot part = dot;
    part.weightShape[0] = perGroup;
    part.weights.assign(dot.weights.begin() + g * codes,
                        dot.weights.begin() + (g + 1) * codes);
    part.bias.assign(dot.bias.begin() + g * perGroup,
                     dot.bias.begin() + (g + 1) * perGroup);
    parts.push_back(create(slice(input, {0, 0, 0, g * sizes[3]}, sizes),
                           type.clone(partShape), part));
  }
  return tosa::ConcatOp::create(builder, loc, type, parts, /*axis=*/3);
}

LogicalResult TosaWriter::convert(Conv2DOp op) {
  bool isPadded = llvm::any_of(op.getPad(), [](int64_t p) { return p != 0; });
  std::optional<int64_t> padValue;
  if (isPadded && op.getPadValue())
    padValue = static_cast<int32_t>(*op.getPadValue());
  FailureOr<Dot> dot = readDot(op, padValue);
  if (failed(dot))
    return failure();
  ArrayRef<int64_t> w(dot->weightShape);
  FailureOr<Windows> windows =
      fitWindows(op, op.getInput(), op.getOutput(), {w[1], w[2]},
                 op.getStride(), op.getDilation(), op.getPad());
  if (failed(windows))
    return failure();
  RankedTensorType type = typeOf(op.getOutput()).clone(builder.getI32Type());
  auto groups = static_cast<int64_t>(op.getGroups());
  int64_t outputs = w[0], taps = w[1] * w[2];
  if (groups > 1 && w[3] == 1) {
    // O,KH,KW,1 to KH,KW,C,M; channel o = c * M + m.
    std::vector<int8_t> weights(dot->weights.size());
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t t = 0; t < taps; ++t)
        weights[t * outputs + o] = dot->weights[o * taps + t];
    Value acc = tosa::DepthwiseConv2DOp::create(
        builder, loc, type, windows->input,
        i8s({w[1], w[2], groups, outputs / groups}, weights, "_weights"),
        i32s({outputs}, dot->bias, "_bias"), i8(dot->inputZeroPoint),
        i8(dot->weightZeroPoint), windows->pad, op.getStride(),
        op.getDilation(), builder.getI32Type());
    return finishDot(op, acc, op.getRequantAttr(), *dot);
  }
  Value acc = createGroups(
      windows->input, type, *dot, groups,
      [&](Value input, RankedTensorType partType, const Dot &part) {
        return createConv2D(input, partType, part, windows->pad, op.getStride(),
                            op.getDilation());
      });
  return finishDot(op, acc, op.getRequantAttr(), *dot);
}

/// The op has no dilation: taps that count nothing come between the others.
void TosaWriter::spreadTaps(Dot &dot, ArrayRef<int64_t> dilation) {
  ArrayRef<int64_t> from(dot.weightShape);
  SmallVector<int64_t> shape{from[0], (from[1] - 1) * dilation[0] + 1,
                             (from[2] - 1) * dilation[1] + 1, from[3]};
  std::vector<int8_t> spread(shape[0] * shape[1] * shape[2] * shape[3],
                             static_cast<int8_t>(dot.weightZeroPoint));
  auto at = dot.weights.begin();
  for (int64_t o = 0; o < from[0]; ++o)
    for (int64_t y = 0; y < from[1]; ++y)
      for (int64_t x = 0; x < from[2]; ++x, at += from[3])
        std::copy_n(at, from[3],
                    spread.begin() +
                        ((o * shape[1] + y * dilation[0]) * shape[2] +
                         x * dilation[1]) *
                            shape[3]);
  dot.weightShape = std::move(shape);
  dot.weights = std::move(spread);
}

LogicalResult TosaWriter::convert(TransposeConv2DOp op) {
  // Between and around the pixels there always may be padding.
  FailureOr<Dot> dot = readDot(
      op, op.getPadValue()
              ? std::optional<int64_t>(static_cast<int32_t>(*op.getPadValue()))
              : std::nullopt);
  if (failed(dot))
    return failure();
  spreadTaps(*dot, op.getDilation());
  ArrayRef<int64_t> w(dot->weightShape), pad = op.getPad(),
                                         more = op.getOutputPad();
  int64_t outPad[] = {-pad[0], more[0] - pad[1], -pad[2], more[1] - pad[3]};
  for (int i = 0; i < 4; ++i)
    if (outPad[i] <= -w[1 + i / 2])
      return unsupported(op) << "its padding is not smaller than the kernel";
  Value acc = createGroups(
      get(op.getInput()), typeOf(op.getOutput()).clone(builder.getI32Type()),
      *dot, static_cast<int64_t>(op.getGroups()),
      [&](Value input, RankedTensorType type, const Dot &part) -> Value {
        return tosa::TransposeConv2DOp::create(
            builder, loc, type, input,
            i8s(part.weightShape, part.weights, "_weights"),
            i32s({part.weightShape[0]}, part.bias, "_bias"),
            i8(part.inputZeroPoint), i8(part.weightZeroPoint), outPad,
            op.getStride(), builder.getI32Type());
      });
  return finishDot(op, acc, op.getRequantAttr(), *dot);
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

/// The product of sizes, dynamic if one is.
static int64_t product(ArrayRef<int64_t> sizes) {
  int64_t result = 1;
  for (int64_t size : sizes)
    result = ShapedType::isDynamic(size) || ShapedType::isDynamic(result)
                 ? ShapedType::kDynamic
                 : result * size;
  return result;
}

LogicalResult TosaWriter::convert(FullyConnectedOp op) {
  FailureOr<Dot> dot = readDot(op, std::nullopt);
  if (failed(dot))
    return failure();
  // A convolution of one pixel for each row.
  int64_t outputs = dot->weightShape[0], inputs = dot->weightShape[1];
  ArrayRef<int64_t> shape = typeOf(op.getOutput()).getShape();
  int64_t rows = product(shape.drop_back());
  dot->weightShape = {outputs, 1, 1, inputs};
  Value acc = createConv2D(
      reshape(get(op.getInput()), {rows, 1, 1, inputs}),
      RankedTensorType::get({rows, 1, 1, outputs}, builder.getI32Type()), *dot,
      {0, 0, 0, 0}, {1, 1}, {1, 1});
  RequantAttr requant = op.getRequantAttr();
  if (requant) {
    FailureOr<Value> codes =
        requantize(op, acc, 0, requant, dot->range, op.getOutput());
    if (failed(codes))
      return failure();
    return define(op, reshape(*codes, shape));
  }
  return finishDot(op, reshape(acc, shape), requant, *dot);
}

LogicalResult TosaWriter::convert(MatMulOp op) {
  FailureOr<numerics::QuantParams> a = getCodes(op, op.getLhs()),
                                   b = getCodes(op, op.getRhs());
  if (failed(a) || failed(b))
    return failure();
  ArrayRef<int64_t> shape = typeOf(op.getOutput()).getShape(),
                    left = typeOf(op.getLhs()).getShape();
  int64_t batch = product(shape.drop_back(2)), m = shape[shape.size() - 2],
          n = shape.back(), k = left.back();
  if (ShapedType::isDynamic(k) ||
      llvm::count_if(ArrayRef<int64_t>{batch, m, n}, ShapedType::isDynamic) > 1)
    return unsupported(op) << "its sizes are not known";
  Value acc = tosa::MatMulOp::create(
      builder, loc, RankedTensorType::get({batch, m, n}, builder.getI32Type()),
      reshape(get(op.getLhs()), {batch, m, k}),
      reshape(get(op.getRhs()), {batch, k, n}), i8(a->zeroPoint),
      i8(b->zeroPoint));
  if (op.getRequant() && op.getRequant()->getInputZeroPoint() != 0)
    return unsupported(op) << "its requantization adds to the accumulator";
  // Four corners, k times.
  Interval x = centered(*a), y = centered(*b);
  auto [least, most] = std::minmax(
      {x.lo * y.lo, x.lo * y.hi, x.hi * y.lo, x.hi * y.hi, int64_t(0)});
  Dot dot;
  dot.range = {{least * k, most * k}};
  return finishDot(op, reshape(acc, shape), op.getRequantAttr(), dot);
}
