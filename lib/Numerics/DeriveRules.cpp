//===- DeriveRules.cpp - One function per derivation rule -----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The formulas keep the vendors' order and precision of operations.
//
//===----------------------------------------------------------------------===//

#include "DeriveRules.h"

#include "hwq/Numerics/Quantize.h"
#include "hwq/Numerics/Rounding.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <vector>

namespace hwq::numerics {
namespace {

int64_t stepsOf(Grid grid) { return grid.qmax - grid.qmin; }

/// 0 on a signed grid, 128 on u8: a non-narrow grid has one more step below
/// zero than above.
int64_t middleOf(Grid grid) {
  int64_t steps = stepsOf(grid);
  return grid.qmin + (steps - steps / 2);
}

/// The grid of the same size on which the vendor's tools count, with or without
/// a sign; integers move between the two by a constant.
Grid vendorGrid(Grid grid, bool isSigned) {
  int64_t shift = 0;
  if (isSigned && grid.qmin >= 0)
    shift = middleOf(grid);
  else if (!isSigned && grid.qmin < 0)
    shift = -((stepsOf(grid) + 1) / 2);
  return {grid.qmin - shift, grid.qmax - shift};
}

struct FloatRange {
  float min, max;
};

FloatRange toFloat(Range range) {
  return {static_cast<float>(range.min), static_cast<float>(range.max)};
}

FloatRange withZero(FloatRange range) {
  return {std::min(range.min, 0.0f), std::max(range.max, 0.0f)};
}

Range withZero(Range range) {
  return {std::min(0.0, range.min), std::max(0.0, range.max)};
}

float largest(FloatRange range) {
  return std::max(std::fabs(range.min), std::fabs(range.max));
}

/// The smallest power of two >= x > 0.
double powerOfTwoAtLeast(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);
  return std::ldexp(1.0, mantissa == 0.5 ? exponent - 1 : exponent);
}

/// The zero point that belongs to `scale` before rounding, from the end of the
/// range for which the terms are smaller.
double exactZeroPoint(double min, double max, double scale, Grid grid) {
  double qmin = static_cast<double>(grid.qmin);
  double qmax = static_cast<double>(grid.qmax);
  double fromMin = qmin - min / scale;
  double fromMax = qmax - max / scale;
  double minError = std::fabs(qmin) + std::fabs(min / scale);
  double maxError = std::fabs(qmax) + std::fabs(max / scale);
  return minError < maxError ? fromMin : fromMax;
}

int64_t roundToGrid(double q, Rounding mode, Grid grid) {
  return saturateReal(round(q, mode), grid.qmin, grid.qmax);
}

/// PAimet's and PTfl's forms for symmetric grids; `range` holds 0.
Scheme symmetric(Range range, Symmetry symmetry, Grid grid) {
  int64_t steps = stepsOf(grid);
  if (symmetry == Symmetry::UnsignedSymmetric && range.min == 0)
    return {range.max / static_cast<double>(steps), grid.qmin};
  return {std::max(-range.min, range.max) / static_cast<double>(steps / 2),
          middleOf(grid)};
}

} // namespace

Scheme deriveAimet(Range range, Grid grid, const DeriveOptions &options) {
  range = withZero(range);
  range.max = std::max(range.max, range.min + options.minimumWidth);
  if (options.symmetry != Symmetry::Asymmetric)
    return symmetric(range, options.symmetry, grid);
  int64_t steps = stepsOf(grid);
  double scale = (range.max - range.min) / static_cast<double>(steps);
  int64_t zero =
      saturateReal(round(-range.min / scale, Rounding::RHA), 0, steps);
  // The width stays as it was.
  Range adjusted;
  adjusted.min = 0 - scale * static_cast<double>(zero);
  adjusted.max = range.max - range.min + adjusted.min;
  return {scale, grid.qmin + zero, adjusted};
}

Scheme deriveTfl(Range range, Grid grid, const DeriveOptions &options) {
  range = withZero(range);
  if (options.symmetry != Symmetry::Asymmetric)
    return symmetric(range, options.symmetry, grid);
  double scale = (range.max - range.min) / static_cast<double>(stepsOf(grid));
  if (!(scale > 0))
    return {};
  return {scale, roundToGrid(exactZeroPoint(range.min, range.max, scale, grid),
                             Rounding::RHA, grid)};
}

