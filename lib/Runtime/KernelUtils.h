//===- KernelUtils.h - What the kernels' builders share ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_KERNELUTILS_H
#define HWQ_LIB_RUNTIME_KERNELUTILS_H

#include "hwq/Runtime/EvaluatableOpInterface.h"
#include "hwq/Runtime/Kernel.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hwq::runtime {

/// How values of an MLIR element type are kept: f32, f64; i1 -> Bool; signless
/// and signed integers up to 8, 16, 32, 64 bits -> I8, I16, I32, I64; unsigned
/// ones up to 8 bits -> U8; index -> I64; quantized types -> their storage.
/// None for everything else.
std::optional<DType> storageDType(mlir::Type elementType);

/// The storage of the elements of `value`, a ranked tensor; emits an error on
/// `op` if there is none.
mlir::FailureOr<DType> storageDTypeOf(mlir::Operation *op, mlir::Value value);

inline bool isQuantized(mlir::Type elementType) {
  return llvm::isa<mlir::quant::QuantizedType>(elementType);
}

/// The shape of a result: that of its type, with dim 0 replaced by `batch`.
/// None if another dimension is dynamic.
std::optional<Tensor::Shape> resultShape(mlir::RankedTensorType type,
                                         int64_t batch);

/// "'tosa.pad' op \"name\"": how errors of a running kernel name the op.
std::string opLabel(mlir::Operation *op);

/// "LABEL: MESSAGE".
llvm::Error kernelError(llvm::StringRef label, const llvm::Twine &message);

/// A kernel that is a function object
/// `Error(ArrayRef<Tensor>, MutableArrayRef<Tensor>, Workspace &) const`.
template <typename Fn> class FunctionKernel final : public Kernel {
public:
  explicit FunctionKernel(Fn fn) : fn(std::move(fn)) {}
  llvm::Error run(llvm::ArrayRef<Tensor> operands,
                  llvm::MutableArrayRef<Tensor> results,
                  Workspace &workspace) const override {
    return fn(operands, results, workspace);
  }

private:
  Fn fn;
};

template <typename Fn> std::unique_ptr<Kernel> makeKernel(Fn fn) {
  return std::make_unique<FunctionKernel<Fn>>(std::move(fn));
}

using KernelOr = mlir::FailureOr<std::unique_ptr<Kernel>>;

/// EvaluatableOpInterface for `OpT` by a function
/// `KernelOr build(OpT, const KernelContext &)`.
template <typename OpT, KernelOr (*Build)(OpT, const KernelContext &)>
struct KernelModel
    : EvaluatableOpInterface::ExternalModel<KernelModel<OpT, Build>, OpT> {
  KernelOr buildKernel(mlir::Operation *op,
                       const KernelContext &context) const {
    return Build(mlir::cast<OpT>(op), context);
  }
};

template <typename OpT, KernelOr (*Build)(OpT, const KernelContext &)>
void attachKernel(mlir::MLIRContext &context) {
  OpT::template attachInterface<KernelModel<OpT, Build>>(context);
}

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_KERNELUTILS_H
