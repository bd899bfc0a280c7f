//===- FuzzedTableTest.cpp - What HWQTableFuzzer has found ----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Interchange/TableFormats.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace hwq::interchange;

namespace {

CalibrationTable read(llvm::StringRef format, llvm::StringRef text) {
  llvm::Expected<CalibrationTable> table = readTable(text, format);
  if (table)
    return std::move(*table);
  ADD_FAILURE() << format.str() << ": " << toString(table.takeError());
  return {};
}

std::string write(llvm::StringRef format, const CalibrationTable &table) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (llvm::Error error = findTableFormat(format)->write(table, os))
    ADD_FAILURE() << format.str() << ": " << toString(std::move(error));
  return text;
}

/// What is written, read and written again.
void expectStable(llvm::StringRef format, const CalibrationTable &table) {
  std::string first = write(format, table);
  EXPECT_EQ(write(format, read(format, first)), first) << format.str();
}

// JSON's reader takes -0 for a whole number and loses the sign.
TEST(FuzzedTables, NoNegativeZero) {
  for (llvm::StringRef text : {"x: 0\n", "x: -0\n"}) {
    CalibrationTable table = read("tensorrt-ranges", text);
    ASSERT_EQ(table.entries.size(), 1u);
    EXPECT_FALSE(std::signbit(table.entries[0].range->min));
    EXPECT_FALSE(std::signbit(table.entries[0].range->max));
    expectStable("json", table);
  }
}

// All scales but the first were lost.
TEST(FuzzedTables, SeveralScalesArePerChannel) {
  auto file = [](const std::string &type) {
    return "{\"version\": \"1.0.0\", \"param_encodings\": [{\"name\": \"w\", " +
           type + "\"bw\": 8, \"scale\": [1, 2], \"offset\": [-128, -128]}]}";
  };
  CalibrationTable table = read("encodings-1.0.0", file(""));
  ASSERT_EQ(table.entries.size(), 1u);
  EXPECT_TRUE(table.entries[0].parameters->perChannel);
  expectStable("json", table);
  expectStable("encodings-1.0.0", table);
  llvm::Expected<CalibrationTable> wrong =
      readTable(file("\"enc_type\": \"PER_TENSOR\", "), "encodings-1.0.0");
  ASSERT_FALSE(static_cast<bool>(wrong));
  EXPECT_EQ(toString(wrong.takeError()),
            "line 1: tensor 'w': expected one scale where it is not per "
            "channel, got 2");
}

// The text of the first and the value of the last were read together.
TEST(FuzzedTables, OneKeyTwiceWithOtherValues) {
  for (llvm::StringRef members :
       {"\"a\": [1], \"a\": [1, 2]", "\"a\": {}, \"\\u0061\": {\"b\": 1}",
        "\"a\": {\"b\": 1}, \"a\": [[]]", "\"a\": \"b\", \"a\": [\"b\"]"}) {
    std::string text = ("{\"tensors\": [{\n" + members + "}]}").str();
    for (const TableFormat &format : getTableFormats()) {
      if (!llvm::StringRef(format.fileName).ends_with(".json"))
        continue;
      llvm::Expected<CalibrationTable> table = format.read(text);
      ASSERT_FALSE(static_cast<bool>(table)) << format.name.str();
      EXPECT_EQ(toString(table.takeError()),
                "line 2: tensor 'a': it is there twice")
          << format.name.str();
    }
  }
  // Keys of other objects, and texts that look like keys.
  CalibrationTable table =
      read("json", "{\"tensors\": [{\"name\": \"name\", \"float\": true},"
                   "{\"name\": \"x\\\": \", \"float\": true}]}");
  EXPECT_EQ(table.entries.size(), 2u);
}

// Vitis AI's reader drops a model's name, which a tensor may seem to have, and
// takes no scale beside 2^-96 to 2^96.
TEST(FuzzedTables, VitisWritesWhatItsReaderTakes) {
  auto message = [](const std::string &name, const std::string &scale) {
    CalibrationTable table = read(
        "vitis", "{\"vitis\": {\"" + name + "\": {\"scale\": " + scale + "}}}");
    std::string text;
    llvm::raw_string_ostream os(text);
    return toString(findTableFormat("vitis")->write(table, os));
  };
  EXPECT_EQ(message("b", "0.5"), "");
  EXPECT_EQ(message("a::b", "0.5"),
            "tensor 'a::b': the format takes what is in front of '::' for the "
            "name of the model");
  EXPECT_EQ(message("b", "7.888609052210118e-31"), // 2^-100
            "tensor 'b': expected a fix position in [-96, 96], got 100");
}

// A byte order mark hid that a file is JSON, and what was written was read as
// JSON; ncnn's reader took a layer's row for a comment.
TEST(FuzzedTables, RowsThatLookLikeSomethingElse) {
  CalibrationTable table =
      read("ppl-cuda", "\xEF\xBB\xBF{\"act_quant_info\": {\"a\": 2}}");
  ASSERT_EQ(table.entries.size(), 1u);
  EXPECT_EQ(table.entries[0].name, "a");
  for (llvm::StringRef format :
       {"ppl-cuda", "tensorrt-ranges", "tpumlir", "tpumlir-qtable"})
    for (llvm::StringRef name : {"#a", "{a", " a",
                                 "\xEF\xBB\xBF"
                                 "a"}) {
      table.entries[0].name = name.str();
      std::string text;
      llvm::raw_string_ostream os(text);
      if (!toString(findTableFormat(format)->write(table, os)).empty())
        continue;
      EXPECT_EQ(read(format, text).entries[0].name, name) << format.str();
    }
  CalibrationTable layer =
      read("json", "{\"tensors\": [{\"name\": \"#a\", \"kind\": "
                   "\"layer_weights\", \"scale\": 1, \"zero_point\": 0}]}");
  std::string text;
  llvm::raw_string_ostream os(text);
  EXPECT_EQ(toString(findTableFormat("ncnn")->write(layer, os)),
            "tensor '#a': the format has no word for a name that begins as a "
            "comment or another kind of file does");
}

} // namespace
