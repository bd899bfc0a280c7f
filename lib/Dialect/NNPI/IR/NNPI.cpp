//===- NNPI.cpp - The nnpi dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/NNPI/IR/NNPI.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/NNPI/IR/NNPIDialect.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/NNPI/IR/NNPIOps.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/NNPI/IR/NNPIOps.cpp.inc"

using Field = RequantField;
using Kernel = numerics::RequantizeKernel;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static constexpr KernelWord kernels[] = {
    {Kernel::R8, "float"},
    {Kernel::R7, "integer", numerics::MultiplierRule::Glow}};
static constexpr KernelWord productKernel[] = {{Kernel::R8, ""}};

static constexpr RequantWord dotWords[] = {
    {Field::Kernel, "arithmetic"},
    {Field::Factors, "scale"},
    {Field::PreShifts, "pre", Spelling::Same, 0, 31},
    {Field::Multipliers, "multiplier", Spelling::Same, 0},
    {Field::Shifts, "post", Spelling::Same, -32, 62},
    {Field::Lo, "clamp_min"},
    {Field::Hi, "clamp_max"},
    {Field::Los, "channel_clamp_min"},
    {Field::His, "channel_clamp_max"}};
static constexpr RequantWord mulWords[] = {scalar({Field::Factors, "scale"}),
                                           {Field::ZeroPointAfter, ""},
                                           {Field::Lo, "clamp_min"},
                                           {Field::Hi, "clamp_max"}};
static constexpr RequantWord poolWords[] = {scalar({Field::Factors, "scale"}),
                                            scalar({Field::Bias, "offset"})};
static constexpr RequantWords dot{dotWords, kernels};
static constexpr RequantWords product{mulWords, productKernel};
static constexpr RequantWords sum{f32::scaleWords, f32::factorKernel};
static constexpr RequantWords pool{poolWords, f32::factorKernel};

static constexpr AttrWord addWord[] = {{"", "#quant_hw.add_variant<nnpi>"}};
static constexpr AttrWord mulWord[] = {{"", "#quant_hw.mul_variant<nnpi>"}};
static constexpr AttrWord poolWord[] = {
    {"", "#quant_hw.avg_pool_variant<nnpi>"}};
static constexpr AttrWord moveWord[] = {{"", "#quant_hw.concat_variant<nnpi>"}};
static constexpr AttrWord formWord[] = {{"", "#quant_hw.quantize_form<q4>"}};
static constexpr AttrRule addRule[] = {{"variant", "", addWord}};
static constexpr AttrRule mulRule[] = {{"variant", "", mulWord}};
static constexpr AttrRule poolRule[] = {{"variant", "", poolWord}};
static constexpr AttrRule moveRule[] = {{"variant", "", moveWord}};
static constexpr AttrRule formRule[] = {{"form", "", formWord}};
static constexpr RequantRule dotRequant[] = {{"requant", &dot}};
static constexpr RequantRule mulRequant[] = {{"requant", &product}};
static constexpr RequantRule poolRequant[] = {{"requant", &pool}};
static constexpr RequantRule sumRequants[] = {
    {"lhs_requant", &f32::lhs}, {"rhs_requant", &f32::rhs}, {"requant", &sum}};

/// 0, or the lowest code: an unsigned grid moved to signed codes.
static bool isSymmetric(Type type) {
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type))
    return uniform.getZeroPoint() == 0 ||
           uniform.getZeroPoint() == uniform.getStorageTypeMin();
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type);
  return perAxis && llvm::all_of(perAxis.getZeroPoints(), [&](int64_t zero) {
           return zero == 0 || zero == perAxis.getStorageTypeMin();
         });
}

static LogicalResult derivePrecision(Operation *op, NamedAttrList &attrs,
                                     std::string &) {
  Type weights = getElementTypeOrSelf(op->getOperand(1).getType());
  bool symmetric =
      isSymmetric(weights) &&
      isSymmetric(getElementTypeOrSelf(op->getOperand(0).getType())) &&
      isSymmetric(getElementTypeOrSelf(op->getResult(0).getType()));
  std::string name = symmetric ? "SYMLOWP" : "GEMMLOWP";
  if (isa<quant::UniformQuantizedPerAxisType>(weights))
    name += "_PCQ";
  attrs.set("precision", StringAttr::get(op->getContext(), name));
  return success();
}
static constexpr StringLiteral precisionName[] = {"precision"};
static constexpr DerivedAttrs precision{precisionName, derivePrecision};

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static constexpr OpRule rules[] = {
    {"convolution", "conv2d", dotRequant, rawInput, isRequantized, precision},
    {"fully_connected", "fully_connected", dotRequant, rawInput, isRequantized,
     precision},
    {"conv_transpose", "transpose_conv2d", dotRequant, rawInput, isRequantized,
     precision},
    {"batch_mat_mul", "matmul", dotRequant, {}, isRequantized, precision},
    {"add", "add", sumRequants, addRule},
    {"sub", "sub", sumRequants, addRule},
    {"mul", "mul", mulRequant, mulRule},
    {"avg_pool", "avg_pool2d", poolRequant, poolRule},
    {"rescale_quantized", "requantize", f32::ratioRequant, moveRule, isOfCodes},
    {"int_lookup_table", "lookup"},
    {"quantize", "quantize", {}, formRule, isPerTensor},
    {"dequantize", "dequantize", {}, {}, isPerTensor},
};
static constexpr TargetDescription description = [] {
  TargetDescription target{"Glow", rules};
  target.channelActivations = true;
  return target;
}();

void nnpi::NNPIDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/NNPI/IR/NNPIOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
