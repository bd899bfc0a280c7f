//===- Glow.cpp - Glow's profiles -------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "TableBuilder.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"
#include <cmath>
#include <map>

using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;
namespace yaml = llvm::yaml;

// Documents with the tool's version and a hash of the graph, then one that is a
// list of {NodeOutputName, Min, Max, Histogram}, or, older, of {NodeOutputName,
// Scale, Offset}.

/// LLVM's parser calls itself for every level, and a line may open many.
static Error checkDepth(StringRef text) {
  for (const Line &line : splitLines(text)) {
    size_t opened = line.text.count('[') + line.text.count('{');
    StringRef rest = line.text;
    while (rest.consume_front("-") || rest.consume_front("?")) {
      ++opened;
      rest = rest.ltrim();
    }
    if (opened > 16)
      return lineError(line.number,
                       "expected values that are nested at most 16 deep");
  }
  size_t begin = 0, line = 1;
  long flow = 0;
  while (begin < text.size()) {
    size_t end = std::min(text.find('\n', begin), text.size());
    StringRef row = text.slice(begin, end);
    flow += static_cast<long>(row.count('[') + row.count('{'));
    flow -= static_cast<long>(row.count(']') + row.count('}'));
    flow = std::max(flow, 0l);
    if (flow > 16 || row.size() - row.ltrim(" \t").size() > 64)
      return lineError(line, "expected values that are nested at most 16 deep");
    begin = end + 1;
    ++line;
  }
  return Error::success();
}

namespace {
class Reader {
public:
  explicit Reader(StringRef text) {
    sources.setDiagHandler(
        [](const llvm::SMDiagnostic &diagnostic, void *self) {
          auto &reader = *static_cast<Reader *>(self);
          if (reader.problem.empty()) {
            reader.problem = diagnostic.getMessage().str();
            reader.problemLine =
                static_cast<size_t>(std::max(diagnostic.getLineNo(), 1));
          }
        },
        this);
    stream.emplace(text, sources, /*ShowColors=*/false);
  }

  Expected<CalibrationTable> read() {
    for (yaml::document_iterator doc = stream->begin(); doc != stream->end();
         ++doc) {
      yaml::Node *root = doc->getRoot();
      if (Error error = check())
        return std::move(error);
      auto *rows = llvm::dyn_cast_or_null<yaml::SequenceNode>(root);
      if (!rows) {
        if (root)
          root->skip();
        continue;
      }
      for (yaml::Node &row : *rows)
        if (Error error = readRow(row))
          return std::move(error);
      if (Error error = check())
        return std::move(error);
    }
    if (Error error = check())
      return std::move(error);
    return builder.take();
  }

private:
  Error check() {
    if (problem.empty() && !stream->failed())
      return Error::success();
    return lineError(std::max<size_t>(problemLine, 1),
                     "no YAML: " +
                         (problem.empty() ? "cannot be parsed" : problem));
  }

  size_t lineOf(const yaml::Node &node) {
    llvm::SMLoc loc = node.getSourceRange().Start;
    if (!loc.isValid() || sources.FindBufferContainingLoc(loc) == 0)
      return 1;
    return sources.getLineAndColumn(loc).first;
  }

  Error readRow(yaml::Node &row) {
    auto *mapping = llvm::dyn_cast<yaml::MappingNode>(&row);
    if (Error error = check())
      return error;
    if (!mapping)
      return lineError(lineOf(row), "expected a mapping with NodeOutputName");
    TableEntry entry;
    entry.line = lineOf(row);
    std::map<std::string, std::string> fields;
    for (yaml::KeyValueNode &pair : *mapping) {
      auto *key = llvm::dyn_cast_or_null<yaml::ScalarNode>(pair.getKey());
      if (Error error = check())
        return error;
      if (!key)
        return lineError(entry.line, "expected a key");
      llvm::SmallString<64> storage;
      std::string name = key->getValue(storage).str();
      if (!name.empty())
        name[0] = llvm::toUpper(name[0]);
      yaml::Node *value = pair.getValue();
      if (auto *scalar = llvm::dyn_cast_or_null<yaml::ScalarNode>(value)) {
        llvm::SmallString<64> text;
        if (!fields.emplace(name, scalar->getValue(text).str()).second)
          return lineError(entry.line, "'" + name + "' is there twice");
      } else if (value) {
        value->skip();
      }
      if (Error error = check())
        return error;
    }
    return addRow(entry, fields);
  }

  Error addRow(TableEntry &entry,
               const std::map<std::string, std::string> &fields) {
    auto name = fields.find("NodeOutputName");
    if (name == fields.end())
      return lineError(entry.line, "expected 'NodeOutputName'");
    entry.name = name->second;
    double values[4] = {};
    bool given[4] = {};
    static constexpr llvm::StringLiteral keys[] = {"Min", "Max", "Scale",
                                                   "Offset"};
    for (auto [i, key] : llvm::enumerate(keys)) {
      auto it = fields.find(key.str());
      if (it == fields.end())
        continue;
      given[i] = true;
      if (Error error = parseNumber(entry.line, entry.name, it->second)
                            .moveInto(values[i]))
        return error;
    }
    if (given[0] && given[1]) {
      entry.range = numerics::Range{values[0], values[1]};
    } else if (given[2] && given[3]) {
      if (std::trunc(values[3]) != values[3] || std::fabs(values[3]) > 128)
        return entryError(entry.line, entry.name,
                          "expected 'Offset' to be a whole number in [-128, "
                          "127], got " +
                              printNumber(values[3]));
      entry.parameters =
          TableParameters{{values[2]}, {static_cast<int64_t>(values[3])}};
    } else {
      return entryError(entry.line, entry.name,
                        "expected 'Min' and 'Max', or 'Scale' and 'Offset'");
    }
    return builder.add(std::move(entry));
  }

  llvm::SourceMgr sources;
  std::optional<yaml::Stream> stream;
  TableBuilder builder;
  std::string problem;
  size_t problemLine = 0;
};
} // namespace

Expected<CalibrationTable> interchange::readGlow(StringRef text) {
  if (Error error = checkDepth(text))
    return std::move(error);
  return Reader(text).read();
}

/// In single quotes, where a quote is two.
static std::string quoteYaml(StringRef name) {
  std::string text = "'";
  for (char c : name)
    text += c == '\'' ? std::string("''") : std::string(1, c);
  return text + "'";
}

Error interchange::writeGlow(const CalibrationTable &table,
                             llvm::raw_ostream &os) {
  os << "---\nGlowToolsVersion: ''\n...\n---\nGraphPreLowerHash: "
        "0x0\n...\n---\n";
  for (const TableEntry &entry : table.entries) {
    if (entry.kind != TableName::Tensor ||
        (entry.keepFloat && !entry.parameters) || !entry.range)
      continue;
    for (char c : entry.name)
      if (!llvm::isPrint(c))
        return llvm::createStringError("tensor '" + entry.name +
                                       "': expected a name of printable "
                                       "characters");
    os << "- NodeOutputName: " << quoteYaml(entry.name)
       << "\n  Min: " << printNumber(entry.range->min)
       << "\n  Max: " << printNumber(entry.range->max)
       << "\n  Histogram: [ ]\n";
  }
  os << "...\n";
  return Error::success();
}
