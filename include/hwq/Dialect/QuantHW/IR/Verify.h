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
/// storage range, axis and number of channels. Other tensors pass.
/// Zero points inside the storage range; a per-axis type has the axis 0, or the
/// last one for an `activation`, and one scale for each index.
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

/// Attributes, ranks, channels, groups and the shape of the result of a
/// convolution N,H,W,C x O,KH,KW,I (conv2d_c1, conv2d_c6).
mlir::LogicalResult
verifyConv2DShape(mlir::Operation *op, mlir::RankedTensorType input,
                  mlir::RankedTensorType weights, mlir::RankedTensorType output,
                  llvm::ArrayRef<int64_t> pad, llvm::ArrayRef<int64_t> stride,
                  llvm::ArrayRef<int64_t> dilation, int64_t groups);

/// Input [..., I], weights [O, I], result [..., O] (fully_connected_c1).
mlir::LogicalResult verifyFullyConnectedShape(mlir::Operation *op,
                                              mlir::RankedTensorType input,
                                              mlir::RankedTensorType weights,
                                              mlir::RankedTensorType output);

/// Shapes, zero points, scales and shifts of an integer addition (add_c1, c2,
/// c4, c5). `variant` is absent for `real` requantizations.
mlir::LogicalResult verifyAdd(mlir::Operation *op, mlir::RankedTensorType lhs,
                              mlir::RankedTensorType rhs,
                              mlir::RankedTensorType output,
                              RequantAttr lhsRequant, RequantAttr rhsRequant,
                              RequantAttr requant,
                              std::optional<numerics::AddVariant> variant);

/// All constraints of an integer average pool (avg_pool2d_c1 to c4). `requant`
/// may be null.
mlir::LogicalResult
verifyPool2D(mlir::Operation *op, mlir::RankedTensorType input,
             mlir::RankedTensorType output, llvm::ArrayRef<int64_t> kernel,
             llvm::ArrayRef<int64_t> stride, llvm::ArrayRef<int64_t> pad,
             RequantAttr requant, llvm::ArrayRef<int64_t> clamp);
} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_IR_VERIFY_H
