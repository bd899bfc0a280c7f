//===- FloatKernels.cpp - Kernels of quant_hw's float ops -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatKernels.h"
#include "FloatDot.h"
#include "FloatDotKernel.h"
#include "KernelUtils.h"
#include <algorithm>
#include <cmath>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

namespace {

// Weights and, where there is one, the bias of a dot product.
LogicalResult readParameters(Operation *op, const KernelContext &context,
                             Value weights, Value bias, Tensor &weightTensor,
                             Tensor &biasTensor) {
  const Tensor *w = context.getConstant(weights);
  if (!w)
    return op->emitOpError("expected constant weights to execute it");
  weightTensor = *w;
  if (!bias)
    return success();
  const Tensor *b = context.getConstant(bias);
  if (!b)
    return op->emitOpError("expected a constant bias to execute it");
  biasTensor = *b;
  return success();
}

std::array<int64_t, 2> pairOf(ArrayRef<int64_t> values) {
  return {values[0], values[1]};
}

// One softmax over `size` values `step` apart.
void softmaxLine(const float *x, float *y, int64_t size, int64_t step) {
  float top = x[0];
  for (int64_t i = 1; i < size; ++i)
    top = std::max(top, x[i * step]);
  // Thousands of classes: a sum in f32 would be off by 1e-4.
  double sum = 0.0;
  for (int64_t i = 0; i < size; ++i) {
    float e = std::exp(x[i * step] - top);
    y[i * step] = e;
    sum += e;
  }
  for (int64_t i = 0; i < size; ++i)
    y[i * step] /= static_cast<float>(sum);
}

template <typename Fn> std::unique_ptr<Kernel> unaryKernel(Fn fn) {
  return makeKernel([fn](ArrayRef<Tensor> operands,
                         MutableArrayRef<Tensor> results,
                         Workspace &workspace) -> llvm::Error {
    Tensor y = workspace.allocate(DType::F32, operands[0].shape());
    const float *from = operands[0].data<float>();
    float *to = y.data<float>();
    for (int64_t i = 0, e = y.numElements(); i < e; ++i)
      to[i] = fn(from[i]);
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

KernelOr buildUnary(UnaryOp op, const KernelContext &) {
  switch (op.getKind()) {
  case UnaryKind::HardSwish:
    return unaryKernel([](float x) {
      float t = x + 3.0f;
      t = t < 0.0f ? 0.0f : t;
      t = t > 6.0f ? 6.0f : t;
      return x * t / 6.0f;
    });
  case UnaryKind::LeakyRelu: {
    std::optional<APFloat> alpha = op.getAlpha();
    if (!alpha)
      return op.emitOpError("expected 'alpha' for leaky_relu");
    return unaryKernel([a = alpha->convertToFloat()](float x) {
      return x < 0.0f ? a * x : x;
    });
  }
  case UnaryKind::Identity:
    return unaryKernel([](float x) { return x; });
  case UnaryKind::Table:
    return unaryKernel([function = op.getUnaryFunction()](float x) {
      return static_cast<float>(function(x));
    });
  }
  return op.emitOpError("has a kind that can't be executed");
}

} // namespace

KernelOr hwq::runtime::buildFloatConv2DKernel(Conv2DOp op,
                                              const KernelContext &context) {
  Tensor weights, bias;
  if (failed(readParameters(op, context, op.getWeights(), op.getBias(), weights,
                            bias)))
    return failure();
  ConvGeometry g;
  std::copy_n(op.getPad().begin(), 4, g.pad.begin());
  g.stride = pairOf(op.getStride());
  g.dilation = pairOf(op.getDilation());
  g.groups = op.getGroups();
  return dotKernel(op, FloatConvolution::create(g, weights, bias));
}

KernelOr
hwq::runtime::buildFloatFullyConnectedKernel(FullyConnectedOp op,
                                             const KernelContext &context) {
  Tensor weights, bias;
  if (failed(readParameters(op, context, op.getWeights(), op.getBias(), weights,
                            bias)))
    return failure();
  return dotKernel(op, FloatInnerProduct::create(weights, bias));
}

KernelOr
hwq::runtime::buildFloatTransposeConv2DKernel(TransposeConv2DOp op,
                                              const KernelContext &context) {
  Tensor weights, bias;
  if (failed(readParameters(op, context, op.getWeights(), op.getBias(), weights,
                            bias)))
    return failure();
  ConvGeometry g;
  std::copy_n(op.getPad().begin(), 4, g.pad.begin());
  g.stride = pairOf(op.getStride());
  g.dilation = pairOf(op.getDilation());
  g.outputPad = pairOf(op.getOutputPad());
  g.groups = op.getGroups();
  return dotKernel(op, FloatTransposeConvolution::create(g, weights, bias));
}

KernelOr hwq::runtime::buildFloatMatMulKernel(MatMulOp op) {
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

KernelOr hwq::runtime::buildFloatSoftmaxKernel(SoftmaxOp op) {
  int64_t axis = op.getAxis();
  return makeKernel(
      [axis, label = opLabel(op)](ArrayRef<Tensor> operands,
                                  MutableArrayRef<Tensor> results,
                                  Workspace &workspace) -> llvm::Error {
        const Tensor &x = operands[0];
        if (axis < 0 || axis >= x.rank())
          return kernelError(label, "axis " + llvm::Twine(axis) +
                                        " is outside of " +
                                        shapeToString(x.shape()));
        Tensor y = workspace.allocate(DType::F32, x.shape());
        int64_t size = x.dim(axis), inner = 1;
        for (int64_t i = axis + 1; i < x.rank(); ++i)
          inner *= x.dim(i);
        if (x.numElements() != 0) {
          int64_t outer = x.numElements() / (size * inner);
          for (int64_t o = 0; o < outer; ++o)
            for (int64_t i = 0; i < inner; ++i)
              softmaxLine(x.data<float>() + o * size * inner + i,
                          y.data<float>() + o * size * inner + i, size, inner);
        }
        results[0] = std::move(y);
        return llvm::Error::success();
      });
}

void hwq::runtime::registerFloatModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, QuantHWDialect *) {
    attachKernel<UnaryOp, buildUnary>(*context);
  });
}
