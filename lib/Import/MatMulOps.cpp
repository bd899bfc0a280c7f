//===- MatMulOps.cpp - Gemm and MatMul --------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::onnx_import;

/// Weights [O, I] from ONNX's [I, O], or as they are.
static FailureOr<Value> fullyConnectedWeights(Importer &im, const HostTensor &w,
                                              int64_t inputs, int64_t outputs,
                                              bool isTransposed, float alpha) {
  auto rank = static_cast<int64_t>(w.shape.size());
  FailureOr<std::optional<Quantization>> grid =
      im.weightQuantization(w, rank == 1      ? -1
                               : isTransposed ? rank - 2
                                              : rank - 1);
  if (failed(grid))
    return failure();
  if (*grid && alpha != 1.0f)
    return im.error() << "attribute 'alpha' is " << alpha
                      << ", expected 1 with quantized weights";
  std::vector<float> values(w.floats.size());
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t i = 0; i < inputs; ++i)
      values[o * inputs + i] =
          alpha * w.floats[isTransposed ? o * inputs + i : i * outputs + o];
  Value weights =
      im.constant({outputs, inputs}, values, w.name,
                  isTransposed ? 0 : std::max<int64_t>(rank, 1) - 1);
  im.setParams(weights, *grid);
  return weights;
}

static Value fullyConnected(Importer &im, Value input, Value weights,
                            Value bias) {
  SmallVector<int64_t> shape = im.shapeOf(input);
  shape.back() = im.shapeOf(weights)[0];
  return FullyConnectedOp::create(im.builder, im.loc(), im.f32(shape), input,
                                  weights, bias, /*raw_input=*/false,
                                  /*requant=*/RequantAttr());
}

/// The bias [O] that `c` stands for, or nothing if it is not one per output.
static std::optional<std::vector<float>>
biasValues(const HostTensor &c, int64_t outputs, float beta) {
  bool isRow = c.floats.size() == 1 || c.shape.back() == outputs;
  int64_t others = 1;
  for (int64_t dim : ArrayRef<int64_t>(c.shape).drop_back(!c.shape.empty()))
    others *= dim;
  if (!isRow || others != 1)
    return std::nullopt;
  std::vector<float> values(outputs);
  for (int64_t o = 0; o < outputs; ++o)
    values[o] = beta * c.floats[c.floats.size() == 1 ? 0 : o];
  return values;
}

