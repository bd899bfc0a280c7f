//===- TensorRt.cpp - TensorRT's cache, and ranges as text ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "TableBuilder.h"
#include "hwq/Numerics/Derive.h"
#include "hwq/Support/JsonTree.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Format.h"
#include <cmath>

using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

/// "name: value", split at the last colon with a blank behind it, since names
/// have colons; at the last colon without one.
static std::optional<std::pair<StringRef, StringRef>> splitRow(StringRef line) {
  size_t at = line.rfind(": ");
  if (at == StringRef::npos)
    at = line.rfind(':');
  if (at == StringRef::npos)
    return std::nullopt;
  return std::pair(line.take_front(at).rtrim(), line.drop_front(at + 1).trim());
}

/// The largest magnitude of a row: what both formats are about.
static std::optional<double> magnitudeOf(const TableEntry &entry) {
  if (!entry.range)
    return std::nullopt;
  return std::max(std::fabs(entry.range->min), std::fabs(entry.range->max));
}

//===----------------------------------------------------------------------===//
// The cache of a calibrator
//===----------------------------------------------------------------------===//

static constexpr llvm::StringLiteral cacheHeader =
    "TRT-8601-EntropyCalibration2";

Expected<CalibrationTable> interchange::readTensorRtCache(StringRef text) {
  TableBuilder builder;
  bool first = true;
  for (const Line &line : splitLines(text)) {
    auto row = splitRow(line.text);
    bool isHeader = first && (line.text.starts_with("TRT-") || !row);
    if (first && !isHeader)
      builder.warn(line.number, "no header 'TRT-version-calibrator'");
    else if (first && !line.text.starts_with("TRT-"))
      builder.warn(line.number, "unknown header '" + line.text + "'");
    first = false;
    if (isHeader)
      continue;
    if (!row)
      return lineError(line.number,
                       "expected 'tensor: scale', got '" + line.text + "'");
    auto [name, hex] = *row;
    uint32_t bits = 0;
    // Some writers leave out leading zeros.
    if (hex.empty() || hex.size() > 8 || !llvm::all_of(hex, llvm::isHexDigit) ||
        hex.getAsInteger(16, bits))
      return entryError(line.number, name,
                        "expected a scale as up to 8 hexadecimal digits, got "
                        "'" +
                            hex + "'");
    TableEntry entry;
    entry.name = name.str();
    entry.line = line.number;
    double scale = static_cast<double>(llvm::bit_cast<float>(bits));
    entry.parameters = TableParameters{{scale}, {0}};
    // The scale is amax / 127.
    entry.range = numerics::Range{-127 * scale, 127 * scale};
    if (Error error = builder.add(std::move(entry)))
      return std::move(error);
  }
  return builder.take();
}

Error interchange::writeTensorRtCache(const CalibrationTable &table,
                                      llvm::raw_ostream &os) {
  os << cacheHeader << "\n";
  for (const TableEntry &entry : table.entries) {
    std::optional<double> magnitude = magnitudeOf(entry);
    if (entry.kind != TableName::Tensor ||
        (entry.keepFloat && !entry.parameters) || !magnitude)
      continue;
    if (Error error = checkName(entry.name, "\n\r"))
      return error;
    double scale = 0;
    const std::optional<TableParameters> &p = entry.parameters;
    if (p && p->isSigned && p->bits == 8 &&
        p->zeroPoints == std::vector<int64_t>{0}) {
      scale = p->scales.front();
    } else {
      numerics::Result<numerics::Derived> derived = numerics::deriveParams(
          numerics::DerivationRule::PTrt, {-*magnitude, *magnitude},
          numerics::Symmetry::Symmetric, numerics::Storage::I8);
      if (!derived)
        return llvm::createStringError("tensor '" + entry.name +
                                       "': " + derived.error());
      scale = derived->params.scale;
    }
    if (!(static_cast<float>(scale) > 0))
      return llvm::createStringError("tensor '" + entry.name +
                                     "': the range is too narrow for a scale "
                                     "in f32");
    os << entry.name << ": "
       << llvm::format("%08x",
                       llvm::bit_cast<uint32_t>(static_cast<float>(scale)))
       << "\n";
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

static Error addMagnitude(TableBuilder &builder, size_t line, StringRef name,
                          double magnitude) {
  if (magnitude < 0)
    return entryError(line, name,
                      "expected a magnitude that is not negative, got " +
                          printNumber(magnitude));
  TableEntry entry;
  entry.name = name.str();
  entry.line = line;
  entry.range = numerics::Range{-magnitude, magnitude};
  return builder.add(std::move(entry));
}

/// PPQ's {"act_quant_info": {name: amax}}, MQBench's {"tensorrt":
/// {"blob_range": {name: amax}}}.
static Expected<CalibrationTable> readRangesJson(StringRef text) {
  auto tree = JsonTree::parse(text);
  if (!tree)
    return tree.takeError();
  const JsonNode &root = (*tree)->root();
  const JsonNode *ranges = root.find("act_quant_info");
  if (const JsonNode *tensorrt = root.find("tensorrt"); tensorrt && !ranges)
    ranges = tensorrt->find("blob_range");
  if (!ranges)
    return lineError(root.line(), "expected \"act_quant_info\", or "
                                  "\"tensorrt\" with \"blob_range\"");
  if (Error error = ranges->expectObject("'" + ranges->key() + "'"))
    return std::move(error);
  TableBuilder builder;
  for (const JsonNode *child : ranges->children()) {
    Expected<double> magnitude = child->number(child->key());
    if (!magnitude)
      return magnitude.takeError();
    if (Error error =
            addMagnitude(builder, child->line(), child->key(), *magnitude))
      return std::move(error);
  }
  return builder.take();
}

Expected<CalibrationTable> interchange::readDynamicRanges(StringRef text) {
  text.consume_front("\xEF\xBB\xBF");
  if (text.ltrim().starts_with("{"))
    return readRangesJson(text);
  TableBuilder builder;
  for (const Line &line : splitLines(text)) {
    if (line.text.starts_with("#"))
      continue;
    auto row = splitRow(line.text);
    if (!row)
      return lineError(line.number,
                       "expected 'tensor: magnitude', got '" + line.text + "'");
    Expected<double> magnitude =
        parseNumber(line.number, row->first, row->second);
    if (!magnitude)
      return magnitude.takeError();
    if (Error error =
            addMagnitude(builder, line.number, row->first, *magnitude))
      return std::move(error);
  }
  return builder.take();
}

Error interchange::writeDynamicRanges(const CalibrationTable &table,
                                      llvm::raw_ostream &os) {
  for (const TableEntry &entry : table.entries) {
    std::optional<double> magnitude = magnitudeOf(entry);
    if (entry.kind != TableName::Tensor ||
        (entry.keepFloat && !entry.parameters) || !magnitude)
      continue;
    if (Error error = checkName(entry.name, "\n\r", "#{"))
      return error;
    os << entry.name << ": " << printNumber(*magnitude) << "\n";
  }
  return Error::success();
}
