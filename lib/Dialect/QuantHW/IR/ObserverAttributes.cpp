//===- ObserverAttributes.cpp - What a table says on a tensor ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/ObserverAttributes.h"

using namespace mlir;
using namespace hwq;

quant::UniformQuantizedType hwq::getObserverParameters(ObserveOp op) {
  auto attr = op->getAttrOfType<TypeAttr>(kParametersAttr);
  return attr ? dyn_cast<quant::UniformQuantizedType>(attr.getValue())
              : quant::UniformQuantizedType();
}

void hwq::setObserverParameters(ObserveOp op,
                                quant::UniformQuantizedType type) {
  if (type)
    op->setAttr(kParametersAttr, TypeAttr::get(type));
  else
    op->removeAttr(kParametersAttr);
}

bool hwq::isKeptFloat(ObserveOp op) { return op->hasAttr(kKeepFloatAttr); }

void hwq::setKeptFloat(ObserveOp op, bool keepFloat) {
  if (keepFloat)
    op->setAttr(kKeepFloatAttr, UnitAttr::get(op.getContext()));
  else
    op->removeAttr(kKeepFloatAttr);
}

LogicalResult hwq::verifyObserverAttributes(ObserveOp op) {
  if (Attribute attr = op->getAttr(kKeepFloatAttr);
      attr && !isa<UnitAttr>(attr))
    return op.emitOpError() << "expects '" << kKeepFloatAttr
                            << "' to be a unit attribute, got " << attr;
  Attribute attr = op->getAttr(kParametersAttr);
  if (!attr)
    return success();
  quant::UniformQuantizedType type = getObserverParameters(op);
  if (!type)
    return op.emitOpError()
           << "expects '" << kParametersAttr
           << "' to be a quantized type with one scale, got " << attr;
  if (!op.getRange())
    return op.emitOpError()
           << "expects a range beside '" << kParametersAttr << "', got none";
  if (type.getZeroPoint() < type.getStorageTypeMin() ||
      type.getZeroPoint() > type.getStorageTypeMax())
    return op.emitOpError()
           << "expects zero points in [" << type.getStorageTypeMin() << ", "
           << type.getStorageTypeMax() << "], got " << type.getZeroPoint();
  return success();
}
