//===- MovementOps.cpp - Concat, slice, split, pad --------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace hwq::onnx_import;

static LogicalResult importConcat(Importer &im) {
  if (failed(im.expectInputs(1, im.numInputs())))
    return failure();
  SmallVector<ActivationPtr> inputs;
  bool isChannelsLast = false;
  for (unsigned i = 0; i < im.numInputs(); ++i) {
    FailureOr<ActivationPtr> input = im.activation(i);
    if (failed(input))
      return failure();
    // Exporters concatenate with empty tensors.
    if (im.constantOrNull(i) && im.constantOrNull(i)->size() == 0)
      continue;
    inputs.push_back(*input);
    isChannelsLast |= (*input)->hasChannelsLast() && (*input)->channelsLast;
  }
  const Activation &first = *inputs.front();
  const NodeAttribute *axisAttr =
      im.getAttribute("axis", NodeAttribute::Kind::Int);
  if (!axisAttr)
    return im.error() << "attribute 'axis' is missing";
  FailureOr<int64_t> axis = im.normalizeAxis(axisAttr->i, first.rank());
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(first.shape);
  shape[*axis] = 0;
  SmallVector<Value> values;
  for (const ActivationPtr &input : inputs) {
    if (input->rank() != first.rank())
      return im.error() << "the inputs have ranks " << first.rank() << " and "
                        << input->rank();
    for (int64_t i = 0; i < first.rank(); ++i) {
      if (i == *axis && input->shape[i] == kDynamic)
        return im.error() << "axis " << i << " is the dynamic batch";
      if (i != *axis && (input->shape[i] != first.shape[i] ||
                         input->batchFactor != first.batchFactor))
        return im.error() << "the inputs differ in dimension " << i;
    }
    shape[*axis] += input->shape[*axis];
    values.push_back(isChannelsLast ? im.channelsLast(*input)
                                    : im.plain(*input));
  }
  if (values.size() == 1) {
    im.define(0, inputs.front());
    return success();
  }
  auto movedAxis = static_cast<uint32_t>(
      isChannelsLast ? first.channelsLastAxis(*axis) : *axis);
  Value result = tosa::ConcatOp::create(
      im.builder, im.loc(),
      im.f32(isChannelsLast ? im.channelsLastShape(shape) : shape), values,
      movedAxis);
  return isChannelsLast
             ? im.defineChannelsLast(0, result, shape, first.batchFactor)
             : im.definePlain(0, result, shape, first.batchFactor);
}

/// Defines an output as part of `x`; `start` and `shape` in ONNX's layout.
static LogicalResult defineSlice(Importer &im, unsigned output, Activation &x,
                                 ArrayRef<int64_t> start,
                                 ArrayRef<int64_t> shape) {
  if (!x.channelsLast || !x.hasChannelsLast())
    return im.definePlain(output, im.slice(im.plain(x), start, shape), shape,
                          x.batchFactor);
  SmallVector<int64_t> moved(4, 0);
  for (int64_t i = 0; i < x.rank(); ++i)
    moved[x.channelsLastAxis(i)] = start[i];
  return im.defineChannelsLast(
      output, im.slice(x.channelsLast, moved, im.channelsLastShape(shape)),
      shape, x.batchFactor);
}

static Value reverse(Importer &im, Value value, int64_t axis) {
  return tosa::ReverseOp::create(im.builder, im.loc(), value.getType(), value,
                                 static_cast<uint32_t>(axis));
}

/// Elements begin, begin + step, ... (`count` of them) of one axis: the axis
/// is cut into rows of `step` elements, and one column is kept.
static Value everyNth(Importer &im, Value value, int64_t axis, int64_t begin,
                      int64_t step, int64_t count) {
  SmallVector<int64_t> shape = im.shapeOf(value);
  int64_t size = shape[axis], length = count * step;
  if (length > size) {
    SmallVector<int64_t> pads(2 * shape.size(), 0);
    pads[2 * axis + 1] = length - size;
    value = im.pad(value, pads, 0.0f);
    size = length;
  }
  SmallVector<int64_t> start(shape.size(), 0);
  start[axis] = std::min(begin, size - length);
  int64_t column = begin - start[axis];
  shape[axis] = length;
  value = im.slice(value, start, shape);
  shape[axis] = count;
  SmallVector<int64_t> rows(shape);
  rows.insert(rows.begin() + axis + 1, step);
  value = im.reshape(value, rows);
  start.assign(rows.size(), 0);
  start[axis + 1] = column;
  rows[axis + 1] = 1;
  return im.reshape(im.slice(value, start, rows), shape);
}

