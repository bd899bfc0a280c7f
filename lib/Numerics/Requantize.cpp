//===- Requantize.cpp - Accumulator to output integer ---------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Requantize.h"

#include "hwq/Numerics/Rounding.h"

#include "RequantizeLoops.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace hwq::numerics {

Result<Multiplier> chooseMultiplier(RequantizeKernel kernel, double scale) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.17g", scale);
  if (kernel == RequantizeKernel::Real)
    return failure("kernel 'real' has no multiplier");
  if (!std::isfinite(scale) || scale < 0)
    return failure(std::string("expected a finite scale >= 0, got ") + text);
  if (scale == 0)
    return Multiplier{};
  int exponent;
  double fraction = std::frexp(scale, &exponent);
  int64_t multiplier = std::llround(std::ldexp(fraction, 31));
  if (multiplier == int64_t(1) << 31) {
    multiplier /= 2;
    ++exponent;
  }
  if (exponent < -31)
    return Multiplier{};
  if (exponent > 31)
    return failure(std::string("expected a scale below 2^31, got ") + text);
  return Multiplier{static_cast<int32_t>(multiplier), 31 - exponent};
}

double multiplierValue(Multiplier m) {
  return std::ldexp(static_cast<double>(m.multiplier), -m.shift);
}

double relativeErrorBound(RequantizeKernel kernel) {
  switch (kernel) {
  case RequantizeKernel::Real:
    return 0;
  case RequantizeKernel::R1:
  case RequantizeKernel::R2:
    // 31 bits, the first of them set: half a unit of at least 2^30.
    return 0x1p-31;
  }
  return 0;
}

Domain kernelDomain(RequantizeKernel kernel, Multiplier m) {
  int left = kernel == RequantizeKernel::R1 ? std::max(31 - m.shift, 0) : 0;
  return {int64_t(INT32_MIN) >> left, int64_t(INT32_MAX) >> left};
}

namespace {

int32_t wrap(int64_t x) { return static_cast<int32_t>(x); }

int32_t shiftLeft(int32_t x, int n) {
  return static_cast<int32_t>(static_cast<uint32_t>(x) << n);
}

/// The high half of 2ab, rounded half up.
int32_t doublingHighMultiply(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN)
    return INT32_MAX;
  return static_cast<int32_t>(
      (static_cast<int64_t>(a) * b + (int64_t(1) << 30)) >> 31);
}

} // namespace

int64_t applyKernel(RequantizeKernel kernel, int64_t x, Multiplier m) {
  int32_t value = wrap(x);
  int shift = std::clamp(m.shift, 0, 62);
  switch (kernel) {
  case RequantizeKernel::Real:
    return shiftRight(static_cast<int64_t>(value) * m.multiplier, shift,
                      Rounding::RHA);
  case RequantizeKernel::R1:
    return shiftRight(
        doublingHighMultiply(shiftLeft(value, std::max(31 - shift, 0)),
                             m.multiplier),
        std::max(shift - 31, 0), Rounding::RHA);
  case RequantizeKernel::R2:
    return shiftRight(static_cast<int64_t>(value) * m.multiplier, shift,
                      Rounding::RHU);
  }
  return 0;
}

