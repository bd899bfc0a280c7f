//===- FoldArithmetic.cpp - Constant arithmetic -----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Fold.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace hwq::onnx_import;

HostTensorPtr hwq::onnx_import::takeElements(const HostTensor &source,
                                             ArrayRef<int64_t> shape,
                                             ArrayRef<size_t> index) {
  auto result = std::make_shared<HostTensor>();
  result->name = source.name;
  result->isFloat = source.isFloat;
  result->shape.assign(shape.begin(), shape.end());
  bool hasBatch = source.hasBatch();
  for (size_t i : index) {
    if (source.isFloat)
      result->floats.push_back(source.floats[i]);
    else
      result->ints.push_back(source.ints[i]);
    if (hasBatch)
      result->batch.push_back(source.isBatch(i));
  }
  return result;
}

FailureOr<SmallVector<int64_t>>
hwq::onnx_import::broadcastShapes(Importer &im, ArrayRef<int64_t> a,
                                  ArrayRef<int64_t> b) {
  SmallVector<int64_t> shape(std::max(a.size(), b.size()), 1);
  for (ArrayRef<int64_t> operand : {a, b})
    for (size_t i = 0; i < operand.size(); ++i) {
      int64_t &out = shape[shape.size() - operand.size() + i];
      if (operand[i] == 1)
        continue;
      if (out != 1 && out != operand[i])
        return im.error() << "the operands do not broadcast: " << out << " and "
                          << operand[i];
      out = operand[i];
    }
  std::optional<int64_t> count = countElements(shape);
  if (!count || *count > kMaxFolded)
    return im.error() << "the constant result has an absurd shape";
  return shape;
}

std::vector<size_t> hwq::onnx_import::broadcastIndex(ArrayRef<int64_t> from,
                                                     ArrayRef<int64_t> to) {
  size_t rank = to.size(), missing = rank - from.size();
  SmallVector<size_t> stride(rank, 0);
  size_t step = 1;
  for (size_t i = from.size(); i-- > 0;) {
    stride[missing + i] = from[i] == 1 ? 0 : step;
    step *= static_cast<size_t>(from[i]);
  }
  std::vector<size_t> index(static_cast<size_t>(*countElements(to)));
  SmallVector<int64_t> at(rank, 0);
  size_t position = 0;
  for (size_t &i : index) {
    i = position;
    for (size_t axis = rank; axis-- > 0;) {
      position += stride[axis];
      if (++at[axis] < to[axis])
        break;
      position -= stride[axis] * static_cast<size_t>(to[axis]);
      at[axis] = 0;
    }
  }
  return index;
}

namespace {
/// An integer that may stand for itself times the batch.
struct Extent {
  int64_t value = 0;
  bool isBatch = false;
};
using IntFunction = std::optional<Extent> (*)(Extent, Extent);
using FloatFunction = float (*)(float, float);
} // namespace

static std::optional<Extent> plainResult(Extent a, Extent b, int64_t value) {
  if (a.isBatch || b.isBatch)
    return std::nullopt;
  return Extent{value, false};
}

static std::optional<Extent> addExtents(Extent a, Extent b) {
  int64_t sum;
  // 0 is 0 times the batch, too.
  if ((a.isBatch != b.isBatch && (a.isBatch ? b : a).value != 0) ||
      llvm::AddOverflow(a.value, b.value, sum))
    return std::nullopt;
  return Extent{sum, a.isBatch || b.isBatch};
}

static std::optional<Extent> subExtents(Extent a, Extent b) {
  if (b.value == std::numeric_limits<int64_t>::min())
    return std::nullopt;
  return addExtents(a, {-b.value, b.isBatch});
}

static std::optional<Extent> mulExtents(Extent a, Extent b) {
  int64_t product;
  if ((a.isBatch && b.isBatch) || llvm::MulOverflow(a.value, b.value, product))
    return std::nullopt;
  return Extent{product, a.isBatch || b.isBatch};
}

static std::optional<Extent> divExtents(Extent a, Extent b) {
  if (b.value == 0 ||
      (b.value == -1 && a.value == std::numeric_limits<int64_t>::min()))
    return std::nullopt;
  if (b.isBatch && !a.isBatch)
    return std::nullopt;
  if (a.isBatch && a.value % b.value)
    return std::nullopt;
  return Extent{a.value / b.value, a.isBatch && !b.isBatch};
}

/// A batch is positive and otherwise unknown.
static std::optional<Extent> equalExtents(Extent a, Extent b) {
  if (a.isBatch != b.isBatch) {
    if ((a.isBatch ? b : a).value > 0)
      return std::nullopt;
    return Extent{0, false};
  }
  return Extent{a.value == b.value, false};
}

