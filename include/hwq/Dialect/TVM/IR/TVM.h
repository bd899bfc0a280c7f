//===- TVM.h - The tvm_qnn dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_TVM_IR_TVM_H
#define HWQ_DIALECT_TVM_IR_TVM_H

#include "mlir/IR/Dialect.h"

#include "hwq/Dialect/TVM/IR/TVMDialect.h.inc"

#endif // HWQ_DIALECT_TVM_IR_TVM_H
