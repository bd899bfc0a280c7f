//===- QuantHWDotOps.cpp - Convolutions and products of matrices -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Verify.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;

/// Types of a dot product: all float, or quantized with an accumulator or, with
/// `requant`, a quantized result.
template <typename DotOp>
static LogicalResult verifyDot(DotOp op, int64_t channels) {
  Type in = op.getInput().getType().getElementType();
  Type weights = op.getWeights().getType().getElementType();
  Type out = op.getOutput().getType().getElementType();
  bool isFloat = in.isF32();
  // _c2
  if (isFloat != weights.isF32())
    return op.emitOpError() << "expects input and weights both float or both "
                               "quantized, got "
                            << in << " and " << weights;
  if (isFloat != out.isF32())
    return op.emitOpError() << "expects a float result of float operands only, "
                               "got "
                            << out;
  if (failed(verifyQuantizedType(op, op.getInput().getType(),
                                 /*activation=*/true)) ||
      failed(verifyQuantizedType(op, op.getWeights().getType())) ||
      failed(verifyQuantizedType(op, op.getOutput().getType(),
                                 /*activation=*/true)))
    return failure();
  // _c3
  if (op.getBias()) {
    RankedTensorType bias = op.getBias().getType();
    if (bias.getRank() != 1 || bias.getDimSize(0) != channels)
      return op.emitOpError() << "expects one bias per channel (" << channels
                              << "), got " << bias;
    if (bias.getElementType().isF32() != isFloat)
      return op.emitOpError() << "expects a bias of "
                              << (isFloat ? "f32" : "i32") << ", got " << bias;
  }
  // _c4
  bool quantizedResult = isa<quant::QuantizedType>(out);
  if (quantizedResult != op.getRequant().has_value())
    return op.emitOpError() << "expects 'requant' iff the result is quantized, "
                               "got "
                            << out;
  if (quantizedResult) {
    if (op.getRequant()->getInputZeroPoint() != 0)
      return op.emitOpError() << "expects the input zero point 0 in 'requant'";
    if (op.getRequant()->isReal())
      return op.emitOpError() << "expects an integer kernel in 'requant'";
    if (failed(verifyRequant(op, *op.getRequant(), channels, out)))
      return failure();
  }
  if (op.getRawInput() && isFloat)
    return op.emitOpError() << "has 'raw_input' though it is float";
  return success();
}

/// Attributes, ranks, channels, groups and the shape of the result of a
/// convolution N,H,W,C x O,KH,KW,I (conv2d_c1, conv2d_c6).
static LogicalResult verifyConv2DShape(Operation *op, RankedTensorType in,
                                       RankedTensorType w, RankedTensorType out,
                                       ArrayRef<int64_t> pad,
                                       ArrayRef<int64_t> stride,
                                       ArrayRef<int64_t> dilation,
                                       int64_t groups) {
  // conv2d_c6
  if (failed(verifyPositive(op, "pad", pad, 4, 0)) ||
      failed(verifyPositive(op, "stride", stride, 2, 1)) ||
      failed(verifyPositive(op, "dilation", dilation, 2, 1)))
    return failure();
  if (groups < 1)
    return op->emitOpError() << "expects at least one group, got " << groups;
  // conv2d_c1
  if (in.getRank() != 4 || w.getRank() != 4 || out.getRank() != 4)
    return op->emitOpError() << "expects input, weights and result of rank 4";
  if (!w.hasStaticShape())
    return op->emitOpError() << "expects weights of a static shape, got " << w;
  int64_t channels = w.getDimSize(0);
  if (!in.isDynamicDim(3) && in.getDimSize(3) != groups * w.getDimSize(3))
    return op->emitOpError() << "expects " << groups * w.getDimSize(3)
                             << " input channels for weights " << w << " and "
                             << groups << " groups, got " << in.getDimSize(3);
  if (channels % groups != 0)
    return op->emitOpError() << "expects output channels divisible by "
                             << groups << " groups, got " << channels;
  if (failed(verifyDim(op, out, 0, in.getDimSize(0))) ||
      failed(verifyDim(op, out, 3, channels)))
    return failure();
  for (int d : {1, 2}) {
    if (in.isDynamicDim(d))
      continue;
    int64_t extent = (w.getDimSize(d) - 1) * dilation[d - 1] + 1;
    int64_t padded = in.getDimSize(d) + pad[2 * d - 2] + pad[2 * d - 1];
    if (padded < extent)
      return op->emitOpError()
             << "expects a kernel of at most " << padded << " along dimension "
             << d << ", got " << extent;
    if (failed(verifyDim(op, out, d, (padded - extent) / stride[d - 1] + 1)))
      return failure();
  }
  return success();
}

