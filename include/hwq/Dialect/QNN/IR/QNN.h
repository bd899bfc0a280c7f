//===- QNN.h - The qnn dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QNN_IR_QNN_H
#define HWQ_DIALECT_QNN_IR_QNN_H

#include "mlir/IR/Dialect.h"

#include "hwq/Dialect/QNN/IR/QNNDialect.h.inc"

#endif // HWQ_DIALECT_QNN_IR_QNN_H
