//===- Requantize.cpp - Accumulator to output integer ---------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Requantize.h"

#include "hwq/Numerics/Rounding.h"

#include "RequantizeFloatLoops.h"
#include "RequantizeLoops.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

namespace hwq::numerics {

namespace {

int32_t wrap(int64_t x) { return static_cast<int32_t>(x); }

/// The value of `channel` in a list of one or one per channel.
template <class T> T at(const std::vector<T> &values, size_t channel) {
  return values[values.size() == 1 ? 0 : channel];
}

float floatAt(const std::vector<double> &values, size_t channel) {
  return static_cast<float>(at(values, channel));
}

/// An empty list stands for the default.
float biasAt(const std::vector<float> &values, size_t channel, float none) {
  return values.empty() ? none : at(values, channel);
}

AnyKernel integerKernel(RequantizeKernel kernel, Multiplier m) {
  switch (kernel) {
  case RequantizeKernel::R1:
    return KernelR1{m};
  case RequantizeKernel::R2:
    return KernelR2{m};
  case RequantizeKernel::R6:
    return KernelR6{m.shift};
  case RequantizeKernel::R7:
    return KernelR7{m};
  case RequantizeKernel::R10:
    return KernelR10{m.multiplier};
  case RequantizeKernel::R11:
    return KernelR11{m};
  case RequantizeKernel::Real:
  case RequantizeKernel::R5:
    return KernelR5{m};
  // Not here: isFloatKernel.
  case RequantizeKernel::R4:
  case RequantizeKernel::R8:
  case RequantizeKernel::R9:
  case RequantizeKernel::R12:
  case RequantizeKernel::R13:
  case RequantizeKernel::R14:
    break;
  }
  return KernelR2{Multiplier{}};
}

} // namespace

Domain kernelDomain(RequantizeKernel kernel, Multiplier m) {
  return std::visit([](const auto &k) { return k.domain(); },
                    integerKernel(kernel, m));
}

int64_t applyKernel(RequantizeKernel kernel, int64_t x, Multiplier m) {
  return std::visit([&](const auto &k) -> int64_t { return k.apply(wrap(x)); },
                    integerKernel(kernel, m));
}

AnyKernel kernelOf(const RequantizeParams &p, size_t channel) {
  switch (p.kernel) {
  case RequantizeKernel::R4:
    return KernelR4{floatAt(p.scales, channel), biasAt(p.bias, channel, 0),
                    biasAt(p.biasUnits, channel, 1)};
  case RequantizeKernel::R8:
    return KernelR8{floatAt(p.scales, channel),
                    p.zeroPointAfter
                        ? 0
                        : static_cast<float>(p.outputOf(channel).zeroPoint)};
  case RequantizeKernel::R9:
    return KernelR9{floatAt(p.scales, channel), p.outputScale, p.precision};
  case RequantizeKernel::R12:
    return KernelR12{at(p.scales, channel)};
  case RequantizeKernel::R13:
    return KernelR13{floatAt(p.scales, channel),
                     static_cast<float>(p.outputOf(channel).zeroPoint)};
  case RequantizeKernel::R14:
    return KernelR14{floatAt(p.scales, channel),
                     p.outputScale,
                     biasAt(p.bias, channel, 0),
                     p.actLo,
                     p.actHi,
                     p.residualScale};
  default:
    return integerKernel(p.kernel, at(p.multipliers, channel));
  }
}

namespace {

std::string checkCount(const char *what, size_t count, size_t channels) {
  if (count == 1 || count == channels)
    return {};
  return "expected 1 or " + std::to_string(channels) + " " + what + ", got " +
         std::to_string(count);
}

std::string describeReal(double x) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.9g", x);
  return text;
}

std::string checkMultiplier(RequantizeKernel kernel, Multiplier m) {
  if (m.multiplier < 0)
    return "expected a multiplier >= 0, got " + std::to_string(m.multiplier);
  int lo = 0, hi = 62;
  if (kernel == RequantizeKernel::R6)
    lo = -31;
  else if (kernel == RequantizeKernel::R7)
    lo = -32;
  else if (kernel == RequantizeKernel::R10)
    lo = hi = 31;
  if (m.shift < lo || m.shift > hi)
    return "expected a shift in " + std::to_string(lo) + ".." +
           std::to_string(hi) + ", got " + std::to_string(m.shift);
  if (kernel == RequantizeKernel::R6 && m.multiplier != 1)
    return "expected the multiplier 1 for a shift alone, got " +
           std::to_string(m.multiplier);
  int most = kernel == RequantizeKernel::R7 ? 31 : 0;
  if (m.preShift < 0 || m.preShift > most)
    return "expected a shift before the product in 0.." + std::to_string(most) +
           ", got " + std::to_string(m.preShift);
  return {};
}

std::string checkFloat(const RequantizeParams &p, size_t channels) {
  if (!p.multipliers.empty())
    return "kernel '" + std::string(stringify(p.kernel)) +
           "' takes scales, not multipliers";
  std::string problem = checkCount("scales", p.scales.size(), channels);
  if (!problem.empty())
    return problem;
  for (size_t i = 0; i < p.scales.size(); ++i) {
    double scale = p.kernel == RequantizeKernel::R12
                       ? p.scales[i]
                       : static_cast<double>(static_cast<float>(p.scales[i]));
    if (!std::isfinite(scale) || scale < 0)
      return "expected a finite scale >= 0, got " + describeReal(p.scales[i]) +
             " for channel " + std::to_string(i);
  }
  bool divides =
      p.kernel == RequantizeKernel::R9 || p.kernel == RequantizeKernel::R14;
  if (divides && !(p.outputScale > 0 && std::isfinite(p.outputScale)))
    return "expected a finite output scale > 0, got " +
           describeReal(static_cast<double>(p.outputScale));
  if (p.kernel == RequantizeKernel::R14 &&
      !(p.actLo <= p.actHi && std::isfinite(p.residualScale) &&
        p.residualScale >= 0))
    return "expected an activation with lo <= hi and a finite residual scale "
           ">= 0";
  return {};
}

std::string checkBias(const RequantizeParams &p, size_t channels) {
  bool takesBias =
      p.kernel == RequantizeKernel::R4 || p.kernel == RequantizeKernel::R14;
  if ((!p.bias.empty() && !takesBias) ||
      (!p.biasUnits.empty() && p.kernel != RequantizeKernel::R4))
    return "kernel '" + std::string(stringify(p.kernel)) +
           "' takes no real bias";
  for (const std::vector<float> *list : {&p.bias, &p.biasUnits}) {
    if (list->empty())
      continue;
    std::string problem =
        checkCount(list == &p.bias ? "biases" : "units of the bias",
                   list->size(), channels);
    if (!problem.empty())
      return problem;
    for (size_t i = 0; i < list->size(); ++i)
      if (!std::isfinite((*list)[i]))
        return "expected a finite bias, got " +
               describeReal(static_cast<double>((*list)[i])) + " for channel " +
               std::to_string(i);
  }
  return {};
}

} // namespace

