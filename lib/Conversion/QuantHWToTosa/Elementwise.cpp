//===- Elementwise.cpp - Sums, products, tables, pools ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaWriter.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace mlir;
using namespace hwq;
using numerics::AddVariant;
using numerics::AvgPoolVariant;

//===----------------------------------------------------------------------===//
// Sums and products
//===----------------------------------------------------------------------===//

template <typename SumOp> LogicalResult TosaWriter::convertSum(SumOp op) {
  constexpr bool isSub = std::is_same_v<SumOp, hwq::SubOp>;
  AddVariant variant = op.getVariant()->getValue();
  // The others are the general form, operands and sum each requantized.
  if (numerics::usesFactors(variant) || variant == AddVariant::Hexagon ||
      variant == AddVariant::Nnpi || variant == AddVariant::TfliteXnnpack ||
      variant == AddVariant::SophgoCv18xx)
    return unsupported(op) << "the addition '" << numerics::stringify(variant)
                           << "' is no sum of rescaled operands";
  Value terms[2];
  Interval sum{0, 0};
  for (int i : {0, 1}) {
    Value operand = i == 0 ? op.getLhs() : op.getRhs();
    RequantAttr requant = i == 0 ? op.getLhsRequant() : op.getRhsRequant();
    FailureOr<numerics::QuantParams> codes = getCodes(op, operand);
    if (failed(codes))
      return failure();
    Interval range = centered(*codes);
    FailureOr<Value> term = requantize(op, get(operand), codes->zeroPoint,
                                       requant, range, /*output=*/{});
    if (failed(term))
      return failure();
    terms[i] = *term;
    numerics::RequantizeParams params = requant.getParams();
    params.inputZeroPoint = 0;
    int64_t lo = numerics::requantize(params, 0, range.lo),
            hi = numerics::requantize(params, 0, range.hi);
    bool isNegative = isSub && i == 1;
    sum.lo += isNegative ? -hi : lo;
    sum.hi += isNegative ? -lo : hi;
  }
  if (sum.lo < INT32_MIN || sum.hi > INT32_MAX)
    return unsupported(op) << "its sum may be beyond 32 bits, in [" << sum.lo
                           << ", " << sum.hi << "]";
  Type type = typeOf(op.getOutput()).clone(builder.getI32Type());
  Value result;
  if constexpr (isSub)
    result = tosa::SubOp::create(builder, loc, type, terms[0], terms[1]);
  else
    result = tosa::AddOp::create(builder, loc, type, terms[0], terms[1]);
  FailureOr<Value> codes =
      requantize(op, result, 0, op.getRequant(), sum, op.getOutput());
  if (failed(codes))
    return failure();
  return define(op, *codes);
}

LogicalResult TosaWriter::convert(hwq::AddOp op) { return convertSum(op); }
LogicalResult TosaWriter::convert(hwq::SubOp op) { return convertSum(op); }

LogicalResult TosaWriter::convert(hwq::MulOp op) {
  FailureOr<numerics::QuantParams> a = getCodes(op, op.getLhs()),
                                   b = getCodes(op, op.getRhs());
  if (failed(a) || failed(b))
    return failure();
  if (op.getVariant() &&
      op.getVariant()->getValue() == numerics::MulVariant::Float)
    return unsupported(op) << "it multiplies in float";
  Interval x = centered(*a), y = centered(*b);
  auto [lo, hi] =
      std::minmax({x.lo * y.lo, x.lo * y.hi, x.hi * y.lo, x.hi * y.hi});
  Value product = tosa::MulOp::create(
      builder, loc, typeOf(op.getOutput()).clone(builder.getI32Type()),
      widen(get(op.getLhs()), a->zeroPoint),
      widen(get(op.getRhs()), b->zeroPoint), i8(0));
  FailureOr<Value> codes = requantize(op, product, 0, op.getRequant(),
                                      Interval{lo, hi}, op.getOutput());
  if (failed(codes))
    return failure();
  return define(op, *codes);
}

//===----------------------------------------------------------------------===//
// To another grid
//===----------------------------------------------------------------------===//

LogicalResult TosaWriter::convert(RequantizeOp op) {
  if (op.isFloat())
    return unsupported(op) << "it makes floats of accumulators";
  if (op.getResidual() || op.getVariant())
    return unsupported(op) << (op.getResidual()
                                   ? "it adds a residual before it rounds"
                                   : "its formula is no requantization kernel");
  RequantAttr requant = op.getRequant();
  Type element = typeOf(op.getInput()).getElementType();
  FailureOr<Value> result;
  if (isa<quant::UniformQuantizedType>(element)) {
    FailureOr<numerics::QuantParams> codes = getCodes(op, op.getInput());
    if (failed(codes))
      return failure();
    result = requantize(op, get(op.getInput()), codes->zeroPoint, requant,
                        centered(*codes), op.getOutput());
  } else {
    if (!element.isInteger(32) || requant.getInputZeroPoint() != 0)
      return unsupported(op) << "it expects an accumulator of 32 bits without "
                                "a zero point";
    result = requantize(op, get(op.getInput()), 0, requant,
                        Interval{INT32_MIN, INT32_MAX}, op.getOutput());
  }
  if (failed(result))
    return failure();
  return define(op, *result);
}

