//===- PreprocessTest.cpp - From pixels to a network's input ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Preprocess.h"
#include "TestFiles.h"
#include <cmath>
#include <random>

using namespace llvm;
using namespace hwq::runtime;
using namespace hwq::test;

static Tensor randomImage(int64_t height, int64_t width, int64_t channels) {
  Tensor image = Tensor::allocate(DType::U8, {height, width, channels});
  std::mt19937 random(height * 1000 + width);
  for (uint8_t &v : image.mutableValues<uint8_t>())
    v = random();
  return image;
}

/// The definition, in long double and pixel by pixel.
static long double exactBilinear(const Tensor &image, int64_t height,
                                 int64_t width, int64_t y, int64_t x,
                                 int64_t c) {
  auto tap = [](int64_t d, int64_t in, int64_t out, int64_t &low,
                int64_t &high) {
    long double at = (d + 0.5L) * in / out - 0.5L;
    at = std::max(at, 0.0L);
    low = static_cast<int64_t>(std::floor(at));
    high = std::min(low + 1, in - 1);
    return at - low;
  };
  int64_t top, bottom, left, right;
  long double wy = tap(y, image.dim(0), height, top, bottom);
  long double wx = tap(x, image.dim(1), width, left, right);
  auto at = [&](int64_t row, int64_t column) -> long double {
    return image
        .data<uint8_t>()[(row * image.dim(1) + column) * image.dim(2) + c];
  };
  return (1 - wy) * ((1 - wx) * at(top, left) + wx * at(top, right)) +
         wy * ((1 - wx) * at(bottom, left) + wx * at(bottom, right));
}

TEST(Preprocess, ResizeIsTheNearestInteger) {
  struct Case {
    int64_t height, width, newHeight, newWidth, channels;
  } cases[] = {{5, 7, 11, 3, 3}, {32, 32, 64, 64, 3}, {64, 48, 31, 17, 1},
               {1, 1, 4, 5, 3},  {3, 100, 3, 50, 4},  {99, 2, 7, 9, 3},
               {8, 8, 4, 4, 3},  {13, 13, 1, 1, 3}};
  for (const Case &k : cases) {
    Tensor image = randomImage(k.height, k.width, k.channels);
    Tensor resized = resizeBilinear(image, {k.newHeight, k.newWidth});
    ASSERT_EQ(resized.shape(),
              ArrayRef<int64_t>({k.newHeight, k.newWidth, k.channels}));
    const uint8_t *got = resized.data<uint8_t>();
    for (int64_t y = 0; y < k.newHeight; ++y)
      for (int64_t x = 0; x < k.newWidth; ++x)
        for (int64_t c = 0; c < k.channels; ++c, ++got) {
          long double exact =
              exactBilinear(image, k.newHeight, k.newWidth, y, x, c);
          // Within rounding noise of a tie either integer may come out of the
          // definition in floats; ties themselves are tested below.
          if (std::fabs(exact - std::floor(exact) - 0.5L) < 1e-12L)
            continue;
          ASSERT_EQ(*got, std::lround(exact))
              << y << ' ' << x << ' ' << c << ' ' << (double)exact;
        }
  }
}

TEST(Preprocess, ResizeTiesGoToEven) {
  // Halving: the mean of four pixels; 2/4, 6/4 and 10/4 are ties.
  Tensor image = Tensor::fromValues<uint8_t>(
      {0, 1, 1, 2, 2, 3, 1, 0, 2, 1, 3, 2}, {2, 6, 1});
  Tensor half = resizeBilinear(image, {1, 3});
  EXPECT_EQ(half.values<uint8_t>(), ArrayRef<uint8_t>({0, 2, 2}));
}

TEST(Preprocess, ResizeKeepsAConstantAndTheSameSize) {
  Tensor image = Tensor::allocate(DType::U8, {37, 41, 3});
  for (uint8_t &v : image.mutableValues<uint8_t>())
    v = 255;
  Tensor resized = resizeBilinear(image, {1000, 13});
  for (uint8_t v : resized.values<uint8_t>())
    ASSERT_EQ(v, 255);
  Tensor random = randomImage(6, 6, 3);
  EXPECT_EQ(resizeBilinear(random, {6, 6}).values<uint8_t>(),
            random.values<uint8_t>());
}

TEST(Preprocess, Sizes) {
  PreprocessOptions options;
  auto size = [&](int64_t height, int64_t width) {
    Expected<ImageSize> s = preprocessedSize({height, width}, options);
    return s ? std::to_string(s->height) + "x" + std::to_string(s->width)
             : toString(s.takeError());
  };
  EXPECT_EQ(size(10, 20), "10x20");
  options.resize = cantFail(parseResize("256"));
  EXPECT_EQ(size(375, 500), "256x341"); // 341.33
  EXPECT_EQ(size(500, 375), "341x256");
  EXPECT_EQ(size(300, 300), "256x256");
  EXPECT_HAS(size(1, 65535), "sides are 1 to 65535");
  options.crop = ImageSize{224, 224};
  EXPECT_EQ(size(375, 500), "224x224");
  options.resize = cantFail(parseResize("100x300"));
  EXPECT_EQ(size(375, 500), "--crop=224x224 does not fit into 100x300");
  EXPECT_HAS(size(0, 5), "the image is empty");
}

