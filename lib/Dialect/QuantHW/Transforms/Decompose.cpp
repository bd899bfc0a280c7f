//===- Decompose.cpp - The float form as plain TOSA -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"
#include <limits>

namespace hwq {
#define GEN_PASS_DEF_DECOMPOSEPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

namespace {

/// Makes TOSA ops at one place. Ops without a name are helpers.
struct TosaBuilder {
  TosaBuilder(PatternRewriter &rewriter, Operation *op)
      : rewriter(rewriter), loc(op->getLoc()) {}

  RankedTensorType f32(ArrayRef<int64_t> shape) {
    return RankedTensorType::get(shape, rewriter.getF32Type());
  }
  static ArrayRef<int64_t> shapeOf(Value value) {
    return cast<RankedTensorType>(value.getType()).getShape();
  }
  Value constant(ArrayRef<int64_t> shape, ArrayRef<float> values,
                 StringRef name) {
    return createConstant(rewriter, loc, shape, values, name);
  }
  /// One number for a tensor of this rank.
  Value scalar(float value, int64_t rank) {
    return constant(SmallVector<int64_t>(rank, 1), value, "");
  }
  Value zeroPoint() { return scalar(0, 1); }
  /// A constant shape, -1 for dynamic sizes.
  Value shapeConstant(ArrayRef<int64_t> shape) {
    SmallVector<int64_t> values;
    for (int64_t size : shape)
      values.push_back(ShapedType::isDynamic(size) ? -1 : size);
    auto type = RankedTensorType::get({int64_t(values.size())},
                                      rewriter.getIndexType());
    return tosa::ConstShapeOp::create(
        rewriter, loc,
        tosa::shapeType::get(rewriter.getContext(), values.size()),
        DenseIntElementsAttr::get(type, values));
  }
  Value reshape(Value value, ArrayRef<int64_t> shape) {
    if (shapeOf(value) == shape)
      return value;
    return tosa::ReshapeOp::create(rewriter, loc, f32(shape), value,
                                   shapeConstant(shape));
  }
  /// `shape` elements of `value` from `start`.
  Value slice(Value value, ArrayRef<int64_t> start, ArrayRef<int64_t> shape) {
    if (shapeOf(value) == shape)
      return value;
    return tosa::SliceOp::create(rewriter, loc, f32(shape), value,
                                 shapeConstant(start), shapeConstant(shape));
  }
  Value clamp(Value value, float lo, float hi) {
    return tosa::ClampOp::create(
        rewriter, loc, value.getType(), value, rewriter.getF32FloatAttr(lo),
        rewriter.getF32FloatAttr(hi),
        tosa::NanPropagationModeAttr::get(rewriter.getContext(),
                                          tosa::NanPropagationMode::PROPAGATE));
  }
  Value mul(Value lhs, Value rhs) {
    auto type = RankedTensorType::get({1}, rewriter.getI8Type());
    Value shift = tosa::ConstOp::create(
        rewriter, loc, type, DenseElementsAttr::get(type, int8_t(0)));
    return tosa::MulOp::create(rewriter, loc, lhs.getType(), lhs, rhs, shift);
  }
  Value matmul(Value lhs, Value rhs) {
    return tosa::MatMulOp::create(
        rewriter, loc, f32({shapeOf(lhs)[0], shapeOf(lhs)[1], shapeOf(rhs)[2]}),
        lhs, rhs, zeroPoint(), zeroPoint());
  }

