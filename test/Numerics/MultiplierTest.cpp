//===- MultiplierTest.cpp - Integer multipliers for real scales -----------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Multiplier.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>
#include <limits>

using namespace hwq::numerics;

namespace {

using Rule = MultiplierRule;

Multiplier choose(Rule rule, double scale) {
  Result<Multiplier> m = chooseMultiplier(rule, scale);
  EXPECT_TRUE(static_cast<bool>(m)) << stringify(rule) << ": " << m.error();
  return m ? *m : Multiplier{};
}

void expect(Rule rule, double scale, int32_t multiplier, int32_t shift,
            int32_t preShift = 0) {
  Multiplier m = choose(rule, scale);
  EXPECT_EQ(m.multiplier, multiplier) << stringify(rule) << " " << scale;
  EXPECT_EQ(m.shift, shift) << stringify(rule) << " " << scale;
  EXPECT_EQ(m.preShift, preShift) << stringify(rule) << " " << scale;
}

} // namespace

// Reference, section 1.3: FBGEMM's ChooseRequantizationMultiplier.
TEST(MultiplierRules, FbgemmGoldens) {
  expect(Rule::FBGEMM, .1234f, 2119995904, 34);
  expect(Rule::FBGEMM, .0075f, 2061584256, 38);
  expect(Rule::FBGEMM, .5f, 1 << 30, 31);
  expect(Rule::FBGEMM, 1.f / 3, 1431655808, 32);
  expect(Rule::FBGEMM, 1, 1 << 30, 30);
}

// 31-bit values and their shorter forms, from the definition.
TEST(MultiplierRules, Bits) {
  expect(Rule::Bits31, .1234, 2119995857, 34);
  expect(Rule::Bits24, .1234, 2119995904 >> 7, 27);
  expect(Rule::Bits24, 0x1p-32, 1 << 23, 55);
  expect(Rule::Bits24, 1.75, 14680064, 23);
  expect(Rule::Bits16, .1234, 32349, 18); // .9872 * 2^15 = 32348.6
  expect(Rule::Bits16, .99999, 1 << 14, 14);
  expect(Rule::Bits8, .1234, 126, 10); // .9872 * 128 = 126.4
  expect(Rule::Bits8, .999, 64, 6);
  expect(Rule::LiteRTInt16, .1234, 32349, 18);
  expect(Rule::LiteRTInt16, .9999999999, 1 << 14, 14);
  expect(Rule::LiteRTInt16, .99999, 0x7fff, 15); // capped
  expect(Rule::Fixed8_8, 1, 256, 8);
  expect(Rule::Fixed8_8, .05f / .07f, 183, 8); // 182.86
  expect(Rule::Fixed8_8, 2.5 / 256, 2, 8);     // to even
  expect(Rule::Fixed8_8, 128, 32768, 8);
}

TEST(MultiplierRules, PowerOfTwo) {
  expect(Rule::PowerOfTwo, .25, 1, 2);
  expect(Rule::PowerOfTwo, 1, 1, 0);
  expect(Rule::PowerOfTwo, 8, 1, -3);
  expect(Rule::PowerOfTwo, 0x1p-62, 1, 62);
  EXPECT_FALSE(static_cast<bool>(chooseMultiplier(Rule::PowerOfTwo, .3)));
}

// Reference, section 4.8c. .1234: doubled 17 times to 16174.3 at most 15 shifts
// while < 256: 11 give 252.7, 12 give 505.4.
TEST(MultiplierRules, Glow) {
  expect(Rule::Glow, .25, 1, 2);
  expect(Rule::Glow, 4, 4, 0);
  expect(Rule::Glow, 1, 1, 0);
  expect(Rule::Glow, .1234, 505, 12);
  // 1e-6 * 2^19 = .524288 >= 1/2; 8.4 more doublings to 255, 9 allowed.
  expect(Rule::Glow, 1e-6, 268, 19, 9);
  expect(Rule::Glow, 300.25, 300, 0);
  expect(Rule::Glow, 3, 384, 7);
}

