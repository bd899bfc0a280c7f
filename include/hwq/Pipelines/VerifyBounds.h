//===- VerifyBounds.h - Allowed differences ---------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_VERIFYBOUNDS_H
#define HWQ_PIPELINES_VERIFYBOUNDS_H

#include "hwq/Numerics/Enums.h"
#include "mlir/IR/Value.h"
#include <cstdint>

namespace hwq {

/// How far the integers of a tensor may move when its real bias (`before`, of
/// steps 0 to 3) becomes an integer (`after`): ceil(s_b / (2 Sy)) + 1, s_b the
/// step of the bias in real units: Sx Sw for i32, 1/255 of the bias vector's
/// range (zero included) for the asymmetric 8-bit form plus Sx Sw (from step 1
/// on). 0 for a tensor that no biased requantization makes.
int64_t getBiasBound(mlir::Value before, mlir::Value after,
                     numerics::BiasForm form);

} // namespace hwq

#endif // HWQ_PIPELINES_VERIFYBOUNDS_H
