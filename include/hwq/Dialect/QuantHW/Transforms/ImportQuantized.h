//===- ImportQuantized.h - Quantized TOSA in --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_TRANSFORMS_IMPORTQUANTIZED_H
#define HWQ_DIALECT_QUANTHW_TRANSFORMS_IMPORTQUANTIZED_H

#include "mlir/IR/BuiltinOps.h"

namespace hwq {

/// Whether an argument or the result of an op in the module has a quantized
/// element type: of a program without a form, what --quant-hw-import-quantized
/// is for.
bool hasQuantizedTypes(mlir::ModuleOp module);

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_TRANSFORMS_IMPORTQUANTIZED_H
