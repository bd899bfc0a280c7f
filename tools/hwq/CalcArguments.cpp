//===- CalcArguments.cpp - Named values of a calculator ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CalcArguments.h"
#include "Options.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace llvm;
using namespace hwq::driver;

static std::string plainName(StringRef name) {
  std::string plain;
  for (char c : name)
    if (c != '-' && c != '_')
      plain += toLower(c);
  return plain;
}

bool hwq::driver::sameName(StringRef a, StringRef b) {
  return plainName(a) == plainName(b);
}

std::optional<double> hwq::driver::parseReal(StringRef text) {
  double value;
  if (text.empty() || text.getAsDouble(value) || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<int64_t> hwq::driver::parseInteger(StringRef text) {
  int64_t value;
  if (text.getAsInteger(10, value))
    return std::nullopt;
  return value;
}

std::vector<std::string> Arguments::names() const {
  std::vector<std::string> all;
  for (const auto &entry : values)
    all.push_back(entry.getKey().str());
  llvm::sort(all);
  return all;
}

StringRef Arguments::text(StringRef name) const {
  auto it = values.find(name);
  return it == values.end() ? StringRef() : StringRef(it->second);
}

void Arguments::fail(const Twine &message) {
  if (!problem)
    problem = message.str();
}

void Arguments::fail(StringRef name, const Twine &expected) {
  fail("expected " + shown(name) + " to be " + expected + ", got '" +
       text(name) + "'");
}

Error Arguments::takeError() {
  if (!problem)
    return Error::success();
  return usageError(*problem);
}

const std::string *Arguments::find(StringRef name, bool required) {
  auto it = values.find(name);
  if (it != values.end())
    return &it->second;
  if (required)
    fail("expected " + shown(name));
  return nullptr;
}

std::optional<double> Arguments::realOf(StringRef name, StringRef text) {
  std::optional<double> value = parseReal(text);
  if (!value)
    fail("expected " + shown(name) + " to be a finite number, got '" + text +
         "'");
  return value;
}

std::optional<int64_t> Arguments::integerOf(StringRef name, StringRef text,
                                            int64_t lo, int64_t hi) {
  std::optional<int64_t> value = parseInteger(text);
  if (value && *value >= lo && *value <= hi)
    return value;
  fail("expected " + shown(name) + " to be an integer in " + Twine(lo) + ".." +
       Twine(hi) + ", got '" + text + "'");
  return std::nullopt;
}

double Arguments::real(StringRef name, std::optional<double> fallback) {
  const std::string *text = find(name, !fallback);
  return (text ? realOf(name, *text) : fallback).value_or(0);
}

int64_t Arguments::integer(StringRef name, std::optional<int64_t> fallback,
                           int64_t lo, int64_t hi) {
  const std::string *text = find(name, !fallback);
  return (text ? integerOf(name, *text, lo, hi) : fallback).value_or(lo);
}

std::vector<double> Arguments::reals(StringRef name) {
  std::vector<double> all;
  if (const std::string *text = find(name, false))
    for (StringRef part : split(*text, ','))
      all.push_back(realOf(name, part).value_or(0));
  return all;
}

std::vector<int64_t> Arguments::integers(StringRef name, int64_t lo,
                                         int64_t hi) {
  std::vector<int64_t> all;
  if (const std::string *text = find(name, false))
    for (StringRef part : split(*text, ','))
      all.push_back(integerOf(name, part, lo, hi).value_or(lo));
  return all;
}
