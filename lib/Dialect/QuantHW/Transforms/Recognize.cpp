//===- Recognize.cpp - Plain TOSA to the float form -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <limits>

namespace hwq {
#define GEN_PASS_DEF_RECOGNIZEPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

static bool isF32(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32();
}

/// All elements of a constant are the same; that one.
static std::optional<float> getSplat(Value value) {
  FailureOr<std::vector<float>> values = getFloatConstant(value);
  if (failed(values) || values->empty() || !llvm::all_equal(*values))
    return std::nullopt;
  return values->front();
}

static bool isZero(Value value) { return getSplat(value) == 0.0f; }

static std::optional<SmallVector<int64_t>> getShape(Value value) {
  auto op = value.getDefiningOp<tosa::ConstShapeOp>();
  if (!op)
    return std::nullopt;
  return llvm::to_vector(
      llvm::map_range(op.getValues().getValues<APInt>(),
                      [](const APInt &v) { return v.getSExtValue(); }));
}

/// One value per channel (last axis) of a constant; splats are expanded.
static FailureOr<std::vector<float>> getPerChannel(Value value,
                                                   int64_t channels) {
  FailureOr<std::vector<float>> values = getFloatConstant(value);
  if (failed(values))
    return failure();
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  if (!shape.empty() &&
      llvm::any_of(shape.drop_back(), [](int64_t d) { return d != 1; }))
    return failure();
  if (values->size() == 1)
    values->resize(channels, values->front());
  if (static_cast<int64_t>(values->size()) != channels)
    return failure();
  return values;
}

namespace {

//===----------------------------------------------------------------------===//
// Dot products
//===----------------------------------------------------------------------===//

/// A bias constant, or none where it is zero.
static FailureOr<Value> getBias(PatternRewriter &rewriter, Value bias,
                                int64_t channels) {
  if (isZero(bias))
    return Value();
  FailureOr<std::vector<float>> values = getPerChannel(bias, channels);
  if (failed(values))
    return failure();
  if (cast<RankedTensorType>(bias.getType()).getDimSize(0) == channels)
    return bias;
  return createConstant(rewriter, bias.getLoc(), {channels},
                        ArrayRef<float>(*values), "bias");
}

struct RecognizeConv2D : OpRewritePattern<tosa::Conv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::Conv2DOp op,
                                PatternRewriter &rewriter) const override {
    auto weights = dyn_cast<RankedTensorType>(op.getWeight().getType());
    if (!isF32(op.getInput()) || !weights || !isConstant(op.getWeight()) ||
        !isZero(op.getInputZp()) || !isZero(op.getWeightZp()))
      return failure();
    FailureOr<Value> bias =
        getBias(rewriter, op.getBias(), weights.getDimSize(0));
    if (failed(bias))
      return failure();
    auto conv = Conv2DOp::create(
        rewriter, op.getLoc(), op.getType(), op.getInput(), op.getWeight(),
        *bias, op.getPadAttr(), op.getStrideAttr(), op.getDilationAttr(),
        rewriter.getI64IntegerAttr(1), UnitAttr(), IntegerAttr(),
        RequantAttr());
    copyTensorName(op, conv);
    rewriter.replaceOp(op, conv.getOutput());
    return success();
  }
};

