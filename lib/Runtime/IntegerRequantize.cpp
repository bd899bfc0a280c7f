//===- IntegerRequantize.cpp - From one grid to another, or to float -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerModels.h"

#include "IntegerEpilogue.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Numerics/Quantize.h"
#include <algorithm>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

namespace {

/// Values worked on at a time.
constexpr int64_t kChunk = 2048;

/// Elements [first, first + count) as i32; false for one beyond it.
bool copyAsI32(const Tensor &x, int64_t first, int64_t count, int32_t *to) {
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

/// Hands out copies of the rows of `channels` elements as i32, a few at a time:
/// fn(values, first row, number of rows).
template <typename Fn>
llvm::Error forEachChunk(llvm::StringRef label, const Tensor &x,
                         int64_t channels, Workspace &workspace, Fn fn) {
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
    if (!copyAsI32(x, r * channels, count * channels, chunk))
      return kernelError(label,
                         "expected values of 32 bits, got one beyond them");
    fn(chunk, r, count);
  }
  return llvm::Error::success();
}

/// To codes, without a residual.
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
    return forEachChunk(label, operands[0], channels, workspace,
                        [&](int32_t *x, int64_t first, int64_t rows) {
                          epilogue.run(
                              x,
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
            forEachChunk(label, operands[0], channels, workspace,
                         [&](int32_t *x, int64_t first, int64_t rows) {
                           epilogue.unrounded(x, out + first * channels, rows);
                         }))
      return std::move(error);
    return result;
  }

private:
  std::string label;
  Epilogue epilogue;
  DType output;
  int64_t channels;
};

/// To float, or with a residual: one value after the other, as defined.
class GeneralRequantizeKernel final : public Kernel {
public:
  GeneralRequantizeKernel(RequantizeOp op, DType output, int64_t channels,
                          llvm::ArrayRef<double> bias)
      : label(opLabel(op)), fields(op.getRequant().getFields()), output(output),
        channels(channels), bias(bias), scaled(op.getScaledBias()) {
    if (op.getResidual())
      residualZeroPoint = getQuantParams(op.getResidual()).zeroPoint;
    if (!op.getRequant().isReal())
      params = op.getRequant().getParams();
  }

  /// What is wrong with the parameters; empty if nothing is.
  std::string check() const {
    return params ? numerics::checkRequantize(*params, channels)
                  : std::string();
  }

  llvm::Error run(llvm::ArrayRef<Tensor> operands,
                  llvm::MutableArrayRef<Tensor> results,
                  Workspace &workspace) const override {
    results[0] = workspace.allocate(output, operands[0].shape());
    Tensor &y = results[0];
    return forEachValue(
        operands, workspace, [&](int64_t i, int64_t c, int32_t x, int64_t r) {
          if (output == DType::F32) {
            y.data<float>()[i] =
                params ? numerics::dequantizeAccumulator(
                             *params, c, x, static_cast<int32_t>(r))
                       : static_cast<float>(real(c, x, r));
            return;
          }
          int64_t code =
              params
                  ? numerics::requantize(*params, c, x, static_cast<int32_t>(r))
                  : numerics::quantizeLSB(fields.quantizeForm, real(c, x, r),
                                          fields.zeroPoint, fields.lo,
                                          fields.hi);
          if (output == DType::U8)
            y.data<uint8_t>()[i] = static_cast<uint8_t>(code);
          else if (output == DType::I8)
            y.data<int8_t>()[i] = static_cast<int8_t>(code);
          else
            y.data<int16_t>()[i] = static_cast<int16_t>(code);
        });
  }

  llvm::Expected<Tensor> unrounded(llvm::ArrayRef<Tensor> operands,
                                   Workspace &workspace) const override {
    if (params || output == DType::F32)
      return Tensor();
    Tensor result = workspace.allocate(DType::F64, operands[0].shape());
    double *out = result.data<double>();
    if (llvm::Error error = forEachValue(
            operands, workspace,
            [&](int64_t i, int64_t c, int32_t x, int64_t r) {
              out[i] = real(c, x, r) + static_cast<double>(fields.zeroPoint);
            }))
      return std::move(error);
    return result;
  }

private:
  /// Steps 1 to 3.
  double real(int64_t c, int32_t x, int64_t residual) const {
    double scale = fields.scales[fields.scales.size() == 1 ? 0 : c];
    double b = bias.empty() ? 0 : bias[c];
    double value = std::ldexp(static_cast<double>(x - fields.inputZeroPoint),
                              fields.leftShift);
    value = scaled ? scale * value + b : scale * (value + b);
    if (fields.residualScale)
      value += *fields.residualScale *
               static_cast<double>(residual - residualZeroPoint);
    return value;
  }

