//===- JsonTable.cpp - Tables of hwq itself ---------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "TableBuilder.h"
#include "hwq/Support/JsonTree.h"

using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
namespace json = llvm::json;

// Everything that a table holds: {"tensors": [{"name", "kind", "operand",
// "range", "threshold", "bits", "signed", "symmetric", "scale", "zero_point",
// "float"}]}. scale and zero_point are lists where they are per channel.

static constexpr std::pair<TableName, llvm::StringLiteral> kinds[] = {
    {TableName::Tensor, "tensor"},
    {TableName::Weights, "weights"},
    {TableName::Either, "either"},
    {TableName::LayerInput, "layer_input"},
    {TableName::LayerWeights, "layer_weights"},
};

namespace {
/// The fields of one row.
class Row {
public:
  explicit Row(const JsonNode &node) : node(node) {}
  Expected<TableEntry> read();

private:
  Error readFlag(StringRef key, std::optional<bool> &flag);
  template <typename T>
  Error readNumbers(StringRef key, std::vector<T> &values,
                    Expected<T> (JsonNode::*read)(StringRef) const);
  Error fail(const llvm::Twine &message) {
    return entryError(node.line(), entry.name, message);
  }

  const JsonNode &node;
  TableEntry entry;
};
} // namespace

Error Row::readFlag(StringRef key, std::optional<bool> &flag) {
  const JsonNode *value = node.find(key);
  if (!value)
    return Error::success();
  flag = value->value().getAsBoolean();
  return flag ? Error::success()
              : fail("expected '" + key + "' to be true or false");
}

template <typename T>
Error Row::readNumbers(StringRef key, std::vector<T> &values,
                       Expected<T> (JsonNode::*read)(StringRef) const) {
  const JsonNode *list = node.find(key);
  if (!list)
    return Error::success();
  auto add = [&](const JsonNode &element) -> Error {
    return (element.*read)(entry.name).moveInto(values.emplace_back());
  };
  if (!list->isArray())
    return add(*list);
  for (const JsonNode *element : list->children())
    if (Error error = add(*element))
      return error;
  return Error::success();
}

Expected<TableEntry> Row::read() {
  if (Error error = node.expectObject("a tensor"))
    return std::move(error);
  entry.line = node.line();
  const JsonNode *name = node.find("name");
  if (!name)
    return lineError(node.line(), "expected a tensor with 'name'");
  StringRef text;
  if (Error error = name->string("").moveInto(text))
    return std::move(error);
  entry.name = text.str();
  if (const JsonNode *kind = node.find("kind")) {
    if (Error error = kind->string(entry.name).moveInto(text))
      return std::move(error);
    auto found =
        llvm::find_if(kinds, [&](auto &k) { return k.second == text; });
    if (found == std::end(kinds))
      return fail("expected 'kind' to be tensor, weights, either, layer_input "
                  "or layer_weights, got '" +
                  text + "'");
    entry.kind = found->first;
  }
  if (const JsonNode *operand = node.find("operand")) {
    int64_t number = 0;
    if (Error error = operand->integer(entry.name).moveInto(number))
      return std::move(error);
    if (number < 0 || number > 1024)
      return fail("expected 'operand' in [0, 1024]");
    entry.operand = static_cast<unsigned>(number);
  }
  std::vector<double> range;
  if (Error error = readNumbers("range", range, &JsonNode::number))
    return std::move(error);
  if (range.size() != 0 && range.size() != 2)
    return fail("expected 'range' to be two numbers");
  if (range.size() == 2)
    entry.range = numerics::Range{range[0], range[1]};
  if (const JsonNode *threshold = node.find("threshold"))
    if (Error error =
            threshold->number(entry.name).moveInto(entry.threshold.emplace()))
      return std::move(error);
  std::optional<bool> keepFloat, isSigned;
  for (auto [key, flag] : {std::pair("float", &keepFloat),
                           {"signed", &isSigned},
                           {"symmetric", &entry.isSymmetric}})
    if (Error error = readFlag(key, *flag))
      return std::move(error);
  entry.keepFloat = keepFloat.value_or(false);
  TableParameters p;
  p.isSigned = isSigned.value_or(true);
  if (const JsonNode *bits = node.find("bits")) {
    int64_t number = 0;
    if (Error error = bits->integer(entry.name).moveInto(number))
      return std::move(error);
    if (number < 2 || number > 32)
      return fail("expected 'bits' in [2, 32]");
    p.bits = static_cast<unsigned>(number);
  }
  if (Error error = readNumbers("scale", p.scales, &JsonNode::number))
    return std::move(error);
  if (Error error = readNumbers("zero_point", p.zeroPoints, &JsonNode::integer))
    return std::move(error);
  if (const JsonNode *scale = node.find("scale")) {
    p.perChannel = scale->isArray();
    entry.parameters = std::move(p);
  } else if (!p.zeroPoints.empty()) {
    return fail("expected 'scale' beside 'zero_point'");
  }
  return std::move(entry);
}

Expected<CalibrationTable> interchange::readJson(StringRef text) {
  auto tree = JsonTree::parse(text);
  if (!tree)
    return tree.takeError();
  const JsonNode *rows = (*tree)->root().find("tensors");
  if (!rows)
    return lineError((*tree)->root().line(), "expected 'tensors'");
  if (Error error = rows->expectArray("'tensors'"))
    return std::move(error);
  TableBuilder builder;
  for (const JsonNode *node : rows->children()) {
    Expected<TableEntry> entry = Row(*node).read();
    if (!entry)
      return entry.takeError();
    if (Error error = builder.add(std::move(*entry)))
      return std::move(error);
  }
  return builder.take();
}

Error interchange::writeJson(const CalibrationTable &table,
                             llvm::raw_ostream &os) {
  if (Error error = checkJsonNames(table))
    return error;
  json::Array rows;
  for (const TableEntry &entry : table.entries) {
    json::Object row{{"name", entry.name}};
    if (entry.kind != TableName::Tensor)
      row["kind"] = llvm::find_if(kinds, [&](auto &k) {
                      return k.first == entry.kind;
                    })->second.str();
    if (entry.operand)
      row["operand"] = int64_t(entry.operand);
    if (entry.range)
      row["range"] = json::Array{entry.range->min, entry.range->max};
    if (entry.threshold)
      row["threshold"] = *entry.threshold;
    if (entry.isSymmetric)
      row["symmetric"] = *entry.isSymmetric;
    if (entry.keepFloat)
      row["float"] = true;
    if (entry.parameters) {
      const TableParameters &p = *entry.parameters;
      row["bits"] = int64_t(p.bits);
      row["signed"] = p.isSigned;
      if (p.perChannel) {
        row["scale"] = json::Array(p.scales);
        row["zero_point"] = json::Array(p.zeroPoints);
      } else {
        row["scale"] = p.scales.front();
        row["zero_point"] = p.zeroPoints.front();
      }
    }
    rows.push_back(std::move(row));
  }
  printJson(json::Object{{"tensors", std::move(rows)}}, os);
  return Error::success();
}
