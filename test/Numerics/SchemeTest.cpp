//===- SchemeTest.cpp - Values and derivations of the schemes -------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/FakeQuant.h"
#include "hwq/Numerics/WeightTransform.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace hwq::numerics;

namespace {

template <class S>
std::vector<float> run(const S &scheme, const std::vector<float> &x) {
  std::vector<float> y(x.size());
  fakeQuantize(scheme, x.data(), x.size(), y.data());
  return y;
}

double squaredError(const std::vector<float> &x, const std::vector<float> &y) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i)
    sum += std::pow(static_cast<double>(x[i]) - static_cast<double>(y[i]), 2);
  return sum;
}

std::vector<float> normals(size_t count, double sigma,
                           std::mt19937_64 &generator) {
  std::normal_distribution<double> normal(0, sigma);
  std::vector<float> x(count);
  for (float &value : x)
    value = static_cast<float>(normal(generator));
  return x;
}

} // namespace

TEST(FixedPoint, KnownValues) {
  FixedPoint scheme{4, true, -2, Rounding::RNE}; // -2 .. 1.75 in quarters
  EXPECT_EQ(run(scheme, {.125f, .375f, -.125f, -.375f, .3f, 5, -5}),
            (std::vector<float>{0, .5f, 0, -.5f, .25f, 1.75f, -2}));
  scheme.rounding = Rounding::RHU; // the DPU's
  EXPECT_EQ(run(scheme, {.125f, .375f, -.125f, -.375f}),
            (std::vector<float>{.25f, .5f, 0, -.25f}));
  scheme.rounding = Rounding::RTZ;
  EXPECT_EQ(run(scheme, {.24f, -.24f, -.5f}), (std::vector<float>{0, 0, -.5f}));
  scheme.isSigned = false; // 0 .. 3.75
  EXPECT_EQ(run(scheme, {-1, 3, 9}), (std::vector<float>{0, 3, 3.75f}));
}

TEST(FixedPoint, ExponentFromARange) {
  FixedPoint format{8, true, 0, Rounding::RNE};
  auto exponent = [&](double lo, double hi) {
    return deriveFixedPoint(Range{lo, hi}, format)->exponent;
  };
  EXPECT_EQ(exponent(0, 127.5), 0);
  EXPECT_EQ(exponent(0, 127.50001), 1);
  EXPECT_EQ(exponent(-128.5, 1), 0);
  EXPECT_EQ(exponent(-128.50001, 1), 1);
  EXPECT_EQ(exponent(-1, 1), -6); // 1 = 64 steps, 128 would not fit
  EXPECT_EQ(exponent(0, 0), 0);
  EXPECT_EQ(exponent(0, 0x1p-149), -149);
  EXPECT_EQ(exponent(0, 1e300), 120);
  format.isSigned = false;
  EXPECT_EQ(exponent(-1000, 1), -7);
  EXPECT_EQ(exponent(-1000, -1), 0);
  EXPECT_FALSE(deriveFixedPoint(Range{1, 0}, format));
  EXPECT_FALSE(deriveFixedPoint(Range{0, INFINITY}, format));
  EXPECT_FALSE(deriveFixedPoint(Range{NAN, 1}, format));
  format.bits = 1;
  EXPECT_FALSE(deriveFixedPoint(Range{0, 1}, format));
}