  PatternRewriter &rewriter;
  Location loc;
};

/// The result takes the op's place and its name.
LogicalResult finish(PatternRewriter &rewriter, Operation *op, Value result) {
  copyTensorName(op, result.getDefiningOp());
  rewriter.replaceOp(op, result);
  return success();
}

/// The bias, or zeros.
Value getBiasOrZeros(TosaBuilder &b, Value bias, int64_t channels) {
  if (bias)
    return bias;
  return b.constant({channels}, std::vector<float>(channels, 0.0f), "bias");
}

/// One group's part of a constant along axis 0.
FailureOr<Value> sliceConstant(TosaBuilder &b, Value value, int64_t groups,
                               int64_t group, StringRef name) {
  FailureOr<std::vector<float>> values = getFloatConstant(value);
  if (failed(values))
    return failure();
  SmallVector<int64_t> shape(b.shapeOf(value));
  shape[0] /= groups;
  size_t size = values->size() / groups;
  return b.constant(shape, ArrayRef<float>(*values).slice(group * size, size),
                    name);
}

/// `one(input, weights, bias, output channels)` for every group; their results
/// side by side.
FailureOr<Value>
forEachGroup(TosaBuilder &b, Operation *op, Value input, Value weights,
             Value bias, int64_t groups, RankedTensorType type,
             function_ref<Value(Value, Value, Value, RankedTensorType)> one) {
  if (groups == 1)
    return one(input, weights, bias, type);
  SmallVector<int64_t> shape(type.getShape());
  shape[3] /= groups;
  SmallVector<int64_t> part(b.shapeOf(input));
  part[3] /= groups;
  SmallVector<Value> parts;
  for (int64_t g = 0; g < groups; ++g) {
    FailureOr<Value> w = sliceConstant(b, weights, groups, g, "weights");
    FailureOr<Value> c = sliceConstant(b, bias, groups, g, "bias");
    if (failed(w) || failed(c))
      return op->emitOpError("expects constant weights and bias in ")
             << describeTensor(op->getResult(0));
    parts.push_back(one(b.slice(input, {0, 0, 0, g * part[3]}, part), *w, *c,
                        b.f32(shape)));
  }
  return tosa::ConcatOp::create(b.rewriter, b.loc, type, parts, 3).getResult();
}

struct DecomposeConv2D : OpRewritePattern<Conv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(Conv2DOp op,
                                PatternRewriter &rewriter) const override {
    TosaBuilder b(rewriter, op);
    auto type = op.getOutput().getType();
    Value bias = getBiasOrZeros(b, op.getBias(), type.getDimSize(3));
    // TOSA wants windows that divide the input exactly: less padding at the
    // end, then less input.
    SmallVector<int64_t> read(b.shapeOf(op.getInput())), pad(op.getPad());
    for (unsigned i : {0, 1}) {
      int64_t size = read[i + 1], stride = op.getStride()[i];
      if (stride == 1)
        continue;
      if (ShapedType::isDynamic(size))
        return op.emitOpError("expects a known size of axis ")
               << i + 1 << " for the stride " << stride << " in "
               << describeTensor(op.getOutput());
      int64_t extent = (op.getWeights().getType().getDimSize(i + 1) - 1) *
                           op.getDilation()[i] +
                       1;
      int64_t rest = (size + pad[2 * i] + pad[2 * i + 1] - extent) % stride;
      int64_t shrink = std::min(rest, pad[2 * i + 1]);
      pad[2 * i + 1] -= shrink;
      read[i + 1] -= rest - shrink;
    }
    Value input = b.slice(op.getInput(), {0, 0, 0, 0}, read);
    auto padAttr = rewriter.getDenseI64ArrayAttr(pad);
    auto accType = TypeAttr::get(rewriter.getF32Type());

    if (op.isDepthwise()) {
      FailureOr<Value> weights = getDepthwiseWeights(b, op);
      if (failed(weights))
        return failure();
      auto depthwise = tosa::DepthwiseConv2DOp::create(
          rewriter, op.getLoc(), type, input, *weights, bias, b.zeroPoint(),
          b.zeroPoint(), padAttr, op.getStrideAttr(), op.getDilationAttr(),
          accType);
      return finish(rewriter, op, depthwise);
    }
    FailureOr<Value> result = forEachGroup(
        b, op, input, op.getWeights(), bias, op.getGroups(), type,
        [&](Value x, Value w, Value c, RankedTensorType t) -> Value {
          return tosa::Conv2DOp::create(
              rewriter, op.getLoc(), t, x, w, c, b.zeroPoint(), b.zeroPoint(),
              padAttr, op.getStrideAttr(), op.getDilationAttr(), accType);
        });
    if (failed(result))
      return failure();
    return finish(rewriter, op, *result);
  }

  /// C*M,KH,KW,1 to KH,KW,C,M.
  static FailureOr<Value> getDepthwiseWeights(TosaBuilder &b, Conv2DOp op) {
    FailureOr<std::vector<float>> values = getFloatConstant(op.getWeights());
    if (failed(values))
      return op.emitOpError("expects constant weights in ")
             << describeTensor(op.getOutput());
    ArrayRef<int64_t> shape = b.shapeOf(op.getWeights());
    int64_t outputs = shape[0], taps = shape[1] * shape[2];
    std::vector<float> moved(values->size());
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t t = 0; t < taps; ++t)
        moved[t * outputs + o] = (*values)[o * taps + t];
    int64_t groups = op.getGroups();
    return b.constant({shape[1], shape[2], groups, outputs / groups}, moved,
                      "depthwise_weights");
  }
};

