//===- Preprocess.cpp - From pixels to a network's input --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Preprocess.h"
#include "llvm/ADT/Twine.h"
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
    // The rows are resized first, so that both heights have the new width.
    if (int64_t rows = std::max(size.height, out.height);
        rows > maxResizedPixels / out.width)
      return createStringError(Twine("resizing ") + text(size) + " to " +
                               text(out) + " takes " + Twine(rows * out.width) +
                               " pixels, more than the limit of " +
                               Twine(maxResizedPixels));
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
/// The weights of one axis, fixed point.
struct ResizeAxis {
  /// Output position d is the sum of the input from first[d] on, weighted with
  /// weights[begin[d]] to weights[begin[d + 1]].
  std::vector<int64_t> first;
  std::vector<size_t> begin;
  std::vector<int32_t> weights;
};
} // namespace

static constexpr int weightBits = 22;
static constexpr int32_t half = 1 << (weightBits - 1);

static ResizeAxis makeAxis(int64_t in, int64_t out) {
  ResizeAxis axis;
  axis.begin.push_back(0);
  double scale = static_cast<double>(in) / static_cast<double>(out);
  double support = std::max(scale, 1.0), inverse = 1.0 / support;
  std::vector<double> triangle;
  for (int64_t d = 0; d < out; ++d) {
    double center = (static_cast<double>(d) + 0.5) * scale;
    // Conversion truncates; below zero the edge stands anyway.
    int64_t low =
        std::max<int64_t>(static_cast<int64_t>(center - support + 0.5), 0);
    int64_t high = std::min(static_cast<int64_t>(center + support + 0.5), in);
    triangle.clear();
    double sum = 0;
    for (int64_t i = low; i < high; ++i) {
      double distance =
          std::fabs((static_cast<double>(i) - center + 0.5) * inverse);
      triangle.push_back(std::max(1.0 - distance, 0.0));
      sum += triangle.back();
    }
    axis.first.push_back(low);
    for (double weight : triangle)
      axis.weights.push_back(static_cast<int32_t>(
          0.5 + weight / sum * static_cast<double>(1 << weightBits)));
    axis.begin.push_back(axis.weights.size());
  }
  return axis;
}

/// The weights sum up to 2^22 but for their rounding: at most 2^17 of them,
/// each off by half, so that a sum stays below 2^31 but may exceed 255.
static uint8_t roundSum(int32_t sum) {
  return static_cast<uint8_t>(std::min(sum >> weightBits, 255));
}

/// `count` neighbouring channels of a row of `stride` channels.
template <int count>
static void resizeRow(const uint8_t *from, uint8_t *to, int64_t stride,
                      const ResizeAxis &axis) {
  for (size_t d = 0; d < axis.first.size(); ++d, to += stride) {
    const uint8_t *pixel = from + axis.first[d] * stride;
    int32_t sums[count];
    std::fill_n(sums, count, half);
    for (size_t k = axis.begin[d]; k < axis.begin[d + 1]; ++k, pixel += stride)
      for (int c = 0, weight = axis.weights[k]; c < count; ++c)
        sums[c] += pixel[c] * weight;
    for (int c = 0; c < count; ++c)
      to[c] = roundSum(sums[c]);
  }
}

static Tensor resizeWidth(const Tensor &image, int64_t width) {
  int64_t height = image.dim(0), channels = image.dim(2);
  ResizeAxis axis = makeAxis(image.dim(1), width);
  Tensor result = Tensor::allocate(DType::U8, {height, width, channels});
  const uint8_t *from = image.data<uint8_t>();
  uint8_t *to = result.data<uint8_t>();
  int64_t fromRow = image.dim(1) * channels, toRow = width * channels;
  for (int64_t y = 0; y < height; ++y, from += fromRow, to += toRow)
    if (channels == 3)
      resizeRow<3>(from, to, 3, axis);
    else
      for (int64_t c = 0; c < channels; ++c)
        resizeRow<1>(from + c, to + c, channels, axis);
  return result;
}

static Tensor resizeHeight(const Tensor &image, int64_t height) {
  int64_t width = image.dim(1), channels = image.dim(2);
  ResizeAxis axis = makeAxis(image.dim(0), height);
  Tensor result = Tensor::allocate(DType::U8, {height, width, channels});
  int64_t row = width * channels;
  std::vector<int32_t> rowSums(row);
  int32_t *sums = rowSums.data();
  uint8_t *to = result.data<uint8_t>();
  for (int64_t d = 0; d < height; ++d, to += row) {
    std::fill_n(sums, row, half);
    const uint8_t *from = image.data<uint8_t>() + axis.first[d] * row;
    for (size_t k = axis.begin[d]; k < axis.begin[d + 1]; ++k, from += row) {
      int32_t weight = axis.weights[k];
      for (int64_t i = 0; i < row; ++i)
        sums[i] += from[i] * weight;
    }
    for (int64_t i = 0; i < row; ++i)
      to[i] = roundSum(sums[i]);
  }
  return result;
}

Tensor hwq::runtime::resizeBilinear(const Tensor &image, ImageSize size) {
  Tensor result = image;
  if (result.dim(1) != size.width)
    result = resizeWidth(result, size.width);
  if (result.dim(0) != size.height)
    result = resizeHeight(result, size.height);
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
