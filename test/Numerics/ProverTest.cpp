//===- ProverTest.cpp - Equality of monotone step functions ---------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Prover.h"

#include "hwq/Numerics/Requantize.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <chrono>
#include <cmath>
#include <optional>

using namespace hwq::numerics;

namespace {

StepFunction requantizer(RequantizeKernel kernel, Multiplier m,
                         int64_t zeroPoint) {
  RequantizeParams params{kernel, {m}, 0, 0, zeroPoint, 0, 255};
  return [params](int64_t x) { return requantize(params, 0, x); };
}

struct Brute {
  int64_t maxDifference = 0;
  uint64_t count = 0;
};

Brute brute(const StepFunction &f, const StepFunction &g, int64_t lo,
            int64_t hi) {
  Brute b;
  for (int64_t x = lo; x <= hi; ++x) {
    int64_t d = std::abs(f(x) - g(x));
    b.maxDifference = std::max(b.maxDifference, d);
    b.count += d != 0;
  }
  return b;
}

} // namespace

TEST(Prover, Thresholds) {
  auto f = [](int64_t x) { return x < 10 ? 0 : (x < 11 ? 3 : 7); };
  std::vector<Step> expected = {{-100, 0}, {10, 3}, {11, 7}};
  EXPECT_EQ(thresholds(f, -100, 100), expected);
  EXPECT_EQ(thresholds(f, 10, 10), (std::vector<Step>{{10, 3}}));
  EXPECT_TRUE(thresholds(f, 1, 0).empty());
  auto falling = [&](int64_t x) { return -int64_t(f(x)); };
  expected = {{-100, 0}, {10, -3}, {11, -7}};
  EXPECT_EQ(thresholds(falling, -100, 100), expected);
}

TEST(Prover, WholeRangeOfInt64) {
  auto sign = [](int64_t x) -> int64_t { return x < 0 ? -1 : (x > 0); };
  std::vector<Step> expected = {{INT64_MIN, -1}, {0, 0}, {1, 1}};
  EXPECT_EQ(thresholds(sign, INT64_MIN, INT64_MAX), expected);
  auto last = [](int64_t x) -> int64_t { return x == INT64_MAX; };
  auto zero = [](int64_t) -> int64_t { return 0; };
  EXPECT_FALSE(equalOn(last, zero, INT64_MIN, INT64_MAX));
  EXPECT_TRUE(equalOn(last, zero, INT64_MIN, INT64_MAX - 1));
  EXPECT_EQ(countDifferences(last, zero, INT64_MIN, INT64_MAX), 1u);
  EXPECT_EQ(countDifferences(sign, zero, INT64_MIN, INT64_MAX), UINT64_MAX);
  auto smallest = [](int64_t) { return INT64_MIN; };
  auto largest = [](int64_t) { return INT64_MAX; };
  EXPECT_EQ(maxDifference(smallest, largest, INT64_MIN, INT64_MAX), INT64_MAX);
  EXPECT_EQ(countDifferences(smallest, largest, INT64_MIN, INT64_MAX),
            UINT64_MAX);
  EXPECT_EQ(countDifferences(smallest, largest, 5, 4), 0u);
}

TEST(Prover, AgreesWithBruteForce) {
  std::mt19937_64 generator = seededGenerator();
  constexpr int64_t bound = 20000;
  int equal = 0;
  for (int i = 0; i < 120; ++i) {
    auto kernel = [&] {
      return generator() % 2 ? RequantizeKernel::R1 : RequantizeKernel::R2;
    };
    int shift = 31 + static_cast<int>(generator() % 10);
    Multiplier a{static_cast<int32_t>((1u << 30) | (generator() & 0x3fffffff)),
                 shift};
    // A near neighbour: equal on a short interval now and then.
    Multiplier b = a;
    if (generator() % 4)
      b.multiplier = static_cast<int32_t>(std::min<int64_t>(
          int64_t(b.multiplier) + (int64_t(1) << (generator() % 24)),
          INT32_MAX));
    int64_t z = static_cast<int64_t>(generator() % 256);
    StepFunction f = requantizer(kernel(), a, z);
    StepFunction g = requantizer(kernel(), b, z);
    Brute expected = brute(f, g, -bound, bound);
    ASSERT_EQ(maxDifference(f, g, -bound, bound), expected.maxDifference);
    ASSERT_EQ(countDifferences(f, g, -bound, bound), expected.count);
    ASSERT_EQ(equalOn(f, g, -bound, bound), expected.count == 0);
    equal += expected.count == 0;
  }
  EXPECT_GT(equal, 0);
  EXPECT_LT(equal, 120);
}

