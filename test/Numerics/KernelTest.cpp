//===- KernelTest.cpp - The requantize kernels R1 to R14 ------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Literal values: the project's backend reference, sections as noted. The
// property tests take a sample unless HWQ_EXHAUSTIVE=1 is set.
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Kernels.h"
#include "hwq/Numerics/Requantize.h"

#include "KernelReference.h"
#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>

using namespace hwq::numerics;

namespace {

Multiplier choose(RequantizeKernel kernel, double scale) {
  Result<Multiplier> m = chooseMultiplier(kernel, scale);
  EXPECT_TRUE(static_cast<bool>(m)) << m.error();
  return m ? *m : Multiplier{};
}

bool exhaustive() {
  const char *set = std::getenv("HWQ_EXHAUSTIVE");
  return set && std::string(set) == "1";
}

} // namespace

//===----------------------------------------------------------------------===//
// Reference, section 1.3
//===----------------------------------------------------------------------===//

TEST(Kernels, SameAccumulatorSameMultiplier) {
  struct {
    int32_t x;
    double m;
    int64_t r1, r2, r4, r5;
  } rows[] = {
      {-1, .5, 0, 0, 0, -1},     {1, .5, 1, 1, 0, 1},
      {-3, .5, -1, -1, -2, -2},  {5, .5, 3, 3, 2, 3},
      {1, .25, 1, 0, 0, 0},      {5, .25, 2, 1, 1, 1},
      {-6, .25, -2, -1, -2, -2}, {-10, .25, -3, -2, -2, -3},
      {1, 1. / 3, 1, 0, 0, 0},   {-1, 1. / 3, -1, 0, 0, 0},
      {10, 1. / 3, 4, 3, 3, 3},  {-10, 1. / 3, -4, -3, -3, -3},
  };
  for (auto &row : rows) {
    SCOPED_TRACE(testing::Message() << row.x << " " << row.m);
    Multiplier m = choose(RequantizeKernel::R1, row.m);
    EXPECT_EQ(KernelR1{m}.apply(row.x), row.r1);
    EXPECT_EQ(KernelR2{m}.apply(row.x), row.r2);
    EXPECT_EQ(KernelR4{static_cast<float>(row.m)}.apply(row.x), row.r4);
    EXPECT_EQ(KernelR5{m}.apply(row.x), row.r5);
  }
}

TEST(Kernels, DoublingHighMultiplyIsHalfUp) {
  // SRDHM(x, 2^30) is R1 with e = 0.
  KernelR1 half{{1 << 30, 31}};
  EXPECT_EQ(half.apply(-1), 0);
  EXPECT_EQ(half.apply(1), 1);
  EXPECT_EQ(half.apply(-3), -1);
  EXPECT_EQ(half.apply(-5), -2);
  EXPECT_EQ(KernelR1({{INT32_MIN, 31}}).apply(INT32_MIN), INT32_MAX);
}

TEST(Kernels, ShiftHalfAway) {
  EXPECT_EQ(detail::shiftHalfAway(-6, 2), -2);
  EXPECT_EQ(detail::shiftHalfAway(-5, 2), -1);
  EXPECT_EQ(detail::shiftHalfAway(-1, 1), -1);
  EXPECT_EQ(detail::shiftHalfAway(1, 1), 1);
}

// "Over 360 009 (x, m), |x| <= 20000, nine tie-rich multipliers": the shares
// depend on which nine; that all four are different kernels doesn't.
TEST(Kernels, DifferOnTies) {
  int pairs = 0, r12 = 0, r14 = 0, r24 = 0;
  for (double m : {.5, .25, .125, .375, .75, .0625, 1. / 3, .1, .3}) {
    Multiplier q = choose(RequantizeKernel::R1, m);
    KernelR4 r4{static_cast<float>(m)};
    for (int32_t x = -20000; x <= 20000; ++x, ++pairs) {
      int64_t a = KernelR1{q}.apply(x), b = KernelR2{q}.apply(x);
      int64_t c = r4.apply(x);
      r12 += a != b;
      r14 += a != c;
      r24 += b != c;
    }
  }
  EXPECT_EQ(pairs, 360009);
  for (int count : {r12, r14, r24}) {
    EXPECT_GT(count, pairs / 25);
    EXPECT_LT(count, pairs / 4);
  }
}

