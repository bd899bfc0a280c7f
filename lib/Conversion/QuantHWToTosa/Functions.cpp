//===- Functions.cpp - Means, slopes and bilinear resizes ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaWriter.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Numerics/Resize.h"
#include <algorithm>

using namespace mlir;
using namespace hwq;
using numerics::ResizeVariant;

LogicalResult TosaWriter::convert(MeanOp op) {
  FailureOr<numerics::QuantParams> codes = getCodes(op, op.getInput());
  if (failed(codes))
    return failure();
  Interval range = centered(*codes);
  int64_t count = op.getCount();
  if (count > INT32_MAX / 256)
    return unsupported(op) << "a sum of " << count
                           << " codes may have more than 32 bits";
  Value sum = widen(get(op.getInput()), codes->zeroPoint);
  SmallVector<int64_t> sizes(typeOf(sum).getShape());
  for (int64_t axis : op.getAxes()) {
    sizes[axis] = 1;
    sum = tosa::ReduceSumOp::create(builder, loc, typeOf(sum).clone(sizes), sum,
                                    static_cast<uint32_t>(axis));
  }
  FailureOr<Value> result =
      requantize(op, sum, 0, *op.getRequant(),
                 Interval{std::min<int64_t>(range.lo, 0) * count,
                          std::max<int64_t>(range.hi, 0) * count},
                 op.getOutput());
  if (failed(result))
    return failure();
  return define(op, *result);
}

LogicalResult TosaWriter::convert(PReluOp op) {
  FailureOr<numerics::QuantParams> codes = getCodes(op, op.getInput()),
                                   slope = getCodes(op, op.getSlope());
  if (failed(codes) || failed(slope))
    return failure();
  FailureOr<std::vector<int64_t>> slopes = getIntegerConstant(op.getSlope());
  if (failed(slopes))
    return unsupported(op) << "its slopes are no constant";
  RankedTensorType type = typeOf(op.getInput()).clone(builder.getI32Type());
  int64_t rank = type.getRank();
  Value x = get(op.getInput());
  Interval range = centered(*codes);
  // What is not negative, as the first operand of a select; its other values
  // are in the kernel's domain all the same.
  FailureOr<Value> positive = requantize(
      op, x, codes->zeroPoint, *op.getPositive(), range, op.getOutput());
  if (failed(positive))
    return failure();
  std::vector<int32_t> factors;
  Interval products{0, 0};
  for (int64_t code : *slopes) {
    int64_t factor = code - offsetOf(op.getSlope()) - slope->zeroPoint;
    factors.push_back(static_cast<int32_t>(factor));
    for (int64_t a : {range.lo, range.hi}) {
      products.lo = std::min(products.lo, a * factor);
      products.hi = std::max(products.hi, a * factor);
    }
  }
  SmallVector<int64_t> shape(rank, 1);
  shape.back() = static_cast<int64_t>(factors.size());
  Value centre = widen(x, codes->zeroPoint);
  Value product = tosa::MulOp::create(builder, loc, type, centre,
                                      i32s(shape, factors, "_slopes"), i8(0));
  FailureOr<Value> negative =
      requantize(op, product, 0, *op.getNegative(), products, op.getOutput());
  if (failed(negative))
    return failure();
  Value isPositive = tosa::GreaterEqualOp::create(
      builder, loc, type.clone(builder.getI1Type()), centre,
      i32s(SmallVector<int64_t>(rank, 1), 0));
  return define(op, tosa::SelectOp::create(builder, loc, positive->getType(),
                                           isPositive, *positive, *negative));
}

LogicalResult TosaWriter::convert(ResizeBilinearOp op) {
  FailureOr<numerics::QuantParams> codes = getCodes(op, op.getInput());
  if (failed(codes))
    return failure();
  std::optional<ResizeVariant> variant;
  if (op.getVariant())
    variant = op.getVariant()->getValue();
  if (variant != ResizeVariant::Tosa && variant != ResizeVariant::TosaDouble)
    return unsupported(op) << "the resize '"
                           << (variant ? numerics::stringify(*variant)
                                       : "without variant")
                           << "' is not TOSA's with a rescale";
  if (offsetOf(op.getInput()) != 0)
    return unsupported(op) << "its codes are unsigned, and their zero point "
                              "takes no part";
  auto resize = deriveResize(op, variant);
  if (!resize)
    return unsupported(op) << resize.error();
  ArrayRef<int64_t> scale = op.getScale();
  if (resize->rowUnit != scale[0] || resize->columnUnit != scale[2])
    return unsupported(op) << "its weights are no fractions of the scales";
  Value sums = tosa::ResizeOp::create(
      builder, loc, typeOf(op.getOutput()).clone(builder.getI32Type()),
      get(op.getInput()), shape(scale), shape(op.getOffset()),
      shape(op.getBorder()), tosa::ResizeMode::BILINEAR);
  int64_t unit = resize->rowUnit * resize->columnUnit;
  Scaling scaling{{resize->multiplier},
                  {static_cast<int8_t>(resize->shift)},
                  variant == ResizeVariant::Tosa
                      ? tosa::RoundingMode::SINGLE_ROUND
                      : tosa::RoundingMode::DOUBLE_ROUND};
  SmallVector<Interval> range{
      {codes->grid.qmin * unit, codes->grid.qmax * unit}};
  if (failed(applyToRanges(op, scaling, 0, range)))
    return failure();
  return define(op, rescale(sums, scaling, 0, 0, builder.getI8Type()));
}
