//===- QuantHWIntegerOps.cpp - Verifiers of the integer ops -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerForms.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Verify.h"
#include "hwq/Numerics/Lut.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// Sums and products
//===----------------------------------------------------------------------===//

/// Shapes, zero points, scales and shifts of an integer addition (add_c1, c2,
/// c4, c5). `variant` is absent for `real` requantizations.
static LogicalResult verifyAdd(Operation *op, RankedTensorType lhs,
                               RankedTensorType rhs, RankedTensorType out,
                               RequantAttr lhsRequant, RequantAttr rhsRequant,
                               RequantAttr requant,
                               std::optional<numerics::AddVariant> variant) {
  // add_c1
  if (failed(verifyCompatibleShape(lhs, rhs)) ||
      failed(verifyCompatibleShape(lhs, out)) ||
      failed(verifyCompatibleShape(rhs, out)))
    return op->emitOpError() << "expects one shape everywhere, got " << lhs
                             << ", " << rhs << " and " << out;
  for (Type type : {Type(lhs), Type(rhs), Type(out)})
    if (failed(verifyQuantizedType(op, type)))
      return failure();
  // The kernels say all of the arithmetic.
  bool kernels = !variant || numerics::usesKernel(*variant);
  // add_c2
  for (auto [type, term] :
       {std::pair(lhs, lhsRequant), std::pair(rhs, rhsRequant)}) {
    int64_t zeroPoint =
        cast<quant::UniformQuantizedType>(type.getElementType()).getZeroPoint();
    if (term.getInputZeroPoint() != zeroPoint)
      return op->emitOpError()
             << "expects the zero point of the operand, " << zeroPoint
             << ", got " << term.getInputZeroPoint();
    if (term.getZeroPoint() != 0 || term.getLo() != INT32_MIN ||
        term.getHi() != INT32_MAX)
      return op->emitOpError()
             << "expects operands brought to 32 bits without a zero point, got "
             << term;
    // add_c4
    if (term.getScales().size() != 1)
      return op->emitOpError() << "expects one scale per operand, got "
                               << term.getScales().size();
    if (kernels && failed(verifyMultipliers(op, term)))
      return failure();
  }
  if (kernels && requant.getInputZeroPoint() != 0)
    return op->emitOpError() << "expects the input zero point 0 in 'requant'";
  if (failed(verifyRequant(op, requant, 1, out.getElementType())))
    return failure();
  // add_c5
  if (lhsRequant.getLeftShift() != rhsRequant.getLeftShift() ||
      requant.getLeftShift() != 0 ||
      lhsRequant.getKernel() != requant.getKernel() ||
      rhsRequant.getKernel() != requant.getKernel())
    return op->emitOpError() << "expects one kernel, one left shift of the "
                                "operands and none of the sum";
  bool factors = variant && numerics::usesFactors(*variant);
  if (variant && factors != (requant.getFactors() != nullptr))
    return op->emitOpError()
           << "expects " << (factors ? "factors" : "multipliers")
           << " for the variant '" << numerics::stringify(*variant) << "'";
  return success();
}

template <typename Op> static LogicalResult verifySum(Op op) {
  // add_c3
  bool real = op.getRequant().isReal();
  if (op.getLhsRequant().isReal() != real ||
      op.getRhsRequant().isReal() != real ||
      op.getVariant().has_value() == real)
    return op.emitOpError() << "expects three 'real' requantizations and no "
                               "variant, or none 'real' and a variant";
  std::optional<numerics::AddVariant> variant;
  if (op.getVariant())
    variant = op.getVariant()->getValue();
  return verifyAdd(op, op.getLhs().getType(), op.getRhs().getType(),
                   op.getOutput().getType(), op.getLhsRequant(),
                   op.getRhsRequant(), op.getRequant(), variant);
}

LogicalResult AddOp::verify() { return verifySum(*this); }
LogicalResult SubOp::verify() { return verifySum(*this); }

LogicalResult MulOp::verify() {
  RankedTensorType out = getOutput().getType();
  // mul_c1
  for (Value operand : getOperands()) {
    auto type = cast<RankedTensorType>(operand.getType());
    if (failed(verifyQuantizedType(*this, type)))
      return failure();
    bool fits = type.getRank() == out.getRank();
    for (int64_t d = 0; fits && d < out.getRank(); ++d)
      fits = type.isDynamicDim(d) || out.isDynamicDim(d) ||
             type.getDimSize(d) == 1 || type.getDimSize(d) == out.getDimSize(d);
    if (!fits)
      return emitOpError()
             << "expects operands whose dimensions are the result's or 1, got "
             << type << " for " << out;
  }
  if (failed(verifyQuantizedType(*this, out)))
    return failure();
  // mul_c2
  if (getRequant().getInputZeroPoint() != 0 ||
      getRequant().getScales().size() != 1)
    return emitOpError()
           << "expects one scale and the input zero point 0 in 'requant'";
  // mul_c3
  if (getRequant().isReal() == getVariant().has_value())
    return emitOpError()
           << "expects a 'real' requantization iff there is no variant";
  // LiteRT's product of scales is one in f32.
  return verifyRequant(*this, getRequant(), 1, out.getElementType(),
                       /*slack=*/0x1p-22);
}

