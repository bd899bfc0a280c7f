//===- SNPE.h - The snpe dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_SNPE_IR_SNPE_H
#define HWQ_DIALECT_SNPE_IR_SNPE_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"

#include "hwq/Dialect/SNPE/IR/SNPEDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "hwq/Dialect/SNPE/IR/SNPEAttributes.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/SNPE/IR/SNPEOps.h.inc"

#endif // HWQ_DIALECT_SNPE_IR_SNPE_H
