//===- GridTest.cpp - Integer grids and quantization parameters -----------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Grid.h"

#include "gtest/gtest.h"

using namespace hwq::numerics;

TEST(Grid, OfStorage) {
  EXPECT_EQ(gridOf(Storage::U8), (Grid{0, 255}));
  EXPECT_EQ(gridOf(Storage::U8, true), (Grid{1, 255}));
  EXPECT_EQ(gridOf(Storage::I8), (Grid{-128, 127}));
  EXPECT_EQ(gridOf(Storage::I8, true), (Grid{-127, 127}));
  EXPECT_EQ(gridOf(Storage::I16), (Grid{-32768, 32767}));
  EXPECT_EQ(gridOf(Storage::I16, true), (Grid{-32767, 32767}));
  EXPECT_EQ(gridOf(Storage::I32), (Grid{INT32_MIN, INT32_MAX}));
  EXPECT_EQ(gridOf(Storage::I32, true), (Grid{-INT32_MAX, INT32_MAX}));
}

TEST(Grid, WidthsAndSigns) {
  for (Storage storage : allValues<Storage>()) {
    Grid grid = gridOf(storage);
    EXPECT_EQ(grid.qmax - grid.qmin + 1, int64_t(1) << bitWidth(storage));
    EXPECT_EQ(grid.qmin < 0, isSigned(storage));
  }
}
