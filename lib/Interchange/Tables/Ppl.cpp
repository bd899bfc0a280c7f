//===- Ppl.cpp - PPL's quantization parameters ------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "TableBuilder.h"
#include "hwq/Support/JsonTree.h"
#include <cmath>

using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace json = llvm::json;

// {name: {"step", "zero_point", "min", "max", "bit", "type": "biased"}}, in
// {"ppl": ...} where MQBench has written it; lists for weights per channel.

static Error readNumbers(const JsonNode &row, StringRef key,
                         std::vector<double> &values) {
  const JsonNode *node = row.find(key);
  if (!node)
    return entryError(row.line(), row.key(), "expected '" + key + "'");
  auto add = [&](const JsonNode &element) -> Error {
    return element.number(row.key()).moveInto(values.emplace_back());
  };
  if (!node->isArray())
    return add(*node);
  for (const JsonNode *element : node->children())
    if (Error error = add(*element))
      return error;
  return Error::success();
}

static Expected<TableEntry> readRow(const JsonNode &row) {
  StringRef name = row.key();
  if (!row.isObject())
    return entryError(row.line(), name, "expected an object");
  TableEntry entry;
  entry.name = name.str();
  entry.line = row.line();
  TableParameters p;
  std::vector<double> zeroPoints, mins, maxs;
  for (auto [key, values] : {std::pair("step", &p.scales),
                             {"zero_point", &zeroPoints},
                             {"min", &mins},
                             {"max", &maxs}})
    if (Error error = readNumbers(row, key, *values))
      return std::move(error);
  if (p.scales.empty() || mins.size() != p.scales.size() ||
      maxs.size() != p.scales.size() || zeroPoints.size() != p.scales.size())
    return entryError(row.line(), name,
                      "expected as many 'zero_point', 'min' and 'max' as "
                      "'step'");
  if (const JsonNode *node = row.find("bit")) {
    Expected<int64_t> bits = node->integer(name);
    if (!bits)
      return bits.takeError();
    if (*bits < 2 || *bits > 32)
      return entryError(node->line(), name,
                        "expected 'bit' in [2, 32], got " + llvm::Twine(*bits));
    p.bits = static_cast<unsigned>(*bits);
  }
  // min = step * (lowest code - zero_point) says from which code the grid
  // counts.
  p.isSigned = mins.front() / p.scales.front() + zeroPoints.front() < -0.5;
  for (double zeroPoint : zeroPoints) {
    if (std::trunc(zeroPoint) != zeroPoint || std::fabs(zeroPoint) > 0x1p32)
      return entryError(row.line(), name,
                        "expected 'zero_point' to be a whole number, got " +
                            printNumber(zeroPoint));
    p.zeroPoints.push_back(static_cast<int64_t>(zeroPoint));
  }
  p.perChannel = row.find("step")->isArray();
  entry.kind = p.perChannel ? TableName::Weights : TableName::Either;
  if (!p.perChannel)
    entry.range = numerics::Range{mins.front(), maxs.front()};
  entry.parameters = std::move(p);
  return entry;
}

Expected<CalibrationTable> interchange::readPpl(StringRef text) {
  auto tree = JsonTree::parse(text);
  if (!tree)
    return tree.takeError();
  const JsonNode *rows = &(*tree)->root();
  if (const JsonNode *ppl = rows->find("ppl"))
    rows = ppl;
  if (Error error = rows->expectObject("the table"))
    return std::move(error);
  TableBuilder builder;
  for (const JsonNode *row : rows->children()) {
    Expected<TableEntry> entry = readRow(*row);
    if (!entry)
      return entry.takeError();
    if (Error error = builder.add(std::move(*entry)))
      return std::move(error);
  }
  return builder.take();
}

Error interchange::writePpl(const CalibrationTable &table,
                            llvm::raw_ostream &os) {
  if (Error error = checkJsonNames(table))
    return error;
  json::Object rows;
  for (const TableEntry &entry : table.entries) {
    if (!isWeightsRow(entry) || !entry.parameters)
      continue;
    const TableParameters &p = *entry.parameters;
    json::Object row{{"bit", int64_t(p.bits)}, {"type", "biased"}};
    json::Array mins, maxs;
    for (size_t c = 0; c < p.scales.size(); ++c) {
      mins.push_back(p.range(c).min);
      maxs.push_back(p.range(c).max);
    }
    if (p.perChannel) {
      row["step"] = json::Array(p.scales);
      row["zero_point"] = json::Array(p.zeroPoints);
      row["min"] = std::move(mins);
      row["max"] = std::move(maxs);
    } else {
      row["step"] = p.scales.front();
      row["zero_point"] = p.zeroPoints.front();
      row["min"] = std::move(mins.front());
      row["max"] = std::move(maxs.front());
    }
    rows[entry.name] = std::move(row);
  }
  printJson(json::Object{{"ppl", std::move(rows)}}, os);
  return Error::success();
}
