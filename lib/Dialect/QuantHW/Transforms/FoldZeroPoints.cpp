//===- FoldZeroPoints.cpp - Input zero points into the bias -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"

namespace hwq {
#define GEN_PASS_DEF_FOLDZEROPOINTSPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

static LogicalResult fold(RequantizeOp requantize) {
  Operation *dot = requantize.getInput().getDefiningOp();
  auto quantizable = dyn_cast_if_present<QuantizableOpInterface>(dot);
  if (!quantizable || !quantizable.getWeightOperand() || !dot->hasOneUse() ||
      dot->hasAttr("raw_input"))
    return success();
  Value input = dot->getOperand(quantizable.getActivationOperands().front());
  FailureOr<std::vector<int64_t>> sums = getZeroPointSums(dot);
  if (failed(sums))
    return dot->emitError()
           << "the weights of " << describeTensor(requantize.getOutput())
           << " are not a constant";
  std::vector<double> bias(sums->size());
  if (requantize.getBias()) {
    FailureOr<std::vector<double>> values =
        getDoubleConstant(requantize.getBias());
    if (failed(values))
      return requantize.emitError()
             << "the bias of " << describeTensor(requantize.getOutput())
             << " is not a constant";
    bias = *values;
  }
  ArrayRef<double> scales = requantize.getRequant().getScales().asArrayRef();
  for (size_t c = 0; c < bias.size(); ++c)
    bias[c] -=
        scales[scales.size() == 1 ? 0 : c] * static_cast<double>((*sums)[c]);

  OpBuilder builder(dot);
  Value old = requantize.getBias();
  requantize.getBiasMutable().assign(createConstant(
      builder, requantize.getLoc(), {static_cast<int64_t>(bias.size())},
      ArrayRef<double>(bias),
      getTensorName(requantize.getOutput()).str() + "_bias"));
  requantize.setScaledBias(true);
  if (old)
    eraseDeadChain(old.getDefiningOp());
  dot->setAttr("raw_input", builder.getUnitAttr());
  // Zero points of channels are in the type.
  quant::UniformQuantizedType type = getUniformType(input);
  if (dot->hasAttr("pad") && type)
    dot->setAttr("pad_value", builder.getI32IntegerAttr(
                                  static_cast<int32_t>(type.getZeroPoint())));
  return success();
}

namespace {
struct FoldZeroPoints : hwq::impl::FoldZeroPointsPassBase<FoldZeroPoints> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Step1, getArgument())))
      return signalPassFailure();
    WalkResult result =
        module.walk([](RequantizeOp op) { return WalkResult(fold(op)); });
    if (result.wasInterrupted())
      return signalPassFailure();
    setForm(module, Form::Step2);
  }
};
} // namespace
