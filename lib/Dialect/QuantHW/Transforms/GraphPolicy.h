//===- GraphPolicy.h - What each graph policy quantizes ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_GRAPHPOLICY_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_GRAPHPOLICY_H

#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "mlir/IR/Operation.h"

namespace hwq {

/// Kinds of ops as far as a policy tells them apart; a set is a sum of them.
using OpClasses = uint32_t;
namespace op_class {
inline constexpr OpClasses Conv = 1;
inline constexpr OpClasses TransposeConv = 1 << 1;
inline constexpr OpClasses FullyConnected = 1 << 2;
inline constexpr OpClasses MatMul = 1 << 3;
/// Addition and subtraction.
inline constexpr OpClasses Add = 1 << 4;
inline constexpr OpClasses Mul = 1 << 5;
inline constexpr OpClasses AvgPool = 1 << 6;
/// An average over the whole image: a pool with one result, or a mean.
inline constexpr OpClasses GlobalPool = 1 << 7;
inline constexpr OpClasses MaxPool = 1 << 8;
inline constexpr OpClasses Concat = 1 << 9;
/// Reshape, transpose, slice, pad, ...
inline constexpr OpClasses Movement = 1 << 10;
inline constexpr OpClasses Resize = 1 << 11;
/// A relu or clamp that no other op computes.
inline constexpr OpClasses Clamp = 1 << 12;
/// Everything else: sigmoid, hard swish, softmax, ...
inline constexpr OpClasses Function = 1 << 13;

inline constexpr OpClasses Weighted = Conv | TransposeConv | FullyConnected;
inline constexpr OpClasses Moving = MaxPool | Concat | Movement;
inline constexpr OpClasses All = (Function << 1) - 1;
} // namespace op_class

/// The class of an op that implements QuantizableOpInterface.
OpClasses getOpClass(mlir::Operation *op);

/// Who reads a quantized tensor.
enum class QuantizerReaders {
  /// One quantizer per tensor, and every op reads what it makes.
  All,
  /// One quantizer per tensor; ops that compute in float read the float tensor.
  Integer,
  /// One quantizer per reader that computes in integers.
  EachItsOwn
};

/// A graph policy (reference, section 3): which ops compute in integers, and
/// where the quantizers are. What shares parameters is the descriptor's to say
/// (keep_parameters, align_operands, concat).
struct PolicyTraits {
  /// Ops that compute in integers: their operands are quantized. Of ops that
  /// move data, those whose operand is quantized whatever is read behind them.
  OpClasses operands;
  /// Of the ops that compute in integers, those whose result is quantized even
  /// if no integer op reads it; of ops that move data, those whose result is
  /// quantized if an operand is.
  OpClasses results;
  QuantizerReaders readers = QuantizerReaders::All;
  /// Ops whose result has the operand's parameters, beside the descriptor's.
  OpClasses inherits = 0;
  /// A quantizer behind moved data is put before the movement too, so that the
  /// integers move.
  bool hoists = true;
  /// What only the function returns has no quantizer.
  bool floatOutput = false;
  /// The last convolution or fully connected layer computes in float.
  bool floatLastLayer = false;
  /// G2-paper: the quantizer of an addition's operand 0 is removed if one of
  /// its operands is a quantized convolution.
  bool dropsFirstAddend = false;
  /// Ranges are copied op by op in the order of TPU-MLIR; no groups.
  bool greedySharing = false;
};

PolicyTraits getPolicyTraits(GraphPolicy policy);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_GRAPHPOLICY_H
