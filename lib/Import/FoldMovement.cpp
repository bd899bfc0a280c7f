//===- FoldMovement.cpp - Constant shapes and their making ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fold.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace hwq::onnx_import;

/// The same elements in another shape.
static LogicalResult defineAs(Importer &im, const HostTensor &x,
                              ArrayRef<int64_t> shape) {
  auto result = std::make_shared<HostTensor>(x);
  result->shape.assign(shape.begin(), shape.end());
  im.define(0, result);
  return success();
}

static LogicalResult foldConstant(Importer &im) {
  auto result = std::make_shared<HostTensor>();
  if (const NodeAttribute *a =
          im.getAttribute("value", NodeAttribute::Kind::Tensor)) {
    *result = *a->tensor;
  } else if (auto *a =
                 im.getAttribute("value_float", NodeAttribute::Kind::Float)) {
    result->floats = {a->f};
  } else if (auto list = im.getFloats("value_floats")) {
    result->floats.assign(list->begin(), list->end());
    result->shape = {static_cast<int64_t>(list->size())};
  } else if (auto *a = im.getAttribute("value_int", NodeAttribute::Kind::Int)) {
    result->isFloat = false;
    result->ints = {a->i};
  } else if (auto list = im.getInts("value_ints")) {
    result->isFloat = false;
    result->ints.assign(list->begin(), list->end());
    result->shape = {static_cast<int64_t>(list->size())};
  } else {
    return im.error() << "expected an attribute 'value', 'value_float', "
                         "'value_floats', 'value_int' or 'value_ints'";
  }
  if (result->name.empty() && !im.node().outputs.empty())
    result->name = im.node().outputs.front();
  im.define(0, result);
  return success();
}

/// Shape of a constant or an activation.
static LogicalResult foldShape(Importer &im) {
  if (failed(im.expectInputs(1, 1)))
    return failure();
  const OnnxValue &x = im.input(0);
  auto result = std::make_shared<HostTensor>();
  result->isFloat = false;
  ArrayRef<int64_t> shape =
      x.constant ? x.constant->shape : x.activation->shape;
  auto rank = static_cast<int64_t>(shape.size());
  int64_t start = im.getInt("start", 0), end = im.getInt("end", rank);
  start = std::clamp<int64_t>(start < 0 ? start + rank : start, 0, rank);
  end = std::clamp<int64_t>(end < 0 ? end + rank : end, 0, rank);
  for (int64_t i = start; i < end; ++i) {
    bool isBatch = shape[i] == kDynamic;
    result->ints.push_back(isBatch ? x.activation->batchFactor : shape[i]);
    result->batch.push_back(isBatch);
  }
  result->shape = {static_cast<int64_t>(result->ints.size())};
  im.define(0, result);
  return success();
}

static LogicalResult foldSize(Importer &im) {
  if (failed(im.expectInputs(1, 1)))
    return failure();
  const OnnxValue &x = im.input(0);
  auto result = std::make_shared<HostTensor>();
  result->isFloat = false;
  result->ints = {x.constant ? static_cast<int64_t>(x.constant->size())
                             : im.countStatic(*x.activation)};
  result->batch = {x.activation &&
                   llvm::is_contained(x.activation->shape, kDynamic)};
  im.define(0, result);
  return success();
}

static LogicalResult foldConstantOfShape(Importer &im) {
  FailureOr<SmallVector<int64_t>> shape = im.intConstant(0, "the shape");
  if (failed(shape))
    return failure();
  std::optional<int64_t> count = countElements(*shape);
  if (!count || *count > kMaxFolded)
    return im.error() << "the constant result has an absurd shape";
  auto result = std::make_shared<HostTensor>();
  result->name = im.node().outputs.front();
  result->shape.assign(shape->begin(), shape->end());
  auto n = static_cast<size_t>(*count);
  if (const NodeAttribute *a =
          im.getAttribute("value", NodeAttribute::Kind::Tensor)) {
    if (a->tensor->size() != 1)
      return im.error() << "attribute 'value' has " << a->tensor->size()
                        << " elements, expected one";
    result->isFloat = a->tensor->isFloat;
    if (result->isFloat)
      result->floats.assign(n, a->tensor->floats[0]);
    else
      result->ints.assign(n, a->tensor->ints[0]);
  } else {
    result->floats.assign(n, 0.0f);
  }
  im.define(0, result);
  return success();
}

