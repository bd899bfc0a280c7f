//===- TosaPooling.cpp - TOSA's pooling ops -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaArrays.h"
#include "TosaModels.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include <algorithm>
#include <cstring>

using namespace hwq::runtime;
using namespace mlir;

namespace {

struct Window {
  std::array<int64_t, 2> kernel, stride;
  std::array<int64_t, 4> pad;
};

template <typename OpT> FailureOr<Window> windowOf(OpT op) {
  Window w;
  std::copy_n(op.getKernel().begin(), 2, w.kernel.begin());
  std::copy_n(op.getStride().begin(), 2, w.stride.begin());
  std::copy_n(op.getPad().begin(), 4, w.pad.begin());
  for (int i = 0; i < 2; ++i)
    if (w.kernel[i] < 1 || w.stride[i] < 1)
      return op.emitOpError("expected positive kernel sizes and strides");
  // Every window then has a valid tap.
  for (int i = 0; i < 4; ++i)
    if (w.pad[i] < 0 || w.pad[i] >= w.kernel[i / 2])
      return op.emitOpError("expected paddings smaller than the kernel");
  return w;
}

// The part [begin, end) of a window that lies inside of [0, size).
struct Taps {
  int64_t begin, end;
};
Taps tapsOf(int64_t out, int64_t stride, int64_t pad, int64_t kernel,
            int64_t size) {
  int64_t first = out * stride - pad;
  return {std::max<int64_t>(first, 0), std::min(first + kernel, size)};
}

// One output row after the other: `combine` whole rows of the window into one
// (long loops), then along it; `finish` gets the number of taps.
template <typename T, typename Combine, typename Finish>
llvm::Error pool(const Window &w, const std::string &label, const Tensor &x,
                 Tensor &y, Workspace &workspace, Combine combine,
                 Finish finish) {
  if (x.rank() != 4)
    return kernelError(label, "expected an operand of rank 4, got " +
                                  shapeToString(x.shape()));
  int64_t height = x.dim(1), width = x.dim(2), channels = x.dim(3);
  int64_t spanH = height + w.pad[0] + w.pad[1] - w.kernel[0];
  int64_t spanW = width + w.pad[2] + w.pad[3] - w.kernel[1];
  if (spanH < 0 || spanW < 0 || height < 1 || width < 1)
    return kernelError(label, "the kernel is larger than the padded operand " +
                                  shapeToString(x.shape()));
  int64_t oh = spanH / w.stride[0] + 1, ow = spanW / w.stride[1] + 1;
  y = workspace.allocate(x.dtype(), {x.dim(0), oh, ow, channels});
  int64_t rowSize = width * channels;
  T *row = static_cast<T *>(workspace.scratch(rowSize * sizeof(T)));
  T *to = y.data<T>();
  for (int64_t n = 0; n < x.dim(0); ++n) {
    const T *image = x.data<T>() + n * height * rowSize;
    for (int64_t i = 0; i < oh; ++i) {
      Taps rows = tapsOf(i, w.stride[0], w.pad[0], w.kernel[0], height);
      const T *line = image + rows.begin * rowSize;
      if (rows.end - rows.begin > 1) {
        std::memcpy(row, line, rowSize * sizeof(T));
        for (int64_t r = rows.begin + 1; r < rows.end; ++r)
          combine(row, image + r * rowSize, rowSize);
        line = row;
      }
      for (int64_t j = 0; j < ow; ++j, to += channels) {
        Taps columns = tapsOf(j, w.stride[1], w.pad[2], w.kernel[1], width);
        std::memcpy(to, line + columns.begin * channels, channels * sizeof(T));
        for (int64_t c = columns.begin + 1; c < columns.end; ++c)
          combine(to, line + c * channels, channels);
        finish(to, channels,
               (rows.end - rows.begin) * (columns.end - columns.begin));
      }
    }
  }
  return llvm::Error::success();
}

template <typename T>
std::unique_ptr<Kernel> maxPoolKernel(Operation *op, const Window &window) {
  return makeKernel(
      [window, label = opLabel(op)](ArrayRef<Tensor> operands,
                                    MutableArrayRef<Tensor> results,
                                    Workspace &workspace) -> llvm::Error {
        return pool<T>(
            window, label, operands[0], results[0], workspace,
            [](T *a, const T *b, int64_t n) { maxInto(a, b, n); },
            [](T *, int64_t, int64_t) {});
      });
}

KernelOr buildMaxPool(tosa::MaxPool2dOp op, const KernelContext &) {
  FailureOr<DType> dtype = storageDTypeOf(op, op.getInput());
  FailureOr<Window> window = windowOf(op);
  if (failed(dtype) || failed(window))
    return failure();
  switch (*dtype) {
  case DType::F32:
    return maxPoolKernel<float>(op, *window);
  case DType::I8:
    return maxPoolKernel<int8_t>(op, *window);
  case DType::U8:
    return maxPoolKernel<uint8_t>(op, *window);
  case DType::I16:
    return maxPoolKernel<int16_t>(op, *window);
  case DType::I32:
    return maxPoolKernel<int32_t>(op, *window);
  default:
    return op.emitOpError()
           << "can't be executed on " << dtypeName(*dtype) << " elements";
  }
}

KernelOr buildAvgPool(tosa::AvgPool2dOp op, const KernelContext &context) {
  FailureOr<Window> window = windowOf(op);
  if (succeeded(window) && isOnI8(op))
    return buildIntegerTosaAvgPool(op, context);
  if (failed(window) || failed(requireF32(op, op.getInput())) ||
      failed(requireZeroPoint0(op, context, op.getInputZp(), "input")) ||
      failed(requireZeroPoint0(op, context, op.getOutputZp(), "output")))
    return failure();
  return makeKernel([window = *window,
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    return pool<float>(
        window, label, operands[0], results[0], workspace,
        [](float *a, const float *b, int64_t n) { addInto(a, b, n); },
        [](float *a, int64_t n, int64_t taps) {
          divideRow(a, a, n, static_cast<float>(taps));
        });
  });
}

} // namespace

void hwq::runtime::attachTosaPoolingModels(MLIRContext &context) {
  attachKernel<tosa::MaxPool2dOp, buildMaxPool>(context);
  attachKernel<tosa::AvgPool2dOp, buildAvgPool>(context);
}
