//===- AccumulatorProofs.cpp - Sums that no input can overflow --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AccumulatorProofs.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Numerics/Accumulator.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace hwq;
using numerics::AccumulatorMode;
using numerics::Interval;

/// What `bits` bits hold, and what becomes of the rest.
static std::string describeLimit(int64_t bits, bool saturates) {
  int64_t limit = int64_t(1) << (bits - 1);
  return ("[" + Twine(-limit) + ", " + Twine(limit - 1) + "] (" + Twine(bits) +
          " bits, beyond which it " + (saturates ? "saturates" : "wraps") + ")")
      .str();
}

//===----------------------------------------------------------------------===//
// Dot products
//===----------------------------------------------------------------------===//

/// A dot product in integers, of constant weights or of two activations.
static bool isIntegerDot(Operation *op) {
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  return quantizable && quantizable.hasAccumulator() &&
         op->getNumResults() == 1 &&
         getElementTypeOrSelf(op->getResult(0)).isInteger(32);
}

/// The tensor that the accumulator becomes.
static Value getRequantized(Operation *dot) {
  Value result = dot->getResult(0);
  if (result.hasOneUse() && result.user_begin()->getNumResults() == 1)
    return result.user_begin()->getResult(0);
  return result;
}

static LogicalResult proveDot(Operation *dot, const Backend &backend) {
  std::string name = describeTensor(getRequantized(dot));
  FailureOr<AccumulatorRange> range =
      getAccumulatorRange(dot, /*partialSums=*/backend.accumulatorSaturates);
  if (failed(range))
    return dot->emitError()
           << "the weights of " << name << " are not a constant";
  for (size_t c = 0; c < range->lo.size(); ++c)
    if (!numerics::fitsAccumulator({range->lo[c], range->hi[c]},
                                   static_cast<int>(backend.accumulatorBits)))
      return dot->emitError() << "the accumulator of " << name << ", channel "
                              << c << ", can reach [" << range->lo[c] << ", "
                              << range->hi[c] << "], expected "
                              << describeLimit(backend.accumulatorBits,
                                               backend.accumulatorSaturates);
  return success();
}

namespace {
/// Products that are added in fewer bits than the accumulator has.
struct NarrowSums {
  int64_t bits;
  /// Pairs only; else what pairs add up to as well.
  bool pairsOnly;
  bool depthwiseOnly;
  /// "on machines that ...".
  std::string where, others;
};
} // namespace

static std::optional<NarrowSums> getNarrowSums(const Backend &backend) {
  AccumulatorMode mode = backend.accumulatorMode;
  if (mode != AccumulatorMode::Exact)
    return NarrowSums{16, mode != AccumulatorMode::Acc16,
                      mode == AccumulatorMode::DepthwiseSat,
                      "with the accumulator_mode " +
                          std::string(numerics::stringify(mode)),
                      "those of an exact accumulator"};
  if (backend.pairBits)
    return NarrowSums{backend.pairBits, true, false,
                      "on machines that add pairs of products in " +
                          std::to_string(backend.pairBits) + " bits",
                      "those of machines that do not"};
  return std::nullopt;
}

/// The largest absolute value that neighbours, or all of them in any order,
/// can add up to. `codes` are those of one output channel; engines pair them
/// across the taps or, `row` of them, within one.
static int64_t getLargestSum(ArrayRef<int64_t> codes, size_t row,
                             const numerics::Grid &input, bool pairsOnly) {
  auto product = [&](int64_t w) {
    int64_t a = w * input.qmin, b = w * input.qmax;
    return Interval{std::min(a, b), std::max(a, b)};
  };
  int64_t largest = 0;
  for (size_t length : {row, codes.size()}) {
    Interval all;
    for (size_t first = 0; first < codes.size(); first += length) {
      ArrayRef<int64_t> line = codes.slice(first, length);
      for (size_t i = 0; i < length; i += 2) {
        Interval pair = product(line[i]);
        if (i + 1 < length) {
          Interval second = product(line[i + 1]);
          pair.lo += second.lo;
          pair.hi += second.hi;
        }
        largest = std::max({largest, pair.hi, -pair.lo});
        // A part of them may come first.
        all.lo += std::min<int64_t>(pair.lo, 0);
        all.hi += std::max<int64_t>(pair.hi, 0);
      }
    }
    if (!pairsOnly)
      largest = std::max({largest, all.hi, -all.lo});
  }
  return largest;
}

