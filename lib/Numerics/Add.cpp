//===- Add.cpp - Quantized addition and subtraction -----------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Add.h"

#include "hwq/Numerics/Accumulator.h"
#include "hwq/Numerics/Quantize.h"
#include "hwq/Numerics/Rounding.h"

#include "OperatorParams.h"
#include "TargetClones.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace hwq::numerics {

static int32_t wrap(int64_t x) { return static_cast<int32_t>(x); }

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

double commonAddScale(AddVariant variant, double lhs, double rhs) {
  switch (variant) {
  case AddVariant::Tflite:
  case AddVariant::Snpe:
  case AddVariant::TfliteRuy:
    return 2 * std::max(lhs, rhs);
  case AddVariant::Tvm:
  case AddVariant::Dpu:
    return std::min(lhs, rhs);
  case AddVariant::TfliteXnnpack:
  case AddVariant::OnnxRuntime:
  case AddVariant::Fbgemm:
  case AddVariant::FbgemmTail:
  case AddVariant::Hexagon:
  case AddVariant::Nnpi:
  case AddVariant::SophgoBm1684x:
  case AddVariant::SophgoCv18xx:
  case AddVariant::Float:
    return 1;
  }
  return 1;
}

bool usesKernel(AddVariant variant) {
  return variant == AddVariant::Tflite || variant == AddVariant::Snpe ||
         variant == AddVariant::Tvm;
}

/// Computed in f32, by terms that are added in f32.
static bool isFloat(AddVariant variant) {
  return variant == AddVariant::OnnxRuntime || variant == AddVariant::Fbgemm ||
         variant == AddVariant::FbgemmTail || variant == AddVariant::Float;
}

bool hasSubtraction(AddVariant variant) {
  return variant != AddVariant::OnnxRuntime;
}

bool roundsTerms(AddVariant variant) { return !isFloat(variant); }

bool usesFactors(AddVariant variant) {
  return isFloat(variant) || variant == AddVariant::Nnpi;
}

/// The kernel of the operands' terms; that of the sum is params.kernel.
static RequantizeKernel termKernel(const AddParams &params) {
  return params.variant == AddVariant::TfliteRuy && !params.subtract
             ? RequantizeKernel::R2
             : params.kernel;
}

/// One operand on the common scale.
static int32_t operandTerm(const AddParams &params, int32_t code,
                           int32_t zeroPoint, Multiplier m) {
  uint32_t x = static_cast<uint32_t>(code) - static_cast<uint32_t>(zeroPoint);
  return wrap(applyKernel(termKernel(params),
                          static_cast<int32_t>(x << params.leftShift), m));
}

namespace {

/// What a derivation reads and fills.
struct Derivation {
  AddParams params;
  const QuantParams &lhs, &rhs, &out;
  std::string problem;

  bool choose(MultiplierRule rule, double scale, Multiplier &m) {
    Result<Multiplier> chosen = chooseMultiplier(rule, scale);
    if (!chosen) {
      problem = "add: " + chosen.error();
      return false;
    }
    m = *chosen;
    return true;
  }

  void kernelAndMultipliers();
  void xnnpack();
  void onnxRuntime();
  void hexagon();
  void dpu();
  void cv18xx();
};

} // namespace

