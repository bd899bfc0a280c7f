//===- RequantizeLoops.cpp - Vectorized loops of the requantize kernels ---===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RequantizeLoops.h"

#include "TargetClones.h"

namespace hwq::numerics::detail {
namespace {

HWQ_INLINE int32_t minus(int32_t x, int32_t sub) {
  return static_cast<int32_t>(static_cast<uint32_t>(x) -
                              static_cast<uint32_t>(sub));
}

HWQ_INLINE int32_t shiftLeft(int32_t x, int32_t n) {
  return static_cast<int32_t>(static_cast<uint32_t>(x) << n);
}

HWQ_INLINE int32_t clampAdd(int32_t v, Clamp c) {
  v = v < c.lo ? c.lo : v;
  v = v > c.hi ? c.hi : v;
  return v + c.z;
}

/// `away`: R1, else R11.
template <bool away>
HWQ_INLINE int32_t kernelR1(int32_t x, int32_t mul, int32_t right) {
  int64_t product = static_cast<int64_t>(x) * mul + (int64_t(1) << 30);
  // The low 32 bits of a shift by 31 are the same for both kinds of shift.
  int32_t high = static_cast<int32_t>(
      static_cast<uint32_t>(static_cast<uint64_t>(product) >> 31));
  int32_t mask = static_cast<int32_t>((uint32_t(1) << right) - 1);
  int32_t rest = high & mask;
  int32_t threshold = (mask >> 1) + (away && high < 0);
  return (high >> right) + (rest > threshold);
}

HWQ_INLINE int32_t kernelR2(int32_t x, int32_t mul, uint64_t round,
                            uint64_t shift, uint32_t unbias) {
  uint64_t sum = static_cast<uint64_t>(static_cast<int64_t>(x) * mul) + round;
  return static_cast<int32_t>(static_cast<uint32_t>(sum >> shift) - unbias);
}

template <bool away, class Out>
HWQ_INLINE void bodyR1(const int32_t *in, Out *out, size_t count,
                       const R1Uniform &p, Clamp clamp) {
  R1Uniform k = p;
  for (size_t i = 0; i < count; ++i) {
    int32_t x = shiftLeft(shiftLeft(minus(in[i], k.sub), k.left1), k.left2);
    out[i] =
        static_cast<Out>(clampAdd(kernelR1<away>(x, k.mul, k.right), clamp));
  }
}

template <class Out>
HWQ_INLINE void body(const int32_t *in, Out *out, size_t count,
                     const R2Uniform &p, Clamp clamp) {
  R2Uniform k = p;
  for (size_t i = 0; i < count; ++i) {
    int32_t x = shiftLeft(minus(in[i], k.sub), k.left);
    out[i] = static_cast<Out>(
        clampAdd(kernelR2(x, k.mul, k.round, k.shift, k.unbias), clamp));
  }
}

template <bool away, class Out>
HWQ_INLINE void row(const int32_t *in, Out *out, size_t count, int32_t left1,
                    const int32_t *__restrict sub,
                    const int32_t *__restrict mul,
                    const int32_t *__restrict left2,
                    const int32_t *__restrict right, Clamp clamp) {
  for (size_t i = 0; i < count; ++i) {
    int32_t x = shiftLeft(shiftLeft(minus(in[i], sub[i]), left1), left2[i]);
    out[i] =
        static_cast<Out>(clampAdd(kernelR1<away>(x, mul[i], right[i]), clamp));
  }
}

template <class Out>
HWQ_INLINE void
row(const int32_t *in, Out *out, size_t count, int32_t left,
    const int32_t *__restrict sub, const int32_t *__restrict mul,
    const uint64_t *__restrict round, const uint64_t *__restrict shift,
    const uint32_t *__restrict unbias, Clamp clamp) {
  for (size_t i = 0; i < count; ++i) {
    int32_t x = shiftLeft(minus(in[i], sub[i]), left);
    out[i] = static_cast<Out>(
        clampAdd(kernelR2(x, mul[i], round[i], shift[i], unbias[i]), clamp));
  }
}

template <class Out>
HWQ_INLINE void
row(const int32_t *in, Out *out, size_t count, int32_t left,
    const int32_t *__restrict sub, const int32_t *__restrict mul,
    const uint64_t *__restrict round, const uint64_t *__restrict shift,
    int64_t lo, int64_t hi, int64_t z) {
  for (size_t i = 0; i < count; ++i) {
    int64_t x = shiftLeft(minus(in[i], sub[i]), left);
    int64_t v = (x * mul[i] + static_cast<int64_t>(round[i])) >>
                static_cast<int64_t>(shift[i]);
    v = v < lo ? lo : v;
    v = v > hi ? hi : v;
    out[i] = static_cast<Out>(v + z);
  }
}

template <bool away, class Out>
HWQ_INLINE void bodyR1(const int32_t *in, Out *out, size_t count,
                       const R1Channels &p, Clamp clamp) {
  for (size_t i = 0; i < count; i += p.width)
    row<away>(in + i, out + i, count - i < p.width ? count - i : p.width,
              p.left1, p.sub, p.mul, p.left2, p.right, clamp);
}

template <class Out>
HWQ_INLINE void body(const int32_t *in, Out *out, size_t count,
                     const R2Channels &p, Clamp clamp) {
  for (size_t i = 0; i < count; i += p.width)
    row(in + i, out + i, count - i < p.width ? count - i : p.width, p.left,
        p.sub, p.mul, p.round, p.shift, p.unbias, clamp);
}

template <class Out>
HWQ_INLINE void body(const int32_t *in, Out *out, size_t count,
                     const R2Wide &p) {
  for (size_t i = 0; i < count; i += p.width)
    row(in + i, out + i, count - i < p.width ? count - i : p.width, p.left,
        p.sub, p.mul, p.round, p.shift, p.lo, p.hi, p.z);
}

} // namespace

// target_clones does not apply to templates: one function for each type.
#define HWQ_LOOP(name, Params, Out, body)                                      \
  HWQ_TARGET_CLONES void name(const int32_t *in, Out *out, size_t count,       \
                              const Params &params, Clamp clamp) {             \
    body(in, out, count, params, clamp);                                       \
  }
#define HWQ_LOOPS(Out)                                                         \
  HWQ_LOOP(loopR1, R1Uniform, Out, bodyR1<true>)                               \
  HWQ_LOOP(loopR1, R1Channels, Out, bodyR1<true>)                              \
  HWQ_LOOP(loopR11, R1Uniform, Out, bodyR1<false>)                             \
  HWQ_LOOP(loopR11, R1Channels, Out, bodyR1<false>)                            \
  HWQ_LOOP(loopR2, R2Uniform, Out, body)                                       \
  HWQ_LOOP(loopR2, R2Channels, Out, body)                                      \
  HWQ_TARGET_CLONES void loopR2(const int32_t *in, Out *out, size_t count,     \
                                const R2Wide &params) {                        \
    body(in, out, count, params);                                              \
  }

HWQ_LOOPS(uint8_t)
HWQ_LOOPS(int8_t)
HWQ_LOOPS(int32_t)

} // namespace hwq::numerics::detail
