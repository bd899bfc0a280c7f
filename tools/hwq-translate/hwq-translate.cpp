//===- hwq-translate.cpp - Between MLIR and other formats -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Import/OnnxImporter.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  hwq::registerOnnxTranslation();
  return mlir::failed(mlir::mlirTranslateMain(
      argc, argv, "hwq: import and export of network formats"));
}
