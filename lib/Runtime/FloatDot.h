//===- FloatDot.h - Dot products in f32 by oneDNN ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Convolution, transposed convolution and matrix products on f32 tensors, NHWC.
// Each object is made once, for any batch size; the primitive of a shape is
// created and the weights are packed for it when the shape is first seen. `run`
// is thread-safe. Errors: shapes that do not fit, or what oneDNN reports.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_FLOATDOT_H
#define HWQ_LIB_RUNTIME_FLOATDOT_H

#include "hwq/Runtime/Kernel.h"
#include "hwq/Runtime/Tensor.h"
#include "llvm/Support/Error.h"
#include <array>
#include <memory>

namespace hwq::runtime {

/// Geometry of a (transposed) convolution.
struct ConvGeometry {
  /// Top, bottom, left, right. Negative values: transposed only (a larger
  /// output, zero but for the bias).
  std::array<int64_t, 4> pad{};
  std::array<int64_t, 2> stride{1, 1};
  std::array<int64_t, 2> dilation{1, 1};
  int64_t groups = 1;
  /// Transposed only: added to the output at the bottom and right.
  std::array<int64_t, 2> outputPad{};
};

/// y[n,oh,ow,o] = sum x[n, oh*s + kh*d - top, ..., i] w[o,kh,kw,i] + b[o];
/// weights [O,KH,KW,I/groups], bias [O] or null.
class FloatConvolution {
public:
  static llvm::Expected<std::unique_ptr<FloatConvolution>>
  create(const ConvGeometry &geometry, Tensor weights, Tensor bias);
  ~FloatConvolution();
  llvm::Expected<Tensor> run(const Tensor &x, Workspace &workspace) const;

private:
  struct Impl;
  explicit FloatConvolution(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

/// y[n, ih*s + kh*d - top, ..., o] += x[n,ih,iw,i] w[o,kh,kw,i]; y starts as
/// the bias. Weights and bias as for FloatConvolution; OH = (H-1)*s + (KH-1)*d
/// + 1 - top - bottom + outputPad.
class FloatTransposeConvolution {
public:
  static llvm::Expected<std::unique_ptr<FloatTransposeConvolution>>
  create(const ConvGeometry &geometry, Tensor weights, Tensor bias);
  ~FloatTransposeConvolution();
  llvm::Expected<Tensor> run(const Tensor &x, Workspace &workspace) const;

private:
  struct Impl;
  explicit FloatTransposeConvolution(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

/// y[...,o] = sum x[...,i] w[o,i] + b[o]; weights [O,I], bias [O] or null.
class FloatInnerProduct {
public:
  static llvm::Expected<std::unique_ptr<FloatInnerProduct>>
  create(Tensor weights, Tensor bias);
  ~FloatInnerProduct();
  llvm::Expected<Tensor> run(const Tensor &x, Workspace &workspace) const;

private:
  struct Impl;
  explicit FloatInnerProduct(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

/// [...,M,K] times [...,K,N]; leading dimensions equal, or all 1 on one side.
class FloatMatMul {
public:
  FloatMatMul();
  ~FloatMatMul();
  llvm::Expected<Tensor> run(const Tensor &a, const Tensor &b,
                             Workspace &workspace) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl;
};

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_FLOATDOT_H
