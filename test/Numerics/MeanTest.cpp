//===- MeanTest.cpp - Quantized mean over axes ----------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Mean.h"

#include "OperatorTestUtils.h"

#include <algorithm>

using namespace hwq::numerics;

TEST(Mean, MultiplierIsDividedByTheCount) {
  // s = 1: (2^30, shift 30); N = 6: k = 2, floor(2^32/6) = 715827882.
  auto p = deriveMean(MeanVariant::Tflite, {.5, 0, i8}, {.5, 0, i8}, 6);
  ASSERT_TRUE(static_cast<bool>(p)) << p.error();
  EXPECT_EQ(p->multiplier, (Multiplier{715827882, 32}));
  EXPECT_EQ(mean(*p, 6 * 100), 100);
  EXPECT_EQ(mean(*p, -6 * 100), -100);
  // N = 8 divides.
  p = deriveMean(MeanVariant::Tflite, {.5, 0, i8}, {.5, 0, i8}, 8);
  EXPECT_EQ(p->multiplier, (Multiplier{1 << 30, 33}));
}

TEST(Mean, CloseToTheRealMean) {
  std::mt19937_64 generator = seededGenerator();
  for (MeanVariant variant : allValues<MeanVariant>())
    for (int round = 0; round < 300; ++round) {
      // Two roundings, the first of them to 1/2 or less.
      double bound = variant == MeanVariant::Tflite ? .76 : .51;
      QuantParams in = randomParams(generator, i8, false),
                  out = randomParams(generator, i8, false);
      int64_t count = 1 + static_cast<int64_t>(generator() % 5000);
      auto p = deriveMean(variant, in, out, count);
      ASSERT_TRUE(static_cast<bool>(p)) << p.error();
      for (int i = 0; i < 50; ++i) {
        int64_t sum =
            static_cast<int64_t>(generator() % uint64_t(255 * count)) -
            128 * count;
        double real = in.scale * double(sum - in.zeroPoint * count) /
                          double(count) / out.scale +
                      double(out.zeroPoint);
        ASSERT_NEAR(mean(*p, sum), std::clamp(real, -128.0, 127.0), bound)
            << stringify(variant) << " of " << count;
      }
    }
}

TEST(Mean, Ties) {
  auto of = [](MeanVariant variant, int64_t sum) {
    auto p = deriveMean(variant, {1, 0, i8}, {1, 1, i8}, 4);
    return p ? mean(*p, 2 * sum) : -1000;
  };
  // -1.5, -.5, .5, 1.5 and the zero point 1.
  EXPECT_EQ(of(MeanVariant::Tflite, -3), -1);
  EXPECT_EQ(of(MeanVariant::Tflite, -1), 0);
  EXPECT_EQ(of(MeanVariant::Tflite, 1), 2);
  EXPECT_EQ(of(MeanVariant::Snpe, -3), 0);
  EXPECT_EQ(of(MeanVariant::Snpe, -1), 1);
  EXPECT_EQ(of(MeanVariant::Snpe, 1), 2);
  // Inside: -.5, .5, 1.5, 2.5.
  EXPECT_EQ(of(MeanVariant::TfliteXnnpack, -3), 0);
  EXPECT_EQ(of(MeanVariant::TfliteXnnpack, -1), 0);
  EXPECT_EQ(of(MeanVariant::TfliteXnnpack, 1), 2);
  EXPECT_EQ(of(MeanVariant::TfliteXnnpack, 3), 2);
}

TEST(Mean, Errors) {
  QuantParams q{.1, 0, i8};
  for (MeanVariant variant : allValues<MeanVariant>()) {
    EXPECT_FALSE(static_cast<bool>(deriveMean(variant, q, q, 0)));
    EXPECT_FALSE(static_cast<bool>(deriveMean(variant, q, q, -1)));
    EXPECT_FALSE(static_cast<bool>(deriveMean(variant, q, q, INT64_MAX)));
    EXPECT_FALSE(static_cast<bool>(deriveMean(variant, {0, 0, i8}, q, 4)));
    EXPECT_FALSE(static_cast<bool>(deriveMean(variant, q, {NAN, 0, i8}, 4)));
    auto p = deriveMean(variant, q, q, 8388607);
    ASSERT_TRUE(static_cast<bool>(p)) << p.error();
    EXPECT_EQ(mean(*p, INT64_C(127) * 8388607), 127);
    EXPECT_EQ(mean(*p, INT64_MAX / 2), 127);
  }
}
