//===- ResizeOps.cpp - Resize and Upsample ----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace hwq::onnx_import;

namespace {
/// tosa.resize along one axis: position (out * scaleD + offset) / scaleN.
struct ResizeAxis {
  int64_t in = 1, out = 1;
  int64_t scaleN = 1, scaleD = 1, offset = 0;

  /// Makes TOSA's size formula give `out`.
  int64_t border() const {
    return (out - 1) * scaleD - (in - 1) * scaleN + offset;
  }
};

struct ResizeMode {
  bool isLinear = false;
  std::string coordinates, nearest;
};
} // namespace

/// The fraction n/d with d up to 1024 that an f32 scale stands for.
static std::optional<std::pair<int64_t, int64_t>> asFraction(float scale) {
  if (!(scale > 0) || scale > 4096)
    return std::nullopt;
  for (int64_t d = 1; d <= 1024; ++d) {
    double n = std::round(static_cast<double>(scale) * d);
    if (n >= 1 && std::abs(n / d - scale) <= 1e-7 * scale)
      return std::pair<int64_t, int64_t>(static_cast<int64_t>(n), d);
  }
  return std::nullopt;
}

/// Sets scale and offset of an axis whose scale is n/d. ONNX's positions are
/// rational, so each mode has an exact form.
static LogicalResult setScale(Importer &im, const ResizeMode &mode, int64_t n,
                              int64_t d, ResizeAxis &axis) {
  if (axis.in == axis.out && n == d)
    return success();
  const std::string &c = mode.coordinates;
  if (c == "half_pixel" || c == "pytorch_half_pixel" ||
      c == "half_pixel_symmetric") {
    // (x + 1/2) d/n - 1/2
    axis.scaleN = 2 * n;
    axis.scaleD = 2 * d;
    axis.offset = d - n;
    if (c == "pytorch_half_pixel" && axis.out == 1)
      axis.offset = 0;
    // Half of what rounding the size down cut off, so that centres meet.
    if (c == "half_pixel_symmetric")
      axis.offset += axis.in * n - axis.out * d;
  } else if (c == "tf_half_pixel_for_nn") {
    axis.scaleN = 2 * n;
    axis.scaleD = 2 * d;
    axis.offset = d;
  } else if (c == "asymmetric") {
    axis.scaleN = n;
    axis.scaleD = d;
  } else if (c == "align_corners") {
    // x (in - 1)/(out - 1); all is position 0 where one of them is 1.
    if (axis.in > 1 && axis.out > 1) {
      axis.scaleN = axis.out - 1;
      axis.scaleD = axis.in - 1;
    }
  } else {
    return im.error() << "attribute 'coordinate_transformation_mode' is '" << c
                      << "', which is not supported";
  }
  int64_t common =
      std::gcd(std::gcd(axis.scaleN, axis.scaleD), std::abs(axis.offset));
  axis.scaleN /= common;
  axis.scaleD /= common;
  axis.offset /= common;
  if (mode.isLinear)
    return success();
  // TOSA takes floor(position + 1/2). Positions lie on a grid of 1/scaleN, so
  // ONNX's other roundings are that one, shifted.
  const std::string &r = mode.nearest;
  if (r == "round_prefer_ceil")
    return success();
  if (r != "round_prefer_floor" && r != "floor" && r != "ceil")
    return im.error() << "attribute 'nearest_mode' is '" << r
                      << "', which is not supported";
  int64_t grid = axis.scaleN;
  axis.scaleN *= 2;
  axis.scaleD *= 2;
  axis.offset *= 2;
  if (r == "round_prefer_floor")
    axis.offset -= 1; // half a grid step: ties go down
  else if (r == "floor")
    axis.offset -= grid; // minus 1/2
  else
    axis.offset += grid - 2; // plus 1/2, minus a grid step
  return success();
}

/// Scales and sizes of all axes, from whichever input has them.
static LogicalResult readTarget(Importer &im, const Activation &x,
                                SmallVector<float> &scales,
                                SmallVector<int64_t> &sizes) {
  bool isUpsample = im.node().opType == "Upsample";
  if (isUpsample && im.opset() < 9) {
    auto list = im.getFloats("scales");
    if (!list)
      return im.error() << "attribute 'scales' is missing";
    scales = *list;
  } else {
    unsigned scalesInput = isUpsample || im.opset() < 11 ? 1 : 2;
    if (im.hasInput(scalesInput)) {
      FailureOr<HostTensorPtr> list = im.floatConstant(scalesInput, "scales");
      if (failed(list))
        return failure();
      scales.assign((*list)->floats.begin(), (*list)->floats.end());
    }
    if (im.opset() >= 11 && im.hasInput(3)) {
      HostTensorPtr list = im.constantOrNull(3);
      if (!list || list->isFloat)
        return im.error() << "sizes must be constant integers";
      for (size_t i = 0; i < list->ints.size(); ++i)
        sizes.push_back(list->isBatch(i) ? kDynamic : list->ints[i]);
    }
  }
  if (scales.empty() == sizes.empty())
    return im.error() << "expected either scales or sizes";
  SmallVector<int64_t> axes;
  if (auto list = im.getInts("axes")) {
    FailureOr<SmallVector<int64_t>> normal = im.normalizeAxes(*list, x.rank());
    if (failed(normal))
      return failure();
    axes = *normal;
  } else {
    for (int64_t i = 0; i < x.rank(); ++i)
      axes.push_back(i);
  }
  if (std::max(scales.size(), sizes.size()) != axes.size())
    return im.error() << "scales or sizes have "
                      << std::max(scales.size(), sizes.size())
                      << " values, expected " << axes.size();
  SmallVector<float> allScales(x.shape.size(), 1.0f);
  SmallVector<int64_t> allSizes(x.shape.begin(), x.shape.end());
  for (auto [i, axis] : llvm::enumerate(axes)) {
    if (scales.empty())
      allSizes[axis] = sizes[i];
    else
      allScales[axis] = scales[i];
  }
  if (scales.empty())
    sizes = allSizes;
  else
    scales = allScales;
  return success();
}

