//===- RequantizeFloatLoops.cpp - Vectorized loops of R4 and R13 ----------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RequantizeFloatLoops.h"

#include "TargetClones.h"

#include <cmath>
#include <cstring>

namespace hwq::numerics::detail {
namespace {

/// What happens to the accumulator before, or to the product after.
enum class Addend { None, Bias, FusedBias, ZeroPoint };

/// |v| <= 2^22.
HWQ_INLINE int32_t toEven(float v) {
  // 1.5 * 2^23 leaves no room for a fraction, and the integer in the low bits.
  float sum = v + 0x1.8p23f;
  int32_t bits;
  std::memcpy(&bits, &sum, sizeof(bits));
  return bits - 0x4b400000;
}

/// |v| <= 2^22.
HWQ_INLINE int32_t halfAway(float v) {
  int32_t whole = static_cast<int32_t>(v);
  float rest = v - static_cast<float>(whole);
  return whole + (rest >= 0.5f) - (rest <= -0.5f);
}

template <Addend addend, bool even>
HWQ_INLINE int32_t convert(int32_t in, int32_t sub, int32_t left, float scale,
                           float bias, float unit, float inside, float lo,
                           float hi, int32_t z) {
  uint32_t x = (static_cast<uint32_t>(in) - static_cast<uint32_t>(sub)) << left;
  float v = static_cast<float>(static_cast<int32_t>(x));
  if (addend == Addend::Bias)
    v = v + bias;
  if (addend == Addend::FusedBias)
    v = std::fma(bias, unit, v);
  v = v * scale;
  if (addend == Addend::ZeroPoint)
    v = v + inside;
  v = v < lo ? lo : v;
  v = v > hi ? hi : v;
  return (even ? toEven(v) : halfAway(v)) + z;
}

template <Addend addend, bool even, class Out>
HWQ_INLINE void body(const int32_t *in, Out *out, size_t count,
                     const FloatLoop &p) {
  FloatLoop k = p;
  constexpr bool biased = addend == Addend::Bias || addend == Addend::FusedBias;
  constexpr bool fused = addend == Addend::FusedBias;
  if (k.uniform) {
    int32_t sub = k.sub[0];
    float scale = k.scale[0];
    float bias = biased ? k.bias[0] : 0, unit = fused ? k.unit[0] : 1;
    for (size_t i = 0; i < count; ++i)
      out[i] = static_cast<Out>(convert<addend, even>(
          in[i], sub, k.left, scale, bias, unit, k.inside, k.lo, k.hi, k.z));
    return;
  }
  const int32_t *__restrict sub = k.sub;
  const float *__restrict scale = k.scale;
  const float *__restrict bias = k.bias;
  const float *__restrict unit = k.unit;
  for (size_t start = 0; start < count; start += k.width) {
    const int32_t *from = in + start;
    Out *to = out + start;
    size_t length = count - start < k.width ? count - start : k.width;
    for (size_t i = 0; i < length; ++i)
      to[i] = static_cast<Out>(convert<addend, even>(
          from[i], sub[i], k.left, scale[i], biased ? bias[i] : 0,
          fused ? unit[i] : 1, k.inside, k.lo, k.hi, k.z));
  }
}

} // namespace

// target_clones does not apply to templates: one function for each type.
#define HWQ_LOOP(name, addend, even, Out)                                      \
  HWQ_TARGET_CLONES void name(const int32_t *in, Out *out, size_t count,       \
                              const FloatLoop &params) {                       \
    body<Addend::addend, even>(in, out, count, params);                        \
  }
#define HWQ_LOOPS(Out)                                                         \
  HWQ_LOOP(loopNoBias, None, true, Out)                                        \
  HWQ_LOOP(loopBias, Bias, true, Out)                                          \
  HWQ_LOOP(loopFusedBias, FusedBias, true, Out)                                \
  HWQ_LOOP(loopZeroPointInside, ZeroPoint, true, Out)                          \
  HWQ_LOOP(loopHalfAway, ZeroPoint, false, Out)

HWQ_LOOPS(uint8_t)
HWQ_LOOPS(int8_t)
HWQ_LOOPS(int32_t)

} // namespace hwq::numerics::detail
