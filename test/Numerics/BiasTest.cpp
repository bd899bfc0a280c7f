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

TEST(Bias, Roundings) {
  EXPECT_EQ(*quantizeBias(BiasForm::I32, 2.5, Rounding::RNE), 2);
  EXPECT_EQ(*quantizeBias(BiasForm::I32, -3.5, Rounding::RNE), -4);
  EXPECT_EQ(*quantizeBias(BiasForm::I32, -3.5, Rounding::RTZ), -3);
  EXPECT_EQ(*quantizeBias(BiasForm::I16, -2.5), -3);
}

// E1: a bias beyond its integer is an error, never clipped (the example of
// ONNX Runtime's PR 22020).
TEST(Bias, E1OverflowIsAnError) {
  Result<int64_t> r = quantizeBias(BiasForm::I32, 5 / (.5 * 7.84e-10));
  EXPECT_FALSE(static_cast<bool>(r));
  EXPECT_NE(r.error().find("32 bits"), std::string::npos) << r.error();
  r = quantizeBias(BiasForm::I16, 32767.5);
  EXPECT_FALSE(static_cast<bool>(r));
  EXPECT_NE(r.error().find("16 bits"), std::string::npos) << r.error();
  EXPECT_EQ(*quantizeBias(BiasForm::I16, -32768.4), -32768);
}

TEST(Bias, PowerOfTwoFormsHaveAScaleOfTheirOwn) {
  for (BiasForm form : {BiasForm::I8Pot, BiasForm::I8PotShifted})
    EXPECT_FALSE(static_cast<bool>(quantizeBias(form, 1)));
}

// 1.6's dpu row: 0.25 with 8 fraction bits is 64, shifted left by 5.
TEST(Bias, I8Pot) {
  auto bias = quantizeBiasI8Pot({.25, -.25, 10, -10, 1.5 / 256, -1.5 / 256}, 8);
  ASSERT_TRUE(static_cast<bool>(bias)) << bias.error();
  EXPECT_EQ(bias->codes, (std::vector<int8_t>{64, -64, 127, -128, 2, -2}));
  EXPECT_EQ(*alignPotBias(64, bias->fractionBits, 6 + 7), 64 << 5);
  // To the right, toward minus infinity.
  EXPECT_EQ(*alignPotBias(5, 8, 6), 1);
  EXPECT_EQ(*alignPotBias(-5, 8, 6), -2);
  EXPECT_EQ(*alignPotBias(-5, 100, 0), -1);
  EXPECT_FALSE(static_cast<bool>(alignPotBias(127, 0, 30)));
  EXPECT_EQ(*alignPotBias(-1, 0, 31), INT32_MIN);
  EXPECT_FALSE(static_cast<bool>(alignPotBias(1, 0, INT32_MAX)));
  EXPECT_FALSE(static_cast<bool>(quantizeBiasI8Pot({NAN}, 8)));
  EXPECT_FALSE(static_cast<bool>(quantizeBiasI8Pot({1}, 65)));
}

// 1.6's tvm row: 0.25 is clipped to 127 of 2^-9, shifted left by 2.
TEST(Bias, I8PotShifted) {
  auto bias = quantizeBiasI8PotShifted({.25, -.1});
  ASSERT_TRUE(static_cast<bool>(bias)) << bias.error();
  EXPECT_EQ(bias->fractionBits, 9);
  EXPECT_EQ(bias->codes, (std::vector<int8_t>{127, -51}));
  EXPECT_EQ(*alignPotBias(127, 9, 4 + 7), 508);
  EXPECT_EQ(quantizeBiasI8PotShifted({.26})->fractionBits, 8);
  EXPECT_EQ(quantizeBiasI8PotShifted({-3})->codes[0], -96);
  EXPECT_EQ(quantizeBiasI8PotShifted({0, 0})->codes[1], 0);
  EXPECT_TRUE(quantizeBiasI8PotShifted({})->codes.empty());
  for (double bad : {double(NAN), double(INFINITY), 1e300})
    EXPECT_FALSE(static_cast<bool>(quantizeBiasI8PotShifted({1, bad})));
  EXPECT_FALSE(static_cast<bool>(quantizeBiasI8PotShifted({1e-300})));
}

TEST(Bias, Cv18xx) {
  // 2.5 goes to even.
  const float w[] = {1, 1.25f, -100, 100, NAN};
  int8_t codes[] = {1, 1, 1, 1, 1};
  cv18xxWeights(w, 5, 1, 1, {0, 31}, codes);
  for (int8_t code : codes)
    EXPECT_EQ(code, 0);
  EXPECT_EQ(cv18xxBias(1, 1, {0, 31}), 0);
  // m * 2^-31 = 1/2: a weight of 1 is 2 codes, clipped at 127.
  Multiplier half{1 << 30, 31};
  cv18xxWeights(w, 5, 1, 1, half, codes);
  const int8_t expected[] = {2, 2, -127, 127, 0};
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(codes[i], expected[i]);
  // Every length of a tail, against the definition.
  std::vector<float> weights;
  for (int i = -300; i < 300; ++i)
    weights.push_back(static_cast<float>(i) * 0.17f);
  std::vector<int8_t> many(weights.size());
  Multiplier m{1234567891, 32};
  float factor = std::ldexp(0.75f / 1.25f, 32) / 1234567891.0f;
  for (size_t count = 0; count < weights.size(); count += 1 + count / 8) {
    cv18xxWeights(weights.data(), count, 0.75f, 1.25f, m, many.data());
    for (size_t i = 0; i < count; ++i)
      EXPECT_EQ(many[i], std::clamp(std::nearbyint(weights[i] * factor),
                                    -127.0f, 127.0f));
  }
  EXPECT_EQ(cv18xxBias(1, 127, half), 2);
  EXPECT_EQ(cv18xxBias(1e30f, 1, half), INT32_MAX);
}