static LogicalResult importGemm(Importer &im) {
  if (failed(im.expectInputs(2, 3)))
    return failure();
  FailureOr<ActivationPtr> a = im.activation(0);
  if (failed(a))
    return failure();
  bool transA = im.getInt("transA", 0) != 0;
  bool transB = im.getInt("transB", 0) != 0;
  float alpha = im.getFloat("alpha", 1.0f), beta = im.getFloat("beta", 1.0f);
  if ((*a)->rank() != 2)
    return im.error() << "input A has rank " << (*a)->rank() << ", expected 2";
  int64_t batchFactor = (*a)->batchFactor;
  Value lhs = im.plain(**a);
  if (transA)
    lhs = im.transpose(lhs, {1, 0});
  int64_t rows = im.shapeOf(lhs)[0], inner = im.shapeOf(lhs)[1];
  if (inner == kDynamic)
    return im.error() << "the inner dimension of A is dynamic";

  HostTensorPtr b = im.constantOrNull(1), c = im.constantOrNull(2);
  Value result;
  int64_t outputs;
  bool needsBias = im.hasInput(2) && beta != 0.0f;
  if (c && !c->isFloat)
    return im.error() << "the bias has integers, expected floats";
  if (c && failed(im.requireFinite(*c)))
    return failure();
  if (b) {
    if (!b->isFloat || b->shape.size() != 2)
      return im.error() << "weights '" << b->name
                        << "' must be a float matrix, got rank "
                        << b->shape.size();
    outputs = b->shape[transB ? 0 : 1];
    int64_t inputs = b->shape[transB ? 1 : 0];
    if (inputs != inner || outputs < 1)
      return im.error() << "weights '" << b->name << "' take " << inputs
                        << " inputs and give " << outputs << " outputs, A has "
                        << inner << " columns";
    if (failed(im.requireFinite(*b)))
      return failure();
    FailureOr<Value> weights =
        fullyConnectedWeights(im, *b, inputs, outputs, transB, alpha);
    if (failed(weights))
      return failure();
    Value bias;
    if (needsBias && c && !c->floats.empty())
      if (auto values = biasValues(*c, outputs, beta)) {
        bias = im.constant({outputs}, *values, c->name);
        if (beta == 1.0f)
          im.setParams(bias, c->quantization);
        needsBias = false;
      }
    result = fullyConnected(im, lhs, *weights, bias);
  } else {
    FailureOr<ActivationPtr> rhs = im.activation(1);
    if (failed(rhs))
      return failure();
    if ((*rhs)->rank() != 2)
      return im.error() << "input B has rank " << (*rhs)->rank()
                        << ", expected 2";
    Value r = im.plain(**rhs);
    if (transB)
      r = im.transpose(r, {1, 0});
    SmallVector<int64_t> shape = im.shapeOf(r);
    if (shape[0] != inner)
      return im.error() << "A has " << inner << " columns, B has " << shape[0]
                        << " rows";
    outputs = shape[1];
    if (outputs == kDynamic)
      return im.error() << "both dimensions of the result depend on the batch";
    if (alpha != 1.0f)
      lhs = im.mul(lhs, im.scalar(alpha, 2));
    result = MatMulOp::create(im.builder, im.loc(), im.f32({rows, outputs}),
                              lhs, r, RequantAttr());
  }
  if (needsBias) {
    Value addend;
    if (c) {
      if (c->shape.size() > 2)
        return im.error() << "the bias has rank " << c->shape.size()
                          << ", expected at most 2";
      HostTensor scaled = *c;
      for (float &v : scaled.floats)
        v *= beta;
      addend = im.broadcastConstant(scaled, 2, false);
    } else {
      FailureOr<ActivationPtr> bias = im.activation(2);
      if (failed(bias))
        return failure();
      if ((*bias)->rank() > 2)
        return im.error() << "the bias has rank " << (*bias)->rank()
                          << ", expected at most 2";
      SmallVector<int64_t> shape((*bias)->shape);
      while (shape.size() < 2)
        shape.insert(shape.begin(), 1);
      addend = im.reshape(im.plain(**bias), shape);
      if (beta != 1.0f)
        addend = im.mul(addend, im.scalar(beta, 2));
    }
    SmallVector<int64_t> shape = im.shapeOf(addend);
    if ((shape[0] != 1 && shape[0] != rows) ||
        (shape[1] != 1 && shape[1] != outputs))
      return im.error() << "the bias does not broadcast to the result";
    result = tosa::AddOp::create(im.builder, im.loc(), im.f32({rows, outputs}),
                                 result, addend);
  }
  return im.definePlain(0, result, {rows, outputs}, batchFactor);
}

/// Both operands of a product of activations, of one rank, [..., M, K] and
/// [..., K, N].
static LogicalResult importActivationMatMul(Importer &im) {
  FailureOr<ActivationPtr> a = im.activation(0);
  if (failed(a))
    return failure();
  FailureOr<ActivationPtr> b = im.activation(1);
  if (failed(b))
    return failure();
  SmallVector<int64_t> left((*a)->shape), right((*b)->shape);
  if (left.empty() || right.empty())
    return im.error() << "an operand is a scalar";
  bool leftVector = left.size() == 1, rightVector = right.size() == 1;
  if (leftVector)
    left.insert(left.begin(), 1);
  if (rightVector)
    right.push_back(1);
  while (left.size() < right.size())
    left.insert(left.begin(), 1);
  while (right.size() < left.size())
    right.insert(right.begin(), 1);
  size_t rank = left.size();
  if (left[rank - 1] != right[rank - 2] || left[rank - 1] == kDynamic)
    return im.error() << "the inner dimensions differ";
  SmallVector<int64_t> shape, leftTiles(rank, 1), rightTiles(rank, 1);
  for (size_t i = 0; i + 2 < rank; ++i) {
    int64_t wanted = left[i] == 1 ? right[i] : left[i];
    if ((left[i] != 1 && left[i] != wanted) ||
        (right[i] != 1 && right[i] != wanted))
      return im.error() << "leading dimension " << i << " does not broadcast";
    if (left[i] != right[i] && wanted == kDynamic)
      return im.error()
             << "leading dimension " << i
             << " of one operand is the dynamic batch, of the other 1";
    if (left[i] != wanted)
      leftTiles[i] = wanted;
    if (right[i] != wanted)
      rightTiles[i] = wanted;
    shape.push_back(wanted);
  }
  if ((*a)->batchFactor != (*b)->batchFactor && left[0] == kDynamic &&
      right[0] == kDynamic)
    return im.error() << "the operands have different multiples of the batch";
  shape.push_back(left[rank - 2]);
  shape.push_back(right[rank - 1]);
  int64_t factor = llvm::is_contained(left, kDynamic) ? (*a)->batchFactor
                                                      : (*b)->batchFactor;
  if (llvm::count(shape, kDynamic) > 1)
    return im.error() << "two dimensions of the result depend on the batch";
  Value result = MatMulOp::create(
      im.builder, im.loc(), im.f32(shape),
      im.tile(im.reshape(im.plain(**a), left), leftTiles),
      im.tile(im.reshape(im.plain(**b), right), rightTiles), RequantAttr());
  im.setName(0, result);
  if (rightVector)
    shape.pop_back();
  if (leftVector)
    shape.erase(shape.end() - (rightVector ? 1 : 2));
  return im.definePlain(0, im.reshape(result, shape), shape, factor);
}

