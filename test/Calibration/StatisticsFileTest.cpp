//===- StatisticsFileTest.cpp - Tests of the file format --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/StatisticsFile.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"
#include "gtest/gtest.h"

#include <cstring>
#include <iostream>
#include <random>
#include <vector>

using namespace hwq::calibration;

namespace {

std::string bytesOf(const StatisticsFile &file) {
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  printStatistics(file, os);
  return os.str();
}

StatisticsFile emptyFile() {
  StatisticsFile file;
  file.modelHash = 0x0123456789abcdefu;
  file.isaLevels = {"avx2"};
  file.preparation = "mean=0 std=255";
  file.totalSamples = 40;
  file.statistics = Statistics(Collect::Histogram);
  for (const char *name : {"x", "conv", "logits"})
    file.statistics.registerTensor(name);
  return file;
}

/// Values of one sample: activations, and now and then what is rare in them.
std::vector<float> valuesOf(int64_t sample, size_t tensor, bool withBad) {
  std::mt19937_64 random(sample * 1000 + tensor);
  std::normal_distribution<float> normal(0.25f, 2.0f);
  std::vector<float> values(tensor == 0 ? 5000 : tensor == 1 ? 33000 : 12);
  for (float &value : values) {
    value = tensor == 1 ? std::max(0.0f, normal(random)) : normal(random);
    uint32_t rare = random() % 997;
    uint32_t bits = uint32_t(random());
    if (rare == 0)
      bits &= 0x807fffffu; // subnormal
    else if (rare == 1)
      bits = 0x80000000u;
    else if (rare == 2)
      bits = (bits & 0x80000000u) | 0x7f7fffffu; // the largest
    else
      continue;
    std::memcpy(&value, &bits, sizeof(value));
  }
  if (withBad && sample == 7)
    values[sample] = std::numeric_limits<float>::quiet_NaN();
  return values;
}

void addSample(StatisticsFile &file, int64_t sample, bool withBad = false,
               bool withVotes = true) {
  for (size_t t = 0; t < file.statistics.size(); ++t) {
    std::vector<float> values = valuesOf(sample, t, withBad);
    if (t == 1)
      file.statistics[t].addWithChannels(values.data(), values.size() / 3, 3,
                                         sample);
    else
      file.statistics[t].add(values.data(), values.size(), sample);
    if (withVotes)
      file.statistics[t].addVote(int(sample % 3) + int(t));
  }
}

std::string messageOf(llvm::Expected<StatisticsFile> file) {
  return file ? "" : llvm::toString(file.takeError());
}

void ignore(llvm::StringRef) {}

} // namespace

TEST(StatisticsFile, RoundTrip) {
  for (bool withBad : {false, true}) {
    StatisticsFile file = emptyFile();
    for (int64_t sample = 0; sample < 10; ++sample)
      addSample(file, sample, withBad);
    file.skipped = {11, 13};
    std::string bytes = bytesOf(file);
    llvm::Expected<StatisticsFile> read = parseStatistics(bytes, "f");
    ASSERT_TRUE(bool(read)) << llvm::toString(read.takeError());
    EXPECT_EQ(read->statistics, file.statistics);
    EXPECT_EQ(read->modelHash, file.modelHash);
    EXPECT_EQ(read->isaLevels, file.isaLevels);
    EXPECT_EQ(read->preparation, file.preparation);
    EXPECT_EQ(read->totalSamples, file.totalSamples);
    EXPECT_EQ(read->skipped, file.skipped);
    EXPECT_EQ(read->sampleIndices().size(), 10u);
    EXPECT_EQ(bytesOf(*read), bytes);
  }
}

TEST(StatisticsFile, AnySplitAndOrderOfMergingGivesTheSameBytes) {
  unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  constexpr int64_t samples = 40;
  StatisticsFile whole = emptyFile();
  for (int64_t sample = 0; sample < samples; ++sample)
    addSample(whole, sample, /*withBad=*/true);
  std::string expected = bytesOf(whole);
  for (int run = 0; run < 20; ++run) {
    std::vector<StatisticsFile> parts(1 + random() % 9, emptyFile());
    std::vector<int64_t> order(samples);
    for (int64_t i = 0; i < samples; ++i)
      order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    for (int64_t sample : order)
      addSample(parts[random() % parts.size()], sample, /*withBad=*/true);
    // Any two of those that are left, one of them from disk.
    while (parts.size() > 1) {
      std::swap(parts[random() % parts.size()], parts.back());
      llvm::Expected<StatisticsFile> last =
          parseStatistics(bytesOf(parts.back()), "part");
      ASSERT_TRUE(bool(last)) << llvm::toString(last.takeError());
      parts.pop_back();
      StatisticsFile &into = parts[random() % parts.size()];
      llvm::Error error = mergeStatistics(into, *last, ignore);
      ASSERT_FALSE(bool(error)) << llvm::toString(std::move(error));
    }
    ASSERT_EQ(bytesOf(parts.front()), expected) << "run " << run;
  }
}

