//===- RequantizeTest.cpp - Accumulator to output integer -----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Requantize.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

using namespace hwq::numerics;

__extension__ using Int128 = __int128;

namespace {

constexpr auto R1 = RequantizeKernel::R1;
constexpr auto R2 = RequantizeKernel::R2;

Multiplier choose(RequantizeKernel kernel, double scale) {
  Result<Multiplier> m = chooseMultiplier(kernel, scale);
  EXPECT_TRUE(static_cast<bool>(m)) << m.error();
  return m ? *m : Multiplier{};
}

Int128 floorDivide(Int128 x, Int128 by) {
  Int128 q = x / by;
  return q * by > x ? q - 1 : q;
}

/// R2 as a rational number: floor(x*M / 2^n + 1/2).
Int128 exactR2(int32_t x, Multiplier m) {
  return floorDivide(2 * Int128(x) * m.multiplier + (Int128(1) << m.shift),
                     Int128(2) << m.shift);
}

/// R1 from its definition, with divisions.
Int128 exactR1(int32_t x, Multiplier m) {
  int left = m.shift < 31 ? 31 - m.shift : 0;
  int right = m.shift > 31 ? m.shift - 31 : 0;
  Int128 high = floorDivide(Int128(x) * (Int128(1) << left) * m.multiplier +
                                (Int128(1) << 30),
                            Int128(1) << 31);
  Int128 magnitude = high < 0 ? -high : high;
  Int128 rounded =
      (2 * magnitude + (Int128(1) << right)) / (Int128(2) << right);
  return high < 0 ? -rounded : rounded;
}

std::vector<int32_t> inputs(std::mt19937_64 &generator, size_t count) {
  std::vector<int32_t> x = {
      0, 1, -1, 2, -2, INT32_MIN, INT32_MIN + 1, INT32_MAX, INT32_MAX - 1};
  for (int32_t i = -300; i < 300; ++i)
    x.push_back(i);
  while (x.size() < count)
    x.push_back(static_cast<int32_t>(generator()) >> (generator() % 31));
  x.resize(count);
  return x;
}

Multiplier randomMultiplier(std::mt19937_64 &generator, int minShift) {
  int shift = minShift + static_cast<int>(generator() % (63 - minShift));
  switch (generator() % 5) {
  case 4:
    return {static_cast<int32_t>(generator() % 3), shift};
  case 0: // ties
    return {1 << 30, shift};
  case 1:
    return {0x60000000, shift};
  case 2:
    return {INT32_MAX, shift};
  default:
    return {static_cast<int32_t>((1u << 30) | (generator() & 0x3fffffff)),
            shift};
  }
}

template <class In, class Out>
void expectArray(const RequantizeParams &params, size_t channels,
                 const std::vector<int32_t> &values,
                 const std::vector<int32_t> *bias = nullptr) {
  size_t rows = values.size() / channels;
  std::vector<In> in(values.begin(), values.begin() + rows * channels);
  std::vector<Out> out(in.size() + 1, Out(77));
  ASSERT_EQ(checkRequantize(params, channels), "");
  PreparedRequantize(params, channels, bias ? bias->data() : nullptr)
      .run(in.data(), out.data(), rows);
  for (size_t i = 0; i < in.size(); ++i) {
    size_t c = i % channels;
    int32_t x = static_cast<int32_t>(static_cast<uint32_t>(int32_t(in[i])) +
                                     (bias ? uint32_t((*bias)[c]) : 0));
    int64_t expected = requantize(params, c, x);
    expected = std::max<int64_t>(expected, std::numeric_limits<Out>::min());
    expected = std::min<int64_t>(expected, std::numeric_limits<Out>::max());
    Multiplier m;
    if (!params.multipliers.empty())
      m = params.multipliers[params.multipliers.size() == 1 ? 0 : c];
    ASSERT_EQ(int64_t(out[i]), expected)
        << stringify(params.kernel) << " x " << x << " channel " << c << " of "
        << channels << " M " << m.multiplier << " n " << m.shift << " zi "
        << params.inputZeroPoint << " left " << params.leftShift << " z "
        << params.zeroPoint << " [" << params.lo << ", " << params.hi << "]";
  }
  EXPECT_EQ(out.back(), Out(77)) << "wrote past the end";
}

} // namespace

