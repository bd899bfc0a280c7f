//===- QuantizedTosaDots.cpp - Dot products of quantized TOSA ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QuantizedTosa.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ImportedParams.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

namespace {
/// Scales and zero points of a type, along an axis or not.
struct TypeScales {
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  /// -1: one scale.
  int64_t axis = -1;

  explicit TypeScales(quant::QuantizedType type) {
    if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type)) {
      scales = {uniform.getScale()};
      zeroPoints = {uniform.getZeroPoint()};
    } else if (auto perAxis =
                   dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
      scales.assign(perAxis.getScales().begin(), perAxis.getScales().end());
      zeroPoints.assign(perAxis.getZeroPoints().begin(),
                        perAxis.getZeroPoints().end());
      axis = perAxis.getQuantizedDimension();
    }
  }

  size_t indexOf(ArrayRef<int64_t> shape, size_t element) const {
    if (axis < 0)
      return 0;
    size_t inner = 1;
    for (int64_t size : shape.drop_front(axis + 1))
      inner *= static_cast<size_t>(size);
    return element / inner % scales.size();
  }
};
} // namespace

static quant::QuantizedType withScales(quant::QuantizedType type,
                                       ArrayRef<double> scales,
                                       ArrayRef<int64_t> zeroPoints,
                                       int32_t axis) {
  if (axis < 0)
    return quant::UniformQuantizedType::get(
        type.getFlags(), type.getStorageType(), type.getExpressedType(),
        scales.front(), zeroPoints.front(), type.getStorageTypeMin(),
        type.getStorageTypeMax());
  return quant::UniformQuantizedPerAxisType::get(
      type.getFlags(), type.getStorageType(), type.getExpressedType(), scales,
      zeroPoints, axis, type.getStorageTypeMin(), type.getStorageTypeMax());
}

FailureOr<QuantizedWeights> QuantizedTosaReader::getWeights(Operation *op,
                                                            Value value) {
  // A reshape keeps the elements where they are; the axis of its type may be
  // wrong.
  while (auto reshape = value.getDefiningOp<tosa::ReshapeOp>())
    value = reshape.getInput1();
  Operation *maker = value.getDefiningOp();
  QuantizedWeights result;
  auto tensor = cast<RankedTensorType>(value.getType());
  result.shape.assign(tensor.getShape().begin(), tensor.getShape().end());
  auto fail = [&](const Twine &message) {
    return op->emitError() << "'" << op->getName() << "' reads a constant of "
                           << tensor << message;
  };
  if (tensor.getNumElements() == 0)
    return fail(" without elements");
  if (isa_and_present<quant::DequantizeCastOp>(maker))
    return getWeights(op, maker->getOperand(0));
  if (tensor.getElementType().isF32()) {
    FailureOr<std::vector<float>> floats = getFloatConstant(value);
    if (failed(floats))
      return fail(" that has no values");
    result.values = std::move(*floats);
    return result;
  }
  auto given = dyn_cast<quant::QuantizedType>(tensor.getElementType());
  if (!isa_and_present<quant::UniformQuantizedType,
                       quant::UniformQuantizedPerAxisType>(given) ||
      !given.getExpressedType().isF32())
    return fail(", expected f32 or a scale and zero point, or one of each "
                "along one axis");
  TypeScales params(given);
  if (params.axis >= 0 && (params.axis >= tensor.getRank() ||
                           tensor.getDimSize(params.axis) !=
                               static_cast<int64_t>(params.scales.size())))
    return fail(", expected as many scales as its axis has elements");
  for (auto [i, scale] : llvm::enumerate(params.scales)) {
    auto single = static_cast<float>(scale);
    if (!(single > 0) || std::isinf(single))
      return fail(" with a scale that is not positive and finite in f32");
    if (params.zeroPoints[i] < given.getStorageTypeMin() ||
        params.zeroPoints[i] > given.getStorageTypeMax())
      return fail(" with a zero point outside its storage");
  }
  result.type = given;
  numerics::Grid grid{given.getStorageTypeMin(), given.getStorageTypeMax()};
  auto paramsOf = [&](size_t i) {
    size_t c = params.indexOf(result.shape, i);
    return numerics::QuantParams{params.scales[c], params.zeroPoints[c], grid};
  };
  std::vector<int64_t> codes;
  if (isa<quant::QuantizeCastOp>(maker)) {
    // The dialect leaves the rounding open: to nearest even, as ONNX.
    FailureOr<QuantizedWeights> floats = getWeights(op, maker->getOperand(0));
    if (failed(floats))
      return failure();
    for (auto [i, x] : llvm::enumerate(floats->values)) {
      if (!std::isfinite(x))
        return fail(" that was quantized from a number that is not finite");
      codes.push_back(
          numerics::quantize(numerics::QuantizeForm::Q2, x, paramsOf(i)));
    }
  } else {
    Value integers =
        isa<quant::StorageCastOp>(maker) ? maker->getOperand(0) : value;
    FailureOr<std::vector<int64_t>> read = getIntegerConstant(integers);
    if (failed(read))
      return fail(" that has no values");
    codes = std::move(*read);
    if (integers != value && !given.isSigned())
      for (int64_t &code : codes)
        code &= (int64_t(1) << given.getStorageTypeIntegralWidth()) - 1;
  }
  for (auto [i, code] : llvm::enumerate(codes)) {
    if (code < grid.qmin || code > grid.qmax)
      return fail(" with the code " + Twine(code) + " at element " + Twine(i) +
                  ", expected codes in [" + Twine(grid.qmin) + ", " +
                  Twine(grid.qmax) + "]");
    numerics::QuantParams p = paramsOf(i);
    result.values.push_back(
        static_cast<float>(static_cast<double>(code - p.zeroPoint) * p.scale));
  }
  return result;
}

