//===- RangeMethodTest.cpp - Tests of the range methods ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/RangeMethod.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace hwq::calibration;

using Method = MethodOptions::Method;

namespace {

TensorStatistics statisticsOf(const std::vector<float> &values,
                              Collect collect = Collect::Histogram) {
  TensorStatistics s(collect);
  s.add(values.data(), values.size(), 0);
  return s;
}

MethodOptions percentile(double p) {
  MethodOptions options;
  options.method = Method::Percentile;
  options.percentile = p;
  return options;
}

std::string errorOf(const TensorStatistics &s, const MethodOptions &options) {
  llvm::Expected<ChosenRange> range = chooseRange(s, options);
  return range ? "no error" : llvm::toString(range.takeError());
}

Range rangeOf(const TensorStatistics &s, const MethodOptions &options) {
  llvm::Expected<ChosenRange> range = chooseRange(s, options);
  if (range)
    return range->range;
  ADD_FAILURE() << llvm::toString(range.takeError());
  return {};
}

/// Percentile `thousandths` / 1000 from its definition, in integers.
struct Exact {
  float low, high;
  Exact(std::vector<float> values, uint64_t thousandths) {
    std::sort(values.begin(), values.end());
    uint64_t n = values.size();
    uint64_t rank = (n * thousandths + 99999) / 100000;
    low = values[n - rank];
    high = values[rank - 1];
  }
};

void expectPercentile(const std::vector<float> &values, uint64_t thousandths) {
  SCOPED_TRACE(std::to_string(values.size()) + " values, percentile " +
               std::to_string(thousandths) + "/1000");
  Exact exact(values, thousandths);
  Range range =
      rangeOf(statisticsOf(values), percentile(double(thousandths) / 1000.0));
  float low = float(range.min), high = float(range.max);
  // Never inside, and in the same bin: the grid's precision, no more.
  EXPECT_LE(low, exact.low);
  EXPECT_GE(high, exact.high);
  auto sameBin = [](float a, float b) {
    return (a == 0 && b == 0) ||
           FloatHistogram::binKey(a) == FloatHistogram::binKey(b);
  };
  EXPECT_TRUE(sameBin(low, exact.low)) << low << " for " << exact.low;
  EXPECT_TRUE(sameBin(high, exact.high)) << high << " for " << exact.high;
  // Inside the data.
  EXPECT_GE(low, *std::min_element(values.begin(), values.end()));
  EXPECT_LE(high, *std::max_element(values.begin(), values.end()));
}

std::string parseError(llvm::StringRef text) {
  llvm::Expected<MethodOptions> parsed = parseMethod(text);
  return parsed ? "no error" : llvm::toString(parsed.takeError());
}

TEST(RangeMethod, NamesAreParsed) {
  for (llvm::StringRef name : methodNames()) {
    llvm::Expected<MethodOptions> parsed = parseMethod(name);
    ASSERT_TRUE(bool(parsed)) << name.str();
    EXPECT_EQ(methodName(parsed->method), name);
    EXPECT_EQ(printMethod(*parsed), name);
  }
  for (const char *wrong : {"", "minmax", "Min-Max", "percentile "})
    EXPECT_EQ(parseError(wrong),
              "unknown calibration method '" + std::string(wrong) +
                  "', expected one of: min-max, ema, percentile, mse, sqnr, "
                  "avg-std, aciq, octav, ifmr, hfmg, pot, fixed, kl, kl-grid, "
                  "auto");
  EXPECT_EQ(requiredCollect(Method::MinMax), Collect::MinMax);
  EXPECT_EQ(requiredCollect(Method::Percentile), Collect::Histogram);
}

TEST(RangeMethod, OptionsAreParsed) {
  for (const char *text :
       {"percentile{percentile=99.9}", "ema{momentum=0}", "ema{momentum=0.5}",
        "avg-std{n=2.5 of=values}", "aciq{prior=gauss}",
        "sqnr{clipping-weight=1}", "fixed{threshold=6}", "kl{variant=tpu-mlir}",
        "kl-grid{variant=tpu-mlir}"}) {
    llvm::Expected<MethodOptions> parsed = parseMethod(text);
    ASSERT_TRUE(bool(parsed)) << llvm::toString(parsed.takeError());
    EXPECT_EQ(printMethod(*parsed), text);
  }
  EXPECT_EQ(parseError("ema{momentum=1}"),
            "expected momentum to be at least 0 and below 1, got '1'");
  EXPECT_EQ(parseError("percentile{percentile=50}"),
            "expected percentile to be above 50 and at most 100, got '50'");
  EXPECT_EQ(parseError("percentile{percentile=nan}"),
            "expected percentile to be above 50 and at most 100, got 'nan'");
  EXPECT_EQ(parseError("fixed{threshold=-1}"),
            "expected threshold to be above 0 and at most 1e+30, got '-1'");
  EXPECT_EQ(parseError("kl{variant=x}"),
            "expected variant to be one of: tensorrt, tpu-mlir; got 'x'");
  EXPECT_EQ(parseError("kl{p=1}"),
            "method 'kl' has no option 'p', expected variant");
  EXPECT_EQ(parseError("min-max{p=1}"),
            "method 'min-max' has no option 'p', expected none");
  EXPECT_EQ(parseError("kl{variant=tensorrt"),
            "expected '}' at the end of 'kl{variant=tensorrt'");
}

TEST(RangeMethod, MinMaxIsExact) {
  std::vector<float> values = {0.1f, -3.3333333f, 1e-40f, 7.7777777f};
  for (Collect collect : {Collect::MinMax, Collect::Histogram})
    EXPECT_EQ(rangeOf(statisticsOf(values, collect), MethodOptions()),
              (Range{-3.3333333f, 7.7777777f}));
}

TEST(RangeMethod, EmptyStatisticsAreAnError) {
  const char *message = "no values were seen, so there is no range to choose";
  EXPECT_EQ(errorOf(TensorStatistics(), MethodOptions()), message);
  EXPECT_EQ(errorOf(TensorStatistics(Collect::Histogram), percentile(99)),
            message);
}

TEST(RangeMethod, BadValuesAreAnError) {
  TensorStatistics s = statisticsOf({1.0f, 2.0f});
  std::vector<float> bad = {3.0f, std::numeric_limits<float>::infinity(),
                            std::numeric_limits<float>::quiet_NaN()};
  s.add(bad.data(), bad.size(), 17);
  const char *message = "expected finite values, but sample 17 has inf at "
                        "element 1 (2 such values in all)";
  EXPECT_EQ(errorOf(s, MethodOptions()), message);
  EXPECT_EQ(errorOf(s, percentile(99)), message);
  // Even if nothing else was seen.
  TensorStatistics only;
  only.add(&bad[2], 1, 0);
  EXPECT_EQ(errorOf(only, MethodOptions()),
            "expected finite values, but sample 0 has nan at element 0 (1 such "
            "values in all)");
}

TEST(RangeMethod, PercentileNeedsHistogramAndSensibleArgument) {
  std::vector<float> values = {1.0f, 2.0f};
  EXPECT_EQ(errorOf(statisticsOf(values, Collect::MinMax), percentile(99)),
            "method 'percentile' needs a histogram, but only min and max were "
            "collected");
  TensorStatistics s = statisticsOf(values);
  for (double p : {50.0, 0.0, -1.0, 100.0001, 1e300, -1e300,
                   std::numeric_limits<double>::infinity()})
    EXPECT_NE(errorOf(s, percentile(p))
                  .find("percentile must be above 50 and at most 100, but is "),
              std::string::npos)
        << p;
  EXPECT_NE(errorOf(s, percentile(std::nan(""))), "no error");
}

TEST(RangeMethod, ChannelsHaveNoRangesOfSamples) {
  std::vector<float> values = {1.0f, 2.0f, 3.0f, 4.0f};
  TensorStatistics s(Collect::Histogram);
  s.addWithChannels(values.data(), /*rows=*/2, /*channels=*/2, 0);
  ASSERT_EQ(s.channels().size(), 2u);
  for (llvm::StringRef name : {"ema", "avg-std"}) {
    MethodOptions options = llvm::cantFail(parseMethod(name));
    EXPECT_EQ(errorOf(s.channels()[1], options),
              "method '" + name.str() +
                  "' needs the range of each sample, which these statistics do "
                  "not have");
    EXPECT_EQ(errorOf(s, options), "no error");
  }
  EXPECT_EQ(errorOf(s.channels()[1],
                    llvm::cantFail(parseMethod("avg-std{of=values}"))),
            "no error");
}

TEST(RangeMethod, AllZeroTensorGivesZero) {
  TensorStatistics s = statisticsOf(std::vector<float>(777, -0.0f));
  for (const MethodOptions &options :
       {MethodOptions(), percentile(99.99), percentile(51), percentile(100)}) {
    Range range = rangeOf(s, options);
    EXPECT_EQ(range, (Range{0.0, 0.0}));
    EXPECT_FALSE(std::signbit(range.min));
    EXPECT_FALSE(std::signbit(range.max));
  }
}

TEST(RangeMethod, ConstantTensorIsExact) {
  for (float value : {0.1f, -0.1f, FLT_MAX, -FLT_MAX, 1e-45f, -1e-45f})
    for (double p : {51.0, 99.99, 100.0})
      EXPECT_EQ(
          rangeOf(statisticsOf(std::vector<float>(10, value)), percentile(p)),
          (Range{value, value}));
}

TEST(RangeMethod, AutoLeavesOutWhatTheSchemeRefuses) {
  // Ascend's search reaches beyond the largest float.
  TargetScheme scheme;
  scheme.rule = hwq::numerics::DerivationRule::PDpu;
  scheme.options.symmetry = hwq::numerics::Symmetry::Symmetric;
  llvm::Expected<ChosenRange> chosen =
      chooseRange(statisticsOf(std::vector<float>(10, FLT_MAX)),
                  llvm::cantFail(parseMethod("auto")), scheme);
  ASSERT_TRUE(bool(chosen)) << llvm::toString(chosen.takeError());
  EXPECT_LE(chosen->range.max, FLT_MAX);
}

TEST(RangeMethod, PercentileByHand) {
  // 1..1000, all exact on the grid.
  std::vector<float> values;
  for (int i = 1; i <= 1000; ++i)
    values.push_back(float(i));
  TensorStatistics s = statisticsOf(values);
  // 1000 * 99.9 / 100 = 999: one value is cut from each end. The bins of 2 and
  // 999 end at 2 + 8191 * 2^-22 and 999 + 8191 * 2^-14.
  EXPECT_EQ(rangeOf(s, percentile(99.9)),
            (Range{2.0, 999.0 + 8191.0 / 16384.0}));
  // 999.5 is rounded up to 1000: nothing is cut.
  EXPECT_EQ(rangeOf(s, percentile(99.95)), (Range{1.0, 1000.0}));
  EXPECT_EQ(rangeOf(s, percentile(100)), (Range{1.0, 1000.0}));
  for (float &value : values)
    value = -value;
  EXPECT_EQ(rangeOf(statisticsOf(values), percentile(99.9)),
            (Range{-999.0 - 8191.0 / 16384.0, -2.0}));
}

// 100000 * 69.266 in double arithmetic is more than 6926600.
TEST(RangeMethod, RankIsExactForDecimalPercentiles) {
  std::vector<float> values(100000);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = float(i + 1);
  TensorStatistics s = statisticsOf(values);
  // Bins hold 32 or 64 of these values; a rank that is off by one shows where
  // a bin ends.
  for (uint64_t rank = 50001; rank <= 100000; rank += 7) {
    Range range = rangeOf(s, percentile(double(rank) / 1000.0));
    float value = float(rank);
    ASSERT_GE(range.max, value);
    ASSERT_EQ(FloatHistogram::binKey(float(range.max)),
              FloatHistogram::binKey(value))
        << rank;
  }
}

TEST(RangeMethod, RankOfHugeCounts) {
  // 2^40 values by merging: half -1, a quarter 1, a quarter 2.
  TensorStatistics s = statisticsOf({-1.0f, 1.0f, -1.0f, 2.0f});
  for (int i = 0; i < 38; ++i)
    s.merge(s);
  ASSERT_EQ(s.count(), uint64_t(1) << 40);
  EXPECT_EQ(rangeOf(s, percentile(75.0000001)).max, 2.0);
  EXPECT_LT(rangeOf(s, percentile(75)).max, 1.001);
  EXPECT_EQ(rangeOf(s, percentile(99.9999999)), (Range{-1.0, 2.0}));
}

TEST(RangeMethod, PercentileOfMostlyZeros) {
  std::vector<float> values(1000, 0.0f);
  for (int i = 0; i < 10; ++i)
    values[i] = 1.0f + float(i);
  // 99 % leaves exactly the zeros, 99.1 % the smallest of the others.
  EXPECT_EQ(rangeOf(statisticsOf(values), percentile(99)), (Range{0.0, 0.0}));
  Range range = rangeOf(statisticsOf(values), percentile(99.1));
  EXPECT_EQ(range.min, 0.0);
  EXPECT_GE(range.max, 1.0);
  EXPECT_LT(range.max, 1.001);
  for (int i = 0; i < 10; ++i)
    values[i] = -values[i];
  EXPECT_EQ(rangeOf(statisticsOf(values), percentile(99)), (Range{0.0, 0.0}));
  EXPECT_EQ(rangeOf(statisticsOf(values), percentile(99.1)).max, 0.0);
  EXPECT_LE(rangeOf(statisticsOf(values), percentile(99.1)).min, -1.0);
}

TEST(RangeMethod, PercentileEqualsSorting) {
  uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  printf("seed %llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 200; ++round) {
    // Both ways of counting, few values and many, for each kind of data.
    size_t n = round % 21 == 0 ? 100000 : 1 + random() % 5000;
    int kind = round % 5;
    std::normal_distribution<float> normal(
        kind == 1 ? 3.0f : 0.0f, std::ldexp(1.0f, int(random() % 60) - 30));
    std::vector<float> values(n);
    for (float &value : values) {
      value = normal(random);
      if (kind == 2) // relu
        value = std::max(value, 0.0f);
      if (kind == 3) // heavy tails, of all magnitudes
        value = std::exp(8.0f * value) * (random() % 2 ? 1.0f : -1.0f);
      if (kind == 4) // subnormal numbers
        value = std::ldexp(float(int(random() % 60001) - 30000), -149);
      if (!std::isfinite(value))
        value = FLT_MAX;
    }
    for (uint64_t thousandths :
         {50001u, 60000u, 90000u, 99000u, 99900u, 99990u, 99999u, 100000u})
      expectPercentile(values, thousandths);
    expectPercentile(values, 50001 + random() % 50000);
  }
}

TEST(RangeMethod, HundredIsMinMax) {
  std::mt19937_64 random(5);
  std::cauchy_distribution<float> cauchy;
  for (size_t n : {1, 2, 3, 1000, 40000}) {
    std::vector<float> values(n);
    for (float &value : values)
      value = cauchy(random);
    TensorStatistics s = statisticsOf(values);
    EXPECT_EQ(rangeOf(s, percentile(100)), rangeOf(s, MethodOptions()));
  }
}

TEST(RangeMethod, EndsNeverCross) {
  for (size_t n = 1; n < 40; ++n) {
    std::vector<float> values(n);
    for (size_t i = 0; i < n; ++i)
      values[i] = float(i) - 7.0f;
    for (double p : {std::nextafter(50.0, 51.0), 50.5, 51.0}) {
      Range range = rangeOf(statisticsOf(values), percentile(p));
      EXPECT_LE(range.min, range.max) << n;
    }
  }
}

} // namespace
