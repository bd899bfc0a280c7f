//===- Epilogue.h - From a dot product to an output code --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_EPILOGUE_H
#define HWQ_NUMERICS_EPILOGUE_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Requantize.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hwq::numerics {

// A dot product of codes is sum((qx - zx) * (qw - zw)) =
//   sum(qx*qw) - zw * sum(qx) - zx * sum(qw) + K*zx*zw,
// K products. Padding taps have the code zx (and so add nothing); they belong
// to all four sums.

/// The terms that are constants of the weights: K*zx*zw - zx*sum(qw). They move
/// into the bias. Exact for K < 2^46.
int64_t foldedZeroPoints(int64_t inputZeroPoint, int64_t weightZeroPoint,
                         int64_t sumOfWeights, int64_t products);

/// The window's own term, -zw * sum(qx); 0 for symmetric weights.
inline int64_t windowZeroPoint(int64_t weightZeroPoint, int64_t sumOfInputs) {
  return -weightZeroPoint * sumOfInputs;
}

/// What is done to the accumulators of a convolution, fully connected layer or
/// matrix product.
struct Epilogue {
  RequantizeParams requantize;
  /// In accumulator units, one per channel, or empty (a real bias is in
  /// `requantize`).
  std::vector<int32_t> bias;
};

struct EpilogueOptions {
  RequantizeKernel kernel = RequantizeKernel::R1;
  /// Integer kernels: the rule of their multipliers, if not the kernel's own
  /// (TPU-MLIR's fully connected: R5 with TPU32).
  std::optional<MultiplierRule> multiplierRule;
  /// For the kernels that divide the product of scales in f64.
  ScaleProduct scaleProduct = ScaleProduct::F64;
  /// F32: R4 and R14 only. I32, I16: rounded by biasRounding.
  BiasForm biasForm = BiasForm::I32;
  Rounding biasRounding = Rounding::RHA;
  /// R4 with a real bias, FBGEMM: the weights have one scale per channel, and
  /// the bias is divided by a = f32(s_x*s_w); else it is multiplied by f32(1/a)
  /// in a fused multiply-add.
  bool perChannelWeights = true;
};

/// The epilogue of accumulators in units of a_c = s_x * s_w[c].
/// `weightScales`: one, or one per channel. `bias`: real, one per channel, or
/// empty. `folded`: foldedZeroPoints per channel, or empty if the accumulators
/// are sums of (qx - zx) * (qw - zw). Scales are combined in the order and
/// precision of the kernel (combineScales):
///   R1, R2, R5, R7, R11  multipliers by chooseMultiplier(kernel)
///   R6                   the power of two s_x*s_w/s_y
///   R10                  hexagonMultiplier, and hexagonOffset in place of bias
///                        and output zero point (one weight scale)
///   R4, R8, R9, R12, R13, R14  real scales
/// The rules TPU32 and TPU8 take the scales as R7 does. The integer bias is the
/// rounded b/a_c, plus the folded zero points, which with those rules
/// (TPU-MLIR) belong to the rounded number. The rule CV18xx, whose weight
/// scales follow from the multipliers, takes s_x*s_w/s_y in f64 and cv18xxBias.
/// The clamp is the output's grid. Errors: numbers of scales, biases and folded
/// terms that do not go together; scales that are not positive and finite; a
/// bias beyond its integer; scales without a multiplier; a real bias with
/// another kernel; a product of scales in f32 with a kernel that has its own
/// order.
Result<Epilogue> deriveEpilogue(const EpilogueOptions &options,
                                const QuantParams &input,
                                const std::vector<double> &weightScales,
                                const QuantParams &output,
                                const std::vector<double> &bias,
                                const std::vector<int64_t> &folded = {});

/// The same where every channel has output parameters of its own, as many as
/// there are channels. Not for R9, R10 and R14.
Result<Epilogue> deriveEpilogue(const EpilogueOptions &options,
                                const QuantParams &input,
                                const std::vector<double> &weightScales,
                                const std::vector<QuantParams> &outputs,
                                const std::vector<double> &bias,
                                const std::vector<int64_t> &folded = {});

/// The kernel whose order and precision of scales (combineScales) the epilogue
/// of `kernel` takes: R7's with the rules TPU32 and TPU8, else its own.
RequantizeKernel scaleKernelOf(RequantizeKernel kernel,
                               std::optional<MultiplierRule> rule);

/// The output code of `channel` for an accumulator: requantize(acc + bias), the
/// sum in 32 bits, wrapping.
int64_t applyEpilogue(const Epilogue &epilogue, size_t channel,
                      int32_t accumulator);

/// The float output of an accumulator where the next op is a float one (ACL):
/// dequantizeAccumulator of the accumulator and its bias; R9 in f32:
/// f32(f32(acc + bias) * f32(s_x * s_w)).
float dequantizeAccumulator(const Epilogue &epilogue, size_t channel,
                            int32_t accumulator);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_EPILOGUE_H