std::string checkRequantize(const RequantizeParams &params, size_t channels) {
  if (params.kernel == RequantizeKernel::Real)
    return "kernel 'real' has no integer arithmetic";
  std::string problem = checkBias(params, channels);
  if (!problem.empty())
    return problem;
  if (isFloatKernel(params.kernel)) {
    problem = checkFloat(params, channels);
    if (!problem.empty())
      return problem;
  } else {
    if (!params.scales.empty())
      return "kernel '" + std::string(stringify(params.kernel)) +
             "' takes multipliers, not scales";
    problem = checkCount("multipliers", params.multipliers.size(), channels);
    if (!problem.empty())
      return problem;
    for (size_t i = 0; i < params.multipliers.size(); ++i) {
      problem = checkMultiplier(params.kernel, params.multipliers[i]);
      if (!problem.empty())
        return problem + " for channel " + std::to_string(i);
    }
  }
  if (params.leftShift < 0 || params.leftShift > 31)
    return "expected a left shift in 0..31, got " +
           std::to_string(params.leftShift);
  if (!params.outputs.empty() && params.outputs.size() != channels)
    return "expected no grids of channels or " + std::to_string(channels) +
           ", got " + std::to_string(params.outputs.size());
  if (!params.outputs.empty() && (params.kernel == RequantizeKernel::R9 ||
                                  params.kernel == RequantizeKernel::R10 ||
                                  params.kernel == RequantizeKernel::R14))
    return "kernel '" + std::string(stringify(params.kernel)) +
           "' has one output grid, not one per channel";
  for (size_t c = 0; c < std::max<size_t>(params.outputs.size(), 1); ++c) {
    OutputGrid output = params.outputOf(c);
    if (output.lo > output.hi)
      return "expected a clamp with lo <= hi, got [" +
             std::to_string(output.lo) + ", " + std::to_string(output.hi) + "]";
    if (output.zeroPoint != wrap(output.zeroPoint))
      return "expected a zero point that fits 32 bits, got " +
             std::to_string(output.zeroPoint);
  }
  return {};
}

