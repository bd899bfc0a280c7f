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
#include <optional>
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
  /// The same for so many samples at a time, where the format has static shapes
  /// only (`write` is for one); null for the others.
  mlir::FailureOr<std::string> (*writeBatch)(mlir::ModuleOp module,
                                             int64_t batch) = nullptr;
};

/// Formats of step-4 programs.
llvm::ArrayRef<ModelFormat> getModelFormats();
/// Formats of step-0 programs, whatever the backend.
llvm::ArrayRef<ModelFormat> getStepZeroFormats();

/// The bytes of the file, from a program of step 4 or of the target form;
/// errors on the op that the format has no word for. `batch`: for so many
/// samples at a time, an error where the format is not one of static shapes.
mlir::FailureOr<std::string>
writeModel(const ModelFormat &format, mlir::ModuleOp module,
           std::optional<int64_t> batch = std::nullopt);

/// --export-<name> of mlir-translate for every format, and --batch=N for those
/// of static shapes.
void registerModelExports();

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_MODELFORMATS_H
