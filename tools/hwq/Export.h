//===- Export.h - hwq export ------------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_EXPORT_H
#define HWQ_TOOLS_HWQ_EXPORT_H

#include "OutputFolder.h"
#include "hwq/Runtime/Dataset.h"
#include "mlir/IR/BuiltinOps.h"

namespace hwq::driver {

/// Writes what every op of a program reads and makes for all samples, and all
/// its numbers: a folder per op, and vectors.json (docs/formats/vectors.md).
llvm::Error exportVectors(mlir::ModuleOp module, const runtime::Dataset &data,
                          OutputFolder &folder);

/// Writes the samples as a program takes them, f32 little-endian, a file per
/// sample and input, and their list for snpe-net-run and snpe-dlc-quantize.
/// Inputs that the program takes as N,C,H,W and computes as N,H,W,C are
/// written as N,H,W,C, as the vendor's converter makes the model.
llvm::Error exportInputList(mlir::ModuleOp module, const runtime::Dataset &data,
                            OutputFolder &folder);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_EXPORT_H