int64_t requantize(const RequantizeParams &params, size_t channel, int64_t x) {
  return visitChannel(params, channel,
                      [&](const auto &f) -> int64_t { return f(x); });
}

int64_t requantize(const RequantizeParams &params, size_t channel, int64_t x,
                   int32_t residual) {
  return visitChannel(params, channel, [&](const auto &f) -> int64_t {
    if constexpr (std::is_same_v<std::decay_t<decltype(f.kernel)>, KernelR14>)
      return f.finish(f.kernel.apply(f.input(x), residual));
    else
      return f(x);
  });
}

float dequantizeAccumulator(const RequantizeParams &params, size_t channel,
                            int32_t x, int32_t residual) {
  AnyKernel kernel = kernelOf(params, channel);
  if (const auto *r9 = std::get_if<KernelR9>(&kernel))
    return r9->dequantize(x);
  if (auto *r14 = std::get_if<KernelR14>(&kernel)) {
    r14->outputScale = 1;
    return r14->real(x, residual);
  }
  return 0;
}

Domain requantizeDomain(const RequantizeParams &params, size_t channel) {
  return visitChannel(params, channel,
                      [](const auto &f) { return functionDomain(f); });
}

namespace {

/// The product and shift of R2, R5 and what equals R2, with a shift of at least
/// 31 if the multiplier allows it.
std::optional<Multiplier> asProduct(const AnyKernel &kernel) {
  Multiplier m;
  if (const auto *r2 = std::get_if<KernelR2>(&kernel))
    m = r2->m;
  else if (const auto *r5 = std::get_if<KernelR5>(&kernel))
    m = r5->m;
  else if (const auto *r6 = std::get_if<KernelR6>(&kernel))
    m = {1, r6->shift};
  else if (const auto *r7 = std::get_if<KernelR7>(&kernel))
    m = r7->m;
  else if (const auto *r10 = std::get_if<KernelR10>(&kernel))
    m = {r10->reciprocal, 31};
  else
    return std::nullopt;
  for (; m.shift < 0; ++m.shift) {
    if (m.multiplier > INT32_MAX / 2)
      return std::nullopt;
    m.multiplier *= 2;
  }
  for (; m.multiplier <= INT32_MAX / 2 && m.shift < 31; ++m.shift)
    m.multiplier *= 2;
  return m;
}

bool isHighMultiply(RequantizeKernel kernel) {
  return kernel == RequantizeKernel::R1 || kernel == RequantizeKernel::R11;
}

/// Whether RequantizeFloatLoops has the kernel, for any accumulator: no
/// infinity that could become a NaN.
bool hasFloatLoop(const AnyKernel &kernel) {
  auto isSmall = [](double v) { return v < 0x1p126; };
  if (const auto *k = std::get_if<KernelR4>(&kernel))
    return std::isfinite(k->scale) &&
           isSmall(std::fabs(static_cast<double>(k->bias) *
                             static_cast<double>(k->biasUnit)));
  if (const auto *k = std::get_if<KernelR8>(&kernel))
    return std::isfinite(k->scale);
  if (const auto *k = std::get_if<KernelR13>(&kernel))
    return std::isfinite(k->scale);
  if (const auto *k = std::get_if<KernelR9>(&kernel))
    return std::isfinite(k->precision == DequantPrecision::Requant
                             ? k->scale / k->outputScale
                             : 1 / k->outputScale);
  if (const auto *k = std::get_if<KernelR14>(&kernel))
    return isSmall(static_cast<double>(k->scale) * 0x1p31 +
                   std::fabs(static_cast<double>(k->bias)) +
                   static_cast<double>(k->residualScale) * 0x1p7);
  return false;
}

/// The first factor of such a kernel.
float firstFactor(const AnyKernel &kernel) {
  if (const auto *r4 = std::get_if<KernelR4>(&kernel))
    return r4->scale;
  if (const auto *r8 = std::get_if<KernelR8>(&kernel))
    return r8->scale;
  if (const auto *r13 = std::get_if<KernelR13>(&kernel))
    return r13->scale;
  if (const auto *r14 = std::get_if<KernelR14>(&kernel))
    return r14->scale;
  const auto *r9 = std::get_if<KernelR9>(&kernel);
  return r9 ? r9->factor() : 0;
}

/// Some thousand values: whole periods of the channel tables.
size_t periods(size_t width) {
  return std::max<size_t>(4096 / width, 1) * width;
}

detail::FloatForm floatForm(const RequantizeParams &params, bool fused) {
  switch (params.kernel) {
  case RequantizeKernel::R8:
    return detail::FloatForm::InsideAway;
  case RequantizeKernel::R13:
    return detail::FloatForm::InsideEven;
  case RequantizeKernel::R14:
    return detail::FloatForm::Epilogue;
  case RequantizeKernel::R9:
    switch (params.precision) {
    case DequantPrecision::Requant:
      return detail::FloatForm::Product;
    case DequantPrecision::F32:
    case DequantPrecision::F19:
      return detail::FloatForm::Dequantized;
    case DequantPrecision::F16:
      return detail::FloatForm::Half;
    case DequantPrecision::F16Sqrt:
      return detail::FloatForm::HalfTwice;
    }
    return detail::FloatForm::Product;
  default:
    if (params.bias.empty())
      return detail::FloatForm::Product;
    return fused ? detail::FloatForm::FusedBias : detail::FloatForm::Bias;
  }
}

} // namespace

