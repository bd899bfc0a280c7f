//===- TosaInteger.cpp - TOSA's arithmetic on i8 and i32 --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerConv.h"
#include "IntegerMatMul.h"
#include "TosaArrays.h"
#include "TosaModels.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Numerics/AvgPool.h"
#include "hwq/Numerics/Requantize.h"
#include "hwq/Numerics/Resize.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include <algorithm>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

/// The value of a zero point, i8 or i32.
static FailureOr<int64_t> readZeroPoint(Operation *op,
                                        const KernelContext &context,
                                        Value operand, llvm::StringRef what) {
  const Tensor *tensor = context.getConstant(operand);
  if (tensor && tensor->numElements() == 1) {
    if (tensor->dtype() == DType::I8)
      return *tensor->data<int8_t>();
    if (tensor->dtype() == DType::I32)
      return *tensor->data<int32_t>();
  }
  return op->emitOpError() << "expected a constant " << what
                           << " zero point of i8 or i32";
}

static bool isI8(Value value) {
  return getElementTypeOrSelf(value.getType()).isInteger(8);
}

//===----------------------------------------------------------------------===//
// Dot products
//===----------------------------------------------------------------------===//

bool hwq::runtime::isOnI8(Operation *op) { return isI8(op->getOperand(0)); }

template <typename OpT>
static LogicalResult readDot(OpT op, const KernelContext &context,
                             int64_t outputs, CodeDot &d, Tensor &fullBias) {
  d.op = op;
  FailureOr<DType> output = storageDTypeOf(op, op.getOutput());
  FailureOr<int64_t> zeroPoint =
      readZeroPoint(op, context, op.getInputZp(), "input");
  FailureOr<int64_t> weightZeroPoint =
      readZeroPoint(op, context, op.getWeightZp(), "weight");
  if (failed(output) || failed(zeroPoint) || failed(weightZeroPoint))
    return failure();
  d.weights = context.getConstant(op.getWeight());
  d.bias = context.getConstant(op.getBias());
  if (!d.weights || !d.bias || *output != DType::I32)
    return op.emitOpError("expected constant weights and bias and an i32 "
                          "result to execute it");
  // One value stands for all channels.
  if (d.bias->numElements() == 1 && outputs != 1) {
    fullBias = Tensor::allocate(d.bias->dtype(), {outputs});
    fillElements(fullBias.raw(), outputs, d.bias->raw(),
                 byteWidth(d.bias->dtype()));
    d.bias = &fullBias;
  }
  d.inputZeroPoint = [z = *zeroPoint](int64_t) { return z; };
  d.padCode = static_cast<int32_t>(*zeroPoint);
  d.weightZeroPoint = [z = *weightZeroPoint](int64_t) { return z; };
  return success();
}

KernelOr hwq::runtime::buildIntegerTosaConv2D(Operation *operation,
                                              const KernelContext &context) {
  auto op = cast<tosa::Conv2DOp>(operation);
  ArrayRef<int64_t> w = cast<ShapedType>(op.getWeight().getType()).getShape();
  CodeDot d;
  Tensor bias;
  if (failed(readDot(op, context, w[0], d, bias)) ||
      failed(d.setConvolution(op.getInput(), op.getOutput(), w.slice(1, 2),
                              op.getPad(), op.getStride(), op.getDilation(),
                              /*groups=*/1)))
    return failure();
  return buildCodeDot(std::move(d));
}

KernelOr
hwq::runtime::buildIntegerTosaDepthwiseConv2D(Operation *operation,
                                              const KernelContext &context) {
  auto op = cast<tosa::DepthwiseConv2DOp>(operation);
  ArrayRef<int64_t> w = cast<ShapedType>(op.getWeight().getType()).getShape();
  int64_t outputs = w[2] * w[3], taps = w[0] * w[1];
  CodeDot d;
  Tensor bias;
  if (failed(readDot(op, context, outputs, d, bias)) ||
      failed(d.setConvolution(op.getInput(), op.getOutput(), w.take_front(2),
                              op.getPad(), op.getStride(), op.getDilation(),
                              /*groups=*/w[2])))
    return failure();
  // KH,KW,C,M to C*M,KH,KW,1.
  Tensor weights =
      Tensor::allocate(d.weights->dtype(), {outputs, w[0], w[1], 1});
  copyStrided(weights.raw(), {taps, 1}, d.weights->raw(), {1, outputs},
              {outputs, taps}, byteWidth(d.weights->dtype()));
  d.weights = &weights;
  return buildCodeDot(std::move(d));
}