struct DecomposeTransposeConv2D : OpRewritePattern<TransposeConv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeConv2DOp op,
                                PatternRewriter &rewriter) const override {
    TosaBuilder b(rewriter, op);
    auto type = op.getOutput().getType();
    Value bias = getBiasOrZeros(b, op.getBias(), type.getDimSize(3));
    FailureOr<Value> weights = getDilatedWeights(b, op);
    if (failed(weights))
      return failure();
    ArrayRef<int64_t> pad = op.getPad(), extra = op.getOutputPad();
    SmallVector<int64_t> outPad = {-pad[0], extra[0] - pad[1], -pad[2],
                                   extra[1] - pad[3]};
    for (unsigned i = 0; i < 4; ++i)
      if (outPad[i] <= -b.shapeOf(*weights)[i / 2 + 1])
        return op.emitOpError("has no form in TOSA: expects a padding below ")
               << "the kernel's size, got " << pad[i] << " in "
               << describeTensor(op.getOutput());
    FailureOr<Value> result = forEachGroup(
        b, op, op.getInput(), *weights, bias, op.getGroups(), type,
        [&](Value x, Value w, Value c, RankedTensorType t) -> Value {
          return tosa::TransposeConv2DOp::create(
              rewriter, op.getLoc(), t, x, w, c, b.zeroPoint(), b.zeroPoint(),
              rewriter.getDenseI64ArrayAttr(outPad), op.getStrideAttr(),
              TypeAttr::get(rewriter.getF32Type()));
        });
    if (failed(result))
      return failure();
    return finish(rewriter, op, *result);
  }

  /// TOSA's op has no dilation: zeros between the taps.
  static FailureOr<Value> getDilatedWeights(TosaBuilder &b,
                                            TransposeConv2DOp op) {
    ArrayRef<int64_t> dilation = op.getDilation();
    if (dilation[0] == 1 && dilation[1] == 1)
      return op.getWeights();
    FailureOr<std::vector<float>> values = getFloatConstant(op.getWeights());
    if (failed(values))
      return op.emitOpError("expects constant weights in ")
             << describeTensor(op.getOutput());
    ArrayRef<int64_t> from = b.shapeOf(op.getWeights());
    int64_t kh = (from[1] - 1) * dilation[0] + 1,
            kw = (from[2] - 1) * dilation[1] + 1;
    std::vector<float> to(from[0] * kh * kw * from[3], 0.0f);
    const float *value = values->data();
    for (int64_t o = 0; o < from[0]; ++o)
      for (int64_t y = 0; y < from[1]; ++y)
        for (int64_t x = 0; x < from[2]; ++x, value += from[3])
          std::copy_n(value, from[3],
                      to.begin() +
                          ((o * kh + y * dilation[0]) * kw + x * dilation[1]) *
                              from[3]);
    return b.constant({from[0], kh, kw, from[3]}, to, "dilated_weights");
  }
};

/// More than one dynamic size: no reshape can say which is which.
LogicalResult checkSizes(Operation *op, ArrayRef<int64_t> shape) {
  if (llvm::count_if(shape, ShapedType::isDynamic) <= 1)
    return success();
  return op->emitOpError("expects at most one dynamic size in ")
         << describeTensor(op->getResult(0));
}

/// The product of sizes; dynamic if one is.
int64_t product(ArrayRef<int64_t> sizes) {
  int64_t result = 1;
  for (int64_t size : sizes) {
    if (ShapedType::isDynamic(size))
      return ShapedType::kDynamic;
    result *= size;
  }
  return result;
}

