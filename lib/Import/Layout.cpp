//===- Layout.cpp - Layouts, constants and data movement --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace hwq;
using namespace hwq::onnx_import;

int64_t Activation::channelsLastAxis(int64_t axis) const {
  if (axis == 0)
    return 0;
  if (axis == 1)
    return 3;
  return rank() == 4 ? axis - 1 : 2;
}

RankedTensorType Importer::f32(ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, builder.getF32Type());
}

SmallVector<int64_t> Importer::shapeOf(Value value) {
  return llvm::to_vector(cast<RankedTensorType>(value.getType()).getShape());
}

/// Blob keys are printed bare: letters, digits, '_' and '.', a letter first.
static std::string blobKey(StringRef name) {
  std::string key;
  for (char c : name)
    key += llvm::isAlnum(c) || c == '.' ? c : '_';
  if (key.empty() || !llvm::isAlpha(key.front()))
    key.insert(0, "w_");
  return key;
}

Value Importer::constant(ArrayRef<int64_t> shape, ArrayRef<float> values,
                         StringRef name, int64_t channelAxis) {
  // The location keeps the initializer's own name and axis, for files that have
  // these.
  Location at =
      name.empty() ? loc() : NameLoc::get(builder.getStringAttr(name));
  if (channelAxis)
    at = FusedLoc::get(at.getContext(), at,
                       builder.getI64IntegerAttr(channelAxis));
  auto *first = reinterpret_cast<const char *>(values.data());
  std::vector<char> bytes(first, first + values.size() * sizeof(float));
  return tosa::ConstOp::create(builder, at, f32(shape),
                               createElements(f32(shape), std::move(bytes),
                                              alignof(float), blobKey(name)));
}

Value Importer::scalar(float value, int64_t rank) {
  return createConstant(builder, loc(), SmallVector<int64_t>(rank, 1),
                        ArrayRef<float>(value), "");
}

Value Importer::shapeConstant(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> values(shape);
  for (int64_t &v : values)
    if (v == kDynamic)
      v = -1;
  auto count = static_cast<int64_t>(values.size());
  auto type = RankedTensorType::get({count}, builder.getIndexType());
  return tosa::ConstShapeOp::create(
      builder, loc(), tosa::shapeType::get(builder.getContext(), count),
      DenseIntElementsAttr::get(type, values));
}

Value Importer::reshape(Value value, ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getShape() == shape)
    return value;
  return tosa::ReshapeOp::create(builder, loc(), type.clone(shape), value,
                                 shapeConstant(shape));
}

Value Importer::transpose(Value value, ArrayRef<int64_t> perm) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape;
  SmallVector<int32_t> perm32;
  SmallVector<int64_t> moved;
  for (int64_t axis : perm) {
    shape.push_back(type.getDimSize(axis));
    perm32.push_back(static_cast<int32_t>(axis));
    if (type.getDimSize(axis) != 1)
      moved.push_back(axis);
  }
  // Only axes of size 1 move: the elements stay where they are.
  if (llvm::is_sorted(moved))
    return reshape(value, shape);
  return tosa::TransposeOp::create(builder, loc(), type.clone(shape), value,
                                   perm32);
}

Value Importer::slice(Value value, ArrayRef<int64_t> start,
                      ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getShape() == shape)
    return value;
  return tosa::SliceOp::create(builder, loc(), type.clone(shape), value,
                               shapeConstant(start), shapeConstant(shape));
}

Value Importer::pad(Value value, ArrayRef<int64_t> pads, float padValue) {
  if (llvm::all_of(pads, [](int64_t p) { return p == 0; }))
    return value;
  SmallVector<int64_t> shape = shapeOf(value);
  for (auto [axis, dim] : llvm::enumerate(shape))
    if (dim != kDynamic)
      dim += pads[2 * axis] + pads[2 * axis + 1];
  return tosa::PadOp::create(builder, loc(), f32(shape), value,
                             shapeConstant(pads), scalar(padValue, 1));
}

Value Importer::tile(Value value, ArrayRef<int64_t> multiples) {
  if (llvm::all_of(multiples, [](int64_t m) { return m == 1; }))
    return value;
  SmallVector<int64_t> shape = shapeOf(value);
  for (auto [dim, multiple] : llvm::zip(shape, multiples))
    if (multiple != 1)
      dim *= multiple;
  return tosa::TileOp::create(builder, loc(), f32(shape), value,
                              shapeConstant(multiples));
}