KernelOr
hwq::runtime::buildIntegerTosaTransposeConv2D(Operation *operation,
                                              const KernelContext &context) {
  auto op = cast<tosa::TransposeConv2DOp>(operation);
  ArrayRef<int64_t> w = cast<ShapedType>(op.getWeight().getType()).getShape();
  SmallVector<int64_t> pad;
  for (int64_t p : op.getOutPad())
    pad.push_back(-p);
  CodeDot d;
  Tensor bias;
  if (failed(readDot(op, context, w[0], d, bias)) ||
      failed(d.setTransposed(op.getInput(), op.getOutput(), w.slice(1, 2), pad,
                             op.getStride(), {1, 1}, /*groups=*/1)))
    return failure();
  return buildCodeDot(std::move(d));
}

KernelOr hwq::runtime::buildIntegerTosaMatMul(Operation *operation,
                                              const KernelContext &context) {
  auto op = cast<tosa::MatMulOp>(operation);
  FailureOr<DType> output = storageDTypeOf(op, op.getOutput());
  FailureOr<int64_t> za = readZeroPoint(op, context, op.getAZp(), "a"),
                     zb = readZeroPoint(op, context, op.getBZp(), "b");
  if (failed(output) || failed(za) || failed(zb))
    return failure();
  return buildCodeMatMul(op, *za, *zb, /*requant=*/{}, *output);
}

//===----------------------------------------------------------------------===//
// Rescale
//===----------------------------------------------------------------------===//

