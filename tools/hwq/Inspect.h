//===- Inspect.h - What a program file holds --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_INSPECT_H
#define HWQ_TOOLS_HWQ_INSPECT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace hwq::driver {

/// Whether `hwq inspect` takes the file for a program: by its ending.
bool isProgramFile(llvm::StringRef path);

/// Prints form, backend, inputs and outputs, ops, bytes and parameters.
llvm::Error inspectProgram(llvm::StringRef path);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_INSPECT_H
