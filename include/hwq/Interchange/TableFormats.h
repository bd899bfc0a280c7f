//===- TableFormats.h - Formats of calibration tables -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_INTERCHANGE_TABLEFORMATS_H
#define HWQ_INTERCHANGE_TABLEFORMATS_H

#include "hwq/Interchange/CalibrationTable.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace hwq::interchange {

/// A format of tables: one row of the registry. Formats are described in
/// docs/tables.md.
struct TableFormat {
  /// Of --table-format, of `formats` in descriptors, and behind --import- and
  /// --export- of hwq-translate.
  llvm::StringLiteral name;
  /// In the folder of a backend.
  llvm::StringLiteral fileName;
  /// Whose file it is and what it says.
  llvm::StringLiteral summary;
  /// Rows have scales and zero points: to write the file from ranges they have
  /// to be derived first.
  bool needsParameters;
  /// Reads a whole file. Errors say "line N: " and name the tensor.
  llvm::Expected<CalibrationTable> (*read)(llvm::StringRef text);
  /// Writes the rows that the format has words for. f32 values survive, f64
  /// values too where the format is decimal. Errors name the tensor whose name
  /// or parameters the format cannot hold.
  llvm::Error (*write)(const CalibrationTable &table, llvm::raw_ostream &os);
  /// Of the second file of formats that are two: it has the name of the first
  /// with this ending. `read` and `write` have both as one text, the second
  /// behind a NUL.
  llvm::StringLiteral dataSuffix = "";
};

/// In the order of docs/tables.md.
llvm::ArrayRef<TableFormat> getTableFormats();

/// Null without a format of this name.
const TableFormat *findTableFormat(llvm::StringRef name);

/// An error that lists the known formats where `name` is none.
llvm::Expected<const TableFormat *> getTableFormat(llvm::StringRef name);

/// The table in the file `path`, or in it and the one beside it. Errors name
/// the file.
llvm::Expected<CalibrationTable> readTableFile(llvm::StringRef path,
                                               const TableFormat &format);

/// Calls `write` with path and contents of every file that what `format` has
/// written is; an error where `path` ends as the second one does.
llvm::Error writeTableFile(
    llvm::StringRef path, llvm::StringRef text, const TableFormat &format,
    llvm::function_ref<llvm::Error(llvm::StringRef, llvm::StringRef)> write);

/// The names, separated by ", ".
std::string tableFormatNames();

/// The table in `text`; an unknown format is an error that lists the known.
llvm::Expected<CalibrationTable> readTable(llvm::StringRef text,
                                           llvm::StringRef format);

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_TABLEFORMATS_H
