//===- Resize.h - Resizing of 8-bit images ----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_RESIZE_H
#define HWQ_NUMERICS_RESIZE_H

#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/Result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hwq::numerics {

/// Sizes in pixels; the images are height x width x channels, channel
/// innermost. Zero point and scale do not change. `alignCorners`: the corner
/// pixels' centres coincide; `halfPixel`: pixel centres lie at +1/2. Not both.
struct ResizeParams {
  int32_t inputHeight = 1, inputWidth = 1;
  int32_t outputHeight = 1, outputWidth = 1;
  int32_t channels = 1;
  bool alignCorners = false, halfPixel = false;
};

/// What is wrong with the sizes (each in 1..32767, channels >= 1), empty if
/// nothing is.
std::string checkResize(const ResizeParams &params);

/// Where the outputs of one axis read, as TOSA says it: output o at
/// (o * denominator + offset) / numerator of `inputSize` pixels. The numbers
/// are at most 2^31, numerator and denominator positive.
struct ResizePositions {
  int64_t numerator = 1, denominator = 1, offset = 0;
  int32_t inputSize = 1, outputSize = 1;
};

/// Positions as LiteRT and others name them.
enum class ResizeAlignment { Plain, Corners, HalfPixel };

/// The alignment by which o reads at o * in/out, at o * (in-1)/(out-1), or at
/// (o + 1/2) * in/out - 1/2, exactly and on both axes; none if it is no such
/// one.
std::optional<ResizeAlignment> findAlignment(const ResizePositions &rows,
                                             const ResizePositions &columns);

/// A bilinear resize of codes; made by deriveResize. The sum S = sum of
/// weight_y * weight_x * q of the four neighbours; the weights are integers
/// that add up to `unit` on each axis.
struct BilinearResize {
  struct Tap {
    int32_t lower = 0, upper = 0;
    /// Of the upper neighbour.
    int64_t weight = 0;
  };
  /// None: S / (unit_y * unit_x) rounded half away, exact.
  std::optional<ResizeVariant> variant;
  std::vector<Tap> rows, columns;
  int64_t rowUnit = 1, columnUnit = 1;
  /// Tosa, TosaDouble: the multiplier of 1 / (unit_y * unit_x).
  int32_t multiplier = 0, shift = 0;
};

/// Without a variant, and for TOSA's, positions are exact.
///   Tflite         positions in 1/1024 pixel: scale = (1024*in + out/2) / out,
///                  the upper neighbour is the position's ceiling; RHA of the
///                  sum's 20 bits (LiteRT's reference and optimized kernels)
///   TfliteXnnpack  f32 positions, weights RNE(2048 * fraction); the sum's 22
///                  bits half up
///   Tosa           R2 of S, the multiplier is that of 1 / (unit_y * unit_x);
///                  zero points take no part
///   TosaDouble     the same with R1
/// Errors: sizes as checkResize; for LiteRT's variants positions without an
/// alignment; for TOSA's sums beyond 32 bits.
Result<BilinearResize> deriveResize(std::optional<ResizeVariant> variant,
                                    const ResizePositions &rows,
                                    const ResizePositions &columns);
Result<BilinearResize> deriveResize(std::optional<ResizeVariant> variant,
                                    const ResizeParams &params);

/// One image of `channels` channels; the result lies in the range of the type.
void resizeBilinear(const BilinearResize &resize, int32_t inputWidth,
                    int32_t channels, const int8_t *in, int8_t *out);
void resizeBilinear(const BilinearResize &resize, int32_t inputWidth,
                    int32_t channels, const uint8_t *in, uint8_t *out);

/// The largest distance of the result from the real bilinear value, in LSB,
/// for codes that differ by `width` at most; roundings included.
double resizeError(const BilinearResize &resize, const ResizePositions &rows,
                   const ResizePositions &columns, double width);

/// The input index of output index `i`, nearest neighbour, in f32: floor(x)
/// with x = i * in/out, or (i + 1/2) * in/out for halfPixel; RHA(i *
/// (in-1)/(out-1)) for alignCorners (LiteRT, all kernels).
int32_t nearestIndex(int32_t i, int32_t inputSize, int32_t outputSize,
                     bool alignCorners, bool halfPixel);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_RESIZE_H