TEST(Kernels, TosaScaleIsR1OrR2) {
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 100000; ++i) {
    Multiplier m{static_cast<int32_t>(generator() >> 33),
                 static_cast<int32_t>(2 + generator() % 61)};
    int32_t x = static_cast<int32_t>(generator());
    EXPECT_EQ(KernelR3SingleRound{m}.apply(x), reference::r2(x, m));
    if (m.shift < 31)
      continue;
    // DOUBLE_ROUND as TOSA writes it: 2^30 added or taken off by the sign of x
    // before one shift half up.
    reference::Int128 round = reference::power(m.shift - 1);
    if (m.shift > 31)
      round += x >= 0 ? reference::power(30) : -reference::power(30);
    reference::Int128 expected = reference::floorDivide(
        reference::Int128(x) * m.multiplier + round, reference::power(m.shift));
    ASSERT_EQ(KernelR3DoubleRound{m}.apply(x), expected)
        << x << " " << m.multiplier << " " << m.shift;
  }
}

//===----------------------------------------------------------------------===//
// Engines' examples
//===----------------------------------------------------------------------===//

// Section 4.5c, the hexagon example.
TEST(Kernels, HexagonExample) {
  double step = 2. / 255 * (1. / 255);
  Result<Multiplier> m = hexagonMultiplier(-4.0157, 3.9843, step);
  ASSERT_TRUE(static_cast<bool>(m)) << m.error();
  EXPECT_EQ(m->multiplier, 2105376);
  EXPECT_EQ(m->shift, 31);
  Result<int32_t> offset = hexagonOffset(0, -4.0157, step);
  ASSERT_TRUE(static_cast<bool>(offset)) << offset.error();
  KernelR10 kernel{m->multiplier, *offset};
  int32_t x[] = {-100000, -1000, 0, 1000, 100000};
  int64_t expected[] = {30, 127, 128, 129, 226};
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(kernel.apply(x[i]), expected[i]) << x[i];
}

// Section 4.6c, FBGEMM's reference requantization.
TEST(Kernels, FbgemmReference) {
  struct {
    float m;
    int32_t x;
    int64_t q;
  } rows[] = {{.1234f, -1000, 5}, {.1234f, -101, 116}, {.1234f, -15, 126},
              {.1234f, 9, 129},   {.1234f, 101, 140},  {.1234f, 1000, 251},
              {.5f, -5, 126},     {.5f, -3, 126},      {.5f, -1, 128},
              {.5f, 5, 130},      {.5f, 9, 132}};
  for (auto &row : rows)
    EXPECT_EQ(KernelR4{row.m}.apply(row.x) + 128, row.q) << row.x;
}

