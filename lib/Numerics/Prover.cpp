//===- Prover.cpp - Equality of monotone step functions -------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Prover.h"

#include <algorithm>
#include <cmath>

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

/// scale and accumulator offset in real numbers: (x + offset) * scale.
struct RealKernel {
  double scale;
  double offset = 0;
};

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
                     static_cast<double>(params.zeroPoint)});
  });
}

int64_t RequantizeChain::estimate(int64_t value) const {
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    // The first argument that gives at least the next integer.
    double x =
        (static_cast<double>(value) + 0.5 - link->zeroPoint) * link->step +
        link->origin;
    // NaN too: a scale of 0.
    if (!(x > -0x1p62))
      return std::numeric_limits<int64_t>::min();
    if (x > 0x1p62)
      return std::numeric_limits<int64_t>::max();
    value = static_cast<int64_t>(x);
    value += static_cast<double>(value) < x;
    // The requantization before has to leave the value below.
    if (link + 1 != links.rend())
      --value;
  }
  return value;
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
  for (size_t i = 0; i < links.size(); ++i) {
    const Domain &domain = links[i].domain;
    if (!domain.contains(lo, hi))
      return "expected an interval within [" + std::to_string(domain.lo) +
             ", " + std::to_string(domain.hi) + "], the domain of kernel '" +
             std::string(stringify(links[i].kernel)) + "', got [" +
             std::to_string(lo) + ", " + std::to_string(hi) + "]" +
             (i ? " from the requantization before" : "");
    std::visit(
        [&](const auto &f) {
          lo = f(lo);
          hi = f(hi);
        },
        links[i].function);
  }
  return {};
}

template <class Estimate>
Result<std::vector<Step>>
RequantizeChain::findSteps(int64_t lo, int64_t hi,
                           const Estimate &estimate) const {
  std::vector<Step> steps;
  if (lo > hi)
    return steps;
  std::string problem = checkInterval(lo, hi);
  if (!problem.empty())
    return failure(std::move(problem));
  int64_t first = (*this)(lo), last = (*this)(hi);
  if (detail::distance(first, last) >= kMaxSteps)
    return failure("expected at most " + std::to_string(kMaxSteps) +
                   " values, got those from " + std::to_string(first) + " to " +
                   std::to_string(last));
  steps.reserve(static_cast<size_t>(detail::distance(first, last)) + 1);
  visit([&](const auto &f) {
    detail::visitSteps(f, lo, hi, estimate, [&](const Step &step) {
      steps.push_back(step);
      return true;
    });
  });
  return steps;
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
  return chain.findSteps(lo, hi, [&](int64_t v) { return chain.estimate(v); });
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
  size_t i = 0;
  Result<std::vector<Step>> b = other.findSteps(lo, hi, [&](int64_t v) {
    while (i < a->size() && (*a)[i].value <= v)
      ++i;
    return i < a->size() ? (*a)[i].start : hi;
  });
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
