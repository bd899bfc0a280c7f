//===- TargetRules.h - The rules of target dialects -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_TARGET_IR_TARGETRULES_H
#define HWQ_LIB_DIALECT_TARGET_IR_TARGETRULES_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"

namespace hwq {

/// The first of the values that is no tensor of codes as the target has them;
/// the operands and results of an op.
mlir::Value findForeignCodes(const TargetDescription &target,
                             mlir::Operation *op);

/// The rule of a target op; null for an op that has none.
const OpRule *findRule(mlir::Operation *op);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_TARGET_IR_TARGETRULES_H
