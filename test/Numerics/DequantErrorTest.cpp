//===- DequantErrorTest.cpp - Error of kernel R9's real result ------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/DequantError.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace hwq::numerics;

namespace {

constexpr DequantPrecision kPrecisions[] = {
    DequantPrecision::Requant, DequantPrecision::F32, DequantPrecision::F16,
    DequantPrecision::F16Sqrt, DequantPrecision::F19};

/// Scales whose fp16 is normal, subnormal and 0.
constexpr float kScales[] = {1e-9f, 3e-8f,  1.3e-7f, 2.7e-6f, 6.2e-5f,
                             1e-3f, 0.017f, 0.7f,    3.9f};

TEST(DequantErrorTest, HoldsForEveryAccumulator) {
  for (DequantPrecision precision : kPrecisions)
    for (float scale : kScales) {
      KernelR9 kernel{scale, 1, precision};
      DequantError error = dequantErrorOf(kernel);
      ASSERT_GT(error.finite, 1000);
      double worst = 0;
      for (int64_t x = -70000; x <= 70000; ++x) {
        if (std::abs(x) > error.finite)
          continue;
        double exact = double(scale) * double(x);
        double bound = error.relative * std::fabs(exact) + error.absolute;
        double off = std::fabs(double(kernel.dequantize(int32_t(x))) - exact);
        ASSERT_LE(off, bound * (1 + 1e-12))
            << stringify(precision) << " " << scale << " " << x;
        worst = std::max(worst, off / bound);
      }
      // No looser than need be.
      EXPECT_GT(worst, 0.1) << stringify(precision) << " " << scale;
    }
}

TEST(DequantErrorTest, SaysWhereFp16EndsButNotTooEarly) {
  for (auto precision : {DequantPrecision::F16, DequantPrecision::F16Sqrt}) {
    KernelR9 kernel{0.001f, 1, precision};
    EXPECT_EQ(dequantErrorOf(kernel).finite, 65504);
    EXPECT_TRUE(std::isinf(kernel.dequantize(65520)));
    // The result is what leaves fp16 here.
    kernel.scale = 4;
    int64_t finite = dequantErrorOf(kernel).finite;
    EXPECT_TRUE(std::isfinite(kernel.dequantize(int32_t(finite))));
    EXPECT_TRUE(std::isinf(kernel.dequantize(int32_t(finite * 1.01))));
  }
  EXPECT_EQ(dequantErrorOf({4, 1, DequantPrecision::F32}).finite, INT32_MAX);
}

} // namespace
