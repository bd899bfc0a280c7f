//===- CompileForms.h - Every form of one compilation -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_COMPILEFORMS_H
#define HWQ_PIPELINES_COMPILEFORMS_H

#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Annotate.h"
#include "hwq/Pipelines/QuantizeFor.h"
#include "mlir/IR/OwningOpRef.h"
#include <optional>
#include <string>
#include <vector>

namespace hwq {

/// What a fold is, and how what it makes differs from what it replaces.
struct ProvenFold {
  /// "quantize", "clamp", "chain", "sum" or "lookup".
  std::string kind;
  /// In LSB; 0: proven equal.
  int64_t maxLsb = 0;
  /// Of the operands (accumulators or codes) that were tried, how many get
  /// another result; both 0 where nothing needed to be tried.
  uint64_t differing = 0, operands = 0;
};

/// What a pass said about one of its decisions.
struct PassRemark {
  /// "passed", "missed", "analysis" or "failure".
  std::string kind;
  /// "hwq:fold", "hwq:annotate", ...
  std::string category;
  /// Of the op that the remark is on; empty if that has no name.
  std::string tensor;
  std::string text;
  std::optional<ProvenFold> fold;
};

/// The program that a pass left behind.
struct ProgramForm {
  std::string pass;
  Form form;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// What one compilation went through.
struct CompiledForms {
  /// In the order of the passes, the first one with the backend set.
  std::vector<ProgramForm> programs;
  std::vector<PassRemark> remarks;
  /// What was decided on every quantized tensor.
  std::vector<TensorParameters> parameters;

  /// The first and the last program of a form; null if there is none.
  mlir::ModuleOp first(Form form) const;
  mlir::ModuleOp last(Form form) const;
  /// The last program that still consists of `quant_hw` ops.
  mlir::ModuleOp beforeTarget() const;
};

/// Compiles a copy of a calibrated program and keeps the program after every
/// pass. Emits diagnostics on failure. Takes the context's remark engine for
/// its own while it runs.
mlir::FailureOr<CompiledForms> compileForms(mlir::ModuleOp calibrated,
                                            const QuantizeForOptions &options);

} // namespace hwq

#endif // HWQ_PIPELINES_COMPILEFORMS_H