// A8: get_scale_and_shift with extreme scales.
TEST(Pitfalls, A8ScaleAndShift) {
  // Document 004's example, never 2119995857 >> 34.
  expect(Rule::TPU32, .1234, 132499741, 30);
  expect(Rule::TPU32, .5, 1, 1);
  expect(Rule::TPU32, 1, 1, 0);
  expect(Rule::TPU32, 1e6, 15625, -6); // the smallest n that is exact
  expect(Rule::TPU32, 0x1p33, 2, -32);
  // The limit is 127 on every machine, whatever a char is.
  expect(Rule::TPU8, .1234, 63, 9); // .12305; 126 >> 10 is as far, and later
  expect(Rule::TPU8, 126, 63, -1);
  expect(Rule::TPU8, 127, 1, -7); // 128: 127 itself is beyond the limit
  for (Rule rule : {Rule::TPU32, Rule::TPU8}) {
    for (double bad :
         {0., 1e-12, 5e-324, double(INFINITY), double(NAN), 1e300, -1.})
      EXPECT_FALSE(static_cast<bool>(chooseMultiplier(rule, bad))) << bad;
    EXPECT_TRUE(static_cast<bool>(chooseMultiplier(rule, 1e6)));
    EXPECT_TRUE(static_cast<bool>(chooseMultiplier(rule, 1e-9)));
  }
}

// Reference, section 4.10e.
TEST(MultiplierRules, CV18xx) {
  expect(Rule::CV18xx, .1234, 2119995904, 31 + 3);
  EXPECT_EQ(cv18xxScale(1, 0, 127, 1), .999999f);
  EXPECT_EQ(cv18xxScale(.5f, 0, 1, 1), .5f / 127);
  // The bias needs 1e8 * 127 / (2^31 * .998) of the output threshold.
  EXPECT_EQ(cv18xxScale(1e-6f, 1e7f, 1, 1),
            static_cast<float>(1e7 * 127 / (0x7fffffff * .998)));
  EXPECT_EQ(cv18xxScale(1e-6f, 1e9f, 1, 1), 1e-6f / 127); // would be >= 1
  expect(Rule::CV18xx8, 1, 64, 6);
  expect(Rule::CV18xx8, .3, 76, 8); // 76.8 truncated
  expect(Rule::CV18xx8, 127, 127, 0);
  expect(Rule::CV18xx8, 63.5, 63, 0);
}

// Reference, section 4.5c; and the row `snpe` of section 1.6.
TEST(MultiplierRules, Hexagon) {
  expect(Rule::Hexagon, 255. / 260100, 2105376, 31);
  expect(Rule::Hexagon, 255. / 83684, 6543763, 31);
  double step = (2.3 / 255) * (1.25 / 255);
  Result<Multiplier> m =
      hexagonMultiplier(-145 * 3.7 / 255, 110 * 3.7 / 255, step);
  ASSERT_TRUE(static_cast<bool>(m)) << m.error();
  EXPECT_EQ(m->multiplier, 6543763);
  Result<int32_t> offset = hexagonOffset(.25, -145 * 3.7 / 255, step);
  ASSERT_TRUE(static_cast<bool>(offset)) << offset.error();
  EXPECT_EQ(*offset, 53240);
  EXPECT_FALSE(static_cast<bool>(hexagonMultiplier(0, 255, 1)));
  EXPECT_TRUE(static_cast<bool>(hexagonMultiplier(0, 256, 1)));
  EXPECT_FALSE(static_cast<bool>(hexagonMultiplier(0, 1, 0)));
  EXPECT_FALSE(static_cast<bool>(hexagonMultiplier(0, NAN, 1)));
  EXPECT_FALSE(static_cast<bool>(hexagonOffset(0, -1, 1e-10)));
  EXPECT_FALSE(static_cast<bool>(hexagonOffset(0, -1, 0)));
}

class EveryRule : public testing::TestWithParam<Rule> {};
INSTANTIATE_TEST_SUITE_P(MultiplierRules, EveryRule,
                         testing::ValuesIn(allValues<Rule>()),
                         [](const auto &info) {
                           return std::string(stringify(info.param));
                         });

// The stated range is exact: both ends have a multiplier, their neighbours
// outside do not.
TEST_P(EveryRule, RangeIsExact) {
  ScaleRange range = representableScales(GetParam());
  EXPECT_TRUE(static_cast<bool>(chooseMultiplier(GetParam(), range.smallest)));
  EXPECT_TRUE(static_cast<bool>(chooseMultiplier(GetParam(), range.largest)));
  for (double outside : {std::nextafter(range.smallest, 0.),
                         std::nextafter(range.largest, 1e300), 0., -0., 5e-324,
                         -1., double(INFINITY), -double(INFINITY), double(NAN),
                         std::numeric_limits<double>::max()}) {
    Result<Multiplier> m = chooseMultiplier(GetParam(), outside);
    EXPECT_FALSE(static_cast<bool>(m)) << outside;
    EXPECT_FALSE(m.error().empty());
  }
}

