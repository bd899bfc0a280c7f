//===- QuantizedTosaSoftmax.h - Integer softmax of TOSA ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSASOFTMAX_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSASOFTMAX_H

#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/SetVector.h"

namespace hwq {

/// The integer ops that importers of TFLite make of a softmax of codes.
class SoftmaxChain {
public:
  /// Whether the op is the last of them.
  bool find(mlir::Operation *op);

  mlir::TypedValue<mlir::RankedTensorType> leaf;
  int64_t axis = 0;
  llvm::SetVector<mlir::Operation *> ops;

private:
  std::optional<std::string> visit(mlir::Value value, unsigned depth);

  mlir::Operation *last = nullptr;
  std::string text;
  std::vector<std::vector<int64_t>> tables;
  llvm::DenseMap<mlir::Value, std::string> names;
};

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSASOFTMAX_H