static LogicalResult importResize(Importer &im) {
  bool isUpsample = im.node().opType == "Upsample";
  if (failed(im.expectInputs(1, 4)))
    return failure();
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  if (x.rank() != 3 && x.rank() != 4)
    return im.error() << "input has rank " << x.rank() << ", expected 3 or 4";
  std::string interpolation = im.getString("mode", "nearest");
  if (interpolation != "nearest" && interpolation != "linear")
    return im.error() << "attribute 'mode' is '" << interpolation
                      << "', expected 'nearest' or 'linear'";
  bool isOld = isUpsample || im.opset() < 11;
  ResizeMode mode;
  mode.isLinear = interpolation == "linear";
  mode.coordinates =
      isOld ? "asymmetric"
            : im.getString("coordinate_transformation_mode", "half_pixel");
  mode.nearest =
      isOld ? "floor" : im.getString("nearest_mode", "round_prefer_floor");
  if (im.getInt("antialias", 0))
    return im.error() << "attribute 'antialias' is set, expected 0";
  if (im.getInt("exclude_outside", 0) && mode.isLinear)
    return im.error() << "attribute 'exclude_outside' is set, expected 0";
  (void)im.getFloat("cubic_coeff_a", -0.75f);
  (void)im.getFloat("extrapolation_value", 0.0f);
  std::string policy = im.getString("keep_aspect_ratio_policy", "stretch");
  if (policy != "stretch")
    return im.error() << "attribute 'keep_aspect_ratio_policy' is '" << policy
                      << "', expected 'stretch'";
  SmallVector<float> scales;
  SmallVector<int64_t> sizes;
  if (failed(readTarget(im, x, scales, sizes)))
    return failure();

  ResizeAxis plane[2];
  SmallVector<int64_t> shape(x.shape.begin(), x.shape.end());
  for (int64_t i = 0; i < x.rank(); ++i) {
    if (i < 2) {
      bool isKept = scales.empty() ? sizes[i] == x.shape[i] : scales[i] == 1.0f;
      if (!isKept)
        return im.error() << "axis " << i
                          << " is resized, expected spatial axes only";
      continue;
    }
    ResizeAxis &axis = plane[i - x.rank() + 2];
    axis.in = x.shape[i];
    std::pair<int64_t, int64_t> fraction;
    if (scales.empty()) {
      axis.out = sizes[i];
      fraction = {axis.out, axis.in};
    } else {
      auto found = asFraction(scales[i]);
      if (!found)
        return im.error() << "scale " << scales[i] << " of axis " << i
                          << " is no fraction with a denominator up to 1024";
      fraction = *found;
      axis.out = static_cast<int64_t>(
          std::floor(static_cast<float>(axis.in) * scales[i]));
    }
    if (axis.out < 1 || axis.out > (1 << 20))
      return im.error() << "axis " << i << " gets the size " << axis.out
                        << ", expected 1 to " << (1 << 20);
    shape[i] = axis.out;
    if (failed(setScale(im, mode, fraction.first, fraction.second, axis)))
      return failure();
  }
  // Nothing to resize, whatever the coordinates say.
  if (shape == x.shape) {
    im.define(0, *input);
    return success();
  }
  const ResizeAxis &h = plane[0], &w = plane[1];
  Value result = tosa::ResizeOp::create(
      im.builder, im.loc(), im.f32(im.channelsLastShape(shape)),
      im.channelsLast(x),
      im.shapeConstant({h.scaleN, h.scaleD, w.scaleN, w.scaleD}),
      im.shapeConstant({h.offset, w.offset}),
      im.shapeConstant({h.border(), w.border()}),
      mode.isLinear ? tosa::ResizeMode::BILINEAR
                    : tosa::ResizeMode::NEAREST_NEIGHBOR);
  return im.defineChannelsLast(0, result, shape, x.batchFactor);
}

void hwq::onnx_import::addResizeHandlers(HandlerTable &table) {
  table["Resize"] = importResize;
  table["Upsample"] = importResize;
}
