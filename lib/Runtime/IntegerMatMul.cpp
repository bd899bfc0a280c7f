//===- IntegerMatMul.cpp - Integer product of two activations ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerMatMul.h"

#include "FloatKernels.h"
#include "IntegerEpilogue.h"
#include "IntegerModels.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

namespace {

/// Codes minus their zero point, as `out`.
llvm::Error center(const Tensor &x, int64_t zeroPoint, llvm::StringRef label,
                   std::vector<int16_t> &out) {
  out.resize(x.numElements());
  auto run = [&](auto *codes) {
    for (size_t i = 0; i < out.size(); ++i)
      out[i] = static_cast<int16_t>(codes[i] - zeroPoint);
    return llvm::Error::success();
  };
  if (x.dtype() == DType::U8)
    return run(x.data<uint8_t>());
  if (x.dtype() == DType::I8)
    return run(x.data<int8_t>());
  return kernelError(label,
                     "expected codes of 8 bits, got " + dtypeName(x.dtype()));
}

/// acc[m, n] = sum over k of a[m, k] * b[k, n], in wrapping 32 bits.
void multiply(const int16_t *a, const int16_t *b, int32_t *acc, int64_t rows,
              int64_t inner, int64_t columns) {
  std::fill_n(acc, rows * columns, 0);
  for (int64_t m = 0; m < rows; ++m)
    for (int64_t k = 0; k < inner; ++k) {
      int32_t factor = a[m * inner + k];
      const int16_t *row = b + k * columns;
      int32_t *sum = acc + m * columns;
      for (int64_t n = 0; n < columns; ++n)
        sum[n] = static_cast<int32_t>(static_cast<uint32_t>(sum[n]) +
                                      static_cast<uint32_t>(factor * row[n]));
    }
}

} // namespace

KernelOr hwq::runtime::buildCodeMatMul(Operation *op, int64_t za, int64_t zb,
                                       RequantAttr requant, DType output) {
  if (output == DType::I64) {
    op->emitOpError() << "can't be executed with an accumulator of 64 bits";
    return failure();
  }
  // One scale: the number of channels is of no account.
  FailureOr<Epilogue> epilogue =
      Epilogue::create(op, requant, output, /*channels=*/1, {});
  if (failed(epilogue))
    return failure();
  auto shared = std::make_shared<Epilogue>(std::move(*epilogue));
  return KernelOr(makeKernel([shared, output, label = opLabel(op), za,
                              zb](llvm::ArrayRef<Tensor> operands,
                                  llvm::MutableArrayRef<Tensor> results,
                                  Workspace &workspace) -> llvm::Error {
    const Tensor &a = operands[0], &b = operands[1];
    int64_t rank = a.rank();
    if (rank < 2 || b.rank() != rank || a.dim(rank - 1) != b.dim(rank - 2) ||
        a.shape().drop_back(2) != b.shape().drop_back(2))
      return kernelError(label, "expected [..., M, K] and [..., K, N], got " +
                                    shapeToString(a.shape()) + " and " +
                                    shapeToString(b.shape()));
    int64_t rows = a.dim(rank - 2), inner = a.dim(rank - 1),
            columns = b.dim(rank - 1);
    std::vector<int16_t> x, y;
    if (llvm::Error error = center(a, za, label, x))
      return error;
    if (llvm::Error error = center(b, zb, label, y))
      return error;
    Tensor::Shape shape(a.shape());
    shape.back() = columns;
    results[0] = workspace.allocate(output, shape);
    auto *out = static_cast<char *>(results[0].raw());
    int64_t count = rows * columns;
    int64_t batches = count == 0 ? 0 : results[0].numElements() / count;
    std::vector<int32_t> acc(count);
    for (int64_t i = 0; i < batches; ++i) {
      multiply(x.data() + i * rows * inner, y.data() + i * inner * columns,
               acc.data(), rows, inner, columns);
      shared->run(acc.data(), out + i * count * byteWidth(output), count);
    }
    return llvm::Error::success();
  }));
}

static KernelOr buildMatMul(MatMulOp op, const KernelContext &) {
  if (op.isFloat())
    return buildFloatMatMulKernel(op);
  FailureOr<DType> output = storageDTypeOf(op, op.getOutput());
  if (failed(output))
    return failure();
  return buildCodeMatMul(op, getQuantParams(op.getLhs()).zeroPoint,
                         getQuantParams(op.getRhs()).zeroPoint,
                         op.getRequantAttr(), *output);
}

void hwq::runtime::attachIntegerMatMulModels(MLIRContext &context) {
  attachKernel<MatMulOp, buildMatMul>(context);
}
