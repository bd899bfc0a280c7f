//===- FloatDotKernel.h - Kernels of float dot products ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_FLOATDOTKERNEL_H
#define HWQ_LIB_RUNTIME_FLOATDOTKERNEL_H

#include "KernelUtils.h"

namespace hwq::runtime {

/// A kernel that calls `dot->run` on the first operand; an error on the op
/// where there is no such dot product.
template <typename Dot>
KernelOr dotKernel(mlir::Operation *op,
                   llvm::Expected<std::unique_ptr<Dot>> dot) {
  if (!dot)
    return op->emitOpError() << llvm::toString(dot.takeError());
  return makeKernel([dot = std::move(*dot),
                     label = opLabel(op)](llvm::ArrayRef<Tensor> operands,
                                          llvm::MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    llvm::Expected<Tensor> y = dot->run(operands[0], workspace);
    if (!y)
      return kernelError(label, llvm::toString(y.takeError()));
    results[0] = std::move(*y);
    return llvm::Error::success();
  });
}

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_FLOATDOTKERNEL_H
