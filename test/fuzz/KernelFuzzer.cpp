//===- KernelFuzzer.cpp - Kernels and multipliers against exact numbers ---===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Any bytes as kernel parameters and accumulators: on the domain the result is
// that of exact arithmetic, outside it is one without undefined behaviour, and
// the array loop gives the same. Any double as a scale: a multiplier within its
// bound, or an error.
//
//===----------------------------------------------------------------------===//

#include "../Numerics/KernelReference.h"
#include "hwq/Numerics/Requantize.h"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

using namespace hwq::numerics;

namespace {

/// What is being tried, for the message.
const RequantizeParams *current = nullptr;

void print(const RequantizeParams &p) {
  Multiplier m = p.multipliers.empty() ? Multiplier{} : p.multipliers[0];
  std::fprintf(
      stderr,
      "%s multiplier %d shift %d pre %d scale %a bias %a unit %a output scale "
      "%a precision %s zero point %lld after %d activation [%a, %a] input zero "
      "point %d left %d clamp [%lld, %lld]\n",
      std::string(stringify(p.kernel)).c_str(), m.multiplier, m.shift,
      m.preShift, p.scales.empty() ? 0 : p.scales[0],
      p.bias.empty() ? 0 : double(p.bias[0]),
      p.biasUnits.empty() ? 1 : double(p.biasUnits[0]), double(p.outputScale),
      std::string(stringify(p.precision)).c_str(),
      static_cast<long long>(p.zeroPoint), p.zeroPointAfter, double(p.actLo),
      double(p.actHi), p.inputZeroPoint, p.leftShift,
      static_cast<long long>(p.lo), static_cast<long long>(p.hi));
}

void check(bool holds, const char *what) {
  if (holds)
    return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  if (current)
    print(*current);
  std::abort();
}

/// A float whose bits are anything but those of a NaN, an infinity or a
/// negative number.
float anyScale(FuzzedDataProvider &data) {
  uint32_t bits = data.ConsumeIntegralInRange<uint32_t>(0, 0x7f7fffff);
  float f;
  std::memcpy(&f, &bits, sizeof(f));
  return f;
}
float anyFinite(FuzzedDataProvider &data) {
  float f = anyScale(data);
  return data.ConsumeBool() ? -f : f;
}

reference::Int128 exactValue(const KernelR1 &k, int32_t x) {
  return reference::r1(x, k.m);
}
reference::Int128 exactValue(const KernelR2 &k, int32_t x) {
  return reference::r2(x, k.m);
}
reference::Int128 exactValue(const KernelR4 &k, int32_t x) {
  return reference::r4(x, k);
}
reference::Int128 exactValue(const KernelR5 &k, int32_t x) {
  return reference::r5(x, k.m);
}
reference::Int128 exactValue(const KernelR6 &k, int32_t x) {
  return reference::r6(x, k.shift);
}
reference::Int128 exactValue(const KernelR7 &k, int32_t x) {
  return reference::r7(x, k.m);
}
reference::Int128 exactValue(const KernelR8 &k, int32_t x) {
  return reference::r8(x, k);
}
reference::Int128 exactValue(const KernelR9 &k, int32_t x) {
  return k.precision == DequantPrecision::F16Sqrt ? k.apply(x)
                                                  : reference::r9(x, k);
}
reference::Int128 exactValue(const KernelR10 &k, int32_t x) {
  return reference::r10(x, k.reciprocal, k.offset);
}
reference::Int128 exactValue(const KernelR11 &k, int32_t x) {
  return reference::r11(x, k.m);
}
reference::Int128 exactValue(const KernelR12 &k, int32_t x) {
  return reference::r12(x, k.scale);
}
reference::Int128 exactValue(const KernelR13 &k, int32_t x) {
  return reference::r13(x, k);
}
reference::Int128 exactValue(const KernelR14 &k, int32_t x) {
  return reference::r14(x, k, 0);
}

void fuzzMultiplier(FuzzedDataProvider &data) {
  uint64_t bits = data.ConsumeIntegral<uint64_t>();
  double scale;
  std::memcpy(&scale, &bits, sizeof(scale));
  for (MultiplierRule rule : allValues<MultiplierRule>()) {
    Result<Multiplier> m = chooseMultiplier(rule, scale);
    ScaleRange range = representableScales(rule);
    bool inside = scale >= range.smallest && scale <= range.largest;
    check(static_cast<bool>(m) ||
              (!m.error().empty() &&
               (!inside || rule == MultiplierRule::PowerOfTwo)),
          "a multiplier for every representable scale");
    check(!m || inside, "an error for every other");
    if (m) {
      check(m->multiplier > 0, "a positive multiplier");
      check(relativeError(*m, scale) <= relativeErrorBound(rule, scale),
            "the error is within the bound");
    }
  }
  for (RequantizeKernel kernel : allValues<RequantizeKernel>())
    (void)chooseMultiplier(kernel, scale);
}

RequantizeParams anyParams(FuzzedDataProvider &data) {
  RequantizeParams p;
  const auto &kernels = allValues<RequantizeKernel>();
  p.kernel =
      kernels[data.ConsumeIntegralInRange<size_t>(1, kernels.size() - 1)];
  p.inputZeroPoint = data.ConsumeBool() ? 0 : data.ConsumeIntegral<int32_t>();
  p.leftShift = data.ConsumeBool() ? 0 : data.ConsumeIntegralInRange(0, 31);
  p.zeroPoint =
      data.ConsumeIntegral<int32_t>() >> data.ConsumeIntegralInRange(0, 31);
  p.lo = data.ConsumeIntegral<int64_t>();
  p.hi = data.ConsumeIntegral<int64_t>();
  if (data.ConsumeBool()) {
    p.lo = -128;
    p.hi = 127;
  }
  if (p.lo > p.hi)
    std::swap(p.lo, p.hi);
  if (!isFloatKernel(p.kernel)) {
    Multiplier m{data.ConsumeIntegralInRange<int32_t>(0, INT32_MAX),
                 data.ConsumeIntegralInRange(-32, 62), 0};
    if (p.kernel == RequantizeKernel::R7)
      m.preShift = data.ConsumeIntegralInRange(0, 31);
    else if (p.kernel == RequantizeKernel::R6)
      m = {1, std::max(m.shift, -31)};
    else if (p.kernel == RequantizeKernel::R10)
      m.shift = 31;
    else
      m.shift = std::max(m.shift, 0);
    p.multipliers = {m};
    return p;
  }
  p.scales = {static_cast<double>(anyScale(data))};
  if (p.kernel == RequantizeKernel::R4 || p.kernel == RequantizeKernel::R14)
    p.bias = {anyFinite(data)};
  if (p.kernel == RequantizeKernel::R4 && data.ConsumeBool())
    p.biasUnits = {anyFinite(data)};
  p.outputScale = std::max(anyScale(data), 1e-45f);
  p.precision =
      allValues<DequantPrecision>()[data.ConsumeIntegralInRange(0, 4)];
  p.zeroPointAfter = data.ConsumeBool();
  if (data.ConsumeBool()) {
    p.actLo = anyFinite(data);
    p.actHi = anyFinite(data);
    if (p.actLo > p.actHi)
      std::swap(p.actLo, p.actHi);
  }
  p.residualScale = anyScale(data);
  return p;
}

template <class Out>
void checkArray(const RequantizeParams &p, const std::vector<int32_t> &xs) {
  std::vector<Out> out(xs.size());
  PreparedRequantize(p, 1).run(xs.data(), out.data(), xs.size());
  for (size_t i = 0; i < xs.size(); ++i) {
    int64_t expected = requantize(p, 0, xs[i]);
    expected = std::max<int64_t>(expected, std::numeric_limits<Out>::min());
    expected = std::min<int64_t>(expected, std::numeric_limits<Out>::max());
    check(out[i] == expected, "the array has the values of the definition");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  FuzzedDataProvider data(bytes, size);
  current = nullptr;
  if (data.ConsumeIntegralInRange(0, 3) == 0) {
    fuzzMultiplier(data);
    return 0;
  }
  RequantizeParams p = anyParams(data);
  std::string problem = checkRequantize(p, 1);
  if (!problem.empty())
    std::fprintf(stderr, "%s\n", problem.c_str());
  check(problem.empty(), "parameters in their limits are accepted");
  std::vector<int32_t> xs = {0, 1, -1, INT32_MIN, INT32_MAX};
  for (int i = 0; i < 6; ++i)
    xs.push_back(data.ConsumeIntegral<int32_t>());
  Domain domain = requantizeDomain(p, 0);
  for (int64_t end : {domain.lo, domain.hi})
    if (end >= INT32_MIN && end <= INT32_MAX)
      xs.push_back(static_cast<int32_t>(end));
  current = &p;
  visitChannel(p, 0, [&](const auto &f) {
    for (int32_t x : xs) {
      int64_t y = f(x);
      check(y >= p.lo && y <= p.hi, "the result is within the clamp");
      if (domain.contains(x, x))
        check(f.kernel.apply(f.input(x)) ==
                  reference::saturate(exactValue(f.kernel, f.input(x)),
                                      INT64_MIN, INT64_MAX),
              "the result is the exact one");
    }
    // Monotone.
    std::sort(xs.begin(), xs.end());
    for (size_t i = 1; i < xs.size(); ++i)
      if (domain.contains(xs[i - 1], xs[i]))
        check(f(xs[i - 1]) <= f(xs[i]), "monotone on the domain");
  });
  checkArray<uint8_t>(p, xs);
  checkArray<int8_t>(p, xs);
  checkArray<int32_t>(p, xs);
  return 0;
}
