//===- QuantizerPlacement.h - Which tensors are quantized -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZERPLACEMENT_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZERPLACEMENT_H

#include "GraphPolicy.h"
#include "TensorGraph.h"

namespace hwq {

/// Which tensors have a quantizer, and who reads what it makes.
class QuantizerPlacement {
public:
  /// What a model left float stays float, unless `asCalibrated` asks for what
  /// the backend would do with a program that has all ranges.
  QuantizerPlacement(const TensorGraph &graph, const Backend &backend,
                     const AnnotateControl &control, bool asCalibrated = false);

  const PolicyTraits &getTraits() const { return traits; }
  /// The op computes, and does so in integers as far as its operands are
  /// quantized.
  bool isInteger(mlir::Operation *op) const { return integers.contains(op); }
  /// The op moves integers where its operands are integers.
  bool isMoving(mlir::Operation *op) const { return moving.contains(op); }
  bool isQuantized(mlir::Value tensor) const {
    return quantized.contains(tensor);
  }
  /// The tensor is quantized, or what it is moved to or from: codes that are
  /// moved stay on their grid.
  bool isQuantizedWithMoved(mlir::Value tensor) const;
  /// Whether the op that owns the use reads the tensor quantized.
  bool readsQuantized(mlir::OpOperand &use) const;

  /// Ops that could be quantized and stay float, and why.
  llvm::ArrayRef<std::pair<QuantizableOpInterface, std::string>>
  getFloatOps() const {
    return floatOps;
  }

private:
  /// Empty where the op computes in integers, or moves them.
  std::string whyFloat(QuantizableOpInterface op,
                       const AnnotateControl &control) const;
  void findIntegerOps(const AnnotateControl &control);
  void placeForIntegerOps();
  void placeForMovement();
  void placeBehindFloat();
  void dropFirstAddends();
  /// The operand of an addition that is the convolution's, in float, where the
  /// convolution adds the other one.
  std::optional<unsigned> getResidualOperand(mlir::Operation *op) const;
  /// Only the function's results come from it.
  bool isOnlyReturned(mlir::Value tensor) const;
  void place(mlir::Value tensor);
  bool inherits(mlir::Operation *op) const;

  const TensorGraph &graph;
  const Backend &backend;
  bool keepsImported;
  PolicyTraits traits;
  llvm::DenseSet<mlir::Operation *> integers, moving;
  std::vector<std::pair<QuantizableOpInterface, std::string>> floatOps;
  /// Never quantized, as the user wants it.
  llvm::DenseSet<mlir::Value> keptFloat;
  llvm::DenseSet<mlir::Value> quantized;
  /// Of these, what a float op or nothing makes, and only the model quantizes.
  llvm::DenseSet<mlir::Value> behindFloat;
  /// Float operands of fused additions.
  llvm::DenseSet<mlir::Value> accumulators;
};

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZERPLACEMENT_H
