//===- Epilogue.cpp - From a dot product to an output code ----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Epilogue.h"

#include "hwq/Numerics/Bias.h"
#include "hwq/Numerics/Rounding.h"

#include "OperatorParams.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace hwq::numerics {

int64_t foldedZeroPoints(int64_t inputZeroPoint, int64_t weightZeroPoint,
                         int64_t sumOfWeights, int64_t products) {
  return products * inputZeroPoint * weightZeroPoint -
         inputZeroPoint * sumOfWeights;
}

static bool isTpuRule(std::optional<MultiplierRule> rule) {
  return rule == MultiplierRule::TPU32 || rule == MultiplierRule::TPU8;
}

namespace {

/// The parts of a derivation; each returns what is wrong.
struct Derivation {
  const EpilogueOptions &options;
  const QuantParams &input, &output;
  const std::vector<double> &weightScales, &bias;
  const std::vector<int64_t> &folded;
  size_t channels;
  Epilogue result;

  /// The scales and the bias are TPU-MLIR's.
  bool isTpu() const {
    return options.multiplierRule ? isTpuRule(options.multiplierRule)
                                  : options.kernel == RequantizeKernel::R7;
  }
  /// The weight scales follow from multipliers: the product is exact.
  bool isCoupled() const {
    return options.multiplierRule == MultiplierRule::CV18xx;
  }
  double weightScale(size_t c) const {
    return weightScales[weightScales.size() == 1 ? 0 : c];
  }
  std::string check() const;
  std::string scales();
  std::string realBias();
  int64_t coupledBias(size_t c) const;
  std::string integerBias();
  std::string hexagon();
};

} // namespace

RequantizeKernel scaleKernelOf(RequantizeKernel kernel,
                               std::optional<MultiplierRule> rule) {
  return isTpuRule(rule) ? RequantizeKernel::R7 : kernel;
}

std::string Derivation::check() const {
  if (std::string problem =
          detail::checkOperands("epilogue", {&input, &output});
      !problem.empty())
    return problem;
  if (weightScales.empty())
    return "epilogue: expected a weight scale, got none";
  for (double scale : weightScales)
    if (!std::isfinite(scale) || scale <= 0)
      return "epilogue: expected a finite weight scale > 0, got " +
             detail::printReal(scale);
  auto fits = [&](size_t count) { return count == 0 || count == channels; };
  if (!fits(bias.size()) || !fits(folded.size()) ||
      (weightScales.size() != 1 && weightScales.size() != channels))
    return "epilogue: expected one weight scale, bias and folded term per "
           "channel, got " +
           std::to_string(weightScales.size()) + ", " +
           std::to_string(bias.size()) + " and " +
           std::to_string(folded.size());
  for (double b : bias)
    if (!std::isfinite(b))
      return "epilogue: expected a finite bias, got " + detail::printReal(b);
  bool real = options.kernel == RequantizeKernel::R4 ||
              options.kernel == RequantizeKernel::R14;
  if (options.biasForm == BiasForm::F32 && !real && !bias.empty())
    return "epilogue: the kernel '" + std::string(stringify(options.kernel)) +
           "' takes no real bias";
  if (options.scaleProduct != ScaleProduct::F64 &&
      (isCoupled() ||
       !dividesProduct(scaleKernelOf(options.kernel, options.multiplierRule))))
    return "epilogue: the kernel '" + std::string(stringify(options.kernel)) +
           "' combines scales in its own way, expected a product in f64";
  return {};
}

std::string Derivation::scales() {
  RequantizeParams &step = result.requantize;
  step.kernel = options.kernel;
  step.zeroPoint = output.zeroPoint;
  step.lo = output.grid.qmin;
  step.hi = output.grid.qmax;
  step.outputScale = static_cast<float>(output.scale);
  for (double w : weightScales) {
    double scale =
        isCoupled()
            ? input.scale * w / output.scale
            : combineScales(isTpu() ? RequantizeKernel::R7 : options.kernel,
                            input.scale, w, output.scale, options.scaleProduct);
    if (isFloatKernel(options.kernel)) {
      if (!std::isfinite(scale))
        return "epilogue: expected a finite ratio of scales";
      step.scales.push_back(scale);
      continue;
    }
    // A channel of zeros, or nearly: TPU-MLIR takes (0, 0) beyond 31 bits.
    if (isCoupled() &&
        scale < representableScales(MultiplierRule::CV18xx).smallest) {
      step.multipliers.push_back({0, 31});
      continue;
    }
    Result<Multiplier> m =
        options.multiplierRule
            ? chooseMultiplier(*options.multiplierRule, scale)
            : chooseMultiplier(options.kernel, scale);
    if (!m)
      return "epilogue: " + m.error();
    step.multipliers.push_back(*m);
  }
  return {};
}