LogicalResult TosaWriter::convert(LookupOp op) {
  FailureOr<numerics::QuantParams> in = getCodes(op, op.getInput()),
                                   out = getCodes(op, op.getOutput());
  if (failed(in) || failed(out))
    return failure();
  if (op.getChannelAxis())
    return unsupported(op) << "it has a table for each channel";
  // Codes outside of a narrow grid do not occur.
  std::vector<int8_t> table(256);
  for (int64_t code = INT8_MIN; code <= INT8_MAX; ++code) {
    int64_t entry = std::clamp(code, in->grid.qmin, in->grid.qmax);
    table[code - INT8_MIN] = static_cast<int8_t>(
        op.getTable()[entry - in->grid.qmin] - offsetOf(op.getOutput()));
  }
  return define(op, tosa::TableOp::create(
                        builder, loc,
                        typeOf(op.getOutput()).clone(builder.getI8Type()),
                        get(op.getInput()), i8s({256}, table, "_table")));
}

//===----------------------------------------------------------------------===//
// Average pool
//===----------------------------------------------------------------------===//

LogicalResult TosaWriter::convert(AvgPool2DOp op) {
  FailureOr<numerics::QuantParams> in = getCodes(op, op.getInput()),
                                   out = getCodes(op, op.getOutput());
  if (failed(in) || failed(out))
    return failure();
  AvgPoolVariant variant = op.getVariant()->getValue();
  FailureOr<Windows> windows =
      fitWindows(op, op.getInput(), op.getOutput(), op.getKernel(),
                 op.getStride(), {1, 1}, op.getPad());
  if (failed(windows))
    return failure();
  int64_t offset = offsetOf(op.getOutput());
  RankedTensorType type = typeOf(op.getOutput());
  if ((variant == AvgPoolVariant::RoundHalfAway ||
       variant == AvgPoolVariant::Tflite) &&
      !op.getRequant()) {
    // TOSA rounds sum(q - z) / n half away from zero; TFLite sum(q) / n.
    int64_t zeroPoint =
        variant == AvgPoolVariant::Tflite ? -offset : in->zeroPoint;
    Value mean = tosa::AvgPool2dOp::create(
        builder, loc, type.clone(builder.getI8Type()), windows->input,
        i8(zeroPoint), i8(zeroPoint), op.getKernel(), op.getStride(),
        windows->pad, builder.getI32Type());
    return define(
        op, clamp(mean, op.getClamp()[0] - offset, op.getClamp()[1] - offset));
  }
  // Multiplier and shift of the sum over the whole window.
  RequantAttr requant = op.getRequant().value_or(RequantAttr());
  if ((variant != AvgPoolVariant::Dpu &&
       variant != AvgPoolVariant::SophgoBm1684x &&
       variant != AvgPoolVariant::SophgoCv18xx) ||
      !requant)
    return unsupported(op) << "the average '" << numerics::stringify(variant)
                           << "' is neither TOSA's nor a rescaled sum";
  int64_t channels = type.getDimSize(3),
          taps = op.getKernel()[0] * op.getKernel()[1];
  if (ShapedType::isDynamic(channels))
    return unsupported(op) << "its number of channels is not known";
  Interval x = centered(*in);
  Interval range{std::min<int64_t>(x.lo, 0) * taps,
                 std::max<int64_t>(x.hi, 0) * taps};
  Value sum = tosa::DepthwiseConv2DOp::create(
      builder, loc, type.clone(builder.getI32Type()), windows->input,
      i8s({op.getKernel()[0], op.getKernel()[1], channels, 1},
          std::vector<int8_t>(taps * channels, 1), "_ones"),
      i32s({channels}, std::vector<int32_t>(channels), "_bias"),
      i8(in->zeroPoint), i8(0), windows->pad, op.getStride(),
      ArrayRef<int64_t>{1, 1}, builder.getI32Type());
  RequantFields fields = requant.getFields();
  fields.lo = op.getClamp()[0];
  fields.hi = op.getClamp()[1];
  FailureOr<Value> codes =
      requantize(op, sum, 0, RequantAttr::get(builder.getContext(), fields),
                 range, op.getOutput());
  if (failed(codes))
    return failure();
  return define(op, *codes);
}
