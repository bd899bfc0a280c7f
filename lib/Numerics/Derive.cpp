//===- Derive.cpp - Scale and zero point from a range ---------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Derive.h"

#include "DeriveRules.h"
#include "hwq/Numerics/Rounding.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace hwq::numerics {
namespace {

std::string text(double x) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.9g", x);
  return buffer;
}

std::string text(Range range) {
  return "[" + text(range.min) + ", " + text(range.max) + "]";
}

/// What a rule is defined for.
struct Domain {
  bool asymmetric, symmetric, unsignedSymmetric;
  /// Its zero point is 0 and its integers have signs.
  bool signedOnly = false;
  /// Its arithmetic starts from f32 values.
  bool fromF32 = true;
};

Domain domainOf(DerivationRule rule) {
  switch (rule) {
  case DerivationRule::PAimet:
  case DerivationRule::PTfl:
  case DerivationRule::PTpu:
    return {true, true, true, false, false};
  case DerivationRule::PTorch:
  case DerivationRule::PPotR:
  case DerivationRule::PGlow:
    return {true, true, true};
  case DerivationRule::PAmct:
    return {true, true, false};
  case DerivationRule::PNgraph:
    return {false, true, true};
  case DerivationRule::PFb:
  case DerivationRule::PNnlib:
  case DerivationRule::PTengine:
    return {true, false, false};
  case DerivationRule::PNote256:
    return {true, false, false, false, false};
  case DerivationRule::PTvm:
  case DerivationRule::PDpu:
    return {false, true, false, true};
  case DerivationRule::PTrt:
    return {false, true, false, true, false};
  }
  return {false, false, false};
}

/// An error for options that the rule does not have.
std::optional<Failure> checkOptions(DerivationRule rule,
                                    const DeriveOptions &options) {
  std::string name(stringify(rule));
  Domain domain = domainOf(rule);
  bool known = options.symmetry == Symmetry::Asymmetric ? domain.asymmetric
               : options.symmetry == Symmetry::Symmetric
                   ? domain.symmetric
                   : domain.unsignedSymmetric;
  if (!known)
    return failure("expected a symmetry that the rule " + name + " has, got " +
                   std::string(stringify(options.symmetry)));
  if (domain.signedOnly && !isSigned(options.storage))
    return failure("expected a signed storage for the rule " + name + ", got " +
                   std::string(stringify(options.storage)));
  unsigned width = bitWidth(options.storage);
  if (options.bits == 1 || options.bits > width)
    return failure("expected 2 to " + std::to_string(width) + " bits in " +
                   std::string(stringify(options.storage)) + ", got " +
                   std::to_string(options.bits));
  if (rule == DerivationRule::PNnlib &&
      (width != 8 || (options.bits != 0 && options.bits != 8) ||
       options.narrow))
    return failure("expected the whole grid of 8 bits for the rule p_nnlib");
  if (rule == DerivationRule::PNote256 && options.narrow)
    return failure("expected the whole grid for the rule p_note256, got a "
                   "narrow one");
  bool glowSymmetric =
      rule == DerivationRule::PGlow && options.symmetry != Symmetry::Asymmetric;
  if (options.powerOfTwo && rule != DerivationRule::PFb && !glowSymmetric)
    return failure("expected p_fb or symmetric p_glow for a power-of-two "
                   "scale, got " +
                   name);
  if (options.preserveSparsity && rule != DerivationRule::PFb)
    return failure("expected p_fb for preserve-sparsity, got " + name);
  if (options.bumpByEps && rule != DerivationRule::PNgraph)
    return failure("expected p_ngraph for bump-by-eps, got " + name);
  if (!(options.minimumWidth >= 0) || std::isinf(options.minimumWidth))
    return failure("expected a minimum width of at least 0, got " +
                   text(options.minimumWidth));
  if (!(options.threshold >= 0) || std::isinf(options.threshold))
    return failure("expected a threshold of at least 0, got " +
                   text(options.threshold));
  return std::nullopt;
}

std::optional<Failure> checkRange(DerivationRule rule, Range range) {
  if (!std::isfinite(range.min) || !std::isfinite(range.max))
    return failure("expected a finite range, got " + text(range));
  if (range.min > range.max)
    return failure("expected a range with min <= max, got " + text(range));
  if (domainOf(rule).fromF32 && (std::isinf(static_cast<float>(range.min)) ||
                                 std::isinf(static_cast<float>(range.max))))
    return failure("expected a range that is finite in f32, got " +
                   text(range));
  return std::nullopt;
}

