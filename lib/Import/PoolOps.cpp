//===- PoolOps.cpp - Pooling ------------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Window.h"
#include <algorithm>

using namespace mlir;
using namespace hwq::onnx_import;

namespace {
/// TOSA wants the windows to cover the padded input exactly.
struct ExactAxis {
  int64_t out = 1;
  /// Padding behind the input that the windows really reach; the part of it
  /// that lies in the model's own padding; input that no window reaches.
  int64_t reach = 0, modelPad = 0, unused = 0;
};
} // namespace

static FailureOr<ExactAxis> makeExact(Importer &im, const WindowAxis &axis,
                                      bool ceil) {
  ExactAxis exact;
  int64_t padded = axis.size + axis.padBegin + axis.padEnd;
  int64_t room = padded - axis.kernel;
  if (room < 0)
    return im.error() << "the kernel has " << axis.kernel
                      << " elements, the padded input has " << padded;
  exact.out = room / axis.stride + 1;
  // A window may not start behind the input and its leading padding.
  if (ceil && room % axis.stride &&
      exact.out * axis.stride < axis.size + axis.padBegin)
    ++exact.out;
  int64_t behind =
      (exact.out - 1) * axis.stride + axis.kernel - axis.padBegin - axis.size;
  exact.reach = std::max<int64_t>(0, behind);
  exact.unused = std::max<int64_t>(0, -behind);
  exact.modelPad = std::min(exact.reach, axis.padEnd);
  return exact;
}

static SmallVector<int64_t> pooledShape(const Activation &input, int64_t height,
                                        int64_t width) {
  SmallVector<int64_t> shape = {input.shape[0], input.shape[1]};
  if (input.rank() == 4)
    shape.push_back(height);
  shape.push_back(width);
  return shape;
}

static Value averagePool(Importer &im, Value input,
                         ArrayRef<int64_t> resultShape,
                         ArrayRef<int64_t> kernel, ArrayRef<int64_t> stride,
                         ArrayRef<int64_t> pad) {
  Value zero = im.scalar(0.0f, 1);
  return tosa::AvgPool2dOp::create(im.builder, im.loc(), im.f32(resultShape),
                                   input, zero, zero, kernel, stride, pad,
                                   im.builder.getF32Type());
}

static LogicalResult importPool(Importer &im, bool average) {
  if (failed(im.expectInputs(1, 1)))
    return failure();
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  FailureOr<Window> window = readWindow(im, x, std::nullopt);
  if (failed(window))
    return failure();
  bool ceil = im.getInt("ceil_mode", 0) != 0;
  bool includePad = average && im.getInt("count_include_pad", 0) != 0;
  if (!average) {
    (void)im.getInt("storage_order", 0);
    if (im.hasOutput(1))
      return im.error() << "output 'Indices' is not supported";
  }
  std::array<ExactAxis, 2> exact;
  for (auto [axis, e] : llvm::zip(*window, exact)) {
    if (axis.dilation != 1)
      return im.error() << "attribute 'dilations' has the value "
                        << axis.dilation << ", expected 1";
    FailureOr<ExactAxis> made = makeExact(im, axis, ceil);
    if (failed(made))
      return failure();
    e = *made;
  }
  auto &[h, w] = *window;
  Value value = im.channelsLast(x);
  int64_t height = h.size - exact[0].unused, width = w.size - exact[1].unused;
  value =
      im.slice(value, {0, 0, 0, 0}, {x.shape[0], height, width, x.shape[1]});
  SmallVector<int64_t> pad = {h.padBegin, exact[0].reach, w.padBegin,
                              exact[1].reach};
  if (includePad) {
    // The model's padding counts as zeros. What ceil_mode adds does not count.
    value = im.pad(value,
                   {0, 0, h.padBegin, exact[0].modelPad, w.padBegin,
                    exact[1].modelPad, 0, 0},
                   0.0f);
    pad = {0, exact[0].reach - exact[0].modelPad, 0,
           exact[1].reach - exact[1].modelPad};
  }
  for (int i = 0; i < 4; ++i)
    if (pad[i] >= (*window)[i / 2].kernel)
      return im.error() << "the padding " << pad[i]
                        << " is not smaller than the kernel "
                        << (*window)[i / 2].kernel;
  SmallVector<int64_t> shape = pooledShape(x, exact[0].out, exact[1].out);
  SmallVector<int64_t> kernel = {h.kernel, w.kernel};
  SmallVector<int64_t> stride = {h.stride, w.stride};
  Value result;
  if (average)
    result = averagePool(im, value, im.channelsLastShape(shape), kernel, stride,
                         pad);
  else
    result = tosa::MaxPool2dOp::create(im.builder, im.loc(),
                                       im.f32(im.channelsLastShape(shape)),
                                       value, kernel, stride, pad);
  return im.defineChannelsLast(0, result, shape, x.batchFactor);
}

static LogicalResult importGlobalPool(Importer &im, bool average) {
  if (failed(im.expectInputs(1, 1)))
    return failure();
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  if (!x.hasChannelsLast())
    return im.error() << "input has rank " << x.rank() << ", expected 3 or 4";
  SmallVector<int64_t> shape = pooledShape(x, 1, 1);
  Value value = im.channelsLast(x);
  SmallVector<int64_t> kernel = {im.shapeOf(value)[1], im.shapeOf(value)[2]};
  SmallVector<int64_t> ones = {1, 1}, pad = {0, 0, 0, 0};
  Value result;
  if (average)
    result =
        averagePool(im, value, im.channelsLastShape(shape), kernel, ones, pad);
  else
    result = tosa::MaxPool2dOp::create(im.builder, im.loc(),
                                       im.f32(im.channelsLastShape(shape)),
                                       value, kernel, ones, pad);
  return im.defineChannelsLast(0, result, shape, x.batchFactor);
}

void hwq::onnx_import::addPoolHandlers(HandlerTable &table) {
  table["MaxPool"] = [](Importer &im) { return importPool(im, false); };
  table["AveragePool"] = [](Importer &im) { return importPool(im, true); };
  table["GlobalMaxPool"] = [](Importer &im) {
    return importGlobalPool(im, false);
  };
  table["GlobalAveragePool"] = [](Importer &im) {
    return importGlobalPool(im, true);
  };
}