FailureOr<Value> QuantizedTosaReader::makeBias(Operation *op, Value value,
                                               int64_t channels,
                                               ArrayRef<double> scales) {
  std::vector<float> bias;
  quant::QuantizedType type;
  if (scales.empty()) {
    FailureOr<QuantizedWeights> floats = getWeights(op, value);
    if (failed(floats))
      return failure();
    bias = std::move(floats->values);
    type = floats->type;
  } else {
    FailureOr<std::vector<int64_t>> codes = getIntegerConstant(value);
    if (failed(codes))
      return op->emitError() << "'" << op->getName()
                             << "': expected the bias to be constant integers";
    if (auto given = dyn_cast<quant::QuantizedType>(
            cast<RankedTensorType>(value.getType()).getElementType())) {
      TypeScales params(given);
      bool fits =
          params.scales.size() == 1 || params.scales.size() == scales.size();
      for (size_t c = 0; fits && c < params.scales.size(); ++c)
        fits = params.zeroPoints[c] == 0 &&
               std::fabs(params.scales[c] - scales[c]) <= 0x1p-20 * scales[c];
      if (!fits || params.scales.empty())
        return op->emitError()
               << "'" << op->getName() << "' has a bias of " << given
               << ", expected the zero point 0 and the product of the scales "
                  "of input and weights";
    }
    if (codes->size() != 1 && static_cast<int64_t>(codes->size()) != channels)
      return op->emitError()
             << "'" << op->getName() << "' has " << codes->size()
             << " biases, expected 1 or " << channels;
    codes->resize(channels, codes->front());
    for (int64_t c = 0; c < channels; ++c)
      bias.push_back(static_cast<float>(static_cast<double>((*codes)[c]) *
                                        scales[scales.size() == 1 ? 0 : c]));
    SmallVector<int64_t> zeros(scales.size(), 0);
    auto i32 = quant::UniformQuantizedType::get(
        quant::QuantizationFlags::Signed, builder.getI32Type(),
        builder.getF32Type(), 1.0, 0, INT32_MIN, INT32_MAX);
    type = withScales(i32, scales, zeros, scales.size() == 1 ? -1 : 0);
  }
  if (bias.size() == 1)
    bias.resize(channels, bias.front());
  if (static_cast<int64_t>(bias.size()) != channels)
    return op->emitError() << "'" << op->getName() << "' has " << bias.size()
                           << " biases, expected 1 or " << channels;
  if (llvm::all_of(bias, [](float b) { return b == 0; }))
    return Value();
  Value constant = createConstant(builder, value.getLoc(), {channels},
                                  ArrayRef<float>(bias), "bias");
  if (type)
    constant.getDefiningOp()->setAttr(kModelParametersAttr,
                                      TypeAttr::get(type));
  return constant;
}

