//===- DeriveTest.cpp - Scale and zero point from a range -----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Derive.h"

#include "hwq/Numerics/Quantize.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>
#include <limits>
#include <vector>

using namespace hwq::numerics;

namespace {

Derived derive(DerivationRule rule, Range range, Symmetry symmetry,
               Storage storage, bool narrow = false) {
  Result<Derived> result = deriveParams(rule, range, symmetry, storage, narrow);
  EXPECT_TRUE(static_cast<bool>(result)) << result.error();
  return result ? *result : Derived{};
}

struct Golden {
  Range range;
  double scale;
  int64_t tflI8, tflU8, aimet;
  double symmetric;
};

// From the vendors' own sources; nine digits.
const Golden goldens[] = {
    {{-1, 1}, .00784313725, -1, 128, 128, .00787401575},
    {{-.5, 1.5}, .00784313725, -64, 64, 64, .0118110236},
    {{0, 6}, .0235294118, -128, 0, 0, .0472440945},
    {{-10, 0}, .0392156863, 127, 255, 255, .0787401575},
    {{-1.8, .5}, .00901960784, 72, 200, 200, .0141732283},
    {{-3.2, 4.7}, .0309803922, -25, 103, 103, .0370078740},
};

void expectNear(double actual, double expected) {
  EXPECT_NEAR(actual, expected, std::fabs(expected) * 1e-8);
}

} // namespace

TEST(Derive, GoldenTable) {
  for (const Golden &g : goldens) {
    SCOPED_TRACE(testing::Message()
                 << "[" << g.range.min << ", " << g.range.max << "]");
    auto asymmetric = Symmetry::Asymmetric;
    Derived tflI8 =
        derive(DerivationRule::PTfl, g.range, asymmetric, Storage::I8);
    Derived tflU8 =
        derive(DerivationRule::PTfl, g.range, asymmetric, Storage::U8);
    Derived aimetU8 =
        derive(DerivationRule::PAimet, g.range, asymmetric, Storage::U8);
    Derived aimetI8 =
        derive(DerivationRule::PAimet, g.range, asymmetric, Storage::I8);
    EXPECT_EQ(tflI8.params.zeroPoint, g.tflI8);
    EXPECT_EQ(tflU8.params.zeroPoint, g.tflU8);
    EXPECT_EQ(aimetU8.params.zeroPoint, g.aimet);
    EXPECT_EQ(aimetI8.params.zeroPoint, g.aimet - 128);
    for (const Derived &d : {tflI8, tflU8, aimetU8, aimetI8})
      expectNear(d.params.scale, g.scale);
    for (DerivationRule rule : {DerivationRule::PAimet, DerivationRule::PTfl})
      for (bool narrow : {false, true}) {
        Derived s =
            derive(rule, g.range, Symmetry::Symmetric, Storage::I8, narrow);
        expectNear(s.params.scale, g.symmetric);
        EXPECT_EQ(s.params.zeroPoint, 0);
        EXPECT_EQ(s.params.grid.qmin, narrow ? -127 : -128);
      }
  }
}

// Vectors that the vendor publishes.
TEST(Derive, AimetVendorVectors) {
  Derived d = derive(DerivationRule::PAimet, {-1.8, .5}, Symmetry::Asymmetric,
                     Storage::U8);
  EXPECT_NEAR(d.range.min, -1.803922, 5e-7);
  EXPECT_NEAR(d.range.max, .496078, 5e-7);
  EXPECT_NEAR(d.params.scale, .009020, 5e-7);
  const float x[] = {-1.8f, -1, 0, .5f};
  const int64_t q[] = {0, 89, 200, 255};
  // The vendor cuts the second one off instead of rounding it.
  const double back[] = {-1.8039, -1.00118, 0, .4961};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(quantize(QuantizeForm::Q5, x[i], d.params), q[i]);
    EXPECT_NEAR(dequantize(q[i], d.params), back[i], 5e-5);
  }

  d = derive(DerivationRule::PAimet, {-5.1, 5.1}, Symmetry::Asymmetric,
             Storage::U8);
  EXPECT_NEAR(d.range.min, -5.12, 1e-9);
  EXPECT_NEAR(d.range.max, 5.08, 1e-9);
  EXPECT_EQ(d.params.zeroPoint, 128);
}

