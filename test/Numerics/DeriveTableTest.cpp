//===- DeriveTableTest.cpp - The vendors' numbers for given ranges --------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of seven ranges through every rule. The TFLite, FBGEMM, AIMET and
// hexagon_nn columns are from the vendors' own sources compiled, PyTorch's from
// its observers; the other columns are their published formulas. Scales are
// compared as printed, with nine digits, and with the formula in the precision
// of the rule, to the last bit.
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Derive.h"

#include "gtest/gtest.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

using namespace hwq::numerics;

namespace {

using Rule = DerivationRule;

Derived derive(Rule rule, Range range, const DeriveOptions &options) {
  Result<Derived> result = deriveParams(rule, range, options);
  EXPECT_TRUE(static_cast<bool>(result)) << result.error();
  return result ? *result : Derived{};
}

Derived derive(Rule rule, Range range, Symmetry symmetry, Storage storage) {
  DeriveOptions options;
  options.symmetry = symmetry;
  options.storage = storage;
  return derive(rule, range, options);
}

/// Nine significant digits, the way the table is printed.
std::string digits(double x) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.9g", x);
  return buffer;
}

#define EXPECT_DIGITS(actual, expected)                                        \
  EXPECT_EQ(digits(actual), digits(expected)) << #actual

float f32(double x) { return static_cast<float>(x); }
double f64(float x) { return static_cast<double>(x); }

struct Golden {
  Range range;
  /// (max - min)/255 in f64.
  double affine;
  int64_t tflI8, tflU8, fbU8, torchI8, torchU8, aimet;
  /// hexagon_nn's range, moved, and its zero point.
  Range nnlib;
  int64_t nnlibZero;
  int64_t glow, amct;
  /// Symmetric: M/127 in f64, M/127.5, AMCT's and Glow's.
  double over127, torchSymmetric, amctSymmetric;
  /// Powers of two: TVM weights, MQBench, FBGEMM with its zero point on u8.
  double tvm, pot, fbPot;
  int64_t fbPotZero;
};

// clang-format off
const Golden goldens[] = {
    {{-1, 1}, .00784313725, -1, 128, 127, -1, 127, 128, {-1, 1.00787}, 127, 0, -1,
     .00787401575, .00784313772, .00787401572, 0x1p-7, 0x1p-7, 0x1p-6, 64},
    {{-.5, 1.5}, .00784313725, -64, 64, 64, -64, 64, 64, {-.50262, 1.5}, 64, -64, -64,
     .0118110236, .0117647061, .0118110236, 0x1p-6, 0x1p-6, 0x1p-6, 32},
    {{0, 6}, .0235294118, -128, 0, 0, -128, 0, 0, {0, 6}, 0, -128, -128,
     .0472440945, .0470588244, .0472440943, 0x1p-4, 0x1p-4, 0x1p-5, 0},
    {{-10, 0}, .0392156863, 127, 255, 255, 127, 255, 255, {-10, 0}, 255, 127, 127,
     .0787401575, .0784313753, .078125, 0x1p-3, 0x1p-4, 0x1p-4, 160},
    {{-1.8, .5}, .00901960784, 72, 200, 200, 72, 200, 200, {-1.8, .50653}, 199, 72, 72,
     .0141732283, .0141176470, .0140624996, 0x1p-6, 0x1p-6, 0x1p-6, 115},
    {{-3.2, 4.7}, .0309803922, -25, 103, 103, -25, 103, 103, {-3.2, 4.72233}, 103, -25, -25,
     .0370078740, .0368627422, .0370078720, 0x1p-4, 0x1p-5, 0x1p-5, 102},
};
// clang-format on

struct GoldenTable : testing::TestWithParam<Golden> {
  Golden g = GetParam();
  double width = g.range.max - g.range.min;
  double magnitude = std::max(-g.range.min, g.range.max);
  /// The width and the larger end in f32.
  float width32 = f32(g.range.max) - f32(g.range.min);
  float magnitude32 = f32(magnitude);
};

} // namespace