// Section 1.6, the last column of each row from its accumulator.
TEST(Kernels, DotProductOfEveryBackend) {
  KernelR1 tflite{{1116709808, 31 + 7}};
  EXPECT_EQ(tflite.apply(23985) + 17, 114);

  // TensorRT: bias .25, s_x = 1.8/127, s_w = .83/127, s_y = .0165354.
  float sx = 1.8f / 127, sw = .83f / 127, sy = 2.1f / 127;
  KernelR14 tensorrt{sx * sw, sy, .25f};
  EXPECT_EQ(tensorrt.apply(12527), 85);
  EXPECT_NEAR(double(sy), .0165354, 1e-7);

  // ACL dequantizes: 24193 * 5.8487e-5 = 1.41496.
  KernelR9 acl{5.8487e-5f, 1, DequantPrecision::F32};
  EXPECT_NEAR(double(acl.dequantize(24193)), 1.41496, 2e-5);

  // FBGEMM: f32 bias .25 per tensor, as fma.
  float a = (2.3f / 255) * (.83f / 127.5f);
  KernelR4 fbgemm{.004046635f, .25f, 1 / a};
  EXPECT_EQ(fbgemm.apply(19785) + 145, 242);

  EXPECT_EQ(KernelR6{7}.apply(2860), 22);  // tvm
  EXPECT_EQ(KernelR6{8}.apply(11548), 45); // dpu

  KernelR10 snpe{6543763, 53240};
  EXPECT_EQ(snpe.apply(26304), 242);
  EXPECT_EQ(int64_t(0x00ff0000) * 32768 / 83684, 6543763);

  // NNP-I, SymLP: s_x = 1.8/127 (1.8 is the negative end: 128), f32.
  float nnpi = (1.8f / 128) * (.83f / 128) / (2.1f / 128);
  EXPECT_EQ(KernelR8{nnpi}.apply(15508), 86);
}

//===----------------------------------------------------------------------===//
// Pitfalls
//===----------------------------------------------------------------------===//

// tensorflow#25087: real 11.4991.
TEST(Pitfalls, A1DoubleRounding) {
  Multiplier m{1583594044, 31 + 9};
  EXPECT_EQ(KernelR1{m}.apply(7984), 12);
  EXPECT_EQ(KernelR2{m}.apply(7984), 11);
}

// google/ruy PR 227: n + 0.25 must not become n + 1 with a single rounding.
TEST(Pitfalls, A2QuarterRoundsUp) {
  Multiplier m{1 << 30, 31 + 1};
  EXPECT_EQ(KernelR1{m}.apply(1), 1);
  EXPECT_EQ(KernelR2{m}.apply(1), 0);
}

// tensorflow#102943: three semantics called "TFLite", and a sample that agrees.
TEST(Pitfalls, A3ThreeSemantics) {
  Multiplier m{1527099593, 31 + 6};
  EXPECT_EQ(KernelR1{m}.apply(585), 7);
  EXPECT_EQ(KernelR2{m}.apply(585), 7);
  // The quotient of the f32 scales, half a unit below: 6.5 exactly, to even.
  EXPECT_EQ(KernelR4{std::ldexp(11930465.0f, -30)}.apply(585), 6);
  Multiplier same{1373157221, 31};
  EXPECT_EQ(KernelR1{same}.apply(-966241705), -617840222);
  EXPECT_EQ(KernelR2{same}.apply(-966241705), -617840222);
}

// tensorflow PR 59859: the left shift of an add's operands must not get lost.
TEST(Pitfalls, A4LeftShift) {
  RequantizeParams p;
  p.kernel = RequantizeKernel::R1;
  p.multipliers = {choose(RequantizeKernel::R1, 0x1p-21)};
  p.leftShift = 20;
  p.lo = -128;
  p.hi = 127;
  EXPECT_EQ(requantize(p, 0, 100), 50);
  int8_t out;
  int32_t in = 100;
  requantizeArray(p, &in, &out, 1, 1);
  EXPECT_EQ(out, 50);
}

// tvm PR 7432, tensorflow PR 50615: no kernel but R6 and R7 shifts to the left,
// none has a negative multiplier; both are refused.
TEST(Pitfalls, A5NegativeShiftAndMultiplier) {
  for (RequantizeKernel kernel : allValues<RequantizeKernel>()) {
    if (isFloatKernel(kernel) || kernel == RequantizeKernel::Real)
      continue;
    RequantizeParams p;
    p.kernel = kernel;
    bool left =
        kernel == RequantizeKernel::R6 || kernel == RequantizeKernel::R7;
    p.multipliers = {{1, -1}};
    EXPECT_EQ(checkRequantize(p, 1).empty(), left) << stringify(kernel);
    p.multipliers = {{-1, 31}};
    EXPECT_FALSE(checkRequantize(p, 1).empty()) << stringify(kernel);
  }
  for (MultiplierRule rule : allValues<MultiplierRule>())
    EXPECT_FALSE(static_cast<bool>(chooseMultiplier(rule, -.5)))
        << stringify(rule);
}

