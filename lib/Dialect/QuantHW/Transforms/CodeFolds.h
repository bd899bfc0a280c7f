//===- CodeFolds.h - Folds that are proven code by code -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_CODEFOLDS_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_CODEFOLDS_H

#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace hwq {

/// How what a fold makes differs from what it replaces.
struct FoldError {
  int64_t largest = 0; // in LSB
  uint64_t differing = 0, operands = 0;

  void add(const FoldError &other) {
    largest = std::max(largest, other.largest);
    differing += other.differing;
    operands += other.operands;
  }
};

/// Remarks of category hwq, name FoldRequantize. `kind` is "quantize",
/// "identity", "clamp", "chain", "sum", "lookup" or "into_op"; `operand` is
/// what was proven for each of: "accumulator", "code", "pair of codes", or
/// empty where the same arithmetic is part of another op. Kind and error are
/// also there as the arguments Fold, MaxLSB, Differing and Operands.
void emitFoldPassed(mlir::Location loc, llvm::StringRef kind,
                    const std::string &tensor, const std::string &what,
                    const FoldError &error, const std::string &operand);
void emitFoldMissed(mlir::Location loc, const std::string &tensor,
                    const std::string &reason);

llvm::SmallVector<RequantizeOp> getRequantizes(mlir::ModuleOp module);

/// Quantizations of one tensor to one grid become one.
void mergeQuantizes(mlir::ModuleOp module);

/// Requantizations that change no code disappear.
void eraseIdentities(mlir::ModuleOp module);

/// A clamp behind a concatenation that nothing else reads moves in front of it,
/// where the operands' ops can take it in.
void hoistClamps(mlir::ModuleOp module);

/// A clamp becomes that of the op that makes its operand and has no other
/// reader.
bool foldClamp(RequantizeOp op);

/// A requantization behind a sum becomes the sum's, one in front of a sum the
/// operand's, where no pair of codes differs by more than `maxError`.
void foldIntoSums(mlir::ModuleOp module, const Backend &backend,
                  int64_t maxError);

/// Float ops between a dequantization and a quantization that depend on one
/// code (and on constants of its channel), such as the normalization of u8
/// pixels, become a table, or one per channel.
void foldFloatRegions(mlir::ModuleOp module, const Backend &backend);

/// Elementwise ops that depend on one tensor of 8 bits become one table.
void foldUnaryRegions(mlir::ModuleOp module);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_CODEFOLDS_H