std::string Derivation::realBias() {
  RequantizeParams &step = result.requantize;
  for (size_t c = 0; c < bias.size(); ++c) {
    float b = static_cast<float>(bias[c]);
    if (options.kernel == RequantizeKernel::R14) {
      step.bias.push_back(b);
      continue;
    }
    float unit =
        static_cast<float>(input.scale) * static_cast<float>(weightScale(c));
    if (options.perChannelWeights) {
      step.bias.push_back(b / unit);
    } else {
      step.bias.push_back(b);
      step.biasUnits.push_back(1.0f / unit);
    }
    if (!std::isfinite(step.bias.back()) ||
        (!step.biasUnits.empty() && !std::isfinite(step.biasUnits.back())))
      return "epilogue: expected a bias that is finite in accumulator units, "
             "got " +
             detail::printReal(bias[c]) + " for channel " + std::to_string(c);
  }
  for (int64_t term : folded) {
    result.bias.push_back(saturateTo<int32_t>(term));
    if (result.bias.back() != term)
      return "epilogue: expected folded zero points that fit 32 bits, got " +
             std::to_string(term);
  }
  return {};
}

/// The multiplier comes first, the bias is made for it.
int64_t Derivation::coupledBias(size_t c) const {
  const std::vector<Multiplier> &ms = result.requantize.multipliers;
  auto threshold =
      static_cast<float>(output.scale * static_cast<double>(output.grid.qmax));
  return cv18xxBias(static_cast<float>(bias[c]), threshold,
                    ms[ms.size() == 1 ? 0 : c]);
}

std::string Derivation::integerBias() {
  // TPU-MLIR rounds after it has subtracted the zero points' integer.
  bool inside = isTpu();
  for (size_t c = 0; c < std::max(bias.size(), folded.size()); ++c) {
    double value = bias.empty() ? 0 : bias[c] / (input.scale * weightScale(c));
    int64_t term = folded.empty() ? 0 : folded[c];
    if (inside)
      value += static_cast<double>(term);
    Result<int64_t> rounded =
        isCoupled() && !bias.empty()
            ? Result<int64_t>(coupledBias(c))
            : quantizeBias(options.biasForm, value, options.biasRounding);
    if (!rounded)
      return "epilogue: channel " + std::to_string(c) + ": " + rounded.error();
    int64_t sum = inside ? *rounded : *rounded + term;
    result.bias.push_back(saturateTo<int32_t>(sum));
    if (result.bias.back() != sum)
      return "epilogue: channel " + std::to_string(c) +
             ": expected a bias that fits 32 bits with its zero points, got " +
             std::to_string(sum);
  }
  return {};
}

/// The output's zero point is in the bias, in accumulator units.
std::string Derivation::hexagon() {
  if (weightScales.size() != 1)
    return "epilogue: the kernel 'r10' takes one weight scale, got " +
           std::to_string(weightScales.size());
  double step = combineScales(RequantizeKernel::R9, input.scale,
                              weightScales[0], output.scale);
  double z = static_cast<double>(output.zeroPoint);
  double least = (static_cast<double>(output.grid.qmin) - z) * output.scale,
         most = (static_cast<double>(output.grid.qmax) - z) * output.scale;
  Result<Multiplier> m = hexagonMultiplier(least, most, step);
  if (!m)
    return "epilogue: " + m.error();
  RequantizeParams &params = result.requantize;
  params.kernel = options.kernel;
  params.multipliers = {*m};
  params.lo = output.grid.qmin;
  params.hi = output.grid.qmax;
  for (size_t c = 0; c < channels; ++c) {
    Result<int32_t> offset =
        hexagonOffset(bias.empty() ? 0 : bias[c], least, step);
    if (!offset)
      return "epilogue: channel " + std::to_string(c) + ": " + offset.error();
    int64_t sum = *offset + (folded.empty() ? 0 : folded[c]);
    result.bias.push_back(saturateTo<int32_t>(sum));
    if (result.bias.back() != sum)
      return "epilogue: channel " + std::to_string(c) +
             ": expected a bias that fits 32 bits with its zero points, got " +
             std::to_string(sum);
  }
  return {};
}

