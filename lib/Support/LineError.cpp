//===- LineError.cpp - Errors of a line of a file ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Support/LineError.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

Error hwq::lineError(size_t line, const Twine &message) {
  return createStringError("line " + Twine(line) + ": " + message);
}

Error hwq::entryError(size_t line, StringRef name, const Twine &message) {
  return lineError(line, "tensor " + quoted(name) + ": " + message);
}

std::string hwq::quoted(StringRef name) {
  std::string text;
  raw_string_ostream os(text);
  os << "'";
  printEscapedString(name.take_front(200), os);
  os << (name.size() > 200 ? "...'" : "'");
  return text;
}
