//===- FoldRequantize.cpp - Fold requantizations, with proof -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeFolds.h"
#include "CodeFunctions.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Numerics/Prover.h"
#include <cmath>

namespace hwq {
#define GEN_PASS_DEF_FOLDREQUANTIZEPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

/// The integers that reach an operand of a requantization: of each channel's
/// accumulator, or one interval of codes.
static FailureOr<AccumulatorRange> getInputRange(RequantizeOp op) {
  Value input = op.getInput();
  if (quant::UniformQuantizedType type = getUniformType(input))
    return AccumulatorRange{{type.getStorageTypeMin()},
                            {type.getStorageTypeMax()}};
  auto dot = dyn_cast_if_present<QuantizableOpInterface>(input.getDefiningOp());
  if (!dot || !dot.getWeightOperand())
    return failure();
  return getAccumulatorRange(dot);
}

//===----------------------------------------------------------------------===//
// Two requantizations
//===----------------------------------------------------------------------===//

namespace {
/// `outer` behind `inner` as a single requantization from the operand of
/// `inner`, if there is one that differs by at most `maxError` for every
/// operand.
class Combination {
public:
  Combination(RequantizeOp inner, RequantizeOp outer,
              std::vector<int32_t> table, const Backend &backend,
              int64_t maxError)
      : inner(inner), outer(outer), table(std::move(table)), backend(backend),
        maxError(maxError), first(inner.getRequant().getParams()) {}

  /// None: `reason` says why.
  std::optional<RequantAttr> find();

  FoldError error;
  std::string reason;

private:
  /// Codes are moved to another grid, no accumulator is requantized.
  bool movesCodes() { return bool(getUniformType(inner.getInput())); }
  bool chooseMove();
  bool choose(size_t channel, double scale);
  bool hasShift(const numerics::Multiplier &m);
  bool searchMultiplier(size_t channel, int64_t lo, int64_t hi, double scale);
  bool isMonotone(const numerics::RequantizeParams &params, size_t channel,
                  int64_t lo, int64_t hi);
  /// Both of a channel, one after the other.
  int64_t both(size_t channel, int64_t x) const {
    return table[numerics::requantize(first, channel, x) - firstCode];
  }

