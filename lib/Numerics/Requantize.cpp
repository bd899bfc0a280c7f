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
                    p.zeroPointAfter ? 0 : static_cast<float>(p.zeroPoint)};
  case RequantizeKernel::R9:
    return KernelR9{floatAt(p.scales, channel), p.outputScale, p.precision};
  case RequantizeKernel::R12:
    return KernelR12{at(p.scales, channel)};
  case RequantizeKernel::R13:
    return KernelR13{floatAt(p.scales, channel),
                     static_cast<float>(p.zeroPoint)};
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
  if (params.lo > params.hi)
    return "expected a clamp with lo <= hi, got [" + std::to_string(params.lo) +
           ", " + std::to_string(params.hi) + "]";
  if (params.zeroPoint != wrap(params.zeroPoint))
    return "expected a zero point that fits 32 bits, got " +
           std::to_string(params.zeroPoint);
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

/// The same function as R2's, with the multiplier in [2^30, 2^31) if the shift
/// allows it.
std::optional<Multiplier> asProduct(const AnyKernel &kernel) {
  Multiplier m;
  if (const auto *r2 = std::get_if<KernelR2>(&kernel))
    m = r2->m;
  else if (const auto *r6 = std::get_if<KernelR6>(&kernel))
    m = {1, r6->shift};
  else if (const auto *r7 = std::get_if<KernelR7>(&kernel))
    m = r7->m;
  else if (const auto *r10 = std::get_if<KernelR10>(&kernel))
    m = {r10->reciprocal, 31};
  else
    return std::nullopt;
  if (m.preShift != 0)
    return std::nullopt;
  for (; m.shift < 0; ++m.shift) {
    if (m.multiplier > INT32_MAX / 2)
      return std::nullopt;
    m.multiplier *= 2;
  }
  while (m.multiplier != 0 && m.multiplier <= INT32_MAX / 2 && m.shift < 31) {
    m.multiplier *= 2;
    ++m.shift;
  }
  return m;
}

/// The same function as R4's or, for R13 and R8, as R4's without its zero point
/// and rounding.
std::optional<KernelR4> asFloatProduct(const AnyKernel &kernel) {
  if (const auto *r4 = std::get_if<KernelR4>(&kernel))
    return *r4;
  if (const auto *r8 = std::get_if<KernelR8>(&kernel))
    return KernelR4{r8->scale};
  if (const auto *r13 = std::get_if<KernelR13>(&kernel))
    return KernelR4{r13->scale};
  const auto *r9 = std::get_if<KernelR9>(&kernel);
  if (r9 && r9->precision == DequantPrecision::Requant)
    return KernelR4{r9->scale / r9->outputScale};
  return std::nullopt;
}

} // namespace

PreparedRequantize::PreparedRequantize(const RequantizeParams &p,
                                       size_t channels, const int32_t *bias)
    : params(p), channels(channels),
      uniform(p.multipliers.size() <= 1 && p.scales.size() <= 1 &&
              p.bias.size() <= 1 && p.biasUnits.size() <= 1 && !bias) {
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
  auto all = [&](auto holds) {
    return std::all_of(kernels.begin(), kernels.end(), holds);
  };
  if (params.kernel == RequantizeKernel::R1 ||
      params.kernel == RequantizeKernel::R11)
    loop = Loop::HighMultiply;
  else if (all([](const AnyKernel &k) { return asProduct(k).has_value(); }))
    loop = Loop::Product;
  else if (all([](const AnyKernel &k) {
             std::optional<KernelR4> f = asFloatProduct(k);
             // The loop knows no NaN: an infinite sum times the scale 0.
             return f && std::isfinite(f->scale) &&
                    std::fabs(static_cast<double>(f->bias) *
                              static_cast<double>(f->biasUnit)) < 0x1p126;
           }))
    loop = Loop::Float;
  if (loop == Loop::Product)
    for (const AnyKernel &kernel : kernels)
      narrow &= asProduct(kernel)->shift >= 31;
  for (size_t i = 0; i < width; ++i)
    addChannel(i);
}