void Derivation::kernelAndMultipliers() {
  bool wide = lhs.grid.qmax - lhs.grid.qmin > UINT8_MAX ||
              rhs.grid.qmax - rhs.grid.qmin > UINT8_MAX;
  params.leftShift = params.variant == AddVariant::Tvm ? 0 : (wide ? 15 : 20);
  double common = commonAddScale(params.variant, lhs.scale, rhs.scale);
  Result<Multiplier> a = chooseMultiplier(params.kernel, lhs.scale / common);
  Result<Multiplier> b = chooseMultiplier(params.kernel, rhs.scale / common);
  Result<Multiplier> o = chooseMultiplier(
      params.kernel, common / std::ldexp(out.scale, params.leftShift));
  for (Result<Multiplier> *m : {&a, &b, &o})
    if (!*m) {
      problem = "add: " + m->error();
      return;
    }
  params.lhs = *a;
  params.rhs = *b;
  params.output = *o;

  auto term = [&](int64_t code, int32_t zeroPoint, Multiplier m) {
    return int64_t(
        operandTerm(params, static_cast<int32_t>(code), zeroPoint, m));
  };
  // Each term is monotone as long as it does not wrap.
  Domain left = kernelDomain(termKernel(params), params.lhs),
         right = kernelDomain(termKernel(params), params.rhs);
  auto fits = [&](const QuantParams &p, Multiplier m, Domain domain) {
    for (int64_t code : {p.grid.qmin, p.grid.qmax}) {
      int64_t x = (code - p.zeroPoint) * (int64_t(1) << params.leftShift);
      if (x < domain.lo || x > domain.hi ||
          std::fabs(static_cast<double>(x) * multiplierValue(m)) >= 0x1p31)
        return false;
    }
    return true;
  };
  if (!fits(lhs, params.lhs, left) || !fits(rhs, params.rhs, right)) {
    problem = "add: expected operand scales whose ratio keeps the terms in 32 "
              "bits, got " +
              detail::printReal(lhs.scale) + " and " +
              detail::printReal(rhs.scale);
    return;
  }
  int64_t aLo = term(lhs.grid.qmin, params.lhsZeroPoint, params.lhs),
          aHi = term(lhs.grid.qmax, params.lhsZeroPoint, params.lhs),
          bLo = term(rhs.grid.qmin, params.rhsZeroPoint, params.rhs),
          bHi = term(rhs.grid.qmax, params.rhsZeroPoint, params.rhs);
  int64_t lo = params.subtract ? aLo - bHi : aLo + bLo,
          hi = params.subtract ? aHi - bLo : aHi + bHi;
  Domain domain = kernelDomain(params.kernel, params.output);
  if (lo < std::max<int64_t>(domain.lo, INT32_MIN) ||
      hi > std::min<int64_t>(domain.hi, INT32_MAX))
    problem = "add: expected an output scale for which the sum fits 32 bits, "
              "got " +
              detail::printReal(out.scale);
}

void Derivation::xnnpack() {
  float ratios[2] = {static_cast<float>(lhs.scale) / params.outputScale,
                     static_cast<float>(rhs.scale) / params.outputScale};
  float most = std::max(ratios[0], ratios[1]);
  if (!(most < 256)) {
    problem = "add: expected ratios of scales below 256, got " +
              detail::printReal(most);
    return;
  }
  if (std::min(ratios[0], ratios[1]) < 0x1p-10f) {
    params.variant = AddVariant::TfliteRuy;
    params.kernel = RequantizeKernel::R1;
    kernelAndMultipliers();
    return;
  }
  int exponent; // floor(log2) + 1
  std::frexp(most, &exponent);
  int shift = 21 - exponent;
  auto multiplier = [&](float ratio) {
    return Multiplier{
        static_cast<int32_t>(round(std::ldexp(ratio, shift), Rounding::RNE)),
        0};
  };
  params.lhs = multiplier(ratios[0]);
  params.rhs = multiplier(ratios[1]);
  params.output = {1, shift};
}

void Derivation::onnxRuntime() {
  if (params.subtract && !hasSubtraction(params.variant)) {
    problem = "add: expected an addition, ONNX Runtime has no subtraction";
    return;
  }
  params.lhsScale /= params.outputScale;
  params.rhsScale /= params.outputScale;
  auto z = [](const QuantParams &p) { return static_cast<float>(p.zeroPoint); };
  params.constant =
      z(out) - std::fma(params.lhsScale, z(lhs), params.rhsScale * z(rhs));
}