// A6 (tvm PR 15529): an accumulator is clamped to the output, never cut.
TEST(Pitfalls, A6ClampedNotCut) {
  RequantizeParams p;
  p.kernel = RequantizeKernel::R2;
  p.multipliers = {choose(RequantizeKernel::R2, 1)};
  p.lo = INT32_MIN;
  p.hi = INT32_MAX;
  int32_t in[] = {300, -300};
  int8_t out[2];
  requantizeArray(p, in, out, 2, 1);
  EXPECT_EQ(out[0], 127);
  EXPECT_EQ(out[1], -128);
}

// A7 (tvm PR 12287): |q| of -128 needs 8 bits without sign. The kernels give
// 128 and leave it to the clamp.
TEST(Pitfalls, A7NegatedMinimum) {
  EXPECT_EQ(KernelR6{0}.apply(128), 128);
  EXPECT_EQ(KernelR5({{1 << 30, 30}}).apply(INT32_MIN), INT32_MIN);
  EXPECT_EQ(KernelR6{-1}.apply(INT32_MIN), int64_t(INT32_MIN) * 2);
}

// A9: int16 products of document 004's symmetric add; R7 declares how far the
// products of 16 bits go.
TEST(Pitfalls, A9SixteenBitProducts) {
  KernelR7 kernel{{127, 7}, 16};
  EXPECT_TRUE(kernel.domain().contains(-127, 127));
  EXPECT_FALSE(kernel.domain().contains(0, 2 * 255));
  EXPECT_FALSE(KernelR7({{255, 7}, 16}).domain().contains(-128, 255));
}

//===----------------------------------------------------------------------===//
// Domains
//===----------------------------------------------------------------------===//

TEST(KernelDomains, FloatKernelsEndWhereTheIntegerDoes) {
  // 2^31 / 8: cvtps2dq has no result there.
  KernelR4 r4{8};
  // f32(x) for ties: 2^28 - 8 becomes 2^28, and so does -2^28 - 16.
  EXPECT_EQ(r4.domain().lo, -(1 << 28) - 16);
  EXPECT_EQ(r4.domain().hi, (1 << 28) - 9);
  EXPECT_EQ(r4.apply(1 << 28), INT32_MAX);
  EXPECT_EQ(r4.apply(INT32_MIN), INT32_MIN);
  Domain all = KernelR4{.001f}.domain();
  EXPECT_TRUE(all.contains(INT32_MIN, INT32_MAX));
  EXPECT_EQ(KernelR12{4}.domain().hi, (1 << 29) - 1);
  EXPECT_EQ(KernelR12{.5}.apply(-3), -2);
  EXPECT_EQ(KernelR8({2, 1e9f}).apply(INT32_MAX), INT32_MAX);
  EXPECT_EQ(KernelR4{std::numeric_limits<float>::infinity()}.apply(0), 0);
}

