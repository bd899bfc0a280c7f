//===- Preprocess.cpp - From pixels to a network's input --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Preprocess.h"
#include "llvm/ADT/Twine.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace hwq::runtime;

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

/// A larger side is no camera image; keeps products within 64 bits.
static constexpr int64_t maxSide = 65535;

static bool parseSide(StringRef text, int64_t &side) {
  return !text.getAsInteger(10, side) && side >= 1 && side <= maxSide;
}

static bool parseSize(StringRef text, ImageSize &size) {
  auto [height, width] = text.split('x');
  return parseSide(height, size.height) && parseSide(width, size.width);
}

Expected<ResizeSpec> hwq::runtime::parseResize(StringRef text) {
  ResizeSpec spec;
  if (parseSide(text, spec.shorterSide))
    return spec;
  spec.shorterSide = 0;
  if (parseSize(text, spec.size))
    return spec;
  return createStringError(
      Twine("--resize expects N (the shorter side) or HxW, sizes 1 to ") +
      Twine(maxSide) + ", got '" + text + "'");
}

Expected<ImageSize> hwq::runtime::parseCrop(StringRef text) {
  ImageSize size;
  if (parseSize(text, size))
    return size;
  return createStringError(Twine("--crop expects HxW, sizes 1 to ") +
                           Twine(maxSide) + ", got '" + text + "'");
}

Expected<ColorOrder> hwq::runtime::parseColorOrder(StringRef text) {
  if (text == "rgb")
    return ColorOrder::RGB;
  if (text == "bgr")
    return ColorOrder::BGR;
  return createStringError(Twine("--color expects rgb or bgr, got '") + text +
                           "'");
}

Expected<std::vector<float>> hwq::runtime::parseChannelValues(StringRef text,
                                                              StringRef option,
                                                              bool positive) {
  SmallVector<StringRef, 4> parts;
  text.split(parts, ',');
  std::vector<float> values;
  for (StringRef part : parts) {
    double value;
    bool bad = part.trim().getAsDouble(value);
    // The float is what divides: a double may underflow to zero in it.
    float narrow = bad ? 0.0f : static_cast<float>(value);
    if (bad || !std::isfinite(narrow) || (positive && !(narrow > 0)))
      return createStringError(Twine(option) + " expects one " +
                               (positive ? "positive" : "finite") +
                               " number, or one per channel separated by "
                               "commas, got '" +
                               text + "'");
    values.push_back(narrow);
  }
  return values;
}

Error hwq::runtime::checkPreprocessOptions(const PreprocessOptions &options,
                                           int64_t channels) {
  if (options.raw && options.normalizes())
    return createStringError(
        Twine("--raw excludes --mean and --std: raw pixels are fed as 0..255"));
  if (!options.raw && !options.normalizes())
    return createStringError(
        Twine("pixel data needs --mean and --std as the model was trained "
              "with (in 0..255 units), or --raw to feed 0..255 as they are"));
  auto checkLength = [&](ArrayRef<float> values, StringRef name) -> Error {
    if (values.size() <= 1 || static_cast<int64_t>(values.size()) == channels)
      return Error::success();
    return createStringError(Twine(name) + " expects 1 or " + Twine(channels) +
                             " values for pixels of " + Twine(channels) +
                             " channels, got " + Twine(values.size()));
  };
  if (Error error = checkLength(options.mean, "--mean"))
    return error;
  if (Error error = checkLength(options.stdDev, "--std"))
    return error;
  for (float value : options.mean)
    if (!std::isfinite(value))
      return createStringError(Twine("--mean expects finite numbers"));
  for (float value : options.stdDev)
    if (!std::isfinite(value) || !(value > 0))
      return createStringError(Twine("--std expects positive numbers"));
  if (options.color == ColorOrder::BGR && channels != 3)
    return createStringError(
        Twine("--color=bgr expects pixels of 3 channels, got ") +
        Twine(channels));
  return Error::success();
}

