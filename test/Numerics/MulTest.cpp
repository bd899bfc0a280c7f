//===- MulTest.cpp - Quantized multiplication -----------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Mul.h"

#include "OperatorTestUtils.h"

#include <algorithm>

using namespace hwq::numerics;

namespace {

MulParams derive(MulVariant variant, QuantParams a, QuantParams b,
                 QuantParams out) {
  Result<MulParams> p = deriveMul(variant, a, b, out);
  EXPECT_TRUE(static_cast<bool>(p)) << p.error();
  return p ? *p : MulParams{};
}

} // namespace

TEST(Mul, AllPairs) {
  std::mt19937_64 generator = seededGenerator();
  int rounds = isExhaustive() ? 100 : 2;
  for (MulVariant variant : allValues<MulVariant>())
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE(stringify(variant));
      bool pot = variant == MulVariant::Dpu;
      auto random = [&](Grid grid) {
        return randomParams(generator, grid, pot);
      };
      MulParams p = derive(variant, random(u8), random(u8), random(u8));
      if (round % 2)
        p.requantize.lo = 20, p.requantize.hi = 200;
      expectAllPairs<uint8_t>(
          [&](int32_t a, int32_t b) { return mul(p, a, b); },
          [&](const uint8_t *a, const uint8_t *b, uint8_t *y, size_t n) {
            mulArray(p, a, b, y, n);
          });
      p = derive(variant, random(i8), random(i8), random(i8));
      expectAllPairs<int8_t>([&](int32_t a, int32_t b) { return mul(p, a, b); },
                             [&](const int8_t *a, const int8_t *b, int8_t *y,
                                 size_t n) { mulArray(p, a, b, y, n); });
    }
}

TEST(Mul, CloseToTheRealProduct) {
  std::mt19937_64 generator = seededGenerator();
  for (MulVariant variant : allValues<MulVariant>()) {
    SCOPED_TRACE(stringify(variant));
    // A 7-bit multiplier is off by up to 1/126 of 255 codes.
    double bound = variant == MulVariant::SophgoBm1684x ? 2.6
                   : variant == MulVariant::Tflite      ? 1.01 // two roundings
                                                        : .51;
    for (int round = 0; round < 10; ++round) {
      QuantParams p[3];
      for (QuantParams &q : p)
        q = randomParams(generator, u8, variant == MulVariant::Dpu);
      MulParams params = derive(variant, p[0], p[1], p[2]);
      for (int i = 0; i < 65536; i += 7) {
        int a = i >> 8, b = i & 255;
        double real = p[0].scale * double(a - p[0].zeroPoint) * p[1].scale *
                          double(b - p[1].zeroPoint) / p[2].scale +
                      double(p[2].zeroPoint);
        ASSERT_NEAR(mul(params, a, b), std::clamp(real, 0.0, 255.0), bound)
            << a << " " << b;
      }
    }
  }
}

// A product of 1, -1, 3, -3 halves.
TEST(Mul, Ties) {
  auto product = [](MulVariant variant, int32_t a, int64_t z) {
    return mul(derive(variant, {1, 0, i8}, {1, 0, i8}, {2, z, i8}), a, 1);
  };
  // R1 rounds the high half up: 1/2 -> 1, -1/2 -> 0, -3/2 -> -1.
  for (MulVariant variant :
       {MulVariant::Tflite, MulVariant::Snpe, MulVariant::Tvm, MulVariant::Dpu,
        MulVariant::SophgoBm1684x}) {
    SCOPED_TRACE(stringify(variant));
    EXPECT_EQ(product(variant, 1, 0), 1);
    EXPECT_EQ(product(variant, -1, 0), 0);
    EXPECT_EQ(product(variant, 3, 0), 2);
    EXPECT_EQ(product(variant, -3, 0), -1);
  }
  for (MulVariant variant : {MulVariant::TfliteXnnpack, MulVariant::Fbgemm,
                             MulVariant::Float, MulVariant::OnnxRuntime}) {
    SCOPED_TRACE(stringify(variant));
    EXPECT_EQ(product(variant, 1, 0), 0);
    EXPECT_EQ(product(variant, -1, 0), 0);
    EXPECT_EQ(product(variant, 3, 0), 2);
    EXPECT_EQ(product(variant, -3, 0), -2);
  }
  EXPECT_EQ(product(MulVariant::Nnpi, 1, 0), 1);
  EXPECT_EQ(product(MulVariant::Nnpi, -1, 0), -1);
  // The zero point inside (ONNX Runtime) or after the rounding.
  EXPECT_EQ(product(MulVariant::OnnxRuntime, 1, 1), 2);
  EXPECT_EQ(product(MulVariant::TfliteXnnpack, 1, 1), 1);
  EXPECT_EQ(product(MulVariant::Nnpi, -1, 1), 0);
}

