//===- Lut.cpp - Functions of one code as tables --------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Lut.h"

#include "hwq/Numerics/Quantize.h"
#include "hwq/Numerics/Rounding.h"

#include "OperatorParams.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace hwq::numerics {

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

double hardSwish(double x) {
  return x * std::min(std::max(x + 3, 0.0), 6.0) / 6;
}

/// `argument` is the real number that a code stands for.
template <class Argument>
static Result<std::vector<int32_t>>
makeTable(QuantizeForm form, const std::function<double(double)> &function,
          const QuantParams &input, const QuantParams &output,
          Argument argument) {
  std::string problem = detail::checkOperands("table", {&input, &output});
  if (!problem.empty())
    return failure(problem);
  std::vector<int32_t> table;
  for (int64_t q = input.grid.qmin; q <= input.grid.qmax; ++q) {
    double y = function(argument(q));
    table.push_back(
        static_cast<int32_t>(quantize(form, static_cast<float>(y), output)));
  }
  return table;
}

Result<std::vector<int32_t>>
lookupTable(QuantizeForm form, const std::function<double(double)> &function,
            const QuantParams &input, const QuantParams &output) {
  return makeTable(form, function, input, output, [&](int64_t q) {
    return input.scale * static_cast<double>(q - input.zeroPoint);
  });
}

Result<std::vector<int32_t>>
tfliteLookupTable(const std::function<double(double)> &function,
                  const QuantParams &input, const QuantParams &output) {
  std::string problem = detail::checkOperands("table", {&input, &output});
  if (!problem.empty())
    return failure(problem);
  float inverse = 1.0f / static_cast<float>(output.scale);
  int64_t z = output.zeroPoint;
  std::vector<int32_t> table;
  for (int64_t q = input.grid.qmin; q <= input.grid.qmax; ++q) {
    float y = static_cast<float>(function(dequantize(q, input)));
    table.push_back(static_cast<int32_t>(
        saturateReal(round(y * inverse, Rounding::RHA), output.grid.qmin - z,
                     output.grid.qmax - z) +
        z));
  }
  return table;
}

Result<std::vector<int32_t>>
lookupTable(LookupVariant variant, QuantizeForm form,
            const std::function<double(double)> &function,
            const QuantParams &input, const QuantParams &output) {
  switch (variant) {
  case LookupVariant::F64:
    break;
  case LookupVariant::F32:
    return makeTable(form, function, input, output,
                     [&](int64_t q) { return double(dequantize(q, input)); });
  case LookupVariant::Tflite:
  case LookupVariant::TfliteXnnpack:
    return tfliteLookupTable(function, input, output);
  }
  return lookupTable(form, function, input, output);
}

template <class T>
static void lookUp(const std::vector<int32_t> &table, const T *in, T *out,
                   size_t count) {
  T codes[256];
  for (size_t i = 0; i < 256; ++i)
    codes[i] = i < table.size() ? saturateTo<T>(table[i]) : T(0);
  constexpr int least = std::numeric_limits<T>::min();
  for (size_t i = 0; i < count; ++i)
    out[i] = codes[in[i] - least];
}

void lookupArray(const std::vector<int32_t> &table, const uint8_t *in,
                 uint8_t *out, size_t count) {
  lookUp(table, in, out, count);
}

void lookupArray(const std::vector<int32_t> &table, const int8_t *in,
                 int8_t *out, size_t count) {
  lookUp(table, in, out, count);
}

