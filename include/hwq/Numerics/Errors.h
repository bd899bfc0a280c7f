//===- Errors.h - Error measures --------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_ERRORS_H
#define HWQ_NUMERICS_ERRORS_H

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

/// Streaming measures of the error of `actual` against `reference`. Sums are in
/// f64, in an order that depends on the sequence of calls only, not on the CPU:
/// the same calls give the same bits. merge() is commutative but, as any f64
/// sum, not associative: merge shards in one fixed order.
/// A NaN in the data makes the measures NaN.
class ErrorStats {
public:
  void add(const float *reference, const float *actual, size_t count);
  void merge(const ErrorStats &other);

  uint64_t count() const { return n; }
  /// Mean of squared differences; 0 without data.
  double mse() const;
  /// 10 log10(max|reference|^2 / mse) in dB; +inf without an error.
  double psnr() const;
  /// 10 log10(sum reference^2 / sum difference^2) in dB; +inf without an error.
  double sqnr() const;
  /// 1 when both are all zero, 0 when one is.
  double cosine() const;
  double maxAbsDifference() const { return maxDifference; }

private:
  uint64_t n = 0;
  double sumSquaredError = 0;
  double sumReference2 = 0, sumActual2 = 0, sumProduct = 0;
  double maxReference = 0, maxDifference = 0;
};

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_ERRORS_H
