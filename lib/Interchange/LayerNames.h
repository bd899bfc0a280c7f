//===- LayerNames.h - Layers and their names --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_INTERCHANGE_LAYERNAMES_H
#define HWQ_LIB_INTERCHANGE_LAYERNAMES_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace hwq::interchange {

/// The constant operand that holds the weights of a dot product, in quant_hw or
/// a target dialect; null for another op.
mlir::Value getLayerWeights(mlir::Operation *op);

/// What an op of a program up to calibrated form is called.
struct LayerNames {
  /// Of its ONNX node, and of its result; may be empty.
  std::string node, result;
  /// Of its weights, without ".weight" too; empty for an op without.
  std::string weights, module;
  /// Which dimension of the model's weights is that of the output channels.
  int64_t channelAxis = 0;

  /// The name that a file of a tool has for it.
  llvm::StringRef layer() const { return node.empty() ? result : node; }
};
LayerNames getLayerNames(mlir::Operation *op);

/// The observed tensor that an operand is, or is moved from.
ObserveOp findObserver(mlir::Value operand);

/// Whether an op is a layer of its own for tools that name layers.
bool isLayer(mlir::Operation *op);

/// The named tensors that the result of a dot product becomes along single
/// uses, as batch norms and clamps are folded into it; never through an op that
/// computes with another tensor.
llvm::SmallVector<llvm::StringRef> getFoldedNames(mlir::Operation *op);

} // namespace hwq::interchange

#endif // HWQ_LIB_INTERCHANGE_LAYERNAMES_H
