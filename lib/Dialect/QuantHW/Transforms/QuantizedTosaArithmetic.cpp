//===- QuantizedTosaArithmetic.cpp - Functions and sums of codes *- C++ -*-===//
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
  auto moved = x->real.getDefiningOp<tosa::ReshapeOp>();
  if (moved && moved->use_empty() && moved.getInput1().hasOneUse())
    observer = moved.getInput1().getDefiningOp<ObserveOp>();
  if (observer && op.getInput().hasOneUse() &&
      (moved || observer->use_empty()) && observer.getInput().getDefiningOp()) {
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
  if (x->kind != QuantizedValue::Integers || x->scales.size() != 1 ||
      x->zeroPoint != 0)
    return op.emitError() << "'tosa.reduce_sum' of codes, expected them less "
                             "their zero point, with one scale";
  x->real = tosa::ReduceSumOp::create(builder, op.getLoc(),
                                      getRealType(op.getResult()), x->real,
                                      op.getAxisAttr());
  values[op.getResult()] = *x;
  return success();
}

/// Between pixels: i32 sums of codes with weights, which are 1 together in
/// floats.
LogicalResult QuantizedTosaReader::readResize(tosa::ResizeOp op) {
  FailureOr<QuantizedValue> x = get(op, op.getInput());
  if (failed(x))
    return failure();
  auto scale = op.getScale().getDefiningOp<tosa::ConstShapeOp>();
  if (x->kind == QuantizedValue::Real)
    return copy(op);
  if (x->kind != QuantizedValue::Codes || !scale)
    return op.emitError() << "'tosa.resize' of integers without a scale";
  SmallVector<Value> operands = {x->real};
  for (Value operand : op->getOperands().drop_front()) {
    operands.push_back(cloneConstant(operand));
    if (!operands.back())
      return op.emitError() << "'tosa.resize': expected a constant scale, "
                               "offset and border";
  }
  auto sizes = llvm::to_vector(scale.getValues().getValues<APInt>());
  double weight = sizes[0].roundToDouble() * sizes[2].roundToDouble();
  Operation *resize = op->clone();
  builder.insert(resize);
  resize->setOperands(operands);
  resize->getResult(0).setType(getRealType(op.getResult()));
  QuantizedValue sum{QuantizedValue::Integers, resize->getResult(0), {}, {}};
  sum.scales = {x->type.getScale() / weight};
  sum.zeroPoint = static_cast<double>(x->type.getZeroPoint()) * weight;
  values[op.getResult()] = sum;
  return success();
}

LogicalResult QuantizedTosaReader::readTable(tosa::TableOp op) {
  FailureOr<QuantizedValue> x = get(op, op.getInput1());
  FailureOr<quant::UniformQuantizedType> type = getCodeType(op);
  if (failed(x) || failed(type))
    return failure();
  FailureOr<std::vector<int64_t>> table = getIntegerConstant(op.getTable());
  auto isByte = [](quant::UniformQuantizedType t) {
    return t && t.isSigned() && t.getStorageTypeIntegralWidth() == 8;
  };
  if (x->kind != QuantizedValue::Codes || !isByte(x->type) || !isByte(*type) ||
      failed(table) || table->size() != 256)
    return op.emitError() << "'tosa.table' of " << op.getInput1().getType()
                          << " to " << op.getResult().getType()
                          << ", expected codes of i8 with a scale and a "
                             "constant of 256 codes";
  SmallVector<int32_t> codes;
  for (int64_t q = x->type.getStorageTypeMin();
       q <= x->type.getStorageTypeMax(); ++q)
    codes.push_back(static_cast<int32_t>((*table)[q + 128]));
  return defineTable(op, *x, codes);
}

LogicalResult QuantizedTosaReader::defineTable(Operation *op,
                                               const QuantizedValue &x,
                                               ArrayRef<int32_t> codes) {
  FailureOr<quant::UniformQuantizedType> type = getCodeType(op);
  if (failed(type))
    return failure();
  for (int32_t code : codes)
    if (code < type->getStorageTypeMin() || code > type->getStorageTypeMax())
      return op->emitError()
             << "'" << op->getName() << "' gives the code " << code
             << ", expected codes in [" << type->getStorageTypeMin() << ", "
             << type->getStorageTypeMax() << "]";
  return defineCodes(
      op, UnaryOp::create(builder, op->getLoc(), x.real.getType(),
                          UnaryKind::Table, x.real, FloatAttr(),
                          TypeAttr::get(x.type), TypeAttr::get(*type),
                          builder.getDenseI32ArrayAttr(codes)));
}

