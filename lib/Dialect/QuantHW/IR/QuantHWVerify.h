//===- QuantHWVerify.h - Checks shared by the verifiers -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_IR_QUANTHWVERIFY_H
#define HWQ_LIB_DIALECT_QUANTHW_IR_QUANTHWVERIFY_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"

namespace hwq {
/// What upstream does not check of a quantized tensor: zero points inside the
/// storage range, axis and number of channels. Other tensors pass.
mlir::LogicalResult verifyQuantizedType(mlir::Operation *op, mlir::Type type);

/// A requantization against the quantized element type of its result.
mlir::LogicalResult verifyRequant(mlir::Operation *op, RequantAttr requant,
                                  int64_t channels, mlir::Type resultElement);
} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_IR_QUANTHWVERIFY_H
