//===- Tensor.cpp - Dense tensors in memory ---------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Tensor.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>
#include <new>

using namespace hwq::runtime;

static constexpr std::align_val_t storageAlignment{64};

size_t hwq::runtime::byteWidth(DType type) {
  switch (type) {
  case DType::I8:
  case DType::U8:
  case DType::Bool:
    return 1;
  case DType::I16:
    return 2;
  case DType::F32:
  case DType::I32:
    return 4;
  case DType::F64:
  case DType::I64:
    return 8;
  }
  return 0;
}

llvm::StringRef hwq::runtime::dtypeName(DType type) {
  switch (type) {
  case DType::F32:
    return "f32";
  case DType::F64:
    return "f64";
  case DType::I8:
    return "i8";
  case DType::U8:
    return "u8";
  case DType::I16:
    return "i16";
  case DType::I32:
    return "i32";
  case DType::I64:
    return "i64";
  case DType::Bool:
    return "bool";
  }
  return "?";
}

std::optional<int64_t>
hwq::runtime::checkedNumElements(llvm::ArrayRef<int64_t> shape,
                                 size_t elementBytes) {
  int64_t count = 1;
  bool empty = false;
  // A zero must not hide an overflow or a negative dimension beside it: the
  // product of the others is used as a stride by slices.
  for (int64_t dim : shape) {
    if (dim < 0)
      return std::nullopt;
    if (dim == 0)
      empty = true;
    else if (llvm::MulOverflow(count, dim, count))
      return std::nullopt;
  }
  int64_t bytes;
  if (llvm::MulOverflow(count, static_cast<int64_t>(elementBytes), bytes))
    return std::nullopt;
  return empty ? 0 : count;
}

std::string hwq::runtime::shapeToString(llvm::ArrayRef<int64_t> shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i)
      text += ',';
    text += shape[i] < 0 ? "?" : std::to_string(shape[i]);
  }
  return text + "]";
}

Tensor Tensor::allocate(DType type, llvm::ArrayRef<int64_t> shape) {
  std::optional<int64_t> count = checkedNumElements(shape, byteWidth(type));
  assert(count && "shape of a new tensor is negative or overflows");
  // At least one byte, so that an empty tensor is not a null tensor.
  size_t bytes = static_cast<size_t>(*count) * byteWidth(type);
  void *memory = ::operator new(bytes ? bytes : 1, storageAlignment);
  return adopt(type, shape, memory, std::shared_ptr<void>(memory, [](void *p) {
                 ::operator delete(p, storageAlignment);
               }));
}

Tensor Tensor::zeros(DType type, llvm::ArrayRef<int64_t> shape) {
  Tensor t = allocate(type, shape);
  std::memset(t.memory, 0, t.numBytes());
  return t;
}

Tensor Tensor::view(DType type, llvm::ArrayRef<int64_t> shape, void *external) {
  return adopt(type, shape, external, nullptr);
}

Tensor Tensor::adopt(DType type, llvm::ArrayRef<int64_t> shape, void *memory,
                     std::shared_ptr<void> owner) {
  std::optional<int64_t> count = checkedNumElements(shape, byteWidth(type));
  assert(count && "shape of a tensor is negative or overflows");
  Tensor t;
  t.type = type;
  t.dims.assign(shape.begin(), shape.end());
  t.count = *count;
  t.memory = memory;
  t.owner = std::move(owner);
  return t;
}

Tensor Tensor::reshaped(llvm::ArrayRef<int64_t> shape) const {
  assert(checkedNumElements(shape) == count && "reshape changes the size");
  return adopt(type, shape, memory, owner);
}

Tensor Tensor::bitcast(DType newType) const {
  assert(byteWidth(newType) == byteWidth(type) && "bitcast changes the width");
  return adopt(newType, dims, memory, owner);
}

Tensor Tensor::slice0(int64_t begin, int64_t end) const {
  assert(rank() > 0 && begin >= 0 && begin <= end && end <= dims[0] &&
         "slice out of range");
  Shape sliced = dims;
  sliced[0] = end - begin;
  int64_t row = dims[0] == 0 ? 0 : count / dims[0];
  return adopt(type, sliced,
               static_cast<char *>(memory) +
                   begin * row * static_cast<int64_t>(byteWidth(type)),
               owner);
}

Tensor Tensor::clone() const {
  Tensor copy = allocate(type, dims);
  if (count)
    std::memcpy(copy.memory, memory, numBytes());
  return copy;
}
