//===- OpenVINO.cpp - The openvino dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/OpenVINO/IR/OpenVINO.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/OpenVINO/IR/OpenVINODialect.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/OpenVINO/IR/OpenVINOOps.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/OpenVINO/IR/OpenVINOOps.cpp.inc"

using Field = RequantField;
using Kernel = numerics::RequantizeKernel;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static constexpr KernelWord factorKernel[] = {{Kernel::R4, ""}};
static constexpr KernelWord floatKernel[] = {{Kernel::R14, ""}};

static constexpr RequantWord dotWords[] = {{Field::Factors, "scale"},
                                           {Field::Bias, "scaled_bias"},
                                           {Field::BiasUnits, "bias_scale"},
                                           {Field::Lo, "clamp_min"},
                                           {Field::Hi, "clamp_max"}};
static constexpr RequantWord floatWords[] = {{Field::Factors, "scale"},
                                             {Field::Bias, "real_bias"}};
static constexpr RequantWord moveWords[] = {scalar({Field::Factors, "scale"}),
                                            {Field::Lo, "clamp_min"},
                                            {Field::Hi, "clamp_max"}};
static constexpr RequantWord ratioWords[] = {scalar({Field::Factors, "ratio"}),
                                             {Field::Lo, "clamp_min"},
                                             {Field::Hi, "clamp_max"}};
static constexpr RequantWord poolWords[] = {scalar({Field::Factors, "ratio"})};
static constexpr RequantWord lhsWords[] = {
    scalar({Field::Factors, "lhs_scale"})};
static constexpr RequantWord rhsWords[] = {
    scalar({Field::Factors, "rhs_scale"})};
static constexpr RequantWord sumWords[] = {
    scalar({Field::Factors, "output_scale"}),
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"}};
static constexpr RequantWords dot{dotWords, factorKernel};
static constexpr RequantWords toFloat{floatWords, floatKernel};
static constexpr RequantWords move{moveWords, floatKernel};
static constexpr RequantWords product{ratioWords, factorKernel};
static constexpr RequantWords pool{poolWords, factorKernel};
static constexpr RequantWords lhs{lhsWords, factorKernel};
static constexpr RequantWords rhs{rhsWords, factorKernel};
static constexpr RequantWords sum{sumWords, factorKernel};

static constexpr AttrWord unit[] = {{"", "unit"}};
static constexpr AttrWord addWord[] = {{"", "#quant_hw.add_variant<float>"}};
static constexpr AttrWord mulWord[] = {{"", "#quant_hw.mul_variant<float>"}};
static constexpr AttrWord poolWord[] = {
    {"", "#quant_hw.avg_pool_variant<float>"}};
static constexpr AttrWord formWord[] = {{"", "#quant_hw.quantize_form<q2>"}};
static constexpr AttrRule rawInput[] = {{"raw_input", "", unit}};
static constexpr AttrRule addRule[] = {{"variant", "", addWord}};
static constexpr AttrRule mulRule[] = {{"variant", "", mulWord}};
static constexpr AttrRule poolRule[] = {{"variant", "", poolWord}};
static constexpr AttrRule formRule[] = {{"form", "", formWord}};
static constexpr RequantRule dotRequant[] = {{"requant", &dot}};
static constexpr RequantRule floatRequant[] = {{"requant", &toFloat}};
static constexpr RequantRule moveRequant[] = {{"requant", &move}};
static constexpr RequantRule mulRequant[] = {{"requant", &product}};
static constexpr RequantRule poolRequant[] = {{"requant", &pool}};
static constexpr RequantRule sumRequants[] = {
    {"lhs_requant", &lhs}, {"rhs_requant", &rhs}, {"requant", &sum}};

static bool isGrouped(Operation *op) {
  auto groups = op->getAttrOfType<IntegerAttr>("groups");
  return groups && groups.getInt() > 1;
}

static LogicalResult deriveLimits(Operation *op, NamedAttrList &attrs,
                                  std::string &) {
  auto type = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op->getResult(0).getType()));
  if (!type)
    return success();
  Builder builder(op->getContext());
  auto limit = [&](int64_t code) {
    return builder.getF32FloatAttr(static_cast<float>(
        type.getScale() * static_cast<double>(code - type.getZeroPoint())));
  };
  int64_t lowest = type.getStorageTypeMin(), highest = type.getStorageTypeMax();
  attrs.set("levels", builder.getI32IntegerAttr(
                          static_cast<int32_t>(highest - lowest + 1)));
  attrs.set("input_low", limit(lowest));
  attrs.set("input_high", limit(highest));
  return success();
}
static constexpr StringLiteral limits[] = {"levels", "input_low", "input_high"};

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static constexpr OpRule rules[] = {
    {"group_convolution", "conv2d", dotRequant, rawInput, isGrouped},
    {"convolution", "conv2d", dotRequant, rawInput},
    {"fully_connected", "fully_connected", dotRequant, rawInput},
    {"convolution_backprop_data", "transpose_conv2d", dotRequant, rawInput},
    {"mat_mul", "matmul", dotRequant},
    {"dequantization", "requantize", floatRequant, {}, isToFloat},
    {"requantize", "requantize", moveRequant, {}, isOfCodes},
    {"add", "add", sumRequants, addRule},
    {"subtract", "sub", sumRequants, addRule},
    {"multiply", "mul", mulRequant, mulRule},
    {"avg_pool", "avg_pool2d", poolRequant, poolRule},
    {"fake_quantize",
     "quantize",
     {},
     formRule,
     isPerTensor,
     limits,
     deriveLimits},
    {"convert", "dequantize", {}, {}, isPerTensor},
};
static constexpr TargetDescription description{"OpenVINO", rules};

void openvino::OpenVINODialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/OpenVINO/IR/OpenVINOOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
