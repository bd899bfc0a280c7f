//===- JsonDepth.h - JSON that nests too deep -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_SUPPORT_JSONDEPTH_H
#define HWQ_SUPPORT_JSONDEPTH_H

#include "llvm/ADT/StringRef.h"
#include <cstddef>
#include <optional>

namespace hwq {

/// Levels of arrays and objects that files may have. LLVM's parser calls itself
/// for every level, so a file of brackets would exhaust the stack.
inline constexpr int maxJsonDepth = 64;

/// The line, from 1, where `text` nests deeper than that. To be asked before
/// llvm::json::parse gets a user's text, which need not be JSON.
inline std::optional<size_t> findTooDeepJson(llvm::StringRef text) {
  size_t line = 1;
  int depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\n')
      ++line;
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
      continue;
    }
    if (c == '"')
      inString = true;
    else if (c == '[' || c == '{')
      ++depth;
    else if (c == ']' || c == '}')
      --depth;
    if (depth > maxJsonDepth)
      return line;
  }
  return std::nullopt;
}

} // namespace hwq

#endif // HWQ_SUPPORT_JSONDEPTH_H