PreparedRequantize::PreparedRequantize(const RequantizeParams &p,
                                       size_t channels, const int32_t *bias)
    : params(p), channels(channels),
      uniform(p.multipliers.size() <= 1 && p.scales.size() <= 1 &&
              p.bias.size() <= 1 && p.biasUnits.size() <= 1 &&
              p.outputs.empty() && !bias) {
  // Short channel counts are repeated, so that the inner loop is long enough to
  // vectorize.
  constexpr size_t minimumWidth = 64;
  if (uniform)
    width = minimumWidth;
  else if (channels >= minimumWidth || channels == 0)
    width = channels;
  else
    width = (minimumWidth + channels - 1) / channels * channels;

  for (size_t i = 0; i < width; ++i) {
    size_t channel = uniform ? 0 : i % channels;
    sub.push_back(
        wrap(int64_t(params.inputZeroPoint) - (bias ? bias[channel] : 0)));
    kernels.push_back(kernelOf(params, channel));
  }
  loop = chooseLoop();
  if (loop == Loop::Product && !isHighMultiply(params.kernel))
    for (const AnyKernel &kernel : kernels)
      narrow &= asProduct(kernel)->shift >= 31;
  for (size_t i = 0; i < width; ++i)
    addChannel(i);
  if (loop == Loop::Product) {
    auto some = [](const std::vector<int32_t> &list) {
      return std::any_of(list.begin(), list.end(), [](int32_t n) { return n; });
    };
    shifts = some(right) || (some(left) && !(uniform && narrow));
    if (shifts)
      subBefore = std::exchange(sub, std::vector<int32_t>(width));
  }
}

