//===- StepFour.h - Target ops as ops of step 4 -----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For those who look at programs of the target form and know quant_hw's ops.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_TARGET_IR_STEPFOUR_H
#define HWQ_DIALECT_TARGET_IR_STEPFOUR_H

#include "hwq/Dialect/Target/IR/Target.h"

namespace hwq {

/// What an op is called at step 4, without quant_hw: its own name without the
/// dialect, or that of the op that a target's op stands for.
llvm::StringRef getStepFourName(mlir::Operation *op);

/// The op of step 4 that a target's op stands for, in no block; null for
/// another op, and for one that stands for none.
mlir::OwningOpRef<mlir::Operation *> asStepFour(mlir::Operation *op);

} // namespace hwq

#endif // HWQ_DIALECT_TARGET_IR_STEPFOUR_H