  template <typename Fn>
  llvm::Error forEachValue(llvm::ArrayRef<Tensor> operands,
                           Workspace &workspace, Fn fn) const {
    // The bias of steps 1 to 3 is a constant operand.
    const Tensor *residual = fields.residualScale ? &operands.back() : nullptr;
    if (residual && residual->shape() != operands[0].shape())
      return kernelError(label, "expected a residual of shape " +
                                    shapeToString(operands[0].shape()) +
                                    ", got " +
                                    shapeToString(residual->shape()));
    std::vector<int32_t> codes(residual ? kChunk + channels : 0);
    return forEachChunk(label, operands[0], channels, workspace,
                        [&](int32_t *x, int64_t first, int64_t rows) {
                          int64_t count = rows * channels,
                                  begin = first * channels;
                          if (residual)
                            copyAsI32(*residual, begin, count, codes.data());
                          for (int64_t i = 0, c = 0; i < count; ++i) {
                            fn(begin + i, c, x[i], residual ? codes[i] : 0);
                            if (++c == channels)
                              c = 0;
                          }
                        });
  }

  std::string label;
  RequantFields fields;
  std::optional<numerics::RequantizeParams> params;
  DType output;
  int64_t channels;
  llvm::ArrayRef<double> bias;
  bool scaled;
  int64_t residualZeroPoint = 0;
};

/// Codes of 8 bits by a formula that is no kernel.
KernelOr buildRescale(RequantizeOp op, DType output) {
  FailureOr<DType> input = storageDTypeOf(op, op.getInput());
  if (failed(input))
    return failure();
  numerics::Result<numerics::ConcatParams> params = getRescaleParams(op);
  if (!params || *input != output ||
      (output != DType::U8 && output != DType::I8)) {
    op.emitOpError() << "can't be executed: "
                     << (params ? "expected codes of one storage of 8 bits"
                                : params.error());
    return failure();
  }
  return KernelOr(makeKernel(
      [params = *params, output](llvm::ArrayRef<Tensor> operands,
                                 llvm::MutableArrayRef<Tensor> results,
                                 Workspace &workspace) -> llvm::Error {
        results[0] = workspace.allocate(output, operands[0].shape());
        int64_t count = operands[0].numElements();
        if (output == DType::U8)
          numerics::rescaleArray(params, operands[0].data<uint8_t>(),
                                 results[0].data<uint8_t>(), count);
        else
          numerics::rescaleArray(params, operands[0].data<int8_t>(),
                                 results[0].data<int8_t>(), count);
        return llvm::Error::success();
      }));
}

KernelOr buildRequantize(RequantizeOp op, const KernelContext &context) {
  FailureOr<DType> output = op.isFloat() ? FailureOr<DType>(DType::F32)
                                         : storageDTypeOf(op, op.getOutput());
  auto type = cast<RankedTensorType>(op.getInput().getType());
  if (failed(output))
    return failure();
  if (op.getVariant())
    return buildRescale(op, *output);
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
  if (op.isFloat() || op.getResidual()) {
    auto kernel =
        std::make_unique<GeneralRequantizeKernel>(op, *output, channels, bias);
    if (std::string problem = kernel->check(); !problem.empty()) {
      op.emitOpError() << problem;
      return failure();
    }
    return KernelOr(std::unique_ptr<Kernel>(std::move(kernel)));
  }
  FailureOr<Epilogue> epilogue = Epilogue::create(
      op, op.getRequant(), *output, channels, {}, bias, op.getScaledBias());
  if (failed(epilogue))
    return failure();
  return KernelOr(std::unique_ptr<Kernel>(std::make_unique<RequantizeKernel>(
      opLabel(op), std::move(*epilogue), *output, channels)));
}

} // namespace

void hwq::runtime::attachIntegerRequantizeModels(MLIRContext &context) {
  attachKernel<RequantizeOp, buildRequantize>(context);
}