PreparedRequantize::Loop PreparedRequantize::chooseLoop() const {
  // The other loops have one zero point and clamp.
  if (!params.outputs.empty())
    return Loop::Definition;
  auto all = [&](auto holds) {
    return std::all_of(kernels.begin(), kernels.end(), holds);
  };
  bool away = params.kernel == RequantizeKernel::R5;
  if (isHighMultiply(params.kernel) || all([&](const AnyKernel &kernel) {
        std::optional<Multiplier> m = asProduct(kernel);
        return m && !(away && m->shift < 31);
      }))
    return Loop::Product;
  if (params.kernel == RequantizeKernel::R12)
    return Loop::Double;
  return all(hasFloatLoop) ? Loop::Float : Loop::Definition;
}

void PreparedRequantize::addProduct(size_t i) {
  Multiplier m;
  int32_t before = params.leftShift;
  uint64_t term = 0;
  if (isHighMultiply(params.kernel)) {
    // The high multiply, half up, is a shift by 31; what it leaves of the
    // second shift is the rest.
    m = at(params.multipliers, uniform ? 0 : i % channels);
    before += std::max(31 - m.shift, 0);
    term = uint64_t(1) << 30;
    if (m.shift > 31)
      term += uint64_t(1) << (m.shift - 1);
    bool away = params.kernel == RequantizeKernel::R1 && m.shift > 31;
    signBit.push_back(away ? uint32_t(1) << 31 : 0);
    m.shift = std::max(m.shift, 31);
    if (before > 31) { // nothing is left
      before = 0;
      m.multiplier = 0;
    }
  } else {
    m = *asProduct(kernels[i]);
    term = m.shift ? uint64_t(1) << (m.shift - 1) : 0;
  }
  left.push_back(before);
  right.push_back(m.preShift);
  mul.push_back(m.multiplier);
  round.push_back(narrow ? term + (uint64_t(1) << 63) : term);
  shift.push_back(static_cast<uint64_t>(m.shift));
  // 2^63 >> shift in 32 bits; for a shift of 31 it is 2^32, that is 0.
  unbias.push_back(static_cast<uint32_t>((uint64_t(1) << 63) >> m.shift));
}

void PreparedRequantize::addChannel(size_t i) {
  switch (loop) {
  case Loop::Product:
    return addProduct(i);
  case Loop::Float: {
    scale.push_back(firstFactor(kernels[i]));
    size_t channel = uniform ? 0 : i % channels;
    addend.push_back(biasAt(params.bias, channel, 0));
    unit.push_back(biasAt(params.biasUnits, channel, 1));
    fused |= addend.back() != 0 && unit.back() != 1;
    return;
  }
  case Loop::Double:
    scale64.push_back(std::get_if<KernelR12>(&kernels[i])->scale);
    return;
  case Loop::Definition:
    return;
  }
}

template <class Out>
void PreparedRequantize::runDefinition(const int32_t *in,
                                       const int8_t *residual, Out *out,
                                       size_t count) const {
  // One visit for all: every channel has the same kind of kernel.
  visitChannel(params, 0, [&](auto f) {
    using Kernel = decltype(f.kernel);
    f.lo = saturateTo<Out>(params.lo);
    f.hi = saturateTo<Out>(params.hi);
    bool inside =
        params.kernel == RequantizeKernel::R13 ||
        (params.kernel == RequantizeKernel::R8 && !params.zeroPointAfter);
    for (size_t i = 0, c = 0; i < count; ++i) {
      if (!params.outputs.empty()) {
        const OutputGrid &output = params.outputs[c % channels];
        f.zeroPoint = inside ? 0 : output.zeroPoint;
        f.lo = saturateTo<Out>(output.lo);
        f.hi = saturateTo<Out>(output.hi);
      }
      f.inputZeroPoint = sub[c];
      f.kernel = *std::get_if<Kernel>(&kernels[c]);
      int32_t x = f.input(in[i]);
      int64_t y;
      if constexpr (std::is_same_v<Kernel, KernelR14>)
        y = f.kernel.apply(x, residual ? residual[i] : 0);
      else
        y = f.kernel.apply(x);
      out[i] = static_cast<Out>(f.finish(y));
      c = c + 1 == width ? 0 : c + 1;
    }
  });
}