  RequantizeOp inner, outer;
  /// What `outer` makes of each code.
  std::vector<int32_t> table;
  const Backend &backend;
  int64_t maxError;
  numerics::RequantizeParams first, combined;
  int64_t firstCode = 0;
};
} // namespace

/// Whether the requantization of a channel is a monotone function on [lo, hi],
/// as a proof needs it.
bool Combination::isMonotone(const numerics::RequantizeParams &params,
                             size_t channel, int64_t lo, int64_t hi) {
  numerics::Domain domain = numerics::requantizeDomain(params, channel);
  return domain.contains(lo, hi);
}

/// What the backend multiplies codes by on their way from the first grid to the
/// last.
bool Combination::chooseMove() {
  numerics::Result<numerics::ConcatParams> params = numerics::deriveConcat(
      getRescaleVariant(outer, backend), getQuantParams(inner.getInput()),
      getQuantParams(outer.getOutput()));
  if (!params) {
    reason = params.error();
    return false;
  }
  RequantAttr requant = getRescaleRequant(*params, inner.getRequant());
  if (!requant) {
    reason = "the backend moves these codes by a formula of its own";
    return false;
  }
  numerics::RequantizeParams kernel = requant.getParams();
  combined.kernel = kernel.kernel;
  combined.multipliers = kernel.multipliers;
  combined.scales = kernel.scales;
  combined.outputScale = kernel.outputScale;
  return kernel.kernel != backend.requantizeKernel ||
         numerics::isFloatKernel(kernel.kernel) ||
         hasShift(kernel.multipliers.front());
}

/// What the kernel multiplies by for a real scale.
bool Combination::choose(size_t channel, double scale) {
  if (numerics::isFloatKernel(first.kernel)) {
    // r9 and r14 divide by the output's scale themselves.
    bool divides = first.kernel == numerics::RequantizeKernel::R9 ||
                   first.kernel == numerics::RequantizeKernel::R14;
    double factor = first.scales[channel];
    if (!divides)
      factor = first.kernel == numerics::RequantizeKernel::R12
                   ? scale
                   : static_cast<double>(static_cast<float>(scale));
    combined.scales.push_back(factor);
    return true;
  }
  numerics::Result<numerics::Multiplier> m =
      backend.multiplierRule
          ? numerics::chooseMultiplier(*backend.multiplierRule, scale)
          : numerics::chooseMultiplier(first.kernel, scale);
  if (!m) {
    reason = m.error();
    return false;
  }
  combined.multipliers.push_back(*m);
  return hasShift(*m);
}

bool Combination::hasShift(const numerics::Multiplier &m) {
  if (m.shift >= backend.shiftMin && m.shift <= backend.shiftMax)
    return true;
  reason =
      "the shift " + std::to_string(m.shift) + " is out of the backend's range";
  return false;
}

/// Another multiplier of the kernel that equals both, where it rounds once.
/// Codes are moved by multipliers of few bits where the kernel is r7.
bool Combination::searchMultiplier(size_t channel, int64_t lo, int64_t hi,
                                   double scale) {
  using numerics::RequantizeKernel;
  if ((first.kernel != RequantizeKernel::R2 &&
       (first.kernel != RequantizeKernel::R7 || movesCodes())) ||
      combined.multipliers[channel].preShift != 0 ||
      (backend.multiplierRule &&
       *backend.multiplierRule != numerics::MultiplierRule::TPU32))
    return false;
  std::vector<numerics::Step> steps =
      numerics::thresholds([&](int64_t x) { return both(channel, x); }, lo, hi);
  numerics::MultiplierFormat format{31, static_cast<int>(backend.shiftMin),
                                    static_cast<int>(backend.shiftMax)};
  std::optional<numerics::MultiplierSet> set =
      numerics::findMultiplier(steps, hi,
                               {combined.inputZeroPoint, combined.leftShift,
                                combined.zeroPoint, combined.lo, combined.hi},
                               format);
  if (!set)
    return false;
  numerics::Multiplier m = set->nearest(scale);
  // The attribute's multiplier stands for its scale.
  if (std::abs(numerics::multiplierValue(m) - scale) >
      std::ldexp(1.0, -m.shift))
    return false;
  combined.multipliers[channel] = m;
  return true;
}

std::optional<RequantAttr> Combination::find() {
  RequantAttr a = inner.getRequant(), b = outer.getRequant();
  FailureOr<AccumulatorRange> range = getInputRange(inner);
  if (failed(range)) {
    reason = "the range of its input is not known";
    return std::nullopt;
  }
  firstCode = getUniformType(outer.getInput()).getStorageTypeMin();
  ArrayRef<double> scales = a.getScales().asArrayRef();
  double ratio = std::ldexp(b.getScales()[0], b.getLeftShift());
  size_t channels = scales.size();
  combined = first;
  combined.multipliers.clear();
  combined.scales.clear();
  combined.zeroPoint = b.getZeroPoint();
  if (first.kernel == numerics::RequantizeKernel::R10) {
    reason = "its zero point is part of the accumulator";
    return std::nullopt;
  }
  combined.outputScale =
      static_cast<float>(getUniformType(outer.getOutput()).getScale());
  if (first.kernel != numerics::RequantizeKernel::R9 &&
      first.kernel != numerics::RequantizeKernel::R14)
    combined.outputScale = first.outputScale;
  // The clamp of the first, as the second maps it.
  combined.lo = table[first.lo - firstCode];
  combined.hi = table[first.hi - firstCode];
  if (movesCodes() ? !chooseMove()
                   : llvm::any_of(llvm::seq(channels), [&](size_t c) {
                       return !choose(c, scales[c] * ratio);
                     }))
    return std::nullopt;
  if (std::string problem = numerics::checkRequantize(
          combined, std::max(channels, range->lo.size()));
      !problem.empty()) {
    reason = problem;
    return std::nullopt;
  }
  // Biases are those of channels where there is one scale, too.
  for (size_t c = 0; c < range->lo.size(); ++c) {
    int64_t lo = range->lo[c], hi = range->hi[c];
    if (!isMonotone(first, c, lo, hi) || !isMonotone(combined, c, lo, hi)) {
      reason = "integers of channel " + std::to_string(c) +
               " leave the domain of the kernel";
      return std::nullopt;
    }
    auto compare = [&] {
      auto two = [&](int64_t x) { return both(c, x); };
      auto one = [&](int64_t x) {
        return numerics::requantize(combined, c, x);
      };
      FoldError found;
      found.largest = numerics::maxDifference(two, one, lo, hi);
      found.operands = hi - lo + 1;
      if (found.largest)
        found.differing = numerics::countDifferences(two, one, lo, hi);
      return found;
    };
    FoldError found = compare();
    // Several intervals of one multiplier would be several searches.
    if (found.largest && channels == range->lo.size() &&
        searchMultiplier(c, lo, hi, scales[c] * ratio))
      found = compare();
    error.add(found);
  }
  if (error.largest > maxError) {
    reason = "one multiplier differs from two by up to " +
             std::to_string(error.largest) + " LSB";
    return std::nullopt;
  }
  RequantFields fields = a.getFields();
  fields.setKernel(combined);
  // Coupled scales are those of the multipliers.
  bool isCoupled = backend.scaleForm == ScaleForm::Coupled && !movesCodes();
  for (size_t c = 0; c < channels; ++c)
    fields.scales[c] = isCoupled
                           ? numerics::multiplierValue(combined.multipliers[c])
                           : scales[c] * ratio;
  fields.zeroPoint = combined.zeroPoint;
  fields.lo = combined.lo;
  fields.hi = combined.hi;
  return RequantAttr::get(inner.getContext(), fields);
}

/// `requantize -> requantize`, the first one read by the second only.
static bool foldPair(RequantizeOp outer, const Backend &backend,
                     int64_t maxError) {
  auto inner = outer.getInput().getDefiningOp<RequantizeOp>();
  if (!inner || !inner->hasOneUse() || inner.getBias() || outer.getBias() ||
      inner.getRequant().isReal() || outer.getRequant().isReal() ||
      inner.getResidual() || outer.isFloat() || inner.getVariant())
    return false;
  std::optional<std::vector<int32_t>> table = getCodeTable(outer);
  if (!table)
    return false;
  Combination combination(inner, outer, std::move(*table), backend, maxError);
  std::optional<RequantAttr> combined = combination.find();
  std::string tensor = describeTensor(outer.getOutput());
  if (!combined) {
    emitFoldMissed(outer.getLoc(), tensor, combination.reason);
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
  emitFoldPassed(fused.getLoc(), "chain", tensor, "two requantizations are one",
                 combination.error, "accumulator");
  return true;
}

/// The accumulator's op requantizes itself: same arithmetic, one op.
static bool foldIntoProducer(RequantizeOp op) {
  auto producer = op.getInput().getDefiningOp<RequantizableOpInterface>();
  if (!producer || op.getBias() || op.isFloat() || op.getVariant() ||
      !producer.canAbsorbRequantize(op.getRequant()))
    return false;
  std::string tensor = describeTensor(op.getOutput());
  if (!producer->hasOneUse()) {
    emitFoldMissed(op.getLoc(), tensor,
                   "its accumulator has other readers, which need it as it is");
    return false;
  }
  OpBuilder builder(op);
  Value fused = producer.absorbRequantize(builder, op.getRequant(),
                                          op.getOutput().getType());
  copyTensorName(op, fused.getDefiningOp());
  emitFoldPassed(op.getLoc(), "into_op", tensor,
                 "the requantization is part of the op that makes its "
                 "accumulator",
                 {}, /*operand=*/"");
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
    mergeQuantizes(module);
    eraseIdentities(module);
    hoistClamps(module);
    // Chains first, while the accumulators are still visible; in program order,
    // so that what a fold erases has been visited.
    for (RequantizeOp op : getRequantizes(module))
      if (!foldClamp(op))
        foldPair(op, *backend, maxError);
    foldIntoSums(module, *backend, maxError);
    foldFloatRegions(module, *backend);
    if (backend->lookupTables)
      foldUnaryRegions(module);
    for (RequantizeOp op : getRequantizes(module))
      foldIntoProducer(op);
  }
};
} // namespace