/// Defines output 0 as elements start, start + step, ... of every axis.
static LogicalResult defineStrided(Importer &im, Activation &x,
                                   ArrayRef<int64_t> start,
                                   ArrayRef<int64_t> step,
                                   ArrayRef<int64_t> shape) {
  if (llvm::all_of(step, [](int64_t s) { return s == 1; }))
    return defineSlice(im, 0, x, start, shape);
  bool isChannelsLast = x.channelsLast && x.hasChannelsLast();
  Value value = isChannelsLast ? im.channelsLast(x) : im.plain(x);
  for (int64_t i = 0; i < x.rank(); ++i) {
    if (x.shape[i] == kDynamic)
      continue;
    int64_t axis = isChannelsLast ? x.channelsLastAxis(i) : i;
    int64_t begin = start[i], by = step[i];
    if (by < 0) {
      value = reverse(im, value, axis);
      begin = x.shape[i] - 1 - begin;
      by = -by;
    }
    if (by != 1 && shape[i] != 1) {
      value = everyNth(im, value, axis, begin, by, shape[i]);
      continue;
    }
    SmallVector<int64_t> part = im.shapeOf(value), from(part.size(), 0);
    from[axis] = begin;
    part[axis] = shape[i];
    value = im.slice(value, from, part);
  }
  return isChannelsLast ? im.defineChannelsLast(0, value, shape, x.batchFactor)
                        : im.definePlain(0, value, shape, x.batchFactor);
}

static LogicalResult importSlice(Importer &im) {
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  SmallVector<int64_t> starts, ends, axes, steps;
  if (im.opset() < 10) {
    auto s = im.getInts("starts"), e = im.getInts("ends");
    if (!s || !e)
      return im.error() << "attribute 'starts' or 'ends' is missing";
    starts = *s;
    ends = *e;
    axes = im.getInts("axes").value_or(SmallVector<int64_t>());
  } else {
    if (failed(im.expectInputs(3, 5)))
      return failure();
    auto read = [&](unsigned i, StringRef what,
                    SmallVector<int64_t> &list) -> LogicalResult {
      if (!im.hasInput(i))
        return success();
      FailureOr<SmallVector<int64_t>> values = im.intConstant(i, what);
      if (failed(values))
        return failure();
      list = *values;
      return success();
    };
    if (failed(read(1, "starts", starts)) || failed(read(2, "ends", ends)) ||
        failed(read(3, "axes", axes)) || failed(read(4, "steps", steps)))
      return failure();
  }
  if (axes.empty())
    axes = llvm::to_vector(
        llvm::seq<int64_t>(0, static_cast<int64_t>(starts.size())));
  if (steps.empty())
    steps.assign(starts.size(), 1);
  if (starts.size() != ends.size() || starts.size() != axes.size() ||
      starts.size() != steps.size())
    return im.error() << "starts, ends, axes and steps differ in length";
  FailureOr<SmallVector<int64_t>> normal = im.normalizeAxes(axes, x.rank());
  if (failed(normal))
    return failure();
  SmallVector<int64_t> begin(x.shape.size(), 0), by(x.shape.size(), 1),
      shape(x.shape);
  for (size_t i = 0; i < starts.size(); ++i) {
    int64_t axis = (*normal)[i], size = x.shape[axis], step = steps[i];
    if (step == 0)
      return im.error() << "the step on axis " << axis << " is 0";
    if (size == kDynamic) {
      // The whole batch, however it is spelled.
      if (starts[i] != 0 || ends[i] < (int64_t(1) << 30) || step != 1)
        return im.error() << "axis " << axis << " is the dynamic batch";
      continue;
    }
    // Past the end is past the end; and nothing overflows below.
    step = std::clamp<int64_t>(step, -size, size);
    // INT64_MIN plus a size does not overflow.
    auto bound = [&](int64_t v, int64_t lowest, int64_t highest) {
      return std::clamp<int64_t>(v < 0 ? v + size : v, lowest, highest);
    };
    bool forward = step > 0;
    int64_t first =
        forward ? bound(starts[i], 0, size) : bound(starts[i], 0, size - 1);
    int64_t end =
        forward ? bound(ends[i], 0, size) : bound(ends[i], -1, size - 1);
    int64_t distance = forward ? end - first : first - end;
    begin[axis] = first;
    by[axis] = step;
    shape[axis] = (distance + std::abs(step) - 1) / std::abs(step);
    if (distance < 1)
      return im.error() << "the slice of axis " << axis << " is empty";
  }
  return defineStrided(im, x, begin, by, shape);
}