void Derivation::hexagon() {
  Grid u8 = gridOf(Storage::U8);
  if (lhs.grid != u8 || rhs.grid != u8 || out.grid != u8) {
    problem = "add: expected the grid [0, 255]";
    return;
  }
  // 255 / (max - min) of the output's range.
  float perStep = 255.0f / (255.0f * params.outputScale);
  float a = perStep * params.lhsScale, b = perStep * params.rhsScale;
  float whole = params.subtract ? std::max(a, b) : a + b;
  int exponent;
  std::frexp(whole * static_cast<float>(16384. / 16380.), &exponent);
  if (!std::isfinite(whole) || exponent > 12) {
    problem = "add: expected an output scale of at least 1/4096 of the "
              "operands', got " +
              detail::printReal(out.scale);
    return;
  }
  int last = std::min(6 - exponent, 7);
  int spare = last < 1 ? 1 - last : 0;
  float unit = std::ldexp(256.0f, last);
  auto multiplier = [&](float scale) {
    return static_cast<int32_t>(round(scale * unit, Rounding::RHA));
  };
  params.lhs = {multiplier(a), 0};
  params.rhs = {multiplier(params.subtract ? -b : b), 0};
  params.leftShift = 8 - spare; // the first shift, to the right
  params.output = {1, spare ? 1 : last};
  int64_t zero = (int64_t(params.lhs.multiplier) * params.lhsZeroPoint +
                  int64_t(params.rhs.multiplier) * params.rhsZeroPoint) >>
                 params.leftShift;
  float z = static_cast<float>(params.zeroPoint) *
            std::ldexp(1.0f, params.output.shift);
  int64_t offset = static_cast<int64_t>(round(z, Rounding::RHA)) - zero;
  params.offset = spare ? wrap(offset) : saturateTo<int16_t>(offset);
  // The zero points are inside.
  params.lhsZeroPoint = params.rhsZeroPoint = params.zeroPoint = 0;
}

void Derivation::dpu() {
  problem = detail::checkPowersOfTwo("add", {&lhs, &rhs, &out});
  if (!problem.empty())
    return;
  double common = commonAddScale(params.variant, lhs.scale, rhs.scale);
  Multiplier a, b, o;
  if (!choose(MultiplierRule::PowerOfTwo, lhs.scale / common, a) ||
      !choose(MultiplierRule::PowerOfTwo, rhs.scale / common, b) ||
      !choose(MultiplierRule::PowerOfTwo, common / out.scale, o))
    return;
  // Shifts to the left, by at most what keeps the sum of 9-bit differences in
  // 32 bits, and that of its double in the last step.
  if (a.shift < -21 || b.shift < -21 || o.shift < -21) {
    problem = "add: expected scales at most 2^21 apart";
    return;
  }
  params.lhs = {int32_t(1) << -a.shift, 0};
  params.rhs = {int32_t(1) << -b.shift, 0};
  params.output = {1, o.shift};
}

void Derivation::cv18xx() {
  double a = lhs.scale / out.scale, b = rhs.scale / out.scale;
  Multiplier larger;
  if (!choose(MultiplierRule::CV18xx8, std::max(a, b), larger))
    return;
  auto multiplier = [&](double ratio) {
    return Multiplier{static_cast<int32_t>(std::ldexp(ratio, larger.shift)), 0};
  };
  params.lhs = multiplier(a);
  params.rhs = multiplier(b);
  params.output = {1, larger.shift};
}

static bool needsEightBits(AddVariant variant) {
  return variant == AddVariant::TfliteXnnpack ||
         variant == AddVariant::Hexagon || variant == AddVariant::Dpu ||
         variant == AddVariant::SophgoBm1684x ||
         variant == AddVariant::SophgoCv18xx;
}

