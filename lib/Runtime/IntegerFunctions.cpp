//===- IntegerFunctions.cpp - Leaky relu, mean, resize ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerEpilogue.h"
#include "IntegerLoops.h"
#include "IntegerModels.h"

#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Numerics/Requantize.h"
#include "hwq/Numerics/Resize.h"
#include <algorithm>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

namespace {

/// Calls `fn` with a null pointer of the C++ type of 8-bit storage.
template <typename Fn> void withCodeType(DType type, Fn fn) {
  if (type == DType::U8)
    fn(static_cast<uint8_t *>(nullptr));
  else
    fn(static_cast<int8_t *>(nullptr));
}

/// One code from a sum: by the kernel, or (steps 1 to 3) the real number
/// rounded once.
class Requantizer {
public:
  explicit Requantizer(RequantAttr requant)
      : isReal(requant.isReal()), scale(requant.getScales()[0]),
        form(requant.getQuantizeForm()), zeroPoint(requant.getZeroPoint()),
        lo(requant.getLo()), hi(requant.getHi()) {
    if (!isReal)
      params = requant.getParams();
  }

  int32_t operator()(int64_t sum) const {
    if (!isReal)
      return static_cast<int32_t>(numerics::requantize(params, 0, sum));
    double value = scale * static_cast<double>(sum);
    int32_t code;
    roundReal(form, &value, 1, zeroPoint, lo, hi, &code);
    return code;
  }

private:
  bool isReal;
  double scale;
  numerics::QuantizeForm form;
  int64_t zeroPoint, lo, hi;
  numerics::RequantizeParams params;
};

/// The storage of a quantized value, which must have 8 bits.
FailureOr<DType> codeTypeOf(Operation *op, Value value) {
  FailureOr<DType> type = storageDTypeOf(op, value);
  if (succeeded(type) && *type != DType::U8 && *type != DType::I8)
    return op->emitOpError() << "can't be executed on " << dtypeName(*type)
                             << " storage, expected 8 bits";
  return type;
}

//===----------------------------------------------------------------------===//
// prelu
//===----------------------------------------------------------------------===//

KernelOr buildFloatPRelu(PReluOp op) {
  FailureOr<std::vector<float>> slopes = getFloatConstant(op.getSlope());
  if (failed(slopes))
    return op.emitOpError("expected slopes that are a constant");
  return KernelOr(makeKernel([slopes = *slopes, label = opLabel(op)](
                                 ArrayRef<Tensor> operands,
                                 MutableArrayRef<Tensor> results,
                                 Workspace &workspace) -> llvm::Error {
    const Tensor &x = operands[0];
    auto channels = static_cast<int64_t>(slopes.size());
    if (x.rank() == 0 || x.dim(x.rank() - 1) != channels)
      return kernelError(label, "expected " + llvm::Twine(channels) +
                                    " channels, got " +
                                    shapeToString(x.shape()));
    results[0] = workspace.allocate(DType::F32, x.shape());
    const float *from = x.data<float>();
    float *to = results[0].data<float>();
    for (int64_t i = 0, e = x.numElements(); i < e; i += channels)
      for (int64_t c = 0; c < channels; ++c)
        to[i + c] = from[i + c] < 0.0f ? slopes[c] * from[i + c] : from[i + c];
    return llvm::Error::success();
  }));
}

KernelOr buildPRelu(PReluOp op, const KernelContext &) {
  if (op.isFloat())
    return buildFloatPRelu(op);
  FailureOr<DType> input = codeTypeOf(op, op.getInput()),
                   output = codeTypeOf(op, op.getOutput());
  FailureOr<std::vector<int64_t>> slopes = getIntegerConstant(op.getSlope());
  if (failed(input) || failed(output))
    return failure();
  if (failed(slopes))
    return op.emitOpError("expected slopes that are a constant");
  numerics::QuantParams in = getQuantParams(op.getInput()),
                        slope = getQuantParams(op.getSlope());
  Requantizer positive(*op.getPositive()), negative(*op.getNegative());
  // For each channel the output of each code.
  int64_t first = storageRange(*input).first;
  std::vector<int32_t> table;
  for (int64_t slopeCode : *slopes)
    for (int64_t q = first; q < first + 256; ++q) {
      int64_t a = q - in.zeroPoint;
      table.push_back(a >= 0 ? positive(a)
                             : negative(a * (slopeCode - slope.zeroPoint)));
    }
  return KernelOr(makeKernel(
      [table = std::move(table), first, input = *input, output = *output,
       channels = static_cast<int64_t>(slopes->size()), label = opLabel(op)](
          ArrayRef<Tensor> operands, MutableArrayRef<Tensor> results,
          Workspace &workspace) -> llvm::Error {
        const Tensor &x = operands[0];
        if (x.rank() == 0 || x.dim(x.rank() - 1) != channels)
          return kernelError(label, "expected " + llvm::Twine(channels) +
                                        " channels, got " +
                                        shapeToString(x.shape()));
        results[0] = workspace.allocate(output, x.shape());
        auto *to = static_cast<uint8_t *>(results[0].raw());
        withCodeType(input, [&](auto *type) {
          using In = std::remove_pointer_t<decltype(type)>;
          const In *from = x.data<In>();
          for (int64_t i = 0, e = x.numElements(); i < e; i += channels)
            for (int64_t c = 0; c < channels; ++c)
              to[i + c] =
                  static_cast<uint8_t>(table[c * 256 + from[i + c] - first]);
        });
        return llvm::Error::success();
      }));
}

//===----------------------------------------------------------------------===//
// mean
//===----------------------------------------------------------------------===//

/// Calls `fn(output index, input index)` for every element of `shape`, whose
/// dimensions `axes` become 1.
template <typename Fn>
void forEachReduced(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes, Fn fn) {
  int64_t rank = static_cast<int64_t>(shape.size()), total = 1, size = 1;
  SmallVector<int64_t> strides(rank), position(rank, 0);
  for (int64_t d = rank - 1; d >= 0; --d) {
    total *= shape[d];
    if (llvm::is_contained(axes, d))
      continue;
    strides[d] = size;
    size *= shape[d];
  }
  int64_t out = 0;
  for (int64_t i = 0; i < total; ++i) {
    fn(out, i);
    for (int64_t d = rank - 1; d >= 0; --d) {
      out += strides[d];
      if (++position[d] < shape[d])
        break;
      out -= strides[d] * shape[d];
      position[d] = 0;
    }
  }
}

Tensor::Shape reducedShape(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes) {
  Tensor::Shape result(shape);
  for (int64_t axis : axes)
    result[axis] = 1;
  return result;
}

/// What `x` must be: the operand's shape, of any batch.
llvm::Error checkMeanShape(StringRef label, const Tensor &x,
                           ArrayRef<int64_t> shape) {
  bool fits = x.rank() == static_cast<int64_t>(shape.size());
  for (size_t d = 0; fits && d < shape.size(); ++d)
    fits = ShapedType::isDynamic(shape[d]) ||
           x.dim(static_cast<int64_t>(d)) == shape[d];
  if (fits)
    return llvm::Error::success();
  return kernelError(label, "got " + shapeToString(x.shape()) +
                                ", which is not the operand's shape");
}

KernelOr buildFloatMean(MeanOp op) {
  return makeKernel(
      [axes = SmallVector<int64_t>(op.getAxes()),
       shape = SmallVector<int64_t>(op.getInput().getType().getShape()),
       inverse = static_cast<float>(1.0 / op.getCount()), label = opLabel(op)](
          ArrayRef<Tensor> operands, MutableArrayRef<Tensor> results,
          Workspace &workspace) -> llvm::Error {
        const Tensor &x = operands[0];
        if (llvm::Error error = checkMeanShape(label, x, shape))
          return error;
        results[0] =
            workspace.allocate(DType::F32, reducedShape(x.shape(), axes));
        float *y = results[0].data<float>();
        const float *from = x.data<float>();
        std::vector<double> sums(results[0].numElements());
        forEachReduced(x.shape(), axes,
                       [&](int64_t o, int64_t i) { sums[o] += from[i]; });
        for (size_t o = 0; o < sums.size(); ++o)
          y[o] = static_cast<float>(sums[o]) * inverse;
        return llvm::Error::success();
      });
}

KernelOr buildMean(MeanOp op, const KernelContext &) {
  if (op.isFloat())
    return buildFloatMean(op);
  FailureOr<DType> input = codeTypeOf(op, op.getInput()),
                   output = codeTypeOf(op, op.getOutput());
  if (failed(input) || failed(output))
    return failure();
  return KernelOr(makeKernel(
      [axes = SmallVector<int64_t>(op.getAxes()),
       shape = SmallVector<int64_t>(op.getInput().getType().getShape()),
       requantize = Requantizer(*op.getRequant()),
       offset = getQuantParams(op.getInput()).zeroPoint * op.getCount(),
       input = *input, output = *output, label = opLabel(op)](
          ArrayRef<Tensor> operands, MutableArrayRef<Tensor> results,
          Workspace &workspace) -> llvm::Error {
        const Tensor &x = operands[0];
        if (llvm::Error error = checkMeanShape(label, x, shape))
          return error;
        results[0] = workspace.allocate(output, reducedShape(x.shape(), axes));
        std::vector<int64_t> sums(results[0].numElements(), -offset);
        withCodeType(input, [&](auto *type) {
          using In = std::remove_pointer_t<decltype(type)>;
          const In *from = x.data<In>();
          forEachReduced(x.shape(), axes,
                         [&](int64_t o, int64_t i) { sums[o] += from[i]; });
        });
        auto *to = static_cast<uint8_t *>(results[0].raw());
        for (int64_t sum : sums)
          *to++ = static_cast<uint8_t>(requantize(sum));
        return llvm::Error::success();
      }));
}

//===----------------------------------------------------------------------===//
// resize_bilinear
//===----------------------------------------------------------------------===//

KernelOr buildResizeBilinear(ResizeBilinearOp op, const KernelContext &) {
  FailureOr<DType> input = codeTypeOf(op, op.getInput());
  if (failed(input))
    return failure();
  std::optional<numerics::ResizeVariant> variant;
  if (op.getVariant())
    variant = op.getVariant()->getValue();
  auto resize = deriveResize(op, variant);
  if (!resize)
    return op.emitOpError() << "can't be executed: " << resize.error();
  RankedTensorType in = op.getInput().getType();
  return KernelOr(
      makeKernel([resize = *resize, type = *input, height = in.getDimSize(1),
                  width = in.getDimSize(2), label = opLabel(op)](
                     ArrayRef<Tensor> operands, MutableArrayRef<Tensor> results,
                     Workspace &workspace) -> llvm::Error {
        const Tensor &x = operands[0];
        if (x.rank() != 4 || x.dim(1) != height || x.dim(2) != width)
          return kernelError(label, "expected " +
                                        shapeToString({-1, height, width, -1}) +
                                        ", got " + shapeToString(x.shape()));
        auto rows = static_cast<int64_t>(resize.rows.size()),
             columns = static_cast<int64_t>(resize.columns.size());
        results[0] =
            workspace.allocate(type, {x.dim(0), rows, columns, x.dim(3)});
        withCodeType(type, [&](auto *code) {
          using T = std::remove_pointer_t<decltype(code)>;
          for (int64_t n = 0; n < x.dim(0); ++n)
            numerics::resizeBilinear(
                resize, static_cast<int32_t>(width),
                static_cast<int32_t>(x.dim(3)),
                x.data<T>() + n * height * width * x.dim(3),
                results[0].data<T>() + n * rows * columns * x.dim(3));
        });
        return llvm::Error::success();
      }));
}

} // namespace

void hwq::runtime::attachIntegerFunctionModels(MLIRContext &context) {
  attachKernel<PReluOp, buildPRelu>(context);
  attachKernel<MeanOp, buildMean>(context);
  attachKernel<ResizeBilinearOp, buildResizeBilinear>(context);
}
