//===- Concat.h - Codes on another grid -------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_CONCAT_H
#define HWQ_NUMERICS_CONCAT_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Multiplier.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

/// One input of a concatenation, or any other move of codes to another grid;
/// made by deriveConcat.
struct ConcatParams {
  ConcatVariant variant = ConcatVariant::Copy;
  QuantParams input, output;
  /// Variants that multiply by an integer, and Hexagon.
  RequantizeKernel kernel = RequantizeKernel::R7;
  Multiplier multiplier;
  /// Hexagon: added to the code before the gain. Tengine: f32(s_x/s_y).
  int32_t offset = 0;
  float ratio = 1;
  /// The output grid; a fused activation narrows it.
  int32_t lo = 0, hi = 0;
};

/// How one input of a concatenation moves to the output's grid; then clamped.
/// Requantize and relu ops are the same (Tflite, Snpe; TfliteRuy, TfliteXnnpack
/// for the former only: XNNPACK's relu is Tflite's). s = s_x/s_y.
///   Copy           q; the parameters must be equal (LiteRT, QNN: their concat
///                  has no other form)
///   Tflite         R1(q - z_x) + z_y
///   TfliteRuy      R11(q - z_x) + z_y (LiteRT's optimized kernels)
///   Snpe, Tvm      R2(q - z_x) + z_y
///   TfliteXnnpack  (((q - z_x)*m + 128) >> 8) + z_y; m: rule Fixed8_8 for
///                  f32(s); f32(s) outside [2^-8, 128], which XNNPACK leaves to
///                  LiteRT: TfliteRuy
///   OnnxRuntime    Q2 of x = f32((q - z_x) * s_x); Float is the same
///   Fbgemm         Q1 of fma(q, s_x, f32(-f32(s_x*z_x))); q where the
///                  parameters are equal. Channels last, for the channels below
///                  fbgemmFusedChannels
///   FbgemmNchw     the same with x = f32((q - z_x) * s_x): the other channels
///   Hexagon        sat_u8(((q + o)*g + 2^14) >> 15), g = min(32767, RHA(2^15 *
///                  s)), o = max(0, RHA((xmin - ymin)/s_x)) in f32, xmin and
///                  ymin the values of code 0; grid 0..255
///   Dpu            (q - z_x) * s half up, s a power of two
///   Nnpi           Q4 of x
///   SophgoBm1684x  (((q - z_x)*m + 2^(n-1)) >> n) + z_y; m, n: rule TPU8
///   SophgoCv18xx   the same with rule CV18xx8; q where |127*s_x - 127*s_y| <=
///                  1e-5
///   Tengine        RHA(f32(f32(q - z_x) * f32(s)) + f32(z_y))
/// s below what a multiplier of 31 bits expresses (R1, R2, R11): 0.
/// Errors: scales that are not positive and finite, zero points and grids
/// beyond 16 bits; Copy: other parameters; scales without a multiplier, or
/// (R1, R11) so large that q - z_x would wrap.
Result<ConcatParams> deriveConcat(ConcatVariant variant,
                                  const QuantParams &input,
                                  const QuantParams &output);

/// One code; the definition of rescaleArray.
int32_t rescale(const ConcatParams &params, int32_t code);

/// `count` codes, the same integers as rescale() cut to the type's range.
void rescaleArray(const ConcatParams &params, const uint8_t *in, uint8_t *out,
                  size_t count);
void rescaleArray(const ConcatParams &params, const int8_t *in, int8_t *out,
                  size_t count);

/// Of `channels` channels (the last axis in memory) of one input of FBGEMM's
/// channels-last concatenation, those that take variant Fbgemm.
inline int64_t fbgemmFusedChannels(int64_t channels) {
  return channels / 8 * 8;
}

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_CONCAT_H