static Result<AddParams> derive(AddVariant variant, RequantizeKernel kernel,
                                const QuantParams &lhs, const QuantParams &rhs,
                                const QuantParams &out, bool subtract) {
  std::string problem = detail::checkOperands("add", {&lhs, &rhs, &out});
  if (!problem.empty())
    return failure(problem);
  if (needsEightBits(variant))
    for (const QuantParams *p : {&lhs, &rhs})
      if (p->grid.qmax - p->grid.qmin > UINT8_MAX)
        return failure("add: expected a grid of at most 8 bits, got [" +
                       std::to_string(p->grid.qmin) + ", " +
                       std::to_string(p->grid.qmax) + "]");
  Derivation d{{}, lhs, rhs, out, {}};
  AddParams &params = d.params;
  params.variant = variant;
  params.kernel = kernel;
  params.subtract = subtract;
  params.leftShift = 0;
  params.lhs = params.rhs = params.output = {1, 0};
  params.lhsZeroPoint = static_cast<int32_t>(lhs.zeroPoint);
  params.rhsZeroPoint = static_cast<int32_t>(rhs.zeroPoint);
  params.zeroPoint = static_cast<int32_t>(out.zeroPoint);
  params.lo = static_cast<int32_t>(out.grid.qmin);
  params.hi = static_cast<int32_t>(out.grid.qmax);
  params.lhsScale = static_cast<float>(lhs.scale);
  params.rhsScale = static_cast<float>(rhs.scale);
  params.outputScale = static_cast<float>(out.scale);
  switch (variant) {
  case AddVariant::Tflite:
  case AddVariant::Snpe:
  case AddVariant::TfliteRuy:
  case AddVariant::Tvm:
    d.kernelAndMultipliers();
    break;
  case AddVariant::TfliteXnnpack:
    d.xnnpack();
    break;
  case AddVariant::OnnxRuntime:
    d.onnxRuntime();
    break;
  case AddVariant::Hexagon:
    d.hexagon();
    break;
  case AddVariant::Dpu:
    d.dpu();
    break;
  case AddVariant::Nnpi:
    params.lhsScale *= 0x1p15f;
    params.rhsScale *= 0x1p15f;
    params.outputScale = 0x1p-15f / params.outputScale;
    break;
  case AddVariant::SophgoBm1684x:
    if (d.choose(MultiplierRule::TPU8, lhs.scale / out.scale, params.lhs))
      d.choose(MultiplierRule::TPU8, rhs.scale / out.scale, params.rhs);
    break;
  case AddVariant::SophgoCv18xx:
    d.cv18xx();
    break;
  case AddVariant::Fbgemm:
  case AddVariant::FbgemmTail:
  case AddVariant::Float:
    break;
  }
  if (!d.problem.empty())
    return failure(d.problem);
  return params;
}

Result<AddParams> deriveAdd(AddVariant variant, const QuantParams &lhs,
                            const QuantParams &rhs, const QuantParams &out,
                            bool subtract) {
  RequantizeKernel kernel =
      variant == AddVariant::Tflite || variant == AddVariant::TfliteRuy
          ? RequantizeKernel::R1
      : usesKernel(variant) ? RequantizeKernel::R2
                            : RequantizeKernel::R7;
  return derive(variant, kernel, lhs, rhs, out, subtract);
}

Result<AddParams> deriveAdd(AddVariant variant, RequantizeKernel kernel,
                            const QuantParams &lhs, const QuantParams &rhs,
                            const QuantParams &out, bool subtract) {
  if (!usesKernel(variant))
    return failure("add: expected a variant with a choice of kernels, got '" +
                   std::string(stringify(variant)) + "'");
  return derive(variant, kernel, lhs, rhs, out, subtract);
}

//===----------------------------------------------------------------------===//
// Terms and the last step
//===----------------------------------------------------------------------===//

static int32_t integerTerm(const AddParams &params, int32_t code, bool right) {
  int32_t zeroPoint = right ? params.rhsZeroPoint : params.lhsZeroPoint;
  switch (params.variant) {
  case AddVariant::Hexagon:
    return code * (right ? params.rhs : params.lhs).multiplier;
  case AddVariant::Nnpi: {
    float x = static_cast<float>(code - zeroPoint);
    float scaled = x * (right ? params.rhsScale : params.lhsScale);
    int32_t term = static_cast<int32_t>(
        saturateReal(round(scaled, Rounding::RHA), INT32_MIN, INT32_MAX));
    return right && params.subtract ? wrap(-int64_t(term)) : term;
  }
  default: {
    int32_t term =
        operandTerm(params, code, zeroPoint, right ? params.rhs : params.lhs);
    return right && params.subtract ? wrap(-int64_t(term)) : term;
  }
  }
}

