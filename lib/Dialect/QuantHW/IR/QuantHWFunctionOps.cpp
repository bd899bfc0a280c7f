//===- QuantHWFunctionOps.cpp - Functions of elements, means, softmax -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerForms.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/Verify.h"
#include "hwq/Numerics/Lut.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

LogicalResult UnaryOp::verify() {
  // unary_c1
  if ((getKind() == UnaryKind::LeakyRelu) != getAlpha().has_value())
    return emitOpError() << "expects 'alpha' for leaky_relu and only there";
  // unary_c2
  bool isTable = getKind() == UnaryKind::Table;
  for (bool isThere : {getInputType().has_value(), getOutputType().has_value(),
                       getTable().has_value()})
    if (isThere != isTable)
      return emitOpError() << "expects 'input_type', 'output_type' and 'table' "
                              "for table and only there";
  if (!isTable)
    return success();
  // unary_c3
  auto in = dyn_cast<quant::UniformQuantizedType>(*getInputType()),
       out = dyn_cast<quant::UniformQuantizedType>(*getOutputType());
  if (!in || !out)
    return emitOpError() << "expects types of one scale and zero point, got "
                         << *getInputType() << " and " << *getOutputType();
  ArrayRef<int32_t> table = *getTable();
  int64_t codes = in.getStorageTypeMax() - in.getStorageTypeMin() + 1;
  if (codes > 65536 || static_cast<int64_t>(table.size()) != codes)
    return emitOpError() << "expects at most 65536 codes and an entry for "
                            "each, got "
                         << table.size() << " entries for " << codes
                         << " codes";
  for (int32_t code : table)
    if (code < out.getStorageTypeMin() || code > out.getStorageTypeMax())
      return emitOpError() << "expects entries in [" << out.getStorageTypeMin()
                           << ", " << out.getStorageTypeMax() << "], got "
                           << code;
  return success();
}

StringRef UnaryOp::getOpKind() { return stringifyUnaryKind(getKind()); }
SmallVector<unsigned> UnaryOp::getActivationOperands() { return {0}; }

std::function<double(double)> UnaryOp::getUnaryFunction() {
  switch (getKind()) {
  case UnaryKind::HardSwish:
    return [](double x) { return numerics::hardSwish(x); };
  case UnaryKind::LeakyRelu:
    return [alpha = getAlpha()->convertToDouble()](double x) {
      return x < 0 ? alpha * x : x;
    };
  // No table, but a requantization.
  case UnaryKind::Identity:
    return {};
  case UnaryKind::Table:
    return
        [in = getParams(cast<quant::UniformQuantizedType>(*getInputType())),
         out = getParams(cast<quant::UniformQuantizedType>(*getOutputType())),
         table = getTable()->vec()](double x) {
          int64_t q = numerics::quantize(numerics::QuantizeForm::Q2,
                                         static_cast<float>(x), in);
          return out.scale *
                 static_cast<double>(table[q - in.grid.qmin] - out.zeroPoint);
        };
  }
  return {};
}

FailureOr<Value> UnaryOp::buildIntegerForm(OpBuilder &builder,
                                           const IntegerForm &form,
                                           std::string &reason) {
  if (getKind() == UnaryKind::Identity)
    return buildRequantizeForm(*this, builder, form, reason);
  bool isLiteRT = form.lookup == numerics::LookupVariant::Tflite ||
                  form.lookup == numerics::LookupVariant::TfliteXnnpack;
  if (!form.resultType || !isLiteRT)
    return buildUnaryForm(*this, builder, form, getUnaryFunction(), reason);
  // LiteRT has kernels for these functions.
  numerics::QuantParams in = getQuantParams(form.activations[0]),
                        out = getParams(form.resultType);
  auto real =
      numerics::lookupTable(form.quantizeForm, getUnaryFunction(), in, out);
  switch (getKind()) {
  case UnaryKind::HardSwish:
    return buildLookup(*this, builder, form,
                       {real, numerics::hardSwishTable(in, out)}, reason);
  case UnaryKind::LeakyRelu: {
    if (!form.prelu)
      break;
    FailureOr<Value> lookup = buildLookup(
        *this, builder, form,
        {real, numerics::leakyReluTable(form.lookup, *form.prelu,
                                        getAlpha()->convertToFloat(), in, out)},
        reason);
    if (succeeded(lookup))
      lookup->getDefiningOp()->setAttr(kAlphaAttr, getAlphaAttr());
    return lookup;
  }
  default:
    break;
  }
  return buildUnaryForm(*this, builder, form, getUnaryFunction(), reason);
}

