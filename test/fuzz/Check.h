//===- Check.h - What must hold of every input ------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TEST_FUZZ_CHECK_H
#define HWQ_TEST_FUZZ_CHECK_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

/// Asked for by the sanitizer; every fuzzer has one file with this header.
/// LLVM's allocators mark their memory only where they are compiled with the
/// sanitizer, and libLLVM is not.
extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0";
}

namespace hwq::fuzz {

inline void check(bool holds, const char *what, llvm::StringRef text) {
  if (holds)
    return;
  std::fprintf(stderr, "does not hold: %s\n%s\n", what, text.str().c_str());
  std::abort();
}

/// The value, or nothing after an error that says something.
template <class T> std::optional<T> take(llvm::Expected<T> value) {
  if (value)
    return std::move(*value);
  check(!llvm::toString(value.takeError()).empty(), "an error has words", "");
  return std::nullopt;
}

/// The same where there must be a value.
template <class T>
T need(llvm::Expected<T> value, const char *what, llvm::StringRef text) {
  if (!value)
    check(false, what, llvm::toString(value.takeError()) + "\n" + text.str());
  return std::move(*value);
}

inline llvm::StringRef textOf(const unsigned char *bytes, size_t size) {
  return {reinterpret_cast<const char *>(bytes), size};
}

} // namespace hwq::fuzz

#endif // HWQ_TEST_FUZZ_CHECK_H
