//===- ReduceOps.cpp - Reductions -------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::onnx_import;

namespace {
enum class Reduction { Mean, Sum, Max, Min };
}

static Value reduceAxis(Importer &im, Reduction kind, Value value,
                        int64_t axis) {
  SmallVector<int64_t> shape = im.shapeOf(value);
  shape[axis] = 1;
  auto attr = im.builder.getI32IntegerAttr(static_cast<int32_t>(axis));
  if (kind == Reduction::Max)
    return tosa::ReduceMaxOp::create(im.builder, im.loc(), im.f32(shape), value,
                                     attr);
  if (kind == Reduction::Min)
    return tosa::ReduceMinOp::create(im.builder, im.loc(), im.f32(shape), value,
                                     attr);
  return tosa::ReduceSumOp::create(im.builder, im.loc(), im.f32(shape), value,
                                   attr);
}

/// Axes are an attribute until opset 17 (12 for ReduceSum), then an input.
static FailureOr<SmallVector<int64_t>> readAxes(Importer &im, int64_t rank) {
  SmallVector<int64_t> axes;
  if (auto list = im.getInts("axes")) {
    axes = *list;
  } else if (im.hasInput(1)) {
    FailureOr<SmallVector<int64_t>> input = im.intConstant(1, "the axes");
    if (failed(input))
      return failure();
    axes = *input;
  }
  if (axes.empty() && !im.getInt("noop_with_empty_axes", 0))
    axes = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  (void)im.getInt("noop_with_empty_axes", 0);
  FailureOr<SmallVector<int64_t>> normal = im.normalizeAxes(axes, rank);
  if (succeeded(normal))
    llvm::sort(*normal);
  return normal;
}

static LogicalResult importReduce(Importer &im, Reduction kind) {
  if (failed(im.expectInputs(1, 2)))
    return failure();
  bool keepDims = im.getInt("keepdims", 1) != 0;
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  FailureOr<SmallVector<int64_t>> axes = readAxes(im, x.rank());
  if (failed(axes))
    return failure();
  if (axes->empty()) {
    im.define(0, *input);
    return success();
  }
  SmallVector<int64_t> kept, dropped;
  for (int64_t i = 0; i < x.rank(); ++i) {
    bool isReduced = llvm::is_contained(*axes, i);
    if (isReduced && x.shape[i] == kDynamic)
      return im.error() << "axis " << i << " is the dynamic batch";
    kept.push_back(isReduced ? 1 : x.shape[i]);
    if (!isReduced)
      dropped.push_back(x.shape[i]);
  }

  bool overPlane = x.rank() == 4 && *axes == SmallVector<int64_t>{2, 3};
  if (kind == Reduction::Mean && overPlane) {
    Value value = im.channelsLast(x), zero = im.scalar(0.0f, 1);
    Value result = tosa::AvgPool2dOp::create(
        im.builder, im.loc(), im.f32(im.channelsLastShape(kept)), value, zero,
        zero, ArrayRef<int64_t>{x.shape[2], x.shape[3]},
        ArrayRef<int64_t>{1, 1}, ArrayRef<int64_t>{0, 0, 0, 0},
        im.builder.getF32Type());
    if (keepDims)
      return im.defineChannelsLast(0, result, kept, x.batchFactor);
    im.setName(0, result);
    return im.definePlain(0, im.reshape(result, dropped), dropped,
                          x.batchFactor);
  }
  bool isChannelsLast = x.channelsLast && x.hasChannelsLast();
  Value value = isChannelsLast ? im.channelsLast(x) : im.plain(x);
  if (isChannelsLast)
    for (int64_t &axis : *axes)
      axis = x.channelsLastAxis(axis);
  if (kind == Reduction::Mean) {
    SmallVector<int64_t> shape = im.shapeOf(value);
    for (int64_t axis : *axes)
      shape[axis] = 1;
    llvm::sort(*axes);
    value =
        MeanOp::create(im.builder, im.loc(), im.f32(shape), value,
                       im.builder.getDenseI64ArrayAttr(*axes), RequantAttr());
  } else {
    for (int64_t axis : *axes)
      value = reduceAxis(im, kind, value, axis);
  }
  im.setName(0, value);
  auto reduced = std::make_shared<Activation>();
  reduced->shape.assign(kept.begin(), kept.end());
  reduced->batchFactor = x.batchFactor;
  (isChannelsLast ? reduced->channelsLast : reduced->plain) = value;
  if (keepDims) {
    im.define(0, reduced);
    return success();
  }
  return im.definePlain(0, im.reshape(im.inOnnxOrder(*reduced), dropped),
                        dropped, x.batchFactor);
}

void hwq::onnx_import::addReduceHandlers(HandlerTable &table) {
  table["ReduceMean"] = [](Importer &im) {
    return importReduce(im, Reduction::Mean);
  };
  table["ReduceSum"] = [](Importer &im) {
    return importReduce(im, Reduction::Sum);
  };
  table["ReduceMax"] = [](Importer &im) {
    return importReduce(im, Reduction::Max);
  };
  table["ReduceMin"] = [](Importer &im) {
    return importReduce(im, Reduction::Min);
  };
}
