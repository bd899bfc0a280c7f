//===- JsonTree.h - JSON with lines -----------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_SUPPORT_JSONTREE_H
#define HWQ_SUPPORT_JSONTREE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace hwq {

/// A value of a JSON document: what LLVM's parser makes, and what that forgets,
/// the line and the order of an object's members. Accessors that fail say what
/// was expected and what is there; `name` is the tensor of the error.
class JsonNode {
public:
  size_t line() const { return lineNumber; }
  const llvm::json::Value &value() const { return *content; }

  /// Members of an object or elements of an array, in the order of the file.
  llvm::ArrayRef<const JsonNode *> children() const { return nodes; }
  /// The key under which it stands in an object.
  llvm::StringRef key() const { return name; }
  /// A member; null without it, or where this is no object.
  const JsonNode *find(llvm::StringRef key) const;

  bool isObject() const { return content->getAsObject(); }
  bool isArray() const { return content->getAsArray(); }
  bool isNull() const { return content->kind() == llvm::json::Value::Null; }

  llvm::Expected<double> number(llvm::StringRef tensor) const;
  llvm::Expected<int64_t> integer(llvm::StringRef tensor) const;
  llvm::Expected<llvm::StringRef> string(llvm::StringRef tensor) const;
  llvm::Error expectObject(const llvm::Twine &what) const;
  llvm::Error expectArray(const llvm::Twine &what) const;

private:
  friend class JsonTree;
  const llvm::json::Value *content = nullptr;
  size_t lineNumber = 0;
  std::string name;
  std::vector<const JsonNode *> nodes;
};

class JsonTree {
public:
  /// Errors: "line N: ..." for what is no JSON, a key that is there twice,
  /// values nested more than 64 deep.
  static llvm::Expected<std::unique_ptr<JsonTree>> parse(llvm::StringRef text);
  const JsonNode &root() const { return *rootNode; }

private:
  class Scanner;
  JsonTree() : content(nullptr) {}

  llvm::json::Value content;
  std::deque<JsonNode> nodes;
  const JsonNode *rootNode = nullptr;
};

} // namespace hwq

#endif // HWQ_SUPPORT_JSONTREE_H
