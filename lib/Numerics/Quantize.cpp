//===- Quantize.cpp - Float to integer and back ---------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Quantize.h"

#include "hwq/Numerics/Rounding.h"

#include "TargetClones.h"

#include <cmath>

namespace hwq::numerics {

int64_t quantize(QuantizeForm form, float x, const QuantParams &params) {
  auto [qmin, qmax] = params.grid;
  int64_t z = params.zeroPoint;
  float scale = static_cast<float>(params.scale);
  auto orZero = [](auto v) { return std::isnan(v) ? decltype(v)(0) : v; };
  switch (form) {
  case QuantizeForm::Q1: {
    float v = round(orZero(x * (1.0f / scale)), Rounding::RNE);
    return saturateReal(v, qmin - z, qmax - z) + z;
  }
  case QuantizeForm::Q2: {
    float v = round(orZero(x / scale), Rounding::RNE);
    return saturateReal(v, qmin - z, qmax - z) + z;
  }
  case QuantizeForm::Q3: {
    float v = round(orZero(x / scale), Rounding::RHA);
    return saturateReal(v, qmin - z, qmax - z) + z;
  }
  case QuantizeForm::Q4: {
    float v = orZero(x / scale) + static_cast<float>(z);
    return saturateReal(round(v, Rounding::RNE), qmin, qmax);
  }
  case QuantizeForm::Q5: {
    double v = orZero(static_cast<double>(x) / params.scale) +
               static_cast<double>(z - qmin);
    return saturateReal(round(v, Rounding::RHA), 0, qmax - qmin) + qmin;
  }
  }
  return z;
}

int64_t quantizeLSB(QuantizeForm form, double valueInLsb, int64_t zeroPoint,
                    int64_t lo, int64_t hi) {
  double v = std::isnan(valueInLsb) ? 0 : valueInLsb;
  switch (form) {
  case QuantizeForm::Q1:
  case QuantizeForm::Q2:
    return saturateReal(round(v, Rounding::RNE), lo - zeroPoint,
                        hi - zeroPoint) +
           zeroPoint;
  case QuantizeForm::Q3:
    return saturateReal(round(v, Rounding::RHA), lo - zeroPoint,
                        hi - zeroPoint) +
           zeroPoint;
  case QuantizeForm::Q4:
    return saturateReal(
        round(v + static_cast<double>(zeroPoint), Rounding::RNE), lo, hi);
  case QuantizeForm::Q5:
    return saturateReal(
               round(v + static_cast<double>(zeroPoint - lo), Rounding::RHA), 0,
               hi - lo) +
           lo;
  }
  return zeroPoint;
}

float dequantize(int64_t q, const QuantParams &params) {
  return static_cast<float>(params.scale) *
         static_cast<float>(q - params.zeroPoint);
}

namespace {

// The loops clamp first and round afterwards: the bounds are integers, which
// rounding leaves alone, so the result is the same and the conversion to int is
// always defined. No library call, so that every clone vectorizes.

HWQ_INLINE float clampReal(float v, float lo, float hi) {
  v = v < lo ? lo : v;
  return v > hi ? hi : v;
}

/// |v| < 2^22.
HWQ_INLINE int32_t nearestEven(float v) {
  constexpr float magic = 0x1.8p23f;
  return static_cast<int32_t>((v + magic) - magic);
}

HWQ_INLINE int32_t nearestAway(float v) {
  int32_t whole = static_cast<int32_t>(v);
  float rest = v - static_cast<float>(whole);
  return whole + (rest >= 0.5f) - (rest <= -0.5f);
}

/// Q1 and Q2, which divides.
template <bool divide, class Out>
HWQ_INLINE void evenLoop(const float *x, size_t count, float factor, float lo,
                         float hi, int32_t z, Out *q) {
  for (size_t i = 0; i < count; ++i) {
    float v = divide ? x[i] / factor : x[i] * factor;
    v = v != v ? 0.0f : v;
    q[i] = static_cast<Out>(nearestEven(clampReal(v, lo, hi)) + z);
  }
}

/// Q3.
template <class Out>
HWQ_INLINE void awayLoop(const float *x, size_t count, float scale, float lo,
                         float hi, int32_t z, Out *q) {
  for (size_t i = 0; i < count; ++i) {
    float v = x[i] / scale;
    v = v != v ? 0.0f : v;
    q[i] = static_cast<Out>(nearestAway(clampReal(v, lo, hi)) + z);
  }
}

/// Q4.
template <class Out>
HWQ_INLINE void insideLoop(const float *x, size_t count, float scale, float lo,
                           float hi, float z, Out *q) {
  for (size_t i = 0; i < count; ++i) {
    float v = x[i] / scale;
    v = (v != v ? 0.0f : v) + z;
    q[i] = static_cast<Out>(nearestEven(clampReal(v, lo, hi)));
  }
}

/// Q5; offset = z - qmin.
template <class Out>
HWQ_INLINE void offsetLoop(const float *x, size_t count, double scale,
                           double offset, double steps, int32_t qmin, Out *q) {
  for (size_t i = 0; i < count; ++i) {
    double v = static_cast<double>(x[i]) / scale;
    v = (v != v ? 0.0 : v) + offset;
    v = v < 0.0 ? 0.0 : v;
    v = v > steps ? steps : v;
    // Not negative: half away is half up.
    int32_t whole = static_cast<int32_t>(v);
    whole += v - static_cast<double>(whole) >= 0.5;
    q[i] = static_cast<Out>(whole + qmin);
  }
}

template <class Out>
HWQ_INLINE void dequantizeLoop(const Out *q, size_t count, float scale,
                               int32_t z, float *x) {
  for (size_t i = 0; i < count; ++i)
    x[i] = scale * static_cast<float>(static_cast<int32_t>(q[i]) - z);
}

#define HWQ_QUANTIZE_LOOPS(Out)                                                \
  HWQ_TARGET_CLONES void loopQ1_##Out(const float *x, size_t count, float f,   \
                                      float lo, float hi, int32_t z, Out *q) { \
    evenLoop<false>(x, count, f, lo, hi, z, q);                                \
  }                                                                            \
  HWQ_TARGET_CLONES void loopQ2_##Out(const float *x, size_t count, float s,   \
                                      float lo, float hi, int32_t z, Out *q) { \
    evenLoop<true>(x, count, s, lo, hi, z, q);                                 \
  }                                                                            \
  HWQ_TARGET_CLONES void loopQ3_##Out(const float *x, size_t count, float s,   \
                                      float lo, float hi, int32_t z, Out *q) { \
    awayLoop(x, count, s, lo, hi, z, q);                                       \
  }                                                                            \
  HWQ_TARGET_CLONES void loopQ4_##Out(const float *x, size_t count, float s,   \
                                      float lo, float hi, float z, Out *q) {   \
    insideLoop(x, count, s, lo, hi, z, q);                                     \
  }                                                                            \
  HWQ_TARGET_CLONES void loopQ5_##Out(const float *x, size_t count, double s,  \
                                      double offset, double steps,             \
                                      int32_t qmin, Out *q) {                  \
    offsetLoop(x, count, s, offset, steps, qmin, q);                           \
  }                                                                            \
  HWQ_TARGET_CLONES void loopDequantize_##Out(                                 \
      const Out *q, size_t count, float scale, int32_t z, float *x) {          \
    dequantizeLoop(q, count, scale, z, x);                                     \
  }

