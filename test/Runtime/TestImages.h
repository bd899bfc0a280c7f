//===- TestImages.h - JPEG and PNG encoding for tests -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TEST_RUNTIME_TESTIMAGES_H
#define HWQ_TEST_RUNTIME_TESTIMAGES_H

#include "gtest/gtest.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>
// libjpeg's header needs size_t and FILE from before.
#include <jpeglib.h>
#include <png.h>

namespace hwq::test {

/// A baseline JPEG of quality 95; `space` and `channels` are libjpeg's input.
inline std::string encodeJpeg(const std::vector<unsigned char> &pixels,
                              int height, int width, int channels = 3,
                              J_COLOR_SPACE space = JCS_RGB,
                              bool progressive = false) {
  jpeg_compress_struct info;
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char *memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = width;
  info.image_height = height;
  info.input_components = channels;
  info.in_color_space = space;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 95, TRUE);
  if (progressive)
    jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto *row = const_cast<JSAMPLE *>(pixels.data()) +
                size_t(info.next_scanline) * width * channels;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  std::string bytes(reinterpret_cast<char *>(memory), size);
  jpeg_destroy_compress(&info);
  std::free(memory);
  return bytes;
}

inline std::string encodePng(const void *pixels, int height, int width,
                             unsigned format) {
  png_image image;
  std::memset(&image, 0, sizeof(image));
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = format;
  png_alloc_size_t size = 0;
  EXPECT_TRUE(
      png_image_write_to_memory(&image, nullptr, &size, 0, pixels, 0, nullptr));
  std::string bytes(size, '\0');
  EXPECT_TRUE(png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels,
                                        0, nullptr));
  bytes.resize(size);
  return bytes;
}

/// height x width pixels of one colour.
inline std::vector<unsigned char> solid(int height, int width,
                                        std::vector<unsigned char> color) {
  std::vector<unsigned char> pixels;
  for (int i = 0; i < height * width; ++i)
    pixels.insert(pixels.end(), color.begin(), color.end());
  return pixels;
}

inline std::string solidPng(int height, int width, unsigned char red,
                            unsigned char green, unsigned char blue) {
  return encodePng(solid(height, width, {red, green, blue}).data(), height,
                   width, PNG_FORMAT_RGB);
}

} // namespace hwq::test

#endif // HWQ_TEST_RUNTIME_TESTIMAGES_H