void QuantizedTosaReader::findFunctions(Block &block) {
  for (Operation &op : block) {
    if (op.getNumResults() != 1 ||
        !isa_and_present<tosa::TosaDialect>(op.getDialect()))
      continue;
    auto type = dyn_cast<RankedTensorType>(op.getResult(0).getType());
    if (!type || !isa<quant::UniformQuantizedType>(type.getElementType()) ||
        isa<tosa::ConstOp>(op))
      continue;
    CodeChain found;
    SoftmaxChain softmax;
    if (found.find(&op))
      functions[&op] = found;
    else if (softmax.find(&op))
      softmaxes[&op] = softmax;
  }
  llvm::DenseSet<Operation *> members;
  for (auto &[last, found] : functions)
    members.insert(found.ops.begin(), found.ops.end());
  for (auto &[last, softmax] : softmaxes)
    members.insert(softmax.ops.begin(), softmax.ops.end());
  auto isRead = [&](Operation *op) {
    return functions.contains(op) || softmaxes.contains(op) ||
           inFunctions.contains(op);
  };
  for (Operation &op : llvm::reverse(block))
    if (members.contains(&op) && !isRead(&op) && !op.use_empty() &&
        llvm::all_of(op.getUsers(), isRead))
      inFunctions.insert(&op);
}

LogicalResult QuantizedTosaReader::readFunction(Operation *op,
                                                CodeChain &function) {
  FailureOr<QuantizedValue> x = get(op, function.leaf);
  FailureOr<SmallVector<int32_t>> table = function.enumerate();
  if (failed(x) || failed(table))
    return failure();
  return defineTable(op, *x, *table);
}

//===----------------------------------------------------------------------===//
// Element by element
//===----------------------------------------------------------------------===//

LogicalResult QuantizedTosaReader::readElementwise(Operation *op) {
  for (Value operand : op->getOperands())
    if (auto it = values.find(operand);
        it != values.end() && it->second.kind == QuantizedValue::Numbers)
      return readNumbers(op);
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
    if (failed(integers) || other.kind != QuantizedValue::Integers)
      return op->emitError() << "'" << op->getName()
                             << "' has constant integers without a scale";
    size_t channels = shape.empty() ? 1 : static_cast<size_t>(shape.back());
    if (other.scales.size() > 1 && channels != other.scales.size())
      return op->emitError()
             << "'" << op->getName() << "' has a constant of " << channels
             << " channels beside " << other.scales.size() << " scales";
    std::vector<float> floats;
    for (auto [k, integer] : llvm::enumerate(*integers))
      floats.push_back(
          static_cast<float>((static_cast<double>(integer) - other.zeroPoint) *
                             at(other.scales, k % channels)));
    operands[i] = {QuantizedValue::Integers,
                   createConstant(builder, value.getLoc(), shape,
                                  ArrayRef<float>(floats), "constant"),
                   {},
                   other.scales,
                   other.zeroPoint};
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
    result.kind = QuantizedValue::Integers;
    result.zeroPoint = operands[0].zeroPoint;
    bool isOrdered = isa<tosa::MaximumOp, tosa::MinimumOp>(op);
    for (const QuantizedValue &x : operands)
      if ((!isSum && !isMul && !isOrdered) ||
          x.kind != QuantizedValue::Integers ||
          x.zeroPoint != (isOrdered ? result.zeroPoint : 0))
        return op->emitError()
               << "'" << op->getName()
               << "' gives integers of no scale, expected operands that a "
                  "'tosa.rescale' brings to one";
    ArrayRef<double> a = operands[0].scales, b = operands[1].scales;
    for (size_t c = 0; c < std::max(a.size(), b.size()); ++c) {
      if (!isMul && !isClose(at(a, c), at(b, c)))
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