static float realTerm(const AddParams &params, int32_t code, bool right) {
  float scale = right ? params.rhsScale : params.lhsScale;
  int32_t zeroPoint = right ? params.rhsZeroPoint : params.lhsZeroPoint;
  float term = 0;
  switch (params.variant) {
  case AddVariant::OnnxRuntime:
    // The inner fused multiply-add; the outer one is not a sum of terms.
    return right ? std::fma(static_cast<float>(code), scale, params.constant)
                 : static_cast<float>(code);
  case AddVariant::Fbgemm:
    term = std::fma(scale, static_cast<float>(code),
                    -(scale * static_cast<float>(zeroPoint)));
    break;
  default:
    term = scale * static_cast<float>(code - zeroPoint);
    break;
  }
  return right && params.subtract ? -term : term;
}

/// Of the sum of integer terms.
static RequantizeParams lastStep(const AddParams &params) {
  RequantizeParams step;
  step.kernel = params.kernel;
  step.multipliers = {params.output};
  step.zeroPoint = params.zeroPoint;
  step.lo = params.lo;
  step.hi = params.hi;
  if (params.variant == AddVariant::Nnpi) {
    step.kernel = RequantizeKernel::R8;
    step.multipliers.clear();
    step.scales = {double(params.outputScale)};
  }
  return step;
}

/// Hexagon: what the last step shifts.
static int32_t hexagonSum(const AddParams &params, int32_t sum) {
  return saturateTo<int16_t>(int64_t(sum >> params.leftShift) + params.offset);
}

/// The grid of the real sum, which for OnnxRuntime is in output codes.
static QuantParams realOutput(const AddParams &params) {
  QuantParams out;
  out.grid = {params.lo, params.hi};
  if (params.variant == AddVariant::OnnxRuntime)
    return out;
  out.scale = params.outputScale;
  out.zeroPoint = params.zeroPoint;
  return out;
}

static QuantizeForm realForm(const AddParams &params) {
  return params.variant == AddVariant::Fbgemm ||
                 params.variant == AddVariant::FbgemmTail
             ? QuantizeForm::Q1
             : QuantizeForm::Q2;
}

int32_t add(const AddParams &params, int32_t a, int32_t b) {
  if (isFloat(params.variant)) {
    float x = realTerm(params, a, false), y = realTerm(params, b, true);
    float sum = params.variant == AddVariant::OnnxRuntime
                    ? std::fma(x, params.lhsScale, y)
                    : x + y;
    return static_cast<int32_t>(
        quantize(realForm(params), sum, realOutput(params)));
  }
  int32_t sum = wrap(int64_t(integerTerm(params, a, false)) +
                     integerTerm(params, b, true));
  if (params.variant == AddVariant::Hexagon)
    sum = hexagonSum(params, sum);
  return static_cast<int32_t>(requantize(lastStep(params), 0, sum));
}

/// The term of an operand's code, not wrapped to 32 bits.
static int64_t wideTerm(const AddParams &params, int64_t code, bool right) {
  int64_t zeroPoint = right ? params.rhsZeroPoint : params.lhsZeroPoint;
  Multiplier m = right ? params.rhs : params.lhs;
  int64_t term = 0;
  switch (params.variant) {
  case AddVariant::Hexagon:
    return code * m.multiplier;
  case AddVariant::Nnpi: {
    float scaled = static_cast<float>(code - zeroPoint) *
                   (right ? params.rhsScale : params.lhsScale);
    constexpr int64_t most = int64_t(1) << 61;
    term = saturateReal(round(scaled, Rounding::RHA), -most, most);
    break;
  }
  default: {
    int64_t x = (code - zeroPoint) * (int64_t(1) << params.leftShift);
    term = applyKernel(termKernel(params), x, m);
    break;
  }
  }
  return right && params.subtract ? -term : term;
}

