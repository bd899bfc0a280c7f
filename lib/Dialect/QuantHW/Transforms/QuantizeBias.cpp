//===- QuantizeBias.cpp - Integer biases -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Numerics/Bias.h"

namespace hwq {
#define GEN_PASS_DEF_QUANTIZEBIASPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

/// The bias is quantized apart from the zero-point term that was folded into
/// it: that one is an integer of its own, Zx * sum(qw - Zw).
static LogicalResult quantizeBias(RequantizeOp op, const Backend &backend) {
  if (!op.getBias())
    return success();
  std::string name = describeTensor(op.getOutput());
  Operation *dot = op.getInput().getDefiningOp();
  FailureOr<std::vector<double>> real = getDoubleConstant(op.getBias());
  if (!isa_and_present<Conv2DOp, FullyConnectedOp>(dot) || !dot->hasOneUse() ||
      failed(real))
    return op.emitError() << "expected the bias of " << name
                          << " to be a constant on the accumulator of a dot "
                             "product";
  auto quantizable = cast<QuantizableOpInterface>(dot);
  if (quantizable.getBiasOperand())
    return op.emitError() << "the accumulator of " << name
                          << " has an integer bias already";
  Value input = dot->getOperand(quantizable.getActivationOperands().front());
  Value weights = dot->getOperand(*quantizable.getWeightOperand());
  FailureOr<std::vector<int64_t>> sums = getWeightSums(weights);
  if (failed(sums))
    return dot->emitError()
           << "the weights of " << name << " are not a constant";
  int64_t zeroPoint = getUniformType(input).getZeroPoint();
  double inputScale = getUniformType(input).getScale();
  std::vector<double> weightScales = getChannelParams(weights).scales;
  size_t channels = real->size();
  // Without the folded term, in accumulator units.
  for (size_t c = 0; c < channels; ++c)
    (*real)[c] += static_cast<double>(zeroPoint * (*sums)[c]);

  if (backend.bias == numerics::BiasForm::I8Asymmetric) {
    std::vector<double> values(channels);
    for (size_t c = 0; c < channels; ++c)
      values[c] = (*real)[c] * (inputScale * weightScales[c]);
    numerics::Result<std::vector<double>> rounded =
        numerics::quantizeBiasI8Asymmetric(values);
    if (!rounded)
      return op.emitError()
             << "the bias of " << name << ": " << rounded.error();
    for (size_t c = 0; c < channels; ++c)
      (*real)[c] = (*rounded)[c] / (inputScale * weightScales[c]);
  }

  std::vector<int32_t> bias(channels);
  for (size_t c = 0; c < channels; ++c) {
    numerics::Result<int64_t> value =
        numerics::quantizeBias(backend.bias, (*real)[c], backend.biasRounding);
    if (!value)
      return op.emitError() << "the bias of " << name << ", channel " << c
                            << ": " << value.error();
    int64_t folded = *value - zeroPoint * (*sums)[c];
    if (folded < INT32_MIN || folded > INT32_MAX)
      return op.emitError() << "the bias of " << name << ", channel " << c
                            << ": expected 32 bits with the zero point folded "
                               "in, got "
                            << folded;
    bias[c] = static_cast<int32_t>(folded);
  }

  OpBuilder builder(dot);
  Value constant = createConstant(
      builder, op.getLoc(), {static_cast<int64_t>(channels)},
      ArrayRef<int32_t>(bias), getTensorName(op.getOutput()).str() + "_bias");
  Value old = op.getBias();
  op.getBiasMutable().clear();
  eraseDeadChain(old.getDefiningOp());
  dot->insertOperands(dot->getNumOperands(), constant);
  return success();
}

namespace {
struct QuantizeBias : hwq::impl::QuantizeBiasPassBase<QuantizeBias> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Step3, getArgument())))
      return signalPassFailure();
    FailureOr<Backend> backend = getBackend(module, getArgument());
    if (failed(backend))
      return signalPassFailure();
    auto emit = [&] { return emitError(module.getLoc()); };
    if (failed(checkImplemented(emit, *backend, getArgument(), "bias",
                                backend->bias,
                                ArrayRef{numerics::BiasForm::I32,
                                         numerics::BiasForm::I8Asymmetric})) ||
        failed(checkImplemented(emit, *backend, getArgument(),
                                "accumulator_mode", backend->accumulatorMode,
                                ArrayRef{numerics::AccumulatorMode::Exact})))
      return signalPassFailure();
    WalkResult result = module.walk([&](RequantizeOp op) {
      return WalkResult(quantizeBias(op, *backend));
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    result = module.walk([&](Operation *op) {
      return isa<Conv2DOp, FullyConnectedOp>(op) && op->hasAttr("raw_input")
                 ? WalkResult(checkAccumulator(op, *backend))
                 : WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
  }

  /// No input can overflow the accumulator: proven from the weights.
  LogicalResult checkAccumulator(Operation *dot, const Backend &backend) {
    Value result = dot->getResult(0);
    if (result.hasOneUse() && result.user_begin()->getNumResults() == 1)
      result = result.user_begin()->getResult(0);
    FailureOr<AccumulatorRange> range = getAccumulatorRange(dot);
    if (failed(range))
      return dot->emitError() << "the weights of " << describeTensor(result)
                              << " are not a constant";
    int64_t limit = int64_t(1) << (backend.accumulatorBits - 1);
    for (size_t c = 0; c < range->lo.size(); ++c)
      if (range->lo[c] < -limit || range->hi[c] >= limit)
        return dot->emitError()
               << "the accumulator of " << describeTensor(result)
               << ", channel " << c << ", can reach [" << range->lo[c] << ", "
               << range->hi[c] << "], expected " << backend.accumulatorBits
               << " bits";
    return success();
  }
};
} // namespace