TEST(StatisticsFile, RefusesToMergeWhatDoesNotBelongTogether) {
  StatisticsFile file = emptyFile();
  addSample(file, 3);
  std::string before = bytesOf(file);
  auto messageAfter = [&](auto change) {
    StatisticsFile other = emptyFile();
    addSample(other, 4);
    change(other);
    std::string message = llvm::toString(mergeStatistics(file, other, ignore));
    EXPECT_EQ(bytesOf(file), before);
    return message;
  };
  EXPECT_EQ(
      messageAfter([](StatisticsFile &f) { f.modelHash = 1; }),
      "expected statistics of one model, got model 123456789abcdef and 1");
  EXPECT_EQ(messageAfter([](StatisticsFile &f) { f.preparation = "raw"; }),
            "expected samples prepared in one way, got 'mean=0 std=255' and "
            "'raw'");
  EXPECT_EQ(
      messageAfter([](StatisticsFile &f) { f.totalSamples = 41; }),
      "expected parts of one data set, got parts of 40 and of 41 samples");
  EXPECT_EQ(messageAfter([](StatisticsFile &f) { f.voteBatch = 2; }),
            "expected votes of one batch size, got 1 and 2");
  EXPECT_EQ(messageAfter([](StatisticsFile &f) {
              f.statistics = Statistics(Collect::Histogram);
              f.statistics.add("y", valuesOf(4, 0, false).data(), 10, 4);
            }),
            "expected the same tensors with the same kinds of statistics");
  EXPECT_EQ(messageAfter([](StatisticsFile &f) {
              f = emptyFile();
              addSample(f, 4, /*withBad=*/false, /*withVotes=*/false);
            }),
            "expected votes for binary points in both or in none (method "
            "'pot')");
  EXPECT_EQ(messageAfter([](StatisticsFile &f) { addSample(f, 3); }),
            "sample 3 is in both (1 such samples in all)");
}

TEST(StatisticsFile, WarnsWhereInstructionSetsDiffer) {
  StatisticsFile a = emptyFile(), b = emptyFile();
  addSample(a, 1);
  addSample(b, 2);
  b.isaLevels = {"avx512"};
  std::string warning;
  auto warn = [&](llvm::StringRef message) { warning = message.str(); };
  ASSERT_FALSE(bool(mergeStatistics(a, b, warn)));
  EXPECT_EQ(warning,
            "floats of different instruction sets are merged (avx2; avx512): a "
            "single run would give slightly different statistics");
  EXPECT_EQ(a.isaLevels, (std::set<std::string>{"avx2", "avx512"}));
}

TEST(StatisticsFile, TruncatedAndDamagedFilesAreErrors) {
  StatisticsFile file = emptyFile();
  for (int64_t sample = 0; sample < 2; ++sample)
    addSample(file, sample);
  std::string bytes = bytesOf(file);
  EXPECT_EQ(messageOf(parseStatistics("", "f")),
            "cannot read 'f': expected statistics that hwq calibrate wrote "
            "(.hwqstats)");
  EXPECT_EQ(messageOf(parseStatistics("HWQSTATS", "f")),
            "cannot read 'f': truncated");
  std::string newer = bytes;
  newer[8] = 9;
  EXPECT_EQ(messageOf(parseStatistics(newer, "f")),
            "cannot read 'f': expected version 1, got 9");
  for (size_t size = 20; size < bytes.size(); size += bytes.size() / 50)
    EXPECT_EQ(messageOf(parseStatistics(bytes.substr(0, size), "f")),
              "cannot read 'f': truncated or damaged: the checksum differs");
}

TEST(StatisticsFile, ImpossibleContentsAreErrorsWithARightChecksum) {
  unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  StatisticsFile file = emptyFile();
  addSample(file, 0);
  addSample(file, 1, /*withBad=*/true);
  std::string bytes = bytesOf(file);
  auto seal = [](std::string damaged) {
    uint64_t hash = llvm::xxh3_64bits(llvm::StringRef(damaged).drop_back(8));
    llvm::support::endian::write64le(damaged.data() + damaged.size() - 8, hash);
    return damaged;
  };
  int refused = 0;
  for (int run = 0; run < 3000; ++run) {
    std::string damaged = bytes;
    // The head, where everything but counts is, more often than the rest.
    size_t limit = run % 2 ? 400 : damaged.size() - 8;
    for (int n = 1 + int(random() % 3); n > 0; --n)
      damaged[12 + random() % (limit - 12)] = char(random());
    if (run % 5 == 0)
      damaged.erase(20 + random() % (damaged.size() - 40), 1 + random() % 9);
    llvm::Expected<StatisticsFile> read = parseStatistics(seal(damaged), "f");
    if (!read) {
      llvm::consumeError(read.takeError());
      ++refused;
      continue;
    }
    // What was believed is consistent enough to be written and read again.
    ASSERT_EQ(messageOf(parseStatistics(bytesOf(*read), "f")), "");
  }
  EXPECT_GT(refused, 1000);
}