/// W [M, K] times x [..., K, N] is the transpose of a fully connected op on the
/// columns of x.
static LogicalResult importWeightsOnTheLeft(Importer &im, const HostTensor &w,
                                            Activation &x) {
  int64_t rank = x.rank(), outputs = w.shape[w.shape.size() - 2];
  if (failed(im.requireFinite(w)))
    return failure();
  SmallVector<int64_t> perm = llvm::to_vector(llvm::seq<int64_t>(0, rank));
  std::swap(perm[rank - 2], perm[rank - 1]);
  FailureOr<Value> weights = fullyConnectedWeights(
      im, w, w.shape.back(), outputs, /*isTransposed=*/true, 1.0f);
  if (failed(weights))
    return failure();
  Value columns =
      fullyConnected(im, im.transpose(im.plain(x), perm), *weights, {});
  im.setName(0, columns);
  SmallVector<int64_t> shape(x.shape);
  shape[rank - 2] = outputs;
  return im.definePlain(0, im.transpose(columns, perm), shape, x.batchFactor);
}

static LogicalResult importMatMul(Importer &im) {
  if (failed(im.expectInputs(2, 2)))
    return failure();
  HostTensorPtr left = im.constantOrNull(0);
  if (left && left->isFloat && left->shape.size() >= 2 &&
      !im.constantOrNull(1)) {
    FailureOr<ActivationPtr> x = im.activation(1);
    if (failed(x))
      return failure();
    auto isOne = [](int64_t dim) { return dim == 1; };
    auto rank = static_cast<size_t>((*x)->rank());
    if (rank >= left->shape.size() && left->size() != 0 &&
        llvm::all_of(ArrayRef<int64_t>(left->shape).drop_back(2), isOne) &&
        (*x)->shape[rank - 2] == left->shape.back())
      return importWeightsOnTheLeft(im, *left, **x);
  }
  HostTensorPtr w = im.constantOrNull(1);
  if (!w || !w->isFloat)
    return importActivationMatMul(im);
  int64_t leading = 1;
  for (int64_t dim : ArrayRef<int64_t>(w->shape).drop_back(
           std::min<size_t>(2, w->shape.size())))
    leading *= dim;
  FailureOr<ActivationPtr> a = im.activation(0);
  if (failed(a))
    return failure();
  auto weightRank = static_cast<int64_t>(w->shape.size());
  if (leading != 1 || weightRank == 0 || weightRank > (*a)->rank())
    return importActivationMatMul(im);
  if (failed(im.requireFinite(*w)))
    return failure();
  bool isVector = weightRank == 1;
  int64_t inputs = w->shape[isVector ? 0 : weightRank - 2];
  int64_t outputs = isVector ? 1 : w->shape[weightRank - 1];
  if ((*a)->shape.back() != inputs || outputs < 1)
    return im.error() << "weights '" << w->name << "' take " << inputs
                      << " inputs, the last dimension of the input is "
                      << (*a)->shape.back();
  Value input = im.plain(**a);
  // A vector alone is one row.
  if ((*a)->rank() == 1)
    input = im.reshape(input, {1, inputs});
  FailureOr<Value> weights =
      fullyConnectedWeights(im, *w, inputs, outputs, false, 1.0f);
  if (failed(weights))
    return failure();
  Value result = fullyConnected(im, input, *weights, {});
  im.setName(0, result);
  SmallVector<int64_t> shape((*a)->shape);
  shape.back() = outputs;
  if (isVector)
    shape.pop_back();
  return im.definePlain(0, im.reshape(result, shape), shape, (*a)->batchFactor);
}

void hwq::onnx_import::addMatMulHandlers(HandlerTable &table) {
  table["Gemm"] = importGemm;
  table["MatMul"] = importMatMul;
}
