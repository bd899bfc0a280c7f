//===- QuantHWToSNPE.cpp - Step 4 to the snpe dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Conversion/Passes.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/Transforms/DialectConversion.h"

namespace hwq {
#define GEN_PASS_DEF_CONVERTQUANTHWTOSNPEPASS
#include "hwq/Conversion/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

static snpe::EncodingAttr getEncoding(Value value) {
  return snpe::EncodingAttr::get(cast<quant::UniformQuantizedType>(
      cast<RankedTensorType>(value.getType()).getElementType()));
}

/// Replaces `op`; the name goes with it.
template <typename NewOp, typename... Args>
static LogicalResult replace(ConversionPatternRewriter &rewriter, Operation *op,
                             Args &&...args) {
  auto target = NewOp::create(rewriter, op->getLoc(), op->getResultTypes(),
                              std::forward<Args>(args)...);
  copyTensorName(op, target);
  rewriter.replaceOp(op, target->getResults());
  return success();
}

/// SNPE's layers always have a bias.
template <typename DotOp>
static Value getBias(DotOp op, ConversionPatternRewriter &rewriter) {
  if (op.getBias())
    return op.getBias();
  int64_t channels = op.getWeights().getType().getDimSize(0);
  return createConstant(rewriter, op.getLoc(), {channels},
                        ArrayRef<int32_t>(std::vector<int32_t>(channels)),
                        getTensorName(op.getOutput()).str() + "_bias");
}

namespace {

struct ConvertConv2D : OpConversionPattern<Conv2DOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(Conv2DOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    return replace<snpe::Conv2DOp>(
        rewriter, op, op.getInput(), op.getWeights(), getBias(op, rewriter),
        op.getPadAttr(), op.getStrideAttr(), op.getDilationAttr(),
        op.getGroupsAttr(), op.getPadValueAttr(), op.getRequantAttr(),
        getEncoding(op.getOutput()));
  }
};

struct ConvertFullyConnected : OpConversionPattern<FullyConnectedOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(FullyConnectedOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    return replace<snpe::FullyConnectedOp>(
        rewriter, op, op.getInput(), op.getWeights(), getBias(op, rewriter),
        op.getRequantAttr(), getEncoding(op.getOutput()));
  }
};

struct ConvertAdd : OpConversionPattern<hwq::AddOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(hwq::AddOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    return replace<snpe::EltwiseAddOp>(
        rewriter, op, op.getLhs(), op.getRhs(), op.getLhsRequantAttr(),
        op.getRhsRequantAttr(), op.getRequantAttr(), op.getVariantAttr(),
        getEncoding(op.getOutput()));
  }
};

struct ConvertAvgPool2D : OpConversionPattern<AvgPool2DOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(AvgPool2DOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    return replace<snpe::PoolAvg2DOp>(
        rewriter, op, op.getInput(), op.getKernelAttr(), op.getStrideAttr(),
        op.getPadAttr(), op.getVariantAttr(), op.getClampAttr(),
        getEncoding(op.getOutput()));
  }
};

struct ConvertRequantize : OpConversionPattern<RequantizeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(RequantizeOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    return replace<snpe::ConvertOp>(rewriter, op, op.getInput(),
                                    op.getRequantAttr(),
                                    getEncoding(op.getOutput()));
  }
};

struct ConvertQuantize : OpConversionPattern<QuantizeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(QuantizeOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    return replace<snpe::QuantizeOp>(rewriter, op, op.getInput(),
                                     op.getFormAttr(),
                                     getEncoding(op.getOutput()));
  }
};

struct ConvertDequantize : OpConversionPattern<DequantizeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(DequantizeOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    return replace<snpe::DequantizeOp>(rewriter, op, op.getInput(),
                                       getEncoding(op.getInput()));
  }
};

/// Quantized and dequantized weights of an op that stayed float have no layer;
/// everything else that is not float must become one.
static bool isLegal(Operation *op) {
  if (isa<QuantizeOp, DequantizeOp>(op))
    return !isa<quant::UniformQuantizedType>(
        cast<RankedTensorType>(isa<QuantizeOp>(op)
                                   ? op->getResult(0).getType()
                                   : op->getOperand(0).getType())
            .getElementType());
  auto isFloat = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.getElementType().isF32();
  };
  return llvm::all_of(op->getOperandTypes(), isFloat) &&
         llvm::all_of(op->getResultTypes(), isFloat);
}