TEST(FixedPoint, ExponentFromData) {
  std::mt19937_64 generator = seededGenerator();
  FixedPoint format{6, true, 0, Rounding::RNE};
  std::vector<float> a = normals(5000, 1, generator);
  std::vector<float> b = normals(3000, .1, generator);
  b[7] = 40;
  auto derive = [&](ExponentRule rule, std::vector<FloatSpan> data,
                    double rate = 0) {
    Result<FixedPoint> result = deriveFixedPoint(rule, data, format, rate);
    EXPECT_TRUE(result) << result.error();
    return *result;
  };
  FloatSpan spanA{a.data(), a.size()}, spanB{b.data(), b.size()};

  // One exponent per layer, and one for the network of both.
  for (const std::vector<FloatSpan> &data :
       {std::vector<FloatSpan>{spanA}, {spanB}, {spanA, spanB}}) {
    float lo = 0, hi = 0;
    uint64_t total = 0;
    for (FloatSpan span : data) {
      lo = std::min(lo, *std::min_element(span.data, span.data + span.count));
      hi = std::max(hi, *std::max_element(span.data, span.data + span.count));
      total += span.count;
    }
    Range range{static_cast<double>(lo), static_cast<double>(hi)};
    FixedPoint max = derive(ExponentRule::Max, data);
    EXPECT_EQ(max.exponent, deriveFixedPoint(range, format)->exponent);

    // The best of all exponents by brute force.
    auto errorOf = [&](int exponent) {
      FixedPoint scheme = format;
      scheme.exponent = exponent;
      double sum = 0;
      for (FloatSpan span : data) {
        std::vector<float> x(span.data, span.data + span.count);
        sum += squaredError(x, run(scheme, x));
      }
      return sum;
    };
    int best = 10;
    for (int e = 10; e >= -20; --e)
      if (errorOf(e) < errorOf(best))
        best = e;
    FixedPoint chosen = derive(ExponentRule::BestMse, data);
    EXPECT_EQ(errorOf(chosen.exponent), errorOf(best));
    EXPECT_LE(chosen.exponent, max.exponent);

    // The smallest exponent that keeps the promise.
    double rate = .01;
    FixedPoint some = derive(ExponentRule::Overflow, data, rate);
    auto clippedShare = [&](FixedPoint scheme) {
      double step = std::ldexp(1.0, scheme.exponent);
      uint64_t clipped = 0;
      for (FloatSpan span : data)
        for (size_t i = 0; i < span.count; ++i) {
          double v = static_cast<double>(span.data[i]);
          clipped += v > 31.5 * step || v < -32.5 * step;
        }
      return static_cast<double>(clipped) / static_cast<double>(total);
    };
    EXPECT_LE(clippedShare(some), rate);
    --some.exponent;
    EXPECT_GT(clippedShare(some), rate);
    EXPECT_EQ(derive(ExponentRule::Overflow, data, 0).exponent, max.exponent);
  }

  std::vector<float> zeros(5);
  EXPECT_EQ(derive(ExponentRule::BestMse, {{zeros.data(), 5}}).exponent, 0);
  EXPECT_EQ(derive(ExponentRule::Max, {}).exponent, 0);
  std::vector<float> bad = {1, NAN};
  EXPECT_EQ(
      deriveFixedPoint(ExponentRule::Max, {{bad.data(), 2}}, format).error(),
      "expected finite values, got nan");
  EXPECT_FALSE(deriveFixedPoint(ExponentRule::Overflow, {}, format, 1.5));
  EXPECT_FALSE(deriveFixedPoint(ExponentRule::Overflow, {}, format, NAN));
}

namespace {
std::vector<float> runBlocks(const BlockFixedPoint &scheme,
                             const std::vector<float> &x, size_t rows) {
  std::vector<float> y(x.size());
  fakeQuantize(FakeQuantizer(scheme), x.data(), rows, x.size() / rows,
               y.data());
  return y;
}
} // namespace

TEST(BlockFixedPoint, KnownValues) {
  BlockFixedPoint scheme{4, 3, Rounding::RNE};   // mantissas -7..7
  std::vector<float> x = {1, .125f, -.375f, 100, // E 0, step 1/4; E 6
                          0, 0,     0,      3};  // E -127; E 1, step 1/2
  std::vector<float> y(8);
  fakeQuantize(scheme, x.data(), 2, 4, y.data());
  EXPECT_EQ(y, (std::vector<float>{1, 0, -.5f, 96, 0, 0, 0, 3}));
  std::vector<int16_t> mantissas(8);
  std::vector<int8_t> exponents(4);
  EXPECT_EQ(scheme.blocksPerRow(4), 2u);
  quantizeArray(scheme, x.data(), 2, 4, mantissas.data(), exponents.data());
  EXPECT_EQ(mantissas, (std::vector<int16_t>{4, 0, -2, 6, 0, 0, 0, 6}));
  EXPECT_EQ(exponents, (std::vector<int8_t>{0, 6, -127, 1}));
  // 1.999 would need mantissa 8.
  std::vector<float> high = {1.999f, -1.999f};
  EXPECT_EQ(runBlocks(scheme, high, 1), (std::vector<float>{1.75f, -1.75f}));
}

