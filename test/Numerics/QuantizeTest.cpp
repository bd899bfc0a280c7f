//===- QuantizeTest.cpp - Float to integer and back -----------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Quantize.h"

#include "hwq/Numerics/Derive.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

using namespace hwq::numerics;

namespace {

constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float quietNaN = std::numeric_limits<float>::quiet_NaN();

/// Ties, neighbours of ties, extremes and random values for a scale.
std::vector<float> interesting(std::mt19937_64 &generator, double scale,
                               size_t random) {
  std::vector<float> x = {0.0f,   -0.0f, inf,    -inf,    quietNaN,
                          1e-45f, 1e30f, -1e30f, 3.4e38f, -3.4e38f};
  for (int i = -600; i <= 600; ++i) {
    float tie = static_cast<float>(i * 0.5 * scale);
    x.push_back(tie);
    x.push_back(std::nextafterf(tie, inf));
    x.push_back(std::nextafterf(tie, -inf));
  }
  std::uniform_real_distribution<double> inside(-400, 400);
  for (size_t i = 0; i < random; ++i) {
    x.push_back(static_cast<float>(inside(generator) * scale));
    uint32_t bits = static_cast<uint32_t>(generator());
    float any;
    std::memcpy(&any, &bits, sizeof(any));
    x.push_back(any);
  }
  return x;
}

template <class T> void expectEqualToScalar(Grid grid, size_t random) {
  std::mt19937_64 generator = seededGenerator();
  std::vector<double> scales = {1, 0.5, 0.1, 2. / 255, 1e-30, 1e-42, 3e37};
  for (int i = 0; i < 4; ++i)
    scales.push_back(std::exp2(static_cast<int>(generator() % 20) - 10.) *
                     (1 + static_cast<double>(generator() >> 12) * 0x1p-52));
  for (double scale : scales)
    for (int64_t z :
         {grid.qmin, (grid.qmin + grid.qmax) / 2, grid.qmax, grid.qmin + 73}) {
      QuantParams params{scale, z, grid};
      std::vector<float> x = interesting(generator, scale, random);
      std::vector<T> q(x.size());
      for (QuantizeForm form : allValues<QuantizeForm>()) {
        quantizeArray(form, x.data(), x.size(), params, q.data());
        for (size_t i = 0; i < x.size(); ++i)
          ASSERT_EQ(int64_t(q[i]), quantize(form, x[i], params))
              << stringify(form) << " x " << x[i] << " scale " << scale << " z "
              << z;
      }
      std::vector<float> back(q.size());
      dequantizeArray(q.data(), q.size(), params, back.data());
      for (size_t i = 0; i < q.size(); ++i)
        ASSERT_EQ(back[i], dequantize(q[i], params));
    }
}

int64_t quantizeAt(QuantizeForm form, float x, double scale, int64_t z) {
  return quantize(form, x, {scale, z, {0, 255}});
}

} // namespace

// With an odd zero point the place where it is added decides.
TEST(Quantize, PlaceOfTheZeroPoint) {
  EXPECT_EQ(quantizeAt(QuantizeForm::Q1, .5f, 1, 1), 1);
  EXPECT_EQ(quantizeAt(QuantizeForm::Q2, .5f, 1, 1), 1);
  EXPECT_EQ(quantizeAt(QuantizeForm::Q3, .5f, 1, 1), 2);
  EXPECT_EQ(quantizeAt(QuantizeForm::Q4, .5f, 1, 1), 2);
  EXPECT_EQ(quantizeAt(QuantizeForm::Q5, .5f, 1, 1), 2);
  // Below zero: away from zero before the zero point is added, up after.
  EXPECT_EQ(quantizeAt(QuantizeForm::Q3, -.5f, 1, 10), 9);
  EXPECT_EQ(quantizeAt(QuantizeForm::Q5, -.5f, 1, 10), 10);
  // The same on the signed grid.
  EXPECT_EQ(quantize(QuantizeForm::Q5, -.5f, {1, -118, {-128, 127}}), -118);
  EXPECT_EQ(quantize(QuantizeForm::Q3, -.5f, {1, -118, {-128, 127}}), -119);
}

