//===- IntegerLoops.h - Vectorized loops of the integer kernels -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_INTEGERLOOPS_H
#define HWQ_LIB_RUNTIME_INTEGERLOOPS_H

#include "hwq/Numerics/Enums.h"
#include <cstddef>
#include <cstdint>

namespace hwq::runtime {

/// y = x - offset.
void widen(const uint8_t *x, int16_t *y, size_t count, int32_t offset);
void widen(const int8_t *x, int16_t *y, size_t count, int32_t offset);
void widen(const uint8_t *x, float *y, size_t count, int32_t offset);
void widen(const int8_t *x, float *y, size_t count, int32_t offset);

/// y = x, or y += x: integral floats below 2^24.
void storeIntegers(const float *x, int32_t *y, size_t count);
void addIntegers(const float *x, int32_t *y, size_t count);

/// acc[p, c] += bias[c], wrapping; rows x channels values.
void addPerChannel(int32_t *acc, const int32_t *bias, size_t rows,
                   size_t channels);
/// acc[p, c] += factor[c] * sum[p * sumStride], wrapping, for channels of a row
/// of `stride` values.
void addOuterProduct(int32_t *acc, const int32_t *factor, const int32_t *sum,
                     size_t rows, size_t channels, size_t stride,
                     size_t sumStride);

/// sums[p] = sum of the `channels` codes of x of pixel p.
void sumCodes(const uint8_t *x, int32_t *sums, size_t pixels, size_t channels);
/// sum(x[i] * w[i]) of at most 2^15 products, which 32 bits hold.
int32_t dotCodes(const uint8_t *x, const int8_t *w, size_t count);
/// y[i] += x[i].
void addTo(int32_t *y, const int32_t *x, size_t count);

/// Depthwise window: `pixels` outputs of `channels` values each, output pixel i
/// reading x + i * pixelStride + offsets[t]; weights [taps, channels].
/// acc[i, c] = sum_t x[...][c] * w[t][c].
void depthwiseRow(const uint8_t *x, const int16_t *w, const int32_t *offsets,
                  size_t taps, int32_t *acc, size_t pixels, size_t pixelStride,
                  size_t channels);
void depthwiseRow(const int8_t *x, const int16_t *w, const int32_t *offsets,
                  size_t taps, int32_t *acc, size_t pixels, size_t pixelStride,
                  size_t channels);

/// Values in units of the output scale: ((x - sub) << left) in f64, plus
/// pre[c], times scale[c], plus post[c]; each operation rounded to f64.
struct RealScale {
  int64_t sub = 0;
  int32_t left = 0;
  const double *scale = nullptr, *pre = nullptr, *post = nullptr;
};
void scaleReal(const int32_t *x, double *y, size_t rows, size_t channels,
               const RealScale &params);

/// numerics::quantizeLSB of `count` values.
void roundReal(numerics::QuantizeForm form, const double *v, size_t count,
               int64_t zeroPoint, int64_t lo, int64_t hi, int32_t *y);

/// y = x for values that fit.
void narrow(const int32_t *x, uint8_t *y, size_t count);
void narrow(const int32_t *x, int8_t *y, size_t count);
void narrow(const int32_t *x, int16_t *y, size_t count);

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_INTEGERLOOPS_H
