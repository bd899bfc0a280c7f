//===- FixedPoint.h - Power-of-two steps ------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_FIXEDPOINT_H
#define HWQ_NUMERICS_FIXEDPOINT_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hwq::numerics {

/// Fixed point: x = q 2^exponent. The same type serves linear fixed point (one
/// exponent for the whole network), per layer and per channel exponents, and
/// dynamic fixed point (the exponent derived from each new tensor).
///   codes     signed -2^(b-1)..2^(b-1)-1, or unsigned 0..2^b-1; b = 2..16
///   range     [qmin 2^exponent, qmax 2^exponent], saturating
///   rounding  as given, of the exact quotient x / 2^exponent
///   NaN       code 0
/// Exact: neither the quotient nor the product is rounded.
struct FixedPoint {
  unsigned bits = 8;
  bool isSigned = true;
  int exponent = 0;
  Rounding rounding = Rounding::RNE;

  Grid grid() const;
};

/// The exponents for which every value of the format is an f32: -149 to 127 -
/// (bits without sign).
Result<FixedPoint> checked(FixedPoint scheme);

int32_t quantize(const FixedPoint &scheme, float x);
/// Codes beyond the grid are saturated.
float dequantize(const FixedPoint &scheme, int32_t code);
void quantizeArray(const FixedPoint &scheme, const float *x, size_t count,
                   int32_t *codes);
void fakeQuantize(const FixedPoint &scheme, const float *x, size_t count,
                  float *y);

/// `count` values anywhere in memory.
struct FloatSpan {
  const float *data = nullptr;
  size_t count = 0;
};

/// `format` with the smallest exponent for which no value of the range is
/// further than half a step from the grid: max <= (qmax + 1/2) 2^e and, signed,
/// -min <= (-qmin + 1/2) 2^e. (The first candidate of the DPU rule.) For a
/// range of zeros the exponent is 0. An unsigned format ignores what is below
/// 0. Errors: NaN, infinite, min > max, an illegal format.
Result<FixedPoint> deriveFixedPoint(Range range, FixedPoint format);

/// `format` with one exponent for all values of `data`: the tensors of a whole
/// network, of a layer, or one channel. See ExponentRule; `maxOverflowRate` is
/// the share of values that Overflow lets clip. Errors: NaN or infinity in the
/// data, an illegal format.
Result<FixedPoint> deriveFixedPoint(ExponentRule rule,
                                    const std::vector<FloatSpan> &data,
                                    FixedPoint format,
                                    double maxOverflowRate = 0);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_FIXEDPOINT_H
