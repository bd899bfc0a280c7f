//===- Kernel.h - One op, ready to run -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_RUNTIME_KERNEL_H
#define HWQ_RUNTIME_KERNEL_H

#include "hwq/Runtime/Tensor.h"
#include "mlir/IR/Value.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace hwq::runtime {

/// Memory of one worker thread, reused from op to op and from batch to batch.
/// Not thread-safe: every worker has its own.
class Workspace {
public:
  virtual ~Workspace();
  /// A tensor with uninitialized elements whose storage returns to the
  /// workspace when its last alias dies. The workspace outlives it.
  virtual Tensor allocate(DType type, llvm::ArrayRef<int64_t> shape) = 0;
  /// A tensor of the operand's type and shape whose elements the kernel
  /// computes from those at the same place: the operand itself where nobody
  /// else has its storage any more, otherwise as `allocate`.
  virtual Tensor allocateOver(const Tensor &operand) = 0;
  /// Scratch bytes, 64-byte aligned, valid until the kernel returns. A second
  /// call within one kernel must name another slot.
  virtual void *scratch(size_t bytes, unsigned slot = 0) = 0;
};

/// A workspace that keeps what it once allocated: running the same program on
/// batches of one size allocates in the first batch only.
std::unique_ptr<Workspace> createWorkspace();

/// One op made ready to run: constants read, weights packed, primitives
/// created. Immutable after construction; `run` is called from several threads.
class Kernel {
public:
  virtual ~Kernel();
  /// Computes all results from all operands. Operands that are constants come
  /// too. Quantized tensors hold their storage type (u8, i8); booleans are
  /// Bool. The batch is dim 0 of the operands at hand, whatever the type says.
  virtual llvm::Error run(llvm::ArrayRef<Tensor> operands,
                          llvm::MutableArrayRef<Tensor> results,
                          Workspace &workspace) const = 0;
  /// For an op whose requantization is `real`: its first result before rounding
  /// and clamp, f64, in units of the result's scale, zero point added, in the
  /// shape of the result. A null tensor for every other op.
  virtual llvm::Expected<Tensor> unrounded(llvm::ArrayRef<Tensor> operands,
                                           Workspace &workspace) const;
};

/// What an op may ask while its kernel is built.
class KernelContext {
public:
  virtual ~KernelContext();
  /// The tensor of a value known before the program runs, or null.
  virtual const Tensor *getConstant(mlir::Value value) const = 0;
};

} // namespace hwq::runtime

#endif // HWQ_RUNTIME_KERNEL_H