// FBGEMM's results for scale .5, zero point 3.
TEST(Quantize, Q1Goldens) {
  const float x[] = {-1.25f, -.75f, -.25f, .25f, .75f, 1.25f};
  const int64_t q[] = {1, 1, 3, 3, 5, 5};
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(quantizeAt(QuantizeForm::Q1, x[i], .5, 3), q[i]);
    EXPECT_EQ(quantizeAt(QuantizeForm::Q2, x[i], .5, 3), q[i]);
  }
  // torch's fake_quantize, scale 1, i8.
  const float ties[] = {-2.5f, -1.5f, -.5f, .5f, 1.5f, 2.5f};
  const int64_t even[] = {-2, -2, 0, 0, 2, 2};
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(quantize(QuantizeForm::Q1, ties[i], {1, 0, {-128, 127}}),
              even[i]);
}

// The reciprocal is rounded: there are values for which Q1 and Q2 differ.
TEST(Quantize, Q1DiffersFromQ2) {
  int differences = 0;
  for (int i = 1; i < 4000; ++i) {
    float scale = static_cast<float>(i) * 1e-3f;
    for (int k = 0; k < 60; ++k) {
      float x = scale * (static_cast<float>(k) + .5f);
      int64_t q1 = quantizeAt(QuantizeForm::Q1, x, scale, 0);
      int64_t q2 = quantizeAt(QuantizeForm::Q2, x, scale, 0);
      ASSERT_LE(std::abs(q1 - q2), 1);
      differences += q1 != q2;
    }
  }
  EXPECT_GT(differences, 0);
}

// The scale of Q5 is the f64 one.
TEST(Quantize, Q5UsesTheDoubleScale) {
  double scale = .1;
  float x = .25f; // 2.5 steps of 0.1; f32(0.1) is a little larger
  EXPECT_EQ(quantizeAt(QuantizeForm::Q5, x, scale, 0), 3);
  EXPECT_EQ(quantizeAt(QuantizeForm::Q5, x, static_cast<double>(.1f), 0), 2);
}

TEST(Quantize, SaturatesAndMapsNaNToTheZeroPoint) {
  for (QuantizeForm form : allValues<QuantizeForm>())
    for (Grid grid :
         {Grid{0, 255}, Grid{-127, 127}, Grid{INT32_MIN, INT32_MAX}}) {
      QuantParams params{.25, grid.qmin + 9, grid};
      EXPECT_EQ(quantize(form, inf, params), grid.qmax);
      EXPECT_EQ(quantize(form, -inf, params), grid.qmin);
      EXPECT_EQ(quantize(form, 3e38f, params), grid.qmax);
      if (grid.qmax < INT32_MAX) { // Q4's f32 sum has 24 bits
        EXPECT_EQ(quantize(form, quietNaN, params), params.zeroPoint);
      }
      EXPECT_EQ(quantize(form, 0, {0, 3, {0, 255}}), 3);
    }
}

// Parameters that no derivation returns: differences that leave int64 end
// there.
TEST(Quantize, AbsurdParametersAreDefined) {
  constexpr int64_t least = INT64_MIN, most = INT64_MAX;
  for (QuantizeForm form : allValues<QuantizeForm>())
    for (int64_t z : {least, int64_t(0), most})
      for (Grid grid : {Grid{least, most}, Grid{-128, 127}, Grid{most, least}})
        for (float x : {-inf, -1.0f, quietNaN, 3e9f, inf}) {
          QuantParams params{0.5, z, grid};
          (void)quantize(form, x, params);
          (void)quantizeLSB(form, static_cast<double>(x), z, grid.qmin,
                            grid.qmax);
        }
  EXPECT_EQ(dequantize(127, {1, least, {-128, 127}}), 0x1p63f);
  EXPECT_EQ(dequantize(-128, {1, most, {-128, 127}}), -0x1p63f);
}

