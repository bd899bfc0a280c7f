//===- Passes.h - Choosing a backend -------------------------- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_BACKEND_PASSES_H
#define HWQ_BACKEND_PASSES_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include <string>

namespace hwq {
#define GEN_PASS_DECL
#include "hwq/Backend/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "hwq/Backend/Passes.h.inc"
} // namespace hwq

#endif // HWQ_BACKEND_PASSES_H