Scheme deriveFb(Range range, Grid grid, const DeriveOptions &options) {
  constexpr float smallest = 6.1e-5f;
  auto [min, max] = toFloat(range);
  int64_t steps = stepsOf(grid);
  if (options.preserveSparsity && min < 0 && max > 0) {
    float below = static_cast<float>(-(steps / 2 + 1));
    float above = static_cast<float>(steps / 2);
    double widest = static_cast<double>(
        std::max(std::fabs(min / below), std::fabs(max / above)));
    min = static_cast<float>(widest * static_cast<double>(below));
    max = static_cast<float>(widest * static_cast<double>(above));
  }
  min = std::min(min, 0.0f);
  max = std::max(max, 0.0f);
  float scale =
      static_cast<float>((static_cast<double>(max) - static_cast<double>(min)) /
                         static_cast<double>(steps));
  if (scale == 0 || std::isinf(1.0f / scale))
    scale = 0.1f;
  if (options.powerOfTwo && std::isfinite(scale))
    scale = static_cast<float>(powerOfTwoAtLeast(static_cast<double>(scale)));
  if (scale < smallest) {
    float amplifier = smallest / scale;
    scale = smallest;
    if (min == 0)
      max = smallest * static_cast<float>(steps);
    else if (max == 0)
      min = -smallest * static_cast<float>(steps);
    else {
      min *= amplifier;
      max *= amplifier;
    }
  }
  double zero =
      exactZeroPoint(static_cast<double>(min), static_cast<double>(max),
                     static_cast<double>(scale), grid);
  if (options.preserveSparsity && min < 0 && max > 0)
    zero = static_cast<double>(grid.qmin + grid.qmax) / 2;
  return {static_cast<double>(scale), roundToGrid(zero, Rounding::RNE, grid)};
}

Scheme deriveTorch(Range range, Grid grid, const DeriveOptions &options,
                   bool toPowerOfTwo) {
  auto [min, max] = withZero(toFloat(range));
  float steps = static_cast<float>(stepsOf(grid));
  bool isUnsigned = options.symmetry == Symmetry::UnsignedSymmetric && min == 0;
  float scale = isUnsigned ? max / steps
                : options.symmetry == Symmetry::Asymmetric
                    ? (max - min) / steps
                    : std::max(-min, max) / (steps / 2);
  scale = std::max(scale, FLT_EPSILON);
  int64_t zero = isUnsigned ? grid.qmin : middleOf(grid);
  if (options.symmetry == Symmetry::Asymmetric)
    zero = saturate(grid.qmin - saturateReal(static_cast<double>(round(
                                                 min / scale, Rounding::RNE)),
                                             -stepsOf(grid), 0),
                    grid.qmin, grid.qmax);
  // MQBench rounds the scale of an observer that has its zero point.
  if (toPowerOfTwo && std::isfinite(scale)) {
    // log2 in f64 rounded to f32 is the correctly rounded f32 logarithm.
    float log = static_cast<float>(std::log2(static_cast<double>(scale)));
    scale = std::ldexp(1.0f, static_cast<int>(round(log, Rounding::RNE)));
  }
  return {static_cast<double>(scale), zero};
}

bool isInDomainOfNnlib(Range range) {
  auto [min, max] = withZero(toFloat(range));
  float width = max - min;
  return width >= 1e-6f && width <= FLT_MAX / 256;
}

Scheme deriveNnlib(Range range, Grid grid) {
  auto [min, max] = withZero(toFloat(range));
  float zero = 0;
  if (min != 0) {
    zero = -255.0f * min / (max - min);
    float whole = std::floor(zero), rest = zero - whole;
    if (rest <= 0x1p-14f)
      zero = whole;
    else if (rest >= 1 - 0x1p-14f)
      zero = whole + 1;
    else if (whole > 0 && (whole > 253 || (rest - 1.0f) * min >= rest * max)) {
      max = min - 255.0f * min / whole;
      zero = whole;
    } else {
      min = max * (whole + 1.0f) / (whole - 254.0f);
      zero = whole + 1;
    }
  }
  // 1/255 in two parts, whose sum has about twice the precision of f32.
  constexpr float high = 0x8.08081p-11f, low = -0xF.EFEFFp-36f;
  float width = max - min;
  float scale = std::fma(high, width, low * width);
  return {static_cast<double>(scale), grid.qmin + static_cast<int64_t>(zero),
          Range{static_cast<double>(min), static_cast<double>(max)}};
}

