//===- Mul.h - Quantized multiplication -------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_MUL_H
#define HWQ_NUMERICS_MUL_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Requantize.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

/// One multiplication; made by deriveMul: requantize((a - lhsZeroPoint) * (b -
/// rhsZeroPoint)), the product in 32 bits. Float: the scales instead.
struct MulParams {
  MulVariant variant = MulVariant::Tflite;
  int32_t lhsZeroPoint = 0, rhsZeroPoint = 0;
  /// Holds the clamp (lo, hi), which a fused activation narrows.
  RequantizeParams requantize;
  float lhsScale = 1, rhsScale = 1, outputScale = 1;
};

/// P = (a - z_a) * (b - z_b). Then clamped.
///   Tflite         R1(P) + z_y, f32(f32(s_a*s_b)/s_y) (LiteRT's own kernels;
///                  where |R1(P) + z_y| > 2^15, the vectors of the optimized
///                  ones add z_y to what saturated in 16 bits, and wrap)
///   Snpe, Tvm      R2(P) + z_y, s_a*s_b/s_y in f64
///   TfliteXnnpack  R4: RNE(f32(P) * f32(f32(s_a*s_b)/s_y)) + z_y; a scale
///                  below 2^-16, which XNNPACK leaves to LiteRT: Tflite
///   OnnxRuntime    R13: the same scale, z_y inside the rounding
///   Fbgemm         R4 with f32(f32(s_a*s_b) * f32(1/s_y))
///   Dpu            R6: P * 2^(fp_y - fp_a - fp_b) half up, + z_y; scales 2^-fp
///   Nnpi           R8: RHA(f32(P) * f32(f32(s_a*s_b)/s_y)) + z_y
///   SophgoBm1684x  R7, rule TPU8 for s_a*s_b/s_y
///   Float          Q2 of f32(f32((a - z_a)*s_a) * f32((b - z_b)*s_b))
/// Errors: as deriveAdd; operands whose product leaves 32 bits.
Result<MulParams> deriveMul(MulVariant variant, const QuantParams &lhs,
                            const QuantParams &rhs, const QuantParams &out);

/// One pair; the definition of mulArray.
int32_t mul(const MulParams &params, int32_t a, int32_t b);

/// `count` pairs, the same integers as mul().
void mulArray(const MulParams &params, const uint8_t *a, const uint8_t *b,
              uint8_t *out, size_t count);
void mulArray(const MulParams &params, const int8_t *a, const int8_t *b,
              int8_t *out, size_t count);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_MUL_H
