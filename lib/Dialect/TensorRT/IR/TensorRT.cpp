//===- TensorRT.cpp - The trt dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/TensorRT/IR/TensorRT.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/TensorRT/IR/TensorRTDialect.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/TensorRT/IR/TensorRTOps.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/TensorRT/IR/TensorRTOps.cpp.inc"

using Field = RequantField;
using Kernel = numerics::RequantizeKernel;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static constexpr RequantWord dotWords[] = {{Field::Factors, "scale"},
                                           {Field::Bias, "real_bias"},
                                           {Field::Lo, "clamp_min"},
                                           {Field::Hi, "clamp_max"}};
static constexpr RequantWords dot{dotWords, f32::epilogueKernel};

static constexpr AttrWord formWords[] = {
    {"divide", "#quant_hw.quantize_form<q2>"},
    {"reciprocal", "#quant_hw.quantize_form<q1>"}};
static constexpr AttrRule formRule[] = {{"form", "rounding", formWords}};
static constexpr RequantRule dotRequant[] = {{"requant", &dot}};

static void setScale(Value codes, NamedAttrList &attrs) {
  if (auto type = dyn_cast<quant::UniformQuantizedType>(
          getElementTypeOrSelf(codes.getType())))
    attrs.set("scale",
              Builder(codes.getContext())
                  .getF32FloatAttr(static_cast<float>(type.getScale())));
}
static constexpr StringLiteral scale[] = {"scale"};
static constexpr DerivedAttrs resultScale{scale, deriveOfResult<setScale>};
static constexpr DerivedAttrs inputScale{scale, deriveOfInput<setScale>};

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static constexpr OpRule rules[] = {
    {"convolution", "conv2d", dotRequant, rawInput},
    {"fully_connected", "fully_connected", dotRequant, rawInput},
    {"deconvolution", "transpose_conv2d", dotRequant, rawInput},
    {"matrix_multiply", "matmul", dotRequant},
    {"rescale", "requantize", f32::moveRequant, {}, isOfCodes},
    {"epilogue", "requantize", dotRequant},
    {"element_wise_sum", "add", f32::sumRequants, f32::addRule},
    {"element_wise_sub", "sub", f32::sumRequants, f32::addRule},
    {"element_wise_prod", "mul", f32::ratioRequant, f32::mulRule},
    {"pooling_average", "avg_pool2d", f32::poolRequant, f32::poolRule},
    {"quantize", "quantize", {}, formRule, isPerTensor, resultScale},
    {"dequantize", "dequantize", {}, {}, isPerTensor, inputScale},
};
static constexpr TargetDescription description{"TensorRT", rules};

void trt::TensorRTDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/TensorRT/IR/TensorRTOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
