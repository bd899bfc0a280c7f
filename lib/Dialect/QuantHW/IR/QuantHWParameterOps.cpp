//===- QuantHWParameterOps.cpp - Verifiers of observe, quantize, requantize -*-
// C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ImportedParams.h"
#include "hwq/Dialect/QuantHW/IR/ObserverAttributes.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/QuantHW/IR/Verify.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

LogicalResult ObserveOp::verify() {
  // observe_c1
  if (std::optional<ArrayRef<double>> range = getRange())
    if (range->size() != 2 || !std::isfinite((*range)[0]) ||
        !std::isfinite((*range)[1]) || (*range)[0] > (*range)[1])
      return emitOpError() << "expects a range of two finite numbers, the "
                              "first not above the second";
  // observe_c2
  if (getTensor().empty())
    return emitOpError() << "expects the name of a tensor, got none";
  // observe_c3
  if (failed(verifyObserverAttributes(*this)))
    return failure();
  // observe_c4
  if (std::optional<ArrayRef<double>> ranges = getChannelRanges()) {
    RankedTensorType type = getInput().getType();
    int64_t channels = type.getRank() ? type.getShape().back() : 1;
    if (ShapedType::isDynamic(channels) ||
        static_cast<int64_t>(ranges->size()) != 2 * channels)
      return emitOpError() << "expects a range for each channel of " << type
                           << ", got " << ranges->size() << " numbers";
    for (int64_t c = 0; c < channels; ++c)
      if (!std::isfinite((*ranges)[2 * c]) ||
          !std::isfinite((*ranges)[2 * c + 1]) ||
          (*ranges)[2 * c] > (*ranges)[2 * c + 1])
        return emitOpError() << "expects ranges of two finite numbers, the "
                                "first not above the second, for channel "
                             << c;
  }
  // observe_c5
  if (Attribute params = (*this)->getAttr(kModelParametersAttr)) {
    auto attr = dyn_cast<TypeAttr>(params);
    auto type =
        attr ? dyn_cast<quant::QuantizedType>(attr.getValue()) : nullptr;
    ArrayRef<int64_t> zeroPoints;
    int64_t uniformZero = 0;
    auto tensor = cast<RankedTensorType>(getOutput().getType());
    if (auto uniform = dyn_cast_if_present<quant::UniformQuantizedType>(type)) {
      uniformZero = uniform.getZeroPoint();
      zeroPoints = uniformZero;
    } else if (auto perAxis =
                   dyn_cast_if_present<quant::UniformQuantizedPerAxisType>(
                       type);
               perAxis && tensor.getRank() &&
               perAxis.getQuantizedDimension() == tensor.getRank() - 1 &&
               tensor.getShape().back() ==
                   static_cast<int64_t>(perAxis.getScales().size())) {
      zeroPoints = perAxis.getZeroPoints();
    }
    if (zeroPoints.empty() || llvm::any_of(zeroPoints, [&](int64_t zero) {
          return zero < type.getStorageTypeMin() ||
                 zero > type.getStorageTypeMax();
        }))
      return emitOpError() << "expects '" << kModelParametersAttr
                           << "' to be a quantized type with one scale, or one "
                              "for each index of the last axis, and zero "
                              "points in its storage range, got "
                           << params;
  }
  return success();
}

/// The scales of a tensor that may be weights or an activation lie along the
/// last axis.
static bool isLastAxis(RankedTensorType type) {
  auto perAxis =
      dyn_cast<quant::UniformQuantizedPerAxisType>(type.getElementType());
  return perAxis && perAxis.getQuantizedDimension() != 0;
}

// quantize_c1, quantize_c2
LogicalResult QuantizeOp::verify() {
  RankedTensorType type = getOutput().getType();
  return verifyQuantizedType(*this, type, isLastAxis(type));
}

LogicalResult DequantizeOp::verify() {
  RankedTensorType type = getInput().getType();
  // dequantize_c2
  if (getUnitScale() && !isLastAxis(type))
    return emitOpError() << "expects scales along the last axis with "
                            "'unit_scale', got "
                         << type;
  // dequantize_c1
  return verifyQuantizedType(*this, type, isLastAxis(type));
}

LogicalResult RequantizeOp::verify() {
  using numerics::RequantizeKernel;
  RankedTensorType in = getInput().getType(), out = getOutput().getType();
  RequantAttr requant = getRequant();
  // requantize_c1
  if (failed(verifyCompatibleShape(in, out)))
    return emitOpError() << "expects input and result of one shape, got " << in
                         << " and " << out;
  if (failed(verifyQuantizedType(*this, out, /*activation=*/true)))
    return failure();
  int64_t channels = out.getRank() ? out.getDimSize(out.getRank() - 1) : 1;
  if (isFloat()) {
    // requantize_c7
    if (!requant.isReal() && requant.getKernel() != RequantizeKernel::R9 &&
        requant.getKernel() != RequantizeKernel::R14)
      return emitOpError() << "expects the kernel 'real', 'r9' or 'r14' for a "
                              "float result, got '"
                           << numerics::stringify(requant.getKernel()) << "'";
    int64_t scales = requant.getScales().size();
    if (scales != 1 && scales != channels)
      return emitOpError() << "expects one scale or one per channel ("
                           << channels << "), got " << scales;
    if (failed(verifyMultipliers(*this, requant)))
      return failure();
  } else if (failed(verifyRequant(*this, requant, channels,
                                  out.getElementType()))) {
    // requantize_c2, requantize_c3
    return failure();
  }
  if (getBias()) {
    RankedTensorType bias = getBias().getType();
    if (bias.getRank() != 1 || bias.getDimSize(0) != channels)
      return emitOpError() << "expects one bias per channel (" << channels
                           << "), got " << bias;
    // requantize_c4
    if (!requant.isReal())
      return emitOpError() << "expects the kernel 'real' where there is a bias";
  } else if (getScaledBias()) {
    return emitOpError() << "expects a bias where 'scaled_bias' is set";
  }
  if (ElementsAttr bias = getRealBias().value_or(ElementsAttr()))
    if (bias.getNumElements() != channels || !bias.getElementType().isF32())
      return emitOpError() << "expects one f32 per channel (" << channels
                           << ") in 'real_bias', got " << bias.getType();
  // requantize_c5
  int64_t zeroPoint = 0;
  auto codes = dyn_cast<quant::UniformQuantizedType>(in.getElementType());
  if (codes)
    zeroPoint = codes.getZeroPoint();
  if (requant.getInputZeroPoint() != zeroPoint &&
      requant.getKernel() != RequantizeKernel::R7)
    return emitOpError() << "expects the zero point of the operand, "
                         << zeroPoint << ", got "
                         << requant.getInputZeroPoint();
  // requantize_c6
  if ((getResidual() != nullptr) != (requant.getResidualScale() != nullptr))
    return emitOpError()
           << "expects a residual and its scale in 'requant' together";
  if (getResidual()) {
    if (failed(verifyCompatibleShape(getResidual().getType(), out)))
      return emitOpError() << "expects a residual of the result's shape, got "
                           << getResidual().getType() << " for " << out;
    if (!requant.isReal() && requant.getKernel() != RequantizeKernel::R14)
      return emitOpError() << "expects the kernel 'real' or 'r14' with a "
                              "residual, got '"
                           << numerics::stringify(requant.getKernel()) << "'";
  }
  // requantize_c8
  if (getVariant() &&
      (!codes || codes.getStorageTypeIntegralWidth() != 8 || isFloat()))
    return emitOpError() << "expects codes of 8 bits with a variant, got " << in
                         << " and " << out;
  return success();
}