TEST(Quantize, ArrayEqualsScalarU8) {
  expectEqualToScalar<uint8_t>({0, 255}, 2000);
  expectEqualToScalar<uint8_t>({1, 255}, 500);
  expectEqualToScalar<uint8_t>({17, 100}, 500);
}
TEST(Quantize, ArrayEqualsScalarI8) {
  expectEqualToScalar<int8_t>({-128, 127}, 2000);
  expectEqualToScalar<int8_t>({-127, 127}, 500);
}
TEST(Quantize, ArrayEqualsScalarU16) {
  expectEqualToScalar<uint16_t>({0, 65535}, 2000);
}
TEST(Quantize, ArrayEqualsScalarI16) {
  expectEqualToScalar<int16_t>({-32768, 32767}, 2000);
}
TEST(Quantize, ArrayEqualsScalarI32) {
  expectEqualToScalar<int32_t>({INT32_MIN, INT32_MAX}, 500);
  expectEqualToScalar<int32_t>({-128, 127}, 500);
  // Codes beyond the grid.
  std::vector<int32_t> codes = {INT32_MIN, -1, 0, INT32_MAX};
  std::vector<float> x(codes.size());
  QuantParams params{.1, 3, {0, 255}};
  dequantizeArray(codes.data(), codes.size(), params, x.data());
  for (size_t i = 0; i < codes.size(); ++i)
    EXPECT_EQ(x[i], dequantize(codes[i], params));
}

// All 2^32 floats take minutes a form (HWQ_EXHAUSTIVE=1); every 4093rd has all
// exponents and signs.
TEST(Quantize, ArrayEqualsScalarAcrossAllFloats) {
  uint64_t stride = std::getenv("HWQ_EXHAUSTIVE") ? 1 : 4093;
  constexpr size_t chunk = 1 << 16;
  std::vector<float> x(chunk);
  std::vector<uint8_t> q(chunk);
  QuantParams params{2.3 / 255, 200, {0, 255}};
  QuantParams power{0x1p-6, 200, {0, 255}};
  size_t wrong = 0;
  for (uint64_t bits = 0; bits <= UINT32_MAX;) {
    size_t count = 0;
    for (; count < chunk && bits <= UINT32_MAX; ++count, bits += stride) {
      uint32_t pattern = static_cast<uint32_t>(bits);
      std::memcpy(&x[count], &pattern, sizeof(float));
    }
    for (QuantizeForm form : allValues<QuantizeForm>()) {
      const QuantParams &p = form == QuantizeForm::Q6 ? power : params;
      quantizeArray(form, x.data(), count, p, q.data());
      for (size_t i = 0; i < count; ++i)
        wrong += q[i] != quantize(form, x[i], p);
    }
  }
  EXPECT_EQ(wrong, 0u);
}

// In the range of the grid: within half a step, but for the roundings of the
// quotient; monotone; odd for symmetric grids where the rounding is.
TEST(Quantize, Properties) {
  std::mt19937_64 generator = seededGenerator();
  std::uniform_real_distribution<double> unit(0, 1);
  for (QuantizeForm form : allValues<QuantizeForm>()) {
    bool isOdd = form != QuantizeForm::Q5 && form != QuantizeForm::Q6;
    for (int i = 0; i < 100000; ++i) {
      double scale = std::exp2(40 * unit(generator) - 20);
      if (form == QuantizeForm::Q6 || form == QuantizeForm::Q6P)
        scale = std::exp2(std::floor(std::log2(scale)));
      Grid grid = i % 2 ? Grid{0, 255} : Grid{-127, 127};
      int64_t z = i % 2 ? static_cast<int64_t>(generator() % 256) : 0;
      QuantParams params{scale, z, grid};
      double low = scale * static_cast<double>(grid.qmin - z);
      double high = scale * static_cast<double>(grid.qmax - z);
      float x = static_cast<float>(low + (high - low) * unit(generator));
      int64_t q = quantize(form, x, params);
      double error = std::fabs(static_cast<double>(x) -
                               static_cast<double>(dequantize(q, params)));
      ASSERT_LE(error, scale * .5 + 255 * scale * 0x1p-22)
          << stringify(form) << " " << x << " scale " << scale << " z " << z;
      float next = std::nextafterf(x, inf);
      ASSERT_GE(quantize(form, next, params), q) << stringify(form) << " " << x;
      float far = static_cast<float>(low + (high - low) * unit(generator));
      ASSERT_EQ(quantize(form, far, params) >= q || far < x, true);
      if (isOdd && z == 0 && grid.qmin < 0) {
        ASSERT_EQ(quantize(form, -x, params), -q) << stringify(form);
      }
    }
  }
}

