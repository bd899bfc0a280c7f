//===- LowPrecisionFloatTest.cpp - fp16, bf16 and fp8 ---------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/LowPrecisionFloat.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

using namespace hwq::numerics;

namespace {

float floatOf(uint32_t u) {
  float x;
  std::memcpy(&x, &u, sizeof(x));
  return x;
}

uint32_t bitsOf(float x) {
  uint32_t u;
  std::memcpy(&u, &x, sizeof(u));
  return u;
}

/// The formats once more, from their definition: value = m 2^e in f64, and the
/// nearest of all values by search.
class Slow {
public:
  explicit Slow(FloatFormat format) : layout(layoutOf(format)) {
    int m = static_cast<int>(layout.mantissaBits);
    for (int code = 0; code <= layout.maxFiniteCode; ++code) {
      int e = code >> m, fraction = code & ((1 << m) - 1);
      double value = e ? std::ldexp((1 << m) + fraction, e - layout.bias - m)
                       : std::ldexp(fraction, 1 - layout.bias - m);
      values.push_back(value);
    }
    // Where the next value would be, if there were one.
    double last = values.back();
    overflow = last + (last - values[values.size() - 2]) / 2;
  }

  /// The code of a non-negative finite x, the index of the nearest value.
  int nearest(double x) const {
    size_t above = static_cast<size_t>(
        std::lower_bound(values.begin(), values.end(), x) - values.begin());
    if (above == values.size())
      return static_cast<int>(above) - 1 + beyond(x);
    return above == 0 ? 0 : choose(static_cast<int>(above) - 1, x);
  }

  /// Between values i and i + 1.
  int choose(int i, double x) const {
    double below = x - values[static_cast<size_t>(i)];
    double above = values[static_cast<size_t>(i) + 1] - x;
    return i + (below > above || (below == above && (i & 1)));
  }

  /// Whether x rounds past the largest value; its code is even in E4M3 and odd
  /// in the IEEE-like formats.
  bool beyond(double x) const {
    return x > overflow || (x == overflow && (layout.maxFiniteCode & 1));
  }

  uint16_t encode(float x, bool saturate) const {
    uint32_t sign = std::signbit(x) ? 1u << (layout.bits - 1) : 0;
    double magnitude = std::fabs(static_cast<double>(x));
    int code = nearest(magnitude);
    if (code > layout.maxFiniteCode && saturate)
      code = layout.maxFiniteCode;
    return static_cast<uint16_t>(sign | static_cast<uint32_t>(code));
  }

  FloatLayout layout;
  std::vector<double> values;
  double overflow;
};

class FloatFormatTest : public testing::TestWithParam<FloatFormat> {};

std::string formatName(const testing::TestParamInfo<FloatFormat> &info) {
  return std::string(stringify(info.param));
}

} // namespace

INSTANTIATE_TEST_SUITE_P(All, FloatFormatTest,
                         testing::ValuesIn(allValues<FloatFormat>()),
                         formatName);

TEST_P(FloatFormatTest, AllCodesRoundTrip) {
  Slow slow(GetParam());
  const FloatLayout &l = slow.layout;
  EXPECT_EQ(1 + l.exponentBits + l.mantissaBits, l.bits);
  EXPECT_EQ(static_cast<double>(l.maxFinite), slow.values.back());
  uint32_t signBit = 1u << (l.bits - 1);
  for (uint32_t code = 0; code < 2 * signBit; ++code) {
    uint32_t magnitude = code & (signBit - 1);
    float x = decodeFloat(GetParam(), static_cast<uint16_t>(code));
    ASSERT_EQ(std::signbit(x), code >= signBit) << code;
    uint32_t expected = code;
    if (magnitude <= l.maxFiniteCode) {
      ASSERT_EQ(std::fabs(static_cast<double>(x)), slow.values[magnitude]);
    } else if (l.hasInfinity && magnitude == l.maxFiniteCode + 1u) {
      ASSERT_TRUE(std::isinf(x)) << code;
    } else {
      ASSERT_TRUE(std::isnan(x)) << code;
      // A NaN becomes quiet and is otherwise kept.
      if (l.hasInfinity)
        expected |= 1u << (l.mantissaBits - 1);
    }
    ASSERT_EQ(encodeFloat(GetParam(), x, false), expected) << code;
    if (magnitude <= l.maxFiniteCode)
      ASSERT_EQ(encodeFloat(GetParam(), x, true), code);
  }
}