TEST(KernelDomains, ShiftsAndShortProducts) {
  EXPECT_EQ(KernelR6{4}.domain().hi, INT32_MAX - 8);
  EXPECT_EQ(KernelR6{4}.apply(INT32_MAX), int64_t(1) << 27);
  EXPECT_EQ(KernelR6{-4}.domain().hi, INT32_MAX / 16);
  EXPECT_EQ(KernelR6{32}.domain().hi, -1); // no 32-bit rounding term
  EXPECT_EQ(KernelR6{62}.apply(INT32_MIN), 0);
  EXPECT_EQ(KernelR7({{100, 10}, 32}).domain().hi, (INT32_MAX - 512) / 100);
  EXPECT_EQ(KernelR7({{100, 10, 3}, 32}).domain().hi,
            (INT32_MAX - 512) / 100 * 8 + 7);
  EXPECT_TRUE(
      KernelR7({{INT32_MAX, 30}}).domain().contains(INT32_MIN, INT32_MAX));
  EXPECT_EQ(KernelR7({{INT32_MAX, -62}}).apply(-5),
            std::numeric_limits<int64_t>::min());
  EXPECT_EQ(KernelR10({1 << 20, 1000}).domain().hi, INT32_MAX - 1000);
  EXPECT_EQ(KernelR10({1 << 20, -1000}).domain().lo, int64_t(INT32_MIN) + 1000);
}

// Section 1.3: fp16 at |x| >= 65520 is infinite, and inf * 0 is no number.
TEST(KernelDomains, HalfPrecision) {
  KernelR9 f16{.001f, .05f, DequantPrecision::F16};
  EXPECT_EQ(f16.domain().hi, 65519);
  EXPECT_EQ(f16.domain().lo, -65519);
  EXPECT_EQ(f16.apply(65520), INT32_MAX);
  KernelR9 vanishing{1e-9f, .05f, DequantPrecision::F16};
  EXPECT_EQ(vanishing.apply(65519), 0);
  EXPECT_EQ(vanishing.apply(65520), 0); // inf * 0
  // 2049 is no fp16 number: 2048. 65519 rounds to 65504.
  KernelR9 one{1, 1, DequantPrecision::F16};
  EXPECT_EQ(one.apply(2049), 2048);
  EXPECT_EQ(one.apply(2051), 2052);
  EXPECT_EQ(one.apply(65519), 65504);
  // 19 bits: 1 + 2^-10 stays, 2^-11 goes.
  EXPECT_EQ(detail::cutTo19Bits(1 + 0x1p-10f + 0x1p-11f), 1 + 0x1p-10f);
  KernelR9 f19{1 + 0x1p-11f, 1, DequantPrecision::F19};
  EXPECT_EQ(f19.apply(8192), 8192);
  KernelR9 f32{1 + 0x1p-11f, 1, DequantPrecision::F32};
  EXPECT_EQ(f32.apply(8192), 8196);
  // The root of 2^-24 is an fp16 number where 2^-25 would be none.
  KernelR9 root{0x1p-28f, 0x1p-24f, DequantPrecision::F16Sqrt};
  EXPECT_EQ(root.apply(1024), 64);
  KernelR9 plain{0x1p-28f, 0x1p-24f, DequantPrecision::F16};
  EXPECT_EQ(plain.apply(1024), 0);
}

TEST(KernelDomains, FP16Rounding) {
  EXPECT_EQ(detail::roundToFP16(1 + 0x1p-11f), 1.0f);
  EXPECT_EQ(detail::roundToFP16(1 + 0x3p-11f), 1 + 0x2p-10f);
  EXPECT_EQ(detail::roundToFP16(0x1p-25f), 0.0f);
  EXPECT_EQ(detail::roundToFP16(0x1.8p-25f), 0x1p-24f);
  EXPECT_EQ(detail::roundToFP16(65519.9f), 65504.0f);
  EXPECT_TRUE(std::isinf(detail::roundToFP16(65520)));
  EXPECT_EQ(detail::roundToFP16(-0x1p-14f), -0x1p-14f);
}

TEST(KernelR14Test, BiasResidualActivation) {
  KernelR14 k{.5f, .25f, 1, 0, 6, .125f};
  EXPECT_EQ(k.apply(0), 4);                      // 1 / .25
  EXPECT_EQ(k.apply(2, 8), 12);                  // (1 + 1 + 1) / .25
  EXPECT_EQ(k.apply(-100), 0);                   // relu before the division
  EXPECT_EQ(k.apply(1000), 24);                  // relu6
  EXPECT_EQ(k.apply(0, -8), 0);                  // 1 - 1
  EXPECT_EQ(KernelR14({.25f, .5f}).apply(3), 2); // 1.5, to even
  EXPECT_EQ(KernelR14({.25f, .5f}).apply(5), 2); // 2.5, to even
}

