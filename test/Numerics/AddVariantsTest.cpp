//===- AddVariantsTest.cpp - Additions of every backend -------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Accumulator.h"
#include "hwq/Numerics/Add.h"

#include "OperatorTestUtils.h"

#include <algorithm>

using namespace hwq::numerics;

namespace {

AddParams derive(AddVariant variant, QuantParams a, QuantParams b,
                 QuantParams out, bool subtract = false) {
  Result<AddParams> p = deriveAdd(variant, a, b, out, subtract);
  EXPECT_TRUE(static_cast<bool>(p)) << p.error();
  return p ? *p : AddParams{};
}

bool takes(AddVariant variant, Grid grid) {
  return variant != AddVariant::Hexagon || grid == u8;
}

bool isPot(AddVariant variant) { return variant == AddVariant::Dpu; }

} // namespace

// Array against scalar, every variant, addition and subtraction.
TEST(AddVariants, AllPairs) {
  std::mt19937_64 generator = seededGenerator();
  int rounds = isExhaustive() ? 100 : 2;
  for (AddVariant variant : allValues<AddVariant>())
    for (int round = 0; round < rounds; ++round)
      for (bool subtract : {false, true}) {
        if (subtract && variant == AddVariant::OnnxRuntime)
          continue;
        SCOPED_TRACE(stringify(variant));
        bool pot = isPot(variant);
        auto random = [&](Grid grid) {
          return randomParams(generator, grid, pot);
        };
        AddParams p =
            derive(variant, random(u8), random(u8), random(u8), subtract);
        if (round % 2)
          p.lo = 20, p.hi = 200;
        expectAllPairs<uint8_t>(
            [&](int32_t a, int32_t b) { return add(p, a, b); },
            [&](const uint8_t *a, const uint8_t *b, uint8_t *y, size_t n) {
              addArray(p, a, b, y, n);
            });
        if (!takes(variant, i8))
          continue;
        p = derive(variant, random(i8), random(i8), random(i8), subtract);
        expectAllPairs<int8_t>(
            [&](int32_t a, int32_t b) { return add(p, a, b); },
            [&](const int8_t *a, const int8_t *b, int8_t *y, size_t n) {
              addArray(p, a, b, y, n);
            });
      }
}

namespace {

/// How far the variant may be from the real x + y, terms in output codes.
double precision(const AddParams &params, const QuantParams *p, double x,
                 double y) {
  switch (params.variant) {
  case AddVariant::Tvm: // the coarser operand is rounded too
    return .51 + std::min(p[0].scale, p[1].scale) / p[2].scale / 2;
  case AddVariant::SophgoBm1684x: // two roundings, multipliers of 64..126
    return 1.01 + (std::fabs(x) + std::fabs(y)) / 126;
  case AddVariant::SophgoCv18xx: // truncated multipliers
    return .51 + std::ldexp(std::fabs(x * p[2].scale / p[0].scale) +
                                std::fabs(y * p[2].scale / p[1].scale),
                            -params.output.shift);
  case AddVariant::Hexagon: // and 1.5 units of at most 1/2
    return 1.26;
  default:
    return .51;
  }
}

} // namespace

TEST(AddVariants, CloseToTheRealSum) {
  std::mt19937_64 generator = seededGenerator();
  for (AddVariant variant : allValues<AddVariant>())
    for (bool subtract : {false, true}) {
      if (subtract && variant == AddVariant::OnnxRuntime)
        continue;
      SCOPED_TRACE(stringify(variant));
      for (int round = 0; round < 10; ++round) {
        QuantParams p[3];
        for (QuantParams &q : p)
          q = randomParams(generator, u8, isPot(variant));
        AddParams params = derive(variant, p[0], p[1], p[2], subtract);
        // Hexagon's zero point no longer fits its 16 bits.
        if (variant == AddVariant::Hexagon &&
            (params.offset == INT16_MAX || params.offset == INT16_MIN))
          continue;
        for (int i = 0; i < 65536; i += 7) {
          int a = i >> 8, b = i & 255;
          double x = p[0].scale * double(a - p[0].zeroPoint) / p[2].scale,
                 y = p[1].scale * double(b - p[1].zeroPoint) / p[2].scale;
          double real = (subtract ? x - y : x + y) + double(p[2].zeroPoint);
          ASSERT_NEAR(add(params, a, b), std::clamp(real, 0.0, 255.0),
                      precision(params, p, x, y))
              << a << " " << b;
        }
      }
    }
}

