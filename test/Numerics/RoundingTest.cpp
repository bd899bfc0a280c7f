//===- RoundingTest.cpp - Rounding, shifting and saturating ---------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Rounding.h"

#include "hwq/Numerics/Quantize.h"

#include "Random.h"
#include "gtest/gtest.h"

#include <cmath>
#include <iterator>

using namespace hwq::numerics;

__extension__ using Int128 = __int128;

namespace {

struct Row {
  double x;
  double rne, rha, rhu, rhz, rtz, floor, ceil, rhd, raz;
};

const Row rows[] = {
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {0.5, 0, 1, 1, 0, 0, 0, 1, 0, 1},
    {-0.5, 0, -1, 0, 0, 0, -1, 0, -1, -1},
    {1.5, 2, 2, 2, 1, 1, 1, 2, 1, 2},
    {-1.5, -2, -2, -1, -1, -1, -2, -1, -2, -2},
    {2.5, 2, 3, 3, 2, 2, 2, 3, 2, 3},
    {-2.5, -2, -3, -2, -2, -2, -3, -2, -3, -3},
    {0.25, 0, 0, 0, 0, 0, 0, 1, 0, 1},
    {-0.25, 0, 0, 0, 0, 0, -1, 0, 0, -1},
    {2.75, 3, 3, 3, 3, 2, 2, 3, 3, 3},
    {-2.75, -3, -3, -3, -3, -2, -3, -2, -3, -3},
    {4194303.5, 4194304, 4194304, 4194304, 4194303, 4194303, 4194303, 4194304,
     4194303, 4194304},
    {-7, -7, -7, -7, -7, -7, -7, -7, -7, -7},
    {8388609, 8388609, 8388609, 8388609, 8388609, 8388609, 8388609, 8388609,
     8388609, 8388609},
};

double expected(const Row &row, Rounding mode) {
  switch (mode) {
  case Rounding::RNE:
    return row.rne;
  case Rounding::RHA:
    return row.rha;
  case Rounding::RHU:
    return row.rhu;
  case Rounding::RHZ:
    return row.rhz;
  case Rounding::RTZ:
    return row.rtz;
  case Rounding::Floor:
    return row.floor;
  case Rounding::Ceil:
    return row.ceil;
  case Rounding::RHD:
    return row.rhd;
  case Rounding::RAZ:
    return row.raz;
  }
  return NAN;
}

/// x / 2^n with the rounding chosen by the exact remainder.
Int128 exactShift(Int128 x, int n, Rounding mode) {
  Int128 divisor = Int128(1) << n;
  Int128 down = x / divisor;
  if (down * divisor > x)
    --down;
  Int128 twice = 2 * (x - down * divisor);
  Int128 toward = x < 0 ? down + 1 : down;
  if (twice == 0)
    return down;
  switch (mode) {
  case Rounding::Floor:
    return down;
  case Rounding::Ceil:
    return down + 1;
  case Rounding::RTZ:
    return toward;
  case Rounding::RAZ:
    return x < 0 ? down : down + 1;
  default:
    break;
  }
  if (twice != divisor)
    return twice > divisor ? down + 1 : down;
  switch (mode) {
  case Rounding::RNE:
    return down % 2 ? down + 1 : down;
  case Rounding::RHA:
    return x < 0 ? down : down + 1;
  case Rounding::RHU:
    return down + 1;
  case Rounding::RHD:
    return down;
  default:
    return toward;
  }
}

} // namespace

TEST(Rounding, Table) {
  for (const Row &row : rows)
    for (Rounding mode : allValues<Rounding>()) {
      EXPECT_EQ(round(row.x, mode), expected(row, mode))
          << row.x << " " << stringify(mode);
      EXPECT_EQ(round(static_cast<float>(row.x), mode),
                static_cast<float>(expected(row, mode)))
          << row.x << " " << stringify(mode);
    }
}

// floor(x + 0.5) and "x - floor(x) == 0.5" get these wrong.
TEST(Rounding, NeighboursOfTies) {
  double below = std::nextafter(0.5, 0.0);
  for (Rounding mode :
       {Rounding::RNE, Rounding::RHA, Rounding::RHU, Rounding::RHZ}) {
    EXPECT_EQ(round(below, mode), 0) << stringify(mode);
    EXPECT_EQ(round(-below, mode), 0) << stringify(mode);
    EXPECT_EQ(round(std::nextafter(0.5, 1.0), mode), 1) << stringify(mode);
    EXPECT_EQ(round(std::nextafter(-0.5, -1.0), mode), -1) << stringify(mode);
    EXPECT_EQ(round(0x1p52 + 1, mode), 0x1p52 + 1) << stringify(mode);
    EXPECT_EQ(round(-0x1p52 - 1, mode), -0x1p52 - 1) << stringify(mode);
  }
  EXPECT_EQ(round(-5e-324, Rounding::Floor), -1);
  EXPECT_EQ(round(5e-324, Rounding::Ceil), 1);
}

