//===- Passes.h - Passes of the quant_hw dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_TRANSFORMS_PASSES_H
#define HWQ_DIALECT_QUANTHW_TRANSFORMS_PASSES_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace hwq {
#define GEN_PASS_DECL
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_TRANSFORMS_PASSES_H