Result<HardSwishParams> deriveHardSwish(const QuantParams &input,
                                        const QuantParams &output) {
  std::string problem = detail::checkOperands("hard swish", {&input, &output});
  if (!problem.empty())
    return failure(problem);
  if (input.grid.qmax - input.grid.qmin > UINT8_MAX)
    return failure("hard swish: expected a grid of at most 8 bits, got [" +
                   std::to_string(input.grid.qmin) + ", " +
                   std::to_string(input.grid.qmax) + "]");
  float step = 0x1p-7f * static_cast<float>(input.scale);
  float reluStep = 3.0f / 32768.0f;
  Result<Multiplier> relu =
      chooseMultiplier(MultiplierRule::LiteRTInt16, step / reluStep);
  Result<Multiplier> out = chooseMultiplier(
      MultiplierRule::LiteRTInt16, step / static_cast<float>(output.scale));
  for (Result<Multiplier> *m : {&relu, &out})
    if (!*m)
      return failure("hard swish: " + m->error());
  HardSwishParams params;
  params.inputZeroPoint = static_cast<int32_t>(input.zeroPoint);
  params.zeroPoint = static_cast<int32_t>(output.zeroPoint);
  params.reluMultiplier = relu->multiplier;
  params.reluExponent = 15 - relu->shift;
  params.outputMultiplier = out->multiplier;
  params.outputExponent = 15 - out->shift;
  params.lo = static_cast<int32_t>(output.grid.qmin);
  params.hi = static_cast<int32_t>(output.grid.qmax);
  if (params.outputExponent > 0)
    return failure("hard swish: expected an output scale of at least 1/128 of "
                   "the input scale, got " +
                   detail::printReal(output.scale) + " and " +
                   detail::printReal(input.scale));
  return params;
}

/// The high half of 2ab in 16 bits, rounded half up.
static int32_t doublingHighMultiply16(int32_t a, int32_t b) {
  return saturateTo<int16_t>((a * b + (1 << 14)) >> 15);
}

static int32_t shiftLeft16(int32_t x, int32_t n) {
  return saturateTo<int16_t>(x * (int64_t(1) << std::min(n, 31)));
}

int32_t hardSwish(const HardSwishParams &params, int32_t code) {
  // 16 bits for every code of an 8-bit grid.
  int32_t x =
      saturateTo<int16_t>((int64_t(code) - params.inputZeroPoint) * 128);
  int32_t u = doublingHighMultiply16(x, params.outputMultiplier);
  int32_t v = x, e = params.reluExponent;
  if (e > 0)
    v = shiftLeft16(v, e - 1);
  v = doublingHighMultiply16(v, params.reluMultiplier);
  if (e > 0)
    v = shiftLeft16(v, 1);
  else
    v = shiftRight(v, -e, Rounding::RHA);
  // In [0, 1] with 15 bits.
  v = (v + (1 << 15)) >> 1;
  int32_t y = v * u / (1 << 15);
  y = shiftRight(y, -params.outputExponent, Rounding::RHA) + params.zeroPoint;
  return static_cast<int32_t>(saturate(y, params.lo, params.hi));
}

Result<std::vector<int32_t>> hardSwishTable(const QuantParams &input,
                                            const QuantParams &output) {
  Result<HardSwishParams> params = deriveHardSwish(input, output);
  if (!params)
    return failure(params.error());
  std::vector<int32_t> table;
  for (int64_t q = input.grid.qmin; q <= input.grid.qmax; ++q)
    table.push_back(hardSwish(*params, static_cast<int32_t>(q)));
  return table;
}

void softmax(double inputScale, double beta, const QuantParams &output,
             const int32_t *codes, size_t count, int32_t *out) {
  if (count == 0)
    return;
  double most = *std::max_element(codes, codes + count);
  std::vector<double> terms(count);
  double sum = 0;
  for (size_t i = 0; i < count; ++i) {
    terms[i] = std::exp(beta * inputScale * (codes[i] - most));
    sum += terms[i];
  }
  int64_t z = output.zeroPoint;
  for (size_t i = 0; i < count; ++i)
    out[i] = static_cast<int32_t>(
        saturateReal(round(terms[i] / sum / output.scale, Rounding::RHA),
                     output.grid.qmin - z, output.grid.qmax - z) +
        z);
}

} // namespace hwq::numerics
