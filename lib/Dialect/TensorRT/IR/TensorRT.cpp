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

static constexpr KernelWord epilogueKernel[] = {{Kernel::R14, ""}};
static constexpr KernelWord factorKernel[] = {{Kernel::R4, ""}};

static constexpr RequantWord dotWords[] = {{Field::Factors, "scale"},
                                           {Field::Bias, "real_bias"},
                                           {Field::Lo, "clamp_min"},
                                           {Field::Hi, "clamp_max"}};
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
static constexpr RequantWords dot{dotWords, epilogueKernel};
static constexpr RequantWords move{moveWords, epilogueKernel};
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
static constexpr AttrWord formWords[] = {
    {"divide", "#quant_hw.quantize_form<q2>"},
    {"reciprocal", "#quant_hw.quantize_form<q1>"}};
static constexpr AttrRule rawInput[] = {{"raw_input", "", unit}};
static constexpr AttrRule addRule[] = {{"variant", "", addWord}};
static constexpr AttrRule mulRule[] = {{"variant", "", mulWord}};
static constexpr AttrRule poolRule[] = {{"variant", "", poolWord}};
static constexpr AttrRule formRule[] = {{"form", "rounding", formWords}};
static constexpr RequantRule dotRequant[] = {{"requant", &dot}};
static constexpr RequantRule moveRequant[] = {{"requant", &move}};
static constexpr RequantRule mulRequant[] = {{"requant", &product}};
static constexpr RequantRule poolRequant[] = {{"requant", &pool}};
static constexpr RequantRule sumRequants[] = {
    {"lhs_requant", &lhs}, {"rhs_requant", &rhs}, {"requant", &sum}};

static void setScale(Value codes, NamedAttrList &attrs) {
  if (auto type = dyn_cast<quant::UniformQuantizedType>(
          getElementTypeOrSelf(codes.getType())))
    attrs.set("scale",
              Builder(codes.getContext())
                  .getF32FloatAttr(static_cast<float>(type.getScale())));
}
static LogicalResult resultScale(Operation *op, NamedAttrList &attrs,
                                 std::string &) {
  setScale(op->getResult(0), attrs);
  return success();
}
static LogicalResult operandScale(Operation *op, NamedAttrList &attrs,
                                  std::string &) {
  setScale(op->getOperand(0), attrs);
  return success();
}
static constexpr StringLiteral scale[] = {"scale"};

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static constexpr OpRule rules[] = {
    {"convolution", "conv2d", dotRequant, rawInput},
    {"fully_connected", "fully_connected", dotRequant, rawInput},
    {"deconvolution", "transpose_conv2d", dotRequant, rawInput},
    {"matrix_multiply", "matmul", dotRequant},
    {"rescale", "requantize", moveRequant, {}, isOfCodes},
    {"epilogue", "requantize", dotRequant},
    {"element_wise_sum", "add", sumRequants, addRule},
    {"element_wise_sub", "sub", sumRequants, addRule},
    {"element_wise_prod", "mul", mulRequant, mulRule},
    {"pooling_average", "avg_pool2d", poolRequant, poolRule},
    {"quantize", "quantize", {}, formRule, isPerTensor, scale, resultScale},
    {"dequantize", "dequantize", {}, {}, isPerTensor, scale, operandScale},
};
static constexpr TargetDescription description{"TensorRT", rules};

void trt::TensorRTDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/TensorRT/IR/TensorRTOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