TEST(Multiplier, Goldens) {
  struct {
    double scale;
    int32_t multiplier, exponent;
  } goldens[] = {{.1234, 2119995857, -3},   {.5, 1 << 30, 0},
                 {.0075, 2061584302, -7},   {1.75, 1879048192, 1},
                 {.9999999999, 1 << 30, 1}, {3e-10, 1383505806, -31},
                 {1. / 3, 1431655765, -1},  {1, 1 << 30, 1},
                 {0x1p-32, 1 << 30, -31},   {0x1p30, 1 << 30, 31}};
  for (auto &g : goldens)
    for (RequantizeKernel kernel : {R1, R2})
      EXPECT_EQ(choose(kernel, g.scale),
                (Multiplier{g.multiplier, 31 - g.exponent}))
          << g.scale;
  for (double tiny : {0., 1e-10, 5e-324, 0x1p-33})
    EXPECT_EQ(choose(R2, tiny), (Multiplier{0, 31})) << tiny;
}

TEST(Multiplier, Errors) {
  for (double bad : {-1., -0x1p-40, double(INFINITY), double(NAN), 0x1p31,
                     1e300, std::nextafter(0x1p31, 0.)}) {
    EXPECT_FALSE(static_cast<bool>(chooseMultiplier(R1, bad))) << bad;
    EXPECT_FALSE(static_cast<bool>(chooseMultiplier(R2, bad))) << bad;
  }
  EXPECT_FALSE(static_cast<bool>(chooseMultiplier(RequantizeKernel::Real, .5)));
}

TEST(Multiplier, ErrorBoundHolds) {
  std::mt19937_64 generator = seededGenerator();
  double worst = 0;
  for (int i = 0; i < 200000; ++i) {
    double scale =
        std::ldexp(1 + static_cast<double>(generator() >> 12) * 0x1p-52,
                   static_cast<int>(generator() % 62) - 32);
    Multiplier m = choose(R2, scale);
    ASSERT_GE(m.multiplier, 1 << 30);
    ASSERT_TRUE(m.shift >= 0 && m.shift <= 62);
    double error = std::fabs(multiplierValue(m) - scale) / scale;
    ASSERT_LE(error, relativeErrorBound(R2)) << scale;
    worst = std::max(worst, error);
  }
  EXPECT_GT(worst, relativeErrorBound(R2) / 4);
}

TEST(Kernel, SameAccumulatorSameMultiplier) {
  struct {
    int32_t x;
    double m;
    int64_t r1, r2;
  } goldens[] = {
      {-1, .5, 0, 0},      {1, .5, 1, 1},      {-3, .5, -1, -1},
      {5, .5, 3, 3},       {1, .25, 1, 0},     {5, .25, 2, 1},
      {-6, .25, -2, -1},   {-10, .25, -3, -2}, {1, 1. / 3, 1, 0},
      {-1, 1. / 3, -1, 0}, {10, 1. / 3, 4, 3}, {-10, 1. / 3, -4, -3},
  };
  for (auto &g : goldens) {
    EXPECT_EQ(applyKernel(R1, g.x, choose(R1, g.m)), g.r1) << g.x << " " << g.m;
    EXPECT_EQ(applyKernel(R2, g.x, choose(R2, g.m)), g.r2) << g.x << " " << g.m;
  }
}

// R1 with e = 0 is the high multiply alone.
TEST(Kernel, DoublingHighMultiply) {
  Multiplier half{1 << 30, 31};
  EXPECT_EQ(applyKernel(R1, -1, half), 0);
  EXPECT_EQ(applyKernel(R1, 1, half), 1);
  EXPECT_EQ(applyKernel(R1, -3, half), -1);
  EXPECT_EQ(applyKernel(R1, -5, half), -2);
  EXPECT_EQ(applyKernel(R1, INT32_MIN, {INT32_MIN, 31}), INT32_MAX);
}

// Two roundings against one, on a multiplier with many ties.
TEST(Kernel, R1AndR2AreDifferentKernels) {
  Multiplier m = choose(R1, .25);
  int differences = 0;
  for (int32_t x = -20000; x <= 20000; ++x)
    differences += applyKernel(R1, x, m) != applyKernel(R2, x, m);
  EXPECT_GT(differences, 8000);
  EXPECT_LT(differences, 12000);
}

