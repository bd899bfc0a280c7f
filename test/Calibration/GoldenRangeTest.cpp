//===- GoldenRangeTest.cpp - Ranges of known histograms ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What every method makes of three tensors that integers define. The ranges
// were recorded when check_methods.py had compared all methods with NumPy;
// HWQ_PRINT_GOLDEN=1 prints the table.
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/RangeMethod.h"

#include "llvm/Support/Format.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

using namespace hwq;
using namespace hwq::calibration;

namespace {

/// 20 samples of 2000 values each, sums of twelve 32-bit integers: nearly of
/// a Gauss distribution, variance 1 around 0.
TensorStatistics tensor(const char *kind) {
  std::mt19937_64 random(12345);
  TensorStatistics statistics(Collect::Histogram);
  for (int64_t sample = 0; sample < 20; ++sample) {
    std::vector<float> values(2000);
    for (float &value : values) {
      uint64_t sum = 0;
      for (int i = 0; i < 12; ++i)
        sum += random() >> 32;
      double x = std::ldexp(double(sum), -32) - 6;
      if (kind == std::string("relu"))
        x = x > 0 ? x * x : 0;
      if (kind == std::string("tails"))
        x = x * x * x;
      value = float(x);
    }
    statistics.add(values.data(), values.size(), sample);
    statistics.addVote(4 - int(sample % 3 == 0));
  }
  return statistics;
}

struct Golden {
  const char *kind;
  const char *method;
  bool symmetric;
  double min, max;
};

const Golden golden[] = {
#include "GoldenRanges.inc"
};

const char *const methods[] = {"min-max",
                               "ema",
                               "percentile",
                               "percentile{percentile=99}",
                               "mse",
                               "sqnr",
                               "avg-std",
                               "avg-std{n=2 of=values}",
                               "aciq",
                               "aciq{prior=gauss}",
                               "octav",
                               "ifmr",
                               "hfmg",
                               "pot",
                               "fixed",
                               "kl-grid",
                               "kl-grid{variant=tpu-mlir}",
                               "auto"};

Range choose(const TensorStatistics &statistics, const char *method,
             bool symmetric) {
  TargetScheme scheme;
  if (symmetric)
    scheme.options.symmetry = numerics::Symmetry::Symmetric;
  llvm::Expected<MethodOptions> options = parseMethod(method);
  if (!options) {
    ADD_FAILURE() << llvm::toString(options.takeError());
    return {};
  }
  llvm::Expected<ChosenRange> chosen =
      chooseRange(statistics, *options, scheme);
  if (chosen)
    return chosen->range;
  ADD_FAILURE() << method << ": " << llvm::toString(chosen.takeError());
  return {};
}

} // namespace

TEST(GoldenRange, EveryMethod) {
  const char *const kinds[] = {"gauss", "relu", "tails"};
  if (std::getenv("HWQ_PRINT_GOLDEN")) {
    for (const char *kind : kinds) {
      TensorStatistics statistics = tensor(kind);
      for (const char *method : methods)
        for (bool symmetric : {false, true}) {
          Range range = choose(statistics, method, symmetric);
          llvm::outs() << "{\"" << kind << "\", \"" << method << "\", "
                       << (symmetric ? "true" : "false") << ", "
                       << llvm::format("%.9g, %.9g},\n", range.min, range.max);
        }
    }
    llvm::outs().flush();
    GTEST_SKIP() << "printed the table";
  }
  size_t compared = 0;
  for (const char *kind : kinds) {
    TensorStatistics statistics = tensor(kind);
    for (const Golden &expected : golden) {
      if (expected.kind != std::string(kind))
        continue;
      Range range = choose(statistics, expected.method, expected.symmetric);
      double width = std::max(std::fabs(expected.min), std::fabs(expected.max));
      EXPECT_NEAR(range.min, expected.min, 1e-6 * width)
          << kind << ", " << expected.method;
      EXPECT_NEAR(range.max, expected.max, 1e-6 * width)
          << kind << ", " << expected.method;
      ++compared;
    }
  }
  EXPECT_EQ(compared, std::size(kinds) * std::size(methods) * 2);
}

TEST(GoldenRange, MethodsDifferFromMinMaxWhereTheyMust) {
  TensorStatistics statistics = tensor("tails");
  Range all = choose(statistics, "min-max", false);
  for (const char *method : methods)
    if (std::string(method) != "min-max")
      EXPECT_FALSE(choose(statistics, method, false) == all) << method;
}
