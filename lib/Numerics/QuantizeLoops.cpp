//===- QuantizeLoops.cpp - Quantizing and dequantizing arrays -------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loops clamp first and round afterwards: the bounds are integers, which
// rounding leaves alone, so the result is the same and the conversion to int is
// always defined. No library call, so that every clone vectorizes.
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Quantize.h"

#include "TargetClones.h"

#include <cmath>
#include <cstring>
#include <type_traits>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace hwq::numerics {
namespace {

template <class T> HWQ_INLINE T clampReal(T v, T lo, T hi) {
  v = v < lo ? lo : v;
  return v > hi ? hi : v;
}

// The roundings take |v| < 2^22.

struct NearestEven {
  static HWQ_INLINE int32_t apply(float v) {
    constexpr float magic = 0x1.8p23f;
    return static_cast<int32_t>((v + magic) - magic);
  }
};

struct NearestAway {
  template <class T> static HWQ_INLINE int32_t apply(T v) {
    int32_t whole = static_cast<int32_t>(v);
    T rest = v - static_cast<T>(whole);
    return whole + (rest >= T(0.5)) - (rest <= T(-0.5));
  }
};

struct NearestUp {
  static HWQ_INLINE int32_t apply(float v) {
    int32_t whole = static_cast<int32_t>(v);
    float rest = v - static_cast<float>(whole);
    return whole + (rest >= 0.5f) - (rest < -0.5f);
  }
};

/// Applies `body` to 64 values at a time, and asks for the memory 1.5 KiB
/// ahead: the CPU's own prefetching stops at each page and leaves a third of
/// the bandwidth unused.
template <class In, class Out, class Body>
HWQ_INLINE void inChunks(const In *__restrict in, size_t count,
                         Out *__restrict out, Body body) {
  constexpr size_t chunk = 64, ahead = 1536, line = 64;
  size_t i = 0;
  for (; i + chunk <= count; i += chunk) {
    // As an integer: the address may be past the array.
    auto address = reinterpret_cast<uintptr_t>(in + i) + ahead;
    for (size_t offset = 0; offset < chunk * sizeof(In); offset += line)
      __builtin_prefetch(reinterpret_cast<const void *>(address + offset));
    body(in + i, chunk, out + i);
  }
  body(in + i, count - i, out + i);
}

#define HWQ_BODY                                                               \
  [=](const auto *__restrict in, size_t count, auto *__restrict out)           \
      __attribute__((always_inline))
#define HWQ_CODE(v) static_cast<std::decay_t<decltype(*out)>>(v)

/// clamp(round(x / s) + z), or with x * factor.
template <class Round, bool divide, class Out>
HWQ_INLINE void outsideLoop(const float *x, size_t n, float factor, float lo,
                            float hi, int32_t z, Out *q) {
  inChunks(
      x, n, q, HWQ_BODY {
        for (size_t i = 0; i < count; ++i) {
          float v = divide ? in[i] / factor : in[i] * factor;
          v = v != v ? 0.0f : v;
          out[i] = HWQ_CODE(Round::apply(clampReal(v, lo, hi)) + z);
        }
      });
}

/// Q4.
template <class Out>
HWQ_INLINE void insideLoop(const float *x, size_t n, float scale, float lo,
                           float hi, float z, Out *q) {
  inChunks(
      x, n, q, HWQ_BODY {
        for (size_t i = 0; i < count; ++i) {
          float v = in[i] / scale;
          v = (v != v ? 0.0f : v) + z;
          out[i] = HWQ_CODE(NearestEven::apply(clampReal(v, lo, hi)));
        }
      });
}

/// Rounds (x / scale) + offset, clamped, with `round`; in f64. The division is
/// slow: a product with the reciprocal, which is wrong by less than 2^-29 for
/// |v| < 2^21, decides unless a value of the chunk is that close to a tie.
template <class Out, class Round>
HWQ_INLINE void doubleLoop(const float *x, size_t n, double scale,
                           double offset, double lo, double hi, int32_t base,
                           Out *q, Round round) {
  double inverse = 1.0 / scale;
  inChunks(
      x, n, q, HWQ_BODY {
        int32_t near = 0;
        for (size_t i = 0; i < count; ++i) {
          double v = static_cast<double>(in[i]) * inverse;
          v = clampReal((v != v ? 0.0 : v) + offset, lo, hi);
          double rest = v - static_cast<double>(static_cast<int32_t>(v));
          near |= std::fabs(std::fabs(rest) - 0.5) < 0x1p-28;
          out[i] = HWQ_CODE(round(v) + base);
        }
        if (!near)
          return;
        for (size_t i = 0; i < count; ++i) {
          double v = static_cast<double>(in[i]) / scale;
          v = clampReal((v != v ? 0.0 : v) + offset, lo, hi);
          out[i] = HWQ_CODE(round(v) + base);
        }
      });
}

/// Q5; offset = z - qmin. Nothing is negative, so half away is half up.
template <class Out>
HWQ_INLINE void offsetLoop(const float *x, size_t count, double scale,
                           double offset, double steps, int32_t qmin, Out *q) {
  doubleLoop(
      x, count, scale, offset, 0, steps, qmin, q,
      [](double v) __attribute__((always_inline)) {
        int32_t whole = static_cast<int32_t>(v);
        return whole + (v - static_cast<double>(whole) >= 0.5);
      });
}

/// Q3F64.
template <class Out>
HWQ_INLINE void awayDoubleLoop(const float *x, size_t count, double scale,
                               double lo, double hi, int32_t z, Out *q) {
  doubleLoop(
      x, count, scale, 0, lo, hi, z, q,
      [](double v)
          __attribute__((always_inline)) { return NearestAway::apply(v); });
}

/// Stores 64 values past the caches: an array larger than those would only
/// evict what is in them, and a plain store reads each line before it writes
/// it. `to` is aligned to 16 bytes.
HWQ_INLINE void streamChunk(const float *from, float *to) {
#if defined(__SSE__)
  for (size_t i = 0; i < 64; i += 4)
    _mm_stream_ps(to + i, _mm_load_ps(from + i));
#else
  std::memcpy(to, from, 64 * sizeof(float));
#endif
}

template <class Out>
HWQ_INLINE void dequantizeLoop(const Out *q, size_t n, float scale, int32_t z,
                               float *x) {
  auto body = HWQ_BODY {
    for (size_t i = 0; i < count; ++i)
      out[i] = scale * static_cast<float>(static_cast<int32_t>(in[i]) - z);
  };
  constexpr size_t large = size_t(1) << 22; // 16 MiB of values
  if (n < large)
    return inChunks(q, n, x, body);
  size_t head = (16 - reinterpret_cast<uintptr_t>(x) % 16) / sizeof(float) % 4;
  body(q, head, x);
  size_t whole = (n - head) / 64 * 64;
  for (size_t i = head; i < head + whole; i += 64) {
    alignas(64) float chunk[64];
    body(q + i, 64, chunk);
    streamChunk(chunk, x + i);
  }
#if defined(__SSE__)
  _mm_sfence();
#endif
  body(q + head + whole, n - head - whole, x + head + whole);
}

#define HWQ_OUTSIDE_LOOP(Name, Round, divide, Out)                             \
  HWQ_TARGET_CLONES void Name##_##Out(const float *x, size_t count,            \
                                      float factor, float lo, float hi,        \
                                      int32_t z, Out *q) {                     \
    outsideLoop<Round, divide>(x, count, factor, lo, hi, z, q);                \
  }
