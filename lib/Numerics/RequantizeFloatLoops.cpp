//===- RequantizeFloatLoops.cpp - Vectorized float kernels ----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Clamped before the rounding, as the loops of QuantizeLoops.cpp.
//
//===----------------------------------------------------------------------===//

#include "RequantizeFloatLoops.h"

#include "RoundingLoops.h"
#include "TargetClones.h"

#include <algorithm>
#include <cmath>

namespace hwq::numerics::detail {
namespace {

constexpr bool hasBias(FloatForm form) {
  return form == FloatForm::Bias || form == FloatForm::FusedBias ||
         form == FloatForm::Epilogue;
}

constexpr bool isHalf(FloatForm form) {
  return form == FloatForm::Half || form == FloatForm::HalfTwice;
}

HWQ_INLINE int32_t input(int32_t in, int32_t sub, int32_t left) {
  return static_cast<int32_t>(
      (static_cast<uint32_t>(in) - static_cast<uint32_t>(sub)) << left);
}

/// The parameters of one channel.
struct Channel {
  int32_t sub;
  float scale, bias, unit;
};

template <FloatForm form>
HWQ_INLINE float real(int32_t in, int8_t residual, const Channel &c,
                      const FloatLoop &k) {
  float v = static_cast<float>(input(in, c.sub, k.left));
  if (form == FloatForm::Bias)
    v = v + c.bias;
  if (form == FloatForm::FusedBias)
    v = std::fma(c.bias, c.unit, v);
  if (isHalf(form))
    v = nearestFP16(v);
  v = v * c.scale;
  if (form == FloatForm::InsideEven || form == FloatForm::InsideAway)
    v = v + k.inside;
  if (isHalf(form))
    v = nearestFP16(v);
  if (form == FloatForm::HalfTwice)
    v = nearestFP16(v * c.scale);
  if (form == FloatForm::Dequantized || isHalf(form))
    v = v * k.output;
  if (isHalf(form))
    v = v != v ? 0.0f : v;
  if (form == FloatForm::Epilogue) {
    v = v + c.bias;
    v = v + k.residualScale * static_cast<float>(residual);
    v = clampReal(v, k.actLo, k.actHi) / k.output;
  }
  return v;
}

template <FloatForm form>
HWQ_INLINE int32_t convert(int32_t in, int8_t residual, const Channel &c,
                           const FloatLoop &k) {
  float v = clampReal(real<form>(in, residual, c, k), k.lo, k.hi);
  return (form == FloatForm::InsideAway ? nearestAway(v) : nearestEven(v)) +
         k.z;
}

template <FloatForm form, bool added, class Out>
HWQ_INLINE void body(const int32_t *in, Out *out, size_t count,
                     const FloatLoop &p) {
  FloatLoop k = p;
  constexpr bool biased = hasBias(form), fused = form == FloatForm::FusedBias;
  if (k.uniform) {
    Channel c{k.sub[0], k.scale[0], biased ? k.bias[0] : 0,
              fused ? k.unit[0] : 1};
    for (size_t i = 0; i < count; ++i)
      out[i] = static_cast<Out>(
          convert<form>(in[i], added ? k.residual[i] : int8_t(0), c, k));
    return;
  }
  const int32_t *__restrict sub = k.sub;
  const float *__restrict scale = k.scale;
  const float *__restrict bias = k.bias;
  const float *__restrict unit = k.unit;
  for (size_t start = 0; start < count; start += k.width) {
    const int32_t *from = in + start;
    const int8_t *residual = added ? k.residual + start : nullptr;
    Out *to = out + start;
    size_t length = std::min(count - start, k.width);
    for (size_t i = 0; i < length; ++i) {
      Channel c{sub[i], scale[i], biased ? bias[i] : 0, fused ? unit[i] : 1};
      to[i] = static_cast<Out>(
          convert<form>(from[i], added ? residual[i] : int8_t(0), c, k));
    }
  }
}

template <class Out>
HWQ_INLINE void body(const int32_t *in, Out *out, size_t count,
                     const DoubleLoop &p) {
  DoubleLoop k = p;
  auto convert = [&](int32_t x, int32_t sub,
                     double scale) __attribute__((always_inline)) {
    double v = static_cast<double>(input(x, sub, k.left)) * scale;
    return static_cast<Out>(nearestAway(clampReal(v, k.lo, k.hi)) + k.z);
  };
  if (k.uniform) {
    int32_t sub = k.sub[0];
    double scale = k.scale[0];
    for (size_t i = 0; i < count; ++i)
      out[i] = convert(in[i], sub, scale);
    return;
  }
  const int32_t *__restrict sub = k.sub;
  const double *__restrict scale = k.scale;
  for (size_t start = 0; start < count; start += k.width) {
    size_t length = std::min(count - start, k.width);
    for (size_t i = 0; i < length; ++i)
      out[start + i] = convert(in[start + i], sub[i], scale[i]);
  }
}

} // namespace

// target_clones does not apply to templates: one function for each form and
// type.
#define HWQ_LOOP(name, form, added, Out)                                       \
  HWQ_TARGET_CLONES static void name(const int32_t *in, Out *out,              \
                                     size_t count, const FloatLoop &params) {  \
    body<FloatForm::form, added>(in, out, count, params);                      \
  }
#define HWQ_LOOPS(Out)                                                         \
  HWQ_LOOP(loopProduct, Product, false, Out)                                   \
  HWQ_LOOP(loopBias, Bias, false, Out)                                         \
  HWQ_LOOP(loopFusedBias, FusedBias, false, Out)                               \
  HWQ_LOOP(loopInsideEven, InsideEven, false, Out)                             \
  HWQ_LOOP(loopInsideAway, InsideAway, false, Out)                             \
  HWQ_LOOP(loopDequantized, Dequantized, false, Out)                           \
  HWQ_LOOP(loopHalf, Half, false, Out)                                         \
  HWQ_LOOP(loopHalfTwice, HalfTwice, false, Out)                               \
  HWQ_LOOP(loopEpilogue, Epilogue, false, Out)                                 \
  HWQ_LOOP(loopResidual, Epilogue, true, Out)                                  \
  void loopFloat(const int32_t *in, Out *out, size_t count,                    \
                 const FloatLoop &params) {                                    \
    switch (params.form) {                                                     \
    case FloatForm::Product:                                                   \
      return loopProduct(in, out, count, params);                              \
    case FloatForm::Bias:                                                      \
      return loopBias(in, out, count, params);                                 \
    case FloatForm::FusedBias:                                                 \
      return loopFusedBias(in, out, count, params);                            \
    case FloatForm::InsideEven:                                                \
      return loopInsideEven(in, out, count, params);                           \
    case FloatForm::InsideAway:                                                \
      return loopInsideAway(in, out, count, params);                           \
    case FloatForm::Dequantized:                                               \
      return loopDequantized(in, out, count, params);                          \
    case FloatForm::Half:                                                      \
      return loopHalf(in, out, count, params);                                 \
    case FloatForm::HalfTwice:                                                 \
      return loopHalfTwice(in, out, count, params);                            \
    case FloatForm::Epilogue:                                                  \
      return params.residual ? loopResidual(in, out, count, params)            \
                             : loopEpilogue(in, out, count, params);           \
    }                                                                          \
  }                                                                            \
  HWQ_TARGET_CLONES void loopDouble(const int32_t *in, Out *out, size_t count, \
                                    const DoubleLoop &params) {                \
    body(in, out, count, params);                                              \
  }

HWQ_LOOPS(uint8_t)
HWQ_LOOPS(int8_t)
HWQ_LOOPS(int32_t)

} // namespace hwq::numerics::detail
