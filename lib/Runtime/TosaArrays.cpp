//===- TosaArrays.cpp - Loops over arrays that TOSA kernels share -*- C++ -*-=//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaArrays.h"
#include <algorithm>
#include <cstring>

using namespace hwq::runtime;

llvm::SmallVector<int64_t>
hwq::runtime::rowMajorStrides(llvm::ArrayRef<int64_t> shape) {
  llvm::SmallVector<int64_t> strides(shape.size());
  int64_t step = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    strides[d] = step;
    step *= shape[d];
  }
  return strides;
}

namespace {

struct Axis {
  int64_t size, to, from;
};

template <typename T>
void copyRow(T *to, int64_t toStep, const T *from, int64_t fromStep,
             int64_t count) {
  if (toStep == 1 && fromStep == 1) {
    std::memcpy(to, from, count * sizeof(T));
  } else if (toStep == 1 && fromStep == 0) {
    std::fill_n(to, count, *from);
  } else {
    for (int64_t i = 0; i < count; ++i)
      to[i * toStep] = from[i * fromStep];
  }
}

// A transposition: rows of the source are columns of the destination. Tiles
// keep both sides in cache.
template <typename T>
void copyTiled(T *to, const T *from, const Axis &outer, const Axis &inner) {
  constexpr int64_t tile = 32;
  for (int64_t i0 = 0; i0 < outer.size; i0 += tile) {
    int64_t i1 = std::min(i0 + tile, outer.size);
    for (int64_t j0 = 0; j0 < inner.size; j0 += tile) {
      int64_t j1 = std::min(j0 + tile, inner.size);
      for (int64_t i = i0; i < i1; ++i)
        for (int64_t j = j0; j < j1; ++j)
          to[i * outer.to + j * inner.to] =
              from[i * outer.from + j * inner.from];
    }
  }
}

template <typename T>
void copyAxes(T *to, const T *from, llvm::ArrayRef<Axis> axes) {
  if (axes.empty()) {
    *to = *from;
    return;
  }
  if (axes.size() == 1) {
    copyRow(to, axes[0].to, from, axes[0].from, axes[0].size);
    return;
  }
  if (axes.size() == 2 && axes[0].from == 1 && axes[1].from != 1) {
    copyTiled(to, from, axes[0], axes[1]);
    return;
  }
  for (int64_t i = 0; i < axes[0].size; ++i)
    copyAxes(to + i * axes[0].to, from + i * axes[0].from, axes.drop_front());
}

} // namespace

void hwq::runtime::copyStrided(void *to, llvm::ArrayRef<int64_t> toStrides,
                               const void *from,
                               llvm::ArrayRef<int64_t> fromStrides,
                               llvm::ArrayRef<int64_t> shape, size_t width) {
  llvm::SmallVector<Axis> axes;
  for (size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 0)
      return;
    if (shape[d] == 1)
      continue;
    Axis axis{shape[d], toStrides[d], fromStrides[d]};
    if (!axes.empty() && axes.back().to == axis.to * axis.size &&
        axes.back().from == axis.from * axis.size)
      axes.back() = {axes.back().size * axis.size, axis.to, axis.from};
    else
      axes.push_back(axis);
  }
  switch (width) {
  case 1:
    return copyAxes(static_cast<uint8_t *>(to),
                    static_cast<const uint8_t *>(from), axes);
  case 2:
    return copyAxes(static_cast<uint16_t *>(to),
                    static_cast<const uint16_t *>(from), axes);
  case 4:
    return copyAxes(static_cast<uint32_t *>(to),
                    static_cast<const uint32_t *>(from), axes);
  default:
    return copyAxes(static_cast<uint64_t *>(to),
                    static_cast<const uint64_t *>(from), axes);
  }
}

void hwq::runtime::fillElements(void *to, int64_t count, const void *value,
                                size_t width) {
  copyStrided(to, {1}, value, {0}, {count}, width);
}

