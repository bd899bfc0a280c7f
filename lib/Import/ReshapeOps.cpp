//===- ReshapeOps.cpp - Other shapes of the same elements -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace hwq::onnx_import;

/// Defines output 0 as the elements of `x` in another shape.
static LogicalResult defineReshaped(Importer &im, ActivationPtr x,
                                    ArrayRef<int64_t> shape,
                                    int64_t batchFactor) {
  if (shape == ArrayRef<int64_t>(x->shape)) {
    im.define(0, x);
    return success();
  }
  if (x->isInteger) {
    auto result = std::make_shared<Activation>();
    result->isInteger = true;
    result->shape.assign(shape.begin(), shape.end());
    result->batchFactor = batchFactor;
    result->plain = im.reshape(im.plain(*x), shape);
    im.setName(0, result->plain);
    im.define(0, result);
    return success();
  }
  Value source = im.inOnnxOrder(*x);
  // N,C to the feature map N,C,1,1 and the like: channels-last at once.
  bool isColumn = shape.size() == 4 && shape[2] == 1 && shape[3] == 1;
  if (isColumn)
    return im.defineChannelsLast(
        0, im.reshape(source, im.channelsLastShape(shape)), shape, batchFactor);
  return im.definePlain(0, im.reshape(source, shape), shape, batchFactor);
}

/// ONNX's rules for 0 and -1, with at most one dimension that is a multiple of
/// the dynamic batch.
static LogicalResult importReshape(Importer &im) {
  if (failed(im.expectInputs(2, 2)))
    return failure();
  bool allowZero = im.getInt("allowzero", 0) != 0;
  FailureOr<ActivationPtr> input = im.anyActivation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  HostTensorPtr target = im.constantOrNull(1);
  if (!target || target->isFloat)
    return im.error() << "the shape must be constant integers";

  SmallVector<int64_t> shape;
  int64_t known = 1, batchFactor = 1;
  std::optional<size_t> inferred, dynamic;
  for (size_t i = 0; i < target->ints.size(); ++i) {
    int64_t dim = target->ints[i];
    int64_t factor = 0;
    if (target->isBatch(i)) {
      factor = dim;
    } else if (dim == 0 && !allowZero) {
      if (i >= x.shape.size())
        return im.error() << "the shape copies dimension " << i
                          << " of an input of rank " << x.rank();
      dim = x.shape[i];
      if (dim == kDynamic)
        factor = x.batchFactor;
    } else if (dim == -1) {
      if (inferred)
        return im.error() << "the shape has two -1";
      inferred = i;
      shape.push_back(1);
      continue;
    }
    if (factor) {
      if (dynamic)
        return im.error() << "two dimensions of the result depend on the batch";
      dynamic = i;
      batchFactor = factor;
      shape.push_back(kDynamic);
      dim = factor;
    } else {
      shape.push_back(dim);
    }
    if (dim < 1 || known > (int64_t(1) << 40) / dim)
      return im.error() << "the shape has the value " << dim
                        << ", expected a positive number";
    known *= dim;
  }
  int64_t total = im.countStatic(x);
  bool isDynamic = llvm::is_contained(x.shape, kDynamic);
  if (isDynamic && !dynamic && !inferred && !shape.empty() && shape[0] == 1 &&
      known == total) {
    // Exported for one sample: the leading 1 is the batch.
    shape[0] = kDynamic;
    dynamic = 0;
  }
  if (!isDynamic && dynamic)
    return im.error() << "the shape depends on the batch, the input does not";
  if (inferred) {
    if (total % known)
      return im.error() << "the input has " << total
                        << " elements, no multiple of " << known;
    int64_t rest = total / known;
    if (isDynamic && !dynamic) {
      shape[*inferred] = kDynamic;
      batchFactor = rest;
    } else {
      shape[*inferred] = rest;
    }
  } else if (isDynamic && !dynamic) {
    return im.error() << "the shape fixes the dynamic batch";
  } else if (known != total) {
    return im.error() << "the shape has " << known << " elements, the input "
                      << total;
  }
  return defineReshaped(im, *input, shape, batchFactor);
}

static LogicalResult importFlatten(Importer &im) {
  if (failed(im.expectInputs(1, 1)))
    return failure();
  int64_t axis = im.getInt("axis", 1);
  FailureOr<ActivationPtr> input = im.anyActivation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  if (axis < -x.rank() || axis > x.rank())
    return im.error() << "axis " << axis << " is outside a tensor of rank "
                      << x.rank();
  if (axis < 0)
    axis += x.rank();
  int64_t sides[2] = {1, 1};
  int64_t factor = 1;
  bool dynamic[2] = {false, false};
  for (int64_t i = 0; i < x.rank(); ++i) {
    if (x.shape[i] == kDynamic) {
      dynamic[i >= axis] = true;
      sides[i >= axis] *= x.batchFactor;
    } else {
      sides[i >= axis] *= x.shape[i];
    }
  }
  for (int side : {0, 1})
    if (dynamic[side]) {
      factor = sides[side];
      sides[side] = kDynamic;
    }
  return defineReshaped(im, *input, sides, factor);
}