std::string checkRequantize(const RequantizeParams &params, size_t channels) {
  size_t count = params.multipliers.size();
  if (params.kernel == RequantizeKernel::Real)
    return "kernel 'real' has no integer arithmetic";
  if (count != 1 && count != channels)
    return "expected 1 or " + std::to_string(channels) + " multipliers, got " +
           std::to_string(count);
  for (size_t i = 0; i < count; ++i) {
    const Multiplier &m = params.multipliers[i];
    if (m.multiplier < 0)
      return "expected a multiplier >= 0, got " + std::to_string(m.multiplier) +
             " for channel " + std::to_string(i);
    if (m.shift < 0 || m.shift > 62)
      return "expected a shift in 0..62, got " + std::to_string(m.shift) +
             " for channel " + std::to_string(i);
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
  const Multiplier &m =
      params.multipliers[params.multipliers.size() == 1 ? 0 : channel];
  int32_t value = shiftLeft(wrap(wrap(x) - int64_t(params.inputZeroPoint)),
                            params.leftShift);
  return saturate(applyKernel(params.kernel, value, m) + params.zeroPoint,
                  params.lo, params.hi);
}

PreparedRequantize::PreparedRequantize(const RequantizeParams &p,
                                       size_t channels, const int32_t *bias)
    : params(p), channels(channels),
      uniform(p.multipliers.size() == 1 && !bias), narrow(true) {
  // Short channel counts are repeated, so that the inner loop is long enough to
  // vectorize.
  constexpr size_t minimumWidth = 64;
  if (uniform)
    width = minimumWidth;
  else if (channels >= minimumWidth || channels == 0)
    width = channels;
  else
    width = (minimumWidth + channels - 1) / channels * channels;

  for (const Multiplier &m : params.multipliers)
    narrow &= m.shift >= 31;
  for (size_t i = 0; i < width; ++i) {
    size_t channel = uniform ? 0 : i % channels;
    Multiplier m =
        params.multipliers[params.multipliers.size() == 1 ? 0 : channel];
    sub.push_back(
        wrap(int64_t(params.inputZeroPoint) - (bias ? bias[channel] : 0)));
    mul.push_back(m.multiplier);
    if (params.kernel == RequantizeKernel::R1) {
      left.push_back(std::max(31 - m.shift, 0));
      right.push_back(std::max(m.shift - 31, 0));
    } else {
      uint64_t half = m.shift ? uint64_t(1) << (m.shift - 1) : 0;
      round.push_back(narrow ? half + (uint64_t(1) << 63) : half);
      shift.push_back(static_cast<uint64_t>(m.shift));
      // 2^63 >> shift in 32 bits; for a shift of 31 it is 2^32, that is 0.
      unbias.push_back(static_cast<uint32_t>((uint64_t(1) << 63) >> m.shift));
    }
  }
}

template <class Out>
void PreparedRequantize::runI32(const int32_t *in, Out *out,
                                size_t count) const {
  int64_t lo = saturateTo<Out>(params.lo), hi = saturateTo<Out>(params.hi);
  int64_t z = params.zeroPoint;
  if (params.kernel == RequantizeKernel::R2 && !narrow) {
    detail::R2Wide wide{width,       params.leftShift, lo - z,     hi - z,
                        z,           sub.data(),       mul.data(), round.data(),
                        shift.data()};
    return detail::loopR2(in, out, count, wide);
  }
  // Kernel results of 32 bits: a bound (without the zero point) outside 32 bits
  // is either never reached or always.
  if (lo - z > INT32_MAX || hi - z < INT32_MIN) {
    std::fill_n(out, count, static_cast<Out>(lo - z > INT32_MAX ? lo : hi));
    return;
  }
  detail::Clamp clamp{saturateTo<int32_t>(lo - z), saturateTo<int32_t>(hi - z),
                      static_cast<int32_t>(z)};
  switch (params.kernel) {
  case RequantizeKernel::Real:
    for (size_t i = 0; i < count; ++i)
      out[i] =
          saturateTo<Out>(requantize(params, i % channels,
                                     int64_t(in[i]) + params.inputZeroPoint -
                                         sub[uniform ? 0 : i % channels]));
    return;
  case RequantizeKernel::R1:
    if (uniform)
      return detail::loopR1(in, out, count,
                            detail::R1Uniform{sub[0], mul[0], params.leftShift,
                                              left[0], right[0]},
                            clamp);
    return detail::loopR1(in, out, count,
                          detail::R1Channels{width, params.leftShift,
                                             sub.data(), mul.data(),
                                             left.data(), right.data()},
                          clamp);
  case RequantizeKernel::R2:
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
}

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
