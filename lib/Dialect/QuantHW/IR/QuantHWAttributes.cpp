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

static int64_t sizeOf(Attribute array) {
  if (auto doubles = dyn_cast_if_present<DenseF64ArrayAttr>(array))
    return doubles.size();
  if (auto integers = dyn_cast_if_present<DenseI32ArrayAttr>(array))
    return integers.size();
  return 0;
}

LogicalResult RequantAttr::verify(
    function_ref<InFlightDiagnostic()> emitError,
    numerics::RequantizeKernel kernel, numerics::QuantizeForm,
    DenseF64ArrayAttr scales, DenseI32ArrayAttr multipliers,
    DenseI32ArrayAttr shifts, DenseI32ArrayAttr preShifts,
    DenseF64ArrayAttr factors, DenseF64ArrayAttr bias,
    DenseF64ArrayAttr biasUnits, FloatAttr outputScale, FloatAttr residualScale,
    numerics::DequantPrecision, bool, int64_t inputZeroPoint, int32_t leftShift,
    int64_t zeroPoint, int64_t lo, int64_t hi, DenseI32ArrayAttr zeroPoints,
    DenseI32ArrayAttr los, DenseI32ArrayAttr his) {
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
  bool isFloat = numerics::isFloatKernel(kernel);
  StringRef name = numerics::stringify(kernel);
  if ((real || isFloat) && (multipliers || shifts || preShifts))
    return emitError() << "the kernel '" << name
                       << "' has no multipliers and shifts";
  if (!isFloat &&
      (factors || bias || biasUnits || outputScale || (residualScale && !real)))
    return emitError() << "the kernel '" << name
                       << "' has no factors, bias and scales of its own";
  if (!real && !isFloat &&
      (sizeOf(multipliers) != scales.size() || sizeOf(shifts) != scales.size()))
    return emitError() << "expected as many multipliers and shifts as scales ("
                       << scales.size() << "), got " << sizeOf(multipliers)
                       << " and " << sizeOf(shifts);
  if (isFloat && sizeOf(factors) != scales.size())
    return emitError() << "expected as many factors as scales ("
                       << scales.size() << "), got " << sizeOf(factors);
  if (preShifts && preShifts.size() != scales.size())
    return emitError() << "expected as many pre_shifts as scales ("
                       << scales.size() << "), got " << preShifts.size();
  for (DenseF64ArrayAttr values : {factors, bias, biasUnits})
    for (double value : values ? values.asArrayRef() : ArrayRef<double>())
      if (!std::isfinite(value))
        return emitError() << "expected finite factors and biases, got "
                           << value;
  for (FloatAttr value : {outputScale, residualScale})
    if (value && !(value.getValueAsDouble() > 0 &&
                   std::isfinite(value.getValueAsDouble())))
      return emitError() << "expected positive and finite scales of output and "
                            "residual, got "
                         << value.getValueAsDouble();
  // requant_c3
  if (leftShift < 0 || leftShift > 30)
    return emitError() << "expected left_shift in [0, 30], got " << leftShift;
  if (shifts) {
    int least = kernel == numerics::RequantizeKernel::R6   ? -31
                : kernel == numerics::RequantizeKernel::R7 ? -62
                                                           : 0;
    for (auto [c, shift] : llvm::enumerate(shifts.asArrayRef()))
      if (shift < least || shift > 62)
        return emitError() << "expected shifts in [" << least << ", 62], got "
                           << shift << " for channel " << c;
  }
  if (preShifts)
    for (auto [c, shift] : llvm::enumerate(preShifts.asArrayRef()))
      if (shift < 0 || shift > 31)
        return emitError() << "expected pre_shifts in [0, 31], got " << shift
                           << " for channel " << c;
  // requant_c5
  if (lo > hi)
    return emitError() << "expected lo <= hi, got " << lo << " and " << hi;
  // requant_c6
  int64_t grids = sizeOf(zeroPoints);
  if (sizeOf(los) != grids || sizeOf(his) != grids ||
      (grids > 1 && scales.size() > 1 && grids != scales.size()))
    return emitError() << "expected zero_points, los and his of all channels, "
                          "got "
                       << grids << ", " << sizeOf(los) << " and " << sizeOf(his)
                       << " for " << scales.size() << " scales";
  if (grids && (kernel == numerics::RequantizeKernel::R9 ||
                kernel == numerics::RequantizeKernel::R10 ||
                kernel == numerics::RequantizeKernel::R14))
    return emitError() << "the kernel '" << name
                       << "' has one zero point and clamp for all channels";
  for (int64_t c = 0; c < grids; ++c)
    if (los[c] > his[c])
      return emitError() << "expected lo <= hi, got " << los[c] << " and "
                         << his[c] << " for channel " << c;
  constexpr int64_t limit = int64_t(1) << 32;
  for (int64_t v : {inputZeroPoint, zeroPoint, lo, hi})
    if (v < -limit || v > limit)
      return emitError()
             << "expected zero points and clamp within 33 bits, got " << v;
  return success();
}

/// Calls make(parameters of the attribute).
template <typename Make>
static RequantAttr build(MLIRContext *context, const RequantFields &fields,
                         Make make) {
  Builder builder(context);
  auto doubles = [&](ArrayRef<double> values) {
    return values.empty() ? DenseF64ArrayAttr()
                          : builder.getDenseF64ArrayAttr(values);
  };
  auto integers = [&](ArrayRef<int32_t> values) {
    return values.empty() ? DenseI32ArrayAttr()
                          : builder.getDenseI32ArrayAttr(values);
  };
  auto number = [&](std::optional<double> value) {
    return value ? builder.getF64FloatAttr(*value) : FloatAttr();
  };
  return make(
      fields.kernel, fields.quantizeForm,
      builder.getDenseF64ArrayAttr(fields.scales), integers(fields.multipliers),
      integers(fields.shifts), integers(fields.preShifts),
      doubles(fields.factors), doubles(fields.bias), doubles(fields.biasUnits),
      number(fields.outputScale), number(fields.residualScale),
      fields.precision, fields.zeroPointAfter, fields.inputZeroPoint,
      fields.leftShift, fields.zeroPoint, fields.lo, fields.hi,
      integers(fields.zeroPoints), integers(fields.los), integers(fields.his));
}

