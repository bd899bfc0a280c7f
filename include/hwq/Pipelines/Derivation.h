//===- Derivation.h - The numbers of every op, step by step -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_DERIVATION_H
#define HWQ_PIPELINES_DERIVATION_H

#include "hwq/Numerics/Accumulator.h"
#include "hwq/Numerics/Grid.h"
#include "hwq/Pipelines/CompileForms.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hwq {

/// A tensor that an op reads or makes.
struct TensorGrid {
  /// Of the nearest named tensor that only moved since; may be empty.
  std::string name;
  /// "i8", "u8", ...; "f32" where the op takes floats.
  std::string storage;
  /// None: float. Of a float tensor that was dequantized: of its codes.
  std::optional<numerics::QuantParams> params;
};

/// A requantization and what it works on: "" the op's result, "lhs" and "rhs"
/// the operands of an addition, "positive" and "negative" those of a leaky
/// relu.
using NamedRequant = std::pair<std::string, RequantAttr>;

/// How one op came to its integers. All numbers are read from the programs of
/// the steps; an array is empty where its step has none. Arrays over channels
/// have one value per channel of the result, or one.
struct OpDerivation {
  std::string tensor;
  /// "conv2d", "add", ...; "quantize" for an input.
  std::string op;
  /// Computes in integers.
  bool isInteger = false;
  /// Why it does not; empty where nobody said.
  std::string whyFloat;
  /// The quantized tensor was there at step 0 and is part of another op since.
  bool foldedAway = false;

  /// The calibrated range.
  std::optional<numerics::Range> range;
  std::string method;
  std::vector<TensorGrid> inputs;
  TensorGrid output;

  // Dot products: of an activation with weights, or of two activations.
  bool hasWeights = false;
  /// The tensor that the product itself makes at step 0.
  std::string dot;
  std::optional<numerics::Grid> weightGrid;
  std::vector<double> weightScales;
  std::vector<int64_t> weightZeroPoints;
  /// Products per sum.
  int64_t taps = 0;
  std::vector<float> realBias;      ///< step 0
  std::vector<double> s1, b1;       ///< step 1
  std::vector<double> s2, b2;       ///< step 2
  std::vector<double> s3, b3;       ///< step 3
  std::optional<int64_t> padValue;  ///< from step 2 on
  std::vector<int64_t> integerBias; ///< step 4, of the accumulator
  /// Every value that the accumulator may have on its way, from the weights
  /// and the range of the input's codes, per channel.
  std::vector<numerics::Interval> accumulators;
  int64_t accumulatorBits = 0;

  /// With real scales (steps 1 to 3) and with the kernel (step 4).
  std::vector<NamedRequant> realRequants, requants;
  /// The hardware's formula where that is no kernel.
  std::string variant;
  /// Of a lookup.
  std::vector<int32_t> table;

  /// The requantization is part of the op that makes the accumulator.
  bool folded = false;
  std::vector<SharedParameters> shared;
  std::vector<PassRemark> remarks;
};

/// Every named tensor of a compilation that depends on the inputs, in program
/// order; quantized tensors that were folded away at the end.
std::vector<OpDerivation> deriveAll(const CompiledForms &forms);

/// Counts over a whole program.
struct ProgramSummary {
  /// Ops that compute, and those of them that compute in float although they
  /// read or make quantized tensors or the backend has integers at all.
  int64_t ops = 0, floatOps = 0;
  /// Requantizations before and after folding.
  int64_t requantizationsBefore = 0, requantizationsAfter = 0;
  /// Requantizations that became part of the op before them.
  int64_t folded = 0;
};
ProgramSummary summarize(const CompiledForms &forms);

/// The function that the evaluator runs: `@main` where there are several; null
/// if there is none.
mlir::func::FuncOp getMainFunction(mlir::ModuleOp module);

} // namespace hwq

#endif // HWQ_PIPELINES_DERIVATION_H
