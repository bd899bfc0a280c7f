//===- IntegerElementwise.cpp - Quantize, requantize, add -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerModels.h"

#include "IntegerEpilogue.h"
#include "IntegerLoops.h"
#include "hwq/Numerics/Add.h"
#include "hwq/Numerics/Quantize.h"
#include <algorithm>
#include <array>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

namespace {

/// Values worked on at a time.
constexpr int64_t kChunk = 2048;

/// Calls `fn` with a null pointer of the C++ type of quantized storage.
template <typename Fn> llvm::Error withStorageType(DType type, Fn fn) {
  switch (type) {
  case DType::U8:
    return fn(static_cast<uint8_t *>(nullptr));
  case DType::I8:
    return fn(static_cast<int8_t *>(nullptr));
  case DType::I16:
    return fn(static_cast<int16_t *>(nullptr));
  case DType::I32:
    return fn(static_cast<int32_t *>(nullptr));
  default:
    return llvm::createStringError("expected quantized storage, got " +
                                   dtypeName(type));
  }
}

KernelOr buildObserve(ObserveOp, const KernelContext &) {
  return KernelOr(makeKernel([](llvm::ArrayRef<Tensor> operands,
                                llvm::MutableArrayRef<Tensor> results,
                                Workspace &) -> llvm::Error {
    results[0] = operands[0];
    return llvm::Error::success();
  }));
}

//===----------------------------------------------------------------------===//
// quantize, dequantize
//===----------------------------------------------------------------------===//

/// One set of parameters, or one for each index of axis 0.
FailureOr<std::vector<numerics::QuantParams>> readParams(Operation *op,
                                                         Type element) {
  std::vector<numerics::QuantParams> all;
  auto quantized = cast<quant::QuantizedType>(element);
  numerics::QuantParams params;
  params.grid = {quantized.getStorageTypeMin(), quantized.getStorageTypeMax()};
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    params.scale = uniform.getScale();
    params.zeroPoint = uniform.getZeroPoint();
    all.push_back(params);
    return all;
  }
  auto perAxis = cast<quant::UniformQuantizedPerAxisType>(element);
  if (perAxis.getQuantizedDimension() != 0) {
    op->emitOpError() << "can't be executed with scales along axis "
                      << perAxis.getQuantizedDimension() << ", expected 0";
    return failure();
  }
  for (auto [scale, zeroPoint] :
       llvm::zip_equal(perAxis.getScales(), perAxis.getZeroPoints())) {
    params.scale = scale;
    params.zeroPoint = zeroPoint;
    all.push_back(params);
  }
  return all;
}

/// Calls `fn(first element, number of elements, parameters)` for the runs of
/// elements with one set of parameters.
template <typename Fn>
llvm::Error forEachRun(llvm::StringRef label, const Tensor &tensor,
                       llvm::ArrayRef<numerics::QuantParams> params, Fn fn) {
  int64_t count = static_cast<int64_t>(params.size());
  if (count != 1 && (tensor.rank() == 0 || tensor.dim(0) != count))
    return kernelError(label, "expected " + llvm::Twine(count) +
                                  " channels on axis 0, got shape " +
                                  shapeToString(tensor.shape()));
  int64_t size = tensor.numElements() / count;
  for (int64_t c = 0; c < count; ++c)
    fn(c * size, size, params[c]);
  return llvm::Error::success();
}

KernelOr buildQuantize(QuantizeOp op, const KernelContext &) {
  FailureOr<DType> output = storageDTypeOf(op, op.getOutput());
  if (failed(output))
    return failure();
  auto params = readParams(op, getElementTypeOrSelf(op.getOutput()));
  if (failed(params))
    return failure();
  return KernelOr(makeKernel([label = opLabel(op), output = *output,
                              params = *params, form = op.getForm().getValue()](
                                 llvm::ArrayRef<Tensor> operands,
                                 llvm::MutableArrayRef<Tensor> results,
                                 Workspace &workspace) -> llvm::Error {
    const float *x = operands[0].data<float>();
    results[0] = workspace.allocate(output, operands[0].shape());
    return withStorageType(output, [&](auto *type) {
      using T = std::remove_pointer_t<decltype(type)>;
      T *q = results[0].data<T>();
      return forEachRun(
          label, operands[0], params,
          [&](int64_t first, int64_t count, const numerics::QuantParams &p) {
            numerics::quantizeArray(form, x + first, count, p, q + first);
          });
    });
  }));
}