static LogicalResult importSplit(Importer &im) {
  if (failed(im.expectInputs(1, im.opset() < 13 ? 1 : 2)))
    return failure();
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  FailureOr<int64_t> axis = im.normalizeAxis(im.getInt("axis", 0), x.rank());
  if (failed(axis))
    return failure();
  int64_t size = x.shape[*axis];
  if (size == kDynamic)
    return im.error() << "axis " << *axis << " is the dynamic batch";
  auto outputs = static_cast<int64_t>(im.node().outputs.size());
  SmallVector<int64_t> sizes;
  int64_t parts = im.opset() < 18 ? outputs : im.getInt("num_outputs", outputs);
  if (parts != outputs)
    return im.error() << "attribute 'num_outputs' is " << parts
                      << ", the node has " << outputs << " outputs";
  if (im.opset() < 13) {
    if (auto list = im.getInts("split"))
      sizes = *list;
  } else if (im.hasInput(1)) {
    FailureOr<SmallVector<int64_t>> list = im.intConstant(1, "split");
    if (failed(list))
      return failure();
    sizes = *list;
  }
  if (sizes.empty()) {
    if (im.opset() < 18 && size % parts)
      return im.error() << "axis " << *axis << " of size " << size
                        << " cannot be split into " << parts << " equal parts";
    // From opset 18 on the last part is the smaller one.
    int64_t each = (size + parts - 1) / parts;
    for (int64_t rest = size, i = 0; i < parts; ++i, rest -= each)
      sizes.push_back(std::min(each, rest));
  }
  int64_t sum = 0;
  for (int64_t s : sizes) {
    if (s < 1 || s > size)
      return im.error() << "a part has size " << s << ", expected 1 to "
                        << size;
    sum += s;
  }
  if (static_cast<int64_t>(sizes.size()) != outputs || sum != size)
    return im.error() << "the " << sizes.size() << " parts have " << sum
                      << " elements together, expected " << outputs
                      << " parts of " << size;
  SmallVector<int64_t> start(x.shape.size(), 0),
      shape(x.shape.begin(), x.shape.end());
  for (unsigned i = 0; i < outputs; ++i) {
    shape[*axis] = sizes[i];
    if (im.hasOutput(i) && failed(defineSlice(im, i, x, start, shape)))
      return failure();
    start[*axis] += sizes[i];
  }
  return success();
}

/// Pads one axis with elements of its own: reflect, edge or wrap.
static FailureOr<Value> padFromInside(Importer &im, StringRef mode, Value value,
                                      int64_t axis, int64_t before,
                                      int64_t after) {
  SmallVector<int64_t> shape = im.shapeOf(value), start(shape.size(), 0);
  int64_t size = shape[axis];
  int64_t longest = mode == "edge"      ? std::numeric_limits<int64_t>::max()
                    : mode == "reflect" ? size - 1
                                        : size;
  if (std::min(before, after) < 0 || std::max(before, after) > longest)
    return im.error() << "pads " << before << " and " << after
                      << " of an axis of size " << size
                      << " do not fit the mode '" << mode << "'";
  auto part = [&](int64_t from, int64_t count) -> Value {
    SmallVector<int64_t> s(shape), at(start);
    at[axis] = from;
    s[axis] = mode == "edge" ? 1 : count;
    Value piece = im.slice(value, at, s);
    if (mode == "reflect")
      return reverse(im, piece, axis);
    if (mode == "wrap")
      return piece;
    SmallVector<int64_t> multiples(shape.size(), 1);
    multiples[axis] = count;
    return im.tile(piece, multiples);
  };
  SmallVector<Value> parts;
  if (before)
    parts.push_back(part(mode == "reflect" ? 1
                         : mode == "edge"  ? 0
                                           : size - before,
                         before));
  parts.push_back(value);
  if (after)
    parts.push_back(part(mode == "reflect" ? size - 1 - after
                         : mode == "edge"  ? size - 1
                                           : 0,
                         after));
  shape[axis] += before + after;
  return Value(tosa::ConcatOp::create(im.builder, im.loc(), im.f32(shape),
                                      parts, static_cast<uint32_t>(axis)));
}

/// The real value of a padding that is a code; 0 where none is given.
static FailureOr<float> paddingOfCodes(Importer &im, const Quantization &grid) {
  int64_t code = 0;
  if (im.hasInput(2)) {
    FailureOr<SmallVector<int64_t>> value = im.intConstant(2, "constant_value");
    if (failed(value))
      return failure();
    if (value->size() != 1 || value->front() < grid.qmin ||
        value->front() > grid.qmax)
      return im.error() << "constant_value is no code in [" << grid.qmin << ", "
                        << grid.qmax << "]";
    code = value->front();
  }
  return grid.scales[0] * static_cast<float>(code - grid.zeroPoints[0]);
}

