//===- FBGEMM.h - The fbgemm dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_FBGEMM_IR_FBGEMM_H
#define HWQ_DIALECT_FBGEMM_IR_FBGEMM_H

#include "mlir/IR/Dialect.h"

#include "hwq/Dialect/FBGEMM/IR/FBGEMMDialect.h.inc"

#endif // HWQ_DIALECT_FBGEMM_IR_FBGEMM_H
