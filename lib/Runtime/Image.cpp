//===- Image.cpp - JPEG and PNG decoding ------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Image.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <csetjmp>
#include <cstdio>
#include <cstring>
// libjpeg's header needs size_t and FILE from before.
#include <jerror.h>
#include <jpeglib.h>
#include <png.h>

using namespace llvm;
using namespace hwq::runtime;

/// Nothing that is an image to a classifier comes near (1 GiB).
static constexpr uint64_t maxFileBytes = uint64_t(1) << 30;

static Error imageError(StringRef what, const Twine &reason) {
  return createStringError(Twine("cannot decode '") + what + "': " + reason);
}

static Error checkSize(StringRef what, int64_t height, int64_t width) {
  if (height <= 0 || width <= 0)
    return imageError(what, "the image is empty");
  if (height > maxImagePixels / width)
    return imageError(what, Twine(height) + "x" + Twine(width) +
                                " pixels are more than the limit of " +
                                Twine(maxImagePixels));
  return Error::success();
}

//===----------------------------------------------------------------------===//
// JPEG
//===----------------------------------------------------------------------===//

namespace {
/// libjpeg's error manager; longjmp instead of exit.
struct JpegErrors {
  jpeg_error_mgr base; // first: libjpeg hands back a pointer to it
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

/// Only plain data: longjmp runs no destructors.
struct JpegDecoder {
  jpeg_decompress_struct info;
  JpegErrors errors;
  jpeg_progress_mgr progress;
};
} // namespace

static void jpegFail(j_common_ptr info) {
  auto *errors = reinterpret_cast<JpegErrors *>(info->err);
  errors->base.format_message(info, errors->message);
  std::longjmp(errors->jump, 1);
}

static void jpegMessage(j_common_ptr info, int level) {
  if (level >= 0)
    return; // tracing
  switch (info->err->msg_code) {
  // Warnings after which every pixel is still what the encoder meant.
  case JWRN_ADOBE_XFORM:
  case JWRN_BOGUS_ICC:
  case JWRN_EXTRANEOUS_DATA:
  case JWRN_JFIF_MAJOR:
    return;
  default:
    jpegFail(info);
  }
}

/// A hostile progressive image of few bytes can hold thousands of scans over
/// all of a huge picture: hours of work. Real ones have about ten.
static void jpegProgress(j_common_ptr info) {
  auto *decoder = reinterpret_cast<j_decompress_ptr>(info);
  if (decoder->input_scan_number <= 100)
    return;
  auto *errors = reinterpret_cast<JpegErrors *>(info->err);
  std::strcpy(errors->message, "more than 100 progressive scans");
  std::longjmp(errors->jump, 1);
}

static void jpegDiscard(j_common_ptr) {}

/// Parses the header. False: see errors.message.
static bool jpegStart(JpegDecoder &decoder, const unsigned char *bytes,
                      size_t size) {
  decoder.info.err = jpeg_std_error(&decoder.errors.base);
  decoder.errors.base.error_exit = jpegFail;
  decoder.errors.base.emit_message = jpegMessage;
  decoder.errors.base.output_message = jpegDiscard;
  decoder.errors.message[0] = 0;
  if (setjmp(decoder.errors.jump))
    return false;
  jpeg_create_decompress(&decoder.info);
  decoder.progress.progress_monitor = jpegProgress;
  decoder.info.progress = &decoder.progress;
  jpeg_mem_src(&decoder.info, bytes, static_cast<unsigned long>(size));
  jpeg_read_header(&decoder.info, TRUE);
  return true;
}

static bool jpegFinish(JpegDecoder &decoder, unsigned char *pixels) {
  if (setjmp(decoder.errors.jump))
    return false;
  jpeg_decompress_struct &info = decoder.info;
  info.out_color_space = JCS_RGB;
  jpeg_start_decompress(&info);
  size_t stride = size_t(info.output_width) * 3;
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = pixels + info.output_scanline * stride;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

static Expected<Tensor> decodeJpeg(StringRef bytes, StringRef what) {
  JpegDecoder decoder;
  std::memset(&decoder, 0, sizeof(decoder));
  // jpeg_destroy does nothing if creation failed (no memory manager).
  struct Destroy {
    jpeg_decompress_struct &info;
    ~Destroy() { jpeg_destroy_decompress(&info); }
  } destroy{decoder.info};

  if (!jpegStart(decoder, bytes.bytes_begin(), bytes.size()))
    return imageError(what, decoder.errors.message);
  const jpeg_decompress_struct &info = decoder.info;
  if (Error error = checkSize(what, info.image_height, info.image_width))
    return error;
  if (info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK)
    return imageError(what, "expected a grey or RGB image, got CMYK");
  Tensor image =
      Tensor::allocate(DType::U8, {info.image_height, info.image_width, 3});
  if (!jpegFinish(decoder, image.data<uint8_t>()))
    return imageError(what, decoder.errors.message);
  return image;
}

//===----------------------------------------------------------------------===//
// PNG
//===----------------------------------------------------------------------===//

namespace {
/// Only plain data: longjmp runs no destructors.
struct PngDecoder {
  png_structp png;
  png_infop info;
  const unsigned char *next, *end;
  std::jmp_buf jump;
  char message[256];
};
} // namespace

static void pngFail(png_structp png, png_const_charp message) {
  auto *decoder = static_cast<PngDecoder *>(png_get_error_ptr(png));
  std::snprintf(decoder->message, sizeof(decoder->message), "%s", message);
  std::longjmp(decoder->jump, 1);
}

static void pngWarn(png_structp, png_const_charp) {}

static void pngRead(png_structp png, png_bytep to, size_t size) {
  auto *decoder = static_cast<PngDecoder *>(png_get_io_ptr(png));
  if (size > static_cast<size_t>(decoder->end - decoder->next))
    png_error(png, "premature end of the file");
  std::memcpy(to, decoder->next, size);
  decoder->next += size;
}

/// Parses the chunks before the picture. False: see `message`.
static bool pngStart(PngDecoder &decoder) {
  if (setjmp(decoder.jump))
    return false;
  decoder.png =
      png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoder, pngFail, pngWarn);
  if (decoder.png)
    decoder.info = png_create_info_struct(decoder.png);
  if (!decoder.info) {
    std::strcpy(decoder.message, "out of memory");
    return false;
  }
  png_set_read_fn(decoder.png, &decoder, pngRead);
  png_read_info(decoder.png, decoder.info);
  return true;
}

static bool pngFinish(PngDecoder &decoder, unsigned char *pixels) {
  if (setjmp(decoder.jump))
    return false;
  png_structp png = decoder.png;
  // 8 bits, three channels; nothing that computes with gamma.
  png_set_expand(png);
  png_set_strip_16(png);
  png_set_gray_to_rgb(png);
  png_set_strip_alpha(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, decoder.info);
  png_uint_32 height = png_get_image_height(png, decoder.info);
  size_t stride = size_t(png_get_image_width(png, decoder.info)) * 3;
  if (png_get_rowbytes(png, decoder.info) != stride)
    png_error(png, "unexpected row size");
  for (int pass = 0; pass < passes; ++pass)
    for (png_uint_32 y = 0; y < height; ++y)
      png_read_row(png, pixels + y * stride, nullptr);
  png_read_end(png, nullptr);
  return true;
}

static Expected<Tensor> decodePng(StringRef bytes, StringRef what) {
  PngDecoder decoder;
  std::memset(&decoder, 0, sizeof(decoder));
  decoder.next = bytes.bytes_begin();
  decoder.end = bytes.bytes_end();
  struct Destroy {
    PngDecoder &decoder;
    ~Destroy() {
      png_destroy_read_struct(&decoder.png, &decoder.info, nullptr);
    }
  } destroy{decoder};

  if (!pngStart(decoder))
    return imageError(what, decoder.message);
  int64_t height = png_get_image_height(decoder.png, decoder.info);
  int64_t width = png_get_image_width(decoder.png, decoder.info);
  if (Error error = checkSize(what, height, width))
    return error;
  Tensor image = Tensor::allocate(DType::U8, {height, width, 3});
  if (!pngFinish(decoder, image.data<uint8_t>()))
    return imageError(what, decoder.message);
  return image;
}

//===----------------------------------------------------------------------===//

Expected<Tensor> hwq::runtime::decodeImage(StringRef bytes, StringRef what) {
  if (bytes.empty())
    return imageError(what, "the file is empty");
  if (bytes.starts_with("\xff\xd8\xff"))
    return decodeJpeg(bytes, what);
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"))
    return decodePng(bytes, what);
  return imageError(what, "expected a JPEG or PNG image, got something else");
}

Expected<Tensor> hwq::runtime::readImage(StringRef path) {
  sys::fs::file_status status;
  if (std::error_code ec = sys::fs::status(path, status))
    return createStringError(Twine("cannot read '") + path +
                             "': " + ec.message());
  // A pipe or a device could block for ever.
  if (status.type() != sys::fs::file_type::regular_file)
    return createStringError(Twine("cannot read '") + path +
                             "': expected a regular file");
  if (status.getSize() > maxFileBytes)
    return imageError(path, Twine(status.getSize()) +
                                " bytes are more than the limit of " +
                                Twine(maxFileBytes));
  // Volatile = read, not mapped: a mapping of a file that someone shortens
  // meanwhile ends in SIGBUS.
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer =
      MemoryBuffer::getFile(path, /*IsText=*/false,
                            /*RequiresNullTerminator=*/false,
                            /*IsVolatile=*/true);
  if (!buffer)
    return createStringError(Twine("cannot read '") + path +
                             "': " + buffer.getError().message());
  return decodeImage((*buffer)->getBuffer(), path);
}

bool hwq::runtime::hasImageExtension(StringRef path) {
  return path.ends_with_insensitive(".jpg") ||
         path.ends_with_insensitive(".jpeg") ||
         path.ends_with_insensitive(".png");
}