/// Axes of Squeeze and Unsqueeze: attribute before opset 13, then input.
static FailureOr<std::optional<SmallVector<int64_t>>> readAxes(Importer &im,
                                                               int64_t rank) {
  std::optional<SmallVector<int64_t>> axes;
  if (im.opset() < 13) {
    axes = im.getInts("axes");
  } else if (im.hasInput(1)) {
    FailureOr<SmallVector<int64_t>> input = im.intConstant(1, "the axes");
    if (failed(input))
      return failure();
    axes = *input;
  }
  if (!axes)
    return axes;
  // Unsqueeze counts axes in the result.
  int64_t resultRank = rank < 0 ? -rank - 1 + axes->size() : rank;
  FailureOr<SmallVector<int64_t>> normal = im.normalizeAxes(*axes, resultRank);
  if (failed(normal))
    return failure();
  llvm::sort(*normal);
  return std::optional<SmallVector<int64_t>>(*normal);
}

static LogicalResult importSqueeze(Importer &im) {
  if (failed(im.expectInputs(1, 2)))
    return failure();
  FailureOr<ActivationPtr> input = im.anyActivation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  auto axes = readAxes(im, x.rank());
  if (failed(axes))
    return failure();
  SmallVector<int64_t> shape;
  for (int64_t i = 0; i < x.rank(); ++i) {
    bool isSqueezed = *axes ? llvm::is_contained(**axes, i) : x.shape[i] == 1;
    if (isSqueezed && x.shape[i] != 1)
      return im.error() << "axis " << i << " cannot be squeezed, it is not 1";
    if (!isSqueezed)
      shape.push_back(x.shape[i]);
  }
  return defineReshaped(im, *input, shape, x.batchFactor);
}

static LogicalResult importUnsqueeze(Importer &im) {
  if (failed(im.expectInputs(1, 2)))
    return failure();
  FailureOr<ActivationPtr> input = im.anyActivation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  auto axes = readAxes(im, -x.rank() - 1);
  if (failed(axes))
    return failure();
  if (!*axes)
    return im.error() << "the axes are missing";
  SmallVector<int64_t> shape;
  size_t next = 0;
  for (size_t i = 0; i < x.shape.size() + (*axes)->size(); ++i)
    shape.push_back(llvm::is_contained(**axes, static_cast<int64_t>(i))
                        ? 1
                        : x.shape[next++]);
  return defineReshaped(im, *input, shape, x.batchFactor);
}

static LogicalResult importTranspose(Importer &im) {
  if (failed(im.expectInputs(1, 1)))
    return failure();
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  Activation &x = **input;
  SmallVector<int64_t> perm;
  if (auto given = im.getInts("perm")) {
    perm = *given;
    SmallVector<int64_t> sorted(perm);
    llvm::sort(sorted);
    if (!llvm::equal(sorted, llvm::seq<int64_t>(0, x.rank())))
      return im.error() << "attribute 'perm' is no permutation of " << x.rank()
                        << " axes";
  } else {
    for (int64_t i = x.rank(); i-- > 0;)
      perm.push_back(i);
  }
  SmallVector<int64_t> shape;
  for (int64_t axis : perm)
    shape.push_back(x.shape[axis]);
  bool isDataInHand = x.channelsLast && !x.plain;
  // To N,H,W,C: the value is held like that. From it: so is the result.
  if (x.channelsLast && perm == SmallVector<int64_t>{0, 2, 3, 1}) {
    auto result = std::make_shared<Activation>();
    result->shape.assign(shape.begin(), shape.end());
    result->batchFactor = x.batchFactor;
    result->plain = x.channelsLast;
    im.define(0, result);
    return success();
  }
  if (perm == SmallVector<int64_t>{0, 3, 1, 2} && x.plain) {
    auto result = std::make_shared<Activation>();
    result->shape.assign(shape.begin(), shape.end());
    result->batchFactor = x.batchFactor;
    result->channelsLast = x.plain;
    im.define(0, result);
    return success();
  }
  Value source = isDataInHand && x.rank() == 4 ? x.channelsLast : im.plain(x);
  if (source == x.channelsLast)
    for (int64_t &axis : perm)
      axis = x.channelsLastAxis(axis);
  return im.definePlain(0, im.transpose(source, perm), shape, x.batchFactor);
}

void hwq::onnx_import::addReshapeHandlers(HandlerTable &table) {
  table["Reshape"] = importReshape;
  table["Flatten"] = importFlatten;
  table["Squeeze"] = importSqueeze;
  table["Unsqueeze"] = importUnsqueeze;
  table["Transpose"] = importTranspose;
}
