//===- WeightRange.h - Scales of weights from the weights -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_WEIGHTRANGE_H
#define HWQ_NUMERICS_WEIGHTRANGE_H

#include "hwq/Numerics/Derive.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace hwq::numerics {

/// How the range of a channel's weights is found.
enum class WeightMethod {
  /// [smallest, largest].
  MinMax,
  /// Of [min, max] with its ends moved into [-t, t], t = u max(|min|, |max|)
  /// (symmetric schemes), or of [u min, u max], for u = 1, 0.99, ... 0.2: the
  /// first of least squared error on the weights themselves, codes rounded to
  /// nearest, ties to even.
  Mse,
  /// Ascend's: no clipping; scale by the rule PAmct, whatever the backend's.
  Arq,
};

/// "min-max", "mse" or "arq".
std::optional<WeightMethod> parseWeightMethod(std::string_view name);

/// Scale and zero point of `n` finite weights, those of a channel or of a whole
/// tensor. Weights of zeros have what the rule gives for [0, 0]. Errors: no
/// weights, a range from which the rule derives nothing.
Result<Derived> deriveWeights(const float *weights, size_t n,
                              WeightMethod method, DerivationRule rule,
                              const DeriveOptions &options);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_WEIGHTRANGE_H
