//===- Rescale.cpp - Requantizations as tosa.rescale -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// tosa.rescale is (x * M + 2^(n-1)) >> n, 2 <= n <= 62, M >= 0, defined where
// -2^(n-1) <= x < 2^(n-1). SINGLE_ROUND is kernel r2, and r6 and r7 with a
// normalized M; DOUBLE_ROUND is r1; r10 is r2 behind an addition, r11 two of
// them. INEXACT_ROUND is none of our kernels.
//
//===----------------------------------------------------------------------===//

#include "TosaWriter.h"
#include "hwq/Numerics/Requantize.h"
#include "mlir/IR/TypeUtilities.h"
#include <algorithm>

using namespace mlir;
using namespace hwq;
using numerics::Multiplier;
using numerics::RequantizeKernel;
using tosa::RoundingMode;

/// x * multiplier / 2^shift.
static constexpr int64_t kMinShift = 2, kMaxShift = 62;

/// The same product with a multiplier of 31 bits: the larger the shift, the
/// larger the domain. One rounding of the exact product does not change.
static Multiplier normalize(Multiplier m) {
  while (m.multiplier > 0 && m.multiplier < (int32_t(1) << 30) &&
         m.shift < kMaxShift) {
    m.multiplier *= 2;
    ++m.shift;
  }
  if (m.multiplier == 0)
    m.shift = 31;
  return m;
}

static int64_t apply(RoundingMode rounding, Multiplier m, int64_t x) {
  auto value = static_cast<int32_t>(x);
  return rounding == RoundingMode::DOUBLE_ROUND
             ? numerics::KernelR3DoubleRound{m}.apply(value)
             : numerics::KernelR3SingleRound{m}.apply(value);
}

FailureOr<SmallVector<TosaWriter::Scaling, 2>>
TosaWriter::getScalings(Operation *op, RequantAttr requant,
                        ArrayRef<Interval> ranges) {
  RequantizeKernel kernel = requant.getKernel();
  bool isSingle = false;
  switch (kernel) {
  case RequantizeKernel::R2:
  case RequantizeKernel::R6:
  case RequantizeKernel::R7:
  case RequantizeKernel::R10:
    isSingle = true;
    break;
  case RequantizeKernel::R1:
  case RequantizeKernel::R11:
    break;
  default:
    return unsupported(op) << "tosa.rescale has no rounding like that of "
                              "kernel "
                           << numerics::stringify(kernel);
  }
  if (DenseI32ArrayAttr before = requant.getPreShifts())
    if (llvm::any_of(before.asArrayRef(), [](int32_t s) { return s != 0; }))
      return unsupported(op) << "tosa.rescale does not shift before it "
                                "multiplies";
  if (requant.getZeroPoints())
    return unsupported(op) << "its channels have grids of their own";
  int32_t left = requant.getLeftShift();
  Scaling first, second;
  first.rounding = isSingle || kernel == RequantizeKernel::R11
                       ? RoundingMode::SINGLE_ROUND
                       : RoundingMode::DOUBLE_ROUND;
  second.rounding = RoundingMode::SINGLE_ROUND;
  bool isTwice = false;
  auto add = [](Scaling &to, Multiplier m) {
    to.multipliers.push_back(m.multiplier);
    to.shifts.push_back(static_cast<int8_t>(m.shift));
  };
  auto [multipliers, shifts] =
      std::pair(requant.getMultipliers(), requant.getShifts());
  for (int64_t c = 0, e = multipliers.size(); c < e; ++c) {
    Multiplier m{multipliers[c], shifts[c]};
    if (kernel == RequantizeKernel::R6)
      m.multiplier = 1;
    if (m.multiplier < 0)
      return unsupported(op) << "the multiplier of channel " << c
                             << " is negative, " << m.multiplier;
    if (isSingle) {
      // (x << left) * M / 2^n.
      m.shift -= left;
      m = normalize(m);
    } else if (m.multiplier == 0) {
      m.shift = 31;
    }
    if (kernel == RequantizeKernel::R11) {
      // Its second rounding is a shift of its own.
      isTwice |= m.shift > 31;
      add(second, normalize({1, std::max(m.shift - 31, 0)}));
      m.shift = std::min(m.shift, 31);
    }
    if (m.shift < kMinShift || m.shift > kMaxShift)
      return unsupported(op)
             << "channel " << c << " shifts by " << m.shift
             << ", tosa.rescale by " << kMinShift << " to " << kMaxShift;
    add(first, m);
  }
  SmallVector<Scaling, 2> result;
  if (!isSingle && left != 0) {
    // One rescale where it gives the same integers for every code.
    Multiplier m{first.multipliers[0], first.shifts[0]};
    Multiplier folded{m.multiplier, m.shift - left};
    if (first.multipliers.size() == 1 && !isTwice &&
        folded.shift >= kMinShift) {
      for (RoundingMode rounding :
           {RoundingMode::DOUBLE_ROUND, RoundingMode::SINGLE_ROUND}) {
        bool isEqual = true;
        for (int64_t x = ranges[0].lo; isEqual && x <= ranges[0].hi; ++x)
          isEqual = apply(rounding, folded, x) ==
                    apply(first.rounding, m, x * (int64_t(1) << left));
        if (!isEqual)
          continue;
        first.rounding = rounding;
        first.shifts[0] = static_cast<int8_t>(folded.shift);
        return SmallVector<Scaling, 2>{first};
      }
    }
    result.push_back({{1 << 30}, {}, RoundingMode::SINGLE_ROUND});
    result.back().shifts.push_back(static_cast<int8_t>(30 - left));
  }
  result.push_back(std::move(first));
  if (isTwice)
    result.push_back(std::move(second));
  return result;
}

