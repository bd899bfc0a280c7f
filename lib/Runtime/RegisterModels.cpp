//===- RegisterModels.cpp - All kernels -------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/EvaluatableOpInterface.h"

void hwq::runtime::registerEvaluatableModels(mlir::DialectRegistry &registry) {
  registerFloatModels(registry);
  registerTosaModels(registry);
  registerIntegerModels(registry);
}
