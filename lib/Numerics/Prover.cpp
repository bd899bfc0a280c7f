//===- Prover.cpp - Equality of monotone step functions -------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Prover.h"

#include <limits>
#include <optional>

namespace hwq::numerics {
namespace {

/// lo + (hi - lo) / 2 for any lo <= hi.
int64_t middle(int64_t lo, int64_t hi) {
  uint64_t width = static_cast<uint64_t>(hi) - static_cast<uint64_t>(lo);
  return static_cast<int64_t>(static_cast<uint64_t>(lo) + width / 2);
}

/// The first x in (at, hi] with f(x) != value, where f(at) == value: steps of
/// doubling length, then bisection. Cost is logarithmic in the distance to the
/// step, not in the interval.
std::optional<int64_t> nextStep(const StepFunction &f, int64_t at, int64_t hi,
                                int64_t value) {
  uint64_t length = 1;
  int64_t same = at;
  int64_t other;
  for (;;) {
    uint64_t left = static_cast<uint64_t>(hi) - static_cast<uint64_t>(same);
    if (left == 0)
      return std::nullopt;
    uint64_t move = length < left ? length : left;
    other = static_cast<int64_t>(static_cast<uint64_t>(same) + move);
    if (f(other) != value)
      break;
    same = other;
    if (length <= std::numeric_limits<uint64_t>::max() / 2)
      length *= 2;
  }
  // f(same) == value, f(other) != value.
  for (;;) {
    int64_t mid = middle(same, other);
    if (mid == same)
      return other;
    if (f(mid) == value)
      same = mid;
    else
      other = mid;
  }
}

/// Calls visit(first, last, f's value, g's value) for every maximal piece on
/// which both are constant, until it returns false.
template <class Visit>
void walk(const StepFunction &f, const StepFunction &g, int64_t lo, int64_t hi,
          Visit visit) {
  if (lo > hi)
    return;
  int64_t x = lo;
  int64_t fValue = f(x), gValue = g(x);
  std::optional<int64_t> fNext = nextStep(f, x, hi, fValue);
  std::optional<int64_t> gNext = nextStep(g, x, hi, gValue);
  for (;;) {
    std::optional<int64_t> next = fNext;
    if (!next || (gNext && *gNext < *next))
      next = gNext;
    if (!visit(x, next ? *next - 1 : hi, fValue, gValue) || !next)
      return;
    x = *next;
    if (fNext == next) {
      fValue = f(x);
      fNext = nextStep(f, x, hi, fValue);
    }
    if (gNext == next) {
      gValue = g(x);
      gNext = nextStep(g, x, hi, gValue);
    }
  }
}

uint64_t distance(int64_t a, int64_t b) {
  return a > b ? static_cast<uint64_t>(a) - static_cast<uint64_t>(b)
               : static_cast<uint64_t>(b) - static_cast<uint64_t>(a);
}

} // namespace

std::vector<Step> thresholds(const StepFunction &f, int64_t lo, int64_t hi) {
  std::vector<Step> steps;
  if (lo > hi)
    return steps;
  std::optional<int64_t> x = lo;
  while (x) {
    int64_t value = f(*x);
    steps.push_back({*x, value});
    x = nextStep(f, *x, hi, value);
  }
  return steps;
}

bool equalOn(const StepFunction &f, const StepFunction &g, int64_t lo,
             int64_t hi) {
  bool equal = true;
  walk(f, g, lo, hi, [&](int64_t, int64_t, int64_t a, int64_t b) {
    equal = a == b;
    return equal;
  });
  return equal;
}

int64_t maxDifference(const StepFunction &f, const StepFunction &g, int64_t lo,
                      int64_t hi) {
  uint64_t largest = 0;
  walk(f, g, lo, hi, [&](int64_t, int64_t, int64_t a, int64_t b) {
    uint64_t d = distance(a, b);
    largest = d > largest ? d : largest;
    return true;
  });
  constexpr uint64_t limit = std::numeric_limits<int64_t>::max();
  return static_cast<int64_t>(largest < limit ? largest : limit);
}

uint64_t countDifferences(const StepFunction &f, const StepFunction &g,
                          int64_t lo, int64_t hi) {
  uint64_t count = 0;
  walk(f, g, lo, hi, [&](int64_t first, int64_t last, int64_t a, int64_t b) {
    if (a == b)
      return true;
    uint64_t size = distance(last, first);
    // size + 1 values; both additions may reach 2^64.
    if (size >= std::numeric_limits<uint64_t>::max() - count) {
      count = std::numeric_limits<uint64_t>::max();
      return false;
    }
    count += size + 1;
    return true;
  });
  return count;
}

} // namespace hwq::numerics
