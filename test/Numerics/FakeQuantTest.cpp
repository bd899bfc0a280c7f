//===- FakeQuantTest.cpp - Properties of every scheme ---------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/FakeQuant.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

using namespace hwq::numerics;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// Every value that a scheme with codes can give.
template <class S>
std::vector<double> levelsOf(const S &scheme, int32_t lo, int32_t hi) {
  std::set<double> levels;
  for (int32_t code = lo; code <= hi; ++code) {
    double level = static_cast<double>(dequantize(scheme, code));
    if (std::isfinite(level))
      levels.insert(level);
  }
  return {levels.begin(), levels.end()};
}

/// Values of all magnitudes, around the levels and around the middles between
/// them.
std::vector<float> inputs(const std::vector<double> &levels,
                          std::mt19937_64 &generator) {
  std::vector<float> x = {0,         -0.0f,      infinity, -infinity,
                          0x1p-149f, -0x1p-149f, 0x1p-126f};
  auto around = [&](double value) {
    auto f = static_cast<float>(value);
    x.insert(x.end(),
             {f, std::nextafter(f, infinity), std::nextafter(f, -infinity)});
  };
  for (size_t i = 0; i < levels.size(); ++i) {
    around(levels[i]);
    if (i)
      around(levels[i] / 2 + levels[i - 1] / 2);
  }
  double limit = std::max(std::fabs(levels.front()), std::fabs(levels.back()));
  std::normal_distribution<double> normal(0, limit / 3);
  for (int i = 0; i < 3000; ++i) {
    x.push_back(static_cast<float>(normal(generator)));
    x.push_back(static_cast<float>(
        std::ldexp(normal(generator), -static_cast<int>(generator() % 30))));
  }
  return x;
}

std::vector<float> run(const FakeQuantizer &scheme,
                       const std::vector<float> &x) {
  std::vector<float> y(x.size());
  fakeQuantize(scheme, x.data(), 1, x.size(), y.data());
  return y;
}

enum class Nearest { Exact, AlmostExact, Log, No };

/// The properties that all schemes with codes have.
template <class S>
void expectProperties(const S &scheme, int32_t lo, int32_t hi, bool odd,
                      Nearest nearest) {
  std::mt19937_64 generator = seededGenerator();
  FakeQuantizer any = scheme;
  ASSERT_TRUE(checked(any)) << checked(any).error();
  std::vector<double> levels = levelsOf(scheme, lo, hi);
  Range range = rangeOf(any);
  EXPECT_EQ(range.min, levels.front());
  EXPECT_EQ(range.max, levels.back());
  std::vector<float> x = inputs(levels, generator);
  std::sort(x.begin(), x.end());
  std::vector<float> y = run(any, x);
  EXPECT_EQ(run(any, y), y) << "not idempotent";
  for (size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(y[i], dequantize(scheme, quantize(scheme, x[i])));
    if (i)
      ASSERT_LE(y[i - 1], y[i]) << "not monotone at " << x[i];
    double v = static_cast<double>(x[i]), r = static_cast<double>(y[i]);
    ASSERT_TRUE(std::binary_search(levels.begin(), levels.end(), r)) << x[i];
    if (v >= range.max)
      ASSERT_EQ(r, range.max) << x[i];
    if (v <= range.min)
      ASSERT_EQ(r, range.min) << x[i];
    if (v > range.max || v < range.min || nearest == Nearest::No)
      continue;
    auto above = std::lower_bound(levels.begin(), levels.end(), v);
    double least = std::fabs(*above - v);
    double gap = 0;
    if (above != levels.begin()) {
      least = std::min(least, std::fabs(v - *(above - 1)));
      gap = *above - *(above - 1);
    }
    // Half a step, or half the local gap: the nearest level.
    if (nearest == Nearest::Exact)
      ASSERT_EQ(std::fabs(v - r), least) << x[i];
    if (nearest == Nearest::AlmostExact)
      ASSERT_LE(std::fabs(v - r), least + gap * 0x1p-7) << x[i];
    if (nearest == Nearest::Log && r != 0) {
      ASSERT_LE(v * v, 2 * r * r) << x[i];
      ASSERT_GE(2 * v * v, r * r) << x[i];
    }
  }
  if (odd)
    for (float value : x) {
      float there = dequantize(scheme, quantize(scheme, value));
      float back = dequantize(scheme, quantize(scheme, -value));
      ASSERT_EQ(there, -back) << value;
    }
  std::vector<int32_t> codes(x.size());
  quantizeArray(scheme, x.data(), x.size(), codes.data());
  for (size_t i = 0; i < x.size(); ++i)
    ASSERT_EQ(codes[i], quantize(scheme, x[i]));
}

} // namespace