TEST(Kernel, EqualsExactArithmetic) {
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 2000; ++i) {
    Multiplier m = randomMultiplier(generator, 0);
    Domain domain = kernelDomain(R1, m);
    for (int32_t x : inputs(generator, 800)) {
      ASSERT_EQ(applyKernel(R2, x, m), exactR2(x, m))
          << x << " M " << m.multiplier << " n " << m.shift;
      if (x >= domain.lo && x <= domain.hi) {
        ASSERT_EQ(applyKernel(R1, x, m), exactR1(x, m))
            << x << " M " << m.multiplier << " n " << m.shift;
      }
      Int128 magnitude = x < 0 ? -Int128(x) : Int128(x);
      Int128 away = (2 * magnitude * m.multiplier + (Int128(1) << m.shift)) >>
                    (m.shift + 1);
      ASSERT_EQ(applyKernel(RequantizeKernel::Real, x, m),
                x < 0 ? -away : away);
    }
  }
}

TEST(Kernel, DomainEndsWhereTheLeftShiftWraps) {
  Multiplier m = choose(R1, 4); // e = 3
  Domain domain = kernelDomain(R1, m);
  EXPECT_EQ(domain.lo, INT32_MIN / 8);
  EXPECT_EQ(domain.hi, INT32_MAX / 8);
  EXPECT_EQ(applyKernel(R1, domain.hi, m), domain.hi * 4);
  EXPECT_LT(applyKernel(R1, domain.hi + 1, m), 0);
  EXPECT_EQ(kernelDomain(R2, m).lo, INT32_MIN);
  EXPECT_EQ(kernelDomain(R2, m).hi, INT32_MAX);
  EXPECT_EQ(kernelDomain(R1, choose(R1, .7)).hi, INT32_MAX);
}

TEST(Requantize, Check) {
  RequantizeParams good{R2, {{1 << 30, 31}}, 0, 0, 3, 0, 255};
  EXPECT_EQ(checkRequantize(good, 16), "");
  auto bad = [&](auto change) {
    RequantizeParams params = good;
    change(params);
    return !checkRequantize(params, 16).empty();
  };
  EXPECT_TRUE(bad([](auto &p) { p.multipliers.clear(); }));
  EXPECT_TRUE(bad([](auto &p) { p.multipliers.resize(15); }));
  EXPECT_FALSE(bad([](auto &p) { p.multipliers.resize(16); }));
  EXPECT_TRUE(bad([](auto &p) { p.multipliers[0].multiplier = -1; }));
  EXPECT_TRUE(bad([](auto &p) { p.multipliers[0].shift = 63; }));
  EXPECT_TRUE(bad([](auto &p) { p.multipliers[0].shift = -1; }));
  EXPECT_TRUE(bad([](auto &p) { p.leftShift = 32; }));
  EXPECT_TRUE(bad([](auto &p) { p.lo = 256; }));
  EXPECT_TRUE(bad([](auto &p) { p.zeroPoint = int64_t(1) << 31; }));
  EXPECT_TRUE(bad([](auto &p) { p.kernel = RequantizeKernel::Real; }));
}

TEST(Requantize, ZeroPointsShiftAndClamp) {
  RequantizeParams params{R2, {choose(R2, .25)}, 10, 2, 100, 90, 120};
  EXPECT_EQ(requantize(params, 0, 15), 105); // (15 - 10) << 2 = 20, * .25
  EXPECT_EQ(requantize(params, 0, -1000), 90);
  EXPECT_EQ(requantize(params, 0, 1000), 120);
  RequantizeParams perChannel = params;
  perChannel.multipliers = {choose(R2, .25), choose(R2, .5)};
  EXPECT_EQ(requantize(perChannel, 0, 15), 105);
  EXPECT_EQ(requantize(perChannel, 1, 15), 110);
}

