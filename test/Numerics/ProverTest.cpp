//===- ProverTest.cpp - Equality of monotone step functions ---------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Prover.h"

#include "hwq/Numerics/Requantize.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>

using namespace hwq::numerics;

namespace {

StepFunction requantizer(RequantizeKernel kernel, Multiplier m,
                         int64_t zeroPoint) {
  RequantizeParams params{kernel, {m}, 0, 0, zeroPoint, 0, 255};
  return [params](int64_t x) { return requantize(params, 0, x); };
}

struct Brute {
  int64_t maxDifference = 0;
  uint64_t count = 0;
};

Brute brute(const StepFunction &f, const StepFunction &g, int64_t lo,
            int64_t hi) {
  Brute b;
  for (int64_t x = lo; x <= hi; ++x) {
    int64_t d = std::abs(f(x) - g(x));
    b.maxDifference = std::max(b.maxDifference, d);
    b.count += d != 0;
  }
  return b;
}

} // namespace

TEST(Prover, Thresholds) {
  auto f = [](int64_t x) { return x < 10 ? 0 : (x < 11 ? 3 : 7); };
  std::vector<Step> expected = {{-100, 0}, {10, 3}, {11, 7}};
  EXPECT_EQ(thresholds(f, -100, 100), expected);
  EXPECT_EQ(thresholds(f, 10, 10), (std::vector<Step>{{10, 3}}));
  EXPECT_TRUE(thresholds(f, 1, 0).empty());
  auto falling = [&](int64_t x) { return -int64_t(f(x)); };
  expected = {{-100, 0}, {10, -3}, {11, -7}};
  EXPECT_EQ(thresholds(falling, -100, 100), expected);
}

TEST(Prover, WholeRangeOfInt64) {
  auto sign = [](int64_t x) -> int64_t { return x < 0 ? -1 : (x > 0); };
  std::vector<Step> expected = {{INT64_MIN, -1}, {0, 0}, {1, 1}};
  EXPECT_EQ(thresholds(sign, INT64_MIN, INT64_MAX), expected);
  auto last = [](int64_t x) -> int64_t { return x == INT64_MAX; };
  auto zero = [](int64_t) -> int64_t { return 0; };
  EXPECT_FALSE(equalOn(last, zero, INT64_MIN, INT64_MAX));
  EXPECT_TRUE(equalOn(last, zero, INT64_MIN, INT64_MAX - 1));
  EXPECT_EQ(countDifferences(last, zero, INT64_MIN, INT64_MAX), 1u);
  EXPECT_EQ(countDifferences(sign, zero, INT64_MIN, INT64_MAX), UINT64_MAX);
  auto smallest = [](int64_t) { return INT64_MIN; };
  auto largest = [](int64_t) { return INT64_MAX; };
  EXPECT_EQ(maxDifference(smallest, largest, INT64_MIN, INT64_MAX), INT64_MAX);
  EXPECT_EQ(countDifferences(smallest, largest, INT64_MIN, INT64_MAX),
            UINT64_MAX);
  EXPECT_EQ(countDifferences(smallest, largest, 5, 4), 0u);
}

TEST(Prover, AgreesWithBruteForce) {
  std::mt19937_64 generator = seededGenerator();
  constexpr int64_t bound = 20000;
  int equal = 0;
  for (int i = 0; i < 120; ++i) {
    auto kernel = [&] {
      return generator() % 2 ? RequantizeKernel::R1 : RequantizeKernel::R2;
    };
    int shift = 31 + static_cast<int>(generator() % 10);
    Multiplier a{static_cast<int32_t>((1u << 30) | (generator() & 0x3fffffff)),
                 shift};
    // A near neighbour: equal on a short interval now and then.
    Multiplier b = a;
    if (generator() % 4)
      b.multiplier = static_cast<int32_t>(std::min<int64_t>(
          int64_t(b.multiplier) + (int64_t(1) << (generator() % 24)),
          INT32_MAX));
    int64_t z = static_cast<int64_t>(generator() % 256);
    StepFunction f = requantizer(kernel(), a, z);
    StepFunction g = requantizer(kernel(), b, z);
    Brute expected = brute(f, g, -bound, bound);
    ASSERT_EQ(maxDifference(f, g, -bound, bound), expected.maxDifference);
    ASSERT_EQ(countDifferences(f, g, -bound, bound), expected.count);
    ASSERT_EQ(equalOn(f, g, -bound, bound), expected.count == 0);
    equal += expected.count == 0;
  }
  EXPECT_GT(equal, 0);
  EXPECT_LT(equal, 120);
}

// One wrong value in four thousand million is found.
TEST(Prover, FindsOneDifferenceOnAllAccumulators) {
  Multiplier m = *chooseMultiplier(RequantizeKernel::R2, 3e-8);
  StepFunction f = requantizer(RequantizeKernel::R2, m, 100);
  std::vector<Step> steps = thresholds(f, INT32_MIN, INT32_MAX);
  ASSERT_GT(steps.size(), 100u);
  int64_t moved = steps[50].start;
  StepFunction g = [&](int64_t x) { return f(x == moved ? x - 1 : x); };
  EXPECT_TRUE(equalOn(f, f, INT32_MIN, INT32_MAX));
  EXPECT_FALSE(equalOn(f, g, INT32_MIN, INT32_MAX));
  EXPECT_EQ(countDifferences(f, g, INT32_MIN, INT32_MAX), 1u);
  EXPECT_EQ(maxDifference(f, g, INT32_MIN, INT32_MAX), 1);
  EXPECT_TRUE(equalOn(f, g, moved + 1, INT32_MAX));
}