/// The tensor that an op computes; an accumulator has the name of what its only
/// reader makes of it.
static std::string describeResult(Operation *op) {
  Value result = op->getResult(0);
  if (getTensorName(result).empty() && result.hasOneUse() &&
      result.user_begin()->getNumResults() == 1)
    result = result.user_begin()->getResult(0);
  return describeTensor(result);
}

/// What the op must be to have a layer; empty if it is that.
static StringRef getMissing(Operation *op) {
  if (auto conv = dyn_cast<Conv2DOp>(op))
    return conv.getRequant() && conv.getRawInput()
               ? ""
               : "a requantized convolution with the zero point folded";
  if (auto product = dyn_cast<FullyConnectedOp>(op))
    return product.getRequant() && product.getRawInput()
               ? ""
               : "a requantized product with the zero point folded";
  if (auto add = dyn_cast<hwq::AddOp>(op))
    return add.getVariant() ? "" : "an addition by multiplier and shift";
  if (auto pool = dyn_cast<AvgPool2DOp>(op))
    return pool.getVariant() ? "" : "an integer average";
  if (auto requantize = dyn_cast<RequantizeOp>(op))
    return !requantize.getRequant().isReal() &&
                   isa<quant::UniformQuantizedType>(
                       requantize.getInput().getType().getElementType())
               ? ""
               : "a requantization of codes by multiplier and shift";
  return "";
}

/// Every op that is not float has a layer, on codes of 8 bits.
static LogicalResult checkExpressible(Operation *op) {
  if (!isa_and_present<QuantHWDialect>(op->getDialect()) || isLegal(op))
    return success();
  if (StringRef missing = getMissing(op); !missing.empty())
    return op->emitError() << "'" << op->getName() << "' of "
                           << describeResult(op)
                           << " has no layer in SNPE, expected " << missing;
  for (Value value : llvm::concat<Value>(llvm::to_vector(op->getOperands()),
                                         llvm::to_vector(op->getResults()))) {
    auto type =
        dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(value.getType()));
    // A narrow grid has an encoding too: that of the whole one.
    if (type && (type.getStorageTypeIntegralWidth() != 8 ||
                 type.getStorageTypeMax() - type.getStorageTypeMin() < 254))
      return op->emitError() << "tensor " << describeTensor(value)
                             << " has no encoding in SNPE, expected codes of 8 "
                                "bits, got "
                             << type;
    // Those of weights lie along axis 0.
    if (auto perAxis =
            dyn_cast_if_present<quant::UniformQuantizedPerAxisType>(type);
        perAxis && perAxis.getQuantizedDimension() != 0)
      return op->emitError() << "tensor " << describeTensor(value)
                             << " has no encoding in SNPE, expected one scale, "
                                "got one per channel";
  }
  return success();
}

struct ConvertQuantHWToSNPE
    : hwq::impl::ConvertQuantHWToSNPEPassBase<ConvertQuantHWToSNPE> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    MLIRContext *context = &getContext();
    if (failed(checkForm(module, Form::Step4, getArgument())))
      return signalPassFailure();
    WalkResult result = module.walk(
        [](Operation *op) { return WalkResult(checkExpressible(op)); });
    if (result.wasInterrupted())
      return signalPassFailure();
    ConversionTarget target(*context);
    target.addLegalDialect<snpe::SNPEDialect>();
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    target.addDynamicallyLegalDialect<QuantHWDialect>(isLegal);
    RewritePatternSet patterns(context);
    patterns
        .add<ConvertConv2D, ConvertFullyConnected, ConvertAdd, ConvertAvgPool2D,
             ConvertRequantize, ConvertQuantize, ConvertDequantize>(context);
    if (failed(applyPartialConversion(module, target, std::move(patterns))))
      return signalPassFailure();
    setForm(module, Form::Target);
  }
};

} // namespace
