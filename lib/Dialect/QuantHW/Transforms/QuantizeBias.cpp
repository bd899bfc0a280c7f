//===- QuantizeBias.cpp - Integer biases -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AccumulatorProofs.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Numerics/Bias.h"
#include "hwq/Numerics/Derive.h"
#include <cmath>

namespace hwq {
#define GEN_PASS_DEF_QUANTIZEBIASPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

/// The float op's bias as f64, or what stands for it in a program made without
/// it: in units of the accumulator, the folded zero points taken out.
static FailureOr<std::vector<double>>
getRealBias(RequantizeOp op, const DotParams &dot,
            const std::vector<int64_t> &sums) {
  if (ElementsAttr bias = op.getRealBias().value_or(ElementsAttr())) {
    FailureOr<std::vector<float>> values = getFloatElements(bias);
    if (failed(values))
      return failure();
    return std::vector<double>(values->begin(), values->end());
  }
  FailureOr<std::vector<double>> bias = getDoubleConstant(op.getBias());
  if (failed(bias))
    return failure();
  for (size_t c = 0; c < bias->size(); ++c)
    (*bias)[c] = ((*bias)[c] + static_cast<double>(sums[c])) * dot.input.scale *
                 dot.weightScale(c);
  return bias;
}

/// A bias with a power-of-two scale of its own, in units of the accumulator.
static numerics::Result<std::vector<int32_t>>
quantizePotBias(const std::vector<double> &bias, const DotParams &dot,
                const Backend &backend) {
  using Codes = std::vector<int32_t>;
  numerics::PotBias pot;
  int accumulatorBits = -std::ilogb(dot.input.scale * dot.weightScale(0));
  if (backend.bias == numerics::BiasForm::I8PotShifted) {
    numerics::Result<numerics::PotBias> result =
        numerics::quantizeBiasI8PotShifted(bias);
    if (!result)
      return numerics::failure(result.error());
    pot = *result;
  } else {
    std::vector<float> values(bias.begin(), bias.end());
    numerics::Result<numerics::Derived> derived = numerics::deriveDpu(
        values.data(), values.size(), backend.getDeriveOptions(true));
    if (!derived)
      return numerics::failure(derived.error());
    int fractionBits = -std::ilogb(derived->params.scale);
    // What the machine can shift by.
    int cut = dot.outputs.empty()
                  ? 0
                  : accumulatorBits + std::ilogb(dot.outputScale(0));
    int leastShift = std::min(0, -(24 - (8 + cut)));
    fractionBits = std::clamp(fractionBits, accumulatorBits - 16,
                              accumulatorBits - leastShift);
    numerics::Result<numerics::PotBias> result =
        numerics::quantizeBiasI8Pot(bias, fractionBits);
    if (!result)
      return numerics::failure(result.error());
    pot = *result;
  }
  Codes codes;
  for (int8_t code : pot.codes) {
    numerics::Result<int32_t> aligned =
        numerics::alignPotBias(code, pot.fractionBits, accumulatorBits);
    if (!aligned)
      return numerics::failure(aligned.error());
    codes.push_back(*aligned);
  }
  return codes;
}

/// Integers of the backend's form, the folded zero points among them.
static numerics::Result<std::vector<int32_t>>
makeIntegers(const DotParams &dot, const std::vector<double> &real,
             const std::vector<int64_t> &folded, const Backend &backend) {
  using numerics::BiasForm;
  if (backend.bias == BiasForm::I8Pot ||
      backend.bias == BiasForm::I8PotShifted) {
    numerics::Result<std::vector<int32_t>> codes =
        quantizePotBias(real, dot, backend);
    if (!codes)
      return codes;
    for (size_t c = 0; c < codes->size(); ++c) {
      int64_t sum = (*codes)[c] + folded[c];
      if (sum != static_cast<int32_t>(sum))
        return numerics::failure("expected 32 bits with the zero points, got " +
                                 std::to_string(sum));
      (*codes)[c] = static_cast<int32_t>(sum);
    }
    return codes;
  }
  std::vector<double> bias = real;
  if (backend.bias == BiasForm::I8Asymmetric) {
    numerics::Result<std::vector<double>> rounded =
        numerics::quantizeBiasI8Asymmetric(bias);
    if (!rounded)
      return numerics::failure(rounded.error());
    bias = *rounded;
  }
  if (dot.getKernel(backend) == numerics::RequantizeKernel::R10) {
    // Its own offset comes with the kernel.
    std::vector<int32_t> codes;
    for (size_t c = 0; c < folded.size(); ++c) {
      numerics::Result<int64_t> code = numerics::quantizeBias(
          backend.bias, bias[c] / (dot.input.scale * dot.weightScale(c)),
          backend.biasRounding);
      if (!code)
        return numerics::failure(code.error());
      codes.push_back(static_cast<int32_t>(*code + folded[c]));
    }
    return codes;
  }
  numerics::Result<numerics::Epilogue> epilogue =
      dot.derive(backend, bias, folded);
  if (!epilogue)
    return numerics::failure(epilogue.error());
  if (epilogue->bias.empty())
    return std::vector<int32_t>(folded.size());
  return epilogue->bias;
}

/// The kernel r10 rounds the bias together with its offset.
static bool keepsRealBias(const DotParams &dot, const Backend &backend) {
  return backend.bias == numerics::BiasForm::F32 ||
         dot.getKernel(backend) == numerics::RequantizeKernel::R10;
}

static LogicalResult quantizeBias(RequantizeOp op, const Backend &backend) {
  std::string name = describeTensor(op.getOutput());
  FailureOr<DotParams> dot = DotParams::get(op, backend);
  if (failed(dot)) {
    if (!op.getBias())
      return success();
    return op.emitError() << "expected the bias of " << name
                          << " to be a constant on the accumulator of a dot "
                             "product";
  }
  // A product of activations has neither bias nor folded zero points.
  if (!dot->weights)
    return success();
  if (dot->op->getNumOperands() > 2)
    return op.emitError() << "the accumulator of " << name
                          << " has an integer bias already";
  FailureOr<std::vector<int64_t>> sums = getZeroPointSums(dot->op);
  if (failed(sums))
    return dot->op->emitError()
           << "the weights of " << name << " are not a constant";
  std::vector<double> real(sums->size());
  if (op.getBias()) {
    FailureOr<std::vector<double>> bias = getRealBias(op, *dot, *sums);
    if (failed(bias) || bias->size() != sums->size())
      return op.emitError() << "expected the bias of " << name
                            << " to be a constant on the accumulator of a dot "
                               "product";
    real = *bias;
  }
  std::vector<int64_t> folded = *getFoldedZeroPoints(*dot);
  numerics::Result<std::vector<int32_t>> integers =
      makeIntegers(*dot, real, folded, backend);
  if (!integers)
    return op.emitError() << "the bias of " << name << ": " << integers.error();

  OpBuilder builder(dot->op);
  if (llvm::any_of(*integers, [](int32_t b) { return b != 0; }) ||
      (op.getBias() && backend.bias != numerics::BiasForm::F32)) {
    Value constant = createConstant(
        builder, op.getLoc(), {static_cast<int64_t>(integers->size())},
        ArrayRef<int32_t>(*integers),
        getTensorName(op.getOutput()).str() + "_bias");
    dot->op->insertOperands(dot->op->getNumOperands(), constant);
  }
  if (Value old = op.getBias()) {
    op.getBiasMutable().clear();
    op.setScaledBias(false);
    if (backend.bias == numerics::BiasForm::F32) {
      // Stays real, without the zero points.
      for (size_t c = 0; c < real.size(); ++c)
        real[c] /= dot->input.scale * dot->weightScale(c);
      op.getBiasMutable().assign(createConstant(
          builder, op.getLoc(), {static_cast<int64_t>(real.size())},
          ArrayRef<double>(real),
          getTensorName(op.getOutput()).str() + "_bias"));
    }
    eraseDeadChain(old.getDefiningOp());
  }
  // Kernels that take the real bias still need it.
  if (!keepsRealBias(*dot, backend))
    op.removeRealBiasAttr();
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
    WalkResult result = module.walk([&](RequantizeOp op) {
      return WalkResult(quantizeBias(op, *backend));
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    if (failed(proveAccumulators(module, *backend)))
      return signalPassFailure();
  }
};
} // namespace
