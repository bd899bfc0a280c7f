//===- SelectKernels.cpp - Multipliers and shifts -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Numerics/Add.h"
#include "hwq/Numerics/AvgPool.h"

namespace hwq {
#define GEN_PASS_DEF_SELECTKERNELSPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

/// `attr` with the backend's multipliers for `scales`; zero points and clamp as
/// they are.
static RequantAttr withMultipliers(RequantAttr attr,
                                   numerics::RequantizeKernel kernel,
                                   ArrayRef<double> scales, int32_t leftShift,
                                   ArrayRef<numerics::Multiplier> multipliers) {
  Builder builder(attr.getContext());
  SmallVector<int32_t> m, s;
  for (const numerics::Multiplier &value : multipliers) {
    m.push_back(value.multiplier);
    s.push_back(value.shift);
  }
  return RequantAttr::get(
      attr.getContext(), kernel, numerics::QuantizeForm::Q1,
      builder.getDenseF64ArrayAttr(scales), builder.getDenseI32ArrayAttr(m),
      builder.getDenseI32ArrayAttr(s), attr.getInputZeroPoint(), leftShift,
      attr.getZeroPoint(), attr.getLo(), attr.getHi());
}

/// The kernel, and its own multipliers.
static LogicalResult checkKernel(Operation *op, const Backend &backend,
                                 StringRef pass, StringRef field,
                                 numerics::RequantizeKernel kernel) {
  auto emit = [&] { return emitError(op->getLoc()); };
  if (failed(checkImplemented(emit, backend, pass, field, kernel,
                              ArrayRef{numerics::RequantizeKernel::R1,
                                       numerics::RequantizeKernel::R2})))
    return failure();
  if (!backend.multiplierRule)
    return success();
  return checkImplemented(emit, backend, pass, "multiplier_rule",
                          *backend.multiplierRule,
                          ArrayRef{*numerics::multiplierRuleOf(kernel)});
}

/// A concatenation whose operands are rescaled, as if alone, by the backend's
/// kernel.
static LogicalResult check(tosa::ConcatOp op, const Backend &backend,
                           StringRef pass) {
  using numerics::ConcatVariant;
  if (llvm::none_of(op->getOperands(), [](Value operand) {
        return isa_and_present<RequantizeOp>(operand.getDefiningOp());
      }))
    return success();
  SmallVector<ConcatVariant> variants = {ConcatVariant::Tflite};
  if (backend.requantizeKernel == numerics::RequantizeKernel::R2)
    variants.push_back(ConcatVariant::Snpe);
  return checkImplemented([&] { return emitError(op.getLoc()); }, backend, pass,
                          "concat", backend.concat,
                          ArrayRef<ConcatVariant>(variants));
}

/// The average pools whose result depends on nothing but the sum of the codes
/// and the number of taps.
static LogicalResult select(AvgPool2DOp op, const Backend &backend,
                            StringRef pass) {
  SmallVector<numerics::AvgPoolVariant> variants;
  for (numerics::AvgPoolVariant variant :
       numerics::allValues<numerics::AvgPoolVariant>())
    if (numerics::keepsParameters(variant))
      variants.push_back(variant);
  if (failed(checkImplemented([&] { return emitError(op.getLoc()); }, backend,
                              pass, "avg_pool", backend.avgPool,
                              ArrayRef<numerics::AvgPoolVariant>(variants))))
    return failure();
  op.setVariantAttr(AvgPoolVariantAttr::get(op.getContext(), backend.avgPool));
  return success();
}

/// `what` is the part of the op that the multiplier is for.
static LogicalResult checkShift(Operation *op, const Backend &backend,
                                numerics::Multiplier m, const Twine &what) {
  if (m.shift < backend.shiftMin || m.shift > backend.shiftMax)
    return op->emitError() << what << " of " << describeTensor(op->getResult(0))
                           << " needs the shift " << m.shift
                           << ", expected one in [" << backend.shiftMin << ", "
                           << backend.shiftMax << "]";
  return success();
}

static LogicalResult select(RequantizeOp op, const Backend &backend,
                            StringRef pass) {
  RequantAttr attr = op.getRequant();
  if (!attr.isReal())
    return success();
  if (op.getBias())
    return op.emitError() << "the bias of " << describeTensor(op.getOutput())
                          << " is still real";
  bool fullyConnected =
      isa_and_present<FullyConnectedOp>(op.getInput().getDefiningOp());
  numerics::RequantizeKernel kernel =
      fullyConnected ? backend.fullyConnectedKernel : backend.requantizeKernel;
  StringRef field = kernel == backend.requantizeKernel
                        ? "requantize_kernel"
                        : "fully_connected_kernel";
  if (failed(checkKernel(op, backend, pass, field, kernel)))
    return failure();
  SmallVector<numerics::Multiplier> multipliers;
  for (auto [c, scale] : llvm::enumerate(attr.getScales().asArrayRef())) {
    numerics::Result<numerics::Multiplier> m =
        numerics::chooseMultiplier(kernel, scale);
    if (!m)
      return op.emitError()
             << "channel " << c << " of " << describeTensor(op.getOutput())
             << ": " << m.error();
    if (failed(checkShift(op, backend, *m, "channel " + Twine(c))))
      return failure();
    multipliers.push_back(*m);
  }
  op.setRequantAttr(withMultipliers(attr, kernel, attr.getScales().asArrayRef(),
                                    attr.getLeftShift(), multipliers));
  return success();
}

static LogicalResult select(hwq::AddOp op, const Backend &backend,
                            StringRef pass) {
  if (!op.getRequant().isReal())
    return success();
  numerics::RequantizeKernel kernel = backend.requantizeKernel;
  if (failed(checkKernel(op, backend, pass, "requantize_kernel", kernel)))
    return failure();
  numerics::Result<numerics::AddParams> params = numerics::deriveAdd(
      backend.add, kernel, getParams(getUniformType(op.getLhs())),
      getParams(getUniformType(op.getRhs())),
      getParams(getUniformType(op.getOutput())));
  if (!params)
    return op.emitError() << "the addition " << describeTensor(op.getOutput())
                          << ": " << params.error();
  if (failed(checkShift(op, backend, params->lhs, "the left operand")) ||
      failed(checkShift(op, backend, params->rhs, "the right operand")) ||
      failed(checkShift(op, backend, params->output, "the sum")))
    return failure();
  double unit = std::ldexp(1.0, -params->leftShift);
  auto scale = [](RequantAttr attr) { return attr.getScales()[0]; };
  op.setLhsRequantAttr(withMultipliers(op.getLhsRequant(), kernel,
                                       scale(op.getLhsRequant()),
                                       params->leftShift, params->lhs));
  op.setRhsRequantAttr(withMultipliers(op.getRhsRequant(), kernel,
                                       scale(op.getRhsRequant()),
                                       params->leftShift, params->rhs));
  op.setRequantAttr(withMultipliers(op.getRequant(), kernel,
                                    scale(op.getRequant()) * unit,
                                    /*leftShift=*/0, params->output));
  op.setVariantAttr(AddVariantAttr::get(op.getContext(), backend.add));
  return success();
}

namespace {
struct SelectKernels : hwq::impl::SelectKernelsPassBase<SelectKernels> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Step3, getArgument())))
      return signalPassFailure();
    FailureOr<Backend> backend = getBackend(module, getArgument());
    if (failed(backend))
      return signalPassFailure();
    WalkResult result = module.walk([&](Operation *op) {
      if (auto requantize = dyn_cast<RequantizeOp>(op))
        return WalkResult(select(requantize, *backend, getArgument()));
      if (auto add = dyn_cast<hwq::AddOp>(op))
        return WalkResult(select(add, *backend, getArgument()));
      if (auto pool = dyn_cast<AvgPool2DOp>(op))
        return WalkResult(select(pool, *backend, getArgument()));
      if (auto concat = dyn_cast<tosa::ConcatOp>(op))
        return WalkResult(check(concat, *backend, getArgument()));
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    setForm(module, Form::Step4);
  }
};
} // namespace
