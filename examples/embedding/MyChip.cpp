//===- MyChip.cpp - The dialect of a chip ----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MyChip.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"

using namespace mlir;
using namespace hwq;

#include "MyChipDialect.cpp.inc"
#define GET_OP_CLASSES
#include "MyChipOps.h.inc"
#define GET_OP_CLASSES
#include "MyChipOps.cpp.inc"

using Field = RequantField;

// The kernel, the rule by which its multipliers are chosen, and their names.
static constexpr KernelWord kernel[] = {
    {numerics::RequantizeKernel::R2, "", numerics::MultiplierRule::Bits16}};
static constexpr RequantWord words[] = {
    {Field::Multipliers, "multiplier", Spelling::Same, 0, 32767},
    {Field::Shifts, "shift", Spelling::Same, 0, 62},
    {Field::Lo, "least"},
    {Field::Hi, "most"}};
static constexpr RequantWords requantize{words, kernel};
static constexpr RequantRule requant[] = {{"requant", &requantize}};

// The one quantize form that the chip knows.
static constexpr AttrWord form[] = {{"", "#quant_hw.quantize_form<q1>"}};
static constexpr AttrRule formRule[] = {{"form", "", form}};

static constexpr OpRule rules[] = {
    {"conv", "conv2d", requant, rawInput, isRequantized},
    {"table", "lookup"},
    {"quantize", "quantize", {}, formRule, isPerTensor},
    {"dequantize", "dequantize", {}, {}, isPerTensor},
};
static constexpr TargetDescription description{"MyChip", rules};

void mychip::MyChipDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "MyChipOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