/// Weights KH,KW,C,M become C*M,KH,KW,1.
struct RecognizeDepthwise : OpRewritePattern<tosa::DepthwiseConv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::DepthwiseConv2DOp op,
                                PatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getWeight().getType());
    FailureOr<std::vector<float>> values = getFloatConstant(op.getWeight());
    if (!isF32(op.getInput()) || !type || failed(values) ||
        !isZero(op.getInputZp()) || !isZero(op.getWeightZp()))
      return failure();
    int64_t taps = type.getDimSize(0) * type.getDimSize(1);
    int64_t channels = type.getDimSize(2) * type.getDimSize(3);
    FailureOr<Value> bias = getBias(rewriter, op.getBias(), channels);
    if (failed(bias))
      return failure();
    std::vector<float> moved(values->size());
    for (int64_t t = 0; t < taps; ++t)
      for (int64_t c = 0; c < channels; ++c)
        moved[c * taps + t] = (*values)[t * channels + c];
    Value weights =
        createConstant(rewriter, op.getWeight().getLoc(),
                       {channels, type.getDimSize(0), type.getDimSize(1), 1},
                       ArrayRef<float>(moved), "depthwise_weights");
    auto conv = Conv2DOp::create(rewriter, op.getLoc(), op.getType(),
                                 op.getInput(), weights, *bias, op.getPadAttr(),
                                 op.getStrideAttr(), op.getDilationAttr(),
                                 rewriter.getI64IntegerAttr(type.getDimSize(2)),
                                 UnitAttr(), IntegerAttr(), RequantAttr());
    copyTensorName(op, conv);
    rewriter.replaceOp(op, conv.getOutput());
    return success();
  }
};

/// Weights 1,K,N become N,K.
struct RecognizeMatMul : OpRewritePattern<tosa::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::MatMulOp op,
                                PatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getB().getType());
    FailureOr<std::vector<float>> values = getFloatConstant(op.getB());
    if (!isF32(op.getA()) || !type || failed(values) ||
        type.getDimSize(0) != 1 || !isZero(op.getAZp()) || !isZero(op.getBZp()))
      return failure();
    int64_t k = type.getDimSize(1), n = type.getDimSize(2);
    std::vector<float> moved(values->size());
    for (int64_t i = 0; i < k; ++i)
      for (int64_t o = 0; o < n; ++o)
        moved[o * k + i] = (*values)[i * n + o];
    Value weights = createConstant(rewriter, op.getB().getLoc(), {n, k},
                                   ArrayRef<float>(moved), "weights");
    auto product =
        FullyConnectedOp::create(rewriter, op.getLoc(), op.getType(), op.getA(),
                                 weights, Value(), UnitAttr(), RequantAttr());
    copyTensorName(op, product);
    rewriter.replaceOp(op, product.getOutput());
    return success();
  }
};

/// A zero pad of height and width before a convolution is its own padding.
struct FoldPad : OpRewritePattern<Conv2DOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(Conv2DOp op,
                                PatternRewriter &rewriter) const override {
    auto pad = op.getInput().getDefiningOp<tosa::PadOp>();
    if (!pad || !isZero(pad.getPadConst()))
      return failure();
    std::optional<SmallVector<int64_t>> amounts = getShape(pad.getPadding());
    if (!amounts || amounts->size() != 8 || (*amounts)[0] || (*amounts)[1] ||
        (*amounts)[6] || (*amounts)[7] ||
        llvm::any_of(*amounts, [](int64_t v) { return v < 0; }))
      return failure();
    SmallVector<int64_t> sums(op.getPad());
    for (int i = 0; i < 4; ++i)
      sums[i] += (*amounts)[i + 2];
    rewriter.modifyOpInPlace(op, [&] {
      op.getInputMutable().assign(pad.getInput1());
      op.setPad(sums);
    });
    return success();
  }
};