// A real multiply of the folded kind: bytes for bytes.
template <class In> void narrowInputs(std::mt19937_64 &generator) {
  for (RequantizeKernel kernel : {R1, R2})
    for (size_t channels : {1, 3, 70})
      for (bool perChannel : {false, true}) {
        RequantizeParams params;
        params.kernel = kernel;
        params.inputZeroPoint = static_cast<int32_t>(generator() % 256);
        params.zeroPoint = static_cast<int32_t>(generator() % 256);
        params.lo = -128;
        params.hi = 255;
        for (size_t c = 0; c < (perChannel ? channels : 1); ++c)
          params.multipliers.push_back(choose(
              kernel,
              std::exp2(static_cast<double>(generator() % 400) * .01 - 2)));
        std::vector<int32_t> values(5003);
        for (int32_t &v : values)
          v = static_cast<In>(generator());
        expectArray<In, uint8_t>(params, channels, values);
        expectArray<In, int8_t>(params, channels, values);
        expectArray<In, int32_t>(params, channels, values);
        values.resize(140); // below the size of the table
        expectArray<In, uint8_t>(params, channels, values);
      }
}

TEST(RequantizeArray, NarrowInputs) {
  std::mt19937_64 generator = seededGenerator();
  narrowInputs<uint8_t>(generator);
  narrowInputs<int8_t>(generator);
}

TEST(RequantizeArray, EqualsScalar) {
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 600; ++i) {
    const size_t channelCounts[] = {1, 2, 3, 7, 16, 63, 64, 65, 200};
    size_t channels = channelCounts[generator() % 9];
    RequantizeParams params;
    params.kernel = generator() % 2 ? R1 : R2;
    // Shifts below 31 take R2 to results beyond 32 bits.
    int minShift = generator() % 3 == 0 ? 0 : 31;
    size_t multipliers = generator() % 2 ? channels : 1;
    for (size_t c = 0; c < multipliers; ++c)
      params.multipliers.push_back(randomMultiplier(generator, minShift));
    if (generator() % 2)
      params.inputZeroPoint = static_cast<int32_t>(generator()) >> 20;
    if (generator() % 4 == 0)
      params.leftShift = static_cast<int32_t>(generator() % 32);
    params.zeroPoint = static_cast<int32_t>(generator()) >> (generator() % 32);
    switch (generator() % 5) {
    case 0:
      params.lo = INT32_MIN;
      params.hi = INT32_MAX;
      break;
    case 1:
      params.lo = 3;
      params.hi = 200;
      break;
    case 2: // beyond any storage
      params.lo = -(int64_t(1) << 40);
      params.hi = int64_t(1) << 40;
      break;
    case 3: // outside the storage of some
      params.lo = params.hi = 1000;
      break;
    default:
      params.lo = -128;
      params.hi = 127;
    }
    std::vector<int32_t> values = inputs(generator, 1500);
    expectArray<int32_t, uint8_t>(params, channels, values);
    expectArray<int32_t, int8_t>(params, channels, values);
    expectArray<int32_t, int32_t>(params, channels, values);
    if (HasFatalFailure())
      return;
    std::vector<int32_t> bias(channels);
    for (int32_t &b : bias)
      b = static_cast<int32_t>(generator()) >> (generator() % 32);
    expectArray<int32_t, uint8_t>(params, channels, values, &bias);
    expectArray<int32_t, int32_t>(params, channels, values, &bias);
    if (HasFatalFailure())
      return;
  }
}

// Every accumulator from -2^21 to 2^21 for the scale of an ordinary layer, and
// a scale that makes every second value a tie.
TEST(RequantizeArray, DenseIntervals) {
  for (RequantizeKernel kernel : {R1, R2})
    for (double scale : {1.234e-4, 0x1p-13, .0075}) {
      RequantizeParams params{kernel, {choose(kernel, scale)}, 0, 0, 128, 0,
                              255};
      std::vector<int32_t> values(1 << 22);
      for (size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<int32_t>(i) - (1 << 21);
      expectArray<int32_t, uint8_t>(params, 1, values);
    }
}

TEST(RequantizeArray, InPlaceAndEmpty) {
  RequantizeParams params{R2, {choose(R2, .3)}, 1, 0, 5, -1000, 1000};
  std::vector<int32_t> values(999), expected;
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<int32_t>(i * 7) - 3000;
    expected.push_back(static_cast<int32_t>(requantize(params, 0, values[i])));
  }
  requantizeArray(params, values.data(), values.data(), 333, 3);
  EXPECT_EQ(values, expected);
  requantizeArray<int32_t, uint8_t>(params, nullptr, nullptr, 0, 3);
  requantizeArray<int32_t, uint8_t>(params, nullptr, nullptr, 3, 0);
}

