//===- ImageTest.cpp - JPEG and PNG decoding --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Image.h"
#include "TestFiles.h"
#include "TestImages.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/Endian.h"
#include <cmath>

using namespace llvm;
using namespace hwq::runtime;
using namespace hwq::test;

static std::string errorOf(StringRef bytes) {
  return message(decodeImage(bytes, "a.img"));
}

/// A smooth picture, so that lossy compression changes little.
static std::vector<unsigned char> gradient(int height, int width,
                                           int channels) {
  std::vector<unsigned char> pixels;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c)
        pixels.push_back(40 + 2 * y + x + 20 * c);
  return pixels;
}

static void expectNear(const Tensor &image,
                       const std::vector<unsigned char> &pixels, int limit) {
  ASSERT_EQ(image.numElements(), static_cast<int64_t>(pixels.size()));
  for (size_t i = 0; i < pixels.size(); ++i)
    ASSERT_LE(std::abs(int(image.data<uint8_t>()[i]) - int(pixels[i])), limit)
        << "element " << i;
}

TEST(Image, Jpeg) {
  std::vector<unsigned char> pixels = gradient(33, 50, 3);
  for (bool progressive : {false, true}) {
    Expected<Tensor> image = decodeImage(
        encodeJpeg(pixels, 33, 50, 3, JCS_RGB, progressive), "a.jpg");
    ASSERT_TRUE(bool(image)) << toString(image.takeError());
    EXPECT_EQ(image->shape(), ArrayRef<int64_t>({33, 50, 3}));
    expectNear(*image, pixels, 6); // chroma is subsampled
  }
}

TEST(Image, GreyJpegHasThreeEqualChannels) {
  std::vector<unsigned char> pixels = gradient(9, 9, 1);
  Expected<Tensor> image =
      decodeImage(encodeJpeg(pixels, 9, 9, 1, JCS_GRAYSCALE), "a.jpg");
  ASSERT_TRUE(bool(image)) << toString(image.takeError());
  EXPECT_EQ(image->shape(), ArrayRef<int64_t>({9, 9, 3}));
  const uint8_t *data = image->data<uint8_t>();
  for (int i = 0; i < 81; ++i) {
    EXPECT_EQ(data[3 * i], data[3 * i + 1]);
    EXPECT_EQ(data[3 * i], data[3 * i + 2]);
    EXPECT_LE(std::abs(int(data[3 * i]) - int(pixels[i])), 3);
  }
}

TEST(Image, CmykIsRefused) {
  EXPECT_EQ(errorOf(encodeJpeg(gradient(8, 8, 4), 8, 8, 4, JCS_CMYK)),
            "cannot decode 'a.img': expected a grey or RGB image, got CMYK");
}

TEST(Image, DamagedJpeg) {
  std::string good = encodeJpeg(gradient(40, 40, 3), 40, 40);
  ASSERT_EQ(errorOf(good), "");
  // Without the end marker alone libjpeg supplies one; that is a warning of a
  // file that lost bytes, and an error here.
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_NE(errorOf(StringRef(good).take_front(size)), "") << size;
  EXPECT_HAS(errorOf(StringRef(good).take_front(good.size() / 2)), "a.img");
  // Any damage: a picture or an error, nothing worse.
  for (size_t at = 0; at < good.size(); ++at) {
    std::string damaged = good;
    damaged[at] ^= 0xff;
    Expected<Tensor> image = decodeImage(damaged, "d.jpg");
    if (!image)
      EXPECT_HAS(toString(image.takeError()), "d.jpg");
    else
      EXPECT_GT(image->numElements(), 0);
  }
  // Stray bytes before the frame's marker lose nothing.
  std::string stray = good;
  stray.insert(stray.find("\xff\xc0"), "\x11\x22");
  EXPECT_EQ(errorOf(stray), "");
}

TEST(Image, HugeDimensionsAreRefusedBeforeAllocating) {
  std::string jpeg = encodeJpeg(gradient(8, 8, 3), 8, 8);
  size_t frame = jpeg.find("\xff\xc0");
  ASSERT_NE(frame, std::string::npos);
  for (size_t i = 5; i < 9; ++i) // height and width
    jpeg[frame + i] = '\xf0';
  EXPECT_HAS(errorOf(jpeg), "61680x61680 pixels are more than the limit");
}

