//===- ResizeTest.cpp - Resizing of 8-bit images --------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Resize.h"

#include "OperatorTestUtils.h"

using namespace hwq::numerics;

namespace {

std::vector<int8_t> bilinear(ResizeVariant variant, const ResizeParams &p,
                             const std::vector<int8_t> &in) {
  std::vector<int8_t> out(
      static_cast<size_t>(p.outputHeight * p.outputWidth * p.channels));
  resizeBilinear(variant, p, in.data(), out.data());
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