// LiteRT's 16x8 kernels: 64-bit accumulators.
TEST(Kernels, WideAccumulators) {
  Multiplier m = *chooseMultiplier(MultiplierRule::LiteRTInt16, .1234);
  EXPECT_EQ(m.multiplier, (2119995857 + (1 << 15)) >> 16);
  EXPECT_EQ(m.shift, 15 + 3);
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 100000; ++i) {
    int64_t x = static_cast<int64_t>(generator()) >> (generator() % 63);
    Multiplier any{static_cast<int32_t>(generator()) >> 16,
                   static_cast<int32_t>(generator() % 63)};
    ASSERT_EQ(
        requantizeWide(x, any),
        reference::saturate(
            reference::floorDivide(2 * reference::Int128(x) * any.multiplier +
                                       reference::power(any.shift),
                                   reference::power(any.shift + 1)),
            INT64_MIN, INT64_MAX))
        << x << " " << any.multiplier << " " << any.shift;
  }
  EXPECT_EQ(requantizeWide(INT64_MAX, {INT32_MAX, 0}), INT64_MAX);
  EXPECT_EQ(requantizeWide(INT64_MIN, {INT32_MAX, -31}), INT64_MIN);
}

//===----------------------------------------------------------------------===//
// Against exact arithmetic
//===----------------------------------------------------------------------===//