namespace {

double randomScale(std::mt19937_64 &generator) {
  // Few bits make ties.
  double significand =
      static_cast<double>(1 + generator() % (generator() % 2 ? 8 : 1 << 24));
  return std::ldexp(significand, -static_cast<int>(generator() % 36));
}

/// Any kernel with as many parameters as it has, per tensor or per channel.
RequantizeParams randomParams(std::mt19937_64 &generator, size_t channels) {
  RequantizeParams p;
  const auto &kernels = allValues<RequantizeKernel>();
  p.kernel = kernels[1 + generator() % (kernels.size() - 1)];
  size_t count = generator() % 2 ? channels : 1;
  size_t biases = generator() % 2 ? channels : 1;
  bool biased = generator() % 2, unit = generator() % 2;
  for (size_t c = 0; c < count; ++c) {
    if (isFloatKernel(p.kernel)) {
      p.scales.push_back(randomScale(generator));
      continue;
    }
    Multiplier m = randomMultiplier(generator, generator() % 2 ? 0 : 31);
    if (p.kernel == RequantizeKernel::R6)
      m = {1, static_cast<int32_t>(generator() % 40) - 8};
    else if (p.kernel == RequantizeKernel::R7)
      m = {m.multiplier >> (generator() % 28),
           static_cast<int32_t>(generator() % 50) - 8,
           static_cast<int32_t>(generator() % 3 ? 0 : generator() % 20)};
    else if (p.kernel == RequantizeKernel::R10)
      m.shift = 31;
    p.multipliers.push_back(m);
  }
  bool r4 = p.kernel == RequantizeKernel::R4;
  if (biased && (r4 || p.kernel == RequantizeKernel::R14))
    for (size_t c = 0; c < biases; ++c) {
      p.bias.push_back(static_cast<float>(randomScale(generator)) *
                       (generator() % 2 ? 1.0f : -1.0f));
      if (unit && r4)
        p.biasUnits.push_back(static_cast<float>(randomScale(generator)));
    }
  p.outputScale = static_cast<float>(randomScale(generator));
  p.precision = allValues<DequantPrecision>()[generator() % 5];
  p.zeroPointAfter = generator() % 2;
  if (generator() % 2)
    p.actLo = 0;
  p.residualScale = static_cast<float>(randomScale(generator));
  if (generator() % 2)
    p.inputZeroPoint = static_cast<int32_t>(generator()) >> 20;
  if (generator() % 4 == 0)
    p.leftShift = static_cast<int32_t>(generator() % 32);
  p.zeroPoint = static_cast<int32_t>(generator()) >> (generator() % 32);
  const std::pair<int64_t, int64_t> clamps[] = {
      {INT32_MIN, INT32_MAX},
      {3, 200},
      {-128, 127},
      {1000, 1000},
      {-(int64_t(1) << 40), int64_t(1) << 40}};
  std::tie(p.lo, p.hi) = clamps[generator() % 5];
  return p;
}

} // namespace

TEST(RequantizeArray, EveryKernelEqualsScalar) {
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 3000; ++i) {
    const size_t channelCounts[] = {1, 2, 3, 7, 16, 63, 64, 65, 200};
    size_t channels = channelCounts[generator() % 9];
    RequantizeParams params = randomParams(generator, channels);
    std::vector<int32_t> values = inputs(generator, 800);
    std::vector<int32_t> bias(channels);
    for (int32_t &b : bias)
      b = static_cast<int32_t>(generator()) >> (generator() % 32);
    const std::vector<int32_t> *added = generator() % 2 ? &bias : nullptr;
    expectArray<int32_t, uint8_t>(params, channels, values, added);
    expectArray<int32_t, int8_t>(params, channels, values, added);
    expectArray<int32_t, int32_t>(params, channels, values, added);
    expectArray<int8_t, int8_t>(params, channels, values, added);
    if (HasFatalFailure())
      return;
  }
}

