//===- BiasTest.cpp - Bias in accumulator units ---------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Bias.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>

using namespace hwq::numerics;

TEST(Bias, RoundsHalfAway) {
  for (BiasForm form : {BiasForm::I32, BiasForm::I8Asymmetric}) {
    EXPECT_EQ(*quantizeBias(form, 2.5), 3);
    EXPECT_EQ(*quantizeBias(form, -2.5), -3);
    EXPECT_EQ(*quantizeBias(form, 4240.6), 4241);
    EXPECT_EQ(*quantizeBias(form, 2147483647.4), INT32_MAX);
    EXPECT_EQ(*quantizeBias(form, -2147483648.4), INT32_MIN);
  }
}

TEST(Bias, Errors) {
  for (double bad : {2147483647.5, -2147483648.5, 1e300, double(INFINITY),
                     double(-INFINITY), double(NAN)}) {
    Result<int64_t> r = quantizeBias(BiasForm::I32, bad);
    EXPECT_FALSE(static_cast<bool>(r)) << bad;
    EXPECT_NE(r.error().find("32 bits"), std::string::npos) << r.error();
  }
  EXPECT_FALSE(static_cast<bool>(quantizeBias(BiasForm::F32, 1)));
}

// [-1.8, .5] is the vendor's example: scale 2.3/255, zero point 200.
TEST(Bias, AsymmetricEncoding) {
  double step = 2.3 / 255;
  auto r = quantizeBiasI8Asymmetric({-1.8, -1, 0, .5});
  ASSERT_TRUE(static_cast<bool>(r)) << r.error();
  std::vector<double> expected = {-200 * step, -111 * step, 0, 55 * step};
  ASSERT_EQ(r->size(), 4u);
  for (int i = 0; i < 4; ++i)
    EXPECT_DOUBLE_EQ((*r)[i], expected[i]);
}

TEST(Bias, AsymmetricEncodingOfFewValues) {
  EXPECT_TRUE(quantizeBiasI8Asymmetric({})->empty());
  // One value: 0 belongs to the range too.
  EXPECT_DOUBLE_EQ(quantizeBiasI8Asymmetric({3.0})->at(0), 3.0);
  EXPECT_DOUBLE_EQ(quantizeBiasI8Asymmetric({-3.0})->at(0), -3.0);
  EXPECT_EQ(quantizeBiasI8Asymmetric({0.0, 0.0})->at(1), 0.0);
  EXPECT_FALSE(static_cast<bool>(quantizeBiasI8Asymmetric({0, NAN})));
  EXPECT_FALSE(static_cast<bool>(quantizeBiasI8Asymmetric({0, INFINITY})));
}

TEST(Bias, AsymmetricEncodingIsWithinOneStep) {
  std::mt19937_64 generator = seededGenerator();
  std::normal_distribution<double> normal(.3, 2);
  std::vector<double> bias(300);
  for (double &b : bias)
    b = normal(generator);
  auto [lo, hi] = std::minmax_element(bias.begin(), bias.end());
  double step = (*hi - *lo) / 255;
  auto r = quantizeBiasI8Asymmetric(bias);
  ASSERT_TRUE(static_cast<bool>(r));
  std::vector<double> distinct = *r;
  for (size_t i = 0; i < bias.size(); ++i)
    EXPECT_NEAR((*r)[i], bias[i], step * 1.0001);
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  EXPECT_LE(distinct.size(), 256u);
}
