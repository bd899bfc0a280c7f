//===- ConcatTest.cpp - Codes on another grid -----------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Concat.h"

#include "OperatorTestUtils.h"

#include <algorithm>

using namespace hwq::numerics;

namespace {

ConcatParams derive(ConcatVariant variant, QuantParams in, QuantParams out) {
  Result<ConcatParams> p = deriveConcat(variant, in, out);
  EXPECT_TRUE(static_cast<bool>(p)) << p.error();
  return p ? *p : ConcatParams{};
}

} // namespace

TEST(Concat, ArrayEqualsScalarAndTheRealValue) {
  std::mt19937_64 generator = seededGenerator();
  for (ConcatVariant variant : allValues<ConcatVariant>()) {
    SCOPED_TRACE(stringify(variant));
    bool pot = variant == ConcatVariant::Dpu;
    for (int round = 0; round < 50; ++round) {
      QuantParams in = randomParams(generator, u8, pot),
                  out = randomParams(generator, u8, pot);
      if (variant == ConcatVariant::Copy)
        out = in;
      ConcatParams p = derive(variant, in, out);
      if (round % 2)
        p.lo = 20, p.hi = 200;
      std::vector<uint8_t> codes(600), got(600);
      for (size_t i = 0; i < codes.size(); ++i)
        codes[i] = static_cast<uint8_t>(i);
      rescaleArray(p, codes.data(), got.data(), codes.size());
      std::vector<uint8_t> part(20);
      rescaleArray(p, codes.data() + 100, part.data(), part.size());
      // Of up to 255 codes: multipliers of 8 bits and less, and Hexagon's zero
      // point within a step of the input.
      double bound = .51;
      if (p.variant == ConcatVariant::Tflite ||
          p.variant == ConcatVariant::TfliteRuy)
        bound = 1.01; // two roundings
      else if (variant == ConcatVariant::TfliteXnnpack)
        bound = .51 + 255 / 512.0;
      else if (variant == ConcatVariant::SophgoBm1684x)
        bound = 2.6;
      else if (variant == ConcatVariant::SophgoCv18xx)
        bound = 4.6;
      else if (variant == ConcatVariant::Hexagon)
        bound = .6 + .5 * in.scale / out.scale;
      // Its union range holds every input: gain at most one, offset not
      // negative.
      bool valid =
          variant != ConcatVariant::Hexagon ||
          (in.scale <= out.scale && in.scale * double(in.zeroPoint) <=
                                        out.scale * double(out.zeroPoint));
      for (size_t i = 0; i < codes.size(); ++i) {
        ASSERT_EQ(got[i], rescale(p, codes[i])) << i;
        double real = in.scale * double(codes[i] - in.zeroPoint) / out.scale +
                      double(out.zeroPoint);
        if (valid)
          ASSERT_NEAR(got[i], std::clamp<double>(real, p.lo, p.hi), bound) << i;
      }
      for (size_t i = 0; i < part.size(); ++i)
        ASSERT_EQ(part[i], got[100 + i]);
    }
  }
}

TEST(Concat, EqualParametersAreACopy) {
  std::mt19937_64 generator = seededGenerator();
  for (ConcatVariant variant : allValues<ConcatVariant>()) {
    // A 15-bit gain of at most 32767/32768, an 8-bit one of 127/128: small
    // codes only.
    if (variant == ConcatVariant::Hexagon)
      continue;
    SCOPED_TRACE(stringify(variant));
    for (Grid grid : {u8, i8}) {
      QuantParams q =
          randomParams(generator, grid, variant == ConcatVariant::Dpu);
      ConcatParams p = derive(variant, q, q);
      for (int64_t code = grid.qmin; code <= grid.qmax; ++code)
        ASSERT_EQ(rescale(p, static_cast<int32_t>(code)), code);
    }
  }
}

