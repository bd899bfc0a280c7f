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
};

/// In the order of docs/tables.md.
llvm::ArrayRef<TableFormat> getTableFormats();

/// Null without a format of this name.
const TableFormat *findTableFormat(llvm::StringRef name);

/// The names, separated by ", ".
std::string tableFormatNames();

/// The table in `text`; an unknown format is an error that lists the known.
llvm::Expected<CalibrationTable> readTable(llvm::StringRef text,
                                           llvm::StringRef format);

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_TABLEFORMATS_H
