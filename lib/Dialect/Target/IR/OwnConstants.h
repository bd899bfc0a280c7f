//===- OwnConstants.h - What Numerics chooses for an op's scales -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_TARGET_IR_OWNCONSTANTS_H
#define HWQ_LIB_DIALECT_TARGET_IR_OWNCONSTANTS_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"

namespace hwq {

/// On a target op, a dictionary: for each requantization of step 4 whose
/// constants are not what Numerics chooses for the scales of the op's types,
/// the real scales that they stand for (array<f64>). A fold of two
/// requantizations leaves such ones: the scale between them is gone.
inline constexpr llvm::StringLiteral kScalesAttr = "quant_hw.scales";

/// A requantization of step 4 with other constants, and what they should be.
struct OtherConstants {
  llvm::StringLiteral name;
  std::string expected;
  /// The scales that Numerics' constants make, and how far from them a scale
  /// may be that differs by rounding alone. Empty where Numerics has none.
  std::vector<double> scales, tolerances;
};

/// What kScalesAttr says of the requantization `name`; null if nothing.
mlir::DenseF64ArrayAttr getStatedScales(mlir::Operation *op,
                                        llvm::StringRef name);

/// Compares the multipliers, shifts and factors of an op of step 4 with those
/// that the target's kernels have for the scales of the op's types, bit for
/// bit. An accumulator has the scale of the dot product that makes it; where it
/// comes from elsewhere nothing is known. Biases are data.
llvm::SmallVector<OtherConstants>
findOtherConstants(const TargetDescription &target, const OpRule &rule,
                   mlir::Operation *stepFour);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_TARGET_IR_OWNCONSTANTS_H
