//===- TosaResize.cpp - TOSA's resize -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Index arithmetic of the TOSA 1.0 specification, section RESIZE: output
// coordinate o reads at (o * d + offset) / n of the input, in integers.
//
//===----------------------------------------------------------------------===//

#include "TosaArrays.h"
#include "TosaModels.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include <algorithm>
#include <cstring>
#include <vector>

using namespace hwq::runtime;
using namespace mlir;

namespace {

struct ResizeAxis {
  int64_t numerator, denominator, offset, border;

  /// Number of outputs, or none if the scale does not divide.
  std::optional<int64_t> outputs(int64_t size) const {
    int64_t span = (size - 1) * numerator - offset + border;
    if (span < 0 || span % denominator != 0)
      return std::nullopt;
    return span / denominator + 1;
  }
};

// The two inputs of an output, and the weight of the second.
struct Sample {
  int64_t low, high;
  float weight;
  bool nearHigh;
};

std::vector<Sample> samplesOf(const ResizeAxis &axis, int64_t size,
                              int64_t outputs) {
  std::vector<Sample> samples(outputs);
  for (int64_t o = 0; o < outputs; ++o) {
    int64_t at = o * axis.denominator + axis.offset;
    int64_t index = at / axis.numerator, rest = at % axis.numerator;
    if (rest < 0) {
      --index;
      rest += axis.numerator;
    }
    Sample &s = samples[o];
    s.low = std::clamp<int64_t>(index, 0, size - 1);
    s.high = std::clamp<int64_t>(index + 1, 0, size - 1);
    s.weight = static_cast<float>(rest) / static_cast<float>(axis.numerator);
    s.nearHigh = 2 * rest >= axis.numerator;
  }
  return samples;
}

void resizeNearest(const Tensor &x, Tensor &y, ArrayRef<Sample> rows,
                   ArrayRef<Sample> columns) {
  size_t pixel = x.dim(3) * byteWidth(x.dtype());
  size_t line = x.dim(2) * pixel, image = x.dim(1) * line;
  const char *from = static_cast<const char *>(x.raw());
  char *to = static_cast<char *>(y.raw());
  for (int64_t n = 0; n < x.dim(0); ++n)
    for (const Sample &r : rows) {
      const char *source =
          from + n * image + (r.nearHigh ? r.high : r.low) * line;
      for (const Sample &c : columns) {
        std::memcpy(to, source + (c.nearHigh ? c.high : c.low) * pixel, pixel);
        to += pixel;
      }
    }
}

void resizeBilinear(const Tensor &x, Tensor &y, ArrayRef<Sample> rows,
                    ArrayRef<Sample> columns, Workspace &workspace) {
  int64_t channels = x.dim(3), line = x.dim(2) * channels;
  float *blended =
      static_cast<float *>(workspace.scratch(line * sizeof(float)));
  float *to = y.data<float>();
  for (int64_t n = 0; n < x.dim(0); ++n) {
    const float *image = x.data<float>() + n * x.dim(1) * line;
    for (const Sample &r : rows) {
      blendRows(image + r.low * line, image + r.high * line, blended, line,
                r.weight);
      for (const Sample &c : columns) {
        const float *a = blended + c.low * channels;
        const float *b = blended + c.high * channels;
        float s = 1.0f - c.weight, t = c.weight;
        for (int64_t i = 0; i < channels; ++i)
          to[i] = a[i] * s + b[i] * t;
        to += channels;
      }
    }
  }
}

KernelOr buildResize(tosa::ResizeOp op, const KernelContext &context) {
  FailureOr<Tensor::Shape> scale = constantShape(op, op.getScale());
  FailureOr<Tensor::Shape> offset = constantShape(op, op.getOffset());
  FailureOr<Tensor::Shape> border = constantShape(op, op.getBorder());
  FailureOr<DType> dtype = storageDTypeOf(op, op.getInput());
  if (failed(scale) || failed(offset) || failed(border) || failed(dtype))
    return failure();
  if (scale->size() != 4 || offset->size() != 2 || border->size() != 2)
    return op.emitOpError("expected four scales, two offsets and two borders");
  // TOSA's own limits; they keep the products below inside of 64 bits.
  for (int64_t s : *scale)
    if (s < 1 || s > (1 << 30))
      return op.emitOpError() << "expected scales in [1, 2^30], got " << s;
  for (const Tensor::Shape &values : {*offset, *border})
    for (int64_t v : values)
      if (v < -(int64_t{1} << 31) || v > (int64_t{1} << 31))
        return op.emitOpError() << "offset or border " << v << " is too large";
  bool bilinear = op.getMode() == tosa::ResizeMode::BILINEAR;
  if (bilinear && isOnI8(op))
    return buildIntegerTosaResize(op, context);
  if (bilinear && *dtype != DType::F32)
    return op.emitOpError()
           << "bilinear can be executed on f32 only, got " << dtypeName(*dtype);
  if (getElementTypeOrSelf(op.getInput().getType()) !=
      getElementTypeOrSelf(op.getOutput().getType()))
    return op.emitOpError("expected a result of the operand's element type");
  ResizeAxis h{(*scale)[0], (*scale)[1], (*offset)[0], (*border)[0]};
  ResizeAxis w{(*scale)[2], (*scale)[3], (*offset)[1], (*border)[1]};
  return makeKernel([h, w, bilinear,
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    const Tensor &x = operands[0];
    if (x.rank() != 4 || x.dim(1) < 1 || x.dim(2) < 1)
      return kernelError(label, "expected an operand [N,H,W,C], got " +
                                    shapeToString(x.shape()));
    std::optional<int64_t> oh = h.outputs(x.dim(1)), ow = w.outputs(x.dim(2));
    if (!oh || !ow)
      return kernelError(label, "scale, offset and border do not fit " +
                                    shapeToString(x.shape()));
    Tensor y = workspace.allocate(x.dtype(), {x.dim(0), *oh, *ow, x.dim(3)});
    std::vector<Sample> rows = samplesOf(h, x.dim(1), *oh),
                        columns = samplesOf(w, x.dim(2), *ow);
    if (bilinear)
      resizeBilinear(x, y, rows, columns, workspace);
    else
      resizeNearest(x, y, rows, columns);
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

} // namespace

void hwq::runtime::attachTosaResizeModels(MLIRContext &context) {
  attachKernel<tosa::ResizeOp, buildResize>(context);
}
