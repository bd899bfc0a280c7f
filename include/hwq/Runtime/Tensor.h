//===- Tensor.h - Dense tensors in memory -----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A dense, contiguous, row-major tensor whose storage is shared: copying a
// Tensor makes an alias, never a copy of the elements (`clone` makes one).
// Quantization parameters are not part of it; they live in the program's types.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_RUNTIME_TENSOR_H
#define HWQ_RUNTIME_TENSOR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

namespace hwq::runtime {

/// Element types. Bool is one byte per element, 0 or 1.
enum class DType { F32, F64, I8, U8, I16, I32, I64, Bool };

/// Bytes per element.
size_t byteWidth(DType type);
/// "f32", "f64", "i8", "u8", "i16", "i32", "i64", "bool".
llvm::StringRef dtypeName(DType type);
inline bool isFloat(DType type) {
  return type == DType::F32 || type == DType::F64;
}

/// The DType of a C++ type; a compile-time error for other types.
template <typename T> constexpr DType dtypeOf() {
  if constexpr (std::is_same_v<T, float>)
    return DType::F32;
  else if constexpr (std::is_same_v<T, double>)
    return DType::F64;
  else if constexpr (std::is_same_v<T, int8_t>)
    return DType::I8;
  else if constexpr (std::is_same_v<T, uint8_t>)
    return DType::U8;
  else if constexpr (std::is_same_v<T, int16_t>)
    return DType::I16;
  else if constexpr (std::is_same_v<T, int32_t>)
    return DType::I32;
  else if constexpr (std::is_same_v<T, int64_t>)
    return DType::I64;
  else {
    static_assert(std::is_same_v<T, bool>, "no DType for this C++ type");
    return DType::Bool;
  }
}

/// Number of elements of `shape` (1 for rank 0), or none when a dimension is
/// negative or when the product times `elementBytes` exceeds int64. For shapes
/// that come from files.
std::optional<int64_t> checkedNumElements(llvm::ArrayRef<int64_t> shape,
                                          size_t elementBytes = 1);

/// "[1,3,224,224]"; -1 is printed as "?".
std::string shapeToString(llvm::ArrayRef<int64_t> shape);

class Tensor {
public:
  using Shape = llvm::SmallVector<int64_t, 4>;

  /// A null tensor: no storage, f32, shape [0].
  Tensor() : dims{0} {}

  /// New storage, 64-byte aligned, NOT initialized. `shape` must be free of
  /// negative dimensions and overflow (see checkedNumElements).
  static Tensor allocate(DType type, llvm::ArrayRef<int64_t> shape);
  /// The same with every byte zero.
  static Tensor zeros(DType type, llvm::ArrayRef<int64_t> shape);
  /// Wraps memory that the caller owns and keeps alive.
  static Tensor view(DType type, llvm::ArrayRef<int64_t> shape, void *external);
  /// The same for read-only memory: nobody may write through the result.
  static Tensor view(DType type, llvm::ArrayRef<int64_t> shape,
                     const void *external) {
    return view(type, shape, const_cast<void *>(external));
  }
  /// Wraps memory that `owner` keeps alive (a mapped file, another container).
  static Tensor adopt(DType type, llvm::ArrayRef<int64_t> shape, void *memory,
                      std::shared_ptr<void> owner);
  /// New storage with the given elements; their number must fit `shape`.
  template <typename T>
  static Tensor fromValues(llvm::ArrayRef<T> values,
                           llvm::ArrayRef<int64_t> shape) {
    Tensor t = allocate(dtypeOf<T>(), shape);
    assert(static_cast<int64_t>(values.size()) == t.numElements());
    for (size_t i = 0; i < values.size(); ++i)
      static_cast<T *>(t.memory)[i] = values[i];
    return t;
  }

  /// False for a default-constructed tensor only.
  explicit operator bool() const { return memory != nullptr; }

  DType dtype() const { return type; }
  llvm::ArrayRef<int64_t> shape() const { return dims; }
  int64_t rank() const { return static_cast<int64_t>(dims.size()); }
  int64_t dim(int64_t i) const { return dims[i]; }
  int64_t numElements() const { return count; }
  int64_t numBytes() const {
    return count * static_cast<int64_t>(byteWidth(type));
  }

  /// The elements; T must be the C++ type of dtype() (void * by raw()).
  template <typename T> T *data() {
    assert(dtypeOf<T>() == type && "element type mismatch");
    return static_cast<T *>(memory);
  }
  template <typename T> const T *data() const {
    assert(dtypeOf<T>() == type && "element type mismatch");
    return static_cast<const T *>(memory);
  }
  template <typename T> llvm::ArrayRef<T> values() const {
    return llvm::ArrayRef<T>(data<T>(), static_cast<size_t>(count));
  }
  template <typename T> llvm::MutableArrayRef<T> mutableValues() {
    return llvm::MutableArrayRef<T>(data<T>(), static_cast<size_t>(count));
  }
  void *raw() { return memory; }
  const void *raw() const { return memory; }

  /// An alias with another shape of as many elements.
  Tensor reshaped(llvm::ArrayRef<int64_t> shape) const;
  /// An alias whose elements are read as `type` of the same width.
  Tensor bitcast(DType type) const;
  /// An alias of rows [begin, end) of the first axis. Aligned to 64 bytes only
  /// if the row size happens to be.
  Tensor slice0(int64_t begin, int64_t end) const;
  /// A deep copy in storage of its own.
  Tensor clone() const;

private:
  DType type = DType::F32;
  Shape dims;
  int64_t count = 0;
  void *memory = nullptr;
  std::shared_ptr<void> owner;
};

} // namespace hwq::runtime

#endif // HWQ_RUNTIME_TENSOR_H