struct DecomposeFullyConnected : OpRewritePattern<FullyConnectedOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(FullyConnectedOp op,
                                PatternRewriter &rewriter) const override {
    TosaBuilder b(rewriter, op);
    ArrayRef<int64_t> shape = b.shapeOf(op.getInput());
    FailureOr<std::vector<float>> values = getFloatConstant(op.getWeights());
    if (failed(values))
      return op.emitOpError("expects constant weights in ")
             << describeTensor(op.getOutput());
    if (failed(checkSizes(op, shape)))
      return failure();
    ArrayRef<int64_t> weights = b.shapeOf(op.getWeights());
    int64_t outputs = weights[0], inputs = weights[1];
    std::vector<float> moved(values->size());
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t i = 0; i < inputs; ++i)
        moved[i * outputs + o] = (*values)[o * inputs + i];
    Value rows =
        b.reshape(op.getInput(), {1, product(shape.drop_back()), inputs});
    Value result =
        b.matmul(rows, b.constant({1, inputs, outputs}, moved, "weights"));
    if (op.getBias()) {
      FailureOr<std::vector<float>> bias = getFloatConstant(op.getBias());
      if (failed(bias))
        return op.emitOpError("expects a constant bias in ")
               << describeTensor(op.getOutput());
      result =
          tosa::AddOp::create(rewriter, op.getLoc(), result.getType(), result,
                              b.constant({1, 1, outputs}, *bias, "bias"));
    }
    return finish(rewriter, op,
                  b.reshape(result, op.getOutput().getType().getShape()));
  }
};

struct DecomposeMatMul : OpRewritePattern<MatMulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(MatMulOp op,
                                PatternRewriter &rewriter) const override {
    TosaBuilder b(rewriter, op);
    auto collapse = [&](Value value) -> FailureOr<Value> {
      ArrayRef<int64_t> shape = b.shapeOf(value);
      if (shape.size() != 3 && failed(checkSizes(op, shape)))
        return failure();
      return b.reshape(value, {product(shape.drop_back(2)),
                               shape[shape.size() - 2], shape.back()});
    };
    FailureOr<Value> lhs = collapse(op.getLhs()), rhs = collapse(op.getRhs());
    if (failed(lhs) || failed(rhs))
      return failure();
    return finish(
        rewriter, op,
        b.reshape(b.matmul(*lhs, *rhs), op.getOutput().getType().getShape()));
  }
};

struct DecomposeUnary : OpRewritePattern<UnaryOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(UnaryOp op,
                                PatternRewriter &rewriter) const override {
    TosaBuilder b(rewriter, op);
    Value x = op.getInput();
    int64_t rank = b.shapeOf(x).size();
    auto add = [&](Value lhs, Value rhs) -> Value {
      return tosa::AddOp::create(rewriter, op.getLoc(), x.getType(), lhs, rhs);
    };
    switch (op.getKind()) {
    case UnaryKind::HardSwish: {
      Value gate = b.clamp(add(x, b.scalar(3, rank)), 0, 6);
      return finish(rewriter, op,
                    b.mul(b.mul(x, gate), b.scalar(1.0f / 6.0f, rank)));
    }
    case UnaryKind::LeakyRelu: {
      constexpr float most = std::numeric_limits<float>::max();
      Value negative =
          b.mul(b.clamp(x, -most, 0),
                b.scalar(op.getAlphaAttr().getValue().convertToFloat(), rank));
      return finish(rewriter, op, add(b.clamp(x, 0, most), negative));
    }
    case UnaryKind::Identity:
      return finish(
          rewriter, op,
          tosa::IdentityOp::create(rewriter, op.getLoc(), x.getType(), x));
    case UnaryKind::Table:
      return decomposeTable(op, b);
    }
    return failure();
  }

  /// The reals of the table's codes, gathered.
  static LogicalResult decomposeTable(UnaryOp op, TosaBuilder &b) {
    PatternRewriter &rewriter = b.rewriter;
    Value x = op.getInput();
    SmallVector<int64_t> shape(b.shapeOf(x));
    if (llvm::count_if(shape, ShapedType::isDynamic) > 1)
      return op.emitOpError("expects at most one dynamic size");
    auto in = cast<quant::UniformQuantizedType>(*op.getInputType()),
         out = cast<quant::UniformQuantizedType>(*op.getOutputType());
    auto least = static_cast<float>(in.getStorageTypeMin() - in.getZeroPoint()),
         most = static_cast<float>(in.getStorageTypeMax() - in.getZeroPoint());
    std::vector<float> values;
    for (int32_t code : op.getTableAttr().asArrayRef())
      values.push_back(static_cast<float>(
          out.getScale() * static_cast<double>(code - out.getZeroPoint())));
    bool isStatic = !llvm::any_of(shape, ShapedType::isDynamic);
    int64_t rank = shape.size(), count = isStatic
                                             ? ShapedType::getNumElements(shape)
                                             : ShapedType::kDynamic;
    Value steps =
        b.clamp(b.mul(x, b.scalar(static_cast<float>(1 / in.getScale()), rank)),
                least, most);
    Value places =
        b.reshape(tosa::SubOp::create(rewriter, op.getLoc(), steps.getType(),
                                      steps, b.scalar(least, rank)),
                  {1, count});
    Value indices = tosa::CastOp::create(
        rewriter, op.getLoc(),
        RankedTensorType::get({1, count}, rewriter.getI32Type()), places);
    auto entries = static_cast<int64_t>(values.size());
    Value found = tosa::GatherOp::create(
        rewriter, op.getLoc(), b.f32({1, count, 1}),
        b.constant({1, entries, 1}, values, "table"), indices);
    return finish(rewriter, op, b.reshape(found, shape));
  }
};

