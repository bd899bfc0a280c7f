//===- Verify.h - Checks shared by the verifiers -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_VERIFY_H
#define HWQ_DIALECT_QUANTHW_IR_VERIFY_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"

namespace hwq {
/// What upstream does not check of a quantized tensor: zero points inside the
/// storage range; a per-axis type has the axis 0, or the last one for an
/// `activation`, and one scale for each index. Other tensors pass.
mlir::LogicalResult verifyQuantizedType(mlir::Operation *op, mlir::Type type,
                                        bool activation = false);

/// Multipliers and shifts against the real scales, within the precision of the
/// kernel (requant_c4), and of `slack` times the scale where the engine
/// computes that in less than f64. An error names the tensor.
mlir::LogicalResult verifyMultipliers(mlir::Operation *op, RequantAttr requant,
                                      double slack = 0);

/// A requantization against the quantized element type of its result.
mlir::LogicalResult verifyRequant(mlir::Operation *op, RequantAttr requant,
                                  int64_t channels, mlir::Type resultElement,
                                  double slack = 0);

/// `count` values of at least `least` and at most 2^30 in the array `name`.
mlir::LogicalResult verifyPositive(mlir::Operation *op, llvm::StringRef name,
                                   llvm::ArrayRef<int64_t> values, size_t count,
                                   int64_t least);

/// Dimension `dim` of the result against what it must be.
mlir::LogicalResult verifyDim(mlir::Operation *op, mlir::RankedTensorType out,
                              int dim, int64_t expected);

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_IR_VERIFY_H
