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

static constexpr RequantWord dotWords[] = {
    {Field::Factors, "scale"},        {Field::Bias, "scaled_bias"},
    {Field::BiasUnits, "bias_scale"}, {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"},         {Field::Los, "channel_clamp_min"},
    {Field::His, "channel_clamp_max"}};
static constexpr RequantWord floatWords[] = {{Field::Factors, "scale"},
                                             {Field::Bias, "real_bias"}};
static constexpr RequantWords dot{dotWords, f32::factorKernel};
static constexpr RequantWords toFloat{floatWords, f32::epilogueKernel};

static constexpr AttrWord formWord[] = {{"", "#quant_hw.quantize_form<q2>"}};
static constexpr AttrRule formRule[] = {{"form", "", formWord}};
static constexpr RequantRule dotRequant[] = {{"requant", &dot}};
static constexpr RequantRule floatRequant[] = {{"requant", &toFloat}};

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
static constexpr StringLiteral limitNames[] = {"levels", "input_low",
                                               "input_high"};
static constexpr DerivedAttrs limits{limitNames, deriveLimits};

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
    {"requantize", "requantize", f32::moveRequant, {}, isOfCodes},
    {"add", "add", f32::sumRequants, f32::addRule},
    {"subtract", "sub", f32::sumRequants, f32::addRule},
    {"multiply", "mul", f32::ratioRequant, f32::mulRule},
    {"avg_pool", "avg_pool2d", f32::poolRequant, f32::poolRule},
    {"fake_quantize", "quantize", {}, formRule, isPerTensor, limits},
    {"convert", "dequantize", {}, {}, isPerTensor},
};
static constexpr TargetDescription description = [] {
  TargetDescription target{"OpenVINO", rules};
  target.channelActivations = true;
  return target;
}();

void openvino::OpenVINODialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/OpenVINO/IR/OpenVINOOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