TEST(FakeQuant, AffineProperties) {
  for (unsigned bits : {2u, 3u, 4u, 7u, 8u, 10u, 16u}) {
    auto half = int64_t(1) << (bits - 1);
    Grid narrow{1 - half, half - 1}, whole{-half, half - 1};
    Grid unsignedGrid{0, 2 * half - 1};
    for (QuantizeForm form :
         {QuantizeForm::Q1, QuantizeForm::Q2, QuantizeForm::Q3,
          QuantizeForm::Q4, QuantizeForm::Q5}) {
      for (double scale : {0.1, 0.125, 3.7e-5}) {
        // 65536 levels: once is enough.
        if (bits == 16 && (form != QuantizeForm::Q1 || scale != 0.1))
          continue;
        auto test = [&](int64_t z, Grid grid, bool odd) {
          SCOPED_TRACE(std::to_string(bits) + " bits, z " + std::to_string(z) +
                       " " + std::string(stringify(form)));
          expectProperties(
              Affine{form, {scale, z, grid}}, static_cast<int32_t>(grid.qmin),
              static_cast<int32_t>(grid.qmax), odd, Nearest::AlmostExact);
        };
        // Q5 rounds half away from the grid's lower end.
        test(0, narrow, form != QuantizeForm::Q5);
        if (bits % 5 == 0) {
          test(1, whole, false);
          test(0, unsignedGrid, false);
        }
      }
    }
  }
}

TEST(FakeQuant, FixedPointProperties) {
  for (unsigned bits : {2u, 3u, 4u, 8u, 16u})
    for (bool isSigned : {false, true})
      for (int exponent : {-149, -7, 0, 3, 110})
        for (Rounding rounding : allValues<Rounding>()) {
          FixedPoint scheme{bits, isSigned, exponent, rounding};
          if (!checked(scheme) || (bits == 16 && exponent != -7))
            continue;
          SCOPED_TRACE(std::to_string(bits) + " bits, 2^" +
                       std::to_string(exponent) + " " +
                       std::string(stringify(rounding)));
          bool exact = rounding == Rounding::RNE || rounding == Rounding::RHA ||
                       rounding == Rounding::RHU || rounding == Rounding::RHZ ||
                       rounding == Rounding::RHD;
          Grid grid = scheme.grid();
          expectProperties(scheme, static_cast<int32_t>(grid.qmin),
                           static_cast<int32_t>(grid.qmax), false,
                           exact ? Nearest::Exact : Nearest::No);
        }
}

TEST(FakeQuant, PowerOfTwoProperties) {
  for (unsigned bits = 2; bits <= 7; ++bits)
    for (bool isSigned : {false, true})
      for (float scale : {1.0f, 0.7f, 1e9f, 0x1.fffffep127f})
        for (LevelRounding rounding : allValues<LevelRounding>()) {
          PowerOfTwoSet scheme{bits, isSigned, scale, rounding};
          if (!checked(scheme))
            continue;
          SCOPED_TRACE(std::to_string(bits) + " bits, scale " +
                       std::to_string(scale));
          expectProperties(scheme, isSigned ? -scheme.levels() : 0,
                           scheme.levels(), isSigned,
                           rounding == LevelRounding::Log ? Nearest::Log
                                                          : Nearest::Exact);
        }
}

TEST(FakeQuant, NnieLogProperties) {
  for (int z : {-2016, -200, -127, 0, 1920})
    expectProperties(NnieLog{z}, 0, 255, false, Nearest::No);
}

