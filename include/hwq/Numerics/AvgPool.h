//===- AvgPool.h - Quantized average pooling --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_AVGPOOL_H
#define HWQ_NUMERICS_AVGPOOL_H

#include "hwq/Numerics/Enums.h"

#include <cstdint>

namespace hwq::numerics {

/// The output code of one window. `sumMinusZp` is the sum of q - z over the
/// window's valid taps, |sum| < 2^62; `n` their number.
/// RoundHalfAway: clamp(RHA(sum / n) + zeroPoint, lo, hi). A window without
/// valid taps (n <= 0) gives the zero point, clamped.
int32_t averagePool(AvgPoolVariant variant, int64_t sumMinusZp, int32_t n,
                    int32_t zeroPoint, int32_t lo, int32_t hi);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_AVGPOOL_H