Scheme applyRule(DerivationRule rule, Range range, Grid grid,
                 const DeriveOptions &options) {
  switch (rule) {
  case DerivationRule::PAimet:
    return deriveAimet(range, grid, options);
  case DerivationRule::PTfl:
    return deriveTfl(range, grid, options);
  case DerivationRule::PFb:
    return deriveFb(range, grid, options);
  case DerivationRule::PTorch:
  case DerivationRule::PPotR:
    return deriveTorch(range, grid, options, rule == DerivationRule::PPotR);
  case DerivationRule::PNnlib:
    return deriveNnlib(range, grid);
  case DerivationRule::PAmct:
    return deriveAmct(range, grid, options);
  case DerivationRule::PGlow:
    return deriveGlow(range, grid, options);
  case DerivationRule::PNgraph:
    return deriveNgraph(range, grid, options);
  case DerivationRule::PTpu:
    return deriveTpu(range, grid, options);
  case DerivationRule::PTvm:
    return deriveTvm(range, grid, options);
  case DerivationRule::PDpu:
    return schemeOfFixPosition(
        limitFixPosition(firstFixPosition(range, grid), grid));
  case DerivationRule::PTrt:
    return deriveTrt(range, grid);
  case DerivationRule::PTengine:
    return deriveTengine(range, grid);
  case DerivationRule::PNote256:
    return deriveNote256(range, grid, options);
  }
  return {};
}

Grid gridFor(DerivationRule rule, const DeriveOptions &options) {
  return gridOf(options.storage, options.narrow || rule == DerivationRule::PTvm,
                options.bits);
}

/// The parameters, and the range that they represent.
Result<Derived> finish(Range range, Grid grid, const Scheme &scheme) {
  float scale = static_cast<float>(scheme.scale);
  if (!std::isfinite(scale))
    return failure("expected a range whose scale is finite in f32, got " +
                   text(range));
  if (scale == 0)
    return Derived{{0, saturate(0, grid.qmin, grid.qmax), grid}, {0, 0}};
  QuantParams params{scheme.scale, scheme.zeroPoint, grid};
  if (scheme.range)
    return Derived{params, *scheme.range};
  int64_t below = scheme.zeroPoint - grid.qmin;
  int64_t above = grid.qmax - scheme.zeroPoint;
  return Derived{params,
                 {0 - scheme.scale * static_cast<double>(below),
                  scheme.scale * static_cast<double>(above)}};
}

} // namespace

Result<Derived> deriveParams(DerivationRule rule, Range range,
                             const DeriveOptions &options) {
  if (std::optional<Failure> failed = checkRange(rule, range))
    return *failed;
  if (std::optional<Failure> failed = checkOptions(rule, options))
    return *failed;
  if (rule == DerivationRule::PNnlib && !isInDomainOfNnlib(range))
    return failure("expected a range 1e-6 to 1.3e36 wide for the rule p_nnlib, "
                   "got " +
                   text(range));
  Grid grid = gridFor(rule, options);
  return finish(range, grid, applyRule(rule, range, grid, options));
}

Result<Derived> deriveParams(DerivationRule rule, Range range,
                             Symmetry symmetry, Storage storage, bool narrow) {
  DeriveOptions options;
  options.symmetry = symmetry;
  options.storage = storage;
  options.narrow = narrow;
  return deriveParams(rule, range, options);
}

Result<Derived>
deriveDpu(Range range, const DeriveOptions &options,
          const std::function<double(const QuantParams &)> &cost,
          int candidates) {
  constexpr DerivationRule rule = DerivationRule::PDpu;
  if (std::optional<Failure> failed = checkRange(rule, range))
    return *failed;
  if (std::optional<Failure> failed = checkOptions(rule, options))
    return *failed;
  if (candidates < 1 || candidates > 64)
    return failure("expected 1 to 64 candidates, got " +
                   std::to_string(candidates));
  Grid grid = gridFor(rule, options);
  int first = firstFixPosition(range, grid), best = first;
  double least = 0;
  for (int fp = first; fp < first + candidates; ++fp) {
    Scheme scheme = schemeOfFixPosition(fp);
    double loss =
        candidates == 1 ? 0 : cost({scheme.scale, scheme.zeroPoint, grid});
    if (fp == first || loss < least) {
      best = fp;
      least = loss;
    }
  }
  return finish(range, grid, schemeOfFixPosition(limitFixPosition(best, grid)));
}

} // namespace hwq::numerics
