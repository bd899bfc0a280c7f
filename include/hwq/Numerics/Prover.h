//===- Prover.h - Equality of monotone step functions -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_PROVER_H
#define HWQ_NUMERICS_PROVER_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/ProverSearch.h"
#include "hwq/Numerics/Requantize.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace hwq::numerics {

//===----------------------------------------------------------------------===//
// Any functions
//===----------------------------------------------------------------------===//

/// A function from integers to integers. The functions below require it to be
/// monotone (in either direction) on the interval that they are given, which
/// holds for a requantization on its kernel's domain; they call it a few dozen
/// times per step.
using StepFunction = std::function<int64_t(int64_t)>;

/// The steps of f on [lo, hi], the first one at lo; empty if lo > hi.
std::vector<Step> thresholds(const StepFunction &f, int64_t lo, int64_t hi);

/// Whether f(x) == g(x) for every x of [lo, hi].
bool equalOn(const StepFunction &f, const StepFunction &g, int64_t lo,
             int64_t hi);

/// The largest |f(x) - g(x)| on [lo, hi], which saturates at 2^63 - 1; 0 if lo
/// > hi.
int64_t maxDifference(const StepFunction &f, const StepFunction &g, int64_t lo,
                      int64_t hi);

/// How many x of [lo, hi] have f(x) != g(x), saturating at 2^64 - 1.
uint64_t countDifferences(const StepFunction &f, const StepFunction &g,
                          int64_t lo, int64_t hi);

//===----------------------------------------------------------------------===//
// Requantizations
//===----------------------------------------------------------------------===//

/// Requantizations of one channel, one after the other, as a function from
/// accumulators to integers. Its steps are found from the real scales: about 2
/// us for 255 of them.
class RequantizeChain {
public:
  RequantizeChain() = default;
  /// `params` must pass checkRequantize.
  RequantizeChain(const RequantizeParams &params, size_t channel) {
    append(params, channel);
  }

  /// Puts another one behind.
  void append(const RequantizeParams &params, size_t channel);

  int64_t operator()(int64_t x) const;

  /// Why the chain is not the monotone function of its formula for every x of
  /// [lo, hi]: an x outside requantizeDomain, or a value in between that
  /// leaves the domain of the next one; no requantization at all. Empty if it
  /// is.
  std::string checkInterval(int64_t lo, int64_t hi) const;

private:
  friend Result<std::vector<Step>> thresholds(const RequantizeChain &, int64_t,
                                              int64_t);
  friend Result<bool> equalOn(const RequantizeChain &, const RequantizeChain &,
                              int64_t, int64_t);

  friend Result<Comparison> compare(const RequantizeChain &,
                                    const RequantizeChain &, int64_t, int64_t);

  template <class Kernels> struct FunctionOf;
  template <class... Kernels> struct FunctionOf<std::variant<Kernels...>> {
    using Type = std::variant<ChannelFunction<Kernels>...>;
  };
  struct Link {
    RequantizeKernel kernel;
    FunctionOf<AnyKernel>::Type function;
    Domain domain;
    /// value = (x - origin) / step + zeroPoint before rounding and clamp.
    double step, origin, zeroPoint;
    /// Where the kernel's steps are besides.
    double movePositive, moveNegative;

    /// About where the function leaves `value`.
    int64_t estimate(int64_t value) const;
    std::pair<int64_t, int64_t> image(int64_t lo, int64_t hi) const;
    std::vector<Step> steps(int64_t lo, int64_t hi) const;
    /// Steps of a function behind this one, as steps of both on [lo, hi].
    void pullBack(std::vector<Step> &steps, int64_t lo, int64_t hi) const;
  };
  /// visit(function), the function of the kernel itself where there is one
  /// only.
  template <class Visit> decltype(auto) visit(Visit &&visit) const;
  /// Whether the chain has just these steps from the first one to hi.
  bool hasSteps(const std::vector<Step> &steps, int64_t hi) const;

  std::vector<Link> links;
};

/// The steps on [lo, hi], the first one at lo; empty if lo > hi. Errors: an
/// interval that checkInterval refuses; more than 2^20 steps (a chain is proven
/// together with the narrow requantization at its end).
Result<std::vector<Step>> thresholds(const RequantizeChain &chain, int64_t lo,
                                     int64_t hi);

/// Whether both are equal on [lo, hi]. Errors: those of thresholds.
Result<bool> equalOn(const RequantizeChain &f, const RequantizeChain &g,
                     int64_t lo, int64_t hi);

/// How they differ on [lo, hi], by evaluation of short intervals and from the
/// steps of others. Errors: those of thresholds.
Result<Comparison> compare(const RequantizeChain &f, const RequantizeChain &g,
                           int64_t lo, int64_t hi);

/// The clamp [lo, hi] in front of a requantization as a clamp behind it:
/// [g(lo), g(hi)]. Errors: a clamp outside the domain of g.
Result<Grid> composeClamp(const RequantizeParams &g, size_t channel, int64_t lo,
                          int64_t hi);

//===----------------------------------------------------------------------===//
// One multiplier for a given function
//===----------------------------------------------------------------------===//

/// The multipliers 0..2^bits-1 and shifts of a kernel that rounds once, half
/// up: R2 and R3 SINGLE_ROUND (31; 0..62 and 2..62), R7 (7, 15, 31; from -32).
struct MultiplierFormat {
  int bits = 31;
  int shiftMin = 0;
  int shiftMax = 62;
};

/// The requantization around the multiplier: clamp(kernel((x - inputZeroPoint)
/// << leftShift) + zeroPoint, lo, hi).
struct RequantizeFrame {
  int32_t inputZeroPoint = 0;
  int32_t leftShift = 0;
  int64_t zeroPoint = 0;
  int64_t lo = 0, hi = 0;
};

/// Every multiplier from `smallest` to `largest`, with the same shift.
struct MultiplierSet {
  int32_t smallest = 0;
  int32_t largest = 0;
  int32_t shift = 0;

  /// Of the set, the one nearest to `scale`.
  Multiplier nearest(double scale) const;
};

/// The multipliers with the largest possible shift for which the requantization
/// equals, on [steps.front().start, last], the non-decreasing function with
/// these steps; none if and only if there is none with any shift. Each step
/// bounds the scale from below at its first x and from above at its last one:
/// at most two linear constraints for each value.
std::optional<MultiplierSet> findMultiplier(const std::vector<Step> &steps,
                                            int64_t last,
                                            const RequantizeFrame &frame,
                                            const MultiplierFormat &format);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_PROVER_H