/// _c5
template <typename ConvOp> static LogicalResult verifyPadValue(ConvOp op) {
  bool hasZeroPoints = isa<quant::UniformQuantizedPerAxisType>(
      op.getInput().getType().getElementType());
  if (hasZeroPoints && op.getPadValue())
    return op.emitOpError() << "expects no 'pad_value' for an input with zero "
                               "points of its channels";
  if (!hasZeroPoints && op.getRawInput() != op.getPadValue().has_value())
    return op.emitOpError() << "expects 'raw_input' and 'pad_value' together";
  if (op.getPadValue()) {
    auto type = cast<quant::UniformQuantizedType>(
        op.getInput().getType().getElementType());
    int64_t value = static_cast<int32_t>(*op.getPadValue());
    if (value < type.getStorageTypeMin() || value > type.getStorageTypeMax())
      return op.emitOpError()
             << "expects 'pad_value' in [" << type.getStorageTypeMin() << ", "
             << type.getStorageTypeMax() << "], got " << value;
  }
  return success();
}

LogicalResult Conv2DOp::verify() {
  // conv2d_c1, conv2d_c6
  RankedTensorType in = getInput().getType();
  if (failed(verifyConv2DShape(*this, in, getWeights().getType(),
                               getOutput().getType(), getPad(), getStride(),
                               getDilation(), getGroups())))
    return failure();
  if (failed(verifyDot(*this, getWeights().getType().getDimSize(0))))
    return failure();
  return verifyPadValue(*this);
}

/// Input [..., I], weights [O, I], result [..., O] (fully_connected_c1).
static LogicalResult verifyFullyConnectedShape(Operation *op,
                                               RankedTensorType in,
                                               RankedTensorType w,
                                               RankedTensorType out) {
  // fully_connected_c1
  if (in.getRank() < 1 || w.getRank() != 2 || out.getRank() != in.getRank())
    return op->emitOpError()
           << "expects weights of rank 2 and input and result of "
              "one rank, got "
           << in << ", " << w << " and " << out;
  if (!w.hasStaticShape())
    return op->emitOpError() << "expects weights of a static shape, got " << w;
  int last = in.getRank() - 1;
  if (!in.isDynamicDim(last) && in.getDimSize(last) != w.getDimSize(1))
    return op->emitOpError()
           << "expects " << w.getDimSize(1) << " input features for weights "
           << w << ", got " << in.getDimSize(last);
  for (int d = 0; d < last; ++d)
    if (failed(verifyDim(op, out, d, in.getDimSize(d))))
      return failure();
  return verifyDim(op, out, last, w.getDimSize(0));
}

LogicalResult FullyConnectedOp::verify() {
  if (failed(verifyFullyConnectedShape(*this, getInput().getType(),
                                       getWeights().getType(),
                                       getOutput().getType())))
    return failure();
  return verifyDot(*this, getWeights().getType().getDimSize(0));
}

LogicalResult TransposeConv2DOp::verify() {
  RankedTensorType in = getInput().getType(), w = getWeights().getType(),
                   out = getOutput().getType();
  // transpose_conv2d_c6
  if (failed(verifyPositive(*this, "pad", getPad(), 4, 0)) ||
      failed(verifyPositive(*this, "output_pad", getOutputPad(), 2, 0)) ||
      failed(verifyPositive(*this, "stride", getStride(), 2, 1)) ||
      failed(verifyPositive(*this, "dilation", getDilation(), 2, 1)))
    return failure();
  int64_t groups = getGroups();
  if (groups < 1)
    return emitOpError() << "expects at least one group, got " << groups;
  // transpose_conv2d_c1
  if (in.getRank() != 4 || w.getRank() != 4 || out.getRank() != 4 ||
      !w.hasStaticShape())
    return emitOpError()
           << "expects input, static weights and result of rank 4";
  if (!in.isDynamicDim(3) && in.getDimSize(3) != groups * w.getDimSize(3))
    return emitOpError() << "expects " << groups * w.getDimSize(3)
                         << " input channels, got " << in.getDimSize(3);
  if (w.getDimSize(0) % groups != 0)
    return emitOpError() << "expects output channels divisible by " << groups
                         << " groups, got " << w.getDimSize(0);
  if (failed(verifyDim(*this, out, 0, in.getDimSize(0))) ||
      failed(verifyDim(*this, out, 3, w.getDimSize(0))))
    return failure();
  for (int d : {1, 2})
    if (!in.isDynamicDim(d) &&
        failed(verifyDim(*this, out, d,
                         (in.getDimSize(d) - 1) * getStride()[d - 1] +
                             (w.getDimSize(d) - 1) * getDilation()[d - 1] + 1 -
                             getPad()[2 * d - 2] - getPad()[2 * d - 1] +
                             getOutputPad()[d - 1])))
      return failure();
  if (failed(verifyDot(*this, w.getDimSize(0))))
    return failure();
  return verifyPadValue(*this);
}

