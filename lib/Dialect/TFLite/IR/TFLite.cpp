//===- TFLite.cpp - The tflite dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/TFLite/IR/TFLite.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/TFLite/IR/TFLiteDialect.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/TFLite/IR/TFLiteOps.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/TFLite/IR/TFLiteOps.cpp.inc"

using Field = RequantField;
using Kernel = numerics::RequantizeKernel;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static constexpr KernelWord kernels[] = {
    {Kernel::R1, "double"}, {Kernel::R2, "single"}, {Kernel::R11, "upward"},
    {Kernel::R7, "fixed"},  {Kernel::R4, "float"},  {Kernel::R12, "float64"}};
static constexpr KernelWord moveKernels[] = {{Kernel::R1, "double"},
                                             {Kernel::R2, "single"},
                                             {Kernel::R11, "upward"},
                                             {Kernel::R7, "fixed"}};
static constexpr KernelWord mulKernels[] = {
    {Kernel::R1, "double"}, {Kernel::R2, "single"}, {Kernel::R4, "float"}};

static constexpr KernelWord meanKernels[] = {{Kernel::R1, "double"},
                                             {Kernel::R2, "single"},
                                             {Kernel::R13, "float_offset"}};

static constexpr RequantWord outputWords[] = {
    {Field::Kernel, "rounding"},
    {Field::Multipliers, "output_multiplier", Spelling::Same, 0},
    {Field::Shifts, "output_shift", Spelling::Exponent, -31, 31},
    {Field::Factors, "scale"},
    {Field::Factors64, "effective_scale"},
    {Field::Lo, "quantized_activation_min"},
    {Field::Hi, "quantized_activation_max"}};
static constexpr RequantWord mulWords[] = {
    {Field::Kernel, "rounding"},
    scalar({Field::Multipliers, "output_multiplier", Spelling::Same, 0}),
    scalar({Field::Shifts, "output_shift", Spelling::Exponent, -31, 31}),
    scalar({Field::Factors, "scale"}),
    {Field::Lo, "quantized_activation_min"},
    {Field::Hi, "quantized_activation_max"}};
static constexpr RequantWord moveWords[] = {
    {Field::Kernel, "rounding"},
    scalar({Field::Multipliers, "output_multiplier", Spelling::Same, 0}),
    scalar({Field::Shifts, "output_shift", Spelling::Exponent, -31, 31}),
    {Field::Lo, "quantized_activation_min"},
    {Field::Hi, "quantized_activation_max"}};
static constexpr RequantWord positiveWords[] = {
    {Field::Kernel, "rounding"},
    scalar({Field::Multipliers, "output_multiplier_1", Spelling::Same, 0}),
    scalar({Field::Shifts, "output_shift_1", Spelling::Exponent, -31, 31})};
static constexpr RequantWord negativeWords[] = {
    {Field::Kernel, "rounding"},
    scalar({Field::Multipliers, "output_multiplier_2"}),
    scalar({Field::Shifts, "output_shift_2", Spelling::Exponent, -31, 31})};
static constexpr RequantWords mean{mulWords, meanKernels};
static constexpr RequantWords positive{positiveWords, mulKernels};
static constexpr RequantWords negative{negativeWords, mulKernels};
static constexpr RequantWords dot{outputWords, kernels};
static constexpr RequantWords mul{mulWords, mulKernels};
static constexpr RequantWords move{moveWords, moveKernels};

// The variant of a sum says the rounding, the requantizations have its kernel.
static constexpr KernelWord sumKernels[] = {{Kernel::R1, "double"},
                                            {Kernel::R2, "single"},
                                            {Kernel::R1, "upward"},
                                            {Kernel::R7, "fixed"}};
static constexpr RequantWord input1Words[] = {
    {Field::Kernel, "rounding"},
    scalar({Field::Multipliers, "input1_multiplier", Spelling::Same, 0}),
    scalar({Field::Shifts, "input1_shift", Spelling::Exponent, -31, 31}),
    {Field::LeftShift, "left_shift", Spelling::Same, 0, 30}};
static constexpr RequantWord input2Words[] = {
    {Field::Kernel, "rounding"},
    scalar({Field::Multipliers, "input2_multiplier", Spelling::Same, 0}),
    scalar({Field::Shifts, "input2_shift", Spelling::Exponent, -31, 31}),
    {Field::LeftShift, "left_shift", Spelling::Same, 0, 30}};
static constexpr RequantWords input1{input1Words, sumKernels};
static constexpr RequantWords input2{input2Words, sumKernels};
static constexpr RequantWords sum{moveWords, sumKernels};

static constexpr AttrWord addWords[] = {
    {"double", "#quant_hw.add_variant<tflite>"},
    {"single", "#quant_hw.add_variant<snpe>"},
    {"upward", "#quant_hw.add_variant<tflite_ruy>"},
    {"fixed", "#quant_hw.add_variant<tflite_xnnpack>"}};
static constexpr AttrWord mulVariants[] = {
    {"double", "#quant_hw.mul_variant<tflite>"},
    {"single", "#quant_hw.mul_variant<snpe>"},
    {"float", "#quant_hw.mul_variant<tflite_xnnpack>"}};
static constexpr AttrWord poolWords[] = {
    {"", "#quant_hw.avg_pool_variant<tflite>"}};
