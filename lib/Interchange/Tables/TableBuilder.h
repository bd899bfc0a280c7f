//===- TableBuilder.h - Rows of a table, checked ----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_INTERCHANGE_TABLES_TABLEBUILDER_H
#define HWQ_LIB_INTERCHANGE_TABLES_TABLEBUILDER_H

#include "hwq/Interchange/CalibrationTable.h"
#include "hwq/Support/LineError.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>

namespace hwq::interchange {

/// A line of a text file that is not empty, without its end and the blanks
/// around it.
struct Line {
  size_t number;
  llvm::StringRef text;
};
std::vector<Line> splitLines(llvm::StringRef text);

/// The words of a line.
llvm::SmallVector<llvm::StringRef> splitWords(llvm::StringRef line);

/// A decimal number; infinities only where they are wanted, never NaN.
llvm::Expected<double> parseNumber(size_t line, llvm::StringRef name,
                                   llvm::StringRef word,
                                   bool allowInfinity = false);
llvm::Expected<int64_t> parseWhole(size_t line, llvm::StringRef name,
                                   llvm::StringRef word);

/// The shortest decimal number that is `value` when it is read.
std::string printNumber(double value);

/// For writers whose rows are tensors and weights: which of the two a row is,
/// none if it is about a layer.
std::optional<bool> isWeightsRow(const TableEntry &entry);

/// For writers of text: an error where the name has a character that separates
/// the words or lines of the format, or begins with one that marks a line as
/// something else.
llvm::Error checkName(llvm::StringRef name, llvm::StringRef separators,
                      llvm::StringRef marks = "");

/// For writers: an error where a name is no UTF-8, which JSON cannot hold.
llvm::Error checkJsonNames(const CalibrationTable &table);

/// The text of a file.
void printJson(const llvm::json::Value &value, llvm::raw_ostream &os);

/// The rows of a table, in order. What every format demands is checked here:
/// names that are there once and not empty, numbers in their bounds.
class TableBuilder {
public:
  llvm::Error add(TableEntry entry);
  void warn(size_t line, const llvm::Twine &message);
  /// The table; an error where nothing was added.
  llvm::Expected<CalibrationTable> take();

private:
  CalibrationTable table;
  llvm::StringSet<> seen;
};

} // namespace hwq::interchange

#endif // HWQ_LIB_INTERCHANGE_TABLES_TABLEBUILDER_H
