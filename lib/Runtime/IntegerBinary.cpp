//===- IntegerBinary.cpp - Integer addition, subtraction, product -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerModels.h"

#include "IntegerEpilogue.h"
#include "IntegerLoops.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Numerics/Quantize.h"
#include <algorithm>
#include <array>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

namespace {

/// Values worked on at a time.
constexpr int64_t kChunk = 2048;

llvm::Error checkSameShape(llvm::StringRef label,
                           llvm::ArrayRef<Tensor> operands) {
  if (operands[0].shape() == operands[1].shape())
    return llvm::Error::success();
  return kernelError(label, "expected operands of one shape, got " +
                                shapeToString(operands[0].shape()) + " and " +
                                shapeToString(operands[1].shape()));
}

int32_t codeAt(const Tensor &x, int64_t i) {
  return x.dtype() == DType::U8 ? x.data<uint8_t>()[i] : x.data<int8_t>()[i];
}

/// The storage of both operands and the result, 8 bits each.
template <typename Op> FailureOr<std::array<DType, 3>> storageOf(Op op) {
  std::array<DType, 3> types;
  size_t i = 0;
  for (Value value :
       {Value(op.getLhs()), Value(op.getRhs()), Value(op.getOutput())}) {
    FailureOr<DType> type = storageDTypeOf(op, value);
    if (failed(type))
      return failure();
    if (*type != DType::U8 && *type != DType::I8) {
      op.emitOpError() << "can't be executed on " << dtypeName(*type)
                       << " storage, expected 8 bits";
      return failure();
    }
    types[i++] = *type;
  }
  return types;
}

/// The hardware's addition.
class AddKernel final : public Kernel {
public:
  AddKernel(std::string label, numerics::AddParams params, DType output)
      : label(std::move(label)), params(params), output(output) {}

  llvm::Error run(llvm::ArrayRef<Tensor> operands,
                  llvm::MutableArrayRef<Tensor> results,
                  Workspace &workspace) const override {
    if (llvm::Error error = checkSameShape(label, operands))
      return error;
    const Tensor &a = operands[0], &b = operands[1];
    results[0] = workspace.allocate(output, a.shape());
    int64_t count = a.numElements();
    if (a.dtype() == output && b.dtype() == output) {
      if (output == DType::U8)
        numerics::addArray(params, a.data<uint8_t>(), b.data<uint8_t>(),
                           results[0].data<uint8_t>(), count);
      else
        numerics::addArray(params, a.data<int8_t>(), b.data<int8_t>(),
                           results[0].data<int8_t>(), count);
      return llvm::Error::success();
    }
    auto *out = static_cast<uint8_t *>(results[0].raw());
    for (int64_t i = 0; i < count; ++i)
      out[i] = static_cast<uint8_t>(
          numerics::add(params, codeAt(a, i), codeAt(b, i)));
    return llvm::Error::success();
  }

private:
  std::string label;
  numerics::AddParams params;
  DType output;
};

/// Derivation steps 1 to 3: all in f64, one rounding.
class RealAddKernel final : public Kernel {
public:
  RealAddKernel(Operation *op, AddRequants requants, bool subtract, DType lhs,
                DType rhs, DType output)
      : label(opLabel(op)), output(output) {
    fill(requants.lhs, lhs, terms[0]);
    fill(requants.rhs, rhs, terms[1]);
    if (subtract)
      for (double &term : terms[1])
        term = -term;
    RequantAttr requant = requants.output;
    scale = requant.getScales()[0];
    sub = static_cast<double>(requant.getInputZeroPoint());
    shift = static_cast<double>(int64_t(1) << requant.getLeftShift());
    form = requant.getQuantizeForm();
    zeroPoint = requant.getZeroPoint();
    // Inside the storage range: add_c2.
    lo = requant.getLo();
    hi = requant.getHi();
  }

  llvm::Error run(llvm::ArrayRef<Tensor> operands,
                  llvm::MutableArrayRef<Tensor> results,
                  Workspace &workspace) const override {
    if (llvm::Error error = checkSameShape(label, operands))
      return error;
    results[0] = workspace.allocate(output, operands[0].shape());
    int64_t total = operands[0].numElements();
    std::array<double, kChunk> values;
    std::array<int32_t, kChunk> rounded;
    for (int64_t i = 0; i < total; i += kChunk) {
      int64_t count = std::min(kChunk, total - i);
      compute(operands, i, count, values.data());
      roundReal(form, values.data(), count, zeroPoint, lo, hi, rounded.data());
      if (output == DType::U8)
        narrow(rounded.data(), results[0].data<uint8_t>() + i, count);
      else
        narrow(rounded.data(), results[0].data<int8_t>() + i, count);
    }
    return llvm::Error::success();
  }