TEST_P(FloatFormatTest, EqualsTheDefinitionBySearch) {
  Slow slow(GetParam());
  std::mt19937_64 generator = seededGenerator();
  auto check = [&](float x) {
    for (bool saturate : {false, true})
      ASSERT_EQ(encodeFloat(GetParam(), x, saturate), slow.encode(x, saturate))
          << x << " saturate " << saturate;
  };
  // Every tie and its neighbours. Ties below f32's range do not exist.
  std::vector<double> ties{slow.overflow};
  for (size_t i = 1; i < slow.values.size(); ++i)
    ties.push_back((slow.values[i - 1] + slow.values[i]) / 2);
  for (double tie : ties) {
    auto x = static_cast<float>(tie);
    for (float y : {x, std::nextafter(x, 0.0f), std::nextafter(x, INFINITY)})
      for (float z : {y, -y})
        if (std::isfinite(z))
          ASSERT_NO_FATAL_FAILURE(check(z));
  }
  // All magnitudes, and those of the format.
  float top = 2 * std::min(slow.layout.maxFinite, 1e38f);
  for (int i = 0; i < 1000000; ++i) {
    float x = floatOf(static_cast<uint32_t>(generator()));
    if (std::isfinite(x))
      ASSERT_NO_FATAL_FAILURE(check(x));
    float y = std::ldexp(static_cast<float>(generator() >> 40),
                         -24 - static_cast<int>(generator() % 40));
    ASSERT_NO_FATAL_FAILURE(check(y * top));
  }
}

// All 2^32 inputs, a sweep in which the nearest code only rises.
TEST_P(FloatFormatTest, ExhaustiveSweep) {
  if (!std::getenv("HWQ_EXHAUSTIVE"))
    GTEST_SKIP() << "set HWQ_EXHAUSTIVE=1";
  Slow slow(GetParam());
  uint32_t signBit = 1u << (slow.layout.bits - 1);
  int below = 0, last = slow.layout.maxFiniteCode;
  // No assertion macros inside: they would take most of the time.
  auto encode = [](uint32_t u, bool saturate) -> uint32_t {
    return encodeFloat(GetParam(), floatOf(u), saturate);
  };
  for (uint32_t u = 0; u <= 0x7f800000; ++u) {
    double x = static_cast<double>(floatOf(u));
    while (below < last && slow.values[static_cast<size_t>(below) + 1] <= x)
      ++below;
    int code = below < last ? slow.choose(below, x) : last + slow.beyond(x);
    auto expected = static_cast<uint32_t>(code);
    auto limited = static_cast<uint32_t>(std::min(code, last));
    if (encode(u, false) != expected || encode(u, true) != limited ||
        encode(u | 0x80000000, false) != (expected | signBit))
      FAIL() << std::hex << u;
  }
  for (uint32_t u = 0x7f800001; u < 0x80000000; ++u) {
    uint32_t code = encode(u, true);
    if (!std::isnan(decodeFloat(GetParam(), static_cast<uint16_t>(code))) ||
        encode(u | 0x80000000, true) != (code | signBit))
      FAIL() << std::hex << u;
  }
}

// Clang's own conversion; its bfloat16 one needs a run-time library that is not
// everywhere.
#if defined(__FLT16_MANT_DIG__)
static uint16_t compilersFp16(float x) {
  auto half = static_cast<_Float16>(x);
  uint16_t code;
  std::memcpy(&code, &half, sizeof(code));
  return code;
}

TEST(LowPrecisionFloat, Fp16EqualsTheCompilers) {
  std::mt19937_64 generator = seededGenerator();
  auto differs = [](uint32_t u) {
    float x = floatOf(u);
    return encodeFloat(FloatFormat::Fp16, x, false) != compilersFp16(x);
  };
  if (std::getenv("HWQ_EXHAUSTIVE")) {
    for (uint64_t u = 0; u <= 0xffffffff; ++u)
      if (differs(static_cast<uint32_t>(u)))
        FAIL() << std::hex << u;
    return;
  }
  for (int i = 0; i < 10000000; ++i) {
    auto u = static_cast<uint32_t>(generator());
    if (differs(u))
      FAIL() << std::hex << u;
  }
  // Ties: 13 low bits of the mantissa are 1000000000000, or near.
  for (int i = 0; i < 1000000; ++i) {
    uint32_t u = (static_cast<uint32_t>(generator()) & ~0x1fffu) | 0x1000;
    for (uint32_t v : {u - 1, u, u + 1})
      if (differs(v))
        FAIL() << std::hex << v;
  }
}
#endif

