//===- ModelFormats.h - Programs as models of other engines -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_INTERCHANGE_MODELFORMATS_H
#define HWQ_INTERCHANGE_MODELFORMATS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"
#include <string>

namespace hwq::interchange {

/// A format that holds a whole quantized model.
struct ModelFormat {
  /// As in the field `formats` of a descriptor.
  llvm::StringLiteral name;
  /// Of mlir-translate, behind "export-".
  llvm::StringLiteral option;
  /// In the folder of a backend.
  llvm::StringLiteral fileName;
  llvm::StringLiteral summary;
  /// Of a step-4 program.
  mlir::FailureOr<std::string> (*write)(mlir::ModuleOp module);
};

/// Formats of step-4 programs.
llvm::ArrayRef<ModelFormat> getModelFormats();
/// Formats of step-0 programs, whatever the backend.
llvm::ArrayRef<ModelFormat> getStepZeroFormats();

/// The bytes of the file, from a program of step 4 or of the target form; errors
/// on the op that the format has no word for.
mlir::FailureOr<std::string> writeModel(const ModelFormat &format,
                                        mlir::ModuleOp module);

/// --export-<name> of mlir-translate for every format.
void registerModelExports();

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_MODELFORMATS_H