TEST(Concat, Ties) {
  QuantParams one{1, 0, i8}, two{2, 1, i8};
  auto codes = [&](ConcatVariant variant) {
    ConcatParams p = derive(variant, one, two);
    return std::vector<int32_t>{rescale(p, -3), rescale(p, -1), rescale(p, 1),
                                rescale(p, 3)};
  };
  using V = std::vector<int32_t>;
  // -1.5, -0.5, 0.5, 1.5, and the zero point 1.
  V halfUp{0, 1, 2, 3}, even{-1, 1, 1, 3};
  EXPECT_EQ(codes(ConcatVariant::Tflite), halfUp);
  EXPECT_EQ(codes(ConcatVariant::Snpe), halfUp);
  EXPECT_EQ(codes(ConcatVariant::TfliteXnnpack), halfUp);
  EXPECT_EQ(codes(ConcatVariant::Dpu), halfUp);
  EXPECT_EQ(codes(ConcatVariant::SophgoBm1684x), halfUp);
  EXPECT_EQ(codes(ConcatVariant::OnnxRuntime), even);
  EXPECT_EQ(codes(ConcatVariant::Fbgemm), even);
  EXPECT_EQ(codes(ConcatVariant::FbgemmNchw), even);
  // Inside the rounding: -0.5, 0.5, 1.5, 2.5.
  EXPECT_EQ(codes(ConcatVariant::Nnpi), (V{0, 0, 2, 2}));
  EXPECT_EQ(codes(ConcatVariant::Tengine), (V{-1, 1, 2, 3}));
}

// LiteRT's optimized kernels round the second time half up: -1.5 after -2.5.
TEST(Concat, TfliteEngines) {
  QuantParams one{1, 0, i8}, four{4, 0, i8};
  ConcatParams reference = derive(ConcatVariant::Tflite, one, four),
               ruy = derive(ConcatVariant::TfliteRuy, one, four);
  int32_t codes[] = {-10, -6, -5, -2, 1, 2, 5},
          away[] = {-3, -2, -1, -1, 1, 1, 2}, up[] = {-2, -1, -1, 0, 1, 1, 2};
  for (int i = 0; i < 7; ++i) {
    EXPECT_EQ(rescale(reference, codes[i]), away[i]) << codes[i];
    EXPECT_EQ(rescale(ruy, codes[i]), up[i]) << codes[i];
  }
}

// Recorded from LiteRT 2.3's default engine. XNNPACK does not take a ratio
// below 2^-8 (the rounded multiplier would be 1/256), nor one above 128.
TEST(Concat, XnnpackLeavesRatiosToLiteRT) {
  QuantParams out{.5, 3, i8};
  ConcatParams p =
      derive(ConcatVariant::TfliteXnnpack, {double(.0019f), -128, i8}, out);
  EXPECT_EQ(p.variant, ConcatVariant::TfliteRuy);
  EXPECT_EQ(rescale(p, 0), 3);
  EXPECT_EQ(rescale(p, 3), 3);
  p = derive(ConcatVariant::TfliteXnnpack, {double(.0019f), 127, i8}, out);
  EXPECT_EQ(rescale(p, -5), 3); // 2 by the reference kernel
  p = derive(ConcatVariant::TfliteXnnpack, {200, 5, i8}, {1, 3, i8});
  EXPECT_EQ(p.variant, ConcatVariant::TfliteRuy);
  int32_t codes[] = {-128, 4, 5, 6}, expected[] = {-128, -128, 3, 127};
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(rescale(p, codes[i]), expected[i]);
  // The ends.
  for (double scale : {0x1p-9, 64.}) {
    p = derive(ConcatVariant::TfliteXnnpack, {scale, 0, i8}, {.5, 0, i8});
    EXPECT_EQ(p.variant, ConcatVariant::TfliteXnnpack);
    EXPECT_EQ(p.multiplier, (Multiplier{scale < 1 ? 1 : 32768, 8}));
  }
}