KernelOr buildDequantize(DequantizeOp op, const KernelContext &) {
  FailureOr<DType> input = storageDTypeOf(op, op.getInput());
  if (failed(input))
    return failure();
  auto params = readParams(op, getElementTypeOrSelf(op.getInput()));
  if (failed(params))
    return failure();
  return KernelOr(makeKernel([label = opLabel(op), input = *input,
                              params = *params](
                                 llvm::ArrayRef<Tensor> operands,
                                 llvm::MutableArrayRef<Tensor> results,
                                 Workspace &workspace) -> llvm::Error {
    results[0] = workspace.allocate(DType::F32, operands[0].shape());
    float *x = results[0].data<float>();
    return withStorageType(input, [&](auto *type) {
      using T = std::remove_pointer_t<decltype(type)>;
      const T *q = operands[0].data<T>();
      return forEachRun(
          label, operands[0], params,
          [&](int64_t first, int64_t count, const numerics::QuantParams &p) {
            numerics::dequantizeArray(q + first, count, p, x + first);
          });
    });
  }));
}

//===----------------------------------------------------------------------===//
// requantize
//===----------------------------------------------------------------------===//

class RequantizeKernel final : public Kernel {
public:
  RequantizeKernel(std::string label, Epilogue epilogue, DType output,
                   int64_t channels)
      : label(std::move(label)), epilogue(std::move(epilogue)), output(output),
        channels(channels) {}

  llvm::Error run(llvm::ArrayRef<Tensor> operands,
                  llvm::MutableArrayRef<Tensor> results,
                  Workspace &workspace) const override {
    results[0] = workspace.allocate(output, operands[0].shape());
    char *out = static_cast<char *>(results[0].raw());
    return forEachChunk(
        operands[0], workspace, [&](int32_t *x, int64_t first, int64_t rows) {
          epilogue.run(x,
                       out + first * channels *
                                 static_cast<int64_t>(byteWidth(output)),
                       rows);
        });
  }

  llvm::Expected<Tensor> unrounded(llvm::ArrayRef<Tensor> operands,
                                   Workspace &workspace) const override {
    if (!epilogue.isReal())
      return Tensor();
    Tensor result = workspace.allocate(DType::F64, operands[0].shape());
    double *out = result.data<double>();
    if (llvm::Error error =
            forEachChunk(operands[0], workspace,
                         [&](int32_t *x, int64_t first, int64_t rows) {
                           epilogue.unrounded(x, out + first * channels, rows);
                         }))
      return std::move(error);
    return result;
  }

private:
  /// Hands out copies as i32, a few rows at a time.
  template <typename Fn>
  llvm::Error forEachChunk(const Tensor &x, Workspace &workspace, Fn fn) const {
    if (x.rank() == 0 || x.dim(x.rank() - 1) != channels)
      return kernelError(label, "expected " + llvm::Twine(channels) +
                                    " channels, got shape " +
                                    shapeToString(x.shape()));
    const int64_t rows = x.numElements() / channels;
    const int64_t step = std::max<int64_t>(kChunk / channels, 1);
    auto *chunk = static_cast<int32_t *>(
        workspace.scratch(step * channels * sizeof(int32_t), 8));
    for (int64_t r = 0; r < rows; r += step) {
      int64_t count = std::min(step, rows - r);
      if (!copy(x, r * channels, count * channels, chunk))
        return kernelError(label,
                           "expected values of 32 bits, got one beyond them");
      fn(chunk, r, count);
    }
    return llvm::Error::success();
  }

  static bool copy(const Tensor &x, int64_t first, int64_t count, int32_t *to) {
    switch (x.dtype()) {
    case DType::U8:
      std::copy_n(x.data<uint8_t>() + first, count, to);
      return true;
    case DType::I8:
      std::copy_n(x.data<int8_t>() + first, count, to);
      return true;
    case DType::I16:
      std::copy_n(x.data<int16_t>() + first, count, to);
      return true;
    case DType::I32:
      std::copy_n(x.data<int32_t>() + first, count, to);
      return true;
    case DType::I64: {
      const int64_t *from = x.data<int64_t>() + first;
      bool fits = true;
      for (int64_t i = 0; i < count; ++i) {
        to[i] = static_cast<int32_t>(from[i]);
        fits &= to[i] == from[i];
      }
      return fits;
    }
    default:
      return false;
    }
  }

  std::string label;
  Epilogue epilogue;
  DType output;
  int64_t channels;
};