namespace {

/// Random kernels, and the exact value of one.
template <class Kernel> struct Random;

Multiplier randomMultiplier(std::mt19937_64 &generator) {
  static const int32_t rich[] = {1 << 30, 0x60000000, INT32_MAX};
  int32_t multiplier =
      generator() % 3 == 0
          ? rich[generator() % 3]
          : static_cast<int32_t>((1u << 30) | (generator() & 0x3fffffff));
  return {multiplier, static_cast<int32_t>(24 + generator() % 24)};
}

float randomScale(std::mt19937_64 &generator) {
  // Few bits make ties.
  float significand = static_cast<float>(
      1 + (generator() % 2 ? generator() % 16 : generator() & 0xffffff));
  return std::ldexp(significand, -static_cast<int>(generator() % 34));
}

#define HWQ_MULTIPLIER_KERNEL(K, f)                                            \
  template <> struct Random<K> {                                               \
    static K make(std::mt19937_64 &g) { return K{randomMultiplier(g)}; }       \
    static reference::Int128 exact(const K &k, int32_t x) {                    \
      return reference::f(x, k.m);                                             \
    }                                                                          \
  };
HWQ_MULTIPLIER_KERNEL(KernelR1, r1)
HWQ_MULTIPLIER_KERNEL(KernelR2, r2)
HWQ_MULTIPLIER_KERNEL(KernelR5, r5)
HWQ_MULTIPLIER_KERNEL(KernelR11, r11)

template <> struct Random<KernelR4> {
  static KernelR4 make(std::mt19937_64 &g) {
    KernelR4 k{randomScale(g)};
    if (g() % 2)
      k.bias = randomScale(g) * (g() % 2 ? 1.0f : -1.0f);
    if (g() % 2)
      k.biasUnit = randomScale(g);
    return k;
  }
  static reference::Int128 exact(const KernelR4 &k, int32_t x) {
    return reference::r4(x, k);
  }
};
template <> struct Random<KernelR6> {
  static KernelR6 make(std::mt19937_64 &g) {
    return {static_cast<int32_t>(g() % 36) - 4};
  }
  static reference::Int128 exact(const KernelR6 &k, int32_t x) {
    return reference::r6(x, k.shift);
  }
};
template <> struct Random<KernelR7> {
  static KernelR7 make(std::mt19937_64 &g) {
    int bits = static_cast<int>(5 + g() % 27);
    return {{static_cast<int32_t>(g() >> (64 - bits)),
             static_cast<int32_t>(g() % 36) - 4,
             static_cast<int32_t>(g() % 2 ? 0 : g() % 16)}};
  }
  static reference::Int128 exact(const KernelR7 &k, int32_t x) {
    return reference::r7(x, k.m);
  }
};
template <> struct Random<KernelR8> {
  static KernelR8 make(std::mt19937_64 &g) {
    return {randomScale(g), static_cast<float>(g() % 256)};
  }
  static reference::Int128 exact(const KernelR8 &k, int32_t x) {
    return reference::r8(x, k);
  }
};
template <> struct Random<KernelR9> {
  static KernelR9 make(std::mt19937_64 &g) {
    KernelR9 k{randomScale(g), randomScale(g)};
    do
      k.precision = allValues<DequantPrecision>()[g() % 5];
    while (k.precision == DequantPrecision::F16Sqrt);
    return k;
  }
  static reference::Int128 exact(const KernelR9 &k, int32_t x) {
    return reference::r9(x, k);
  }
};
template <> struct Random<KernelR10> {
  static KernelR10 make(std::mt19937_64 &g) {
    return {static_cast<int32_t>(g() >> (33 + g() % 10)),
            static_cast<int32_t>(g()) >> (g() % 20)};
  }
  static reference::Int128 exact(const KernelR10 &k, int32_t x) {
    return reference::r10(x, k.reciprocal, k.offset);
  }
};
template <> struct Random<KernelR12> {
  static KernelR12 make(std::mt19937_64 &g) {
    return {double(randomScale(g)) * double(randomScale(g))};
  }
  static reference::Int128 exact(const KernelR12 &k, int32_t x) {
    return reference::r12(x, k.scale);
  }
};
template <> struct Random<KernelR13> {
  static KernelR13 make(std::mt19937_64 &g) {
    return {randomScale(g), static_cast<float>(g() % 256)};
  }
  static reference::Int128 exact(const KernelR13 &k, int32_t x) {
    return reference::r13(x, k);
  }
};
template <> struct Random<KernelR14> {
  static KernelR14 make(std::mt19937_64 &g) {
    KernelR14 k{randomScale(g), randomScale(g)};
    if (g() % 2)
      k.bias = randomScale(g) * (g() % 2 ? 1.0f : -1.0f);
    if (g() % 2)
      k.actLo = 0;
    return k;
  }
  static reference::Int128 exact(const KernelR14 &k, int32_t x) {
    return reference::r14(x, k, 0);
  }
};

template <class Kernel> class EveryKernel : public testing::Test {};
using AllKernels =
    testing::Types<KernelR1, KernelR2, KernelR4, KernelR5, KernelR6, KernelR7,
                   KernelR8, KernelR9, KernelR10, KernelR11, KernelR12,
                   KernelR13, KernelR14>;
TYPED_TEST_SUITE(EveryKernel, AllKernels);

/// The accumulators around which the kernel's value changes, from x on.
template <class Kernel>
int64_t nextChange(const Kernel &k, int64_t x, int64_t hi) {
  int64_t value = k.apply(static_cast<int32_t>(x));
  int64_t step = 1;
  while (x + step <= hi && k.apply(static_cast<int32_t>(x + step)) == value)
    step *= 2;
  for (int64_t s = step / 2; s > 0; s /= 2)
    if (x + s <= hi && k.apply(static_cast<int32_t>(x + s)) == value)
      x += s;
  return x + 1;
}

} // namespace

