//===- ImportedParams.h - Parameters a model brought along ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_IMPORTEDPARAMS_H
#define HWQ_DIALECT_QUANTHW_IR_IMPORTEDPARAMS_H

#include "llvm/ADT/StringRef.h"

namespace hwq {

/// Key of the quantized element type (a TypeAttr) that a model brought along:
/// on the `observe` of an activation (per axis: the last one), and on the f32
/// constant of weights or a bias, whose values then are on the grid of that
/// type (per axis: axis 0). In a program in which an activation has it,
/// activations and weights without it stay float.
inline constexpr llvm::StringLiteral kModelParametersAttr =
    "quant_hw.model_parameters";

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_IR_IMPORTEDPARAMS_H