//===----------------------------------------------------------------------===//
// Pools and tables
//===----------------------------------------------------------------------===//

/// All constraints of an integer average pool (avg_pool2d_c1 to c4). `requant`
/// may be null.
static LogicalResult verifyPool2D(Operation *op, RankedTensorType in,
                                  RankedTensorType out,
                                  ArrayRef<int64_t> kernel,
                                  ArrayRef<int64_t> stride,
                                  ArrayRef<int64_t> pad, RequantAttr requant,
                                  ArrayRef<int64_t> clamp) {
  // avg_pool2d_c3
  if (failed(verifyPositive(op, "kernel", kernel, 2, 1)) ||
      failed(verifyPositive(op, "stride", stride, 2, 1)) ||
      failed(verifyPositive(op, "pad", pad, 4, 0)))
    return failure();
  for (int d : {0, 1})
    if (pad[2 * d] >= kernel[d] || pad[2 * d + 1] >= kernel[d])
      return op->emitOpError()
             << "expects paddings smaller than the kernel, got [" << pad
             << "] for [" << kernel << "]";
  // avg_pool2d_c1
  if (in.getRank() != 4 || out.getRank() != 4)
    return op->emitOpError() << "expects input and result of rank 4";
  if (failed(verifyDim(op, out, 0, in.getDimSize(0))) ||
      failed(verifyDim(op, out, 3, in.getDimSize(3))))
    return failure();
  for (int d : {1, 2}) {
    if (in.isDynamicDim(d))
      continue;
    int64_t padded = in.getDimSize(d) + pad[2 * d - 2] + pad[2 * d - 1];
    if (padded < kernel[d - 1])
      return op->emitOpError()
             << "expects a kernel of at most " << padded << " along dimension "
             << d << ", got " << kernel[d - 1];
    if (failed(verifyDim(op, out, d,
                         (padded - kernel[d - 1]) / stride[d - 1] + 1)))
      return failure();
  }
  if (failed(verifyQuantizedType(op, in)) ||
      failed(verifyQuantizedType(op, out)))
    return failure();
  // avg_pool2d_c2
  auto type = cast<quant::UniformQuantizedType>(out.getElementType());
  if (requant) {
    int64_t zeroPoint =
        cast<quant::UniformQuantizedType>(in.getElementType()).getZeroPoint();
    if (requant.getScales().size() != 1 ||
        requant.getInputZeroPoint() != zeroPoint ||
        requant.getZeroPoint() != type.getZeroPoint())
      return op->emitOpError()
             << "expects one scale and the zero points of input and result in "
                "'requant', "
             << zeroPoint << " and " << type.getZeroPoint();
  } else if (in.getElementType() != out.getElementType()) {
    return op->emitOpError()
           << "expects input and result of one quantized type, "
              "got "
           << in.getElementType() << " and " << out.getElementType();
  }
  // avg_pool2d_c4
  if (clamp.size() != 2 || clamp[0] > clamp[1] ||
      clamp[0] < type.getStorageTypeMin() ||
      clamp[1] > type.getStorageTypeMax())
    return op->emitOpError()
           << "expects 'clamp' to be two codes of the result, the "
              "first not above the second, got ["
           << clamp << "]";
  return success();
}

LogicalResult AvgPool2DOp::verify() {
  RequantAttr requant = getRequant().value_or(RequantAttr());
  // avg_pool2d_c5
  if (requant && requant.isReal() == getVariant().has_value())
    return emitOpError()
           << "expects a 'real' requantization iff there is no variant";
  return verifyPool2D(*this, getInput().getType(), getOutput().getType(),
                      getKernel(), getStride(), getPad(), requant, getClamp());
}

LogicalResult ResizeBilinearOp::verify() {
  RankedTensorType in = getInput().getType(), out = getOutput().getType();
  // resize_bilinear_c1
  if (in.getRank() != 4 || out.getRank() != 4)
    return emitOpError() << "expects operand and result of rank 4";
  if (failed(verifyPositive(*this, "scale", getScale(), 4, 1)) ||
      failed(verifyPositive(*this, "offset", getOffset(), 2, -(1 << 30))) ||
      failed(verifyPositive(*this, "border", getBorder(), 2, -(1 << 30))))
    return failure();
  if (failed(verifyDim(*this, out, 0, in.getDimSize(0))) ||
      failed(verifyDim(*this, out, 3, in.getDimSize(3))))
    return failure();
  for (int i : {0, 1}) {
    if (in.isDynamicDim(1 + i))
      continue;
    int64_t span = (in.getDimSize(1 + i) - 1) * getScale()[2 * i] -
                   getOffset()[i] + getBorder()[i];
    if (span < 0 || span % getScale()[2 * i + 1] != 0)
      return emitOpError() << "expects scale, offset and border that fit "
                           << in.getDimSize(1 + i) << " pixels along axis "
                           << 1 + i;
    if (failed(verifyDim(*this, out, 1 + i, span / getScale()[2 * i + 1] + 1)))
      return failure();
  }
  // resize_bilinear_c2
  auto type = cast<quant::UniformQuantizedType>(in.getElementType());
  if (in.getElementType() != out.getElementType() ||
      type.getStorageTypeIntegralWidth() != 8)
    return emitOpError() << "expects operand and result of one quantized type "
                            "of 8 bits, got "
                         << in.getElementType() << " and "
                         << out.getElementType();
  if (failed(verifyQuantizedType(*this, in)))
    return failure();
  // resize_bilinear_c3
  std::optional<numerics::ResizeVariant> variant;
  if (getVariant())
    variant = getVariant()->getValue();
  auto resize = deriveResize(*this, variant);
  if (!resize)
    return emitOpError() << resize.error();
  return success();
}