TEST_P(GoldenTable, Tfl) {
  Derived i8 = derive(Rule::PTfl, g.range, Symmetry::Asymmetric, Storage::I8);
  Derived u8 = derive(Rule::PTfl, g.range, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(i8.params.zeroPoint, g.tflI8);
  EXPECT_EQ(u8.params.zeroPoint, g.tflU8);
  for (const Derived &d : {i8, u8}) {
    EXPECT_EQ(d.params.scale, width / 255);
    EXPECT_DIGITS(d.params.scale, g.affine);
  }
  Derived s = derive(Rule::PTfl, g.range, Symmetry::Symmetric, Storage::I8);
  EXPECT_EQ(s.params.scale, magnitude / 127);
  EXPECT_DIGITS(s.params.scale, g.over127);
}

TEST_P(GoldenTable, Aimet) {
  Derived u8 = derive(Rule::PAimet, g.range, Symmetry::Asymmetric, Storage::U8);
  Derived i8 = derive(Rule::PAimet, g.range, Symmetry::Asymmetric, Storage::I8);
  EXPECT_EQ(u8.params.zeroPoint, g.aimet);
  EXPECT_EQ(i8.params.zeroPoint, g.aimet - 128);
  EXPECT_EQ(u8.params.scale, width / 255);
  EXPECT_DIGITS(u8.params.scale, g.affine);
  Derived s = derive(Rule::PAimet, g.range, Symmetry::Symmetric, Storage::I8);
  EXPECT_EQ(s.params.scale, magnitude / 127);
  EXPECT_DIGITS(s.params.scale, g.over127);
}

TEST_P(GoldenTable, Fb) {
  Derived d = derive(Rule::PFb, g.range, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.zeroPoint, g.fbU8);
  // The f32 ends, their difference in f64.
  EXPECT_EQ(d.params.scale,
            f64(f32((f64(f32(g.range.max)) - f64(f32(g.range.min))) / 255)));
  EXPECT_NEAR(d.params.scale, g.affine, 1e-7 * g.affine);
  DeriveOptions options;
  options.storage = Storage::U8;
  options.powerOfTwo = true;
  d = derive(Rule::PFb, g.range, options);
  EXPECT_EQ(d.params.scale, g.fbPot);
  EXPECT_EQ(d.params.zeroPoint, g.fbPotZero);
}

TEST_P(GoldenTable, Torch) {
  Derived i8 = derive(Rule::PTorch, g.range, Symmetry::Asymmetric, Storage::I8);
  Derived u8 = derive(Rule::PTorch, g.range, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(i8.params.zeroPoint, g.torchI8);
  EXPECT_EQ(u8.params.zeroPoint, g.torchU8);
  EXPECT_EQ(i8.params.scale, f64(width32 / 255));
  EXPECT_EQ(u8.params.scale, i8.params.scale);
  EXPECT_NEAR(i8.params.scale, g.affine, 1e-7 * g.affine);
  Derived s = derive(Rule::PTorch, g.range, Symmetry::Symmetric, Storage::I8);
  EXPECT_EQ(s.params.scale, f64(magnitude32 / 127.5f));
  EXPECT_EQ(s.params.zeroPoint, 0);
  EXPECT_DIGITS(s.params.scale, g.torchSymmetric);
  s = derive(Rule::PPotR, g.range, Symmetry::Symmetric, Storage::I8);
  EXPECT_EQ(s.params.scale, g.pot);
}

TEST_P(GoldenTable, Nnlib) {
  Derived d = derive(Rule::PNnlib, g.range, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.zeroPoint, g.nnlibZero);
  EXPECT_NEAR(d.range.min, g.nnlib.min, 5e-6);
  EXPECT_NEAR(d.range.max, g.nnlib.max, 5e-6);
  EXPECT_EQ(d.params.scale, f64((f32(d.range.max) - f32(d.range.min)) / 255));
}

TEST_P(GoldenTable, Amct) {
  Derived d = derive(Rule::PAmct, g.range, Symmetry::Asymmetric, Storage::I8);
  EXPECT_EQ(d.params.zeroPoint, g.amct);
  EXPECT_EQ(d.params.scale, f64(width32 / 255));
  Derived s = derive(Rule::PAmct, g.range, Symmetry::Symmetric, Storage::I8);
  bool fromMin = -g.range.min > g.range.max;
  EXPECT_EQ(s.params.scale, f64(magnitude32 / (fromMin ? 128.0f : 127.0f)));
  EXPECT_EQ(s.params.zeroPoint, 0);
  EXPECT_DIGITS(s.params.scale, g.amctSymmetric);
}

TEST_P(GoldenTable, Glow) {
  Derived d = derive(Rule::PGlow, g.range, Symmetry::Asymmetric, Storage::I8);
  EXPECT_EQ(d.params.zeroPoint, g.glow);
  EXPECT_EQ(d.params.scale,
            f64(f32((f64(f32(g.range.max)) - f64(f32(g.range.min))) / 255)));
  d = derive(Rule::PGlow, g.range, Symmetry::Symmetric, Storage::I8);
  EXPECT_EQ(d.params.zeroPoint, 0);
  EXPECT_DIGITS(d.params.scale, g.amctSymmetric);
  // A range without negative values gets the whole grid.
  d = derive(Rule::PGlow, g.range, Symmetry::UnsignedSymmetric, Storage::I8);
  if (g.range.min < 0) {
    EXPECT_EQ(d.params.zeroPoint, 0);
    EXPECT_DIGITS(d.params.scale, g.amctSymmetric);
  } else {
    EXPECT_EQ(d.params.zeroPoint, -128);
    EXPECT_EQ(d.params.scale, f64(f32(width / 255)));
  }
  DeriveOptions options;
  options.symmetry = Symmetry::Symmetric;
  options.powerOfTwo = true;
  d = derive(Rule::PGlow, g.range, options);
  EXPECT_EQ(d.params.scale, std::exp2(std::ceil(std::log2(g.amctSymmetric))));
  EXPECT_EQ(d.params.zeroPoint, 0);
}

TEST_P(GoldenTable, Tvm) {
  DeriveOptions options;
  options.symmetry = Symmetry::Symmetric;
  options.ofWeights = true;
  Derived d = derive(Rule::PTvm, g.range, options);
  EXPECT_EQ(d.params.scale, g.tvm);
  EXPECT_EQ(d.params.grid, (Grid{-127, 127}));
  // Activations have the global scale 8, or a calibrated threshold.
  options.ofWeights = false;
  EXPECT_EQ(derive(Rule::PTvm, g.range, options).params.scale, 0x1p-4);
  options.threshold = 0;
  EXPECT_EQ(derive(Rule::PTvm, g.range, options).params.scale,
            f64(magnitude32) / 128);
}

TEST_P(GoldenTable, TensorRtAndNgraph) {
  Derived d = derive(Rule::PTrt, g.range, Symmetry::Symmetric, Storage::I8);
  EXPECT_EQ(d.params.scale, f64(f32(magnitude / 127)));
  EXPECT_NEAR(d.params.scale, g.over127, 1e-7 * g.over127);
  d = derive(Rule::PNgraph, g.range, Symmetry::Symmetric, Storage::I8);
  EXPECT_EQ(d.params.scale, f64(magnitude32 / 127));
  EXPECT_EQ(d.params.zeroPoint, 0);
  d = derive(Rule::PNgraph, g.range, Symmetry::Symmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, f64(magnitude32 / 255));
  EXPECT_EQ(d.params.zeroPoint, 0);
}

TEST_P(GoldenTable, Tpu) {
  Derived d = derive(Rule::PTpu, g.range, Symmetry::Symmetric, Storage::I8);
  EXPECT_EQ(d.params.scale, magnitude / 127);
  EXPECT_DIGITS(d.params.scale, g.over127);
  d = derive(Rule::PTpu, g.range, Symmetry::Asymmetric, Storage::I8);
  EXPECT_EQ(d.params.scale, width / 255);
  EXPECT_DIGITS(d.params.scale, g.affine);
}

TEST_P(GoldenTable, Tengine) {
  Derived d =
      derive(Rule::PTengine, g.range, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, f64(width32 / 255));
  EXPECT_EQ(d.params.zeroPoint,
            static_cast<int64_t>(-f32(g.range.min) / (width32 / 255)));
}

INSTANTIATE_TEST_SUITE_P(Derive, GoldenTable, testing::ValuesIn(goldens));

// The last row: [0, 0], which most tools catch in a way of their own.
TEST(DeriveTable, ZeroRange) {
  Range zero{0, 0};
  auto check = [&](Rule rule, Symmetry symmetry, Storage storage, double scale,
                   int64_t zeroPoint) {
    Derived d = derive(rule, zero, symmetry, storage);
    EXPECT_EQ(d.params.scale, scale) << stringify(rule);
    EXPECT_EQ(d.params.zeroPoint, zeroPoint) << stringify(rule);
  };
  auto asymmetric = Symmetry::Asymmetric, symmetric = Symmetry::Symmetric;
  check(Rule::PTfl, asymmetric, Storage::I8, 0, 0);
  check(Rule::PTfl, asymmetric, Storage::U8, 0, 0);
  check(Rule::PFb, asymmetric, Storage::U8, f64(.1f), 0);
  check(Rule::PTorch, asymmetric, Storage::I8, 0x1p-23, -128);
  check(Rule::PTorch, asymmetric, Storage::U8, 0x1p-23, 0);
  check(Rule::PTorch, symmetric, Storage::I8, 0x1p-23, 0);
  check(Rule::PPotR, symmetric, Storage::I8, 0x1p-23, 0);
  check(Rule::PAimet, asymmetric, Storage::U8, .01 / 255, 0);
  check(Rule::PGlow, asymmetric, Storage::I8, f64(.1f), 0);
  check(Rule::PGlow, symmetric, Storage::I8, f64(.1f), 0);
  check(Rule::PAmct, asymmetric, Storage::I8, 1, -128);
  check(Rule::PAmct, symmetric, Storage::I8, 1, 0);
  check(Rule::PTrt, symmetric, Storage::I8, 1, 0);
  check(Rule::PNgraph, symmetric, Storage::I8, 0, 0);
  check(Rule::PTpu, symmetric, Storage::I8, 0, 0);
  check(Rule::PTpu, asymmetric, Storage::I8, 0, 0);
  check(Rule::PTengine, asymmetric, Storage::U8, 0, 0);
  check(Rule::PNote256, asymmetric, Storage::U8, 0, 0);
  // 18 is the vendor's guard, 12 the limit of 8 bits.
  check(Rule::PDpu, symmetric, Storage::I8, 0x1p-12, 0);
  check(Rule::PTvm, symmetric, Storage::I8, 0x1p-4, 0);
  DeriveOptions options;
  options.storage = Storage::U8;
  options.powerOfTwo = true;
  Derived d = derive(Rule::PFb, zero, options);
  EXPECT_EQ(d.params.scale, 0x1p-3);
  EXPECT_EQ(d.params.zeroPoint, 0);
  options = {};
  options.symmetry = symmetric;
  options.ofWeights = true;
  EXPECT_EQ(derive(Rule::PTvm, zero, options).params.scale, 0x1p-7);
  EXPECT_EQ(deriveParams(Rule::PNnlib, zero, asymmetric, Storage::U8).error(),
            "expected a range 1e-6 to 1.3e36 wide for the rule p_nnlib, got "
            "[0, 0]");
}

// A range of -1..1 has five zero points.
TEST(DeriveTable, OneRangeFiveZeroPoints) {
  auto zero = [](Rule rule, Storage storage) {
    return derive(rule, {-1, 1}, Symmetry::Asymmetric, storage)
        .params.zeroPoint;
  };
  EXPECT_EQ(zero(Rule::PTfl, Storage::U8), 128);
  EXPECT_EQ(zero(Rule::PAimet, Storage::U8), 128);
  EXPECT_EQ(zero(Rule::PFb, Storage::U8), 127);
  EXPECT_EQ(zero(Rule::PTorch, Storage::U8), 127);
  EXPECT_EQ(zero(Rule::PNnlib, Storage::U8), 127);
  EXPECT_EQ(zero(Rule::PTfl, Storage::I8), -1);
  EXPECT_EQ(zero(Rule::PAmct, Storage::I8), -1);
  EXPECT_EQ(zero(Rule::PGlow, Storage::I8), 0);
  // Unsigned storage of rules that count with a sign: 128 more.
  EXPECT_EQ(zero(Rule::PAmct, Storage::U8), 127);
  EXPECT_EQ(zero(Rule::PGlow, Storage::U8), 128);
  EXPECT_EQ(zero(Rule::PTengine, Storage::U8), 127);
  EXPECT_EQ(zero(Rule::PNote256, Storage::U8), 128);
}

TEST(DeriveTable, FbSmallScalesAndSparsity) {
  // Below fp16's smallest normal number the range is scaled up with the scale.
  Derived d =
      derive(Rule::PFb, {-1e-6, 3e-6}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, f64(6.1e-5f));
  EXPECT_EQ(d.params.zeroPoint, 64);
  d = derive(Rule::PFb, {0, 1e-6}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, f64(6.1e-5f));
  EXPECT_EQ(d.params.zeroPoint, 0);
  d = derive(Rule::PFb, {-1e-6, 0}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.zeroPoint, 255);
  // 1/s would be infinite.
  d = derive(Rule::PFb, {0, 1e-38}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, f64(.1f));
  // The floor comes after the power of two.
  DeriveOptions options;
  options.powerOfTwo = true;
  d = derive(Rule::PFb, {-1e-6, 3e-6}, options);
  EXPECT_EQ(d.params.scale, f64(6.1e-5f));
  // Scales at and above 1.
  EXPECT_EQ(derive(Rule::PFb, {0, 255}, options).params.scale, 1);
  EXPECT_EQ(derive(Rule::PFb, {0, 256}, options).params.scale, 2);
  EXPECT_EQ(derive(Rule::PFb, {0, 255 * 0x1p40}, options).params.scale, 0x1p40);
  // Sparsity: 128 below, 127 above, zero point in the middle.
  options = {};
  options.preserveSparsity = true;
  d = derive(Rule::PFb, {-3.2, 4.7}, options);
  EXPECT_EQ(d.params.zeroPoint, 0);
  float step = 4.7f / 127;
  EXPECT_EQ(
      d.params.scale,
      f64(f32((f64(f32(f64(step) * 127)) - f64(f32(f64(step) * -128))) / 255)));
  options.storage = Storage::U8;
  EXPECT_EQ(derive(Rule::PFb, {-3.2, 4.7}, options).params.zeroPoint, 128);
  // One-sided ranges are left alone.
  EXPECT_EQ(derive(Rule::PFb, {0, 4.7}, options).params.zeroPoint, 0);
}

// Beyond the recorded u8 and i8: adaptive signness, and the scale to 2^k after
// the zero point.
TEST(DeriveTable, TorchVariants) {
  Derived d =
      derive(Rule::PTorch, {0.3, 2}, Symmetry::UnsignedSymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, f64(2.0f / 255));
  EXPECT_EQ(d.params.zeroPoint, 0);
  d = derive(Rule::PTorch, {-0.3, 2}, Symmetry::UnsignedSymmetric, Storage::I8);
  EXPECT_EQ(d.params.scale, f64(2.0f / 127.5f));
  EXPECT_EQ(d.params.zeroPoint, 0);
  DeriveOptions options;
  options.symmetry = Symmetry::Symmetric;
  options.narrow = true;
  EXPECT_EQ(derive(Rule::PTorch, {-1, 2}, options).params.scale,
            f64(2.0f / 127));
  options = {};
  options.symmetry = Symmetry::Symmetric;
  options.bits = 4;
  d = derive(Rule::PTorch, {-1, 2}, options);
  EXPECT_EQ(d.params.scale, f64(2.0f / 7.5f));
  EXPECT_EQ(d.params.grid, (Grid{-8, 7}));
  d = derive(Rule::PPotR, {-1, 2}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, 0x1p-6); // 3/255 = 2^-6.4
  EXPECT_EQ(d.params.zeroPoint, 85); // of 3/255; 2^-6 has 64
}

TEST(DeriveTable, TpuGridFollowsTheSignOfTheMinimum) {
  // A minimum of zero is unsigned, "-0" too.
  for (double min : {0.0, -0.0}) {
    Derived d = derive(Rule::PTpu, {min, 7.3097858},
                       Symmetry::UnsignedSymmetric, Storage::U8);
    EXPECT_EQ(d.params.scale, 7.3097858 / 255);
    EXPECT_EQ(d.params.zeroPoint, 0);
  }
  Derived d =
      derive(Rule::PTpu, {-.1, 7.3}, Symmetry::UnsignedSymmetric, Storage::I8);
  EXPECT_EQ(d.params.scale, 7.3 / 127);
  EXPECT_EQ(d.params.zeroPoint, 0);
  // The zero point would leave the grid: the other end gives the scale.
  d = derive(Rule::PTpu, {1, 5}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, 5. / 255);
  EXPECT_EQ(d.params.zeroPoint, 0);
  d = derive(Rule::PTpu, {-5, -1}, Symmetry::Asymmetric, Storage::I8);
  EXPECT_EQ(d.params.scale, 5. / 255);
  EXPECT_EQ(d.params.zeroPoint, 127);
  d = derive(Rule::PTpu, {-5, -5}, Symmetry::Asymmetric, Storage::I8);
  EXPECT_EQ(d.params.scale, 5. / 255);
  EXPECT_EQ(d.params.zeroPoint, 127);
  // Half a step: away from zero on the signed grid, -127.5 -> -128.
  d = derive(Rule::PTpu, {-.5, 254.5}, Symmetry::Asymmetric, Storage::I8);
  EXPECT_EQ(d.params.scale, 1);
  EXPECT_EQ(d.params.zeroPoint, -128);
  d = derive(Rule::PTpu, {-.5, 254.5}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.zeroPoint, 0);
  // 16 and 4 bits.
  DeriveOptions options;
  options.symmetry = Symmetry::Symmetric;
  options.storage = Storage::I16;
  EXPECT_EQ(derive(Rule::PTpu, {-2, 3}, options).params.scale, 3. / 32767);
  options.storage = Storage::I8;
  options.bits = 4;
  EXPECT_EQ(derive(Rule::PTpu, {-2, 3}, options).params.scale, 3. / 7);
  options.symmetry = Symmetry::UnsignedSymmetric;
  EXPECT_EQ(derive(Rule::PTpu, {0, 3}, options).params.scale, 3. / 15);
  options.symmetry = Symmetry::Asymmetric;
  d = derive(Rule::PTpu, {-1, 2}, options);
  EXPECT_EQ(d.params.scale, 3. / 15);
  EXPECT_EQ(d.params.zeroPoint, -3);
  // Weights in f32, not below 1e-5.
  options = {};
  options.symmetry = Symmetry::Symmetric;
  options.ofWeights = true;
  EXPECT_EQ(derive(Rule::PTpu, {-.3, .2}, options).params.scale,
            f64(.3f / 127.0f));
  EXPECT_EQ(derive(Rule::PTpu, {-1e-4, 1e-4}, options).params.scale,
            f64(1e-5f));
}

TEST(DeriveTable, TpuExactWeights) {
  const float identity[] = {1, 0, 0, 1};
  EXPECT_EQ(exactWeightScale(identity, 4, {-128, 127}), 1.0);
  const float halves[] = {1, -.5f, .25f, 0};
  EXPECT_EQ(exactWeightScale(halves, 4, {-128, 127}), .25);
  const float fine[] = {0x1p-6f};
  EXPECT_EQ(exactWeightScale(fine, 1, {-128, 127}), 0x1p-6);
  const float finer[] = {0x1p-7f};
  EXPECT_EQ(exactWeightScale(finer, 1, {-128, 127}), std::nullopt);
  const float large[] = {128};
  EXPECT_EQ(exactWeightScale(large, 1, {-128, 127}), std::nullopt);
  EXPECT_EQ(exactWeightScale(large, 1, {0, 255}), 1.0);
  const float bad[] = {std::nanf("")};
  EXPECT_EQ(exactWeightScale(bad, 1, {-128, 127}), std::nullopt);
}

// From the calibration cache: 2.62388694/127 is 3ca94044, 1/127 3c010204 and
// 4.7/127 3d179592.
TEST(DeriveTable, TensorRtCacheBits) {
  struct {
    double amax;
    uint32_t bits;
  } cases[] = {{2.62388694, 0x3ca94044}, {1, 0x3c010204}, {4.7, 0x3d179592}};
  for (auto &c : cases) {
    Derived d =
        derive(Rule::PTrt, {-c.amax, 0}, Symmetry::Symmetric, Storage::I8);
    float scale = f32(d.params.scale);
    uint32_t bits;
    std::memcpy(&bits, &scale, sizeof(bits));
    EXPECT_EQ(bits, c.bits) << c.amax;
    EXPECT_EQ(d.params.scale, f64(scale));
  }
}

TEST(DeriveTable, NgraphBumpByEps) {
  DeriveOptions options;
  options.symmetry = Symmetry::Symmetric;
  options.bumpByEps = true;
  // Narrow ranges get a width of max(1, M)/100.
  EXPECT_EQ(derive(Rule::PNgraph, {0, 0}, options).params.scale,
            f64(.01f / 127));
  EXPECT_EQ(derive(Rule::PNgraph, {-.001, .001}, options).params.scale,
            f64((-.001f + .01f) / 127));
  EXPECT_EQ(derive(Rule::PNgraph, {-300, -299}, options).params.scale,
            f64(300.0f / 127));
  EXPECT_EQ(derive(Rule::PNgraph, {-1, 2}, options).params.scale,
            f64(2.0f / 127));
  options.bumpByEps = false;
  options.symmetry = Symmetry::UnsignedSymmetric;
  options.storage = Storage::U8;
  EXPECT_EQ(derive(Rule::PNgraph, {0, 2}, options).params.scale,
            f64(2.0f / 255));
  Derived d = derive(Rule::PNgraph, {-1, 2}, options);
  EXPECT_EQ(d.params.scale, f64(2.0f / 127));
  EXPECT_EQ(d.params.zeroPoint, 128);
}

TEST(DeriveTable, Tengine) {
  Derived d =
      derive(Rule::PTengine, {-2, 1}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.zeroPoint, 170);
  // Truncated: 127.5 -> 127, where rounding gives 128.
  d = derive(Rule::PTengine, {-1, 1}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.zeroPoint, 127);
  d = derive(Rule::PTengine, {2, 5}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, f64(5.0f / 255));
  EXPECT_EQ(d.params.zeroPoint, 0);
  d = derive(Rule::PTengine, {-5, -2}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, f64(5.0f / 255));
  EXPECT_GE(d.params.zeroPoint, 254);
}

TEST(DeriveTable, Note256) {
  Derived d =
      derive(Rule::PNote256, {-1, 3}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, 4. / 256);
  EXPECT_EQ(d.params.zeroPoint, 64);
  // The formula's zero point is 256 here, past the grid.
  d = derive(Rule::PNote256, {-10, 0}, Symmetry::Asymmetric, Storage::U8);
  EXPECT_EQ(d.params.scale, 10. / 256);
  EXPECT_EQ(d.params.zeroPoint, 255);
  DeriveOptions options;
  options.bits = 4;
  d = derive(Rule::PNote256, {-1, 1}, options);
  EXPECT_EQ(d.params.scale, 2. / 16);
  EXPECT_EQ(d.params.zeroPoint, 0);
}

// Of the dot product that goes through every backend.
TEST(DeriveTable, DpuExponents) {
  auto fp = [](Range range) {
    return -std::log2(
        derive(Rule::PDpu, range, Symmetry::Symmetric, Storage::I8)
            .params.scale);
  };
  EXPECT_EQ(fp({-1.8, .5}), 6);
  EXPECT_EQ(fp({-.83, .42}), 7);
  EXPECT_EQ(fp({-2.1, 1.6}), 5);
  // The two ends: 127.5 above, 128.5 below.
  EXPECT_EQ(fp({0, 127.5 / 128}), 7);
  EXPECT_EQ(fp({0, f64(std::nextafterf(127.5f / 128, 2))}), 6);
  EXPECT_EQ(fp({-128.5 / 128, 0}), 7);
  EXPECT_EQ(fp({f64(std::nextafterf(-128.5f / 128, -2)), 0}), 6);
  // Limits, and very large ranges.
  EXPECT_EQ(fp({-1e-6, 1e-6}), 12);
  EXPECT_EQ(fp({0, 1e30}), -93);
  DeriveOptions options;
  options.symmetry = Symmetry::Symmetric;
  options.storage = Storage::I16;
  EXPECT_EQ(derive(Rule::PDpu, {-1e-6, 1e-6}, options).params.scale, 0x1p-15);
}

TEST(DeriveTable, DpuSearch) {
  DeriveOptions options;
  options.symmetry = Symmetry::Symmetric;
  // One outlier beside many fine values: a larger exponent, which clips the
  // outlier, loses less.
  std::vector<float> x(2000, 0.011f);
  x.push_back(1.1f);
  Result<Derived> coarse = deriveDpu(x.data(), x.size(), options, 1);
  Result<Derived> fine = deriveDpu(x.data(), x.size(), options);
  ASSERT_TRUE(coarse && fine);
  EXPECT_EQ(coarse->params.scale, 0x1p-6);
  EXPECT_LT(fine->params.scale, 0x1p-6);
  // Without clipping losses the finest candidate wins; the first on a tie.
  std::vector<float> exact = {0.25f, -0.5f};
  Result<Derived> tie = deriveDpu(exact.data(), exact.size(), options);
  ASSERT_TRUE(static_cast<bool>(tie));
  EXPECT_EQ(tie->params.scale, 0x1p-8); // 2^-9 clips -0.5
  // A cost of the caller's.
  int calls = 0;
  Result<Derived> third = deriveDpu(
      {-1.8, .5}, options,
      [&](const QuantParams &params) {
        ++calls;
        return std::fabs(std::log2(params.scale) + 8);
      },
      5);
  ASSERT_TRUE(static_cast<bool>(third));
  EXPECT_EQ(third->params.scale, 0x1p-8);
  EXPECT_EQ(calls, 5);
  const float bad[] = {1, std::nanf("")};
  EXPECT_FALSE(static_cast<bool>(deriveDpu(bad, 2, options)));
  EXPECT_FALSE(static_cast<bool>(deriveDpu(x.data(), x.size(), options, 0)));
  Result<Derived> none = deriveDpu(nullptr, 0, options);
  ASSERT_TRUE(static_cast<bool>(none));
  EXPECT_EQ(none->params.scale, 0x1p-12);
}