Value Importer::mul(Value a, Value b) {
  SmallVector<int64_t> shape = shapeOf(a);
  for (auto [dim, other] : llvm::zip(shape, shapeOf(b)))
    if (dim == 1)
      dim = other;
  Value shift = tosa::ConstOp::create(
      builder, loc(), RankedTensorType::get({1}, builder.getI8Type()),
      DenseElementsAttr::get(RankedTensorType::get({1}, builder.getI8Type()),
                             static_cast<int8_t>(0)));
  return tosa::MulOp::create(builder, loc(), f32(shape), a, b, shift);
}

SmallVector<int64_t> Importer::channelsLastShape(ArrayRef<int64_t> shape) {
  if (shape.size() == 3)
    return {shape[0], 1, shape[2], shape[1]};
  return {shape[0], shape[2], shape[3], shape[1]};
}

Value Importer::plain(Activation &activation) {
  if (!activation.plain) {
    if (activation.rank() == 3) {
      // N,1,L,C to N,L,C to N,C,L.
      ArrayRef<int64_t> s = activation.shape;
      activation.plain = transpose(
          reshape(activation.channelsLast, {s[0], s[2], s[1]}), {0, 2, 1});
    } else {
      activation.plain = transpose(activation.channelsLast, {0, 3, 1, 2});
    }
  }
  return activation.plain;
}

Value Importer::channelsLast(Activation &activation) {
  if (!activation.channelsLast) {
    if (activation.rank() == 3)
      activation.channelsLast = reshape(transpose(activation.plain, {0, 2, 1}),
                                        channelsLastShape(activation.shape));
    else
      activation.channelsLast = transpose(activation.plain, {0, 2, 3, 1});
  }
  return activation.channelsLast;
}

Value Importer::inOnnxOrder(Activation &activation) {
  if (activation.plain)
    return activation.plain;
  // N,1,1,C has the elements in the order of N,C,1,1; so has N,H,W,1.
  int64_t positions = 1;
  for (int64_t dim : ArrayRef<int64_t>(activation.shape).drop_front(2))
    positions *= dim;
  if (positions == 1 || activation.shape[1] == 1)
    return activation.channelsLast;
  return plain(activation);
}

Value Importer::broadcastConstant(const HostTensor &tensor, int64_t rank,
                                  bool channelsLast) {
  SmallVector<int64_t> shape(rank - static_cast<int64_t>(tensor.shape.size()),
                             1);
  llvm::append_range(shape, tensor.shape);
  if (!channelsLast)
    return constant(shape, tensor.floats, tensor.name);
  // C, positions to positions, C.
  int64_t n = shape[0], c = shape[1], positions = 1;
  for (int64_t dim : ArrayRef<int64_t>(shape).drop_front(2))
    positions *= dim;
  std::vector<float> values(tensor.floats.size());
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < c; ++j)
      for (int64_t k = 0; k < positions; ++k)
        values[(i * positions + k) * c + j] =
            tensor.floats[(i * c + j) * positions + k];
  return constant(channelsLastShape(shape), values, tensor.name);
}

LogicalResult Importer::requireFinite(const HostTensor &tensor) {
  for (size_t i = 0; i < tensor.floats.size(); ++i)
    if (!std::isfinite(tensor.floats[i]))
      return error() << "'" << tensor.name << "' holds "
                     << (std::isnan(tensor.floats[i]) ? "NaN" : "infinity")
                     << " at element " << i << ", expected finite numbers";
  return success();
}

FailureOr<int64_t> Importer::normalizeAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return error() << "axis " << axis << " is outside a tensor of rank "
                   << rank;
  return axis < 0 ? axis + rank : axis;
}

FailureOr<SmallVector<int64_t>> Importer::normalizeAxes(ArrayRef<int64_t> axes,
                                                        int64_t rank) {
  SmallVector<int64_t> result;
  for (int64_t axis : axes) {
    FailureOr<int64_t> normal = normalizeAxis(axis, rank);
    if (failed(normal))
      return failure();
    if (llvm::is_contained(result, *normal))
      return error() << "axis " << axis << " is given twice";
    result.push_back(*normal);
  }
  return result;
}

int64_t Importer::countStatic(const Activation &activation) {
  int64_t count = activation.batchFactor;
  for (int64_t dim : activation.shape)
    if (dim != kDynamic)
      count *= dim;
  return count;
}
