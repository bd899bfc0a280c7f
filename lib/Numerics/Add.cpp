//===- Add.cpp - Quantized addition ---------------------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Add.h"

#include "hwq/Numerics/Rounding.h"

#include <algorithm>
#include <cmath>

namespace hwq::numerics {

static int32_t wrap(int64_t x) { return static_cast<int32_t>(x); }

/// One operand on the common scale.
static int32_t operandTerm(const AddParams &params, int32_t code,
                           int32_t zeroPoint, Multiplier m) {
  uint32_t x = static_cast<uint32_t>(code) - static_cast<uint32_t>(zeroPoint);
  return wrap(applyKernel(params.kernel,
                          static_cast<int32_t>(x << params.leftShift), m));
}

double commonAddScale(AddVariant variant, double lhs, double rhs) {
  switch (variant) {
  case AddVariant::Tflite:
    return 2 * std::max(lhs, rhs);
  }
  return 0;
}

Result<AddParams> deriveAdd(AddVariant variant, RequantizeKernel kernel,
                            const QuantParams &lhs, const QuantParams &rhs,
                            const QuantParams &out) {
  for (const QuantParams *p : {&lhs, &rhs, &out}) {
    if (!std::isfinite(p->scale) || p->scale <= 0)
      return failure("add: expected a finite scale > 0, got " +
                     std::to_string(p->scale));
    if (p->grid.qmin < INT16_MIN || p->grid.qmax > UINT16_MAX ||
        p->grid.qmax - p->grid.qmin > UINT16_MAX)
      return failure("add: expected a grid of at most 16 bits, got [" +
                     std::to_string(p->grid.qmin) + ", " +
                     std::to_string(p->grid.qmax) + "]");
    if (p->zeroPoint < p->grid.qmin || p->zeroPoint > p->grid.qmax)
      return failure("add: expected a zero point in [" +
                     std::to_string(p->grid.qmin) + ", " +
                     std::to_string(p->grid.qmax) + "], got " +
                     std::to_string(p->zeroPoint));
  }
  bool wide = lhs.grid.qmax - lhs.grid.qmin > UINT8_MAX ||
              rhs.grid.qmax - rhs.grid.qmin > UINT8_MAX;
  AddParams params;
  params.variant = variant;
  params.kernel = kernel;
  params.leftShift = wide ? 15 : 20;
  double common = commonAddScale(variant, lhs.scale, rhs.scale);
  Result<Multiplier> a = chooseMultiplier(kernel, lhs.scale / common);
  Result<Multiplier> b = chooseMultiplier(kernel, rhs.scale / common);
  Result<Multiplier> o = chooseMultiplier(
      kernel, common / std::ldexp(out.scale, params.leftShift));
  for (Result<Multiplier> *m : {&a, &b, &o})
    if (!*m)
      return failure("add: " + m->error());
  params.lhs = *a;
  params.rhs = *b;
  params.output = *o;
  params.lhsZeroPoint = static_cast<int32_t>(lhs.zeroPoint);
  params.rhsZeroPoint = static_cast<int32_t>(rhs.zeroPoint);
  params.zeroPoint = static_cast<int32_t>(out.zeroPoint);
  params.lo = static_cast<int32_t>(out.grid.qmin);
  params.hi = static_cast<int32_t>(out.grid.qmax);

  auto term = [&](int64_t code, int32_t zeroPoint, Multiplier m) {
    return int64_t(
        operandTerm(params, static_cast<int32_t>(code), zeroPoint, m));
  };
  int64_t lo = term(lhs.grid.qmin, params.lhsZeroPoint, params.lhs) +
               term(rhs.grid.qmin, params.rhsZeroPoint, params.rhs);
  int64_t hi = term(lhs.grid.qmax, params.lhsZeroPoint, params.lhs) +
               term(rhs.grid.qmax, params.rhsZeroPoint, params.rhs);
  Domain domain = kernelDomain(kernel, params.output);
  if (lo < domain.lo || hi > domain.hi)
    return failure("add: expected an output scale for which the sum fits 32 "
                   "bits, got " +
                   std::to_string(out.scale));
  return params;
}

int32_t add(const AddParams &params, int32_t a, int32_t b) {
  int64_t sum =
      int64_t(operandTerm(params, a, params.lhsZeroPoint, params.lhs)) +
      operandTerm(params, b, params.rhsZeroPoint, params.rhs);
  return static_cast<int32_t>(saturate(
      applyKernel(params.kernel, sum, params.output) + params.zeroPoint,
      params.lo, params.hi));
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
  uint32_t lhs[256], rhs[256];
  for (int i = 0; i < 256; ++i) {
    T code = static_cast<T>(i);
    lhs[i] = static_cast<uint32_t>(
        operandTerm(params, code, params.lhsZeroPoint, params.lhs));
    rhs[i] = static_cast<uint32_t>(
        operandTerm(params, code, params.rhsZeroPoint, params.rhs));
  }
  RequantizeParams output;
  output.kernel = params.kernel;
  output.multipliers = {params.output};
  output.zeroPoint = params.zeroPoint;
  output.lo = params.lo;
  output.hi = params.hi;
  PreparedRequantize prepared(output, 1);
  constexpr size_t block = 2048;
  int32_t sums[block];
  for (size_t i = 0; i < count; i += block) {
    size_t length = std::min(block, count - i);
    for (size_t k = 0; k < length; ++k)
      sums[k] = static_cast<int32_t>(lhs[static_cast<uint8_t>(a[i + k])] +
                                     rhs[static_cast<uint8_t>(b[i + k])]);
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