// The reference's example of the arithmetic of 4.7d, with the numbers of every
// engine of LiteRT.
TEST(AddVariants, TfliteEngines) {
  QuantParams a{double(.05f), -3, i8}, b{double(.02f), 5, i8},
      y{double(.06f), 1, i8};
  AddParams reference = derive(AddVariant::Tflite, a, b, y);
  EXPECT_EQ(reference.kernel, RequantizeKernel::R1);
  EXPECT_EQ(add(reference, -128, 127), -63);
  EXPECT_EQ(add(reference, 0, 0), 2);
  EXPECT_EQ(add(reference, 10, 20), 17);
  EXPECT_EQ(add(reference, -50, 77), -14);
  // The recorded elements where the optimized addition differs.
  AddParams ruy = derive(AddVariant::TfliteRuy, a, b, y);
  EXPECT_EQ(add(reference, -24, 122), 23);
  EXPECT_EQ(add(ruy, -24, 122), 22);
  EXPECT_EQ(add(reference, 24, -112), -16);
  EXPECT_EQ(add(ruy, 24, -112), -15);
  // 0.8333 and 0.3333 in 2^-21.
  AddParams xnnpack = derive(AddVariant::TfliteXnnpack, a, b, y);
  EXPECT_EQ(xnnpack.output, (Multiplier{1, 21}));
  EXPECT_EQ(xnnpack.lhs.multiplier, 1747627);
  EXPECT_EQ(xnnpack.rhs.multiplier, 699051);
}

// Recorded from LiteRT 2.3's default engine: XNNPACK does not take a ratio
// below 2^-10, where LiteRT's own kernel runs; its formula gives one more.
TEST(AddVariants, XnnpackLeavesRatiosToLiteRT) {
  QuantParams a{.1875, 3, i8}, b{0x1p-13, -7, i8}, y{.5, 1, i8};
  for (bool subtract : {false, true}) {
    Result<AddParams> p =
        deriveAdd(AddVariant::TfliteXnnpack, a, b, y, subtract);
    ASSERT_TRUE(static_cast<bool>(p)) << p.error();
    EXPECT_EQ(p->variant, AddVariant::TfliteRuy);
    EXPECT_EQ(add(*p, -89, -7), -34);
    EXPECT_EQ(add(*p, -49, -7), -19);
    EXPECT_EQ(add(*p, -9, -7), -4);
  }
  AddParams own = derive(AddVariant::TfliteXnnpack, a, {0x1p-11, -7, i8}, y);
  EXPECT_EQ(own.variant, AddVariant::TfliteXnnpack);
  EXPECT_EQ(add(own, -89, -7), -33);
}

// Recorded from ONNX Runtime 1.32's QLinearAdd: scales 0.5, 0.25 and 1.
TEST(AddVariants, OnnxRuntimeRecorded) {
  AddParams p =
      derive(AddVariant::OnnxRuntime, {.5, -3, i8}, {.25, 5, i8}, {1, 7, i8});
  int32_t a[] = {-128, -7, -6, -5, -4, 0, 3, 4, 5, 6, 60, 127},
          b[] = {127, 3, 3, 3, 3, -3, -1, -1, -1, -1, 50, 127},
          y[] = {-25, 4, 5, 6, 6, 6, 8, 9, 10, 10, 50, 102};
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(add(p, a[i], b[i]), y[i]) << i;
}

