//===- WeightMethodTest.cpp - Tests of the ranges of weights ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/WeightMethod.h"

#include "gtest/gtest.h"

#include <cmath>
#include <random>
#include <vector>

using namespace hwq;
using namespace hwq::calibration;

namespace {

TargetScheme symmetric(unsigned bits = 0) {
  TargetScheme scheme;
  scheme.rule = numerics::DerivationRule::PTfl;
  scheme.options.symmetry = numerics::Symmetry::Symmetric;
  scheme.options.narrow = true;
  scheme.options.bits = bits;
  return scheme;
}

std::vector<WeightChannel> choose(const std::vector<float> &weights,
                                  size_t channels, WeightMethod method,
                                  const TargetScheme &scheme) {
  llvm::Expected<std::vector<WeightChannel>> chosen =
      chooseWeightRanges(weights, channels, method, scheme);
  if (chosen)
    return *chosen;
  ADD_FAILURE() << llvm::toString(chosen.takeError());
  return {};
}

std::string errorOf(const std::vector<float> &weights, size_t channels) {
  llvm::Expected<std::vector<WeightChannel>> chosen =
      chooseWeightRanges(weights, channels, WeightMethod::MinMax, symmetric());
  return chosen ? "no error" : llvm::toString(chosen.takeError());
}

} // namespace

TEST(WeightMethod, Names) {
  for (const char *name : {"min-max", "mse", "arq"}) {
    llvm::Expected<WeightMethod> method = parseWeightMethod(name);
    ASSERT_TRUE(bool(method));
    EXPECT_EQ(weightMethodName(*method), name);
  }
  llvm::Expected<WeightMethod> unknown = parseWeightMethod("kl");
  ASSERT_FALSE(bool(unknown));
  EXPECT_EQ(llvm::toString(unknown.takeError()),
            "unknown method 'kl' for weights, expected one of: min-max, mse, "
            "arq");
}

TEST(WeightMethod, MinMaxIsPerChannel) {
  std::vector<WeightChannel> channels =
      choose({1.0f, -0.5f, 0.25f, 0.5f}, 2, WeightMethod::MinMax, symmetric());
  ASSERT_EQ(channels.size(), 2u);
  EXPECT_EQ(channels[0].range, (Range{-0.5, 1.0}));
  EXPECT_EQ(channels[1].range, (Range{0.25, 0.5}));
  EXPECT_DOUBLE_EQ(channels[0].params.scale, 1.0 / 127);
  EXPECT_DOUBLE_EQ(channels[1].params.scale, 0.5 / 127);
  std::vector<WeightChannel> whole =
      choose({1.0f, -0.5f, 0.25f, 0.5f}, 1, WeightMethod::MinMax, symmetric());
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_EQ(whole[0].range, (Range{-0.5, 1.0}));
}

TEST(WeightMethod, ArqDividesByTheCodeOfTheLargestSign) {
  TargetScheme scheme = symmetric();
  scheme.options.narrow = false;
  std::vector<WeightChannel> channels = choose(
      {1.0f, -0.5f, -1.0f, 0.5f, 0.0f, 0.0f}, 3, WeightMethod::Arq, scheme);
  ASSERT_EQ(channels.size(), 3u);
  EXPECT_EQ(float(channels[0].params.scale), 1.0f / 127.0f);
  EXPECT_EQ(float(channels[1].params.scale), 1.0f / 128.0f);
  // Below 2^-23 the rule says 1.
  EXPECT_EQ(channels[2].params.scale, 1.0);
}

TEST(WeightMethod, MseClipsWhereThatHelpsAndIsNeverWorse) {
  unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal(0, 0.1f);
  int clipped = 0;
  for (int run = 0; run < 50; ++run) {
    std::vector<float> weights(16 * 72);
    for (float &weight : weights)
      weight = normal(random);
    for (unsigned bits : {4u, 8u}) {
      for (bool isSymmetric : {true, false}) {
        TargetScheme scheme = symmetric(bits);
        if (!isSymmetric)
          scheme.options.symmetry = numerics::Symmetry::Asymmetric;
        std::vector<WeightChannel> all =
            choose(weights, 16, WeightMethod::MinMax, scheme);
        std::vector<WeightChannel> best =
            choose(weights, 16, WeightMethod::Mse, scheme);
        ASSERT_EQ(all.size(), best.size());
        for (size_t c = 0; c < all.size(); ++c) {
          EXPECT_LE(best[c].mse, all[c].mse);
          EXPECT_GE(best[c].sqnr, all[c].sqnr);
          EXPECT_GE(best[c].range.min, all[c].range.min);
          EXPECT_LE(best[c].range.max, all[c].range.max);
          // The error is that of the parameters, value by value.
          double error = 0;
          for (size_t i = c * 72; i < (c + 1) * 72; ++i) {
            const numerics::QuantParams &p = best[c].params;
            double code = std::nearbyint(weights[i] / p.scale) + p.zeroPoint;
            code = std::min<double>(std::max<double>(code, p.grid.qmin),
                                    p.grid.qmax);
            double difference = weights[i] - (code - p.zeroPoint) * p.scale;
            error += difference * difference;
          }
          EXPECT_NEAR(best[c].mse, error / 72, 1e-12);
          clipped += bits == 4 && best[c].mse < all[c].mse;
        }
      }
    }
  }
  // A Gauss distribution in 4 bits: clipping nearly always helps.
  EXPECT_GT(clipped, 1000);
}

TEST(WeightMethod, ZerosAndErrors) {
  std::vector<WeightChannel> zeros =
      choose({0.0f, 0.0f}, 1, WeightMethod::Mse, symmetric());
  ASSERT_EQ(zeros.size(), 1u);
  EXPECT_EQ(zeros[0].range, (Range{0, 0}));
  EXPECT_EQ(zeros[0].mse, 0);
  EXPECT_TRUE(std::isinf(zeros[0].sqnr));
  EXPECT_EQ(errorOf({1.0f, 2.0f, 3.0f}, 2),
            "expected weights for 2 channels, got 3 values");
  EXPECT_EQ(errorOf({}, 1), "expected weights for 1 channels, got 0 values");
  EXPECT_EQ(errorOf({1.0f, 2.0f, INFINITY, 1.0f}, 2),
            "channel 1: expected finite weights, got inf");
}
