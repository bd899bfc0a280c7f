//===- ACL.cpp - The acl dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/ACL/IR/ACL.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/ACL/IR/ACLDialect.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/ACL/IR/ACLOps.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/ACL/IR/ACLOps.cpp.inc"

using Field = RequantField;
using Kernel = numerics::RequantizeKernel;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static constexpr KernelWord dequantKernel[] = {{Kernel::R9, ""}};

static constexpr RequantWord dequantWords[] = {
    {Field::Factors, "deq_scale", Spelling::Word},
    {Field::Precision, "precision"},
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"}};
static constexpr RequantWord moveWords[] = {
    scalar({Field::Factors, "deq_scale"}),
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"}};
static constexpr RequantWords dequant{dequantWords, dequantKernel};
static constexpr RequantWords move{moveWords, f32::epilogueKernel};

static constexpr AttrWord formWord[] = {{"", "#quant_hw.quantize_form<q1>"}};
static constexpr AttrRule formRule[] = {{"form", "", formWord}};
static constexpr RequantRule dequantRequant[] = {{"requant", &dequant}};
static constexpr RequantRule moveRequant[] = {{"requant", &move}};

template <bool Reciprocal>
static void setScale(Value codes, NamedAttrList &attrs) {
  auto type = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(codes.getType()));
  if (!type)
    return;
  Builder builder(codes.getContext());
  float scale = static_cast<float>(type.getScale());
  attrs.set("scale", builder.getF32FloatAttr(Reciprocal ? 1 / scale : scale));
  attrs.set("offset", builder.getI32IntegerAttr(
                          static_cast<int32_t>(type.getZeroPoint())));
}
static constexpr StringLiteral scales[] = {"scale", "offset"};
static constexpr DerivedAttrs quantizeScale{
    scales, deriveOfResult<setScale</*Reciprocal=*/true>>};
static constexpr DerivedAttrs dequantizeScale{
    scales, deriveOfInput<setScale</*Reciprocal=*/false>>};
static constexpr StringLiteral reluFlag[] = {"relu_flag"};
static constexpr DerivedAttrs relu{reluFlag, deriveRelu<reluFlag>};

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static constexpr OpRule rules[] = {
    {"depthwise_conv2d", "conv2d", {}, rawInput, isDepthwise},
    {"conv2d", "conv2d", {}, rawInput},
    {"fully_connection", "fully_connected", {}, rawInput},
    {"conv2d_transpose", "transpose_conv2d", {}, rawInput},
    {"batch_mat_mul", "matmul"},
    {"ascend_dequant", "requantize", dequantRequant, {}, isToFloat},
    {"ascend_requant",
     "requantize",
     dequantRequant,
     {},
     isOfAccumulators,
     relu},
    {"requant_s8", "requantize", moveRequant, {}, isOfCodes, relu},
    {"avg_pool", "avg_pool2d", f32::poolRequant, f32::poolRule},
    {"ascend_quant", "quantize", {}, formRule, isPerTensor, quantizeScale},
    {"ascend_anti_quant", "dequantize", {}, {}, isPerTensor, dequantizeScale},
};
static constexpr TargetDescription description = [] {
  TargetDescription target{"ACL", rules};
  target.separateRequantize = true;
  return target;
}();

void acl::ACLDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/ACL/IR/ACLOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
