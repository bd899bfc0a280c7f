//===- Resize.cpp - Resizing of 8-bit images ------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Resize.h"

#include "hwq/Numerics/Rounding.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hwq::numerics {

std::string checkResize(const ResizeParams &params) {
  for (int32_t size : {params.inputHeight, params.inputWidth,
                       params.outputHeight, params.outputWidth})
    if (size < 1 || size > 32767)
      return "resize: expected sizes in 1..32767, got " + std::to_string(size);
  if (params.channels < 1)
    return "resize: expected at least one channel, got " +
           std::to_string(params.channels);
  if (params.alignCorners && params.halfPixel)
    return "resize: expected align_corners or half_pixel, got both";
  return {};
}

namespace {

/// Two neighbours and the weight of the second, in units of 1 / 2^bits.
struct Tap {
  int32_t lower, upper;
  int64_t weight;
};

/// The weight may be negative or beyond one where a neighbour is cut to the
/// image: there both are the same pixel.
std::vector<Tap> tenBitTaps(int32_t in, int32_t out, const ResizeParams &p) {
  int32_t from = in, to = out;
  if (p.alignCorners && out > 1) {
    from = in - 1;
    to = out - 1;
  }
  int32_t scale = (1024 * from + to / 2) / to;
  std::vector<Tap> taps;
  for (int32_t i = 0; i < out; ++i) {
    int64_t position = int64_t(i) * scale;
    if (p.halfPixel)
      position += scale / 2 - 512;
    // C division: a negative position lies at 0.
    int64_t lower = std::max<int64_t>(position / 1024, 0);
    int64_t upper = std::min<int64_t>((position + 1023) / 1024, in - 1);
    // A rounded scale may step over the last pixel.
    lower = std::min<int64_t>(lower, in - 1);
    upper = std::max<int64_t>(upper, 0);
    taps.push_back({static_cast<int32_t>(lower), static_cast<int32_t>(upper),
                    position - 1024 * lower});
  }
  return taps;
}

std::vector<Tap> elevenBitTaps(int32_t in, int32_t out, const ResizeParams &p) {
  float from = static_cast<float>(in), to = static_cast<float>(out);
  if (p.alignCorners && out > 1) {
    from -= 1;
    to -= 1;
  }
  float scale = from / to, last = static_cast<float>(in - 1);
  std::vector<Tap> taps;
  for (int32_t i = 0; i < out; ++i) {
    float position = static_cast<float>(i) * scale;
    if (p.halfPixel)
      position = (static_cast<float>(i) + 0.5f) * scale - 0.5f;
    position = std::min(std::max(position, 0.0f), last);
    int32_t lower = static_cast<int32_t>(position);
    float fraction = position - static_cast<float>(lower);
    taps.push_back(
        {lower, std::min(lower + 1, in - 1),
         static_cast<int64_t>(round(fraction * 2048, Rounding::RNE))});
  }
  return taps;
}

template <class T>
void bilinear(ResizeVariant variant, const ResizeParams &p, const T *in,
              T *out) {
  bool ten = variant == ResizeVariant::Tflite;
  int bits = ten ? 10 : 11;
  auto tapsOf = ten ? tenBitTaps : elevenBitTaps;
  std::vector<Tap> rows = tapsOf(p.inputHeight, p.outputHeight, p);
  std::vector<Tap> columns = tapsOf(p.inputWidth, p.outputWidth, p);
  Rounding rounding = ten ? Rounding::RHA : Rounding::RHU;
  int64_t one = int64_t(1) << bits;
  auto at = [&](int32_t y, int32_t x) {
    return in + (static_cast<size_t>(y) * static_cast<size_t>(p.inputWidth) +
                 static_cast<size_t>(x)) *
                    static_cast<size_t>(p.channels);
  };
  for (const Tap &y : rows)
    for (const Tap &x : columns) {
      const T *q00 = at(y.lower, x.lower), *q01 = at(y.lower, x.upper);
      const T *q10 = at(y.upper, x.lower), *q11 = at(y.upper, x.upper);
      for (int32_t c = 0; c < p.channels; ++c) {
        int64_t top = q00[c] * (one - x.weight) + q01[c] * x.weight;
        int64_t bottom = q10[c] * (one - x.weight) + q11[c] * x.weight;
        int64_t sum = top * (one - y.weight) + bottom * y.weight;
        *out++ = saturateTo<T>(shiftRight(sum, 2 * bits, rounding));
      }
    }
}

} // namespace

void resizeBilinear(ResizeVariant variant, const ResizeParams &params,
                    const int8_t *in, int8_t *out) {
  bilinear(variant, params, in, out);
}

void resizeBilinear(ResizeVariant variant, const ResizeParams &params,
                    const uint8_t *in, uint8_t *out) {
  bilinear(variant, params, in, out);
}

int32_t nearestIndex(int32_t i, int32_t inputSize, int32_t outputSize,
                     bool alignCorners, bool halfPixel) {
  bool align = alignCorners && outputSize > 1;
  float scale =
      align ? static_cast<float>(inputSize - 1) /
                  static_cast<float>(outputSize - 1)
            : static_cast<float>(inputSize) / static_cast<float>(outputSize);
  float x = (static_cast<float>(i) + (halfPixel ? 0.5f : 0.0f)) * scale;
  float index = round(x, alignCorners ? Rounding::RHA : Rounding::Floor);
  return static_cast<int32_t>(saturateReal(index, 0, inputSize - 1));
}

} // namespace hwq::numerics
