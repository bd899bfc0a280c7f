//===- AvgPoolTest.cpp - Quantized average pooling ------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/AvgPool.h"

#include "OperatorTestUtils.h"

using namespace hwq::numerics;

static int32_t pool(int64_t sum, int32_t n, int32_t z = 0, int32_t lo = -1000,
                    int32_t hi = 1000) {
  return averagePool(AvgPoolVariant::RoundHalfAway, sum, n, z, lo, hi);
}

TEST(AvgPool, TiesGoAwayFromZero) {
  EXPECT_EQ(pool(2, 4), 1);
  EXPECT_EQ(pool(-2, 4), -1);
  EXPECT_EQ(pool(1, 4), 0);
  EXPECT_EQ(pool(-1, 4), 0);
  EXPECT_EQ(pool(6, 4), 2);
  EXPECT_EQ(pool(-6, 4), -2);
}

// The zero point is added after the rounding, not before.
TEST(AvgPool, ZeroPointAndClamp) {
  EXPECT_EQ(pool(-2, 4, 10), 9);
  EXPECT_EQ(pool(2, 4, 10), 11);
  EXPECT_EQ(pool(-100, 4, 10, 0, 255), 0);
  EXPECT_EQ(pool(1000, 4, 10, 0, 255), 255);
  EXPECT_EQ(pool(0, 4, 3, 5, 255), 5);
  EXPECT_EQ(pool(17, 0, 3, 0, 255), 3);
}

TEST(AvgPool, EqualsRoundedQuotient) {
  for (int32_t n = 1; n <= 121; ++n)
    for (int64_t sum = -3000; sum <= 3000; ++sum) {
      // Exact: a tie is a multiple of 1/2, and no other quotient is within
      // 1/242 of one.
      double mean = std::round(static_cast<double>(sum) / n);
      ASSERT_EQ(pool(sum, n, 0, INT32_MIN, INT32_MAX), mean) << sum << "/" << n;
    }
}

TEST(AvgPool, LargeSums) {
  EXPECT_EQ(pool((int64_t(1) << 40) + 1, 1 << 30, 0, 0, 5000), 1024);
  EXPECT_EQ(pool(int64_t(1) << 61, 1, 0, INT32_MIN, INT32_MAX), INT32_MAX);
}

namespace {

AvgPoolParams derive(AvgPoolVariant variant, QuantParams in, QuantParams out,
                     int32_t h, int32_t w) {
  Result<AvgPoolParams> p = deriveAvgPool(variant, in, out, h, w);
  EXPECT_TRUE(static_cast<bool>(p)) << p.error();
  return p ? *p : AvgPoolParams{};
}

/// Same parameters in and out, a 2x2 window of these codes.
int32_t pool4(AvgPoolVariant variant, QuantParams q,
              std::vector<int32_t> codes) {
  return averagePoolOf(derive(variant, q, q, 2, 2), codes.data(),
                       static_cast<int32_t>(codes.size()), 4);
}

} // namespace

// Of 4.9: the DPU's factors.
TEST(AvgPool, DpuFactors) {
  struct {
    int32_t h, w;
    Multiplier m;
  } table[] = {{3, 3, {7, 6}}, {5, 5, {10, 8}},    {6, 6, {7, 8}},
               {3, 6, {7, 8}}, {6, 3, {7, 8}},     {7, 7, {21, 10}},
               {2, 2, {1, 2}}, {14, 14, {21, 12}}, {4, 4, {1, 4}},
               {8, 8, {1, 6}}, {1, 1, {1, 0}},     {2, 1, {1, 1}},
               {1, 3, {85, 8}}};
  for (const auto &row : table) {
    Multiplier m = dpuPoolFactor(row.h, row.w);
    EXPECT_EQ(m.multiplier, row.m.multiplier) << row.h << "x" << row.w;
    EXPECT_EQ(m.shift, row.m.shift) << row.h << "x" << row.w;
  }
  // Every other window: within half a step of 2^-M, M < ceil(log2(128 k)).
  for (int32_t h = 1; h <= 40; ++h)
    for (int32_t w = 1; w <= 40; ++w) {
      if ((h == 6 || h == 3) && (w == 6 || w == 3))
        continue;
      Multiplier m = dpuPoolFactor(h, w);
      EXPECT_NEAR(std::ldexp(m.multiplier, -m.shift) * h * w, 1, .05)
          << h << "x" << w;
    }
}