std::optional<BroadcastPlan>
BroadcastPlan::make(llvm::ArrayRef<llvm::ArrayRef<int64_t>> operands) {
  size_t rank = 0, count = operands.size();
  for (llvm::ArrayRef<int64_t> s : operands)
    rank = std::max(rank, s.size());
  BroadcastPlan plan;
  plan.resultShape.assign(rank, 1);
  llvm::SmallVector<llvm::SmallVector<int64_t>, 3> shapes;
  for (llvm::ArrayRef<int64_t> s : operands) {
    llvm::SmallVector<int64_t> &full = shapes.emplace_back(rank - s.size(), 1);
    full.append(s.begin(), s.end());
    for (size_t d = 0; d < rank; ++d) {
      if (full[d] == 1)
        continue;
      if (plan.resultShape[d] != 1 && plan.resultShape[d] != full[d])
        return std::nullopt;
      plan.resultShape[d] = full[d];
    }
  }
  plan.strides.resize(count);
  llvm::SmallVector<llvm::SmallVector<int64_t>, 3> full;
  for (size_t k = 0; k < count; ++k) {
    full.push_back(rowMajorStrides(shapes[k]));
    for (size_t d = 0; d < rank; ++d)
      if (shapes[k][d] == 1)
        full[k][d] = 0;
  }
  for (size_t d = 0; d < rank; ++d) {
    int64_t size = plan.resultShape[d];
    if (size == 1)
      continue;
    bool merge = !plan.shape.empty();
    for (size_t k = 0; merge && k < count; ++k)
      merge = plan.strides[k].back() == full[k][d] * size;
    if (!merge)
      plan.shape.push_back(1);
    plan.shape.back() *= size;
    for (size_t k = 0; k < count; ++k) {
      if (!merge)
        plan.strides[k].push_back(0);
      plan.strides[k].back() = full[k][d];
    }
  }
  if (plan.shape.empty()) {
    plan.shape.push_back(1);
    for (size_t k = 0; k < count; ++k)
      plan.strides[k].push_back(0);
  }
  return plan;
}

//===----------------------------------------------------------------------===//
// Vectorized rows
//===----------------------------------------------------------------------===//

// One function per operation and operand shape: the attribute does not go on
// templates.
#define HWQ_BINARY_ROW(NAME, EXPR)                                             \
  HWQ_VECTOR_CLONES static void NAME##Rows(const float *pa, const float *pb,   \
                                           float *y, int64_t n) {              \
    for (int64_t i = 0; i < n; ++i) {                                          \
      float a = pa[i], b = pb[i];                                              \
      y[i] = EXPR;                                                             \
    }                                                                          \
  }                                                                            \
  HWQ_VECTOR_CLONES static void NAME##RowValue(const float *pa, float b,       \
                                               float *y, int64_t n) {          \
    for (int64_t i = 0; i < n; ++i) {                                          \
      float a = pa[i];                                                         \
      y[i] = EXPR;                                                             \
    }                                                                          \
  }                                                                            \
  HWQ_VECTOR_CLONES static void NAME##ValueRow(float a, const float *pb,       \
                                               float *y, int64_t n) {          \
    for (int64_t i = 0; i < n; ++i) {                                          \
      float b = pb[i];                                                         \
      y[i] = EXPR;                                                             \
    }                                                                          \
  }                                                                            \
  static void NAME##Row(const float *a, int64_t stepA, const float *b,         \
                        int64_t stepB, float *y, int64_t n) {                  \
    if (stepA != 0 && stepB != 0)                                              \
      NAME##Rows(a, b, y, n);                                                  \
    else if (stepA != 0)                                                       \
      NAME##RowValue(a, *b, y, n);                                             \
    else if (stepB != 0)                                                       \
      NAME##ValueRow(*a, b, y, n);                                             \
    else                                                                       \
      NAME##RowValue(a, *b, y, 1);                                             \
  }