TEST(BlockFixedPoint, Properties) {
  std::mt19937_64 generator = seededGenerator();
  for (unsigned bits : {2u, 3u, 8u, 16u})
    for (size_t size : {size_t(1), size_t(3), size_t(32), ~size_t(0)})
      for (Rounding rounding : allValues<Rounding>()) {
        BlockFixedPoint scheme{bits, size, rounding};
        constexpr size_t rows = 7, length = 100;
        std::vector<float> x = normals(rows * length, 1, generator);
        for (size_t i = 0; i < x.size(); ++i)
          x[i] = std::ldexp(x[i], static_cast<int>(i / 50) * 20 - 140);
        x[3] = 0x1.fffffep127f;
        x[611] = -0x1.fffffep127f;
        std::vector<float> y = runBlocks(scheme, x, rows);
        EXPECT_EQ(runBlocks(scheme, y, rows), y) << "not idempotent";

        size_t blocks = scheme.blocksPerRow(length);
        size_t n = std::min(size, length);
        std::vector<int16_t> mantissas(x.size());
        std::vector<int8_t> exponents(rows * blocks);
        quantizeArray(scheme, x.data(), rows, length, mantissas.data(),
                      exponents.data());
        std::vector<float> back(x.size());
        dequantizeArray(scheme, mantissas.data(), exponents.data(), rows,
                        length, back.data());
        EXPECT_EQ(back, y);

        bool nearest = rounding == Rounding::RNE || rounding == Rounding::RHA ||
                       rounding == Rounding::RHU || rounding == Rounding::RHZ ||
                       rounding == Rounding::RHD;
        int limit = (1 << (bits - 1)) - 1;
        for (size_t i = 0; i < x.size(); ++i) {
          size_t block = i / length * blocks + i % length / n;
          double step =
              std::ldexp(1.0, exponents[block] - (static_cast<int>(bits) - 2));
          double v = static_cast<double>(x[i]);
          double error = std::fabs(v - static_cast<double>(y[i]));
          ASSERT_LE(std::abs(mantissas[i]), limit);
          ASSERT_LE(error, step);
          if (nearest && std::fabs(v) <= (limit + .5) * step)
            ASSERT_LE(error, step / 2);
        }
        if (rounding == Rounding::RNE || rounding == Rounding::RHA) {
          std::vector<float> minus(x.size());
          for (size_t i = 0; i < x.size(); ++i)
            minus[i] = -x[i];
          minus = runBlocks(scheme, minus, rows);
          for (size_t i = 0; i < x.size(); ++i)
            ASSERT_EQ(minus[i], -y[i]);
        }
      }
}

TEST(BlockFixedPoint, InfinitySaturatesWithoutSettingTheExponent) {
  EXPECT_EQ(runBlocks({8, 4, Rounding::RNE}, {1, INFINITY, -INFINITY, NAN}, 1),
            (std::vector<float>{1, 127.f / 64, -127.f / 64, 0}));
  EXPECT_EQ(runBlocks({8, 4, Rounding::RNE}, {}, 1), std::vector<float>{});
}

TEST(PowerOfTwoSet, KnownValues) {
  // 4 bits: 0 and 2^-6 .. 1.
  PowerOfTwoSet log{4, true, 1, LevelRounding::Log};
  EXPECT_EQ(run(log, {.7f, .7072f, -.36f, .3535f, 9, .011f, .01105f}),
            (std::vector<float>{.5f, 1, -.5f, .25f, 1, 0, .015625f}));
  PowerOfTwoSet linear{4, true, 1, LevelRounding::Linear};
  EXPECT_EQ(run(linear, {.75f, .7499f, -.375f, .0078125f, .0078f}),
            (std::vector<float>{1, .5f, -.5f, .015625f, 0}));
  EXPECT_EQ(quantize(log, 1), 7);
  EXPECT_EQ(quantize(log, -.015625f), -1);
  PowerOfTwoSet scaled{3, false, 3, LevelRounding::Linear};
  EXPECT_EQ(scaled.levels(), 7);
  EXPECT_EQ(run(scaled, {-1, 1.4f, 2.25f, 2.2f}),
            (std::vector<float>{0, 1.5f, 3, 1.5f}));
}