// 4.9: 3x3 windows of ones of scale 2^-4 to 2^-6: 9*7/64*4 = 3.94.
TEST(AvgPool, Dpu) {
  AvgPoolParams p =
      derive(AvgPoolVariant::Dpu, {0x1p-4, 0, i8}, {0x1p-6, 0, i8}, 3, 3);
  EXPECT_EQ(averagePool(p, 9, 9, 9), 4);
  EXPECT_EQ(averagePool(p, 900, 9, 9), 127);
  // Half up: 8/4 * 2^-2 = 0.5.
  p = derive(AvgPoolVariant::Dpu, {1, 0, i8}, {4, 0, i8}, 2, 2);
  EXPECT_EQ(averagePool(p, 8, 4, 4), 1);
  EXPECT_EQ(averagePool(p, -8, 4, 4), 0);
  EXPECT_EQ(averagePool(p, -9, 4, 4), -1);
}

// Ties of each variant: the mean of the codes' differences is 1/2 or -1/2, the
// zero point odd.
TEST(AvgPool, TiesOfEveryVariant) {
  QuantParams q{.5, 3, i8};
  std::vector<int32_t> up = {4, 4, 3, 3}, down = {2, 2, 3, 3};
  struct {
    AvgPoolVariant variant;
    int32_t up, down;
  } table[] = {{AvgPoolVariant::RoundHalfAway, 4, 2},
               {AvgPoolVariant::Tflite, 4, 3}, // 3.5 and 2.5 of the codes
               {AvgPoolVariant::OnnxRuntime, 4, 2},
               {AvgPoolVariant::OnnxRuntimeGlobal, 3, 3},
               {AvgPoolVariant::Fbgemm, 3, 3},
               {AvgPoolVariant::FbgemmNchw, 4, 2},
               {AvgPoolVariant::FbgemmAdaptive, 4, 2},
               {AvgPoolVariant::Tvm, 3, 3},
               {AvgPoolVariant::Hexagon, 4, 3},
               {AvgPoolVariant::Nnpi, 4, 3}, // 3.5 and 2.5 away
               {AvgPoolVariant::SophgoBm1684xAsymmetric, 4, 3},
               {AvgPoolVariant::Tengine, 4, 2},
               {AvgPoolVariant::Float, 3, 3}};
  for (const auto &row : table) {
    SCOPED_TRACE(stringify(row.variant));
    EXPECT_EQ(pool4(row.variant, q, up), row.up);
    EXPECT_EQ(pool4(row.variant, q, down), row.down);
  }
  // Sophgo's symmetric ones, and the DPU: half up, zero point 0.
  q.zeroPoint = 0;
  for (AvgPoolVariant variant :
       {AvgPoolVariant::SophgoBm1684x, AvgPoolVariant::SophgoCv18xx,
        AvgPoolVariant::Dpu}) {
    SCOPED_TRACE(stringify(variant));
    EXPECT_EQ(pool4(variant, q, {1, 1, 0, 0}), 1);
    EXPECT_EQ(pool4(variant, q, {-1, -1, 0, 0}), 0);
  }
}

