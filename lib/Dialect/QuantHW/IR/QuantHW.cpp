//===- QuantHW.cpp - The quant_hw dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/QuantHW/IR/QuantHWDialect.cpp.inc"
#include "hwq/Dialect/QuantHW/IR/QuantHWEnums.cpp.inc"
#include "hwq/Dialect/QuantHW/IR/QuantHWInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "hwq/Dialect/QuantHW/IR/QuantHWAttributes.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/QuantHW/IR/QuantHWOps.cpp.inc"

void QuantHWDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "hwq/Dialect/QuantHW/IR/QuantHWAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/QuantHW/IR/QuantHWOps.cpp.inc"
      >();
}