static LogicalResult foldRange(Importer &im) {
  if (failed(im.expectInputs(3, 3)))
    return failure();
  HostTensorPtr parts[3];
  for (unsigned i = 0; i < 3; ++i) {
    parts[i] = im.constantOrNull(i);
    if (parts[i]->size() != 1 || parts[i]->hasBatch() ||
        parts[i]->isFloat != parts[0]->isFloat)
      return im.error() << "start, limit and delta must be three numbers of "
                           "one type";
  }
  auto result = std::make_shared<HostTensor>();
  result->isFloat = parts[0]->isFloat;
  auto value = [&](unsigned i) {
    return result->isFloat ? static_cast<double>(parts[i]->floats[0])
                           : static_cast<double>(parts[i]->ints[0]);
  };
  double count = std::ceil((value(1) - value(0)) / value(2));
  if (value(2) == 0 || !(count <= static_cast<double>(kMaxFolded)))
    return im.error() << "the range has an absurd length";
  for (int64_t i = 0; i < static_cast<int64_t>(count); ++i) {
    if (result->isFloat)
      result->floats.push_back(
          static_cast<float>(value(0) + static_cast<double>(i) * value(2)));
    else
      result->ints.push_back(parts[0]->ints[0] + i * parts[2]->ints[0]);
  }
  result->shape = {static_cast<int64_t>(result->size())};
  im.define(0, result);
  return success();
}

static LogicalResult foldReshape(Importer &im) {
  if (failed(im.expectInputs(2, 2)))
    return failure();
  bool allowZero = im.getInt("allowzero", 0) != 0;
  const HostTensor &x = *im.constantOrNull(0);
  FailureOr<SmallVector<int64_t>> target = im.intConstant(1, "the shape");
  if (failed(target))
    return failure();
  int64_t known = 1;
  std::optional<size_t> inferred;
  for (auto [i, dim] : llvm::enumerate(*target)) {
    if (dim == 0 && !allowZero) {
      if (i >= x.shape.size())
        return im.error() << "the shape copies dimension " << i
                          << " of an input of rank " << x.shape.size();
      dim = x.shape[i];
    }
    if (dim == -1 && !inferred) {
      inferred = i;
      continue;
    }
    if (dim < 0 || dim > kMaxFolded || known > kMaxFolded)
      return im.error() << "the shape has the value " << dim;
    known *= dim;
  }
  auto total = static_cast<int64_t>(x.size());
  if (inferred && known > 0 && total % known == 0) {
    (*target)[*inferred] = total / known;
    known = total;
  }
  if (known != total)
    return im.error() << "the shape does not fit the " << total
                      << " elements of the input";
  return defineAs(im, x, *target);
}

static LogicalResult foldFlatten(Importer &im) {
  const HostTensor &x = *im.constantOrNull(0);
  auto rank = static_cast<int64_t>(x.shape.size());
  int64_t axis = im.getInt("axis", 1);
  if (axis < -rank || axis > rank)
    return im.error() << "axis " << axis << " is outside a tensor of rank "
                      << rank;
  axis = axis < 0 ? axis + rank : axis;
  SmallVector<int64_t> sides = {1, 1};
  for (int64_t i = 0; i < rank; ++i)
    sides[i >= axis] *= x.shape[i];
  return defineAs(im, x, sides);
}

static FailureOr<std::optional<SmallVector<int64_t>>> readAxes(Importer &im) {
  std::optional<SmallVector<int64_t>> axes = im.getInts("axes");
  if (!axes && im.hasInput(1)) {
    FailureOr<SmallVector<int64_t>> input = im.intConstant(1, "the axes");
    if (failed(input))
      return failure();
    axes = *input;
  }
  return axes;
}