/// `dot -> [reshape that keeps the last axis] -> add constant`: the constant is
/// the bias.
struct FoldBias : OpRewritePattern<tosa::AddOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::AddOp op,
                                PatternRewriter &rewriter) const override {
    for (auto [value, constant] : {std::pair(op.getInput1(), op.getInput2()),
                                   std::pair(op.getInput2(), op.getInput1())}) {
      auto reshape = value.getDefiningOp<tosa::ReshapeOp>();
      Value source = reshape ? reshape.getInput1() : value;
      Operation *dot = source.getDefiningOp();
      if (!isa_and_present<Conv2DOp, FullyConnectedOp>(dot) ||
          !dot->hasOneUse() || (reshape && !reshape->hasOneUse()) ||
          value.getType() != op.getType())
        continue;
      auto quantizable = cast<QuantizableOpInterface>(dot);
      auto from = cast<RankedTensorType>(source.getType());
      auto to = cast<RankedTensorType>(op.getType());
      if (quantizable.getBiasOperand() || !to.getRank() ||
          from.getShape().back() != to.getShape().back())
        continue;
      FailureOr<std::vector<float>> bias =
          getPerChannel(constant, from.getShape().back());
      if (failed(bias))
        continue;
      rewriter.setInsertionPoint(dot);
      Value operand =
          createConstant(rewriter, constant.getLoc(), {from.getShape().back()},
                         ArrayRef<float>(*bias), "bias");
      rewriter.modifyOpInPlace(
          dot, [&] { dot->insertOperands(dot->getNumOperands(), operand); });
      if (!reshape)
        copyTensorName(op, dot);
      rewriter.replaceOp(op, value);
      return success();
    }
    return failure();
  }
};

//===----------------------------------------------------------------------===//
// Clamps and softmax
//===----------------------------------------------------------------------===//

static void replaceByClamp(PatternRewriter &rewriter, Operation *op,
                           Value input, float lo, float hi) {
  auto clamp = tosa::ClampOp::create(
      rewriter, op->getLoc(), op->getResult(0).getType(), input,
      rewriter.getF32FloatAttr(lo), rewriter.getF32FloatAttr(hi),
      tosa::NanPropagationModeAttr::get(op->getContext(),
                                        tosa::NanPropagationMode::PROPAGATE));
  copyTensorName(op, clamp);
  rewriter.replaceOp(op, clamp.getOutput());
}

template <typename Op, bool isMaximum>
struct RecognizeBound : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    for (auto [value, constant] : {std::pair(op.getInput1(), op.getInput2()),
                                   std::pair(op.getInput2(), op.getInput1())}) {
      std::optional<float> bound = getSplat(constant);
      if (!bound || !isF32(value) || value.getType() != op.getType())
        continue;
      constexpr float most = std::numeric_limits<float>::max();
      replaceByClamp(rewriter, op, value, isMaximum ? *bound : -most,
                     isMaximum ? most : *bound);
      return success();
    }
    return failure();
  }
};

struct FoldClamps : OpRewritePattern<tosa::ClampOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::ClampOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<tosa::ClampOp>();
    if (!inner || !inner->hasOneUse() || !isF32(op.getInput()))
      return failure();
    auto get = [](Attribute attr) {
      return cast<FloatAttr>(attr).getValue().convertToFloat();
    };
    float lo = get(op.getMinValAttr()), hi = get(op.getMaxValAttr());
    auto bound = [&](float v) { return std::min(std::max(v, lo), hi); };
    replaceByClamp(rewriter, op, inner.getInput(),
                   bound(get(inner.getMinValAttr())),
                   bound(get(inner.getMaxValAttr())));
    return success();
  }
};

/// mul(e, reciprocal(reduce_sum(e))), e = exp(sub(x, reduce_max(x))) or exp(x).
struct RecognizeSoftmax : OpRewritePattern<tosa::MulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::MulOp op,
                                PatternRewriter &rewriter) const override {
    for (auto [e, r] : {std::pair(op.getInput1(), op.getInput2()),
                        std::pair(op.getInput2(), op.getInput1())}) {
      auto exp = e.getDefiningOp<tosa::ExpOp>();
      auto reciprocal = r.getDefiningOp<tosa::ReciprocalOp>();
      auto sum = reciprocal
                     ? reciprocal.getInput1().getDefiningOp<tosa::ReduceSumOp>()
                     : nullptr;
      if (!exp || !sum || sum.getInput() != e || e.getType() != op.getType())
        continue;
      Value x = exp.getInput1();
      if (auto sub = x.getDefiningOp<tosa::SubOp>())
        if (auto max = sub.getInput2().getDefiningOp<tosa::ReduceMaxOp>();
            max && max.getInput() == sub.getInput1() &&
            max.getAxis() == sum.getAxis())
          x = sub.getInput1();
      if (x.getType() != op.getType())
        continue;
      auto softmax =
          SoftmaxOp::create(rewriter, op.getLoc(), op.getType(), x,
                            rewriter.getI64IntegerAttr(sum.getAxis()));
      copyTensorName(op, softmax);
      rewriter.replaceOp(op, softmax.getOutput());
      return success();
    }
    return failure();
  }
};

