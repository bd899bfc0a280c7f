//===- KernelUtils.cpp - What the kernels' builders share -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelUtils.h"

using namespace hwq::runtime;
using namespace mlir;

std::optional<DType> hwq::runtime::storageDType(Type elementType) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(elementType)) {
    unsigned width = quantized.getStorageTypeIntegralWidth();
    if (!quantized.isSigned())
      return width <= 8 ? std::optional(DType::U8) : std::nullopt;
    return width <= 8 ? DType::I8 : width <= 16 ? DType::I16 : DType::I32;
  }
  if (elementType.isF32())
    return DType::F32;
  if (elementType.isF64())
    return DType::F64;
  if (isa<IndexType>(elementType))
    return DType::I64;
  auto integer = dyn_cast<IntegerType>(elementType);
  if (!integer)
    return std::nullopt;
  unsigned width = integer.getWidth();
  if (width == 1)
    return DType::Bool;
  if (integer.isUnsigned())
    return width <= 8 ? std::optional(DType::U8) : std::nullopt;
  if (width > 64)
    return std::nullopt;
  return width <= 8    ? DType::I8
         : width <= 16 ? DType::I16
         : width <= 32 ? DType::I32
                       : DType::I64;
}

FailureOr<DType> hwq::runtime::storageDTypeOf(Operation *op, Value value) {
  if (auto type = dyn_cast<RankedTensorType>(value.getType()))
    if (std::optional<DType> dtype = storageDType(type.getElementType()))
      return *dtype;
  op->emitOpError() << "can't be executed on values of type "
                    << value.getType();
  return failure();
}

std::optional<Tensor::Shape> hwq::runtime::resultShape(RankedTensorType type,
                                                       int64_t batch) {
  Tensor::Shape shape(type.getShape());
  if (!shape.empty())
    shape[0] = batch;
  for (int64_t dim : shape)
    if (ShapedType::isDynamic(dim))
      return std::nullopt;
  return shape;
}

std::string hwq::runtime::opLabel(Operation *op) {
  std::string label = "'" + op->getName().getStringRef().str() + "' op";
  if (auto name = op->getAttrOfType<StringAttr>("quant_hw.name"))
    label += " \"" + name.str() + "\"";
  return label;
}

llvm::Error hwq::runtime::kernelError(llvm::StringRef label,
                                      const llvm::Twine &message) {
  return llvm::createStringError(label + ": " + message);
}