struct DecomposePRelu : OpRewritePattern<PReluOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(PReluOp op,
                                PatternRewriter &rewriter) const override {
    TosaBuilder b(rewriter, op);
    Value x = op.getInput();
    constexpr float most = std::numeric_limits<float>::max();
    FailureOr<std::vector<float>> slopes = getFloatConstant(op.getSlope());
    if (failed(slopes))
      return op.emitError() << "expected slopes that are a constant";
    SmallVector<int64_t> shape(b.shapeOf(x).size(), 1);
    shape.back() = static_cast<int64_t>(slopes->size());
    Value negative =
        b.mul(b.clamp(x, -most, 0), b.constant(shape, *slopes, "slopes"));
    return finish(rewriter, op,
                  tosa::AddOp::create(rewriter, op.getLoc(), x.getType(),
                                      b.clamp(x, 0, most), negative));
  }
};

struct DecomposeMean : OpRewritePattern<MeanOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(MeanOp op,
                                PatternRewriter &rewriter) const override {
    TosaBuilder b(rewriter, op);
    Value sum = op.getInput();
    SmallVector<int64_t> shape(b.shapeOf(sum));
    for (int64_t axis : op.getAxes()) {
      shape[axis] = 1;
      sum = tosa::ReduceSumOp::create(
          rewriter, op.getLoc(), b.f32(shape), sum,
          rewriter.getI32IntegerAttr(static_cast<int32_t>(axis)));
    }
    auto inverse = static_cast<float>(1.0 / static_cast<double>(op.getCount()));
    return finish(rewriter, op, b.mul(sum, b.scalar(inverse, shape.size())));
  }
};

struct DecomposeSoftmax : OpRewritePattern<SoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SoftmaxOp op,
                                PatternRewriter &rewriter) const override {
    TosaBuilder b(rewriter, op);
    Value x = op.getInput();
    auto axis = rewriter.getI32IntegerAttr(op.getAxis());
    SmallVector<int64_t> reduced(b.shapeOf(x));
    reduced[op.getAxis()] = 1;
    Value max = tosa::ReduceMaxOp::create(rewriter, op.getLoc(), b.f32(reduced),
                                          x, axis);
    Value shifted =
        tosa::SubOp::create(rewriter, op.getLoc(), x.getType(), x, max);
    Value exp =
        tosa::ExpOp::create(rewriter, op.getLoc(), x.getType(), shifted);
    Value sum = tosa::ReduceSumOp::create(rewriter, op.getLoc(), b.f32(reduced),
                                          exp, axis);
    Value reciprocal =
        tosa::ReciprocalOp::create(rewriter, op.getLoc(), sum.getType(), sum);
    return finish(rewriter, op, b.mul(exp, reciprocal));
  }
};

struct Decompose : hwq::impl::DecomposePassBase<Decompose> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Float, getArgument())))
      return signalPassFailure();
    RewritePatternSet patterns(&getContext());
    patterns.add<DecomposeConv2D, DecomposeTransposeConv2D,
                 DecomposeFullyConnected, DecomposeMatMul, DecomposeUnary,
                 DecomposePRelu, DecomposeMean, DecomposeSoftmax>(
        &getContext());
    bool failedOnce = false;
    ScopedDiagnosticHandler handler(&getContext(), [&](Diagnostic &diagnostic) {
      failedOnce |= diagnostic.getSeverity() == DiagnosticSeverity::Error;
      return failure();
    });
    // No folding: names must survive.
    walkAndApplyPatterns(module, std::move(patterns));
    if (failedOnce)
      return signalPassFailure();
    // What is left are weights in their former layout.
    eraseDeadOps(module);
    module->removeAttr(kFormAttr);
  }
};

} // namespace
