//===- BackendRegistry.h - The backends that hwq knows -------- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_BACKEND_BACKENDREGISTRY_H
#define HWQ_BACKEND_BACKENDREGISTRY_H

#include "hwq/Backend/BackendSpec.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"

namespace hwq {

using EmitErrorFn = llvm::function_ref<mlir::InFlightDiagnostic()>;

/// Names of the backends that are built in or were added, sorted.
std::vector<std::string> getBackendNames();

/// Makes a user's descriptor known by its name to this process, before the
/// built-in ones, and returns it. Emits errors on the context as
/// `loadBackendFile` does.
mlir::FailureOr<BackendAttr> addBackendFile(mlir::MLIRContext *context,
                                            llvm::StringRef path,
                                            EmitErrorFn emitError);

/// The descriptor of a known backend. An unknown name is an error that lists
/// the known ones. Loads the quant_hw dialect into the context.
mlir::FailureOr<BackendAttr> lookupBackend(mlir::MLIRContext *context,
                                           llvm::StringRef name,
                                           EmitErrorFn emitError);

/// Reads the one descriptor in a file: `module @name attributes
/// {quant_hw.backend = #quant_hw.backend<"name", {...}>} {}`. A file that does
/// not parse has its errors emitted at their lines.
mlir::FailureOr<BackendAttr> loadBackendFile(mlir::MLIRContext *context,
                                             llvm::StringRef path,
                                             EmitErrorFn emitError);

/// The descriptor with overrides. A key is an option of the descriptor, whose
/// value sets several fields at once, or a field: `bias=i8_asymmetric`,
/// `weights.granularity=per_channel`, `shift_range=[0,31]`. Overrides do not
/// depend on their order: two that give one field different values are an
/// error. The result is verified.
mlir::FailureOr<BackendAttr>
applyOverrides(BackendAttr backend, llvm::ArrayRef<BackendOverride> overrides,
               EmitErrorFn emitError);

/// Looks up and overrides. With a file, the descriptor comes from there and
/// must have the name that the spec says.
mlir::FailureOr<BackendAttr> resolveBackend(mlir::MLIRContext *context,
                                            const BackendSpec &spec,
                                            llvm::StringRef backendFile,
                                            EmitErrorFn emitError);

/// The same without diagnostics: all that was said comes as the error.
llvm::Expected<BackendAttr> resolveBackend(mlir::MLIRContext *context,
                                           const BackendSpec &spec,
                                           llvm::StringRef backendFile = "");

} // namespace hwq

#endif // HWQ_BACKEND_BACKENDREGISTRY_H