// B4: padding in the divisor, and only there.
TEST(AvgPool, B4PaddingInTheDivisor) {
  QuantParams q{.5, 100, u8};
  for (AvgPoolVariant variant :
       {AvgPoolVariant::Fbgemm, AvgPoolVariant::FbgemmNchw, AvgPoolVariant::Tvm,
        AvgPoolVariant::OnnxRuntime, AvgPoolVariant::Nnpi,
        AvgPoolVariant::SophgoBm1684xAsymmetric, AvgPoolVariant::Float}) {
    SCOPED_TRACE(stringify(variant));
    AvgPoolParams p = derive(variant, q, q, 3, 3);
    // Four valid taps of 9, each 90 steps above zero: 360/9 = 40.
    std::vector<int32_t> codes = {190, 190, 190, 190};
    EXPECT_EQ(averagePoolOf(p, codes.data(), 4, 9), 140);
  }
  for (AvgPoolVariant variant :
       {AvgPoolVariant::RoundHalfAway, AvgPoolVariant::Tflite,
        AvgPoolVariant::Hexagon, AvgPoolVariant::Fbgemm}) {
    SCOPED_TRACE(stringify(variant));
    AvgPoolParams p = derive(variant, q, q, 3, 3);
    std::vector<int32_t> codes = {190, 190, 190, 190};
    EXPECT_EQ(averagePoolOf(p, codes.data(), 4, 4), 190);
  }
}

// 4.5d: the reciprocal of 15 bits. 32768/9 = 3640; 9*200*3640 = 199.95 * 2^15.
TEST(AvgPool, Hexagon) {
  QuantParams q{.5, 7, u8};
  AvgPoolParams p = derive(AvgPoolVariant::Hexagon, q, q, 3, 3);
  EXPECT_EQ(averagePool(p, 9 * 200, 9, 9), 200);
  EXPECT_EQ(averagePool(p, 200, 1, 1), 200); // times 32767
  EXPECT_EQ(averagePool(p, 255 * 49, 49, 49), 255);
  // 111 taps: 295/32768 is 0.07 % low.
  EXPECT_EQ(averagePool(p, 111 * 255, 111, 111), 255);
}

// The recorded factor of ResNet-20's pool (TPU-MLIR), 8x8.
TEST(AvgPool, Sophgo) {
  EXPECT_EQ(derive(AvgPoolVariant::SophgoBm1684x, {0.07336780313725491, 0, u8},
                   {0.016378539215686272, 0, u8}, 8, 8)
                .multiplier,
            (Multiplier{9, 7}));
  EXPECT_EQ(derive(AvgPoolVariant::SophgoCv18xx, {0.14731330551181104, 0, i8},
                   {0.03288604330708661, 0, i8}, 8, 8)
                .multiplier,
            (Multiplier{71, 10}));
}

// Recorded from ONNX Runtime 1.32: QLinearAveragePool of 2x2 windows of a
// larger image, and of one window that is the whole image (as
// QLinearGlobalAveragePool).
TEST(AvgPool, OnnxRuntimeRecorded) {
  QuantParams in{double(.1f), -3, i8}, out{double(.1f), 7, i8};
  int32_t windows[6][4] = {{-128, 127, 3, 5}, {1, 2, 3, 5},     {1, 2, 3, 4},
                           {-1, -2, -3, -4},  {-5, -2, -3, -4}, {7, 8, 7, 8}};
  int32_t some[] = {12, 13, 12, 8, 6, 18}, whole[] = {12, 13, 13, 7, 7, 17};
  AvgPoolParams p = derive(AvgPoolVariant::OnnxRuntime, in, out, 2, 2),
                global =
                    derive(AvgPoolVariant::OnnxRuntimeGlobal, in, out, 2, 2);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(averagePoolOf(p, windows[i], 4, 4), some[i]) << i;
    EXPECT_EQ(averagePoolOf(global, windows[i], 4, 4), whole[i]) << i;
  }
  EXPECT_EQ(variantOfWholeInput(AvgPoolVariant::OnnxRuntime),
            AvgPoolVariant::OnnxRuntimeGlobal);
  EXPECT_EQ(variantOfWholeInput(AvgPoolVariant::Float), AvgPoolVariant::Float);
}

// ONNX Runtime adds dequantized values one after the other: not the rounded
// sum.
TEST(AvgPool, OrderOfDequantizedCodes) {
  EXPECT_TRUE(dependsOnOrder(AvgPoolVariant::OnnxRuntime));
  QuantParams q{double(.1f), 0, i8};
  AvgPoolParams p = derive(AvgPoolVariant::OnnxRuntime, q, q, 2, 2);
  int differs = 0;
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 20000; ++i) {
    int32_t codes[4], sum = 0;
    for (int32_t &code : codes)
      sum += code = static_cast<int32_t>(generator() % 256) - 128;
    int32_t got = averagePoolOf(p, codes, 4, 4);
    ASSERT_NEAR(got, sum / 4.0, .5 + 1e-4);
    differs += got != averagePool(p, sum, 4, 4);
  }
  EXPECT_GT(differs, 0);
}

