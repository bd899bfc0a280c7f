//===- RequantizeLoops.h - Vectorized loops of the requantize kernels -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_NUMERICS_REQUANTIZELOOPS_H
#define HWQ_LIB_NUMERICS_REQUANTIZELOOPS_H

#include <cstddef>
#include <cstdint>

// Every loop is  out = clamp(K(in - sub), lo, hi) + z  with lo and hi already
// without the zero point. `Channels` loops read their tables cyclically with
// period `width`.

namespace hwq::numerics::detail {

/// The clamp, zero point not included, and the zero point.
struct Clamp {
  int32_t lo, hi, z;
};

/// R1 and R11.
struct R1Uniform {
  int32_t sub, mul, left1, left2, right;
};

/// left1 is the uniform left shift, left2 the kernel's own.
struct R1Channels {
  size_t width;
  int32_t left1;
  const int32_t *sub, *mul, *left2, *right;
};

/// ((x - sub) << left) * mul + round, shifted logically by shift, minus unbias.
/// `round` includes 2^63, which makes the sum non-negative: a logical shift is
/// one instruction where an arithmetic one of 64 bits does not exist.
struct R2Uniform {
  int32_t sub, left, mul;
  uint64_t round, shift;
  uint32_t unbias;
};

struct R2Channels {
  size_t width;
  int32_t left;
  const int32_t *sub, *mul;
  const uint64_t *round, *shift;
  const uint32_t *unbias;
};

/// For results beyond 32 bits, and so with bounds of 64; `round` without 2^63.
struct R2Wide {
  size_t width;
  int32_t left;
  int64_t lo, hi, z;
  const int32_t *sub, *mul;
  const uint64_t *round, *shift;
};

#define HWQ_REQUANTIZE_LOOPS(Out)                                              \
  void loopR1(const int32_t *in, Out *out, size_t count, const R1Uniform &,    \
              Clamp);                                                          \
  void loopR1(const int32_t *in, Out *out, size_t count, const R1Channels &,   \
              Clamp);                                                          \
  void loopR11(const int32_t *in, Out *out, size_t count, const R1Uniform &,   \
               Clamp);                                                         \
  void loopR11(const int32_t *in, Out *out, size_t count, const R1Channels &,  \
               Clamp);                                                         \
  void loopR2(const int32_t *in, Out *out, size_t count, const R2Uniform &,    \
              Clamp);                                                          \
  void loopR2(const int32_t *in, Out *out, size_t count, const R2Channels &,   \
              Clamp);                                                          \
  void loopR2(const int32_t *in, Out *out, size_t count, const R2Wide &);
HWQ_REQUANTIZE_LOOPS(uint8_t)
HWQ_REQUANTIZE_LOOPS(int8_t)
HWQ_REQUANTIZE_LOOPS(int32_t)
#undef HWQ_REQUANTIZE_LOOPS

} // namespace hwq::numerics::detail

#endif // HWQ_LIB_NUMERICS_REQUANTIZELOOPS_H
