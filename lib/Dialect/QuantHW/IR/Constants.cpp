//===- Constants.cpp - Reading and making constant tensors -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"
#include <cstring>
#include <mutex>

using namespace mlir;
using namespace hwq;

/// Up to this many bytes stay in the text of the program.
static constexpr size_t kInlineBytes = 64;

static ElementsAttr getConstantElements(Value value) {
  auto op = value ? value.getDefiningOp<tosa::ConstOp>() : nullptr;
  return op ? op.getValues() : ElementsAttr();
}

namespace {
/// The bytes of a constant, those of one element for a splat.
struct RawElements {
  ArrayRef<char> bytes;
  bool isSplat = false;
};
} // namespace

/// Failure unless there are as many bytes as elements of `width` have.
static FailureOr<RawElements> getRawElements(ElementsAttr elements,
                                             size_t width) {
  RawElements raw;
  if (auto dense = dyn_cast<DenseElementsAttr>(elements)) {
    raw = {dense.getRawData(), dense.isSplat()};
  } else if (auto resource = dyn_cast<DenseResourceElementsAttr>(elements)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (!blob)
      return failure();
    raw.bytes = blob->getData();
  } else {
    return failure();
  }
  size_t count = raw.isSplat ? 1 : elements.getNumElements();
  if (raw.bytes.size() != count * width)
    return failure();
  return raw;
}

template <typename T>
static FailureOr<std::vector<T>> getRealElements(ElementsAttr elements,
                                                 bool wanted(Type)) {
  if (!elements || !wanted(elements.getElementType()))
    return failure();
  FailureOr<RawElements> raw = getRawElements(elements, sizeof(T));
  if (failed(raw))
    return failure();
  std::vector<T> result(elements.getNumElements());
  if (raw->isSplat) {
    T value;
    std::memcpy(&value, raw->bytes.data(), sizeof(T));
    llvm::fill(result, value);
  } else if (!result.empty()) {
    std::memcpy(result.data(), raw->bytes.data(), raw->bytes.size());
  }
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

namespace {
/// The integers of a constant as they are in memory (little endian, as is all
/// of hwq).
struct IntegerElements {
  RawElements raw;
  size_t count;
  unsigned width;
  bool isSigned;

  static FailureOr<IntegerElements> get(Value value);
  /// Those from `first` on.
  void read(size_t first, MutableArrayRef<int64_t> result) const;

private:
  template <typename T>
  void readAs(size_t first, MutableArrayRef<int64_t> result) const {
    const char *bytes =
        raw.bytes.data() + (raw.isSplat ? 0 : first) * sizeof(T);
    size_t stride = raw.isSplat ? 0 : sizeof(T);
    for (size_t i = 0; i < result.size(); ++i) {
      T x;
      std::memcpy(&x, bytes + i * stride, sizeof(T));
      result[i] = static_cast<int64_t>(x);
    }
  }
};
} // namespace

FailureOr<IntegerElements> IntegerElements::get(Value value) {
  ElementsAttr elements = getConstantElements(value);
  if (!elements)
    return failure();
  Type type = elements.getElementType();
  IntegerElements result;
  result.count = elements.getNumElements();
  result.isSigned = !type.isUnsignedInteger();
  if (auto quantized =
          dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(value)))
    result.isSigned = quantized.isSigned();
  result.width = type.isIndex() ? 64 : 0;
  if (auto integer = dyn_cast<IntegerType>(type))
    result.width = integer.getWidth();
  if (!llvm::is_contained({8u, 16u, 32u, 64u}, result.width))
    return failure();
  FailureOr<RawElements> raw = getRawElements(elements, result.width / 8);
  if (failed(raw))
    return failure();
  result.raw = *raw;
  return result;
}

void IntegerElements::read(size_t first,
                           MutableArrayRef<int64_t> result) const {
  switch (width) {
  case 8:
    return isSigned ? readAs<int8_t>(first, result)
                    : readAs<uint8_t>(first, result);
  case 16:
    return isSigned ? readAs<int16_t>(first, result)
                    : readAs<uint16_t>(first, result);
  case 32:
    return isSigned ? readAs<int32_t>(first, result)
                    : readAs<uint32_t>(first, result);
  default:
    return readAs<int64_t>(first, result);
  }
}