static LogicalResult foldSqueeze(Importer &im) {
  const HostTensor &x = *im.constantOrNull(0);
  auto axes = readAxes(im);
  if (failed(axes))
    return failure();
  auto rank = static_cast<int64_t>(x.shape.size());
  SmallVector<int64_t> normal, shape;
  if (*axes) {
    auto checked = im.normalizeAxes(**axes, rank);
    if (failed(checked))
      return failure();
    normal = *checked;
  }
  for (int64_t i = 0; i < rank; ++i) {
    bool drop = *axes ? llvm::is_contained(normal, i) : x.shape[i] == 1;
    if (drop && x.shape[i] != 1)
      return im.error() << "axis " << i << " cannot be squeezed, it has "
                        << x.shape[i] << " elements";
    if (!drop)
      shape.push_back(x.shape[i]);
  }
  return defineAs(im, x, shape);
}

static LogicalResult foldUnsqueeze(Importer &im) {
  const HostTensor &x = *im.constantOrNull(0);
  auto axes = readAxes(im);
  if (failed(axes))
    return failure();
  if (!*axes)
    return im.error() << "the axes are missing";
  auto rank = static_cast<int64_t>(x.shape.size() + (*axes)->size());
  auto normal = im.normalizeAxes(**axes, rank);
  if (failed(normal))
    return failure();
  SmallVector<int64_t> shape;
  size_t next = 0;
  for (int64_t i = 0; i < rank; ++i)
    shape.push_back(llvm::is_contained(*normal, i) ? 1 : x.shape[next++]);
  return defineAs(im, x, shape);
}

/// Elements at start + i * step of every axis, in the order of `perm`.
static HostTensorPtr strided(const HostTensor &x, ArrayRef<int64_t> start,
                             ArrayRef<int64_t> step, ArrayRef<int64_t> shape,
                             ArrayRef<int64_t> perm) {
  size_t rank = shape.size();
  SmallVector<int64_t> stride(rank, 1), outStride(rank), outShape(rank);
  for (size_t i = rank; i-- > 1;)
    stride[i - 1] = stride[i] * x.shape[i];
  int64_t base = 0;
  for (size_t i = 0; i < rank; ++i) {
    base += start[i] * stride[i];
    outShape[i] = shape[perm[i]];
    outStride[i] = stride[perm[i]] * step[perm[i]];
  }
  std::vector<size_t> index(
      static_cast<size_t>(countElements(outShape).value_or(0)));
  SmallVector<int64_t> at(rank, 0);
  int64_t position = base;
  for (size_t &i : index) {
    i = static_cast<size_t>(position);
    for (size_t axis = rank; axis-- > 0;) {
      position += outStride[axis];
      if (++at[axis] < outShape[axis])
        break;
      position -= outStride[axis] * outShape[axis];
      at[axis] = 0;
    }
  }
  return takeElements(x, outShape, index);
}

static LogicalResult foldTranspose(Importer &im) {
  const HostTensor &x = *im.constantOrNull(0);
  auto rank = static_cast<int64_t>(x.shape.size());
  SmallVector<int64_t> perm =
      llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, rank)));
  if (auto given = im.getInts("perm"))
    perm = *given;
  SmallVector<int64_t> sorted(perm);
  llvm::sort(sorted);
  if (!llvm::equal(sorted, llvm::seq<int64_t>(0, rank)))
    return im.error() << "attribute 'perm' is no permutation of " << rank
                      << " axes";
  im.define(0, strided(x, SmallVector<int64_t>(rank, 0),
                       SmallVector<int64_t>(rank, 1), x.shape, perm));
  return success();
}