// Within the bound for every scale, and the bound is not idle.
TEST_P(EveryRule, ErrorIsWithinTheBound) {
  std::mt19937_64 generator = seededGenerator();
  ScaleRange range = representableScales(GetParam());
  int lowest = std::ilogb(range.smallest), highest = std::ilogb(range.largest);
  double closest = 0;
  for (int i = 0; i < 200000; ++i) {
    double scale = std::ldexp(
        GetParam() == Rule::PowerOfTwo
            ? 1
            : 1 + static_cast<double>(generator() >> 12) * 0x1p-52,
        lowest + static_cast<int>(generator() %
                                  static_cast<uint64_t>(highest - lowest + 1)));
    scale = std::min(std::max(scale, range.smallest), range.largest);
    Multiplier m = choose(GetParam(), scale);
    ASSERT_GT(m.multiplier, 0) << scale;
    double error = relativeError(m, scale);
    double bound = relativeErrorBound(GetParam(), scale);
    ASSERT_LE(error, bound) << scale;
    if (bound > 0)
      closest = std::max(closest, error / bound);
  }
  if (GetParam() != Rule::PowerOfTwo)
    EXPECT_GT(closest, .5);
}

// A longer multiplier is never worse.
TEST(MultiplierRules, MoreBitsAreMoreExact) {
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 10000; ++i) {
    double scale = std::exp2(-static_cast<double>(generator() % 10000) * 1e-3);
    double e31 = relativeError(choose(Rule::Bits31, scale), scale);
    double e16 = relativeError(choose(Rule::Bits16, scale), scale);
    double e8 = relativeError(choose(Rule::Bits8, scale), scale);
    ASSERT_LE(e31, e16) << scale;
    ASSERT_LE(e16, e8) << scale;
  }
}

TEST(MultiplierRules, OfKernels) {
  for (RequantizeKernel kernel : allValues<RequantizeKernel>()) {
    Result<MultiplierRule> rule = multiplierRuleOf(kernel);
    bool integer = !isFloatKernel(kernel) && kernel != RequantizeKernel::Real;
    EXPECT_EQ(static_cast<bool>(rule), integer) << stringify(kernel);
    Result<Multiplier> m = chooseMultiplier(kernel, .25);
    EXPECT_EQ(static_cast<bool>(m), integer) << stringify(kernel);
    EXPECT_FALSE(static_cast<bool>(chooseMultiplier(kernel, NAN)));
    EXPECT_FALSE(static_cast<bool>(chooseMultiplier(kernel, -1.)));
    if (!m)
      continue;
    EXPECT_LE(relativeError(*m, .25), relativeErrorBound(kernel, .25));
    EXPECT_LE(relativeError(*m, .25), relativeErrorBound(kernel));
  }
  // An all-zero channel.
  EXPECT_EQ(chooseMultiplier(RequantizeKernel::R7, 0.)->multiplier, 0);
  EXPECT_FALSE(static_cast<bool>(chooseMultiplier(RequantizeKernel::R6, 0.)));
}

// The order and precision of each engine: values for which they differ.
TEST(MultiplierRules, CombinedScales) {
  float sx = .0123f, sw = .0456f, sy = .0789f;
  double f64 = double(sx) * double(sw) / double(sy);
  double f32 = double(sx * sw / sy);
  EXPECT_NE(f64, f32);
  auto combine = [&](RequantizeKernel k) {
    return combineScales(k, double(sx), double(sw), double(sy));
  };
  EXPECT_EQ(combine(RequantizeKernel::R1), f64);
  EXPECT_EQ(combine(RequantizeKernel::R12), f64);
  EXPECT_EQ(combine(RequantizeKernel::R4), f32);
  EXPECT_EQ(combine(RequantizeKernel::R13), f32);
  EXPECT_EQ(combine(RequantizeKernel::R14), double(sx * sw));
  // TFLite's uint8 kernels: one rounding, between the two.
  double mixed = double(sx * sw) / double(sy);
  EXPECT_NE(mixed, f64);
  EXPECT_NE(mixed, f32);
  for (RequantizeKernel k : allValues<RequantizeKernel>())
    EXPECT_EQ(
        combineScales(k, double(sx), double(sw), double(sy), ScaleProduct::F32),
        dividesProduct(k) ? mixed : combine(k))
        << stringify(k);
  EXPECT_EQ(combineScales(RequantizeKernel::R7, .0123, .0456, .0789),
            double(float(.0123 * .0456 / .0789)));
}
