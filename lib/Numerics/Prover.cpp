//===- Prover.cpp - Equality of monotone step functions -------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Prover.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace hwq::numerics {

void Comparison::add(int64_t from, int64_t to, int64_t f, int64_t g) {
  if (f == g)
    return;
  if (count == 0)
    first = from;
  constexpr uint64_t limit = std::numeric_limits<int64_t>::max();
  uint64_t d = f > g ? detail::distance(g, f) : detail::distance(f, g);
  maxDifference =
      std::max(maxDifference, static_cast<int64_t>(std::min(d, limit)));
  // size + 1 values; both additions may reach 2^64.
  constexpr uint64_t most = std::numeric_limits<uint64_t>::max();
  uint64_t size = detail::distance(from, to);
  count = size >= most - count ? most : count + size + 1;
}

Comparison compareSteps(const std::vector<Step> &f, const std::vector<Step> &g,
                        int64_t hi) {
  Comparison result;
  for (size_t i = 0, k = 0; i < f.size() && k < g.size();) {
    int64_t from = std::max(f[i].start, g[k].start);
    int64_t fEnd = i + 1 < f.size() ? f[i + 1].start - 1 : hi;
    int64_t gEnd = k + 1 < g.size() ? g[k + 1].start - 1 : hi;
    result.add(from, std::min(fEnd, gEnd), f[i].value, g[k].value);
    bool both = fEnd == gEnd;
    if (both || fEnd < gEnd)
      ++i;
    if (both || gEnd < fEnd)
      ++k;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Any functions
//===----------------------------------------------------------------------===//

std::vector<Step> thresholds(const StepFunction &f, int64_t lo, int64_t hi) {
  return findSteps(f, lo, hi);
}

bool equalOn(const StepFunction &f, const StepFunction &g, int64_t lo,
             int64_t hi) {
  if (lo > hi)
    return true;
  // On a step of f, g is constant if it has the same value at both ends.
  bool equal = f(hi) == g(hi);
  int64_t before = 0;
  detail::visitSteps(f, lo, hi, detail::NoEstimate{}, [&](const Step &step) {
    equal = equal && g(step.start) == step.value &&
            (step.start == lo || g(step.start - 1) == before);
    before = step.value;
    return equal;
  });
  return equal;
}

int64_t maxDifference(const StepFunction &f, const StepFunction &g, int64_t lo,
                      int64_t hi) {
  return compareSteps(findSteps(f, lo, hi), findSteps(g, lo, hi), hi)
      .maxDifference;
}

uint64_t countDifferences(const StepFunction &f, const StepFunction &g,
                          int64_t lo, int64_t hi) {
  return compareSteps(findSteps(f, lo, hi), findSteps(g, lo, hi), hi).count;
}

//===----------------------------------------------------------------------===//
// Requantizations
//===----------------------------------------------------------------------===//

namespace {

/// scale and accumulator offset in real numbers: (x + offset) * scale, rounded
/// to nearest. A first rounding, half up, moves the steps down by part of an
/// accumulator, for R1 the negative ones up.
struct RealKernel {
  double scale;
  double offset = 0;
  double movePositive = 0, moveNegative = 0;
};

/// Half a unit of the high multiply, in accumulators, if a shift follows.
double halfUnit(Multiplier m) {
  return m.shift > 31 ? 0x1p30 / static_cast<double>(m.multiplier) : 0;
}

RealKernel realOf(const KernelR1 &k) {
  return {multiplierValue(k.m), 0, -halfUnit(k.m), halfUnit(k.m)};
}
RealKernel realOf(const KernelR11 &k) {
  return {multiplierValue(k.m), 0, -halfUnit(k.m), -halfUnit(k.m)};
}

RealKernel realOf(const KernelR4 &k) {
  return {static_cast<double>(k.scale),
          static_cast<double>(k.bias) * static_cast<double>(k.biasUnit)};
}
RealKernel realOf(const KernelR6 &k) { return {std::ldexp(1, -k.shift)}; }
RealKernel realOf(const KernelR8 &k) { return {static_cast<double>(k.scale)}; }
RealKernel realOf(const KernelR9 &k) {
  return {static_cast<double>(k.scale) / static_cast<double>(k.outputScale)};
}
RealKernel realOf(const KernelR10 &k) {
  return {multiplierValue({k.reciprocal, 31}), static_cast<double>(k.offset)};
}
RealKernel realOf(const KernelR12 &k) { return {k.scale}; }
RealKernel realOf(const KernelR13 &k) { return {static_cast<double>(k.scale)}; }
RealKernel realOf(const KernelR14 &k) {
  return {static_cast<double>(k.scale) / static_cast<double>(k.outputScale),
          static_cast<double>(k.bias) / static_cast<double>(k.scale)};
}
/// Kernels with a multiplier.
template <class Kernel> RealKernel realOf(const Kernel &k) {
  return {multiplierValue(k.m)};
}

constexpr uint64_t kMaxSteps = uint64_t(1) << 20;

} // namespace

void RequantizeChain::append(const RequantizeParams &params, size_t channel) {
  visitChannel(params, channel, [&](const auto &f) {
    RealKernel real = realOf(f.kernel);
    double left = std::ldexp(1, params.leftShift);
    links.push_back({params.kernel, f, functionDomain(f),
                     1 / (real.scale * left),
                     params.inputZeroPoint - real.offset / left,
                     static_cast<double>(params.zeroPoint),
                     real.movePositive / left, real.moveNegative / left});
  });
}

int64_t RequantizeChain::Link::estimate(int64_t value) const {
  double y = static_cast<double>(value) + 0.5 - zeroPoint;
  double x = y * step + origin + (y > 0 ? movePositive : moveNegative);
  // NaN too: a scale of 0.
  if (!(x > -0x1p62))
    return std::numeric_limits<int64_t>::min();
  if (x > 0x1p62)
    return std::numeric_limits<int64_t>::max();
  int64_t whole = static_cast<int64_t>(x);
  return whole + (static_cast<double>(whole) < x);
}

/// The first x in (at, hi] with f(x) > v, and f(x); f(at) <= v < f(hi).
template <class F>
__attribute__((noinline)) static Step
searchAbove(const F &f, int64_t at, int64_t hi, int64_t v, int64_t guess) {
  auto above = [&](int64_t x) -> int64_t { return f(x) > v; };
  int64_t x = detail::nextStep(above, at, hi, 0, guess).start;
  return {x, f(x)};
}

/// The same. Most guesses are right, and their tests wait for no earlier
/// result.
template <class F>
__attribute__((always_inline)) static inline Step
firstAbove(const F &f, int64_t at, int64_t hi, int64_t v, int64_t guess) {
  int64_t x = guess <= at ? at + 1 : std::min(guess, hi);
  int64_t y = f(x);
  if (y > v && f(x - 1) <= v)
    return {x, y};
  return searchAbove(f, at, hi, v, x);
}

std::vector<Step> RequantizeChain::Link::steps(int64_t lo, int64_t hi) const {
  std::vector<Step> found;
  std::visit(
      [&](const auto &f) {
        Step step{lo, f(lo)};
        int64_t first = step.value, last = f(hi);
        found.resize(static_cast<size_t>(detail::distance(first, last)) + 1);
        size_t count = 0;
        found[count++] = step;
        for (int64_t v = first; v < last; ++v)
          if (step.value <= v) {
            step = firstAbove(f, step.start, hi, v, estimate(v));
            found[count++] = step;
          }
        found.resize(count);
      },
      function);
  return found;
}

void RequantizeChain::Link::pullBack(std::vector<Step> &steps, int64_t lo,
                                     int64_t hi) const {
  std::visit(
      [&](const auto &f) {
        Step reached{lo, f(lo)};
        size_t kept = 0;
        steps[0].start = lo;
        for (size_t i = 1; i < steps.size(); ++i) {
          int64_t v = steps[i].start - 1;
          // Several steps in one of f.
          if (reached.value <= v) {
            reached = firstAbove(f, reached.start, hi, v, estimate(v));
            ++kept;
          }
          steps[kept] = {reached.start, steps[i].value};
        }
        steps.resize(kept + 1);
      },
      function);
}

std::pair<int64_t, int64_t> RequantizeChain::Link::image(int64_t lo,
                                                         int64_t hi) const {
  return std::visit([&](const auto &f) { return std::make_pair(f(lo), f(hi)); },
                    function);
}

template <class Visit>
decltype(auto) RequantizeChain::visit(Visit &&visit) const {
  if (links.size() == 1)
    return std::visit(visit, links[0].function);
  return visit(*this);
}

int64_t RequantizeChain::operator()(int64_t x) const {
  for (const Link &link : links)
    x = std::visit([x](const auto &f) { return f(x); }, link.function);
  return x;
}

std::string RequantizeChain::checkInterval(int64_t lo, int64_t hi) const {
  if (lo > hi)
    return {};
  if (links.empty())
    return "expected at least one requantization";
  for (size_t i = 0; i < links.size(); ++i) {
    const Domain &domain = links[i].domain;
    if (!domain.contains(lo, hi))
      return "expected an interval within [" + std::to_string(domain.lo) +
             ", " + std::to_string(domain.hi) + "], the domain of kernel '" +
             std::string(stringify(links[i].kernel)) + "', got [" +
             std::to_string(lo) + ", " + std::to_string(hi) + "]" +
             (i ? " from the requantization before" : "");
    std::tie(lo, hi) = links[i].image(lo, hi);
  }
  return {};
}

bool RequantizeChain::hasSteps(const std::vector<Step> &steps,
                               int64_t hi) const {
  return visit([&](const auto &f) {
    // Constant between two x with the same value.
    if (f(hi) != steps.back().value)
      return false;
    for (size_t i = 0; i < steps.size(); ++i)
      if (f(steps[i].start) != steps[i].value ||
          (i && f(steps[i].start - 1) != steps[i - 1].value))
        return false;
    return true;
  });
}

Result<std::vector<Step>> thresholds(const RequantizeChain &chain, int64_t lo,
                                     int64_t hi) {
  if (lo > hi)
    return std::vector<Step>{};
  std::string problem = chain.checkInterval(lo, hi);
  if (!problem.empty())
    return failure(std::move(problem));
  std::vector<std::pair<int64_t, int64_t>> intervals = {{lo, hi}};
  for (const RequantizeChain::Link &link : chain.links)
    intervals.push_back(
        link.image(intervals.back().first, intervals.back().second));
  auto [first, last] = intervals.back();
  if (detail::distance(first, last) >= kMaxSteps)
    return failure("expected at most " + std::to_string(kMaxSteps) +
                   " values, got those from " + std::to_string(first) + " to " +
                   std::to_string(last));
  // The steps of the last one, then where those in front of it reach them.
  size_t i = chain.links.size() - 1;
  std::vector<Step> steps =
      chain.links[i].steps(intervals[i].first, intervals[i].second);
  while (i-- > 0)
    chain.links[i].pullBack(steps, intervals[i].first, intervals[i].second);
  return steps;
}

Result<Comparison> compare(const RequantizeChain &f, const RequantizeChain &g,
                           int64_t lo, int64_t hi) {
  for (const RequantizeChain *chain : {&f, &g}) {
    std::string problem = chain->checkInterval(lo, hi);
    if (!problem.empty())
      return failure(std::move(problem));
  }
  constexpr uint64_t narrow = 1024;
  if (lo > hi || detail::distance(lo, hi) < narrow)
    return compareExhaustively(f, g, lo, hi);
  // The shorter one's steps are cheaper, and most often the other's too.
  bool swap = g.links.size() < f.links.size();
  const RequantizeChain &one = swap ? g : f, &other = swap ? f : g;
  Result<std::vector<Step>> a = thresholds(one, lo, hi);
  if (!a)
    return a.takeFailure();
  if (other.hasSteps(*a, hi))
    return Comparison{};
  Result<std::vector<Step>> b = thresholds(other, lo, hi);
  if (!b)
    return b.takeFailure();
  return compareSteps(*a, *b, hi);
}

Result<bool> equalOn(const RequantizeChain &f, const RequantizeChain &g,
                     int64_t lo, int64_t hi) {
  bool swap = g.links.size() < f.links.size();
  const RequantizeChain &one = swap ? g : f, &other = swap ? f : g;
  Result<std::vector<Step>> steps = thresholds(one, lo, hi);
  if (!steps)
    return steps.takeFailure();
  std::string problem = other.checkInterval(lo, hi);
  if (!problem.empty())
    return failure(std::move(problem));
  return lo > hi || other.hasSteps(*steps, hi);
}

Result<Grid> composeClamp(const RequantizeParams &g, size_t channel, int64_t lo,
                          int64_t hi) {
  RequantizeChain chain(g, channel);
  std::string problem = chain.checkInterval(lo, hi);
  if (!problem.empty())
    return failure(std::move(problem));
  return Grid{chain(lo), chain(hi)};
}

} // namespace hwq::numerics
