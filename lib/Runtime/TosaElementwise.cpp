//===- TosaElementwise.cpp - TOSA ops of two and three operands -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaArrays.h"
#include "TosaModels.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include <cmath>
#include <type_traits>

using namespace hwq::runtime;
using namespace mlir;

namespace {

// Applies `fn` to all pairs, result elements of type R.
template <typename T, typename R, typename Fn>
std::unique_ptr<Kernel> pairKernel(Operation *op, Fn fn) {
  return makeKernel([fn,
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    std::optional<BroadcastPlan> plan =
        BroadcastPlan::make({operands[0].shape(), operands[1].shape()});
    if (!plan)
      return kernelError(
          label, "shapes " + shapeToString(operands[0].shape()) + " and " +
                     shapeToString(operands[1].shape()) + " do not broadcast");
    Tensor y = workspace.allocate(dtypeOf<R>(), plan->resultShape);
    const T *a = operands[0].data<T>(), *b = operands[1].data<T>();
    R *out = y.data<R>();
    plan->forEachRow(
        [&](const auto &offsets, int64_t at, int64_t count, const auto &steps) {
          const T *pa = a + offsets[0], *pb = b + offsets[1];
          R *to = out + at;
          if constexpr (std::is_same_v<Fn, RowOp>) {
            rowF32(fn, pa, steps[0], pb, steps[1], to, count);
          } else {
            int64_t stepA = steps[0], stepB = steps[1];
            if (stepA == 1 && stepB == 1) {
              for (int64_t i = 0; i < count; ++i)
                to[i] = fn(pa[i], pb[i]);
            } else {
              for (int64_t i = 0; i < count; ++i)
                to[i] = fn(pa[i * stepA], pb[i * stepB]);
            }
          }
        });
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

// The storage of both operands; an error if they differ, or if they are
// quantized and the op computes with values (`codes` false).
FailureOr<DType> commonDType(Operation *op, Value a, Value b, bool codes) {
  Type elementA = getElementTypeOrSelf(a.getType());
  Type elementB = getElementTypeOrSelf(b.getType());
  FailureOr<DType> dtype = storageDTypeOf(op, a);
  if (failed(dtype))
    return failure();
  if (elementA != elementB)
    return op->emitOpError() << "expected operands of one element type, got "
                             << elementA << " and " << elementB;
  if (isQuantized(elementA) && !codes)
    return op->emitOpError("can't be executed on quantized values");
  return *dtype;
}

LogicalResult unsupported(Operation *op, DType dtype) {
  return op->emitOpError() << "can't be executed on " << dtypeName(dtype)
                           << " elements";
}

// Wrapping arithmetic without undefined behaviour.
template <typename T, typename Fn> auto wrapping(Fn fn) {
  using U = std::make_unsigned_t<T>;
  return [fn](T a, T b) {
    return static_cast<T>(fn(static_cast<U>(a), static_cast<U>(b)));
  };
}

template <typename OpT, typename Fn>
KernelOr buildArithmetic(OpT op, RowOp row, Fn fn) {
  FailureOr<DType> dtype =
      commonDType(op, op.getInput1(), op.getInput2(), false);
  if (failed(dtype))
    return failure();
  switch (*dtype) {
  case DType::F32:
    return pairKernel<float, float>(op, row);
  case DType::I32:
    return pairKernel<int32_t, int32_t>(op, wrapping<int32_t>(fn));
  case DType::I64:
    return pairKernel<int64_t, int64_t>(op, wrapping<int64_t>(fn));
  default:
    return unsupported(op, *dtype);
  }
}

KernelOr buildAdd(tosa::AddOp op, const KernelContext &) {
  return buildArithmetic(op, RowOp::Add, [](auto a, auto b) { return a + b; });
}
KernelOr buildSub(tosa::SubOp op, const KernelContext &) {
  return buildArithmetic(op, RowOp::Sub, [](auto a, auto b) { return a - b; });
}

KernelOr buildMul(tosa::MulOp op, const KernelContext &context) {
  FailureOr<DType> dtype =
      commonDType(op, op.getInput1(), op.getInput2(), false);
  if (failed(dtype))
    return failure();
  if (*dtype == DType::F32)
    return pairKernel<float, float>(op, RowOp::Mul);
  FailureOr<DType> result = storageDTypeOf(op, op.getOutput());
  if (failed(result))
    return failure();
  if (*dtype != DType::I32 || *result != DType::I32)
    return unsupported(op, *dtype);
  const Tensor *shift = context.getConstant(op.getShift());
  if (!shift || shift->dtype() != DType::I8 || shift->numElements() != 1)
    return op.emitOpError("expected a constant i8 shift");
  int s = *shift->data<int8_t>();
  if (s < 0 || s > 63)
    return op.emitOpError() << "expected a shift in [0, 63], got " << s;
  if (s == 0)
    return pairKernel<int32_t, int32_t>(
        op, wrapping<int32_t>([](uint32_t a, uint32_t b) { return a * b; }));
  return pairKernel<int32_t, int32_t>(op, [s](int32_t a, int32_t b) {
    int64_t product = static_cast<int64_t>(a) * b;
    // |product| <= 2^62, so that the rounding term fits for s = 63 too.
    return static_cast<int32_t>((product + (int64_t{1} << (s - 1))) >> s);
  });
}

KernelOr buildPow(tosa::PowOp op, const KernelContext &) {
  if (failed(requireF32(op, op.getInput1())) ||
      failed(requireF32(op, op.getInput2())))
    return failure();
  return pairKernel<float, float>(
      op, [](float a, float b) { return std::pow(a, b); });
}

template <typename OpT, typename Fn>
KernelOr buildExtremum(OpT op, RowOp row, Fn fn) {
  FailureOr<DType> dtype =
      commonDType(op, op.getInput1(), op.getInput2(), true);
  if (failed(dtype))
    return failure();
  switch (*dtype) {
  case DType::F32:
    return pairKernel<float, float>(op, row);
  case DType::I8:
    return pairKernel<int8_t, int8_t>(op, fn);
  case DType::U8:
    return pairKernel<uint8_t, uint8_t>(op, fn);
  case DType::I16:
    return pairKernel<int16_t, int16_t>(op, fn);
  case DType::I32:
    return pairKernel<int32_t, int32_t>(op, fn);
  case DType::I64:
    return pairKernel<int64_t, int64_t>(op, fn);
  default:
    return unsupported(op, *dtype);
  }
}

KernelOr buildMaximum(tosa::MaximumOp op, const KernelContext &) {
  return buildExtremum(op, RowOp::Max,
                       [](auto a, auto b) { return a > b ? a : b; });
}
KernelOr buildMinimum(tosa::MinimumOp op, const KernelContext &) {
  return buildExtremum(op, RowOp::Min,
                       [](auto a, auto b) { return a < b ? a : b; });
}

template <typename OpT, typename Fn> KernelOr buildComparison(OpT op, Fn fn) {
  FailureOr<DType> dtype =
      commonDType(op, op.getInput1(), op.getInput2(), true);
  if (failed(dtype))
    return failure();
  switch (*dtype) {
  case DType::F32:
    return pairKernel<float, bool>(op, fn);
  case DType::F64:
    return pairKernel<double, bool>(op, fn);
  case DType::I8:
    return pairKernel<int8_t, bool>(op, fn);
  case DType::U8:
    return pairKernel<uint8_t, bool>(op, fn);
  case DType::I16:
    return pairKernel<int16_t, bool>(op, fn);
  case DType::I32:
    return pairKernel<int32_t, bool>(op, fn);
  case DType::I64:
    return pairKernel<int64_t, bool>(op, fn);
  case DType::Bool:
    return pairKernel<bool, bool>(op, fn);
  }
  return unsupported(op, *dtype);
}

KernelOr buildEqual(tosa::EqualOp op, const KernelContext &) {
  return buildComparison(op, [](auto a, auto b) { return a == b; });
}
KernelOr buildGreater(tosa::GreaterOp op, const KernelContext &) {
  return buildComparison(op, [](auto a, auto b) { return a > b; });
}
KernelOr buildGreaterEqual(tosa::GreaterEqualOp op, const KernelContext &) {
  return buildComparison(op, [](auto a, auto b) { return a >= b; });
}

KernelOr buildLogicalAnd(tosa::LogicalAndOp op, const KernelContext &) {
  return pairKernel<bool, bool>(op, [](bool a, bool b) { return a & b; });
}
KernelOr buildLogicalOr(tosa::LogicalOrOp op, const KernelContext &) {
  return pairKernel<bool, bool>(op, [](bool a, bool b) { return a | b; });
}
KernelOr buildLogicalXor(tosa::LogicalXorOp op, const KernelContext &) {
  return pairKernel<bool, bool>(op, [](bool a, bool b) { return a != b; });
}

template <typename T>
void selectRows(const BroadcastPlan &plan, const bool *condition, const void *a,
                const void *b, void *y) {
  plan.forEachRow(
      [&](const auto &offsets, int64_t at, int64_t count, const auto &steps) {
        const bool *c = condition + offsets[0];
        const T *pa = static_cast<const T *>(a) + offsets[1];
        const T *pb = static_cast<const T *>(b) + offsets[2];
        T *to = static_cast<T *>(y) + at;
        for (int64_t i = 0; i < count; ++i)
          to[i] = c[i * steps[0]] ? pa[i * steps[1]] : pb[i * steps[2]];
      });
}

KernelOr buildSelect(tosa::SelectOp op, const KernelContext &) {
  FailureOr<DType> dtype =
      commonDType(op, op.getInput2(), op.getInput3(), true);
  if (failed(dtype))
    return failure();
  return makeKernel([type = *dtype,
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    std::optional<BroadcastPlan> plan = BroadcastPlan::make(
        {operands[0].shape(), operands[1].shape(), operands[2].shape()});
    if (!plan)
      return kernelError(
          label, "shapes " + shapeToString(operands[0].shape()) + ", " +
                     shapeToString(operands[1].shape()) + " and " +
                     shapeToString(operands[2].shape()) + " do not broadcast");
    Tensor y = workspace.allocate(type, plan->resultShape);
    const bool *c = operands[0].data<bool>();
    const void *a = operands[1].raw(), *b = operands[2].raw();
    switch (byteWidth(type)) {
    case 1:
      selectRows<uint8_t>(*plan, c, a, b, y.raw());
      break;
    case 2:
      selectRows<uint16_t>(*plan, c, a, b, y.raw());
      break;
    case 4:
      selectRows<uint32_t>(*plan, c, a, b, y.raw());
      break;
    default:
      selectRows<uint64_t>(*plan, c, a, b, y.raw());
    }
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

} // namespace

void hwq::runtime::attachTosaElementwiseModels(MLIRContext &context) {
  attachKernel<tosa::AddOp, buildAdd>(context);
  attachKernel<tosa::SubOp, buildSub>(context);
  attachKernel<tosa::MulOp, buildMul>(context);
  attachKernel<tosa::PowOp, buildPow>(context);
  attachKernel<tosa::MaximumOp, buildMaximum>(context);
  attachKernel<tosa::MinimumOp, buildMinimum>(context);
  attachKernel<tosa::EqualOp, buildEqual>(context);
  attachKernel<tosa::GreaterOp, buildGreater>(context);
  attachKernel<tosa::GreaterEqualOp, buildGreaterEqual>(context);
  attachKernel<tosa::LogicalAndOp, buildLogicalAnd>(context);
  attachKernel<tosa::LogicalOrOp, buildLogicalOr>(context);
  attachKernel<tosa::LogicalXorOp, buildLogicalXor>(context);
  attachKernel<tosa::SelectOp, buildSelect>(context);
}
