//===- Passes.td - Choosing a backend ----------------------*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_BACKEND_PASSES_TD
#define HWQ_BACKEND_PASSES_TD

include "mlir/Pass/PassBase.td"

def SetBackendPass : Pass<"quant-hw-set-backend", "::mlir::ModuleOp"> {
  let summary = "say for which backend the program is made";
  let description = [{
    Writes the descriptor, overrides applied, into the module attribute
    `quant_hw.backend`, from which all later passes read it. The program must not be
    quantized yet (float, observed or calibrated form).

    ```
    --pass-pipeline='builtin.module(quant-hw-set-backend{backend=snpe overrides={bias-bits=8 per-channel-weights=true}})'
    ```
  }];
  let options = [
    Option<"backend", "backend", "std::string", "",
           "Name of the backend (hwq-opt --list-backends)">,
    Option<"overrides", "overrides", "std::string", "",
           "Options or fields of the descriptor: {key=value key=value}">,
    Option<"backendFile", "backend-file", "std::string", "",
           "File with the descriptor, for backends that are not built in">,
  ];
  let dependentDialects = ["::hwq::QuantHWDialect"];
}

#endif // HWQ_BACKEND_PASSES_TD
