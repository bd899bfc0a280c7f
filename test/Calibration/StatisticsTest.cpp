//===- StatisticsTest.cpp - Tests of the streaming statistics ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/Statistics.h"

#include "../../lib/Calibration/StatisticsKernels.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <random>
#include <vector>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

using namespace hwq::calibration;

namespace {

uint32_t bitsOf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

float floatOf(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float tiny = std::numeric_limits<float>::denorm_min();

/// All that can be observed of statistics, as integers.
std::vector<uint64_t> digest(const TensorStatistics &s) {
  std::vector<uint64_t> result = {uint64_t(s.collect()), s.count(),
                                  s.zeroCount(),         s.badCount(),
                                  bitsOf(s.min()),       bitsOf(s.max())};
  if (std::optional<BadValue> bad = s.firstBad()) {
    result.push_back(uint64_t(bad->sampleIndex));
    result.push_back(bad->elementIndex);
    result.push_back(uint64_t(bad->kind));
  }
  if (s.histogram())
    s.histogram()->forEachAscending([&](const FloatHistogram::Bin &bin) {
      result.push_back(bitsOf(bin.low));
      result.push_back(bitsOf(bin.high));
      result.push_back(bin.count);
      return true;
    });
  return result;
}

/// Any representation: all exponents, NaN, infinities, zeros.
std::vector<float> randomBits(std::mt19937_64 &random, size_t n) {
  std::vector<float> values(n);
  for (float &value : values)
    value = floatOf(uint32_t(random()));
  return values;
}

/// Activations: bell-shaped around something, or after a relu, with a few
/// subnormal numbers and -0.0.
std::vector<float> randomActivations(std::mt19937_64 &random, size_t n) {
  std::vector<float> values(n);
  std::normal_distribution<float> normal(
      0.5f, std::ldexp(1.0f, int(random() % 40) - 20));
  bool relu = random() % 2;
  for (float &value : values) {
    value = normal(random);
    if (relu && value < 0)
      value = random() % 2 ? 0.0f : -0.0f;
    if (random() % 64 == 0)
      value = floatOf(uint32_t(random() % 20000)) * (random() % 2 ? 1 : -1);
  }
  return values;
}

/// The same statistics from their definitions, value by value.
void expectDefinition(const std::vector<float> &values,
                      const TensorStatistics &s) {
  std::map<float, uint64_t> bins; // by the end of the bin nearer to zero
  uint64_t finite = 0, zeros = 0, bad = 0;
  float lo = inf, hi = -inf;
  for (float value : values) {
    if (!std::isfinite(value)) {
      ++bad;
      continue;
    }
    ++finite;
    lo = std::min(lo, value + 0.0f);
    hi = std::max(hi, value + 0.0f);
    if (value == 0)
      ++zeros;
    else
      ++bins[floatOf(bitsOf(value) & 0xffffe000u)];
  }
  EXPECT_EQ(s.count(), finite);
  EXPECT_EQ(s.zeroCount(), zeros);
  EXPECT_EQ(s.badCount(), bad);
  if (finite) {
    EXPECT_EQ(bitsOf(s.min()), bitsOf(lo));
    EXPECT_EQ(bitsOf(s.max()), bitsOf(hi));
  }
  if (!s.histogram())
    return;
  EXPECT_EQ(s.histogram()->total(), finite - zeros);
  // The two bins at zero have +0.0 and -0.0 as ends and are one key here.
  uint64_t atZero = 0;
  s.histogram()->forEachAscending([&](const FloatHistogram::Bin &bin) {
    EXPECT_LE(bin.low, bin.high);
    float inner = bin.low > 0 ? bin.low : bin.high;
    if (std::fabs(inner) == tiny) {
      atZero += bin.count;
      return true;
    }
    auto it = bins.find(inner);
    EXPECT_TRUE(it != bins.end()) << inner;
    if (it != bins.end()) {
      EXPECT_EQ(it->second, bin.count) << inner;
      bins.erase(it);
    }
    return true;
  });
  EXPECT_EQ(bins[0.0f], atZero);
  bins.erase(0.0f);
  EXPECT_TRUE(bins.empty());
}

TEST(TensorStatistics, EmptyHasNothing) {
  for (Collect collect : {Collect::MinMax, Collect::Histogram}) {
    TensorStatistics s(collect);
    s.add(nullptr, 0, 0);
    EXPECT_TRUE(s.empty());
    EXPECT_EQ(s.count(), 0u);
    EXPECT_EQ(s.min(), 0.0f);
    EXPECT_EQ(s.max(), 0.0f);
    EXPECT_FALSE(s.firstBad());
  }
}

TEST(TensorStatistics, EqualsDefinition) {
  std::mt19937_64 random(11);
  // Around the width of vectors and the size of blocks.
  for (size_t n : {1, 2, 7, 8, 9, 31, 33, 100, 4095, 4096, 4097, 12289, 50000})
    for (Collect collect : {Collect::MinMax, Collect::Histogram})
      for (bool activations : {false, true}) {
        std::vector<float> values =
            activations ? randomActivations(random, n) : randomBits(random, n);
        TensorStatistics s(collect);
        s.add(values.data(), n, 0);
        expectDefinition(values, s);
      }
}

// Large tensors are counted in another way than small ones; all finite floats,
// then with one bad block among good ones.
TEST(TensorStatistics, LargeTensorOfAllMagnitudesEqualsDefinition) {
  std::mt19937_64 random(15);
  std::vector<float> values(150000);
  for (float &value : values)
    do
      value = floatOf(uint32_t(random()));
    while (!std::isfinite(value));
  for (int round = 0; round < 4; ++round) {
    if (round == 1)
      values[70000] = -nan;
    if (round == 2) // one sign
      for (float &value : values)
        value = -std::fabs(value);
    if (round == 3)
      for (float &value : values)
        value = std::fabs(value);
    TensorStatistics s(Collect::Histogram), pieces(Collect::Histogram);
    s.add(values.data(), values.size(), 0);
    expectDefinition(values, s);
    for (size_t i = 0; i < values.size(); i += 1000)
      pieces.add(values.data() + i, 1000, 0);
    EXPECT_EQ(*s.histogram(), *pieces.histogram());
  }
}

TEST(TensorStatistics, SamplesTogetherEqualSamplesOneByOne) {
  std::mt19937_64 random(17);
  // Few values, and enough for the other way of counting; with bad ones.
  for (size_t n : {0, 1, 100, 5000, 20000})
    for (Collect collect : {Collect::MinMax, Collect::Histogram})
      for (bool activations : {false, true}) {
        std::vector<int64_t> indices = {4, 2, 9};
        std::vector<float> values = activations
                                        ? randomActivations(random, n * 3)
                                        : randomBits(random, n * 3);
        TensorStatistics together(collect), single(collect);
        together.addSamples(values.data(), n, indices);
        for (size_t s = 0; s < indices.size(); ++s)
          single.add(values.data() + s * n, n, indices[s]);
        EXPECT_EQ(together, single);
        EXPECT_EQ(digest(together), digest(single));
      }
}

// The kernel of this CPU equals the one of any CPU.
TEST(StatisticsKernels, EveryInstructionSetFindsTheSame) {
  using namespace detail;
  std::mt19937_64 random(18);
  for (int round = 0; round < 300; ++round) {
    size_t n = round < 40 ? size_t(round) : random() % (keyBlockSize + 1);
    std::vector<float> values =
        round % 4 ? randomActivations(random, n) : randomBits(random, n);
    if (round % 8 == 0)
      for (float &value : values)
        value = std::isfinite(value) ? value : -0.0f;
    if (round % 16 == 0 && n)
      values[random() % n] = random() % 2 ? nan : -inf;
    std::vector<uint32_t> keys(keyBufferSize), portableKeys(keyBufferSize);
    CountedBlock block = countBlock(values.data(), n, keys.data());
    CountedBlock portable =
        countBlockPortable(values.data(), n, portableKeys.data());
    ASSERT_EQ(block.summary.allFinite(), portable.summary.allFinite());
    if (n == 0 || !block.summary.allFinite())
      continue;
    auto zeroIsOne = [](int32_t ordered) {
      return ordered == -1 ? 0 : ordered;
    };
    EXPECT_EQ(zeroIsOne(block.summary.orderedMin),
              zeroIsOne(portable.summary.orderedMin));
    EXPECT_EQ(zeroIsOne(block.summary.orderedMax),
              zeroIsOne(portable.summary.orderedMax));
    EXPECT_EQ(block.summary.numZeros, portable.summary.numZeros);
    EXPECT_EQ(block.sums.sum, portable.sums.sum);
    EXPECT_EQ(block.sums.squares, portable.sums.squares);
    ASSERT_EQ(block.numKeys, portable.numKeys);
    EXPECT_TRUE(std::equal(keys.begin(), keys.begin() + block.numKeys,
                           portableKeys.begin()));
  }
}

TEST(TensorStatistics, ChannelsOnAnyAxis) {
  // [2, 3, 4]: channel c has 4 values at 4 c and at 12 + 4 c.
  std::vector<float> values(24);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(i * i) - 50.0f;
  TensorStatistics s(Collect::Histogram);
  s.addWithChannels(values.data(), 2, 3, /*sampleIndex=*/0, /*inner=*/4);
  TensorStatistics whole(Collect::Histogram);
  whole.add(values.data(), values.size(), 0);
  EXPECT_EQ(s.count(), whole.count());
  EXPECT_EQ(s.sum(), whole.sum());
  ASSERT_EQ(s.channels().size(), 3u);
  for (size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(s.channels()[c].count(), 8u);
    EXPECT_EQ(s.channels()[c].min(), values[4 * c]);
    EXPECT_EQ(s.channels()[c].max(), values[12 + 4 * c + 3]);
  }
}

TEST(TensorStatistics, NegativeZeroIsZero) {
  std::vector<float> values(5000, -0.0f);
  values[3] = 0.0f;
  TensorStatistics s(Collect::Histogram);
  s.add(values.data(), values.size(), 0);
  EXPECT_EQ(s.zeroCount(), 5000u);
  EXPECT_EQ(bitsOf(s.min()), 0u);
  EXPECT_EQ(bitsOf(s.max()), 0u);
  EXPECT_EQ(s.histogram()->total(), 0u);
  EXPECT_EQ(s.histogram()->memoryBytes(), 0u);
  // The order of -0.0 and +0.0 must not be seen.
  float minus = -0.0f, plus = 0.0f;
  TensorStatistics a(Collect::Histogram), b(Collect::Histogram);
  a.add(&minus, 1, 0);
  b.add(&plus, 1, 0);
  EXPECT_EQ(a, b);
}

TEST(TensorStatistics, ConstantTensor) {
  std::vector<float> values(10000, -0.4242f);
  TensorStatistics s(Collect::Histogram);
  s.add(values.data(), values.size(), 0);
  expectDefinition(values, s);
  EXPECT_EQ(s.min(), -0.4242f);
  EXPECT_EQ(s.max(), -0.4242f);
}

TEST(TensorStatistics, SubnormalAndHugeValues) {
  std::vector<float> values = {tiny,
                               -tiny,
                               FLT_MIN,
                               FLT_MAX,
                               -FLT_MAX,
                               floatOf(0x007fffff),
                               0.0f,
                               -0.0f,
                               floatOf(8191),
                               floatOf(8192),
                               floatOf(0x80002000)};
  TensorStatistics s(Collect::Histogram);
  s.add(values.data(), values.size(), 0);
  expectDefinition(values, s);
  EXPECT_EQ(s.zeroCount(), 2u);
  EXPECT_EQ(s.min(), -FLT_MAX);
  EXPECT_EQ(s.max(), FLT_MAX);
  EXPECT_EQ(s.badCount(), 0u);

  TensorStatistics small(Collect::Histogram);
  small.add(values.data(), 2, 0);
  EXPECT_EQ(bitsOf(small.min()), 0x80000001u);
  EXPECT_EQ(bitsOf(small.max()), 1u);
  EXPECT_EQ(small.zeroCount(), 0u);
}

#if defined(__SSE2__)
TEST(TensorStatistics, FlushToZeroModeDoesNotMatter) {
  std::mt19937_64 random(12);
  std::vector<float> values = randomActivations(random, 30000);
  for (Collect collect : {Collect::MinMax, Collect::Histogram}) {
    TensorStatistics plain(collect), flushed(collect);
    plain.add(values.data(), values.size(), 0);
    unsigned saved = _mm_getcsr();
    _mm_setcsr(saved | 0x8040); // flush to zero, denormals are zero
    flushed.add(values.data(), values.size(), 0);
    _mm_setcsr(saved);
    EXPECT_EQ(digest(plain), digest(flushed));
  }
}
#endif

TEST(TensorStatistics, FirstBadValueBySampleWhateverTheOrder) {
  std::vector<float> sample(9000, 1.0f);
  TensorStatistics s(Collect::Histogram), other(Collect::Histogram);
  sample[8000] = -inf;
  s.add(sample.data(), sample.size(), 7);
  EXPECT_EQ(s.firstBad()->kindName(), "-inf");
  sample[8500] = nan;
  other.add(sample.data(), sample.size(), 5);
  sample[42] = -nan;
  other.add(sample.data(), sample.size(), 6);
  s.merge(other);
  ASSERT_TRUE(s.firstBad());
  EXPECT_EQ(s.firstBad()->sampleIndex, 5);
  EXPECT_EQ(s.firstBad()->elementIndex, 8000u);
  EXPECT_EQ(s.firstBad()->kind, BadValue::Kind::MinusInfinity);
  EXPECT_EQ(s.badCount(), 1u + 2u + 3u);
  // What is finite is still right.
  EXPECT_EQ(s.count(), 27000u - 6u);
  EXPECT_EQ(s.histogram()->total(), 27000u - 6u);
  EXPECT_EQ(s.min(), 1.0f);
  EXPECT_EQ(s.max(), 1.0f);
}

TEST(TensorStatistics, EveryKindOfBadValueIsFound) {
  for (uint32_t bits : {0x7f800000u, 0xff800000u, 0x7f800001u, 0xff800001u,
                        0x7fc00000u, 0xffc00000u, 0x7fffffffu, 0xffffffffu})
    for (Collect collect : {Collect::MinMax, Collect::Histogram})
      for (size_t place : {0, 5, 4095, 4096, 4999}) {
        std::vector<float> values(5000, -2.0f);
        values[place] = floatOf(bits);
        TensorStatistics s(collect);
        s.add(values.data(), values.size(), 3);
        ASSERT_TRUE(s.firstBad()) << std::hex << bits;
        EXPECT_EQ(s.firstBad()->elementIndex, place);
        EXPECT_EQ(s.badCount(), 1u);
        EXPECT_EQ(s.min(), -2.0f);
        EXPECT_EQ(s.max(), -2.0f);
      }
}

TEST(TensorStatistics, SplitsAndMergeOrdersGiveTheSameBits) {
  uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  RecordProperty("seed", std::to_string(seed));
  printf("seed %llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 40; ++round) {
    Collect collect = round % 4 ? Collect::Histogram : Collect::MinMax;
    std::vector<std::vector<float>> samples(1 + random() % 24);
    TensorStatistics whole(collect);
    for (size_t i = 0; i < samples.size(); ++i) {
      // Some large enough for the other way of counting.
      size_t n = random() % (random() % 8 ? 9000 : 60000);
      samples[i] =
          round % 2 ? randomActivations(random, n) : randomBits(random, n);
      whole.add(samples[i].data(), n, int64_t(i));
    }
    // Samples in any order to any of several parts.
    std::vector<size_t> order(samples.size());
    for (size_t i = 0; i < order.size(); ++i)
      order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    std::vector<TensorStatistics> parts(1 + random() % 8,
                                        TensorStatistics(collect));
    for (size_t i : order)
      parts[random() % parts.size()].add(samples[i].data(), samples[i].size(),
                                         int64_t(i));
    // Merged as a random tree.
    while (parts.size() > 1) {
      size_t a = random() % parts.size(), b = random() % parts.size();
      if (a == b)
        continue;
      parts[a].merge(parts[b]);
      parts.erase(parts.begin() + ptrdiff_t(b));
    }
    ASSERT_EQ(digest(whole), digest(parts[0])) << "round " << round;
    ASSERT_EQ(whole, parts[0]);
  }
}

TEST(TensorStatistics, MergeWithoutHistogramHasNone) {
  float value = 3.0f;
  for (bool emptyOne : {false, true}) {
    TensorStatistics with(Collect::Histogram), without(Collect::MinMax);
    with.add(&value, 1, 0);
    if (!emptyOne)
      without.add(&value, 1, 1);
    TensorStatistics ab = with, ba = without;
    ab.merge(without);
    ba.merge(with);
    EXPECT_EQ(ab, ba);
    EXPECT_EQ(ab.histogram(), nullptr);
    EXPECT_EQ(ab.count(), emptyOne ? 1u : 2u);
  }
}

TEST(TensorStatistics, MergeWithItselfDoubles) {
  std::vector<float> values = {1.0f, 0.0f, -7.0f};
  TensorStatistics s(Collect::Histogram), twice(Collect::Histogram);
  s.add(values.data(), 3, 0);
  for (int i = 0; i < 2; ++i)
    twice.add(values.data(), 3, 0);
  s.merge(s);
  EXPECT_EQ(s, twice);
}

TEST(TensorStatistics, EqualitySeesEveryField) {
  std::vector<float> values = {1.0f, 2.0f, 3.0f}, changed = {1.0f, 2.5f, 3.0f};
  TensorStatistics a(Collect::Histogram), b(Collect::Histogram);
  a.add(values.data(), 3, 0);
  b.add(changed.data(), 3, 0);
  EXPECT_NE(a, b);
  EXPECT_NE(digest(a), digest(b));
}

// A first batch of almost nothing followed by ordinary data made others' bins
// grow without bound.
TEST(TensorStatistics, MemoryIsBoundedForAnyScale) {
  std::mt19937_64 random(13);
  std::normal_distribution<float> normal;
  TensorStatistics s(Collect::Histogram);
  std::vector<float> values(1 << 16);
  for (int sample = 0; sample < 20; ++sample) {
    for (float &value : values)
      value = normal(random) * (sample == 0 ? 1e-8f : 1.0f);
    s.add(values.data(), values.size(), sample);
  }
  // About 18 octaves for each of the two scales and signs.
  EXPECT_LT(s.memoryBytes(), size_t(80) * 1024 * 8);
  EXPECT_EQ(s.histogram()->total() + s.zeroCount(), s.count());

  // At worst, every octave.
  TensorStatistics all(Collect::Histogram);
  std::vector<float> any = randomBits(random, 1 << 20);
  all.add(any.data(), any.size(), 0);
  EXPECT_LE(all.memoryBytes(), size_t(4200) * 1024);
}

TEST(FloatHistogram, BinsAreExactAndInBothOrders) {
  std::mt19937_64 random(14);
  FloatHistogram histogram;
  for (int i = 0; i < 2000; ++i) {
    float value = floatOf(uint32_t(random()));
    if (std::isfinite(value) && value != 0)
      histogram.add(FloatHistogram::binKey(value), 1 + random() % 5);
  }
  histogram.add(FloatHistogram::binKey(tiny));
  histogram.add(FloatHistogram::binKey(-tiny), 2);
  std::vector<float> lows, lowsBack;
  float last = -inf;
  uint64_t total = 0;
  histogram.forEachAscending([&](const FloatHistogram::Bin &bin) {
    EXPECT_LT(last, bin.low);
    EXPECT_LE(bin.low, bin.high);
    EXPECT_EQ(FloatHistogram::binKey(bin.low),
              FloatHistogram::binKey(bin.high));
    // The neighbours are in other bins.
    EXPECT_NE(FloatHistogram::binKey(std::nextafter(bin.low, -inf)),
              bin.low == tiny ? ~0u : FloatHistogram::binKey(bin.low));
    last = bin.high;
    total += bin.count;
    lows.push_back(bin.low);
    return true;
  });
  histogram.forEachDescending([&](const FloatHistogram::Bin &bin) {
    lowsBack.push_back(bin.low);
    return true;
  });
  std::reverse(lowsBack.begin(), lowsBack.end());
  EXPECT_EQ(lows, lowsBack);
  EXPECT_EQ(total, histogram.total());
  // Stops when asked to.
  int visited = 0;
  histogram.forEachAscending(
      [&](const FloatHistogram::Bin &) { return ++visited < 3; });
  EXPECT_EQ(visited, 3);
}

TEST(FloatHistogram, CountsBeyond32Bits) {
  FloatHistogram a, b;
  uint32_t key = FloatHistogram::binKey(1.5f);
  a.add(key, uint64_t(1) << 33);
  b.add(key, uint64_t(3) << 33);
  a.merge(b);
  a.add(key);
  EXPECT_EQ(a.total(), (uint64_t(1) << 35) + 1);
  FloatHistogram copy = a;
  EXPECT_EQ(copy, a);
  copy.add(key);
  EXPECT_NE(copy, a);
}

TEST(Statistics, OrderOfRegistrationAndMerge) {
  float one = 1.0f, two = 2.0f, three = 3.0f;
  Statistics a(Collect::Histogram), b(Collect::Histogram);
  for (const char *name : {"input", "conv1", "relu1"}) {
    a.registerTensor(name);
    b.registerTensor(name);
  }
  TensorStatistics &input = a[a.registerTensor("input")];
  for (int i = 0; i < 1000; ++i)
    a.registerTensor("more" + std::to_string(i));
  input.add(&one, 1, 0); // references stay valid
  EXPECT_EQ(a.lookup("input")->count(), 1u);
  EXPECT_EQ(a.name(1), "conv1");
  EXPECT_EQ(a.lookup("none"), nullptr);
  EXPECT_EQ(a.size(), 1003u);

  b.add("relu1", &two, 1, 1);
  b.add("extra", &three, 1, 1);
  a.merge(b);
  EXPECT_EQ(a.size(), 1004u);
  EXPECT_EQ(a.name(1003), "extra");
  EXPECT_EQ(a.lookup("relu1")->max(), 2.0f);
  EXPECT_EQ(a.lookup("extra")->count(), 1u);
  a.merge(a);
  EXPECT_EQ(a.size(), 1004u);
  EXPECT_EQ(a.lookup("relu1")->count(), 2u);
}

TEST(Statistics, ThreadsMergeInAnyOrder) {
  uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  printf("seed %llu\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  const std::vector<std::string> names = {"x", "a/b", "c"};
  Statistics empty(Collect::Histogram);
  for (const std::string &name : names)
    empty.registerTensor(name);
  Statistics whole = empty;
  std::vector<Statistics> threads(5, empty);
  for (int64_t sample = 0; sample < 30; ++sample)
    for (size_t t = 0; t < names.size(); ++t) {
      std::vector<float> values = randomActivations(random, random() % 3000);
      whole[t].add(values.data(), values.size(), sample);
      threads[random() % 5][t].add(values.data(), values.size(), sample);
    }
  std::shuffle(threads.begin(), threads.end(), random);
  Statistics merged = empty;
  for (const Statistics &thread : threads)
    merged.merge(thread);
  EXPECT_EQ(whole, merged);
  for (size_t t = 0; t < names.size(); ++t)
    EXPECT_EQ(digest(whole[t]), digest(merged[t]));
}

TEST(Statistics, FirstBadNamesTheTensorWhereItArose) {
  Statistics s(Collect::MinMax);
  for (const char *name : {"input", "conv", "softmax"})
    s.registerTensor(name);
  EXPECT_EQ(s.firstBad(), nullptr);
  float bad = nan;
  s.add("input", &bad, 1, 9);
  s.add("softmax", &bad, 1, 4);
  s.add("conv", &bad, 1, 4);
  ASSERT_NE(s.firstBad(), nullptr);
  EXPECT_EQ(s.firstBad()->name, "conv");
  EXPECT_EQ(s.firstBad()->statistics.firstBad()->sampleIndex, 4);
}

} // namespace