#define HWQ_QUANTIZE_LOOPS(Out)                                                \
  HWQ_OUTSIDE_LOOP(evenProduct, NearestEven, false, Out)                       \
  HWQ_OUTSIDE_LOOP(evenQuotient, NearestEven, true, Out)                       \
  HWQ_OUTSIDE_LOOP(awayProduct, NearestAway, false, Out)                       \
  HWQ_OUTSIDE_LOOP(awayQuotient, NearestAway, true, Out)                       \
  HWQ_OUTSIDE_LOOP(upProduct, NearestUp, false, Out)                           \
  HWQ_OUTSIDE_LOOP(upQuotient, NearestUp, true, Out)                           \
  HWQ_TARGET_CLONES void awayQuotient64_##Out(const float *x, size_t count,    \
                                              double s, double lo, double hi,  \
                                              int32_t z, Out *q) {             \
    awayDoubleLoop(x, count, s, lo, hi, z, q);                                 \
  }                                                                            \
  HWQ_TARGET_CLONES void insideQ4_##Out(const float *x, size_t count, float s, \
                                        float lo, float hi, float z, Out *q) { \
    insideLoop(x, count, s, lo, hi, z, q);                                     \
  }                                                                            \
  HWQ_TARGET_CLONES void offsetQ5_##Out(const float *x, size_t count,          \
                                        double s, double offset, double steps, \
                                        int32_t qmin, Out *q) {                \
    offsetLoop(x, count, s, offset, steps, qmin, q);                           \
  }                                                                            \
  HWQ_TARGET_CLONES void dequantize_##Out(const Out *q, size_t count,          \
                                          float scale, int32_t z, float *x) {  \
    dequantizeLoop(q, count, scale, z, x);                                     \
  }