HWQ_BINARY_ROW(add, a + b)
HWQ_BINARY_ROW(sub, a - b)
HWQ_BINARY_ROW(mul, a *b)
// NaN of either side stays.
HWQ_BINARY_ROW(max, ((a > b) | (a != a)) ? a : b)
HWQ_BINARY_ROW(min, ((a < b) | (a != a)) ? a : b)

void hwq::runtime::rowF32(RowOp op, const float *a, int64_t stepA,
                          const float *b, int64_t stepB, float *y, int64_t n) {
  switch (op) {
  case RowOp::Add:
    return addRow(a, stepA, b, stepB, y, n);
  case RowOp::Sub:
    return subRow(a, stepA, b, stepB, y, n);
  case RowOp::Mul:
    return mulRow(a, stepA, b, stepB, y, n);
  case RowOp::Max:
    return maxRow(a, stepA, b, stepB, y, n);
  case RowOp::Min:
    return minRow(a, stepA, b, stepB, y, n);
  }
}

#define HWQ_TYPED_ROWS(T, SUFFIX)                                              \
  static inline T clampOne##SUFFIX(T x, T lo, T hi) {                          \
    T v = x < lo ? lo : x;                                                     \
    return v > hi ? hi : v;                                                    \
  }                                                                            \
  HWQ_VECTOR_CLONES static void clamp##SUFFIX(const T *x, T *y, int64_t n,     \
                                              T lo, T hi) {                    \
    /* In place: one pointer, or the compiler would take it for overlap. */    \
    if (x == y)                                                                \
      for (int64_t i = 0; i < n; ++i)                                          \
        y[i] = clampOne##SUFFIX(y[i], lo, hi);                                 \
    else                                                                       \
      for (int64_t i = 0; i < n; ++i)                                          \
        y[i] = clampOne##SUFFIX(x[i], lo, hi);                                 \
  }                                                                            \
  HWQ_VECTOR_CLONES static void max##SUFFIX(T *y, const T *x, int64_t n) {     \
    for (int64_t i = 0; i < n; ++i)                                            \
      y[i] = x[i] > y[i] ? x[i] : y[i];                                        \
  }                                                                            \
  void hwq::runtime::clampRow(const T *x, T *y, int64_t n, T lo, T hi) {       \
    clamp##SUFFIX(x, y, n, lo, hi);                                            \
  }                                                                            \
  void hwq::runtime::maxInto(T *y, const T *x, int64_t n) {                    \
    max##SUFFIX(y, x, n);                                                      \
  }

HWQ_TYPED_ROWS(float, F32)
HWQ_TYPED_ROWS(int8_t, I8)
HWQ_TYPED_ROWS(uint8_t, U8)
HWQ_TYPED_ROWS(int16_t, I16)
HWQ_TYPED_ROWS(int32_t, I32)

HWQ_VECTOR_CLONES static void addIntoClones(float *y, const float *x,
                                            int64_t n) {
  for (int64_t i = 0; i < n; ++i)
    y[i] += x[i];
}
void hwq::runtime::addInto(float *y, const float *x, int64_t n) {
  addIntoClones(y, x, n);
}

HWQ_VECTOR_CLONES static void divideRowClones(const float *x, float *y,
                                              int64_t n, float divisor) {
  for (int64_t i = 0; i < n; ++i)
    y[i] = x[i] / divisor;
}
void hwq::runtime::divideRow(const float *x, float *y, int64_t n,
                             float divisor) {
  divideRowClones(x, y, n, divisor);
}

HWQ_VECTOR_CLONES static void blendRowsClones(const float *a, const float *b,
                                              float *y, int64_t n, float t) {
  float s = 1.0f - t;
  for (int64_t i = 0; i < n; ++i)
    y[i] = a[i] * s + b[i] * t;
}
void hwq::runtime::blendRows(const float *a, const float *b, float *y,
                             int64_t n, float t) {
  blendRowsClones(a, b, y, n, t);
}