/// The factors of x * clamp(x + 3, 0, 6) / 6 in any order.
struct RecognizeHardSwish : OpRewritePattern<tosa::MulOp> {
  using OpRewritePattern::OpRewritePattern;

  /// x of clamp(x + 3, 0, 6).
  static Value getArgument(Value value) {
    auto clamp = value.getDefiningOp<tosa::ClampOp>();
    if (!clamp || !isF32(value))
      return {};
    auto is = [](Attribute bound, double expected) {
      return cast<FloatAttr>(bound).getValueAsDouble() == expected;
    };
    auto add = clamp.getInput().getDefiningOp<tosa::AddOp>();
    if (!add || !is(clamp.getMinValAttr(), 0) || !is(clamp.getMaxValAttr(), 6))
      return {};
    if (getSplat(add.getInput2()) == 3.0f)
      return add.getInput1();
    return getSplat(add.getInput1()) == 3.0f ? add.getInput2() : Value();
  }

  LogicalResult matchAndRewrite(tosa::MulOp op,
                                PatternRewriter &rewriter) const override {
    SmallVector<Value, 3> factors{op.getInput1(), op.getInput2()};
    for (unsigned i : {0, 1})
      if (auto mul = factors[i].getDefiningOp<tosa::MulOp>();
          mul && mul->hasOneUse()) {
        factors[i] = mul.getInput1();
        factors.push_back(mul.getInput2());
        break;
      }
    if (factors.size() != 3)
      return failure();
    for (Value clamped : factors) {
      Value x = getArgument(clamped);
      if (!x || x.getType() != op.getType())
        continue;
      bool isArgument = false, isSixth = false;
      for (Value other : factors) {
        if (other == x)
          isArgument = true;
        else if (std::optional<float> scale = getSplat(other))
          isSixth = std::abs(*scale * 6.0 - 1) <= 0x1p-22;
      }
      if (!isArgument || !isSixth)
        continue;
      auto function = UnaryOp::create(rewriter, op.getLoc(), op.getType(),
                                      UnaryKind::HardSwish, x, FloatAttr());
      copyTensorName(op, function);
      rewriter.replaceOp(op, function.getOutput());
      return success();
    }
    return failure();
  }
};

/// add(clamp(x, 0, most), mul(clamp(x, -most, 0), slopes)).
struct RecognizePRelu : OpRewritePattern<tosa::AddOp> {
  using OpRewritePattern::OpRewritePattern;

  /// The operand of a clamp of f32 to [lo, hi] that nothing else reads.
  static Value getClamped(Value value, bool isNegative) {
    auto clamp = value.getDefiningOp<tosa::ClampOp>();
    if (!clamp || !clamp->hasOneUse() || !isF32(value))
      return {};
    constexpr float most = std::numeric_limits<float>::max();
    auto get = [](Attribute attr) {
      return cast<FloatAttr>(attr).getValue().convertToFloat();
    };
    float lo = get(clamp.getMinValAttr()), hi = get(clamp.getMaxValAttr());
    bool fits = isNegative ? lo <= -most && hi == 0 : lo == 0 && hi >= most;
    return fits ? clamp.getInput() : Value();
  }

