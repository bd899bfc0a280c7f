//===- WeightTransform.cpp - Transforms that tame outliers ----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/WeightTransform.h"

#include "SchemeLoops.h"

#include <algorithm>

namespace hwq::numerics {

static std::vector<float> dorefa(const float *w, size_t count) {
  double largest = 0;
  for (size_t i = 0; i < count; ++i)
    largest = std::max(largest, std::fabs(static_cast<double>(w[i])));
  // tanh is monotone: this is max|tanh w|.
  double scale = std::tanh(largest);
  std::vector<float> result(w, w + count);
  if (scale > 0)
    for (float &value : result)
      value = static_cast<float>(std::tanh(static_cast<double>(value)) / scale);
  return result;
}

static std::vector<float> clip(const float *w, size_t count, float limit) {
  std::vector<float> result(w, w + count);
  for (float &value : result)
    value = std::clamp(value, -limit, limit);
  return result;
}

Result<std::vector<float>> transformWeights(WeightTransform transform,
                                            const float *w, size_t count,
                                            float alpha) {
  for (size_t i = 0; i < count; ++i)
    if (!std::isfinite(w[i]))
      return failure("expected finite weights, got " +
                     text(static_cast<double>(w[i])));
  switch (transform) {
  case WeightTransform::None:
    break;
  case WeightTransform::Dorefa:
    return dorefa(w, count);
  case WeightTransform::Pact:
    if (!std::isfinite(alpha) || alpha <= 0)
      return failure("expected a finite alpha above 0, got " +
                     text(static_cast<double>(alpha)));
    return clip(w, count, alpha);
  case WeightTransform::Wrpn:
    return clip(w, count, 1);
  }
  return std::vector<float>(w, w + count);
}

} // namespace hwq::numerics
