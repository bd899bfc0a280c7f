//===- ObserverAttributes.h - What a table says on a tensor -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_OBSERVERATTRIBUTES_H
#define HWQ_DIALECT_QUANTHW_IR_OBSERVERATTRIBUTES_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

namespace hwq {

// Attributes of `observe` that a table of another tool leaves beside the range:
//
//   %1 = quant_hw.observe "y" %0 range [0.0, 6.375] method "encodings-1.0.0"
//       {quant_hw.parameters = !quant.uniform<u8:f32, 0.025>} : tensor<?x8xf32>
//
// The parameters are the scale and zero point that the tensor has, bit for bit,
// on every backend that can have them (bits, symmetry, power of two); elsewhere
// they follow from the range, as usual. The op that makes a tensor which is
// kept float computes in float.
inline constexpr llvm::StringLiteral kParametersAttr = "quant_hw.parameters";
inline constexpr llvm::StringLiteral kKeepFloatAttr = "quant_hw.keep_float";

/// Null without.
mlir::quant::UniformQuantizedType getObserverParameters(ObserveOp op);
/// Null takes them away.
void setObserverParameters(ObserveOp op,
                           mlir::quant::UniformQuantizedType type);

bool isKeptFloat(ObserveOp op);
void setKeptFloat(ObserveOp op, bool keepFloat);

/// observe_c3.
mlir::LogicalResult verifyObserverAttributes(ObserveOp op);

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_IR_OBSERVERATTRIBUTES_H
