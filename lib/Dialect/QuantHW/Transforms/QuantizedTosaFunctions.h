//===- QuantizedTosaFunctions.h - Integer ops on one code -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSAFUNCTIONS_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSAFUNCTIONS_H

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/SetVector.h"

namespace hwq {

/// One number for all elements of an integer constant.
std::optional<int64_t> getIntegerScalar(mlir::Value value);

/// The integer ops between the codes of one tensor and other codes, elementwise
/// and with constants of one number.
class CodeChain {
public:
  /// Whether there is such a function in front of an op's result, of more than
  /// what backends have an op for.
  bool find(mlir::Operation *op);
  /// The code that each code of the leaf gives. An error on the last op where
  /// an integer leaves 32 bits.
  mlir::FailureOr<llvm::SmallVector<int32_t>> enumerate();

  mlir::TypedValue<mlir::RankedTensorType> leaf;
  llvm::SetVector<mlir::Operation *> ops;

private:
  bool visit(mlir::Value value, unsigned depth);
  std::optional<int64_t> evaluate(mlir::Value value,
                                  llvm::DenseMap<mlir::Value, int64_t> &known);

  mlir::Operation *last = nullptr;
};

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSAFUNCTIONS_H
