//===- BackendSpec.h - A backend as a user writes it ---------- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_BACKEND_BACKENDSPEC_H
#define HWQ_BACKEND_BACKENDSPEC_H

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"
#include <string>
#include <utility>
#include <vector>

namespace hwq {

/// One `key=value`: an option of the descriptor or a field.
using BackendOverride = std::pair<std::string, std::string>;

/// A backend as a user writes it:
///
///   NAME [ '{' key=value (SPACE key=value)* '}' ]
///
/// Names, keys and values consist of letters, digits, '_', '-' and '.'. A value
/// may also be a list in brackets, `[a,b]`. There are no quotes, and no commas
/// outside brackets.
struct BackendSpec {
  std::string name;
  /// In the order in which they were written; no key twice.
  std::vector<BackendOverride> overrides;

  /// Reads all of `text`. Errors say what was expected and what came; whether
  /// backend and keys exist is not looked at.
  static llvm::Expected<BackendSpec> parse(llvm::StringRef text);
  /// Reads a backend from the start of `text` and removes it.
  static llvm::Expected<BackendSpec> consume(llvm::StringRef &text);
  /// Reads several, with commas (outside braces) between them.
  static llvm::Expected<std::vector<BackendSpec>>
  parseList(llvm::StringRef text);

  /// As `parse` reads it: `snpe{bias-bits=8}`.
  std::string str() const;
  /// Name of the backend's folder and its key in reports: `snpe+bias-bits=8`.
  std::string key() const;
};

/// Reads `key=value (SPACE key=value)*`, what stands between the braces. Empty
/// text gives none.
llvm::Expected<std::vector<BackendOverride>>
parseOverrides(llvm::StringRef text);

} // namespace hwq

#endif // HWQ_BACKEND_BACKENDSPEC_H