// Values of ml_dtypes 0.6.0 and of the OCP specification's table.
TEST(LowPrecisionFloat, KnownCodes) {
  auto e4m3 = [](float x) {
    return encodeFloat(FloatFormat::Fp8E4M3, x, false);
  };
  auto e5m2 = [](float x) {
    return encodeFloat(FloatFormat::Fp8E5M2, x, false);
  };
  EXPECT_EQ(e4m3(448), 0x7e);
  EXPECT_EQ(e4m3(464), 0x7e); // a tie
  EXPECT_EQ(e4m3(465), 0x7f);
  EXPECT_EQ(e4m3(INFINITY), 0x7f);
  EXPECT_EQ(e4m3(-448), 0xfe);
  EXPECT_EQ(e4m3(0x1p-10f), 0); // half of the smallest
  EXPECT_EQ(e4m3(0.0009765626f), 1);
  EXPECT_EQ(e4m3(0x1p-6f), 0x08);
  EXPECT_EQ(e4m3(-0.0f), 0x80);
  EXPECT_EQ(e5m2(464), 95);
  EXPECT_EQ(e5m2(480), 96);
  EXPECT_EQ(e5m2(1e6f), 124);
  EXPECT_EQ(e5m2(57344), 0x7b);
  EXPECT_EQ(e5m2(61440), 0x7c); // a tie
  EXPECT_EQ(e5m2(0x1p-16f), 0x01);
  EXPECT_EQ(encodeFloat(FloatFormat::Fp8E4M3, INFINITY, true), 0x7e);
  EXPECT_EQ(encodeFloat(FloatFormat::Fp8E5M2, -INFINITY, true), 0xfb);
  EXPECT_EQ(encodeFloat(FloatFormat::Fp8E4M3, NAN, true), 0x7f);
  EXPECT_EQ(encodeFloat(FloatFormat::Fp16, 65519.996f, false), 0x7bff);
  EXPECT_EQ(encodeFloat(FloatFormat::Fp16, 65520, false), 0x7c00);
  EXPECT_EQ(encodeFloat(FloatFormat::Fp16, 65520, true), 0x7bff);
  EXPECT_EQ(encodeFloat(FloatFormat::Bf16, 1.00390625f, false), 0x3f80);
  EXPECT_EQ(encodeFloat(FloatFormat::Bf16, 1.01171875f, false), 0x3f82);
  EXPECT_EQ(encodeFloat(FloatFormat::Bf16, 3.4e38f, false), 0x7f80);
}

TEST(LowPrecisionFloat, Scale) {
  Result<LowPrecisionFloat> scheme =
      deriveLowPrecisionFloat(FloatFormat::Fp8E4M3, 2.0);
  ASSERT_TRUE(scheme);
  EXPECT_EQ(scheme->scale, 2.0f / 448);
  float x[] = {2, -3, 0.3f, NAN}, y[4];
  fakeQuantize(*scheme, x, 4, y);
  EXPECT_EQ(y[0], 448 * scheme->scale);
  EXPECT_EQ(y[1], -y[0]);
  EXPECT_EQ(y[2], 64 * scheme->scale); // .3 * 224 = 67.2, in steps of 8
  EXPECT_TRUE(std::isnan(y[3]));
  EXPECT_EQ(quantize(*scheme, -3), 0xfe);

  EXPECT_EQ(deriveLowPrecisionFloat(FloatFormat::Fp16, 0)->scale, 1);
  EXPECT_FALSE(deriveLowPrecisionFloat(FloatFormat::Fp16, NAN));
  EXPECT_FALSE(deriveLowPrecisionFloat(FloatFormat::Fp16, -1));
  EXPECT_EQ(checked(LowPrecisionFloat{FloatFormat::Fp16, true, 0}).error(),
            "expected a finite scale above 0, got 0");
  EXPECT_FALSE(checked(LowPrecisionFloat{FloatFormat::Fp16, true, NAN}));
}

TEST_P(FloatFormatTest, ArraysEqualScalars) {
  std::mt19937_64 generator = seededGenerator();
  std::vector<float> x(1003), y(x.size());
  std::vector<int32_t> codes(x.size());
  for (float &value : x)
    value = floatOf(static_cast<uint32_t>(generator()));
  LowPrecisionFloat scheme{GetParam(), (generator() & 1) != 0, 1.5f};
  quantizeArray(scheme, x.data(), x.size(), codes.data());
  fakeQuantize(scheme, x.data(), x.size(), y.data());
  for (size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(codes[i], quantize(scheme, x[i]));
    ASSERT_EQ(bitsOf(y[i]), bitsOf(dequantize(scheme, codes[i])));
  }
}