// The vectors of nGraph's own tests: nine modes, scale 4, twelve values.
TEST(Rounding, NgraphVectors) {
  const float x[] = {9, 10, 11, -9, -10, -11, 13, 14, 15, -13, -14, -15};
  struct {
    NgraphRoundMode mode;
    Rounding rounding;
    int expected[12];
  } cases[] = {
      {NgraphRoundMode::NearestTowardZero,
       Rounding::RHZ,
       {2, 2, 3, -2, -2, -3, 3, 3, 4, -3, -3, -4}},
      {NgraphRoundMode::NearestTowardInfinity,
       Rounding::RHA,
       {2, 3, 3, -2, -3, -3, 3, 4, 4, -3, -4, -4}},
      {NgraphRoundMode::NearestUpward,
       Rounding::RHU,
       {2, 3, 3, -2, -2, -3, 3, 4, 4, -3, -3, -4}},
      {NgraphRoundMode::NearestDownward,
       Rounding::RHD,
       {2, 2, 3, -2, -3, -3, 3, 3, 4, -3, -4, -4}},
      {NgraphRoundMode::NearestTowardEven,
       Rounding::RNE,
       {2, 2, 3, -2, -2, -3, 3, 4, 4, -3, -4, -4}},
      {NgraphRoundMode::TowardInfinity,
       Rounding::RAZ,
       {3, 3, 3, -3, -3, -3, 4, 4, 4, -4, -4, -4}},
      {NgraphRoundMode::TowardZero,
       Rounding::RTZ,
       {2, 2, 2, -2, -2, -2, 3, 3, 3, -3, -3, -3}},
      {NgraphRoundMode::Up,
       Rounding::Ceil,
       {3, 3, 3, -2, -2, -2, 4, 4, 4, -3, -3, -3}},
      {NgraphRoundMode::Down,
       Rounding::Floor,
       {2, 2, 2, -3, -3, -3, 3, 3, 3, -4, -4, -4}},
  };
  ASSERT_EQ(std::size(cases), allValues<NgraphRoundMode>().size());
  for (auto &c : cases) {
    SCOPED_TRACE(stringify(c.mode));
    EXPECT_EQ(roundingOf(c.mode), c.rounding);
    QuantParams params{4, 0, {-128, 127}};
    for (int i = 0; i < 12; ++i)
      EXPECT_EQ(quantize(roundingOf(c.mode), x[i], params), c.expected[i])
          << x[i];
  }
}

TEST(Rounding, NotFinite) {
  for (Rounding mode : allValues<Rounding>()) {
    EXPECT_EQ(round(INFINITY, mode), INFINITY);
    EXPECT_EQ(round(-static_cast<double>(INFINITY), mode), -INFINITY);
    EXPECT_TRUE(std::isnan(round(std::nan(""), mode)));
  }
}

TEST(Rounding, ShiftGoldens) {
  EXPECT_EQ(shiftRight(-6, 2, Rounding::RHA), -2);
  EXPECT_EQ(shiftRight(-5, 2, Rounding::RHA), -1);
  EXPECT_EQ(shiftRight(-1, 1, Rounding::RHA), -1);
  EXPECT_EQ(shiftRight(1, 1, Rounding::RHA), 1);
  EXPECT_EQ(shiftRight(INT32_MIN, 31, Rounding::RHA), -1);
  EXPECT_EQ(shiftRight(INT32_MAX, 31, Rounding::RHA), 1);
  EXPECT_EQ(shiftRight(INT64_MAX, 0, Rounding::RHA), INT64_MAX);
  EXPECT_EQ(shiftRight(INT64_MAX, 1, Rounding::Ceil), int64_t(1) << 62);
}

TEST(Rounding, ShiftEqualsExactDivision) {
  for (Rounding mode : allValues<Rounding>())
    for (int n = 0; n <= 12; ++n)
      for (int32_t x = -9000; x <= 9000; ++x)
        ASSERT_EQ(shiftRight(x, n, mode), exactShift(x, n, mode))
            << x << " >> " << n << " " << stringify(mode);
  std::mt19937_64 generator = seededGenerator();
  for (int i = 0; i < 300000; ++i) {
    int64_t x = static_cast<int64_t>(generator()) >> (generator() % 63);
    int n = static_cast<int>(generator() % 64);
    if (generator() % 4 == 0 && n > 1) // ties
      x = static_cast<int64_t>((static_cast<uint64_t>(x >> n) << n) |
                               uint64_t(1) << (n - 1));
    for (Rounding mode : allValues<Rounding>()) {
      ASSERT_EQ(shiftRight(x, n, mode), exactShift(x, n, mode))
          << x << " >> " << n << " " << stringify(mode);
      int32_t small = static_cast<int32_t>(x);
      ASSERT_EQ(shiftRight(small, n % 32, mode),
                exactShift(small, n % 32, mode))
          << small << " >> " << n % 32 << " " << stringify(mode);
    }
  }
}

TEST(Rounding, Saturate) {
  EXPECT_EQ(saturateTo<uint8_t>(-1), 0);
  EXPECT_EQ(saturateTo<uint8_t>(256), 255);
  EXPECT_EQ(saturateTo<int8_t>(-129), -128);
  EXPECT_EQ(saturateTo<int8_t>(100), 100);
  EXPECT_EQ(saturateReal(1e300, -5, 7), 7);
  EXPECT_EQ(saturateReal(-1e300, -5, 7), -5);
  EXPECT_EQ(saturateReal(INFINITY, INT64_MIN, INT64_MAX), INT64_MAX);
  EXPECT_EQ(saturateReal(0x1p63, INT64_MIN, INT64_MAX), INT64_MAX);
  EXPECT_EQ(saturateReal(-0x1p63, INT64_MIN, INT64_MAX), INT64_MIN);
  EXPECT_EQ(saturateReal(NAN, -5, 7), 0);
  EXPECT_EQ(saturateReal(NAN, 2, 7), 2);
}