template <class Out>
bool PreparedRequantize::runFloat(const int32_t *in, const int8_t *residual,
                                  Out *out, size_t count) const {
  bool inside =
      params.kernel == RequantizeKernel::R13 ||
      (params.kernel == RequantizeKernel::R8 && !params.zeroPointAfter);
  // Bounds, in front of the zero point that is added last, for which f32 is
  // exact and has room for the rounding; a clamp in front of the rounding is
  // one behind it too.
  int64_t after = inside ? 0 : params.zeroPoint;
  int64_t lo = saturateTo<Out>(params.lo) - after;
  int64_t hi = saturateTo<Out>(params.hi) - after;
  constexpr int64_t most = int64_t(1) << 22;
  if (lo < -most || lo > most || hi < -most || hi > most)
    return false;
  detail::FloatLoop f{};
  f.form = floatForm(params, fused);
  f.width = width;
  f.uniform = uniform;
  f.left = params.leftShift;
  f.lo = static_cast<float>(lo);
  f.hi = static_cast<float>(hi);
  f.z = static_cast<int32_t>(after);
  f.inside = inside ? static_cast<float>(params.zeroPoint) : 0;
  f.output = params.kernel == RequantizeKernel::R9 ? 1 / params.outputScale
                                                   : params.outputScale;
  f.actLo = params.actLo;
  f.actHi = params.actHi;
  f.residualScale = params.residualScale;
  f.residual = residual;
  f.sub = sub.data();
  f.scale = scale.data();
  f.bias = addend.data();
  f.unit = unit.data();
  detail::loopFloat(in, out, count, f);
  return true;
}

template <class Out>
bool PreparedRequantize::runDouble(const int32_t *in, Out *out,
                                   size_t count) const {
  // An int32 before the zero point, which saturates: bounds within it.
  int64_t lo = saturateTo<Out>(params.lo) - params.zeroPoint;
  int64_t hi = saturateTo<Out>(params.hi) - params.zeroPoint;
  if (lo != wrap(lo) || hi != wrap(hi))
    return false;
  detail::loopDouble(
      in, out, count,
      detail::DoubleLoop{width, uniform, params.leftShift,
                         static_cast<double>(lo), static_cast<double>(hi),
                         wrap(params.zeroPoint), sub.data(), scale64.data()});
  return true;
}

template <class Out>
void PreparedRequantize::runInteger(const int32_t *in, Out *out,
                                    size_t count) const {
  if (!shifts)
    return runProduct(in, out, count);
  size_t block = periods(width);
  std::vector<int32_t> buffer(std::min(block, count));
  for (size_t i = 0; i < count; i += block) {
    size_t length = std::min(block, count - i);
    detail::loopShifts(in + i, buffer.data(), length,
                       {width, subBefore.data(), left.data(), right.data()});
    runProduct(buffer.data(), out + i, length);
  }
}

