//===- TosaMovement.cpp - TOSA ops that only move values -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaArrays.h"
#include "TosaModels.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include <algorithm>

using namespace hwq::runtime;
using namespace mlir;

namespace {

KernelOr buildTranspose(tosa::TransposeOp op, const KernelContext &) {
  SmallVector<int64_t> perms(op.getPerms());
  return makeKernel(
      [perms, label = opLabel(op)](ArrayRef<Tensor> operands,
                                   MutableArrayRef<Tensor> results,
                                   Workspace &workspace) -> llvm::Error {
        const Tensor &x = operands[0];
        if (x.rank() != static_cast<int64_t>(perms.size()))
          return kernelError(label, "expected an operand of rank " +
                                        llvm::Twine(perms.size()) + ", got " +
                                        shapeToString(x.shape()));
        SmallVector<int64_t> from = rowMajorStrides(x.shape());
        Tensor::Shape shape;
        SmallVector<int64_t> strides;
        for (int64_t p : perms) {
          shape.push_back(x.dim(p));
          strides.push_back(from[p]);
        }
        // Only dimensions of size 1 change their place: the same elements.
        int64_t expected = 1;
        bool same = true;
        for (size_t d = shape.size(); same && d-- > 0;) {
          same = shape[d] == 1 || strides[d] == expected;
          expected *= shape[d];
        }
        if (same) {
          results[0] = x.reshaped(shape);
          return llvm::Error::success();
        }
        Tensor y = workspace.allocate(x.dtype(), shape);
        copyStrided(y.raw(), rowMajorStrides(shape), x.raw(), strides, shape,
                    byteWidth(x.dtype()));
        results[0] = std::move(y);
        return llvm::Error::success();
      });
}

// The result has the wanted shape; its dim 0 grows with the operand's where the
// batch at hand is another one than the type's: [2*3,16] of a batch of 2 is
// [3,16] for one sample.
KernelOr buildReshape(tosa::ReshapeOp op, const KernelContext &) {
  FailureOr<Tensor::Shape> wanted = constantShape(op, op.getShape());
  if (failed(wanted))
    return failure();
  auto inType = dyn_cast<RankedTensorType>(op.getInput1().getType());
  auto outType = dyn_cast<RankedTensorType>(op.getOutput().getType());
  if (!inType || !outType)
    return op.emitOpError("expected ranked tensors to execute it");
  int64_t batch = inType.getRank() ? inType.getDimSize(0) : 1;
  bool dynamicResult = outType.getRank() && outType.isDynamicDim(0);
  return makeKernel([wanted = *wanted, batch, dynamicResult,
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &) -> llvm::Error {
    const Tensor &x = operands[0];
    Tensor::Shape shape = wanted;
    int64_t count = x.numElements();
    auto fits = [&] {
      int64_t product = 1, inferred = -1;
      for (size_t d = 0; d < shape.size(); ++d)
        if (shape[d] < 0) {
          if (inferred >= 0)
            return false;
          inferred = d;
        } else {
          product *= shape[d];
        }
      if (inferred < 0)
        return product == count;
      if (product == 0 || count % product != 0)
        return false;
      shape[inferred] = count / product;
      return true;
    };
    bool otherBatch = x.rank() > 0 && batch > 0 && x.dim(0) != batch;
    auto followsBatch = [&] {
      return shape[0] == batch ||
             (batch > 1 && shape[0] * x.dim(0) % batch == 0);
    };
    if (!shape.empty() && shape[0] >= 0 &&
        (dynamicResult || (otherBatch && followsBatch())))
      shape[0] = -1;
    if (!fits())
      return kernelError(label, "can't give " + shapeToString(x.shape()) +
                                    " the shape " + shapeToString(wanted));
    results[0] = x.reshaped(shape);
    return llvm::Error::success();
  });
}

KernelOr buildConcat(tosa::ConcatOp op, const KernelContext &) {
  int64_t axis = op.getAxis();
  Type element = getElementTypeOrSelf(op.getOutput().getType());
  for (Value input : op.getInput1())
    if (getElementTypeOrSelf(input.getType()) != element)
      return op.emitOpError() << "expected operands of the result's element "
                                 "type "
                              << element << ", got " << input.getType();
  return makeKernel([axis,
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    Tensor::Shape shape(operands[0].shape());
    int64_t rank = shape.size();
    if (axis < 0 || axis >= rank)
      return kernelError(label, "axis " + llvm::Twine(axis) +
                                    " is outside of " + shapeToString(shape));
    for (const Tensor &x : operands.drop_front()) {
      bool fits = x.rank() == rank;
      for (int64_t d = 0; fits && d < rank; ++d)
        fits = d == axis || x.dim(d) == shape[d];
      if (!fits)
        return kernelError(label, "can't put " + shapeToString(x.shape()) +
                                      " beside " +
                                      shapeToString(operands[0].shape()));
      shape[axis] += x.dim(axis);
    }
    DType type = operands[0].dtype();
    size_t width = byteWidth(type);
    Tensor y = workspace.allocate(type, shape);
    int64_t inner = 1, outer = 1;
    for (int64_t d = 0; d < rank; ++d)
      (d < axis ? outer : inner) *= shape[d];
    char *to = static_cast<char *>(y.raw());
    for (const Tensor &x : operands) {
      int64_t part = outer ? x.numElements() / outer : 0;
      copyStrided(to, {inner, 1}, x.raw(), {part, 1}, {outer, part}, width);
      to += part * width;
    }
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

KernelOr buildPad(tosa::PadOp op, const KernelContext &context) {
  FailureOr<Tensor::Shape> padding = constantShape(op, op.getPadding());
  FailureOr<DType> dtype = storageDTypeOf(op, op.getInput1());
  if (failed(padding) || failed(dtype))
    return failure();
  for (int64_t p : *padding)
    if (p < 0)
      return op.emitOpError()
             << "expected paddings that are not negative, got " << p;
  const Tensor *value = context.getConstant(op.getPadConst());
  if (!value || value->numElements() != 1 || value->dtype() != *dtype)
    return op.emitOpError() << "expected a constant padding value of one "
                            << dtypeName(*dtype) << " element";
  return makeKernel([padding = *padding, value = *value,
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    const Tensor &x = operands[0];
    if (static_cast<int64_t>(padding.size()) != 2 * x.rank())
      return kernelError(label, "expected " + llvm::Twine(2 * x.rank()) +
                                    " paddings, got " +
                                    llvm::Twine(padding.size()));
    Tensor::Shape shape(x.shape());
    for (size_t d = 0; d < shape.size(); ++d)
      shape[d] += padding[2 * d] + padding[2 * d + 1];
    size_t width = byteWidth(x.dtype());
    Tensor y = workspace.allocate(x.dtype(), shape);
    fillElements(y.raw(), y.numElements(), value.raw(), width);
    SmallVector<int64_t> to = rowMajorStrides(shape);
    int64_t offset = 0;
    for (size_t d = 0; d < shape.size(); ++d)
      offset += padding[2 * d] * to[d];
    copyStrided(static_cast<char *>(y.raw()) + offset * width, to, x.raw(),
                rowMajorStrides(x.shape()), x.shape(), width);
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

KernelOr buildSlice(tosa::SliceOp op, const KernelContext &) {
  FailureOr<Tensor::Shape> start = constantShape(op, op.getStart());
  FailureOr<Tensor::Shape> size = constantShape(op, op.getSize());
  if (failed(start) || failed(size))
    return failure();
  auto inType = dyn_cast<RankedTensorType>(op.getInput1().getType());
  auto outType = dyn_cast<RankedTensorType>(op.getOutput().getType());
  if (!inType || !outType ||
      start->size() != static_cast<size_t>(inType.getRank()) ||
      size->size() != start->size())
    return op.emitOpError("expected a ranked tensor and one start and size per "
                          "dimension");
  // The whole batch, however large it is.
  bool wholeBatch = (*start)[0] == 0 && (outType.isDynamicDim(0) ||
                                         (*size)[0] == inType.getDimSize(0));
  return makeKernel([start = *start, size = *size, wholeBatch,
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    const Tensor &x = operands[0];
    Tensor::Shape shape(size);
    if (x.rank() != static_cast<int64_t>(shape.size()))
      return kernelError(label, "expected an operand of rank " +
                                    llvm::Twine(shape.size()) + ", got " +
                                    shapeToString(x.shape()));
    SmallVector<int64_t> from = rowMajorStrides(x.shape());
    int64_t offset = 0;
    for (int64_t d = 0; d < x.rank(); ++d) {
      // A size of -1 goes to the end.
      if (shape[d] < 0 || (d == 0 && wholeBatch))
        shape[d] = x.dim(d) - start[d];
      if (start[d] < 0 || shape[d] < 0 || shape[d] > x.dim(d) - start[d])
        return kernelError(label, "slice at " + shapeToString(start) +
                                      " of size " + shapeToString(size) +
                                      " leaves the operand " +
                                      shapeToString(x.shape()));
      offset += start[d] * from[d];
    }
    size_t width = byteWidth(x.dtype());
    Tensor y = workspace.allocate(x.dtype(), shape);
    copyStrided(y.raw(), rowMajorStrides(shape),
                static_cast<const char *>(x.raw()) + offset * width, from,
                shape, width);
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

KernelOr buildTile(tosa::TileOp op, const KernelContext &) {
  FailureOr<Tensor::Shape> multiples = constantShape(op, op.getMultiples());
  if (failed(multiples))
    return failure();
  for (int64_t m : *multiples)
    if (m < 1)
      return op.emitOpError() << "expected positive multiples, got " << m;
  return makeKernel([multiples = *multiples,
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    const Tensor &x = operands[0];
    if (static_cast<int64_t>(multiples.size()) != x.rank())
      return kernelError(label, "expected an operand of rank " +
                                    llvm::Twine(multiples.size()) + ", got " +
                                    shapeToString(x.shape()));
    Tensor::Shape shape(x.shape());
    for (size_t d = 0; d < shape.size(); ++d)
      shape[d] *= multiples[d];
    Tensor y = workspace.allocate(x.dtype(), shape);
    // Every dimension splits into repetitions and elements.
    SmallVector<int64_t> to, from, box;
    SmallVector<int64_t> toStrides = rowMajorStrides(shape),
                         fromStrides = rowMajorStrides(x.shape());
    for (size_t d = 0; d < shape.size(); ++d) {
      box.append({multiples[d], x.dim(d)});
      to.append({toStrides[d] * x.dim(d), toStrides[d]});
      from.append({0, fromStrides[d]});
    }
    copyStrided(y.raw(), to, x.raw(), from, box, byteWidth(x.dtype()));
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

KernelOr buildReverse(tosa::ReverseOp op, const KernelContext &) {
  int64_t axis = op.getAxis();
  return makeKernel(
      [axis, label = opLabel(op)](ArrayRef<Tensor> operands,
                                  MutableArrayRef<Tensor> results,
                                  Workspace &workspace) -> llvm::Error {
        const Tensor &x = operands[0];
        if (axis < 0 || axis >= x.rank())
          return kernelError(label, "axis " + llvm::Twine(axis) +
                                        " is outside of " +
                                        shapeToString(x.shape()));
        size_t width = byteWidth(x.dtype());
        Tensor y = workspace.allocate(x.dtype(), x.shape());
        if (y.numElements() != 0) {
          SmallVector<int64_t> to = rowMajorStrides(x.shape()), from = to;
          int64_t offset = (x.dim(axis) - 1) * from[axis];
          from[axis] = -from[axis];
          copyStrided(y.raw(), to,
                      static_cast<const char *>(x.raw()) + offset * width, from,
                      x.shape(), width);
        }
        results[0] = std::move(y);
        return llvm::Error::success();
      });
}

// Values N,K,C and indices N,W; N = 1 on one side stands for every sample.
template <typename Index>
llvm::Error gather(const Tensor &values, const Tensor &indices,
                   const std::string &label, Tensor &y) {
  int64_t keys = values.dim(1), picks = indices.dim(1);
  size_t rowBytes = values.dim(2) * byteWidth(values.dtype());
  const char *from = static_cast<const char *>(values.raw());
  const Index *index = indices.data<Index>();
  char *to = static_cast<char *>(y.raw());
  for (int64_t n = 0; n < y.dim(0); ++n) {
    const char *table = from + (values.dim(0) == 1 ? 0 : n * keys * rowBytes);
    const Index *row = index + (indices.dim(0) == 1 ? 0 : n * picks);
    for (int64_t w = 0; w < picks; ++w) {
      int64_t k = row[w];
      if (k < 0 || k >= keys)
        return kernelError(label, "index " + llvm::Twine(k) +
                                      " lies outside of [0, " +
                                      llvm::Twine(keys) + ")");
      std::copy_n(table + k * rowBytes, rowBytes, to);
      to += rowBytes;
    }
  }
  return llvm::Error::success();
}

KernelOr buildGather(tosa::GatherOp op, const KernelContext &) {
  FailureOr<DType> index = storageDTypeOf(op, op.getIndices());
  if (failed(index))
    return failure();
  if (*index != DType::I32 && *index != DType::I64)
    return op.emitOpError()
           << "expected i32 or i64 indices, got " << dtypeName(*index);
  return makeKernel([label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    const Tensor &values = operands[0], &indices = operands[1];
    if (values.rank() != 3 || indices.rank() != 2 ||
        (values.dim(0) != indices.dim(0) && values.dim(0) != 1 &&
         indices.dim(0) != 1))
      return kernelError(
          label, "values " + shapeToString(values.shape()) + " and indices " +
                     shapeToString(indices.shape()) + " do not fit");
    int64_t batch = values.dim(0) == 1 ? indices.dim(0) : values.dim(0);
    Tensor y = workspace.allocate(values.dtype(),
                                  {batch, indices.dim(1), values.dim(2)});
    llvm::Error error = indices.dtype() == DType::I32
                            ? gather<int32_t>(values, indices, label, y)
                            : gather<int64_t>(values, indices, label, y);
    if (error)
      return error;
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

} // namespace

void hwq::runtime::attachTosaMovementModels(MLIRContext &context) {
  attachKernel<tosa::TransposeOp, buildTranspose>(context);
  attachKernel<tosa::ReshapeOp, buildReshape>(context);
  attachKernel<tosa::ConcatOp, buildConcat>(context);
  attachKernel<tosa::PadOp, buildPad>(context);
  attachKernel<tosa::SliceOp, buildSlice>(context);
  attachKernel<tosa::TileOp, buildTile>(context);
  attachKernel<tosa::ReverseOp, buildReverse>(context);
  attachKernel<tosa::GatherOp, buildGather>(context);
}
