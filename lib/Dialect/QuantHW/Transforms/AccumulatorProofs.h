//===- AccumulatorProofs.h - Sums that no input can overflow ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_ACCUMULATORPROOFS_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_ACCUMULATORPROOFS_H

#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Numerics/Add.h"
#include "hwq/Numerics/AvgPool.h"

namespace hwq {

// What is proven here: whatever codes the inputs have, a sum of the program
// fits the register in which the backend keeps it, so that the integers of the
// evaluator, which has room enough, are the machine's.

/// Every dot product with constant weights, from their codes, the input's grid
/// and the integer bias. An error names the tensor, the channel, the bound and
/// the backend's accumulator_bits. Where some machines of the backend
/// (pair_bits), or the chosen accumulator_mode, add products in fewer bits and
/// an op can saturate there, that is a warning with the count and the largest
/// bound, and a remark per op.
mlir::LogicalResult proveAccumulators(mlir::ModuleOp module,
                                      const Backend &backend);

/// The terms of an addition or subtraction in the backend's add_bits.
mlir::LogicalResult proveSum(mlir::Operation *op,
                             const numerics::AddParams &params,
                             const numerics::Grid &lhs,
                             const numerics::Grid &rhs, const Backend &backend);

/// The sum of a whole window in the backend's accumulator_bits.
mlir::LogicalResult provePool(AvgPool2DOp op, numerics::AvgPoolVariant variant,
                              const Backend &backend);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_ACCUMULATORPROOFS_H
