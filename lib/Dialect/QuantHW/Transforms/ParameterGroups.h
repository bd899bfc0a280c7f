//===- ParameterGroups.h - Tensors with equal parameters --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_PARAMETERGROUPS_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_PARAMETERGROUPS_H

#include "QuantizerPlacement.h"
#include "llvm/ADT/IntEqClasses.h"

namespace hwq {

/// Parameters that a backend fixes for what an op makes, whatever the range:
/// nothing, or scale and zero point on the activations' whole grid.
std::optional<numerics::QuantParams> getFixedOutput(mlir::Operation *maker,
                                                    const Backend &backend);

/// Which quantized tensors have equal parameters, and from whose range these
/// follow. Tensors are numbered as in the graph. Where one tensor follows
/// another, the range of the first does not count.
class ParameterGroups {
public:
  ParameterGroups(const TensorGraph &graph, const QuantizerPlacement &placement,
                  const Backend &backend);

  unsigned getCount() const { return classes.getNumClasses(); }
  unsigned getGroup(unsigned tensor) const { return classes[tensor]; }
  /// In program order.
  llvm::ArrayRef<unsigned> getMembers(unsigned group) const {
    return members[group];
  }
  /// The members whose ranges count, in program order; those of a group that
  /// has none are all of them.
  llvm::SmallVector<unsigned> getSources(unsigned group) const;
  /// The range of a tensor: its own, that of what was moved to make it, or the
  /// one it was given (greedy sharing).
  std::optional<numerics::Range> getRange(unsigned tensor) const;
  void setRange(unsigned tensor, numerics::Range range) {
    ranges[tensor] = range;
  }
  std::optional<numerics::QuantParams> getFixed(unsigned group) const;
  /// Parameters of a table, where all sources of the group have the same; else
  /// null.
  mlir::quant::UniformQuantizedType getCarried(unsigned group) const;

  /// Why two tensors have equal parameters.
  struct Edge {
    unsigned tensor, other;
    llvm::StringRef opKind;
    enum { Keeps, GivesOperands, Copies } reason;
    /// The range of `tensor` does not count.
    bool follows;

    std::string describe() const;
  };
  llvm::ArrayRef<Edge> getEdges() const { return edges; }
  /// Operands of concatenations that copy codes, whose tensor has fixed
  /// parameters: they are requantized to those of the result.
  llvm::ArrayRef<std::pair<mlir::OpOperand *, unsigned>>
  getRequantized() const {
    return requantized;
  }

private:
  void collectEdges();
  void shareGreedily();
  void addEdge(Edge edge);

  const TensorGraph &graph;
  const QuantizerPlacement &placement;
  const Backend &backend;
  std::vector<std::optional<numerics::Range>> ranges;
  std::vector<mlir::quant::UniformQuantizedType> carried;
  std::vector<std::optional<numerics::QuantParams>> fixed;
  std::vector<Edge> edges;
  llvm::SmallVector<std::pair<mlir::OpOperand *, unsigned>> requantized;
  std::vector<bool> isFollower;
  llvm::IntEqClasses classes;
  std::vector<llvm::SmallVector<unsigned>> members;
};

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_PARAMETERGROUPS_H
