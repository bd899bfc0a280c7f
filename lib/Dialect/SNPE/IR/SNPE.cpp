//===- SNPE.cpp - The snpe dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/SNPE/IR/SNPE.h"
#include "hwq/Dialect/QuantHW/IR/Verify.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using namespace hwq::snpe;

#include "hwq/Dialect/SNPE/IR/SNPEDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "hwq/Dialect/SNPE/IR/SNPEAttributes.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/SNPE/IR/SNPEOps.cpp.inc"

void SNPEDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "hwq/Dialect/SNPE/IR/SNPEAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/SNPE/IR/SNPEOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Encoding
//===----------------------------------------------------------------------===//

EncodingAttr EncodingAttr::get(quant::UniformQuantizedType type) {
  // Signed codes are the unsigned ones minus half the range.
  int64_t levels = (int64_t(1) << type.getStorageTypeIntegralWidth()) - 1;
  int64_t base = type.isSigned() ? -(levels + 1) / 2 : 0;
  int64_t offset = base - type.getZeroPoint();
  Builder builder(type.getContext());
  double min = type.getScale() * static_cast<double>(offset);
  return get(type.getContext(), type.getStorageTypeIntegralWidth(),
             builder.getF64FloatAttr(min),
             builder.getF64FloatAttr(min + type.getScale() *
                                               static_cast<double>(levels)),
             builder.getF64FloatAttr(type.getScale()), offset);
}

