//===- ErrorsTest.cpp - Error measures ------------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Errors.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>
#include <vector>

using namespace hwq::numerics;

TEST(ErrorStats, KnownValues) {
  float reference[] = {1, -2, 3, 0};
  float actual[] = {1, -1, 3, 1};
  ErrorStats s;
  s.add(reference, actual, 4);
  EXPECT_EQ(s.count(), 4u);
  EXPECT_EQ(s.mse(), .5);
  EXPECT_EQ(s.maxAbsDifference(), 1);
  EXPECT_DOUBLE_EQ(s.psnr(), 10 * std::log10(9 / .5));
  EXPECT_DOUBLE_EQ(s.sqnr(), 10 * std::log10(14. / 2));
  EXPECT_DOUBLE_EQ(s.cosine(), 12 / std::sqrt(14. * 12));
}

TEST(ErrorStats, Extremes) {
  ErrorStats empty;
  EXPECT_EQ(empty.mse(), 0);
  EXPECT_EQ(empty.cosine(), 1);
  float zero[] = {0, 0}, one[] = {1, 1};
  float nan[] = {1, NAN};
  ErrorStats equal;
  equal.add(one, one, 2);
  EXPECT_EQ(equal.psnr(), INFINITY);
  EXPECT_EQ(equal.sqnr(), INFINITY);
  EXPECT_DOUBLE_EQ(equal.cosine(), 1);
  ErrorStats lost;
  lost.add(one, zero, 2);
  EXPECT_EQ(lost.cosine(), 0);
  EXPECT_EQ(lost.sqnr(), 0);
  ErrorStats bad;
  bad.add(one, nan, 2);
  bad.add(one, one, 2); // a NaN is not forgotten
  EXPECT_TRUE(std::isnan(bad.mse()));
  EXPECT_TRUE(std::isnan(bad.maxAbsDifference()));
  EXPECT_TRUE(std::isnan(bad.cosine()));
  ErrorStats merged = equal;
  merged.merge(bad);
  EXPECT_TRUE(std::isnan(merged.maxAbsDifference()));
}

TEST(ErrorStats, MergeEqualsOnePass) {
  std::mt19937_64 generator = seededGenerator();
  std::normal_distribution<float> normal;
  std::vector<float> a(10007), b(10007);
  double error = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    a[i] = normal(generator);
    b[i] = a[i] + .01f * normal(generator);
    error += std::pow(double(a[i]) - double(b[i]), 2);
  }
  ErrorStats whole, left, right, swapped;
  whole.add(a.data(), b.data(), a.size());
  EXPECT_NEAR(whole.mse(), error / static_cast<double>(a.size()),
              1e-12 * error);
  left.add(a.data(), b.data(), 5000);
  right.add(a.data() + 5000, b.data() + 5000, a.size() - 5000);
  swapped = right;
  swapped.merge(left);
  ErrorStats calls;
  calls.add(a.data(), b.data(), 5000);
  calls.add(a.data() + 5000, b.data() + 5000, a.size() - 5000);
  left.merge(right);
  // The same bits in either order and as two calls.
  for (const ErrorStats *s : {&swapped, &calls}) {
    EXPECT_EQ(left.mse(), s->mse());
    EXPECT_EQ(left.psnr(), s->psnr());
    EXPECT_EQ(left.sqnr(), s->sqnr());
    EXPECT_EQ(left.cosine(), s->cosine());
    EXPECT_EQ(left.maxAbsDifference(), s->maxAbsDifference());
  }
  EXPECT_NEAR(left.mse(), whole.mse(), 1e-12 * whole.mse());
  EXPECT_EQ(left.count(), whole.count());
}
