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

#include "RoundingLoops.h"
#include "TargetClones.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace hwq::numerics {
namespace {

using detail::clampReal;
using detail::nearestAway;
using detail::nearestEven;
using detail::nearestEvenReal;

// The roundings take |v| <= 2^22.

struct NearestEven {
  static HWQ_INLINE int32_t apply(float v) { return nearestEven(v); }
};

struct NearestAway {
  static HWQ_INLINE int32_t apply(float v) { return nearestAway(v); }
};

struct NearestUp {
  static HWQ_INLINE int32_t apply(float v) {
    return nearestEven(v) + (v - nearestEvenReal(v) == 0.5f);
  }
};

/// Values that a body of a loop takes at once.
constexpr size_t kChunk = 64;

/// Bytes of a line of the caches.
constexpr size_t kLine = 64;

/// Where the chunk at `i` of an array is read instead, so that four pages take
/// turns: the CPU prefetches by page, and one at a time leaves a third of the
/// bandwidth unused. A permutation of each 16 KiB.
template <class T> HWQ_INLINE size_t inTurns(size_t i) {
  constexpr size_t page = 4096 / sizeof(T), pages = 4;
  size_t rest = i % (pages * page);
  return i - rest + rest / kChunk % pages * page +
         rest / (pages * kChunk) * kChunk;
}

/// A chunk past the caches: an array larger than those would only evict what is
/// in them, and a plain store reads each line before it writes it. Both are
/// aligned to lines.
template <class T> HWQ_INLINE void streamChunk(const T *from, T *to) {
#if defined(__clang__)
  // By whole lines, where the CPU can: it need not collect parts of them.
  using Line = int32_t __attribute__((vector_size(kLine)));
  for (size_t i = 0; i < kChunk; i += kLine / sizeof(T)) {
    Line line;
    std::memcpy(&line, from + i, kLine);
    __builtin_nontemporal_store(line, reinterpret_cast<Line *>(to + i));
  }
#else
  std::memcpy(to, from, kChunk * sizeof(T));
#endif
}

/// Applies `body` to a chunk at a time.
template <class In, class Out, class Body>
HWQ_INLINE void inChunks(const In *__restrict in, size_t count,
                         Out *__restrict out, Body body) {
  constexpr size_t large = size_t(1) << 22; // 16 MiB of f32
  size_t i = 0;
  if (count >= large) {
    i = (kLine - reinterpret_cast<uintptr_t>(out) % kLine) % kLine /
        sizeof(Out);
    body(in, i, out);
    in += i, out += i, count -= i;
    size_t whole = count & ~size_t(0xffff);
    for (i = 0; i < whole; i += kChunk) {
      // 2 KiB ahead in each page; as an integer: it may be past the array.
      constexpr size_t ahead = 32 * kChunk;
      auto address =
          reinterpret_cast<uintptr_t>(in) + inTurns<In>(i + ahead) * sizeof(In);
      for (size_t offset = 0; offset < kChunk * sizeof(In); offset += kLine)
        __builtin_prefetch(reinterpret_cast<const void *>(address + offset));
      size_t at = inTurns<In>(i);
      alignas(kLine) Out chunk[kChunk];
      body(in + at, kChunk, chunk);
      streamChunk(chunk, out + at);
    }
#if defined(__SSE2__)
    _mm_sfence();
#endif
  }
  for (; i + kChunk <= count; i += kChunk)
    body(in + i, kChunk, out + i);
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
          out[i] = HWQ_CODE(nearestEven(clampReal(v, lo, hi)));
        }
      });
}

/// clamp(RHA(x / scale + offset), lo, hi) + base in f64: Q5 and Q3F64.
struct Quotient {
  double scale, offset, lo, hi;
  int32_t base;
};

/// The definition, for chunks with a value that comes so near to a tie (or is a
/// NaN) that a product with the reciprocal may not decide.
template <class Out>
HWQ_INLINE void divide(const float *in, size_t count, const Quotient &k,
                       Out *out) {
  for (size_t i = 0; i < count; ++i) {
    double v = static_cast<double>(in[i]) / k.scale;
    v = (v != v ? 0.0 : v) + k.offset;
    out[i] = HWQ_CODE(nearestAway(clampReal(v, k.lo, k.hi)) + k.base);
  }
}

/// Away from ties the offset, an integer, is as well added behind. Unsigned: a
/// NaN, undecided, gives any integer.
HWQ_INLINE uint32_t baseBehind(const Quotient &k) {
  return static_cast<uint32_t>(k.base + static_cast<int32_t>(k.offset));
}

/// By products in f64. The roundings of reciprocal, product and sum are 2^-50
/// of the largest magnitude that the clamp leaves open.
template <class Out>
HWQ_INLINE void productLoop(const float *x, size_t n, const Quotient &quotient,
                            Out *q) {
  Quotient k = quotient;
  double inverse = 1 / k.scale;
  double lo = k.lo - k.offset, hi = k.hi - k.offset;
  double reach =
      std::fabs(k.offset) + std::max(std::fabs(k.lo), std::fabs(k.hi)) + 2;
  uint32_t base = baseBehind(k);
  double decided = 0.5 - reach * 0x1p-50;
  inChunks(
      x, n, q, HWQ_BODY {
        int32_t undecided = 0;
        for (size_t i = 0; i < count; ++i) {
          double v = clampReal(static_cast<double>(in[i]) * inverse, lo, hi);
          undecided |= !(std::fabs(v - nearestEvenReal(v)) < decided);
          out[i] = HWQ_CODE(static_cast<uint32_t>(nearestEven(v)) + base);
        }
        if (undecided)
          divide(in, count, k, out);
      });
}