// DPU: activations round half up, parameters half away.
TEST(Quantize, DpuRounding) {
  QuantParams params{0x1p-6, 0, {-128, 127}};
  struct {
    double steps;
    int64_t activation, parameter;
  } cases[] = {{-2.5, -2, -3},    {-1.5, -1, -2}, {-.5, 0, -1},
               {.5, 1, 1},        {1.5, 2, 2},    {2.5, 3, 3},
               {2.4, 2, 2},       {-2.6, -3, -3}, {127.5, 127, 127},
               {-129, -128, -128}};
  for (auto &c : cases) {
    float x = static_cast<float>(c.steps * params.scale);
    EXPECT_EQ(quantize(QuantizeForm::Q6, x, params), c.activation) << c.steps;
    EXPECT_EQ(quantize(QuantizeForm::Q6P, x, params), c.parameter) << c.steps;
  }
}

// The integers of x = (.37, -1.21, .05) and w = (.42, -.83, .11), calibrated to
// [-1.8, .5] and [-.83, .42], in every backend.
TEST(Quantize, OneDotProductInEveryBackend) {
  const float x[] = {.37f, -1.21f, .05f}, w[] = {.42f, -.83f, .11f};
  Range rangeX{-1.8, .5}, rangeW{-.83, .42};
  using F = QuantizeForm;
  using D = DerivationRule;
  struct {
    const char *backend;
    F formX, formW;
    D ruleX, ruleW;
    DeriveOptions x, w;
    int64_t qx[3], qw[3];
  } cases[8];
  auto options = [](Symmetry symmetry, Storage storage, bool narrow = false,
                    bool ofWeights = false) {
    DeriveOptions o;
    o.symmetry = symmetry;
    o.storage = storage;
    o.narrow = narrow;
    o.ofWeights = ofWeights;
    return o;
  };
  auto asymmetric = Symmetry::Asymmetric, symmetric = Symmetry::Symmetric;
  cases[0] = {"tflite",
              F::Q3,
              F::Q3,
              D::PTfl,
              D::PTfl,
              options(asymmetric, Storage::I8),
              options(symmetric, Storage::I8, true),
              {113, -62, 78},
              {64, -127, 17}};
  cases[1] = {"tensorrt",
              F::Q2,
              F::Q2,
              D::PTrt,
              D::PTrt,
              options(symmetric, Storage::I8),
              options(symmetric, Storage::I8, true),
              {26, -85, 4},
              {64, -127, 17}};
  cases[2] = {"acl",
              F::Q1,
              F::Q4,
              D::PAmct,
              D::PAmct,
              options(asymmetric, Storage::I8),
              options(symmetric, Storage::I8),
              {113, -62, 78},
              {65, -128, 17}};
  cases[3] = {"fbgemm",
              F::Q1,
              F::Q1,
              D::PFb,
              D::PTorch,
              options(asymmetric, Storage::U8),
              options(symmetric, Storage::I8),
              {241, 66, 206},
              {65, -127, 17}};
  cases[4] = {"tvm",
              F::Q7,
              F::Q7,
              D::PTvm,
              D::PTvm,
              options(symmetric, Storage::I8),
              options(symmetric, Storage::I8, true, true),
              {6, -19, 1},
              {54, -106, 14}};
  cases[5] = {"dpu",
              F::Q6,
              F::Q6P,
              D::PDpu,
              D::PDpu,
              options(symmetric, Storage::I8),
              options(symmetric, Storage::I8),
              {24, -77, 3},
              {54, -106, 14}};
  cases[6] = {"snpe",
              F::Q5,
              F::Q5,
              D::PAimet,
              D::PAimet,
              options(asymmetric, Storage::U8),
              options(asymmetric, Storage::U8),
              {241, 66, 206},
              {255, 0, 191}};
  cases[7] = {"nnpi symlowp",
              F::Q4,
              F::Q4,
              D::PGlow,
              D::PGlow,
              options(symmetric, Storage::I8),
              options(symmetric, Storage::I8),
              {26, -86, 4},
              {65, -128, 17}};
  for (auto &c : cases) {
    SCOPED_TRACE(c.backend);
    Result<Derived> dx = deriveParams(c.ruleX, rangeX, c.x);
    Result<Derived> dw = deriveParams(c.ruleW, rangeW, c.w);
    ASSERT_TRUE(dx && dw) << dx.error() << dw.error();
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(quantize(c.formX, x[i], dx->params), c.qx[i]) << "x " << x[i];
      EXPECT_EQ(quantize(c.formW, w[i], dw->params), c.qw[i]) << "w " << w[i];
    }
  }
}