static LogicalResult foldBinary(Importer &im, IntFunction onInts,
                                FloatFunction onFloats,
                                bool isComparison = false) {
  if (failed(im.expectInputs(2, 2)))
    return failure();
  const HostTensor &a = *im.constantOrNull(0), &b = *im.constantOrNull(1);
  if (a.isFloat != b.isFloat)
    return im.error() << "one operand has integers, the other floats";
  auto shape = broadcastShapes(im, a.shape, b.shape);
  if (failed(shape))
    return failure();
  std::vector<size_t> ia = broadcastIndex(a.shape, *shape);
  std::vector<size_t> ib = broadcastIndex(b.shape, *shape);
  auto result = std::make_shared<HostTensor>();
  result->name = im.node().outputs.front();
  result->shape = *shape;
  result->isFloat = a.isFloat && !isComparison;
  for (size_t i = 0; i < ia.size(); ++i) {
    if (a.isFloat) {
      float v = onFloats(a.floats[ia[i]], b.floats[ib[i]]);
      if (isComparison)
        result->ints.push_back(v != 0);
      else
        result->floats.push_back(v);
      continue;
    }
    std::optional<Extent> v = onInts({a.ints[ia[i]], a.isBatch(ia[i])},
                                     {b.ints[ib[i]], b.isBatch(ib[i])});
    if (!v)
      return im.error() << "integer arithmetic on a shape overflows, divides "
                           "by 0 or depends on the batch";
    result->ints.push_back(v->value);
    result->batch.push_back(v->isBatch);
  }
  im.define(0, result);
  return success();
}

static LogicalResult foldUnary(Importer &im, float (*onFloat)(float)) {
  if (failed(im.expectInputs(1, 1)))
    return failure();
  auto result = std::make_shared<HostTensor>(*im.constantOrNull(0));
  result->name = im.node().outputs.front();
  if (result->isFloat) {
    for (float &v : result->floats)
      v = onFloat(v);
  } else {
    for (int64_t &v : result->ints)
      v = static_cast<int64_t>(onFloat(static_cast<float>(v)));
  }
  im.define(0, result);
  return success();
}

static LogicalResult foldNeg(Importer &im) {
  auto result = std::make_shared<HostTensor>(*im.constantOrNull(0));
  for (float &v : result->floats)
    v = -v;
  for (int64_t &v : result->ints)
    v = static_cast<int64_t>(0 - static_cast<uint64_t>(v));
  im.define(0, result);
  return success();
}

static LogicalResult foldNot(Importer &im) {
  auto result = std::make_shared<HostTensor>(*im.constantOrNull(0));
  for (int64_t &v : result->ints)
    v = !v;
  im.define(0, result);
  return success();
}

static LogicalResult foldCast(Importer &im) {
  int64_t to = im.getInt("to", 0);
  (void)im.getInt("saturate", 1);
  bool toFloat = to == 1 || to == 10 || to == 11 || to == 16;
  bool toBool = to == 9;
  bool toInt = (to >= 2 && to <= 7) || to == 12 || to == 13 || toBool;
  if (!toFloat && !toInt)
    return im.error() << "a cast to element type " << to << " is not supported";
  const HostTensor &x = *im.constantOrNull(0);
  auto result = std::make_shared<HostTensor>(x);
  if (x.isFloat && toInt) {
    result->isFloat = false;
    for (float v : x.floats) {
      if (toBool)
        result->ints.push_back(v != 0);
      else if (std::abs(v) < 9.2e18f)
        result->ints.push_back(static_cast<int64_t>(v));
      else // Bounds such as FLT_MAX become those of the integers.
        result->ints.push_back(v > 0 ? std::numeric_limits<int64_t>::max()
                                     : std::numeric_limits<int64_t>::min());
    }
    result->floats.clear();
  } else if (!x.isFloat && toFloat) {
    if (x.hasBatch())
      return im.error() << "a batch size is cast to float";
    result->isFloat = true;
    for (int64_t v : x.ints)
      result->floats.push_back(static_cast<float>(v));
    result->ints.clear();
    result->batch.clear();
  } else if (toBool) {
    for (int64_t &v : result->ints)
      v = v != 0;
    result->batch.clear();
  }
  im.define(0, result);
  return success();
}

