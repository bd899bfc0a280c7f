//===- RequantizeLoops.h - Vectorized integer kernels -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_NUMERICS_REQUANTIZELOOPS_H
#define HWQ_LIB_NUMERICS_REQUANTIZELOOPS_H

#include <cstddef>
#include <cstdint>

// Every integer kernel with a result of 32 bits is one product, one rounding
// term and one shift, n = 31..62:
//   y = (x * mul + round - (x < 0 ? less : 0)) >> n, x = in - sub in 32 bits
//   out = clamp(y, lo, hi) + z, lo and hi without the zero point
// R2 and what equals it have round 2^(n-1). R11's two roundings make it 2^(n-1)
// + 2^30, of which R1 takes 2^31 from negative values: the second rounding is
// half away from zero. R5 takes 1.

namespace hwq::numerics::detail {

/// The clamp, zero point not included, and the zero point.
struct Clamp {
  int32_t lo, hi, z;
};

/// The term `less` of all values.
enum class Less { None, One, HighUnit };

/// `round` includes 2^63, which makes the sum non-negative: a logical shift is
/// one instruction where an arithmetic one of 64 bits does not exist. `unbias`
/// takes it out of the result.
/// x is shifted left first.
struct ProductUniform {
  int32_t sub, left, mul;
  uint64_t round, shift;
  uint32_t unbias;
};

/// Tables are read cyclically with period `width`. `signBit`: for HighUnit,
/// 2^31 or, in channels whose second shift is none, 0.
struct ProductChannels {
  size_t width;
  const int32_t *sub, *mul;
  const uint64_t *round, *shift;
  const uint32_t *unbias, *signBit;
};

/// For results beyond 32 bits, n = 0..30 and so with bounds of 64, `less` 0 and
/// `round` without 2^63.
struct ProductWide {
  size_t width;
  const int32_t *sub, *mul;
  const uint64_t *round, *shift;
  int64_t lo, hi, z;
};

/// out = ((in - sub) << left) >> right, in 32 bits, for kernels that shift
/// before the product.
struct Shifts {
  size_t width;
  const int32_t *sub, *left, *right;
};

void loopShifts(const int32_t *in, int32_t *out, size_t count, const Shifts &);

#define HWQ_PRODUCT_LOOPS(Out)                                                 \
  void loopProduct(const int32_t *in, Out *out, size_t count,                  \
                   const ProductUniform &, Less, Clamp);                       \
  void loopProduct(const int32_t *in, Out *out, size_t count,                  \
                   const ProductChannels &, Less, Clamp);                      \
  void loopProduct(const int32_t *in, Out *out, size_t count,                  \
                   const ProductWide &);
HWQ_PRODUCT_LOOPS(uint8_t)
HWQ_PRODUCT_LOOPS(int8_t)
HWQ_PRODUCT_LOOPS(int32_t)
#undef HWQ_PRODUCT_LOOPS

} // namespace hwq::numerics::detail

#endif // HWQ_LIB_NUMERICS_REQUANTIZELOOPS_H
