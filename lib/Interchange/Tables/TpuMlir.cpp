//===- TpuMlir.cpp - TPU-MLIR's calibration table and modes -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "TableBuilder.h"
#include <cmath>

using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

/// Whether the lines behind this `#` line are ranges of tensors.
static bool beginsRanges(StringRef line) {
  return llvm::none_of(
      llvm::ArrayRef<StringRef>{"#weight_scale", "#int4_th", "#tpu-mlir-fp8",
                                "#mqbench-fp8", "asym_op", "int4_op"},
      [&](StringRef marker) { return line.contains(marker); });
}

Expected<CalibrationTable> interchange::readTpuMlir(StringRef text) {
  TableBuilder builder;
  bool ranges = true;
  for (const Line &line : splitLines(text)) {
    if (line.text.starts_with("#"))
      ranges = beginsRanges(line.text);
    if (line.text.starts_with("#") || !ranges)
      continue;
    llvm::SmallVector<StringRef> words = splitWords(line.text);
    if (words.size() != 4)
      return lineError(line.number, "expected a tensor's name, threshold, "
                                    "minimum and maximum, got '" +
                                        line.text + "'");
    double values[3];
    for (auto [word, value] :
         llvm::zip_equal(llvm::ArrayRef(words).drop_front(), values)) {
      Expected<double> number = parseNumber(line.number, words[0], word,
                                            /*allowInfinity=*/true);
      if (!number)
        return number.takeError();
      // As the tool reads it.
      value = std::isinf(*number) ? std::copysign(6.5e4, *number) : *number;
    }
    TableEntry entry;
    entry.name = words[0].str();
    entry.line = line.number;
    entry.threshold = values[0];
    entry.range = numerics::Range{values[1], values[2]};
    // No range at all: the tool leaves the tensor alone.
    bool isEmpty = values[1] == 0 && values[2] == 0;
    if (isEmpty)
      entry.range.reset();
    if (Error error = builder.add(std::move(entry)))
      return std::move(error);
  }
  return builder.take();
}

Error interchange::writeTpuMlir(const CalibrationTable &table,
                                llvm::raw_ostream &os) {
  os << "# op_name    threshold    min    max\n";
  for (const TableEntry &entry : table.entries) {
    if (entry.kind != TableName::Tensor ||
        (entry.keepFloat && !entry.parameters) || !entry.range)
      continue;
    if (Error error = checkName(entry.name, " \t\r\n", "#"))
      return error;
    auto [min, max] = *entry.range;
    double threshold =
        entry.threshold.value_or(std::max(std::fabs(min), std::fabs(max)));
    os << entry.name << ' ' << printNumber(threshold) << ' ' << printNumber(min)
       << ' ' << printNumber(max) << '\n';
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// The quantization table
//===----------------------------------------------------------------------===//

Expected<CalibrationTable> interchange::readTpuMlirModes(StringRef text) {
  TableBuilder builder;
  for (const Line &line : splitLines(text)) {
    if (line.text.starts_with("#"))
      continue;
    llvm::SmallVector<StringRef> words = splitWords(line.text);
    if (words.size() != 2)
      return lineError(line.number,
                       "expected an op's name and its mode, got '" + line.text +
                           "'");
    std::string mode = words[1].upper();
    bool isFloat =
        llvm::is_contained({"F32", "F16", "BF16", "W8F16", "W8BF16", "W4F16",
                            "W4BF16", "F8", "F8E4M3", "F8E5M2"},
                           mode);
    if (!isFloat && mode != "INT8" && mode != "UINT8")
      return entryError(line.number, words[0],
                        "expected a mode like INT8, F16 or BF16, got '" +
                            words[1] + "'");
    TableEntry entry;
    entry.name = words[0].str();
    entry.line = line.number;
    entry.keepFloat = isFloat;
    if (Error error = builder.add(std::move(entry)))
      return std::move(error);
  }
  return builder.take();
}

Error interchange::writeTpuMlirModes(const CalibrationTable &table,
                                     llvm::raw_ostream &os) {
  os << "# op_name quantize_mode\n";
  for (const TableEntry &entry : table.entries) {
    if (entry.kind != TableName::Tensor)
      continue;
    if (Error error = checkName(entry.name, " \t\r\n", "#"))
      return error;
    os << entry.name << (entry.keepFloat ? " F32\n" : " INT8\n");
  }
  return Error::success();
}
