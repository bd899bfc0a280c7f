//===- BlockFixedPoint.cpp - One exponent per block -----------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/BlockFixedPoint.h"

#include "hwq/Numerics/Rounding.h"

#include "SchemeLoops.h"

#include <algorithm>

namespace hwq::numerics {
namespace {

constexpr unsigned minBits = 2, maxBits = 16;
constexpr int lowestExponent = -127, highestExponent = 127;

int sharedExponent(const float *x, size_t count) {
  float largest = 0;
  for (size_t i = 0; i < count; ++i)
    if (std::isfinite(x[i]))
      largest = std::max(largest, std::fabs(x[i]));
  if (largest == 0)
    return lowestExponent;
  return std::clamp(std::ilogb(largest), lowestExponent, highestExponent);
}

/// The arithmetic of one block.
struct Block {
  Block(const BlockFixedPoint &scheme, int exponent)
      : rounding(scheme.rounding) {
    int bits =
        static_cast<int>(limitBits(scheme.mantissaBits, minBits, maxBits));
    limit = (int64_t(1) << (bits - 1)) - 1;
    stepExponent = exponent - (bits - 2);
    inverse = std::ldexp(1.0, -stepExponent);
  }

  int16_t mantissa(float x) const {
    double steps = static_cast<double>(x) * inverse;
    return static_cast<int16_t>(
        saturateReal(round(steps, rounding), -limit, limit));
  }
  float value(int16_t mantissa) const {
    return std::ldexp(static_cast<float>(mantissa), stepExponent);
  }

  Rounding rounding;
  int64_t limit;
  int stepExponent;
  double inverse;
};

/// Calls f(first value, count, block number).
template <class F>
void forEachBlock(const BlockFixedPoint &scheme, size_t rows, size_t rowLength,
                  F &&f) {
  size_t size = std::max<size_t>(scheme.blockSize, 1), block = 0;
  for (size_t row = 0; row < rows; ++row)
    for (size_t i = 0; i < rowLength;) {
      size_t count = std::min(size, rowLength - i);
      f(row * rowLength + i, count, block++);
      i += count;
    }
}

} // namespace

size_t BlockFixedPoint::blocksPerRow(size_t rowLength) const {
  size_t size = std::max<size_t>(blockSize, 1);
  return rowLength / size + (rowLength % size != 0);
}

Result<BlockFixedPoint> checked(BlockFixedPoint scheme) {
  if (std::string error = checkBits(scheme.mantissaBits, minBits, maxBits);
      !error.empty())
    return failure(std::move(error));
  if (scheme.blockSize == 0)
    return failure("expected blocks of at least 1 value, got 0");
  return scheme;
}

void quantizeArray(const BlockFixedPoint &scheme, const float *x, size_t rows,
                   size_t rowLength, int16_t *mantissas, int8_t *exponents) {
  forEachBlock(scheme, rows, rowLength,
               [&](size_t first, size_t count, size_t number) {
                 int e = sharedExponent(x + first, count);
                 exponents[number] = static_cast<int8_t>(e);
                 Block block(scheme, e);
                 for (size_t i = first; i < first + count; ++i)
                   mantissas[i] = block.mantissa(x[i]);
               });
}

void dequantizeArray(const BlockFixedPoint &scheme, const int16_t *mantissas,
                     const int8_t *exponents, size_t rows, size_t rowLength,
                     float *y) {
  forEachBlock(scheme, rows, rowLength,
               [&](size_t first, size_t count, size_t number) {
                 Block block(scheme, exponents[number]);
                 for (size_t i = first; i < first + count; ++i)
                   y[i] = block.value(mantissas[i]);
               });
}

void fakeQuantize(const BlockFixedPoint &scheme, const float *x, size_t rows,
                  size_t rowLength, float *y) {
  forEachBlock(scheme, rows, rowLength,
               [&](size_t first, size_t count, size_t) {
                 Block block(scheme, sharedExponent(x + first, count));
                 for (size_t i = first; i < first + count; ++i)
                   y[i] = block.value(block.mantissa(x[i]));
               });
}

} // namespace hwq::numerics
