//===- LinearHistogram.h - What the KL methods look at ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CALIBRATION_LINEARHISTOGRAM_H
#define HWQ_CALIBRATION_LINEARHISTOGRAM_H

#include <array>
#include <cstddef>
#include <cstdint>

namespace hwq::calibration {

/// Whose rule. They differ in the bins, the candidates and the choice.
enum class KlVariant { TensorRT, TpuMlir };

/// 2048 bins over the magnitudes of a tensor whose largest is known. TensorRT:
/// value x is in bin floor(2048 |x| / largest), the largest in the last one.
/// TpuMlir: in bin floor(|x| / width + 1/2), width = largest / 2047, in f64;
/// zeros are not counted.
class LinearHistogram {
public:
  static constexpr size_t numBins = 2048;

  LinearHistogram() = default;
  LinearHistogram(KlVariant variant, float largest)
      : variant(variant), largestMagnitude(largest) {}

  /// Adds finite values of magnitudes up to the largest.
  void add(const float *values, size_t n);
  void merge(const LinearHistogram &other);

  float largest() const { return largestMagnitude; }
  KlVariant rule() const { return variant; }
  const std::array<uint64_t, numBins> &counts() const { return bins; }
  std::array<uint64_t, numBins> &counts() { return bins; }

private:
  KlVariant variant = KlVariant::TensorRT;
  float largestMagnitude = 0;
  std::array<uint64_t, numBins> bins{};
};

} // namespace hwq::calibration

#endif // HWQ_CALIBRATION_LINEARHISTOGRAM_H