// One wrong value in four thousand million is found.
TEST(Prover, FindsOneDifferenceOnAllAccumulators) {
  Multiplier m = *chooseMultiplier(RequantizeKernel::R2, 3e-8);
  StepFunction f = requantizer(RequantizeKernel::R2, m, 100);
  std::vector<Step> steps = thresholds(f, INT32_MIN, INT32_MAX);
  ASSERT_GT(steps.size(), 100u);
  int64_t moved = steps[50].start;
  StepFunction g = [&](int64_t x) { return f(x == moved ? x - 1 : x); };
  EXPECT_TRUE(equalOn(f, f, INT32_MIN, INT32_MAX));
  EXPECT_FALSE(equalOn(f, g, INT32_MIN, INT32_MAX));
  EXPECT_EQ(countDifferences(f, g, INT32_MIN, INT32_MAX), 1u);
  EXPECT_EQ(maxDifference(f, g, INT32_MIN, INT32_MAX), 1);
  EXPECT_TRUE(equalOn(f, g, moved + 1, INT32_MAX));
}

//===----------------------------------------------------------------------===//
// Requantizations
//===----------------------------------------------------------------------===//

namespace {

/// A kernel of an ordinary layer with output lo..hi.
RequantizeParams randomRequantization(std::mt19937_64 &generator, int64_t lo,
                                      int64_t hi, double scale) {
  RequantizeParams p;
  const auto &kernels = allValues<RequantizeKernel>();
  p.kernel = kernels[1 + generator() % (kernels.size() - 1)];
  // Multipliers full of ties as well as any.
  scale *= 1 + static_cast<double>(generator() % 4 ? generator() % 4
                                                   : generator() % 1000) *
                   .25;
  if (p.kernel == RequantizeKernel::R10)
    scale = std::min(scale, .9);
  if (isFloatKernel(p.kernel))
    p.scales = {scale};
  else
    p.multipliers = {*chooseMultiplier(
        p.kernel, p.kernel == RequantizeKernel::R6
                      ? std::exp2(std::floor(std::log2(scale)))
                      : scale)};
  if (p.kernel == RequantizeKernel::R4 && generator() % 2)
    p.bias = {static_cast<float>(generator() % 2000) - 1000};
  if (p.kernel == RequantizeKernel::R14 || p.kernel == RequantizeKernel::R9) {
    p.outputScale = .5f;
    p.scales[0] *= .5;
    p.precision = allValues<DequantPrecision>()[generator() % 5];
  }
  if (p.kernel == RequantizeKernel::R10 || generator() % 3 == 0)
    p.inputZeroPoint = static_cast<int32_t>(generator() % 3000) - 1500;
  p.zeroPoint = (lo + hi) / 2 + static_cast<int64_t>(generator() % 9) - 4;
  if (p.kernel == RequantizeKernel::R10)
    p.zeroPoint = 0;
  p.lo = lo;
  p.hi = hi;
  return p;
}

} // namespace

TEST(RequantizeChain, StepsEqualBruteForce) {
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 300; ++i) {
    double scale = std::exp2(-static_cast<double>(generator() % 12));
    RequantizeParams p = randomRequantization(generator, -128, 127, scale);
    RequantizeChain chain(p, 0);
    int64_t lo = -20000 + static_cast<int64_t>(generator() % 30000);
    int64_t hi = lo + static_cast<int64_t>(generator() % 20000);
    if (!chain.checkInterval(lo, hi).empty())
      continue;
    Result<std::vector<Step>> steps = thresholds(chain, lo, hi);
    ASSERT_TRUE(static_cast<bool>(steps)) << steps.error();
    std::vector<Step> expected;
    for (int64_t x = lo; x <= hi; ++x) {
      int64_t y = requantize(p, 0, x);
      ASSERT_EQ(chain(x), y);
      if (expected.empty() || expected.back().value != y)
        expected.push_back({x, y});
    }
    ASSERT_EQ(*steps, expected)
        << i << " " << stringify(p.kernel) << " scale " << scale;
  }
}