  llvm::Expected<Tensor> unrounded(llvm::ArrayRef<Tensor> operands,
                                   Workspace &workspace) const override {
    if (llvm::Error error = checkSameShape(label, operands))
      return std::move(error);
    Tensor result = workspace.allocate(DType::F64, operands[0].shape());
    double *out = result.data<double>();
    compute(operands, 0, result.numElements(), out);
    for (int64_t i = 0; i < result.numElements(); ++i)
      out[i] += static_cast<double>(zeroPoint);
    return result;
  }

private:
  /// The term of an operand, by the bits of its code.
  using Terms = std::array<double, 256>;

  static void fill(RequantAttr requant, DType type, Terms &terms) {
    for (int bits = 0; bits < 256; ++bits) {
      int64_t code = type == DType::U8
                         ? bits
                         : static_cast<int8_t>(static_cast<uint8_t>(bits));
      terms[bits] = requant.getScales()[0] *
                    static_cast<double>((code - requant.getInputZeroPoint()) *
                                        (int64_t(1) << requant.getLeftShift()));
    }
  }

  void compute(llvm::ArrayRef<Tensor> operands, int64_t first, int64_t count,
               double *out) const {
    auto *a = static_cast<const uint8_t *>(operands[0].raw()) + first;
    auto *b = static_cast<const uint8_t *>(operands[1].raw()) + first;
    for (int64_t i = 0; i < count; ++i)
      out[i] = (terms[0][a[i]] + terms[1][b[i]] - sub) * shift * scale;
  }

