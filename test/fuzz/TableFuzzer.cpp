//===- TableFuzzer.cpp - Readers and writers of calibration tables --------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first byte chooses a format, the rest is the file. Whatever it is: no
// undefined behaviour, an error or a table; and what the format's writer makes
// of the table is read again and written as the same bytes.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "hwq/Interchange/TableFormats.h"

#include <map>
#include <tuple>

using namespace hwq::interchange;
using namespace hwq::fuzz;

/// What a format's writer makes of a table; nothing where it has no word.
static std::optional<std::string> write(const TableFormat &format,
                                        const CalibrationTable &table) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (llvm::Error error = format.write(table, os)) {
    std::string message = toString(std::move(error));
    check(!message.empty(), "a writer says what is wrong", message);
    return std::nullopt;
  }
  return text;
}

/// Writes and reads again; nothing where no row is left, because the format has
/// no words for those that the reader knows.
static std::optional<CalibrationTable> rewrite(const TableFormat &format,
                                               const CalibrationTable &table,
                                               std::string &text) {
  std::optional<std::string> written = write(format, table);
  if (!written)
    return std::nullopt;
  text = *written;
  llvm::Expected<CalibrationTable> again = format.read(text);
  if (again)
    return std::move(*again);
  std::string message = toString(again.takeError());
  check(message.find("got none") != std::string::npos,
        "what is written can be read", message + "\n" + text);
  return std::nullopt;
}

/// Rows of both tables have the same scales and zero points.
static void checkParameters(const CalibrationTable &before,
                            const CalibrationTable &after,
                            llvm::StringRef text) {
  std::map<std::tuple<TableName, std::string, unsigned>,
           const TableParameters *>
      rows;
  for (const TableEntry &entry : before.entries)
    if (entry.parameters)
      rows[{entry.kind, entry.name, entry.operand}] = &*entry.parameters;
  for (const TableEntry &entry : after.entries) {
    auto row = rows.find({entry.kind, entry.name, entry.operand});
    if (row != rows.end() && entry.parameters)
      check(row->second->scales == entry.parameters->scales &&
                row->second->zeroPoints == entry.parameters->zeroPoints,
            "a round trip keeps scales and zero points", text);
  }
}

static void checkJson(const CalibrationTable &table) {
  const TableFormat &json = *findTableFormat("json");
  std::string first, second;
  if (std::optional<CalibrationTable> again = rewrite(json, table, first))
    check(rewrite(json, *again, second) && first == second,
          "hwq's own format keeps every bit", first + second);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  if (size == 0)
    return 0;
  llvm::ArrayRef<TableFormat> formats = getTableFormats();
  const TableFormat &format = formats[bytes[0] % formats.size()];
  std::optional<CalibrationTable> table =
      take(format.read(textOf(bytes + 1, size - 1)));
  if (!table)
    return 0;
  check(!table->entries.empty(), "a table has rows", "");
  checkJson(*table);
  // A format's words for the first table may be fewer than those that were
  // read (another version, remarks of another tool, digits that no f32 has);
  // from then on nothing changes.
  std::string first, second, third;
  std::optional<CalibrationTable> again = rewrite(format, *table, first);
  if (!again)
    return 0;
  std::optional<CalibrationTable> settled = rewrite(format, *again, second);
  check(bool(settled), "what is read can be written", first);
  checkParameters(*again, *settled, second);
  check(rewrite(format, *settled, third) && third == second,
        "a round trip keeps every bit", second + third);
  return 0;
}