// Recorded from ONNX Runtime 1.32's QLinearMul: scales 0.5, 0.25 and 1.
TEST(Mul, OnnxRuntimeRecorded) {
  MulParams p =
      derive(MulVariant::OnnxRuntime, {.5, -3, i8}, {.25, 5, i8}, {1, 7, i8});
  int32_t a[] = {-128, -7, -6, -5, -4, 0, 3, 4, 5, 6, 60, 127},
          b[] = {127, 3, 3, 3, 3, -3, -1, -1, -1, -1, 50, 127},
          y[] = {-128, 8, 8, 8, 7, 4, 2, 2, 1, 0, 127, 127};
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(mul(p, a[i], b[i]), y[i]) << i;
}

// LiteRT 2.3 computes the ratio of the scales in f32; in f64 this pair, among
// others, comes out one lower.
TEST(Mul, TfliteRatioIsF32) {
  MulParams p =
      derive(MulVariant::Tflite, {1.0000001192092896, 46, i8},
             {0.3214559555053711, 39, i8}, {20.573183059692383, -126, i8});
  EXPECT_EQ(mul(p, 47, -56), -127);
}

// Recorded from LiteRT 2.3's default engine: XNNPACK does not take a scale
// below 2^-16, where LiteRT's own kernel rounds the ties 224 * 157 and 192 *
// 204 away.
TEST(Mul, XnnpackLeavesScalesToLiteRT) {
  QuantParams a{0x1p-4, -128, i8}, b{0x1p-5, -128, i8};
  MulParams p = derive(MulVariant::TfliteXnnpack, a, b, {137.375, 0, i8});
  EXPECT_EQ(p.variant, MulVariant::Tflite);
  EXPECT_EQ(mul(p, 96, 29), 1);
  EXPECT_EQ(mul(p, 95, 29), 0);
  p = derive(MulVariant::TfliteXnnpack, a, b, {153, 0, i8});
  EXPECT_EQ(mul(p, 64, 76), 1);
  // 2^-16 itself: to even.
  p = derive(MulVariant::TfliteXnnpack, a, b, {128, 0, i8});
  EXPECT_EQ(p.variant, MulVariant::TfliteXnnpack);
  EXPECT_EQ(mul(p, 0, 127), 0); // 128 * 255
  EXPECT_EQ(mul(p, 127, 127), 1);
}

// FBGEMM multiplies by the reciprocal of the output scale, XNNPACK divides.
TEST(Mul, ReciprocalOrQuotient) {
  QuantParams a{double(.05f), 0, u8}, y{double(.06f), 0, u8};
  float product = .05f * .05f;
  EXPECT_EQ(derive(MulVariant::Fbgemm, a, a, y).requantize.scales[0],
            double(product * (1.0f / .06f)));
  EXPECT_EQ(derive(MulVariant::TfliteXnnpack, a, a, y).requantize.scales[0],
            double(product / .06f));
}

// D7: powers of two need a shift only.
TEST(Mul, D7PowersOfTwoStayShifts) {
  MulParams p = derive(MulVariant::Dpu, {0x1p-4, 0, i8}, {0x1p-5, 0, i8},
                       {0x1p-6, 0, i8});
  EXPECT_EQ(p.requantize.kernel, RequantizeKernel::R6);
  EXPECT_EQ(p.requantize.multipliers[0], (Multiplier{1, 3}));
  EXPECT_EQ(mul(p, 10, 10), 13); // 12.5
  EXPECT_EQ(mul(p, -10, 10), -12);
  // A finer output: a shift to the left.
  p = derive(MulVariant::Dpu, {1, 0, i8}, {1, 0, i8}, {.25, 0, i8});
  EXPECT_EQ(mul(p, 3, 4), 48);
  EXPECT_EQ(mul(p, 127, 127), 127);
}

TEST(Mul, Errors) {
  QuantParams q{.1, 3, u8};
  for (MulVariant variant : allValues<MulVariant>()) {
    SCOPED_TRACE(stringify(variant));
    EXPECT_FALSE(static_cast<bool>(deriveMul(variant, {0, 3, u8}, q, q)));
    EXPECT_FALSE(static_cast<bool>(deriveMul(variant, q, {NAN, 3, u8}, q)));
    EXPECT_FALSE(static_cast<bool>(deriveMul(variant, q, q, {.1, 256, u8})));
    Grid i16{-32768, 32767};
    EXPECT_FALSE(static_cast<bool>(
        deriveMul(variant, {.1, -32768, i16}, {.1, -32768, i16}, q)));
    for (double s : {1e-37, 1e-12, 1e-6, 1e6, 1e12, 1e37}) {
      auto p = deriveMul(variant, {s, 3, u8}, q, q);
      if (p)
        mul(*p, 255, 255);
      p = deriveMul(variant, q, q, {s, 3, u8});
      if (p)
        mul(*p, 255, 0);
    }
  }
  EXPECT_FALSE(static_cast<bool>(deriveMul(MulVariant::Dpu, q, q, q)));
}
