//===- RequantizeFloatLoops.h - Vectorized float kernels --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_NUMERICS_REQUANTIZEFLOATLOOPS_H
#define HWQ_LIB_NUMERICS_REQUANTIZEFLOATLOOPS_H

#include <cstddef>
#include <cstdint>

namespace hwq::numerics::detail {

/// What is rounded, v = f32((in - sub) << left), each operation in f32:
///   Product      v * scale                          R4, R9 Requant
///   Bias         (v + bias) * scale                 R4
///   FusedBias    fma(bias, unit, v) * scale         R4
///   InsideEven   v * scale + inside                 R13
///   InsideAway   the same, rounded half away        R8
///   Dequantized  (v * scale) * output               R9 F32, F19
///   Half         the same in fp16 up to * output    R9 F16
///   HalfTwice    with fp16(fp16(v * scale) * scale) R9 F16Sqrt
///   Epilogue     act((v * scale + bias) + residualScale * residual) / output
///                                                   R14
/// Only the Half forms may meet a NaN, which counts as 0.
enum class FloatForm {
  Product,
  Bias,
  FusedBias,
  InsideEven,
  InsideAway,
  Dequantized,
  Half,
  HalfTwice,
  Epilogue
};

/// out = round(clamp(real, lo, hi)) + z; |lo|, |hi| <= 2^22. Tables are read
/// cyclically with period `width`, or their first value only if `uniform`.
struct FloatLoop {
  FloatForm form;
  size_t width;
  bool uniform;
  int32_t left;
  float lo, hi;
  int32_t z;
  float inside, output;
  float actLo, actHi, residualScale;
  /// As many as `in`; null: all 0.
  const int8_t *residual;
  const int32_t *sub;
  const float *scale, *bias, *unit;
};

/// R12: out = RHA(clamp(f64((in - sub) << left) * scale, lo, hi)) + z; lo, hi
/// within int32.
struct DoubleLoop {
  size_t width;
  bool uniform;
  int32_t left;
  double lo, hi;
  int32_t z;
  const int32_t *sub;
  const double *scale;
};

#define HWQ_FLOAT_LOOPS(Out)                                                   \
  void loopFloat(const int32_t *in, Out *out, size_t count,                    \
                 const FloatLoop &);                                           \
  void loopDouble(const int32_t *in, Out *out, size_t count,                   \
                  const DoubleLoop &);
HWQ_FLOAT_LOOPS(uint8_t)
HWQ_FLOAT_LOOPS(int8_t)
HWQ_FLOAT_LOOPS(int32_t)
#undef HWQ_FLOAT_LOOPS

} // namespace hwq::numerics::detail

#endif // HWQ_LIB_NUMERICS_REQUANTIZEFLOATLOOPS_H
