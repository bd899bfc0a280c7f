//===- LowPrecisionFloat.cpp - fp16, bf16 and fp8 -------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/LowPrecisionFloat.h"

#include "SchemeLoops.h"

#include <cmath>

namespace hwq::numerics {
namespace {

template <FloatFormat> struct Traits;
template <> struct Traits<FloatFormat::Fp16> {
  static constexpr FloatLayout layout{16, 5, 10, 15, 0x7bff, 65504, true};
};
template <> struct Traits<FloatFormat::Bf16> {
  static constexpr FloatLayout layout{16, 8, 7, 127, 0x7f7f, 0x1.FEp127f, true};
};
template <> struct Traits<FloatFormat::Fp8E4M3> {
  static constexpr FloatLayout layout{8, 4, 3, 7, 0x7e, 448, false};
};
template <> struct Traits<FloatFormat::Fp8E5M2> {
  static constexpr FloatLayout layout{8, 5, 2, 15, 0x7b, 57344, true};
};

constexpr int f32Bias = 127;
constexpr int f32MantissaBits = 23;
constexpr uint32_t f32Infinity = 0x7f800000;

template <FloatFormat format>
HWQ_INLINE uint32_t encode(float x, bool saturate) {
  constexpr FloatLayout l = Traits<format>::layout;
  constexpr int m = static_cast<int>(l.mantissaBits);
  constexpr int minExponent = 1 - l.bias;
  uint32_t u = bitsOf(x);
  uint32_t magnitude = u & 0x7fffffff;
  uint32_t sign = (u >> 31) << (l.bits - 1);

  uint32_t fraction = magnitude & 0x7fffff;
  int field = static_cast<int>(magnitude >> f32MantissaBits);
  uint32_t mantissa = field ? fraction | 0x800000 : fraction;
  int exponent = (field ? field : 1) - f32Bias;

  int base = exponent < minExponent ? minExponent : exponent;
  int shift = f32MantissaBits - m + (base - exponent);
  // Beyond 25 all bits are below half of the smallest number.
  shift = shift > 25 ? 25 : shift;
  uint32_t half = uint32_t(1) << (shift - 1);
  uint32_t odd = (mantissa >> shift) & 1;
  uint32_t rounded = (mantissa + half - 1 + odd) >> shift;
  // A carry out of the mantissa raises the exponent; without the implicit bit
  // the number is subnormal.
  uint32_t code = (static_cast<uint32_t>(base + l.bias) << m) + rounded -
                  (uint32_t(1) << m);

  uint32_t over = saturate ? l.maxFiniteCode : l.maxFiniteCode + 1u;
  code = code > l.maxFiniteCode ? over : code;
  uint32_t nan = l.hasInfinity
                     ? (l.maxFiniteCode + 1u) | (uint32_t(1) << (m - 1)) |
                           (fraction >> (f32MantissaBits - m))
                     : l.maxFiniteCode + 1u;
  code = magnitude > f32Infinity ? nan : code;
  return sign | code;
}

template <FloatFormat format> HWQ_INLINE float decode(uint32_t code) {
  constexpr FloatLayout l = Traits<format>::layout;
  constexpr int m = static_cast<int>(l.mantissaBits);
  uint32_t sign = ((code >> (l.bits - 1)) & 1) << 31;
  uint32_t magnitude = code & ((uint32_t(1) << (l.bits - 1)) - 1);
  if (format == FloatFormat::Bf16)
    return floatOf(sign | (magnitude << 16));
  uint32_t field = magnitude >> m;
  uint32_t fraction = magnitude & ((uint32_t(1) << m) - 1);
  if (magnitude > l.maxFiniteCode)
    return floatOf(sign | f32Infinity |
                   (l.hasInfinity ? fraction << (f32MantissaBits - m)
                                  : uint32_t(0x400000)));
  if (field == 0) {
    if (fraction == 0)
      return floatOf(sign);
    // An integer times 2^(minExponent - m): a normal number in f32.
    uint32_t integer = bitsOf(static_cast<float>(fraction));
    uint32_t down = static_cast<uint32_t>(l.bias - 1 + m) << f32MantissaBits;
    return floatOf(sign | (integer - down));
  }
  uint32_t exponent = field + static_cast<uint32_t>(f32Bias - l.bias);
  return floatOf(sign | (exponent << f32MantissaBits) |
                 (fraction << (f32MantissaBits - m)));
}

/// Calls `f` with the format as a constant, so that its loops vectorize.
template <class F> auto dispatch(FloatFormat format, F &&f) {
  switch (format) {
  case FloatFormat::Bf16:
    return f(std::integral_constant<FloatFormat, FloatFormat::Bf16>());
  case FloatFormat::Fp8E4M3:
    return f(std::integral_constant<FloatFormat, FloatFormat::Fp8E4M3>());
  case FloatFormat::Fp8E5M2:
    return f(std::integral_constant<FloatFormat, FloatFormat::Fp8E5M2>());
  case FloatFormat::Fp16:
    break;
  }
  return f(std::integral_constant<FloatFormat, FloatFormat::Fp16>());
}

} // namespace

FloatLayout layoutOf(FloatFormat format) {
  return dispatch(format, [](auto f) { return Traits<f()>::layout; });
}

uint16_t encodeFloat(FloatFormat format, float x, bool saturate) {
  return dispatch(format, [&](auto f) {
    return static_cast<uint16_t>(encode<f()>(x, saturate));
  });
}

float decodeFloat(FloatFormat format, uint16_t code) {
  return dispatch(format, [&](auto f) { return decode<f()>(code); });
}

Result<LowPrecisionFloat> checked(LowPrecisionFloat scheme) {
  if (!std::isfinite(scheme.scale) || scheme.scale <= 0)
    return failure("expected a finite scale above 0, got " +
                   text(scheme.scale));
  return scheme;
}

Result<LowPrecisionFloat>
deriveLowPrecisionFloat(FloatFormat format, double absMax, bool saturate) {
  if (std::string error = checkAbsMax(absMax); !error.empty())
    return failure(std::move(error));
  double largest = static_cast<double>(layoutOf(format).maxFinite);
  float scale = static_cast<float>(absMax / largest);
  return LowPrecisionFloat{format, saturate, scale > 0 ? scale : 1};
}

int32_t quantize(const LowPrecisionFloat &scheme, float x) {
  return encodeFloat(scheme.format, x / scheme.scale, scheme.saturate);
}

float dequantize(const LowPrecisionFloat &scheme, int32_t code) {
  return scheme.scale *
         decodeFloat(scheme.format, static_cast<uint16_t>(code & 0xffff));
}

void quantizeArray(const LowPrecisionFloat &scheme, const float *x,
                   size_t count, int32_t *codes) {
  dispatch(scheme.format, [&](auto f) {
    for (size_t i = 0; i < count; ++i)
      codes[i] = static_cast<int32_t>(
          encode<f()>(x[i] / scheme.scale, scheme.saturate));
  });
}

void fakeQuantize(const LowPrecisionFloat &scheme, const float *x, size_t count,
                  float *y) {
  dispatch(scheme.format, [&](auto f) {
    for (size_t i = 0; i < count; ++i)
      y[i] = scheme.scale *
             decode<f()>(encode<f()>(x[i] / scheme.scale, scheme.saturate));
  });
}

} // namespace hwq::numerics