/// The weights with the output channel first, and their type along that axis.
/// `outputOf` says which output channel an element has, and where among its
/// taps it goes.
static LogicalResult
moveChannels(Operation *op, QuantizedWeights &weights, ArrayRef<int64_t> shape,
             llvm::function_ref<std::pair<int64_t, int64_t>(int64_t)> placeOf) {
  int64_t channels = shape.front();
  auto taps = static_cast<int64_t>(weights.values.size()) / channels;
  std::vector<float> values(weights.values.size());
  std::optional<TypeScales> params;
  if (weights.type)
    params.emplace(weights.type);
  SmallVector<double> scales(channels, 0);
  SmallVector<int64_t> zeroPoints(channels, 0);
  for (size_t i = 0; i < values.size(); ++i) {
    auto [channel, tap] = placeOf(static_cast<int64_t>(i));
    values[channel * taps + tap] = weights.values[i];
    if (!params)
      continue;
    size_t c = params->indexOf(weights.shape, i);
    if (scales[channel] != 0 && (scales[channel] != params->scales[c] ||
                                 zeroPoints[channel] != params->zeroPoints[c]))
      return op->emitError()
             << "'" << op->getName() << "' has weights with scales along axis "
             << params->axis << ", expected one for each output channel";
    scales[channel] = params->scales[c];
    zeroPoints[channel] = params->zeroPoints[c];
  }
  if (params && params->axis >= 0)
    weights.type = withScales(weights.type, scales, zeroPoints, 0);
  weights.values = std::move(values);
  weights.shape.assign(shape.begin(), shape.end());
  return success();
}

/// Importers write a fully connected layer as a convolution of images of one
/// pixel, and its matrix as a reshaped constant.
static bool isFullyConnected(Operation *op) {
  auto conv = dyn_cast<tosa::Conv2DOp>(op);
  auto weights =
      conv ? conv.getWeight().getDefiningOp<tosa::ReshapeOp>() : nullptr;
  if (!weights || !op->hasOneUse() || !isa<tosa::RescaleOp>(*op->user_begin()))
    return false;
  auto isPixel = [](Value value) {
    auto type = cast<RankedTensorType>(value.getType());
    return type.getDimSize(1) == 1 && type.getDimSize(2) == 1;
  };
  return cast<ShapedType>(weights.getInput1().getType()).getRank() == 2 &&
         isPixel(conv.getInput()) && isPixel(conv.getWeight()) &&
         isPixel(conv.getOutput());
}