TEST(AvgPool, ArrayEqualsScalar) {
  std::mt19937_64 generator = seededGenerator();
  for (AvgPoolVariant variant : allValues<AvgPoolVariant>()) {
    SCOPED_TRACE(stringify(variant));
    bool pot = variant == AvgPoolVariant::Dpu;
    for (int round = 0; round < 20; ++round) {
      QuantParams in = randomParams(generator, u8, pot),
                  out = keepsParameters(variant)
                            ? in
                            : randomParams(generator, u8, pot);
      int32_t h = 1 + int32_t(generator() % 7),
              w = 1 + int32_t(generator() % 7),
              taps = 1 + int32_t(generator() % uint64_t(h * w)),
              divisor = round % 2 ? taps : h * w;
      AvgPoolParams p = derive(variant, in, out, h, w);
      std::vector<int32_t> sums;
      for (int32_t s = 0; s <= 255 * taps; s += 3)
        sums.push_back(s);
      std::vector<uint8_t> got(sums.size());
      averagePoolArray(p, sums.data(), sums.size(), taps, divisor, got.data());
      for (size_t i = 0; i < sums.size(); ++i) {
        ASSERT_EQ(got[i], averagePool(p, sums[i], taps, divisor)) << sums[i];
        // The real value, but for truncation and small multipliers.
        double real = in.scale * double(sums[i] - in.zeroPoint * taps) /
                          divisor / out.scale +
                      double(out.zeroPoint);
        bool padded =
            taps != divisor && (variant == AvgPoolVariant::Tflite ||
                                variant == AvgPoolVariant::Hexagon ||
                                variant == AvgPoolVariant::FbgemmAdaptive);
        bool coarse = variant == AvgPoolVariant::Dpu ||
                      variant == AvgPoolVariant::SophgoBm1684x ||
                      variant == AvgPoolVariant::SophgoCv18xx ||
                      variant == AvgPoolVariant::Nnpi ||
                      variant == AvgPoolVariant::SophgoBm1684xAsymmetric;
        if (!padded && !coarse)
          ASSERT_NEAR(got[i], std::fmin(std::fmax(real, 0), 255), 1.001)
              << sums[i];
      }
    }
  }
}

TEST(AvgPool, Errors) {
  QuantParams q{.1, 3, u8}, other{.2, 3, u8};
  for (AvgPoolVariant variant : allValues<AvgPoolVariant>()) {
    SCOPED_TRACE(stringify(variant));
    auto fails = [&](QuantParams a, QuantParams b, int32_t h = 2,
                     int32_t w = 2) {
      return !deriveAvgPool(variant, a, b, h, w);
    };
    EXPECT_TRUE(fails({0, 3, u8}, q));
    EXPECT_TRUE(fails(q, {INFINITY, 3, u8}));
    EXPECT_TRUE(fails({.1, 300, u8}, q));
    EXPECT_TRUE(fails(q, q, 0));
    EXPECT_TRUE(fails(q, q, 2, 40000));
    if (keepsParameters(variant))
      EXPECT_TRUE(fails(q, other));
    auto p = deriveAvgPool(variant, {.125, 3, u8}, {.125, 3, u8}, 2, 2);
    ASSERT_TRUE(static_cast<bool>(p)) << p.error();
    p->lo = 5;
    EXPECT_EQ(averagePool(*p, 0, 0, 0), 5);
    EXPECT_EQ(averagePoolOf(*p, nullptr, 0, 0), 5);
    averagePool(*p, INT32_MAX, 4, 4);
    averagePool(*p, INT32_MIN, 4, 4);
  }
  EXPECT_TRUE(
      !deriveAvgPool(AvgPoolVariant::Dpu, {.3, 0, i8}, {.2, 0, i8}, 2, 2));
}
