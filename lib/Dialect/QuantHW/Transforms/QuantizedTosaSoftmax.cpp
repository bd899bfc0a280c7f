//===- QuantizedTosaSoftmax.cpp - Integer softmax of TOSA -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// TOSA has no softmax. Importers of TFLite write one of some forty integer ops:
// exp by four tables of 8 bits each, a reciprocal by three steps of Newton's
// method. They are read as what they are only where every one of them is as it
// is expected.

#include "QuantizedTosaSoftmax.h"
#include "QuantizedTosaFunctions.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

/// The ops, operands before their users: `%k` is the result of the k-th line,
/// `x` the codes and `z` a zero point, which the difference from the largest
/// does not have; numbers are constants.
static constexpr llvm::StringLiteral kSoftmax = R"(
rescale x 1073741824 30 z 0 SINGLE_ROUND
reduce_max %1
sub %1 %2
rescale %3 1073741824 23 0 0 SINGLE_ROUND
table %4 table1
logical_left_shift %5 17
table %4 table2
logical_left_shift %7 9
add %6 %8
table %4 table3
logical_left_shift %10 1
add %9 %11
table %4 table4
arithmetic_right_shift %13 7 round
add %12 %14
arithmetic_right_shift %15 12 round
reduce_sum %16 axis
clz %17
sub %18 1
logical_left_shift %17 %19
mul %20 -1010580540 31
add %21 1515870810
mul %22 %20 31
sub 536870912 %23
mul %22 %24 31
mul %25 4 0
add %22 %26
mul %27 %20 31
sub 536870912 %28
mul %27 %29 31
mul %30 4 0
add %27 %31
mul %32 %20 31
sub 536870912 %33
mul %32 %34 31
mul %35 4 0
add %32 %36
mul %15 %37 30
sub 35 %18
arithmetic_right_shift %38 %39 round
rescale %40 1073741824 30 0 -128 SINGLE_ROUND
)";

/// In front of its zero point.
static constexpr llvm::StringLiteral kFirst = "rescale x 1073741824 30";

std::optional<std::string> SoftmaxChain::visit(Value value, unsigned depth) {
  if (auto it = names.find(value); it != names.end())
    return it->second;
  auto element = cast<ShapedType>(value.getType()).getElementType();
  if (isa<quant::UniformQuantizedType>(element) &&
      value != last->getResult(0)) {
    if (leaf)
      return std::nullopt;
    leaf = cast<TypedValue<RankedTensorType>>(value);
    return names[value] = "x";
  }
  if (std::optional<int64_t> scalar = getIntegerScalar(value))
    return std::to_string(*scalar);
  Operation *op = value.getDefiningOp();
  // The chain has 41 ops.
  if (!op || depth > 41)
    return std::nullopt;
  if (isa<tosa::ConstOp>(op)) {
    FailureOr<std::vector<int64_t>> table = getIntegerConstant(value);
    if (failed(table) || table->size() != 513)
      return std::nullopt;
    tables.push_back(std::move(*table));
    return names[value] = "table" + std::to_string(tables.size());
  }
  std::string line = op->getName().stripDialect().str();
  for (Value operand : op->getOperands()) {
    std::optional<std::string> name = visit(operand, depth + 1);
    if (!name)
      return std::nullopt;
    bool isZeroPoint = isa<tosa::RescaleOp>(op) && line == kFirst;
    line += " " + (isZeroPoint ? "z" : *name);
  }
  if (auto reduce = dyn_cast<tosa::ReduceMaxOp>(op))
    axis = reduce.getAxis();
  if (auto sum = dyn_cast<tosa::ReduceSumOp>(op))
    line += sum.getAxis() == axis ? " axis" : " other axis";
  if (auto shift = dyn_cast<tosa::ArithmeticRightShiftOp>(op))
    line += shift.getRound() ? " round" : "";
  if (auto rescale = dyn_cast<tosa::RescaleOp>(op))
    line +=
        (" " + tosa::stringifyRoundingMode(rescale.getRoundingMode())).str();
  ops.insert(op);
  text += line + "\n";
  return names[value] = "%" + std::to_string(ops.size());
}

bool SoftmaxChain::find(Operation *op) {
  last = op;
  auto rescale = dyn_cast<tosa::RescaleOp>(op);
  if (!rescale ||
      !rescale.getInput().getDefiningOp<tosa::ArithmeticRightShiftOp>() ||
      !visit(op->getResult(0), 0) || !leaf)
    return false;
  if (text != kSoftmax.drop_front())
    return false;
  // exp(-S * i) in 2^-31, of f32: what the four tables have of it together.
  double scale =
      cast<quant::UniformQuantizedType>(leaf.getType().getElementType())
          .getScale();
  for (int64_t i = 0; i <= 255; ++i) {
    int64_t value = 0;
    for (const std::vector<int64_t> &table : tables)
      value = (value << 8) + table[256 - i];
    if (std::fabs(static_cast<double>(value) -
                  std::exp(-scale * static_cast<double>(i)) * 0x1p31) > 0x1p11)
      return false;
  }
  return true;
}
