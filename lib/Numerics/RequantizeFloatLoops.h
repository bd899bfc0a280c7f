//===- RequantizeFloatLoops.h - Vectorized loops of R4 and R13 --*- C++ -*-===//
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

/// out = round(clamp(v * scale + inside, lo, hi)) + z, round RNE, or RHA in
/// loopHalfAway, v = f32((in - sub) <<
/// left) with the bias of the loop. |lo|, |hi| <= 2^22. Tables are read
/// cyclically with period `width`, or their first value only if `uniform`.
struct FloatLoop {
  size_t width;
  bool uniform;
  int32_t left;
  float lo, hi;
  int32_t z;
  float inside;
  const int32_t *sub;
  const float *scale, *bias, *unit;
};

#define HWQ_FLOAT_LOOPS(Out)                                                   \
  void loopNoBias(const int32_t *in, Out *out, size_t count,                   \
                  const FloatLoop &);                                          \
  void loopBias(const int32_t *in, Out *out, size_t count, const FloatLoop &); \
  void loopFusedBias(const int32_t *in, Out *out, size_t count,                \
                     const FloatLoop &);                                       \
  void loopZeroPointInside(const int32_t *in, Out *out, size_t count,          \
                           const FloatLoop &);                                 \
  void loopHalfAway(const int32_t *in, Out *out, size_t count,                 \
                    const FloatLoop &);
HWQ_FLOAT_LOOPS(uint8_t)
HWQ_FLOAT_LOOPS(int8_t)
HWQ_FLOAT_LOOPS(int32_t)
#undef HWQ_FLOAT_LOOPS

} // namespace hwq::numerics::detail

#endif // HWQ_LIB_NUMERICS_REQUANTIZEFLOATLOOPS_H
