//===- WeightRangeTest.cpp - Tests of the scales of weights -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/WeightRange.h"

#include "gtest/gtest.h"

#include <cmath>
#include <iostream>
#include <random>
#include <vector>

using namespace hwq::numerics;

namespace {

DeriveOptions symmetric(unsigned bits = 0) {
  DeriveOptions options;
  options.symmetry = Symmetry::Symmetric;
  options.narrow = true;
  options.bits = bits;
  return options;
}

QuantParams derive(const std::vector<float> &weights, WeightMethod method,
                   const DeriveOptions &options) {
  Result<Derived> derived = deriveWeights(
      weights.data(), weights.size(), method, DerivationRule::PTfl, options);
  if (derived)
    return derived->params;
  ADD_FAILURE() << derived.error();
  return {};
}

/// By the definition, value by value.
double errorOf(const std::vector<float> &weights, const QuantParams &p) {
  double sum = 0;
  for (float weight : weights) {
    double code = std::nearbyint(weight / p.scale) + p.zeroPoint;
    code = std::min<double>(std::max<double>(code, p.grid.qmin), p.grid.qmax);
    double difference = weight - (code - p.zeroPoint) * p.scale;
    sum += difference * difference;
  }
  return sum;
}

TEST(WeightRange, Names) {
  EXPECT_EQ(parseWeightMethod("min-max"), WeightMethod::MinMax);
  EXPECT_EQ(parseWeightMethod("mse"), WeightMethod::Mse);
  EXPECT_EQ(parseWeightMethod("arq"), WeightMethod::Arq);
  EXPECT_EQ(parseWeightMethod("kl"), std::nullopt);
}

TEST(WeightRange, MinMaxIsTheRuleOfTheWholeRange) {
  EXPECT_DOUBLE_EQ(
      derive({1.0f, -0.5f}, WeightMethod::MinMax, symmetric()).scale,
      1.0 / 127);
  EXPECT_DOUBLE_EQ(
      derive({0.25f, 0.5f}, WeightMethod::MinMax, symmetric()).scale,
      0.5 / 127);
}

TEST(WeightRange, ArqDividesByTheCodeOfTheLargestSign) {
  DeriveOptions options = symmetric();
  options.narrow = false;
  EXPECT_EQ(float(derive({1.0f, -0.5f}, WeightMethod::Arq, options).scale),
            1.0f / 127.0f);
  EXPECT_EQ(float(derive({-1.0f, 0.5f}, WeightMethod::Arq, options).scale),
            1.0f / 128.0f);
  // Below 2^-23 the rule says 1.
  EXPECT_EQ(derive({0.0f, 0.0f}, WeightMethod::Arq, options).scale, 1.0);
}

TEST(WeightRange, MseIsTheFirstBestOfItsCandidates) {
  unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal(0, 0.1f);
  int clipped = 0;
  for (int run = 0; run < 400; ++run)
    for (unsigned bits : {4u, 8u})
      for (bool isSymmetric : {true, false}) {
        std::vector<float> weights(1 + random() % 100);
        for (float &weight : weights)
          weight = normal(random);
        DeriveOptions options = symmetric(bits);
        if (!isSymmetric)
          options.symmetry = Symmetry::Asymmetric;
        QuantParams all = derive(weights, WeightMethod::MinMax, options);
        QuantParams best = derive(weights, WeightMethod::Mse, options);
        // Every candidate, from the definition.
        auto [lo, hi] = std::minmax_element(weights.begin(), weights.end());
        double largest = std::max(std::fabs(*lo), std::fabs(*hi));
        double least = errorOf(weights, all);
        for (int k = 99; k >= 20; --k) {
          double u = k / 100.0, t = u * largest;
          Range range{u * *lo, u * *hi};
          if (isSymmetric)
            range = {std::min(std::max<double>(*lo, -t), t),
                     std::min(std::max<double>(*hi, -t), t)};
          Result<Derived> derived =
              deriveParams(DerivationRule::PTfl, range, options);
          ASSERT_TRUE(bool(derived));
          least = std::min(least, errorOf(weights, derived->params));
        }
        EXPECT_NEAR(errorOf(weights, best), least, 1e-9 * least);
        clipped += bits == 4 && best.scale < all.scale;
      }
  // A Gauss distribution in 4 bits: clipping nearly always helps.
  EXPECT_GT(clipped, 400);
}

TEST(WeightRange, ZerosAndErrors) {
  EXPECT_EQ(derive({0.0f, 0.0f}, WeightMethod::Mse, symmetric()).scale,
            derive({0.0f, 0.0f}, WeightMethod::MinMax, symmetric()).scale);
  EXPECT_EQ(deriveWeights(nullptr, 0, WeightMethod::Mse, DerivationRule::PTfl,
                          symmetric())
                .error(),
            "expected weights");
}

} // namespace
