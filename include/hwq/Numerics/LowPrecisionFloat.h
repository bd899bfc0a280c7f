//===- LowPrecisionFloat.h - fp16, bf16 and fp8 -----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_LOWPRECISIONFLOAT_H
#define HWQ_NUMERICS_LOWPRECISIONFLOAT_H

#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

/// The layout of a format: sign, exponent, mantissa from the top bit down;
/// value = (-1)^s 2^(e-bias) 1.m, subnormal numbers for e = 0.
struct FloatLayout {
  unsigned bits;
  unsigned exponentBits;
  unsigned mantissaBits;
  int bias;
  /// Code and value of the largest finite number.
  uint16_t maxFiniteCode;
  float maxFinite;
  /// Whether the codes above are infinity and NaNs (IEEE), or one NaN (E4M3 of
  /// the OCP 8-bit floating point specification 1.0).
  bool hasInfinity;
};

/// Fp16 1-5-10, max 65504. Bf16 1-8-7. Fp8E5M2 1-5-2, max 57344, IEEE-like.
/// Fp8E4M3 1-4-3, bias 7, max 448, no infinity, NaN 0x7f and 0xff.
FloatLayout layoutOf(FloatFormat format);

/// `x` in `format`, to nearest with ties to even, subnormal numbers included;
/// integer arithmetic only, so independent of the floating-point environment.
///   overflow  a value that rounds beyond maxFinite: with `saturate` maxFinite,
///             else infinity, or NaN where there is none; infinity likewise
///   NaN       sign and the upper bits of the payload are kept, the quiet bit
///             is set (what F16C does); E4M3 has one NaN of either sign
/// Zero keeps its sign.
uint16_t encodeFloat(FloatFormat format, float x, bool saturate);

/// The value of a code, exact. Bits above the format's width are ignored.
float decodeFloat(FloatFormat format, uint16_t code);

/// Fake quantization to a float format: f32(scale * decode(encode(f32(x /
/// scale)))), scale finite and > 0. Scale 1 is exact.
///   range     [-scale * maxFinite, scale * maxFinite], saturating or not
///   rounding  nearest, ties to even; relative error at most 2^-(m+1) for
///             normal numbers of m mantissa bits
///   NaN       stays NaN
struct LowPrecisionFloat {
  FloatFormat format = FloatFormat::Fp16;
  bool saturate = true;
  float scale = 1;
};

Result<LowPrecisionFloat> checked(LowPrecisionFloat scheme);

/// Scale f32(absMax / maxFinite), the largest value on the largest code; 1 when
/// that is 0.
Result<LowPrecisionFloat> deriveLowPrecisionFloat(FloatFormat format,
                                                  double absMax,
                                                  bool saturate = true);

int32_t quantize(const LowPrecisionFloat &scheme, float x);
float dequantize(const LowPrecisionFloat &scheme, int32_t code);
void quantizeArray(const LowPrecisionFloat &scheme, const float *x,
                   size_t count, int32_t *codes);
void fakeQuantize(const LowPrecisionFloat &scheme, const float *x, size_t count,
                  float *y);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_LOWPRECISIONFLOAT_H