TEST(Derive, AimetGate) {
  Derived zero =
      derive(DerivationRule::PAimet, {0, 0}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(zero.params.scale, .01 / 255);
  EXPECT_EQ(zero.params.zeroPoint, 0);
  EXPECT_EQ(zero.range.min, 0);
  EXPECT_FALSE(std::signbit(zero.range.min));
  EXPECT_EQ(zero.range.max, .01);
  // The upper end moves, also when all values are negative.
  Derived negative = derive(DerivationRule::PAimet, {-.004, -.001},
                            Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(negative.params.scale, (-.004 + .01 + .004) / 255);
  EXPECT_EQ(negative.params.zeroPoint, 102);
  Derived symmetric =
      derive(DerivationRule::PAimet, {0, 0}, Symmetry::Symmetric, Storage::I8);
  EXPECT_EQ(symmetric.params.scale, .01 / 127);
  // Without values below zero, 0 stays out of the gate's way.
  Derived positive =
      derive(DerivationRule::PAimet, {3, 7}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(positive.params.scale, 7. / 255);
  EXPECT_EQ(positive.params.zeroPoint, 0);
}

TEST(Derive, Symmetries) {
  for (DerivationRule rule : {DerivationRule::PAimet, DerivationRule::PTfl}) {
    Derived d = derive(rule, {-2, 1}, Symmetry::Symmetric, Storage::U8);
    EXPECT_EQ(d.params.scale, 2. / 127);
    EXPECT_EQ(d.params.zeroPoint, 128);
    EXPECT_DOUBLE_EQ(d.range.min, -2. / 127 * 128);
    EXPECT_DOUBLE_EQ(d.range.max, 2);
    d = derive(rule, {-2, 1}, Symmetry::Symmetric, Storage::I8, true);
    EXPECT_EQ(d.params.zeroPoint, 0);
    EXPECT_DOUBLE_EQ(d.range.min, -2);
    d = derive(rule, {0, 4}, Symmetry::UnsignedSymmetric, Storage::U8);
    EXPECT_EQ(d.params.scale, 4. / 255);
    EXPECT_EQ(d.params.zeroPoint, 0);
    d = derive(rule, {0, 4}, Symmetry::UnsignedSymmetric, Storage::I8);
    EXPECT_EQ(d.params.scale, 4. / 255);
    EXPECT_EQ(d.params.zeroPoint, -128);
    d = derive(rule, {-1, 4}, Symmetry::UnsignedSymmetric, Storage::I8);
    EXPECT_EQ(d.params.scale, 4. / 127);
    EXPECT_EQ(d.params.zeroPoint, 0);
    d = derive(rule, {-8, 4}, Symmetry::Symmetric, Storage::I16);
    EXPECT_EQ(d.params.scale, 8. / 32767);
    EXPECT_EQ(d.params.zeroPoint, 0);
    d = derive(rule, {-8, 4}, Symmetry::Symmetric, Storage::I32);
    EXPECT_EQ(d.params.scale, 8. / 2147483647);
    EXPECT_EQ(d.params.zeroPoint, 0);
  }
}

TEST(Derive, TflDegenerate) {
  for (Range range : {Range{0, 0}, Range{0, 1e-46}, Range{-5e-324, 0}}) {
    Derived d =
        derive(DerivationRule::PTfl, range, Symmetry::Asymmetric, Storage::I8);
    EXPECT_EQ(d.params.scale, 0);
    EXPECT_EQ(d.params.zeroPoint, 0);
  }
  Derived d = derive(DerivationRule::PTfl, {0, 255 * 0x1p-149},
                     Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, 0x1p-149);
  EXPECT_EQ(d.params.zeroPoint, 0);
  EXPECT_EQ(
      derive(DerivationRule::PTfl, {2, 5}, Symmetry::Asymmetric, Storage::U8)
          .params.scale,
      5. / 255);
}

TEST(Derive, Errors) {
  double inf = std::numeric_limits<double>::infinity();
  double nan = std::numeric_limits<double>::quiet_NaN();
  double max = std::numeric_limits<double>::max();
  for (DerivationRule rule : {DerivationRule::PAimet, DerivationRule::PTfl})
    for (Symmetry symmetry : allValues<Symmetry>())
      for (Range range : {Range{1, -1}, Range{nan, 1}, Range{0, nan},
                          Range{-inf, 0}, Range{0, inf}, Range{-max, max}}) {
        Result<Derived> d = deriveParams(rule, range, symmetry, Storage::U8);
        EXPECT_FALSE(static_cast<bool>(d)) << range.min << " " << range.max;
        EXPECT_EQ(d.error().rfind("expected ", 0), 0u) << d.error();
      }
}

// Zero is a code, the codes' ends are the adjusted range, and the range given
// is missed by at most half a step.
TEST(Derive, Properties) {
  std::mt19937_64 generator = seededGenerator();
  std::uniform_real_distribution<double> exponent(-30, 30), sign(-1, 1);
  for (int i = 0; i < 20000; ++i) {
    double a = sign(generator) * std::exp2(exponent(generator));
    double b = sign(generator) * std::exp2(exponent(generator));
    Range range{std::min(a, b), std::max(a, b)};
    for (DerivationRule rule : {DerivationRule::PAimet, DerivationRule::PTfl})
      for (Symmetry symmetry : allValues<Symmetry>())
        for (Storage storage : {Storage::U8, Storage::I8, Storage::I16})
          for (bool narrow : {false, true}) {
            Derived d = derive(rule, range, symmetry, storage, narrow);
            const QuantParams &p = d.params;
            ASSERT_EQ(p.grid, gridOf(storage, narrow));
            ASSERT_GT(p.scale, 0);
            ASSERT_GE(p.zeroPoint, p.grid.qmin);
            ASSERT_LE(p.zeroPoint, p.grid.qmax);
            double low =
                p.scale * static_cast<double>(p.grid.qmin - p.zeroPoint);
            double high =
                p.scale * static_cast<double>(p.grid.qmax - p.zeroPoint);
            double slack = 1e-9 * (high - low);
            ASSERT_NEAR(d.range.min, low, slack);
            ASSERT_NEAR(d.range.max, high, slack);
            ASSERT_LE(low, std::min(range.min, 0.) + p.scale / 2 + slack);
            ASSERT_GE(high, std::max(range.max, 0.) - p.scale / 2 - slack);
          }
  }
}

namespace {

/// The options of all rules, one by one and together.
std::vector<DeriveOptions> allOptions() {
  std::vector<DeriveOptions> all;
  for (Symmetry symmetry : allValues<Symmetry>())
    for (Storage storage : allValues<Storage>())
      for (unsigned bits : {0u, 2u, 3u, 4u, 7u, 16u})
        for (int flags : {0, 1, 2, 3, 4, 8, 13, 16}) {
          DeriveOptions options;
          options.symmetry = symmetry;
          options.storage = storage;
          options.bits = bits;
          options.narrow = flags & 1;
          options.ofWeights = flags & 2;
          options.powerOfTwo = flags & 4;
          options.preserveSparsity = flags & 8;
          options.bumpByEps = flags & 16;
          all.push_back(options);
        }
  return all;
}

} // namespace

// Any range and any options: a documented value or an error, never more than
// the grid, never NaN.
TEST(Derive, DegenerateRangesHaveValuesOrErrors) {
  double inf = std::numeric_limits<double>::infinity();
  double nan = std::numeric_limits<double>::quiet_NaN();
  double max = std::numeric_limits<double>::max();
  double floatMax = static_cast<double>(std::numeric_limits<float>::max());
  const double ends[] = {0,    -0.,       5e-324, -1e-46, 1e-45, -1e-38,
                         1e-6, -2.5,      255,    -1e30,  1e39,  floatMax,
                         -max, -floatMax, inf,    nan};
  std::vector<DeriveOptions> all = allOptions();
  size_t values = 0, errors = 0;
  for (DerivationRule rule : allValues<DerivationRule>())
    for (const DeriveOptions &options : all)
      for (double a : ends)
        for (double b : ends) {
          Result<Derived> d = deriveParams(rule, {a, b}, options);
          if (!d) {
            ++errors;
            ASSERT_EQ(d.error().rfind("expected ", 0), 0u) << d.error();
            continue;
          }
          ++values;
          const QuantParams &p = d->params;
          ASSERT_TRUE(std::isfinite(a) && std::isfinite(b) && a <= b);
          ASSERT_TRUE(std::isfinite(p.scale) &&
                      std::isfinite(static_cast<float>(p.scale)));
          ASSERT_GE(p.scale, 0) << stringify(rule);
          ASSERT_TRUE(p.scale == 0 || static_cast<float>(p.scale) > 0);
          ASSERT_LE(p.grid.qmin, p.zeroPoint);
          ASSERT_GE(p.grid.qmax, p.zeroPoint);
          ASSERT_LE(d->range.min, 0) << stringify(rule) << a << " " << b;
          // AIMET's maximum is its width plus the minimum, rounded.
          ASSERT_GE(d->range.max, d->range.min * 0x1p-52)
              << stringify(rule) << " " << a << " " << b;
        }
  EXPECT_GT(values, 100000u);
  EXPECT_GT(errors, 100000u);
}

// Options that a rule does not have are errors, not ignored.
TEST(Derive, RejectsOptionsOfOtherRules) {
  auto error = [](DerivationRule rule, DeriveOptions options) {
    return deriveParams(rule, {-1, 1}, options).error();
  };
  DeriveOptions options;
  EXPECT_EQ(error(DerivationRule::PTrt, options),
            "expected a symmetry that the rule p_trt has, got asymmetric");
  options.symmetry = Symmetry::Symmetric;
  EXPECT_EQ(error(DerivationRule::PFb, options),
            "expected a symmetry that the rule p_fb has, got symmetric");
  options.storage = Storage::U8;
  EXPECT_EQ(error(DerivationRule::PDpu, options),
            "expected a signed storage for the rule p_dpu, got u8");
  options.bits = 9;
  EXPECT_EQ(error(DerivationRule::PTfl, options),
            "expected 2 to 8 bits in u8, got 9");
  options = {};
  options.powerOfTwo = true;
  EXPECT_EQ(error(DerivationRule::PTfl, options),
            "expected p_fb or symmetric p_glow for a power-of-two scale, got "
            "p_tfl");
  options = {};
  options.preserveSparsity = true;
  EXPECT_EQ(error(DerivationRule::PTorch, options),
            "expected p_fb for preserve-sparsity, got p_torch");
  options = {};
  options.bumpByEps = true;
  EXPECT_EQ(error(DerivationRule::PTfl, options),
            "expected p_ngraph for bump-by-eps, got p_tfl");
  options = {};
  options.storage = Storage::I16;
  EXPECT_EQ(error(DerivationRule::PNnlib, options),
            "expected the whole grid of 8 bits for the rule p_nnlib");
  options = {};
  options.minimumWidth = -1;
  EXPECT_EQ(error(DerivationRule::PAimet, options),
            "expected a minimum width of at least 0, got -1");
  EXPECT_EQ(deriveParams(DerivationRule::PTorch, {0, 1e39}, {}).error(),
            "expected a range that is finite in f32, got [0, 1e+39]");
}

TEST(Derive, AimetMinimumWidth) {
  DeriveOptions options;
  options.storage = Storage::U8;
  options.minimumWidth = 0.0001;
  Result<Derived> d = deriveParams(DerivationRule::PAimet, {0, 0}, options);
  ASSERT_TRUE(static_cast<bool>(d));
  EXPECT_EQ(d->params.scale, .0001 / 255);
  // Strict: one step less.
  options.narrow = true;
  d = deriveParams(DerivationRule::PAimet, {0, 1}, options);
  ASSERT_TRUE(static_cast<bool>(d));
  EXPECT_EQ(d->params.scale, 1. / 254);
}

// All rules and widths: zero is a code, and the range given is covered but for
// half a step (in f32 rules: of the range rounded to f32).
TEST(Derive, RangesAreCovered) {
  std::mt19937_64 generator = seededGenerator();
  std::uniform_real_distribution<double> exponent(-9, 30), sign(-1, 1);
  std::vector<DeriveOptions> all = allOptions();
  for (DerivationRule rule : allValues<DerivationRule>()) {
    // These clip by design: to nearest, or to a threshold.
    if (rule == DerivationRule::PPotR || rule == DerivationRule::PTvm)
      continue;
    size_t checked = 0;
    for (const DeriveOptions &options : all)
      for (int i = 0; i < 40; ++i) {
        double a = sign(generator) * std::exp2(exponent(generator));
        double b = sign(generator) * std::exp2(exponent(generator));
        Range range{std::min(a, b), std::max(a, b)};
        Result<Derived> d = deriveParams(rule, range, options);
        if (!d)
          continue;
        ++checked;
        const QuantParams &p = d->params;
        ASSERT_EQ(p.grid,
                  gridOf(options.storage, options.narrow, options.bits));
        ASSERT_GT(p.scale, 0);
        // Tengine's and the note's zero points are off by design.
        double steps = .5;
        if (rule == DerivationRule::PTengine ||
            rule == DerivationRule::PNote256)
          steps = 2;
        double low = p.scale * static_cast<double>(p.grid.qmin - p.zeroPoint);
        double high = p.scale * static_cast<double>(p.grid.qmax - p.zeroPoint);
        double slack = steps * p.scale + 1e-5 * (high - low);
        // nGraph's unsigned storage holds no negative values.
        if (rule != DerivationRule::PNgraph || p.grid.qmin < 0 ||
            p.zeroPoint > p.grid.qmin) {
          ASSERT_LE(low, std::min(range.min, 0.) + slack)
              << stringify(rule) << " " << range.min << " " << range.max;
        }
        // AMCT's M/128 for the sake of the minimum clips the maximum.
        if (rule != DerivationRule::PAmct || p.zeroPoint == p.grid.qmin ||
            -range.min < range.max) {
          ASSERT_GE(high, std::max(range.max, 0.) - slack)
              << stringify(rule) << " " << range.min << " " << range.max;
        }
      }
    EXPECT_GT(checked, 0u) << stringify(rule);
  }
}
