//===- FoldRequantize.cpp - Fold requantizations, where it is exact -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Numerics/Prover.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

namespace hwq {
#define GEN_PASS_DEF_FOLDREQUANTIZEPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

static auto remarkOptions() {
  return remark::RemarkOpts::name("FoldRequantize")
      .category("hwq")
      .subCategory("fold");
}

/// The integers that reach an operand of a requantization: of each channel's
/// accumulator, or one interval of codes.
static FailureOr<AccumulatorRange> getInputRange(RequantizeOp op) {
  Value input = op.getInput();
  if (quant::UniformQuantizedType type = getUniformType(input))
    return AccumulatorRange{{type.getStorageTypeMin()},
                            {type.getStorageTypeMax()}};
  Operation *dot = input.getDefiningOp();
  if (!isa_and_present<Conv2DOp, FullyConnectedOp>(dot))
    return failure();
  return getAccumulatorRange(dot);
}

/// Between equal parameters, with a clamp that changes nothing.
static bool isIdentity(RequantizeOp op) {
  quant::UniformQuantizedType in = getUniformType(op.getInput());
  RequantAttr attr = op.getRequant();
  if (!in || op.isFloat() || in != getUniformType(op.getOutput()) ||
      attr.isReal() || op.getVariant())
    return false;
  numerics::RequantizeParams params = attr.getParams();
  for (int64_t code = in.getStorageTypeMin(); code <= in.getStorageTypeMax();
       ++code)
    if (numerics::requantize(params, 0, code) != code)
      return false;
  return true;
}

namespace {
/// How one requantization differs from the two that it stands for.
struct FoldError {
  int64_t largest = 0; // in LSB
  uint64_t differing = 0, operands = 0;
};
} // namespace

/// Whether the requantization of a channel is a monotone function on [lo, hi],
/// as a proof needs it.
static bool isMonotone(const numerics::RequantizeParams &params, size_t channel,
                       int64_t lo, int64_t hi) {
  size_t i = params.multipliers.size() == 1 ? 0 : channel;
  numerics::Domain domain =
      numerics::kernelDomain(params.kernel, params.multipliers[i]);
  auto shifted = [&](int64_t x) {
    return std::ldexp(static_cast<double>(x - params.inputZeroPoint),
                      params.leftShift);
  };
  return shifted(lo) >= static_cast<double>(domain.lo) &&
         shifted(hi) <= static_cast<double>(domain.hi);
}

/// One requantization from the operand of `inner` to the result of `outer`, if
/// a single multiplier per channel differs by at most `maxError` for every
/// operand.
static std::optional<RequantAttr>
combine(RequantizeOp inner, RequantizeOp outer, const Backend &backend,
        int64_t maxError, FoldError &error, std::string &reason) {
  RequantAttr first = inner.getRequant(), second = outer.getRequant();
  FailureOr<AccumulatorRange> range = getInputRange(inner);
  if (failed(range)) {
    reason = "the range of its input is not known";
    return std::nullopt;
  }
  numerics::RequantizeParams p = first.getParams(), q = second.getParams();
  size_t channels =
      std::max({p.multipliers.size(), q.multipliers.size(), range->lo.size()});
  SmallVector<double> scales;
  SmallVector<int32_t> multipliers, shifts;
  for (size_t c = 0; c < channels; ++c) {
    auto at = [&](ArrayRef<double> values) {
      return values[values.size() == 1 ? 0 : c];
    };
    double scale = at(first.getScales().asArrayRef()) *
                   std::ldexp(1.0, second.getLeftShift()) *
                   at(second.getScales().asArrayRef());
    numerics::Result<numerics::Multiplier> m =
        numerics::chooseMultiplier(first.getKernel(), scale);
    if (!m || m->shift < backend.shiftMin || m->shift > backend.shiftMax) {
      reason = m ? "the shift " + std::to_string(m->shift) +
                       " is out of the backend's range"
                 : m.error();
      return std::nullopt;
    }
    scales.push_back(scale);
    multipliers.push_back(m->multiplier);
    shifts.push_back(m->shift);
  }
  // The clamp of the first, as the second maps it.
  int64_t resultLo = second.getLo(), resultHi = second.getHi();
  if (q.multipliers.size() == 1) {
    resultLo = numerics::requantize(q, 0, first.getLo());
    resultHi = numerics::requantize(q, 0, first.getHi());
  }
  MLIRContext *context = inner.getContext();
  auto build = [&]() -> RequantAttr {
    size_t n = llvm::all_equal(scales) ? 1 : channels;
    RequantFields fields = first.getFields();
    fields.scales.assign(scales.begin(), scales.begin() + n);
    fields.multipliers.assign(multipliers.begin(), multipliers.begin() + n);
    fields.shifts.assign(shifts.begin(), shifts.begin() + n);
    fields.zeroPoint = second.getZeroPoint();
    fields.lo = resultLo;
    fields.hi = resultHi;
    return RequantAttr::get(context, fields);
  };
  RequantAttr combined = build();
  if (!combined) {
    reason = "no multiplier stands for both";
    return std::nullopt;
  }
  numerics::RequantizeParams r = combined.getParams();
  for (size_t c = 0; c < channels; ++c) {
    size_t i = range->lo.size() == 1 ? 0 : c;
    auto two = [&](int64_t x) {
      return numerics::requantize(q, c, numerics::requantize(p, c, x));
    };
    auto one = [&](int64_t x) { return numerics::requantize(r, c, x); };
    int64_t lo = range->lo[i], hi = range->hi[i];
    if (!isMonotone(p, c, lo, hi) || !isMonotone(q, c, p.lo, p.hi) ||
        !isMonotone(r, c, lo, hi)) {
      reason = "integers of channel " + std::to_string(c) +
               " leave the domain of the kernel";
      return std::nullopt;
    }
    error.largest =
        std::max(error.largest, numerics::maxDifference(two, one, lo, hi));
    error.differing += numerics::countDifferences(two, one, lo, hi);
    error.operands += hi - lo + 1;
  }
  if (error.largest > maxError) {
    reason = "one multiplier differs from two by up to " +
             std::to_string(error.largest) + " LSB";
    return std::nullopt;
  }
  return combined;
}

/// `requantize -> requantize`, the first one read by the second only.
static bool foldPair(RequantizeOp outer, const Backend &backend,
                     int64_t maxError) {
  auto inner = outer.getInput().getDefiningOp<RequantizeOp>();
  if (!inner || !inner->hasOneUse() || inner.getBias() || outer.getBias() ||
      inner.getRequant().isReal() || inner.getResidual() || outer.isFloat() ||
      inner.getVariant() || outer.getVariant() ||
      numerics::isFloatKernel(inner.getRequant().getKernel()) ||
      inner.getRequant().getKernel() != outer.getRequant().getKernel())
    return false;
  std::string reason;
  FoldError error;
  std::optional<RequantAttr> combined =
      combine(inner, outer, backend, maxError, error, reason);
  if (!combined) {
    remark::missed(outer.getLoc(), remarkOptions()) << remark::reason(
        "{0}: {1}", describeTensor(outer.getOutput()), reason);
    return false;
  }
  OpBuilder builder(outer);
  auto fused = RequantizeOp::create(
      builder, outer.getLoc(), outer.getOutput().getType(), inner.getInput(),
      /*bias=*/Value(), *combined, /*scaled_bias=*/false);
  copyTensorName(outer, fused);
  outer.getOutput().replaceAllUsesWith(fused.getOutput());
  outer.erase();
  inner.erase();
  std::string how = "proven equal on every accumulator";
  if (error.largest)
    how =
        llvm::formatv("at most {0} LSB apart, on {1:P2} of the accumulators",
                      error.largest, double(error.differing) / error.operands);
  remark::passed(fused.getLoc(), remarkOptions())
      << describeTensor(fused.getOutput()) + ": two requantizations are one, " +
             how;
  return true;
}

/// The accumulator's op requantizes itself: same arithmetic, one op.
static bool foldIntoProducer(RequantizeOp op) {
  auto producer = op.getInput().getDefiningOp<RequantizableOpInterface>();
  if (!producer || !producer->hasOneUse() || op.getBias() || op.isFloat() ||
      op.getVariant() || !producer.canAbsorbRequantize(op.getRequant()))
    return false;
  OpBuilder builder(op);
  Value fused = producer.absorbRequantize(builder, op.getRequant(),
                                          op.getOutput().getType());
  copyTensorName(op, fused.getDefiningOp());
  op.getOutput().replaceAllUsesWith(fused);
  op.erase();
  producer->erase();
  return true;
}

namespace {
struct FoldRequantize : hwq::impl::FoldRequantizePassBase<FoldRequantize> {
  using FoldRequantizePassBase::FoldRequantizePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Step4, getArgument())))
      return signalPassFailure();
    FailureOr<Backend> backend = getBackend(module, getArgument());
    if (failed(backend))
      return signalPassFailure();
    SmallVector<RequantizeOp> ops;
    auto collect = [&] {
      ops.clear();
      module.walk([&](RequantizeOp op) { ops.push_back(op); });
    };
    collect();
    for (RequantizeOp op : ops)
      if (isIdentity(op)) {
        op.getOutput().replaceAllUsesWith(op.getInput());
        op.erase();
      }
    // Chains first, while the accumulators are still visible; in program order,
    // so that what a fold erases has been visited.
    collect();
    for (RequantizeOp op : ops)
      foldPair(op, *backend, maxError);
    collect();
    for (RequantizeOp op : ops)
      foldIntoProducer(op);
  }
};
} // namespace
