//===- EvaluatorConstants.cpp - Constants as tensors ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EvaluatorConstants.h"
#include "KernelUtils.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include <cstring>

using namespace hwq::runtime;
using namespace mlir;

bool hwq::runtime::isConstantOp(Operation *op) {
  return isa<tosa::ConstOp, tosa::ConstShapeOp>(op);
}

static void storeInteger(Tensor &tensor, int64_t i, const APInt &value,
                         bool isSigned) {
  int64_t v = isSigned ? value.getSExtValue()
                       : static_cast<int64_t>(value.getZExtValue());
  std::memcpy(static_cast<char *>(tensor.raw()) +
                  i * static_cast<int64_t>(byteWidth(tensor.dtype())),
              &v, byteWidth(tensor.dtype()));
}

static FailureOr<Tensor> readDense(Operation *op, DenseElementsAttr dense,
                                   DType dtype, ArrayRef<int64_t> shape,
                                   bool isSigned) {
  Type element = dense.getElementType();
  size_t width = byteWidth(dtype);
  ArrayRef<char> raw = dense.getRawData();
  bool wholeBytes =
      element.isIntOrFloat() && element.getIntOrFloatBitWidth() == 8 * width;
  if (wholeBytes) {
    if (!dense.isSplat())
      return Tensor::view(dtype, shape, static_cast<const void *>(raw.data()));
    Tensor tensor = Tensor::allocate(dtype, shape);
    for (int64_t i = 0, e = tensor.numElements(); i < e; ++i)
      std::memcpy(static_cast<char *>(tensor.raw()) + i * width, raw.data(),
                  width);
    return tensor;
  }
  if (!element.isIntOrIndex()) {
    op->emitOpError() << "can't be executed with elements of type " << element;
    return failure();
  }
  Tensor tensor = Tensor::allocate(dtype, shape);
  for (auto [i, value] : llvm::enumerate(dense.getValues<APInt>()))
    storeInteger(tensor, i, value, isSigned && dtype != DType::Bool);
  return tensor;
}

FailureOr<Tensor> hwq::runtime::readConstant(Operation *op) {
  if (auto shape = dyn_cast<tosa::ConstShapeOp>(op)) {
    SmallVector<int64_t> values;
    for (const APInt &value : shape.getValues().getValues<APInt>())
      values.push_back(value.getSExtValue());
    return Tensor::fromValues<int64_t>(values,
                                       {static_cast<int64_t>(values.size())});
  }
  auto constant = cast<tosa::ConstOp>(op);
  auto type = dyn_cast<RankedTensorType>(constant.getType());
  if (!type || !type.hasStaticShape()) {
    op->emitOpError() << "expected a static shape, got " << constant.getType();
    return failure();
  }
  FailureOr<DType> dtype = storageDTypeOf(op, constant.getResult());
  if (failed(dtype))
    return failure();
  Type element = type.getElementType();
  bool isSigned = !element.isUnsignedInteger();
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    isSigned = quantized.isSigned();

  if (auto dense = dyn_cast<DenseElementsAttr>(constant.getValues()))
    return readDense(op, dense, *dtype, type.getShape(), isSigned);
  auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValues());
  if (!resource) {
    op->emitOpError() << "expected dense or dense_resource values";
    return failure();
  }
  AsmResourceBlob *blob = resource.getRawHandle().getBlob();
  if (!blob) {
    op->emitOpError() << "has no data for resource '"
                      << resource.getRawHandle().getKey() << "'";
    return failure();
  }
  ArrayRef<char> bytes = blob->getData();
  std::optional<int64_t> count =
      checkedNumElements(type.getShape(), byteWidth(*dtype));
  if (!count ||
      bytes.size() != static_cast<size_t>(*count) * byteWidth(*dtype)) {
    op->emitOpError() << "expected " << (count ? *count : 0) * byteWidth(*dtype)
                      << " bytes in resource '"
                      << resource.getRawHandle().getKey() << "', got "
                      << bytes.size();
    return failure();
  }
  if (reinterpret_cast<uintptr_t>(bytes.data()) % byteWidth(*dtype) == 0)
    return Tensor::view(*dtype, type.getShape(),
                        static_cast<const void *>(bytes.data()));
  Tensor tensor = Tensor::allocate(*dtype, type.getShape());
  std::memcpy(tensor.raw(), bytes.data(), bytes.size());
  return tensor;
}
