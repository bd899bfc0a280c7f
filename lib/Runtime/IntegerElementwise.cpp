//===- IntegerElementwise.cpp - Quantize, dequantize, look up -------*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerModels.h"

#include "FloatKernels.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Numerics/Lut.h"
#include "hwq/Numerics/Quantize.h"
#include <algorithm>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

namespace {

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

/// One set of parameters, or one for each index of axis 0 or of the last one.
struct AxisParams {
  std::vector<numerics::QuantParams> params;
  bool lastAxis = false;
};

FailureOr<AxisParams> readParams(Operation *op, RankedTensorType type) {
  Type element = type.getElementType();
  AxisParams axisParams;
  std::vector<numerics::QuantParams> &all = axisParams.params;
  auto quantized = cast<quant::QuantizedType>(element);
  numerics::QuantParams params;
  params.grid = {quantized.getStorageTypeMin(), quantized.getStorageTypeMax()};
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    params.scale = uniform.getScale();
    params.zeroPoint = uniform.getZeroPoint();
    all.push_back(params);
    return axisParams;
  }
  auto perAxis = cast<quant::UniformQuantizedPerAxisType>(element);
  int64_t axis = perAxis.getQuantizedDimension();
  axisParams.lastAxis = axis != 0;
  if (axis != 0 && axis != type.getRank() - 1) {
    op->emitOpError() << "can't be executed with scales along axis " << axis
                      << ", expected 0 or the last";
    return failure();
  }
  for (auto [scale, zeroPoint] :
       llvm::zip_equal(perAxis.getScales(), perAxis.getZeroPoints())) {
    params.scale = scale;
    params.zeroPoint = zeroPoint;
    all.push_back(params);
  }
  return axisParams;
}

/// Calls `fn(from, to, number of elements, parameters)` for the runs of
/// elements with one set of parameters. Those of the last axis are gathered and
/// scattered.
template <typename From, typename To, typename Fn>
llvm::Error forEachRun(llvm::StringRef label, const Tensor &tensor,
                       const AxisParams &axis, const From *from, To *to,
                       Fn fn) {
  int64_t count = static_cast<int64_t>(axis.params.size());
  int64_t rank = tensor.rank();
  if (count != 1 &&
      (rank == 0 || tensor.dim(axis.lastAxis ? rank - 1 : 0) != count))
    return kernelError(label, "expected " + llvm::Twine(count) +
                                  " channels, got shape " +
                                  shapeToString(tensor.shape()));
  int64_t size = tensor.numElements() / count;
  if (count == 1 || !axis.lastAxis) {
    for (int64_t c = 0; c < count; ++c)
      fn(from + c * size, to + c * size, size, axis.params[c]);
    return llvm::Error::success();
  }
  std::vector<From> in(size);
  std::vector<To> out(size);
  for (int64_t c = 0; c < count; ++c) {
    for (int64_t i = 0; i < size; ++i)
      in[i] = from[i * count + c];
    fn(in.data(), out.data(), size, axis.params[c]);
    for (int64_t i = 0; i < size; ++i)
      to[i * count + c] = out[i];
  }
  return llvm::Error::success();
}

KernelOr buildQuantize(QuantizeOp op, const KernelContext &) {
  FailureOr<DType> output = storageDTypeOf(op, op.getOutput());
  if (failed(output))
    return failure();
  auto params = readParams(op, op.getOutput().getType());
  if (failed(params))
    return failure();
  return KernelOr(makeKernel(
      [label = opLabel(op), output = *output, params = *params,
       form = op.getForm().getValue()](llvm::ArrayRef<Tensor> operands,
                                       llvm::MutableArrayRef<Tensor> results,
                                       Workspace &workspace) -> llvm::Error {
        const float *x = operands[0].data<float>();
        results[0] = workspace.allocate(output, operands[0].shape());
        return withStorageType(output, [&](auto *type) {
          using T = std::remove_pointer_t<decltype(type)>;
          T *q = results[0].data<T>();
          return forEachRun(label, operands[0], params, x, q,
                            [&](const float *from, T *to, int64_t count,
                                const numerics::QuantParams &p) {
                              numerics::quantizeArray(form, from, count, p, to);
                            });
        });
      }));
}

