//===- ResizeTest.cpp - Resizing of 8-bit images --------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Resize.h"

#include "OperatorTestUtils.h"

#include <algorithm>
#include <cmath>

using namespace hwq::numerics;

namespace {

std::vector<int8_t> bilinear(ResizeVariant variant, const ResizeParams &p,
                             const std::vector<int8_t> &in) {
  std::vector<int8_t> out(
      static_cast<size_t>(p.outputHeight * p.outputWidth * p.channels));
  Result<BilinearResize> resize = deriveResize(variant, p);
  EXPECT_TRUE(static_cast<bool>(resize)) << resize.error();
  if (resize)
    resizeBilinear(*resize, p.inputWidth, p.channels, in.data(), out.data());
  return out;
}

} // namespace

TEST(Resize, SameSizeIsACopy) {
  std::mt19937_64 generator = seededGenerator();
  ResizeParams p{5, 7, 5, 7, 3, false, false};
  std::vector<int8_t> in(5 * 7 * 3);
  for (int8_t &v : in)
    v = static_cast<int8_t>(generator());
  for (ResizeVariant variant : allValues<ResizeVariant>())
    for (int mode = 0; mode < 3; ++mode) {
      p.alignCorners = mode == 1;
      p.halfPixel = mode == 2;
      EXPECT_EQ(bilinear(variant, p, in), in);
    }
  for (int32_t i = 0; i < 7; ++i)
    for (int mode = 0; mode < 3; ++mode)
      EXPECT_EQ(nearestIndex(i, 7, 7, mode == 1, mode == 2), i);
}

// Two pixels to four. A tie between -1 and 0: away from zero, or up.
TEST(Resize, Ties) {
  ResizeParams p{1, 2, 1, 4, 1, false, false};
  EXPECT_EQ(bilinear(ResizeVariant::Tflite, p, {-1, 0}),
            (std::vector<int8_t>{-1, -1, 0, 0}));
  EXPECT_EQ(bilinear(ResizeVariant::TfliteXnnpack, p, {-1, 0}),
            (std::vector<int8_t>{-1, 0, 0, 0}));
  EXPECT_EQ(bilinear(ResizeVariant::Tflite, p, {0, 1}),
            (std::vector<int8_t>{0, 1, 1, 1}));
  // Half pixel: at -1/4, 1/4, 3/4, 5/4.
  p.halfPixel = true;
  for (ResizeVariant variant : allValues<ResizeVariant>())
    EXPECT_EQ(bilinear(variant, p, {0, 40}),
              (std::vector<int8_t>{0, 10, 30, 40}));
  // Corners: at 0, 1/3, 2/3, 1.
  p.halfPixel = false;
  p.alignCorners = true;
  for (ResizeVariant variant : allValues<ResizeVariant>())
    EXPECT_EQ(bilinear(variant, p, {0, 30}),
              (std::vector<int8_t>{0, 10, 20, 30}));
}

TEST(Resize, StaysInsideTheImage) {
  std::mt19937_64 generator = seededGenerator();
  for (int round = 0; round < 500; ++round) {
    auto size = [&] { return 1 + static_cast<int32_t>(generator() % 40); };
    ResizeParams p{size(), size(), size(), size(), 2, false, false};
    p.alignCorners = round % 3 == 1;
    p.halfPixel = round % 3 == 2;
    ASSERT_EQ(checkResize(p), "");
    std::vector<int8_t> in(
        static_cast<size_t>(p.inputHeight * p.inputWidth * 2));
    int8_t least = 127, most = -128;
    for (int8_t &v : in) {
      v = static_cast<int8_t>(generator() % 100);
      least = std::min(least, v);
      most = std::max(most, v);
    }
    for (ResizeVariant variant : allValues<ResizeVariant>())
      for (int8_t v : bilinear(variant, p, in)) {
        ASSERT_GE(v, least);
        ASSERT_LE(v, most);
      }
    for (int32_t i = 0; i < p.outputWidth; ++i) {
      int32_t index = nearestIndex(i, p.inputWidth, p.outputWidth,
                                   p.alignCorners, p.halfPixel);
      ASSERT_GE(index, 0);
      ASSERT_LT(index, p.inputWidth);
    }
  }
}

// TOSA's rounding is that of its kernels: half up, or half away in two steps.
TEST(Resize, Tosa) {
  // 2 -> 4 at o/2: positions 0, 1/2, 1, 3/2 (cut to 1).
  ResizeParams p{1, 2, 1, 4, 1, false, false};
  EXPECT_EQ(bilinear(ResizeVariant::Tosa, p, {-1, 0}),
            (std::vector<int8_t>{-1, 0, 0, 0}));
  // -1/2: half up is 0, the second of two roundings is half away.
  EXPECT_EQ(bilinear(ResizeVariant::TosaDouble, p, {-1, 0}),
            (std::vector<int8_t>{-1, -1, 0, 0}));
  EXPECT_EQ(bilinear(ResizeVariant::Tosa, p, {-2, -1}),
            (std::vector<int8_t>{-2, -1, -1, -1}));
  // Multipliers of 1/9 and 1/36 are no power of two.
  Result<BilinearResize> resize =
      deriveResize(ResizeVariant::Tosa, ResizePositions{3, 1, 0, 3, 7},
                   ResizePositions{12, 4, 0, 3, 7});
  ASSERT_TRUE(static_cast<bool>(resize)) << resize.error();
  EXPECT_EQ(resize->multiplier, 1908874354);
  EXPECT_EQ(resize->shift, 36);
  // Sums beyond 32 bits.
  EXPECT_FALSE(static_cast<bool>(
      deriveResize(ResizeVariant::Tosa, ResizePositions{3000, 3000, 0, 3, 3},
                   ResizePositions{3000, 3000, 0, 3, 3})));
}

