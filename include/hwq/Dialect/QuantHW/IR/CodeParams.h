//===- CodeParams.h - Scale and zero point of any integer tensor -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_CODEPARAMS_H
#define HWQ_DIALECT_QUANTHW_IR_CODEPARAMS_H

#include "hwq/Numerics/Grid.h"
#include "mlir/IR/Operation.h"
#include "mlir/Support/LLVM.h"
#include <optional>

namespace hwq {

/// Where codes are plain integers (TOSA), scale and zero point of a named
/// tensor stand beside its name.
inline constexpr llvm::StringLiteral kScaleAttr = "quant_hw.scale";
inline constexpr llvm::StringLiteral kZeroPointAttr = "quant_hw.zero_point";

/// Of a tensor with one scale, by its quantized type or those attributes (the
/// grid is then that of the integer type); none where it is no codes.
std::optional<numerics::QuantParams> getCodeParams(mlir::Value value);
/// Sets the attributes of an op's single result.
void setCodeParams(mlir::Operation *op, const numerics::QuantParams &params);

/// What is said of a tensor by an attribute of the op that makes it (the single
/// result) or of the function's argument; null if nothing is.
mlir::Attribute getTensorAttr(mlir::Value value, llvm::StringRef key);

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_IR_CODEPARAMS_H
