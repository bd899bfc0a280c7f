//===- OperatorTestUtils.h - What the operator tests share ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TEST_NUMERICS_GOLDEN_OPERATORTESTUTILS_H
#define HWQ_TEST_NUMERICS_GOLDEN_OPERATORTESTUTILS_H

#include "hwq/Numerics/Grid.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace hwq::numerics {

inline const Grid i8{-128, 127};
inline const Grid u8{0, 255};

/// HWQ_EXHAUSTIVE=1 asks for all of a test whose default is a sample.
inline bool isExhaustive() {
  const char *value = std::getenv("HWQ_EXHAUSTIVE");
  return value && *value && *value != '0';
}

/// Random parameters: a scale in 2^-6..2^-2 (a power of two for `pot`), any
/// zero point of the grid (0 for `pot`).
inline QuantParams randomParams(std::mt19937_64 &generator, Grid grid,
                                bool pot) {
  std::uniform_real_distribution<double> exponent(-6, -2);
  double e = exponent(generator);
  QuantParams p;
  p.grid = grid;
  p.scale = static_cast<float>(std::exp2(pot ? std::floor(e) : e));
  if (!pot)
    p.zeroPoint =
        std::uniform_int_distribution<int64_t>(grid.qmin, grid.qmax)(generator);
  return p;
}

/// All 65536 pairs by the array function against the scalar one, and a few
/// lengths.
template <class T, class Scalar, class ArrayFunction>
void expectAllPairs(Scalar scalar, ArrayFunction array) {
  std::vector<T> a(65536), b(65536), out(65536);
  for (int i = 0; i < 65536; ++i) {
    a[i] = static_cast<T>(i >> 8);
    b[i] = static_cast<T>(i);
  }
  array(a.data(), b.data(), out.data(), out.size());
  for (int i = 0; i < 65536; ++i)
    ASSERT_EQ(int32_t(out[i]), scalar(a[i], b[i]))
        << int(a[i]) << ", " << int(b[i]);
  for (size_t count : {0, 1, 100, 255, 257, 2049}) {
    std::vector<T> part(count + 1, T(99));
    array(a.data() + 1000, b.data() + 1000, part.data(), count);
    for (size_t i = 0; i < count; ++i)
      ASSERT_EQ(part[i], out[1000 + i]);
    ASSERT_EQ(part[count], T(99));
  }
}

} // namespace hwq::numerics

#endif // HWQ_TEST_NUMERICS_GOLDEN_OPERATORTESTUTILS_H
