//===- LutTest.cpp - Functions of one code as tables ----------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Lut.h"

#include "OperatorTestUtils.h"

#include <algorithm>
#include <cmath>

using namespace hwq::numerics;

// 4.7d: logistic of scale .05: -10 -> -31, 1 -> 3, 64 -> 118.
TEST(Lut, TfliteLogistic) {
  auto table =
      tfliteLookupTable(logistic, {double(.05f), 0, i8}, {1.0 / 256, -128, i8});
  ASSERT_TRUE(static_cast<bool>(table)) << table.error();
  ASSERT_EQ(table->size(), 256u);
  EXPECT_EQ((*table)[-10 + 128], -31);
  EXPECT_EQ((*table)[1 + 128], 3);
  EXPECT_EQ((*table)[64 + 128], 118);
}

// The rounding is the form's: f = x/2 has ties.
TEST(Lut, FormsRound) {
  auto half = [](double x) { return x / 2; };
  QuantParams in{1, 0, i8}, out{1, 1, i8};
  auto at = [&](QuantizeForm form, int32_t code) {
    return lookupTable(form, half, in, out)->at(size_t(code + 128));
  };
  EXPECT_EQ(at(QuantizeForm::Q1, 1), 1);
  EXPECT_EQ(at(QuantizeForm::Q2, -3), -1);
  EXPECT_EQ(at(QuantizeForm::Q3, 1), 2);
  EXPECT_EQ(at(QuantizeForm::Q3, -1), 0);
  EXPECT_EQ(at(QuantizeForm::Q4, 1), 2);
  EXPECT_EQ(tfliteLookupTable(half, in, out)->at(128 + 1), 2);
  // Saturation, and NaN.
  auto root = [](double x) { return std::sqrt(x) * 100; };
  auto table = lookupTable(QuantizeForm::Q2, root, in, out);
  EXPECT_EQ(table->at(0), 1);
  EXPECT_EQ(table->at(255), 127);
}

// The argument in f32: for s = f32(.1), f32(3 s) is .3 rounded up, 3 s in f64
// is not. A function that tells them apart tells the variants apart.
TEST(Lut, Variants) {
  QuantParams in{double(.1f), 0, i8}, out{1, 0, i8};
  double exact = 3 * double(.1f), rounded = double(3 * .1f);
  ASSERT_NE(exact, rounded);
  auto isRounded = [&](double x) { return x == rounded ? 2.5 : 0.5; };
  auto at = [&](LookupVariant variant, QuantizeForm form) {
    return lookupTable(variant, form, isRounded, in, out)->at(3 + 128);
  };
  EXPECT_EQ(at(LookupVariant::F64, QuantizeForm::Q2), 0);
  EXPECT_EQ(at(LookupVariant::F32, QuantizeForm::Q2), 2);
  EXPECT_EQ(at(LookupVariant::F32, QuantizeForm::Q3), 3);
  // Half away whatever the form.
  EXPECT_EQ(at(LookupVariant::Tflite, QuantizeForm::Q2), 3);
}

// Every code as hardSwish has it; at most 1 beside the real function.
TEST(Lut, HardSwishTable) {
  QuantParams in{.05, 10, i8}, out{.04, -100, i8};
  auto table = hardSwishTable(in, out);
  ASSERT_TRUE(static_cast<bool>(table)) << table.error();
  ASSERT_EQ(table->size(), 256u);
  HardSwishParams params = *deriveHardSwish(in, out);
  for (int32_t q = -128; q < 128; ++q) {
    EXPECT_EQ(table->at(q + 128), hardSwish(params, q));
    double real =
        std::clamp(hardSwish(.05 * (q - 10)) / .04 - 100, -128.0, 127.0);
    EXPECT_NEAR(table->at(q + 128), real, 1.5) << q;
  }
  QuantParams tiny{1e-5, 0, i8};
  EXPECT_FALSE(static_cast<bool>(hardSwishTable(in, tiny)));
}

TEST(Lut, Arrays) {
  auto table = lookupTable(QuantizeForm::Q2, [](double x) { return -x; },
                           {1, 0, i8}, {1, 0, i8});
  int8_t in[3] = {-128, 0, 127}, out[3];
  lookupArray(*table, in, out, 3);
  EXPECT_EQ(out[0], 127);
  EXPECT_EQ(out[1], 0);
  EXPECT_EQ(out[2], -127);
  table = lookupTable(QuantizeForm::Q2, [](double x) { return -x; },
                      {1, 128, u8}, {1, 128, u8});
  uint8_t uin[2] = {0, 200}, uout[2];
  lookupArray(*table, uin, uout, 2);
  EXPECT_EQ(uout[0], 255);
  EXPECT_EQ(uout[1], 56);
  lookupArray({}, uin, uout, 2);
}

TEST(Lut, HardSwishIsCloseToTheRealOne) {
  std::mt19937_64 generator = seededGenerator();
  for (int round = 0; round < 500; ++round) {
    QuantParams in = randomParams(generator, i8, false), out = in;
    out.scale = in.scale * (.6 + double(generator() % 100) / 100);
    out.zeroPoint = static_cast<int64_t>(generator() % 256) - 128;
    auto p = deriveHardSwish(in, out);
    ASSERT_TRUE(static_cast<bool>(p)) << p.error();
    for (int32_t code = -128; code < 128; ++code) {
      double real = hardSwish(in.scale * double(code - in.zeroPoint)) /
                        static_cast<float>(out.scale) +
                    double(out.zeroPoint);
      ASSERT_NEAR(hardSwish(*p, code), std::clamp(real, -128.0, 127.0), 1.01)
          << code;
    }
  }
}

TEST(Lut, HardSwishOfExtremeScales) {
  for (double in : {1e-30, 1e-6, .05, 1.0, 100.0, 1e6, 1e30})
    for (double out : {1e-30, 1e-6, .05, 1.0, 100.0, 1e6, 1e30}) {
      auto p = deriveHardSwish({in, -128, i8}, {out, 127, i8});
      if (p)
        for (int32_t code = -128; code < 128; ++code)
          hardSwish(*p, code);
    }
  EXPECT_FALSE(static_cast<bool>(deriveHardSwish({1, 0, i8}, {.001, 0, i8})));
  EXPECT_FALSE(
      static_cast<bool>(deriveHardSwish({1, 0, {-32768, 32767}}, {1, 0, i8})));
}

TEST(Lut, Softmax) {
  QuantParams out{1.0 / 256, -128, i8};
  std::vector<int32_t> codes = {5, 5, 5, 5}, y(4);
  softmax(.1, 1, out, codes.data(), 4, y.data());
  EXPECT_EQ(y, (std::vector<int32_t>{-64, -64, -64, -64}));
  codes = {127, -128, -128, -128};
  softmax(1, 1, out, codes.data(), 4, y.data());
  EXPECT_EQ(y, (std::vector<int32_t>{127, -128, -128, -128}));
  softmax(1, 1, out, codes.data(), 0, y.data());
}
