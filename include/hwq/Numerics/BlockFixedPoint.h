//===- BlockFixedPoint.h - One exponent per block ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_BLOCKFIXEDPOINT_H
#define HWQ_NUMERICS_BLOCKFIXEDPOINT_H

#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

/// Block fixed point (block floating point): `blockSize` neighbours along the
/// last axis share an exponent E; the last block of a row may be shorter.
///   E         floor(log2 max|x|) over the finite values of the block, limited
///             to -127..127; -127 for zeros
///   step      2^(E - (b-2)), b = mantissa bits with sign, 2..16
///   codes     -(2^(b-1)-1)..2^(b-1)-1, saturating: |x| < 2^(E+1), so only a
///             value in the last half step saturates, with an error below one
///             step
///   rounding  as given, of the exact quotient x / step
///   NaN       code 0; infinities saturate
/// b = 8, blocks of 32 and RNE are MXINT8 of the OCP Microscaling Formats
/// specification 1.0. Exact: no rounding but the one given.
struct BlockFixedPoint {
  unsigned mantissaBits = 8;
  size_t blockSize = 32;
  Rounding rounding = Rounding::RNE;

  /// Blocks in a row of `rowLength` values.
  size_t blocksPerRow(size_t rowLength) const;
};

/// Mantissa bits 2..16, block size at least 1.
Result<BlockFixedPoint> checked(BlockFixedPoint scheme);

/// `rows` rows of `rowLength` values, one after the other; `mantissas` has the
/// same shape, `exponents` (the E above) is rows x blocksPerRow.
void quantizeArray(const BlockFixedPoint &scheme, const float *x, size_t rows,
                   size_t rowLength, int16_t *mantissas, int8_t *exponents);
void dequantizeArray(const BlockFixedPoint &scheme, const int16_t *mantissas,
                     const int8_t *exponents, size_t rows, size_t rowLength,
                     float *y);
void fakeQuantize(const BlockFixedPoint &scheme, const float *x, size_t rows,
                  size_t rowLength, float *y);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_BLOCKFIXEDPOINT_H