TEST(StatisticsFile, NamesAreUtf8) {
  StatisticsFile file = emptyFile();
  file.statistics.registerTensor("\xff");
  EXPECT_EQ(messageOf(parseStatistics(bytesOf(file), "f")),
            "cannot read 'f': tensor '': a text that is not UTF-8");
}

// Found by HWQStatisticsFuzzer: LLVM's decoder shifts by 70 bits at the 11th.
TEST(StatisticsFile, NumbersHaveAtMostTenBytes) {
  auto read = [](llvm::StringRef levels) {
    std::string bytes("HWQSTATS\1\0\0\0", 12);
    bytes += std::string(8, '\0') + levels.str();
    // Preparation, samples, batch, left out, tensors: none or 0.
    bytes += std::string(5, '\0');
    char hash[8];
    llvm::support::endian::write64le(hash, llvm::xxh3_64bits(bytes));
    return messageOf(parseStatistics(bytes + std::string(hash, 8), "f"));
  };
  EXPECT_EQ(read(llvm::StringRef("\0", 1)), "");
  EXPECT_EQ(read(std::string(9, '\x80') + '\0'), "");
  for (size_t zeros : {10, 11, 40})
    EXPECT_EQ(read(std::string(zeros, '\x80') + '\0'),
              "cannot read 'f': truncated or malformed number");
}

TEST(ExactSum, IsExactAndRoundsOnce) {
  ExactSum<6, -149> sum;
  float largest = 3.40282347e38f, tiny = 1.40129846e-45f;
  for (double term : {double(largest), double(tiny), -double(largest), 1.0})
    sum.add(term);
  EXPECT_EQ(sum.toDouble(), 1.0 + double(tiny));
  ExactSum<6, -149> only;
  for (double term : {1e30, double(tiny), -1e30})
    only.add(term);
  EXPECT_EQ(only.toDouble(), double(tiny));
  only.add(-2 * double(tiny));
  EXPECT_EQ(only.toDouble(), -double(tiny));
  // Ties to even, decided by a bit far below.
  ExactSum<6, -149> tie;
  for (double term : {std::ldexp(1, 60), std::ldexp(1, 7)})
    tie.add(term);
  EXPECT_EQ(tie.toDouble(), std::ldexp(1, 60));
  tie.add(double(tiny));
  EXPECT_EQ(tie.toDouble(), std::ldexp(1, 60) + std::ldexp(1, 8));
}

TEST(ExactSum, EqualsIntegersOfManyBits) {
  unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937_64 random(seed);
  for (int run = 0; run < 200; ++run) {
    ExactSum<10, -298> sum, reversed;
    __int128 expected = 0;
    std::vector<double> terms;
    for (int i = 0; i < 100; ++i) {
      auto mantissa = static_cast<int64_t>(random() >> 12);
      if (random() % 2)
        mantissa = -mantissa;
      int shift = int(random() % 60);
      expected += static_cast<__int128>(mantissa) << shift;
      terms.push_back(std::ldexp(double(mantissa), shift - 298));
      sum.add(terms.back());
    }
    for (size_t i = terms.size(); i-- > 0;)
      reversed.add(terms[i]);
    EXPECT_EQ(sum, reversed);
    EXPECT_EQ(sum.toDouble(), std::ldexp(double(expected), -298));
    ExactSum<10, -298> twice = sum;
    twice.add(sum);
    EXPECT_EQ(twice.toDouble(), 2 * sum.toDouble());
  }
}

TEST(TensorStatistics, MeanAndDeviation) {
  std::mt19937_64 random(5);
  std::normal_distribution<float> normal(3.0f, 0.5f);
  std::vector<float> values(100000);
  long double sum = 0, squares = 0;
  for (float &value : values) {
    value = normal(random);
    sum += value;
  }
  for (float value : values)
    squares += (value - sum / values.size()) * (value - sum / values.size());
  TensorStatistics s(Collect::Histogram);
  for (size_t i = 0; i < 10; ++i)
    s.add(values.data() + i * 10000, 10000, int64_t(i));
  EXPECT_NEAR(s.mean(), double(sum / values.size()), 1e-13);
  EXPECT_NEAR(s.deviation(), double(std::sqrt(squares / (values.size() - 1))),
              1e-12);
  EXPECT_EQ(s.samples().size(), 10u);
  EXPECT_EQ(s.samples()[9].index, 9);
}
