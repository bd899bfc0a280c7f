//===- LayerScales.cpp - Tables of ncnn and NNIE, by layer ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "TableBuilder.h"
#include "hwq/Support/JsonTree.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace json = llvm::json;

static double magnitudeOf(const TableEntry &entry) {
  return std::max(std::fabs(entry.range->min), std::fabs(entry.range->max));
}

//===----------------------------------------------------------------------===//
// ncnn: 127 / amax, of the weights ("_param_0") and of the layer's input
//===----------------------------------------------------------------------===//

Expected<CalibrationTable> interchange::readNcnn(StringRef text) {
  TableBuilder builder;
  for (const Line &line : splitLines(text)) {
    if (line.text.starts_with("#"))
      continue;
    llvm::SmallVector<StringRef> words = splitWords(line.text);
    TableEntry entry;
    StringRef name = words[0];
    bool isWeights = name.consume_back("_param_0");
    entry.kind = isWeights ? TableName::LayerWeights : TableName::LayerInput;
    entry.name = name.str();
    entry.line = line.number;
    if (words.size() < 2)
      return entryError(line.number, name, "expected scales, got none");
    if (!isWeights && words.size() != 2)
      return entryError(line.number, name,
                        "expected one scale for the input, got " +
                            llvm::Twine(words.size() - 1));
    TableParameters p;
    p.perChannel = words.size() > 2;
    for (StringRef word : llvm::ArrayRef(words).drop_front()) {
      Expected<double> scale = parseNumber(line.number, name, word);
      if (!scale)
        return scale.takeError();
      // A channel of zeros has none.
      bool isNone = isWeights && *scale == 0;
      if (!isNone && !(*scale > 0))
        return entryError(line.number, name,
                          "expected a scale that is positive, got '" + word +
                              "'");
      p.scales.push_back(isNone ? 1 : 1 / *scale);
      p.zeroPoints.push_back(0);
    }
    // ncnn clamps to -127..127; of the input only the range is of use.
    if (!isWeights)
      entry.range = numerics::Range{-127 * p.scales[0], 127 * p.scales[0]};
    else
      entry.parameters = std::move(p);
    if (Error error = builder.add(std::move(entry)))
      return std::move(error);
  }
  return builder.take();
}

/// 127 / amax in f32, with all its digits.
static Error printScale(const TableEntry &entry, double amax,
                        llvm::raw_ostream &os) {
  auto scale = static_cast<float>(amax > 0 ? 127 / amax : 1);
  if (!(scale > 0) || std::isinf(scale))
    return llvm::createStringError("tensor '" + entry.name + "': 127 / " +
                                   printNumber(amax) + " is no scale in f32");
  os << ' ' << printNumber(static_cast<double>(scale));
  return Error::success();
}

Error interchange::writeNcnn(const CalibrationTable &table,
                             llvm::raw_ostream &os) {
  // Weights first, as the tool does; then what layers with weights read.
  llvm::StringSet<> layers;
  for (const TableEntry &entry : table.entries) {
    if (entry.kind != TableName::LayerWeights || !entry.parameters)
      continue;
    if (Error error = checkName(entry.name, " \t\r\n", "#"))
      return error;
    for (int64_t zeroPoint : entry.parameters->zeroPoints)
      if (zeroPoint != 0 || !entry.parameters->isSigned)
        return llvm::createStringError("tensor '" + entry.name +
                                       "': the format holds symmetric weights "
                                       "only");
    layers.insert(entry.name);
    os << entry.name << "_param_0";
    for (double scale : entry.parameters->scales)
      if (Error error = printScale(entry, 127 * scale, os))
        return error;
    os << '\n';
  }
  for (const TableEntry &entry : table.entries) {
    if (entry.kind != TableName::LayerInput || entry.operand != 0 ||
        !entry.range || !layers.contains(entry.name))
      continue;
    if (Error error = checkName(entry.name, " \t\r\n", "#"))
      return error;
    os << entry.name;
    if (Error error = printScale(entry, magnitudeOf(entry), os))
      return error;
    os << '\n';
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// NNIE: {"nnie": {"gfpq_param_dict": {layer: [amax of each input]}}}
//===----------------------------------------------------------------------===//

Expected<CalibrationTable> interchange::readNnie(StringRef text) {
  auto tree = JsonTree::parse(text);
  if (!tree)
    return tree.takeError();
  const JsonNode *layers = &(*tree)->root();
  if (const JsonNode *nnie = layers->find("nnie"))
    layers = nnie;
  layers = layers->find("gfpq_param_dict");
  if (!layers)
    return lineError((*tree)->root().line(), "expected 'gfpq_param_dict'");
  if (Error error = layers->expectObject("'gfpq_param_dict'"))
    return std::move(error);
  TableBuilder builder;
  for (const JsonNode *layer : layers->children()) {
    if (!layer->isArray())
      return entryError(layer->line(), layer->key(),
                        "expected an array with the magnitude of each input");
    unsigned operand = 0;
    for (const JsonNode *node : layer->children()) {
      Expected<double> magnitude = node->number(layer->key());
      if (!magnitude)
        return magnitude.takeError();
      if (*magnitude < 0)
        return entryError(node->line(), layer->key(),
                          "expected a magnitude that is not negative, got " +
                              printNumber(*magnitude));
      TableEntry entry;
      entry.kind = TableName::LayerInput;
      entry.name = layer->key().str();
      entry.operand = operand++;
      entry.line = layer->line();
      entry.range = numerics::Range{-*magnitude, *magnitude};
      if (Error error = builder.add(std::move(entry)))
        return std::move(error);
    }
  }
  return builder.take();
}

Error interchange::writeNnie(const CalibrationTable &table,
                             llvm::raw_ostream &os) {
  if (Error error = checkJsonNames(table))
    return error;
  llvm::MapVector<StringRef, json::Array> layers;
  for (const TableEntry &entry : table.entries)
    if (entry.kind == TableName::LayerInput && entry.range &&
        layers[entry.name].size() == entry.operand)
      layers[entry.name].push_back(magnitudeOf(entry));
  json::Object rows;
  for (auto &[name, magnitudes] : layers)
    rows[name] = std::move(magnitudes);
  printJson(json::Object{{"nnie",
                          json::Object{{"gfpq_param_dict", std::move(rows)}}}},
            os);
  return Error::success();
}