LogicalResult MatMulOp::verify() {
  RankedTensorType lhs = getLhs().getType(), rhs = getRhs().getType(),
                   out = getOutput().getType();
  // matmul_c1
  int64_t rank = lhs.getRank();
  if (rank < 2 || rhs.getRank() != rank || out.getRank() != rank)
    return emitOpError() << "expects operands and result of one rank of at "
                            "least 2, got "
                         << lhs << ", " << rhs << " and " << out;
  auto agree = [](int64_t a, int64_t b) {
    return ShapedType::isDynamic(a) || ShapedType::isDynamic(b) || a == b;
  };
  for (int64_t d = 0; d < rank - 2; ++d)
    if (!agree(lhs.getDimSize(d), rhs.getDimSize(d)))
      return emitOpError() << "expects equal leading dimensions, got " << lhs
                           << " and " << rhs;
  if (!agree(lhs.getDimSize(rank - 1), rhs.getDimSize(rank - 2)))
    return emitOpError() << "expects as many columns as rows, got " << lhs
                         << " and " << rhs;
  for (int64_t d = 0; d < rank - 1; ++d)
    if (failed(verifyDim(*this, out, d, lhs.getDimSize(d))))
      return failure();
  if (failed(verifyDim(*this, out, rank - 1, rhs.getDimSize(rank - 1))))
    return failure();
  // matmul_c2
  if (lhs.getElementType().isF32() != rhs.getElementType().isF32() ||
      lhs.getElementType().isF32() != out.getElementType().isF32())
    return emitOpError()
           << "expects operands and result all float or none, got "
           << lhs.getElementType() << ", " << rhs.getElementType() << " and "
           << out.getElementType();
  for (Type type : {Type(lhs), Type(rhs), Type(out)})
    if (failed(verifyQuantizedType(*this, type)))
      return failure();
  // matmul_c3
  bool quantizedResult = isa<quant::QuantizedType>(out.getElementType());
  if (quantizedResult != getRequant().has_value())
    return emitOpError()
           << "expects 'requant' iff the result is quantized, got "
           << out.getElementType();
  if (!quantizedResult)
    return success();
  if (getRequant()->getInputZeroPoint() != 0 || getRequant()->isReal() ||
      getRequant()->getScales().size() != 1)
    return emitOpError()
           << "expects an integer kernel, one scale and the input "
              "zero point 0 in 'requant'";
  return verifyRequant(*this, *getRequant(), 1, out.getElementType());
}

/// Scale and zero points per channel of weights, expanded to one per channel.
static void getChannelParams(Type element, int64_t channels,
                             SmallVector<double> &scales,
                             SmallVector<int64_t> &zeroPoints) {
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    scales.assign(channels, uniform.getScale());
    zeroPoints.assign(channels, uniform.getZeroPoint());
    return;
  }
  auto perAxis = cast<quant::UniformQuantizedPerAxisType>(element);
  scales.assign(perAxis.getScales().begin(), perAxis.getScales().end());
  zeroPoints.assign(perAxis.getZeroPoints().begin(),
                    perAxis.getZeroPoints().end());
}

