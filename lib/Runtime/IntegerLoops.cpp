//===- IntegerLoops.cpp - Vectorized loops of the integer kernels -*- C++ -*-=//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerLoops.h"
#include <algorithm>

#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__)
#define HWQ_CLONES                                                             \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define HWQ_CLONES
#endif
#define HWQ_BODY static inline __attribute__((always_inline))

using hwq::numerics::QuantizeForm;

namespace hwq::runtime {

HWQ_BODY int32_t wrapAdd(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) +
                              static_cast<uint32_t>(b));
}
HWQ_BODY int32_t wrapMul(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) *
                              static_cast<uint32_t>(b));
}

// target_clones does not apply to templates: one function for each type.
#define HWQ_WIDEN(In, Out)                                                     \
  HWQ_CLONES void widen(const In *__restrict x, Out *__restrict y,             \
                        size_t count, int32_t offset) {                        \
    for (size_t i = 0; i < count; ++i)                                         \
      y[i] = static_cast<Out>(x[i] - offset);                                  \
  }
HWQ_WIDEN(uint8_t, int16_t)
HWQ_WIDEN(int8_t, int16_t)
HWQ_WIDEN(uint8_t, float)
HWQ_WIDEN(int8_t, float)

HWQ_CLONES void storeIntegers(const float *__restrict x, int32_t *__restrict y,
                              size_t count) {
  for (size_t i = 0; i < count; ++i)
    y[i] = static_cast<int32_t>(x[i]);
}

HWQ_CLONES void addIntegers(const float *__restrict x, int32_t *__restrict y,
                            size_t count) {
  for (size_t i = 0; i < count; ++i)
    y[i] = wrapAdd(y[i], static_cast<int32_t>(x[i]));
}

HWQ_CLONES void addPerChannel(int32_t *__restrict acc,
                              const int32_t *__restrict bias, size_t rows,
                              size_t channels) {
  for (size_t p = 0; p < rows; ++p)
    for (size_t c = 0; c < channels; ++c)
      acc[p * channels + c] = wrapAdd(acc[p * channels + c], bias[c]);
}

HWQ_CLONES void addOuterProduct(int32_t *__restrict acc,
                                const int32_t *__restrict factor,
                                const int32_t *__restrict sum, size_t rows,
                                size_t channels, size_t stride,
                                size_t sumStride) {
  for (size_t p = 0; p < rows; ++p) {
    int32_t s = sum[p * sumStride];
    int32_t *__restrict row = acc + p * stride;
    for (size_t c = 0; c < channels; ++c)
      row[c] = wrapAdd(row[c], wrapMul(factor[c], s));
  }
}

HWQ_CLONES void sumCodes(const uint8_t *__restrict x, int32_t *__restrict sums,
                         size_t pixels, size_t channels) {
  for (size_t p = 0; p < pixels; ++p, x += channels) {
    int32_t sum = 0;
    size_t c = 0;
    for (; c + 16 <= channels; c += 16)
      for (size_t j = 0; j < 16; ++j)
        sum += x[c + j];
    for (; c < channels; ++c)
      sum += x[c];
    sums[p] = sum;
  }
}

HWQ_CLONES int32_t dotCodes(const uint8_t *__restrict x,
                            const int8_t *__restrict w, size_t count) {
  int32_t sum = 0;
  for (size_t i = 0; i < count; ++i)
    sum += x[i] * w[i];
  return sum;
}

HWQ_CLONES void addTo(int32_t *__restrict y, const int32_t *__restrict x,
                      size_t count) {
  for (size_t i = 0; i < count; ++i)
    y[i] += x[i];
}

// Products of a byte and an i16 that are both extended: one multiply-add each.
// As many blocks of channels as there are, their sums in registers.
template <size_t block, typename In>
HWQ_BODY size_t depthwiseBlocks(const In *__restrict x,
                                const int16_t *__restrict w,
                                const int32_t *__restrict offsets, size_t taps,
                                int32_t *__restrict acc, size_t pixels,
                                size_t pixelStride, size_t channels, size_t c) {
  for (; c + block <= channels; c += block)
    for (size_t p = 0; p < pixels; ++p) {
      int32_t sum[block] = {};
      for (size_t t = 0; t < taps; ++t) {
        const In *xt = x + p * pixelStride + offsets[t] + c;
        const int16_t *wt = w + t * channels + c;
        for (size_t j = 0; j < block; ++j)
          sum[j] += static_cast<int32_t>(xt[j]) * static_cast<int32_t>(wt[j]);
      }
      for (size_t j = 0; j < block; ++j)
        acc[p * channels + c + j] = sum[j];
    }
  return c;
}