LogicalResult QuantizedTosaReader::readDot(Operation *op) {
  Value input = op->getOperand(0), factor = op->getOperand(1);
  auto matmul = dyn_cast<tosa::MatMulOp>(op);
  Value inputZero = op->getOperand(matmul ? 2 : 3);
  Value factorZero = op->getOperand(matmul ? 3 : 4);
  FailureOr<QuantizedValue> x = get(op, input);
  if (failed(x))
    return failure();
  bool isReal = x->kind == QuantizedValue::Real;
  if (!isReal && x->kind != QuantizedValue::Codes)
    return op->emitError() << "'" << op->getName()
                           << "' reads integers without a scale";
  if (!isReal && failed(checkZeroPoint(op, inputZero, x->type.getZeroPoint(),
                                       "zero point of the input")))
    return failure();
  auto resultType = cast<RankedTensorType>(getRealType(op->getResult(0)));
  QuantizedValue result;
  result.kind = isReal ? QuantizedValue::Real : QuantizedValue::Integers;
  Location loc = op->getLoc();
  Operation *dot;
  if (values.contains(factor)) {
    QuantizedValue y = values[factor];
    if (!matmul || y.kind != x->kind)
      return isReal && y.kind == x->kind ? copy(op)
                                         : op->emitError()
                                               << "'" << op->getName()
                                               << "': expected constant "
                                                  "weights";
    if (!isReal) {
      if (failed(checkZeroPoint(op, factorZero, y.type.getZeroPoint(),
                                "zero point of the second operand")))
        return failure();
      result.scales = {x->type.getScale() * y.type.getScale()};
    }
    dot = MatMulOp::create(builder, loc, resultType, x->real, y.real,
                           RequantAttr());
  } else {
    FailureOr<QuantizedWeights> weights = getWeights(op, factor);
    if (failed(weights))
      return failure();
    if (!isReal && !weights->type)
      return op->emitError() << "'" << op->getName()
                             << "' has weights in floating point, its input "
                                "has codes";
    SmallVector<int64_t> from(cast<ShapedType>(factor.getType()).getShape());
    if (weights->type && !isReal) {
      TypeScales params(weights->type);
      if (!llvm::all_equal(params.zeroPoints))
        return op->emitError()
               << "'" << op->getName()
               << "' has weights with several zero points, expected one";
      if (failed(checkZeroPoint(op, factorZero, params.zeroPoints.front(),
                                "zero point of the weights")))
        return failure();
    }
    bool isLayer = !isReal && isFullyConnected(op);
    int64_t groups = 1;
    SmallVector<int64_t> shape = from;
    std::function<std::pair<int64_t, int64_t>(int64_t)> placeOf;
    if (isa<tosa::DepthwiseConv2DOp>(op)) {
      // KH,KW,C,M to C*M,KH,KW,1.
      groups = from[2];
      int64_t channels = from[2] * from[3];
      shape = {channels, from[0], from[1], 1};
      placeOf = [=](int64_t i) {
        return std::pair(i % channels, i / channels);
      };
    } else if (matmul) {
      // 1,K,N to N,K.
      if (from[0] != 1)
        return op->emitError() << "'tosa.matmul' has constants for a batch of "
                               << from[0] << ", expected 1";
      int64_t outputs = from[2];
      shape = {outputs, from[1]};
      placeOf = [=](int64_t i) { return std::pair(i % outputs, i / outputs); };
    } else {
      int64_t taps = from[1] * from[2] * from[3];
      placeOf = [=](int64_t i) { return std::pair(i / taps, i % taps); };
      if (isLayer)
        shape = {from[0], taps};
    }
    if (failed(moveChannels(op, *weights, shape, placeOf)))
      return failure();
    if (!isReal)
      for (double scale : TypeScales(weights->type).scales)
        result.scales.push_back(scale * x->type.getScale());
    Value w = createConstant(builder, factor.getLoc(), shape,
                             ArrayRef<float>(weights->values), "weights");
    if (weights->type)
      w.getDefiningOp()->setAttr(kModelParametersAttr,
                                 TypeAttr::get(weights->type));
    FailureOr<Value> bias = Value();
    if (!matmul)
      bias = makeBias(op, op->getOperand(2), shape.front(), result.scales);
    if (failed(bias))
      return failure();
    auto make = [&](ArrayRef<int64_t> pad, ArrayRef<int64_t> stride,
                    ArrayRef<int64_t> dilation) -> Operation * {
      return Conv2DOp::create(builder, loc, resultType, x->real, w, *bias,
                              builder.getDenseI64ArrayAttr(pad),
                              builder.getDenseI64ArrayAttr(stride),
                              builder.getDenseI64ArrayAttr(dilation),
                              builder.getI64IntegerAttr(groups), UnitAttr(),
                              IntegerAttr(), RequantAttr());
    };
    if (isLayer) {
      int64_t batch = resultType.getDimSize(0);
      Value rows = reshape(loc, x->real, {batch, from[3]});
      dot = FullyConnectedOp::create(builder, loc,
                                     resultType.clone({batch, from[0]}), rows,
                                     w, *bias, UnitAttr(), RequantAttr());
    } else if (auto conv = dyn_cast<tosa::Conv2DOp>(op)) {
      dot = make(conv.getPad(), conv.getStride(), conv.getDilation());
    } else if (auto conv = dyn_cast<tosa::DepthwiseConv2DOp>(op)) {
      dot = make(conv.getPad(), conv.getStride(), conv.getDilation());
    } else if (auto conv = dyn_cast<tosa::TransposeConv2DOp>(op)) {
      ArrayRef<int64_t> out = conv.getOutPad();
      if (out[0] > 0 || out[2] > 0)
        return op->emitError() << "'tosa.transpose_conv2d' adds rows or "
                                  "columns in front of its result";
      SmallVector<int64_t> pad, added;
      for (int64_t amount : out)
        pad.push_back(std::max<int64_t>(-amount, 0));
      added = {std::max<int64_t>(out[1], 0), std::max<int64_t>(out[3], 0)};
      dot = TransposeConv2DOp::create(
          builder, loc, resultType, x->real, w, *bias,
          builder.getDenseI64ArrayAttr(pad),
          builder.getDenseI64ArrayAttr(added), conv.getStrideAttr(),
          builder.getDenseI64ArrayAttr({1, 1}), builder.getI64IntegerAttr(1),
          UnitAttr(), IntegerAttr(), RequantAttr());
    } else {
      dot = FullyConnectedOp::create(builder, loc, resultType, x->real, w,
                                     Value(), UnitAttr(), RequantAttr());
    }
  }
  copyTensorName(op, dot);
  result.real = dot->getResult(0);
  // What the type of the accumulator says must be so.
  if (auto type = dyn_cast<quant::UniformQuantizedType>(
          cast<RankedTensorType>(op->getResult(0).getType()).getElementType());
      type && (type.getZeroPoint() != 0 ||
               llvm::any_of(result.scales, [&](double scale) {
                 return std::fabs(scale - type.getScale()) > 0x1p-20 * scale;
               })))
    return op->emitError() << "'" << op->getName() << "' gives " << type
                           << ", expected the zero point 0 and the product of "
                              "the scales of its operands";
  values[op->getResult(0)] = result;
  return success();
}