FailureOr<std::vector<int64_t>> hwq::getIntegerConstant(Value value) {
  FailureOr<IntegerElements> integers = IntegerElements::get(value);
  if (failed(integers))
    return failure();
  std::vector<int64_t> result(integers->count);
  integers->read(0, result);
  return result;
}

LogicalResult
hwq::forEachRow(Value value, size_t rows,
                function_ref<void(size_t, ArrayRef<int64_t>)> visit) {
  FailureOr<IntegerElements> integers = IntegerElements::get(value);
  if (failed(integers))
    return failure();
  std::vector<int64_t> row(rows == 0 ? 0 : integers->count / rows);
  for (size_t i = 0; i < rows; ++i) {
    integers->read(i * row.size(), row);
    visit(i, row);
  }
  return success();
}

std::string hwq::getContentKey(StringRef name, ArrayRef<char> bytes) {
  if (name.empty())
    return "";
  ArrayRef<uint8_t> data(reinterpret_cast<const uint8_t *>(bytes.data()),
                         bytes.size());
  return (name + "_" + llvm::utohexstr(llvm::xxh3_64bits(data), true)).str();
}

/// Finding and adding blobs is one step, whatever thread asks first.
static std::mutex blobMutex;

ElementsAttr hwq::createElements(RankedTensorType type, std::vector<char> bytes,
                                 size_t alignment, StringRef key) {
  if (bytes.size() <= kInlineBytes || key.empty())
    return DenseElementsAttr::getFromRawBuffer(type, bytes);
  std::lock_guard<std::mutex> lock(blobMutex);
  auto &manager =
      DenseResourceElementsHandle::getManagerInterface(type.getContext());
  // The vector lives as long as the blob.
  ArrayRef<char> data = bytes;
  if (auto *known = manager.getBlobManager().lookup(key))
    if (const AsmResourceBlob *blob = known->getBlob();
        blob && blob->getData() == data &&
        blob->getDataAlignment() >= alignment)
      return DenseResourceElementsAttr::get(
          type, DenseResourceElementsHandle(
                    known, cast<BuiltinDialect>(manager.getDialect())));
  return DenseResourceElementsAttr::get(
      type, key,
      AsmResourceBlob(
          data, alignment,
          [owner = std::move(bytes)](void *, size_t, size_t) {},
          /*dataIsMutable=*/false));
}

template <typename T>
static Value create(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
                    ArrayRef<T> values, Type element, StringRef name) {
  auto type = RankedTensorType::get(shape, element);
  auto *first = reinterpret_cast<const char *>(values.data());
  std::vector<char> bytes(first, first + values.size() * sizeof(T));
  std::string key = getContentKey(name, bytes);
  return tosa::ConstOp::create(
      builder, loc, type,
      createElements(type, std::move(bytes), alignof(T), key));
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

unsigned hwq::getCodeBytes(quant::QuantizedType type) {
  return type.getStorageTypeIntegralWidth() <= 8 ? 1 : 2;
}

Value hwq::createQuantizedConstant(OpBuilder &builder, Location loc,
                                   ArrayRef<int64_t> shape,
                                   std::vector<char> codes,
                                   quant::QuantizedType elementType,
                                   StringRef name) {
  unsigned size = getCodeBytes(elementType);
  Type storage = IntegerType::get(
      builder.getContext(), 8 * size,
      elementType.isSigned() ? IntegerType::Signless : IntegerType::Unsigned);
  std::string key = getContentKey(name, codes);
  return tosa::ConstOp::create(
      builder, loc, RankedTensorType::get(shape, elementType),
      createElements(RankedTensorType::get(shape, storage), std::move(codes),
                     size, key));
}

Value hwq::createQuantizedConstant(OpBuilder &builder, Location loc,
                                   ArrayRef<int64_t> shape,
                                   ArrayRef<int64_t> codes,
                                   quant::QuantizedType elementType,
                                   StringRef name) {
  size_t size = getCodeBytes(elementType);
  std::vector<char> bytes(codes.size() * size);
  for (size_t i = 0; i < codes.size(); ++i)
    std::memcpy(&bytes[i * size], &codes[i], size);
  return createQuantizedConstant(builder, loc, shape, std::move(bytes),
                                 elementType, name);
}
