//===- SNPEModels.cpp - Kernels of the snpe dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layer of SNPE computes what one op of quant_hw's step 4 computes, so its
// kernel is that op's: the arithmetic is defined once.
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/SNPE/IR/SNPE.h"
#include "hwq/Runtime/EvaluatableOpInterface.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace hwq;

static Operation *toStep4(OpBuilder &builder, snpe::Conv2DOp op) {
  return Conv2DOp::create(builder, op.getLoc(), op.getOutput().getType(),
                          op.getInput(), op.getWeights(), op.getBias(),
                          op.getPadAttr(), op.getStrideAttr(),
                          op.getDilationAttr(), op.getGroupsAttr(),
                          builder.getUnitAttr(), op.getPadValueAttr(),
                          op.getRequantAttr());
}

static Operation *toStep4(OpBuilder &builder, snpe::FullyConnectedOp op) {
  return FullyConnectedOp::create(
      builder, op.getLoc(), op.getOutput().getType(), op.getInput(),
      op.getWeights(), op.getBias(), builder.getUnitAttr(),
      op.getRequantAttr());
}

static Operation *toStep4(OpBuilder &builder, snpe::EltwiseAddOp op) {
  return hwq::AddOp::create(builder, op.getLoc(), op.getOutput().getType(),
                            op.getLhs(), op.getRhs(), op.getLhsRequantAttr(),
                            op.getRhsRequantAttr(), op.getRequantAttr(),
                            op.getVariantAttr());
}

static Operation *toStep4(OpBuilder &builder, snpe::PoolAvg2DOp op) {
  return AvgPool2DOp::create(
      builder, op.getLoc(), op.getOutput().getType(), op.getInput(),
      op.getKernelAttr(), op.getStrideAttr(), op.getPadAttr(),
      QuantizeFormAttr::get(op.getContext(), numerics::QuantizeForm::Q1),
      op.getVariantAttr(), /*requant=*/RequantAttr(), op.getClampAttr());
}

static Operation *toStep4(OpBuilder &builder, snpe::ConvertOp op) {
  return RequantizeOp::create(builder, op.getLoc(), op.getOutput().getType(),
                              op.getInput(), /*bias=*/Value(),
                              op.getRequantAttr(), /*scaled_bias=*/false);
}

static Operation *toStep4(OpBuilder &builder, snpe::QuantizeOp op) {
  return QuantizeOp::create(builder, op.getLoc(), op.getOutput().getType(),
                            op.getInput(), op.getFormAttr());
}

static Operation *toStep4(OpBuilder &builder, snpe::DequantizeOp op) {
  return DequantizeOp::create(builder, op.getLoc(), op.getOutput().getType(),
                              op.getInput());
}

namespace {
template <typename Op>
struct Step4Model
    : EvaluatableOpInterface::ExternalModel<Step4Model<Op>, Op> {
  FailureOr<std::unique_ptr<runtime::Kernel>>
  buildKernel(Operation *op, const runtime::KernelContext &context) const {
    OpBuilder builder(op->getContext());
    OwningOpRef<Operation *> twin(toStep4(builder, cast<Op>(op)));
    return cast<EvaluatableOpInterface>(*twin).buildKernel(context);
  }
};
} // namespace

void hwq::runtime::registerSNPEModels(DialectRegistry &registry) {
  registry.insert<QuantHWDialect>();
  registry.addExtension(+[](MLIRContext *context, snpe::SNPEDialect *) {
    context->loadDialect<QuantHWDialect>();
    snpe::Conv2DOp::attachInterface<Step4Model<snpe::Conv2DOp>>(*context);
    snpe::FullyConnectedOp::attachInterface<
        Step4Model<snpe::FullyConnectedOp>>(*context);
    snpe::EltwiseAddOp::attachInterface<Step4Model<snpe::EltwiseAddOp>>(
        *context);
    snpe::PoolAvg2DOp::attachInterface<Step4Model<snpe::PoolAvg2DOp>>(*context);
    snpe::ConvertOp::attachInterface<Step4Model<snpe::ConvertOp>>(*context);
    snpe::QuantizeOp::attachInterface<Step4Model<snpe::QuantizeOp>>(*context);
    snpe::DequantizeOp::attachInterface<Step4Model<snpe::DequantizeOp>>(
        *context);
  });
}