TEST(Resize, Alignments) {
  // 4 -> 8: half pixels in lowest terms, corners, plain; and none.
  ResizePositions half{4, 2, -1, 4, 8}, corners{7, 3, 0, 4, 8},
      plain{2, 1, 0, 4, 8}, other{4, 2, 1, 4, 8};
  EXPECT_EQ(findAlignment(half, half), ResizeAlignment::HalfPixel);
  EXPECT_EQ(findAlignment(corners, corners), ResizeAlignment::Corners);
  EXPECT_EQ(findAlignment(plain, plain), ResizeAlignment::Plain);
  EXPECT_EQ(findAlignment(other, other), std::nullopt);
  EXPECT_EQ(findAlignment(half, plain), std::nullopt);
  EXPECT_FALSE(
      static_cast<bool>(deriveResize(ResizeVariant::Tflite, half, plain)));
  // What has no name is exact all the same.
  EXPECT_TRUE(static_cast<bool>(deriveResize(std::nullopt, half, plain)));
}

// Every variant stays within its own bound of the exact value.
TEST(Resize, Error) {
  std::mt19937_64 generator = seededGenerator();
  for (int round = 0; round < 300; ++round) {
    auto size = [&] { return 1 + static_cast<int32_t>(generator() % 60); };
    int32_t ih = size(), iw = size(), oh = size(), ow = size();
    bool half = round % 2;
    ResizePositions rows{half ? 2 * oh : oh, half ? 2 * ih : ih,
                         half ? ih - oh : 0, ih, oh},
        columns{half ? 2 * ow : ow, half ? 2 * iw : iw, half ? iw - ow : 0, iw,
                ow};
    std::vector<int8_t> in(static_cast<size_t>(ih * iw));
    for (int8_t &v : in)
      v = static_cast<int8_t>(generator());
    auto at = [&](int32_t y, int32_t x) {
      return double(in[static_cast<size_t>(std::clamp(y, 0, ih - 1) * iw +
                                           std::clamp(x, 0, iw - 1))]);
    };
    for (ResizeVariant variant : allValues<ResizeVariant>()) {
      Result<BilinearResize> resize = deriveResize(variant, rows, columns);
      ASSERT_TRUE(static_cast<bool>(resize)) << resize.error();
      std::vector<int8_t> out(static_cast<size_t>(oh * ow));
      resizeBilinear(*resize, iw, 1, in.data(), out.data());
      double bound = resizeError(*resize, rows, columns, 255), most = 0;
      for (int32_t y = 0; y < oh; ++y)
        for (int32_t x = 0; x < ow; ++x) {
          double v = (double(y) * double(rows.denominator) +
                      double(rows.offset)) /
                     double(rows.numerator),
                 u = (double(x) * double(columns.denominator) +
                      double(columns.offset)) /
                     double(columns.numerator);
          auto y0 = int32_t(std::floor(v)), x0 = int32_t(std::floor(u));
          double fy = v - y0, fx = u - x0;
          double exact =
              (at(y0, x0) * (1 - fx) + at(y0, x0 + 1) * fx) * (1 - fy) +
              (at(y0 + 1, x0) * (1 - fx) + at(y0 + 1, x0 + 1) * fx) * fy;
          most = std::max(
              most, std::abs(exact - out[static_cast<size_t>(y * ow + x)]));
        }
      ASSERT_LE(most, bound + 1e-9) << stringify(variant) << " " << ih << "x"
                                    << iw << " -> " << oh << "x" << ow;
    }
  }
}

TEST(Resize, Nearest) {
  // 2 -> 4: floor(i/2), RHA(i/3), floor((i + 1/2)/2).
  int32_t expected[3][4] = {{0, 0, 1, 1}, {0, 0, 1, 1}, {0, 0, 1, 1}};
  for (int mode = 0; mode < 3; ++mode)
    for (int32_t i = 0; i < 4; ++i)
      EXPECT_EQ(nearestIndex(i, 2, 4, mode == 1, mode == 2), expected[mode][i]);
  // 4 -> 2: 0, 2; 0, 3; 1, 3.
  EXPECT_EQ(nearestIndex(1, 4, 2, false, false), 2);
  EXPECT_EQ(nearestIndex(1, 4, 2, true, false), 3);
  EXPECT_EQ(nearestIndex(0, 4, 2, false, true), 1);
  EXPECT_EQ(nearestIndex(1, 4, 2, false, true), 3);
  EXPECT_EQ(nearestIndex(0, 4, 1, true, false), 0);
}

TEST(Resize, Errors) {
  EXPECT_NE(checkResize({0, 1, 1, 1, 1, false, false}), "");
  EXPECT_NE(checkResize({1, 1, 1, 32768, 1, false, false}), "");
  EXPECT_NE(checkResize({1, 1, 1, 1, 0, false, false}), "");
  EXPECT_NE(checkResize({1, 1, 1, 1, 1, true, true}), "");
}