FailureOr<Value> hwq::buildLookup(Operation *op, OpBuilder &builder,
                                  const IntegerForm &form, UnaryTables tables,
                                  std::string &reason) {
  for (auto *codes : {&tables.real, &tables.kernel}) {
    if (!*codes) {
      reason = codes->error();
      return failure();
    }
    for (int32_t &code : **codes)
      code = std::clamp<int64_t>(code, form.lo, form.hi);
  }
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  return LookupOp::create(builder, op->getLoc(), type.clone(form.resultType),
                          form.activations[0],
                          builder.getDenseI32ArrayAttr(*tables.real),
                          *tables.kernel == *tables.real
                              ? DenseI32ArrayAttr()
                              : builder.getDenseI32ArrayAttr(*tables.kernel))
      .getResult();
}

FailureOr<Value>
hwq::buildUnaryForm(Operation *op, OpBuilder &builder, const IntegerForm &form,
                    const std::function<double(double)> &function,
                    std::string &reason) {
  if (staysFloat(form, reason))
    return failure();
  numerics::QuantParams in = getQuantParams(form.activations[0]);
  if (in.grid.qmax - in.grid.qmin > 255) {
    reason = "its operand has more than 256 codes";
    return failure();
  }
  numerics::QuantParams out = getParams(form.resultType);
  return buildLookup(
      op, builder, form,
      {numerics::lookupTable(form.quantizeForm, function, in, out),
       numerics::lookupTable(form.lookup, form.quantizeForm, function, in,
                             out)},
      reason);
}

FailureOr<Value> hwq::buildRequantizeForm(Operation *op, OpBuilder &builder,
                                          const IntegerForm &form,
                                          std::string &reason) {
  if (staysFloat(form, reason))
    return failure();
  numerics::QuantParams in = getQuantParams(form.activations[0]);
  RequantFields fields;
  fields.quantizeForm = form.quantizeForm;
  fields.scales = {in.scale / form.resultType.getScale()};
  fields.inputZeroPoint = in.zeroPoint;
  fields.zeroPoint = form.resultType.getZeroPoint();
  fields.lo = form.lo;
  fields.hi = form.hi;
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  return RequantizeOp::create(builder, op->getLoc(),
                              type.clone(form.resultType), form.activations[0],
                              /*bias=*/Value(),
                              RequantAttr::get(builder.getContext(), fields),
                              /*scaled_bias=*/false)
      .getResult();
}

LogicalResult LookupOp::verify() {
  auto in =
      cast<quant::UniformQuantizedType>(getInput().getType().getElementType());
  auto out =
      cast<quant::UniformQuantizedType>(getOutput().getType().getElementType());
  if (failed(verifyQuantizedType(*this, getInput().getType())) ||
      failed(verifyQuantizedType(*this, getOutput().getType())))
    return failure();
  // lookup_c4
  RankedTensorType type = getInput().getType();
  int64_t channels = 1;
  if (std::optional<uint64_t> axis = getChannelAxis()) {
    if (*axis >= static_cast<uint64_t>(type.getRank()) ||
        type.isDynamicDim(static_cast<unsigned>(*axis)))
      return emitOpError() << "expects 'channel_axis' to be an axis of a known "
                              "size, got "
                           << static_cast<int64_t>(*axis) << " for " << type;
    channels = type.getDimSize(static_cast<unsigned>(*axis));
  }
  int64_t codes = in.getStorageTypeMax() - in.getStorageTypeMin() + 1;
  auto verifyTable = [&](ArrayRef<int32_t> table) -> LogicalResult {
    // lookup_c1
    if (codes > 65536 || table.size() != static_cast<size_t>(codes * channels))
      return emitOpError() << "expects "
                           << (getChannelAxis()
                                   ? std::to_string(channels) + " tables"
                                   : "a table")
                           << " of " << codes
                           << " entries, one per code, at most 65536, got "
                           << table.size();
    // lookup_c2
    for (auto [i, code] : llvm::enumerate(table))
      if (code < out.getStorageTypeMin() || code > out.getStorageTypeMax())
        return emitOpError()
               << "expects entries in [" << out.getStorageTypeMin() << ", "
               << out.getStorageTypeMax() << "], got " << code << " at " << i;
    return success();
  };
  if (failed(verifyTable(getTable())))
    return failure();
  // lookup_c3
  return getKernelTable() ? verifyTable(*getKernelTable()) : success();
}
