//===- TosaArrays.h - Loops over arrays that TOSA kernels share -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_TOSAARRAYS_H
#define HWQ_LIB_RUNTIME_TOSAARRAYS_H

#include "hwq/Runtime/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <array>
#include <cstdint>

/// Compiles a function for several instruction sets, chosen when the program is
/// loaded. Not possible on templates and lambdas.
#if defined(__x86_64__)
#define HWQ_VECTOR_CLONES                                                      \
  __attribute__((target_clones("default", "avx2", "arch=x86-64-v4")))
#else
#define HWQ_VECTOR_CLONES
#endif

namespace hwq::runtime {

/// Copies a box of elements of `width` bytes (1, 2, 4, 8) between two strided
/// places that do not overlap. Strides are in elements and may be negative or,
/// on the source, 0.
void copyStrided(void *to, llvm::ArrayRef<int64_t> toStrides, const void *from,
                 llvm::ArrayRef<int64_t> fromStrides,
                 llvm::ArrayRef<int64_t> shape, size_t width);

/// Row-major strides, in elements.
llvm::SmallVector<int64_t> rowMajorStrides(llvm::ArrayRef<int64_t> shape);

/// Fills `count` elements of `width` bytes with the one at `value`.
void fillElements(void *to, int64_t count, const void *value, size_t width);

/// How up to three operands, with dimensions of size 1 repeated, meet in one
/// result: dimensions merged where all operands allow it, strides 0 where an
/// operand repeats.
struct BroadcastPlan {
  Tensor::Shape resultShape;
  /// After merging, at least one dimension.
  llvm::SmallVector<int64_t> shape;
  llvm::SmallVector<llvm::SmallVector<int64_t>, 3> strides;

  /// None if the shapes do not fit. Shorter shapes get leading dimensions of 1.
  static std::optional<BroadcastPlan>
  make(llvm::ArrayRef<llvm::ArrayRef<int64_t>> operands);

  /// Calls `fn(offsets, out, count, steps)` for every innermost row.
  template <typename Fn> void forEachRow(Fn fn) const {
    size_t operands = strides.size(), last = shape.size() - 1;
    for (int64_t dim : shape)
      if (dim == 0)
        return;
    std::array<int64_t, 3> offsets{}, steps{};
    for (size_t k = 0; k < operands; ++k)
      steps[k] = strides[k][last];
    llvm::SmallVector<int64_t> index(shape.size(), 0);
    for (int64_t out = 0;;) {
      fn(offsets, out, shape[last], steps);
      out += shape[last];
      size_t d = last;
      for (;;) {
        if (d == 0)
          return;
        --d;
        for (size_t k = 0; k < operands; ++k)
          offsets[k] += strides[k][d];
        if (++index[d] < shape[d])
          break;
        index[d] = 0;
        for (size_t k = 0; k < operands; ++k)
          offsets[k] -= strides[k][d] * shape[d];
      }
    }
  }
};

/// Vectorized rows: y = f(a, b), a and b `n` values or, step 0, one.
enum class RowOp { Add, Sub, Mul, Max, Min };
void rowF32(RowOp op, const float *a, int64_t stepA, const float *b,
            int64_t stepB, float *y, int64_t n);

/// y = min(max(x, lo), hi); NaN stays.
void clampRow(const float *x, float *y, int64_t n, float lo, float hi);
void clampRow(const int8_t *x, int8_t *y, int64_t n, int8_t lo, int8_t hi);
void clampRow(const uint8_t *x, uint8_t *y, int64_t n, uint8_t lo, uint8_t hi);
void clampRow(const int16_t *x, int16_t *y, int64_t n, int16_t lo, int16_t hi);
void clampRow(const int32_t *x, int32_t *y, int64_t n, int32_t lo, int32_t hi);

/// y[i] = max(y[i], x[i]).
void maxInto(float *y, const float *x, int64_t n);
void maxInto(int8_t *y, const int8_t *x, int64_t n);
void maxInto(uint8_t *y, const uint8_t *x, int64_t n);
void maxInto(int16_t *y, const int16_t *x, int64_t n);
void maxInto(int32_t *y, const int32_t *x, int64_t n);
/// y[i] += x[i].
void addInto(float *y, const float *x, int64_t n);
/// y[i] = x[i] / divisor.
void divideRow(const float *x, float *y, int64_t n, float divisor);
/// a*(1-t) + b*t.
void blendRows(const float *a, const float *b, float *y, int64_t n, float t);

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_TOSAARRAYS_H