static void warnOfNarrowSums(ModuleOp module, const Backend &backend,
                             const NarrowSums &sums) {
  int64_t limit = (int64_t(1) << (sums.bits - 1)) - 1;
  unsigned ops = 0, beyond = 0;
  int64_t most = 0;
  std::string worst;
  module.walk([&](Operation *dot) {
    auto quantizable = dyn_cast<QuantizableOpInterface>(dot);
    // Engines add products of two activations in full width.
    if (!isIntegerDot(dot) || !quantizable.getWeightOperand())
      return;
    Value weights = dot->getOperand(*quantizable.getWeightOperand());
    auto type = cast<RankedTensorType>(weights.getType());
    ArrayRef<int64_t> shape = type.getShape();
    if (type.getNumElements() == 0)
      return;
    bool isDepthwise = isa<Conv2DOp>(dot) && shape.back() == 1;
    if (sums.depthwiseOnly && !isDepthwise)
      return;
    numerics::Grid input =
        getDotInput(
            dot->getOperand(quantizable.getActivationOperands().front()))
            .grid;
    int64_t largest = 0;
    if (failed(forEachRow(
            weights, shape.front(), [&](size_t, ArrayRef<int64_t> codes) {
              largest = std::max(largest, getLargestSum(codes, shape.back(),
                                                        input, sums.pairsOnly));
            })))
      return;
    ++ops;
    std::string name = describeTensor(getRequantized(dot));
    if (largest > most) {
      most = largest;
      worst = name;
    }
    if (largest <= limit)
      return;
    ++beyond;
    remark::analysis(dot->getLoc(), remark::RemarkOpts::name("Accumulator")
                                        .category("hwq")
                                        .subCategory("accumulator"))
        << remark::reason("{0}: {1} can add up to {2}, {3} bits hold {4}", name,
                          sums.pairsOnly ? "two products" : "products", largest,
                          sums.bits, limit);
  });
  if (beyond)
    emitWarning(module.getLoc())
        << "backend '" << backend.name << "': " << sums.where << " " << beyond
        << " of " << ops << " ops can saturate (up to " << most << " in "
        << worst << ", limit " << limit << "); the integers here are "
        << sums.others;
}

/// Where accumulators become fp16: an infinity is what the chip computes, so it
/// is no error, but hardly what anybody wants.
static void warnOfFp16(ModuleOp module, const Backend &backend) {
  using numerics::DequantPrecision;
  if (backend.requantizeKernel != numerics::RequantizeKernel::R9 ||
      (backend.dequantPrecision != DequantPrecision::F16 &&
       backend.dequantPrecision != DequantPrecision::F16Sqrt))
    return;
  constexpr int64_t limit = 65504;
  unsigned ops = 0, beyond = 0;
  int64_t most = 0;
  std::string worst;
  module.walk([&](Operation *dot) {
    if (!isIntegerDot(dot))
      return;
    FailureOr<AccumulatorRange> range = getAccumulatorRange(dot);
    if (failed(range))
      return;
    int64_t largest = 0;
    for (auto [lo, hi] : llvm::zip_equal(range->lo, range->hi))
      largest = std::max({largest, -lo, hi});
    ++ops;
    if (largest <= limit)
      return;
    ++beyond;
    std::string name = describeTensor(getRequantized(dot));
    if (largest > most) {
      most = largest;
      worst = name;
    }
    remark::analysis(dot->getLoc(), remark::RemarkOpts::name("Accumulator")
                                        .category("hwq")
                                        .subCategory("accumulator"))
        << remark::reason("{0}: the accumulator can reach {1}, fp16 ends at "
                          "{2}",
                          name, largest, limit);
  });
  if (beyond)
    emitWarning(module.getLoc())
        << "backend '" << backend.name << "': the accumulators of " << beyond
        << " of " << ops << " ops can leave fp16 (up to " << most << " in "
        << worst << ", limit " << limit << "), where they become infinite";
}

LogicalResult hwq::proveAccumulators(ModuleOp module, const Backend &backend) {
  WalkResult result = module.walk([&](Operation *op) {
    return isIntegerDot(op) ? WalkResult(proveDot(op, backend))
                            : WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  if (std::optional<NarrowSums> sums = getNarrowSums(backend))
    warnOfNarrowSums(module, backend, *sums);
  warnOfFp16(module, backend);
  return success();
}

//===----------------------------------------------------------------------===//
// Sums and pools
//===----------------------------------------------------------------------===//

LogicalResult hwq::proveSum(Operation *op, const numerics::AddParams &params,
                            const numerics::Grid &lhs,
                            const numerics::Grid &rhs, const Backend &backend) {
  Interval terms =
      numerics::addedTerms(params, {lhs.qmin, lhs.qmax}, {rhs.qmin, rhs.qmax});
  if (numerics::fitsAccumulator(terms, static_cast<int>(backend.addBits)))
    return success();
  return op->emitError() << "the terms of the "
                         << (params.subtract ? "subtraction " : "addition ")
                         << describeTensor(op->getResult(0)) << " can reach ["
                         << terms.lo << ", " << terms.hi << "], expected "
                         << describeLimit(backend.addBits, /*saturates=*/false);
}

LogicalResult hwq::provePool(AvgPool2DOp op, numerics::AvgPoolVariant variant,
                             const Backend &backend) {
  // The order matters where the codes are added in f32.
  if (numerics::dependsOnOrder(variant))
    return success();
  numerics::QuantParams in = getQuantParams(op.getInput());
  // Raw codes or less their zero point: both fit.
  Interval code{std::min(in.grid.qmin, in.grid.qmin - in.zeroPoint),
                std::max(in.grid.qmax, in.grid.qmax - in.zeroPoint)};
  int64_t taps = 1, most = int64_t(1) << 46;
  for (int64_t k : op.getKernel())
    taps = k > most / taps ? most : taps * k;
  Interval sum{taps * std::min<int64_t>(code.lo, 0),
               taps * std::max<int64_t>(code.hi, 0)};
  if (numerics::fitsAccumulator(sum, static_cast<int>(backend.accumulatorBits)))
    return success();
  return op.emitError() << "the sum of a window of "
                        << describeTensor(op.getOutput()) << " can reach ["
                        << sum.lo << ", " << sum.hi << "], expected "
                        << describeLimit(backend.accumulatorBits,
                                         backend.accumulatorSaturates);
}