KernelOr buildDequantize(DequantizeOp op, const KernelContext &) {
  FailureOr<DType> input = storageDTypeOf(op, op.getInput());
  if (failed(input))
    return failure();
  auto params = readParams(op, op.getInput().getType());
  if (failed(params))
    return failure();
  if (op.getUnitScale())
    for (numerics::QuantParams &p : params->params)
      p.scale = 1;
  return KernelOr(
      makeKernel([label = opLabel(op), input = *input,
                  params = *params](llvm::ArrayRef<Tensor> operands,
                                    llvm::MutableArrayRef<Tensor> results,
                                    Workspace &workspace) -> llvm::Error {
        results[0] = workspace.allocate(DType::F32, operands[0].shape());
        float *x = results[0].data<float>();
        return withStorageType(input, [&](auto *type) {
          using T = std::remove_pointer_t<decltype(type)>;
          const T *q = operands[0].data<T>();
          return forEachRun(label, operands[0], params, q, x,
                            [&](const T *from, float *to, int64_t count,
                                const numerics::QuantParams &p) {
                              numerics::dequantizeArray(from, count, p, to);
                            });
        });
      }));
}

//===----------------------------------------------------------------------===//
// fake_quant
//===----------------------------------------------------------------------===//

KernelOr buildFakeQuant(FakeQuantOp op, const KernelContext &) {
  std::vector<numerics::FakeQuantizer> schemes;
  for (Attribute attr : op.getSchemes())
    schemes.push_back(cast<SchemeAttr>(attr).getQuantizer());
  return KernelOr(makeKernel([label = opLabel(op),
                              schemes = std::move(schemes)](
                                 llvm::ArrayRef<Tensor> operands,
                                 llvm::MutableArrayRef<Tensor> results,
                                 Workspace &workspace) -> llvm::Error {
    const Tensor &x = operands[0];
    results[0] = workspace.allocate(DType::F32, x.shape());
    auto count = static_cast<int64_t>(schemes.size());
    if (count > 1 && (x.rank() == 0 || x.dim(0) != count))
      return kernelError(label, "expected " + llvm::Twine(count) +
                                    " channels on axis 0, got shape " +
                                    shapeToString(x.shape()));
    // Blocks lie along the last axis.
    int64_t size = x.numElements() / count;
    int64_t row = x.rank() ? x.dim(x.rank() - 1) : 1;
    if (row == 0 || size % row != 0)
      row = size;
    for (int64_t c = 0; c < count && size > 0; ++c)
      numerics::fakeQuantize(schemes[c], x.data<float>() + c * size, size / row,
                             row, results[0].data<float>() + c * size);
    return llvm::Error::success();
  }));
}

//===----------------------------------------------------------------------===//
// lookup
//===----------------------------------------------------------------------===//

KernelOr buildLookupKernel(LookupOp op, const KernelContext &) {
  FailureOr<DType> input = storageDTypeOf(op, op.getInput()),
                   output = storageDTypeOf(op, op.getOutput());
  if (failed(input) || failed(output))
    return failure();
  auto type =
      cast<quant::UniformQuantizedType>(getElementTypeOrSelf(op.getInput()));
  std::vector<int32_t> table(op.getTable().begin(), op.getTable().end());
  // Axis of the tables, or -1.
  int64_t axis =
      op.getChannelAxis() ? static_cast<int64_t>(*op.getChannelAxis()) : -1;
  return KernelOr(makeKernel(
      [input = *input, output = *output, table = std::move(table), axis,
       first = type.getStorageTypeMin(),
       last = type.getStorageTypeMax()](llvm::ArrayRef<Tensor> operands,
                                        llvm::MutableArrayRef<Tensor> results,
                                        Workspace &workspace) -> llvm::Error {
        results[0] = workspace.allocate(output, operands[0].shape());
        int64_t count = operands[0].numElements();
        // Neighbours with one table.
        int64_t run = count, channels = 1, codes = last - first + 1;
        if (axis >= 0) {
          run = 1;
          channels = operands[0].dim(axis);
          for (int64_t d = axis + 1; d < operands[0].rank(); ++d)
            run *= operands[0].dim(d);
        }
        return withStorageType(input, [&](auto *in) {
          using In = std::remove_pointer_t<decltype(in)>;
          const In *x = operands[0].data<In>();
          return withStorageType(output, [&](auto *out) {
            using Out = std::remove_pointer_t<decltype(out)>;
            Out *y = results[0].data<Out>();
            for (int64_t i = 0, c = 0; i < count; c = (c + 1) % channels) {
              const int32_t *entries = table.data() + c * codes;
              for (int64_t end = i + run; i < end; ++i) {
                // Codes outside a narrow grid are taken as its nearest.
                int64_t code = std::clamp<int64_t>(x[i], first, last);
                y[i] = static_cast<Out>(entries[code - first]);
              }
            }
            return llvm::Error::success();
          });
        });
      }));
}