TEST(FakeQuant, QuadraticProperties) {
  for (unsigned bits = 2; bits <= 12; ++bits)
    for (bool isSigned : {false, true})
      for (float scale : {1.0f, 0.3f, 1e-30f, 1.1e-38f}) {
        QuadraticSteps scheme{bits, isSigned, scale};
        if (!std::isnormal(scale))
          continue;
        SCOPED_TRACE(std::to_string(bits) + " bits, scale " +
                     std::to_string(scale));
        // Exact levels decide, f32 levels come out.
        expectProperties(scheme, isSigned ? -scheme.levels() : 0,
                         scheme.levels(), isSigned, Nearest::AlmostExact);
      }
}

TEST(FakeQuant, CodebookProperties) {
  for (std::vector<float> levels :
       {std::vector<float>{-1, -.25f, 0, .25f, 1}, std::vector<float>{3},
        std::vector<float>{-1e30f, -1, -0x1p-149f, 0, 0x1p-149f, 1, 1e30f},
        std::vector<float>{-0x1.fffffep127f, 0, 0x1.fffffep127f},
        std::vector<float>{1, 0x1.000002p0f, 0x1.000004p0f}}) {
    Result<Codebook> book = Codebook::create(levels);
    ASSERT_TRUE(book);
    expectProperties(*book, 0, static_cast<int32_t>(levels.size()) - 1,
                     levels[0] < 0, Nearest::Exact);
  }
}

TEST(FakeQuant, FloatProperties) {
  for (FloatFormat format : allValues<FloatFormat>())
    for (float scale : {1.0f, 0.37f}) {
      SCOPED_TRACE(std::string(stringify(format)));
      int32_t codes = 1 << layoutOf(format).bits;
      LowPrecisionFloat scheme{format, true, scale};
      // bf16's subnormals and largest values leave no room for a scale.
      if (format == FloatFormat::Bf16 && scale != 1)
        continue;
      expectProperties(scheme, 0, codes - 1, true,
                       scale == 1 ? Nearest::Exact : Nearest::AlmostExact);
    }
}

TEST(FakeQuant, NanIsZero) {
  Codebook book = *Codebook::create({-1, .25f, 2});
  for (const FakeQuantizer &scheme :
       {FakeQuantizer(Affine{QuantizeForm::Q1, {.1, 3, {-8, 7}}}),
        FakeQuantizer(FixedPoint()), FakeQuantizer(BlockFixedPoint()),
        FakeQuantizer(PowerOfTwoSet()), FakeQuantizer(NnieLog()),
        FakeQuantizer(QuadraticSteps())})
    EXPECT_EQ(run(scheme, {NAN})[0], 0);
  EXPECT_EQ(run(book, {NAN})[0], .25f);
}

TEST(FakeQuant, InPlace) {
  std::mt19937_64 generator = seededGenerator();
  std::normal_distribution<float> normal;
  std::vector<float> x(3000);
  for (float &value : x)
    value = normal(generator);
  for (const FakeQuantizer &scheme :
       {FakeQuantizer(Affine{QuantizeForm::Q1, {.1, 3, {-8, 7}}}),
        FakeQuantizer(BlockFixedPoint()), FakeQuantizer(PowerOfTwoSet()),
        FakeQuantizer(LowPrecisionFloat{FloatFormat::Fp8E4M3, true, .1f})}) {
    std::vector<float> y = run(scheme, x), z = x;
    fakeQuantize(scheme, z.data(), 1, z.size(), z.data());
    EXPECT_EQ(y, z);
  }
}

TEST(FakeQuant, KindsAreThoseOfTheAlternatives) {
  EXPECT_EQ(kindOf(Affine()), SchemeKind::Affine);
  EXPECT_EQ(kindOf(FixedPoint()), SchemeKind::FixedPoint);
  EXPECT_EQ(kindOf(BlockFixedPoint()), SchemeKind::BlockFixedPoint);
  EXPECT_EQ(kindOf(PowerOfTwoSet()), SchemeKind::PowerOfTwo);
  EXPECT_EQ(kindOf(NnieLog()), SchemeKind::NnieLog);
  EXPECT_EQ(kindOf(QuadraticSteps()), SchemeKind::Quadratic);
  EXPECT_EQ(kindOf(Codebook()), SchemeKind::Codebook);
  EXPECT_EQ(kindOf(LowPrecisionFloat()), SchemeKind::Float);
}