/// Step 1 of a dot product: `requantize(accumulator, S1 = Sx Sw/Sy, B/Sy)`.
/// `build` makes the accumulator op with the given result type.
static FailureOr<Value>
buildDotStep1(Operation *op, OpBuilder &builder, const IntegerForm &form,
              RankedTensorType resultType,
              function_ref<Value(Type)> buildAccumulator, std::string &reason) {
  // The weights have the scales of the input's channels in them.
  auto in = dyn_cast<quant::UniformQuantizedType>(
      cast<RankedTensorType>(form.activations[0].getType()).getElementType());
  double inScale = in ? in.getScale() : 1.0;
  auto weights = cast<RankedTensorType>(form.weights.getType());
  int64_t channels = weights.getDimSize(0);
  SmallVector<double> weightScales;
  SmallVector<int64_t> zeroPoints;
  getChannelParams(weights.getElementType(), channels, weightScales,
                   zeroPoints);
  // Where the result stays float its scale is 1.
  auto outScale = [&](size_t c) {
    if (form.channelType)
      return form.channelType.getScales()[c];
    return form.resultType ? form.resultType.getScale() : 1.0;
  };
  bool perChannel =
      isa<quant::UniformQuantizedPerAxisType>(weights.getElementType());
  RequantFields requant;
  requant.quantizeForm = form.quantizeForm;
  perChannel |= static_cast<bool>(form.channelType);
  for (auto [c, scale] : llvm::enumerate(
           ArrayRef(weightScales).take_front(perChannel ? channels : 1)))
    requant.scales.push_back(inScale * scale / outScale(c));
  if (form.resultType)
    requant.zeroPoint = form.resultType.getZeroPoint();
  requant.lo = form.lo;
  requant.hi = form.hi;
  if (form.channelType)
    requant.setOutputs(form.channelGrids);
  if (form.residual)
    requant.residualScale =
        cast<quant::UniformQuantizedType>(getElementTypeOrSelf(form.residual))
            .getScale() /
        outScale(0);

  Value bias;
  ElementsAttr realBias;
  if (form.bias) {
    FailureOr<std::vector<float>> values = getFloatConstant(form.bias);
    if (failed(values)) {
      reason = "its bias is not a constant";
      return failure();
    }
    std::vector<double> scaled;
    for (auto [c, b] : llvm::enumerate(*values))
      scaled.push_back(static_cast<double>(b) / outScale(c));
    bias = createConstant(builder, op->getLoc(), {channels},
                          ArrayRef<double>(scaled), "");
    realBias = cast<ElementsAttr>(
        form.bias.getDefiningOp<tosa::ConstOp>().getValuesAttr());
  }
  Value accumulator = buildAccumulator(resultType.clone(builder.getI32Type()));
  Type element = form.channelType  ? Type(form.channelType)
                 : form.resultType ? Type(form.resultType)
                                   : builder.getF32Type();
  return RequantizeOp::create(builder, op->getLoc(), resultType.clone(element),
                              accumulator, bias, form.residual,
                              RequantAttr::get(builder.getContext(), requant),
                              bias ? builder.getUnitAttr() : UnitAttr(),
                              realBias,
                              /*variant=*/ConcatVariantAttr())
      .getResult();
}

StringRef Conv2DOp::getOpKind() { return "conv2d"; }
SmallVector<unsigned> Conv2DOp::getActivationOperands() { return {0}; }
std::optional<unsigned> Conv2DOp::getWeightOperand() { return 1; }
std::optional<unsigned> Conv2DOp::getBiasOperand() {
  return getBias() ? std::optional<unsigned>(2) : std::nullopt;
}
bool Conv2DOp::absorbsClamp() { return true; }

FailureOr<Value> Conv2DOp::buildIntegerForm(OpBuilder &builder,
                                            const IntegerForm &form,
                                            std::string &reason) {
  return buildDotStep1(
      *this, builder, form, getOutput().getType(),
      [&](Type accumulator) -> Value {
        return Conv2DOp::create(
            builder, getLoc(), accumulator, form.activations[0], form.weights,
            /*bias=*/Value(), getPadAttr(), getStrideAttr(), getDilationAttr(),
            getGroupsAttr(), /*raw_input=*/UnitAttr(),
            /*pad_value=*/IntegerAttr(),
            /*requant=*/RequantAttr());
      },
      reason);
}

StringRef TransposeConv2DOp::getOpKind() { return "transpose_conv2d"; }
SmallVector<unsigned> TransposeConv2DOp::getActivationOperands() { return {0}; }
std::optional<unsigned> TransposeConv2DOp::getWeightOperand() { return 1; }
std::optional<unsigned> TransposeConv2DOp::getBiasOperand() {
  return getBias() ? std::optional<unsigned>(2) : std::nullopt;
}
bool TransposeConv2DOp::absorbsClamp() { return true; }

FailureOr<Value> TransposeConv2DOp::buildIntegerForm(OpBuilder &builder,
                                                     const IntegerForm &form,
                                                     std::string &reason) {
  return buildDotStep1(
      *this, builder, form, getOutput().getType(),
      [&](Type accumulator) -> Value {
        return TransposeConv2DOp::create(
            builder, getLoc(), accumulator, form.activations[0], form.weights,
            /*bias=*/Value(), getPadAttr(), getOutputPadAttr(), getStrideAttr(),
            getDilationAttr(), getGroupsAttr(), /*raw_input=*/UnitAttr(),
            /*pad_value=*/IntegerAttr(), /*requant=*/RequantAttr());
      },
      reason);
}

