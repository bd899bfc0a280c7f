//===- Vitis.cpp - Vitis AI's quant_info.json -------------------*- C++ -*-===//
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
using llvm::Twine;
namespace json = llvm::json;

/// -log2 of a power of two.
static std::optional<int> fixPosition(double scale) {
  int exponent = 0;
  if (!(scale > 0) || std::frexp(scale, &exponent) != 0.5)
    return std::nullopt;
  return 1 - exponent;
}

/// Fix positions are in [-maxPosition, maxPosition].
static constexpr int64_t maxPosition = 96;

/// [bits, fix position]; the latter is null where nothing is quantized.
static Error readPair(const JsonNode &pair, TableEntry entry,
                      TableBuilder &builder) {
  StringRef name = entry.name;
  if (!pair.isArray() || pair.children().size() != 2)
    return entryError(pair.line(), name, "expected [bits, fix position]");
  if (pair.children()[1]->isNull())
    return Error::success();
  Expected<int64_t> bits = pair.children()[0]->integer(name);
  if (!bits)
    return bits.takeError();
  Expected<int64_t> position = pair.children()[1]->integer(name);
  if (!position)
    return position.takeError();
  if (*bits < 2 || *bits > 32)
    return entryError(pair.line(), name,
                      "expected 2 to 32 bits, got " + Twine(*bits));
  if (*position < -maxPosition || *position > maxPosition)
    return entryError(pair.line(), name,
                      "expected a fix position in [" + Twine(-maxPosition) +
                          ", " + Twine(maxPosition) + "], got " +
                          Twine(*position));
  entry.line = pair.line();
  entry.isSymmetric = true;
  entry.parameters =
      TableParameters{{std::ldexp(1.0, static_cast<int>(-*position))},
                      {0},
                      static_cast<unsigned>(*bits)};
  return builder.add(std::move(entry));
}

/// Names of the PyTorch tool have the model in front ("ResNet::conv1.weight"),
/// those of tensors the modules too ("ResNet::ResNet/ReLU[relu]/input.97").
static StringRef withoutScopes(StringRef name) {
  size_t at = name.find("::");
  if (at == StringRef::npos || at + 2 == name.size())
    return name;
  name = name.drop_front(at + 2);
  size_t slash = name.rfind('/');
  return slash == StringRef::npos || slash + 1 == name.size()
             ? name
             : name.drop_front(slash + 1);
}

static Error readSection(const JsonNode &section, TableName kind,
                         TableBuilder &builder) {
  if (Error error = section.expectObject("'" + section.key() + "'"))
    return error;
  for (const JsonNode *row : section.children()) {
    if (!row->isArray())
      return entryError(row->line(), row->key(),
                        "expected an array of [bits, fix position]");
    TableEntry entry;
    entry.kind = kind;
    entry.name = withoutScopes(row->key()).str();
    for (const JsonNode *pair : row->children()) {
      if (Error error = readPair(*pair, entry, builder))
        return error;
      // Weights and tensors are one, inputs as many as the layer has.
      if (kind != TableName::LayerInput)
        break;
      ++entry.operand;
    }
  }
  return Error::success();
}

/// MQBench's {"vitis": {name: {"scale": s}}}.
static Error readScales(const JsonNode &section, TableBuilder &builder) {
  if (Error error = section.expectObject("'vitis'"))
    return error;
  for (const JsonNode *row : section.children()) {
    const JsonNode *node = row->find("scale");
    if (!node)
      return entryError(row->line(), row->key(), "expected 'scale'");
    Expected<double> scale = node->number(row->key());
    if (!scale)
      return scale.takeError();
    if (!fixPosition(*scale))
      return entryError(node->line(), row->key(),
                        "expected a scale that is a power of two, got " +
                            printNumber(*scale));
    TableEntry entry;
    entry.kind = TableName::Either;
    entry.name = row->key().str();
    entry.line = row->line();
    entry.parameters = TableParameters{{*scale}, {0}};
    if (Error error = builder.add(std::move(entry)))
      return error;
  }
  return Error::success();
}

Expected<CalibrationTable> interchange::readVitis(StringRef text) {
  auto tree = JsonTree::parse(text);
  if (!tree)
    return tree.takeError();
  const JsonNode &root = (*tree)->root();
  if (Error error = root.expectObject("the file"))
    return std::move(error);
  TableBuilder builder;
  if (const JsonNode *scales = root.find("vitis")) {
    if (Error error = readScales(*scales, builder))
      return std::move(error);
    return builder.take();
  }
  const JsonNode *output = root.find("output");
  if (!output)
    return lineError(root.line(), "expected 'output' or 'vitis'");
  for (auto [key, kind] : {std::pair("param", TableName::Weights),
                           {"output", TableName::Tensor},
                           {"input", TableName::LayerInput}})
    if (const JsonNode *section = root.find(key))
      if (Error error = readSection(*section, kind, builder))
        return std::move(error);
  return builder.take();
}

Error interchange::writeVitis(const CalibrationTable &table,
                              llvm::raw_ostream &os) {
  if (Error error = checkJsonNames(table))
    return error;
  json::Object weights, tensors;
  for (const TableEntry &entry : table.entries) {
    std::optional<bool> isWeights = isWeightsRow(entry);
    if (!isWeights || !entry.parameters)
      continue;
    const TableParameters &p = *entry.parameters;
    if (withoutScopes(entry.name) != entry.name)
      return llvm::createStringError("tensor '" + entry.name +
                                     "': the format takes what is in front of "
                                     "'::' for the name of the model");
    std::optional<int> position = fixPosition(p.scales.front());
    if (position && std::abs(*position) > maxPosition)
      return llvm::createStringError(
          "tensor '" + entry.name + "': expected a fix position in [" +
          Twine(-maxPosition) + ", " + Twine(maxPosition) + "], got " +
          Twine(*position));
    if (p.scales.size() != 1 || !position || p.zeroPoints.front() != 0 ||
        !p.isSigned)
      return llvm::createStringError(
          "tensor '" + entry.name +
          "': the format holds one scale that is a power of two, and the zero "
          "point 0");
    (*isWeights ? weights : tensors)[entry.name] =
        json::Array{json::Array{int64_t(p.bits), int64_t(*position)}};
  }
  printJson(json::Object{{"param", std::move(weights)},
                         {"output", std::move(tensors)},
                         {"input", json::Object()},
                         {"fast_finetuned", false},
                         {"bias_corrected", false}},
            os);
  return Error::success();
}
