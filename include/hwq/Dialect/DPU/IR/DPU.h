//===- DPU.h - The dpu dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_DPU_IR_DPU_H
#define HWQ_DIALECT_DPU_IR_DPU_H

#include "mlir/IR/Dialect.h"

#include "hwq/Dialect/DPU/IR/DPUDialect.h.inc"

#endif // HWQ_DIALECT_DPU_IR_DPU_H