StringRef FullyConnectedOp::getOpKind() { return "fully_connected"; }
SmallVector<unsigned> FullyConnectedOp::getActivationOperands() { return {0}; }
std::optional<unsigned> FullyConnectedOp::getWeightOperand() { return 1; }
std::optional<unsigned> FullyConnectedOp::getBiasOperand() {
  return getBias() ? std::optional<unsigned>(2) : std::nullopt;
}
bool FullyConnectedOp::absorbsClamp() { return true; }

FailureOr<Value> FullyConnectedOp::buildIntegerForm(OpBuilder &builder,
                                                    const IntegerForm &form,
                                                    std::string &reason) {
  return buildDotStep1(
      *this, builder, form, getOutput().getType(),
      [&](Type accumulator) -> Value {
        return FullyConnectedOp::create(
            builder, getLoc(), accumulator, form.activations[0], form.weights,
            /*bias=*/Value(), /*raw_input=*/UnitAttr(),
            /*requant=*/RequantAttr());
      },
      reason);
}

StringRef MatMulOp::getOpKind() { return "matmul"; }
SmallVector<unsigned> MatMulOp::getActivationOperands() { return {0, 1}; }
bool MatMulOp::hasAccumulator() { return true; }
bool MatMulOp::absorbsClamp() { return true; }

/// `requantize(accumulator, Sa Sb / Sy)`; both zero points stay in the product.
FailureOr<Value> MatMulOp::buildIntegerForm(OpBuilder &builder,
                                            const IntegerForm &form,
                                            std::string &reason) {
  RankedTensorType type = getOutput().getType();
  int64_t inner = getLhs().getType().getShape().back();
  if (ShapedType::isDynamic(inner)) {
    reason = "the length of its sums is dynamic";
    return failure();
  }
  double scale = form.resultType ? 1 / form.resultType.getScale() : 1.0;
  RequantFields requant;
  requant.quantizeForm = form.quantizeForm;
  for (Value operand : form.activations)
    scale *= cast<quant::UniformQuantizedType>(getElementTypeOrSelf(operand))
                 .getScale();
  requant.scales = {scale};
  if (form.resultType)
    requant.zeroPoint = form.resultType.getZeroPoint();
  requant.lo = form.lo;
  requant.hi = form.hi;
  Value accumulator =
      MatMulOp::create(builder, getLoc(), type.clone(builder.getI32Type()),
                       form.activations[0], form.activations[1], RequantAttr());
  Type element = form.resultType ? Type(form.resultType) : builder.getF32Type();
  return RequantizeOp::create(builder, getLoc(), type.clone(element),
                              accumulator, /*bias=*/Value(),
                              RequantAttr::get(builder.getContext(), requant),
                              /*scaled_bias=*/false)
      .getResult();
}

/// An accumulator op takes any requantization of a multiplier kernel that reads
/// the accumulator as it is.
template <typename DotOp> static bool canAbsorb(DotOp op, RequantAttr requant) {
  return !op.getRequant() && !requant.isReal() && !requant.getResidualScale() &&
         requant.getInputZeroPoint() == 0;
}

template <typename DotOp>
static Value absorb(DotOp op, OpBuilder &builder, RequantAttr requant,
                    Type resultType) {
  auto fused = cast<DotOp>(builder.clone(*op));
  fused.setRequantAttr(requant);
  fused.getOutput().setType(cast<RankedTensorType>(resultType));
  return fused.getOutput();
}

bool Conv2DOp::canAbsorbRequantize(RequantAttr requant) {
  return canAbsorb(*this, requant);
}
Value Conv2DOp::absorbRequantize(OpBuilder &builder, RequantAttr requant,
                                 Type resultType) {
  return absorb(*this, builder, requant, resultType);
}
bool TransposeConv2DOp::canAbsorbRequantize(RequantAttr requant) {
  return canAbsorb(*this, requant);
}
Value TransposeConv2DOp::absorbRequantize(OpBuilder &builder,
                                          RequantAttr requant,
                                          Type resultType) {
  return absorb(*this, builder, requant, resultType);
}
bool MatMulOp::canAbsorbRequantize(RequantAttr requant) {
  return canAbsorb(*this, requant);
}
Value MatMulOp::absorbRequantize(OpBuilder &builder, RequantAttr requant,
                                 Type resultType) {
  return absorb(*this, builder, requant, resultType);
}
bool FullyConnectedOp::canAbsorbRequantize(RequantAttr requant) {
  return canAbsorb(*this, requant);
}
Value FullyConnectedOp::absorbRequantize(OpBuilder &builder,
                                         RequantAttr requant, Type resultType) {
  return absorb(*this, builder, requant, resultType);
}
