//===- Errors.h - Error measures --------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_ERRORS_H
#define HWQ_NUMERICS_ERRORS_H

#include "hwq/Numerics/Grid.h"

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

/// The squared error of quantized values, split by its two causes. A reference
/// value x beyond the representable range [min, max] was clipped: its error is
/// the overload or MSB noise, (x - max)^2 or (min - x)^2 where `actual` is the
/// end of the range, as saturation makes it. All other errors are rounding, or
/// LSB, noise. Every squared error is counted once, so mse() is the sum of the
/// two. Order, merging and NaN as ErrorStats (a NaN reference counts as
/// rounding).
class NoiseSplit {
public:
  explicit NoiseSplit(Range representable) : range(representable) {}

  void add(const float *reference, const float *actual, size_t count);
  /// The ranges may differ: one per channel.
  void merge(const NoiseSplit &other);

  uint64_t count() const { return n; }
  uint64_t clippedCount() const { return clipped; }
  /// Mean over all values, clipped or not; 0 without data.
  double clippingNoise() const;
  double roundingNoise() const;
  double mse() const { return clippingNoise() + roundingNoise(); }

private:
  Range range;
  uint64_t n = 0, clipped = 0;
  double sumClipping = 0, sumRounding = 0;
};

/// The noise that theory expects.
struct AnalyticNoise {
  /// Powers, in units of x^2.
  double signal = 0, clipping = 0, rounding = 0;

  /// 10 log10(signal / (clipping + rounding)) in dB; +inf without noise.
  double sqnr() const;
};

/// step^2 / 12: errors equally distributed over a step.
double roundingNoise(double step);

/// Values of standard deviation `sigma`, quantized to 2^bits equal steps over
/// [-limit, limit]. Rounding: step^2 / 12, step = 2 limit / 2^bits. Clipping: 2
/// times the integral of (x - limit)^2 f(x) from limit to infinity:
///   Uniform, |x| <= A = sqrt(3) sigma   (A - limit)^3 / (3 A), 0 above A
///   Gaussian, L = limit/sigma           2 sigma^2 ((1 + L^2) Q(L) - L phi(L))
///   Laplace, b = sigma/sqrt(2)          2 b^2 exp(-limit / b)
/// Without clipping the SQNR is 6.02 bits + 4.77 - 20 log10(limit/sigma) dB:
/// 6.02 bits for a uniform density over the whole range.
AnalyticNoise analyticNoise(Distribution distribution, double sigma,
                            double limit, unsigned bits);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_ERRORS_H
