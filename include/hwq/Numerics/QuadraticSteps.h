//===- QuadraticSteps.h - Levels that grow with the square of the code -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_QUADRATICSTEPS_H
#define HWQ_NUMERICS_QUADRATICSTEPS_H

#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

/// The levels f32(+-scale k^2), k = 0..K, K = 2^(bits-1) - 1 (unsigned: K =
/// 2^bits - 1): steps that grow linearly away from zero, fine where most
/// weights are.
///   codes     sign * k; bits 2..12
///   range     [-scale K^2, scale K^2], or [0, scale K^2]; saturating
///   rounding  to the nearest of the exact levels scale k^2, ties away from
///             zero, decided exactly: |x| >= scale (k^2 + k + 1/2) means more
///             than k
///   NaN       code 0
struct QuadraticSteps {
  unsigned bits = 8;
  bool isSigned = true;
  float scale = 1;

  /// K.
  int32_t levels() const;
};

/// The scale has to be a normal f32 and the largest level finite.
Result<QuadraticSteps> checked(QuadraticSteps scheme);

/// `format` with scale f32(absMax / K^2); 0 gives scale 1.
Result<QuadraticSteps> deriveQuadraticSteps(double absMax,
                                            QuadraticSteps format);

int32_t quantize(const QuadraticSteps &scheme, float x);
/// Codes beyond the levels are saturated.
float dequantize(const QuadraticSteps &scheme, int32_t code);
void quantizeArray(const QuadraticSteps &scheme, const float *x, size_t count,
                   int32_t *codes);
void fakeQuantize(const QuadraticSteps &scheme, const float *x, size_t count,
                  float *y);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_QUADRATICSTEPS_H
