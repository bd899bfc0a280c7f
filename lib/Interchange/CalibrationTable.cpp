//===- CalibrationTable.cpp - Ranges that another tool has found ----------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Interchange/CalibrationTable.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;

static llvm::Error atLine(size_t line, const llvm::Twine &message) {
  return llvm::createStringError("line " + llvm::Twine(line) + ": " + message);
}

//===----------------------------------------------------------------------===//
// tpumlir
//===----------------------------------------------------------------------===//

/// Whether the lines behind this `#` line are ranges of tensors.
static bool beginsRanges(StringRef line) {
  return llvm::none_of(
      ArrayRef<StringRef>{"#weight_scale", "#int4_th", "#tpu-mlir-fp8",
                          "#mqbench-fp8", "asym_op", "int4_op"},
      [&](StringRef marker) { return line.contains(marker); });
}

static llvm::Expected<CalibrationTable> parseTpuMlir(StringRef text) {
  CalibrationTable table;
  llvm::StringSet<> names;
  bool ranges = true;
  size_t number = 0;
  SmallVector<StringRef> lines;
  text.split(lines, '\n');
  for (StringRef line : lines) {
    ++number;
    line = line.trim(" \t\r");
    if (line.empty())
      continue;
    if (line.starts_with("#")) {
      ranges = beginsRanges(line);
      continue;
    }
    if (!ranges)
      continue;
    SmallVector<StringRef> words;
    llvm::SplitString(line, words, " \t");
    if (words.size() != 4)
      return atLine(number, "expected a tensor's name, threshold, minimum and "
                            "maximum, got '" +
                                line + "'");
    TableEntry entry;
    entry.name = words[0].str();
    double *values[] = {&entry.threshold, &entry.min, &entry.max};
    for (auto [word, value] : llvm::zip_equal(ArrayRef(words).drop_front(),
                                              values)) {
      if (word.getAsDouble(*value) || std::isnan(*value))
        return atLine(number, "expected a number for tensor '" + words[0] +
                                  "', got '" + word + "'");
      if (std::isinf(*value))
        *value = std::copysign(6.5e4, *value);
    }
    if (entry.min > entry.max)
      return atLine(number, "tensor '" + words[0] +
                                "': expected a minimum not above the maximum, "
                                "got " +
                                words[2] + " and " + words[3]);
    if (entry.threshold < 0)
      return atLine(number, "tensor '" + words[0] +
                                "': expected a threshold that is not negative, "
                                "got " +
                                words[1]);
    if (!names.insert(entry.name).second)
      return atLine(number, "tensor '" + words[0] + "' is there twice");
    // No range at all: the tool leaves the tensor alone.
    if (entry.min == 0 && entry.max == 0)
      continue;
    table.entries.push_back(std::move(entry));
  }
  if (table.entries.empty())
    return llvm::createStringError("expected ranges of tensors, got none");
  return table;
}

//===----------------------------------------------------------------------===//
// Formats
//===----------------------------------------------------------------------===//

static constexpr llvm::StringLiteral tableFormats[] = {"tpumlir"};

ArrayRef<llvm::StringLiteral> interchange::getTableFormats() {
  return tableFormats;
}

llvm::Expected<CalibrationTable>
interchange::parseCalibrationTable(StringRef text, StringRef format) {
  if (format == "tpumlir")
    return parseTpuMlir(text);
  return llvm::createStringError("unknown table format '" + format +
                                 "', expected one of: " +
                                 llvm::join(getTableFormats(), ", "));
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// The entry of a tensor: under its name, or under that and the kind of its op.
static const TableEntry *
findEntry(const llvm::StringMap<const TableEntry *> &byName, StringRef tensor) {
  if (auto it = byName.find(tensor); it != byName.end())
    return it->second;
  const TableEntry *found = nullptr;
  for (const auto &entry : byName) {
    StringRef rest = entry.getKey();
    if (!rest.consume_front(tensor) || !rest.consume_front("_") ||
        rest.empty() || !llvm::all_of(rest, llvm::isAlnum))
      continue;
    // Two candidates are none.
    if (found)
      return nullptr;
    found = entry.second;
  }
  return found;
}

llvm::Expected<TableCoverage>
interchange::applyCalibrationTable(ModuleOp module,
                                   const CalibrationTable &table,
                                   StringRef format, bool symmetric) {
  llvm::StringMap<const TableEntry *> byName;
  for (const TableEntry &entry : table.entries)
    byName[entry.name] = &entry;
  llvm::SmallPtrSet<const TableEntry *, 32> used;
  TableCoverage coverage;
  Builder builder(module.getContext());
  module.walk([&](ObserveOp observe) {
    const TableEntry *entry = findEntry(byName, observe.getTensor());
    if (!entry) {
      coverage.missing.push_back(observe.getTensor().str());
      return;
    }
    used.insert(entry);
    double low = entry->min, high = entry->max;
    if (symmetric) {
      low = entry->min >= 0 ? 0 : -entry->threshold;
      high = entry->threshold;
    }
    observe.setRangeAttr(builder.getDenseF64ArrayAttr({low, high}));
    observe.setMethodAttr(builder.getStringAttr(format));
  });
  for (const TableEntry &entry : table.entries)
    if (!used.contains(&entry))
      coverage.unknown.push_back(entry.name);
  if (used.empty())
    return llvm::createStringError(
        "the table and the program have no tensor in common; the table's first "
        "is '" +
        table.entries.front().name + "'");
  setForm(module, Form::Calibrated);
  return coverage;
}
