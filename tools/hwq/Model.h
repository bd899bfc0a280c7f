//===- Model.h - Programs as files ------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_MODEL_H
#define HWQ_TOOLS_HWQ_MODEL_H

#include "hwq/Runtime/Dataset.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace hwq::driver {

/// A context with all dialects of hwq, and diagnostics as the driver prints
/// them: "hwq: error: ..." or "file:line:column: error: ...".
class Session {
public:
  Session();
  ~Session();
  mlir::MLIRContext *context() { return &mlirContext; }

private:
  mlir::MLIRContext mlirContext;
};

/// Reads a program: .onnx is imported, .mlir and .mlirbc are parsed and
/// verified.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
loadModel(llvm::StringRef path, Session &session);

/// Whether `path` can name an output program: .mlir (text), .mlirbc (bytecode),
/// "-" (text) or something below /dev (bytecode). A usage error otherwise.
llvm::Error checkProgramName(llvm::StringRef path);
/// Checks before the work that an output file can be made: its folder is there
/// and writable, and it is none of the inputs, or of other outputs, which need
/// not be there yet.
llvm::Error checkWritable(llvm::StringRef path,
                          llvm::ArrayRef<std::string> inputs);
/// Prints a program in the format that its file's name asks for.
llvm::Error printModel(llvm::StringRef path, mlir::ModuleOp module,
                       llvm::raw_ostream &os);
/// Writes a program, all or nothing.
llvm::Error writeModel(llvm::StringRef path, mlir::ModuleOp module);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_MODEL_H
