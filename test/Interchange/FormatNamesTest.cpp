//===- FormatNamesTest.cpp - Formats of descriptors and registries --------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Interchange/ModelFormats.h"
#include "hwq/Interchange/TableFormats.h"
#include "gtest/gtest.h"
#include <set>

using namespace hwq;
using namespace hwq::interchange;

TEST(FormatNames, FieldOfBackendsHasThoseOfTheRegistries) {
  std::multiset<std::string> names;
  for (const ModelFormat &format : getModelFormats())
    names.insert(format.name.str());
  for (const TableFormat &format : getTableFormats())
    names.insert(format.name.str());
  const BackendField *field = findBackendField("formats");
  ASSERT_NE(field, nullptr);
  EXPECT_EQ(
      std::multiset<std::string>(field->values.begin(), field->values.end()),
      names);
}

TEST(FormatNames, FilesOfOneFolderAreDistinct) {
  std::set<std::string> files;
  for (const ModelFormat &format : getModelFormats())
    EXPECT_TRUE(files.insert(format.fileName.str()).second)
        << format.fileName.str();
  for (const TableFormat &format : getTableFormats())
    EXPECT_TRUE(files.insert(format.fileName.str()).second)
        << format.fileName.str();
}