//===----------------------------------------------------------------------===//
// softmax
//===----------------------------------------------------------------------===//

KernelOr buildSoftmax(SoftmaxOp op, const KernelContext &) {
  if (getElementTypeOrSelf(op.getInput()).isF32())
    return buildFloatSoftmaxKernel(op);
  FailureOr<DType> input = storageDTypeOf(op, op.getInput()),
                   output = storageDTypeOf(op, op.getOutput());
  if (failed(input) || failed(output))
    return failure();
  return KernelOr(makeKernel(
      [input = *input, output = *output,
       axis = static_cast<int64_t>(op.getAxis()),
       in = getQuantParams(op.getInput()), out = getQuantParams(op.getOutput()),
       label = opLabel(op)](llvm::ArrayRef<Tensor> operands,
                            llvm::MutableArrayRef<Tensor> results,
                            Workspace &workspace) -> llvm::Error {
        const Tensor &x = operands[0];
        if (axis < 0 || axis >= x.rank())
          return kernelError(label, "axis " + llvm::Twine(axis) +
                                        " is outside of " +
                                        shapeToString(x.shape()));
        results[0] = workspace.allocate(output, x.shape());
        int64_t size = x.dim(axis), inner = 1;
        for (int64_t i = axis + 1; i < x.rank(); ++i)
          inner *= x.dim(i);
        int64_t lines = x.numElements() == 0 ? 0 : x.numElements() / size;
        std::vector<int32_t> codes(size), made(size);
        return withStorageType(input, [&](auto *inType) {
          using In = std::remove_pointer_t<decltype(inType)>;
          return withStorageType(output, [&](auto *outType) {
            using Out = std::remove_pointer_t<decltype(outType)>;
            for (int64_t line = 0; line < lines; ++line) {
              int64_t first = line / inner * size * inner + line % inner;
              const In *from = x.data<In>() + first;
              Out *to = results[0].data<Out>() + first;
              for (int64_t i = 0; i < size; ++i)
                codes[i] = static_cast<int32_t>(from[i * inner]);
              numerics::softmax(in.scale, /*beta=*/1, out, codes.data(), size,
                                made.data());
              for (int64_t i = 0; i < size; ++i)
                to[i * inner] = static_cast<Out>(made[i]);
            }
            return llvm::Error::success();
          });
        });
      }));
}

} // namespace

void hwq::runtime::attachIntegerElementwiseModels(MLIRContext &context) {
  attachKernel<ObserveOp, buildObserve>(context);
  attachKernel<QuantizeOp, buildQuantize>(context);
  attachKernel<DequantizeOp, buildDequantize>(context);
  attachKernel<FakeQuantOp, buildFakeQuant>(context);
  attachKernel<LookupOp, buildLookupKernel>(context);
  attachKernel<SoftmaxOp, buildSoftmax>(context);
}

void hwq::runtime::registerIntegerModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, QuantHWDialect *) {
    attachIntegerBinaryModels(*context);
    attachIntegerDotModels(*context);
    attachIntegerElementwiseModels(*context);
    attachIntegerFunctionModels(*context);
    attachIntegerMatMulModels(*context);
    attachIntegerPoolModels(*context);
    attachIntegerRequantizeModels(*context);
  });
}