TEST(FakeQuant, IllegalSchemes) {
  auto error = [](const FakeQuantizer &s) { return checked(s).error(); };
  EXPECT_EQ(error(Affine{QuantizeForm::Q1, {0, 0, {-8, 7}}}),
            "expected a scale above 0 that is a normal f32, got 0");
  EXPECT_EQ(error(Affine{QuantizeForm::Q1, {1, 9, {-8, 7}}}),
            "expected a zero point from -8 to 7, got 9");
  EXPECT_EQ(error(Affine{QuantizeForm::Q1, {1, 0, {0, 1}}}),
            "expected a grid of 2 to 16 bits, got 0..1");
  EXPECT_NE(error(Affine{QuantizeForm::Q1, {1, 0, {INT64_MIN, INT64_MAX}}}),
            "");
  EXPECT_NE(error(Affine{QuantizeForm::Q1, {1e-39, 0, {-8, 7}}}), "");
  EXPECT_EQ(error(Affine{QuantizeForm::Q1, {1e38, 0, {-8, 7}}}),
            "expected a scale with finite values in f32, got 1e+38");
  EXPECT_EQ(error(FixedPoint{17, true, 0, Rounding::RNE}),
            "expected 2 to 16 bits, got 17");
  EXPECT_EQ(error(FixedPoint{8, true, 121, Rounding::RNE}),
            "expected an exponent from -149 to 120, got 121");
  EXPECT_EQ(error(BlockFixedPoint{8, 0, Rounding::RNE}),
            "expected blocks of at least 1 value, got 0");
  EXPECT_EQ(error(BlockFixedPoint{1, 8, Rounding::RNE}),
            "expected 2 to 16 bits, got 1");
  EXPECT_EQ(error(PowerOfTwoSet{4, true, 0, LevelRounding::Log}),
            "expected a finite scale of at least 2^-120, got 0");
  EXPECT_NE(error(PowerOfTwoSet{9, true, 1, LevelRounding::Log}), "");
  EXPECT_NE(error(PowerOfTwoSet{4, true, INFINITY, LevelRounding::Log}), "");
  EXPECT_EQ(error(NnieLog{1921}),
            "expected a zero point from -2016 to 1920, got 1921");
  EXPECT_NE(error(QuadraticSteps{8, true, 1e38f}), "");
  EXPECT_NE(error(QuadraticSteps{13, true, 1}), "");
  EXPECT_NE(error(QuadraticSteps{8, true, NAN}), "");
  EXPECT_EQ(error(Codebook()), "expected 1 to 65536 levels, got 0");
}

// What an illegal scheme does is of no use, but it is defined: sanitizers see
// nothing, and a second run gives the same.
TEST(FakeQuant, IllegalSchemesAreDefined) {
  std::vector<float> x = {0, 1, -1, 1e38f, -1e-45f, infinity, NAN};
  unsigned manyBits = std::numeric_limits<unsigned>::max();
  for (unsigned bits : {0u, 1u, 33u, manyBits})
    for (float scale : {0.0f, -1.0f, infinity, NAN, 0x1p-149f, 1e38f})
      for (int e : {std::numeric_limits<int>::min(), 5000,
                    std::numeric_limits<int>::max()})
        for (const FakeQuantizer &scheme :
             {FakeQuantizer(FixedPoint{bits, true, e, Rounding::RNE}),
              FakeQuantizer(BlockFixedPoint{bits, 0, Rounding::RNE}),
              FakeQuantizer(
                  PowerOfTwoSet{bits, false, scale, LevelRounding::Linear}),
              FakeQuantizer(
                  PowerOfTwoSet{bits, true, scale, LevelRounding::Log}),
              FakeQuantizer(QuadraticSteps{bits, true, scale}),
              FakeQuantizer(NnieLog{e}), FakeQuantizer(Codebook()),
              FakeQuantizer(
                  LowPrecisionFloat{FloatFormat::Fp16, true, scale})}) {
          std::vector<float> y = run(scheme, x), again = run(scheme, x);
          EXPECT_EQ(
              std::memcmp(y.data(), again.data(), y.size() * sizeof(float)), 0);
          rangeOf(scheme);
        }
}