//===----------------------------------------------------------------------===//
// Leaky relus with slopes, means
//===----------------------------------------------------------------------===//

/// Float, or quantized with requantizations that fit the result.
static LogicalResult verifyRequants(Operation *op, StringRef names, Type out,
                                    ArrayRef<RequantAttr> requants,
                                    double slack) {
  for (RequantAttr requant : requants) {
    if (out.isF32() != !requant)
      return op->emitOpError() << "expects " << names
                               << " iff the result is quantized, got " << out;
    if (!requant)
      continue;
    if (requant.getScales().size() != 1 || requant.getInputZeroPoint() != 0)
      return op->emitOpError() << "expects one scale and the input zero point "
                                  "0 in "
                               << names;
    if (failed(verifyRequant(op, requant, 1, out, slack)))
      return failure();
  }
  return success();
}

LogicalResult PReluOp::verify() {
  RankedTensorType in = getInput().getType(), slope = getSlope().getType(),
                   out = getOutput().getType();
  // prelu_c1
  if (in.getRank() < 1 || failed(verifyCompatibleShape(in, out)))
    return emitOpError() << "expects operand and result of one shape, got "
                         << in << " and " << out;
  if (slope.getRank() != 1 || ShapedType::isDynamic(slope.getDimSize(0)) ||
      failed(
          verifyCompatibleShape(slope.getShape(), in.getShape().take_back(1))))
    return emitOpError() << "expects one slope per channel of " << in
                         << ", got " << slope;
  // prelu_c2
  for (RankedTensorType type : {slope, out})
    if (type.getElementType().isF32() != isFloat())
      return emitOpError() << "expects operands and result all float or all "
                              "quantized, got "
                           << in.getElementType() << ", "
                           << slope.getElementType() << " and "
                           << out.getElementType();
  for (Type type : {Type(in), Type(slope), Type(out)})
    if (failed(verifyQuantizedType(*this, type)))
      return failure();
  // prelu_c3
  RequantAttr positive = getPositiveAttr(), negative = getNegativeAttr();
  if (failed(verifyRequants(*this, "'positive' and 'negative'",
                            out.getElementType(), {positive, negative},
                            0x1p-22)))
    return failure();
  if (positive && positive.getKernel() != negative.getKernel())
    return emitOpError() << "expects one kernel in 'positive' and 'negative', "
                            "got "
                         << StringRef(numerics::stringify(positive.getKernel()))
                         << " and "
                         << StringRef(
                                numerics::stringify(negative.getKernel()));
  return success();
}

StringRef PReluOp::getOpKind() { return "prelu"; }
SmallVector<unsigned> PReluOp::getActivationOperands() { return {0}; }

static RequantAttr realRequant(OpBuilder &builder, const IntegerForm &form,
                               double scale) {
  RequantFields fields;
  fields.quantizeForm = form.quantizeForm;
  fields.scales = {scale};
  fields.zeroPoint = form.resultType.getZeroPoint();
  fields.lo = form.lo;
  fields.hi = form.hi;
  return RequantAttr::get(builder.getContext(), fields);
}

/// The slopes are codes of 8 bits, symmetric and of one scale.
FailureOr<Value> PReluOp::buildIntegerForm(OpBuilder &builder,
                                           const IntegerForm &form,
                                           std::string &reason) {
  FailureOr<std::vector<float>> slopes = getFloatConstant(getSlope());
  if (staysFloat(form, reason))
    return failure();
  if (failed(slopes)) {
    reason = "its slopes are not a constant";
    return failure();
  }
  float most = 0;
  for (float slope : *slopes)
    most = std::max(most, std::abs(slope));
  if (!std::isfinite(most)) {
    reason = "a slope is not finite";
    return failure();
  }
  numerics::QuantParams params{most > 0 ? most / 127.0f : 1.0f, 0, {-127, 127}};
  std::vector<int64_t> codes;
  for (float slope : *slopes)
    codes.push_back(
        numerics::quantize(numerics::QuantizeForm::Q3, slope, params));
  auto type = quant::UniformQuantizedType::get(
      quant::QuantizationFlags::Signed, builder.getI8Type(),
      builder.getF32Type(), params.scale, 0, -127, 127);
  std::string name = getTensorName(getOutput()).str();
  Value constant = createQuantizedConstant(
      builder, getLoc(), getSlope().getType().getShape(), codes, type,
      name.empty() ? name : name + "_slopes");
  double positive =
      getQuantParams(form.activations[0]).scale / form.resultType.getScale();
  return PReluOp::create(builder, getLoc(),
                         getOutput().getType().clone(form.resultType),
                         form.activations[0], constant,
                         realRequant(builder, form, positive),
                         realRequant(builder, form, positive * params.scale))
      .getResult();
}

