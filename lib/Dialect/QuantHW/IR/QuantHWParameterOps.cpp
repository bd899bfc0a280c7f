//===- QuantHWParameterOps.cpp - Verifiers of observe, quantize, requantize -*-
//C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/QuantHW/IR/Verify.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

LogicalResult hwq::verifyQuantizedType(Operation *op, Type type) {
  auto ranked = cast<RankedTensorType>(type);
  auto quantized = dyn_cast<quant::QuantizedType>(ranked.getElementType());
  if (!quantized)
    return success();
  auto check = [&](int64_t zeroPoint) -> LogicalResult {
    if (zeroPoint < quantized.getStorageTypeMin() ||
        zeroPoint > quantized.getStorageTypeMax())
      return op->emitOpError()
             << "expects zero points in [" << quantized.getStorageTypeMin()
             << ", " << quantized.getStorageTypeMax() << "], got " << zeroPoint;
    return success();
  };
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(quantized))
    return check(uniform.getZeroPoint());
  auto perAxis = cast<quant::UniformQuantizedPerAxisType>(quantized);
  int64_t channels = static_cast<int64_t>(perAxis.getScales().size());
  if (perAxis.getQuantizedDimension() != 0 || ranked.getRank() == 0 ||
      ranked.getDimSize(0) != channels)
    return op->emitOpError()
           << "expects a per-axis type with axis 0 and one scale per channel, "
              "got axis "
           << perAxis.getQuantizedDimension() << " and " << channels
           << " scales for " << ranked;
  for (int64_t zeroPoint : perAxis.getZeroPoints())
    if (failed(check(zeroPoint)))
      return failure();
  return success();
}

LogicalResult hwq::verifyMultipliers(Operation *op, RequantAttr requant) {
  if (requant.isReal())
    return success();
  double bound = numerics::relativeErrorBound(requant.getKernel());
  for (auto [c, scale] : llvm::enumerate(requant.getScales().asArrayRef())) {
    numerics::Multiplier m{requant.getMultipliers()[c], requant.getShifts()[c]};
    double value = numerics::multiplierValue(m);
    // A scale below the kernel's smallest becomes the multiplier 0.
    if (m.multiplier == 0 && scale < 0x1p-31)
      continue;
    if (std::abs(value - scale) > bound * scale)
      return op->emitOpError()
             << "expects multipliers and shifts that stand for the scales, got "
             << m.multiplier << " and " << m.shift << " for the scale " << scale
             << " of channel " << c << " of " << describeTensor(op->getResult(0));
  }
  return success();
}

LogicalResult hwq::verifyRequant(Operation *op, RequantAttr requant,
                                 int64_t channels, Type resultElement) {
  auto type = cast<quant::UniformQuantizedType>(resultElement);
  int64_t scales = requant.getScales().size();
  if (scales != 1 && scales != channels)
    return op->emitOpError() << "expects one scale or one per channel ("
                             << channels << "), got " << scales;
  if (requant.getZeroPoint() != type.getZeroPoint())
    return op->emitOpError()
           << "expects the zero point of the result, " << type.getZeroPoint()
           << ", got " << requant.getZeroPoint();
  if (requant.getLo() < type.getStorageTypeMin() ||
      requant.getHi() > type.getStorageTypeMax())
    return op->emitOpError()
           << "expects a clamp inside [" << type.getStorageTypeMin() << ", "
           << type.getStorageTypeMax() << "], got [" << requant.getLo() << ", "
           << requant.getHi() << "]";
  return verifyMultipliers(op, requant);
}

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
  return success();
}

// quantize_c1, quantize_c2
LogicalResult QuantizeOp::verify() {
  return verifyQuantizedType(*this, getOutput().getType());
}

// dequantize_c1
LogicalResult DequantizeOp::verify() {
  return verifyQuantizedType(*this, getInput().getType());
}

LogicalResult RequantizeOp::verify() {
  RankedTensorType in = getInput().getType(), out = getOutput().getType();
  // requantize_c1
  if (failed(verifyCompatibleShape(in, out)))
    return emitOpError() << "expects input and result of one shape, got " << in
                         << " and " << out;
  if (failed(verifyQuantizedType(*this, out)))
    return failure();
  // requantize_c2, requantize_c3
  int64_t channels = out.getRank() ? out.getDimSize(out.getRank() - 1) : 1;
  if (failed(
          verifyRequant(*this, getRequant(), channels, out.getElementType())))
    return failure();
  if (getBias()) {
    RankedTensorType bias = getBias().getType();
    if (bias.getRank() != 1 || bias.getDimSize(0) != channels)
      return emitOpError() << "expects one bias per channel (" << channels
                           << "), got " << bias;
    // requantize_c4
    if (!getRequant().isReal())
      return emitOpError() << "expects the kernel 'real' where there is a bias";
  } else if (getScaledBias()) {
    return emitOpError() << "expects a bias where 'scaled_bias' is set";
  }
  // requantize_c5
  int64_t zeroPoint = 0;
  if (auto type = dyn_cast<quant::UniformQuantizedType>(in.getElementType()))
    zeroPoint = type.getZeroPoint();
  if (getRequant().getInputZeroPoint() != zeroPoint)
    return emitOpError() << "expects the zero point of the operand, "
                         << zeroPoint << ", got "
                         << getRequant().getInputZeroPoint();
  return success();
}
