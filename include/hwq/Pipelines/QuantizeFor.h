//===- QuantizeFor.h - Calibrated to target form -------------- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_QUANTIZEFOR_H
#define HWQ_PIPELINES_QUANTIZEFOR_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/Error.h"
#include <string>

namespace hwq {

struct QuantizeForOptions {
  /// A backend with its overrides, as BackendSpec::parse reads it: "snpe",
  /// "snpe{bias-bits=8}".
  std::string backend;
  /// File with the descriptor; empty for a backend that hwq knows.
  std::string backendFile;
  /// Two requantizations become one that differs by at most so many LSB.
  unsigned maxError = 0;
  /// Ops that stay float and parameters of tensors, as --quant-hw-annotate
  /// takes them: a regular expression and a JSON file; empty for none.
  std::string skip, overrideFile;
  /// Ends with step 0, quantize/dequantize pairs around float ops.
  bool onlyStep0 = false;

  /// Reads what stands behind `--quantize-for=` or between the braces of
  /// `quantize-for{...}`: a backend, then `option=value` (backend-file,
  /// max-error), with spaces between them.
  static llvm::Expected<QuantizeForOptions> parse(llvm::StringRef text);
};

/// How errors of a pipeline's options are reported; returns failure.
using PipelineErrorFn =
    llvm::function_ref<mlir::LogicalResult(const llvm::Twine &)>;

/// Adds the passes from the calibrated to the target form, for passes on
/// modules. Backend and overrides are checked first; without `error`, errors go
/// to stderr. Adds nothing after an error.
mlir::LogicalResult buildQuantizeForPipeline(mlir::OpPassManager &pm,
                                             const QuantizeForOptions &options,
                                             PipelineErrorFn error = nullptr);

/// The end of that pipeline: from step 4 to the dialect that the descriptor
/// names. None is needed where that is quant_hw itself.
mlir::LogicalResult buildConvertToTargetPipeline(mlir::OpPassManager &pm,
                                                 BackendAttr backend,
                                                 PipelineErrorFn error);

/// Registers `quantize-for`: `--quantize-for=snpe`, `quantize-for{snpe}`.
void registerQuantizeForPipeline();

} // namespace hwq

#endif // HWQ_PIPELINES_QUANTIZEFOR_H
