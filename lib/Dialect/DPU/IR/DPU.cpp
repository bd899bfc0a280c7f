//===- DPU.cpp - The dpu dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/DPU/IR/DPU.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/DPU/IR/DPUDialect.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/DPU/IR/DPUOps.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/DPU/IR/DPUOps.cpp.inc"

using Field = RequantField;
using Kernel = numerics::RequantizeKernel;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static constexpr KernelWord shiftKernel[] = {{Kernel::R6, ""}};
static constexpr KernelWord productKernel[] = {{Kernel::R7, ""}};

static constexpr RequantWord dotWords[] = {
    scalar({Field::Shifts, "shift_cut", Spelling::Same, 0, 16}),
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"}};
static constexpr RequantWord shiftWords[] = {
    scalar({Field::Shifts, "shift_cut", Spelling::Same, -31, 31}),
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"}};
static constexpr RequantWord lhsWords[] = {
    scalar({Field::Multipliers, "lhs_shift", Spelling::Exponential, 0, 30})};
static constexpr RequantWord rhsWords[] = {
    scalar({Field::Multipliers, "rhs_shift", Spelling::Exponential, 0, 30})};
static constexpr RequantWord poolWords[] = {
    scalar({Field::Multipliers, "factor", Spelling::Same, 1, 65535}),
    scalar({Field::Shifts, "shift", Spelling::Same, -31, 62})};

static constexpr RequantWords dot{dotWords, shiftKernel};
static constexpr RequantWords product{shiftWords, shiftKernel};
static constexpr RequantWords move{shiftWords, productKernel};
static constexpr RequantWords lhs{lhsWords, productKernel};
static constexpr RequantWords rhs{rhsWords, productKernel};
static constexpr RequantWords pool{poolWords, productKernel};

static constexpr AttrWord addWord[] = {{"", "#quant_hw.add_variant<dpu>"}};
static constexpr AttrWord mulWord[] = {{"", "#quant_hw.mul_variant<dpu>"}};
static constexpr AttrWord poolWord[] = {
    {"", "#quant_hw.avg_pool_variant<dpu>"}};
static constexpr AttrWord formWord[] = {{"", "#quant_hw.quantize_form<q6>"}};
static constexpr AttrRule addRule[] = {{"variant", "", addWord}};
static constexpr AttrRule mulRule[] = {{"variant", "", mulWord}};
static constexpr AttrRule poolRule[] = {{"variant", "", poolWord}};
static constexpr AttrRule formRule[] = {{"form", "", formWord}};

static constexpr RequantRule dotRequant[] = {{"requant", &dot}};
static constexpr RequantRule mulRequant[] = {{"requant", &product}};
static constexpr RequantRule moveRequant[] = {{"requant", &move}};
static constexpr RequantRule poolRequant[] = {{"requant", &pool}};
static constexpr RequantRule sumRequants[] = {
    {"lhs_requant", &lhs}, {"rhs_requant", &rhs}, {"requant", &move}};

//===----------------------------------------------------------------------===//
// Fix points
//===----------------------------------------------------------------------===//

/// The fix point of a tensor of codes.
static FailureOr<int> getFixPoint(Value value, std::string &expected) {
  auto type =
      dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(value));
  int exponent = 0;
  if (type && type.getZeroPoint() == 0 &&
      std::frexp(type.getScale(), &exponent) == 0.5)
    return 1 - exponent;
  expected = "a scale that is a power of two and the zero point 0, got ";
  llvm::raw_string_ostream(expected) << getElementTypeOrSelf(value);
  return failure();
}

static LogicalResult setFixPoint(StringRef name, Value value,
                                 NamedAttrList &attrs, std::string &expected) {
  FailureOr<int> fixPoint = getFixPoint(value, expected);
  if (failed(fixPoint))
    return failure();
  attrs.set(name, Builder(value.getContext()).getI32IntegerAttr(*fixPoint));
  return success();
}

static LogicalResult fixResult(Operation *op, NamedAttrList &attrs,
                               std::string &expected) {
  return setFixPoint("fix_point", op->getResult(0), attrs, expected);
}
static LogicalResult fixOperand(Operation *op, NamedAttrList &attrs,
                                std::string &expected) {
  return setFixPoint("fix_point", op->getOperand(0), attrs, expected);
}

/// The largest shift that leaves the numbers whole, at most 16.
static int getShift(ArrayRef<int64_t> bias) {
  int64_t bits = 0;
  for (int64_t b : bias)
    bits |= b;
  int shift = 0;
  while (bits != 0 && shift < 16 && !(bits >> shift & 1))
    ++shift;
  return shift;
}

static LogicalResult fixDot(Operation *op, NamedAttrList &attrs,
                            std::string &expected) {
  if (failed(
          setFixPoint("fix_point_input", op->getOperand(0), attrs, expected)) ||
      failed(setFixPoint("fix_point_weights", op->getOperand(1), attrs,
                         expected)) ||
      failed(fixResult(op, attrs, expected)))
    return failure();
  if (op->getNumOperands() < 3)
    return success();
  FailureOr<std::vector<int64_t>> bias = getIntegerConstant(op->getOperand(2));
  if (failed(bias)) {
    expected = "a constant bias";
    return failure();
  }
  int shift = getShift(*bias);
  for (int64_t b : *bias)
    if (b >> shift < -128 || b >> shift > 127) {
      expected = "biases of 8 bits shifted left by " + std::to_string(shift) +
                 ", got " + std::to_string(b);
      return failure();
    }
  Builder builder(op->getContext());
  auto get = [&](StringRef name) {
    return cast<IntegerAttr>(attrs.get(name)).getInt();
  };
  attrs.set("shift_bias", builder.getI32IntegerAttr(shift));
  attrs.set("fix_point_bias",
            builder.getI32IntegerAttr(static_cast<int32_t>(
                get("fix_point_input") + get("fix_point_weights") - shift)));
  return success();
}

static constexpr StringLiteral fixPoint[] = {"fix_point"};
static constexpr StringLiteral fixPoints[] = {"fix_point", "fix_point_input",
                                              "fix_point_weights",
                                              "fix_point_bias", "shift_bias"};
static constexpr DerivedAttrs resultFixPoint{fixPoint, fixResult};
static constexpr DerivedAttrs inputFixPoint{fixPoint, fixOperand};
static constexpr DerivedAttrs dotFixPoints{fixPoints, fixDot};

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static constexpr OpRule rules[] = {
    {"depthwise_conv2d_fix", "conv2d", dotRequant, rawInput,
     isRequantizedDepthwise, dotFixPoints},
    {"conv2d_fix", "conv2d", dotRequant, rawInput, isRequantized, dotFixPoints},
    {"inner_product", "fully_connected", dotRequant, rawInput, isRequantized,
     dotFixPoints},
    {"transposed_conv2d_fix", "transpose_conv2d", dotRequant, rawInput,
     isRequantized, dotFixPoints},
    {"matmul_fix", "matmul", mulRequant, {}, isRequantized, resultFixPoint},
    {"eltwise_add_fix", "add", sumRequants, addRule, nullptr, resultFixPoint},
    {"eltwise_sub_fix", "sub", sumRequants, addRule, nullptr, resultFixPoint},
    {"eltwise_mul_fix", "mul", mulRequant, mulRule, nullptr, resultFixPoint},
    {"pool_avg_fix", "avg_pool2d", poolRequant, poolRule, nullptr,
     resultFixPoint},
    {"shift", "requantize", moveRequant, {}, isOfCodes, resultFixPoint},
    {"float2fix", "quantize", {}, formRule, isPerTensor, resultFixPoint},
    {"fix2float", "dequantize", {}, {}, isPerTensor, inputFixPoint},
};
static constexpr numerics::ConcatVariant moves[] = {
    numerics::ConcatVariant::Dpu};
static constexpr TargetDescription description = [] {
  TargetDescription target{"the DPU", rules};
  target.shortMoves = moves;
  return target;
}();

void dpu::DPUDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/DPU/IR/DPUOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
