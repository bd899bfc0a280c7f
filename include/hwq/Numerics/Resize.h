//===- Resize.h - Resizing of 8-bit images ----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_RESIZE_H
#define HWQ_NUMERICS_RESIZE_H

#include "hwq/Numerics/Enums.h"

#include <cstdint>
#include <string>

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

/// One image, bilinear.
///   Tflite         positions in 1/1024 pixel: scale = (1024*in + out/2) / out,
///                  the upper neighbour is the position's ceiling; RHA of the
///                  sum's 20 bits (LiteRT's reference and optimized kernels)
///   TfliteXnnpack  f32 positions, weights RNE(2048 * fraction); the sum's 22
///                  bits half up
/// The sizes must pass checkResize.
void resizeBilinear(ResizeVariant variant, const ResizeParams &params,
                    const int8_t *in, int8_t *out);
void resizeBilinear(ResizeVariant variant, const ResizeParams &params,
                    const uint8_t *in, uint8_t *out);

/// The input index of output index `i`, nearest neighbour, in f32: floor(x)
/// with x = i * in/out, or (i + 1/2) * in/out for halfPixel; RHA(i *
/// (in-1)/(out-1)) for alignCorners (LiteRT, all kernels).
int32_t nearestIndex(int32_t i, int32_t inputSize, int32_t outputSize,
                     bool alignCorners, bool halfPixel);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_RESIZE_H
