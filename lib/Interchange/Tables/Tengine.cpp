//===- Tengine.cpp - Tengine's scale files ----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "TableBuilder.h"

using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

// "tensor scale zero_point", u8.

Expected<CalibrationTable> interchange::readTengine(StringRef text) {
  TableBuilder builder;
  for (const Line &line : splitLines(text)) {
    llvm::SmallVector<StringRef> words = splitWords(line.text);
    if (words.size() != 3)
      return lineError(line.number, "expected a tensor's name, scale and zero "
                                    "point, got '" +
                                        line.text + "'");
    Expected<double> scale = parseNumber(line.number, words[0], words[1]);
    if (!scale)
      return scale.takeError();
    Expected<int64_t> zeroPoint = parseWhole(line.number, words[0], words[2]);
    if (!zeroPoint)
      return zeroPoint.takeError();
    TableEntry entry;
    entry.name = words[0].str();
    entry.line = line.number;
    entry.parameters =
        TableParameters{{*scale}, {*zeroPoint}, 8, /*isSigned=*/false};
    if (Error error = builder.add(std::move(entry)))
      return std::move(error);
  }
  return builder.take();
}

Error interchange::writeTengine(const CalibrationTable &table,
                                llvm::raw_ostream &os) {
  for (const TableEntry &entry : table.entries) {
    if (entry.kind != TableName::Tensor || !entry.parameters)
      continue;
    const TableParameters &p = *entry.parameters;
    if (Error error = checkName(entry.name, " \t\r\n"))
      return error;
    if (p.bits != 8)
      return llvm::createStringError("tensor '" + entry.name +
                                     "': the format holds 8 bits, got " +
                                     llvm::Twine(p.bits));
    os << entry.name << ' ' << printNumber(p.scales.front()) << ' '
       << p.zeroPoints.front() - p.grid().qmin << '\n';
  }
  return Error::success();
}