// int32 -> int16 or int32 -> uint8, against one, on every accumulator.
TEST(RequantizeChain, TwoAgainstOneEqualsBruteForce) {
  std::mt19937_64 generator = seededGenerator();
  int equal = 0, different = 0;
  for (int i = 0; i < 400; ++i) {
    bool same = generator() % 4 == 0;
    double scale = std::exp2(-2 - static_cast<double>(generator() % 6));
    RequantizeParams first =
        randomRequantization(generator, INT16_MIN, INT16_MAX, same ? 1 : .25);
    RequantizeParams second = randomRequantization(generator, 0, 255, scale);
    RequantizeParams one = randomRequantization(generator, 0, 255, scale / 4);
    if (same) { // the identity in front
      first.kernel = RequantizeKernel::R2;
      first.scales.clear();
      first.bias.clear();
      first.multipliers = {{1 << 30, 30}};
      first.inputZeroPoint = 0;
      first.zeroPoint = 0;
      one = second;
    }
    RequantizeChain two(first, 0), single(one, 0);
    two.append(second, 0);
    int64_t lo = -9000, hi = 9000 - static_cast<int64_t>(generator() % 17500);
    // fp16 in between has less room.
    if (!two.checkInterval(lo, hi).empty() ||
        !single.checkInterval(lo, hi).empty())
      continue;
    Comparison expected;
    for (int64_t x = lo; x <= hi; ++x) {
      int64_t f = requantize(second, 0, requantize(first, 0, x));
      ASSERT_EQ(two(x), f);
      expected.add(x, x, f, requantize(one, 0, x));
    }
    Result<Comparison> found = compare(two, single, lo, hi);
    ASSERT_TRUE(static_cast<bool>(found)) << found.error();
    EXPECT_EQ(found->maxDifference, expected.maxDifference) << i;
    EXPECT_EQ(found->count, expected.count) << i;
    EXPECT_EQ(found->first, expected.first) << i;
    Result<Comparison> reverse = compare(single, two, lo, hi);
    ASSERT_TRUE(static_cast<bool>(reverse)) << reverse.error();
    EXPECT_EQ(reverse->count, expected.count) << i;
    Result<bool> same2 = equalOn(two, single, lo, hi);
    ASSERT_TRUE(static_cast<bool>(same2)) << same2.error();
    EXPECT_EQ(*same2, expected.equal()) << i;
    ++(expected.equal() ? equal : different);
  }
  EXPECT_GT(equal, 50);
  EXPECT_GT(different, 50);
}

// Reference, section 1.3: only the wrap of the machine breaks monotony.
TEST(RequantizeChain, RefusesIntervalsOutsideTheDomain) {
  RequantizeParams p{RequantizeKernel::R1,
                     {*chooseMultiplier(RequantizeKernel::R1, 4)},
                     0,
                     0,
                     0,
                     -128,
                     127};
  RequantizeChain chain(p, 0);
  Domain domain = requantizeDomain(p, 0);
  EXPECT_TRUE(static_cast<bool>(thresholds(chain, domain.lo, domain.hi)));
  Result<std::vector<Step>> beyond = thresholds(chain, 0, domain.hi + 1);
  ASSERT_FALSE(static_cast<bool>(beyond));
  EXPECT_EQ(beyond.error(),
            "expected an interval within [-268435456, 268435455], the domain "
            "of kernel 'r1', got [0, 268435456]");
  EXPECT_FALSE(static_cast<bool>(compare(chain, chain, domain.lo - 1, 0)));
  EXPECT_FALSE(static_cast<bool>(equalOn(chain, chain, domain.lo - 1, 0)));
  // An inner value that leaves the next one's domain.
  RequantizeParams wide = p;
  wide.kernel = RequantizeKernel::R2;
  wide.lo = INT32_MIN;
  wide.hi = INT32_MAX;
  RequantizeChain two(wide, 0);
  two.append(p, 0);
  EXPECT_TRUE(two.checkInterval(-1000, 1000).empty());
  std::string error = two.checkInterval(0, 1 << 27);
  EXPECT_NE(error.find("from the requantization before"), std::string::npos)
      << error;
  // More values than anyone wants listed.
  EXPECT_FALSE(
      static_cast<bool>(thresholds(RequantizeChain(wide, 0), 0, 1 << 28)));
  EXPECT_FALSE(RequantizeChain().checkInterval(0, 1).empty());
}

