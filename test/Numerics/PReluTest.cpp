//===- PReluTest.cpp - Leaky relus on codes -------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/PRelu.h"

#include "OperatorTestUtils.h"

#include <cmath>

using namespace hwq::numerics;

namespace {

std::vector<int32_t> everyNinth(LookupVariant variant, float slope,
                                QuantParams in, QuantParams out) {
  in.scale = static_cast<float>(in.scale);
  out.scale = static_cast<float>(out.scale);
  Result<std::vector<int32_t>> table =
      leakyReluTable(variant, RequantizeKernel::R1, slope, in, out);
  EXPECT_TRUE(static_cast<bool>(table)) << table.error();
  std::vector<int32_t> result;
  for (size_t i = 0; table && i < table->size(); i += 9)
    result.push_back((*table)[i]);
  return result;
}

} // namespace

// Recorded from LiteRT 2.3: every ninth code from -128 on.
TEST(PRelu, LeakyReluOfLiteRT) {
  using Codes = std::vector<int32_t>;
  EXPECT_EQ(
      everyNinth(LookupVariant::Tflite, .1f, {.05, -10, i8}, {.04, 20, i8}),
      (Codes{5,  6,  7,  8,  10, 11, 12,  13,  14,  15,  16,  17,  19,  20, 30,
             41, 53, 64, 75, 86, 98, 109, 120, 127, 127, 127, 127, 127, 127}));
  EXPECT_EQ(
      everyNinth(LookupVariant::TfliteXnnpack, .1f, {.05, -10, i8},
                 {.04, 20, i8}),
      (Codes{5,  6,  8,  9,  10, 11, 12,  13,  14,  15,  17,  18,  19,  20, 30,
             41, 53, 64, 75, 86, 98, 109, 120, 127, 127, 127, 127, 127, 127}));
  EXPECT_EQ(
      everyNinth(LookupVariant::Tflite, .3f, {.03, 0, i8}, {.07, -128, i8}),
      (Codes{-128, -128, -128, -128, -128, -128, -128, -128, -128, -128,
             -128, -128, -128, -128, -128, -125, -121, -117, -113, -109,
             -105, -102, -98,  -94,  -90,  -86,  -82,  -78,  -75}));
  EXPECT_EQ(everyNinth(LookupVariant::TfliteXnnpack, .3f, {.03, 0, i8},
                       {.07, -128, i8}),
            (Codes{-128, -128, -128, -128, -128, -128, -128, -128, -128, -128,
                   -128, -128, -128, -128, -128, -125, -121, -117, -113, -110,
                   -106, -102, -98,  -94,  -90,  -86,  -82,  -79,  -75}));
}

TEST(PRelu, SlopesOfLiteRT) {
  auto f = [](double v) { return double(static_cast<float>(v)); };
  Result<PReluParams> p = derivePRelu(RequantizeKernel::R1, {f(.05), -10, i8},
                                      {f(.004), 0, i8}, {f(.03), 20, i8});
  ASSERT_TRUE(static_cast<bool>(p)) << p.error();
  const int32_t slopes[] = {-128, 0, 20, 127};
  const int32_t expected[] = {121, 20,  7,   -57, 90,  20,  11,  -27, 59, 20,
                              16,  4,   29,  20,  33,  48,  63,  78,  93, 108,
                              123, 127, 127, 127, 127, 127, 127, 127, 127};
  for (int32_t i = 0; i < 29; ++i)
    EXPECT_EQ(prelu(*p, 9 * i - 128, slopes[9 * i % 4]), expected[i]) << i;
}

// The factors are those of f32: the quotient, and the quotient of a product.
TEST(PRelu, CloseToTheRealFunction) {
  std::mt19937_64 generator = seededGenerator();
  for (int round = 0; round < 200; ++round) {
    QuantParams in = randomParams(generator, i8, false),
                out = randomParams(generator, i8, false), slope{.005, 0, i8};
    Result<PReluParams> p = derivePRelu(RequantizeKernel::R1, in, slope, out);
    ASSERT_TRUE(static_cast<bool>(p)) << p.error();
    for (int32_t code = -128; code < 128; code += 5)
      for (int32_t s : {-128, -7, 0, 1, 127}) {
        double x = in.scale * double(code - in.zeroPoint);
        double y =
            (x < 0 ? x * .005 * s : x) / out.scale + double(out.zeroPoint);
        y = std::min(std::max(y, -128.0), 127.0);
        ASSERT_NEAR(prelu(*p, code, s), y, .76);
      }
  }
}

// LiteRT's own kernel runs where XNNPACK does not take the scales.
TEST(PRelu, BeyondXnnpack) {
  QuantParams q{.125, 0, i8};
  for (auto [slope, scale] : {std::pair(.001f, .125), std::pair(.1f, 64.)}) {
    auto a = leakyReluTable(LookupVariant::TfliteXnnpack, RequantizeKernel::R1,
                            slope, q, {scale, 0, i8}),
         b = leakyReluTable(LookupVariant::Tflite, RequantizeKernel::R1, slope,
                            q, {scale, 0, i8});
    ASSERT_TRUE(a && b);
    EXPECT_EQ(*a, *b);
  }
}

TEST(PRelu, Errors) {
  QuantParams q{.1, 0, i8};
  auto isError = [&](LookupVariant variant, float slope, double out) {
    return !leakyReluTable(variant, RequantizeKernel::R1, slope, q,
                           {out, 0, i8});
  };
  EXPECT_TRUE(isError(LookupVariant::Tflite, -.1f, .1));
  EXPECT_TRUE(isError(LookupVariant::Tflite, NAN, .1));
  EXPECT_FALSE(isError(LookupVariant::Tflite, 0, .1));
  EXPECT_FALSE(isError(LookupVariant::TfliteXnnpack, -.1f, .1));
  // Not in XNNPACK, and then not in LiteRT's own kernel.
  EXPECT_TRUE(isError(LookupVariant::TfliteXnnpack, -.001f, .1));
  EXPECT_FALSE(
      static_cast<bool>(derivePRelu(RequantizeKernel::R4, q, {.01, 0, i8}, q)));
  EXPECT_FALSE(
      static_cast<bool>(derivePRelu(RequantizeKernel::R1, q, {0, 0, i8}, q)));
}
