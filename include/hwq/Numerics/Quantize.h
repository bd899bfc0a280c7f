//===- Quantize.h - Float to integer and back -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_QUANTIZE_H
#define HWQ_NUMERICS_QUANTIZE_H

#include "hwq/Numerics/Grid.h"

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

/// `x` on the grid of `params` (formulas: QuantizeForm). Q1..Q4 use the scale
/// rounded to f32, Q5 in f64. Saturates; NaN gives the zero point (callers for
/// whom a NaN is an error have to look for it). The definition of
/// quantizeArray.
int64_t quantize(QuantizeForm form, float x, const QuantParams &params);

/// quantize() of `count` values, the same bits. The grid must lie within the
/// range of the output type.
void quantizeArray(QuantizeForm form, const float *x, size_t count,
                   const QuantParams &params, uint8_t *q);
void quantizeArray(QuantizeForm form, const float *x, size_t count,
                   const QuantParams &params, int8_t *q);
void quantizeArray(QuantizeForm form, const float *x, size_t count,
                   const QuantParams &params, int16_t *q);
void quantizeArray(QuantizeForm form, const float *x, size_t count,
                   const QuantParams &params, int32_t *q);

/// f32(scale) * f32(q - zeroPoint), one rounding in f32 as long as q -
/// zeroPoint has at most 24 bits. The definition of dequantizeArray.
float dequantize(int64_t q, const QuantParams &params);

void dequantizeArray(const uint8_t *q, size_t count, const QuantParams &params,
                     float *x);
void dequantizeArray(const int8_t *q, size_t count, const QuantParams &params,
                     float *x);
void dequantizeArray(const int16_t *q, size_t count, const QuantParams &params,
                     float *x);
void dequantizeArray(const int32_t *q, size_t count, const QuantParams &params,
                     float *x);

/// The integer for a real value in units of the output scale, zero point not
/// included, with the rounding and the place of the zero point of `form`:
///   Q1, Q2  clamp(RNE(v) + z)        Q3  clamp(RHA(v) + z)
///   Q4      clamp(RNE(f64(v + z)))   Q5  clamp(RHA(f64(v + (z - lo))) + lo)
/// all in f64. This evaluates RequantizeKernel::Real. NaN counts as 0.
int64_t quantizeLSB(QuantizeForm form, double valueInLsb, int64_t zeroPoint,
                    int64_t lo, int64_t hi);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_QUANTIZE_H