LogicalResult TosaWriter::applyToRanges(Operation *op, const Scaling &scaling,
                                        int64_t zeroPoint,
                                        SmallVectorImpl<Interval> &ranges) {
  size_t count = std::max(ranges.size(), scaling.multipliers.size());
  ranges.resize(count, ranges[0]);
  for (size_t c = 0; c < count; ++c) {
    size_t i = scaling.multipliers.size() == 1 ? 0 : c;
    Multiplier m{scaling.multipliers[i], scaling.shifts[i]};
    int64_t limit = int64_t(1) << (m.shift - 1);
    Interval &x = ranges[c];
    Interval y{apply(scaling.rounding, m, std::max<int64_t>(x.lo, INT32_MIN)),
               apply(scaling.rounding, m, std::min<int64_t>(x.hi, INT32_MAX))};
    if (x.lo < std::max<int64_t>(-limit, INT32_MIN) ||
        x.hi > std::min<int64_t>(limit - 1, INT32_MAX) ||
        y.lo + zeroPoint < INT32_MIN || y.hi + zeroPoint > INT32_MAX)
      return unsupported(op)
             << "values of channel " << c << " may lie in [" << x.lo << ", "
             << x.hi << "], beyond those that tosa.rescale takes with the "
             << "multiplier " << m.multiplier << " and the shift " << m.shift;
    x = y;
  }
  return success();
}

Value TosaWriter::rescale(Value input, const Scaling &scaling,
                          int64_t inputZeroPoint, int64_t outputZeroPoint,
                          Type element) {
  auto count = static_cast<int64_t>(scaling.multipliers.size());
  auto zeroPoint = [&](Type type, int64_t value) {
    return type.isInteger(8) ? i8(value)
                             : i32s({1}, static_cast<int32_t>(value));
  };
  Type from = typeOf(input).getElementType();
  // Never as resources: MLIR 22 lowers those shifts to nothing.
  return tosa::RescaleOp::create(
      builder, loc, typeOf(input).clone(element), input,
      i32s({count}, scaling.multipliers), i8s({count}, scaling.shifts),
      zeroPoint(from, inputZeroPoint), zeroPoint(element, outputZeroPoint),
      /*scale32=*/true, scaling.rounding, /*per_channel=*/count != 1,
      /*input_unsigned=*/false, /*output_unsigned=*/false);
}

Value TosaWriter::widen(Value codes, int64_t zeroPoint) {
  return rescale(codes, {{1 << 30}, {30}, RoundingMode::SINGLE_ROUND},
                 zeroPoint, 0, builder.getI32Type());
}

Value TosaWriter::clamp(Value codes, int64_t lo, int64_t hi) {
  if (lo <= INT8_MIN && hi >= INT8_MAX)
    return codes;
  auto bound = [&](int64_t value) {
    return builder.getI8IntegerAttr(
        static_cast<int8_t>(std::clamp<int64_t>(value, INT8_MIN, INT8_MAX)));
  };
  return tosa::ClampOp::create(builder, loc, codes.getType(), codes, bound(lo),
                               bound(hi));
}

FailureOr<Value> TosaWriter::requantize(Operation *op, Value input,
                                        int64_t inputZeroPoint,
                                        RequantAttr requant,
                                        ArrayRef<Interval> ranges,
                                        Value output) {
  FailureOr<SmallVector<Scaling, 2>> scalings =
      getScalings(op, requant, ranges);
  if (failed(scalings))
    return failure();
  int64_t offset = output ? offsetOf(output) : 0;
  int64_t zeroPoint = requant.getZeroPoint() - offset;
  SmallVector<Interval> domain(ranges);
  for (auto [i, scaling] : llvm::enumerate(*scalings)) {
    bool isLast = i + 1 == scalings->size();
    if (failed(applyToRanges(op, scaling, isLast ? zeroPoint : 0, domain)))
      return failure();
    Type element =
        isLast && output ? builder.getI8Type() : Type(builder.getI32Type());
    input = rescale(input, scaling, inputZeroPoint, isLast ? zeroPoint : 0,
                    element);
    inputZeroPoint = 0;
  }
  if (!output)
    return input;
  return clamp(input, requant.getLo() - offset, requant.getHi() - offset);
}