  LogicalResult matchAndRewrite(tosa::AddOp op,
                                PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    for (auto [first, second] : {std::pair(op.getInput1(), op.getInput2()),
                                 std::pair(op.getInput2(), op.getInput1())}) {
      Value x = getClamped(first, /*isNegative=*/false);
      auto mul = second.getDefiningOp<tosa::MulOp>();
      if (!x || x.getType() != type || !mul || !mul->hasOneUse() ||
          second.getType() != type || type.getRank() == 0)
        continue;
      for (auto [negative, slope] :
           {std::pair(mul.getInput1(), mul.getInput2()),
            std::pair(mul.getInput2(), mul.getInput1())}) {
        int64_t channels = type.getShape().back();
        if (getClamped(negative, /*isNegative=*/true) != x ||
            ShapedType::isDynamic(channels))
          continue;
        FailureOr<std::vector<float>> slopes = getPerChannel(slope, channels);
        if (failed(slopes))
          continue;
        Operation *made;
        if (llvm::all_equal(*slopes))
          made =
              UnaryOp::create(rewriter, op.getLoc(), type, UnaryKind::LeakyRelu,
                              x, rewriter.getF32FloatAttr(slopes->front()));
        else
          made = PReluOp::create(
              rewriter, op.getLoc(), type, x,
              createConstant(rewriter, op.getLoc(), {channels},
                             ArrayRef<float>(*slopes), "slopes"),
              RequantAttr(), RequantAttr());
        copyTensorName(op, made);
        rewriter.replaceOp(op, made->getResult(0));
        return success();
      }
    }
    return failure();
  }
};

/// mul(reduce_sum(... reduce_sum(x)), 1/N): over height and width an average
/// pool, else a mean.
struct RecognizeMean : OpRewritePattern<tosa::MulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::MulOp op,
                                PatternRewriter &rewriter) const override {
    for (auto [sum, factor] : {std::pair(op.getInput1(), op.getInput2()),
                               std::pair(op.getInput2(), op.getInput1())}) {
      std::optional<float> inverse = getSplat(factor);
      if (!inverse || sum.getType() != op.getType())
        continue;
      SmallVector<int64_t> axes;
      int64_t count = 1;
      Value x = sum;
      while (auto reduce = x.getDefiningOp<tosa::ReduceSumOp>()) {
        auto type = dyn_cast<RankedTensorType>(reduce.getInput().getType());
        int64_t axis = reduce.getAxis();
        if (!reduce->hasOneUse() || !type || type.isDynamicDim(axis) ||
            llvm::is_contained(axes, axis))
          break;
        axes.push_back(axis);
        count *= type.getDimSize(axis);
        x = reduce.getInput();
      }
      if (axes.empty() || count < 1 || !isF32(x) ||
          *inverse != static_cast<float>(1.0 / static_cast<double>(count)))
        continue;
      llvm::sort(axes);
      Operation *made;
      if (axes == SmallVector<int64_t>{1, 2} &&
          cast<RankedTensorType>(x.getType()).getRank() == 4) {
        Value zero = createConstant(rewriter, op.getLoc(), {1},
                                    ArrayRef<float>(0.0f), "");
        ArrayRef<int64_t> shape =
            cast<RankedTensorType>(x.getType()).getShape();
        made = tosa::AvgPool2dOp::create(
            rewriter, op.getLoc(), op.getType(), x, zero, zero,
            shape.slice(1, 2), ArrayRef<int64_t>{1, 1},
            ArrayRef<int64_t>{0, 0, 0, 0}, rewriter.getF32Type());
      } else {
        made =
            MeanOp::create(rewriter, op.getLoc(), op.getType(), x,
                           rewriter.getDenseI64ArrayAttr(axes), RequantAttr());
      }
      copyTensorName(op, made);
      rewriter.replaceOp(op, made->getResult(0));
      return success();
    }
    return failure();
  }
};

//===----------------------------------------------------------------------===//
// Transposes
//===----------------------------------------------------------------------===//

