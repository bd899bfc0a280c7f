//===- Tosa.h - TOSA programs for other compilers ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_INTERCHANGE_TOSA_H
#define HWQ_INTERCHANGE_TOSA_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"
#include <string>

namespace hwq::interchange {

/// A step-4 program, or one that is integer TOSA already, as MLIR bytecode
/// that other tools read: ops of `tosa` and `func` alone, plain element types,
/// static shapes with `batch` samples in place of a dynamic batch, no
/// locations and no attribute of a dialect of hwq's (names, scales and zero
/// points are strings and numbers). The text of TOSA differs between versions
/// of MLIR, bytecode does not.
///
/// Errors: on the op that has no form in TOSA; a batch below 1; a program with
/// other dynamic sizes, or with other ops.
mlir::FailureOr<std::string> exportTosa(mlir::ModuleOp module,
                                        int64_t batch = 1);

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_TOSA_H