static LogicalResult foldWhere(Importer &im) {
  if (failed(im.expectInputs(3, 3)))
    return failure();
  const HostTensor &c = *im.constantOrNull(0), &a = *im.constantOrNull(1),
                   &b = *im.constantOrNull(2);
  if (c.isFloat || a.isFloat != b.isFloat)
    return im.error() << "the operands have wrong element types";
  auto shape = broadcastShapes(im, a.shape, b.shape);
  if (failed(shape))
    return failure();
  shape = broadcastShapes(im, *shape, c.shape);
  if (failed(shape))
    return failure();
  std::vector<size_t> ia = broadcastIndex(a.shape, *shape);
  std::vector<size_t> ib = broadcastIndex(b.shape, *shape);
  std::vector<size_t> ic = broadcastIndex(c.shape, *shape);
  auto result = std::make_shared<HostTensor>();
  result->name = im.node().outputs.front();
  result->shape = *shape;
  result->isFloat = a.isFloat;
  for (size_t i = 0; i < ic.size(); ++i) {
    const HostTensor &from = c.ints[ic[i]] ? a : b;
    size_t at = c.ints[ic[i]] ? ia[i] : ib[i];
    if (a.isFloat) {
      result->floats.push_back(from.floats[at]);
    } else {
      result->ints.push_back(from.ints[at]);
      result->batch.push_back(from.isBatch(at));
    }
  }
  im.define(0, result);
  return success();
}

/// The product of all integers, for element counts.
static LogicalResult foldReduceProd(Importer &im) {
  const HostTensor &x = *im.constantOrNull(0);
  bool keepDims = im.getInt("keepdims", 1) != 0;
  (void)im.getInt("noop_with_empty_axes", 0);
  (void)im.getInts("axes");
  if (x.isFloat || x.shape.size() != 1)
    return im.error() << "only the product of a list of integers is supported";
  Extent product{1, false};
  for (size_t i = 0; i < x.ints.size(); ++i) {
    auto next = mulExtents(product, {x.ints[i], x.isBatch(i)});
    if (!next)
      return im.error() << "the product overflows or squares the batch";
    product = *next;
  }
  auto result = std::make_shared<HostTensor>();
  result->isFloat = false;
  if (keepDims)
    result->shape = {1};
  result->ints = {product.value};
  result->batch = {product.isBatch};
  im.define(0, result);
  return success();
}

void hwq::onnx_import::addArithmeticFolds(FoldTable &table) {
  table["Add"] = [](Importer &im) {
    return foldBinary(im, addExtents, [](float a, float b) { return a + b; });
  };
  table["Sub"] = [](Importer &im) {
    return foldBinary(im, subExtents, [](float a, float b) { return a - b; });
  };
  table["Mul"] = [](Importer &im) {
    return foldBinary(im, mulExtents, [](float a, float b) { return a * b; });
  };
  table["Div"] = [](Importer &im) {
    return foldBinary(im, divExtents, [](float a, float b) { return a / b; });
  };
  table["Min"] = [](Importer &im) {
    return foldBinary(
        im,
        [](Extent a, Extent b) {
          return plainResult(a, b, std::min(a.value, b.value));
        },
        [](float a, float b) { return std::min(a, b); });
  };
  table["Max"] = [](Importer &im) {
    return foldBinary(
        im,
        [](Extent a, Extent b) {
          return plainResult(a, b, std::max(a.value, b.value));
        },
        [](float a, float b) { return std::max(a, b); });
  };
  table["Equal"] = [](Importer &im) {
    return foldBinary(
        im, equalExtents, [](float a, float b) { return float(a == b); }, true);
  };
  table["Greater"] = [](Importer &im) {
    return foldBinary(
        im,
        [](Extent a, Extent b) { return plainResult(a, b, a.value > b.value); },
        [](float a, float b) { return float(a > b); }, true);
  };
  table["Less"] = [](Importer &im) {
    return foldBinary(
        im,
        [](Extent a, Extent b) { return plainResult(a, b, a.value < b.value); },
        [](float a, float b) { return float(a < b); }, true);
  };
  table["Pow"] = [](Importer &im) {
    return foldBinary(
        im, [](Extent, Extent) { return std::optional<Extent>(); },
        [](float a, float b) { return std::pow(a, b); });
  };
  table["Sqrt"] = [](Importer &im) {
    return foldUnary(im, [](float v) { return std::sqrt(v); });
  };
  table["Exp"] = [](Importer &im) {
    return foldUnary(im, [](float v) { return std::exp(v); });
  };
  table["Reciprocal"] = [](Importer &im) {
    return foldUnary(im, [](float v) { return 1.0f / v; });
  };
  table["Floor"] = [](Importer &im) {
    return foldUnary(im, [](float v) { return std::floor(v); });
  };
  table["Ceil"] = [](Importer &im) {
    return foldUnary(im, [](float v) { return std::ceil(v); });
  };
  table["Neg"] = foldNeg;
  table["Not"] = foldNot;
  table["Cast"] = foldCast;
  table["Where"] = foldWhere;
  table["ReduceProd"] = foldReduceProd;
}
