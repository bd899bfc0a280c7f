//===- QuantHWAttributes.cpp - Attributes -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

LogicalResult RequantAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  numerics::RequantizeKernel kernel,
                                  numerics::QuantizeForm,
                                  DenseF64ArrayAttr scales,
                                  DenseI32ArrayAttr multipliers,
                                  DenseI32ArrayAttr shifts,
                                  int64_t inputZeroPoint, int32_t leftShift,
                                  int64_t zeroPoint, int64_t lo, int64_t hi) {
  // requant_c1
  if (scales.empty())
    return emitError() << "expected at least one scale";
  for (auto [c, scale] : llvm::enumerate(scales.asArrayRef()))
    if (!std::isfinite(scale) || scale < 0)
      return emitError() << "expected scales to be finite and not negative, "
                            "got "
                         << scale << " for channel " << c;
  // requant_c2
  bool real = kernel == numerics::RequantizeKernel::Real;
  if (real && (multipliers || shifts))
    return emitError() << "the kernel 'real' has no multipliers and shifts";
  if (numerics::isFloatKernel(kernel))
    return emitError() << "the kernel '" << numerics::stringify(kernel)
                       << "' has no multipliers and shifts";
  if (!real &&
      (!multipliers || !shifts || multipliers.size() != scales.size() ||
       shifts.size() != scales.size()))
    return emitError() << "expected as many multipliers and shifts as scales ("
                       << scales.size() << "), got "
                       << (multipliers ? multipliers.size() : 0) << " and "
                       << (shifts ? shifts.size() : 0);
  // requant_c3
  if (leftShift < 0 || leftShift > 30)
    return emitError() << "expected left_shift in [0, 30], got " << leftShift;
  if (!real) {
    for (auto [c, shift] : llvm::enumerate(shifts.asArrayRef()))
      if (shift < 0 || shift > 62)
        return emitError() << "expected shifts in [0, 62], got " << shift
                           << " for channel " << c;
  }
  // requant_c5
  if (lo > hi)
    return emitError() << "expected lo <= hi, got " << lo << " and " << hi;
  constexpr int64_t limit = int64_t(1) << 32;
  for (int64_t v : {inputZeroPoint, zeroPoint, lo, hi})
    if (v < -limit || v > limit)
      return emitError()
             << "expected zero points and clamp within 33 bits, got " << v;
  return success();
}

RequantAttr RequantAttr::withClamp(int64_t lo, int64_t hi) const {
  return get(getContext(), getKernel(), getQuantizeForm(), getScales(),
             getMultipliers(), getShifts(), getInputZeroPoint(), getLeftShift(),
             getZeroPoint(), lo, hi);
}

numerics::RequantizeParams RequantAttr::getParams() const {
  numerics::RequantizeParams params;
  params.kernel = getKernel();
  for (auto [m, s] :
       llvm::zip_equal(getMultipliers().asArrayRef(), getShifts().asArrayRef()))
    params.multipliers.push_back({m, s});
  params.inputZeroPoint = static_cast<int32_t>(getInputZeroPoint());
  params.leftShift = getLeftShift();
  params.zeroPoint = getZeroPoint();
  params.lo = getLo();
  params.hi = getHi();
  return params;
}

LogicalResult BackendAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  StringAttr name, DictionaryAttr fields) {
  return verifyBackend(emitError, name.getValue(), fields);
}