// torch.fake_quantize with scale 1; nGraph's own vectors with scale 2, z 1.
TEST(Quantize, VendorVectors) {
  const float x[] = {-2.5f, -1.5f, -.5f, .5f, 1.5f, 2.5f};
  const int64_t fake[] = {-2, -2, 0, 0, 2, 2};
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(quantize(QuantizeForm::Q1, x[i], {1, 0, {-128, 127}}), fake[i]);
  const int64_t ngraph[] = {1, 1, 2, -1, 3, -1, 4, -3, 5, -3, 6, -5};
  for (int i = 0; i < 12; ++i)
    EXPECT_EQ(quantize(Rounding::RNE, static_cast<float>(i % 2 ? -i : i),
                       {2, 1, {-128, 127}}),
              ngraph[i]);
}

// TPU-MLIR divides weights in f64: the f32 quotient of these is a tie.
TEST(Quantize, Q3InF64) {
  float scale = .1f;
  int differences = 0;
  for (int k = -127; k < 127; ++k)
    for (int step = -1; step <= 1; ++step) {
      float x = static_cast<float>((k + .5) * static_cast<double>(scale));
      if (step)
        x = std::nextafterf(x, step < 0 ? -inf : inf);
      QuantParams params{static_cast<double>(scale), 0, {-128, 127}};
      int64_t exact = quantize(QuantizeForm::Q3F64, x, params);
      double quotient = static_cast<double>(x) / static_cast<double>(scale);
      ASSERT_EQ(exact, std::lround(quotient));
      differences += exact != quantize(QuantizeForm::Q3, x, params);
    }
  EXPECT_GT(differences, 0);
}

TEST(Quantize, RoundTripKeepsCodes) {
  for (QuantizeForm form : allValues<QuantizeForm>())
    for (double scale : {1., .1, 2.3 / 255, 1e-3, 7.7})
      for (int64_t z = 0; z < 256; ++z)
        for (int64_t q = 0; q < 256; ++q) {
          QuantParams params{scale, z, {0, 255}};
          ASSERT_EQ(quantize(form, dequantize(q, params), params), q)
              << stringify(form) << " scale " << scale << " z " << z;
        }
}

// Large arrays are stored past the caches: any start, any length.
TEST(Quantize, DequantizeLargeArrays) {
  constexpr size_t large = (size_t(1) << 22) + 77;
  std::vector<uint8_t> q(large + 8);
  for (size_t i = 0; i < q.size(); ++i)
    q[i] = static_cast<uint8_t>(i * 37 + (i >> 8));
  std::vector<float> x(large + 8);
  QuantParams params{.1, 3, {0, 255}};
  for (size_t start = 0; start < 5; ++start)
    for (size_t count : {size_t(1) << 22, large}) {
      std::fill(x.begin(), x.end(), -1.0f);
      dequantizeArray(q.data() + start, count, params, x.data() + start);
      size_t wrong = 0;
      for (size_t i = 0; i < x.size(); ++i)
        wrong += x[i] != (i < start || i >= start + count
                              ? -1.0f
                              : dequantize(q[i], params));
      ASSERT_EQ(wrong, 0u) << start << " " << count;
    }
}