Scheme deriveAmct(Range range, Grid grid, const DeriveOptions &options) {
  Grid vendor = vendorGrid(grid, /*isSigned=*/true);
  int64_t shift = grid.qmin - vendor.qmin;
  FloatRange ends = toFloat(range);
  if (options.symmetry != Symmetry::Asymmetric) {
    bool fromMin = std::fabs(ends.min) > std::fabs(ends.max);
    float scale = largest(ends) /
                  static_cast<float>(fromMin ? -vendor.qmin : vendor.qmax);
    if (scale < FLT_EPSILON)
      scale = 1;
    return {static_cast<double>(scale), shift};
  }
  auto [min, max] = withZero(ends);
  float scale = (max - min) / static_cast<float>(stepsOf(grid));
  if (scale < FLT_EPSILON)
    return {1, grid.qmin};
  float zero = static_cast<float>(vendor.qmin) - min / scale;
  return {static_cast<double>(scale),
          roundToGrid(static_cast<double>(zero), Rounding::RNE, vendor) +
              shift};
}

Scheme deriveGlow(Range range, Grid grid, const DeriveOptions &options) {
  Grid vendor = vendorGrid(grid, /*isSigned=*/true);
  auto [min, max] = withZero(toFloat(range));
  bool isSymmetric =
      options.symmetry == Symmetry::Symmetric ||
      (options.symmetry == Symmetry::UnsignedSymmetric && min < 0);
  if (isSymmetric) {
    double qmin = static_cast<double>(vendor.qmin);
    double qmax = static_cast<double>(vendor.qmax);
    double below = static_cast<double>(min) / qmin;
    double above = static_cast<double>(max) / qmax;
    if (below > above)
      max = static_cast<float>(below * qmax);
    else
      min = static_cast<float>(above * qmin);
  }
  min = std::max(min, -FLT_MAX);
  max = std::min(max, FLT_MAX);
  double a = static_cast<double>(min), b = static_cast<double>(max);
  double scale = (b - a) / static_cast<double>(stepsOf(grid));
  if (scale == 0)
    scale = 0.1;
  double zero = exactZeroPoint(a, b, scale, vendor);
  if (std::fabs(max + min) <= FLT_EPSILON)
    zero = 0;
  if (options.powerOfTwo)
    scale = std::exp2(std::ceil(std::log2(scale)));
  return {static_cast<double>(static_cast<float>(scale)),
          roundToGrid(zero, Rounding::RHA, vendor) + (grid.qmin - vendor.qmin)};
}

Scheme deriveNgraph(Range range, Grid grid, const DeriveOptions &options) {
  auto [min, max] = toFloat(range);
  float largestGiven = largest({min, max});
  if (options.bumpByEps) {
    min = std::min(0.0f, min);
    float epsilon = std::max(1.0f, largestGiven) / 100.0f;
    max = std::max(0.0f, std::max(max, min + epsilon));
  }
  float magnitude = largest({min, max});
  int64_t steps = stepsOf(grid);
  if (options.symmetry == Symmetry::UnsignedSymmetric)
    return min < 0 ? Scheme{static_cast<double>(magnitude /
                                                static_cast<float>(steps / 2)),
                            middleOf(grid)}
                   : Scheme{static_cast<double>(magnitude /
                                                static_cast<float>(steps)),
                            grid.qmin};
  int64_t zero = saturate(0, grid.qmin, grid.qmax);
  return {static_cast<double>(magnitude / static_cast<float>(grid.qmax - zero)),
          zero};
}

Scheme deriveTpu(Range range, Grid grid, const DeriveOptions &options) {
  if (options.symmetry != Symmetry::Asymmetric) {
    bool isUnsigned =
        options.symmetry == Symmetry::UnsignedSymmetric && range.min >= 0;
    int64_t steps = isUnsigned ? stepsOf(grid) : stepsOf(grid) / 2;
    int64_t zero = isUnsigned ? grid.qmin : middleOf(grid);
    if (options.ofWeights) {
      float scale = largest(toFloat(range)) / static_cast<float>(steps);
      return {static_cast<double>(std::max(scale, 1e-5f)), zero};
    }
    return {std::max(std::fabs(range.min), std::fabs(range.max)) /
                static_cast<double>(steps),
            zero};
  }
  Grid vendor = vendorGrid(grid, /*isSigned=*/range.min < 0);
  double qmin = static_cast<double>(vendor.qmin);
  double qmax = static_cast<double>(vendor.qmax);
  double scale = (range.max - range.min) / (qmax - qmin);
  // min = max: the zero point is past the grid, and the far end decides.
  double zero = scale > 0       ? qmin - range.min / scale
                : range.min < 0 ? qmax + 1
                                : qmin - 1;
  int64_t shift = grid.qmin - vendor.qmin;
  if (zero < qmin)
    return {range.max / (qmax - qmin), grid.qmin};
  if (zero > qmax)
    return {range.min / (qmin - qmax), grid.qmax};
  return {scale, roundToGrid(zero, Rounding::RHA, vendor) + shift};
}