// The domain's ends, small numbers, random ones of all sizes, and both sides of
// steps: that is where the ties are. 10^8 values of each kernel when
// exhaustive.
TYPED_TEST(EveryKernel, IsExactAndMonotoneOnItsDomain) {
  std::mt19937_64 generator = seededGenerator();
  const int kernels = exhaustive() ? 20000 : 200;
  for (int i = 0; i < kernels; ++i) {
    TypeParam k = Random<TypeParam>::make(generator);
    Domain domain = k.domain();
    if (domain.lo > domain.hi)
      continue;
    std::vector<int64_t> xs = {domain.lo, domain.lo + 1, domain.hi - 1,
                               domain.hi};
    for (int64_t x = -300; x <= 300; ++x)
      xs.push_back(x);
    for (int n = 0; n < 2200; ++n)
      xs.push_back(static_cast<int32_t>(generator()) >> (generator() % 31));
    for (int n = 0; n < 40; ++n) {
      int64_t x = std::max<int64_t>(
          domain.lo, static_cast<int32_t>(generator()) >> (generator() % 31));
      for (int s = 0; s < 30 && x < domain.hi; ++s) {
        x = nextChange(k, x, domain.hi);
        xs.push_back(x - 1);
        xs.push_back(x);
      }
    }
    std::sort(xs.begin(), xs.end());
    int64_t before = INT64_MIN;
    for (int64_t x : xs) {
      if (!domain.contains(x, x))
        continue;
      int32_t x32 = static_cast<int32_t>(x);
      int64_t y = k.apply(x32);
      ASSERT_EQ(reference::Int128(y),
                reference::saturate(Random<TypeParam>::exact(k, x32), INT64_MIN,
                                    INT64_MAX))
          << "kernel " << i << " x " << x;
      ASSERT_LE(before, y) << "kernel " << i << " x " << x;
      before = y;
    }
  }
}

// All accumulators of 16 bits, for kernels that 16-bit products feed.
TYPED_TEST(EveryKernel, All16BitInputs) {
  std::mt19937_64 generator = seededGenerator();
  const int kernels = exhaustive() ? 200 : 4;
  for (int i = 0; i < kernels; ++i) {
    TypeParam k = Random<TypeParam>::make(generator);
    Domain domain = k.domain();
    for (int32_t x = INT16_MIN; x <= INT16_MAX; ++x)
      if (domain.contains(x, x)) {
        ASSERT_EQ(reference::Int128(k.apply(x)), Random<TypeParam>::exact(k, x))
            << "kernel " << i << " x " << x;
      }
  }
}

// R4, R5, R8 and R13 without zero point, R9, R12 and R14 treat both signs
// alike; half up doesn't.
TEST(Kernels, OddWhereSymmetric) {
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 20000; ++i) {
    int32_t x = static_cast<int32_t>(generator()) >> (generator() % 31);
    if (x == INT32_MIN)
      continue;
    float scale = randomScale(generator);
    Multiplier m = randomMultiplier(generator);
    auto odd = [&](const auto &k) { return k.apply(-x) == -k.apply(x); };
    // Saturation isn't odd.
    bool inside = std::fabs(double(scale) * x) < 0x1p30;
    ASSERT_TRUE(odd(KernelR5{m})) << x;
    if (!inside)
      continue;
    ASSERT_TRUE(odd(KernelR4{scale})) << x << " " << scale;
    ASSERT_TRUE(odd(KernelR8{scale})) << x << " " << scale;
    ASSERT_TRUE(odd(KernelR12{double(scale)})) << x << " " << scale;
    ASSERT_TRUE(odd(KernelR13{scale})) << x << " " << scale;
    ASSERT_TRUE(odd(KernelR14{scale, 1})) << x << " " << scale;
    ASSERT_TRUE(odd(KernelR9{scale, 1, DequantPrecision::F19})) << x;
  }
  EXPECT_NE(KernelR6{1}.apply(-1), -KernelR6{1}.apply(1));
  EXPECT_NE(KernelR2({{1 << 30, 31}}).apply(-1),
            -KernelR2({{1 << 30, 31}}).apply(1));
}
