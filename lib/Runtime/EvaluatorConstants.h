//===- EvaluatorConstants.h - Constants as tensors --------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_EVALUATORCONSTANTS_H
#define HWQ_LIB_RUNTIME_EVALUATORCONSTANTS_H

#include "hwq/Runtime/Tensor.h"
#include "mlir/IR/Operation.h"
#include "mlir/Support/LLVM.h"

namespace hwq::runtime {

/// tosa.const and tosa.const_shape.
bool isConstantOp(mlir::Operation *op);

/// The value of such an op: shapes as i64 [rank], everything else in the
/// storage of its type. Refers to the attribute's memory where it can. Emits an
/// error on the op if the type can't be stored or a resource has no data.
mlir::FailureOr<Tensor> readConstant(mlir::Operation *op);

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_EVALUATORCONSTANTS_H
