//===- Encodings.cpp - AIMET, SNPE and QNN encodings ------------*- C++ -*-===//
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

namespace {
/// One file; the version says which functions read its rows.
class Reader {
public:
  Expected<CalibrationTable> read(const JsonNode &root);

private:
  Error readSection(const JsonNode &section, TableName kind);
  /// 0.x: a list of one encoding per channel.
  Error readMapRow(const JsonNode &row, TableName kind);
  /// 1.0: {"name", "enc_type", "dtype", "bw", "scale", "offset"}.
  Error readListRow(const JsonNode &row, TableName kind);
  /// 2.0: {"name", "output_dtype", "y_scale", "y_zero_point"}.
  Error readOnnxRow(const JsonNode &row);
  void leaveOut(size_t line, StringRef name, const llvm::Twine &why) {
    builder.warn(line, "tensor '" + name + "' is left out: " + why);
  }

  TableBuilder builder;
};
} // namespace

/// A number or a list of numbers.
template <typename T>
static Error readNumbers(const JsonNode &node, StringRef tensor,
                         Expected<T> (JsonNode::*read)(StringRef) const,
                         std::vector<T> &values) {
  auto add = [&](const JsonNode &element) -> Error {
    Expected<T> value = (element.*read)(tensor);
    if (!value)
      return value.takeError();
    values.push_back(*value);
    return Error::success();
  };
  if (!node.isArray())
    return add(node);
  for (const JsonNode *element : node.children())
    if (Error error = add(*element))
      return error;
  return Error::success();
}

static Error missing(const JsonNode &node, StringRef tensor, StringRef key) {
  return entryError(node.line(), tensor, "expected '" + key + "'");
}

/// true, "True" and so on.
static Expected<bool> readFlag(const JsonNode &node, StringRef tensor) {
  if (std::optional<bool> flag = node.value().getAsBoolean())
    return *flag;
  StringRef text = node.value().getAsString().value_or("");
  if (text.equals_insensitive("true") || text.equals_insensitive("false"))
    return text.equals_insensitive("true");
  return entryError(node.line(), tensor,
                    "expected '" + node.key() + "' to be true or false");
}

static Expected<unsigned> readBits(const JsonNode &row, StringRef tensor,
                                   StringRef key) {
  const JsonNode *node = row.find(key);
  if (!node)
    return missing(row, tensor, key);
  Expected<int64_t> bits = node->integer(tensor);
  if (!bits)
    return bits.takeError();
  if (*bits < 2 || *bits > 32)
    return entryError(node->line(), tensor,
                      "expected '" + key + "' in [2, 32], got " +
                          llvm::Twine(*bits));
  return static_cast<unsigned>(*bits);
}

/// Whether a row has integers; an error for a type that is none.
static Expected<bool> readIsInteger(const JsonNode &row, StringRef tensor) {
  const JsonNode *type = row.find("dtype");
  if (!type)
    return true;
  Expected<StringRef> name = type->string(tensor);
  if (!name)
    return name.takeError();
  if (name->equals_insensitive("int") || name->equals_insensitive("float"))
    return name->equals_insensitive("int");
  return entryError(type->line(), tensor,
                    "expected 'dtype' to be int or float, got '" + *name + "'");
}

/// One encoding of a 0.x file.
struct MapEncoding {
  unsigned bits = 8;
  std::optional<numerics::Range> range;
  std::optional<double> scale;
  std::optional<int64_t> offset;
  std::optional<bool> isSymmetric;
};

static Expected<MapEncoding> readEncoding(const JsonNode &encoding,
                                          StringRef name) {
  MapEncoding result;
  Expected<unsigned> bits = readBits(encoding, name, "bitwidth");
  if (!bits)
    return bits.takeError();
  result.bits = *bits;
  std::optional<double> min, max;
  for (auto [key, value] :
       {std::pair("min", &min), {"max", &max}, {"scale", &result.scale}})
    if (const JsonNode *node = encoding.find(key))
      if (Error error = node->number(name).moveInto(value->emplace()))
        return std::move(error);
  if (const JsonNode *node = encoding.find("offset"))
    if (Error error = node->integer(name).moveInto(result.offset.emplace()))
      return std::move(error);
  if (result.offset && *result.offset < -(int64_t(1) << 32))
    return entryError(encoding.line(), name,
                      "expected an offset of 32 bits, got " +
                          llvm::Twine(*result.offset));
  if (const JsonNode *node = encoding.find("is_symmetric"))
    if (Error error =
            readFlag(*node, name).moveInto(result.isSymmetric.emplace()))
      return std::move(error);
  if (min && max && *min > *max)
    return entryError(encoding.line(), name,
                      "expected a minimum not above the maximum, got " +
                          printNumber(*min) + " and " + printNumber(*max));
  if (min && max)
    result.range = numerics::Range{*min, *max};
  else if (!result.scale || !result.offset)
    return entryError(encoding.line(), name,
                      "expected 'min' and 'max', or 'scale' and 'offset'");
  return result;
}

