//===- Passes.td - From step 4 to the target dialects -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CONVERSION_PASSES_TD
#define HWQ_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertQuantHWToSNPEPass : Pass<"convert-quant-hw-to-snpe", "::mlir::ModuleOp"> {
  let summary = "step 4 to the snpe dialect";
  let description = [{
    Every integer op becomes the SNPE layer that computes it, with the encoding of
    its result. An op that SNPE has no layer for is an error. Data movement, max
    pooling and what stayed float are not touched.
  }];
  let dependentDialects = ["::hwq::snpe::SNPEDialect"];
}

#endif // HWQ_CONVERSION_PASSES_TD
