//===- Prover.h - Equality of monotone step functions -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_PROVER_H
#define HWQ_NUMERICS_PROVER_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace hwq::numerics {

/// A function from integers to integers. The functions below require it to be
/// monotone (in either direction) on the interval that they are given, which
/// holds for a requantization on its kernel's domain; they call it a few dozen
/// times per step.
using StepFunction = std::function<int64_t(int64_t)>;

/// From `start` on the function has the value `value`.
struct Step {
  int64_t start;
  int64_t value;

  bool operator==(const Step &o) const {
    return start == o.start && value == o.value;
  }
};

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

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_PROVER_H
