//===- Passes.h - Passes that need data or files ----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_PASSES_H
#define HWQ_PIPELINES_PASSES_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/Pass/Pass.h"

namespace hwq {

#define GEN_PASS_DECL
#include "hwq/Pipelines/Passes.h.inc"

/// registerHWQDataPasses()
#define GEN_PASS_REGISTRATION
#include "hwq/Pipelines/Passes.h.inc"

} // namespace hwq

#endif // HWQ_PIPELINES_PASSES_H