/// By products in f32, twice as many at a time: the reciprocal is the sum of
/// two numbers, and what the product lost comes back by fused multiply-adds.
/// Values are limited before: a bound of at most 2^21 steps, rounded to f32, is
/// 2^-3 of a step off and far from a tie. The fraction, below 3/4, is then
/// known to 2^-24.
template <class Out>
HWQ_INLINE void compensatedLoop(const float *x, size_t n,
                                const Quotient &quotient, Out *q) {
  Quotient k = quotient;
  float high = static_cast<float>(1 / k.scale);
  float low = static_cast<float>(1 / k.scale - static_cast<double>(high));
  float lo = static_cast<float>((k.lo - k.offset) * k.scale),
        hi = static_cast<float>((k.hi - k.offset) * k.scale);
  uint32_t base = baseBehind(k);
  inChunks(
      x, n, q, HWQ_BODY {
        int32_t undecided = 0;
        for (size_t i = 0; i < count; ++i) {
          float v = clampReal(in[i], lo, hi), product = v * high;
          float lost = std::fma(v, low, std::fma(v, high, -product));
          float fraction = product - nearestEvenReal(product) + lost;
          undecided |= !(std::fabs(fraction - nearestEvenReal(fraction)) <
                         0.5f - 0x1p-22f);
          out[i] =
              HWQ_CODE(static_cast<uint32_t>(nearestEven(product)) +
                       static_cast<uint32_t>(nearestEven(fraction)) + base);
        }
        if (undecided)
          divide(in, count, k, out);
      });
}

template <class Out>
HWQ_INLINE void dequantizeLoop(const Out *q, size_t n, float scale, int32_t z,
                               float *x) {
  // Codes of 32 bits need not lie on the grid.
  using Code = std::conditional_t<sizeof(Out) < 4, int32_t, int64_t>;
  inChunks(
      q, n, x, HWQ_BODY {
        for (size_t i = 0; i < count; ++i)
          out[i] = scale * static_cast<float>(static_cast<Code>(in[i]) - z);
      });
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
  HWQ_TARGET_CLONES void compensated_##Out(const float *x, size_t count,       \
                                           const Quotient &k, Out *q) {        \
    compensatedLoop(x, count, k, q);                                           \
  }                                                                            \
  HWQ_TARGET_CLONES void product_##Out(const float *x, size_t count,           \
                                       const Quotient &k, Out *q) {            \
    productLoop(x, count, k, q);                                               \
  }                                                                            \
  HWQ_TARGET_CLONES void insideQ4_##Out(const float *x, size_t count, float s, \
                                        float lo, float hi, float z, Out *q) { \
    insideLoop(x, count, s, lo, hi, z, q);                                     \
  }                                                                            \
  HWQ_TARGET_CLONES void dequantize_##Out(const Out *q, size_t count,          \
                                          float scale, int32_t z, float *x) {  \
    dequantizeLoop(q, count, scale, z, x);                                     \
  }

HWQ_QUANTIZE_LOOPS(uint8_t)
HWQ_QUANTIZE_LOOPS(int8_t)
HWQ_QUANTIZE_LOOPS(uint16_t)
HWQ_QUANTIZE_LOOPS(int16_t)
HWQ_QUANTIZE_LOOPS(int32_t)

/// What the loops rely on: small integers, exact in f32 and far from 2^22.
bool isSmall(const QuantParams &params) {
  constexpr int64_t limit = int64_t(1) << 20;
  auto within = [](int64_t v) { return v > -limit && v < limit; };
  return within(params.grid.qmin) && within(params.grid.qmax) &&
         within(params.zeroPoint) && params.grid.qmin <= params.grid.qmax;
}

/// Whether nothing overflows or loses bits below f32's normal numbers that
/// counts.
bool isCompensable(const Quotient &k) {
  return hasFastFma() && k.scale > 0x1p-90 && k.scale < 0x1p90;
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
  static void quotient(const float *x, size_t count, const Quotient &k,        \
                       Out *q) {                                               \
    if (isCompensable(k))                                                      \
      compensated_##Out(x, count, k, q);                                       \
    else                                                                       \
      product_##Out(x, count, k, q);                                           \
  }                                                                            \
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
      return quotient(x, count,                                                \
                      {params.scale, static_cast<double>(z - qmin), 0,         \
                       static_cast<double>(qmax - qmin),                       \
                       static_cast<int32_t>(qmin)},                            \
                      q);                                                      \
    case QuantizeForm::Q6:                                                     \
      return exact ? upProduct_##Out(x, count, inverse, lo, hi, z, q)          \
                   : upQuotient_##Out(x, count, s, lo, hi, z, q);              \
    case QuantizeForm::Q7:                                                     \
      return awayProduct_##Out(x, count, inverse, lo, hi, z, q);               \
    case QuantizeForm::Q3F64:                                                  \
      return quotient(x, count,                                                \
                      {params.scale, 0, static_cast<double>(qmin - z),         \
                       static_cast<double>(qmax - z), z},                      \
                      q);                                                      \
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
HWQ_QUANTIZE_ARRAY(int32_t)

} // namespace hwq::numerics
