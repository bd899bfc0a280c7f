//===- OnnxMovement.cpp - Movement and resizes in ONNX ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnnxWriter.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::onnx_export;

/// Both layouts have the elements in the same order.
static bool isSameInBoth(Value value) {
  ArrayRef<int64_t> shape = getShape(value);
  return shape.size() == 4 &&
         (shape[3] == 1 || (shape[1] == 1 && shape[2] == 1));
}

LogicalResult Writer::convert(tosa::MaxPool2dOp op) {
  return emitMovement(
      "MaxPool", op, op.getInput(), true, {}, std::nullopt, [&](Node &node) {
        setPoolAttributes(node, op.getKernel(), op.getStride(), op.getPad());
      });
}

LogicalResult Writer::convert(tosa::ConcatOp op) {
  SmallVector<Value> operands;
  bool channelsFirst = false;
  Type result = getElementTypeOrSelf(op.getOutput().getType());
  for (Value operand : op.getInput1()) {
    if (getElementTypeOrSelf(operand.getType()) != result)
      return unsupported(op, "concatenation of different scales here");
    auto requantize = operand.getDefiningOp<RequantizeOp>();
    operands.push_back(
        requantize && isOfConcat(requantize) ? requantize.getInput() : operand);
    channelsFirst |= isChannelsFirst(operands.back());
  }
  return emitConcat(op, operands, channelsFirst,
                    toStoredAxis(op.getAxis(), channelsFirst));
}

LogicalResult Writer::convert(tosa::TransposeOp op) {
  SmallVector<int64_t> perms(op.getPerms());
  Value input = op.getInput1();
  if (failed(sameParams(op)) || failed(get(op, input, isChannelsFirst(input))))
    return failure();
  bool toLast = llvm::equal(perms, kToChannelsLast),
       toFirst = llvm::equal(perms, kToChannelsFirst);
  bool stored = isChannelsFirst(input);
  if (toLast && !stored) {
    tensors[op.getOutput()] = {tensors[input].name, true};
    return success();
  }
  if (toFirst && stored) {
    tensors[op.getOutput()] = {tensors[input].name, false};
    return success();
  }
  return emitMovement("Transpose", op, input, false, {}, std::nullopt,
                      [&](Node &node) { node.set("perm", perms); });
}

LogicalResult Writer::convert(tosa::ReshapeOp op) {
  FailureOr<SmallVector<int64_t>> shape = getShapeConstant(op, op.getShape());
  Value input = op.getInput1(), output = op.getOutput();
  if (failed(shape) || failed(sameParams(op)) ||
      failed(get(op, input, isChannelsFirst(input))))
    return failure();
  bool first = isSameInBoth(output),
       inputFirst = isSameInBoth(input) && isChannelsFirst(input);
  SmallVector<int64_t> target = toStored(*shape, first);
  // A change of names only.
  if ((inputFirst || !isChannelsFirst(input)) &&
      toStored(getShape(input), inputFirst) ==
          toStored(getShape(output), first)) {
    tensors[output] = {tensors[input].name, first};
    return success();
  }
  std::string constant = addShape(helperName(output, "_shape"), target);
  if (failed(emitMovement("Reshape", op, input, inputFirst, {constant},
                          std::nullopt, [](Node &) {})))
    return failure();
  tensors[output].channelsFirst = first;
  return success();
}

LogicalResult Writer::convert(tosa::PadOp op) {
  FailureOr<SmallVector<int64_t>> padding =
      getShapeConstant(op, op.getPadding());
  if (failed(padding) || failed(sameParams(op)))
    return failure();
  bool channelsFirst = isChannelsFirst(op.getInput1());
  SmallVector<int64_t> before, after;
  for (size_t i = 0; i < padding->size(); i += 2) {
    before.push_back((*padding)[i]);
    after.push_back((*padding)[i + 1]);
  }
  SmallVector<int64_t> pads = toStored(before, channelsFirst);
  llvm::append_range(pads, toStored(after, channelsFirst));
  std::string amounts = addShape(helperName(op.getOutput(), "_pads"), pads);
  if (getElementTypeOrSelf(op.getOutput().getType()).isF32())
    return emitFloatPad(op, {amounts});
  FailureOr<int64_t> code = getScalarCode(op, op.getPadConst());
  if (failed(code))
    return failure();
  return emitMovement("Pad", op, op.getInput1(), channelsFirst, {amounts},
                      *code, [](Node &) {});
}

LogicalResult Writer::convert(tosa::SliceOp op) {
  FailureOr<SmallVector<int64_t>> start = getShapeConstant(op, op.getStart()),
                                  size = getShapeConstant(op, op.getSize());
  if (failed(start) || failed(size) || failed(sameParams(op)))
    return failure();
  SmallVector<int64_t> ends;
  for (auto [begin, count, result] :
       llvm::zip_equal(*start, *size, getShape(op.getOutput())))
    ends.push_back(ShapedType::isDynamic(result) ? INT64_MAX : begin + count);
  bool channelsFirst = isChannelsFirst(op.getInput1());
  std::string from = addShape(helperName(op.getOutput(), "_starts"),
                              toStored(*start, channelsFirst)),
              to = addShape(helperName(op.getOutput(), "_ends"),
                            toStored(ends, channelsFirst));
  return emitMovement("Slice", op, op.getInput1(), channelsFirst, {from, to},
                      std::nullopt, [](Node &) {});
}