int64_t MeanOp::getCount() {
  int64_t count = 1;
  for (int64_t axis : getAxes())
    count *= getInput().getType().getDimSize(axis);
  return count;
}

LogicalResult MeanOp::verify() {
  RankedTensorType in = getInput().getType(), out = getOutput().getType();
  // mean_c1
  ArrayRef<int64_t> axes = getAxes();
  int64_t last = -1;
  for (int64_t axis : axes) {
    if (axis <= last || axis >= in.getRank())
      return emitOpError() << "expects axes that ascend in [0, " << in.getRank()
                           << "), got [" << axes << "]";
    last = axis;
    if (in.isDynamicDim(axis) || in.getDimSize(axis) == 0)
      return emitOpError() << "expects a static size along axis " << axis
                           << ", got " << in;
  }
  SmallVector<int64_t> shape(in.getShape());
  for (int64_t axis : axes)
    shape[axis] = 1;
  if (axes.empty() || failed(verifyCompatibleShape(shape, out.getShape())))
    return emitOpError() << "expects a result of the operand's shape with 1 "
                            "along the axes ["
                         << axes << "], got " << out << " for " << in;
  // mean_c2
  if (out.getElementType().isF32() != isFloat())
    return emitOpError() << "expects operand and result both float or both "
                            "quantized, got "
                         << in.getElementType() << " and "
                         << out.getElementType();
  for (Type type : {Type(in), Type(out)})
    if (failed(verifyQuantizedType(*this, type)))
      return failure();
  // mean_c3. The multiplier of Sx/Sy is divided by N, and cut.
  return verifyRequants(*this, "'requant'", out.getElementType(),
                        {getRequantAttr()}, 0x1p-22);
}

StringRef MeanOp::getOpKind() { return "mean"; }
SmallVector<unsigned> MeanOp::getActivationOperands() { return {0}; }

FailureOr<Value> MeanOp::buildIntegerForm(OpBuilder &builder,
                                          const IntegerForm &form,
                                          std::string &reason) {
  if (staysFloat(form, reason))
    return failure();
  numerics::QuantParams in = getQuantParams(form.activations[0]);
  if (getCount() > INT32_MAX / (in.grid.qmax - in.grid.qmin + 1)) {
    reason = "its sums leave 32 bits";
    return failure();
  }
  return MeanOp::create(builder, getLoc(),
                        getOutput().getType().clone(form.resultType),
                        form.activations[0], getAxesAttr(),
                        realRequant(builder, form,
                                    in.scale / form.resultType.getScale() /
                                        static_cast<double>(getCount())))
      .getResult();
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

LogicalResult SoftmaxOp::verify() {
  // softmax_c1
  int64_t axis = getAxis(), rank = getInput().getType().getRank();
  if (axis < 0 || axis >= rank)
    return emitOpError() << "expects an axis in [0, " << rank << "), got "
                         << axis;
  // softmax_c2
  Type in = getInput().getType().getElementType(),
       out = getOutput().getType().getElementType();
  if (in.isF32() != out.isF32())
    return emitOpError() << "expects operand and result both float or both "
                            "quantized, got "
                         << in << " and " << out;
  return success(succeeded(verifyQuantizedType(*this, getInput().getType())) &&
                 succeeded(verifyQuantizedType(*this, getOutput().getType())));
}

StringRef SoftmaxOp::getOpKind() { return "softmax"; }
SmallVector<unsigned> SoftmaxOp::getActivationOperands() { return {0}; }

/// The real function of the codes: there is nothing left to derive.
FailureOr<Value> SoftmaxOp::buildIntegerForm(OpBuilder &builder,
                                             const IntegerForm &form,
                                             std::string &reason) {
  if (staysFloat(form, reason))
    return failure();
  return SoftmaxOp::create(builder, getLoc(),
                           getOutput().getType().clone(form.resultType),
                           form.activations[0], getAxisAttr())
      .getResult();
}
