//===- CheckQuantizers.h - A model's quantizers and a backend ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_TRANSFORMS_CHECKQUANTIZERS_H
#define HWQ_DIALECT_QUANTHW_TRANSFORMS_CHECKQUANTIZERS_H

#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include <string>
#include <vector>

namespace hwq {

/// Where the quantizers that a model brought along differ from those of a
/// backend.
enum class MismatchKind {
  /// The backend quantizes the tensor, the model does not: what reads or makes
  /// it stays float.
  Missing,
  MissingWeights,
  /// Between ops that the backend computes as one.
  InsideFusion,
  /// Elsewhere where the backend has none.
  Superfluous,
  /// An op reads the tensor in float beside its quantizer; in the backend it
  /// reads what the quantizer makes.
  FloatReader,
  /// One tensor has two.
  Second,
  /// Type, symmetry, granularity or scale are none of the backend's.
  Parameters,
  WeightParameters,
  /// Tensors with one quantizer in the backend have different ones.
  Unequal,
  /// A bias whose scale is not that of its accumulator.
  BiasScale
};

/// "missing", "missing weights", "inside fusion", ...
llvm::StringRef stringify(MismatchKind kind);
/// The program cannot be compiled with the model's scales; otherwise something
/// stays float, is left out or is quantized in addition.
bool losesScales(MismatchKind kind);

struct QuantizerMismatch {
  /// The tensor, of weights and bias that of the op's result.
  std::string tensor;
  MismatchKind kind;
  /// What the backend expects and what the model has.
  std::string message;
};

/// What a check looked at.
struct QuantizerCheck {
  /// In program order, kind by kind.
  std::vector<QuantizerMismatch> mismatches;
  /// Quantizers of activations and of weights that the model has.
  unsigned activations = 0, weights = 0;
};

/// Compares the quantizers that a model brought along
/// (`quant_hw.model_parameters` on observers and weights) with those that the
/// backend's graph policy, fusions and schemes give the program. The function
/// is of the calibrated form, batch norm folded as the backend does; its
/// observers go away.
QuantizerCheck checkQuantizers(mlir::func::FuncOp func, const Backend &backend);

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_TRANSFORMS_CHECKQUANTIZERS_H