template <typename In>
HWQ_BODY void depthwiseBody(const In *x, const int16_t *w,
                            const int32_t *offsets, size_t taps, int32_t *acc,
                            size_t pixels, size_t pixelStride,
                            size_t channels) {
  size_t c = 0;
  c = depthwiseBlocks<32>(x, w, offsets, taps, acc, pixels, pixelStride,
                          channels, c);
  c = depthwiseBlocks<16>(x, w, offsets, taps, acc, pixels, pixelStride,
                          channels, c);
  c = depthwiseBlocks<8>(x, w, offsets, taps, acc, pixels, pixelStride,
                         channels, c);
  depthwiseBlocks<1>(x, w, offsets, taps, acc, pixels, pixelStride, channels,
                     c);
}

#define HWQ_DEPTHWISE(In)                                                      \
  HWQ_CLONES void depthwiseRow(                                                \
      const In *x, const int16_t *w, const int32_t *offsets, size_t taps,      \
      int32_t *acc, size_t pixels, size_t pixelStride, size_t channels) {      \
    depthwiseBody(x, w, offsets, taps, acc, pixels, pixelStride, channels);    \
  }
HWQ_DEPTHWISE(uint8_t)
HWQ_DEPTHWISE(int8_t)

HWQ_CLONES void scaleReal(const int32_t *__restrict x, double *__restrict y,
                          size_t rows, size_t channels,
                          const RealScale &params) {
  RealScale p = params;
  double sub = static_cast<double>(p.sub);
  // A shift left is exact in f64.
  double shift = static_cast<double>(int64_t(1) << p.left);
  for (size_t r = 0; r < rows; ++r)
    for (size_t c = 0; c < channels; ++c)
      y[r * channels + c] =
          ((static_cast<double>(x[r * channels + c]) - sub) * shift +
           p.pre[c]) *
              p.scale[c] +
          p.post[c];
}

HWQ_BODY double roundHalfAway(double v) {
  double t = __builtin_trunc(v), rest = v - t;
  return t + (rest >= 0.5 ? 1.0 : 0.0) - (rest <= -0.5 ? 1.0 : 0.0);
}

// clamp(round(v + before) + after, lo, hi)
template <typename Round>
HWQ_BODY void roundBody(const double *__restrict v, size_t count, double before,
                        double after, double lo, double hi,
                        int32_t *__restrict y, Round round) {
  for (size_t i = 0; i < count; ++i) {
    double x = v[i] == v[i] ? v[i] : 0.0;
    double r = round(x + before) + after;
    r = r < lo ? lo : r;
    r = r > hi ? hi : r;
    y[i] = static_cast<int32_t>(r);
  }
}

HWQ_CLONES void roundRealEven(const double *v, size_t count, double before,
                              double after, double lo, double hi, int32_t *y) {
  roundBody(v, count, before, after, lo, hi, y,
            [](double x) __attribute__((always_inline)) {
              return __builtin_roundeven(x);
            });
}

HWQ_CLONES void roundRealAway(const double *v, size_t count, double before,
                              double after, double lo, double hi, int32_t *y) {
  roundBody(v, count, before, after, lo, hi, y,
            [](double x)
                __attribute__((always_inline)) { return roundHalfAway(x); });
}

HWQ_CLONES void roundRealUp(const double *v, size_t count, double before,
                            double after, double lo, double hi, int32_t *y) {
  roundBody(v, count, before, after, lo, hi, y,
            [](double x) __attribute__((always_inline)) {
              double whole = __builtin_floor(x);
              return whole + (x - whole >= 0.5 ? 1.0 : 0.0);
            });
}

void roundReal(QuantizeForm form, const double *v, size_t count,
               int64_t zeroPoint, int64_t lo, int64_t hi, int32_t *y) {
  // Q5 counts from lo, wherever that is; the results are 32-bit integers.
  double z = static_cast<double>(zeroPoint), base = static_cast<double>(lo),
         l = std::max(base, -0x1p31),
         h = std::min(static_cast<double>(hi), 0x1p31 - 1);
  switch (form) {
  case QuantizeForm::Q1:
  case QuantizeForm::Q2:
    return roundRealEven(v, count, 0.0, z, l, h, y);
  case QuantizeForm::Q3:
  case QuantizeForm::Q7:
  case QuantizeForm::Q3F64:
  case QuantizeForm::Q6P:
    return roundRealAway(v, count, 0.0, z, l, h, y);
  case QuantizeForm::Q6:
    return roundRealUp(v, count, 0.0, z, l, h, y);
  case QuantizeForm::Q4:
    return roundRealEven(v, count, z, 0.0, l, h, y);
  case QuantizeForm::Q5:
    return roundRealAway(v, count, z - base, base, l, h, y);
  }
}

#define HWQ_NARROW(Out)                                                        \
  HWQ_CLONES void narrow(const int32_t *__restrict x, Out *__restrict y,       \
                         size_t count) {                                       \
    for (size_t i = 0; i < count; ++i)                                         \
      y[i] = static_cast<Out>(x[i]);                                           \
  }
HWQ_NARROW(uint8_t)
HWQ_NARROW(int8_t)
HWQ_NARROW(int16_t)

} // namespace hwq::runtime
