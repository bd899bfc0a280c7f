//===- ProverMultiplier.cpp - One multiplier for a given function ---------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Prover.h"

#include <algorithm>
#include <cmath>

namespace hwq::numerics {
namespace {

__extension__ using Int128 = __int128;

/// numerator / denominator, below 2^65 and 2^33; denominator > 0.
struct Rational {
  Int128 numerator;
  Int128 denominator;
};

int compare(const Rational &a, const Rational &b) {
  Int128 l = a.numerator * b.denominator;
  Int128 r = b.numerator * a.denominator;
  return l < r ? -1 : l > r;
}

struct Bound {
  Rational at;
  /// The bound itself is out.
  bool open;
};

/// The scales that have passed all constraints so far. Constraints are on r =
/// multiplier * 2^-shift, which the kernel rounds as floor(x * r + 1/2).
class Scales {
public:
  /// x * r + 1/2 >= y.
  void atLeast(Int128 x, Int128 y) {
    if (x > 0)
      raise({{2 * y - 1, 2 * x}, false});
    else if (x < 0)
      lower({{1 - 2 * y, -2 * x}, false});
    else
      possible &= y <= 0;
  }
  /// x * r + 1/2 < y.
  void below(Int128 x, Int128 y) {
    if (x > 0)
      lower({{2 * y - 1, 2 * x}, true});
    else if (x < 0)
      raise({{1 - 2 * y, -2 * x}, true});
    else
      possible &= y > 0;
  }

  /// The multipliers for a shift, within 0..limit; empty if none.
  std::optional<MultiplierSet> multipliers(int shift, int64_t limit) const {
    if (!possible)
      return std::nullopt;
    Int128 lo = 0, hi = limit;
    if (smallest)
      lo = std::max<Int128>(lo, ceilOf(*smallest, shift));
    if (largest)
      hi = std::min<Int128>(hi, floorOf(*largest, shift));
    if (lo > hi)
      return std::nullopt;
    return MultiplierSet{static_cast<int32_t>(lo), static_cast<int32_t>(hi),
                         shift};
  }

private:
  void raise(const Bound &b) {
    if (!smallest || isTighter(compare(b.at, smallest->at), b.open))
      smallest = b;
  }
  void lower(const Bound &b) {
    if (!largest || isTighter(compare(largest->at, b.at), b.open))
      largest = b;
  }
  static bool isTighter(int order, bool open) {
    return order > 0 || (order == 0 && open);
  }

  /// numerator * 2^shift / denominator as whole part and rest.
  static Int128 divide(const Rational &r, int shift, bool &exact) {
    Int128 n = r.numerator, d = r.denominator;
    if (shift >= 0)
      n *= Int128(1) << shift;
    else
      d *= Int128(1) << -shift;
    Int128 q = n / d;
    if (q * d > n)
      --q;
    exact = q * d == n;
    return q;
  }
  static Int128 ceilOf(const Bound &b, int shift) {
    bool exact;
    Int128 q = divide(b.at, shift, exact);
    return exact && !b.open ? q : q + 1;
  }
  static Int128 floorOf(const Bound &b, int shift) {
    bool exact;
    Int128 q = divide(b.at, shift, exact);
    return exact && b.open ? q - 1 : q;
  }

  std::optional<Bound> smallest, largest;
  bool possible = true;
};

} // namespace

Multiplier MultiplierSet::nearest(double scale) const {
  double m = std::round(std::ldexp(scale, shift));
  if (!(m > smallest))
    return {smallest, shift};
  return {m < largest ? static_cast<int32_t>(m) : largest, shift};
}

std::optional<MultiplierSet> findMultiplier(const std::vector<Step> &steps,
                                            int64_t last,
                                            const RequantizeFrame &frame,
                                            const MultiplierFormat &format) {
  if (steps.empty() || frame.lo > frame.hi)
    return std::nullopt;
  // What the kernel gets, without the wrap of 32 bits.
  auto input = [&](int64_t x) {
    return (Int128(x) - frame.inputZeroPoint) *
           (Int128(1) << std::clamp(frame.leftShift, 0, 31));
  };
  if (input(steps.front().start) < detail::kInt32Min ||
      input(last) > detail::kInt32Max)
    return std::nullopt;
  Scales scales;
  for (size_t i = 0; i < steps.size(); ++i) {
    int64_t value = steps[i].value;
    int64_t end = i + 1 < steps.size() ? steps[i + 1].start - 1 : last;
    if (value < frame.lo || value > frame.hi ||
        (i && value < steps[i - 1].value))
      return std::nullopt;
    // A value that the clamp gives is no bound on that side.
    Int128 y = Int128(value) - frame.zeroPoint;
    if (value > frame.lo)
      scales.atLeast(input(steps[i].start), y);
    if (value < frame.hi)
      scales.below(input(end), y + 1);
  }
  // A multiplier can be doubled with its shift raised by one: the largest shift
  // that has one at all has the most.
  int64_t limit = (int64_t(1) << std::clamp(format.bits, 1, 31)) - 1;
  for (int shift = std::min(format.shiftMax, 62);
       shift >= std::max(format.shiftMin, -62); --shift)
    if (std::optional<MultiplierSet> set = scales.multipliers(shift, limit))
      return set;
  return std::nullopt;
}

} // namespace hwq::numerics