/// transpose(transpose(x)) is one transpose, or x.
struct FoldTransposes : OpRewritePattern<tosa::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getInput1().getDefiningOp<tosa::TransposeOp>();
    if (!inner)
      return failure();
    SmallVector<int32_t> perms;
    for (int32_t p : op.getPerms())
      perms.push_back(inner.getPerms()[p]);
    if (llvm::equal(perms, llvm::seq<int32_t>(0, perms.size())))
      rewriter.replaceOp(op, inner.getInput1());
    else
      rewriter.replaceOpWithNewOp<tosa::TransposeOp>(
          op, op.getType(), inner.getInput1(),
          rewriter.getDenseI32ArrayAttr(perms));
    return success();
  }
};

/// The amounts of a pad behind a transpose, or of one before it.
static Value permutePadding(PatternRewriter &rewriter, Location loc,
                            ArrayRef<int64_t> amounts, ArrayRef<int32_t> perms,
                            bool before) {
  SmallVector<int64_t> permuted(amounts.size());
  for (auto [i, p] : llvm::enumerate(perms))
    for (size_t end : {0, 1})
      permuted[2 * (before ? p : i) + end] =
          amounts[2 * (before ? i : p) + end];
  return tosa::ConstShapeOp::create(
      rewriter, loc,
      tosa::shapeType::get(rewriter.getContext(), permuted.size()),
      rewriter.getIndexTensorAttr(permuted));
}

/// transpose(pad(x)) before a convolution becomes pad(transpose(x)), which the
/// convolution can take in.
struct HoistTransposeOverPad : OpRewritePattern<tosa::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(tosa::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto pad = op.getInput1().getDefiningOp<tosa::PadOp>();
    if (!pad || !pad->hasOneUse() || !op->hasOneUse() ||
        !isa<Conv2DOp>(*op->user_begin()) || !isZero(pad.getPadConst()))
      return failure();
    auto source = dyn_cast<RankedTensorType>(pad.getInput1().getType());
    std::optional<SmallVector<int64_t>> amounts = getShape(pad.getPadding());
    ArrayRef<int32_t> perms = op.getPerms();
    if (!source || !amounts || amounts->size() != 2 * perms.size())
      return failure();
    SmallVector<int64_t> shape;
    for (int32_t p : perms)
      shape.push_back(source.getDimSize(p));
    Value moved =
        tosa::TransposeOp::create(rewriter, op.getLoc(), source.clone(shape),
                                  pad.getInput1(), op.getPermsAttr());
    Value padding = permutePadding(rewriter, pad.getLoc(), *amounts, perms,
                                   /*before=*/false);
    rewriter.replaceOpWithNewOp<tosa::PadOp>(op, op.getType(), moved, padding,
                                             pad.getPadConst());
    return success();
  }
};

/// op(transpose(x), ...) becomes transpose(op(x, ...)) for ops that work
/// element by element on operands transposed alike, and for pads.
struct SinkTranspose : RewritePattern {
  SinkTranspose(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), /*benefit=*/1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    unsigned count = isa<tosa::AddOp, tosa::SubOp>(op)     ? 2
                     : isa<tosa::ClampOp, tosa::PadOp>(op) ? 1
                                                           : 0;
    if (!count)
      return failure();
    auto first = op->getOperand(0).getDefiningOp<tosa::TransposeOp>();
    if (!first)
      return failure();
    // The convolution takes it in as it is.
    if (isa<tosa::PadOp>(op) && op->hasOneUse() &&
        isa<Conv2DOp>(*op->user_begin()))
      return failure();
    ArrayRef<int32_t> perms = first.getPerms();
    SmallVector<Value> sources;
    for (unsigned i = 0; i < count; ++i) {
      auto transpose = op->getOperand(i).getDefiningOp<tosa::TransposeOp>();
      if (!transpose || transpose.getPerms() != perms)
        return failure();
      sources.push_back(transpose.getInput1());
    }
    auto result = cast<RankedTensorType>(op->getResult(0).getType());
    if (count == 2 && (sources[0].getType() != sources[1].getType() ||
                       op->getOperand(0).getType() != result))
      return failure();
    SmallVector<int64_t> shape(result.getRank());
    for (auto [i, p] : llvm::enumerate(perms))
      shape[p] = result.getDimSize(i);
    auto type = result.clone(shape);
    Operation *moved = rewriter.clone(*op);
    for (auto [i, source] : llvm::enumerate(sources))
      moved->setOperand(i, source);
    if (auto pad = dyn_cast<tosa::PadOp>(op)) {
      std::optional<SmallVector<int64_t>> amounts = getShape(pad.getPadding());
      if (!amounts || amounts->size() != 2 * perms.size()) {
        rewriter.eraseOp(moved);
        return failure();
      }
      rewriter.setInsertionPoint(moved);
      moved->setOperand(1, permutePadding(rewriter, op->getLoc(), *amounts,
                                          perms, /*before=*/true));
      rewriter.setInsertionPointAfter(moved);
    }
    moved->getResult(0).setType(type);
    rewriter.replaceOpWithNewOp<tosa::TransposeOp>(
        op, result, moved->getResult(0), first.getPermsAttr());
    return success();
  }
};

