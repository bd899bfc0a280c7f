//===- JsonTree.cpp - JSON with lines ---------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "JsonTree.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Lines
//===----------------------------------------------------------------------===//

/// LLVM's parser calls itself for every level.
static constexpr int maxDepth = 64;

static Error checkDepth(StringRef text) {
  size_t line = 1;
  int depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\n')
      ++line;
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
      continue;
    }
    if (c == '"')
      inString = true;
    else if (c == '[' || c == '{')
      ++depth;
    else if (c == ']' || c == '}')
      --depth;
    if (depth > maxDepth)
      return lineError(line, "expected values that are nested at most " +
                                 Twine(maxDepth) + " deep");
  }
  return Error::success();
}

/// Goes through a text that LLVM's parser has accepted.
class JsonTree::Scanner {
public:
  Scanner(JsonTree &tree, StringRef text) : tree(tree), text(text) {}

  Expected<JsonNode *> scan(const json::Value &value) {
    skipBlanks();
    JsonNode &node = tree.nodes.emplace_back();
    node.content = &value;
    node.lineNumber = line;
    if (const json::Object *object = value.getAsObject()) {
      if (Error error = scanMembers(node, *object))
        return std::move(error);
    } else if (const json::Array *array = value.getAsArray()) {
      ++pos; // [
      for (const json::Value &element : *array) {
        Expected<JsonNode *> child = scan(element);
        if (!child)
          return child.takeError();
        node.nodes.push_back(*child);
        skipBlanks();
        ++pos; // , or ]
      }
      if (array->empty()) {
        skipBlanks();
        ++pos;
      }
    } else if (value.getAsString()) {
      scanString();
    } else {
      while (pos < text.size() && !StringRef(",]} \t\r\n").contains(text[pos]))
        ++pos;
    }
    return &node;
  }

private:
  Error scanMembers(JsonNode &node, const json::Object &object) {
    ++pos; // {
    skipBlanks();
    llvm::StringSet<> keys;
    if (text[pos] == '}') {
      ++pos;
      return Error::success();
    }
    for (;;) {
      skipBlanks();
      size_t at = line;
      std::string key = scanString();
      if (!keys.insert(key).second)
        return entryError(at, key, "it is there twice");
      skipBlanks();
      ++pos; // :
      Expected<JsonNode *> child = scan(*object.get(key));
      if (!child)
        return child.takeError();
      (*child)->name = key;
      (*child)->lineNumber = at;
      node.nodes.push_back(*child);
      skipBlanks();
      if (text[pos++] == '}')
        return Error::success();
    }
  }

  /// Line breaks stand outside of strings only.
  void skipBlanks() {
    while (pos < text.size() && StringRef(" \t\r\n").contains(text[pos]))
      line += text[pos++] == '\n';
  }

  std::string scanString() {
    size_t begin = pos++;
    bool escaped = false;
    while (text[pos] != '"') {
      escaped |= text[pos] == '\\';
      pos += text[pos] == '\\' ? 2 : 1;
    }
    ++pos;
    StringRef token = text.slice(begin, pos);
    if (!escaped)
      return token.drop_front().drop_back().str();
    Expected<json::Value> value = json::parse(token);
    if (!value) {
      llvm::consumeError(value.takeError());
      return "";
    }
    return value->getAsString().value_or("").str();
  }

  JsonTree &tree;
  StringRef text;
  size_t pos = 0, line = 1;
};

Expected<std::unique_ptr<JsonTree>> JsonTree::parse(StringRef text) {
  text.consume_front("\xEF\xBB\xBF");
  if (Error error = checkDepth(text))
    return std::move(error);
  std::unique_ptr<JsonTree> tree(new JsonTree);
  Expected<json::Value> value = json::parse(text);
  if (!value) {
    // "[3:5, byte=20]: Expected ..."
    std::string message = toString(value.takeError());
    auto [place, what] = StringRef(message).split("]: ");
    size_t offset = 0;
    place.split("byte=").second.getAsInteger(10, offset);
    // It is behind the character that is wrong, which may end the line.
    StringRef before = text.take_front(offset).drop_back(offset ? 1 : 0);
    return lineError(before.count('\n') + 1, "no JSON: " + what);
  }
  tree->content = std::move(*value);
  Expected<JsonNode *> root = Scanner(*tree, text).scan(tree->content);
  if (!root)
    return root.takeError();
  tree->rootNode = *root;
  return std::move(tree);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

const JsonNode *JsonNode::find(StringRef key) const {
  if (isObject())
    for (const JsonNode *child : nodes)
      if (child->name == key)
        return child;
  return nullptr;
}

static std::string describe(const json::Value &value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  if (text.size() > 60)
    text = text.substr(0, 57) + "...";
  return text;
}

Expected<double> JsonNode::number(StringRef tensor) const {
  std::optional<double> number = content->getAsNumber();
  if (!number || !std::isfinite(*number))
    return entryError(lineNumber, tensor,
                      "expected " +
                          (name.empty() ? "" : "'" + name + "' to be ") +
                          "a finite number, got " + describe(*content));
  return *number;
}

Expected<int64_t> JsonNode::integer(StringRef tensor) const {
  std::optional<int64_t> integer = content->getAsInteger();
  if (!integer)
    return entryError(lineNumber, tensor,
                      "expected " +
                          (name.empty() ? "" : "'" + name + "' to be ") +
                          "a whole number, got " + describe(*content));
  return *integer;
}

Expected<StringRef> JsonNode::string(StringRef tensor) const {
  std::optional<StringRef> text = content->getAsString();
  if (!text)
    return entryError(lineNumber, tensor,
                      "expected '" + name + "' to be a text, got " +
                          describe(*content));
  return *text;
}

Error JsonNode::expectObject(const Twine &what) const {
  if (isObject())
    return Error::success();
  return lineError(lineNumber, "expected " + what + " to be an object, got " +
                                   describe(*content));
}

Error JsonNode::expectArray(const Twine &what) const {
  if (isArray())
    return Error::success();
  return lineError(lineNumber, "expected " + what + " to be an array, got " +
                                   describe(*content));
}

Error interchange::checkJsonNames(const CalibrationTable &table) {
  for (const TableEntry &entry : table.entries)
    if (!json::isUTF8(entry.name))
      return llvm::createStringError("tensor '" + json::fixUTF8(entry.name) +
                                     "': expected a name in UTF-8");
  return Error::success();
}

void interchange::printJson(const json::Value &value, llvm::raw_ostream &os) {
  os << llvm::formatv("{0:2}", value) << "\n";
}
