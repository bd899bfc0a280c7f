//===- CheckPlacement.h - hwq quantize --check ------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_CHECKPLACEMENT_H
#define HWQ_TOOLS_HWQ_CHECKPLACEMENT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace hwq::driver {

/// The program is a model that was quantized before it came in.
bool hasQuantizers(mlir::ModuleOp module);

/// Compares the quantizers of MODEL with those of every backend of --for, in a
/// table or JSON. Exit code 3 where they differ.
llvm::Error runCheckPlacement();

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_CHECKPLACEMENT_H
