//===- Kernels.h - The requantize kernels R1 to R14 -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_KERNELS_H
#define HWQ_NUMERICS_KERNELS_H

#include "hwq/Numerics/Multiplier.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

// Each kernel is a value with its parameters and
//   apply(x)   the output integer for an int32 accumulator, before the clamp.
//              The zero point is included where it is inside the rounding (R8,
//              R10, R13); else the caller adds it.
//   domain()   the accumulators on which the kernel is the monotone function of
//              its formula on every machine. What apply does beyond is defined
//              too, and said with each kernel.
// Parameters outside the limits that they state are taken as the nearest limit.

namespace hwq::numerics {

/// The accumulators lo..hi; empty if lo > hi.
struct Domain {
  int64_t lo = 0;
  int64_t hi = 0;

  bool contains(int64_t first, int64_t last) const {
    return first > last || (first >= lo && last <= hi);
  }
};

namespace detail {

constexpr int64_t kInt32Min = std::numeric_limits<int32_t>::min();
constexpr int64_t kInt32Max = std::numeric_limits<int32_t>::max();

inline int limit(int x, int lo, int hi) {
  return x < lo ? lo : (x > hi ? hi : x);
}

/// In 32 bits, wrapping.
inline int32_t shiftLeft32(int32_t x, int n) {
  return static_cast<int32_t>(static_cast<uint32_t>(x) << n);
}

/// x / 2^n rounded half up, 0 <= n <= 62, |x| <= 2^62.
inline int64_t shiftHalfUp(int64_t x, int n) {
  return (x + ((int64_t(1) << n) >> 1)) >> n;
}

/// x / 2^n rounded half away from zero, 0 <= n <= 62, |x| <= 2^62.
inline int64_t shiftHalfAway(int64_t x, int n) {
  int64_t sign = x >> 63;
  int64_t magnitude = (x ^ sign) - sign;
  return (shiftHalfUp(magnitude, n) ^ sign) - sign;
}

/// The high half of 2ab, rounded half up.
inline int32_t doublingHighMultiply(int32_t a, int32_t b) {
  if (a == kInt32Min && b == kInt32Min)
    return kInt32Max;
  return static_cast<int32_t>(
      (static_cast<int64_t>(a) * b + (int64_t(1) << 30)) >> 31);
}

/// RNE(v) as an int32, saturating; NaN gives 0.
inline int32_t toEven(float v) {
  if (std::fabs(v) <= 0x1p22f) {
    // 1.5 * 2^23 leaves no room for a fraction, and the integer in the low
    // bits.
    float sum = v + 0x1.8p23f;
    int32_t bits;
    std::memcpy(&bits, &sum, sizeof(bits));
    return bits - 0x4b400000;
  }
  if (v >= 0x1p31f)
    return kInt32Max;
  if (v < -0x1p31f)
    return kInt32Min;
  if (std::isnan(v))
    return 0;
  return static_cast<int32_t>((static_cast<double>(v) + 0x1.8p52) - 0x1.8p52);
}

/// RHA(v) as an int32, saturating; NaN gives 0. Exact for f32 values too.
inline int32_t halfAway(double v) {
  v = v < -0x1p31 ? -0x1p31 : v;
  v = v > 0x1.fffffffcp30 ? 0x1.fffffffcp30 : v;
  // The largest number below 1/2 takes a tie to the next integer, by the
  // rounding of the sum, and nothing below a tie.
  return std::isnan(v)
             ? 0
             : static_cast<int32_t>(v + std::copysign(0x1.fffffffffffffp-2, v));
}

/// The nearest fp16 value, ties to even; infinite from 65520 on.
float roundToFP16(float v);

/// The 19 upper bits of an f32: 10 bits of fraction.
inline float cutTo19Bits(float v) {
  uint32_t bits;
  std::memcpy(&bits, &v, sizeof(bits));
  bits &= 0xffffe000u;
  std::memcpy(&v, &bits, sizeof(bits));
  return v;
}

} // namespace detail

/// rha(SRDHM(x * 2^max(31-n, 0), M), max(n-31, 0)), with
/// SRDHM(a, b) = floor((a*b + 2^30) / 2^31), (INT_MIN, INT_MIN) -> INT_MAX, and
/// rha a shift rounded half away; 0 <= n <= 62. LiteRT's reference kernels,
/// gemmlowp, CMSIS-NN; R3 DOUBLE_ROUND. Outside the domain the left shift
/// wraps, as it does on the machine.
struct KernelR1 {
  Multiplier m;

