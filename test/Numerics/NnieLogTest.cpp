//===- NnieLogTest.cpp - The NNIE's logarithmic 8-bit code ----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/NnieLog.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace hwq::numerics;

TEST(NnieLog, ZeroPoint) {
  EXPECT_EQ(*nnieZeroPoint(1), -127);
  EXPECT_EQ(*nnieZeroPoint(2), -111);
  EXPECT_EQ(*nnieZeroPoint(2.3f), -108); // 16 log2 2.3 = 19.23
  EXPECT_EQ(*nnieZeroPoint(1e-45f), -2511);
  EXPECT_EQ(*nnieZeroPoint(std::numeric_limits<float>::max()), 1921);
  for (float bad :
       {0.0f, -1.0f, std::numeric_limits<float>::infinity(), std::nanf("")}) {
    Result<int> z = nnieZeroPoint(bad);
    EXPECT_FALSE(static_cast<bool>(z));
    EXPECT_EQ(z.error().rfind("expected ", 0), 0u) << z.error();
  }
}

TEST(NnieLog, Codes) {
  int z = -127;
  EXPECT_EQ(nnieEncode(1, z), 127);
  EXPECT_EQ(nnieEncode(-1, z), 255);
  EXPECT_EQ(nnieEncode(.5f, z), 111);
  EXPECT_EQ(nnieEncode(100, z), 127);
  EXPECT_EQ(nnieEncode(-100, z), 255);
  EXPECT_EQ(nnieEncode(0, z), nnieZero);
  EXPECT_EQ(nnieEncode(-0.0f, z), nnieZero);
  EXPECT_EQ(nnieEncode(std::nanf(""), z), nnieZero);
  EXPECT_EQ(nnieEncode(std::numeric_limits<float>::infinity(), z), 127);
  // Code 0 is 2^(z/16), down to 2^((z - 16)/16), which is exact for z = -128.
  z = -128;
  EXPECT_EQ(nnieEncode(0x1p-8f, z), 0);
  EXPECT_EQ(nnieEncode(0x1p-9f, z), 0);
  EXPECT_EQ(nnieEncode(std::nextafterf(0x1p-9f, 0), z), nnieZero);
  // There is no negative code 0: 0x80 is zero.
  EXPECT_EQ(nnieEncode(-0x1p-8f, z), 0x81);
  EXPECT_EQ(nnieEncode(-0x1p-9f, z), 0x81);
  EXPECT_EQ(nnieDecode(0, z), 0x1p-8f);
  EXPECT_EQ(nnieDecode(nnieZero, z), 0);
  EXPECT_EQ(nnieDecode(16, z), 0x1p-7f);
  EXPECT_EQ(nnieDecode(0x90, z), -0x1p-7f);
}

TEST(NnieLog, CodesRoundTrip) {
  for (int z : {-2000, -300, -128, -127, -5, 0, 77, 1900})
    for (int code = 0; code < 256; ++code) {
      float x = nnieDecode(static_cast<uint8_t>(code), z);
      if (std::fabs(x) < std::numeric_limits<float>::min() && x != 0)
        continue; // denormal values have too few digits for 1/16 octave
      if (std::isinf(x))
        continue;
      ASSERT_EQ(nnieEncode(x, z), code) << "z " << z;
    }
}

// Within half of 1/16 octave of the value, monotone, and odd but for code 0.
TEST(NnieLog, Properties) {
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 200000; ++i) {
    float amax = std::exp2(static_cast<float>(generator() % 100) - 50) *
                 (1 + static_cast<float>(generator() % 1000) / 1000);
    int z = *nnieZeroPoint(amax);
    float x =
        amax * std::exp2(-8 * static_cast<float>(generator() >> 40) * 0x1p-24f);
    uint8_t code = nnieEncode(x, z);
    if (code == nnieZero) {
      ASSERT_LT(x, std::exp2((z - 15) / 16.0));
      continue;
    }
    float back = nnieDecode(code, z);
    if (code > 0 && code < 127) {
      ASSERT_LE(std::fabs(std::log2(back / x)), 1. / 32 + 1e-6);
    }
    float up = std::nextafterf(x, 2 * x);
    ASSERT_GE(nnieDecode(nnieEncode(up, z), z), back);
    if (code > 0) {
      ASSERT_EQ(nnieEncode(-x, z), code | 0x80);
    }
  }
}

// The number of octaves in f64 must not decide: all neighbours of all limits
// between codes, against the exact comparison x^32 <> 2^odd.
TEST(NnieLog, LimitsBetweenCodesAreExact) {
  for (int z = -300; z <= 100; ++z)
    for (int code = 1; code < 127; code += 9) {
      // Code changes at 2^((2 (code + z) + 1)/32).
      int odd = 2 * (code + z) + 1;
      float limit = std::exp2(static_cast<float>(odd) / 32);
      for (int step = -3; step <= 3; ++step) {
        float x = limit;
        for (int i = 0; i < std::abs(step); ++i)
          x = std::nextafterf(x, step < 0 ? 0 : 2 * x);
        long double power = 1, l = static_cast<long double>(x);
        for (int i = 0; i < 32; ++i)
          power *= l;
        bool above = power > std::exp2(static_cast<long double>(odd));
        ASSERT_EQ(nnieEncode(x, z), code + above) << x << " z " << z;
      }
    }
}