// Ties: half up for XNNPACK, to even for the float forms, half away for Glow.
TEST(AddVariants, Ties) {
  QuantParams one{1, 0, i8}, two{2, 0, i8};
  auto sum = [&](AddVariant variant, int32_t a) {
    return add(derive(variant, one, one, two), a, 0);
  };
  for (int32_t a : {-5, -3, -1, 1, 3, 5}) {
    int32_t floor = (a - 1) / 2 - (a < 0 && (a - 1) % 2 != 0);
    SCOPED_TRACE(a);
    EXPECT_EQ(sum(AddVariant::TfliteXnnpack, a), floor + 1);
    EXPECT_EQ(sum(AddVariant::Dpu, a), floor + 1);
    EXPECT_EQ(sum(AddVariant::Tvm, a), floor + 1);
    EXPECT_EQ(sum(AddVariant::SophgoCv18xx, a), floor + 1);
    int32_t even = floor % 2 ? floor + 1 : floor;
    EXPECT_EQ(sum(AddVariant::Float, a), even);
    EXPECT_EQ(sum(AddVariant::Fbgemm, a), even);
    EXPECT_EQ(sum(AddVariant::OnnxRuntime, a), even);
    EXPECT_EQ(sum(AddVariant::Nnpi, a), a < 0 ? floor : floor + 1);
  }
  // An odd zero point: ONNX Runtime and Glow round with it inside.
  two.zeroPoint = 1;
  EXPECT_EQ(sum(AddVariant::OnnxRuntime, 1), 2); // 1.5
  EXPECT_EQ(sum(AddVariant::Float, 1), 1);       // 0.5, then 1
  EXPECT_EQ(sum(AddVariant::Nnpi, -1), 1);       // 0.5
  EXPECT_EQ(sum(AddVariant::OnnxRuntime, -1), 0);
}

// Sophgo BM1684X rounds each operand, CV18xx the sum.
TEST(AddVariants, SophgoRoundsPerOperand) {
  QuantParams one{1, 0, i8}, two{2, 0, i8};
  EXPECT_EQ(add(derive(AddVariant::SophgoBm1684x, one, one, two), 1, 1), 2);
  EXPECT_EQ(add(derive(AddVariant::SophgoCv18xx, one, one, two), 1, 1), 1);
  // Recorded of ResNet-20 (its first addition), BM1684X symmetric.
  AddParams p =
      derive(AddVariant::SophgoBm1684x, {0.0345906220472441, 0, i8},
             {0.028665826666666668, 0, u8}, {0.027253912156862747, 0, u8});
  EXPECT_EQ(p.lhs, (Multiplier{81, 6}));
  EXPECT_EQ(p.rhs, (Multiplier{67, 6}));
  // CV183x.
  p = derive(AddVariant::SophgoCv18xx, {0.0345906220472441, 0, i8},
             {0.05755736850393701, 0, i8}, {0.0547224220472441, 0, i8});
  EXPECT_EQ(p.lhs.multiplier, 40);
  EXPECT_EQ(p.rhs.multiplier, 67);
  EXPECT_EQ(p.output.shift, 6);
}

// A9: what the adder holds, of all pairs of codes. 127 * 127 * 2 fits an int16,
// with unsigned codes it does not.
TEST(AddVariants, A9AddedTerms) {
  QuantParams a{.05, 3, i8}, b{.02, -5, i8}, y{.06, 1, i8};
  for (AddVariant variant :
       {AddVariant::Tflite, AddVariant::TfliteXnnpack, AddVariant::Nnpi,
        AddVariant::SophgoBm1684x, AddVariant::SophgoCv18xx})
    for (bool subtract : {false, true}) {
      SCOPED_TRACE(stringify(variant));
      Result<AddParams> p = deriveAdd(variant, a, b, y, subtract);
      ASSERT_TRUE(bool(p)) << p.error();
      Interval all = addedTerms(*p, {-128, 127}, {-128, 127});
      EXPECT_LT(all.lo, 0);
      EXPECT_GT(all.hi, 0);
      Interval seen;
      for (int64_t i = -128; i <= 127; ++i)
        for (int64_t k = -128; k <= 127; ++k) {
          Interval one = addedTerms(*p, {i, i}, {k, k});
          seen.lo = std::min(seen.lo, one.lo);
          seen.hi = std::max(seen.hi, one.hi);
        }
      EXPECT_EQ(all.lo, seen.lo);
      EXPECT_EQ(all.hi, seen.hi);
    }
  QuantParams one{1, 0, i8}, half{.5, 0, i8}, wide{1, 0, u8};
  // 127/127 * 2^6 and half of it: (64 a + 32 b) >> 6.
  Interval terms = addedTerms(derive(AddVariant::SophgoCv18xx, one, half, one),
                              {-128, 127}, {-128, 127});
  EXPECT_EQ(terms.lo, -128 * 96);
  EXPECT_EQ(terms.hi, 127 * 96);
  // 1.98 is 126 / 64: the most that a multiplier becomes.
  QuantParams fine{1 / 1.98, 0, i8};
  terms = addedTerms(derive(AddVariant::SophgoCv18xx, one, one, fine),
                     {-128, 127}, {-128, 127});
  EXPECT_EQ(terms.lo, -128 * 252);
  EXPECT_TRUE(fitsAccumulator(terms, 16));
  fine.grid = u8;
  terms = addedTerms(derive(AddVariant::SophgoCv18xx, wide, wide, fine),
                     {0, 255}, {0, 255});
  EXPECT_EQ(terms.hi, 255 * 252);
  EXPECT_FALSE(fitsAccumulator(terms, 16));
  // 2^15 per unit, in f32: far beyond 32 bits.
  QuantParams large{1e6, 0, i8};
  terms = addedTerms(derive(AddVariant::Nnpi, large, large, large), {-128, 127},
                     {-128, 127});
  EXPECT_EQ(terms.hi, 2 * int64_t(127 * 32768e6));
  EXPECT_FALSE(fitsAccumulator(terms, 32));
}