HWQ_QUANTIZE_LOOPS(uint8_t)
HWQ_QUANTIZE_LOOPS(int8_t)
HWQ_QUANTIZE_LOOPS(int16_t)

/// What the loops rely on: small integers, exact in f32 and far from 2^22.
bool isSmall(const QuantParams &params) {
  constexpr int64_t limit = int64_t(1) << 20;
  auto within = [](int64_t v) { return v > -limit && v < limit; };
  return within(params.grid.qmin) && within(params.grid.qmax) &&
         within(params.zeroPoint) && params.grid.qmin <= params.grid.qmax;
}

template <class Out>
void scalarLoop(QuantizeForm form, const float *x, size_t count,
                const QuantParams &params, Out *q) {
  for (size_t i = 0; i < count; ++i)
    q[i] = static_cast<Out>(quantize(form, x[i], params));
}

} // namespace

#define HWQ_QUANTIZE_ARRAY(Out)                                                \
  void quantizeArray(QuantizeForm form, const float *x, size_t count,          \
                     const QuantParams &params, Out *q) {                      \
    if (!isSmall(params))                                                      \
      return scalarLoop(form, x, count, params, q);                            \
    auto [qmin, qmax] = params.grid;                                           \
    int32_t z = static_cast<int32_t>(params.zeroPoint);                        \
    float s = static_cast<float>(params.scale);                                \
    float lo = static_cast<float>(qmin), hi = static_cast<float>(qmax);        \
    float loZ = static_cast<float>(qmin - z);                                  \
    float hiZ = static_cast<float>(qmax - z);                                  \
    switch (form) {                                                            \
    case QuantizeForm::Q1:                                                     \
      return loopQ1_##Out(x, count, 1.0f / s, loZ, hiZ, z, q);                 \
    case QuantizeForm::Q2:                                                     \
      return loopQ2_##Out(x, count, s, loZ, hiZ, z, q);                        \
    case QuantizeForm::Q3:                                                     \
      return loopQ3_##Out(x, count, s, loZ, hiZ, z, q);                        \
    case QuantizeForm::Q4:                                                     \
      return loopQ4_##Out(x, count, s, lo, hi, static_cast<float>(z), q);      \
    case QuantizeForm::Q5:                                                     \
      return loopQ5_##Out(                                                     \
          x, count, params.scale, static_cast<double>(z - qmin),               \
          static_cast<double>(qmax - qmin), static_cast<int32_t>(qmin), q);    \
    }                                                                          \
  }                                                                            \
  void dequantizeArray(const Out *q, size_t count, const QuantParams &params,  \
                       float *x) {                                             \
    if (!isSmall(params)) {                                                    \
      for (size_t i = 0; i < count; ++i)                                       \
        x[i] = dequantize(q[i], params);                                       \
      return;                                                                  \
    }                                                                          \
    loopDequantize_##Out(q, count, static_cast<float>(params.scale),           \
                         static_cast<int32_t>(params.zeroPoint), x);           \
  }

HWQ_QUANTIZE_ARRAY(uint8_t)
HWQ_QUANTIZE_ARRAY(int8_t)
HWQ_QUANTIZE_ARRAY(int16_t)

// 32-bit codes are biases and accumulators: short, and wider than f32.
void quantizeArray(QuantizeForm form, const float *x, size_t count,
                   const QuantParams &params, int32_t *q) {
  scalarLoop(form, x, count, params, q);
}

void dequantizeArray(const int32_t *q, size_t count, const QuantParams &params,
                     float *x) {
  for (size_t i = 0; i < count; ++i)
    x[i] = dequantize(q[i], params);
}

} // namespace hwq::numerics
