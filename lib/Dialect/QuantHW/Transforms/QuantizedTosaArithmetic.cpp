//===- QuantizedTosaArithmetic.cpp - Rescales and sums of codes -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QuantizedTosa.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace hwq;

/// Scales that went through f32 on the way, or a multiplier of 31 bits.
static constexpr double kTolerance = 0x1p-20;
/// A multiplier of 15 bits.
static constexpr double kShortTolerance = 0x1p-13;

static bool isClose(double a, double b, double tolerance) {
  return std::fabs(a - b) <= tolerance * std::fabs(b);
}

static SmallVector<double> scalesOf(const QuantizedValue &x) {
  if (x.kind == QuantizedValue::Codes)
    return {x.type.getScale()};
  return x.scales;
}

static double at(ArrayRef<double> values, size_t i) {
  return values[values.size() == 1 ? 0 : i];
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

/// How many elements of the tensor behind sums over axes one of `value` adds.
static double countSummed(Value value) {
  double count = 1;
  while (auto sum = value.getDefiningOp<tosa::ReduceSumOp>()) {
    auto type = cast<RankedTensorType>(sum.getInput().getType());
    if (type.isDynamicDim(sum.getAxis()))
      return 1;
    count *= static_cast<double>(type.getDimSize(sum.getAxis()));
    value = sum.getInput();
  }
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

LogicalResult QuantizedTosaReader::readRescale(tosa::RescaleOp op) {
  FailureOr<QuantizedValue> x = get(op, op.getInput());
  if (failed(x))
    return failure();
  SmallVector<double> scales = scalesOf(*x);
  if (scales.empty())
    return op.emitError() << "'tosa.rescale' of integers without a scale";
  FailureOr<SmallVector<double>> factors = getFactors(op);
  FailureOr<quant::UniformQuantizedType> type = getCodeType(op);
  if (failed(factors) || failed(type))
    return failure();
  bool isCodes = x->kind == QuantizedValue::Codes;
  if (failed(checkZeroPoint(op, op.getInputZp(),
                            isCodes ? x->type.getZeroPoint() : 0,
                            "zero point of the input")) ||
      failed(checkZeroPoint(op, op.getOutputZp(),
                            *type ? type->getZeroPoint() : 0,
                            "zero point of the result")))
    return failure();
  size_t count = std::max(scales.size(), factors->size());
  if ((scales.size() != 1 && scales.size() != count) ||
      (factors->size() != 1 && factors->size() != count))
    return op.emitError() << "'tosa.rescale' has " << factors->size()
                          << " multipliers for " << scales.size() << " scales";
  if (!*type) {
    QuantizedValue wide{QuantizedValue::Accumulator, x->real, {}, {}};
    for (size_t c = 0; c < count; ++c)
      wide.scales.push_back(at(scales, c) / at(*factors, c));
    if (llvm::all_equal(wide.scales))
      wide.scales.resize(1);
    values[op.getResult()] = wide;
    return success();
  }
  double tolerance = op.getScale32() ? kTolerance : kShortTolerance;
  double summed = isCodes ? 1 : countSummed(x->real);
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
  if (isCodes) {
    if (!isSameGrid(x->type, *type))
      return op.emitError()
             << "'tosa.rescale' makes codes of " << *type << " from those of "
             << x->type << " with no op in between: a tensor has one quantizer";
    values[op.getResult()] = {QuantizedValue::Codes, x->real, *type, {}};
    return success();
  }
  Value real = x->real;
  if (isMean) {
    auto tensor = cast<RankedTensorType>(real.getType());
    Value factor = createConstant(
        builder, op.getLoc(), SmallVector<int64_t>(tensor.getRank(), 1),
        ArrayRef<float>(static_cast<float>(1.0 / summed)), "factor");
    auto i8 = RankedTensorType::get({1}, builder.getI8Type());
    Value shift = tosa::ConstOp::create(
        builder, op.getLoc(), i8,
        DenseIntElementsAttr::get(i8, ArrayRef<int8_t>{0}));
    real =
        tosa::MulOp::create(builder, op.getLoc(), tensor, real, factor, shift);
  }
  return defineCodes(op, real);
}

//===----------------------------------------------------------------------===//
// Clamps
//===----------------------------------------------------------------------===//

LogicalResult QuantizedTosaReader::readClamp(tosa::ClampOp op) {
  FailureOr<QuantizedValue> x = get(op, op.getInput());
  if (failed(x))
    return failure();
  if (x->kind == QuantizedValue::Real)
    return copy(op);
  auto lo = dyn_cast<IntegerAttr>(op.getMinValAttr());
  auto hi = dyn_cast<IntegerAttr>(op.getMaxValAttr());
  if (x->kind != QuantizedValue::Codes || !lo || !hi)
    return op.emitError() << "'tosa.clamp' of integers that have no zero point";
  quant::UniformQuantizedType type = x->type;
  FailureOr<quant::UniformQuantizedType> result = getCodeType(op);
  if (failed(result))
    return failure();
  if (*result && *result != type)
    return op.emitError() << "'tosa.clamp' makes codes of " << *result
                          << " from those of " << type;
  auto code = [&](IntegerAttr attr) {
    return type.isSigned()
               ? attr.getValue().getSExtValue()
               : static_cast<int64_t>(attr.getValue().getZExtValue());
  };
  int64_t least = code(lo), most = code(hi);
  if (least > most)
    return op.emitError() << "'tosa.clamp' has the bounds " << least << " and "
                          << most;
  // A bound that no code passes is none.
  bool hasLo = least > type.getStorageTypeMin();
  bool hasHi = most < type.getStorageTypeMax();
  if (!hasLo && !hasHi) {
    values[op.getResult()] = *x;
    return success();
  }
  constexpr float limit = std::numeric_limits<float>::max();
  auto bound = [&](int64_t code) {
    return static_cast<float>(static_cast<double>(code - type.getZeroPoint()) *
                              type.getScale());
  };
  auto clamp = [&](Value value) {
    return tosa::ClampOp::create(
        builder, op.getLoc(), value.getType(), value,
        builder.getF32FloatAttr(hasLo ? bound(least) : -limit),
        builder.getF32FloatAttr(hasHi ? bound(most) : limit),
        tosa::NanPropagationModeAttr::get(op.getContext(),
                                          tosa::NanPropagationMode::PROPAGATE));
  };
  // In front of the quantizer it is the activation function of the op there:
  // rounding keeps the order.
  auto observer = x->real.getDefiningOp<ObserveOp>();
  if (observer && op.getInput().hasOneUse() && observer->use_empty() &&
      observer.getInput().getDefiningOp()) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(observer);
    auto clamped = clamp(observer.getInput());
    // The op keeps no name that is the result's.
    copyTensorName(observer.getInput().getDefiningOp(), clamped, /*take=*/true);
    observer.getInputMutable().assign(clamped.getOutput());
    values[op.getResult()] = *x;
    return success();
  }
  return defineCodes(op, clamp(x->real).getOutput());
}

//===----------------------------------------------------------------------===//
// Pools and sums
//===----------------------------------------------------------------------===//

LogicalResult QuantizedTosaReader::readAveragePool(tosa::AvgPool2dOp op) {
  FailureOr<QuantizedValue> x = get(op, op.getInput());
  if (failed(x))
    return failure();
  if (x->kind == QuantizedValue::Real)
    return copy(op);
  if (x->kind != QuantizedValue::Codes)
    return op.emitError() << "'tosa.avg_pool2d' of integers without a scale";
  FailureOr<quant::UniformQuantizedType> type = getCodeType(op);
  if (failed(type))
    return failure();
  if (*type && *type != x->type)
    return op.emitError() << "'tosa.avg_pool2d' makes codes of " << *type
                          << " from those of " << x->type
                          << ", expected one scale and zero point";
  // The average of codes, or of codes less their zero point: padding takes no
  // part in it, so that both mean the same.
  int64_t zero = x->type.getZeroPoint();
  FailureOr<std::vector<int64_t>> given = getIntegerConstant(op.getInputZp());
  if (succeeded(given) && given->size() == 1 && given->front() == 0)
    zero = 0;
  if (failed(checkZeroPoint(op, op.getInputZp(), zero,
                            "zero point of the input")) ||
      failed(checkZeroPoint(op, op.getOutputZp(), zero,
                            "zero point of the result")))
    return failure();
  Value none =
      createConstant(builder, op.getLoc(), {1}, ArrayRef<float>(0.0f), "");
  Value real = tosa::AvgPool2dOp::create(
      builder, op.getLoc(), getRealType(op.getResult()), x->real, none, none,
      op.getKernel(), op.getStride(), op.getPad(), builder.getF32Type());
  return defineCodes(op, real);
}

LogicalResult QuantizedTosaReader::readReduceSum(tosa::ReduceSumOp op) {
  FailureOr<QuantizedValue> x = get(op, op.getInput());
  if (failed(x))
    return failure();
  if (x->kind == QuantizedValue::Real)
    return copy(op);
  if (x->kind != QuantizedValue::Accumulator || x->scales.size() != 1)
    return op.emitError() << "'tosa.reduce_sum' of codes, expected them less "
                             "their zero point, with one scale";
  x->real = tosa::ReduceSumOp::create(builder, op.getLoc(),
                                      getRealType(op.getResult()), x->real,
                                      op.getAxisAttr());
  values[op.getResult()] = *x;
  return success();
}

//===----------------------------------------------------------------------===//
// Element by element
//===----------------------------------------------------------------------===//

LogicalResult QuantizedTosaReader::readElementwise(Operation *op) {
  bool isMul = isa<tosa::MulOp>(op);
  unsigned count = std::min(op->getNumOperands(), 2u);
  SmallVector<QuantizedValue, 2> operands(count);
  // Constant integers beside an accumulator are of its scale.
  auto isInteger = [&](Value value) {
    auto constant = value.getDefiningOp<tosa::ConstOp>();
    auto type = dyn_cast<IntegerType>(
        cast<ShapedType>(value.getType()).getElementType());
    return constant && type && type.getWidth() == 32 && !values.contains(value);
  };
  for (unsigned i = 0; i < count; ++i) {
    if (isInteger(op->getOperand(i)) && !isMul)
      continue;
    FailureOr<QuantizedValue> x = get(op, op->getOperand(i));
    if (failed(x))
      return failure();
    operands[i] = *x;
  }
  for (unsigned i = 0; i < count; ++i) {
    Value value = op->getOperand(i);
    if (!isInteger(value) || isMul)
      continue;
    QuantizedValue &other = operands[1 - i];
    FailureOr<std::vector<int64_t>> integers = getIntegerConstant(value);
    auto shape = cast<RankedTensorType>(value.getType()).getShape();
    if (failed(integers) || other.kind != QuantizedValue::Accumulator)
      return op->emitError() << "'" << op->getName()
                             << "' has constant integers without a scale";
    size_t channels = shape.empty() ? 1 : static_cast<size_t>(shape.back());
    if (other.scales.size() > 1 && channels != other.scales.size())
      return op->emitError()
             << "'" << op->getName() << "' has a constant of " << channels
             << " channels beside " << other.scales.size() << " scales";
    std::vector<float> floats;
    for (auto [k, integer] : llvm::enumerate(*integers))
      floats.push_back(static_cast<float>(static_cast<double>(integer) *
                                          at(other.scales, k % channels)));
    operands[i] = {QuantizedValue::Accumulator,
                   createConstant(builder, value.getLoc(), shape,
                                  ArrayRef<float>(floats), "constant"),
                   {},
                   other.scales};
  }
  if (llvm::all_of(operands,
                   [](const QuantizedValue &x) {
                     return x.kind == QuantizedValue::Real;
                   }) &&
      getRealType(op->getResult(0)) == op->getResult(0).getType())
    return copy(op);
  FailureOr<quant::UniformQuantizedType> type = getCodeType(op);
  if (failed(type))
    return failure();
  bool isSum = isa<tosa::AddOp, tosa::SubOp>(op);
  QuantizedValue result;
  if (!*type) {
    result.kind = QuantizedValue::Accumulator;
    for (const QuantizedValue &x : operands)
      if ((!isSum && !isMul) || x.kind != QuantizedValue::Accumulator)
        return op->emitError()
               << "'" << op->getName()
               << "' gives integers of no scale, expected operands that a "
                  "'tosa.rescale' brings to one";
    ArrayRef<double> a = operands[0].scales, b = operands[1].scales;
    for (size_t c = 0; c < std::max(a.size(), b.size()); ++c) {
      if (isSum && !isClose(at(a, c), at(b, c), kTolerance))
        return op->emitError()
               << "'" << op->getName() << "' has operands of the scales "
               << at(a, c) << " and " << at(b, c) << ", expected one";
      result.scales.push_back(isMul ? at(a, c) * at(b, c) : at(a, c));
    }
  }
  if (isMul) {
    FailureOr<std::vector<int64_t>> shift =
        getIntegerConstant(op->getOperand(2));
    if (failed(shift) || llvm::any_of(*shift, [](int64_t n) { return n; }))
      return op->emitError() << "'tosa.mul' shifts its product";
  }
  Operation *made = op->clone();
  builder.insert(made);
  for (unsigned i = 0; i < count; ++i)
    made->setOperand(i, operands[i].real);
  if (isMul) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(made);
    made->setOperand(2, cloneConstant(op->getOperand(2)));
  }
  made->getResult(0).setType(getRealType(op->getResult(0)));
  if (*type) {
    made->removeAttr(kNameAttr);
    return defineCodes(op, made->getResult(0));
  }
  result.real = made->getResult(0);
  values[op->getResult(0)] = result;
  return success();
}
