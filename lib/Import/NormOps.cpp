//===- NormOps.cpp - Normalization and softmax ------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using namespace hwq::onnx_import;

static LogicalResult importBatchNorm(Importer &im) {
  if (failed(im.expectInputs(5, 5)))
    return failure();
  double epsilon = im.getFloat("epsilon", 1e-5f);
  (void)im.getFloat("momentum", 0.9f);
  if (im.getInt("training_mode", 0))
    return im.error()
           << "attribute 'training_mode' is set, expected an inference model";
  if (im.opset() < 9 && im.getInt("spatial", 1) != 1)
    return im.error() << "attribute 'spatial' is 0, expected 1";
  for (unsigned i = 1; i < im.node().outputs.size(); ++i)
    if (im.hasOutput(i))
      return im.error() << "output '" << im.node().outputs[i]
                        << "' of training is not supported";
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  if (x.rank() < 2 || x.rank() > 4)
    return im.error() << "input has rank " << x.rank() << ", expected 2 to 4";
  size_t channels = static_cast<size_t>(x.shape[1]);
  SmallVector<HostTensorPtr> parameters;
  for (unsigned i = 1; i < 5; ++i) {
    constexpr StringRef kNames[] = {"scale", "B", "mean", "var"};
    FailureOr<HostTensorPtr> tensor = im.floatConstant(i, kNames[i - 1]);
    if (failed(tensor) || failed(im.requireFinite(**tensor)))
      return failure();
    if ((*tensor)->floats.size() != channels)
      return im.error() << "'" << (*tensor)->name << "' has "
                        << (*tensor)->floats.size() << " values, expected "
                        << channels;
    parameters.push_back(*tensor);
  }
  std::vector<float> scale(channels), shift(channels);
  for (size_t c = 0; c < channels; ++c) {
    double variance = parameters[3]->floats[c] + epsilon;
    if (!(variance > 0))
      return im.error() << "variance plus epsilon is " << variance
                        << " in channel " << c
                        << ", expected a positive number";
    double s = parameters[0]->floats[c] / std::sqrt(variance);
    scale[c] = static_cast<float>(s);
    shift[c] = static_cast<float>(parameters[1]->floats[c] -
                                  parameters[2]->floats[c] * s);
  }
  bool isFeatureMap = x.hasChannelsLast();
  Value value = isFeatureMap ? im.channelsLast(x) : im.plain(x);
  SmallVector<int64_t> shape(isFeatureMap ? 4 : 2, 1);
  shape.back() = x.shape[1];
  Value scaled = im.mul(value, im.constant(shape, scale, parameters[0]->name));
  Value result =
      tosa::AddOp::create(im.builder, im.loc(), value.getType(), scaled,
                          im.constant(shape, shift, parameters[1]->name));
  return isFeatureMap ? im.defineChannelsLast(0, result, x.shape, x.batchFactor)
                      : im.definePlain(0, result, x.shape, x.batchFactor);
}

/// y = x * (bias + alpha * mean(x^2))^-beta, the mean over `size` channels with
/// zeros outside: an average pool over channels with explicit padding.
static LogicalResult importLRN(Importer &im) {
  if (failed(im.expectInputs(1, 1)))
    return failure();
  int64_t size = im.getInt("size", 0);
  float alpha = im.getFloat("alpha", 1e-4f), beta = im.getFloat("beta", 0.75f);
  float bias = im.getFloat("bias", 1.0f);
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  if (x.rank() != 4)
    return im.error() << "input has rank " << x.rank() << ", expected 4";
  if (size < 1 || size > x.shape[1] * 2 + 1)
    return im.error() << "attribute 'size' is " << size << ", expected 1 to "
                      << x.shape[1] * 2 + 1;
  Value value = im.channelsLast(x);
  SmallVector<int64_t> s = im.shapeOf(value);
  Value squares =
      im.reshape(im.mul(value, value), {s[0], s[1] * s[2], s[3], 1});
  Value padded = im.pad(
      squares, {0, 0, 0, 0, (size - 1) / 2, size - 1 - (size - 1) / 2, 0, 0},
      0.0f);
  Value zero = im.scalar(0.0f, 1);
  Value mean = tosa::AvgPool2dOp::create(
      im.builder, im.loc(), squares.getType(), padded, zero, zero,
      ArrayRef<int64_t>{1, size}, ArrayRef<int64_t>{1, 1},
      ArrayRef<int64_t>{0, 0, 0, 0}, im.builder.getF32Type());
  Value sum = tosa::AddOp::create(
      im.builder, im.loc(), value.getType(),
      im.mul(im.reshape(mean, s), im.scalar(alpha, 4)), im.scalar(bias, 4));
  Value power = tosa::PowOp::create(im.builder, im.loc(), value.getType(), sum,
                                    im.scalar(-beta, 4));
  return im.defineChannelsLast(0, im.mul(value, power), x.shape, x.batchFactor);
}

static Value softmax(Importer &im, Value value, int64_t axis, bool log) {
  Value result = SoftmaxOp::create(im.builder, im.loc(), value.getType(), value,
                                   static_cast<uint64_t>(axis));
  if (log)
    result = tosa::LogOp::create(im.builder, im.loc(), value.getType(), result);
  return result;
}

static LogicalResult importSoftmax(Importer &im, bool log) {
  if (failed(im.expectInputs(1, 1)))
    return failure();
  bool isFlattened = im.opset() < 13;
  int64_t axisAttr = im.getInt("axis", isFlattened ? 1 : -1);
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  FailureOr<int64_t> axis = im.normalizeAxis(axisAttr, x.rank());
  if (failed(axis))
    return failure();
  if (isFlattened) {
    // Everything from the axis on is one row. Usually that is one axis.
    int64_t first = 1, rest = 1, behind = 1;
    for (int64_t i = 0; i < x.rank(); ++i) {
      if (i < *axis)
        first = x.shape[i] == kDynamic || first == kDynamic
                    ? kDynamic
                    : first * x.shape[i];
      else if (x.shape[i] == kDynamic)
        return im.error() << "the softmax goes over the batch";
      else
        rest *= x.shape[i];
      if (i > *axis)
        behind *= x.shape[i];
    }
    if (behind != 1) {
      Value flat = im.reshape(im.inOnnxOrder(x), {first, rest});
      Value result = softmax(im, flat, 1, log);
      im.setName(0, result);
      return im.definePlain(0, im.reshape(result, x.shape), x.shape,
                            x.batchFactor);
    }
  }
  if (x.shape[*axis] == kDynamic)
    return im.error() << "the softmax goes over the batch";
  if (x.channelsLast && x.hasChannelsLast())
    return im.defineChannelsLast(
        0, softmax(im, x.channelsLast, x.channelsLastAxis(*axis), log), x.shape,
        x.batchFactor);
  return im.definePlain(0, softmax(im, im.plain(x), *axis, log), x.shape,
                        x.batchFactor);
}

void hwq::onnx_import::addNormHandlers(HandlerTable &table) {
  table["BatchNormalization"] = importBatchNorm;
  table["LRN"] = importLRN;
  table["Softmax"] = [](Importer &im) { return importSoftmax(im, false); };
  table["LogSoftmax"] = [](Importer &im) { return importSoftmax(im, true); };
}