static LogicalResult foldSlice(Importer &im) {
  const HostTensor &x = *im.constantOrNull(0);
  auto rank = static_cast<int64_t>(x.shape.size());
  std::optional<SmallVector<int64_t>> lists[4];
  constexpr StringRef kNames[] = {"starts", "ends", "axes", "steps"};
  for (unsigned i = 0; i < 4; ++i) {
    lists[i] = im.getInts(kNames[i]);
    if (!lists[i] && im.hasInput(i + 1)) {
      FailureOr<SmallVector<int64_t>> values = im.intConstant(i + 1, kNames[i]);
      if (failed(values))
        return failure();
      lists[i] = *values;
    }
  }
  if (!lists[0] || !lists[1])
    return im.error() << "starts or ends are missing";
  size_t n = lists[0]->size();
  SmallVector<int64_t> axes = lists[2].value_or(
      llvm::to_vector(llvm::seq<int64_t>(0, static_cast<int64_t>(n))));
  SmallVector<int64_t> steps = lists[3].value_or(SmallVector<int64_t>(n, 1));
  if (lists[1]->size() != n || axes.size() != n || steps.size() != n)
    return im.error() << "starts, ends, axes and steps differ in length";
  auto normal = im.normalizeAxes(axes, rank);
  if (failed(normal))
    return failure();
  SmallVector<int64_t> begin(rank, 0), step(rank, 1), shape(x.shape);
  for (size_t i = 0; i < n; ++i) {
    int64_t axis = (*normal)[i], size = x.shape[axis], by = steps[i];
    if (by == 0 || by > kMaxFolded || by < -kMaxFolded)
      return im.error() << "step " << by << " is not supported";
    auto bound = [&](int64_t v, int64_t lo, int64_t hi) {
      return std::clamp<int64_t>(v < 0 ? v + size : v, lo, hi);
    };
    int64_t from, to;
    if (by > 0) {
      from = bound((*lists[0])[i], 0, size);
      to = bound((*lists[1])[i], 0, size);
    } else {
      from = bound((*lists[0])[i], 0, std::max<int64_t>(size - 1, 0));
      to = bound((*lists[1])[i], -1, size);
    }
    int64_t distance = by > 0 ? to - from : from - to;
    int64_t width = std::abs(by);
    begin[axis] = from;
    step[axis] = by;
    shape[axis] = std::max<int64_t>(0, (distance + width - 1) / width);
  }
  im.define(0, strided(x, begin, step, shape,
                       llvm::to_vector(llvm::seq<int64_t>(0, rank))));
  return success();
}

static LogicalResult foldConcat(Importer &im) {
  const HostTensor &first = *im.constantOrNull(0);
  auto axis = im.normalizeAxis(im.getInt("axis", 0),
                               static_cast<int64_t>(first.shape.size()));
  if (failed(axis))
    return failure();
  auto result = std::make_shared<HostTensor>();
  result->isFloat = first.isFloat;
  result->name = im.node().outputs.front();
  result->shape = first.shape;
  result->shape[*axis] = 0;
  int64_t outer = 1, inner = 1;
  for (auto [i, dim] : llvm::enumerate(first.shape)) {
    if (static_cast<int64_t>(i) < *axis)
      outer *= dim;
    if (static_cast<int64_t>(i) > *axis)
      inner *= dim;
  }
  for (unsigned k = 0; k < im.numInputs(); ++k) {
    HostTensorPtr x = im.constantOrNull(k);
    if (!x || x->isFloat != first.isFloat ||
        x->shape.size() != first.shape.size())
      return im.error() << "the inputs differ in type or rank";
    for (size_t i = 0; i < x->shape.size(); ++i)
      if (static_cast<int64_t>(i) != *axis && x->shape[i] != first.shape[i])
        return im.error() << "the inputs differ in dimension " << i;
    result->shape[*axis] += x->shape[*axis];
  }
  for (int64_t o = 0; o < outer; ++o)
    for (unsigned k = 0; k < im.numInputs(); ++k) {
      const HostTensor &x = *im.constantOrNull(k);
      int64_t run = x.shape[*axis] * inner;
      for (int64_t i = o * run; i < (o + 1) * run; ++i) {
        if (x.isFloat) {
          result->floats.push_back(x.floats[i]);
        } else {
          result->ints.push_back(x.ints[i]);
          result->batch.push_back(x.isBatch(i));
        }
      }
    }
  im.define(0, result);
  return success();
}

