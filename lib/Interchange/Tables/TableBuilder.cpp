//===- TableBuilder.cpp - Rows of a table, checked --------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TableBuilder.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <charconv>
#include <cmath>

using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;
using llvm::Expected;
using llvm::StringLiteral;
using llvm::StringRef;
using llvm::Twine;

numerics::Grid TableParameters::grid() const {
  int64_t count = int64_t(1) << bits;
  return isSigned ? numerics::Grid{-count / 2, count / 2 - 1}
                  : numerics::Grid{0, count - 1};
}

numerics::Range TableParameters::range(size_t c) const {
  numerics::Grid g = grid();
  return {scales[c] * static_cast<double>(g.qmin - zeroPoints[c]),
          scales[c] * static_cast<double>(g.qmax - zeroPoints[c])};
}

std::optional<bool> interchange::isWeightsRow(const TableEntry &entry) {
  switch (entry.kind) {
  case TableName::Tensor:
    return false;
  case TableName::Weights:
    return true;
  case TableName::Either:
    return entry.channels > 1;
  case TableName::LayerInput:
  case TableName::LayerWeights:
    break;
  }
  return std::nullopt;
}

static constexpr StringLiteral blanks = " \t\r";
static constexpr StringLiteral byteOrderMark = "\xEF\xBB\xBF";

std::vector<Line> interchange::splitLines(StringRef text) {
  text.consume_front(byteOrderMark);
  std::vector<Line> lines;
  for (size_t number = 1; !text.empty(); ++number) {
    auto [line, rest] = text.split('\n');
    text = rest;
    line = line.trim(blanks);
    if (!line.empty())
      lines.push_back({number, line});
  }
  return lines;
}

llvm::SmallVector<StringRef> interchange::splitWords(StringRef line) {
  llvm::SmallVector<StringRef> words;
  llvm::SplitString(line, words, blanks);
  return words;
}

Expected<double> interchange::parseNumber(size_t line, StringRef name,
                                          StringRef word, bool allowInfinity) {
  double value = 0;
  StringRef digits = word;
  if (!digits.starts_with("+-"))
    digits.consume_front("+");
  auto result = std::from_chars(digits.begin(), digits.end(), value);
  if (result.ec != std::errc() || result.ptr != digits.end() ||
      std::isnan(value) || (std::isinf(value) && !allowInfinity))
    return entryError(line, name, "expected a number, got " + quoted(word));
  return value;
}

Expected<int64_t> interchange::parseWhole(size_t line, StringRef name,
                                          StringRef word) {
  int64_t value = 0;
  if (word.getAsInteger(10, value))
    return entryError(line, name,
                      "expected a whole number, got " + quoted(word));
  return value;
}

std::string interchange::printNumber(double value) {
  char buffer[64];
  auto result = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return std::string(buffer, result.ptr);
}

Error interchange::checkName(StringRef name, StringRef separators,
                             StringRef marks) {
  auto fail = [&](const Twine &message) {
    return llvm::createStringError("tensor " + quoted(name) +
                                   ": the format has no word for a name that " +
                                   message);
  };
  if (name.find_first_of(separators) != StringRef::npos ||
      name.trim(blanks) != name || name.empty())
    return fail("is empty or has blanks or ends of lines in it");
  if (marks.contains(name.front()) || name.starts_with(byteOrderMark))
    return fail("begins as a comment or another kind of file does");
  return Error::success();
}

static Error checkParameters(const TableEntry &entry) {
  const TableParameters &p = *entry.parameters;
  auto fail = [&](const Twine &message) {
    return entryError(entry.line, entry.name, message);
  };
  if (p.bits < 2 || p.bits > 32)
    return fail("expected 2 to 32 bits, got " + Twine(p.bits));
  if (p.scales.empty())
    return fail("expected a scale, got none");
  if (p.zeroPoints.size() != p.scales.size())
    return fail("expected as many zero points as scales (" +
                Twine(p.scales.size()) + "), got " +
                Twine(p.zeroPoints.size()));
  if (!p.perChannel && p.scales.size() > 1)
    return fail("expected one scale where it is not per channel, got " +
                Twine(p.scales.size()));
  numerics::Grid grid = p.grid();
  for (double scale : p.scales) {
    float single = static_cast<float>(scale);
    if (!(single > 0) || std::isinf(single))
      return fail("expected a scale that is positive and finite in f32, got " +
                  printNumber(scale));
  }
  for (int64_t zeroPoint : p.zeroPoints)
    if (zeroPoint < grid.qmin || zeroPoint > grid.qmax)
      return fail("expected a zero point in [" + Twine(grid.qmin) + ", " +
                  Twine(grid.qmax) + "], got " + Twine(zeroPoint));
  return Error::success();
}

Error TableBuilder::add(TableEntry entry) {
  auto fail = [&](const Twine &message) {
    return entryError(entry.line, entry.name, message);
  };
  if (entry.name.empty())
    return lineError(entry.line, "expected the name of a tensor, got none");
  // Names may hold anything but what keeps the parts of a key apart.
  std::string key = std::to_string(static_cast<int>(entry.kind)) + " " +
                    std::to_string(entry.operand) + " " + entry.name;
  if (!seen.insert(key).second)
    return fail("it is there twice");
  if (entry.parameters)
    if (Error error = checkParameters(entry))
      return error;
  if (entry.parameters)
    entry.channels = entry.parameters->scales.size();
  if (!entry.range && entry.parameters && entry.parameters->scales.size() == 1)
    entry.range = entry.parameters->range();
  if (entry.range) {
    auto [min, max] = *entry.range;
    if (!std::isfinite(min) || !std::isfinite(max))
      return fail("expected a finite range, got [" + printNumber(min) + ", " +
                  printNumber(max) + "]");
    if (min > max)
      return fail("expected a minimum not above the maximum, got " +
                  printNumber(min) + " and " + printNumber(max));
    // No -0: JSON's readers take it for a whole number.
    entry.range = numerics::Range{min + 0., max + 0.};
  }
  if (entry.threshold &&
      !(*entry.threshold >= 0 && std::isfinite(*entry.threshold)))
    return fail("expected a finite threshold that is not negative, got " +
                printNumber(*entry.threshold));
  if (entry.threshold)
    entry.threshold = *entry.threshold + 0.;
  table.entries.push_back(std::move(entry));
  return Error::success();
}

void TableBuilder::warn(size_t line, const Twine &message) {
  table.warnings.push_back(("line " + Twine(line) + ": " + message).str());
}

Expected<CalibrationTable> TableBuilder::take() {
  if (table.entries.empty())
    return llvm::createStringError("expected rows for tensors, got none");
  return std::move(table);
}

Error interchange::checkJsonNames(const CalibrationTable &table) {
  for (const TableEntry &entry : table.entries)
    if (!llvm::json::isUTF8(entry.name))
      return llvm::createStringError("tensor '" +
                                     llvm::json::fixUTF8(entry.name) +
                                     "': expected a name in UTF-8");
  return Error::success();
}

void interchange::printJson(const llvm::json::Value &value,
                            llvm::raw_ostream &os) {
  os << llvm::formatv("{0:2}", value) << "\n";
}
