//===- PreprocessTest.cpp - From pixels to a network's input ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Preprocess.h"
#include "TestFiles.h"
#include "llvm/ADT/STLExtras.h"
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

TEST(Preprocess, ResizeEqualsPillow) {
  struct Case {
    int64_t height, width, channels, newHeight, newWidth;
    std::vector<uint8_t> resized;
  } cases[] = {
      // Image.resize(..., Image.BILINEAR) of Pillow 11.3.0, modes L, RGB and
      // CMYK (four channels without alpha).
      {5, 7, 3, 3, 4, {134, 86,  208, 158, 114, 141, 193, 118, 91,
                       185, 95,  149, 178, 142, 154, 169, 125, 131,
                       128, 142, 134, 125, 110, 135, 156, 155, 108,
                       150, 149, 132, 103, 135, 85,  78,  132, 137}},
      {4, 3, 1, 7, 5, {0,   21,  53,  123, 170, 43,  59,  82,  148,
                       192, 111, 119, 128, 188, 228, 132, 134, 136,
                       183, 215, 139, 136, 131, 166, 189, 108, 96,
                       78,  106, 125, 89,  71,  45,  69,  85}},
      {6, 5, 4, 6, 2, {108, 138, 129, 124, 163, 112, 113, 118, 215, 127,
                       172, 153, 142, 156, 199, 98,  133, 111, 209, 152,
                       194, 91,  108, 141, 124, 144, 57,  157, 137, 167,
                       90,  109, 189, 171, 126, 120, 165, 66,  123, 115,
                       144, 112, 144, 89,  71,  50,  172, 127}},
      {6, 5, 4, 4, 5, {79,  122, 136, 170, 174, 168, 164, 149, 198, 80,
                       121, 57,  151, 173, 164, 145, 127, 100, 136, 99,
                       164, 171, 158, 173, 141, 109, 197, 174, 186, 60,
                       193, 103, 161, 163, 118, 73,  176, 112, 111, 195,
                       138, 107, 140, 146, 160, 174, 29,  163, 139, 170,
                       154, 110, 130, 123, 124, 125, 190, 88,  51,  97,
                       164, 97,  94,  80,  225, 203, 150, 119, 58,  81,
                       167, 87,  71,  45,  176, 141, 170, 32,  114, 124}},
      {1, 6, 1, 3, 1, {120, 120, 120}},
      {1, 1, 3, 2, 2, {0, 53, 170, 0, 53, 170, 0, 53, 170, 0, 53, 170}},
      {7, 9, 1, 10, 4, {57,  134, 177, 161, 64,  135, 162, 141, 77,  146,
                        162, 130, 99,  178, 195, 147, 140, 153, 152, 155,
                        151, 153, 143, 146, 135, 178, 170, 125, 170, 159,
                        152, 156, 143, 143, 138, 124, 94,  131, 128, 71}},
      {3, 10, 1, 2, 13, {17,  49,  112, 166, 124, 129, 178, 199, 130,
                         123, 152, 136, 62,  149, 170, 155, 136, 202,
                         200, 159, 131, 164, 144, 161, 132, 48}},
      {17, 2, 1, 3, 3, {128, 130, 132, 143, 138, 132, 185, 156, 127}},
  };
  for (const Case &k : cases) {
    Tensor image = Tensor::allocate(DType::U8, {k.height, k.width, k.channels});
    for (auto [i, v] : enumerate(image.mutableValues<uint8_t>()))
      v = (i * i * 37 + i * 11) % 251 + 5 * (i % 2);
    Tensor resized = resizeBilinear(image, {k.newHeight, k.newWidth});
    EXPECT_EQ(resized.shape(),
              ArrayRef<int64_t>({k.newHeight, k.newWidth, k.channels}));
    EXPECT_EQ(resized.values<uint8_t>(), ArrayRef<uint8_t>(k.resized))
        << k.height << 'x' << k.width << 'x' << k.channels;
  }
}

TEST(Preprocess, ResizeRoundsAfterEachPass) {
  // Halving both sides averages 2x2 pixels. Columns first: 0.5 becomes 1, and
  // so does the mean of 1 and 0; one rounding of 0.25 would give 0.
  Tensor image = Tensor::fromValues<uint8_t>({0, 1, 0, 0}, {2, 2, 1});
  EXPECT_EQ(resizeBilinear(image, {1, 1}).values<uint8_t>(),
            ArrayRef<uint8_t>({1}));
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
  options.resize = cantFail(parseResize("65535x65535"));
  EXPECT_EQ(size(8, 8), "resizing 8x8 to 65535x65535 takes 4294836225 pixels, "
                        "more than the limit of 268435456");
  // Between the passes.
  options.resize = cantFail(parseResize("1x65535"));
  EXPECT_HAS(size(65535, 1), "more than the limit");
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
