//===- Constants.cpp - Reading and making constant tensors -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include <cstring>

using namespace mlir;
using namespace hwq;

/// Up to this many bytes stay in the text of the program.
static constexpr size_t kInlineBytes = 64;

static ElementsAttr getConstantElements(Value value) {
  auto op = value ? value.getDefiningOp<tosa::ConstOp>() : nullptr;
  return op ? op.getValues() : ElementsAttr();
}

/// Calls `read(pointer to element i, i)` for elements of `width` bytes.
template <typename Read>
static LogicalResult forEachElement(ElementsAttr elements, size_t width,
                                    Read read) {
  int64_t count = elements.getNumElements();
  ArrayRef<char> bytes;
  bool splat = false;
  if (auto dense = dyn_cast<DenseElementsAttr>(elements)) {
    bytes = dense.getRawData();
    splat = dense.isSplat();
  } else if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return failure();
    bytes = blob->getData();
  } else {
    return failure();
  }
  if (bytes.size() != (splat ? 1 : static_cast<size_t>(count)) * width)
    return failure();
  for (int64_t i = 0; i < count; ++i)
    read(bytes.data() + (splat ? 0 : static_cast<size_t>(i) * width), i);
  return success();
}

template <typename T>
static FailureOr<std::vector<T>> getRealElements(ElementsAttr elements,
                                                 bool wanted(Type)) {
  if (!elements || !wanted(elements.getElementType()))
    return failure();
  std::vector<T> result(elements.getNumElements());
  if (failed(forEachElement(elements, sizeof(T), [&](const char *p, int64_t i) {
        std::memcpy(&result[i], p, sizeof(T));
      })))
    return failure();
  return result;
}

FailureOr<std::vector<float>> hwq::getFloatConstant(Value value) {
  return getFloatElements(getConstantElements(value));
}

FailureOr<std::vector<float>> hwq::getFloatElements(ElementsAttr values) {
  return getRealElements<float>(values, [](Type t) { return t.isF32(); });
}

FailureOr<std::vector<double>> hwq::getDoubleConstant(Value value) {
  return getRealElements<double>(getConstantElements(value),
                                 [](Type t) { return t.isF64(); });
}

/// The integers of a type that is in memory as it is in the attribute (little
/// endian, as is all of hwq).
template <typename T>
static LogicalResult copyIntegers(ElementsAttr elements,
                                  std::vector<int64_t> &result) {
  return forEachElement(elements, sizeof(T), [&](const char *p, int64_t i) {
    T x;
    std::memcpy(&x, p, sizeof(T));
    result[i] = static_cast<int64_t>(x);
  });
}

FailureOr<std::vector<int64_t>> hwq::getIntegerConstant(Value value) {
  ElementsAttr elements = getConstantElements(value);
  if (!elements)
    return failure();
  Type type = elements.getElementType();
  bool isSigned = !type.isUnsignedInteger();
  if (auto result = dyn_cast<quant::QuantizedType>(
          cast<ShapedType>(value.getType()).getElementType()))
    isSigned = result.isSigned();
  unsigned width = 0;
  if (auto integer = dyn_cast<IntegerType>(type))
    width = integer.getWidth();
  else if (type.isIndex())
    width = 64;
  if (width != 8 && width != 16 && width != 32 && width != 64)
    return failure();
  std::vector<int64_t> result(elements.getNumElements());
  LogicalResult read = success();
  switch (width) {
  case 8:
    read = isSigned ? copyIntegers<int8_t>(elements, result)
                    : copyIntegers<uint8_t>(elements, result);
    break;
  case 16:
    read = isSigned ? copyIntegers<int16_t>(elements, result)
                    : copyIntegers<uint16_t>(elements, result);
    break;
  case 32:
    read = isSigned ? copyIntegers<int32_t>(elements, result)
                    : copyIntegers<uint32_t>(elements, result);
    break;
  default:
    read = copyIntegers<int64_t>(elements, result);
  }
  if (failed(read))
    return failure();
  return result;
}

ElementsAttr hwq::createElements(RankedTensorType type, ArrayRef<char> bytes,
                                 size_t alignment, StringRef name) {
  if (bytes.size() <= kInlineBytes || name.empty())
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  return DenseResourceElementsAttr::get(
      type, name,
      HeapAsmResourceBlob::allocateAndCopyWithAlign(bytes, alignment));
}

template <typename T>
static Value create(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
                    ArrayRef<T> values, Type element, StringRef name) {
  auto type = RankedTensorType::get(shape, element);
  ArrayRef<char> bytes(reinterpret_cast<const char *>(values.data()),
                       values.size() * sizeof(T));
  return tosa::ConstOp::create(builder, loc, type,
                               createElements(type, bytes, alignof(T), name));
}

Value hwq::createConstant(OpBuilder &builder, Location loc,
                          ArrayRef<int64_t> shape, ArrayRef<float> values,
                          StringRef name) {
  return create(builder, loc, shape, values, builder.getF32Type(), name);
}

Value hwq::createConstant(OpBuilder &builder, Location loc,
                          ArrayRef<int64_t> shape, ArrayRef<int32_t> values,
                          StringRef name) {
  return create(builder, loc, shape, values, builder.getI32Type(), name);
}

Value hwq::createConstant(OpBuilder &builder, Location loc,
                          ArrayRef<int64_t> shape, ArrayRef<double> values,
                          StringRef name) {
  return create(builder, loc, shape, values, builder.getF64Type(), name);
}

Value hwq::createQuantizedConstant(OpBuilder &builder, Location loc,
                                   ArrayRef<int64_t> shape,
                                   ArrayRef<int64_t> codes,
                                   quant::QuantizedType elementType,
                                   StringRef name) {
  unsigned width = elementType.getStorageTypeIntegralWidth() <= 8 ? 8 : 16;
  Type storage = IntegerType::get(
      builder.getContext(), width,
      elementType.isSigned() ? IntegerType::Signless : IntegerType::Unsigned);
  std::vector<char> bytes(codes.size() * (width / 8));
  for (size_t i = 0; i < codes.size(); ++i)
    std::memcpy(&bytes[i * (width / 8)], &codes[i], width / 8);
  auto storageType = RankedTensorType::get(shape, storage);
  return tosa::ConstOp::create(
      builder, loc, RankedTensorType::get(shape, elementType),
      createElements(storageType, bytes, width / 8, name));
}
