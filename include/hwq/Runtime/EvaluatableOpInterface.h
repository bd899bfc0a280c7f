//===- EvaluatableOpInterface.h - Ops that can be executed -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_RUNTIME_EVALUATABLEOPINTERFACE_H
#define HWQ_RUNTIME_EVALUATABLEOPINTERFACE_H

#include "hwq/Runtime/Kernel.h"
#include "mlir/IR/OpDefinition.h"
#include <memory>

#include "hwq/Runtime/EvaluatableOpInterface.h.inc"

namespace hwq::runtime {
/// Attaches the interface to every op of quant_hw and
/// of TOSA that the evaluator knows.
void registerEvaluatableModels(mlir::DialectRegistry &registry);

/// The parts of the above, one file each.
void registerFloatModels(
    mlir::DialectRegistry &registry); // dot products, softmax, unary
void registerTosaModels(
    mlir::DialectRegistry &registry); // elementwise, movement, pooling
void registerIntegerModels(
    mlir::DialectRegistry &registry); // quant_hw's integer forms
} // namespace hwq::runtime

#endif // HWQ_RUNTIME_EVALUATABLEOPINTERFACE_H
