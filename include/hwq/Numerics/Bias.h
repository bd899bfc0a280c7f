//===- Bias.h - Bias in accumulator units -----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_BIAS_H
#define HWQ_NUMERICS_BIAS_H

#include "hwq/Numerics/Multiplier.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hwq::numerics {

/// A real bias in units of the accumulator (bias / (s_x * s_w)) as an integer:
/// int32, or int16 for I16. RHA (TFLite, Glow, TPU-MLIR); AMCT, nGraph and ONNX
/// QLinear take RNE. Zero points that move into the bias are part of the value
/// (TPU-MLIR rounds after it, RHA(b/(s_x*s_w) - z_x*sum(q_w))). For
/// I8Asymmetric the value is one that quantizeBiasI8Asymmetric returned.
/// Errors: NaN, a value outside the integers, form F32 (which has no integer),
/// the power-of-two forms (which have a scale of their own).
Result<int64_t> quantizeBias(BiasForm form, double biasInAccumulatorUnits,
                             Rounding rounding = Rounding::RHA);

/// The values a bias vector has after a trip through one asymmetric 8-bit
/// encoding (PAimet over the vector's minimum and maximum, Q5), as real numbers
/// scale * (q - z) in f64. An empty vector stays empty. Errors: NaN, infinite.
Result<std::vector<double>> quantizeBiasI8Asymmetric(const double *bias,
                                                     size_t count);
Result<std::vector<double>>
quantizeBiasI8Asymmetric(const std::vector<double> &bias);

/// A bias with a power-of-two scale: value = code * 2^-fractionBits.
struct PotBias {
  std::vector<int8_t> codes;
  int32_t fractionBits = 0;
};

/// I8Pot (Vitis DPU): codes = RHA(b * 2^fractionBits), clipped to -128..127.
/// Errors: NaN, infinite, |fractionBits| > 64.
Result<PotBias> quantizeBiasI8Pot(const std::vector<double> &bias,
                                  int32_t fractionBits);

/// I8PotShifted (TVM relay): the scale is t/128 with t = 2^ceil(log2 max|b|),
/// codes = RHA(b / scale), clipped to -127..127. All zero: t = 1. Errors: NaN,
/// infinite, a largest magnitude outside 2^-64..2^64.
Result<PotBias> quantizeBiasI8PotShifted(const std::vector<double> &bias);

/// A code in an accumulator whose unit is 2^-accumulatorFractionBits: shifted
/// left by the difference, or right (toward minus infinity) if that is
/// negative. Errors: a value outside int32.
Result<int32_t> alignPotBias(int32_t code, int32_t fractionBits,
                             int32_t accumulatorFractionBits);

/// The codes of a CV18xx convolution's channel, whose requantization (m of rule
/// CV18xx, cv18xxScale) is fixed first: all in f32, clipped to -127..127 and to
/// int32. A multiplier 0 gives 0.
///   weight  RNE(w * f32((x/y) * 2^shift / m))
///   bias    RNE(b * f32((127/y) * 2^shift / m))
/// with the thresholds x and y of input and output. NaN gives 0.
void cv18xxWeights(const float *weights, size_t count, float inputThreshold,
                   float outputThreshold, Multiplier m, int8_t *codes);
int32_t cv18xxBias(float bias, float outputThreshold, Multiplier m);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_BIAS_H
