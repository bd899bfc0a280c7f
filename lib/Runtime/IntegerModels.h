//===- IntegerModels.h - The parts of registerIntegerModels -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_INTEGERMODELS_H
#define HWQ_LIB_RUNTIME_INTEGERMODELS_H

#include "KernelUtils.h"

namespace hwq::runtime {

void attachIntegerBinaryModels(mlir::MLIRContext &context);
/// conv2d, transpose_conv2d and fully_connected, the float forms too.
void attachIntegerDotModels(mlir::MLIRContext &context);
/// observe, quantize, dequantize, requantize, add.
void attachIntegerElementwiseModels(mlir::MLIRContext &context);
/// matmul, the float form too.
void attachIntegerMatMulModels(mlir::MLIRContext &context);
/// prelu, mean and resize_bilinear, the float forms too.
void attachIntegerFunctionModels(mlir::MLIRContext &context);
/// avg_pool2d.
void attachIntegerPoolModels(mlir::MLIRContext &context);
void attachIntegerRequantizeModels(mlir::MLIRContext &context);

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_INTEGERMODELS_H