TEST(PowerOfTwoSet, Scale) {
  PowerOfTwoSet format{4, true, 1, LevelRounding::Log};
  EXPECT_EQ(derivePowerOfTwoSet(1.4142, format)->scale, 1);
  EXPECT_EQ(derivePowerOfTwoSet(1.4143, format)->scale, 2);
  EXPECT_EQ(derivePowerOfTwoSet(1.4143, format, false)->scale, 1.4143f);
  EXPECT_EQ(derivePowerOfTwoSet(0, format)->scale, 1);
  EXPECT_EQ(derivePowerOfTwoSet(3.4e38, format)->scale, 0x1p127f);
  EXPECT_FALSE(derivePowerOfTwoSet(1e-40, format));
  EXPECT_FALSE(derivePowerOfTwoSet(1e39, format));
  EXPECT_FALSE(derivePowerOfTwoSet(NAN, format));
  // INQ: 2^floor(log2(4 s / 3)).
  format.rounding = LevelRounding::Linear;
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 10000; ++i) {
    float s = std::ldexp(static_cast<float>(generator() >> 44) + 1, -15);
    double inq =
        std::exp2(std::floor(std::log2(4 * static_cast<double>(s) / 3)));
    ASSERT_EQ(derivePowerOfTwoSet(static_cast<double>(s), format)->scale,
              static_cast<float>(inq));
  }
}

TEST(QuadraticSteps, KnownValues) {
  QuadraticSteps scheme{4, true, 1}; // 0 1 4 9 16 25 36 49
  EXPECT_EQ(run(scheme, {.5f, .4f, 2.5f, 2.4f, -6.5f, 42.4f, 1e9f}),
            (std::vector<float>{1, 0, 4, 1, -9, 36, 49}));
  EXPECT_EQ(quantize(scheme, -1e9f), -7);
  EXPECT_EQ(deriveQuadraticSteps(98, scheme)->scale, 2);
  EXPECT_EQ(deriveQuadraticSteps(0, scheme)->scale, 1);
  EXPECT_FALSE(deriveQuadraticSteps(1e-44, scheme));
  EXPECT_FALSE(deriveQuadraticSteps(-1, scheme));
}

TEST(Codebook, KnownValues) {
  Result<Codebook> book = Codebook::create({1, -1, 0, 4, 1, -0.0f});
  ASSERT_TRUE(book);
  EXPECT_EQ(book->levels(), (std::vector<float>{-1, 0, 1, 4}));
  EXPECT_EQ(run(*book, {.5f, -.5f, .4999f, 2.5f, 2.4999f, -9, 9}),
            (std::vector<float>{1, -1, 0, 4, 1, -1, 4}));
  // Across zero a tie goes up.
  EXPECT_EQ(run(*Codebook::create({-1, 1}), {0, -0.0f}),
            (std::vector<float>{1, 1}));
  EXPECT_EQ(dequantize(*book, -5), -1);
  EXPECT_EQ(dequantize(*book, 99), 4);
  EXPECT_FALSE(Codebook::create({}));
  EXPECT_FALSE(Codebook::create({1, INFINITY}));
  EXPECT_FALSE(Codebook::create({NAN}));
}

TEST(Codebook, KMeansKnownClusters) {
  // Start: 0, 5, 10. 4 and 6 join 5, 1 joins 0, 9 joins 10.
  std::vector<float> x = {0, 1, 4, 6, 9, 10, 6, 6};
  Result<Codebook> book = kMeans(x.data(), x.size(), 3);
  ASSERT_TRUE(book);
  EXPECT_EQ(book->levels(), (std::vector<float>{.5f, 5.5f, 9.5f}));
  // No more distinct values than levels: themselves.
  book = kMeans(x.data(), x.size(), 6);
  EXPECT_EQ(book->levels(), (std::vector<float>{0, 1, 4, 6, 9, 10}));
  EXPECT_EQ(kMeans(x.data(), x.size(), 1)->levels(),
            std::vector<float>{42.f / 8});
  // A level without values stays where it started.
  std::vector<float> gap = {0, .1f, .2f, 9.8f, 9.9f, 10};
  EXPECT_EQ(kMeans(gap.data(), gap.size(), 3)->levels()[1], 5);
  EXPECT_FALSE(kMeans(x.data(), 0, 3));
  EXPECT_FALSE(kMeans(x.data(), 3, 0));
  x[2] = NAN;
  EXPECT_FALSE(kMeans(x.data(), x.size(), 3));
}

