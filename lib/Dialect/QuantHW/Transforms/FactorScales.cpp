//===- FactorScales.cpp - One scale factored out -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Numerics/Add.h"

namespace hwq {
#define GEN_PASS_DEF_FACTORSCALESPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

/// B3 = B2 / S1: the bias in units of the accumulator.
static LogicalResult factor(RequantizeOp op) {
  if (!op.getScaledBias())
    return success();
  FailureOr<std::vector<double>> bias = getDoubleConstant(op.getBias());
  if (failed(bias))
    return op.emitError() << "the bias of " << describeTensor(op.getOutput())
                          << " is not a constant";
  ArrayRef<double> scales = op.getRequant().getScales().asArrayRef();
  for (size_t c = 0; c < bias->size(); ++c) {
    double scale = scales[scales.size() == 1 ? 0 : c];
    if (scale == 0)
      return op.emitError()
             << "channel " << c << " of " << describeTensor(op.getOutput())
             << " has the scale 0, so its bias has no value in "
                "accumulator units";
    (*bias)[c] /= scale;
  }
  OpBuilder builder(op);
  Value old = op.getBias();
  op.getBiasMutable().assign(createConstant(
      builder, op.getLoc(), {static_cast<int64_t>(bias->size())},
      ArrayRef<double>(*bias), getTensorName(op.getOutput()).str() + "_bias"));
  op.setScaledBias(false);
  eraseDeadChain(old.getDefiningOp());
  return success();
}

static RequantAttr withScale(RequantAttr attr, double scale) {
  RequantFields fields = attr.getFields();
  fields.scales = {scale};
  return RequantAttr::get(attr.getContext(), fields);
}

/// Both operands in units of the scale that the backend adds in.
template <typename SumOp> static void factor(SumOp op, const Backend &backend) {
  double lhs = getUniformType(op.getLhs()).getScale();
  double rhs = getUniformType(op.getRhs()).getScale();
  double out = getUniformType(op.getOutput()).getScale();
  double common = numerics::commonAddScale(backend.add, lhs, rhs);
  op.setLhsRequantAttr(withScale(op.getLhsRequant(), lhs / common));
  op.setRhsRequantAttr(withScale(op.getRhsRequant(), rhs / common));
  op.setRequantAttr(withScale(op.getRequant(), common / out));
}

namespace {
struct FactorScales : hwq::impl::FactorScalesPassBase<FactorScales> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Step2, getArgument())))
      return signalPassFailure();
    FailureOr<Backend> backend = getBackend(module, getArgument());
    if (failed(backend))
      return signalPassFailure();
    WalkResult result =
        module.walk([](RequantizeOp op) { return WalkResult(factor(op)); });
    if (result.wasInterrupted())
      return signalPassFailure();
    module.walk([&](hwq::AddOp op) { factor(op, *backend); });
    module.walk([&](hwq::SubOp op) { factor(op, *backend); });
    setForm(module, Form::Step3);
  }
};
} // namespace
