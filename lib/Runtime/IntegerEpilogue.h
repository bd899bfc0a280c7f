//===- IntegerEpilogue.h - From accumulators to results ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_INTEGEREPILOGUE_H
#define HWQ_LIB_RUNTIME_INTEGEREPILOGUE_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Numerics/Requantize.h"
#include "hwq/Runtime/Tensor.h"
#include <memory>
#include <optional>
#include <vector>

namespace hwq::runtime {

/// What happens to rows x channels values of i32 (channel innermost) on their
/// way to a result of type u8, i8, i16 or i32. Immutable, thread-safe.
class Epilogue {
public:
  /// Adds `bias` (one value per channel, or empty) in wrapping i32, then
  /// applies `requant`, if there is one. `realBias`: the bias of derivation
  /// steps 1 to 3, `scaled` in units of the output. Emits an error on `op` for
  /// parameters that don't fit.
  static mlir::FailureOr<Epilogue>
  create(mlir::Operation *op, RequantAttr requant, DType output,
         int64_t channels, std::vector<int32_t> bias,
         llvm::ArrayRef<double> realBias = {}, bool scaled = false);

  /// `acc` is overwritten. `out` points at the first result of these rows.
  void run(int32_t *acc, void *out, int64_t rows) const;

  bool isReal() const { return !scales.empty(); }
  /// The values before rounding and clamp, zero point added. Only if isReal().
  void unrounded(int32_t *acc, double *out, int64_t rows) const;

private:
  void addBias(int32_t *acc, int64_t rows) const;
  void scale(const int32_t *acc, double *out, int64_t rows) const;

  DType output = DType::I32;
  int64_t channels = 1;
  std::vector<int32_t> bias; // empty where the kernel adds it
  std::vector<int32_t> kernelBias;
  std::optional<numerics::PreparedRequantize> prepared;
  // `real` only.
  std::vector<double> scales, before, after;
  numerics::QuantizeForm form = numerics::QuantizeForm::Q1;
  int64_t sub = 0, zeroPoint = 0, lo = 0, hi = 0;
  std::vector<numerics::OutputGrid> outputs; // of channels, or empty
  int32_t left = 0;
};

/// The range of a storage type of quantized values.
std::pair<int64_t, int64_t> storageRange(DType type);

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_INTEGEREPILOGUE_H
