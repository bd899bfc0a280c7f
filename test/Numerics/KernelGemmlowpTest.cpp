//===- KernelGemmlowpTest.cpp - R1 against gemmlowp -----------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Built where gemmlowp's headers are (Debian libgemmlowp-dev).
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Kernels.h"

#include "Random.h"
#include "gtest/gtest.h"
#include <gemmlowp/fixedpoint/fixedpoint.h>

#include <cstdlib>
#include <string>

using namespace hwq::numerics;

TEST(Gemmlowp, R1IsItsTwoRoundings) {
  std::mt19937_64 generator = seededGenerator();
  const char *set = std::getenv("HWQ_EXHAUSTIVE");
  int count = set && std::string(set) == "1" ? 100000000 : 2000000;
  for (int i = 0; i < count; ++i) {
    // Multipliers and accumulators of few bits make ties.
    int32_t multiplier =
        i % 2 ? static_cast<int32_t>(generator() >> 33)
              : static_cast<int32_t>((1 + generator() % 7) << 28);
    int32_t x = static_cast<int32_t>(generator()) >> (generator() % 31);
    int right = static_cast<int>(generator() % 32);
    int32_t expected = gemmlowp::RoundingDivideByPOT(
        gemmlowp::SaturatingRoundingDoublingHighMul(x, multiplier), right);
    ASSERT_EQ(KernelR1({{multiplier, 31 + right}}).apply(x), expected)
        << x << " " << multiplier << " " << right;
  }
  EXPECT_EQ(gemmlowp::SaturatingRoundingDoublingHighMul(INT32_MIN, INT32_MIN),
            KernelR1({{INT32_MIN, 31}}).apply(INT32_MIN));
}
