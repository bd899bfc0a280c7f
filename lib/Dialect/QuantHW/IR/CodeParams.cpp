//===- CodeParams.cpp - What the codes of a tensor mean ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/CodeParams.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace hwq;

Attribute hwq::getTensorAttr(Value value, StringRef key) {
  if (auto arg = dyn_cast<BlockArgument>(value)) {
    auto func = dyn_cast<FunctionOpInterface>(arg.getOwner()->getParentOp());
    return func && arg.getOwner()->isEntryBlock()
               ? func.getArgAttr(arg.getArgNumber(), key)
               : Attribute();
  }
  Operation *op = value.getDefiningOp();
  return op->getNumResults() == 1 ? op->getAttr(key) : Attribute();
}

std::optional<numerics::QuantParams> hwq::getCodeParams(Value value) {
  Type element = getElementTypeOrSelf(value.getType());
  if (auto type = dyn_cast<quant::UniformQuantizedType>(element))
    return getParams(type);
  if (!element.isInteger(8))
    return std::nullopt;
  auto scale = dyn_cast_if_present<FloatAttr>(getTensorAttr(value, kScaleAttr));
  auto zeroPoint =
      dyn_cast_if_present<IntegerAttr>(getTensorAttr(value, kZeroPointAttr));
  if (!scale || !zeroPoint || !zeroPoint.getType().isInteger(64))
    return std::nullopt;
  return numerics::QuantParams{scale.getValueAsDouble(), zeroPoint.getInt(),
                               numerics::gridOf(numerics::Storage::I8)};
}

void hwq::setCodeParams(Operation *op, const numerics::QuantParams &params) {
  OpBuilder builder(op->getContext());
  op->setAttr(kScaleAttr, builder.getF64FloatAttr(params.scale));
  op->setAttr(kZeroPointAttr, builder.getI64IntegerAttr(params.zeroPoint));
}
