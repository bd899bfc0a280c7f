//===- Mean.h - Quantized mean over axes ------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_MEAN_H
#define HWQ_NUMERICS_MEAN_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Multiplier.h"
#include "hwq/Numerics/Result.h"

#include <cstdint>

namespace hwq::numerics {

/// One mean over `count` codes; made by deriveMean.
struct MeanParams {
  MeanVariant variant = MeanVariant::Tflite;
  Multiplier multiplier;
  float scale = 1;
  int32_t inputZeroPoint = 0, zeroPoint = 0;
  int32_t count = 1;
  int32_t lo = 0, hi = 0;
};

/// A = sum of q - z_x over the `count` = N codes, in 32 bits.
///   Tflite         R1(A) + z_y; of the multiplier (M, e) for s_x/s_y it takes
///                  floor(M * 2^k / N) and e - k, k = min(floor(log2 N), 32,
///                  31 + e) (LiteRT's reference and optimized kernels)
///   Snpe           the same with R2
///   TfliteXnnpack  RNE(f32(f32(A) * m) + f32(z_y)), m = f32(f32(s_x/s_y)/N)
/// Errors: as deriveAdd; count < 1; N codes whose sum leaves 32 bits.
Result<MeanParams> deriveMean(MeanVariant variant, const QuantParams &input,
                              const QuantParams &output, int64_t count);

/// The output code for a sum of `count` codes.
int32_t mean(const MeanParams &params, int64_t sumOfCodes);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_MEAN_H