// A ratio that no multiplier of 31 bits expresses is 0, as in LiteRT; one for
// which codes would wrap is an error.
TEST(Concat, ExtremeRatios) {
  for (ConcatVariant variant : {ConcatVariant::Tflite, ConcatVariant::TfliteRuy,
                                ConcatVariant::Snpe, ConcatVariant::Tvm}) {
    ConcatParams p = derive(variant, {1e-12, 3, u8}, {1, 7, u8});
    EXPECT_EQ(rescale(p, 255), 7);
  }
  EXPECT_NE(
      deriveConcat(ConcatVariant::Tflite, {0x1p25, 0, u8}, {1, 0, u8}).error(),
      "");
  EXPECT_EQ(
      deriveConcat(ConcatVariant::Tflite, {0x1p22, 0, u8}, {1, 0, u8}).error(),
      "");
}

// Recorded from ONNX Runtime 1.32's QLinearConcat: scales 0.1 and 0.07 to 0.2.
TEST(Concat, OnnxRuntimeRecorded) {
  QuantParams out{double(.2f), 7, i8};
  ConcatParams p =
      derive(ConcatVariant::OnnxRuntime, {double(.1f), -3, i8}, out);
  int32_t a[] = {-128, -7, -6, -5, -4, 0, 3, 4, 5, 6, 60, 127},
          ya[] = {-55, 5, 5, 6, 7, 9, 10, 11, 11, 11, 39, 72};
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(rescale(p, a[i]), ya[i]) << i;
  p = derive(ConcatVariant::OnnxRuntime, {double(.07f), 5, i8}, out);
  int32_t b[] = {127, 3, -3, -1, 50}, yb[] = {50, 6, 4, 5, 23};
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(rescale(p, b[i]), yb[i]) << i;
}

// 4.5d: gain RHA(2^15 * .05/.1) = 16384, offset RHA((-1 + 4)/.05) = 60.
TEST(Concat, Hexagon) {
  ConcatParams p = derive(ConcatVariant::Hexagon, {.05, 20, u8}, {.1, 40, u8});
  EXPECT_EQ(p.multiplier, (Multiplier{16384, 15}));
  EXPECT_EQ(p.offset, 60);
  EXPECT_EQ(rescale(p, 20), 40);
  EXPECT_EQ(rescale(p, 21), 41); // 40.5, half up
  EXPECT_EQ(rescale(p, 255), 158);
  // Equal ranges: 32767/32768.
  p = derive(ConcatVariant::Hexagon, {.05, 20, u8}, {.05, 20, u8});
  EXPECT_EQ(p.multiplier, (Multiplier{32767, 15}));
  EXPECT_EQ(rescale(p, 255), 255);
}

TEST(Concat, Errors) {
  QuantParams q{.1, 3, u8};
  for (ConcatVariant variant : allValues<ConcatVariant>()) {
    SCOPED_TRACE(stringify(variant));
    EXPECT_FALSE(static_cast<bool>(deriveConcat(variant, {0, 3, u8}, q)));
    EXPECT_FALSE(static_cast<bool>(deriveConcat(variant, q, {NAN, 3, u8})));
    EXPECT_FALSE(static_cast<bool>(deriveConcat(variant, {.1, 256, u8}, q)));
    for (double s : {1e-37, 1e-12, 1e-6, 1e6, 1e12, 1e37})
      for (bool front : {false, true}) {
        auto p = front ? deriveConcat(variant, {s, 3, u8}, q)
                       : deriveConcat(variant, q, {s, 3, u8});
        if (p) {
          rescale(*p, 255);
          rescale(*p, 0);
        }
      }
  }
  // LiteRT refuses other parameters, too.
  EXPECT_NE(deriveConcat(ConcatVariant::Copy, q, {.1, 4, u8}).error(), "");
  EXPECT_NE(deriveConcat(ConcatVariant::Copy, q, {.2, 3, u8}).error(), "");
  EXPECT_NE(deriveConcat(ConcatVariant::Dpu, q, {.07, 3, u8}).error(), "");
  EXPECT_NE(deriveConcat(ConcatVariant::Hexagon, {.1, 3, i8}, q).error(), "");
}
