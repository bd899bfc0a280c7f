//===- Bias.h - Bias in accumulator units -----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_BIAS_H
#define HWQ_NUMERICS_BIAS_H

#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hwq::numerics {

/// A real bias in units of the accumulator (bias / (s_x * s_w)), RHA to int32.
/// For I8Asymmetric the value is one that quantizeBiasI8Asymmetric returned.
/// Errors: NaN, a value outside int32, form F32 (which has no integer).
Result<int64_t> quantizeBias(BiasForm form, double biasInAccumulatorUnits);

/// The values a bias vector has after a trip through one asymmetric 8-bit
/// encoding (PAimet over the vector's minimum and maximum, Q5), as real numbers
/// scale * (q - z) in f64. An empty vector stays empty. Errors: NaN, infinite.
Result<std::vector<double>> quantizeBiasI8Asymmetric(const double *bias,
                                                     size_t count);
Result<std::vector<double>>
quantizeBiasI8Asymmetric(const std::vector<double> &bias);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_BIAS_H