HWQ_QUANTIZE_LOOPS(uint8_t)
HWQ_QUANTIZE_LOOPS(int8_t)
HWQ_QUANTIZE_LOOPS(uint16_t)
HWQ_QUANTIZE_LOOPS(int16_t)

/// What the loops rely on: small integers, exact in f32 and far from 2^22.
bool isSmall(const QuantParams &params) {
  constexpr int64_t limit = int64_t(1) << 20;
  auto within = [](int64_t v) { return v > -limit && v < limit; };
  return within(params.grid.qmin) && within(params.grid.qmax) &&
         within(params.zeroPoint) && params.grid.qmin <= params.grid.qmax;
}

/// Whether x * (1/s) is x / s for every x: s and 1/s are normal powers of two.
bool hasExactReciprocal(float s) {
  int exponent = 0;
  return std::frexp(s, &exponent) == 0.5f && exponent > -125 && exponent < 126;
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
    float s = static_cast<float>(params.scale), inverse = 1.0f / s;            \
    float lo = static_cast<float>(qmin - z),                                   \
          hi = static_cast<float>(qmax - z);                                   \
    bool exact = hasExactReciprocal(s);                                        \
    switch (form) {                                                            \
    case QuantizeForm::Q1:                                                     \
      return evenProduct_##Out(x, count, inverse, lo, hi, z, q);               \
    case QuantizeForm::Q2:                                                     \
      return exact ? evenProduct_##Out(x, count, inverse, lo, hi, z, q)        \
                   : evenQuotient_##Out(x, count, s, lo, hi, z, q);            \
    case QuantizeForm::Q3:                                                     \
    case QuantizeForm::Q6P:                                                    \
      return exact ? awayProduct_##Out(x, count, inverse, lo, hi, z, q)        \
                   : awayQuotient_##Out(x, count, s, lo, hi, z, q);            \
    case QuantizeForm::Q4:                                                     \
      return insideQ4_##Out(x, count, s, static_cast<float>(qmin),             \
                            static_cast<float>(qmax), static_cast<float>(z),   \
                            q);                                                \
    case QuantizeForm::Q5:                                                     \
      return offsetQ5_##Out(                                                   \
          x, count, params.scale, static_cast<double>(z - qmin),               \
          static_cast<double>(qmax - qmin), static_cast<int32_t>(qmin), q);    \
    case QuantizeForm::Q6:                                                     \
      return exact ? upProduct_##Out(x, count, inverse, lo, hi, z, q)          \
                   : upQuotient_##Out(x, count, s, lo, hi, z, q);              \
    case QuantizeForm::Q7:                                                     \
      return awayProduct_##Out(x, count, inverse, lo, hi, z, q);               \
    case QuantizeForm::Q3F64:                                                  \
      return awayQuotient64_##Out(x, count, params.scale,                      \
                                  static_cast<double>(qmin - z),               \
                                  static_cast<double>(qmax - z), z, q);        \
    }                                                                          \
  }                                                                            \
  void dequantizeArray(const Out *q, size_t count, const QuantParams &params,  \
                       float *x) {                                             \
    if (!isSmall(params)) {                                                    \
      for (size_t i = 0; i < count; ++i)                                       \
        x[i] = dequantize(q[i], params);                                       \
      return;                                                                  \
    }                                                                          \
    dequantize_##Out(q, count, static_cast<float>(params.scale),               \
                     static_cast<int32_t>(params.zeroPoint), x);               \
  }

HWQ_QUANTIZE_ARRAY(uint8_t)
HWQ_QUANTIZE_ARRAY(int8_t)
HWQ_QUANTIZE_ARRAY(uint16_t)
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
