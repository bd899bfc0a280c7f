//===- JsonTree.cpp - JSON with lines ---------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Support/JsonTree.h"
#include "hwq/Support/JsonDepth.h"
#include "hwq/Support/LineError.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace hwq;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Lines
//===----------------------------------------------------------------------===//

/// Goes through a text that LLVM's parser has accepted.
class JsonTree::Scanner {
public:
  Scanner(JsonTree &tree, StringRef text) : tree(tree), text(text) {}

  /// To be asked before `scan`: of members with one key LLVM's parser keeps the
  /// last, and text and values would part.
  Error checkKeys() {
    std::vector<llvm::StringSet<>> keys; // of the objects and arrays around
    for (pos = 0, line = 1; skipBlanks(), pos < text.size();) {
      char c = text[pos];
      if (c != '"') {
        ++pos;
        if (c == '{' || c == '[')
          keys.emplace_back();
        else if (c == '}' || c == ']')
          keys.pop_back();
        continue;
      }
      size_t at = line;
      std::string key = scanString();
      skipBlanks();
      if (pos < text.size() && text[pos] == ':' &&
          !keys.back().insert(key).second)
        return entryError(at, key, "it is there twice");
    }
    pos = 0;
    line = 1;
    return Error::success();
  }

  JsonNode *scan(const json::Value &value) {
    skipBlanks();
    JsonNode &node = tree.nodes.emplace_back();
    node.content = &value;
    node.lineNumber = line;
    if (const json::Object *object = value.getAsObject()) {
      scanMembers(node, *object);
    } else if (const json::Array *array = value.getAsArray()) {
      ++pos; // [
      for (const json::Value &element : *array) {
        node.nodes.push_back(scan(element));
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
  void scanMembers(JsonNode &node, const json::Object &object) {
    ++pos; // {
    skipBlanks();
    if (text[pos] == '}') {
      ++pos;
      return;
    }
    for (;;) {
      skipBlanks();
      size_t at = line;
      std::string key = scanString();
      skipBlanks();
      ++pos; // :
      JsonNode *child = scan(*object.get(key));
      child->name = key;
      child->lineNumber = at;
      node.nodes.push_back(child);
      skipBlanks();
      if (text[pos++] == '}')
        return;
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
  if (std::optional<size_t> line = findTooDeepJson(text))
    return lineError(*line, "expected values that are nested at most " +
                                Twine(maxJsonDepth) + " deep");
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
  Scanner scanner(*tree, text);
  if (Error error = scanner.checkKeys())
    return std::move(error);
  tree->rootNode = scanner.scan(tree->content);
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
