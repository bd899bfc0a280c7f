//===- TensorGraph.h - A function as graph policies see it ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_TENSORGRAPH_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_TENSORGRAPH_H

#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/QuantHW/Transforms/Annotate.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace hwq {

/// An activation: a float value that is not a constant and not inside an op
/// with the clamp that it computes.
struct ActivationTensor {
  ActivationTensor(mlir::Value value, std::string name, mlir::Location loc)
      : value(value), name(std::move(name)), loc(loc) {}

  mlir::Value value;
  std::string name;
  /// Where errors on its range go.
  mlir::Location loc;
  /// From its observer, or the user's.
  std::optional<numerics::Range> range;
  /// Of its channels, the last axis; empty where they were not asked for.
  std::vector<numerics::Range> channelRanges;
  /// Those of a table, null without.
  mlir::quant::UniformQuantizedType parameters;
  bool observed = false;
  /// A table says that it is made in float.
  bool keepFloat = false;
  /// The parameters that the model brought along, one of each or one for each
  /// channel; null if there are none.
  mlir::quant::QuantizedType imported;
  const TensorOverride *override = nullptr;
};

/// A quantizer of the model that annotate has no place for.
struct LostQuantizer {
  std::string tensor;
  mlir::Location loc;
  enum { SecondOfTensor, InsideOp } reason;
};

/// The activations of a function and the ops between them. The observers are
/// taken out of the program when this is made; their ranges are here.
class TensorGraph {
public:
  TensorGraph(mlir::func::FuncOp func, const Backend &backend,
              const AnnotateControl &control);

  llvm::ArrayRef<ActivationTensor> getTensors() const { return tensors; }
  const ActivationTensor &operator[](unsigned i) const { return tensors[i]; }
  /// Nothing for constants, other types, and values inside an op.
  std::optional<unsigned> find(mlir::Value value) const;

  /// Ops that implement QuantizableOpInterface, in program order, without the
  /// clamps that other ops compute.
  llvm::ArrayRef<QuantizableOpInterface> getOps() const { return ops; }
  /// The tensor that the op makes: that of its clamp, if it computes one.
  mlir::Value getResult(mlir::Operation *op) const;
  /// The op that makes the tensor; null for inputs.
  mlir::Operation *getMaker(mlir::Value tensor) const;
  bool isFusedClamp(mlir::Operation *op) const;

  /// Some activation has parameters that the model brought along: then those
  /// without any stay float.
  bool isImported() const { return imported; }
  llvm::ArrayRef<LostQuantizer> getLostQuantizers() const { return lost; }
  /// Ops that read a tensor in float in the model, beside its quantizer.
  llvm::ArrayRef<std::pair<mlir::Operation *, unsigned>>
  getFloatReaders() const {
    return floatReaders;
  }

  /// A convolution or fully connected layer between which and an input, or an
  /// output, there is no other, nor an op that combines several tensors.
  bool isFirstLayer(QuantizableOpInterface op) const;
  bool isLastLayer(QuantizableOpInterface op) const;

private:
  /// The only activation that the op reads, if it has no weights.
  mlir::Value getOnlyActivation(mlir::Operation *op) const;

  const Backend &backend;
  std::vector<ActivationTensor> tensors;
  llvm::DenseMap<mlir::Value, unsigned> indices;
  llvm::SmallVector<QuantizableOpInterface> ops;
  bool imported = false;
  std::vector<LostQuantizer> lost;
  llvm::SmallVector<std::pair<mlir::Operation *, unsigned>> floatReaders;
  void shareWithMoved();
  /// The op only moves to where the model quantizes with this type.
  bool movesTo(mlir::Operation *op, mlir::quant::QuantizedType type) const;
  /// The value is only moved from where the model quantizes it with this type.
  bool isMovedFrom(mlir::Value value, mlir::quant::QuantizedType type) const;
};

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_TENSORGRAPH_H
