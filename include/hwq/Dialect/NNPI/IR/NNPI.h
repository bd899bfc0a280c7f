//===- NNPI.h - The nnpi dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_NNPI_IR_NNPI_H
#define HWQ_DIALECT_NNPI_IR_NNPI_H

#include "mlir/IR/Dialect.h"

#include "hwq/Dialect/NNPI/IR/NNPIDialect.h.inc"

#endif // HWQ_DIALECT_NNPI_IR_NNPI_H
