//===- ErrorsTest.cpp - Error measures ------------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Errors.h"
#include "hwq/Numerics/FakeQuant.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>
#include <vector>

using namespace hwq::numerics;

TEST(ErrorStats, KnownValues) {
  float reference[] = {1, -2, 3, 0};
  float actual[] = {1, -1, 3, 1};
  ErrorStats s;
  s.add(reference, actual, 4);
  EXPECT_EQ(s.count(), 4u);
  EXPECT_EQ(s.mse(), .5);
  EXPECT_EQ(s.maxAbsDifference(), 1);
  EXPECT_DOUBLE_EQ(s.psnr(), 10 * std::log10(9 / .5));
  EXPECT_DOUBLE_EQ(s.sqnr(), 10 * std::log10(14. / 2));
  EXPECT_DOUBLE_EQ(s.cosine(), 12 / std::sqrt(14. * 12));
}

TEST(ErrorStats, Extremes) {
  ErrorStats empty;
  EXPECT_EQ(empty.mse(), 0);
  EXPECT_EQ(empty.cosine(), 1);
  float zero[] = {0, 0}, one[] = {1, 1};
  float nan[] = {1, NAN};
  ErrorStats equal;
  equal.add(one, one, 2);
  EXPECT_EQ(equal.psnr(), INFINITY);
  EXPECT_EQ(equal.sqnr(), INFINITY);
  EXPECT_DOUBLE_EQ(equal.cosine(), 1);
  ErrorStats lost;
  lost.add(one, zero, 2);
  EXPECT_EQ(lost.cosine(), 0);
  EXPECT_EQ(lost.sqnr(), 0);
  ErrorStats bad;
  bad.add(one, nan, 2);
  bad.add(one, one, 2); // a NaN is not forgotten
  EXPECT_TRUE(std::isnan(bad.mse()));
  EXPECT_TRUE(std::isnan(bad.maxAbsDifference()));
  EXPECT_TRUE(std::isnan(bad.cosine()));
  ErrorStats merged = equal;
  merged.merge(bad);
  EXPECT_TRUE(std::isnan(merged.maxAbsDifference()));
}

TEST(ErrorStats, MergeEqualsOnePass) {
  std::mt19937_64 generator = seededGenerator();
  std::normal_distribution<float> normal;
  std::vector<float> a(10007), b(10007);
  double error = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    a[i] = normal(generator);
    b[i] = a[i] + .01f * normal(generator);
    error += std::pow(double(a[i]) - double(b[i]), 2);
  }
  ErrorStats whole, left, right, swapped;
  whole.add(a.data(), b.data(), a.size());
  EXPECT_NEAR(whole.mse(), error / static_cast<double>(a.size()),
              1e-12 * error);
  left.add(a.data(), b.data(), 5000);
  right.add(a.data() + 5000, b.data() + 5000, a.size() - 5000);
  swapped = right;
  swapped.merge(left);
  ErrorStats calls;
  calls.add(a.data(), b.data(), 5000);
  calls.add(a.data() + 5000, b.data() + 5000, a.size() - 5000);
  left.merge(right);
  // The same bits in either order and as two calls.
  for (const ErrorStats *s : {&swapped, &calls}) {
    EXPECT_EQ(left.mse(), s->mse());
    EXPECT_EQ(left.psnr(), s->psnr());
    EXPECT_EQ(left.sqnr(), s->sqnr());
    EXPECT_EQ(left.cosine(), s->cosine());
    EXPECT_EQ(left.maxAbsDifference(), s->maxAbsDifference());
  }
  EXPECT_NEAR(left.mse(), whole.mse(), 1e-12 * whole.mse());
  EXPECT_EQ(left.count(), whole.count());
}

TEST(NoiseSplit, KnownValues) {
  float reference[] = {3, -2, .25f, 1, -1};
  float actual[] = {1, -1, 0, 1, -1};
  NoiseSplit split({-1, 1});
  split.add(reference, actual, 5);
  EXPECT_EQ(split.count(), 5u);
  EXPECT_EQ(split.clippedCount(), 2u);
  EXPECT_EQ(split.clippingNoise(), (4 + 1) / 5.); // (|x| - m)^2
  EXPECT_EQ(split.roundingNoise(), .0625 / 5);
  EXPECT_EQ(split.mse(), split.clippingNoise() + split.roundingNoise());
  NoiseSplit empty({0, 0});
  EXPECT_EQ(empty.mse(), 0);
  float nan = NAN, one = 1;
  split.add(&nan, &one, 1);
  EXPECT_TRUE(std::isnan(split.mse()));
}