Interval addedTerms(const AddParams &params, Interval lhs, Interval rhs) {
  if (isFloat(params.variant))
    return {};
  Interval result;
  Interval sum;
  for (bool right : {false, true}) {
    const Interval &codes = right ? rhs : lhs;
    // Terms are monotone.
    int64_t a = wideTerm(params, codes.lo, right),
            b = wideTerm(params, codes.hi, right);
    auto [lo, hi] = std::minmax(a, b);
    result.lo = std::min(result.lo, lo);
    result.hi = std::max(result.hi, hi);
    sum.lo += lo;
    sum.hi += hi;
  }
  return {std::min(result.lo, sum.lo), std::max(result.hi, sum.hi)};
}

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

HWQ_TARGET_CLONES
static void fusedSums(const float *x, const float *y, float scale, float *sums,
                      size_t count) {
  for (size_t i = 0; i < count; ++i)
    sums[i] = std::fma(x[i], scale, y[i]);
}

template <class T>
static void addCodes(const AddParams &params, const T *a, const T *b, T *out,
                     size_t count) {
  // 256 terms for each operand are cheaper than two kernels per element, except
  // for very short arrays.
  if (count < 256) {
    for (size_t i = 0; i < count; ++i)
      out[i] = saturateTo<T>(add(params, a[i], b[i]));
    return;
  }
  constexpr size_t block = 2048;
  auto index = [](T code) { return static_cast<uint8_t>(code); };
  if (isFloat(params.variant)) {
    float lhs[256], rhs[256], sums[block];
    for (int i = 0; i < 256; ++i) {
      lhs[i] = realTerm(params, static_cast<T>(i), false);
      rhs[i] = realTerm(params, static_cast<T>(i), true);
    }
    QuantParams output = realOutput(params);
    output.grid.qmin = saturateTo<T>(output.grid.qmin);
    output.grid.qmax = saturateTo<T>(output.grid.qmax);
    bool fused = params.variant == AddVariant::OnnxRuntime;
    for (size_t i = 0; i < count; i += block) {
      size_t length = std::min(block, count - i);
      if (fused) {
        float right[block];
        for (size_t k = 0; k < length; ++k) {
          sums[k] = lhs[index(a[i + k])];
          right[k] = rhs[index(b[i + k])];
        }
        fusedSums(sums, right, params.lhsScale, sums, length);
      } else {
        for (size_t k = 0; k < length; ++k)
          sums[k] = lhs[index(a[i + k])] + rhs[index(b[i + k])];
      }
      quantizeArray(realForm(params), sums, length, output, out + i);
    }
    return;
  }
  uint32_t lhs[256], rhs[256];
  for (int i = 0; i < 256; ++i) {
    lhs[i] =
        static_cast<uint32_t>(integerTerm(params, static_cast<T>(i), false));
    rhs[i] =
        static_cast<uint32_t>(integerTerm(params, static_cast<T>(i), true));
  }
  PreparedRequantize prepared(lastStep(params), 1);
  int32_t sums[block];
  for (size_t i = 0; i < count; i += block) {
    size_t length = std::min(block, count - i);
    for (size_t k = 0; k < length; ++k)
      sums[k] =
          static_cast<int32_t>(lhs[index(a[i + k])] + rhs[index(b[i + k])]);
    if (params.variant == AddVariant::Hexagon)
      for (size_t k = 0; k < length; ++k)
        sums[k] = hexagonSum(params, sums[k]);
    prepared.run(sums, out + i, length);
  }
}

void addArray(const AddParams &params, const uint8_t *a, const uint8_t *b,
              uint8_t *out, size_t count) {
  addCodes(params, a, b, out, count);
}

void addArray(const AddParams &params, const int8_t *a, const int8_t *b,
              int8_t *out, size_t count) {
  addCodes(params, a, b, out, count);
}

} // namespace hwq::numerics