// The formula of 4.5d by hand: (ra + rb) * 16384/16380 = 1.5004 -> e = 1, r
// = 5.
TEST(AddVariants, Hexagon) {
  QuantParams a{.05, 100, u8}, b{.025, 30, u8}, y{.05, 120, u8};
  AddParams p = derive(AddVariant::Hexagon, a, b, y);
  EXPECT_EQ(p.output.shift, 5);
  EXPECT_EQ(p.lhs.multiplier, 8192);
  EXPECT_EQ(p.rhs.multiplier, 4096);
  EXPECT_EQ(p.offset, 120 * 32 - ((100 * 8192 + 30 * 4096) >> 8));
  EXPECT_EQ(add(p, 100, 30), 120);
  EXPECT_EQ(add(p, 110, 30), 130);
  EXPECT_EQ(add(p, 100, 31), 121); // 120.5, half up
  EXPECT_EQ(add(p, 255, 255), 255);
  EXPECT_EQ(add(p, 0, 0), 5);
  // An output range far below the operands': the first shift is smaller.
  y.scale = .05 / 128;
  p = derive(AddVariant::Hexagon, a, b, y);
  EXPECT_EQ(p.output.shift, 1);
  EXPECT_EQ(add(p, 100, 30), 120);
  EXPECT_EQ(add(p, 101, 30), 248);
  EXPECT_EQ(add(p, 102, 30), 255);
  EXPECT_EQ(add(p, 99, 30), 0);
}

// D7: a backend that can only shift gets no other multiplier.
TEST(AddVariants, D7PowersOfTwoStayShifts) {
  QuantParams a{0x1p-4, 0, i8}, b{0x1p-6, 0, i8}, y{0x1p-3, 0, i8};
  AddParams p = derive(AddVariant::Dpu, a, b, y);
  for (Multiplier m : {p.lhs, p.rhs, p.output})
    EXPECT_EQ(m.multiplier & (m.multiplier - 1), 0) << m.multiplier;
  // (3*4 + 5) / 8 = 2.125; (2*4 + 4) / 8 = 1.5, half up.
  EXPECT_EQ(add(p, 3, 5), 2);
  EXPECT_EQ(add(p, 2, 4), 2);
  EXPECT_EQ(add(p, -2, -4), -1);
  p = derive(AddVariant::Tvm, a, b, y);
  for (Multiplier m : {p.lhs, p.rhs, p.output})
    EXPECT_EQ(m.multiplier & (m.multiplier - 1), 0) << m.multiplier;
  EXPECT_EQ(add(p, 2, 4), 2);
}