Expected<ImageSize>
hwq::runtime::preprocessedSize(ImageSize size,
                               const PreprocessOptions &options) {
  auto text = [](ImageSize s) {
    return std::to_string(s.height) + "x" + std::to_string(s.width);
  };
  if (size.height < 1 || size.width < 1)
    return createStringError(Twine("the image is empty (") + text(size) + ")");
  ImageSize out = size;
  if (options.resize) {
    out = options.resize->size;
    if (int64_t shorter = options.resize->shorterSide) {
      if (size.height <= size.width)
        out = {shorter, shorter * size.width / size.height};
      else
        out = {shorter * size.height / size.width, shorter};
    }
    if (out.height < 1 || out.width < 1 || out.height > maxSide ||
        out.width > maxSide)
      return createStringError(Twine("resizing ") + text(size) + " gives " +
                               text(out) + ", sides are 1 to " +
                               Twine(maxSide));
  }
  if (options.crop) {
    if (options.crop->height < 1 || options.crop->width < 1 ||
        options.crop->height > out.height || options.crop->width > out.width)
      return createStringError(Twine("--crop=") + text(*options.crop) +
                               " does not fit into " + text(out));
    out = *options.crop;
  }
  return out;
}

//===----------------------------------------------------------------------===//
// Resize
//===----------------------------------------------------------------------===//

namespace {
/// Output position d lies at ((2d+1) * in - out) / (2 * out) in the input: an
/// exact fraction. Weights are numerators over 2 * out.
struct Tap {
  int64_t low, high;
  int32_t lowWeight, highWeight;
};
} // namespace

static std::vector<Tap> makeTaps(int64_t in, int64_t out) {
  std::vector<Tap> taps(out);
  for (int64_t d = 0; d < out; ++d) {
    int64_t position = std::max<int64_t>((2 * d + 1) * in - out, 0);
    int64_t low = position / (2 * out);
    int32_t fraction = static_cast<int32_t>(position - low * 2 * out);
    taps[d] = {low, std::min(low + 1, in - 1),
               static_cast<int32_t>(2 * out) - fraction, fraction};
  }
  return taps;
}

