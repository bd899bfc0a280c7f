//===- PRelu.h - Leaky relus on codes ---------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_PRELU_H
#define HWQ_NUMERICS_PRELU_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Multiplier.h"
#include "hwq/Numerics/Result.h"

#include <cstdint>
#include <vector>

namespace hwq::numerics {

/// y = x where x >= 0, else slope * x, with the slope as codes; made by
/// derivePRelu.
struct PReluParams {
  /// R1, R2, R7 or R11.
  RequantizeKernel kernel = RequantizeKernel::R1;
  Multiplier positive, negative;
  int32_t inputZeroPoint = 0, slopeZeroPoint = 0, zeroPoint = 0;
  int32_t lo = 0, hi = 0;
};

/// A = q - z_x; the real factors in f32:
///   A >= 0   kernel(A; f32(s_x/s_y)) + z_y
///   A < 0    kernel(A * (q_slope - z_slope); f32(f32(s_x*s_slope)/s_y)) + z_y
/// (LiteRT's PRELU in all three engines: R1). Errors: as deriveAdd; other
/// kernels than those of PReluParams; a slope beyond 8 bits.
Result<PReluParams> derivePRelu(RequantizeKernel kernel,
                                const QuantParams &input,
                                const QuantParams &slope,
                                const QuantParams &output);

/// The output code.
int32_t prelu(const PReluParams &params, int32_t code, int32_t slopeCode);

/// Leaky relu with one slope: the output code for each code of the input grid,
/// in order.
///   TfliteXnnpack  (A * RNE(256 * f) + 128) >> 8, f = f32(s_x/s_y) for A >= 0
///                  and f32(f32(s_x/s_y) * slope) below
///   others         kernel(A; f32(s_x/s_y)), kernel(A; f32(f32(s_x*slope)/s_y))
///                  (LiteRT's reference and optimized kernels: R1)
/// plus z_y, clamped. Errors: as derivePRelu; a slope that is not finite, or
/// negative for `kernel`. What XNNPACK does not take LiteRT computes as the
/// others: s_x/s_y outside of [2^-8, 2^7], its product with the slope outside
/// of
/// (-128, 128) or nearer to 0 than 2^-8.
Result<std::vector<int32_t>>
leakyReluTable(LookupVariant variant, RequantizeKernel kernel, float slope,
               const QuantParams &input, const QuantParams &output);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_PRELU_H
