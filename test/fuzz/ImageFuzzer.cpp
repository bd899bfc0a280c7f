//===- ImageFuzzer.cpp - The decoder of JPEG and PNG ----------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whatever the bytes: an error, or an image [height, width, 3] of u8. The
// checksums of PNG chunks are corrected first. Large pictures are left to the
// tests: libjpeg and libpng would be all that takes time.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "hwq/Runtime/Image.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/Endian.h"

using namespace hwq::runtime;
using namespace hwq::fuzz;
namespace endian = llvm::support::endian;

static constexpr uint64_t maxPixels = 1 << 16;

/// Corrects the checksums; the pixels of the header.
static uint64_t preparePng(std::string &bytes) {
  uint64_t pixels = 0;
  for (size_t at = 8; at + 12 <= bytes.size();) {
    uint64_t length = endian::read32be(&bytes[at]);
    if (length > bytes.size() - at - 12)
      break;
    llvm::StringRef chunk = llvm::StringRef(bytes).substr(at + 4, length + 4);
    if (chunk.starts_with("IHDR") && length >= 8)
      pixels = std::max(pixels, uint64_t(endian::read32be(&bytes[at + 8])) *
                                    endian::read32be(&bytes[at + 12]));
    endian::write32be(&bytes[at + 8 + length],
                      llvm::crc32(llvm::arrayRefFromStringRef(chunk)));
    at += length + 12;
  }
  return pixels;
}

/// The most pixels that anything that looks like a frame header has.
static uint64_t jpegPixels(llvm::StringRef bytes) {
  uint64_t pixels = 0;
  for (size_t at = 0; at + 9 <= bytes.size(); ++at)
    if (bytes[at] == '\xff' && (bytes[at + 1] & 0xf0) == 0xc0)
      pixels =
          std::max(pixels, uint64_t(endian::read16be(bytes.data() + at + 5)) *
                               endian::read16be(bytes.data() + at + 7));
  return pixels;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string bytes = textOf(data, size).str();
  bool isPng = bytes.compare(0, 4, "\x89PNG") == 0;
  if ((isPng ? preparePng(bytes) : jpegPixels(bytes)) > maxPixels)
    return 0;
  if (std::optional<Tensor> image = take(decodeImage(bytes, "image")))
    check(image->dtype() == DType::U8 && image->rank() == 3 &&
              image->dim(0) > 0 && image->dim(1) > 0 && image->dim(2) == 3,
          "an image is u8 [height, width, 3]", shapeToString(image->shape()));
  return 0;
}
