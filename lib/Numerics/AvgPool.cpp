//===- AvgPool.cpp - Quantized average pooling ----------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/AvgPool.h"

#include "hwq/Numerics/Rounding.h"

namespace hwq::numerics {

int32_t averagePool(AvgPoolVariant variant, int64_t sumMinusZp, int32_t n,
                    int32_t zeroPoint, int32_t lo, int32_t hi) {
  int64_t mean = 0;
  switch (variant) {
  case AvgPoolVariant::RoundHalfAway:
    // Truncating division of |sum| + floor(n/2): for odd n there are no ties.
    if (n > 0)
      mean = (sumMinusZp >= 0 ? sumMinusZp + n / 2 : sumMinusZp - n / 2) / n;
    break;
  }
  return static_cast<int32_t>(saturate(mean + zeroPoint, lo, hi));
}

} // namespace hwq::numerics