static LogicalResult importPad(Importer &im) {
  if (failed(im.expectInputs(1, im.opset() < 11 ? 1 : 4)))
    return failure();
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  std::string mode = im.getString("mode", "constant");
  bool isConstant = mode == "constant";
  if (!isConstant && mode != "reflect" && mode != "edge" &&
      (mode != "wrap" || im.opset() < 19))
    return im.error() << "attribute 'mode' is '" << mode
                      << "', expected constant, reflect, edge or, from opset "
                         "19 on, wrap";
  SmallVector<int64_t> pads;
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, x.rank()));
  float padValue = 0;
  if (im.opset() < 11) {
    auto list = im.getInts("pads");
    if (!list)
      return im.error() << "attribute 'pads' is missing";
    pads = *list;
    padValue = im.getFloat("value", 0.0f);
  } else {
    FailureOr<SmallVector<int64_t>> list = im.intConstant(1, "pads");
    if (failed(list))
      return failure();
    pads = *list;
    if (x.grid) {
      FailureOr<float> value = paddingOfCodes(im, *x.grid);
      if (failed(value))
        return failure();
      padValue = *value;
    } else if (im.hasInput(2)) {
      FailureOr<HostTensorPtr> value = im.floatConstant(2, "constant_value");
      if (failed(value))
        return failure();
      if ((*value)->floats.size() > 1)
        return im.error() << "constant_value has " << (*value)->floats.size()
                          << " values, expected one";
      if (!(*value)->floats.empty())
        padValue = (*value)->floats[0];
    }
    if (im.hasInput(3)) {
      FailureOr<SmallVector<int64_t>> given = im.intConstant(3, "axes");
      if (failed(given))
        return failure();
      FailureOr<SmallVector<int64_t>> normal =
          im.normalizeAxes(*given, x.rank());
      if (failed(normal))
        return failure();
      axes = *normal;
    }
  }
  if (!std::isfinite(padValue))
    return im.error() << "the padding value is not finite";
  if (pads.size() != 2 * axes.size())
    return im.error() << "pads has " << pads.size() << " values, expected "
                      << 2 * axes.size();
  bool isChannelsLast = x.channelsLast && x.hasChannelsLast();
  Value value = isChannelsLast ? im.channelsLast(x) : im.plain(x);
  SmallVector<int64_t> shape(x.shape.begin(), x.shape.end());
  SmallVector<int64_t> inner = im.shapeOf(value);
  SmallVector<int64_t> start(inner.size(), 0), added(2 * inner.size(), 0);
  for (auto [i, axis] : llvm::enumerate(axes)) {
    int64_t before = pads[i], after = pads[i + axes.size()];
    if (before == 0 && after == 0)
      continue;
    if (x.shape[axis] == kDynamic)
      return im.error() << "axis " << axis << " is the dynamic batch";
    constexpr int64_t kMaxPad = int64_t(1) << 24;
    if (std::max(before, after) > kMaxPad || std::min(before, after) < -kMaxPad)
      return im.error() << "absurd padding of axis " << axis;
    int64_t position = isChannelsLast ? x.channelsLastAxis(axis) : axis;
    if (!isConstant) {
      FailureOr<Value> padded =
          padFromInside(im, mode, value, position, before, after);
      if (failed(padded))
        return failure();
      value = *padded;
      inner[position] += before + after;
      shape[axis] += before + after;
      continue;
    }
    added[2 * position] = std::max<int64_t>(0, before);
    added[2 * position + 1] = std::max<int64_t>(0, after);
    // Negative padding takes elements away.
    start[position] = std::max<int64_t>(0, -before);
    inner[position] -= start[position] + std::max<int64_t>(0, -after);
    shape[axis] += before + after;
    if (inner[position] < 1 || shape[axis] < 1)
      return im.error() << "the padding leaves nothing of axis " << axis;
  }
  Value result = im.pad(im.slice(value, start, inner), added, padValue);
  return isChannelsLast ? im.defineChannelsLast(0, result, shape, x.batchFactor)
                        : im.definePlain(0, result, shape, x.batchFactor);
}

void hwq::onnx_import::addMovementHandlers(HandlerTable &table) {
  table["Concat"] = importConcat;
  table["Slice"] = importSlice;
  table["Split"] = importSplit;
  table["Pad"] = importPad;
}