TEST(RequantizeChain, ComposesClamps) {
  RequantizeParams g{RequantizeKernel::R2,
                     {*chooseMultiplier(RequantizeKernel::R2, .5)},
                     10,
                     0,
                     3,
                     0,
                     255};
  Result<Grid> clamp = composeClamp(g, 0, 12, 100);
  ASSERT_TRUE(static_cast<bool>(clamp)) << clamp.error();
  EXPECT_EQ(clamp->qmin, 4);
  EXPECT_EQ(clamp->qmax, 48);
  // clamp, then g == g with the other clamp.
  RequantizeParams h = g;
  h.lo = clamp->qmin;
  h.hi = clamp->qmax;
  for (int64_t x = -500; x < 500; ++x)
    ASSERT_EQ(
        requantize(g, 0, std::min<int64_t>(std::max<int64_t>(x, 12), 100)),
        requantize(h, 0, x));
  EXPECT_FALSE(static_cast<bool>(composeClamp(g, 0, 0, int64_t(1) << 32)));
}

//===----------------------------------------------------------------------===//
// One multiplier
//===----------------------------------------------------------------------===//

namespace {

/// Whether some multiplier of a short format equals the steps, by trying all.
std::optional<Multiplier> tryAll(const std::vector<Step> &steps, int64_t last,
                                 const RequantizeParams &frame,
                                 const MultiplierFormat &format) {
  RequantizeParams p = frame;
  p.kernel = RequantizeKernel::R7;
  p.scales.clear();
  p.bias.clear();
  for (int n = format.shiftMin; n <= format.shiftMax; ++n)
    for (int32_t m = 0; m < 1 << format.bits; ++m) {
      p.multipliers = {{m, n}};
      bool equal = true;
      for (size_t i = 0; i < steps.size() && equal; ++i) {
        int64_t end = i + 1 < steps.size() ? steps[i + 1].start - 1 : last;
        equal = requantize(p, 0, steps[i].start) == steps[i].value &&
                requantize(p, 0, end) == steps[i].value;
      }
      if (equal)
        return p.multipliers[0];
    }
  return std::nullopt;
}

} // namespace

// Decided, not tried: the same answer as trying all 7-bit multipliers.
TEST(FindMultiplier, EqualsTryingAll) {
  std::mt19937_64 generator = seededGenerator();
  MultiplierFormat format{7, -2, 12};
  int found = 0, none = 0;
  for (int i = 0; i < 1500; ++i) {
    RequantizeParams p = randomRequantization(generator, -16, 15, .5);
    if (generator() % 3 == 0) { // one that has a solution
      p.kernel = RequantizeKernel::R7;
      p.scales.clear();
      p.bias.clear();
      p.multipliers = {{static_cast<int32_t>(generator() % 128),
                        static_cast<int32_t>(generator() % 10)}};
    }
    if (p.kernel == RequantizeKernel::R10)
      continue;
    p.leftShift = static_cast<int32_t>(generator() % 2);
    int64_t hi = static_cast<int64_t>(generator() % 40);
    int64_t lo = hi - static_cast<int64_t>(generator() % 80);
    if (!RequantizeChain(p, 0).checkInterval(lo, hi).empty())
      continue; // fp16
    std::vector<Step> steps = *thresholds(RequantizeChain(p, 0), lo, hi);
    RequantizeFrame frame{p.inputZeroPoint, p.leftShift, p.zeroPoint, p.lo,
                          p.hi};
    std::optional<MultiplierSet> set = findMultiplier(steps, hi, frame, format);
    std::optional<Multiplier> tried = tryAll(steps, hi, p, format);
    ASSERT_EQ(set.has_value(), tried.has_value())
        << i << " " << stringify(p.kernel) << " [" << lo << ", " << hi << "]";
    ++(set ? found : none);
    if (!set)
      continue;
    // Both ends of the set are right, their neighbours wrong.
    RequantizeParams q = p;
    q.kernel = RequantizeKernel::R7;
    q.scales.clear();
    q.bias.clear();
    auto equals = [&](int64_t m) {
      q.multipliers = {{static_cast<int32_t>(m), set->shift}};
      for (int64_t x = lo; x <= hi; ++x)
        if (requantize(q, 0, x) != requantize(p, 0, x))
          return false;
      return true;
    };
    EXPECT_TRUE(equals(set->smallest));
    EXPECT_TRUE(equals(set->largest));
    EXPECT_TRUE(set->smallest == 0 || !equals(int64_t(set->smallest) - 1));
    EXPECT_TRUE(set->largest == 127 || !equals(int64_t(set->largest) + 1));
  }
  EXPECT_GT(found, 50);
  EXPECT_GT(none, 50);
}

