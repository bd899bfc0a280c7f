//===- WeightTransform.h - Transforms that tame outliers --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_WEIGHTTRANSFORM_H
#define HWQ_NUMERICS_WEIGHTTRANSFORM_H

#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <vector>

namespace hwq::numerics {

/// Weights as they are quantized, `count` values of one tensor.
///   None    w
///   Dorefa  f32(tanh(w) / max|tanh w|), in f64, one rounding: [-1, 1] (Zhou et
///           al. 2016, DoReFa-Net; its 2 f(w) - 1 with f = tanh(w) / (2 max
///           |tanh w|) + 1/2). The largest magnitude becomes exactly 1. All
///           zeros stay.
///   Pact    clamp(w, -alpha, alpha), alpha > 0 given: PACT's clip(x, 0, alpha)
///           (Choi et al. 2018) on both sides, as PaddleSlim applies it to
///           signed data. Activations after a ReLU give [0, alpha].
///   Wrpn    clamp(w, -1, 1) (Mishra et al. 2017, Wide Reduced-Precision
///           Networks), what the taxonomy calls WRP. The levels of the paper
///           are those of the symmetric narrow grid of k bits with scale
///           1 / (2^(k-1) - 1).
/// `alpha` counts for Pact only. Errors: NaN or infinity in the weights, alpha
/// not finite or not above 0.
Result<std::vector<float>> transformWeights(WeightTransform transform,
                                            const float *w, size_t count,
                                            float alpha = 1);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_WEIGHTTRANSFORM_H
