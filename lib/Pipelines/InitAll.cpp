//===- InitAll.cpp - Registration of everything --------------- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/InitAll.h"
#include "hwq/Backend/Passes.h"
#include "hwq/Conversion/Passes.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Pipelines/QuantizeFor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

void hwq::registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<hwq::QuantHWDialect, mlir::func::FuncDialect,
                  mlir::quant::QuantDialect, mlir::tosa::TosaDialect>();
  registerTargetDialects(registry);
  registerTosaExternalModels(registry);
}

void hwq::registerAllPasses() {
  registerHWQBackendPasses();
  registerQuantHWPasses();
  registerHWQConversionPasses();
  registerQuantizeForPipeline();
}