// R1 on real accumulators: a multiplier of R2 that equals it exists or not; if
// so, it does on every accumulator.
TEST(FindMultiplier, R2ForOtherKernels) {
  std::mt19937_64 generator = seededGenerator();
  int found = 0, none = 0;
  for (int i = 0; i < 200; ++i) {
    int64_t bound = int64_t(1) << (6 + generator() % 12);
    RequantizeParams p = randomRequantization(
        generator, 0, 255, 100 / static_cast<double>(bound) / 16);
    if (p.kernel == RequantizeKernel::R10 ||
        !RequantizeChain(p, 0).checkInterval(-bound, bound).empty())
      continue;
    std::vector<Step> steps = *thresholds(RequantizeChain(p, 0), -bound, bound);
    RequantizeFrame frame{p.inputZeroPoint, p.leftShift, p.zeroPoint, p.lo,
                          p.hi};
    std::optional<MultiplierSet> set = findMultiplier(steps, bound, frame, {});
    ++(set ? found : none);
    if (!set)
      continue;
    RequantizeParams q = p;
    q.kernel = RequantizeKernel::R2;
    q.scales.clear();
    q.bias.clear();
    for (double scale : {0., .01, 1e9}) {
      q.multipliers = {set->nearest(scale)};
      ASSERT_EQ(checkRequantize(q, 1), "");
      ASSERT_GE(q.multipliers[0].multiplier, set->smallest);
      ASSERT_LE(q.multipliers[0].multiplier, set->largest);
      for (int64_t x = -bound; x <= bound; ++x)
        ASSERT_EQ(requantize(q, 0, x), requantize(p, 0, x))
            << stringify(p.kernel) << " " << x;
    }
  }
  EXPECT_GT(found, 20);
  EXPECT_GT(none, 5);
}

// A function with its own multiplier is found again, whatever the shift.
TEST(FindMultiplier, FindsItself) {
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 200; ++i) {
    double scale = std::exp2(-static_cast<double>(generator() % 20000) * 1e-3);
    RequantizeParams p;
    p.multipliers = {*chooseMultiplier(RequantizeKernel::R2, scale)};
    p.zeroPoint = static_cast<int64_t>(generator() % 200);
    p.hi = 255;
    int64_t bound = 1 << 20;
    std::vector<Step> steps = *thresholds(RequantizeChain(p, 0), -bound, bound);
    RequantizeFrame frame{0, 0, p.zeroPoint, p.lo, p.hi};
    std::optional<MultiplierSet> set = findMultiplier(steps, bound, frame, {});
    ASSERT_TRUE(set.has_value());
    double own = multiplierValue(p.multipliers[0]);
    EXPECT_LE(multiplierValue({set->smallest, set->shift}), own);
    EXPECT_GE(multiplierValue({set->largest, set->shift}), own);
    // TOSA's shift range: the same answer.
    EXPECT_TRUE(findMultiplier(steps, bound, frame, {31, 2, 62}).has_value());
  }
  EXPECT_FALSE(findMultiplier({}, 0, {}, {}).has_value());
  // Values outside the clamp, or falling: no multiplier.
  RequantizeFrame frame{0, 0, 0, 0, 255};
  EXPECT_FALSE(findMultiplier({{0, 300}}, 5, frame, {}).has_value());
  EXPECT_FALSE(findMultiplier({{0, 3}, {2, 1}}, 5, frame, {}).has_value());
  EXPECT_TRUE(findMultiplier({{0, 0}, {2, 1}}, 5, frame, {}).has_value());
}

// 30 000 channels of 255 steps take 0.1 s on an idle core; a loaded one gets
// ten times that.
TEST(RequantizeChain, ThirtyThousandChannels) {
  std::mt19937_64 generator(1);
  auto start = std::chrono::steady_clock::now();
  size_t steps = 0;
  for (int c = 0; c < 30000; ++c) {
    RequantizeParams p;
    p.multipliers = {*chooseMultiplier(
        RequantizeKernel::R2,
        5e-4 + static_cast<double>(generator() % 1000) * 1e-6)};
    p.zeroPoint = 128;
    p.hi = 255;
    steps += thresholds(RequantizeChain(p, 0), -(1 << 21), 1 << 21)->size();
  }
  EXPECT_EQ(steps, 30000u * 256);
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  RecordProperty("seconds", std::to_string(took.count()));
  EXPECT_LT(took.count(), 2);
}
