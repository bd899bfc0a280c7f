//===- TosaModels.h - The parts of registerTosaModels -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_TOSAMODELS_H
#define HWQ_LIB_RUNTIME_TOSAMODELS_H

#include "KernelUtils.h"

namespace hwq::runtime {

/// Each attaches EvaluatableOpInterface to one group of TOSA ops.
void attachTosaElementwiseModels(mlir::MLIRContext &context);
void attachTosaUnaryModels(mlir::MLIRContext &context);
void attachTosaMovementModels(mlir::MLIRContext &context);
void attachTosaResizeModels(mlir::MLIRContext &context);
void attachTosaPoolingModels(mlir::MLIRContext &context);
void attachTosaReductionModels(mlir::MLIRContext &context);
void attachTosaDotModels(mlir::MLIRContext &context);
void attachTosaIntegerModels(mlir::MLIRContext &context);

/// Whether the first operand is i8; then these, with zero points.
bool isOnI8(mlir::Operation *op);
KernelOr buildIntegerTosaConv2D(mlir::Operation *op,
                                const KernelContext &context);
KernelOr buildIntegerTosaDepthwiseConv2D(mlir::Operation *op,
                                         const KernelContext &context);
KernelOr buildIntegerTosaTransposeConv2D(mlir::Operation *op,
                                         const KernelContext &context);
KernelOr buildIntegerTosaMatMul(mlir::Operation *op,
                                const KernelContext &context);
KernelOr buildIntegerTosaAvgPool(mlir::Operation *op,
                                 const KernelContext &context);
/// A bilinear resize of i8; the result i32, sums of weights times codes.
KernelOr buildIntegerTosaResize(mlir::Operation *op,
                                const KernelContext &context);

/// The values of a `!tosa.shape` operand; emits an error on `op` if they are
/// not constant.
mlir::FailureOr<Tensor::Shape> constantShape(mlir::Operation *op,
                                             mlir::Value shape);

/// Emits an error unless the zero point `operand` is a constant 0.
mlir::LogicalResult requireZeroPoint0(mlir::Operation *op,
                                      const KernelContext &context,
                                      mlir::Value operand,
                                      llvm::StringRef what);

/// Emits an error on `op` unless `value` is a tensor of f32.
mlir::LogicalResult requireF32(mlir::Operation *op, mlir::Value value);

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_TOSAMODELS_H
