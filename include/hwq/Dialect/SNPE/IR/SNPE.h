//===- SNPE.h - The snpe dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_SNPE_IR_SNPE_H
#define HWQ_DIALECT_SNPE_IR_SNPE_H

#include "mlir/IR/Dialect.h"

#include "hwq/Dialect/SNPE/IR/SNPEDialect.h.inc"

#endif // HWQ_DIALECT_SNPE_IR_SNPE_H
