//===- FunctionParameters.h - Parameters of a function ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_FUNCTIONPARAMETERS_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_FUNCTIONPARAMETERS_H

#include "ActivationParameters.h"
#include "WeightParameters.h"

namespace hwq {

/// The parameters of all that is quantized in a function. The program does not
/// change; groups get the ranges that an op of the backend finds by itself.
class FunctionParameters {
public:
  FunctionParameters(const TensorGraph &graph,
                     const QuantizerPlacement &placement,
                     ParameterGroups &groups, const Backend &backend,
                     mlir::MLIRContext *context)
      : graph(graph), placement(placement), groups(groups), backend(backend),
        context(context) {}

  /// Activations, their weights, what shifts make of both, and schemes that are
  /// not affine. Errors are emitted on the op, or where the range of a tensor
  /// comes from.
  mlir::LogicalResult derive();

  /// Of the tensor, or of the part of it that the use reads; null where it
  /// stays float.
  const GroupParameters *get(mlir::Value tensor,
                             mlir::OpOperand *use = nullptr) {
    return find(tensor, use);
  }
  /// The same of the scheme; null where it is affine.
  SchemeAttr getScheme(mlir::Value tensor,
                       mlir::OpOperand *use = nullptr) const;
  llvm::MutableArrayRef<WeightParameters> getWeights() { return weights; }
  /// Of all fixed-point tensors, where they share it.
  std::optional<int> getNetworkExponent() const { return networkExponent; }

private:
  mlir::LogicalResult deriveActivations();
  mlir::LogicalResult deriveWeightsOfAll();
  mlir::LogicalResult fitShifts();
  mlir::FailureOr<bool> fitShift(QuantizableOpInterface op, double &factor,
                                 bool isWeight, bool inTime);
  void findNetworkExponent();
  mlir::LogicalResult deriveSchemes();
  numerics::Result<numerics::FakeQuantizer>
  deriveActivationScheme(const GroupParameters &params,
                         std::optional<int> exponent) const;

  GroupParameters *find(mlir::Value tensor, mlir::OpOperand *use = nullptr);
  /// The width of what a first or last layer reads and multiplies; 0 where it
  /// is that of the scheme.
  unsigned getLayerBits(mlir::Operation *op) const;
  /// Why a tensor cannot have scales of its channels, "" where it can.
  std::string whyOneScale(unsigned tensor) const;
  /// The ranges of the channels of a tensor that gets scales of its own for
  /// them; none, with a remark, where it gets one for all.
  llvm::ArrayRef<numerics::Range> getChannelRanges(unsigned tensor) const;
  /// The range of a concatenation from its operands', where the backend has it
  /// so.
  void uniteRanges(unsigned tensor);

  const TensorGraph &graph;
  const QuantizerPlacement &placement;
  ParameterGroups &groups;
  const Backend &backend;
  mlir::MLIRContext *context;
  /// By group; those of what is not quantized stay empty.
  std::vector<std::optional<GroupParameters>> parameters;
  /// Of readers whose quantizer is their own and differs.
  llvm::DenseMap<mlir::OpOperand *, GroupParameters> readerParameters;
  std::vector<WeightParameters> weights;
  std::optional<int> networkExponent;
  /// By group, of schemes that are not affine.
  std::vector<SchemeAttr> schemes;
  llvm::DenseMap<mlir::OpOperand *, SchemeAttr> readerSchemes;
};

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_FUNCTIONPARAMETERS_H
