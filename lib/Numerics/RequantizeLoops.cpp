//===- RequantizeLoops.cpp - Vectorized integer kernels -------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RequantizeLoops.h"

#include "TargetClones.h"

#include <algorithm>
#include <cstring>

namespace hwq::numerics::detail {
namespace {

/// (x - sub) << left
HWQ_INLINE int32_t input(int32_t x, int32_t sub, int32_t left = 0) {
  return static_cast<int32_t>(
      (static_cast<uint32_t>(x) - static_cast<uint32_t>(sub)) << left);
}

/// A negative x gives 2^31, or what `signBit` has of it, or 1.
template <Less less> HWQ_INLINE uint64_t term(uint64_t x, uint64_t signBit) {
  if (less == Less::None)
    return 0;
  uint64_t sign = x & signBit;
  return less == Less::One ? sign >> 31 : sign;
}

/// x * mul + round - less; round and less do not wait for the product.
template <Less less>
HWQ_INLINE uint64_t sum(int32_t x, int32_t mul, uint64_t round,
                        uint64_t signBit) {
  return static_cast<uint64_t>(static_cast<int64_t>(x) * mul) +
         (round - term<less>(static_cast<uint32_t>(x), signBit));
}

HWQ_INLINE int32_t clampAdd(int32_t v, Clamp c) {
  v = v < c.lo ? c.lo : v;
  v = v > c.hi ? c.hi : v;
  return v + c.z;
}

constexpr uint32_t kSignBit = uint32_t(1) << 31;

#if defined(__clang__)
/// Two values in 64 bits, in place: as 64-bit lanes they are where the CPU's
/// 32-bit product takes its operands and the result stays. Widening every value
/// and narrowing it again costs R1 a quarter of its speed with AVX2.
template <Less less>
HWQ_INLINE void products(int32_t *x, size_t count, const ProductUniform &k) {
  for (size_t i = 0; i < count; i += 2) {
    uint64_t pair;
    std::memcpy(&pair, x + i, sizeof(pair));
    auto shifted = [&](uint64_t low) __attribute__((always_inline)) {
      return sum<less>(static_cast<int32_t>(low), k.mul, k.round, kSignBit) >>
             k.shift;
    };
    pair = static_cast<uint32_t>(shifted(pair)) | shifted(pair >> 32) << 32;
    std::memcpy(x + i, &pair, sizeof(pair));
  }
}
#else
/// GCC would multiply 64 bits by 64 in pairs.
template <Less less>
HWQ_INLINE void products(int32_t *x, size_t count, const ProductUniform &k) {
  for (size_t i = 0; i < count; ++i)
    x[i] = static_cast<int32_t>(static_cast<uint32_t>(
        sum<less>(x[i], k.mul, k.round, kSignBit) >> k.shift));
}
#endif

template <Less less, class Out>
HWQ_INLINE void body(const int32_t *in, Out *out, size_t count,
                     const ProductUniform &p, Clamp clamp) {
  ProductUniform k = p;
  constexpr size_t chunk = 64;
  auto convert = [&](const int32_t *from, size_t length,
                     Out *to) __attribute__((always_inline)) {
    alignas(64) int32_t x[chunk] = {};
    for (size_t i = 0; i < length; ++i)
      x[i] = input(from[i], k.sub, k.left);
    products<less>(x, chunk, k);
    for (size_t i = 0; i < length; ++i)
      to[i] = static_cast<Out>(clampAdd(
          static_cast<int32_t>(static_cast<uint32_t>(x[i]) - k.unbias), clamp));
  };
  size_t i = 0;
  for (; i + chunk <= count; i += chunk)
    convert(in + i, chunk, out + i);
  convert(in + i, count - i, out + i);
}

template <Less less, class Out>
HWQ_INLINE void
row(const int32_t *in, Out *out, size_t count, const int32_t *__restrict sub,
    const int32_t *__restrict mul, const uint64_t *__restrict round,
    const uint64_t *__restrict shift, const uint32_t *__restrict unbias,
    const uint32_t *__restrict signBit, Clamp clamp) {
  for (size_t i = 0; i < count; ++i) {
    uint64_t s = sum<less>(input(in[i], sub[i]), mul[i], round[i],
                           less == Less::HighUnit ? signBit[i] : kSignBit);
    uint32_t y = static_cast<uint32_t>(s >> shift[i]) - unbias[i];
    out[i] = static_cast<Out>(clampAdd(static_cast<int32_t>(y), clamp));
  }
}

template <class Out>
HWQ_INLINE void
row(const int32_t *in, Out *out, size_t count, const int32_t *__restrict sub,
    const int32_t *__restrict mul, const uint64_t *__restrict round,
    const uint64_t *__restrict shift, int64_t lo, int64_t hi, int64_t z) {
  for (size_t i = 0; i < count; ++i) {
    int64_t x = input(in[i], sub[i]);
    int64_t v = (x * mul[i] + static_cast<int64_t>(round[i])) >>
                static_cast<int64_t>(shift[i]);
    v = v < lo ? lo : v;
    v = v > hi ? hi : v;
    out[i] = static_cast<Out>(v + z);
  }
}

template <Less less, class Out>
HWQ_INLINE void body(const int32_t *in, Out *out, size_t count,
                     const ProductChannels &p, Clamp clamp) {
  for (size_t i = 0; i < count; i += p.width)
    row<less>(in + i, out + i, std::min(count - i, p.width), p.sub, p.mul,
              p.round, p.shift, p.unbias, p.signBit, clamp);
}

template <class Out>
HWQ_INLINE void body(const int32_t *in, Out *out, size_t count,
                     const ProductWide &p) {
  for (size_t i = 0; i < count; i += p.width)
    row(in + i, out + i, std::min(count - i, p.width), p.sub, p.mul, p.round,
        p.shift, p.lo, p.hi, p.z);
}

} // namespace

HWQ_TARGET_CLONES void loopShifts(const int32_t *in, int32_t *out, size_t count,
                                  const Shifts &p) {
  const int32_t *__restrict sub = p.sub;
  const int32_t *__restrict left = p.left;
  const int32_t *__restrict right = p.right;
  for (size_t i = 0; i < count; i += p.width) {
    size_t length = std::min(count - i, p.width);
    for (size_t c = 0; c < length; ++c)
      out[i + c] = input(in[i + c], sub[c], left[c]) >> right[c];
  }
}

// target_clones does not apply to templates: one function for each type.
#define HWQ_LOOP(name, Params, Out, less)                                      \
  HWQ_TARGET_CLONES static void name(const int32_t *in, Out *out,              \
                                     size_t count, const Params &params,       \
                                     Clamp clamp) {                            \
    body<less>(in, out, count, params, clamp);                                 \
  }
#define HWQ_LESS_LOOPS(Params, Out)                                            \
  HWQ_LOOP(loopLessNone, Params, Out, Less::None)                              \
  HWQ_LOOP(loopLessOne, Params, Out, Less::One)                                \
  HWQ_LOOP(loopLessHighUnit, Params, Out, Less::HighUnit)                      \
  void loopProduct(const int32_t *in, Out *out, size_t count,                  \
                   const Params &params, Less less, Clamp clamp) {             \
    if (less == Less::None)                                                    \
      return loopLessNone(in, out, count, params, clamp);                      \
    if (less == Less::One)                                                     \
      return loopLessOne(in, out, count, params, clamp);                       \
    loopLessHighUnit(in, out, count, params, clamp);                           \
  }
#define HWQ_LOOPS(Out)                                                         \
  HWQ_LESS_LOOPS(ProductUniform, Out)                                          \
  HWQ_LESS_LOOPS(ProductChannels, Out)                                         \
  HWQ_TARGET_CLONES void loopProduct(                                          \
      const int32_t *in, Out *out, size_t count, const ProductWide &params) {  \
    body(in, out, count, params);                                              \
  }

HWQ_LOOPS(uint8_t)
HWQ_LOOPS(int8_t)
HWQ_LOOPS(int32_t)

} // namespace hwq::numerics::detail
