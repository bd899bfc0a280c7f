//===- Codebook.h - Look-up table of levels ---------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_CODEBOOK_H
#define HWQ_NUMERICS_CODEBOOK_H

#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hwq::numerics {

/// A look-up table of k levels in ascending order; codes are 0..k-1.
///   range     [first level, last level], saturating
///   rounding  to the nearest level; a tie goes away from zero, and up when it
///             is at 0. Decided exactly: the thresholds are f32 values.
///   NaN       like 0
class Codebook {
public:
  /// Sorts the levels and drops repetitions. Errors: none, more than 65536,
  /// NaN or infinity.
  static Result<Codebook> create(std::vector<float> levels);

  const std::vector<float> &levels() const { return values; }
  /// thresholds()[i] is the smallest f32 that has a code above i.
  const std::vector<float> &thresholds() const { return limits; }

private:
  std::vector<float> values, limits;
};

int32_t quantize(const Codebook &scheme, float x);
/// Codes beyond the table are saturated.
float dequantize(const Codebook &scheme, int32_t code);
void quantizeArray(const Codebook &scheme, const float *x, size_t count,
                   int32_t *codes);
void fakeQuantize(const Codebook &scheme, const float *x, size_t count,
                  float *y);

/// Up to `k` levels (1..65536) by Lloyd's iteration:
///   start     equally spaced from min to max, both included (Han et al. 2016);
///             the middle for k = 1; the distinct values themselves when there
///             are no more than k
///   assign    as Codebook does
///   update    the mean, f64 sum over the values in ascending order, rounded to
///             f32; a level without values stays
///   end       when no value changes its level, or after `maxIterations`
/// The data are sorted first: the result depends on the values, not on their
/// order, thread or CPU. Errors: no data, NaN or infinity, k out of range.
Result<Codebook> kMeans(const float *x, size_t count, unsigned k,
                        unsigned maxIterations = 100);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_CODEBOOK_H
