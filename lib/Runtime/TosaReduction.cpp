//===- TosaReduction.cpp - TOSA ops that reduce one axis -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaArrays.h"
#include "TosaModels.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include <algorithm>
#include <type_traits>

using namespace hwq::runtime;
using namespace mlir;

namespace {

// A tensor seen as outer x size x inner around one axis.
struct AxisView {
  int64_t outer = 1, size = 0, inner = 1;
};

llvm::Error viewAxis(const std::string &label, const Tensor &x, int64_t axis,
                     AxisView &view) {
  if (axis < 0 || axis >= x.rank())
    return kernelError(label, "axis " + llvm::Twine(axis) + " is outside of " +
                                  shapeToString(x.shape()));
  for (int64_t d = 0; d < x.rank(); ++d)
    if (d != axis)
      (d < axis ? view.outer : view.inner) *= x.dim(d);
  view.size = x.dim(axis);
  if (view.size == 0)
    return kernelError(label, "axis " + llvm::Twine(axis) + " of " +
                                  shapeToString(x.shape()) + " is empty");
  return llvm::Error::success();
}

// Acc: the type in which one result is formed.
template <typename T, typename Acc, typename Fn>
std::unique_ptr<Kernel> reduceKernel(Operation *op, int64_t axis, Fn fn) {
  return makeKernel(
      [axis, fn, label = opLabel(op)](ArrayRef<Tensor> operands,
                                      MutableArrayRef<Tensor> results,
                                      Workspace &workspace) -> llvm::Error {
        const Tensor &x = operands[0];
        AxisView v;
        if (llvm::Error error = viewAxis(label, x, axis, v))
          return error;
        Tensor::Shape shape(x.shape());
        shape[axis] = 1;
        Tensor y = workspace.allocate(x.dtype(), shape);
        Acc *sums = static_cast<Acc *>(
            workspace.scratch(std::max<int64_t>(v.inner, 1) * sizeof(Acc)));
        const T *from = x.data<T>();
        T *to = y.data<T>();
        for (int64_t o = 0; o < v.outer; ++o) {
          for (int64_t i = 0; i < v.inner; ++i)
            sums[i] = static_cast<Acc>(from[i]);
          from += v.inner;
          for (int64_t k = 1; k < v.size; ++k, from += v.inner)
            for (int64_t i = 0; i < v.inner; ++i)
              sums[i] = fn(sums[i], static_cast<Acc>(from[i]));
          for (int64_t i = 0; i < v.inner; ++i)
            *to++ = static_cast<T>(sums[i]);
        }
        results[0] = std::move(y);
        return llvm::Error::success();
      });
}

LogicalResult unsupported(Operation *op, DType dtype) {
  return op->emitOpError() << "can't be executed on " << dtypeName(dtype)
                           << " elements";
}

KernelOr buildReduceSum(tosa::ReduceSumOp op, const KernelContext &) {
  FailureOr<DType> dtype = storageDTypeOf(op, op.getInput());
  if (failed(dtype))
    return failure();
  if (isQuantized(getElementTypeOrSelf(op.getInput().getType())))
    return op.emitOpError("can't be executed on quantized values");
  auto sum = [](auto a, auto b) { return a + b; };
  // Long sums of floats in double; integers wrap.
  if (*dtype == DType::F32)
    return reduceKernel<float, double>(op, op.getAxis(), sum);
  if (*dtype == DType::I32)
    return reduceKernel<int32_t, uint32_t>(op, op.getAxis(), sum);
  return unsupported(op, *dtype);
}

template <typename OpT, typename Fn> KernelOr buildExtremum(OpT op, Fn fn) {
  FailureOr<DType> dtype = storageDTypeOf(op, op.getInput());
  if (failed(dtype))
    return failure();
  int64_t axis = op.getAxis();
  switch (*dtype) {
  case DType::F32:
    return reduceKernel<float, float>(op, axis, fn);
  case DType::I8:
    return reduceKernel<int8_t, int8_t>(op, axis, fn);
  case DType::U8:
    return reduceKernel<uint8_t, uint8_t>(op, axis, fn);
  case DType::I16:
    return reduceKernel<int16_t, int16_t>(op, axis, fn);
  case DType::I32:
    return reduceKernel<int32_t, int32_t>(op, axis, fn);
  default:
    return unsupported(op, *dtype);
  }
}

// NaN stays.
KernelOr buildReduceMax(tosa::ReduceMaxOp op, const KernelContext &) {
  return buildExtremum(
      op, [](auto a, auto b) { return ((a > b) | (a != a)) ? a : b; });
}
KernelOr buildReduceMin(tosa::ReduceMinOp op, const KernelContext &) {
  return buildExtremum(
      op, [](auto a, auto b) { return ((a < b) | (a != a)) ? a : b; });
}

// The first of equal maxima.
template <typename T, typename Index>
std::unique_ptr<Kernel> argMaxKernel(Operation *op, int64_t axis) {
  return makeKernel(
      [axis, label = opLabel(op)](ArrayRef<Tensor> operands,
                                  MutableArrayRef<Tensor> results,
                                  Workspace &workspace) -> llvm::Error {
        const Tensor &x = operands[0];
        AxisView v;
        if (llvm::Error error = viewAxis(label, x, axis, v))
          return error;
        Tensor::Shape shape(x.shape());
        shape.erase(shape.begin() + axis);
        Tensor y = workspace.allocate(dtypeOf<Index>(), shape);
        Index *to = y.data<Index>();
        for (int64_t o = 0; o < v.outer; ++o)
          for (int64_t i = 0; i < v.inner; ++i) {
            const T *from = x.data<T>() + o * v.size * v.inner + i;
            int64_t best = 0;
            for (int64_t k = 1; k < v.size; ++k)
              if (from[k * v.inner] > from[best * v.inner])
                best = k;
            *to++ = static_cast<Index>(best);
          }
        results[0] = std::move(y);
        return llvm::Error::success();
      });
}

template <typename T> KernelOr buildArgMaxOf(tosa::ArgMaxOp op, DType index) {
  if (index == DType::I32)
    return argMaxKernel<T, int32_t>(op, op.getAxis());
  if (index == DType::I64)
    return argMaxKernel<T, int64_t>(op, op.getAxis());
  return op.emitOpError() << "expected an i32 or i64 result, got "
                          << dtypeName(index);
}

KernelOr buildArgMax(tosa::ArgMaxOp op, const KernelContext &) {
  FailureOr<DType> dtype = storageDTypeOf(op, op.getInput());
  FailureOr<DType> index = storageDTypeOf(op, op.getOutput());
  if (failed(dtype) || failed(index))
    return failure();
  switch (*dtype) {
  case DType::F32:
    return buildArgMaxOf<float>(op, *index);
  case DType::I8:
    return buildArgMaxOf<int8_t>(op, *index);
  case DType::U8:
    return buildArgMaxOf<uint8_t>(op, *index);
  case DType::I16:
    return buildArgMaxOf<int16_t>(op, *index);
  case DType::I32:
    return buildArgMaxOf<int32_t>(op, *index);
  default:
    return unsupported(op, *dtype);
  }
}

} // namespace

void hwq::runtime::attachTosaReductionModels(MLIRContext &context) {
  attachKernel<tosa::ReduceSumOp, buildReduceSum>(context);
  attachKernel<tosa::ReduceMaxOp, buildReduceMax>(context);
  attachKernel<tosa::ReduceMinOp, buildReduceMin>(context);
  attachKernel<tosa::ArgMaxOp, buildArgMax>(context);
}