TEST(Preprocess, Parsing) {
  EXPECT_EQ(cantFail(parseResize("256")).shorterSide, 256);
  EXPECT_EQ(cantFail(parseResize("224x320")).size, (ImageSize{224, 320}));
  EXPECT_EQ(cantFail(parseCrop("1x65535")), (ImageSize{1, 65535}));
  for (StringRef bad : {"", "0", "-1", "x", "224x", "x224", "1x2x3", "65536",
                        "224 x 224", "a", "99999999999999999999"})
    EXPECT_EQ(message(parseResize(bad)),
              ("--resize expects N (the shorter side) or HxW, sizes 1 to "
               "65535, got '" +
               bad + "'")
                  .str());
  EXPECT_EQ(message(parseCrop("224")),
            "--crop expects HxW, sizes 1 to 65535, got '224'");
  EXPECT_EQ(cantFail(parseColorOrder("bgr")), ColorOrder::BGR);
  EXPECT_EQ(message(parseColorOrder("BRG")),
            "--color expects rgb or bgr, got 'BRG'");
  EXPECT_EQ(
      cantFail(parseChannelValues("123.675, 116.28,-1e2", "--mean", false)),
      (std::vector<float>{123.675f, 116.28f, -100.0f}));
  for (StringRef bad : {"", "1,,2", "nan", "1,inf", "1;2", "1e39", "1,2,"})
    EXPECT_EQ(message(parseChannelValues(bad, "--mean", false)),
              ("--mean expects one finite number, or one per channel separated "
               "by commas, got '" +
               bad + "'")
                  .str());
  for (StringRef bad : {"0", "1,-1", "1e-60"})
    EXPECT_HAS(message(parseChannelValues(bad, "--std", true)),
               "--std expects one positive number");
}

TEST(Preprocess, PixelsNeedADecision) {
  PreprocessOptions options;
  EXPECT_HAS(message(checkPreprocessOptions(options, 3)),
             "pixel data needs --mean and --std");
  options.raw = true;
  EXPECT_EQ(message(checkPreprocessOptions(options, 3)), "");
  options.mean = {1};
  EXPECT_HAS(message(checkPreprocessOptions(options, 3)), "--raw excludes");
  options.raw = false;
  EXPECT_EQ(message(checkPreprocessOptions(options, 3)), "");
  options.mean = {1, 2};
  EXPECT_EQ(message(checkPreprocessOptions(options, 3)),
            "--mean expects 1 or 3 values for pixels of 3 channels, got 2");
  options.mean = {};
  options.stdDev = {1, 0, 1};
  EXPECT_EQ(message(checkPreprocessOptions(options, 3)),
            "--std expects positive numbers");
  options.stdDev = {2};
  options.color = ColorOrder::BGR;
  EXPECT_HAS(message(checkPreprocessOptions(options, 1)), "3 channels, got 1");
}

TEST(Preprocess, ChainAndLayouts) {
  Tensor image = randomImage(5, 8, 3);
  const uint8_t *pixels = image.data<uint8_t>();
  PreprocessOptions options;
  options.crop = ImageSize{2, 3}; // top 1, left 2: floor of 1.5 and 2.5
  options.mean = {123.675f, 116.28f, 103.53f};
  options.stdDev = {58.395f, 57.12f, 57.375f};
  for (ColorOrder color : {ColorOrder::RGB, ColorOrder::BGR})
    for (ImageLayout layout : {ImageLayout::NCHW, ImageLayout::NHWC}) {
      options.color = color;
      std::vector<float> out(18, -1.0f);
      ASSERT_EQ(message(preprocessImage(image, options, layout, out)), "");
      for (int c = 0; c < 3; ++c)
        for (int y = 0; y < 2; ++y)
          for (int x = 0; x < 3; ++x) {
            int from = color == ColorOrder::BGR ? 2 - c : c;
            float v = pixels[((1 + y) * 8 + 2 + x) * 3 + from];
            // Mean and std belong to the model's channel, after the swap.
            float want = (v - options.mean[c]) / options.stdDev[c];
            int at = layout == ImageLayout::NCHW ? (c * 2 + y) * 3 + x
                                                 : (y * 3 + x) * 3 + c;
            EXPECT_EQ(out[at], want) << c << ' ' << y << ' ' << x;
          }
    }
  std::vector<float> wrong(17);
  EXPECT_HAS(message(preprocessImage(image, options, ImageLayout::NCHW, wrong)),
             "expected room for 18 elements, got 17");
}

TEST(Preprocess, RawIsTheByteAndOneValueServesAllChannels) {
  Tensor image = Tensor::fromValues<uint8_t>({0, 128, 255, 7}, {2, 2, 1});
  PreprocessOptions options;
  options.raw = true;
  std::vector<float> out(4);
  ASSERT_EQ(message(preprocessImage(image, options, ImageLayout::NHWC, out)),
            "");
  EXPECT_EQ(out, (std::vector<float>{0, 128, 255, 7}));
  options.raw = false;
  options.stdDev = {255};
  Tensor color = Tensor::fromValues<uint8_t>({255, 0, 51}, {1, 1, 3});
  out.resize(3);
  ASSERT_EQ(message(preprocessImage(color, options, ImageLayout::NCHW, out)),
            "");
  EXPECT_EQ(out, (std::vector<float>{1, 0, 51.0f / 255.0f}));
}
