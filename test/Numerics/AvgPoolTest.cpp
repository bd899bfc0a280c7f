//===- AvgPoolTest.cpp - Quantized average pooling ------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/AvgPool.h"

#include "gtest/gtest.h"

#include <cmath>

using namespace hwq::numerics;

static int32_t pool(int64_t sum, int32_t n, int32_t z = 0, int32_t lo = -1000,
                    int32_t hi = 1000) {
  return averagePool(AvgPoolVariant::RoundHalfAway, sum, n, z, lo, hi);
}

TEST(AvgPool, TiesGoAwayFromZero) {
  EXPECT_EQ(pool(2, 4), 1);
  EXPECT_EQ(pool(-2, 4), -1);
  EXPECT_EQ(pool(1, 4), 0);
  EXPECT_EQ(pool(-1, 4), 0);
  EXPECT_EQ(pool(6, 4), 2);
  EXPECT_EQ(pool(-6, 4), -2);
}

// The zero point is added after the rounding, not before.
TEST(AvgPool, ZeroPointAndClamp) {
  EXPECT_EQ(pool(-2, 4, 10), 9);
  EXPECT_EQ(pool(2, 4, 10), 11);
  EXPECT_EQ(pool(-100, 4, 10, 0, 255), 0);
  EXPECT_EQ(pool(1000, 4, 10, 0, 255), 255);
  EXPECT_EQ(pool(0, 4, 3, 5, 255), 5);
  EXPECT_EQ(pool(17, 0, 3, 0, 255), 3);
}

TEST(AvgPool, EqualsRoundedQuotient) {
  for (int32_t n = 1; n <= 121; ++n)
    for (int64_t sum = -3000; sum <= 3000; ++sum) {
      // Exact: a tie is a multiple of 1/2, and no other quotient is within
      // 1/242 of one.
      double mean = std::round(static_cast<double>(sum) / n);
      ASSERT_EQ(pool(sum, n, 0, INT32_MIN, INT32_MAX), mean) << sum << "/" << n;
    }
}

TEST(AvgPool, LargeSums) {
  EXPECT_EQ(pool((int64_t(1) << 40) + 1, 1 << 30, 0, 0, 5000), 1024);
  EXPECT_EQ(pool(int64_t(1) << 61, 1, 0, INT32_MIN, INT32_MAX), INT32_MAX);
}
