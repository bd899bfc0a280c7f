//===- TosaUnary.cpp - TOSA ops of one operand, element by element -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TosaArrays.h"
#include "TosaModels.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include <cmath>
#include <limits>
#include <type_traits>

using namespace hwq::runtime;
using namespace mlir;

namespace {

template <typename T, typename R, typename Fn>
std::unique_ptr<Kernel> mapKernel(Fn fn) {
  return makeKernel([fn](ArrayRef<Tensor> operands,
                         MutableArrayRef<Tensor> results,
                         Workspace &workspace) -> llvm::Error {
    Tensor y = workspace.allocate(dtypeOf<R>(), operands[0].shape());
    const T *from = operands[0].data<T>();
    R *to = y.data<R>();
    for (int64_t i = 0, e = y.numElements(); i < e; ++i)
      to[i] = fn(from[i]);
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

std::unique_ptr<Kernel> aliasKernel() {
  return makeKernel([](ArrayRef<Tensor> operands,
                       MutableArrayRef<Tensor> results,
                       Workspace &) -> llvm::Error {
    results[0] = operands[0];
    return llvm::Error::success();
  });
}

float apply(tosa::ReciprocalOp, float x) { return 1.0f / x; }
float apply(tosa::ExpOp, float x) { return std::exp(x); }
float apply(tosa::LogOp, float x) { return std::log(x); }
float apply(tosa::RsqrtOp, float x) { return 1.0f / std::sqrt(x); }
float apply(tosa::SigmoidOp, float x) { return 1.0f / (1.0f + std::exp(-x)); }
float apply(tosa::TanhOp, float x) { return std::tanh(x); }
float apply(tosa::ErfOp, float x) { return std::erf(x); }
float apply(tosa::FloorOp, float x) { return std::floor(x); }
float apply(tosa::CeilOp, float x) { return std::ceil(x); }
float apply(tosa::SinOp, float x) { return std::sin(x); }
float apply(tosa::CosOp, float x) { return std::cos(x); }

template <typename OpT> KernelOr buildFloat(OpT op, const KernelContext &) {
  if (failed(requireF32(op, op->getOperand(0))))
    return failure();
  return mapKernel<float, float>([](float x) { return apply(OpT(), x); });
}

LogicalResult rejectQuantized(Operation *op, Value value) {
  if (isQuantized(getElementTypeOrSelf(value.getType())))
    return op->emitOpError("can't be executed on quantized values");
  return success();
}

KernelOr buildAbs(tosa::AbsOp op, const KernelContext &) {
  FailureOr<DType> dtype = storageDTypeOf(op, op.getInput1());
  if (failed(dtype) || failed(rejectQuantized(op, op.getInput1())))
    return failure();
  if (*dtype == DType::F32)
    return mapKernel<float, float>([](float x) { return std::fabs(x); });
  if (*dtype == DType::I32)
    return mapKernel<int32_t, int32_t>([](int32_t x) {
      return x < 0 ? static_cast<int32_t>(0u - static_cast<uint32_t>(x)) : x;
    });
  return op.emitOpError() << "can't be executed on " << dtypeName(*dtype)
                          << " elements";
}

KernelOr buildNegate(tosa::NegateOp op, const KernelContext &context) {
  FailureOr<DType> dtype = storageDTypeOf(op, op.getInput1());
  if (failed(dtype) || failed(rejectQuantized(op, op.getInput1())) ||
      failed(requireZeroPoint0(op, context, op.getInput1Zp(), "input")) ||
      failed(requireZeroPoint0(op, context, op.getOutputZp(), "output")))
    return failure();
  if (*dtype == DType::F32)
    return mapKernel<float, float>([](float x) { return -x; });
  if (*dtype == DType::I32)
    return mapKernel<int32_t, int32_t>([](int32_t x) {
      return static_cast<int32_t>(0u - static_cast<uint32_t>(x));
    });
  return op.emitOpError() << "can't be executed on " << dtypeName(*dtype)
                          << " elements";
}

KernelOr buildLogicalNot(tosa::LogicalNotOp, const KernelContext &) {
  return mapKernel<bool, bool>([](bool x) { return !x; });
}

KernelOr buildIdentity(tosa::IdentityOp, const KernelContext &) {
  return aliasKernel();
}

//===----------------------------------------------------------------------===//
// Clamp
//===----------------------------------------------------------------------===//

// The bound as a code of the storage: a signless attribute is read with the
// storage's sign.
template <typename T> FailureOr<T> boundOf(Operation *op, Attribute attr) {
  auto integer = dyn_cast<IntegerAttr>(attr);
  if (!integer)
    return op->emitOpError() << "expected integer bounds, got " << attr;
  APInt value = integer.getValue();
  bool asUnsigned = integer.getType().isUnsignedInteger() ||
                    (std::is_unsigned_v<T> && value.getBitWidth() <= 8);
  int64_t v = asUnsigned ? static_cast<int64_t>(value.getZExtValue())
                         : value.getSExtValue();
  if (v < static_cast<int64_t>(std::numeric_limits<T>::min()) ||
      v > static_cast<int64_t>(std::numeric_limits<T>::max()))
    return op->emitOpError()
           << "bound " << v << " lies outside of " << dtypeName(dtypeOf<T>());
  return static_cast<T>(v);
}

template <typename T> std::unique_ptr<Kernel> clampKernel(T lo, T hi) {
  return makeKernel([lo, hi](ArrayRef<Tensor> operands,
                             MutableArrayRef<Tensor> results,
                             Workspace &workspace) -> llvm::Error {
    Tensor y = workspace.allocateOver(operands[0]);
    clampRow(operands[0].data<T>(), y.data<T>(), y.numElements(), lo, hi);
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

template <typename T> KernelOr buildIntegerClamp(tosa::ClampOp op) {
  FailureOr<T> lo = boundOf<T>(op, op.getMinValAttr());
  FailureOr<T> hi = boundOf<T>(op, op.getMaxValAttr());
  if (failed(lo) || failed(hi))
    return failure();
  return clampKernel<T>(*lo, *hi);
}

KernelOr buildClamp(tosa::ClampOp op, const KernelContext &) {
  FailureOr<DType> dtype = storageDTypeOf(op, op.getInput());
  if (failed(dtype))
    return failure();
  switch (*dtype) {
  case DType::F32: {
    auto lo = dyn_cast<FloatAttr>(op.getMinValAttr());
    auto hi = dyn_cast<FloatAttr>(op.getMaxValAttr());
    if (!lo || !hi || !lo.getType().isF32() || !hi.getType().isF32())
      return op.emitOpError("expected f32 bounds");
    return clampKernel<float>(lo.getValue().convertToFloat(),
                              hi.getValue().convertToFloat());
  }
  case DType::I8:
    return buildIntegerClamp<int8_t>(op);
  case DType::U8:
    return buildIntegerClamp<uint8_t>(op);
  case DType::I16:
    return buildIntegerClamp<int16_t>(op);
  case DType::I32:
    return buildIntegerClamp<int32_t>(op);
  default:
    return op.emitOpError()
           << "can't be executed on " << dtypeName(*dtype) << " elements";
  }
}

//===----------------------------------------------------------------------===//
// Cast
//===----------------------------------------------------------------------===//

// TOSA: floats to the nearest integer, ties to even, saturated (NaN gives 0);
// integers are cut off or extended; to bool, everything but 0 is true.
template <typename T, typename R> R castValue(T x) {
  if constexpr (std::is_same_v<R, bool>) {
    return x != T(0);
  } else if constexpr (std::is_floating_point_v<T> && std::is_integral_v<R>) {
    if (std::isnan(x))
      return 0;
    double rounded = std::nearbyint(static_cast<double>(x));
    if (rounded <= static_cast<double>(std::numeric_limits<R>::min()))
      return std::numeric_limits<R>::min();
    // For 64 bits the largest value rounds up to 2^63: compare with >=.
    if (rounded >= static_cast<double>(std::numeric_limits<R>::max()))
      return std::numeric_limits<R>::max();
    return static_cast<R>(rounded);
  } else {
    return static_cast<R>(x);
  }
}

template <typename T> KernelOr buildCastFrom(tosa::CastOp op, DType to) {
  switch (to) {
  case DType::F32:
    return mapKernel<T, float>(castValue<T, float>);
  case DType::F64:
    return mapKernel<T, double>(castValue<T, double>);
  case DType::I8:
    return mapKernel<T, int8_t>(castValue<T, int8_t>);
  case DType::I16:
    return mapKernel<T, int16_t>(castValue<T, int16_t>);
  case DType::I32:
    return mapKernel<T, int32_t>(castValue<T, int32_t>);
  case DType::I64:
    return mapKernel<T, int64_t>(castValue<T, int64_t>);
  case DType::Bool:
    return mapKernel<T, bool>(castValue<T, bool>);
  case DType::U8:
    return mapKernel<T, uint8_t>(castValue<T, uint8_t>);
  }
  return op.emitOpError("has a result that can't be executed");
}

KernelOr buildCast(tosa::CastOp op, const KernelContext &) {
  FailureOr<DType> from = storageDTypeOf(op, op.getInput());
  FailureOr<DType> to = storageDTypeOf(op, op.getOutput());
  if (failed(from) || failed(to) ||
      failed(rejectQuantized(op, op.getInput())) ||
      failed(rejectQuantized(op, op.getOutput())))
    return failure();
  if (*from == *to)
    return aliasKernel();
  switch (*from) {
  case DType::F32:
    return buildCastFrom<float>(op, *to);
  case DType::F64:
    return buildCastFrom<double>(op, *to);
  case DType::I8:
    return buildCastFrom<int8_t>(op, *to);
  case DType::U8:
    return buildCastFrom<uint8_t>(op, *to);
  case DType::I16:
    return buildCastFrom<int16_t>(op, *to);
  case DType::I32:
    return buildCastFrom<int32_t>(op, *to);
  case DType::I64:
    return buildCastFrom<int64_t>(op, *to);
  case DType::Bool:
    return buildCastFrom<bool>(op, *to);
  }
  return op.emitOpError("has an operand that can't be executed");
}

} // namespace

void hwq::runtime::attachTosaUnaryModels(MLIRContext &context) {
  attachKernel<tosa::ReciprocalOp, buildFloat<tosa::ReciprocalOp>>(context);
  attachKernel<tosa::ExpOp, buildFloat<tosa::ExpOp>>(context);
  attachKernel<tosa::LogOp, buildFloat<tosa::LogOp>>(context);
  attachKernel<tosa::RsqrtOp, buildFloat<tosa::RsqrtOp>>(context);
  attachKernel<tosa::SigmoidOp, buildFloat<tosa::SigmoidOp>>(context);
  attachKernel<tosa::TanhOp, buildFloat<tosa::TanhOp>>(context);
  attachKernel<tosa::ErfOp, buildFloat<tosa::ErfOp>>(context);
  attachKernel<tosa::FloorOp, buildFloat<tosa::FloorOp>>(context);
  attachKernel<tosa::CeilOp, buildFloat<tosa::CeilOp>>(context);
  attachKernel<tosa::SinOp, buildFloat<tosa::SinOp>>(context);
  attachKernel<tosa::CosOp, buildFloat<tosa::CosOp>>(context);
  attachKernel<tosa::AbsOp, buildAbs>(context);
  attachKernel<tosa::NegateOp, buildNegate>(context);
  attachKernel<tosa::LogicalNotOp, buildLogicalNot>(context);
  attachKernel<tosa::IdentityOp, buildIdentity>(context);
  attachKernel<tosa::ClampOp, buildClamp>(context);
  attachKernel<tosa::CastOp, buildCast>(context);
}
