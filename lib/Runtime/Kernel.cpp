//===- Kernel.cpp - One op, ready to run ------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Kernel.h"
#include "hwq/Runtime/EvaluatableOpInterface.h"

#include "hwq/Runtime/EvaluatableOpInterface.cpp.inc"

using namespace hwq::runtime;

Workspace::~Workspace() = default;
Kernel::~Kernel() = default;
KernelContext::~KernelContext() = default;

llvm::Expected<Tensor> Kernel::unrounded(llvm::ArrayRef<Tensor>,
                                         Workspace &) const {
  return Tensor();
}
