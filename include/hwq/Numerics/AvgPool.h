//===- AvgPool.h - Quantized average pooling --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_AVGPOOL_H
#define HWQ_NUMERICS_AVGPOOL_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Multiplier.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

/// One average pool; made by deriveAvgPool. The meaning of `factor`, `offset`
/// and `multiplier` is the variant's.
struct AvgPoolParams {
  AvgPoolVariant variant = AvgPoolVariant::RoundHalfAway;
  QuantParams input, output;
  float factor = 1, offset = 0;
  Multiplier multiplier;
  /// Taps of the whole window.
  int32_t window = 1;
  /// The output grid; a fused activation narrows it.
  int32_t lo = 0, hi = 0;
};

/// Parameters of a pool with windows of kernelH x kernelW = k taps. S is the
/// sum of q - z_x over the window's valid taps, R the sum of q, n the divisor:
/// the valid taps, or the whole window where padding counts (its taps are
/// zero). Computed in f32 where f32 is written; then clamped.
///   RoundHalfAway       RHA(S/n) + z_y (TOSA, SNPE); one scale
///   Tflite              RHA(R/n) (LiteRT, CMSIS-NN); unchanged parameters
///   OnnxRuntime         RNE(f32(f32(avg/s_y) + z_y)), avg = the f32 sum of
///                       f32((q - z_x) * s_x) in order, divided by n
///   OnnxRuntimeGlobal   RNE(f32(S) * f32(s_x/(s_y*n))) + z_y
///   Fbgemm              RNE(f32(S) * f32(1/n)) + z (channels last)
///   FbgemmNchw          RNE(f32(f32(S) * f32(1/n)) + z)
///   FbgemmAdaptive      RNE(f32(R) * f32(1/n)); all three with unchanged
///                       parameters
///   Tvm                 S/n truncated toward zero; unchanged parameters
///   Hexagon             (R * min(32767, floor(32768/n)) + 2^14) >> 15;
///                       unchanged parameters
///   Dpu                 R * N / 2^M * 2^(fp_y - fp_x), half up; (N, M):
///                       dpuPoolFactor; scales 2^-fp
///   Nnpi                RHA(f32(S) * f32(f32(s_x/s_y)/k) + z_y)
///   SophgoBm1684x       ((S*m + 2^(r-1)) >> r) + z_y; m, r: rule TPU8 for
///                       s_x/(s_y*k)
///   SophgoBm1684xAsymmetric  RHA(f32((S + k*z_x) * f) + o), f = s_x/(s_y*k),
///                       o = z_y - z_x*s_x/s_y, both rounded to f32
///   SophgoCv18xx        as SophgoBm1684x with rule CV18xx8
///   Tengine             RHA(f32(avg/s_y)) + z_y, avg as OnnxRuntime
///   Float               RNE(f32(avg/s_y)) + z_y (TensorRT, AMCT)
/// Errors: scales that are not positive and finite, zero points and grids
/// beyond 16 bits, other parameters where they are unchanged, kernels outside
/// 1..32767, scales without a multiplier (Dpu: no powers of two).
Result<AvgPoolParams> deriveAvgPool(AvgPoolVariant variant,
                                    const QuantParams &input,
                                    const QuantParams &output, int32_t kernelH,
                                    int32_t kernelW);

/// The variant for a kernel that has the size of the input, without padding
/// (whatever the strides): ONNX Runtime runs such a QLinearAveragePool as a
/// global one, OnnxRuntime becomes OnnxRuntimeGlobal.
AvgPoolVariant variantOfWholeInput(AvgPoolVariant variant);

/// The output has the input's scale and zero point, and nothing else matters:
/// averagePool without AvgPoolParams.
bool keepsParameters(AvgPoolVariant variant);

/// The divisor is the whole window, whatever part of it is padding.
bool countsPadding(AvgPoolVariant variant);

/// The result depends on the order of the codes, not only on their sum:
/// averagePoolOf.
bool dependsOnOrder(AvgPoolVariant variant);

/// The output code of one window of which `taps` codes are valid; their sum is
/// `sum`, |sum| < 2^31. A divisor <= 0 gives the output zero point, clamped.
/// Variants that depend on the order take the codes' mean for each of them.
int32_t averagePool(const AvgPoolParams &params, int64_t sum, int32_t taps,
                    int32_t divisor);

/// The same from the `taps` valid codes in the window's order; the definition
/// for every variant.
int32_t averagePoolOf(const AvgPoolParams &params, const int32_t *codes,
                      int32_t taps, int32_t divisor);

/// averagePool() of `count` windows of equally many taps (the channels of one
/// pixel); the same integers, cut to the range of the output type.
void averagePoolArray(const AvgPoolParams &params, const int32_t *sums,
                      size_t count, int32_t taps, int32_t divisor,
                      uint8_t *out);
void averagePoolArray(const AvgPoolParams &params, const int32_t *sums,
                      size_t count, int32_t taps, int32_t divisor, int8_t *out);

/// The output code of one window by a variant that keepsParameters.
/// `sumMinusZp` is the sum of q - z over the window's valid taps, |sum| < 2^62
/// (2^31 for other variants than RoundHalfAway); `n` their number. A window
/// without valid taps (n <= 0) gives the zero point, clamped.
int32_t averagePool(AvgPoolVariant variant, int64_t sumMinusZp, int32_t n,
                    int32_t zeroPoint, int32_t lo, int32_t hi);

/// N and M with N/2^M near 1/(kernelH*kernelW), as Vitis AI has it for the DPU:
/// 3x3 (7, 6), 5x5 (10, 8), 6x6, 3x6 and 6x3 (7, 8), 7x7 (21, 10), 14x14 (21,
/// 12); else the first best of M < ceil(log2(128*k)), N = RNE(2^M/k). As a
/// multiplier: N, shift M. 1 <= kernelH, kernelW <= 32767.
Multiplier dpuPoolFactor(int32_t kernelH, int32_t kernelW);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_AVGPOOL_H
