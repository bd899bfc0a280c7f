//===- FBGEMM.cpp - The fbgemm dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/FBGEMM/IR/FBGEMM.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/FBGEMM/IR/FBGEMMDialect.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/FBGEMM/IR/FBGEMMOps.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/FBGEMM/IR/FBGEMMOps.cpp.inc"

using Field = RequantField;
using Kernel = numerics::RequantizeKernel;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static constexpr RequantWord dotWords[] = {{Field::Factors, "C_multiplier"},
                                           {Field::Bias, "scaled_bias"},
                                           {Field::BiasUnits, "bias_scale"},
                                           {Field::Lo, "clamp_min"},
                                           {Field::Hi, "clamp_max"}};
static constexpr RequantWord floatWords[] = {
    {Field::Factors, "act_times_w_scale"}, {Field::Bias, "float_bias"}};
static constexpr RequantWord mulWords[] = {
    scalar({Field::Factors, "C_multiplier"}),
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"}};
static constexpr RequantWord lhsWords[] = {scalar({Field::Factors, "A_scale"})};
static constexpr RequantWord rhsWords[] = {scalar({Field::Factors, "B_scale"})};
static constexpr RequantWord sumWords[] = {scalar({Field::Factors, "C_scale"}),
                                           {Field::Lo, "clamp_min"},
                                           {Field::Hi, "clamp_max"}};
static constexpr RequantWords dot{dotWords, f32::factorKernel};
static constexpr RequantWords toFloat{floatWords, f32::epilogueKernel};
static constexpr RequantWords mul{mulWords, f32::factorKernel};
static constexpr RequantWords lhs{lhsWords, f32::factorKernel};
static constexpr RequantWords rhs{rhsWords, f32::factorKernel};
static constexpr RequantWords sum{sumWords, f32::factorKernel};

static constexpr AttrWord addWord[] = {{"", "#quant_hw.add_variant<fbgemm>"}};
static constexpr AttrWord mulWord[] = {{"", "#quant_hw.mul_variant<fbgemm>"}};
static constexpr AttrWord poolWords[] = {
    {"channels_last", "#quant_hw.avg_pool_variant<fbgemm>"},
    {"contiguous", "#quant_hw.avg_pool_variant<fbgemm_nchw>"},
    {"adaptive", "#quant_hw.avg_pool_variant<fbgemm_adaptive>"}};
static constexpr AttrWord concatWords[] = {
    {"channels_last", "#quant_hw.concat_variant<fbgemm>"},
    {"contiguous", "#quant_hw.concat_variant<fbgemm_nchw>"}};
static constexpr AttrWord formWord[] = {{"", "#quant_hw.quantize_form<q1>"}};
static constexpr AttrRule addRule[] = {{"variant", "", addWord}};
static constexpr AttrRule mulRule[] = {{"variant", "", mulWord}};
static constexpr AttrRule poolRule[] = {
    {"variant", "memory_format", poolWords}};
static constexpr AttrRule moveRule[] = {
    {"variant", "memory_format", concatWords}};
static constexpr AttrRule formRule[] = {{"form", "", formWord}};

static constexpr RequantRule dotRequant[] = {{"requant", &dot}};
static constexpr RequantRule floatRequant[] = {{"requant", &toFloat}};
static constexpr RequantRule mulRequant[] = {{"requant", &mul}};
static constexpr RequantRule sumRequants[] = {
    {"lhs_requant", &lhs}, {"rhs_requant", &rhs}, {"requant", &sum}};
static constexpr StringLiteral reluFlag[] = {"fuse_relu"};
static constexpr DerivedAttrs relu{reluFlag, deriveRelu<reluFlag>};

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static constexpr OpRule rules[] = {
    {"conv2d", "conv2d", dotRequant, rawInput, nullptr, relu},
    {"linear", "fully_connected", dotRequant, rawInput, nullptr, relu},
    {"conv_transpose2d", "transpose_conv2d", dotRequant, rawInput, nullptr,
     relu},
    {"matmul", "matmul", dotRequant, {}, nullptr, relu},
    {"requantize_for_float", "requantize", floatRequant, {}, isToFloat},
    {"add", "add", sumRequants, addRule, nullptr, relu},
    {"sub", "sub", sumRequants, addRule, nullptr, relu},
    {"mul", "mul", mulRequant, mulRule, nullptr, relu},
    {"avg_pool2d", "avg_pool2d", {}, poolRule},
    {"requantize", "requantize", f32::ratioRequant, moveRule, isOfCodes, relu},
    {"quantize_per_tensor", "quantize", {}, formRule, isPerTensor},
    {"dequantize", "dequantize", {}, {}, isPerTensor},
};
static constexpr TargetDescription description{"FBGEMM", rules};

void fbgemm::FBGEMMDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/FBGEMM/IR/FBGEMMOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