void PreparedRequantize::addChannel(size_t i) {
  switch (loop) {
  case Loop::HighMultiply: {
    Multiplier m = at(params.multipliers, uniform ? 0 : i % channels);
    mul.push_back(m.multiplier);
    left.push_back(std::max(31 - m.shift, 0));
    right.push_back(std::max(m.shift - 31, 0));
    return;
  }
  case Loop::Product: {
    Multiplier m = *asProduct(kernels[i]);
    mul.push_back(m.multiplier);
    uint64_t half = m.shift ? uint64_t(1) << (m.shift - 1) : 0;
    round.push_back(narrow ? half + (uint64_t(1) << 63) : half);
    shift.push_back(static_cast<uint64_t>(m.shift));
    // 2^63 >> shift in 32 bits; for a shift of 31 it is 2^32, that is 0.
    unbias.push_back(static_cast<uint32_t>((uint64_t(1) << 63) >> m.shift));
    return;
  }
  case Loop::Float: {
    KernelR4 kernel = *asFloatProduct(kernels[i]);
    scale.push_back(kernel.scale);
    addend.push_back(kernel.bias);
    unit.push_back(kernel.biasUnit);
    fused |= kernel.bias != 0 && kernel.biasUnit != 1;
    return;
  }
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
    for (size_t i = 0, c = 0; i < count; ++i) {
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
bool PreparedRequantize::runFloat(const int32_t *in, Out *out,
                                  size_t count) const {
  bool away = params.kernel == RequantizeKernel::R8;
  bool inside = params.kernel == RequantizeKernel::R13 ||
                (away && !params.zeroPointAfter);
  // Bounds, in front of the zero point that is added last, for which f32 is
  // exact and has room for the rounding; a clamp in front of the rounding is
  // one behind it too.
  int64_t after = inside ? 0 : params.zeroPoint;
  int64_t lo = saturateTo<Out>(params.lo) - after;
  int64_t hi = saturateTo<Out>(params.hi) - after;
  constexpr int64_t most = int64_t(1) << 22;
  if (lo < -most || lo > most || hi < -most || hi > most)
    return false;
  detail::FloatLoop f{width,
                      uniform,
                      params.leftShift,
                      static_cast<float>(lo),
                      static_cast<float>(hi),
                      static_cast<int32_t>(after),
                      inside ? static_cast<float>(params.zeroPoint) : 0,
                      sub.data(),
                      scale.data(),
                      addend.data(),
                      unit.data()};
  if (away)
    detail::loopHalfAway(in, out, count, f);
  else if (inside)
    detail::loopZeroPointInside(in, out, count, f);
  else if (fused)
    detail::loopFusedBias(in, out, count, f);
  else if (!params.bias.empty())
    detail::loopBias(in, out, count, f);
  else
    detail::loopNoBias(in, out, count, f);
  return true;
}

template <class Out>
void PreparedRequantize::runInteger(const int32_t *in, Out *out,
                                    size_t count) const {
  int64_t lo = saturateTo<Out>(params.lo), hi = saturateTo<Out>(params.hi);
  int64_t z = params.zeroPoint;
  if (!narrow)
    return detail::loopR2(in, out, count,
                          detail::R2Wide{width, params.leftShift, lo - z,
                                         hi - z, z, sub.data(), mul.data(),
                                         round.data(), shift.data()});
  // Kernel results of 32 bits: a bound (without the zero point) outside 32 bits
  // is either never reached or always.
  if (lo - z > INT32_MAX || hi - z < INT32_MIN) {
    std::fill_n(out, count, static_cast<Out>(lo - z > INT32_MAX ? lo : hi));
    return;
  }
  detail::Clamp clamp{saturateTo<int32_t>(lo - z), saturateTo<int32_t>(hi - z),
                      static_cast<int32_t>(z)};
  if (loop == Loop::Product) {
    if (uniform)
      return detail::loopR2(in, out, count,
                            detail::R2Uniform{sub[0], params.leftShift, mul[0],
                                              round[0], shift[0], unbias[0]},
                            clamp);
    return detail::loopR2(
        in, out, count,
        detail::R2Channels{width, params.leftShift, sub.data(), mul.data(),
                           round.data(), shift.data(), unbias.data()},
        clamp);
  }
  auto run = [&](const auto &tables) {
    if (params.kernel == RequantizeKernel::R1)
      detail::loopR1(in, out, count, tables, clamp);
    else
      detail::loopR11(in, out, count, tables, clamp);
  };
  if (uniform)
    run(detail::R1Uniform{sub[0], mul[0], params.leftShift, left[0], right[0]});
  else
    run(detail::R1Channels{width, params.leftShift, sub.data(), mul.data(),
                           left.data(), right.data()});
}

template <class Out>
void PreparedRequantize::runI32(const int32_t *in, Out *out,
                                size_t count) const {
  switch (loop) {
  case Loop::HighMultiply:
  case Loop::Product:
    return runInteger(in, out, count);
  case Loop::Float:
    if (runFloat(in, out, count))
      return;
    break;
  case Loop::Definition:
    break;
  }
  runDefinition(in, nullptr, out, count);
}

template <class Out>
void PreparedRequantize::run(const int32_t *in, const int8_t *residual,
                             Out *out, size_t rows) const {
  runDefinition(in, residual, out, rows * channels);
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
    runI32(in, out, count);
  } else {
    // All 256 inputs once, then a table.
    if (uniform && count > 256) {
      int32_t codes[256];
      Out table[256];
      for (int i = 0; i < 256; ++i)
        codes[i] = static_cast<In>(i);
      runI32(codes, table, 256);
      for (size_t i = 0; i < count; ++i)
        out[i] = table[static_cast<uint8_t>(in[i])];
      return;
    }
    // Whole periods of the channel tables.
    size_t block = std::max<size_t>(4096 / width, 1) * width;
    std::vector<int32_t> buffer(std::min(block, count));
    for (size_t i = 0; i < count; i += block) {
      size_t length = std::min(block, count - i);
      std::copy_n(in + i, length, buffer.data());
      runI32(buffer.data(), out + i, length);
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
