//===- AddTest.cpp - Quantized addition -----------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Add.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>

using namespace hwq::numerics;

namespace {

const Grid i8{-128, 127};
const Grid u8{0, 255};

AddParams derive(RequantizeKernel kernel, QuantParams a, QuantParams b,
                 QuantParams out) {
  Result<AddParams> p = deriveAdd(AddVariant::Tflite, kernel, a, b, out);
  EXPECT_TRUE(static_cast<bool>(p)) << p.error();
  return p ? *p : AddParams{};
}

template <class T> void expectAllPairs(const AddParams &params) {
  std::vector<T> a(65536), b(65536), out(65536);
  for (int i = 0; i < 65536; ++i) {
    a[i] = static_cast<T>(i >> 8);
    b[i] = static_cast<T>(i);
  }
  addArray(params, a.data(), b.data(), out.data(), out.size());
  for (int i = 0; i < 65536; ++i)
    ASSERT_EQ(int32_t(out[i]), add(params, a[i], b[i]))
        << int(a[i]) << " + " << int(b[i]);
  // Lengths that take the path without tables, and a remainder.
  for (size_t count : {0, 1, 100, 255, 257, 2049}) {
    std::vector<T> part(count + 1, T(99));
    addArray(params, a.data() + 1000, b.data() + 1000, part.data(), count);
    for (size_t i = 0; i < count; ++i)
      ASSERT_EQ(part[i], out[1000 + i]);
    ASSERT_EQ(part[count], T(99));
  }
}

} // namespace

// LiteRT's own results; its scales are f32.
TEST(Add, Goldens) {
  AddParams p = derive(RequantizeKernel::R1, {double(.05f), -3, i8},
                       {double(.02f), 5, i8}, {double(.06f), 1, i8});
  EXPECT_EQ(p.leftShift, 20);
  EXPECT_EQ(p.lhs, (Multiplier{1 << 30, 31}));
  EXPECT_EQ(p.rhs, (Multiplier{1717986854, 33}));
  EXPECT_EQ(p.output, (Multiplier{1789569773, 50}));
  EXPECT_EQ(p.lo, -128);
  EXPECT_EQ(p.hi, 127);
  EXPECT_EQ(add(p, -128, 127), -63);
  EXPECT_EQ(add(p, 0, 0), 2);
  EXPECT_EQ(add(p, 10, 20), 17);
  EXPECT_EQ(add(p, -50, 77), -14);
}

TEST(Add, AllPairs) {
  for (RequantizeKernel kernel : {RequantizeKernel::R1, RequantizeKernel::R2}) {
    expectAllPairs<int8_t>(
        derive(kernel, {.05, -3, i8}, {.02, 5, i8}, {.06, 1, i8}));
    expectAllPairs<uint8_t>(
        derive(kernel, {.05, 125, u8}, {.02, 133, u8}, {.06, 129, u8}));
    // Ties, and a narrowed clamp.
    AddParams p = derive(kernel, {1, 0, u8}, {1, 0, u8}, {2, 0, u8});
    p.lo = 20;
    p.hi = 100;
    expectAllPairs<uint8_t>(p);
  }
}

// Against real arithmetic: at most one code apart, and only near a tie.
TEST(Add, CloseToTheRealSum) {
  std::mt19937_64 generator = seededGenerator();
  std::uniform_real_distribution<double> exponent(-6, 2);
  for (int round = 0; round < 20; ++round) {
    auto code = [&] { return static_cast<int64_t>(generator() % 256); };
    QuantParams a{std::exp2(exponent(generator)), code(), u8};
    QuantParams b{std::exp2(exponent(generator)), code(), u8};
    QuantParams out{std::exp2(exponent(generator)), code(), u8};
    AddParams p = derive(RequantizeKernel::R2, a, b, out);
    for (int i = 0; i < 65536; ++i) {
      int qa = i >> 8, qb = i & 255;
      double real = (a.scale * static_cast<double>(qa - a.zeroPoint) +
                     b.scale * static_cast<double>(qb - b.zeroPoint)) /
                        out.scale +
                    static_cast<double>(out.zeroPoint);
      double expected = std::fmin(std::fmax(real, 0), 255);
      ASSERT_NEAR(add(p, qa, qb), expected, .5 + 1e-3) << qa << " " << qb;
    }
  }
}

TEST(Add, SixteenBits) {
  Grid i16{-32768, 32767};
  AddParams p = derive(RequantizeKernel::R2, {1e-3, 0, i16}, {2e-3, 0, i16},
                       {3e-3, 0, i16});
  EXPECT_EQ(p.leftShift, 15);
  EXPECT_EQ(add(p, 30000, 30000), 30000);
  EXPECT_EQ(add(p, -32768, -32768), -32768);
  EXPECT_EQ(add(p, 3, 0), 1);
}

TEST(Add, Errors) {
  auto fails = [](QuantParams a, QuantParams b, QuantParams out) {
    return !deriveAdd(AddVariant::Tflite, RequantizeKernel::R1, a, b, out);
  };
  QuantParams good{.1, 3, u8};
  EXPECT_FALSE(fails(good, good, good));
  EXPECT_TRUE(fails({0, 3, u8}, good, good));
  EXPECT_TRUE(fails(good, {-1, 3, u8}, good));
  EXPECT_TRUE(fails(good, good, {double(NAN), 3, u8}));
  EXPECT_TRUE(fails(good, good, {double(INFINITY), 3, u8}));
  EXPECT_TRUE(fails({.1, 256, u8}, good, good));
  EXPECT_TRUE(fails({.1, 0, {INT32_MIN, INT32_MAX}}, good, good));
  // The sum would leave 32 bits when it is scaled up.
  EXPECT_TRUE(fails(good, good, {1e-9, 3, u8}));
  EXPECT_FALSE(static_cast<bool>(
      deriveAdd(AddVariant::Tflite, RequantizeKernel::Real, good, good, good)));
}