template <class Out>
void PreparedRequantize::runProduct(const int32_t *in, Out *out,
                                    size_t count) const {
  int64_t lo = saturateTo<Out>(params.lo), hi = saturateTo<Out>(params.hi);
  int64_t z = params.zeroPoint;
  if (!narrow)
    return detail::loopProduct(
        in, out, count,
        detail::ProductWide{width, sub.data(), mul.data(), round.data(),
                            shift.data(), lo - z, hi - z, z});
  // Kernel results of 32 bits: a bound (without the zero point) outside 32 bits
  // is either never reached or always.
  if (lo - z > INT32_MAX || hi - z < INT32_MIN) {
    std::fill_n(out, count, static_cast<Out>(lo - z > INT32_MAX ? lo : hi));
    return;
  }
  detail::Clamp clamp{saturateTo<int32_t>(lo - z), saturateTo<int32_t>(hi - z),
                      static_cast<int32_t>(z)};
  detail::Less less = detail::Less::None;
  if (params.kernel == RequantizeKernel::R5)
    less = detail::Less::One;
  else if (std::any_of(signBit.begin(), signBit.end(),
                       [](uint32_t bit) { return bit != 0; }))
    less = detail::Less::HighUnit;
  if (uniform)
    detail::loopProduct(in, out, count,
                        detail::ProductUniform{sub[0], shifts ? 0 : left[0],
                                               mul[0], round[0], shift[0],
                                               unbias[0]},
                        less, clamp);
  else
    detail::loopProduct(in, out, count,
                        detail::ProductChannels{width, sub.data(), mul.data(),
                                                round.data(), shift.data(),
                                                unbias.data(), signBit.data()},
                        less, clamp);
}

template <class Out>
void PreparedRequantize::runI32(const int32_t *in, const int8_t *residual,
                                Out *out, size_t count) const {
  switch (loop) {
  case Loop::Product:
    return runInteger(in, out, count);
  case Loop::Float:
    if (runFloat(in, residual, out, count))
      return;
    break;
  case Loop::Double:
    if (runDouble(in, out, count))
      return;
    break;
  case Loop::Definition:
    break;
  }
  runDefinition(in, residual, out, count);
}

template <class Out>
void PreparedRequantize::run(const int32_t *in, const int8_t *residual,
                             Out *out, size_t rows) const {
  runI32(in, residual, out, rows * channels);
}

template void PreparedRequantize::run(const int32_t *, const int8_t *,
                                      uint8_t *, size_t) const;
template void PreparedRequantize::run(const int32_t *, const int8_t *, int8_t *,
                                      size_t) const;
template void PreparedRequantize::run(const int32_t *, const int8_t *,
                                      int32_t *, size_t) const;

template <class In, class Out>
void PreparedRequantize::run(const In *in, Out *out, size_t rows) const {
  size_t count = rows * channels;
  if (count == 0)
    return;
  if constexpr (sizeof(In) == sizeof(int32_t)) {
    runI32(in, nullptr, out, count);
  } else {
    // All 256 inputs once, then a table.
    if (uniform && count > 256) {
      int32_t codes[256];
      Out table[256];
      for (int i = 0; i < 256; ++i)
        codes[i] = static_cast<In>(i);
      runI32(codes, nullptr, table, 256);
      for (size_t i = 0; i < count; ++i)
        out[i] = table[static_cast<uint8_t>(in[i])];
      return;
    }
    size_t block = periods(width);
    std::vector<int32_t> buffer(std::min(block, count));
    for (size_t i = 0; i < count; i += block) {
      size_t length = std::min(block, count - i);
      std::copy_n(in + i, length, buffer.data());
      runI32(buffer.data(), nullptr, out + i, length);
    }
  }
}

#define HWQ_REQUANTIZE_RUN(In, Out)                                            \
  template void PreparedRequantize::run(const In *, Out *, size_t) const;
HWQ_REQUANTIZE_RUN(int32_t, uint8_t)
HWQ_REQUANTIZE_RUN(int32_t, int8_t)
HWQ_REQUANTIZE_RUN(int32_t, int32_t)
HWQ_REQUANTIZE_RUN(uint8_t, uint8_t)
HWQ_REQUANTIZE_RUN(uint8_t, int8_t)
HWQ_REQUANTIZE_RUN(uint8_t, int32_t)
HWQ_REQUANTIZE_RUN(int8_t, uint8_t)
HWQ_REQUANTIZE_RUN(int8_t, int8_t)
HWQ_REQUANTIZE_RUN(int8_t, int32_t)

} // namespace hwq::numerics