// A6: the sum of two codes saturates, it is never cast.
TEST(AddVariants, A6SumsSaturate) {
  for (AddVariant variant : allValues<AddVariant>()) {
    SCOPED_TRACE(stringify(variant));
    Grid grid = takes(variant, i8) ? i8 : u8;
    QuantParams q{.0625, 0, grid};
    AddParams p = derive(variant, q, q, q);
    int8_t most[300], out[300];
    std::fill_n(most, 300, int8_t(127));
    if (grid == i8) {
      addArray(p, most, most, out, 300);
      EXPECT_EQ(out[0], 127);
      EXPECT_EQ(out[299], 127);
    }
    EXPECT_EQ(add(p, int32_t(grid.qmax), int32_t(grid.qmax)), grid.qmax);
    EXPECT_EQ(add(p, int32_t(grid.qmin), int32_t(grid.qmin)), grid.qmin);
  }
}

// D3: a fused relu clamps at the zero point.
TEST(AddVariants, D3ReluClampsAtTheZeroPoint) {
  for (AddVariant variant : allValues<AddVariant>()) {
    if (isPot(variant))
      continue;
    SCOPED_TRACE(stringify(variant));
    QuantParams q{.05, 40, u8};
    AddParams p = derive(variant, q, q, q);
    p.lo = p.zeroPoint;
    if (variant == AddVariant::Hexagon)
      p.lo = 40; // inside its sum
    EXPECT_EQ(add(p, 0, 0), 40);
    EXPECT_EQ(add(p, 45, 45), 50);
  }
}

// C5: an unsigned zero point of 128 and more is not a negative one.
TEST(AddVariants, C5LargeZeroPoints) {
  for (AddVariant variant : allValues<AddVariant>()) {
    if (isPot(variant))
      continue;
    SCOPED_TRACE(stringify(variant));
    QuantParams q{.05, 200, u8};
    AddParams p = derive(variant, q, q, q);
    EXPECT_EQ(add(p, 200, 200), 200);
    EXPECT_EQ(add(p, 210, 190), 200);
    EXPECT_EQ(add(p, 180, 200), 180);
  }
}

TEST(AddVariants, Errors) {
  auto error = [](AddVariant variant, QuantParams a, QuantParams b,
                  QuantParams y, bool subtract = false) {
    return deriveAdd(variant, a, b, y, subtract).error();
  };
  QuantParams q{.1, 3, u8};
  for (AddVariant variant : allValues<AddVariant>()) {
    SCOPED_TRACE(stringify(variant));
    EXPECT_NE(error(variant, {0, 3, u8}, q, q), "");
    EXPECT_NE(error(variant, q, {NAN, 3, u8}, q), "");
    EXPECT_NE(error(variant, q, q, {.1, 256, u8}), "");
    EXPECT_NE(error(variant, q, q, {.1, 0, {5, 4}}), "");
    EXPECT_NE(error(variant, q, q, {1e-60, 3, u8}), "");
    // Never undefined, whatever the ratio.
    for (double s : {1e-37, 1e-12, 1e-6, 1e6, 1e12, 1e37}) {
      auto p = deriveAdd(variant, {s, 3, u8}, q, q);
      if (p)
        add(*p, 255, 255);
      p = deriveAdd(variant, q, q, {s, 3, u8});
      if (p)
        add(*p, 255, 0);
    }
  }
  EXPECT_NE(error(AddVariant::OnnxRuntime, q, q, q, true), "");
  EXPECT_NE(error(AddVariant::Hexagon, {.1, 3, i8}, q, q), "");
  EXPECT_NE(error(AddVariant::Dpu, q, q, q), ""); // .1 is no power of two
  EXPECT_NE(error(AddVariant::TfliteXnnpack, q, q, {1e-9, 3, u8}), "");
  EXPECT_NE(error(AddVariant::TfliteXnnpack, {256, 3, u8}, q, {1, 3, u8}), "");
  EXPECT_NE(error(AddVariant::Hexagon, q, q, {1e-9, 3, u8}), "");
  // A kernel for a variant that has its own.
  auto p = deriveAdd(AddVariant::Fbgemm, RequantizeKernel::R1, q, q, q);
  EXPECT_NE(p.error().find("fbgemm"), std::string::npos) << p.error();
  EXPECT_TRUE(usesKernel(AddVariant::Tflite));
  EXPECT_FALSE(usesKernel(AddVariant::OnnxRuntime));
}