TEST(RequantizeArray, Residual) {
  std::mt19937_64 generator = seededGenerator();
  RequantizeParams p;
  p.kernel = RequantizeKernel::R14;
  p.scales = {.001, .002, .0005};
  p.bias = {.5f, -.25f, .125f};
  p.outputScale = .05f;
  p.actLo = 0;
  p.residualScale = .03f;
  p.lo = -128;
  p.hi = 127;
  std::vector<int32_t> in(3000);
  std::vector<int8_t> residual(in.size()), out(in.size());
  for (size_t i = 0; i < in.size(); ++i) {
    in[i] = static_cast<int32_t>(generator() % 20000) - 10000;
    residual[i] = static_cast<int8_t>(generator());
  }
  PreparedRequantize(p, 3).run(in.data(), residual.data(), out.data(), 1000);
  int matters = 0;
  for (size_t i = 0; i < in.size(); ++i) {
    ASSERT_EQ(out[i], requantize(p, i % 3, in[i], residual[i])) << i;
    matters += out[i] != requantize(p, i % 3, in[i]);
  }
  EXPECT_GT(matters, 1000);
}

TEST(Requantize, CheckFloatKernels) {
  RequantizeParams good;
  good.kernel = RequantizeKernel::R4;
  good.scales = {.5};
  good.bias = {1};
  good.hi = 255;
  EXPECT_EQ(checkRequantize(good, 8), "");
  auto bad = [&](auto change) {
    RequantizeParams params = good;
    change(params);
    return !checkRequantize(params, 8).empty();
  };
  EXPECT_TRUE(bad([](auto &p) { p.scales.clear(); }));
  EXPECT_TRUE(bad([](auto &p) { p.scales.resize(7); }));
  EXPECT_FALSE(bad([](auto &p) { p.scales.resize(8); }));
  EXPECT_TRUE(bad([](auto &p) { p.scales[0] = -1; }));
  EXPECT_TRUE(bad([](auto &p) { p.scales[0] = NAN; }));
  EXPECT_TRUE(bad([](auto &p) { p.scales[0] = 1e300; })); // no f32
  EXPECT_TRUE(bad([](auto &p) { p.multipliers = {{1 << 30, 31}}; }));
  EXPECT_TRUE(bad([](auto &p) { p.bias.resize(7); }));
  EXPECT_TRUE(bad([](auto &p) { p.bias[0] = INFINITY; }));
  EXPECT_TRUE(bad([](auto &p) { p.kernel = RequantizeKernel::R8; })); // bias
  EXPECT_TRUE(bad([](auto &p) { p.kernel = RequantizeKernel::R2; }));
  auto r14 = [](auto &p) {
    p.kernel = RequantizeKernel::R14;
    p.outputScale = .5f;
  };
  EXPECT_FALSE(bad(r14));
  EXPECT_TRUE(bad([&](auto &p) { r14(p), p.outputScale = 0; }));
  EXPECT_TRUE(bad([&](auto &p) { r14(p), p.actLo = 1, p.actHi = 0; }));
  EXPECT_TRUE(bad([&](auto &p) { r14(p), p.residualScale = -1; }));
  EXPECT_TRUE(bad([&](auto &p) { r14(p), p.biasUnits = {1}; }));
  // Where the zero point goes: 2.5 + 1 to even, and 2.5 to even + 1.
  RequantizeParams p = good;
  p.bias.clear();
  p.lo = -128;
  p.zeroPoint = 1;
  EXPECT_EQ(requantize(p, 0, 5), 3);
  p.kernel = RequantizeKernel::R13;
  EXPECT_EQ(requantize(p, 0, 5), 4);
  p.kernel = RequantizeKernel::R8;
  EXPECT_EQ(requantize(p, 0, -5), -2); // -2.5 + 1 = -1.5
  p.zeroPointAfter = true;
  EXPECT_EQ(requantize(p, 0, -4), -1);
  EXPECT_EQ(requantize(p, 0, -3), -1); // -1.5 to -2, + 1
}

TEST(Requantize, DomainBeforeTheKernel) {
  RequantizeParams p;
  p.multipliers = {{1 << 30, 31}};
  p.inputZeroPoint = 10;
  EXPECT_EQ(requantizeDomain(p, 0).lo, int64_t(INT32_MIN) + 10);
  EXPECT_EQ(requantizeDomain(p, 0).hi, INT32_MAX);
  p.leftShift = 20;
  EXPECT_EQ(requantizeDomain(p, 0).lo, -2048 + 10);
  EXPECT_EQ(requantizeDomain(p, 0).hi, 2047 + 10);
}