template <class T> static void quantizeLarge(Grid grid) {
  std::mt19937_64 generator = seededGenerator();
  QuantParams params{.1, 3, grid};
  std::vector<float> x = interesting(generator, params.scale, 1000);
  const size_t period = x.size();
  x.resize((size_t(1) << 22) + 300);
  for (size_t i = period; i < x.size(); ++i)
    x[i] = x[i - period];
  std::vector<T> q(x.size());
  size_t start = 0;
  for (QuantizeForm form : allValues<QuantizeForm>()) {
    std::vector<T> expected(period);
    for (size_t i = 0; i < period; ++i)
      expected[i] = static_cast<T>(quantize(form, x[i], params));
    const T untouched = T(77);
    std::fill(q.begin(), q.end(), untouched);
    start = (start * 3 + 1) % 64;
    size_t count = (size_t(1) << 22) + start * 3;
    quantizeArray(form, x.data() + start, count, params, q.data() + start);
    size_t wrong = 0;
    for (size_t i = 0; i < q.size(); ++i)
      wrong += q[i] != (i < start || i >= start + count ? untouched
                                                        : expected[i % period]);
    ASSERT_EQ(wrong, 0u) << stringify(form) << " " << start;
  }
}

TEST(Quantize, LargeArrays) {
  quantizeLarge<uint8_t>({0, 255});
  quantizeLarge<int8_t>({-127, 127});
  quantizeLarge<int16_t>({-32768, 32767});
}

TEST(Quantize, Dequantize) {
  QuantParams params{.1, 3, {0, 255}};
  EXPECT_EQ(dequantize(10, params), .1f * 7.0f);
  EXPECT_EQ(dequantize(3, params), 0.0f);
}

TEST(QuantizeLSB, RoundingAndPlaceOfTheZeroPoint) {
  struct {
    QuantizeForm form;
    double v;
    int64_t z, expected;
  } cases[] = {
      {QuantizeForm::Q1, .5, 1, 1},     {QuantizeForm::Q2, 1.5, 1, 3},
      {QuantizeForm::Q3, .5, 1, 2},     {QuantizeForm::Q3, -.5, 1, 0},
      {QuantizeForm::Q4, .5, 1, 2},     {QuantizeForm::Q4, -.5, 1, 0},
      {QuantizeForm::Q5, .5, 1, 2},     {QuantizeForm::Q5, -.5, 1, 1},
      {QuantizeForm::Q5, -1.5, 10, 9},  {QuantizeForm::Q5, 2.49, 10, 12},
      {QuantizeForm::Q6, -.5, 1, 1},    {QuantizeForm::Q6, .5, 1, 2},
      {QuantizeForm::Q6P, -.5, 1, 0},   {QuantizeForm::Q7, -1.5, 5, 3},
      {QuantizeForm::Q3F64, -.5, 1, 0},
  };
  for (auto &c : cases)
    EXPECT_EQ(quantizeLSB(c.form, c.v, c.z, 0, 255), c.expected)
        << stringify(c.form) << " " << c.v;
  for (QuantizeForm form : allValues<QuantizeForm>()) {
    EXPECT_EQ(quantizeLSB(form, 1e300, 1, 0, 255), 255);
    EXPECT_EQ(quantizeLSB(form, -1e300, 1, 0, 255), 0);
    EXPECT_EQ(quantizeLSB(form, std::nan(""), 7, 0, 255), 7);
    EXPECT_EQ(quantizeLSB(form, -3.7, 7, 7, 255), 7);
  }
}

// With scale 1 a float in units of the scale is the float itself.
TEST(QuantizeLSB, EqualsQuantizeForScaleOne) {
  for (QuantizeForm form : allValues<QuantizeForm>())
    for (int64_t z : {0, 1, 100, 255})
      for (int i = -1200; i <= 1200; ++i) {
        float x = static_cast<float>(i) * .25f;
        ASSERT_EQ(quantizeLSB(form, static_cast<double>(x), z, 0, 255),
                  quantizeAt(form, x, 1, z))
            << stringify(form) << " " << x << " z " << z;
      }
}