  int64_t apply(int32_t x) const {
    int n = detail::limit(m.shift, 0, 62);
    int32_t high = detail::doublingHighMultiply(
        detail::shiftLeft32(x, n < 31 ? 31 - n : 0), m.multiplier);
    return detail::shiftHalfAway(high, n > 31 ? n - 31 : 0);
  }
  Domain domain() const {
    int left = 31 - detail::limit(m.shift, 0, 31);
    return {detail::kInt32Min >> left, detail::kInt32Max >> left};
  }
};

/// (x*M + 2^(n-1)) >> n in 64 bits, x*M for n = 0; 0 <= n <= 62. TFLite with
/// single rounding, TVM UPWARD, FBGEMM fixed point, XNNPACK rndnu; R3
/// SINGLE_ROUND. Domain: all int32.
struct KernelR2 {
  Multiplier m;

  int64_t apply(int32_t x) const {
    return detail::shiftHalfUp(static_cast<int64_t>(x) * m.multiplier,
                               detail::limit(m.shift, 0, 62));
  }
  Domain domain() const { return {detail::kInt32Min, detail::kInt32Max}; }
};

/// TOSA's apply_scale_32. Its shift is that of R1 and R2, in 2..62.
using KernelR3SingleRound = KernelR2;
using KernelR3DoubleRound = KernelR1;

/// RNE(f32(v * scale)), v = fma(bias, biasUnit, f32(x)). FBGEMM, XNNPACK, ONNX
/// Runtime's QLinearConv. A bias in accumulator units b/a: FBGEMM per channel
/// (f32(b/a), 1), per tensor (b, f32(1/a)). Domain: where the product lies in
/// [-2^31, 2^31); beyond, the result saturates to int32 (x86's cvtps2dq gives
/// INT_MIN for both signs).
struct KernelR4 {
  float scale;
  float bias = 0;
  float biasUnit = 1;

  float real(int32_t x) const {
    float v = static_cast<float>(x);
    if (bias != 0)
      v = biasUnit == 1 ? v + bias : std::fma(bias, biasUnit, v);
    return v * scale;
  }
  int64_t apply(int32_t x) const { return detail::toEven(real(x)); }
  Domain domain() const;
};

/// x*M / 2^n rounded half away from zero in one step; 0 <= n <= 62. QNNPACK
/// "precise", TVM TONEAREST. Domain: all int32.
struct KernelR5 {
  Multiplier m;

  int64_t apply(int32_t x) const {
    return detail::shiftHalfAway(static_cast<int64_t>(x) * m.multiplier,
                                 detail::limit(m.shift, 0, 62));
  }
  Domain domain() const { return {detail::kInt32Min, detail::kInt32Max}; }
};

/// A shift alone: x / 2^n rounded half up, x * 2^-n for n < 0; -31 <= n <= 62.
/// DPU, Qcode, TVM with power-of-two scales. Domain: where x + 2^(n-1), or
/// x * 2^-n, fits 32 bits; beyond, 64 bits are used (32-bit hardware wraps).
struct KernelR6 {
  int32_t shift;

  int64_t apply(int32_t x) const {
    int n = detail::limit(shift, -31, 62);
    return n < 0 ? static_cast<int64_t>(x) * (int64_t(1) << -n)
                 : detail::shiftHalfUp(x, n);
  }
  Domain domain() const;
};

/// ((x >> pre) * M) / 2^n rounded half up, a left shift for n < 0; 0 <= pre <=
/// 31, -62 <= n <= 62. TPU-MLIR, Glow, hexagon's concat and average pool.
/// Beyond 64 bits (n < 0 only) the result saturates. Domain: where product and
/// rounding term, or the shifted product, fit `bits` bits (64, or 32 for
/// engines with 32-bit products; there apply, which always uses 64, differs
/// from the machine beyond).
struct KernelR7 {
  Multiplier m;
  int bits = 64;

  int64_t apply(int32_t x) const {
    int n = detail::limit(m.shift, -62, 62);
    int64_t product =
        static_cast<int64_t>(x >> detail::limit(m.preShift, 0, 31)) *
        m.multiplier;
    if (n >= 0)
      return detail::shiftHalfUp(product, n);
    int64_t result;
    if (__builtin_mul_overflow(product, int64_t(1) << -n, &result))
      result = product < 0 ? std::numeric_limits<int64_t>::min()
                           : std::numeric_limits<int64_t>::max();
    return result;
  }
  Domain domain() const;
};

/// RHA(f32(f32(f32(x) * scale) + zeroPoint)), zero point inside: Glow's
/// convolution and fully connected. With zeroPoint 0 and the zero point added
/// after: nGraph, Glow's mul, TVM's float32 TONEAREST. Domain: as R4; beyond,
/// the result saturates to int32 (a cast is undefined there).
struct KernelR8 {
  float scale;
  float zeroPoint = 0;