static LogicalResult foldGather(Importer &im) {
  if (failed(im.expectInputs(2, 2)))
    return failure();
  const HostTensor &x = *im.constantOrNull(0), &which = *im.constantOrNull(1);
  auto axis = im.normalizeAxis(im.getInt("axis", 0),
                               static_cast<int64_t>(x.shape.size()));
  if (failed(axis))
    return failure();
  if (which.isFloat || which.hasBatch())
    return im.error() << "the indices must be constant integers";
  int64_t size = x.shape[*axis], outer = 1, inner = 1;
  SmallVector<int64_t> shape;
  for (int64_t i = 0; i < static_cast<int64_t>(x.shape.size()); ++i) {
    if (i == *axis)
      llvm::append_range(shape, which.shape);
    else
      shape.push_back(x.shape[i]);
    (i < *axis ? outer : inner) *= i == *axis ? 1 : x.shape[i];
  }
  std::optional<int64_t> count = countElements(shape);
  if (!count || *count > kMaxFolded)
    return im.error() << "the constant result has an absurd shape";
  std::vector<size_t> index;
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i : which.ints) {
      if (i < -size || i >= size)
        return im.error() << "index " << i << " is outside axis " << *axis
                          << " of size " << size;
      for (int64_t k = 0; k < inner; ++k)
        index.push_back(static_cast<size_t>(
            (o * size + (i < 0 ? i + size : i)) * inner + k));
    }
  im.define(0, takeElements(x, shape, index));
  return success();
}

static LogicalResult foldExpand(Importer &im) {
  if (failed(im.expectInputs(2, 2)))
    return failure();
  const HostTensor &x = *im.constantOrNull(0);
  FailureOr<SmallVector<int64_t>> target = im.intConstant(1, "the shape");
  if (failed(target))
    return failure();
  for (int64_t dim : *target)
    if (dim < 0)
      return im.error() << "the shape has the value " << dim;
  auto shape = broadcastShapes(im, x.shape, *target);
  if (failed(shape))
    return failure();
  im.define(0, takeElements(x, *shape, broadcastIndex(x.shape, *shape)));
  return success();
}

static LogicalResult foldIdentity(Importer &im) {
  im.define(0, im.input(0));
  return success();
}

void hwq::onnx_import::addMovementFolds(FoldTable &table) {
  table["ConstantOfShape"] = foldConstantOfShape;
  table["Range"] = foldRange;
  table["Reshape"] = foldReshape;
  table["Flatten"] = foldFlatten;
  table["Squeeze"] = foldSqueeze;
  table["Unsqueeze"] = foldUnsqueeze;
  table["Transpose"] = foldTranspose;
  table["Slice"] = foldSlice;
  table["Concat"] = foldConcat;
  table["Gather"] = foldGather;
  table["Expand"] = foldExpand;
  table["Identity"] = foldIdentity;
}

FailureOr<bool> hwq::onnx_import::foldNode(Importer &im) {
  static const FoldTable table = [] {
    FoldTable t;
    addArithmeticFolds(t);
    addMovementFolds(t);
    return t;
  }();
  StringRef opType = im.node().opType;
  OpHandler fold = nullptr;
  if (opType == "Constant")
    fold = foldConstant;
  else if (opType == "Shape")
    fold = foldShape;
  else if (opType == "Size")
    fold = foldSize;
  if (!fold) {
    auto it = table.find(opType);
    if (it == table.end() || !im.hasInput(0))
      return false;
    for (unsigned i = 0; i < im.numInputs(); ++i)
      if (im.hasInput(i) && !im.constantOrNull(i))
        return false;
    fold = it->getValue();
  }
  if (failed(fold(im)))
    return failure();
  return true;
}