static constexpr AttrWord resizeWords[] = {
    {"reference", "#quant_hw.resize_variant<tflite>"},
    {"xnnpack", "#quant_hw.resize_variant<tflite_xnnpack>"}};
static constexpr AttrRule resizeRules[] = {{"variant", "engine", resizeWords}};
static constexpr AttrWord formWords[] = {
    {"half_away", "#quant_hw.quantize_form<q3>"},
    {"half_even", "#quant_hw.quantize_form<q2>"},
    {"half_even_reciprocal", "#quant_hw.quantize_form<q1>"}};

static constexpr AttrRule addRules[] = {{"variant", "rounding", addWords}};
static constexpr AttrRule mulRules[] = {{"variant", "rounding", mulVariants}};
static constexpr AttrRule poolRules[] = {{"variant", "", poolWords}};
static constexpr AttrRule formRules[] = {{"form", "rounding", formWords}};

static constexpr RequantRule dotRequant[] = {{"requant", &dot}};
static constexpr RequantRule mulRequant[] = {{"requant", &mul}};
static constexpr RequantRule meanRequant[] = {{"requant", &mean}};
static constexpr RequantRule preluRequants[] = {{"positive", &positive},
                                                {"negative", &negative}};
static constexpr RequantRule moveRequant[] = {{"requant", &move}};
static constexpr RequantRule sumRequants[] = {
    {"lhs_requant", &input1}, {"rhs_requant", &input2}, {"requant", &sum}};

//===----------------------------------------------------------------------===//
// Fused activations
//===----------------------------------------------------------------------===//

/// The name of the activation whose bounds `requant` has, as the kernels
/// compute them; empty for other bounds.
static StringRef getActivation(RequantAttr requant,
                               quant::UniformQuantizedType type) {
  int64_t lowest = type.getStorageTypeMin(), highest = type.getStorageTypeMax();
  auto code = [&](float value) {
    return type.getZeroPoint() +
           static_cast<int64_t>(std::round(
               std::min(value / static_cast<float>(type.getScale()), 0x1p30f)));
  };
  int64_t lo = requant.getLo(), hi = requant.getHi();
  int64_t zero = std::max(lowest, type.getZeroPoint());
  if (lo == lowest && hi == highest)
    return "NONE";
  if (lo == zero && hi == highest)
    return "RELU";
  if (lo == zero && hi == std::min(highest, code(6)))
    return "RELU6";
  if (lo == std::max(lowest, 2 * type.getZeroPoint() - code(1)) &&
      hi == std::min(highest, code(1)))
    return "RELU_N1_TO_1";
  return "";
}

static LogicalResult deriveActivation(Operation *op, NamedAttrList &attrs,
                                      std::string &) {
  auto requant = op->getAttrOfType<RequantAttr>("requant");
  auto type = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op->getResult(0).getType()));
  StringRef name = requant && type ? getActivation(requant, type) : "";
  if (!name.empty())
    attrs.set("fused_activation_function",
              StringAttr::get(op->getContext(), name));
  return success();
}

static constexpr StringLiteral activationName[] = {"fused_activation_function"};
static constexpr DerivedAttrs activation{activationName, deriveActivation};

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static constexpr OpRule rules[] = {
    {"depthwise_conv_2d", "conv2d", dotRequant, rawInput,
     isRequantizedDepthwise, activation},
    {"conv_2d", "conv2d", dotRequant, rawInput, isRequantized, activation},
    {"fully_connected", "fully_connected", dotRequant, rawInput, isRequantized,
     activation},
    {"transpose_conv", "transpose_conv2d", dotRequant, rawInput, isRequantized,
     activation},
    {"batch_matmul", "matmul", dotRequant, {}, isRequantized, activation},
    {"add", "add", sumRequants, addRules, nullptr, activation},
    {"sub", "sub", sumRequants, addRules, nullptr, activation},
    {"mul", "mul", mulRequant, mulRules, nullptr, activation},
    {"average_pool_2d", "avg_pool2d", {}, poolRules},
    {"mean", "mean", meanRequant, {}, isRequantized, activation},
    {"prelu", "prelu", preluRequants, {}, isOfCodes},
    {"resize_bilinear", "resize_bilinear", {}, resizeRules},
    {"requantize", "requantize", moveRequant, {}, isOfCodes, activation},
    {"lookup", "lookup"},
    {"softmax", "softmax", {}, {}, isOfCodes},
    {"quantize", "quantize", {}, formRules, isPerTensor},
    {"dequantize", "dequantize", {}, {}, isPerTensor},
};
static constexpr numerics::ConcatVariant moves[] = {
    numerics::ConcatVariant::TfliteXnnpack};

/// The kernels for uint8, and the product of two activations.
static bool multipliesScalesInF32(Operation *op) {
  auto input = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op->getOperand(0)));
  return isa<MatMulOp>(op) || (input && !input.isSigned());
}
static constexpr TargetDescription description = [] {
  TargetDescription target{"TensorFlow Lite", rules};
  target.shortMoves = moves;
  target.multipliesScalesInF32 = multipliesScalesInF32;
  return target;
}();

void tflite::TFLiteDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/TFLite/IR/TFLiteOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
