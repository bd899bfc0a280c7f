//===- Verify.cpp - Checks shared by the verifiers -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Verify.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

LogicalResult hwq::verifyQuantizedType(Operation *op, Type type,
                                       bool activation) {
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
  int64_t axis = activation ? ranked.getRank() - 1 : 0;
  if (ranked.getRank() == 0 || perAxis.getQuantizedDimension() != axis ||
      ranked.getDimSize(axis) != channels)
    return op->emitOpError() << "expects a per-axis type with axis " << axis
                             << " and one scale per channel, got axis "
                             << perAxis.getQuantizedDimension() << " and "
                             << channels << " scales for " << ranked;
  for (int64_t zeroPoint : perAxis.getZeroPoints())
    if (failed(check(zeroPoint)))
      return failure();
  return success();
}

/// How far the number that the kernel multiplies by may be from the scale.
static double getTolerance(RequantAttr requant, size_t c, double scale) {
  using numerics::RequantizeKernel;
  RequantizeKernel kernel = requant.getKernel();
  // One step of the multiplier, whatever the number of its bits.
  if (!numerics::isFloatKernel(kernel) && kernel != RequantizeKernel::R10)
    return std::ldexp(
        1.0, -(requant.getShifts()[c] +
               (requant.getPreShifts() ? requant.getPreShifts()[c] : 0)));
  // Factors are products and quotients of numbers rounded to f32.
  if (numerics::isFloatKernel(kernel))
    return 0x1p-22 * scale;
  // The range is a whole number of accumulator steps, the reciprocal is cut.
  return numerics::relativeErrorBound(kernel) * scale + 0x1p-31;
}

LogicalResult hwq::verifyMultipliers(Operation *op, RequantAttr requant,
                                     double slack) {
  if (requant.isReal())
    return success();
  numerics::RequantizeParams params = requant.getParams();
  for (auto [c, scale] : llvm::enumerate(requant.getScales().asArrayRef())) {
    if (requant.getFactors()) {
      double value = params.scales[c];
      if (requant.getOutputScale() &&
          !getElementTypeOrSelf(op->getResult(0)).isF32())
        value /= requant.getOutputScale().getValueAsDouble();
      if (std::abs(value - scale) > getTolerance(requant, c, scale))
        return op->emitOpError()
               << "expects factors that stand for the scales, got " << value
               << " for the scale " << scale << " of channel " << c << " of "
               << describeTensor(op->getResult(0));
      continue;
    }
    const numerics::Multiplier &m = params.multipliers[c];
    double value = numerics::multiplierValue(m);
    // A scale below the kernel's smallest becomes the multiplier 0.
    if (m.multiplier == 0 && scale < 0x1p-31)
      continue;
    if (std::abs(value - scale) >
        getTolerance(requant, c, scale) + slack * scale)
      return op->emitOpError()
             << "expects multipliers and shifts that stand for the scales, got "
             << m.multiplier << " and " << m.shift << " for the scale " << scale
             << " of channel " << c << " of "
             << describeTensor(op->getResult(0));
  }
  return success();
}

LogicalResult hwq::verifyRequant(Operation *op, RequantAttr requant,
                                 int64_t channels, Type resultElement,
                                 double slack) {
  auto type = cast<quant::QuantizedType>(resultElement);
  auto uniform = dyn_cast<quant::UniformQuantizedType>(type);
  int64_t scales = requant.getScales().size();
  if (scales != 1 && scales != channels)
    return op->emitOpError() << "expects one scale or one per channel ("
                             << channels << "), got " << scales;
  if ((requant.getZeroPoints() != nullptr) != !uniform)
    return op->emitOpError() << "expects zero points of channels iff the "
                                "result has them, got "
                             << requant << " for " << resultElement;
  if (!uniform) {
    ArrayRef<int64_t> expected =
        cast<quant::UniformQuantizedPerAxisType>(type).getZeroPoints();
    ArrayRef<int32_t> zeroPoints = requant.getZeroPoints();
    if (expected.size() != zeroPoints.size())
      return op->emitOpError() << "expects zero points of " << expected.size()
                               << " channels, got " << zeroPoints.size();
    for (size_t c = 0; c < expected.size(); ++c) {
      if (zeroPoints[c] != expected[c])
        return op->emitOpError()
               << "expects the zero point of the result, " << expected[c]
               << ", got " << zeroPoints[c] << " for channel " << c;
      if (requant.getLos()[c] < type.getStorageTypeMin() ||
          requant.getHis()[c] > type.getStorageTypeMax())
        return op->emitOpError()
               << "expects a clamp inside [" << type.getStorageTypeMin() << ", "
               << type.getStorageTypeMax() << "], got [" << requant.getLos()[c]
               << ", " << requant.getHis()[c] << "] for channel " << c;
    }
    return verifyMultipliers(op, requant, slack);
  }
  // r10 has it in the accumulator's offset.
  if (requant.getKernel() != numerics::RequantizeKernel::R10 &&
      requant.getZeroPoint() != uniform.getZeroPoint())
    return op->emitOpError()
           << "expects the zero point of the result, " << uniform.getZeroPoint()
           << ", got " << requant.getZeroPoint();
  if (requant.getLo() < type.getStorageTypeMin() ||
      requant.getHi() > type.getStorageTypeMax())
    return op->emitOpError()
           << "expects a clamp inside [" << type.getStorageTypeMin() << ", "
           << type.getStorageTypeMax() << "], got [" << requant.getLo() << ", "
           << requant.getHi() << "]";
  return verifyMultipliers(op, requant, slack);
}

LogicalResult hwq::verifyPositive(Operation *op, StringRef name,
                                  ArrayRef<int64_t> values, size_t count,
                                  int64_t least) {
  if (values.size() != count)
    return op->emitOpError() << "expects " << count << " values in '" << name
                             << "', got " << values.size();
  for (int64_t v : values)
    if (v < least || v > (int64_t(1) << 30))
      return op->emitOpError() << "expects values of at least " << least
                               << " in '" << name << "', got " << v;
  return success();
}

LogicalResult hwq::verifyDim(Operation *op, RankedTensorType out, int dim,
                             int64_t expected) {
  if (ShapedType::isDynamic(expected) || out.isDynamicDim(dim) ||
      out.getDimSize(dim) == expected)
    return success();
  return op->emitOpError() << "expects dimension " << dim
                           << " of the result to be " << expected << ", got "
                           << out;
}
