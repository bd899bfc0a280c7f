//===- CodeFunctions.h - Step-4 ops as functions of codes -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_CODEFUNCTIONS_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_CODEFUNCTIONS_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include <functional>
#include <optional>
#include <vector>

namespace hwq {

/// What an elementwise op of step 4 makes of the codes of its operands; `b` is
/// the second operand's, if there is one.
using CodeFunction = std::function<int64_t(int64_t a, int64_t b)>;

/// The function of a requantization of codes, a table, a sum or a product of
/// operands of the result's shape. Null for every other op, and for real
/// scales.
CodeFunction getCodeFunction(mlir::Operation *op);

/// The result of such an op of one operand for each code of its grid, in order;
/// none if the grid has more than 65536.
std::optional<std::vector<int32_t>> getCodeTable(mlir::Operation *op);

/// The clamp that a requantization between equal parameters is, if it is
/// nothing else.
std::optional<std::pair<int64_t, int64_t>> getPureClamp(RequantizeOp op);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_CODEFUNCTIONS_H
