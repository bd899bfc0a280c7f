//===- TosaDot.cpp - TOSA's dot products -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatDot.h"
#include "FloatDotKernel.h"
#include "TosaArrays.h"
#include "TosaModels.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace hwq::runtime;
using namespace mlir;

namespace {

template <typename OpT>
LogicalResult readParameters(OpT op, const KernelContext &context,
                             int64_t outputs, Tensor &weights, Tensor &bias) {
  if (failed(requireF32(op, op.getInput())) ||
      failed(requireF32(op, op.getWeight())) ||
      failed(requireF32(op, op.getBias())) ||
      failed(requireZeroPoint0(op, context, op.getInputZp(), "input")) ||
      failed(requireZeroPoint0(op, context, op.getWeightZp(), "weight")))
    return failure();
  const Tensor *w = context.getConstant(op.getWeight());
  const Tensor *b = context.getConstant(op.getBias());
  if (!w || !b)
    return op.emitOpError("expected constant weights and bias to execute it");
  weights = *w;
  bias = *b;
  // One value stands for all channels.
  if (bias.numElements() == 1 && outputs != 1) {
    Tensor full = Tensor::allocate(DType::F32, {outputs});
    fillElements(full.raw(), outputs, bias.raw(), sizeof(float));
    bias = full;
  }
  return success();
}

template <typename OpT> ConvGeometry geometryOf(OpT op) {
  ConvGeometry g;
  std::copy_n(op.getPad().begin(), 4, g.pad.begin());
  std::copy_n(op.getStride().begin(), 2, g.stride.begin());
  std::copy_n(op.getDilation().begin(), 2, g.dilation.begin());
  return g;
}

KernelOr buildConv2D(tosa::Conv2DOp op, const KernelContext &context) {
  if (isOnI8(op))
    return buildIntegerTosaConv2D(op, context);
  auto type = cast<ShapedType>(op.getWeight().getType());
  Tensor weights, bias;
  if (failed(readParameters(op, context, type.getDimSize(0), weights, bias)))
    return failure();
  return dotKernel(op, FloatConvolution::create(geometryOf(op), weights, bias));
}

KernelOr buildDepthwiseConv2D(tosa::DepthwiseConv2DOp op,
                              const KernelContext &context) {
  if (isOnI8(op))
    return buildIntegerTosaDepthwiseConv2D(op, context);
  auto type = cast<ShapedType>(op.getWeight().getType());
  int64_t channels = type.getDimSize(2), multiplier = type.getDimSize(3);
  Tensor weights, bias;
  if (failed(readParameters(op, context, channels * multiplier, weights, bias)))
    return failure();
  // KH,KW,C,M to C*M,KH,KW,1.
  int64_t taps = weights.dim(0) * weights.dim(1);
  int64_t outputs = channels * multiplier;
  Tensor packed = Tensor::allocate(
      DType::F32, {outputs, weights.dim(0), weights.dim(1), 1});
  copyStrided(packed.raw(), {taps, 1}, weights.raw(), {1, outputs},
              {outputs, taps}, sizeof(float));
  ConvGeometry g = geometryOf(op);
  g.groups = channels;
  return dotKernel(op, FloatConvolution::create(g, packed, bias));
}

KernelOr buildTransposeConv2D(tosa::TransposeConv2DOp op,
                              const KernelContext &context) {
  if (isOnI8(op))
    return buildIntegerTosaTransposeConv2D(op, context);
  auto type = cast<ShapedType>(op.getWeight().getType());
  Tensor weights, bias;
  if (failed(readParameters(op, context, type.getDimSize(0), weights, bias)))
    return failure();
  ConvGeometry g;
  for (int i = 0; i < 4; ++i)
    g.pad[i] = -op.getOutPad()[i];
  std::copy_n(op.getStride().begin(), 2, g.stride.begin());
  return dotKernel(op, FloatTransposeConvolution::create(g, weights, bias));
}

KernelOr buildMatMul(tosa::MatMulOp op, const KernelContext &context) {
  if (isOnI8(op))
    return buildIntegerTosaMatMul(op, context);
  if (failed(requireF32(op, op.getA())) || failed(requireF32(op, op.getB())) ||
      failed(requireZeroPoint0(op, context, op.getAZp(), "a")) ||
      failed(requireZeroPoint0(op, context, op.getBZp(), "b")))
    return failure();
  return makeKernel([matmul = std::make_unique<FloatMatMul>(),
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    llvm::Expected<Tensor> y = matmul->run(operands[0], operands[1], workspace);
    if (!y)
      return kernelError(label, llvm::toString(y.takeError()));
    results[0] = std::move(*y);
    return llvm::Error::success();
  });
}

} // namespace

void hwq::runtime::attachTosaDotModels(MLIRContext &context) {
  attachKernel<tosa::Conv2DOp, buildConv2D>(context);
  attachKernel<tosa::DepthwiseConv2DOp, buildDepthwiseConv2D>(context);
  attachKernel<tosa::TransposeConv2DOp, buildTransposeConv2D>(context);
  attachKernel<tosa::MatMulOp, buildMatMul>(context);
}
