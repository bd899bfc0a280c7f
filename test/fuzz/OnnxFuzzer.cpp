//===- OnnxFuzzer.cpp - The importer of ONNX models -----------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whatever the bytes: a program that verifies, or null and an error.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "hwq/Import/OnnxImporter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace hwq::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // Attributes live as long as their context.
  static std::unique_ptr<MLIRContext> context;
  static unsigned runs = 0;
  if (runs++ % 256 == 0)
    context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  unsigned errors = 0;
  ScopedDiagnosticHandler handler(context.get(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error) {
      ++errors;
      check(!diagnostic.str().empty(), "an error has words", "");
    }
    return success();
  });
  OwningOpRef<ModuleOp> module = hwq::importOnnxBuffer(
      textOf(data, size), "/nowhere/model.onnx", context.get());
  check(bool(module) == (errors == 0), "a program, or an error", "");
  if (module)
    check(succeeded(verify(*module)), "a program verifies", "");
  return 0;
}