RequantAttr RequantAttr::get(MLIRContext *context,
                             const RequantFields &fields) {
  return build(context, fields,
               [&](auto... values) { return get(context, values...); });
}

RequantAttr
RequantAttr::getChecked(function_ref<InFlightDiagnostic()> emitError,
                        MLIRContext *context, const RequantFields &fields) {
  return build(context, fields, [&](auto... values) {
    return getChecked(emitError, context, values...);
  });
}

RequantFields RequantAttr::getFields() const {
  auto assign = [](auto &to, auto from) {
    if (from)
      to.assign(from.asArrayRef().begin(), from.asArrayRef().end());
  };
  auto number = [](FloatAttr value) {
    return value ? std::optional<double>(value.getValueAsDouble())
                 : std::nullopt;
  };
  RequantFields fields;
  fields.kernel = getKernel();
  fields.quantizeForm = getQuantizeForm();
  assign(fields.scales, getScales());
  assign(fields.multipliers, getMultipliers());
  assign(fields.shifts, getShifts());
  assign(fields.preShifts, getPreShifts());
  assign(fields.factors, getFactors());
  assign(fields.bias, getBias());
  assign(fields.biasUnits, getBiasUnits());
  fields.outputScale = number(getOutputScale());
  fields.residualScale = number(getResidualScale());
  fields.precision = getPrecision();
  fields.zeroPointAfter = getZeroPointAfter();
  fields.inputZeroPoint = getInputZeroPoint();
  fields.leftShift = getLeftShift();
  fields.zeroPoint = getZeroPoint();
  fields.lo = getLo();
  fields.hi = getHi();
  assign(fields.zeroPoints, getZeroPoints());
  assign(fields.los, getLos());
  assign(fields.his, getHis());
  return fields;
}

RequantAttr RequantAttr::withClamp(int64_t lo, int64_t hi) const {
  RequantFields fields = getFields();
  fields.lo = lo;
  fields.hi = hi;
  return get(getContext(), fields);
}

void RequantFields::setOutputs(ArrayRef<numerics::OutputGrid> outputs) {
  zeroPoints.clear();
  los.clear();
  his.clear();
  zeroPoint = 0;
  for (const numerics::OutputGrid &output : outputs) {
    zeroPoints.push_back(static_cast<int32_t>(output.zeroPoint));
    los.push_back(static_cast<int32_t>(output.lo));
    his.push_back(static_cast<int32_t>(output.hi));
    lo = los.size() == 1 ? output.lo : std::min(lo, output.lo);
    hi = his.size() == 1 ? output.hi : std::max(hi, output.hi);
  }
}

void RequantFields::setKernel(const numerics::RequantizeParams &params) {
  kernel = params.kernel;
  quantizeForm = numerics::QuantizeForm::Q1;
  multipliers.clear();
  shifts.clear();
  preShifts.clear();
  bool pre = false;
  for (const numerics::Multiplier &m : params.multipliers) {
    multipliers.push_back(m.multiplier);
    shifts.push_back(m.shift);
    preShifts.push_back(m.preShift);
    pre |= m.preShift != 0;
  }
  if (!pre)
    preShifts.clear();
  factors.assign(params.scales.begin(), params.scales.end());
  bias.assign(params.bias.begin(), params.bias.end());
  biasUnits.assign(params.biasUnits.begin(), params.biasUnits.end());
  outputScale.reset();
  residualScale.reset();
  if (kernel == numerics::RequantizeKernel::R9 ||
      kernel == numerics::RequantizeKernel::R14)
    outputScale = params.outputScale;
  if (params.residualScale != 0)
    residualScale = params.residualScale;
  precision = params.precision;
  zeroPointAfter = params.zeroPointAfter;
}

numerics::RequantizeParams RequantAttr::getParams() const {
  RequantFields fields = getFields();
  numerics::RequantizeParams params;
  params.kernel = fields.kernel;
  for (size_t i = 0; i < fields.multipliers.size(); ++i)
    params.multipliers.push_back(
        {fields.multipliers[i], fields.shifts[i],
         fields.preShifts.empty() ? 0 : fields.preShifts[i]});
  params.scales.assign(fields.factors.begin(), fields.factors.end());
  params.bias.assign(fields.bias.begin(), fields.bias.end());
  params.biasUnits.assign(fields.biasUnits.begin(), fields.biasUnits.end());
  params.outputScale = static_cast<float>(fields.outputScale.value_or(1));
  params.residualScale = static_cast<float>(fields.residualScale.value_or(0));
  params.precision = fields.precision;
  params.zeroPointAfter = fields.zeroPointAfter;
  params.inputZeroPoint = static_cast<int32_t>(fields.inputZeroPoint);
  params.leftShift = fields.leftShift;
  params.zeroPoint = fields.zeroPoint;
  params.lo = fields.lo;
  params.hi = fields.hi;
  for (size_t c = 0; c < fields.zeroPoints.size(); ++c)
    params.outputs.push_back(
        {fields.zeroPoints[c], fields.los[c], fields.his[c]});
  return params;
}

LogicalResult BackendAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  StringAttr name, DictionaryAttr fields) {
  return verifyBackend(emitError, name.getValue(), fields);
}