/// Why scale and offset are not believed; empty if they are.
static std::string findContradiction(const MapEncoding &e) {
  if (!e.scale || !e.offset || !e.range)
    return "";
  if (*e.offset > 0)
    return "the offset " + std::to_string(*e.offset) + " is positive";
  double low = *e.scale * static_cast<double>(*e.offset);
  // Zero may lie a step beside the grid that the range would give.
  if (std::fabs(low - e.range->min) > 1.5 * std::fabs(*e.scale))
    return "scale " + printNumber(*e.scale) + " and offset " +
           std::to_string(*e.offset) + " do not give the minimum " +
           printNumber(e.range->min);
  return "";
}

Error Reader::readMapRow(const JsonNode &row, TableName kind) {
  StringRef name = row.key();
  if (!row.isArray() || row.children().empty())
    return entryError(row.line(), name, "expected an array of encodings");
  TableEntry entry;
  entry.kind = kind;
  entry.name = name.str();
  entry.line = row.line();
  entry.channels = row.children().size();
  TableParameters p;
  p.isSigned = false;
  p.perChannel = entry.channels > 1;
  bool complete = true;
  for (const JsonNode *node : row.children()) {
    if (!node->isObject())
      return entryError(node->line(), name, "expected an object per encoding");
    Expected<bool> isInteger = readIsInteger(*node, name);
    if (!isInteger)
      return isInteger.takeError();
    if (!*isInteger) {
      leaveOut(row.line(), name, "its type is float");
      return Error::success();
    }
    Expected<MapEncoding> encoding = readEncoding(*node, name);
    if (!encoding)
      return encoding.takeError();
    if (p.scales.empty())
      p.bits = encoding->bits;
    if (p.bits != encoding->bits)
      return entryError(node->line(), name,
                        "expected one bitwidth for all channels, got " +
                            llvm::Twine(p.bits) + " and " +
                            llvm::Twine(encoding->bits));
    entry.isSymmetric = encoding->isSymmetric;
    if (entry.channels == 1)
      entry.range = encoding->range;
    std::string why = findContradiction(*encoding);
    if (!why.empty())
      builder.warn(node->line(), "tensor '" + name + "': " + why +
                                     ": minimum and maximum count");
    complete &= why.empty() && encoding->scale && encoding->offset;
    p.scales.push_back(encoding->scale.value_or(1));
    // real = scale * (q + offset).
    p.zeroPoints.push_back(-encoding->offset.value_or(0));
  }
  if (complete)
    entry.parameters = std::move(p);
  return builder.add(std::move(entry));
}

Error Reader::readListRow(const JsonNode &row, TableName kind) {
  if (Error error = row.expectObject("an encoding"))
    return error;
  const JsonNode *nameNode = row.find("name");
  if (!nameNode)
    return lineError(row.line(), "expected an encoding with 'name'");
  Expected<StringRef> name = nameNode->string("");
  if (!name)
    return name.takeError();
  Expected<bool> isInteger = readIsInteger(row, *name);
  if (!isInteger)
    return isInteger.takeError();
  TableEntry entry;
  entry.kind = kind;
  entry.name = name->str();
  entry.line = row.line();
  TableParameters p;
  p.isSigned = false;
  if (const JsonNode *type = row.find("enc_type")) {
    Expected<StringRef> text = type->string(*name);
    if (!text)
      return text.takeError();
    if (*text == "PER_BLOCK" || *text == "LPBQ" || *text == "VECTOR") {
      leaveOut(row.line(), *name, "its 'enc_type' is " + *text);
      return Error::success();
    }
    if (*text != "PER_TENSOR" && *text != "PER_CHANNEL")
      return entryError(type->line(), *name,
                        "expected 'enc_type' to be PER_TENSOR, PER_CHANNEL, "
                        "PER_BLOCK, LPBQ or VECTOR, got '" +
                            *text + "'");
    p.perChannel = *text == "PER_CHANNEL";
  }
  if (!*isInteger) {
    leaveOut(row.line(), *name, "its type is float");
    return Error::success();
  }
  Expected<unsigned> bits = readBits(row, *name, "bw");
  if (!bits)
    return bits.takeError();
  p.bits = *bits;
  if (const JsonNode *node = row.find("is_sym"))
    if (Error error =
            readFlag(*node, *name).moveInto(entry.isSymmetric.emplace()))
      return error;
  const JsonNode *scale = row.find("scale"), *offset = row.find("offset");
  if (!scale || !offset)
    return missing(row, *name, scale ? "offset" : "scale");
  if (Error error = readNumbers(*scale, *name, &JsonNode::number, p.scales))
    return error;
  if (Error error =
          readNumbers(*offset, *name, &JsonNode::integer, p.zeroPoints))
    return error;
  for (int64_t &zeroPoint : p.zeroPoints) {
    if (zeroPoint > 0 || zeroPoint < -(int64_t(1) << 32))
      return entryError(offset->line(), *name,
                        "expected an offset that is not positive, got " +
                            llvm::Twine(zeroPoint));
    zeroPoint = -zeroPoint;
  }
  if (!row.find("enc_type"))
    p.perChannel = p.scales.size() > 1;
  entry.parameters = std::move(p);
  return builder.add(std::move(entry));
}

