//===- Add.h - Quantized addition -------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_ADD_H
#define HWQ_NUMERICS_ADD_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Requantize.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

/// Tflite: clamp(K(K((a - lhsZeroPoint) << leftShift, lhs) +
///                 K((b - rhsZeroPoint) << leftShift, rhs), output)
///               + zeroPoint, lo, hi), K the kernel.
struct AddParams {
  AddVariant variant = AddVariant::Tflite;
  RequantizeKernel kernel = RequantizeKernel::R2;
  int32_t leftShift = 20;
  int32_t lhsZeroPoint = 0, rhsZeroPoint = 0;
  Multiplier lhs, rhs, output;
  int32_t zeroPoint = 0;
  int32_t lo = 0, hi = 0;
};

/// The scale t in which both operands are added.
/// Tflite: 2 * max(lhs, rhs).
double commonAddScale(AddVariant variant, double lhs, double rhs);

/// leftShift L = 20 for grids of 8 bits, 15 for wider ones up to 16; t = 2 *
/// max(scales); multipliers lhs.scale/t, rhs.scale/t, t/(2^L * out.scale). lo
/// and hi are the output grid (a fused activation narrows them afterwards).
/// Errors: scales that are not positive and finite, grids wider than 16 bits,
/// an output scale so small that the sum leaves the kernel's domain.
Result<AddParams> deriveAdd(AddVariant variant, RequantizeKernel kernel,
                            const QuantParams &lhs, const QuantParams &rhs,
                            const QuantParams &out);

/// One pair; the definition of addArray.
int32_t add(const AddParams &params, int32_t a, int32_t b);

/// `count` pairs, the same integers as add().
void addArray(const AddParams &params, const uint8_t *a, const uint8_t *b,
              uint8_t *out, size_t count);
void addArray(const AddParams &params, const int8_t *a, const int8_t *b,
              int8_t *out, size_t count);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_ADD_H
