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

/// `x` on the grid of `params` (formulas: QuantizeForm). The scale is rounded
/// to f32, but for Q5 and Q3F64. Saturates, also where LiteRT's reference
/// kernel (Q3) wraps, x/s >= 2^31; NaN gives the zero point (callers for whom a
/// NaN is an error have to look for it). The definition of quantizeArray.
int64_t quantize(QuantizeForm form, float x, const QuantParams &params);

/// clamp(round(f32(x/s)) + z) with any rounding: nGraph's Quantize operation;
/// Q2 and Q3 are the cases RNE and RHA. Saturation and NaN as above.
int64_t quantize(Rounding mode, float x, const QuantParams &params);

/// quantize() of `count` values, the same bits. The grid must lie within the
/// range of the output type; the arrays must not overlap.
void quantizeArray(QuantizeForm form, const float *x, size_t count,
                   const QuantParams &params, uint8_t *q);
void quantizeArray(QuantizeForm form, const float *x, size_t count,
                   const QuantParams &params, int8_t *q);
void quantizeArray(QuantizeForm form, const float *x, size_t count,
                   const QuantParams &params, uint16_t *q);
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
void dequantizeArray(const uint16_t *q, size_t count, const QuantParams &params,
                     float *x);
void dequantizeArray(const int16_t *q, size_t count, const QuantParams &params,
                     float *x);
void dequantizeArray(const int32_t *q, size_t count, const QuantParams &params,
                     float *x);

/// The integer for a real value in units of the output scale, zero point not
/// included, with the rounding and the place of the zero point of `form`:
///   Q1, Q2              clamp(RNE(v) + z)
///   Q3, Q7, Q3F64, Q6P  clamp(RHA(v) + z)
///   Q6                  clamp(RHU(v) + z)
///   Q4                  clamp(RNE(f64(v + z)))
///   Q5                  clamp(RHA(f64(v + (z - lo))) + lo)
/// all in f64. This evaluates RequantizeKernel::Real. NaN counts as 0.
int64_t quantizeLSB(QuantizeForm form, double valueInLsb, int64_t zeroPoint,
                    int64_t lo, int64_t hi);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_QUANTIZE_H
