//===- Preprocess.h - From pixels to a network's input ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_RUNTIME_PREPROCESS_H
#define HWQ_RUNTIME_PREPROCESS_H

#include "hwq/Runtime/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <vector>

namespace hwq::runtime {

/// Most pixels that resizing an image may make, between its two passes too.
inline constexpr int64_t maxResizedPixels = int64_t(1) << 28;

struct ImageSize {
  int64_t height = 0;
  int64_t width = 0;
  bool operator==(const ImageSize &o) const {
    return height == o.height && width == o.width;
  }
  bool operator!=(const ImageSize &o) const { return !(*this == o); }
};

/// "HxW", or a shorter side with the longer one in proportion (rounded down).
struct ResizeSpec {
  /// > 0: the shorter side; `size` is unused then.
  int64_t shorterSide = 0;
  ImageSize size;
};

enum class ColorOrder { RGB, BGR };

/// Order of the model's image input, batch first.
enum class ImageLayout { NCHW, NHWC };

/// What happens to pixel data (u8, NHWC), in this order.
struct PreprocessOptions {
  std::optional<ResizeSpec> resize;
  /// Centre crop: top = floor((H - h) / 2), left likewise.
  std::optional<ImageSize> crop;
  ColorOrder color = ColorOrder::RGB;
  /// In 0..255 units, in the order of the model's channels (that is, after
  /// `color`); one value stands for all channels. Only one of the two given:
  /// mean is 0, stdDev is 1.
  std::vector<float> mean;
  std::vector<float> stdDev;
  /// Feed 0..255 as they are; excludes mean and std.
  bool raw = false;

  bool normalizes() const { return !mean.empty() || !stdDev.empty(); }
};

/// "N" or "HxW", sizes 1..65535.
llvm::Expected<ResizeSpec> parseResize(llvm::StringRef text);
/// "HxW".
llvm::Expected<ImageSize> parseCrop(llvm::StringRef text);
/// "rgb" or "bgr".
llvm::Expected<ColorOrder> parseColorOrder(llvm::StringRef text);
/// "a", or "a,b,c": finite numbers, one per channel. `option` ("--mean") names
/// the text in errors; for "--std" values must be positive: `positive`.
llvm::Expected<std::vector<float>>
parseChannelValues(llvm::StringRef text, llvm::StringRef option, bool positive);

/// Checks the options for pixel data of so many channels: mean/std or raw given
/// but not both, their lengths, std positive, BGR with three channels only.
llvm::Error checkPreprocessOptions(const PreprocessOptions &options,
                                   int64_t channels);

/// Size after resize and crop; an error if the crop does not fit or resizing
/// would take more than maxResizedPixels.
llvm::Expected<ImageSize> preprocessedSize(ImageSize size,
                                           const PreprocessOptions &options);

/// Bilinear interpolation with half-pixel centres, by Pillow's rule
/// (Image.resize with BILINEAR; torchvision resizes 8-bit images with it), to
/// the last bit:
///
/// - two passes, columns first, then rows, each rounded to u8; an axis that
///   keeps its size has none;
/// - output position d is centred at c = (d + 1/2) * in / out; input position i
///   counts with max(0, 1 - |i + 1/2 - c| / s), s = max(1, in / out), so that
///   shrinking averages over the pixels that fall together (antialiasing);
/// - these weights, in f64, are divided by their sum over the pixels that
///   exist, and rounded half up to 22 bits behind the point;
/// - the sum of pixels times weights is rounded half up to an integer and
///   limited to 255.
///
/// Every channel is resized by itself: a fourth one is no alpha that weights
/// the others. u8 [H,W,C] -> [h,w,C].
Tensor resizeBilinear(const Tensor &image, ImageSize size);

/// Runs the whole chain on one u8 [H,W,C] image and writes C*h*w floats in the
/// given layout, (v - mean) / std in f32. The options must have passed
/// checkPreprocessOptions, and `out` must have that many elements
/// (preprocessedSize).
llvm::Error preprocessImage(const Tensor &image,
                            const PreprocessOptions &options,
                            ImageLayout layout,
                            llvm::MutableArrayRef<float> out);

} // namespace hwq::runtime

#endif // HWQ_RUNTIME_PREPROCESS_H