LogicalResult Writer::convert(tosa::TileOp op) {
  FailureOr<SmallVector<int64_t>> multiples =
      getShapeConstant(op, op.getMultiples());
  if (failed(multiples) || failed(sameParams(op)))
    return failure();
  bool channelsFirst = isChannelsFirst(op.getInput1());
  std::string counts = addShape(helperName(op.getOutput(), "_multiples"),
                                toStored(*multiples, channelsFirst));
  return emitMovement("Tile", op, op.getInput1(), channelsFirst, {counts},
                      std::nullopt, [](Node &) {});
}

/// From the last element to before the first one.
LogicalResult Writer::convert(tosa::ReverseOp op) {
  if (failed(sameParams(op)))
    return failure();
  bool channelsFirst = isChannelsFirst(op.getInput1());
  auto add = [&](StringRef suffix, int64_t value) {
    return addShape(helperName(op.getOutput(), suffix), {value});
  };
  std::vector<std::string> range = {
      add("_start", -1), add("_end", INT64_MIN),
      add("_axis", toStoredAxis(op.getAxis(), channelsFirst)),
      add("_step", -1)};
  return emitMovement("Slice", op, op.getInput1(), channelsFirst, range,
                      std::nullopt, [](Node &) {});
}

/// The pixel that ONNX Runtime reads, in its own arithmetic.
static int64_t getNeighbour(int64_t o, int64_t in, int64_t out, float scale,
                            StringRef coordinates, StringRef rounding) {
  auto i = static_cast<float>(o);
  float x = coordinates == "half_pixel"   ? (i + 0.5f) / scale - 0.5f
            : coordinates == "asymmetric" ? i / scale
            : out == 1
                ? 0.0f
                : i * static_cast<float>(in - 1) / static_cast<float>(out - 1);
  float index = rounding == "floor" ? std::floor(x) : std::round(x);
  return std::clamp<int64_t>(static_cast<int64_t>(index), 0, in - 1);
}

LogicalResult Writer::convert(tosa::ResizeOp op) {
  FailureOr<SmallVector<int64_t>> scale = getShapeConstant(op, op.getScale()),
                                  offset = getShapeConstant(op, op.getOffset());
  if (failed(scale) || failed(offset) || failed(sameParams(op)))
    return failure();
  bool isLinear = op.getMode() == tosa::ResizeMode::BILINEAR;
  if (isLinear && !getElementTypeOrSelf(op.getOutput().getType()).isF32())
    return unsupported(op, "bilinear resize of codes");
  auto geometry = getResizeGeometry(
      cast<RankedTensorType>(op.getInput().getType()),
      cast<RankedTensorType>(op.getOutput().getType()), *scale, *offset);
  if (!geometry)
    return op.emitError() << describeTensor(op.getOutput()) << ": "
                          << geometry.error();
  std::vector<float> scales = {1, 1};
  for (const numerics::ResizePositions *p :
       {&geometry->rows, &geometry->columns}) {
    auto in = static_cast<float>(p->inputSize);
    scales.push_back(static_cast<float>(p->outputSize) / in);
    // The engine cuts the product to the size of the result.
    if (std::floor(in * scales.back()) != static_cast<float>(p->outputSize))
      scales.back() = std::nextafter(scales.back(), 2 * scales.back());
  }
  StringRef coordinates, rounding;
  if (isLinear) {
    auto alignment = numerics::findAlignment(geometry->rows, geometry->columns);
    if (!alignment)
      return unsupported(op, "bilinear resize of these positions");
    coordinates =
        *alignment == numerics::ResizeAlignment::HalfPixel ? "half_pixel"
        : *alignment == numerics::ResizeAlignment::Corners ? "align_corners"
                                                           : "asymmetric";
  } else {
    auto isSame = [&](const numerics::ResizePositions &p, float scale,
                      StringRef c, StringRef r) {
      for (int64_t o = 0; o < p.outputSize; ++o) {
        // Half a pixel is the next one's.
        int64_t index = llvm::divideFloorSigned(
            2 * (o * p.denominator + p.offset) + p.numerator, 2 * p.numerator);
        if (std::clamp<int64_t>(index, 0, p.inputSize - 1) !=
            getNeighbour(o, p.inputSize, p.outputSize, scale, c, r))
          return false;
      }
      return true;
    };
    for (auto [c, r] : {std::pair("half_pixel", "round_prefer_ceil"),
                        {"asymmetric", "floor"},
                        {"align_corners", "round_prefer_ceil"}})
      if (coordinates.empty() && isSame(geometry->rows, scales[2], c, r) &&
          isSame(geometry->columns, scales[3], c, r)) {
        coordinates = c;
        rounding = r;
      }
    if (coordinates.empty())
      return unsupported(op, "resize to these neighbours");
  }
  std::string constant = helperName(op.getOutput(), "_scales");
  model.addConstant(constant, {4}, scales);
  auto setAttributes = [&](Node &node) {
    node.setText("mode", isLinear ? "linear" : "nearest")
        .setText("coordinate_transformation_mode", coordinates);
    if (!isLinear)
      node.setText("nearest_mode", rounding);
  };
  if (!isLinear)
    return emitMovement("Resize", op, op.getInput(), true, {"", constant},
                        std::nullopt, setAttributes);
  FailureOr<std::string> input = get(op, op.getInput(), true);
  if (failed(input))
    return failure();
  Node node =
      model.addNode("Resize", {keepFloat(op.getInput(), *input), "", constant},
                    define(op.getOutput(), true));
  setAttributes(node);
  return success();
}
