//===- QNN.cpp - The qnn dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QNN/IR/QNN.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/QNN/IR/QNNDialect.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/QNN/IR/QNNOps.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/QNN/IR/QNNOps.cpp.inc"

using Field = RequantField;
using Kernel = numerics::RequantizeKernel;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static constexpr KernelWord kernel[] = {{Kernel::R2, ""}};

static constexpr RequantWord dotWords[] = {
    {Field::Multipliers, "multiplier", Spelling::Same, 0},
    {Field::Shifts, "shift", Spelling::Same, 0, 62},
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"}};
static constexpr RequantWord productWords[] = {
    scalar({Field::Multipliers, "multiplier", Spelling::Same, 0}),
    scalar({Field::Shifts, "shift", Spelling::Same, 0, 62}),
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"}};
static constexpr RequantWord lhsWords[] = {
    scalar({Field::Multipliers, "lhs_multiplier", Spelling::Same, 0}),
    scalar({Field::Shifts, "lhs_shift", Spelling::Same, 0, 62}),
    {Field::LeftShift, "left_shift", Spelling::Same, 0, 30}};
static constexpr RequantWord rhsWords[] = {
    scalar({Field::Multipliers, "rhs_multiplier", Spelling::Same, 0}),
    scalar({Field::Shifts, "rhs_shift", Spelling::Same, 0, 62}),
    {Field::LeftShift, "left_shift", Spelling::Same, 0, 30}};
static constexpr RequantWords dot{dotWords, kernel};
static constexpr RequantWords product{productWords, kernel};
static constexpr RequantWords lhs{lhsWords, kernel};
static constexpr RequantWords rhs{rhsWords, kernel};

static constexpr AttrWord addWord[] = {{"", "#quant_hw.add_variant<snpe>"}};
static constexpr AttrWord mulWord[] = {{"", "#quant_hw.mul_variant<snpe>"}};
static constexpr AttrWord poolWord[] = {
    {"", "#quant_hw.avg_pool_variant<round_half_away>"}};
static constexpr AttrWord formWord[] = {{"", "#quant_hw.quantize_form<q5>"}};
static constexpr AttrRule addRule[] = {{"variant", "", addWord}};
static constexpr AttrRule mulRule[] = {{"variant", "", mulWord}};
static constexpr AttrRule poolRule[] = {{"variant", "", poolWord}};
static constexpr AttrRule formRule[] = {{"form", "", formWord}};
static constexpr RequantRule dotRequant[] = {{"requant", &dot}};
static constexpr RequantRule productRequant[] = {{"requant", &product}};
static constexpr RequantRule sumRequants[] = {
    {"lhs_requant", &lhs}, {"rhs_requant", &rhs}, {"requant", &product}};

static void setEncoding(Value codes, NamedAttrList &attrs) {
  auto type = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(codes.getType()));
  if (!type)
    return;
  Builder builder(codes.getContext());
  int64_t lowest =
      type.isSigned()
          ? -(int64_t(1) << (type.getStorageTypeIntegralWidth() - 1))
          : 0;
  attrs.set("scale", builder.getF64FloatAttr(type.getScale()));
  attrs.set("offset", builder.getI32IntegerAttr(
                          static_cast<int32_t>(lowest - type.getZeroPoint())));
}
static constexpr StringLiteral encoding[] = {"scale", "offset"};
static constexpr DerivedAttrs resultEncoding{encoding,
                                             deriveOfResult<setEncoding>};
static constexpr DerivedAttrs inputEncoding{encoding,
                                            deriveOfInput<setEncoding>};

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static constexpr OpRule rules[] = {
    {"depth_wise_conv2d", "conv2d", dotRequant, rawInput,
     isRequantizedDepthwise, resultEncoding},
    {"conv2d", "conv2d", dotRequant, rawInput, isRequantized, resultEncoding},
    {"fully_connected", "fully_connected", dotRequant, rawInput, isRequantized,
     resultEncoding},
    {"transpose_conv2d", "transpose_conv2d", dotRequant, rawInput,
     isRequantized, resultEncoding},
    {"mat_mul", "matmul", dotRequant, {}, isRequantized, resultEncoding},
    {"element_wise_add", "add", sumRequants, addRule, nullptr, resultEncoding},
    {"element_wise_subtract", "sub", sumRequants, addRule, nullptr,
     resultEncoding},
    {"element_wise_multiply", "mul", productRequant, mulRule, nullptr,
     resultEncoding},
    {"pool_avg2d", "avg_pool2d", {}, poolRule, nullptr, resultEncoding},
    {"reduce_mean", "mean", productRequant, {}, isRequantized, resultEncoding},
    {"convert", "requantize", productRequant, {}, isOfCodes, resultEncoding},
    {"lookup", "lookup", {}, {}, nullptr, resultEncoding},
    {"quantize", "quantize", {}, formRule, isPerTensor, resultEncoding},
    {"dequantize", "dequantize", {}, {}, isPerTensor, inputEncoding},
};
static constexpr TargetDescription description{"QNN", rules};

void qnn::QNNDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/QNN/IR/QNNOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
