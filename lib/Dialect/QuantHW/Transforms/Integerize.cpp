//===- Integerize.cpp - Compute in integers between quantize and dequantize -*-
// C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Remarks.h"

namespace hwq {
#define GEN_PASS_DEF_INTEGERIZEPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

/// `dequantize -> op -> [clamp] -> quantize`.
struct QuantizedUnit {
  QuantizableOpInterface op;
  tosa::ClampOp clamp;
  QuantizeOp quantize;
};

static std::optional<QuantizedUnit> match(QuantizableOpInterface op) {
  if (op->getNumResults() != 1 || !op->hasOneUse())
    return std::nullopt;
  for (unsigned i : op.getActivationOperands()) {
    auto dequantize = op->getOperand(i).getDefiningOp<DequantizeOp>();
    if (!dequantize || !getUniformType(dequantize.getInput()))
      return std::nullopt;
  }
  if (std::optional<unsigned> i = op.getWeightOperand())
    if (!op->getOperand(*i).getDefiningOp<DequantizeOp>())
      return std::nullopt;
  QuantizedUnit region{op, getFusedClamp(op), {}};
  // A clamp on its own is its own bounds.
  if (auto clamp = dyn_cast<tosa::ClampOp>(*op))
    region.clamp = clamp;
  Value result = op->getResult(0);
  if (region.clamp)
    result = region.clamp.getOutput();
  if (!result.hasOneUse())
    return std::nullopt;
  region.quantize = dyn_cast<QuantizeOp>(*result.user_begin());
  if (!region.quantize || !getUniformType(region.quantize.getOutput()))
    return std::nullopt;
  return region;
}

/// The codes of a float constant behind quantize and dequantize, as a constant.
static FailureOr<Value> quantizeConstant(OpBuilder &builder, Value dequantized,
                                         StringRef name) {
  auto dequantize = dequantized.getDefiningOp<DequantizeOp>();
  auto quantize = dequantize.getInput().getDefiningOp<QuantizeOp>();
  if (!quantize)
    return dequantize.getInput();
  FailureOr<std::vector<float>> values = getFloatConstant(quantize.getInput());
  if (failed(values))
    return failure();
  RankedTensorType type = quantize.getOutput().getType();
  ChannelParams params = getChannelParams(quantize.getOutput());
  auto element = cast<quant::QuantizedType>(type.getElementType());
  numerics::Grid grid{element.getStorageTypeMin(), element.getStorageTypeMax()};
  size_t taps = values->size() / std::max<size_t>(params.scales.size(), 1);
  std::vector<int64_t> codes(values->size());
  for (size_t i = 0; i < codes.size(); ++i)
    codes[i] = numerics::quantize(
        quantize.getForm().getValue(), (*values)[i],
        {params.scales[i / taps], params.zeroPoints[i / taps], grid});
  return createQuantizedConstant(builder, quantize.getLoc(), type.getShape(),
                                 codes, element, name);
}

/// A clamp bound in codes.
static int64_t getBound(Attribute bound, const IntegerForm &form) {
  double value = cast<FloatAttr>(bound).getValueAsDouble();
  quant::UniformQuantizedType type = form.resultType;
  return numerics::quantizeLSB(form.quantizeForm, value / type.getScale(),
                               type.getZeroPoint(), type.getStorageTypeMin(),
                               type.getStorageTypeMax());
}

static LogicalResult integerize(QuantizedUnit region, std::string &reason) {
  QuantizableOpInterface op = region.op;
  OpBuilder builder(region.quantize);
  IntegerForm form;
  form.resultType = getUniformType(region.quantize.getOutput());
  form.quantizeForm = region.quantize.getForm().getValue();
  form.lo = form.resultType.getStorageTypeMin();
  form.hi = form.resultType.getStorageTypeMax();
  if (region.clamp) {
    form.lo = getBound(region.clamp.getMinValAttr(), form);
    form.hi = std::max(form.lo, getBound(region.clamp.getMaxValAttr(), form));
  }
  for (unsigned i : op.getActivationOperands()) {
    Value value = op->getOperand(i).getDefiningOp<DequantizeOp>().getInput();
    quant::UniformQuantizedType type = getUniformType(value);
    // Moved values have the parameters of the result.
    if (op.isDataMovement() && type != form.resultType) {
      auto requant =
          RequantAttr::get(builder.getContext(),
                           numerics::RequantizeKernel::Real, form.quantizeForm,
                           builder.getDenseF64ArrayAttr(
                               type.getScale() / form.resultType.getScale()),
                           {}, {}, type.getZeroPoint(), 0,
                           form.resultType.getZeroPoint(), form.lo, form.hi);
      value = RequantizeOp::create(
          builder, op->getLoc(),
          cast<RankedTensorType>(value.getType()).clone(form.resultType), value,
          Value(), requant, /*scaled_bias=*/false);
    }
    form.activations.push_back(value);
  }
  std::string name = getTensorName(region.quantize.getOutput()).str();
  if (std::optional<unsigned> i = op.getWeightOperand()) {
    FailureOr<Value> weights =
        quantizeConstant(builder, op->getOperand(*i), name + "_weights");
    if (failed(weights)) {
      reason = "its weights are not a constant";
      return failure();
    }
    form.weights = *weights;
  }
  if (std::optional<unsigned> i = op.getBiasOperand())
    form.bias = op->getOperand(*i);

  FailureOr<Value> result = op.buildIntegerForm(builder, form, reason);
  if (failed(result))
    return failure();
  // A movement op was cloned with its own name.
  result->getDefiningOp()->removeAttr(kNameAttr);
  copyTensorName(region.quantize, result->getDefiningOp());
  region.quantize.getOutput().replaceAllUsesWith(*result);
  eraseDeadChain(region.quantize);
  return success();
}

namespace {
struct Integerize : hwq::impl::IntegerizePassBase<Integerize> {
  void getDependentDialects(DialectRegistry &registry) const override {
    IntegerizePassBase::getDependentDialects(registry);
    registerTosaExternalModels(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Step0, getArgument())) ||
        failed(checkRanked(module)))
      return signalPassFailure();
    SmallVector<QuantizableOpInterface> ops;
    module.walk([&](QuantizableOpInterface op) { ops.push_back(op); });
    unsigned integers = 0;
    llvm::SmallPtrSet<Operation *, 8> fused;
    for (QuantizableOpInterface op : ops) {
      // Erased together with the op that computes it.
      if (fused.contains(op))
        continue;
      std::optional<QuantizedUnit> region = match(op);
      if (!region)
        continue;
      Operation *clamp = region->clamp;
      StringRef kind = op.getOpKind();
      Location loc = op->getLoc();
      std::string reason;
      if (succeeded(integerize(*region, reason))) {
        ++integers;
        if (clamp)
          fused.insert(clamp);
        continue;
      }
      remark::missed(loc, remark::RemarkOpts::name("Integerize")
                              .category("hwq")
                              .subCategory("integerize"))
          << remark::reason("{0} stays float: {1}", kind, reason);
    }
    // What failed attempts and erased units left behind.
    eraseDeadOps(module);
    if (integers == 0) {
      emitError(module.getLoc())
          << "'" << getArgument()
          << "' found no op between dequantize and quantize that "
             "has an integer form";
      return signalPassFailure();
    }
    setForm(module, Form::Step1);
  }
};
} // namespace
