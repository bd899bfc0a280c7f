//===- TosaModels.cpp - TOSA ops that can be executed -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaModels.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Matchers.h"

using namespace hwq::runtime;
using namespace mlir;

FailureOr<Tensor::Shape> hwq::runtime::constantShape(Operation *op,
                                                     Value shape) {
  DenseIntElementsAttr values;
  if (!matchPattern(shape, m_Constant(&values))) {
    op->emitOpError("expected a constant shape operand to execute it");
    return failure();
  }
  Tensor::Shape result;
  for (const APInt &value : values.getValues<APInt>())
    result.push_back(value.getSExtValue());
  return result;
}

LogicalResult hwq::runtime::requireZeroPoint0(Operation *op,
                                              const KernelContext &context,
                                              Value operand,
                                              llvm::StringRef what) {
  const Tensor *zeroPoint = context.getConstant(operand);
  if (!zeroPoint || zeroPoint->numElements() != 1)
    return op->emitOpError()
           << "expected a constant " << what << " zero point of one value";
  // +0.0 and every integer 0 is all zero bytes; -0.0 is compared as a float.
  const char *bytes = static_cast<const char *>(zeroPoint->raw());
  bool zero = llvm::all_of(llvm::ArrayRef<char>(bytes, zeroPoint->numBytes()),
                           [](char c) { return c == 0; });
  if (zeroPoint->dtype() == DType::F32)
    zero = *zeroPoint->data<float>() == 0.0f;
  if (!zero)
    return op->emitOpError()
           << "expected " << what << " zero point 0, got another one";
  return success();
}

LogicalResult hwq::runtime::requireF32(Operation *op, Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.getElementType().isF32())
    return op->emitOpError()
           << "can be executed on f32 tensors only, got " << value.getType();
  return success();
}

void hwq::runtime::registerTosaModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tosa::TosaDialect *) {
    attachTosaElementwiseModels(*context);
    attachTosaUnaryModels(*context);
    attachTosaMovementModels(*context);
    attachTosaResizeModels(*context);
    attachTosaPoolingModels(*context);
    attachTosaReductionModels(*context);
    attachTosaDotModels(*context);
    attachTosaIntegerModels(*context);
  });
}