KernelOr buildRequantize(RequantizeOp op, const KernelContext &context) {
  FailureOr<DType> output = storageDTypeOf(op, op.getOutput());
  auto type = cast<RankedTensorType>(op.getInput().getType());
  if (failed(output))
    return failure();
  if (type.getRank() == 0 || ShapedType::isDynamic(type.getShape().back()) ||
      type.getShape().back() == 0) {
    op.emitOpError() << "can't be executed without a fixed number of channels";
    return failure();
  }
  int64_t channels = type.getShape().back();
  llvm::ArrayRef<double> bias;
  if (op.getBias()) {
    const Tensor *tensor = context.getConstant(op.getBias());
    if (!tensor || tensor->dtype() != DType::F64) {
      op.emitOpError() << "expected the bias to be an f64 constant";
      return failure();
    }
    bias = tensor->values<double>();
    if (!op.getRequant().isReal()) {
      op.emitOpError() << "expected the kernel 'real' with a bias";
      return failure();
    }
  }
  FailureOr<Epilogue> epilogue = Epilogue::create(
      op, op.getRequant(), *output, channels, {}, bias, op.getScaledBias());
  if (failed(epilogue))
    return failure();
  return KernelOr(std::unique_ptr<Kernel>(std::make_unique<RequantizeKernel>(
      opLabel(op), std::move(*epilogue), *output, channels)));
}

//===----------------------------------------------------------------------===//
// add
//===----------------------------------------------------------------------===//

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
  RealAddKernel(AddOp op, DType lhs, DType rhs, DType output)
      : label(opLabel(op)), output(output) {
    fill(op.getLhsRequant(), lhs, terms[0]);
    fill(op.getRhsRequant(), rhs, terms[1]);
    RequantAttr requant = op.getRequant();
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

KernelOr buildAdd(AddOp op, const KernelContext &) {
  FailureOr<DType> lhs = storageDTypeOf(op, op.getLhs()),
                   rhs = storageDTypeOf(op, op.getRhs()),
                   output = storageDTypeOf(op, op.getOutput());
  if (failed(lhs) || failed(rhs) || failed(output))
    return failure();
  for (DType type : {*lhs, *rhs, *output})
    if (type != DType::U8 && type != DType::I8) {
      op.emitOpError() << "can't be executed on " << dtypeName(type)
                       << " storage, expected 8 bits";
      return failure();
    }
  if (!op.getVariant())
    return KernelOr(std::unique_ptr<Kernel>(
        std::make_unique<RealAddKernel>(op, *lhs, *rhs, *output)));

  if (!numerics::usesKernel(op.getVariant()->getValue())) {
    op.emitOpError() << "can't be executed: the kernels and multipliers do not "
                        "say all of variant '"
                     << numerics::stringify(op.getVariant()->getValue())
                     << "'";
    return failure();
  }
  RequantAttr a = op.getLhsRequant(), b = op.getRhsRequant(),
              y = op.getRequant();
  if (a.getKernel() != y.getKernel() || b.getKernel() != y.getKernel() ||
      a.getLeftShift() != b.getLeftShift() || y.getLeftShift() != 0 ||
      y.getInputZeroPoint() != 0) {
    op.emitOpError() << "can't be executed: expected one kernel and one left "
                        "shift of the operands, and none of the sum";
    return failure();
  }
  numerics::AddParams params;
  params.variant = op.getVariant()->getValue();
  params.kernel = y.getKernel();
  params.leftShift = a.getLeftShift();
  params.lhsZeroPoint = static_cast<int32_t>(a.getInputZeroPoint());
  params.rhsZeroPoint = static_cast<int32_t>(b.getInputZeroPoint());
  params.lhs = {a.getMultipliers()[0], a.getShifts()[0]};
  params.rhs = {b.getMultipliers()[0], b.getShifts()[0]};
  params.output = {y.getMultipliers()[0], y.getShifts()[0]};
  params.zeroPoint = static_cast<int32_t>(y.getZeroPoint());
  auto [low, high] = storageRange(*output);
  params.lo = static_cast<int32_t>(std::clamp(y.getLo(), low, high));
  params.hi = static_cast<int32_t>(std::clamp(y.getHi(), low, high));
  return KernelOr(std::unique_ptr<Kernel>(
      std::make_unique<AddKernel>(opLabel(op), params, *output)));
}

} // namespace

void hwq::runtime::attachIntegerElementwiseModels(MLIRContext &context) {
  attachKernel<ObserveOp, buildObserve>(context);
  attachKernel<QuantizeOp, buildQuantize>(context);
  attachKernel<DequantizeOp, buildDequantize>(context);
  attachKernel<RequantizeOp, buildRequantize>(context);
  attachKernel<AddOp, buildAdd>(context);
}

void hwq::runtime::registerIntegerModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, QuantHWDialect *) {
    attachIntegerDotModels(*context);
    attachIntegerElementwiseModels(*context);
    attachIntegerPoolModels(*context);
  });
}
