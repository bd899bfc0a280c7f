//===- Errors.cpp - Error measures ----------------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Errors.h"

#include "TargetClones.h"

#include <cmath>
#include <limits>

namespace hwq::numerics {
namespace {

/// Independent partial sums: vectorizable, and in one order on every CPU.
constexpr size_t lanes = 8;

struct Sums {
  double error2[lanes] = {}, reference2[lanes] = {}, actual2[lanes] = {};
  double product[lanes] = {}, maxReference[lanes] = {}, maxError[lanes] = {};
};

HWQ_INLINE double larger(double value, double previous) {
  // A NaN in either wins: both comparisons are false for it.
  return value <= previous ? previous
                           : (previous != previous ? previous : value);
}

HWQ_INLINE void addOne(Sums &s, size_t lane, double reference, double actual) {
  double error = actual - reference;
  s.error2[lane] += error * error;
  s.reference2[lane] += reference * reference;
  s.actual2[lane] += actual * actual;
  s.product[lane] += reference * actual;
  s.maxReference[lane] = larger(std::fabs(reference), s.maxReference[lane]);
  s.maxError[lane] = larger(std::fabs(error), s.maxError[lane]);
}

HWQ_TARGET_CLONES void accumulate(const float *reference, const float *actual,
                                  size_t count, Sums &result) {
  // A copy, which may live in registers. (A constructor called only by clones
  // would not be emitted by Clang 22.)
  Sums s = result;
  size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (size_t lane = 0; lane < lanes; ++lane)
      addOne(s, lane, static_cast<double>(reference[i + lane]),
             static_cast<double>(actual[i + lane]));
  for (size_t lane = 0; i < count; ++i, ++lane)
    addOne(s, lane, static_cast<double>(reference[i]),
           static_cast<double>(actual[i]));
  result = s;
}

struct SplitSums {
  double clipping[lanes] = {}, rounding[lanes] = {};
  uint64_t clipped[lanes] = {};
};

HWQ_INLINE void splitOne(SplitSums &s, size_t lane, double reference,
                         double actual, double lo, double hi) {
  double error = actual - reference, squared = error * error;
  bool outside = (reference < lo) | (reference > hi);
  s.clipping[lane] += outside ? squared : 0.0;
  s.rounding[lane] += outside ? 0.0 : squared;
  s.clipped[lane] += outside;
}

HWQ_TARGET_CLONES void accumulateSplit(const float *reference,
                                       const float *actual, size_t count,
                                       double lo, double hi,
                                       SplitSums &result) {
  SplitSums s = result;
  size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (size_t lane = 0; lane < lanes; ++lane)
      splitOne(s, lane, static_cast<double>(reference[i + lane]),
               static_cast<double>(actual[i + lane]), lo, hi);
  for (size_t lane = 0; i < count; ++i, ++lane)
    splitOne(s, lane, static_cast<double>(reference[i]),
             static_cast<double>(actual[i]), lo, hi);
  result = s;
}

double total(const double *parts) {
  return ((parts[0] + parts[4]) + (parts[2] + parts[6])) +
         ((parts[1] + parts[5]) + (parts[3] + parts[7]));
}

double decibel(double ratio) { return 10 * std::log10(ratio); }

} // namespace

void ErrorStats::add(const float *reference, const float *actual,
                     size_t count) {
  Sums s;
  accumulate(reference, actual, count, s);
  ErrorStats part;
  part.n = count;
  part.sumSquaredError = total(s.error2);
  part.sumReference2 = total(s.reference2);
  part.sumActual2 = total(s.actual2);
  part.sumProduct = total(s.product);
  for (size_t lane = 0; lane < lanes; ++lane) {
    part.maxReference = larger(s.maxReference[lane], part.maxReference);
    part.maxDifference = larger(s.maxError[lane], part.maxDifference);
  }
  merge(part);
}

void ErrorStats::merge(const ErrorStats &other) {
  n += other.n;
  sumSquaredError += other.sumSquaredError;
  sumReference2 += other.sumReference2;
  sumActual2 += other.sumActual2;
  sumProduct += other.sumProduct;
  maxReference = larger(other.maxReference, maxReference);
  maxDifference = larger(other.maxDifference, maxDifference);
}

double ErrorStats::mse() const {
  return n ? sumSquaredError / static_cast<double>(n) : 0;
}

double ErrorStats::psnr() const {
  if (sumSquaredError == 0)
    return std::numeric_limits<double>::infinity();
  return decibel(maxReference * maxReference / mse());
}

double ErrorStats::sqnr() const {
  if (sumSquaredError == 0)
    return std::numeric_limits<double>::infinity();
  return decibel(sumReference2 / sumSquaredError);
}

double ErrorStats::cosine() const {
  if (sumReference2 == 0 && sumActual2 == 0)
    return 1;
  if (sumReference2 == 0 || sumActual2 == 0)
    return 0;
  return sumProduct / (std::sqrt(sumReference2) * std::sqrt(sumActual2));
}

void NoiseSplit::add(const float *reference, const float *actual,
                     size_t count) {
  SplitSums s;
  accumulateSplit(reference, actual, count, range.min, range.max, s);
  n += count;
  for (uint64_t part : s.clipped)
    clipped += part;
  sumClipping += total(s.clipping);
  sumRounding += total(s.rounding);
}

void NoiseSplit::merge(const NoiseSplit &other) {
  n += other.n;
  clipped += other.clipped;
  sumClipping += other.sumClipping;
  sumRounding += other.sumRounding;
}

double NoiseSplit::clippingNoise() const {
  return n ? sumClipping / static_cast<double>(n) : 0;
}

double NoiseSplit::roundingNoise() const {
  return n ? sumRounding / static_cast<double>(n) : 0;
}

double AnalyticNoise::sqnr() const {
  double noise = clipping + rounding;
  if (noise == 0)
    return std::numeric_limits<double>::infinity();
  return decibel(signal / noise);
}

double roundingNoise(double step) { return step * step / 12; }

AnalyticNoise analyticNoise(Distribution distribution, double sigma,
                            double limit, unsigned bits) {
  AnalyticNoise noise;
  noise.signal = sigma * sigma;
  noise.rounding =
      roundingNoise(std::ldexp(2 * limit, -static_cast<int>(bits & 0xffff)));
  if (sigma == 0)
    return noise;
  switch (distribution) {
  case Distribution::Uniform: {
    double end = std::sqrt(3.0) * sigma;
    double beyond = end - limit;
    noise.clipping = beyond > 0 ? beyond * beyond * beyond / (3 * end) : 0;
    break;
  }
  case Distribution::Gaussian: {
    double l = limit / sigma;
    double tail = 0.5 * std::erfc(l / std::sqrt(2.0));
    double pi = std::acos(-1.0);
    double density = std::exp(-l * l / 2) / std::sqrt(2 * pi);
    noise.clipping = 2 * noise.signal * ((1 + l * l) * tail - l * density);
    break;
  }
  case Distribution::Laplace: {
    double b = sigma / std::sqrt(2.0);
    noise.clipping = 2 * b * b * std::exp(-limit / b);
    break;
  }
  }
  return noise;
}

} // namespace hwq::numerics
