//===- Resize.cpp - Resizing of 8-bit images ------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Resize.h"

#include "hwq/Numerics/Kernels.h"
#include "hwq/Numerics/Multiplier.h"
#include "hwq/Numerics/Rounding.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
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

using Tap = BilinearResize::Tap;

/// The weight may be negative or beyond one where a neighbour is cut to the
/// image: there both are the same pixel.
std::vector<Tap> tenBitTaps(int32_t in, int32_t out, ResizeAlignment a) {
  int32_t from = in, to = out;
  if (a == ResizeAlignment::Corners && out > 1) {
    from = in - 1;
    to = out - 1;
  }
  int32_t scale = (1024 * from + to / 2) / to;
  std::vector<Tap> taps;
  for (int32_t i = 0; i < out; ++i) {
    int64_t position = int64_t(i) * scale;
    if (a == ResizeAlignment::HalfPixel)
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

std::vector<Tap> elevenBitTaps(int32_t in, int32_t out, ResizeAlignment a) {
  float from = static_cast<float>(in), to = static_cast<float>(out);
  if (a == ResizeAlignment::Corners && out > 1) {
    from -= 1;
    to -= 1;
  }
  float scale = from / to, last = static_cast<float>(in - 1);
  std::vector<Tap> taps;
  for (int32_t i = 0; i < out; ++i) {
    float position = static_cast<float>(i) * scale;
    if (a == ResizeAlignment::HalfPixel)
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

std::vector<Tap> exactTaps(const ResizePositions &p) {
  std::vector<Tap> taps;
  int64_t last = p.inputSize - 1;
  for (int64_t i = 0; i < p.outputSize; ++i) {
    int64_t at = i * p.denominator + p.offset;
    int64_t index = at / p.numerator, rest = at % p.numerator;
    if (rest < 0) {
      --index;
      rest += p.numerator;
    }
    auto inside = [&](int64_t v) {
      return static_cast<int32_t>(std::min(std::max<int64_t>(v, 0), last));
    };
    taps.push_back({inside(index), inside(index + 1), rest});
  }
  return taps;
}

/// Rounds the sum of a BilinearResize.
class SumRounding {
public:
  explicit SumRounding(const BilinearResize &r)
      : variant(r.variant), unit(r.rowUnit * r.columnUnit),
        multiplier{r.multiplier, r.shift} {}

  int64_t operator()(int64_t sum) const {
    if (!variant) {
      int64_t half = (std::abs(sum) * 2 + unit) / (2 * unit);
      return sum < 0 ? -half : half;
    }
    switch (*variant) {
    case ResizeVariant::Tflite:
      return shiftRight(sum, 20, Rounding::RHA);
    case ResizeVariant::TfliteXnnpack:
      return shiftRight(sum, 22, Rounding::RHU);
    case ResizeVariant::Tosa:
      return KernelR2{multiplier}.apply(saturateTo<int32_t>(sum));
    case ResizeVariant::TosaDouble:
      return KernelR1{multiplier}.apply(saturateTo<int32_t>(sum));
    }
    return 0;
  }

private:
  std::optional<ResizeVariant> variant;
  int64_t unit;
  Multiplier multiplier;
};

template <class T>
void bilinear(const BilinearResize &r, int32_t inputWidth, int32_t channels,
              const T *in, T *out) {
  SumRounding roundSum(r);
  auto at = [&](int32_t y, int32_t x) {
    return in + (static_cast<size_t>(y) * static_cast<size_t>(inputWidth) +
                 static_cast<size_t>(x)) *
                    static_cast<size_t>(channels);
  };
  for (const Tap &y : r.rows)
    for (const Tap &x : r.columns) {
      const T *q00 = at(y.lower, x.lower), *q01 = at(y.lower, x.upper);
      const T *q10 = at(y.upper, x.lower), *q11 = at(y.upper, x.upper);
      for (int32_t c = 0; c < channels; ++c) {
        int64_t top = q00[c] * (r.columnUnit - x.weight) + q01[c] * x.weight;
        int64_t bottom = q10[c] * (r.columnUnit - x.weight) + q11[c] * x.weight;
        int64_t sum = top * (r.rowUnit - y.weight) + bottom * y.weight;
        *out++ = saturateTo<T>(roundSum(sum));
      }
    }
}

BilinearResize makeNamed(ResizeVariant variant, ResizeAlignment alignment,
                         int32_t inputHeight, int32_t outputHeight,
                         int32_t inputWidth, int32_t outputWidth) {
  bool ten = variant == ResizeVariant::Tflite;
  auto tapsOf = ten ? tenBitTaps : elevenBitTaps;
  BilinearResize resize;
  resize.variant = variant;
  resize.rows = tapsOf(inputHeight, outputHeight, alignment);
  resize.columns = tapsOf(inputWidth, outputWidth, alignment);
  resize.rowUnit = resize.columnUnit = ten ? 1024 : 2048;
  return resize;
}

} // namespace

void resizeBilinear(const BilinearResize &resize, int32_t inputWidth,
                    int32_t channels, const int8_t *in, int8_t *out) {
  bilinear(resize, inputWidth, channels, in, out);
}

void resizeBilinear(const BilinearResize &resize, int32_t inputWidth,
                    int32_t channels, const uint8_t *in, uint8_t *out) {
  bilinear(resize, inputWidth, channels, in, out);
}

static bool isAligned(const ResizePositions &p, ResizeAlignment alignment) {
  int64_t in = p.inputSize, out = p.outputSize, offset = p.offset,
          n = p.numerator, d = p.denominator;
  // The corners of one output are at 0, as LiteRT has it.
  if (alignment == ResizeAlignment::Corners && out > 1)
    return offset == 0 && d * (out - 1) == n * (in - 1);
  if (alignment == ResizeAlignment::HalfPixel)
    return d * out == n * in && 2 * offset * out == n * (in - out);
  return offset == 0 && (out == 1 || d * out == n * in);
}

std::optional<ResizeAlignment> findAlignment(const ResizePositions &rows,
                                             const ResizePositions &columns) {
  for (ResizeAlignment a : {ResizeAlignment::HalfPixel,
                            ResizeAlignment::Corners, ResizeAlignment::Plain})
    if (isAligned(rows, a) && isAligned(columns, a))
      return a;
  return std::nullopt;
}

static ResizePositions positionsOf(int64_t in, int64_t out,
                                   const ResizeParams &p) {
  ResizePositions positions{out, in, 0, static_cast<int32_t>(in),
                            static_cast<int32_t>(out)};
  if (p.alignCorners && out > 1) {
    positions.numerator = out - 1;
    // One pixel in: every position is 0 after the clamp to the image.
    positions.denominator = std::max<int64_t>(in - 1, 1);
  } else if (p.halfPixel) {
    positions.numerator = 2 * out;
    positions.denominator = 2 * in;
    positions.offset = in - out;
  }
  return positions;
}

Result<BilinearResize> deriveResize(std::optional<ResizeVariant> variant,
                                    const ResizeParams &params) {
  std::string problem = checkResize(params);
  if (!problem.empty())
    return failure(problem);
  if (variant == ResizeVariant::Tflite ||
      variant == ResizeVariant::TfliteXnnpack)
    return makeNamed(*variant,
                     params.alignCorners ? ResizeAlignment::Corners
                     : params.halfPixel  ? ResizeAlignment::HalfPixel
                                         : ResizeAlignment::Plain,
                     params.inputHeight, params.outputHeight, params.inputWidth,
                     params.outputWidth);
  return deriveResize(
      variant, positionsOf(params.inputHeight, params.outputHeight, params),
      positionsOf(params.inputWidth, params.outputWidth, params));
}

Result<BilinearResize> deriveResize(std::optional<ResizeVariant> variant,
                                    const ResizePositions &rows,
                                    const ResizePositions &columns) {
  std::string problem = checkResize(
      {rows.inputSize, columns.inputSize, rows.outputSize, columns.outputSize});
  if (!problem.empty())
    return failure(problem);
  for (const ResizePositions *p : {&rows, &columns})
    if (p->numerator < 1 || p->denominator < 1 || p->numerator > INT32_MAX ||
        p->denominator > INT32_MAX || std::abs(p->offset) > INT32_MAX)
      return failure("resize: expected a scale and an offset of 32 bits, got " +
                     std::to_string(p->numerator) + "/" +
                     std::to_string(p->denominator) + " and " +
                     std::to_string(p->offset));
  if (variant == ResizeVariant::Tflite ||
      variant == ResizeVariant::TfliteXnnpack) {
    if (std::optional<ResizeAlignment> a = findAlignment(rows, columns))
      return makeNamed(*variant, *a, rows.inputSize, rows.outputSize,
                       columns.inputSize, columns.outputSize);
    return failure("resize: expected positions at half pixels, at the corners "
                   "or at multiples of in/out, on both axes alike");
  }
  BilinearResize resize;
  resize.variant = variant;
  resize.rows = exactTaps(rows);
  resize.columns = exactTaps(columns);
  resize.rowUnit = rows.numerator;
  resize.columnUnit = columns.numerator;
  // 16 bits of a code: the sum of a resize without a variant has 64 bits.
  int64_t most = variant ? INT32_MAX >> 8 : INT64_MAX >> 17;
  if (rows.numerator > most / columns.numerator)
    return failure("resize: expected scales whose product is at most " +
                   std::to_string(most) + ", got " +
                   std::to_string(rows.numerator) + " and " +
                   std::to_string(columns.numerator));
  if (!variant)
    return resize;
  Result<Multiplier> m = chooseMultiplier(
      MultiplierRule::Bits31,
      1.0 / static_cast<double>(rows.numerator * columns.numerator));
  if (!m)
    return failure("resize: " + m.error());
  resize.multiplier = m->multiplier;
  resize.shift = m->shift;
  return resize;
}

/// The largest distance of a position from the exact one, in pixels.
static double positionError(const std::vector<Tap> &taps, int64_t unit,
                            const ResizePositions &p) {
  double most = 0;
  for (size_t i = 0; i < taps.size(); ++i) {
    double weight =
        taps[i].lower == taps[i].upper
            ? 0
            : static_cast<double>(taps[i].weight) / static_cast<double>(unit);
    double exact =
        (static_cast<double>(i) * static_cast<double>(p.denominator) +
         static_cast<double>(p.offset)) /
        static_cast<double>(p.numerator);
    exact = std::min(std::max(exact, 0.0), p.inputSize - 1.0);
    most = std::max(most, std::abs(taps[i].lower + weight - exact));
  }
  return most;
}

double resizeError(const BilinearResize &resize, const ResizePositions &rows,
                   const ResizePositions &columns, double width) {
  // Between two pixels the value moves by `width` at most; across one, by
  // twice that for two parts of the way.
  double error =
      width * (positionError(resize.rows, resize.rowUnit, rows) +
               positionError(resize.columns, resize.columnUnit, columns));
  if (resize.variant == ResizeVariant::Tosa ||
      resize.variant == ResizeVariant::TosaDouble) {
    double unit = static_cast<double>(resize.rowUnit) *
                  static_cast<double>(resize.columnUnit);
    error +=
        width *
        std::abs(multiplierValue({resize.multiplier, resize.shift}) * unit - 1);
    // The first of two roundings.
    if (resize.variant == ResizeVariant::TosaDouble)
      error += 0.5;
  }
  return error + 0.5;
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
