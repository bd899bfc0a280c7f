//===- QuantizeTest.cpp - Float to integer and back -----------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Quantize.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>
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

TEST(Quantize, ArrayEqualsScalarU8) {
  expectEqualToScalar<uint8_t>({0, 255}, 2000);
  expectEqualToScalar<uint8_t>({1, 255}, 500);
  expectEqualToScalar<uint8_t>({17, 100}, 500);
}
TEST(Quantize, ArrayEqualsScalarI8) {
  expectEqualToScalar<int8_t>({-128, 127}, 2000);
  expectEqualToScalar<int8_t>({-127, 127}, 500);
}
TEST(Quantize, ArrayEqualsScalarI16) {
  expectEqualToScalar<int16_t>({-32768, 32767}, 2000);
}
TEST(Quantize, ArrayEqualsScalarI32) {
  expectEqualToScalar<int32_t>({INT32_MIN, INT32_MAX}, 500);
}

// All 2^32 floats would take minutes; every 251st has all exponents and signs.
TEST(Quantize, ArrayEqualsScalarAcrossAllFloats) {
  QuantParams params{2.3 / 255, 200, {0, 255}};
  std::vector<float> x;
  for (uint64_t bits = 0; bits <= UINT32_MAX; bits += 251) {
    uint32_t pattern = static_cast<uint32_t>(bits);
    float value;
    std::memcpy(&value, &pattern, sizeof(value));
    x.push_back(value);
  }
  std::vector<uint8_t> q(x.size());
  quantizeArray(QuantizeForm::Q5, x.data(), x.size(), params, q.data());
  size_t wrong = 0;
  for (size_t i = 0; i < x.size(); ++i)
    wrong += q[i] != quantize(QuantizeForm::Q5, x[i], params);
  EXPECT_EQ(wrong, 0u);
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
      {QuantizeForm::Q1, .5, 1, 1},    {QuantizeForm::Q2, 1.5, 1, 3},
      {QuantizeForm::Q3, .5, 1, 2},    {QuantizeForm::Q3, -.5, 1, 0},
      {QuantizeForm::Q4, .5, 1, 2},    {QuantizeForm::Q4, -.5, 1, 0},
      {QuantizeForm::Q5, .5, 1, 2},    {QuantizeForm::Q5, -.5, 1, 1},
      {QuantizeForm::Q5, -1.5, 10, 9}, {QuantizeForm::Q5, 2.49, 10, 12},
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
