//===- Quantize.cpp - Float to integer and back ---------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Quantize.h"

#include "hwq/Numerics/Rounding.h"

#include <cmath>
#include <cstdint>

namespace hwq::numerics {

static double nanToZero(double v) { return std::isnan(v) ? 0 : v; }
static float nanToZero(float v) { return std::isnan(v) ? 0 : v; }

/// a - b, at the end of int64 where that is past it.
static int64_t minus(int64_t a, int64_t b) {
  int64_t difference;
  if (__builtin_sub_overflow(a, b, &difference))
    return b > 0 ? INT64_MIN : INT64_MAX;
  return difference;
}

/// clamp(round(v) + z). Not by a sum that could leave int64.
static int64_t roundThenShift(double v, Rounding mode, int64_t z, int64_t lo,
                              int64_t hi) {
  return saturateReal(round(nanToZero(v), mode), minus(lo, z), minus(hi, z)) +
         z;
}

int64_t quantize(Rounding mode, float x, const QuantParams &params) {
  float v = x / static_cast<float>(params.scale);
  return roundThenShift(static_cast<double>(v), mode, params.zeroPoint,
                        params.grid.qmin, params.grid.qmax);
}

int64_t quantize(QuantizeForm form, float x, const QuantParams &params) {
  auto [qmin, qmax] = params.grid;
  int64_t z = params.zeroPoint;
  float scale = static_cast<float>(params.scale);
  switch (form) {
  case QuantizeForm::Q1:
    return roundThenShift(static_cast<double>(x * (1.0f / scale)),
                          Rounding::RNE, z, qmin, qmax);
  case QuantizeForm::Q2:
    return quantize(Rounding::RNE, x, params);
  case QuantizeForm::Q3:
  case QuantizeForm::Q6P:
    return quantize(Rounding::RHA, x, params);
  case QuantizeForm::Q4: {
    float v = nanToZero(x / scale) + static_cast<float>(z);
    return saturateReal(static_cast<double>(round(v, Rounding::RNE)), qmin,
                        qmax);
  }
  case QuantizeForm::Q5: {
    double v = nanToZero(static_cast<double>(x) / params.scale) +
               static_cast<double>(minus(z, qmin));
    return saturateReal(round(v, Rounding::RHA), 0, minus(qmax, qmin)) + qmin;
  }
  case QuantizeForm::Q6:
    return quantize(Rounding::RHU, x, params);
  case QuantizeForm::Q7:
    return roundThenShift(static_cast<double>(x * (1.0f / scale)),
                          Rounding::RHA, z, qmin, qmax);
  case QuantizeForm::Q3F64:
    return roundThenShift(static_cast<double>(x) / params.scale, Rounding::RHA,
                          z, qmin, qmax);
  }
  return z;
}

int64_t quantizeLSB(QuantizeForm form, double valueInLsb, int64_t zeroPoint,
                    int64_t lo, int64_t hi) {
  double v = nanToZero(valueInLsb);
  switch (form) {
  case QuantizeForm::Q1:
  case QuantizeForm::Q2:
    return roundThenShift(v, Rounding::RNE, zeroPoint, lo, hi);
  case QuantizeForm::Q3:
  case QuantizeForm::Q7:
  case QuantizeForm::Q3F64:
  case QuantizeForm::Q6P:
    return roundThenShift(v, Rounding::RHA, zeroPoint, lo, hi);
  case QuantizeForm::Q6:
    return roundThenShift(v, Rounding::RHU, zeroPoint, lo, hi);
  case QuantizeForm::Q4:
    return saturateReal(
        round(v + static_cast<double>(zeroPoint), Rounding::RNE), lo, hi);
  case QuantizeForm::Q5:
    return saturateReal(round(v + static_cast<double>(minus(zeroPoint, lo)),
                              Rounding::RHA),
                        0, minus(hi, lo)) +
           lo;
  }
  return zeroPoint;
}

float dequantize(int64_t q, const QuantParams &params) {
  return static_cast<float>(params.scale) *
         static_cast<float>(minus(q, params.zeroPoint));
}

} // namespace hwq::numerics