LogicalResult EncodingAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   int64_t bitwidth, FloatAttr min,
                                   FloatAttr max, FloatAttr scale,
                                   int64_t offset) {
  // encoding_c1
  if (bitwidth != 8)
    return emitError() << "expected a bitwidth of 8, got " << bitwidth;
  int64_t levels = (int64_t(1) << bitwidth) - 1;
  // encoding_c2
  if (offset < -levels || offset > 0)
    return emitError() << "expected an offset in [" << -levels << ", 0], got "
                       << offset;
  // encoding_c3
  double s = scale.getValueAsDouble();
  if (!(s > 0) || !std::isfinite(s))
    return emitError() << "expected a positive finite scale, got " << s;
  double expected = s * static_cast<double>(offset);
  if (min.getValueAsDouble() != expected)
    return emitError() << "expected the min scale * offset = " << expected
                       << ", got " << min.getValueAsDouble();
  expected += s * static_cast<double>(levels);
  if (max.getValueAsDouble() != expected)
    return emitError() << "expected the max min + scale * " << levels << " = "
                       << expected << ", got " << max.getValueAsDouble();
  return success();
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

/// What a layer can read and write: codes of 8 bits with the zero point among
/// them.
static LogicalResult verifyCodes(Operation *op, RankedTensorType type) {
  auto element = cast<quant::QuantizedType>(type.getElementType());
  if (element.getStorageTypeIntegralWidth() != 8)
    return op->emitOpError() << "expects codes of 8 bits, got " << element;
  return verifyQuantizedType(op, type);
}

/// `encoding` against the type of the tensor that it belongs to.
static LogicalResult verifyEncoding(Operation *op, EncodingAttr encoding,
                                    RankedTensorType type) {
  if (failed(verifyCodes(op, type)))
    return failure();
  auto element = cast<quant::UniformQuantizedType>(type.getElementType());
  EncodingAttr expected = EncodingAttr::get(element);
  if (encoding != expected)
    return op->emitOpError() << "expects the encoding of " << element << ", "
                             << expected << ", got " << encoding;
  return success();
}

static LogicalResult verifyKernel(Operation *op, RequantAttr requant) {
  if (requant.isReal())
    return op->emitOpError() << "expects an integer kernel, got 'real'";
  return success();
}

static LogicalResult verifyOneShape(Operation *op, RankedTensorType a,
                                    RankedTensorType b) {
  if (failed(verifyCompatibleShape(a, b)))
    return op->emitOpError() << "expects one shape, got " << a << " and " << b;
  return success();
}

/// Constraints c2 to c5 of a dot product.
template <typename DotOp> static LogicalResult verifyDot(DotOp op) {
  RankedTensorType out = op.getOutput().getType();
  // _c2, _c3
  if (failed(verifyCodes(op, op.getInput().getType())) ||
      failed(verifyCodes(op, op.getWeights().getType())) ||
      failed(verifyEncoding(op, op.getEncoding(), out)))
    return failure();
  // _c4
  int64_t channels = op.getWeights().getType().getDimSize(0);
  RankedTensorType bias = op.getBias().getType();
  if (bias.getRank() != 1 || bias.getDimSize(0) != channels)
    return op.emitOpError()
           << "expects one bias per channel (" << channels << "), got " << bias;
  // _c5
  if (failed(verifyKernel(op, op.getRequant())))
    return failure();
  if (op.getRequant().getInputZeroPoint() != 0)
    return op.emitOpError() << "expects the input zero point 0 in 'requant'";
  return verifyRequant(op, op.getRequant(), channels, out.getElementType());
}

LogicalResult snpe::Conv2DOp::verify() {
  // snpe.conv2d_c1
  if (failed(verifyConv2DShape(*this, getInput().getType(),
                               getWeights().getType(), getOutput().getType(),
                               getPad(), getStride(), getDilation(),
                               getGroups())))
    return failure();
  // snpe.conv2d_c2 to c5
  if (failed(verifyDot(*this)))
    return failure();
  // snpe.conv2d_c6
  auto type =
      cast<quant::UniformQuantizedType>(getInput().getType().getElementType());
  int64_t pad = static_cast<int32_t>(getPadValue());
  if (pad < type.getStorageTypeMin() || pad > type.getStorageTypeMax())
    return emitOpError() << "expects 'pad_value' in ["
                         << type.getStorageTypeMin() << ", "
                         << type.getStorageTypeMax() << "], got " << pad;
  return success();
}

LogicalResult snpe::FullyConnectedOp::verify() {
  // snpe.fully_connected_c1
  if (failed(verifyFullyConnectedShape(*this, getInput().getType(),
                                       getWeights().getType(),
                                       getOutput().getType())))
    return failure();
  // snpe.fully_connected_c2 to c5
  return verifyDot(*this);
}

LogicalResult EltwiseAddOp::verify() {
  RankedTensorType lhs = getLhs().getType(), rhs = getRhs().getType(),
                   out = getOutput().getType();
  // snpe.eltwise_add_c1, c2
  if (failed(verifyCodes(*this, lhs)) || failed(verifyCodes(*this, rhs)) ||
      failed(verifyEncoding(*this, getEncoding(), out)))
    return failure();
  // snpe.eltwise_add_c3
  for (RequantAttr requant : {getLhsRequant(), getRhsRequant(), getRequant()})
    if (failed(verifyKernel(*this, requant)))
      return failure();
  // snpe.eltwise_add_c4
  return verifyAdd(*this, lhs, rhs, out, getLhsRequant(), getRhsRequant(),
                   getRequant(), getVariant().getValue());
}

LogicalResult PoolAvg2DOp::verify() {
  RankedTensorType in = getInput().getType(), out = getOutput().getType();
  // snpe.pool_avg2d_c1
  if (failed(verifyPool2D(*this, in, out, getKernel(), getStride(), getPad(),
                          /*requant=*/RequantAttr(), getClamp())))
    return failure();
  // snpe.pool_avg2d_c2
  return verifyEncoding(*this, getEncoding(), out);
}

LogicalResult ConvertOp::verify() {
  RankedTensorType in = getInput().getType(), out = getOutput().getType();
  // snpe.convert_c1 to c3
  if (failed(verifyOneShape(*this, in, out)) ||
      failed(verifyCodes(*this, in)) ||
      failed(verifyEncoding(*this, getEncoding(), out)))
    return failure();
  // snpe.convert_c4
  int64_t zeroPoint =
      cast<quant::UniformQuantizedType>(in.getElementType()).getZeroPoint();
  if (failed(verifyKernel(*this, getRequant())))
    return failure();
  if (getRequant().getInputZeroPoint() != zeroPoint)
    return emitOpError() << "expects the zero point of the operand, "
                         << zeroPoint << ", got "
                         << getRequant().getInputZeroPoint();
  return verifyRequant(*this, getRequant(), 1, out.getElementType());
}

LogicalResult snpe::QuantizeOp::verify() {
  // snpe.quantize_c1, c2
  if (failed(
          verifyOneShape(*this, getInput().getType(), getOutput().getType())))
    return failure();
  return verifyEncoding(*this, getEncoding(), getOutput().getType());
}

LogicalResult snpe::DequantizeOp::verify() {
  // snpe.dequantize_c1, c2
  if (failed(
          verifyOneShape(*this, getInput().getType(), getOutput().getType())))
    return failure();
  return verifyEncoding(*this, getEncoding(), getInput().getType());
}
