//===- GatherOps.cpp - Embeddings and static indices ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace hwq::onnx_import;

/// A table [K, ...] of constants, indexed by an integer input.
static LogicalResult importEmbedding(Importer &im, const HostTensor &table,
                                     Activation &indices) {
  if (!table.isFloat || table.shape.empty())
    return im.error() << "the data must be a constant float table";
  FailureOr<int64_t> axis = im.normalizeAxis(
      im.getInt("axis", 0), static_cast<int64_t>(table.shape.size()));
  if (failed(axis))
    return failure();
  if (*axis != 0)
    return im.error() << "attribute 'axis' is " << *axis
                      << ", expected 0 where the indices are no constants";
  if (table.floats.empty())
    return im.error() << "the table '" << table.name << "' has no elements";
  if (failed(im.requireFinite(table)))
    return failure();
  int64_t rows = table.shape[0];
  int64_t columns = static_cast<int64_t>(table.floats.size()) / rows;
  int64_t count = 1;
  for (int64_t dim : indices.shape)
    count = dim == kDynamic || count == kDynamic ? kDynamic : count * dim;
  Value values = im.constant({1, rows, columns}, table.floats, table.name);
  Value result =
      tosa::GatherOp::create(im.builder, im.loc(), im.f32({1, count, columns}),
                             values, im.reshape(im.plain(indices), {1, count}));
  im.setName(0, result);
  SmallVector<int64_t> shape(indices.shape);
  llvm::append_range(shape, ArrayRef<int64_t>(table.shape).drop_front());
  return im.definePlain(0, im.reshape(result, shape), shape,
                        indices.batchFactor);
}

static LogicalResult importGather(Importer &im) {
  if (failed(im.expectInputs(2, 2)))
    return failure();
  HostTensorPtr indices = im.constantOrNull(1);
  if (!indices) {
    FailureOr<ActivationPtr> which = im.anyActivation(1);
    if (failed(which))
      return failure();
    if (!(*which)->isInteger)
      return im.error() << "the indices are floats, expected integers";
    if (HostTensorPtr table = im.constantOrNull(0))
      return importEmbedding(im, *table, **which);
    return im.error() << "data or indices must be constant";
  }
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  if (indices->isFloat || indices->hasBatch() || indices->ints.empty())
    return im.error() << "the indices must be constant integers";
  FailureOr<int64_t> axis = im.normalizeAxis(im.getInt("axis", 0), x.rank());
  if (failed(axis))
    return failure();
  int64_t size = x.shape[*axis];
  if (size == kDynamic)
    return im.error() << "axis " << *axis << " is the dynamic batch";
  SmallVector<int64_t> list;
  for (int64_t index : indices->ints) {
    if (index < -size || index >= size)
      return im.error() << "index " << index << " is outside axis " << *axis
                        << " of size " << size;
    list.push_back(index < 0 ? index + size : index);
  }
  bool isList = indices->shape.size() == 1;
  bool isChannelsLast = x.channelsLast && x.hasChannelsLast();
  Value value = isChannelsLast ? im.channelsLast(x) : im.plain(x);
  int64_t position = isChannelsLast ? x.channelsLastAxis(*axis) : *axis;
  // Runs of neighbours are one slice each.
  SmallVector<Value> slices;
  SmallVector<int64_t> inner = im.shapeOf(value);
  for (size_t i = 0; i < list.size();) {
    size_t end = i + 1;
    while (end < list.size() && list[end] == list[end - 1] + 1)
      ++end;
    SmallVector<int64_t> start(inner.size(), 0), shape(inner);
    start[position] = list[i];
    shape[position] = static_cast<int64_t>(end - i);
    slices.push_back(im.slice(value, start, shape));
    i = end;
  }
  inner[position] = static_cast<int64_t>(list.size());
  Value result = slices.front();
  if (slices.size() > 1)
    result = tosa::ConcatOp::create(im.builder, im.loc(), im.f32(inner), slices,
                                    static_cast<uint32_t>(position));
  if (result != value)
    im.setName(0, result);
  auto gathered = std::make_shared<Activation>();
  gathered->shape = x.shape;
  gathered->shape[*axis] = static_cast<int64_t>(list.size());
  gathered->batchFactor = x.batchFactor;
  (isChannelsLast ? gathered->channelsLast : gathered->plain) = result;
  if (isList) {
    im.define(0, gathered);
    return success();
  }
  SmallVector<int64_t> shape(gathered->shape);
  shape.erase(shape.begin() + *axis);
  shape.insert(shape.begin() + *axis, indices->shape.begin(),
               indices->shape.end());
  return im.definePlain(0, im.reshape(im.inOnnxOrder(*gathered), shape), shape,
                        x.batchFactor);
}

void hwq::onnx_import::addGatherHandlers(HandlerTable &table) {
  table["Gather"] = importGather;
}