TEST(Codebook, KMeansDependsOnTheValuesOnly) {
  std::mt19937_64 generator = seededGenerator();
  std::vector<float> x = normals(20000, .05, generator);
  x[5] = 0;
  x[6] = -0.0f;
  for (unsigned k : {2u, 16u, 255u}) {
    Codebook book = *kMeans(x.data(), x.size(), k);
    EXPECT_EQ(book.levels().size(), k);
    std::shuffle(x.begin(), x.end(), generator);
    EXPECT_EQ(kMeans(x.data(), x.size(), k)->levels(), book.levels());
    // Lloyd's iteration never gets worse (up to the rounding of the levels).
    double previous = INFINITY;
    for (unsigned n : {0u, 1u, 2u, 5u, 20u, 100u}) {
      double error = squaredError(x, run(*kMeans(x.data(), x.size(), k, n), x));
      EXPECT_LE(error, previous * (1 + 1e-9));
      previous = error;
    }
  }
}

// numpy 2.4.6: t = np.tanh(w.astype(np.float64)); t / np.abs(t).max() as f32.
TEST(WeightTransform, Dorefa) {
  std::vector<float> w = {-2.5f, -.75f, -.1f, 0, .05f, .3f, 1, 3.25f, 1e-20f};
  std::vector<float> expected = {
      -0x1.faaaf0p-1f, -0x1.462cf2p-1f, -0x1.997830p-4f, 0,
      0x1.9a7dd0p-5f,  0x1.2b33d4p-2f,  0x1.871c48p-1f,  1,
      0x1.7aed4ep-67f};
  EXPECT_EQ(*transformWeights(WeightTransform::Dorefa, w.data(), w.size()),
            expected);
  std::vector<float> zeros(3);
  EXPECT_EQ(*transformWeights(WeightTransform::Dorefa, zeros.data(), 3), zeros);
  EXPECT_TRUE(transformWeights(WeightTransform::Dorefa, nullptr, 0));
}

TEST(WeightTransform, DorefaIsMonotoneOddAndWithinOne) {
  std::mt19937_64 generator = seededGenerator();
  std::vector<float> w = normals(10000, 2, generator);
  std::sort(w.begin(), w.end());
  std::vector<float> minus = w;
  for (float &value : minus)
    value = -value;
  auto y = *transformWeights(WeightTransform::Dorefa, w.data(), w.size());
  auto z = *transformWeights(WeightTransform::Dorefa, minus.data(), w.size());
  for (size_t i = 0; i < y.size(); ++i) {
    ASSERT_EQ(y[i], -z[i]);
    ASSERT_LE(std::fabs(y[i]), 1);
    if (i)
      ASSERT_LE(y[i - 1], y[i]);
  }
  EXPECT_EQ(std::max(-y.front(), y.back()), 1);
}

TEST(WeightTransform, Clipping) {
  std::vector<float> w = {-3, -.5f, 0, .5f, 1.5f};
  EXPECT_EQ(*transformWeights(WeightTransform::None, w.data(), 5), w);
  EXPECT_EQ(*transformWeights(WeightTransform::Wrpn, w.data(), 5, 7),
            (std::vector<float>{-1, -.5f, 0, .5f, 1}));
  EXPECT_EQ(*transformWeights(WeightTransform::Pact, w.data(), 5, .25f),
            (std::vector<float>{-.25f, -.25f, 0, .25f, .25f}));
  EXPECT_EQ(transformWeights(WeightTransform::Pact, w.data(), 5, 0).error(),
            "expected a finite alpha above 0, got 0");
  w[1] = INFINITY;
  EXPECT_EQ(transformWeights(WeightTransform::None, w.data(), 5).error(),
            "expected finite weights, got inf");
}

// The paper's 3-bit weights: round(3 w) / 3.
TEST(WeightTransform, WrpnLevels) {
  std::vector<float> w = {-3, -.6f, .1f, .4f, .9f};
  auto clipped = *transformWeights(WeightTransform::Wrpn, w.data(), 5);
  Affine scheme{QuantizeForm::Q2, {1. / 3, 0, {-3, 3}}};
  float third = static_cast<float>(1. / 3);
  EXPECT_EQ(run(scheme, clipped),
            (std::vector<float>{-3 * third, -2 * third, 0, third, 3 * third}));
}
