//===- OnnxImporter.h - ONNX to the float form ------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_IMPORT_ONNXIMPORTER_H
#define HWQ_IMPORT_ONNXIMPORTER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/LLVM.h"

namespace hwq {

/// Reads an ONNX model (opsets 7 to 22 of the default domain) into a module of
/// float form with one public function `@main`: f32 arguments and results in
/// the model's own layout (an integer input is an f32 argument that is rounded
/// to i32), feature maps channels-last inside, the first dimension `?` where
/// the model's is symbolic. `quant_hw.name` keeps the ONNX name of every value,
/// on arguments, results and ops.
///
/// External weight files are looked for in the model's folder and may not leave
/// it. On any error a diagnostic at `path:0:0` names node, op type and opset,
/// and the result is null. The needed dialects are loaded into `context`.
mlir::OwningOpRef<mlir::ModuleOp> importOnnx(llvm::StringRef path,
                                             mlir::MLIRContext *context);

/// The same for the bytes of a model; `path` is used in diagnostics and as the
/// place from which external weight files are found.
mlir::OwningOpRef<mlir::ModuleOp> importOnnxBuffer(llvm::StringRef bytes,
                                                   llvm::StringRef path,
                                                   mlir::MLIRContext *context);

/// Registers `--import-onnx` for hwq-translate.
void registerOnnxTranslation();

} // namespace hwq

#endif // HWQ_IMPORT_ONNXIMPORTER_H
