//===- FloatKernels.h - Kernels of quant_hw's float ops ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_FLOATKERNELS_H
#define HWQ_LIB_RUNTIME_FLOATKERNELS_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Runtime/Kernel.h"
#include "mlir/Support/LLVM.h"
#include <memory>

namespace hwq::runtime {

/// Kernel of an all-float convolution. Weights and bias must be constants;
/// anything else is an error on the op.
mlir::FailureOr<std::unique_ptr<Kernel>>
buildFloatConv2DKernel(hwq::Conv2DOp op, const KernelContext &context);

/// Kernel of an all-float matrix product with constant weights.
mlir::FailureOr<std::unique_ptr<Kernel>>
buildFloatFullyConnectedKernel(hwq::FullyConnectedOp op,
                               const KernelContext &context);

/// Kernel of an all-float transposed convolution, as above.
mlir::FailureOr<std::unique_ptr<Kernel>>
buildFloatTransposeConv2DKernel(hwq::TransposeConv2DOp op,
                                const KernelContext &context);

mlir::FailureOr<std::unique_ptr<Kernel>>
buildFloatMatMulKernel(hwq::MatMulOp op);

mlir::FailureOr<std::unique_ptr<Kernel>>
buildFloatSoftmaxKernel(hwq::SoftmaxOp op);

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_FLOATKERNELS_H
