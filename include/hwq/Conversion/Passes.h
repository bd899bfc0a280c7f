//===- Passes.h - From step 4 to the target dialects -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CONVERSION_PASSES_H
#define HWQ_CONVERSION_PASSES_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace hwq {
#define GEN_PASS_DECL
#include "hwq/Conversion/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "hwq/Conversion/Passes.h.inc"

/// All target dialects.
void registerTargetDialects(mlir::DialectRegistry &registry);
} // namespace hwq

#endif // HWQ_CONVERSION_PASSES_H
