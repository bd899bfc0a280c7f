//===- QuantizedTosaRescale.cpp - Rescales and casts of codes ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QuantizedTosa.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace hwq;

/// A multiplier of 15 bits.
static constexpr double kShortTolerance = 0x1p-13;

/// The same number for all elements.
static std::optional<double> getScalar(Value value) {
  FailureOr<std::vector<float>> floats = getFloatConstant(value);
  if (succeeded(floats) && !floats->empty() && llvm::all_equal(*floats))
    return floats->front();
  if (std::optional<int64_t> integer = getIntegerScalar(value))
    return static_cast<double>(*integer);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Rescales
//===----------------------------------------------------------------------===//

/// What each channel is multiplied by.
static FailureOr<SmallVector<double>> getFactors(tosa::RescaleOp op) {
  FailureOr<std::vector<int64_t>> multipliers =
      getIntegerConstant(op.getMultiplier());
  FailureOr<std::vector<int64_t>> shifts = getIntegerConstant(op.getShift());
  if (failed(multipliers) || failed(shifts) ||
      multipliers->size() != shifts->size())
    return op.emitError() << "'tosa.rescale': expected constant multipliers "
                             "and as many constant shifts";
  SmallVector<double> factors;
  for (auto [m, n] : llvm::zip(*multipliers, *shifts)) {
    if (m <= 0 || n < 0 || n > 63)
      return op.emitError()
             << "'tosa.rescale' has the multiplier " << m << " and the shift "
             << n << ", expected one above 0 and one in [0, 63]";
    factors.push_back(std::ldexp(static_cast<double>(m), -static_cast<int>(n)));
  }
  return factors;
}

/// The tensor behind sums over axes of static sizes, and how many elements of
/// it one of `value` adds.
static double countSummed(Value value, Value &tensor,
                          SmallVector<int64_t> &axes) {
  double count = 1;
  tensor = value;
  while (auto sum = tensor.getDefiningOp<tosa::ReduceSumOp>()) {
    auto type = cast<RankedTensorType>(sum.getInput().getType());
    if (type.isDynamicDim(sum.getAxis()))
      return 1;
    count *= static_cast<double>(type.getDimSize(sum.getAxis()));
    axes.push_back(sum.getAxis());
    tensor = sum.getInput();
  }
  llvm::sort(axes);
  return count;
}

/// The same numbers counted from another code.
static bool isSameGrid(quant::UniformQuantizedType a,
                       quant::UniformQuantizedType b) {
  return a.getScale() == b.getScale() &&
         a.getStorageTypeMin() - a.getZeroPoint() ==
             b.getStorageTypeMin() - b.getZeroPoint() &&
         a.getStorageTypeMax() - a.getZeroPoint() ==
             b.getStorageTypeMax() - b.getZeroPoint();
}

// n stands for S * (n - Z), so (n - zi) * f + zo stands for S/f times what it
// is above (Z - zi) * f + zo.
LogicalResult QuantizedTosaReader::readRescale(tosa::RescaleOp op) {
  FailureOr<QuantizedValue> x = get(op, op.getInput());
  if (failed(x))
    return failure();
  bool isCodes = x->kind == QuantizedValue::Codes;
  SmallVector<double> scales = x->scales;
  double zeroPoint = x->zeroPoint;
  if (isCodes) {
    scales = {x->type.getScale()};
    zeroPoint = static_cast<double>(x->type.getZeroPoint());
  }
  if (scales.empty())
    return op.emitError() << "'tosa.rescale' of integers without a scale";
  FailureOr<SmallVector<double>> factors = getFactors(op);
  FailureOr<quant::UniformQuantizedType> type = getCodeType(op);
  if (failed(factors) || failed(type))
    return failure();
  FailureOr<int64_t> inputZero = op.getInputZeroPoint(),
                     outputZero = op.getOutputZeroPoint();
  if (failed(inputZero) || failed(outputZero))
    return op.emitError() << "'tosa.rescale': expected constant zero points";
  size_t count = std::max(scales.size(), factors->size());
  if ((scales.size() != 1 && scales.size() != count) ||
      (factors->size() != 1 && factors->size() != count))
    return op.emitError() << "'tosa.rescale' has " << factors->size()
                          << " multipliers for " << scales.size() << " scales";
  double above = zeroPoint - static_cast<double>(*inputZero);
  if (above != 0 && !llvm::all_equal(*factors))
    return op.emitError() << "'tosa.rescale' has the zero point of the input "
                          << *inputZero << ", expected " << zeroPoint
                          << ": the channels have several multipliers";
  QuantizedValue result{QuantizedValue::Integers, x->real, {}, {}};
  result.zeroPoint =
      above * factors->front() + static_cast<double>(*outputZero);
  if (!*type) {
    for (size_t c = 0; c < count; ++c)
      result.scales.push_back(at(scales, c) / at(*factors, c));
    if (llvm::all_equal(result.scales))
      result.scales.resize(1);
    values[op.getResult()] = result;
    return success();
  }
  auto wanted = static_cast<double>(type->getZeroPoint());
  if (std::fabs(result.zeroPoint - wanted) >
      kScaleTolerance * std::fabs(above * factors->front()))
    return op.emitError() << "'tosa.rescale' gives the zero point "
                          << result.zeroPoint << ", its type has " << wanted;
  if (op.getOutputUnsigned() == type->isSigned())
    return op.emitError() << "'tosa.rescale' gives "
                          << (op.getOutputUnsigned() ? "unsigned" : "signed")
                          << " codes, its type is " << *type;
  double tolerance = op.getScale32() ? kScaleTolerance : kShortTolerance;
  Value real = x->real, inner;
  SmallVector<int64_t> axes;
  double summed = isCodes ? 1 : countSummed(real, inner, axes);
  bool isMean = summed > 1;
  for (size_t c = 0; c < count; ++c) {
    double expected = at(scales, c) / type->getScale();
    double got = at(*factors, c);
    isMean &= isClose(got * summed, expected, tolerance);
    if (!isMean && !isClose(got, expected, tolerance))
      return op.emitError()
             << "'tosa.rescale' multiplies by " << got
             << (count > 1 ? " in channel " + std::to_string(c) : "")
             << ", the scales of its types give " << expected
             << ": expected nothing but a requantization";
  }
  if (isCodes && isSameGrid(x->type, *type)) {
    values[op.getResult()] = {QuantizedValue::Codes, x->real, *type, {}};
    return success();
  }
  if (isMean)
    real = MeanOp::create(builder, op.getLoc(), real.getType(), inner,
                          builder.getDenseI64ArrayAttr(axes), RequantAttr());
  return defineCodes(op, real);
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

// What importers make of a quantization is a product, a cast to an integer and
// a sum, then a cast to codes; of a dequantization a cast, a difference and a
// product.
LogicalResult QuantizedTosaReader::readCast(tosa::CastOp op) {
  FailureOr<QuantizedValue> x = get(op, op.getInput());
  FailureOr<quant::UniformQuantizedType> type = getCodeType(op);
  if (failed(x) || failed(type))
    return failure();
  auto element = cast<ShapedType>(op.getResult().getType()).getElementType();
  bool isReal = x->kind == QuantizedValue::Real;
  if (x->kind == QuantizedValue::Storage ||
      (isReal && (isa<FloatType>(element) || element.isInteger(1))))
    return copy(op);
  if (isReal) {
    x->scales = {1};
    auto product = op.getInput().getDefiningOp<tosa::MulOp>();
    for (unsigned i : {0, 1}) {
      std::optional<double> factor =
          product ? getScalar(product->getOperand(i)) : std::nullopt;
      if (!factor || *factor <= 0)
        continue;
      x = get(op, product->getOperand(1 - i));
      if (failed(x))
        return failure();
      x->scales = {1 / *factor};
      break;
    }
  } else if (x->kind == QuantizedValue::Codes) {
    x->scales = {x->type.getScale()};
    x->zeroPoint = static_cast<double>(x->type.getZeroPoint());
  }
  if (!*type) {
    x->kind = QuantizedValue::Numbers;
    values[op.getResult()] = *x;
    return success();
  }
  auto zeroPoint = static_cast<double>(type->getZeroPoint());
  if (x->scales.size() != 1 || x->zeroPoint != zeroPoint ||
      !isClose(x->scales.front(), type->getScale()))
    return op.emitError() << "'tosa.cast' makes codes of " << *type
                          << " from numbers of the scale " << x->scales.front()
                          << " and the zero point " << x->zeroPoint;
  return defineCodes(op, x->real);
}

LogicalResult QuantizedTosaReader::readNumbers(Operation *op) {
  auto isNumbers = [&](Value value) {
    auto it = values.find(value);
    return it != values.end() && it->second.kind == QuantizedValue::Numbers;
  };
  unsigned place = isNumbers(op->getOperand(0)) ? 0 : 1;
  QuantizedValue x = values.lookup(op->getOperand(place));
  std::optional<double> constant = getScalar(op->getOperand(1 - place));
  bool isMul = isa<tosa::MulOp>(op);
  if (!constant || (place == 1 && isa<tosa::SubOp>(op)) ||
      !isa<tosa::AddOp, tosa::SubOp, tosa::MulOp>(op) || x.scales.size() != 1 ||
      (isMul && (*constant <= 0 || getScalar(op->getOperand(2)) != 0.0)))
    return op->emitError() << "'" << op->getName()
                           << "' between a cast and codes, expected the sum or "
                              "product with one constant";
  if (isMul) {
    x.scales.front() /= *constant;
    x.zeroPoint *= *constant;
  } else {
    x.zeroPoint += isa<tosa::AddOp>(op) ? *constant : -*constant;
  }
  if (op->getResult(0).getType() == getRealType(op->getResult(0)) &&
      x.zeroPoint == 0 && isClose(x.scales.front(), 1))
    x = {QuantizedValue::Real, x.real, {}, {}};
  values[op->getResult(0)] = x;
  return success();
}
