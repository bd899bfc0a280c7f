//===- Bias.cpp - Bias in accumulator units -------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Bias.h"

#include "hwq/Numerics/Derive.h"
#include "hwq/Numerics/Rounding.h"

#include "OperatorParams.h"
#include "RoundingLoops.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

namespace hwq::numerics {

static Failure outsideOf(const char *what, double value) {
  char buffer[96];
  std::snprintf(buffer, sizeof(buffer),
                "expected a bias that fits %s, got %.17g", what, value);
  return failure(buffer);
}

Result<int64_t> quantizeBias(BiasForm form, double biasInAccumulatorUnits,
                             Rounding rounding) {
  switch (form) {
  case BiasForm::F32:
    return failure("a bias of form 'f32' stays real");
  case BiasForm::I8Pot:
  case BiasForm::I8PotShifted:
    return failure("a bias of form '" + std::string(stringify(form)) +
                   "' has a scale of its own");
  case BiasForm::I32:
  case BiasForm::I8Asymmetric:
  case BiasForm::I16:
    break;
  }
  double limit = form == BiasForm::I16 ? 0x1p15 : 0x1p31;
  double rounded = round(biasInAccumulatorUnits, rounding);
  // The comparison is false for NaN.
  if (!(rounded >= -limit && rounded < limit))
    return outsideOf(form == BiasForm::I16 ? "16 bits" : "32 bits",
                     biasInAccumulatorUnits);
  return static_cast<int64_t>(rounded);
}

Result<std::vector<double>> quantizeBiasI8Asymmetric(const double *bias,
                                                     size_t count) {
  std::vector<double> result(bias, bias + count);
  if (result.empty())
    return result;
  Range range{bias[0], bias[0]};
  for (size_t i = 0; i < count; ++i) {
    if (!std::isfinite(bias[i]))
      return failure("expected a finite bias, got one that is not at index " +
                     std::to_string(i));
    range.min = std::min(range.min, bias[i]);
    range.max = std::max(range.max, bias[i]);
  }
  Result<Derived> derived = deriveParams(DerivationRule::PAimet, range,
                                         Symmetry::Asymmetric, Storage::U8);
  if (!derived)
    return failure("bias: " + derived.error());
  const QuantParams &params = derived->params;
  for (double &value : result) {
    double q =
        round(value / params.scale + static_cast<double>(params.zeroPoint),
              Rounding::RHA);
    int64_t code = saturateReal(q, params.grid.qmin, params.grid.qmax);
    value = params.scale * static_cast<double>(code - params.zeroPoint);
  }
  return result;
}

Result<std::vector<double>>
quantizeBiasI8Asymmetric(const std::vector<double> &bias) {
  return quantizeBiasI8Asymmetric(bias.data(), bias.size());
}

static Result<PotBias> quantizePot(const std::vector<double> &bias,
                                   int32_t fractionBits, int64_t lo) {
  PotBias result;
  result.fractionBits = fractionBits;
  for (size_t i = 0; i < bias.size(); ++i) {
    if (!std::isfinite(bias[i]))
      return failure("expected a finite bias, got one that is not at index " +
                     std::to_string(i));
    double q = round(std::ldexp(bias[i], fractionBits), Rounding::RHA);
    result.codes.push_back(static_cast<int8_t>(saturateReal(q, lo, 127)));
  }
  return result;
}

Result<PotBias> quantizeBiasI8Pot(const std::vector<double> &bias,
                                  int32_t fractionBits) {
  if (fractionBits < -64 || fractionBits > 64)
    return failure("expected fraction bits of a bias in -64..64, got " +
                   std::to_string(fractionBits));
  return quantizePot(bias, fractionBits, -128);
}

Result<PotBias> quantizeBiasI8PotShifted(const std::vector<double> &bias) {
  double most = 0;
  for (double b : bias)
    most = std::max(most, std::fabs(b));
  int exponent = 0; // ceil(log2 most), exactly
  if (most > 0 && std::isfinite(most)) {
    double fraction = std::frexp(most, &exponent);
    exponent -= fraction == 0.5;
    if (exponent < -64 || exponent > 64)
      return failure("expected a largest bias in 2^-64..2^64, got " +
                     detail::printReal(most));
  }
  return quantizePot(bias, 7 - exponent, -127);
}

Result<int32_t> alignPotBias(int32_t code, int32_t fractionBits,
                             int32_t accumulatorFractionBits) {
  int64_t shift = int64_t(accumulatorFractionBits) - fractionBits;
  if (shift <= 0)
    return static_cast<int32_t>(int64_t(code) >> std::min<int64_t>(-shift, 63));
  double value =
      std::ldexp(code, static_cast<int>(std::min<int64_t>(shift, 64)));
  if (value < -0x1p31 || value >= 0x1p31)
    return outsideOf("32 bits", value);
  return static_cast<int32_t>(value);
}

/// f32(ratio * 2^shift / m), 0 for m = 0.
static float coupledFactor(float ratio, Multiplier m) {
  return m.multiplier == 0
             ? 0
             : std::ldexp(ratio, m.shift) / static_cast<float>(m.multiplier);
}

HWQ_TARGET_CLONES static void quantizeWeights(const float *w, size_t count,
                                              float factor, int8_t *codes) {
  for (size_t i = 0; i < count; ++i) {
    float v = w[i] * factor;
    v = detail::clampReal(v != v ? 0.0f : v, -127.0f, 127.0f);
    codes[i] = static_cast<int8_t>(detail::nearestEven(v));
  }
}

void cv18xxWeights(const float *weights, size_t count, float inputThreshold,
                   float outputThreshold, Multiplier m, int8_t *codes) {
  quantizeWeights(weights, count,
                  coupledFactor(inputThreshold / outputThreshold, m), codes);
}

int32_t cv18xxBias(float bias, float outputThreshold, Multiplier m) {
  float v = bias * coupledFactor(127.0f / outputThreshold, m);
  return static_cast<int32_t>(
      saturateReal(round(v, Rounding::RNE), INT32_MIN, INT32_MAX));
}

} // namespace hwq::numerics