namespace {

template <typename In, typename Out>
std::unique_ptr<Kernel> rescaleKernel(Operation *op,
                                      const numerics::RequantizeParams &params,
                                      int64_t channels) {
  auto prepared = std::make_shared<numerics::PreparedRequantize>(
      params, static_cast<size_t>(channels));
  return makeKernel([prepared, channels,
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    const Tensor &x = operands[0];
    if (channels != 1 && (x.rank() == 0 || x.dim(x.rank() - 1) != channels))
      return kernelError(label, "expected " + llvm::Twine(channels) +
                                    " channels, got shape " +
                                    shapeToString(x.shape()));
    results[0] = workspace.allocate(dtypeOf<Out>(), x.shape());
    prepared->run(x.data<In>(), results[0].data<Out>(),
                  static_cast<size_t>(x.numElements() / channels));
    return llvm::Error::success();
  });
}

KernelOr buildRescale(tosa::RescaleOp op, const KernelContext &context) {
  FailureOr<DType> in = storageDTypeOf(op, op.getInput()),
                   out = storageDTypeOf(op, op.getOutput());
  FailureOr<int64_t> inputZeroPoint =
                         readZeroPoint(op, context, op.getInputZp(), "input"),
                     zeroPoint =
                         readZeroPoint(op, context, op.getOutputZp(), "output");
  if (failed(in) || failed(out) || failed(inputZeroPoint) || failed(zeroPoint))
    return failure();
  auto isSupported = [](DType type) {
    return type == DType::I8 || type == DType::I32;
  };
  if (!isSupported(*in) || !isSupported(*out) || op.getInputUnsigned() ||
      op.getOutputUnsigned())
    return op.emitOpError("can be executed on signed i8 and i32 only");
  const Tensor *multiplier = context.getConstant(op.getMultiplier()),
               *shift = context.getConstant(op.getShift());
  if (!multiplier || !shift || !op.getScale32() ||
      multiplier->dtype() != DType::I32 || shift->dtype() != DType::I8 ||
      multiplier->numElements() != shift->numElements())
    return op.emitOpError("expected constant multipliers of 32 bits and as "
                          "many shifts to execute it");
  numerics::RequantizeParams params;
  switch (op.getRoundingMode()) {
  case tosa::RoundingMode::SINGLE_ROUND:
    params.kernel = numerics::RequantizeKernel::R2;
    break;
  case tosa::RoundingMode::DOUBLE_ROUND:
    params.kernel = numerics::RequantizeKernel::R1;
    break;
  default:
    return op.emitOpError("can't be executed with INEXACT_ROUND, which may "
                          "round in several ways");
  }
  for (int64_t c = 0; c < multiplier->numElements(); ++c) {
    numerics::Multiplier m{multiplier->data<int32_t>()[c],
                           shift->data<int8_t>()[c]};
    if (m.multiplier < 0 || m.shift < 2 || m.shift > 62)
      return op.emitOpError()
             << "expected multipliers of 0 and more and shifts in [2, 62], got "
             << m.multiplier << " and " << m.shift << " for channel " << c;
    params.multipliers.push_back(m);
  }
  params.inputZeroPoint = static_cast<int32_t>(*inputZeroPoint);
  params.zeroPoint = *zeroPoint;
  params.lo = *out == DType::I8 ? INT8_MIN : INT32_MIN;
  params.hi = *out == DType::I8 ? INT8_MAX : INT32_MAX;
  auto channels = static_cast<int64_t>(params.multipliers.size());
  if (std::string wrong =
          numerics::checkRequantize(params, static_cast<size_t>(channels));
      !wrong.empty())
    return op.emitOpError() << wrong;
  if (*in == DType::I8)
    return *out == DType::I8
               ? rescaleKernel<int8_t, int8_t>(op, params, channels)
               : rescaleKernel<int8_t, int32_t>(op, params, channels);
  return *out == DType::I8
             ? rescaleKernel<int32_t, int8_t>(op, params, channels)
             : rescaleKernel<int32_t, int32_t>(op, params, channels);
}

//===----------------------------------------------------------------------===//
// Table
//===----------------------------------------------------------------------===//

KernelOr buildTable(tosa::TableOp op, const KernelContext &context) {
  const Tensor *entries = context.getConstant(op.getTable());
  if (!entries || entries->dtype() != DType::I8 ||
      entries->numElements() != 256 || !isI8(op.getInput1()))
    return op.emitOpError("can be executed on i8 with a constant table of 256 "
                          "i8 only");
  std::array<int8_t, 256> table;
  // By the bits of the code.
  for (int code = -128; code <= 127; ++code)
    table[static_cast<uint8_t>(code)] = entries->data<int8_t>()[code + 128];
  return makeKernel([table](ArrayRef<Tensor> operands,
                            MutableArrayRef<Tensor> results,
                            Workspace &workspace) -> llvm::Error {
    Tensor y = workspace.allocate(DType::I8, operands[0].shape());
    const int8_t *from = operands[0].data<int8_t>();
    int8_t *to = y.data<int8_t>();
    for (int64_t i = 0, e = y.numElements(); i < e; ++i)
      to[i] = table[static_cast<uint8_t>(from[i])];
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

} // namespace

//===----------------------------------------------------------------------===//
// Average pool
//===----------------------------------------------------------------------===//

/// RHA(sum(x - z_in) / n) + z_out over the n valid taps, as Numerics has it.
KernelOr hwq::runtime::buildIntegerTosaAvgPool(Operation *operation,
                                               const KernelContext &context) {
  auto op = cast<tosa::AvgPool2dOp>(operation);
  FailureOr<int64_t> in = readZeroPoint(op, context, op.getInputZp(), "input"),
                     out =
                         readZeroPoint(op, context, op.getOutputZp(), "output");
  if (failed(in) || failed(out))
    return failure();
  std::array<int64_t, 2> kernel, stride;
  std::array<int64_t, 4> pad;
  std::copy_n(op.getKernel().begin(), 2, kernel.begin());
  std::copy_n(op.getStride().begin(), 2, stride.begin());
  std::copy_n(op.getPad().begin(), 4, pad.begin());
  return makeKernel([=, in = *in, out = static_cast<int32_t>(*out),
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    const Tensor &x = operands[0];
    if (x.rank() != 4 || x.dtype() != DType::I8)
      return kernelError(label, "expected i8 of rank 4, got " +
                                    dtypeName(x.dtype()) + " " +
                                    shapeToString(x.shape()));
    int64_t size[2], last[2], count[2];
    for (int i : {0, 1}) {
      size[i] = x.dim(i + 1);
      last[i] = size[i] + pad[2 * i] + pad[2 * i + 1] - kernel[i];
      count[i] = last[i] / stride[i] + 1;
      if (last[i] < 0)
        return kernelError(label,
                           "the kernel is larger than the padded operand " +
                               shapeToString(x.shape()));
    }
    int64_t channels = x.dim(3);
    Tensor y =
        workspace.allocate(DType::I8, {x.dim(0), count[0], count[1], channels});
    auto *sums =
        static_cast<int32_t *>(workspace.scratch(channels * sizeof(int32_t)));
    int8_t *to = y.data<int8_t>();
    auto window = [&](int axis, int64_t o) {
      int64_t begin = o * stride[axis] - pad[2 * axis];
      return std::pair(std::max<int64_t>(begin, 0),
                       std::min(begin + kernel[axis], size[axis]));
    };
    for (int64_t n = 0; n < x.dim(0); ++n)
      for (int64_t oy = 0; oy < count[0]; ++oy)
        for (int64_t ox = 0; ox < count[1]; ++ox, to += channels) {
          auto [top, bottom] = window(0, oy);
          auto [left, right] = window(1, ox);
          std::fill_n(sums, channels, 0);
          for (int64_t i = top; i < bottom; ++i) {
            const int8_t *from =
                x.data<int8_t>() +
                ((n * size[0] + i) * size[1] + left) * channels;
            for (int64_t j = left; j < right; ++j, from += channels)
              for (int64_t c = 0; c < channels; ++c)
                sums[c] += from[c];
          }
          auto taps = static_cast<int32_t>(std::max<int64_t>(bottom - top, 0) *
                                           std::max<int64_t>(right - left, 0));
          for (int64_t c = 0; c < channels; ++c)
            to[c] = static_cast<int8_t>(numerics::averagePool(
                numerics::AvgPoolVariant::RoundHalfAway, sums[c] - in * taps,
                taps, out, INT8_MIN, INT8_MAX));
        }
    results[0] = std::move(y);
    return llvm::Error::success();
  });
}

//===----------------------------------------------------------------------===//
// Resize
//===----------------------------------------------------------------------===//

KernelOr hwq::runtime::buildIntegerTosaResize(Operation *operation,
                                              const KernelContext &) {
  auto op = cast<tosa::ResizeOp>(operation);
  FailureOr<Tensor::Shape> scale = constantShape(op, op.getScale()),
                           offset = constantShape(op, op.getOffset());
  if (failed(scale) || failed(offset))
    return failure();
  auto in = cast<RankedTensorType>(op.getInput().getType()),
       out = cast<RankedTensorType>(op.getOutput().getType());
  if (!out.getElementType().isInteger(32))
    return op.emitOpError()
           << "bilinear on i8 has a result of i32, got " << out;
  auto geometry = getResizeGeometry(in, out, *scale, *offset);
  if (!geometry)
    return op.emitOpError() << "can't be executed: " << geometry.error();
  auto resize =
      numerics::deriveResize(std::nullopt, geometry->rows, geometry->columns);
  if (!resize)
    return op.emitOpError() << "can't be executed: " << resize.error();
  return makeKernel([resize = *resize, height = in.getDimSize(1),
                     width = in.getDimSize(2),
                     label = opLabel(op)](ArrayRef<Tensor> operands,
                                          MutableArrayRef<Tensor> results,
                                          Workspace &workspace) -> llvm::Error {
    const Tensor &x = operands[0];
    if (x.rank() != 4 || x.dim(1) != height || x.dim(2) != width)
      return kernelError(label, "expected " +
                                    shapeToString({-1, height, width, -1}) +
                                    ", got " + shapeToString(x.shape()));
    auto rows = static_cast<int64_t>(resize.rows.size()),
         columns = static_cast<int64_t>(resize.columns.size());
    int64_t channels = x.dim(3);
    results[0] =
        workspace.allocate(DType::I32, {x.dim(0), rows, columns, channels});
    int32_t *to = results[0].data<int32_t>();
    for (int64_t n = 0; n < x.dim(0); ++n)
      for (const numerics::BilinearResize::Tap &r : resize.rows)
        for (const numerics::BilinearResize::Tap &c : resize.columns) {
          auto at = [&](int64_t row, int64_t column) {
            return x.data<int8_t>() +
                   ((n * height + row) * width + column) * channels;
          };
          const int8_t *a = at(r.lower, c.lower), *b = at(r.lower, c.upper),
                       *e = at(r.upper, c.lower), *f = at(r.upper, c.upper);
          for (int64_t i = 0; i < channels; ++i) {
            int64_t u = resize.columnUnit - c.weight;
            int64_t top = a[i] * u + b[i] * c.weight;
            int64_t bottom = e[i] * u + f[i] * c.weight;
            *to++ = static_cast<int32_t>(top * (resize.rowUnit - r.weight) +
                                         bottom * r.weight);
          }
        }
    return llvm::Error::success();
  });
}

void hwq::runtime::attachTosaIntegerModels(MLIRContext &context) {
  attachKernel<tosa::RescaleOp, buildRescale>(context);
  attachKernel<tosa::TableOp, buildTable>(context);
}