TEST(NoiseSplit, SumsToTheTotal) {
  std::mt19937_64 generator = seededGenerator();
  std::normal_distribution<float> normal;
  Affine scheme{QuantizeForm::Q2, {.05, 0, {-31, 31}}};
  Range range = rangeOf(scheme);
  std::vector<float> x(10007), y(x.size());
  for (float &value : x)
    value = normal(generator);
  fakeQuantize(scheme, x.data(), x.size(), y.data());
  NoiseSplit split(range), first(range), second(range), swapped(range);
  ErrorStats stats;
  split.add(x.data(), y.data(), x.size());
  stats.add(x.data(), y.data(), x.size());
  EXPECT_NEAR(split.mse(), stats.mse(), 1e-13 * stats.mse());
  // By the definition, with m the end of the range.
  double clipping = 0, rounding = 0;
  uint64_t clipped = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    double v = static_cast<double>(x[i]), m = range.max;
    double error = v - static_cast<double>(y[i]);
    bool outside = std::fabs(v) > m;
    clipped += outside;
    clipping += outside ? std::pow(std::fabs(v) - m, 2) : 0;
    rounding += outside ? 0 : error * error;
  }
  double n = static_cast<double>(x.size());
  EXPECT_EQ(split.clippedCount(), clipped);
  EXPECT_GT(clipped, 500u);
  EXPECT_NEAR(split.clippingNoise(), clipping / n, 1e-13 * clipping);
  EXPECT_NEAR(split.roundingNoise(), rounding / n, 1e-13 * rounding);

  first.add(x.data(), y.data(), 4001);
  second.add(x.data() + 4001, y.data() + 4001, x.size() - 4001);
  swapped = second;
  swapped.merge(first);
  first.merge(second);
  EXPECT_EQ(first.mse(), swapped.mse());
  EXPECT_EQ(first.clippedCount(), clipped);
  EXPECT_NEAR(first.mse(), split.mse(), 1e-13 * split.mse());
}

TEST(AnalyticNoise, KnownValues) {
  EXPECT_EQ(roundingNoise(6), 3);
  // A uniform density over the whole range: 20 log10(2) per bit.
  for (unsigned bits = 1; bits <= 16; ++bits) {
    AnalyticNoise noise =
        analyticNoise(Distribution::Uniform, 1, std::sqrt(3.0), bits);
    EXPECT_EQ(noise.clipping, 0);
    EXPECT_NEAR(noise.sqnr(), bits * 20 * std::log10(2.0), 1e-9);
    // 6.02 b + 4.77 - 20 log10(limit/sigma) where nothing clips.
    noise = analyticNoise(Distribution::Gaussian, .5, 50, bits);
    EXPECT_NEAR(noise.sqnr(),
                bits * 20 * std::log10(2.0) + 10 * std::log10(3.0) - 40, 1e-6);
  }
  EXPECT_NEAR(
      analyticNoise(Distribution::Laplace, std::sqrt(2.0), 3, 4).clipping,
      2 * std::exp(-3.0), 1e-15);
  EXPECT_NEAR(
      analyticNoise(Distribution::Uniform, 1 / std::sqrt(3.0), .5, 4).clipping,
      .125 / 3, 1e-15);
  // A limit of zero leaves the whole signal as noise.
  for (Distribution d : allValues<Distribution>()) {
    AnalyticNoise noise = analyticNoise(d, 2, 0, 4);
    EXPECT_NEAR(noise.clipping, noise.signal, 1e-12);
    EXPECT_EQ(analyticNoise(d, 0, 1, 4).clipping, 0);
  }
  AnalyticNoise none{1, 0, 0};
  EXPECT_EQ(none.sqnr(), INFINITY);
}

// The formulas against the integral, and both against a simulation.
TEST(AnalyticNoise, EqualsTheIntegralAndASimulation) {
  std::mt19937_64 generator = seededGenerator();
  double pi = std::acos(-1.0), sigma = 1.3, limit = 2.1;
  auto density = [&](Distribution d, double x) {
    switch (d) {
    case Distribution::Uniform: {
      double end = std::sqrt(3.0) * sigma;
      return x <= end ? .5 / end : 0;
    }
    case Distribution::Gaussian:
      return std::exp(-x * x / (2 * sigma * sigma)) /
             (sigma * std::sqrt(2 * pi));
    case Distribution::Laplace: {
      double b = sigma / std::sqrt(2.0);
      return std::exp(-x / b) / (2 * b);
    }
    }
    return 0.0;
  };
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::normal_distribution<double> normal;
  std::exponential_distribution<double> exponential;
  for (Distribution d : allValues<Distribution>()) {
    AnalyticNoise noise = analyticNoise(d, sigma, limit, 8);
    double end = d == Distribution::Uniform ? std::sqrt(3.0) * sigma : 40;
    constexpr int steps = 200000;
    double sum = 0, dx = (end - limit) / steps;
    for (int i = 0; i < steps; ++i) {
      double x = limit + (i + .5) * dx;
      sum += 2 * (x - limit) * (x - limit) * density(d, x) * dx;
    }
    EXPECT_NEAR(noise.clipping, sum, 1e-6 * sum + 1e-9) << stringify(d);

    NoiseSplit split({-limit, limit});
    double step = 2 * limit / 256;
    constexpr size_t count = 400000;
    std::vector<float> x(count), y(count);
    for (size_t i = 0; i < count; ++i) {
      double v = d == Distribution::Uniform
                     ? std::sqrt(3.0) * uniform(generator)
                 : d == Distribution::Gaussian
                     ? normal(generator)
                     : std::copysign(exponential(generator) / std::sqrt(2.0),
                                     uniform(generator));
      x[i] = static_cast<float>(sigma * v);
      double q = std::floor(static_cast<double>(x[i]) / step) * step + step / 2;
      y[i] = static_cast<float>(std::fabs(static_cast<double>(x[i])) > limit
                                    ? std::copysign(limit, sigma * v)
                                    : q);
    }
    split.add(x.data(), y.data(), count);
    EXPECT_NEAR(split.clippingNoise(), noise.clipping, .1 * noise.clipping);
    // Theory counts step^2 / 12 for clipped values too.
    double inside = 1 - static_cast<double>(split.clippedCount()) /
                            static_cast<double>(count);
    EXPECT_NEAR(split.roundingNoise(), inside * noise.rounding,
                .02 * noise.rounding);
  }
}