Result<Epilogue> deriveEpilogue(const EpilogueOptions &options,
                                const QuantParams &input,
                                const std::vector<double> &weightScales,
                                const QuantParams &output,
                                const std::vector<double> &bias,
                                const std::vector<int64_t> &folded) {
  size_t channels = std::max({weightScales.size(), bias.size(), folded.size()});
  Derivation d{options, input,  output,   weightScales,
               bias,    folded, channels, {}};
  std::string problem = d.check();
  if (problem.empty() && options.kernel == RequantizeKernel::R10) {
    problem = d.hexagon();
  } else {
    if (problem.empty())
      problem = d.scales();
    if (problem.empty())
      problem =
          options.biasForm == BiasForm::F32 ? d.realBias() : d.integerBias();
  }
  // A multiplier rule that does not go with the kernel.
  if (problem.empty())
    if (std::string check = checkRequantize(d.result.requantize, channels);
        !check.empty())
      problem = "epilogue: " + check;
  if (!problem.empty())
    return failure(problem);
  return d.result;
}

template <class T>
static std::vector<T> valueOf(const std::vector<T> &values, size_t channel) {
  if (values.empty())
    return {};
  return {values[values.size() == 1 ? 0 : channel]};
}

template <class T>
static void append(std::vector<T> &to, const std::vector<T> &from) {
  to.insert(to.end(), from.begin(), from.end());
}

Result<Epilogue> deriveEpilogue(const EpilogueOptions &options,
                                const QuantParams &input,
                                const std::vector<double> &weightScales,
                                const std::vector<QuantParams> &outputs,
                                const std::vector<double> &bias,
                                const std::vector<int64_t> &folded) {
  size_t channels = outputs.size();
  for (size_t count : {weightScales.size(), bias.size(), folded.size()})
    if (channels == 0 || (count > 1 && count != channels))
      return failure("epilogue: expected one output per channel, got " +
                     std::to_string(channels) + " for " +
                     std::to_string(count) + " channels");
  Epilogue all;
  for (size_t c = 0; c < channels; ++c) {
    Result<Epilogue> one =
        deriveEpilogue(options, input, valueOf(weightScales, c), outputs[c],
                       valueOf(bias, c), valueOf(folded, c));
    if (!one)
      return failure(one.error() + " (channel " + std::to_string(c) +
                     " of the output)");
    RequantizeParams &to = all.requantize, &from = one->requantize;
    if (c == 0) {
      all = *one;
    } else {
      append(to.multipliers, from.multipliers);
      append(to.scales, from.scales);
      append(to.bias, from.bias);
      append(to.biasUnits, from.biasUnits);
      append(all.bias, one->bias);
    }
    to.outputs.push_back({from.zeroPoint, from.lo, from.hi});
  }
  // What a reader of one grid would take.
  all.requantize.zeroPoint = 0;
  for (const OutputGrid &output : all.requantize.outputs) {
    all.requantize.lo = std::min(all.requantize.lo, output.lo);
    all.requantize.hi = std::max(all.requantize.hi, output.hi);
  }
  if (std::string check = checkRequantize(all.requantize, channels);
      !check.empty())
    return failure("epilogue: " + check);
  return all;
}

static int32_t withBias(const Epilogue &epilogue, size_t channel,
                        int32_t accumulator) {
  if (epilogue.bias.empty())
    return accumulator;
  return static_cast<int32_t>(static_cast<uint32_t>(accumulator) +
                              static_cast<uint32_t>(epilogue.bias[channel]));
}

int64_t applyEpilogue(const Epilogue &epilogue, size_t channel,
                      int32_t accumulator) {
  return requantize(epilogue.requantize, channel,
                    withBias(epilogue, channel, accumulator));
}

float dequantizeAccumulator(const Epilogue &epilogue, size_t channel,
                            int32_t accumulator) {
  return dequantizeAccumulator(epilogue.requantize, channel,
                               withBias(epilogue, channel, accumulator));
}

} // namespace hwq::numerics
