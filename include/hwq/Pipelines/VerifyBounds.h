//===- VerifyBounds.h - Allowed differences ---------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_VERIFYBOUNDS_H
#define HWQ_PIPELINES_VERIFYBOUNDS_H

#include "hwq/Numerics/Enums.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <cstdint>
#include <limits>
#include <optional>

namespace hwq {

/// What lets the real values of accumulators differ between two programs.
struct FloatCauses {
  /// Real biases become integers of this form; none where they stay.
  std::optional<numerics::BiasForm> bias;
  /// The real scales become a kernel.
  bool kernel = false;
  /// Values that are made equal in both programs; may be null.
  const llvm::SmallPtrSetImpl<mlir::Value> *equal = nullptr;
  /// The earlier program sums its products in f32.
  bool floatSums = false;

  bool isEqual(mlir::Value value) const {
    return equal && equal->contains(value);
  }
};

/// How far a float value may move, in real units, when the accumulators that
/// reach it through float ops move: by half a step of their bias, and by what
/// their kernel makes of them (Numerics' dequantErrorOf, over all accumulators
/// that the weights allow, or those that a clamp behind them, or `limit`, lets
/// through). Additions add up errors, factors multiply them, what averages,
/// selects or moves keeps the largest. Infinite where no bound follows: fp16
/// overflows, and nothing clamps it; a function without a slope known here.
double getFloatError(mlir::Value value, const FloatCauses &causes,
                     double limit = std::numeric_limits<double>::infinity());

/// How far the integers of a tensor may move when its real bias (`before`, of
/// steps 0 to 3) becomes an integer (`after`): ceil(s_b / (2 Sy)) + 1, s_b the
/// step of the bias in real units: Sx Sw for i32, 1/255 of the bias vector's
/// range (zero included) for the asymmetric 8-bit form, a power of two for the
/// other two, plus Sx Sw (from step 1 on); what a bias loses where the exponent
/// of least squared error clips it. Behind float ops getFloatError. 0 for a
/// tensor that no biased requantization makes.
int64_t getBiasBound(mlir::Value before, mlir::Value after,
                     numerics::BiasForm form, const FloatCauses &causes);

/// How far the integers of `after`, made by a hardware's kernel, may be from
/// those of the real scales: 1 and the kernel's error over the whole grid, that
/// of its multipliers, of the roundings of an addition's operands, or of a
/// pool's factor; with what operands that are not made equal may move by.
/// Behind float ops getFloatError.
int64_t getKernelBound(mlir::Value after, const FloatCauses &causes);

/// The largest code of a quantized value less the smallest.
double getWidth(mlir::Value value);

/// How near a tie the value of steps 1 to 3 must be, in LSB, for the float ops
/// of step 0 to round it otherwise: 2^-18 of the grid's width, and 2^-20 of the
/// largest sum of absolute products, or of what is added or averaged: f32 may
/// cancel such terms.
double getTieDistance(mlir::Value after);

/// Whether float ops stand between `value` and the accumulators it comes from,
/// so that its last bits depend on the order and precision of their arithmetic.
bool comesFromFloat(mlir::Value value);

} // namespace hwq

#endif // HWQ_PIPELINES_VERIFYBOUNDS_H
