//===- TVM.cpp - The tvm_qnn dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/TVM/IR/TVM.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/TVM/IR/TVMDialect.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/TVM/IR/TVMOps.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/TVM/IR/TVMOps.cpp.inc"

using Field = RequantField;
using Kernel = numerics::RequantizeKernel;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static constexpr KernelWord kernels[] = {{Kernel::R6, "right_shift"},
                                         {Kernel::R2, "fixed_point_multiply"}};

static constexpr RequantWord requantizeWords[] = {
    {Field::Kernel, "method"},
    {Field::Multipliers, "multiplier", Spelling::Same, 0},
    {Field::Shifts, "right_shift", Spelling::Same, -31, 62},
    {Field::Lo, "a_min"},
    {Field::Hi, "a_max"}};
static constexpr RequantWord sumWords[] = {
    {Field::Kernel, "method"},
    scalar({Field::Multipliers, "multiplier", Spelling::Same, 0}),
    scalar({Field::Shifts, "right_shift", Spelling::Same, -31, 62}),
    {Field::Lo, "a_min"},
    {Field::Hi, "a_max"}};
static constexpr RequantWord lhsWords[] = {
    {Field::Kernel, "method"},
    scalar({Field::Multipliers, "lhs_multiplier", Spelling::Same, 0}),
    scalar({Field::Shifts, "lhs_right_shift", Spelling::Same, -31, 62})};
static constexpr RequantWord rhsWords[] = {
    {Field::Kernel, "method"},
    scalar({Field::Multipliers, "rhs_multiplier", Spelling::Same, 0}),
    scalar({Field::Shifts, "rhs_right_shift", Spelling::Same, -31, 62})};
static constexpr RequantWord floatWords[] = {{Field::Factors, "input_scale"}};
static constexpr RequantWords requantize{requantizeWords, kernels};
static constexpr RequantWords sum{sumWords, kernels};
static constexpr RequantWords lhs{lhsWords, kernels};
static constexpr RequantWords rhs{rhsWords, kernels};
static constexpr RequantWords toFloat{floatWords, f32::epilogueKernel};

static constexpr AttrWord addWord[] = {{"", "#quant_hw.add_variant<tvm>"}};
static constexpr AttrWord mulWord[] = {{"", "#quant_hw.mul_variant<tvm>"}};
static constexpr AttrWord poolWord[] = {
    {"", "#quant_hw.avg_pool_variant<tvm>"}};
static constexpr AttrWord formWords[] = {
    {"away", "#quant_hw.quantize_form<q7>"},
    {"even", "#quant_hw.quantize_form<q1>"}};
static constexpr AttrRule addRule[] = {{"variant", "", addWord}};
static constexpr AttrRule mulRule[] = {{"variant", "", mulWord}};
static constexpr AttrRule poolRule[] = {{"variant", "", poolWord}};
static constexpr AttrRule formRule[] = {{"form", "rounding", formWords}};
static constexpr RequantRule requantizeRequant[] = {{"requant", &requantize}};
static constexpr RequantRule mulRequant[] = {{"requant", &sum}};
static constexpr RequantRule floatRequant[] = {{"requant", &toFloat}};
static constexpr RequantRule sumRequants[] = {
    {"lhs_requant", &lhs}, {"rhs_requant", &rhs}, {"requant", &sum}};

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static constexpr OpRule rules[] = {
    {"conv2d", "conv2d", {}, rawInput},
    {"dense", "fully_connected", {}, rawInput},
    {"conv2d_transpose", "transpose_conv2d", {}, rawInput},
    {"batch_matmul", "matmul"},
    {"dequantize_accumulator", "requantize", floatRequant, {}, isToFloat},
    {"requantize", "requantize", requantizeRequant},
    {"add", "add", sumRequants, addRule},
    {"subtract", "sub", sumRequants, addRule},
    {"mul", "mul", mulRequant, mulRule},
    {"avg_pool2d", "avg_pool2d", {}, poolRule},
    {"quantize", "quantize", {}, formRule, isPerTensor},
    {"dequantize", "dequantize", {}, {}, isPerTensor},
};
static constexpr TargetDescription description = [] {
  TargetDescription target{"TVM", rules};
  target.separateRequantize = true;
  return target;
}();

void tvm_qnn::TVMDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/TVM/IR/TVMOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
