//===- Sophgo.cpp - The sophgo dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/Sophgo/IR/Sophgo.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/Sophgo/IR/SophgoDialect.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/Sophgo/IR/SophgoOps.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/Sophgo/IR/SophgoOps.cpp.inc"

using Field = RequantField;
using Kernel = numerics::RequantizeKernel;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static constexpr KernelWord convKernels[] = {
    {Kernel::R7, "MultiplierShift"},
    {Kernel::R1, "QDM", numerics::MultiplierRule::CV18xx}};
// The chip rounds products of matrices half away from zero.
static constexpr KernelWord matMulKernels[] = {
    {Kernel::R5, "MultiplierShift", numerics::MultiplierRule::TPU32},
    {Kernel::R1, "QDM", numerics::MultiplierRule::CV18xx}};
static constexpr KernelWord poolKernels[] = {{Kernel::R7, "MultiplierShift"},
                                             {Kernel::R4, "OnlyScale"}};
static constexpr KernelWord shiftKernel[] = {{Kernel::R7, ""}};

static constexpr RequantWord dotWords[] = {
    {Field::Kernel, "quant_mode"},
    {Field::Multipliers, "multiplier", Spelling::Same, 0},
    {Field::Shifts, "rshift", Spelling::AfterHighHalf, -32, 62},
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"}};
static constexpr RequantWord shiftWords[] = {
    scalar({Field::Multipliers, "multiplier", Spelling::Same, -127, 127}),
    scalar({Field::Shifts, "rshift", Spelling::Same, -32, 62}),
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"}};
static constexpr RequantWord lhsWords[] = {
    scalar({Field::Multipliers, "lhs_multiplier", Spelling::Same, -127, 127}),
    scalar({Field::Shifts, "lhs_rshift", Spelling::Same, -32, 62})};
static constexpr RequantWord rhsWords[] = {
    scalar({Field::Multipliers, "rhs_multiplier", Spelling::Same, -127, 127}),
    scalar({Field::Shifts, "rhs_rshift", Spelling::Same, -32, 62})};
static constexpr RequantWord sumWords[] = {
    scalar({Field::Shifts, "rshift", Spelling::Same, -32, 62}),
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"}};
static constexpr RequantWord poolWords[] = {
    {Field::Kernel, "quant_mode"},
    scalar({Field::Multipliers, "multiplier", Spelling::Same, -127, 127}),
    scalar({Field::Shifts, "rshift", Spelling::Same, -32, 62}),
    scalar({Field::Factors, "scale"}),
    scalar({Field::Bias, "offset"})};

static constexpr RequantWords conv{dotWords, convKernels};
static constexpr RequantWords matMul{dotWords, matMulKernels};
static constexpr RequantWords move{shiftWords, shiftKernel};
static constexpr RequantWords lhs{lhsWords, shiftKernel};
static constexpr RequantWords rhs{rhsWords, shiftKernel};
static constexpr RequantWords sum{sumWords, shiftKernel};
static constexpr RequantWords pool{poolWords, poolKernels};

static constexpr AttrWord addWords[] = {
    {"bm1684x", "#quant_hw.add_variant<sophgo_bm1684x>"},
    {"cv18xx", "#quant_hw.add_variant<sophgo_cv18xx>"}};
static constexpr AttrWord mulWord[] = {
    {"", "#quant_hw.mul_variant<sophgo_bm1684x>"}};
static constexpr AttrWord variantWords[] = {
    {"bm1684x", "#quant_hw.avg_pool_variant<sophgo_bm1684x>"},
    {"bm1684x_asymmetric",
     "#quant_hw.avg_pool_variant<sophgo_bm1684x_asymmetric>"},
    {"cv18xx", "#quant_hw.avg_pool_variant<sophgo_cv18xx>"}};
static constexpr AttrWord formWord[] = {{"", "#quant_hw.quantize_form<q7>"}};
static constexpr AttrRule addRule[] = {{"variant", "chip", addWords}};
static constexpr AttrRule mulRule[] = {{"variant", "", mulWord}};
static constexpr AttrRule poolRule[] = {{"variant", "chip", variantWords}};
static constexpr AttrRule formRule[] = {{"form", "", formWord}};

static constexpr RequantRule convRequant[] = {{"requant", &conv}};
static constexpr RequantRule matMulRequant[] = {{"requant", &matMul}};
static constexpr RequantRule moveRequant[] = {{"requant", &move}};
static constexpr RequantRule poolRequant[] = {{"requant", &pool}};
static constexpr RequantRule sumRequants[] = {
    {"lhs_requant", &lhs}, {"rhs_requant", &rhs}, {"requant", &sum}};

static constexpr StringLiteral reluFlag[] = {"do_relu"};
static constexpr DerivedAttrs relu{reluFlag, deriveRelu<reluFlag>};

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static constexpr OpRule rules[] = {
    {"conv2d", "conv2d", convRequant, rawInput, isRequantized, relu},
    {"mat_mul", "fully_connected", matMulRequant, rawInput, isRequantized,
     relu},
    {"deconv", "transpose_conv2d", convRequant, rawInput, isRequantized, relu},
    {"batch_mat_mul", "matmul", matMulRequant, {}, isRequantized, relu},
    {"add", "add", sumRequants, addRule, nullptr, relu},
    {"sub", "sub", sumRequants, addRule, nullptr, relu},
    {"mul", "mul", moveRequant, mulRule, nullptr, relu},
    {"pool2d_avg", "avg_pool2d", poolRequant, poolRule},
    {"requant_int", "requantize", moveRequant, {}, isOfCodes, relu},
    {"lut", "lookup"},
    {"quantize", "quantize", {}, formRule, isPerTensor},
    {"dequantize", "dequantize", {}, {}, isPerTensor},
};
static constexpr numerics::ConcatVariant moves[] = {
    numerics::ConcatVariant::SophgoBm1684x,
    numerics::ConcatVariant::SophgoCv18xx};
static constexpr TargetDescription description = [] {
  TargetDescription target{"Sophgo's TPUs", rules};
  target.shortMoves = moves;
  return target;
}();

void sophgo::SophgoDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/Sophgo/IR/SophgoOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