Error Reader::readOnnxRow(const JsonNode &row) {
  if (Error error = row.expectObject("an encoding"))
    return error;
  const JsonNode *nameNode = row.find("name");
  if (!nameNode)
    return lineError(row.line(), "expected an encoding with 'name'");
  Expected<StringRef> name = nameNode->string("");
  if (!name)
    return name.takeError();
  TableEntry entry;
  entry.kind = TableName::Either;
  entry.name = name->str();
  entry.line = row.line();
  TableParameters p;
  const JsonNode *type = row.find("output_dtype");
  if (!type)
    return missing(row, *name, "output_dtype");
  Expected<StringRef> text = type->string(*name);
  if (!text)
    return text.takeError();
  StringRef rest = *text;
  p.isSigned = !rest.consume_front("u");
  if (!rest.consume_front("int") || rest.getAsInteger(10, p.bits)) {
    if (!text->contains("float"))
      return entryError(type->line(), *name,
                        "expected 'output_dtype' like int8 or uint16, got '" +
                            *text + "'");
    leaveOut(row.line(), *name, "its type is " + *text);
    return Error::success();
  }
  if (row.find("block_size") || row.find("per_block_int_scale")) {
    leaveOut(row.line(), *name, "it has one scale per block");
    return Error::success();
  }
  const JsonNode *scale = row.find("y_scale");
  if (!scale)
    return missing(row, *name, "y_scale");
  p.perChannel = scale->isArray();
  if (Error error = readNumbers(*scale, *name, &JsonNode::number, p.scales))
    return error;
  const JsonNode *zeroPoint = row.find("y_zero_point");
  if (!zeroPoint || zeroPoint->isNull())
    p.zeroPoints.assign(p.scales.size(), 0);
  else if (Error error =
               readNumbers(*zeroPoint, *name, &JsonNode::integer, p.zeroPoints))
    return error;
  entry.parameters = std::move(p);
  return builder.add(std::move(entry));
}

Error Reader::readSection(const JsonNode &section, TableName kind) {
  if (!section.isObject() && !section.isArray())
    return section.expectObject("'" + section.key() + "'");
  for (const JsonNode *row : section.children())
    if (Error error = section.isObject() ? readMapRow(*row, kind)
                                         : readListRow(*row, kind))
      return error;
  return Error::success();
}

Expected<CalibrationTable> Reader::read(const JsonNode &root) {
  if (Error error = root.expectObject("the file"))
    return std::move(error);
  if (const JsonNode *version = root.find("version")) {
    StringRef text = version->value().getAsString().value_or("");
    if (!text.starts_with("0.") && !text.starts_with("1.") &&
        !text.starts_with("2."))
      return lineError(version->line(),
                       "expected the version 0.x, 1.x or 2.x, got '" + text +
                           "'");
  }
  if (const JsonNode *rows = root.find("encodings")) {
    if (Error error = rows->expectArray("'encodings'"))
      return std::move(error);
    for (const JsonNode *row : rows->children())
      if (Error error = readOnnxRow(*row))
        return std::move(error);
    return builder.take();
  }
  const JsonNode *activations = root.find("activation_encodings");
  const JsonNode *parameters = root.find("param_encodings");
  if (!activations && !parameters)
    return lineError(root.line(), "expected 'activation_encodings', "
                                  "'param_encodings' or 'encodings'");
  if (activations)
    if (Error error = readSection(*activations, TableName::Tensor))
      return std::move(error);
  if (parameters)
    if (Error error = readSection(*parameters, TableName::Weights))
      return std::move(error);
  return builder.take();
}

Expected<CalibrationTable> interchange::readEncodings(StringRef text) {
  auto tree = JsonTree::parse(text);
  if (!tree)
    return tree.takeError();
  return Reader().read((*tree)->root());
}
