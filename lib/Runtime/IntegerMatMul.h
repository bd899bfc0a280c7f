//===- IntegerMatMul.h - Kernels of products of codes -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_INTEGERMATMUL_H
#define HWQ_LIB_RUNTIME_INTEGERMATMUL_H

#include "KernelUtils.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"

namespace hwq::runtime {

/// requant(sum over k of (a[..., m, k] - za) * (b[..., k, n] - zb)) for an op
/// whose first two operands are codes of 8 bits; without `requant` accumulators
/// of 32 bits.
KernelOr buildCodeMatMul(mlir::Operation *op, int64_t za, int64_t zb,
                         RequantAttr requant, DType output);

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_INTEGERMATMUL_H
