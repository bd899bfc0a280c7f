//===- Boundary.cpp - Between floats and codes -----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Quantizing in TOSA's floats must not depend on how well an implementation
// rounds a product, and TOSA has neither a division nor all roundings. So the
// code is only guessed, by a product that may be off by less than half a step,
// as one of two neighbours: the lower is floor(x / s + z). Which of them it is
// a comparison decides, with the smallest float that has the upper code. Those
// thresholds are constants, from the quantize form itself.
//
//===----------------------------------------------------------------------===//

#include "TosaWriter.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Numerics/Quantize.h"
#include <cstring>
#include <limits>

using namespace mlir;
using namespace hwq;

/// The floats in their order as integers; the infinities are the ends.
static int64_t toOrder(float x) {
  int32_t bits;
  std::memcpy(&bits, &x, sizeof(bits));
  return bits < 0 ? -static_cast<int64_t>(bits & 0x7fffffff) : bits;
}
static float fromOrder(int64_t order) {
  auto bits = static_cast<int32_t>(order < 0 ? -order : order);
  if (order < 0)
    bits |= std::numeric_limits<int32_t>::min();
  float x;
  std::memcpy(&x, &bits, sizeof(x));
  return x;
}

/// For every code but the last the smallest float that has a larger one;
/// infinity where none has.
static std::vector<float> getThresholds(numerics::QuantizeForm form,
                                        const numerics::QuantParams &params) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<float> thresholds;
  int64_t from = toOrder(-kInfinity);
  for (int64_t code = params.grid.qmin; code < params.grid.qmax; ++code) {
    int64_t lo = from, hi = toOrder(kInfinity);
    while (lo < hi) {
      int64_t middle = lo + (hi - lo) / 2;
      if (numerics::quantize(form, fromOrder(middle), params) > code)
        hi = middle;
      else
        lo = middle + 1;
    }
    from = lo;
    thresholds.push_back(fromOrder(lo));
  }
  return thresholds;
}

LogicalResult TosaWriter::convert(QuantizeOp op) {
  FailureOr<numerics::QuantParams> codes = getCodes(op, op.getOutput());
  if (failed(codes))
    return failure();
  auto [qmin, qmax] = codes->grid;
  std::vector<float> thresholds =
      getThresholds(op.getForm().getValue(), getQuantParams(op.getOutput()));
  auto inverse = static_cast<float>(1 / codes->scale);
  if (!(inverse > 0 && inverse <= std::numeric_limits<float>::max()))
    return unsupported(op) << "1 / " << codes->scale << " is no float";
  RankedTensorType type = typeOf(op.getInput());
  Type i32 = builder.getI32Type(), boolean = builder.getI1Type();
  int64_t rank = type.getRank();
  Value x = get(op.getInput());
  Value guess =
      tosa::MulOp::create(builder, loc, type, x, f32(inverse, rank), i8(0));
  guess = tosa::AddOp::create(builder, loc, type, guess,
                              f32(codes->zeroPoint, rank));
  guess = tosa::ClampOp::create(builder, loc, type, guess,
                                builder.getF32FloatAttr(qmin),
                                builder.getF32FloatAttr(qmax - 1));
  guess = tosa::FloorOp::create(builder, loc, type, guess);
  guess = tosa::CastOp::create(builder, loc, type.clone(i32), guess);
  Value first = i32s(SmallVector<int64_t>(rank, 1), static_cast<int32_t>(qmin));
  Value index =
      tosa::SubOp::create(builder, loc, type.clone(i32), guess, first);
  int64_t count =
      type.hasStaticShape() ? type.getNumElements() : ShapedType::kDynamic;
  auto entries = static_cast<int64_t>(thresholds.size());
  Value threshold = tosa::GatherOp::create(
      builder, loc, RankedTensorType::get({1, count, 1}, builder.getF32Type()),
      f32s({1, entries, 1}, thresholds, "_thresholds"),
      reshape(index, {1, count}));
  Value isUpper =
      tosa::GreaterEqualOp::create(builder, loc, type.clone(boolean), x,
                                   reshape(threshold, type.getShape()));
  Value step = tosa::CastOp::create(builder, loc, type.clone(i32), isUpper);
  Value code = tosa::AddOp::create(builder, loc, type.clone(i32), guess, step);
  return define(op, tosa::CastOp::create(
                        builder, loc, type.clone(builder.getI8Type()), code));
}

LogicalResult TosaWriter::convert(DequantizeOp op) {
  FailureOr<numerics::QuantParams> codes = getCodes(op, op.getInput());
  if (failed(codes))
    return failure();
  RankedTensorType type = typeOf(op.getOutput());
  int64_t rank = type.getRank();
  // The first two are exact.
  Value x = tosa::CastOp::create(builder, loc, type, get(op.getInput()));
  x = tosa::SubOp::create(builder, loc, type, x, f32(codes->zeroPoint, rank));
  return define(op, tosa::MulOp::create(
                        builder, loc, type, x,
                        f32(static_cast<float>(codes->scale), rank), i8(0)));
}
