//===- Sophgo.h - The sophgo dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_SOPHGO_IR_SOPHGO_H
#define HWQ_DIALECT_SOPHGO_IR_SOPHGO_H

#include "mlir/IR/Dialect.h"

#include "hwq/Dialect/Sophgo/IR/SophgoDialect.h.inc"

#endif // HWQ_DIALECT_SOPHGO_IR_SOPHGO_H
