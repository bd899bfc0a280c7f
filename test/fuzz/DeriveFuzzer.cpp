//===- DeriveFuzzer.cpp - Derivations and quantize forms ------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any range, options, form and values: no undefined behaviour, parameters equal
// to the formulas in exact arithmetic, codes equal to the forms' definitions,
// arrays equal to scalars.
//
//===----------------------------------------------------------------------===//

#include "Exact.h"
#include "hwq/Numerics/Derive.h"
#include "hwq/Numerics/NnieLog.h"
#include "hwq/Numerics/Quantize.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace hwq::numerics;
using exact::add;
using exact::div;
using exact::mul;
using exact::sub;
using exact::toInteger;

namespace {

/// Bytes of the input, then zeros.
class Bytes {
public:
  Bytes(const uint8_t *data, size_t size) : data(data), left(size) {}
  template <class T> T take() {
    T value{};
    size_t n = std::min(sizeof(T), left);
    std::memcpy(&value, data, n);
    data += n;
    left -= n;
    return value;
  }

private:
  const uint8_t *data;
  size_t left;
};

/// A number: any bits, or a short decimal or binary fraction, where ties are.
double takeReal(Bytes &bytes) {
  uint8_t kind = bytes.take<uint8_t>();
  switch (kind % 5) {
  case 0:
    return bytes.take<double>();
  case 1:
    return static_cast<double>(bytes.take<float>());
  case 2:
    return bytes.take<int16_t>() / 1000.;
  case 3:
    return bytes.take<int16_t>() / 256.;
  default:
    return std::ldexp(bytes.take<int16_t>(), bytes.take<int8_t>());
  }
}

struct Expected {
  double scale;
  int64_t zeroPoint;
};

struct Reference {
  DeriveOptions options;
  Grid grid;
  double n, qmin, qmax;
  /// The range widened to zero, in f64 and in f32.
  double a, b, a32, b32, given32a, given32b;
  double magnitude, magnitude32;
  bool isUnsigned; // unsigned symmetric and no negative values
  int64_t middle;

  Reference(DerivationRule rule, Range range, const DeriveOptions &options,
            Grid grid)
      : options(options), grid(grid) {
    qmin = static_cast<double>(grid.qmin);
    qmax = static_cast<double>(grid.qmax);
    n = qmax - qmin;
    a = std::min(range.min, 0.);
    b = std::max(range.max, 0.);
    given32a = exact::to(range.min, exact::f32);
    given32b = exact::to(range.max, exact::f32);
    a32 = std::min(given32a, 0.);
    b32 = std::max(given32b, 0.);
    magnitude = std::max(std::fabs(range.min), std::fabs(range.max));
    magnitude32 = std::max(std::fabs(given32a), std::fabs(given32b));
    // In the precision of the rule: tiny values are 0 in f32.
    bool single = rule == DerivationRule::PTorch ||
                  rule == DerivationRule::PPotR ||
                  rule == DerivationRule::PGlow;
    isUnsigned = options.symmetry == Symmetry::UnsignedSymmetric &&
                 (single ? given32a : range.min) >= 0;
    middle = isSigned(options.storage) ? 0 : (grid.qmin + grid.qmax + 1) / 2;
  }
  bool isAsymmetric() const { return options.symmetry == Symmetry::Asymmetric; }
  int64_t round(double v, Rounding mode, int64_t offset = 0) const {
    return toInteger(v, mode, offset, grid.qmin, grid.qmax);
  }
  /// TFLite's choice between the two ends.
  double betterEnd(double min, double max, double s, double lo,
                   double hi) const {
    double x = div(min, s, exact::f64), y = div(max, s, exact::f64);
    return add(std::fabs(lo), std::fabs(x), exact::f64) <
                   add(std::fabs(hi), std::fabs(y), exact::f64)
               ? sub(lo, x, exact::f64)
               : sub(hi, y, exact::f64);
  }

