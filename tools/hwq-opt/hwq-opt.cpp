//===- hwq-opt.cpp - The passes of hwq as a program ----------- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/InitAll.h"
#include "mlir/Dialect/Tosa/Transforms/Passes.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  hwq::registerAllDialects(registry);
  hwq::registerAllPasses();
  mlir::registerTransformsPasses();
  mlir::tosa::registerTosaPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "hwq quantization compiler\n", registry));
}
