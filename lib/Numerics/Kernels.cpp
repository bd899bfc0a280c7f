//===- Kernels.cpp - The requantize kernels R1 to R14 ---------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Kernels.h"
#include "hwq/Numerics/LowPrecisionFloat.h"

#include "hwq/Numerics/Rounding.h"

#include <algorithm>

namespace hwq::numerics {

float detail::roundToFP16(float v) {
  return decodeFloat(FloatFormat::Fp16,
                     encodeFloat(FloatFormat::Fp16, v, /*saturate=*/false));
}

namespace {

/// The x in [lo, hi] with -2^31 <= real(x) < 2^31, for a monotone `real`.
template <class Real>
Domain domainOfReal(Real real, int64_t lo = detail::kInt32Min,
                    int64_t hi = detail::kInt32Max) {
  auto at = [&](int64_t x) {
    return static_cast<double>(real(static_cast<int32_t>(x)));
  };
  // The first x of [lo, hi] with a property that then holds to the end, or hi +
  // 1.
  auto first = [&](auto holds) {
    int64_t a = lo, b = hi + 1;
    if (holds(a))
      return a;
    while (b - a > 1) {
      int64_t mid = a + (b - a) / 2;
      (holds(mid) ? b : a) = mid;
    }
    return b;
  };
  return {first([&](int64_t x) { return at(x) >= -0x1p31; }),
          first([&](int64_t x) { return at(x) >= 0x1p31; }) - 1};
}

} // namespace

Domain KernelR4::domain() const {
  return domainOfReal([this](int32_t x) { return real(x); });
}

Domain KernelR6::domain() const {
  int n = detail::limit(shift, -31, 62);
  if (n < 0)
    return {detail::kInt32Min >> -n, detail::kInt32Max >> -n};
  int64_t half = (int64_t(1) << n) >> 1;
  if (half > detail::kInt32Max)
    return {0, -1};
  return {detail::kInt32Min, detail::kInt32Max - half};
}

Domain KernelR7::domain() const {
  int n = detail::limit(m.shift, -62, 62);
  int pre = detail::limit(m.preShift, 0, 31);
  Domain all{detail::kInt32Min, detail::kInt32Max};
  __extension__ using Int128 = __int128;
  Int128 largest = (Int128(1) << (detail::limit(bits, 1, 64) - 1)) - 1;
  Int128 factor = Int128(m.multiplier) << (n < 0 ? -n : 0);
  Int128 half = n > 0 ? Int128(1) << (n - 1) : 0;
  if (half > largest)
    return {0, -1};
  if (factor <= 0)
    return factor == 0 ? all : Domain{0, -1};
  // x >> pre in [lo, hi].
  Int128 hi = (largest - half) / factor, lo = -((largest + 1) / factor);
  hi = std::min<Int128>(hi, detail::kInt32Max);
  lo = std::max<Int128>(lo, detail::kInt32Min);
  Int128 block = Int128(1) << pre;
  return {
      static_cast<int64_t>(std::max<Int128>(lo * block, all.lo)),
      static_cast<int64_t>(std::min<Int128>(hi * block + block - 1, all.hi))};
}

Domain KernelR8::domain() const {
  return domainOfReal([this](int32_t x) { return real(x); });
}

float KernelR9::factor() const {
  switch (precision) {
  case DequantPrecision::Requant:
    return scale / outputScale;
  case DequantPrecision::F32:
    return scale;
  case DequantPrecision::F16:
    return detail::roundToFP16(scale);
  case DequantPrecision::F16Sqrt:
    return detail::roundToFP16(std::sqrt(scale));
  case DequantPrecision::F19:
    return detail::cutTo19Bits(scale);
  }
  return 0;
}

float KernelR9::dequantize(int32_t x) const {
  float v = static_cast<float>(x);
  switch (precision) {
  case DequantPrecision::Requant:
    return v * scale;
  case DequantPrecision::F32:
  case DequantPrecision::F19:
    return v * factor();
  case DequantPrecision::F16:
    return detail::roundToFP16(detail::roundToFP16(v) * factor());
  case DequantPrecision::F16Sqrt: {
    float root = factor();
    float once = detail::roundToFP16(detail::roundToFP16(v) * root);
    return detail::roundToFP16(once * root);
  }
  }
  return 0;
}

float KernelR9::real(int32_t x) const {
  if (precision == DequantPrecision::Requant)
    return static_cast<float>(x) * factor();
  return dequantize(x) * (1 / outputScale);
}

Domain KernelR9::domain() const {
  bool half = precision == DequantPrecision::F16 ||
              precision == DequantPrecision::F16Sqrt;
  if (!half)
    return domainOfReal([this](int32_t x) { return real(x); });
  return domainOfReal(
      [this](int32_t x) {
        // An infinite fp16 value in between is out, whatever follows.
        float y = dequantize(x);
        return std::isinf(y) ? y : real(x);
      },
      -65519, 65519);
}

Domain KernelR10::domain() const {
  return {std::max(detail::kInt32Min, detail::kInt32Min - offset),
          std::min(detail::kInt32Max, detail::kInt32Max - offset)};
}

Domain KernelR12::domain() const {
  return domainOfReal(
      [this](int32_t x) { return round(real(x), Rounding::RHA); });
}

Domain KernelR13::domain() const {
  return domainOfReal([this](int32_t x) { return real(x); });
}

Domain KernelR14::domain() const {
  return domainOfReal([this](int32_t x) { return real(x); });
}

int64_t requantizeWide(int64_t x, Multiplier m) {
  __extension__ using Int128 = __int128;
  Int128 product =
      static_cast<Int128>(x >> detail::limit(m.preShift, 0, 31)) * m.multiplier;
  int n = detail::limit(m.shift, -31, 62);
  // |product| <= 2^94, and so below 2^126 after the shift to the left.
  Int128 result = n < 0 ? product * (Int128(1) << -n)
                        : (product + ((Int128(1) << n) >> 1)) >> n;
  constexpr Int128 lo = std::numeric_limits<int64_t>::min();
  constexpr Int128 hi = std::numeric_limits<int64_t>::max();
  return static_cast<int64_t>(std::clamp(result, lo, hi));
}

} // namespace hwq::numerics
