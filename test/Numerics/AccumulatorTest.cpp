//===- AccumulatorTest.cpp - Sums of products in hardware width -----------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Accumulator.h"

#include "OperatorTestUtils.h"

using namespace hwq::numerics;

TEST(Accumulator, Pairs) {
  std::vector<uint8_t> x = {255, 255, 255, 255, 255};
  std::vector<int8_t> w = {127, 127, -128, -128, 127};
  auto sum = [&](AccumulatorMode mode, size_t count, size_t spill = 0) {
    return dotProduct(mode, x.data(), w.data(), count, spill);
  };
  EXPECT_EQ(sum(AccumulatorMode::Exact, 2), 64770);
  EXPECT_EQ(sum(AccumulatorMode::Avx2Sat, 2), 32767);
  EXPECT_EQ(sum(AccumulatorMode::DepthwiseSat, 4), 32767 - 32768);
  EXPECT_EQ(sum(AccumulatorMode::Exact, 5), 31875);
  // The last tap alone: 255*127 = 32385.
  EXPECT_EQ(sum(AccumulatorMode::DepthwiseSat, 5), 32384);
  for (AccumulatorMode mode : allValues<AccumulatorMode>()) {
    EXPECT_EQ(sum(mode, 0), 0);
    EXPECT_EQ(sum(mode, 1), 32385);
  }
}

// The 16-bit sum saturates between spills.
TEST(Accumulator, Acc16) {
  std::vector<uint8_t> x(8, 200);
  std::vector<int8_t> w(8, 50); // pairs of 20000
  auto sum = [&](size_t spill) {
    return dotProduct(AccumulatorMode::Acc16, x.data(), w.data(), 8, spill);
  };
  EXPECT_EQ(sum(1), 80000);
  EXPECT_EQ(sum(2), 2 * 32767);
  EXPECT_EQ(sum(3), 32767 + 20000);
  EXPECT_EQ(sum(0), 32767);
}

TEST(Accumulator, ModesAgreeWherePairsFit) {
  std::mt19937_64 generator = seededGenerator();
  for (int round = 0; round < 2000; ++round) {
    size_t count = generator() % 40;
    int32_t most = round % 2 ? 127 : 255;
    std::vector<uint8_t> x(count);
    std::vector<int8_t> w(count);
    for (size_t i = 0; i < count; ++i) {
      x[i] = static_cast<uint8_t>(generator() % uint64_t(most + 1));
      w[i] = static_cast<int8_t>(generator());
    }
    int64_t exact = 0;
    for (size_t i = 0; i < count; ++i)
      exact += x[i] * w[i];
    ASSERT_EQ(dotProduct(AccumulatorMode::Exact, x.data(), w.data(), count),
              exact);
    int32_t narrow =
        dotProduct(AccumulatorMode::Avx2Sat, x.data(), w.data(), count);
    if (!pairsMaySaturate(w.data(), count, 0, most))
      ASSERT_EQ(narrow, exact);
    else if (narrow != exact)
      ASSERT_TRUE(pairsMaySaturate(w.data(), count, 0, 255));
    Interval interval = accumulatorInterval(w.data(), count, 0, 0, 0, most);
    ASSERT_LE(interval.lo, exact);
    ASSERT_GE(interval.hi, exact);
  }
  int8_t w[2] = {127, 127};
  EXPECT_TRUE(pairsMaySaturate(w, 2, 0, 255));
  EXPECT_FALSE(pairsMaySaturate(w, 2, 0, 127));
  EXPECT_FALSE(pairsMaySaturate(w, 1, 0, 255));
}

// C4: both zero points.
TEST(Accumulator, IntervalIsReached) {
  std::mt19937_64 generator = seededGenerator();
  for (int round = 0; round < 200; ++round) {
    size_t count = 1 + generator() % 20;
    std::vector<uint8_t> w(count);
    for (uint8_t &v : w)
      v = static_cast<uint8_t>(generator());
    int32_t zw = static_cast<int32_t>(generator() % 256),
            zx = static_cast<int32_t>(generator() % 256);
    Interval got = accumulatorInterval(w.data(), count, zw, zx, 0, 255);
    int64_t lo = 0, hi = 0;
    for (uint8_t v : w)
      for (int32_t x : {0, 255}) {
        int64_t p = int64_t(x - zx) * (v - zw);
        (p < 0 ? lo : hi) += p;
      }
    // Each product takes one end of x for its least and the other for its most.
    ASSERT_EQ(got.lo, lo);
    ASSERT_EQ(got.hi, hi);
  }
}

// A9: two products of int8 codes fit 16 bits, uint8 codes or larger multipliers
// do not.
TEST(Accumulator, A9SixteenBitIntermediate) {
  int8_t m[2] = {127, 127};
  EXPECT_TRUE(fitsAccumulator(accumulatorInterval(m, 2, 0, 0, -127, 127), 16));
  EXPECT_FALSE(fitsAccumulator(accumulatorInterval(m, 2, 0, 0, 0, 255), 16));
  uint8_t larger[2] = {130, 130};
  EXPECT_FALSE(
      fitsAccumulator(accumulatorInterval(larger, 2, 0, 0, -127, 127), 16));
}

TEST(Accumulator, Widths) {
  EXPECT_TRUE(fitsAccumulator({-32768, 32767}, 16));
  EXPECT_FALSE(fitsAccumulator({-32769, 0}, 16));
  EXPECT_FALSE(fitsAccumulator({0, 32768}, 16));
  EXPECT_TRUE(fitsAccumulator({-(1 << 23), (1 << 23) - 1}, 24));
  EXPECT_FALSE(fitsAccumulator({0, 1 << 23}, 24));
  EXPECT_TRUE(fitsAccumulator({INT64_MIN, INT64_MAX}, 64));
  EXPECT_EQ(wrapToBits(1 << 23, 24), -(1 << 23));
  EXPECT_EQ(wrapToBits(-(1 << 23) - 1, 24), (1 << 23) - 1);
  EXPECT_EQ(saturateToBits(1 << 23, 24), (1 << 23) - 1);
  EXPECT_EQ(saturateToBits(INT64_MIN, 24), -(1 << 23));
  EXPECT_EQ(wrapToBits(32768, 16), -32768);
  EXPECT_EQ(saturateToBits(40000, 16), 32767);
  EXPECT_EQ(wrapToBits(INT64_MAX, 64), INT64_MAX);
  EXPECT_EQ(wrapToBits(1, 1), -1);
  // Wrapping once is wrapping always; saturating is not.
  int64_t wrapped = 0, saturated = 0;
  for (int64_t term : {30000, 30000, -30000}) {
    wrapped = wrapToBits(wrapped + term, 16);
    saturated = saturateToBits(saturated + term, 16);
  }
  EXPECT_EQ(wrapped, 30000);
  EXPECT_EQ(saturated, 2767);
}