TEST(Image, Png) {
  std::vector<unsigned char> pixels = gradient(7, 5, 3);
  std::string good = encodePng(pixels.data(), 7, 5, PNG_FORMAT_RGB);
  Expected<Tensor> image = decodeImage(good, "a.png");
  ASSERT_TRUE(bool(image)) << toString(image.takeError());
  EXPECT_EQ(image->shape(), ArrayRef<int64_t>({7, 5, 3}));
  expectNear(*image, pixels, 0);
  // All but the empty end chunk is needed; its loss may go unnoticed.
  for (size_t size = 0; size + 12 < good.size(); ++size)
    EXPECT_NE(errorOf(StringRef(good).take_front(size)), "") << size;
  for (size_t at = 0; at < good.size(); ++at) {
    std::string damaged = good;
    damaged[at] ^= 0xff;
    consumeError(decodeImage(damaged, "d.png").takeError());
  }

  std::vector<unsigned char> grey = gradient(4, 4, 1);
  image = decodeImage(encodePng(grey.data(), 4, 4, PNG_FORMAT_GRAY), "g.png");
  ASSERT_TRUE(bool(image)) << toString(image.takeError());
  EXPECT_EQ(image->shape(), ArrayRef<int64_t>({4, 4, 3}));
  EXPECT_EQ(image->data<uint8_t>()[3], grey[1]);

  // Alpha is dropped, not blended: a transparent red pixel stays red.
  unsigned char clear[4] = {200, 10, 20, 0};
  image = decodeImage(encodePng(clear, 1, 1, PNG_FORMAT_RGBA), "c.png");
  ASSERT_TRUE(bool(image)) << toString(image.takeError());
  EXPECT_EQ(image->values<uint8_t>(), ArrayRef<uint8_t>({200, 10, 20}));
}

/// A PNG chunk: length, type, data, checksum of the two.
static std::string pngChunk(StringRef type, StringRef data) {
  auto word = [](uint32_t v) {
    char bytes[4];
    support::endian::write32be(bytes, v);
    return std::string(bytes, 4);
  };
  std::string typed = (type + data).str();
  return word(data.size()) + typed + word(crc32(arrayRefFromStringRef(typed)));
}

/// A PNG of one row; `rows` are the bytes before compression.
static std::string rowPng(char width, char bits, char colorType, bool interlace,
                          const std::string &chunks, StringRef rows) {
  std::string header("\0\0\0\0\0\0\0\1\0\0\0\0\0", 13);
  header[3] = width;
  header[8] = bits;
  header[9] = colorType;
  header[12] = interlace;
  SmallVector<uint8_t> deflated;
  compression::zlib::compress(arrayRefFromStringRef(rows), deflated);
  return "\x89PNG\r\n\x1a\n" + pngChunk("IHDR", header) + chunks +
         pngChunk("IDAT", toStringRef(deflated)) + pngChunk("IEND", "");
}

TEST(Image, PngSamplesAreTakenAsStored) {
  // gAMA 1.0, linear light: 10 would be 55 in sRGB.
  std::string gamma = pngChunk("gAMA", StringRef("\0\1\x86\xa0", 4));
  Expected<Tensor> image = decodeImage(
      rowPng(1, 8, 2, false, gamma, StringRef("\0\x0a\x0b\xc8", 4)), "a.png");
  ASSERT_TRUE(bool(image)) << toString(image.takeError());
  EXPECT_EQ(image->values<uint8_t>(), ArrayRef<uint8_t>({10, 11, 200}));
}

TEST(Image, PngKinds) {
  using Bytes = std::vector<uint8_t>;
  auto values = [](const std::string &png) {
    Expected<Tensor> image = decodeImage(png, "a.png");
    EXPECT_TRUE(bool(image)) << toString(image.takeError());
    return image ? image->values<uint8_t>().vec() : Bytes();
  };
  // RGB of 16 bits: the upper 8.
  EXPECT_EQ(values(rowPng(1, 16, 2, false, "",
                          StringRef("\0\x12\x34\x80\xff\xfe\x80", 7))),
            (Bytes{0x12, 0x80, 0xfe}));
  // Grey of 4 bits: times 17.
  EXPECT_EQ(values(rowPng(4, 4, 0, false, "", StringRef("\0\x0f\x5a", 3))),
            (Bytes{0, 0, 0, 255, 255, 255, 85, 85, 85, 170, 170, 170}));
  // A palette with a transparent entry.
  EXPECT_EQ(values(rowPng(2, 8, 3, false,
                          pngChunk("PLTE", "\x09\x08\x07\x64\xc8\x32") +
                              pngChunk("tRNS", StringRef("\0", 1)),
                          StringRef("\0\0\1", 3))),
            (Bytes{9, 8, 7, 100, 200, 50}));
  // Interlaced: pixel 0 comes in the first pass, 1 in the sixth.
  EXPECT_EQ(values(rowPng(2, 8, 0, true, "", StringRef("\0\x05\0\x07", 4))),
            (Bytes{5, 5, 5, 7, 7, 7}));
}

TEST(Image, OtherFiles) {
  TempFolder folder;
  EXPECT_HAS(errorOf(""), "the file is empty");
  EXPECT_HAS(errorOf("GIF89a"), "expected a JPEG or PNG image");
  EXPECT_HAS(message(readImage(folder.path("none.jpg"))),
             "none.jpg': No such file or directory");
  EXPECT_HAS(message(readImage(folder.path())), "expected a regular file");
  EXPECT_HAS(message(readImage("/dev/zero")), "expected a regular file");
  EXPECT_TRUE(hasImageExtension("a/b.JPEG"));
  EXPECT_FALSE(hasImageExtension("a/jpg"));
}
