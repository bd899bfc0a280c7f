//===- IntegerConv.h - Kernels of convolutions of codes ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_INTEGERCONV_H
#define HWQ_LIB_RUNTIME_INTEGERCONV_H

#include "IntegerDot.h"
#include "KernelUtils.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include <functional>
#include <optional>

namespace hwq::runtime {

/// A transposed convolution reads an image with other pixels between and around
/// its own: a convolution without stride and padding. So is padding with codes
/// of each channel.
struct Spread {
  /// Of the image that is read.
  int64_t height = 0, width = 0;
  /// Of the first pixel, negative where the padding cuts it off.
  int64_t top = 0, left = 0;
  int64_t strideH = 1, strideW = 1;
  /// A byte: what stands between and around the pixels.
  int32_t code = 0;
  /// The same where the channels have different ones; else empty.
  std::vector<uint8_t> codes;

  /// [n, H, W, C] of 8-bit codes.
  Tensor apply(const Tensor &x, Workspace &workspace) const;
};

/// requant(sum((x - inputZeroPoint) * (w - weightZeroPoint)) + bias) as an op
/// has it; padding consists of `padCode`, or of a code for each channel.
struct CodeDot {
  mlir::Operation *op = nullptr;
  /// `weights` [O, KH, KW, I/groups] or [O, I]; `bias` may be null.
  const Tensor *weights = nullptr, *bias = nullptr;
  DType input = DType::I8, output = DType::I32;
  /// Null where accumulators are the result.
  RequantAttr requant;
  /// Of an input channel.
  std::function<int64_t(int64_t)> inputZeroPoint;
  int32_t padCode = 0;
  /// Of the input channels, bytes; empty where `padCode` is theirs.
  std::vector<uint8_t> padCodes;
  /// Of an output channel.
  std::function<int64_t(int64_t)> weightZeroPoint;

  /// Sizes; weights are filled in.
  DotProblem problem;
  std::optional<Spread> spread;
  /// A transposed convolution: the taps in reverse order.
  bool reversed = false;
  /// Without the batch.
  Tensor::Shape inputShape, resultTail;
  bool matrixProduct = false;

  /// The sizes of a convolution, N,H,W,C on both sides, and of a transposed
  /// one. Errors, on the op: dynamic ones.
  mlir::LogicalResult setConvolution(mlir::Value input, mlir::Value result,
                                     llvm::ArrayRef<int64_t> kernel,
                                     llvm::ArrayRef<int64_t> pad,
                                     llvm::ArrayRef<int64_t> stride,
                                     llvm::ArrayRef<int64_t> dilation,
                                     int64_t groups);
  mlir::LogicalResult setTransposed(mlir::Value input, mlir::Value result,
                                    llvm::ArrayRef<int64_t> kernel,
                                    llvm::ArrayRef<int64_t> pad,
                                    llvm::ArrayRef<int64_t> stride,
                                    llvm::ArrayRef<int64_t> dilation,
                                    int64_t groups);

private:
  mlir::LogicalResult setSizes(mlir::Value input, mlir::Value result,
                               llvm::ArrayRef<int64_t> kernel,
                               llvm::ArrayRef<int64_t> dilation,
                               int64_t groups);
};

/// Emits errors on the op: weights that are not of 8 bits, accumulators beyond
/// 32 bits, and what IntegerDot cannot compute.
KernelOr buildCodeDot(CodeDot dot);

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_INTEGERCONV_H