  std::string label;
  DType output;
  std::array<Terms, 2> terms;
  double scale = 1, sub = 0, shift = 1;
  numerics::QuantizeForm form = numerics::QuantizeForm::Q1;
  int64_t zeroPoint = 0, lo = 0, hi = 0;
};

template <typename SumOp> KernelOr buildSum(SumOp op, const KernelContext &) {
  constexpr bool subtract = std::is_same_v<SumOp, SubOp>;
  FailureOr<std::array<DType, 3>> types = storageOf(op);
  if (failed(types))
    return failure();
  auto [lhs, rhs, output] = *types;
  AddRequants requants{op.getLhsRequant(), op.getRhsRequant(), op.getRequant()};
  if (!op.getVariant())
    return KernelOr(std::unique_ptr<Kernel>(std::make_unique<RealAddKernel>(
        op, requants, subtract, lhs, rhs, output)));
  numerics::AddParams params =
      getAddParams(op.getVariant()->getValue(), requants, subtract);
  auto [low, high] = storageRange(output);
  params.lo = static_cast<int32_t>(std::clamp<int64_t>(params.lo, low, high));
  params.hi = static_cast<int32_t>(std::clamp<int64_t>(params.hi, low, high));
  return KernelOr(std::unique_ptr<Kernel>(
      std::make_unique<AddKernel>(opLabel(op), params, output)));
}

//===----------------------------------------------------------------------===//
// mul
//===----------------------------------------------------------------------===//

/// The codes of one operand for every element of a result of `shape`, the
/// dimensions of size 1 repeated.
llvm::Expected<std::vector<int32_t>> broadcast(llvm::StringRef label,
                                               const Tensor &x,
                                               llvm::ArrayRef<int64_t> shape) {
  bool fits = x.rank() == static_cast<int64_t>(shape.size());
  for (size_t d = 0; fits && d < shape.size(); ++d)
    fits = x.dim(d) == 1 || x.dim(d) == shape[d];
  if (!fits)
    return kernelError(label, "expected an operand whose dimensions are those "
                              "of " +
                                  shapeToString(shape) + " or 1, got " +
                                  shapeToString(x.shape()));
  int64_t total = 1;
  for (int64_t size : shape)
    total *= size;
  std::vector<int32_t> codes(total);
  std::vector<int64_t> strides(shape.size()), index(shape.size());
  int64_t stride = 1;
  for (size_t d = shape.size(); d-- > 0;) {
    strides[d] = x.dim(d) == 1 ? 0 : stride;
    stride *= x.dim(d);
  }
  int64_t from = 0;
  for (int64_t i = 0; i < total; ++i) {
    codes[i] = codeAt(x, from);
    for (size_t d = shape.size(); d-- > 0;) {
      from += strides[d];
      if (++index[d] < shape[d])
        break;
      from -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  return codes;
}

class MulKernel final : public Kernel {
public:
  MulKernel(MulOp op, std::optional<numerics::MulParams> params, DType output)
      : label(opLabel(op)), params(std::move(params)), output(output),
        requant(op.getRequant()),
        lhsZeroPoint(getQuantParams(op.getLhs()).zeroPoint),
        rhsZeroPoint(getQuantParams(op.getRhs()).zeroPoint) {}

  llvm::Error run(llvm::ArrayRef<Tensor> operands,
                  llvm::MutableArrayRef<Tensor> results,
                  Workspace &workspace) const override {
    Tensor::Shape shape = resultShape(operands);
    results[0] = workspace.allocate(output, shape);
    bool plain = params && operands[0].shape() == operands[1].shape() &&
                 operands[0].dtype() == output && operands[1].dtype() == output;
    if (plain && output == DType::U8) {
      numerics::mulArray(*params, operands[0].data<uint8_t>(),
                         operands[1].data<uint8_t>(),
                         results[0].data<uint8_t>(), operands[0].numElements());
      return llvm::Error::success();
    }
    if (plain) {
      numerics::mulArray(*params, operands[0].data<int8_t>(),
                         operands[1].data<int8_t>(), results[0].data<int8_t>(),
                         operands[0].numElements());
      return llvm::Error::success();
    }
    auto *out = static_cast<uint8_t *>(results[0].raw());
    return forEachPair(operands, shape, [&](int64_t i, int32_t a, int32_t b) {
      int64_t code =
          params ? numerics::mul(*params, a, b)
                 : numerics::quantizeLSB(requant.getQuantizeForm(), real(a, b),
                                         requant.getZeroPoint(),
                                         requant.getLo(), requant.getHi());
      out[i] = static_cast<uint8_t>(code);
    });
  }

  llvm::Expected<Tensor> unrounded(llvm::ArrayRef<Tensor> operands,
                                   Workspace &workspace) const override {
    if (params)
      return Tensor();
    Tensor::Shape shape = resultShape(operands);
    Tensor result = workspace.allocate(DType::F64, shape);
    double *out = result.data<double>();
    if (llvm::Error error =
            forEachPair(operands, shape, [&](int64_t i, int32_t a, int32_t b) {
              out[i] = real(a, b) + static_cast<double>(requant.getZeroPoint());
            }))
      return std::move(error);
    return result;
  }

private:
  static Tensor::Shape resultShape(llvm::ArrayRef<Tensor> operands) {
    Tensor::Shape shape(operands[0].shape());
    for (size_t d = 0;
         d < shape.size() && d < static_cast<size_t>(operands[1].rank()); ++d)
      if (shape[d] == 1)
        shape[d] = operands[1].dim(d);
    return shape;
  }

  double real(int32_t a, int32_t b) const {
    return requant.getScales()[0] *
           static_cast<double>((a - lhsZeroPoint) * (b - rhsZeroPoint));
  }

  template <typename Fn>
  llvm::Error forEachPair(llvm::ArrayRef<Tensor> operands,
                          llvm::ArrayRef<int64_t> shape, Fn fn) const {
    llvm::Expected<std::vector<int32_t>> a =
        broadcast(label, operands[0], shape);
    if (!a)
      return a.takeError();
    llvm::Expected<std::vector<int32_t>> b =
        broadcast(label, operands[1], shape);
    if (!b)
      return b.takeError();
    for (size_t i = 0; i < a->size(); ++i)
      fn(static_cast<int64_t>(i), (*a)[i], (*b)[i]);
    return llvm::Error::success();
  }

  std::string label;
  /// None at steps 1 to 3.
  std::optional<numerics::MulParams> params;
  DType output;
  RequantAttr requant;
  int64_t lhsZeroPoint, rhsZeroPoint;
};

KernelOr buildMul(MulOp op, const KernelContext &) {
  FailureOr<std::array<DType, 3>> types = storageOf(op);
  if (failed(types))
    return failure();
  std::optional<numerics::MulParams> params;
  if (op.getVariant()) {
    numerics::Result<numerics::MulParams> derived = getMulParams(op);
    if (!derived) {
      op.emitOpError() << "can't be executed: " << derived.error();
      return failure();
    }
    params = *derived;
  }
  return KernelOr(std::unique_ptr<Kernel>(
      std::make_unique<MulKernel>(op, std::move(params), (*types)[2])));
}

} // namespace

void hwq::runtime::attachIntegerBinaryModels(MLIRContext &context) {
  attachKernel<AddOp, buildSum<AddOp>>(context);
  attachKernel<SubOp, buildSum<SubOp>>(context);
  attachKernel<MulOp, buildMul>(context);
}