  float real(int32_t x) const {
    float v = static_cast<float>(x) * scale;
    return v + zeroPoint;
  }
  int64_t apply(int32_t x) const { return detail::halfAway(real(x)); }
  Domain domain() const;
};

/// Ascend: dequantized, then quantized with Q1, zero point after.
///   Requant  RNE(f32(f32(x) * f32(scale / outputScale)))
///   F32      y = f32(f32(x) * scale)
///   F16      y = fp16(fp16(x) * fp16(scale))
///   F16Sqrt  y = fp16(fp16(fp16(x) * r) * r), r = fp16(f32(sqrt(scale)))
///   F19      y = f32(f32(x) * (scale cut to 19 bits))
/// and for the last four RNE(f32(y * f32(1 / outputScale))). Domain: y finite
/// and the result within int32 (fp16: |x| < 65520 at most). Beyond, the result
/// saturates to int32; fp16's inf * 0 counts as 0.
struct KernelR9 {
  float scale;
  float outputScale;
  DequantPrecision precision = DequantPrecision::Requant;

  /// What x is multiplied with first, in the precision of the form.
  float factor() const;
  float dequantize(int32_t x) const;
  float real(int32_t x) const;
  int64_t apply(int32_t x) const { return detail::toEven(real(x)); }
  Domain domain() const;
};

/// ((x + offset) * M + 2^30) >> 31, the sum in 32 bits: hexagon, where the
/// output zero point is part of the offset, in accumulator units. The output
/// clamp is 0..255. Outside the domain the sum wraps.
struct KernelR10 {
  int32_t reciprocal;
  int32_t offset = 0;

  int64_t apply(int32_t x) const {
    int32_t sum = static_cast<int32_t>(static_cast<uint32_t>(x) +
                                       static_cast<uint32_t>(offset));
    return detail::shiftHalfUp(static_cast<int64_t>(sum) * reciprocal, 31);
  }
  Domain domain() const;
};

/// R1 with the second rounding half up: (SRDHM(x * 2^max(31-n, 0), M) +
/// 2^(r-1)) >> r, r = max(n-31, 0), 0 <= n <= 62; the sum in 64 bits. LiteRT's
/// optimized kernels (ruy). Outside the domain (that of R1) the left shift
/// wraps.
struct KernelR11 {
  Multiplier m;

  int64_t apply(int32_t x) const {
    int n = detail::limit(m.shift, 0, 62);
    int32_t high = detail::doublingHighMultiply(
        detail::shiftLeft32(x, n < 31 ? 31 - n : 0), m.multiplier);
    return detail::shiftHalfUp(high, n > 31 ? n - 31 : 0);
  }
  Domain domain() const { return KernelR1{m}.domain(); }
};

/// RHA(f64(x) * scale) in f64: LiteRT's reference fully connected. Domain: the
/// product within int32; beyond, the result saturates to int32.
struct KernelR12 {
  double scale;

  double real(int32_t x) const { return static_cast<double>(x) * scale; }
  int64_t apply(int32_t x) const { return detail::halfAway(real(x)); }
  Domain domain() const;
};

/// RNE(f32(f32(f32(x) * scale) + zeroPoint)): R4 with the zero point inside.
/// ONNX Runtime's QLinearMul. Domain and beyond: as R4.
struct KernelR13 {
  float scale;
  float zeroPoint = 0;

  float real(int32_t x) const {
    float v = static_cast<float>(x) * scale;
    return v + zeroPoint;
  }
  int64_t apply(int32_t x) const { return detail::toEven(real(x)); }
  Domain domain() const;
};

/// RNE(f32(act(v) / outputScale)), v = f32(f32(f32(f32(x) * scale) + bias) +
/// f32(residualScale * residual)), act(v) = min(max(v, actLo), actHi):
/// TensorRT's epilogue with float bias and a residual of int8 codes. Domain and
/// beyond: as R4, for the residual 0.
struct KernelR14 {
  float scale;
  float outputScale;
  float bias = 0;
  float actLo = -std::numeric_limits<float>::infinity();
  float actHi = std::numeric_limits<float>::infinity();
  float residualScale = 0;

  float real(int32_t x, int32_t residual = 0) const {
    float v = static_cast<float>(x) * scale;
    v = v + bias;
    v = v + residualScale * static_cast<float>(residual);
    v = v < actLo ? actLo : v;
    v = v > actHi ? actHi : v;
    return v / outputScale;
  }
  int64_t apply(int32_t x, int32_t residual = 0) const {
    return detail::toEven(real(x, residual));
  }
  Domain domain() const;
};

/// R2 and R7 for 64-bit accumulators (LiteRT's 16x8 kernels, with rule
/// LiteRTInt16): x*M / 2^n rounded half up for any x, saturating to int64.
int64_t requantizeWide(int64_t x, Multiplier m);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_KERNELS_H