Tensor hwq::runtime::resizeBilinear(const Tensor &image, ImageSize size) {
  int64_t inHeight = image.dim(0), inWidth = image.dim(1);
  int64_t channels = image.dim(2);
  if (inHeight == size.height && inWidth == size.width)
    return image;
  Tensor result =
      Tensor::allocate(DType::U8, {size.height, size.width, channels});
  std::vector<Tap> columns = makeTaps(inWidth, size.width);
  std::vector<Tap> rows = makeTaps(inHeight, size.height);

  // Rows after the horizontal pass: v * 2 * width <= 255 * 2^17, exact in i32.
  // Only the two rows that the vertical pass needs are kept.
  int64_t rowLength = size.width * channels;
  std::vector<int32_t> buffers[2] = {std::vector<int32_t>(rowLength),
                                     std::vector<int32_t>(rowLength)};
  int64_t held[2] = {-1, -1};
  const uint8_t *pixels = image.data<uint8_t>();
  auto horizontal = [&](int64_t y) -> const int32_t * {
    // Neighbouring rows have different parity, so they never evict each other.
    std::vector<int32_t> &buffer = buffers[y & 1];
    if (held[y & 1] == y)
      return buffer.data();
    held[y & 1] = y;
    const uint8_t *row = pixels + y * inWidth * channels;
    int32_t *to = buffer.data();
    for (const Tap &tap : columns)
      for (int64_t c = 0; c < channels; ++c)
        *to++ = row[tap.low * channels + c] * tap.lowWeight +
                row[tap.high * channels + c] * tap.highWeight;
    return buffer.data();
  };

  // Numerators stay below 255 * 2^34 and are exact in f64; so is the choice
  // between two integers after one correctly rounded division, ties included.
  double denominator =
      4.0 * static_cast<double>(size.width) * static_cast<double>(size.height);
  uint8_t *to = result.data<uint8_t>();
  for (const Tap &tap : rows) {
    const int32_t *low = horizontal(tap.low);
    const int32_t *high = horizontal(tap.high);
    double lowWeight = tap.lowWeight, highWeight = tap.highWeight;
    for (int64_t i = 0; i < rowLength; ++i) {
      double sum = low[i] * lowWeight + high[i] * highWeight;
      // The lowest mantissa bits of 2^52 + v are v rounded to nearest even;
      // without SSE4.1 that vectorizes where nearbyint is a call.
      double shifted = sum / denominator + 0x1p52;
      to[i] = static_cast<uint8_t>(bit_cast<uint64_t>(shifted));
    }
    to += rowLength;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// The chain
//===----------------------------------------------------------------------===//

/// One channel of one row: `from` has a stride of `channels` bytes.
static void normalizeRow(const uint8_t *from, int64_t fromStride, float *to,
                         int64_t toStride, int64_t count, float mean,
                         float stdDev) {
  // Separate loops, so that the strides are constants and both vectorize.
  if (toStride == 1 && fromStride == 3)
    for (int64_t i = 0; i < count; ++i)
      to[i] = (static_cast<float>(from[3 * i]) - mean) / stdDev;
  else if (toStride == 1 && fromStride == 1)
    for (int64_t i = 0; i < count; ++i)
      to[i] = (static_cast<float>(from[i]) - mean) / stdDev;
  else
    for (int64_t i = 0; i < count; ++i)
      to[i * toStride] =
          (static_cast<float>(from[i * fromStride]) - mean) / stdDev;
}

Error hwq::runtime::preprocessImage(const Tensor &image,
                                    const PreprocessOptions &options,
                                    ImageLayout layout,
                                    MutableArrayRef<float> out) {
  if (image.dtype() != DType::U8 || image.rank() != 3)
    return createStringError(Twine("expected a u8 [H,W,C] image, got ") +
                             dtypeName(image.dtype()) + " " +
                             shapeToString(image.shape()));
  int64_t channels = image.dim(2);
  Expected<ImageSize> size =
      preprocessedSize({image.dim(0), image.dim(1)}, options);
  if (!size)
    return size.takeError();
  int64_t height = size->height, width = size->width;
  if (static_cast<int64_t>(out.size()) != channels * height * width)
    return createStringError(Twine("expected room for ") +
                             Twine(channels * height * width) +
                             " elements, got " + Twine(out.size()));
  Tensor source = image;
  if (options.resize) {
    PreprocessOptions resizeOnly;
    resizeOnly.resize = options.resize;
    Expected<ImageSize> resized =
        preprocessedSize({image.dim(0), image.dim(1)}, resizeOnly);
    if (!resized)
      return resized.takeError();
    source = resizeBilinear(image, *resized);
  }
  int64_t top = (source.dim(0) - height) / 2;
  int64_t left = (source.dim(1) - width) / 2;
  const uint8_t *pixels = source.data<uint8_t>();
  bool planar = layout == ImageLayout::NCHW;
  auto pick = [](ArrayRef<float> values, int64_t c, float absent) {
    return values.empty() ? absent : values[values.size() == 1 ? 0 : c];
  };
  for (int64_t c = 0; c < channels; ++c) {
    // x - 0 and x / 1 are exact, so raw needs no path of its own.
    float mean = pick(options.mean, c, 0.0f);
    float stdDev = pick(options.stdDev, c, 1.0f);
    int64_t from = options.color == ColorOrder::BGR ? channels - 1 - c : c;
    for (int64_t y = 0; y < height; ++y) {
      const uint8_t *row =
          pixels + ((top + y) * source.dim(1) + left) * channels + from;
      float *to = planar ? out.data() + (c * height + y) * width
                         : out.data() + y * width * channels + c;
      normalizeRow(row, channels, to, planar ? 1 : channels, width, mean,
                   stdDev);
    }
  }
  return Error::success();
}
