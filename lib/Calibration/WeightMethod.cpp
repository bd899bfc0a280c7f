//===- WeightMethod.cpp - Ranges of weights ---------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/WeightMethod.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace hwq;
using namespace hwq::calibration;

static constexpr struct {
  WeightMethod method;
  llvm::StringLiteral name;
} methods[] = {{WeightMethod::MinMax, "min-max"},
               {WeightMethod::Mse, "mse"},
               {WeightMethod::Arq, "arq"}};

template <typename... Args>
static llvm::Error error(const char *format, Args &&...args) {
  return llvm::createStringError(
      llvm::formatv(format, std::forward<Args>(args)...).str());
}

llvm::Expected<WeightMethod>
hwq::calibration::parseWeightMethod(llvm::StringRef name) {
  for (const auto &info : methods)
    if (info.name == name)
      return info.method;
  return error("unknown method '{0}' for weights, expected one of: min-max, "
               "mse, arq",
               name);
}

llvm::StringRef hwq::calibration::weightMethodName(WeightMethod method) {
  for (const auto &info : methods)
    if (info.method == method)
      return info.name;
  return "unknown";
}

/// Sum of squared errors; codes round to nearest, ties to even.
static double squaredError(llvm::ArrayRef<float> weights,
                           const numerics::QuantParams &params) {
  auto zero = static_cast<double>(params.zeroPoint);
  auto lowest = static_cast<double>(params.grid.qmin);
  auto highest = static_cast<double>(params.grid.qmax);
  double sum = 0;
  for (float weight : weights) {
    double code = params.scale > 0
                      ? std::clamp(std::nearbyint(weight / params.scale) + zero,
                                   lowest, highest)
                      : zero;
    double difference = weight - (code - zero) * params.scale;
    sum += difference * difference;
  }
  return sum;
}

static llvm::Expected<WeightChannel> chooseRange(llvm::ArrayRef<float> weights,
                                                 WeightMethod method,
                                                 const TargetScheme &scheme) {
  Range all{std::numeric_limits<double>::infinity(),
            -std::numeric_limits<double>::infinity()};
  double energy = 0;
  for (float weight : weights) {
    if (!std::isfinite(weight))
      return error("expected finite weights, got {0}",
                   std::isnan(weight) ? "nan" : "inf");
    all.min = std::min<double>(all.min, weight);
    all.max = std::max<double>(all.max, weight);
    energy += double(weight) * weight;
  }
  numerics::DerivationRule rule = method == WeightMethod::Arq
                                      ? numerics::DerivationRule::PAmct
                                      : scheme.rule;
  std::optional<WeightChannel> best;
  double largest = std::max(std::fabs(all.min), std::fabs(all.max));
  for (int k = 100; k >= 20; --k) {
    double part = k / 100.0;
    Range range{part * all.min, part * all.max};
    if (scheme.isSymmetric())
      range = {std::clamp(all.min, -part * largest, part * largest),
               std::clamp(all.max, -part * largest, part * largest)};
    if (k == 100)
      range = all;
    numerics::Result<numerics::Derived> derived =
        numerics::deriveParams(rule, {range.min, range.max}, scheme.options);
    if (!derived)
      return error("{0}", derived.error());
    double mse = squaredError(weights, derived->params) /
                 static_cast<double>(weights.size());
    if (!best || mse < best->mse)
      best = WeightChannel{range, derived->params, mse, 0};
    if (method != WeightMethod::Mse || largest == 0)
      break;
  }
  best->sqnr =
      best->mse > 0
          ? 10 * std::log10(energy / static_cast<double>(weights.size()) /
                            best->mse)
          : std::numeric_limits<double>::infinity();
  return *best;
}

llvm::Expected<std::vector<WeightChannel>>
hwq::calibration::chooseWeightRanges(llvm::ArrayRef<float> weights,
                                     size_t channels, WeightMethod method,
                                     const TargetScheme &scheme) {
  if (channels == 0 || weights.empty() || weights.size() % channels)
    return error("expected weights for {0} channels, got {1} values", channels,
                 weights.size());
  size_t row = weights.size() / channels;
  std::vector<WeightChannel> result;
  result.reserve(channels);
  for (size_t c = 0; c < channels; ++c) {
    llvm::Expected<WeightChannel> channel =
        ::chooseRange(weights.slice(c * row, row), method, scheme);
    if (!channel)
      return error("channel {0}: {1}", c, llvm::toString(channel.takeError()));
    result.push_back(*channel);
  }
  return result;
}
