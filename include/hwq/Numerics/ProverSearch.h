//===- ProverSearch.h - Search for the steps of a function ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_PROVERSEARCH_H
#define HWQ_NUMERICS_PROVERSEARCH_H

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace hwq::numerics {

/// From `start` on the function has the value `value`.
struct Step {
  int64_t start;
  int64_t value;

  bool operator==(const Step &o) const {
    return start == o.start && value == o.value;
  }
};

namespace detail {

/// b - a for a <= b, of any distance.
inline uint64_t distance(int64_t a, int64_t b) {
  return static_cast<uint64_t>(b) - static_cast<uint64_t>(a);
}

inline int64_t plus(int64_t a, uint64_t distance) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + distance);
}

/// The first step of f after `at`, where f(at) == value, f(last) != value, and
/// f is monotone between. `guess` is where it may be. Cost is logarithmic in
/// the guess's error.
template <class F>
Step nextStep(const F &f, int64_t at, int64_t last, int64_t value,
              int64_t guess) {
  int64_t same = at, other = last;
  int64_t otherValue = 0;
  bool known = false;
  guess = guess <= same ? plus(same, 1) : (guess > other ? other : guess);
  int64_t found = f(guess);
  uint64_t length = 1;
  if (found != value) {
    other = guess;
    otherValue = found;
    known = true;
    while (distance(same, other) > length) {
      int64_t x = plus(other, -length);
      int64_t y = f(x);
      if (y == value) {
        same = x;
        break;
      }
      other = x;
      otherValue = y;
      length *= 2;
    }
  } else {
    same = guess;
    while (distance(same, other) > length) {
      int64_t x = plus(same, length);
      int64_t y = f(x);
      if (y != value) {
        other = x;
        otherValue = y;
        known = true;
        break;
      }
      same = x;
      length *= 2;
    }
  }
  while (distance(same, other) > 1) {
    int64_t x = plus(same, distance(same, other) / 2);
    int64_t y = f(x);
    if (y == value) {
      same = x;
    } else {
      other = x;
      otherValue = y;
      known = true;
    }
  }
  return {other, known ? otherValue : static_cast<int64_t>(f(other))};
}

/// No guess: steps are looked for from where the last one was.
struct NoEstimate {
  int64_t operator()(int64_t) const {
    return std::numeric_limits<int64_t>::min();
  }
};

/// Calls visit(Step) for every step of the monotone f on [lo, hi], the first
/// one at lo, until it returns false. estimate(v) is about where f leaves the
/// value v.
template <class F, class Estimate, class Visit>
void visitSteps(const F &f, int64_t lo, int64_t hi, const Estimate &estimate,
                Visit visit) {
  if (lo > hi)
    return;
  int64_t last = f(hi);
  Step step{lo, f(lo)};
  while (visit(step) && step.value != last)
    step = nextStep(f, step.start, hi, step.value, estimate(step.value));
}

} // namespace detail

/// The steps of the monotone f on [lo, hi], the first one at lo; empty if lo >
/// hi.
template <class F, class Estimate = detail::NoEstimate>
std::vector<Step> findSteps(const F &f, int64_t lo, int64_t hi,
                            const Estimate &estimate = {}) {
  std::vector<Step> steps;
  detail::visitSteps(f, lo, hi, estimate, [&](const Step &step) {
    steps.push_back(step);
    return true;
  });
  return steps;
}

/// How two functions from integers to integers differ on an interval.
struct Comparison {
  /// The largest |f(x) - g(x)|, saturating at 2^63 - 1.
  int64_t maxDifference = 0;
  /// How many x have f(x) != g(x), saturating at 2^64 - 1, and the first one.
  uint64_t count = 0;
  int64_t first = 0;

  bool equal() const { return count == 0; }
  /// Both have the value f, and g, on [from, to].
  void add(int64_t from, int64_t to, int64_t f, int64_t g);
};

/// Of any two functions, by evaluating all of [lo, hi].
template <class F, class G>
Comparison compareExhaustively(const F &f, const G &g, int64_t lo, int64_t hi) {
  Comparison result;
  for (int64_t x = lo; x <= hi; ++x) {
    result.add(x, x, f(x), g(x));
    if (x == std::numeric_limits<int64_t>::max())
      break;
  }
  return result;
}

/// Of two monotone functions, from their steps on [lo, hi].
Comparison compareSteps(const std::vector<Step> &f, const std::vector<Step> &g,
                        int64_t hi);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_PROVERSEARCH_H