struct Recognize : hwq::impl::RecognizePassBase<Recognize> {
  void getDependentDialects(DialectRegistry &registry) const override {
    RecognizePassBase::getDependentDialects(registry);
    registerTosaExternalModels(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Float, getArgument())) ||
        failed(checkRanked(module)))
      return signalPassFailure();
    RewritePatternSet patterns(&getContext());
    patterns.add<RecognizeConv2D, RecognizeDepthwise, RecognizeMatMul, FoldPad,
                 FoldBias, RecognizeBound<tosa::MaximumOp, true>,
                 RecognizeBound<tosa::MinimumOp, false>, FoldClamps,
                 RecognizeHardSwish, RecognizeSoftmax, RecognizePRelu,
                 RecognizeMean, FoldTransposes, SinkTranspose,
                 HoistTransposeOverPad>(&getContext());
    // Names must survive: nothing but these patterns runs.
    GreedyRewriteConfig config;
    config.enableFolding(false).enableConstantCSE(false);
    if (failed(applyPatternsGreedily(module, std::move(patterns), config)))
      return signalPassFailure();
    for (auto func : module.getOps<func::FuncOp>())
      if (!func.isExternal())
        nameTensors(func);
    setForm(module, Form::Float);
  }

  void nameTensors(func::FuncOp func) {
    llvm::StringSet<> used;
    llvm::StringMap<unsigned> counters;
    func.walk([&](Operation *op) {
      if (auto name = op->getAttrOfType<StringAttr>(kNameAttr))
        used.insert(name.getValue());
    });
    auto makeName = [&](StringRef base) {
      std::string name;
      do
        name = (base + "_" + Twine(counters[base]++)).str();
      while (!used.insert(name).second);
      return name;
    };
    for (BlockArgument arg : func.getArguments())
      if (getTensorName(arg).empty() && isF32(arg))
        func.setArgAttr(arg.getArgNumber(), kNameAttr,
                        StringAttr::get(&getContext(), makeName("input")));
    func.walk([&](Operation *op) {
      if (op->getNumResults() != 1 || op->hasAttr(kNameAttr) ||
          !isF32(op->getResult(0)) || isConstant(op->getResult(0)))
        return;
      // Helpers of the layout have no name, observers that of their tensor.
      if (isa<tosa::TransposeOp, tosa::ReshapeOp, tosa::PadOp, tosa::SliceOp,
              ObserveOp>(op))
        return;
      if (auto loc = dyn_cast<NameLoc>(op->getLoc()))
        if (used.insert(loc.getName().getValue()).second)
          return setTensorName(op, loc.getName());
      setTensorName(op, makeName(op->getName().stripDialect()));
    });
  }
};

} // namespace
