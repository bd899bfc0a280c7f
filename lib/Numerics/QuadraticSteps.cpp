//===- QuadraticSteps.cpp - Levels that grow with the square of the code --===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/QuadraticSteps.h"

#include "SchemeLoops.h"

#include <algorithm>

namespace hwq::numerics {
namespace {

constexpr unsigned minBits = 2, maxBits = 12;

/// The smallest magnitude that belongs to k + 1; exact, 24 x 25 bits.
double thresholdAbove(double scale, int32_t k) {
  double d = static_cast<double>(k);
  return scale * (d * d + d + 0.5);
}

} // namespace

int32_t QuadraticSteps::levels() const {
  unsigned b = limitBits(bits, minBits, maxBits);
  return (int32_t(1) << (b - isSigned)) - 1;
}

Result<QuadraticSteps> checked(QuadraticSteps scheme) {
  if (std::string error = checkBits(scheme.bits, minBits, maxBits);
      !error.empty())
    return failure(std::move(error));
  if (!std::isnormal(scheme.scale) || scheme.scale < 0 ||
      !std::isfinite(dequantize(scheme, scheme.levels())))
    return failure("expected a normal scale above 0 with finite levels, got " +
                   text(static_cast<double>(scheme.scale)));
  return scheme;
}

Result<QuadraticSteps> deriveQuadraticSteps(double absMax,
                                            QuadraticSteps format) {
  if (std::string error = checkAbsMax(absMax); !error.empty())
    return failure(std::move(error));
  double k = static_cast<double>(format.levels());
  format.scale = absMax == 0 ? 1 : static_cast<float>(absMax / (k * k));
  return checked(format);
}

int32_t quantize(const QuadraticSteps &scheme, float x) {
  double magnitude = std::fabs(static_cast<double>(x));
  double scale = static_cast<double>(scheme.scale);
  int32_t levels = scheme.levels();
  if (!(magnitude > 0) || !(scale > 0) || (x < 0 && !scheme.isSigned))
    return 0;
  int32_t k = levels;
  if (magnitude < thresholdAbove(scale, levels - 1)) {
    k = static_cast<int32_t>(std::sqrt(magnitude / scale));
    k = std::min(k, levels - 1);
    // The estimate is rounded down, and perhaps off by a rounding.
    while (k > 0 && magnitude < thresholdAbove(scale, k - 1))
      --k;
    while (k < levels && magnitude >= thresholdAbove(scale, k))
      ++k;
  }
  return x < 0 ? -k : k;
}

float dequantize(const QuadraticSteps &scheme, int32_t code) {
  int32_t levels = scheme.levels();
  int32_t k = std::clamp(code, scheme.isSigned ? -levels : 0, levels);
  // Squares of up to 24 bits are exact in f32: one rounding.
  float value = scheme.scale * static_cast<float>(k * k);
  return k < 0 ? -value : value;
}

void quantizeArray(const QuadraticSteps &scheme, const float *x, size_t count,
                   int32_t *codes) {
  quantizeEach(scheme, x, count, codes);
}

void fakeQuantize(const QuadraticSteps &scheme, const float *x, size_t count,
                  float *y) {
  fakeQuantizeEach(scheme, x, count, y);
}

} // namespace hwq::numerics