Scheme deriveTvm(Range range, Grid grid, const DeriveOptions &options) {
  double threshold = static_cast<double>(largest(toFloat(range)));
  if (options.ofWeights)
    threshold = threshold > 0 ? powerOfTwoAtLeast(threshold) : 1;
  else if (options.threshold > 0)
    threshold = options.threshold;
  // The grid is narrow: 2^(bits-1) = qmax + 1.
  return {threshold / static_cast<double>(grid.qmax + 1), 0};
}

int firstFixPosition(Range range, Grid grid) {
  auto [min, max] = toFloat(range);
  float step = std::max(min / (static_cast<float>(grid.qmin) - 0.5f),
                        max / (static_cast<float>(grid.qmax) + 0.5f));
  if (step <= FLT_MIN)
    return 18;
  // floor(log2(1/step)), exactly.
  int exponent = 0;
  float mantissa = std::frexp(step, &exponent);
  return mantissa == 0.5f ? 1 - exponent : -exponent;
}

int limitFixPosition(int fp, Grid grid) {
  return std::min(fp, stepsOf(grid) <= 255 ? 12 : 15);
}

Scheme schemeOfFixPosition(int fp) { return {std::ldexp(1.0, -fp), 0}; }

Scheme deriveTrt(Range range, Grid grid) {
  double magnitude = std::max(std::fabs(range.min), std::fabs(range.max));
  if (magnitude == 0)
    return {1, 0};
  auto scale = static_cast<float>(magnitude / static_cast<double>(grid.qmax));
  return {static_cast<double>(scale), 0};
}

Scheme deriveTengine(Range range, Grid grid) {
  auto [min, max] = withZero(toFloat(range));
  float scale = (max - min) / static_cast<float>(stepsOf(grid));
  if (!(scale > 0))
    return {};
  double zero = static_cast<double>(round(-min / scale, Rounding::RTZ));
  return {static_cast<double>(scale),
          grid.qmin + saturateReal(zero, 0, stepsOf(grid))};
}

Scheme deriveNote256(Range range, Grid grid, const DeriveOptions &options) {
  range = withZero(range);
  unsigned bits = options.bits ? options.bits : bitWidth(options.storage);
  double count = std::ldexp(1.0, static_cast<int>(bits));
  double scale = (range.max - range.min) / count;
  if (!(scale > 0))
    return {};
  double zero = count * range.min / (range.min - range.max);
  return {scale, grid.qmin + saturateReal(round(zero, Rounding::RHA), 0,
                                          stepsOf(grid))};
}

Result<Derived> deriveDpu(const float *x, size_t count,
                          const DeriveOptions &options, int candidates) {
  Range range;
  for (size_t i = 0; i < count; ++i) {
    double value = static_cast<double>(x[i]);
    if (!std::isfinite(value))
      return failure("expected finite values, got " + std::to_string(value) +
                     " at index " + std::to_string(i));
    range.min = i == 0 ? value : std::min(range.min, value);
    range.max = i == 0 ? value : std::max(range.max, value);
  }
  QuantizeForm form = options.ofWeights ? QuantizeForm::Q6P : QuantizeForm::Q6;
  // In blocks, so that the quantization is the array kernel's.
  std::vector<int32_t> codes(std::min<size_t>(count, 4096));
  std::vector<float> back(codes.size());
  auto squaredError = [&](const QuantParams &params) {
    double sum = 0;
    for (size_t start = 0; start < count; start += codes.size()) {
      size_t size = std::min(codes.size(), count - start);
      quantizeArray(form, x + start, size, params, codes.data());
      dequantizeArray(codes.data(), size, params, back.data());
      for (size_t i = 0; i < size; ++i) {
        double error =
            static_cast<double>(x[start + i]) - static_cast<double>(back[i]);
        sum += error * error;
      }
    }
    return sum;
  };
  return deriveDpu(range, options, squaredError, candidates);
}

std::optional<double> exactWeightScale(const float *w, size_t count,
                                       Grid grid) {
  for (int k = 0; k <= 6; ++k) {
    bool exact = true;
    for (size_t i = 0; i < count && exact; ++i) {
      float scaled = std::ldexp(w[i], k);
      exact = std::isfinite(scaled) && std::trunc(scaled) == scaled &&
              scaled >= static_cast<float>(grid.qmin) &&
              scaled <= static_cast<float>(grid.qmax);
    }
    if (exact)
      return std::ldexp(1.0, -k);
  }
  return std::nullopt;
}

} // namespace hwq::numerics
