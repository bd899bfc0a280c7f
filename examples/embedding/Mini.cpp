//===- Mini.cpp - A dialect with one op ------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Mini.h"
#include "mlir/IR/OpImplementation.h"
#include <cmath>

using namespace mlir;

#include "MiniDialect.cpp.inc"
#define GET_OP_CLASSES
#include "MiniOps.cpp.inc"

void mini::MiniDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "MiniOps.cpp.inc"
      >();
}

// Quantizing: one operand with parameters, and a function that becomes a table
// where the backend has tables. Descriptors name the op "softsign".

StringRef mini::SoftsignOp::getOpKind() { return "softsign"; }

SmallVector<unsigned> mini::SoftsignOp::getActivationOperands() { return {0}; }

std::function<double(double)> mini::SoftsignOp::getUnaryFunction() {
  return [](double x) { return x / (1 + std::fabs(x)); };
}

FailureOr<Value> mini::SoftsignOp::buildIntegerForm(
    OpBuilder &builder, const hwq::IntegerForm &form, std::string &reason) {
  return hwq::buildUnaryForm(*this, builder, form, getUnaryFunction(), reason);
}

// Running the float program, for calibration and comparison.

namespace {
struct SoftsignKernel final : hwq::runtime::Kernel {
  llvm::Error run(ArrayRef<hwq::runtime::Tensor> operands,
                  MutableArrayRef<hwq::runtime::Tensor> results,
                  hwq::runtime::Workspace &workspace) const override {
    results[0] = workspace.allocate(operands[0].dtype(), operands[0].shape());
    const float *x = operands[0].data<float>();
    float *y = results[0].data<float>();
    for (int64_t i = 0, e = operands[0].numElements(); i < e; ++i)
      y[i] = x[i] / (1 + std::fabs(x[i]));
    return llvm::Error::success();
  }
};
} // namespace

FailureOr<std::unique_ptr<hwq::runtime::Kernel>>
mini::SoftsignOp::buildKernel(const hwq::runtime::KernelContext &) {
  return std::unique_ptr<hwq::runtime::Kernel>(new SoftsignKernel());
}
