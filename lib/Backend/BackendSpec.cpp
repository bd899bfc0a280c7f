//===- BackendSpec.cpp - A backend as a user writes it -------- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Backend/BackendSpec.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace hwq;

static llvm::Error makeError(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

static bool isWordChar(char c) {
  return llvm::isAlnum(c) || c == '_' || c == '-' || c == '.';
}

static StringRef takeWord(StringRef &text) {
  StringRef word = text.take_while(isWordChar);
  text = text.drop_front(word.size());
  return word;
}

/// The character at the start of `text` for a message.
static std::string describe(StringRef text) {
  if (text.empty())
    return "the end of the text";
  if (text.front() == '"' || text.front() == '\'')
    return "a quote (quotes are not part of the syntax)";
  if (text.front() == ',')
    return "a comma (a space separates overrides)";
  return ("'" + text.take_front(1) + "'").str();
}

/// Reads `key=value` pairs up to a character that starts none.
static llvm::Error consumeOverrides(StringRef &text,
                                    std::vector<BackendOverride> &overrides) {
  for (text = text.ltrim(' '); !text.empty() && text.front() != '}';
       text = text.ltrim(' ')) {
    StringRef key = takeWord(text);
    if (key.empty())
      return makeError("expected an override key=value, got " +
                       Twine(describe(text)));
    if (!text.consume_front("="))
      return makeError("expected '=' after the override '" + key + "', got " +
                       describe(text));
    StringRef value;
    if (text.starts_with("[")) {
      size_t end = text.find(']');
      if (end == StringRef::npos)
        return makeError("expected ']' at the end of the list of '" + key +
                         "'");
      value = text.take_front(end + 1);
      text = text.drop_front(end + 1);
      for (StringRef rest = value.drop_front().drop_back(); !rest.empty();
           rest = rest.drop_front())
        if (!isWordChar(rest.front()) && !StringRef(", ").contains(rest[0]))
          return makeError("expected a list [a,b] for '" + key + "', got '" +
                           value + "'");
    } else {
      value = takeWord(text);
    }
    if (value.empty())
      return makeError("expected a value for the override '" + key + "', got " +
                       describe(text));
    if (!text.empty() && text.front() != ' ' && text.front() != '}')
      return makeError("expected a space after '" + key + "=" + value +
                       "', got " + describe(text));
    if (llvm::any_of(overrides,
                     [&](const BackendOverride &o) { return o.first == key; }))
      return makeError("expected every override once, got '" + key + "' twice");
    overrides.emplace_back(key.str(), value.str());
  }
  return llvm::Error::success();
}

llvm::Expected<std::vector<BackendOverride>>
hwq::parseOverrides(StringRef text) {
  std::vector<BackendOverride> overrides;
  if (llvm::Error error = consumeOverrides(text, overrides))
    return error;
  if (!text.empty())
    return makeError("expected overrides key=value, got " +
                     Twine(describe(text)));
  return overrides;
}

llvm::Expected<BackendSpec> BackendSpec::consume(StringRef &text) {
  text = text.ltrim(' ');
  BackendSpec spec;
  if (text.empty())
    return makeError("expected the name of a backend, got an empty text");
  spec.name = takeWord(text).str();
  if (spec.name.empty())
    return makeError("expected the name of a backend, got " +
                     Twine(describe(text)));
  if (text.starts_with("="))
    return makeError("expected the name of a backend, got '" + spec.name +
                     "='; write the name alone, as in 'snpe'");
  if (!text.consume_front("{"))
    return spec;
  if (llvm::Error error = consumeOverrides(text, spec.overrides))
    return error;
  if (!text.consume_front("}"))
    return makeError("expected '}' after the overrides of '" + spec.name +
                     "', got " + describe(text));
  if (spec.overrides.empty())
    return makeError("expected an override key=value between the braces of '" +
                     spec.name + "', got none");
  return spec;
}

llvm::Expected<BackendSpec> BackendSpec::parse(StringRef text) {
  llvm::Expected<BackendSpec> spec = consume(text);
  if (!spec)
    return spec.takeError();
  text = text.ltrim(' ');
  if (!text.empty())
    return makeError("expected nothing after the backend '" + spec->name +
                     "', got '" + text + "'");
  return spec;
}

llvm::Expected<std::vector<BackendSpec>>
BackendSpec::parseList(StringRef text) {
  std::vector<BackendSpec> specs;
  while (true) {
    llvm::Expected<BackendSpec> spec = consume(text);
    if (!spec)
      return spec.takeError();
    if (llvm::any_of(specs, [&](const BackendSpec &other) {
          return other.key() == spec->key();
        }))
      return makeError("expected every backend once, got '" + spec->str() +
                       "' twice");
    specs.push_back(std::move(*spec));
    text = text.ltrim(' ');
    if (text.empty())
      return specs;
    if (!text.consume_front(","))
      return makeError("expected a comma after the backend '" +
                       specs.back().str() + "', got '" + text + "'");
  }
}

std::string BackendSpec::str() const {
  if (overrides.empty())
    return name;
  std::string result = name + "{";
  llvm::interleave(
      overrides,
      [&](const BackendOverride &o) { result += o.first + "=" + o.second; },
      [&] { result += ' '; });
  return result + "}";
}

std::string BackendSpec::key() const {
  std::string result = name;
  for (const auto &[key, value] : overrides) {
    result += "+" + key + "=";
    // A list has no spaces in a folder's name.
    llvm::copy_if(value, std::back_inserter(result),
                  [](char c) { return c != ' '; });
  }
  return result;
}