  Expected symmetric64() const {
    if (isUnsigned)
      return {div(b, n, exact::f64), grid.qmin};
    return {div(std::max(-a, b), std::floor(n / 2), exact::f64), middle};
  }
  Expected aimet() {
    b = std::max(b, add(a, options.minimumWidth, exact::f64));
    if (!isAsymmetric())
      return symmetric64();
    double s = div(sub(b, a, exact::f64), n, exact::f64);
    return {s, toInteger(div(-a, s, exact::f64), Rounding::RHA, grid.qmin,
                         grid.qmin, grid.qmax)};
  }
  Expected tfl() const {
    if (!isAsymmetric())
      return symmetric64();
    double s = div(sub(b, a, exact::f64), n, exact::f64);
    return {s, round(betterEnd(a, b, s, qmin, qmax), Rounding::RHA)};
  }
  Expected fb() {
    double low = given32a, high = given32b;
    bool sparse = options.preserveSparsity && low < 0 && high > 0;
    if (sparse) {
      double below = std::floor(n / 2) + 1, above = std::floor(n / 2);
      double t =
          std::max(div(-low, below, exact::f32), div(high, above, exact::f32));
      low = -exact::roundTo(mpq_class(t) * mpq_class(below), exact::f32);
      high = exact::roundTo(mpq_class(t) * mpq_class(above), exact::f32);
    }
    low = std::min(low, 0.);
    high = std::max(high, 0.);
    double s =
        exact::to(div(sub(high, low, exact::f64), n, exact::f64), exact::f32);
    if (s == 0 || std::isinf(div(1, s, exact::f32)))
      s = static_cast<double>(.1f);
    if (options.powerOfTwo && std::isfinite(s)) {
      long k = std::ilogb(s) - 1;
      while (exact::powerOfTwo(k) < mpq_class(s))
        ++k;
      s = exact::roundTo(exact::powerOfTwo(k), exact::f32);
    }
    double least = static_cast<double>(6.1e-5f);
    if (s < least) {
      double amplifier = div(least, s, exact::f32);
      if (low == 0)
        high = mul(least, n, exact::f32);
      else if (high == 0)
        low = mul(-least, n, exact::f32);
      else {
        low = mul(low, amplifier, exact::f32);
        high = mul(high, amplifier, exact::f32);
      }
      s = least;
    }
    double z = betterEnd(low, high, s, qmin, qmax);
    if (sparse && low < 0 && high > 0)
      z = (qmin + qmax) / 2;
    return {s, round(z, Rounding::RNE)};
  }
  Expected torch(bool pot) const {
    double s = isUnsigned       ? div(b32, n, exact::f32)
               : isAsymmetric() ? div(sub(b32, a32, exact::f32), n, exact::f32)
                                : div(std::max(-a32, b32),
                                      div(n, 2, exact::f32), exact::f32);
    s = std::max(s, 0x1p-23);
    int64_t zero = isUnsigned ? grid.qmin : middle;
    if (isAsymmetric()) {
      int64_t steps = toInteger(div(a32, s, exact::f32), Rounding::RNE, 0,
                                -(grid.qmax - grid.qmin), 0);
      zero = std::clamp(grid.qmin - steps, grid.qmin, grid.qmax);
    }
    if (pot && std::isfinite(s)) {
      // The nearest k: s^2 against 2^(2k - 1); never a tie.
      long k = std::ilogb(s) - 1;
      while (mpq_class(s) * mpq_class(s) > exact::powerOfTwo(2 * k + 1))
        ++k;
      s = exact::roundTo(exact::powerOfTwo(k), exact::f32);
    }
    return {s, zero};
  }
  Expected amct() const {
    // On the signed grid.
    double qm =
        isSigned(options.storage) ? qmin : qmin - static_cast<double>(middle);
    double qM = qm + n;
    int64_t shift = static_cast<int64_t>(qmin - qm);
    if (!isAsymmetric()) {
      double s =
          div(magnitude32, std::fabs(given32a) > std::fabs(given32b) ? -qm : qM,
              exact::f32);
      return {s < 0x1p-23 ? 1 : s, shift};
    }
    double s = div(sub(b32, a32, exact::f32), n, exact::f32);
    if (s < 0x1p-23)
      return {1, grid.qmin};
    return {s, round(sub(qm, div(a32, s, exact::f32), exact::f32),
                     Rounding::RNE, shift)};
  }
  Expected glow() const {
    double qm =
        isSigned(options.storage) ? qmin : qmin - static_cast<double>(middle);
    double qM = qm + n, low = a32, high = b32;
    if (!isAsymmetric() && !isUnsigned) {
      double x = div(low, qm, exact::f64), y = div(high, qM, exact::f64);
      if (x > y)
        high = exact::to(mul(x, qM, exact::f64), exact::f32);
      else
        low = exact::to(mul(y, qm, exact::f64), exact::f32);
    }
    low = std::max(low, -exact::f32.largest);
    high = std::min(high, exact::f32.largest);
    double s = div(sub(high, low, exact::f64), n, exact::f64);
    if (s == 0)
      s = .1;
    double z = betterEnd(low, high, s, qm, qM);
    if (std::fabs(add(low, high, exact::f32)) <= 0x1p-23)
      z = 0;
    if (options.powerOfTwo)
      s = std::exp2(std::ceil(std::log2(s)));
    return {exact::to(s, exact::f32),
            round(z, Rounding::RHA, static_cast<int64_t>(qmin - qm))};
  }
  Expected nnlib() const {
    double low = a32, high = b32, z = 0;
    auto f = exact::f32;
    if (low != 0) {
      z = div(mul(-255, low, f), sub(high, low, f), f);
      double whole = std::floor(z), rest = sub(z, whole, f);
      if (rest <= 0x1p-14)
        z = whole;
      else if (rest >= 1 - 0x1p-14)
        z = whole + 1;
      else if (whole > 0 && (whole > 253 || mul(sub(rest, 1, f), low, f) >=
                                                mul(rest, high, f))) {
        high = sub(low, div(mul(255, low, f), whole, f), f);
        z = whole;
      } else {
        low = div(mul(high, whole + 1, f), whole - 254, f);
        z = whole + 1;
      }
    }
    double width = sub(high, low, f);
    mpq_class product = mpq_class(0x8.08081p-11) * mpq_class(width);
    mpq_class part = mpq_class(mul(-0xF.EFEFFp-36, width, f));
    return {exact::roundTo(product + part, f),
            grid.qmin + static_cast<int64_t>(z)};
  }
  Expected ngraph() const {
    double low = given32a, high = given32b;
    if (options.bumpByEps) {
      low = std::min(low, 0.);
      high = std::max({0., high,
                       add(low, div(std::max(1., magnitude32), 100, exact::f32),
                           exact::f32)});
    }
    double m = std::max(std::fabs(low), std::fabs(high));
    if (options.symmetry == Symmetry::UnsignedSymmetric)
      return low < 0 ? Expected{div(m, std::floor(n / 2), exact::f32), middle}
                     : Expected{div(m, n, exact::f32), grid.qmin};
    int64_t z = std::clamp<int64_t>(0, grid.qmin, grid.qmax);
    return {div(m, qmax - static_cast<double>(z), exact::f32), z};
  }
  Expected tpu(Range range) const {
    if (!isAsymmetric()) {
      double steps = isUnsigned ? n : std::floor(n / 2);
      int64_t z = isUnsigned ? grid.qmin : middle;
      if (options.ofWeights)
        return {std::max(div(magnitude32, steps, exact::f32),
                         static_cast<double>(1e-5f)),
                z};
      return {div(magnitude, steps, exact::f64), z};
    }
    // Of the vendor's grid only the size and the sign matter.
    double half = std::floor((n + 1) / 2);
    double qm = range.min < 0 ? -half : (options.narrow ? qmin : 0);
    if (range.min < 0 && isSigned(options.storage))
      qm = qmin;
    else if (range.min < 0)
      qm = qmin - static_cast<double>(middle);
    else if (isSigned(options.storage))
      qm = qmin + half;
    else
      qm = qmin;
    double s = div(sub(range.max, range.min, exact::f64), n, exact::f64);
    double z = s > 0 ? sub(qm, div(range.min, s, exact::f64), exact::f64)
               : range.min < 0 ? qm + n + 1
                               : qm - 1;
    if (z < qm)
      return {div(range.max, n, exact::f64), grid.qmin};
    if (z > qm + n)
      return {div(range.min, -n, exact::f64), grid.qmax};
    return {s, round(z, Rounding::RHA, static_cast<int64_t>(qmin - qm))};
  }
  Expected tvm() const {
    double t = magnitude32;
    if (options.ofWeights) {
      long k = t > 0 ? std::ilogb(t) - 1 : 0;
      while (t > 0 && exact::powerOfTwo(k) < mpq_class(t))
        ++k;
      t = t > 0 ? std::ldexp(1., static_cast<int>(k)) : 1;
    } else if (options.threshold > 0) {
      t = options.threshold;
    }
    return {div(t, qmax + 1, exact::f64), 0};
  }
  Expected dpu() const {
    double step = std::max(div(given32a, qmin - .5, exact::f32),
                           div(given32b, qmax + .5, exact::f32));
    long fp = 18;
    if (step > 0x1p-126) {
      fp = -std::ilogb(step) - 2;
      while (mpq_class(step) * exact::powerOfTwo(fp + 1) <= 1)
        ++fp;
    }
    fp = std::min(fp, n <= 255 ? 12l : 15l);
    return {std::ldexp(1., static_cast<int>(-fp)), 0};
  }
  Expected trt() const {
    if (magnitude == 0)
      return {1, 0};
    return {exact::to(div(magnitude, qmax, exact::f64), exact::f32), 0};
  }
  Expected tengine() const {
    double s = div(sub(b32, a32, exact::f32), n, exact::f32);
    return {s, toInteger(div(-a32, s, exact::f32), Rounding::RTZ, grid.qmin,
                         grid.qmin, grid.qmax)};
  }
  Expected note256() const {
    double count = n + 1;
    double s = div(sub(b, a, exact::f64), count, exact::f64);
    double z =
        div(mul(count, a, exact::f64), sub(a, b, exact::f64), exact::f64);
    return {s, toInteger(z, Rounding::RHA, grid.qmin, grid.qmin, grid.qmax)};
  }
};

Expected expectedOf(DerivationRule rule, Range range,
                    const DeriveOptions &options, Grid grid) {
  Reference r(rule, range, options, grid);
  switch (rule) {
  case DerivationRule::PAimet:
    return r.aimet();
  case DerivationRule::PTfl:
    return r.tfl();
  case DerivationRule::PFb:
    return r.fb();
  case DerivationRule::PTorch:
    return r.torch(false);
  case DerivationRule::PPotR:
    return r.torch(true);
  case DerivationRule::PNnlib:
    return r.nnlib();
  case DerivationRule::PAmct:
    return r.amct();
  case DerivationRule::PGlow:
    return r.glow();
  case DerivationRule::PNgraph:
    return r.ngraph();
  case DerivationRule::PTpu:
    return r.tpu(range);
  case DerivationRule::PTvm:
    return r.tvm();
  case DerivationRule::PDpu:
    return r.dpu();
  case DerivationRule::PTrt:
    return r.trt();
  case DerivationRule::PTengine:
    return r.tengine();
  case DerivationRule::PNote256:
    return r.note256();
  }
  return {};
}

int64_t expectedCode(QuantizeForm form, float x, const QuantParams &p) {
  double v = static_cast<double>(x), s = p.scale;
  double s32 = exact::to(s, exact::f32);
  auto [lo, hi] = p.grid;
  int64_t z = p.zeroPoint;
  double quotient = div(v, s32, exact::f32);
  double product = mul(v, div(1, s32, exact::f32), exact::f32);
  auto orZero = [](double y) { return std::isnan(y) ? 0 : y; };
  switch (form) {
  case QuantizeForm::Q1:
    return toInteger(product, Rounding::RNE, z, lo, hi);
  case QuantizeForm::Q2:
    return toInteger(quotient, Rounding::RNE, z, lo, hi);
  case QuantizeForm::Q3:
  case QuantizeForm::Q6P:
    return toInteger(quotient, Rounding::RHA, z, lo, hi);
  case QuantizeForm::Q4:
    return toInteger(add(orZero(quotient),
                         exact::to(static_cast<double>(z), exact::f32),
                         exact::f32),
                     Rounding::RNE, 0, lo, hi);
  case QuantizeForm::Q5:
    return toInteger(add(orZero(div(v, s, exact::f64)),
                         static_cast<double>(z - lo), exact::f64),
                     Rounding::RHA, lo, lo, hi);
  case QuantizeForm::Q6:
    return toInteger(quotient, Rounding::RHU, z, lo, hi);
  case QuantizeForm::Q7:
    return toInteger(product, Rounding::RHA, z, lo, hi);
  case QuantizeForm::Q3F64:
    return toInteger(div(v, s, exact::f64), Rounding::RHA, z, lo, hi);
  }
  return 0;
}

void require(bool condition, const char *what, DerivationRule rule, Range range,
             const QuantParams &p) {
  if (condition)
    return;
  std::fprintf(stderr, "%s: %s [%a, %a] scale %a zero point %lld\n", what,
               std::string(stringify(rule)).c_str(), range.min, range.max,
               p.scale, static_cast<long long>(p.zeroPoint));
  std::abort();
}

/// x[i] repeats after so many values.
constexpr size_t distinct = 16;

template <class T>
void compareArrays(QuantizeForm form, const float *x, size_t count,
                   const QuantParams &p, DerivationRule rule, Range range) {
  T q[70];
  float back[70];
  quantizeArray(form, x, count, p, q);
  dequantizeArray(q, count, p, back);
  int64_t wants[distinct];
  for (size_t i = 0; i < count; ++i) {
    int64_t &want = wants[i % distinct];
    if (i < distinct) {
      want = expectedCode(form, x[i], p);
      require(quantize(form, x[i], p) == want, "quantize", rule, range, p);
    }
    require(static_cast<int64_t>(q[i]) == want, "quantizeArray", rule, range,
            p);
    float f = dequantize(q[i], p);
    require(std::memcmp(&f, &back[i], sizeof(f)) == 0, "dequantizeArray", rule,
            range, p);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Bytes bytes(data, size);
  auto choose = [&](const auto &all) {
    return all[bytes.take<uint8_t>() % all.size()];
  };
  DerivationRule rule = choose(allValues<DerivationRule>());
  QuantizeForm form = choose(allValues<QuantizeForm>());
  DeriveOptions options;
  options.symmetry = choose(allValues<Symmetry>());
  options.storage = choose(allValues<Storage>());
  options.bits = bytes.take<uint8_t>() % 34;
  if (options.bits > 17)
    options.bits = 0;
  uint8_t flags = bytes.take<uint8_t>();
  options.narrow = flags & 1;
  options.ofWeights = flags & 2;
  // Options of single rules mostly where they belong.
  bool stray = (flags & 0xc0) == 0xc0;
  if (rule == DerivationRule::PFb || rule == DerivationRule::PGlow || stray)
    options.powerOfTwo = flags & 4;
  if (rule == DerivationRule::PFb || stray)
    options.preserveSparsity = flags & 8;
  if (rule == DerivationRule::PNgraph || stray)
    options.bumpByEps = flags & 16;
  if (flags & 32) {
    options.minimumWidth = takeReal(bytes);
    options.threshold = takeReal(bytes);
  }
  Range range{takeReal(bytes), takeReal(bytes)};
  if (flags & 128 && range.min > range.max)
    std::swap(range.min, range.max);

  Result<Derived> derived = deriveParams(rule, range, options);
  QuantParams p;
  if (derived) {
    p = derived->params;
    require(p.grid.qmin <= p.zeroPoint && p.zeroPoint <= p.grid.qmax,
            "zero point off the grid", rule, range, p);
    Expected want = expectedOf(rule, range, options, p.grid);
    double want32 = exact::to(want.scale, exact::f32);
    require(std::isfinite(want32), "scale not finite", rule, range, p);
    if (want32 == 0)
      require(p.scale == 0, "scale of zero", rule, range, p);
    else
      require(p.scale == want.scale && p.zeroPoint == want.zeroPoint,
              "parameters", rule, range, p);
  } else {
    p = {takeReal(bytes), bytes.take<int16_t>() % 256,
         gridOf(options.storage, options.narrow)};
    if (!isSigned(options.storage))
      p.zeroPoint = std::abs(p.zeroPoint);
  }

  // Ties of the parameters, then whatever the input holds.
  float x[70];
  size_t count = 0;
  for (; count < 8; ++count)
    x[count] =
        static_cast<float>((bytes.take<int8_t>() + .5 * (count % 3)) * p.scale);
  for (; count < distinct; ++count)
    x[count] = static_cast<float>(takeReal(bytes));
  // The loops work in chunks of 64.
  for (; count < 70; ++count)
    x[count] = x[count % distinct];
  switch (options.storage) {
  case Storage::U8:
    compareArrays<uint8_t>(form, x, count, p, rule, range);
    break;
  case Storage::I8:
    compareArrays<int8_t>(form, x, count, p, rule, range);
    break;
  case Storage::U16:
    compareArrays<uint16_t>(form, x, count, p, rule, range);
    break;
  case Storage::I16:
    compareArrays<int16_t>(form, x, count, p, rule, range);
    break;
  case Storage::I32:
    compareArrays<int32_t>(form, x, count, p, rule, range);
    break;
  }
  options.symmetry = Symmetry::Symmetric;
  options.storage = isSigned(options.storage) ? options.storage : Storage::I8;
  options.bits = 0;
  (void)static_cast<bool>(deriveDpu(x, count, options));
  (void)exactWeightScale(x, count, p.grid);
  (void)nnieDecode(nnieEncode(x[0], static_cast<int>(p.zeroPoint)),
                   static_cast<int>(p.zeroPoint));
  (void)static_cast<bool>(nnieZeroPoint(x[1]));
  return 0;
}
