//===- TosaExternalModels.cpp - QuantizableOpInterface for TOSA -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerForms.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Numerics/Lut.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

static quant::UniformQuantizedType getQuantized(Value value) {
  return cast<quant::UniformQuantizedType>(
      cast<RankedTensorType>(value.getType()).getElementType());
}

static RankedTensorType quantizedResultType(Operation *op,
                                            const IntegerForm &form) {
  return cast<RankedTensorType>(op->getResult(0).getType())
      .clone(form.resultType);
}

static RequantAttr realRequant(OpBuilder &builder, const IntegerForm &form,
                               double scale, int64_t inputZeroPoint,
                               int64_t zeroPoint, int64_t lo, int64_t hi) {
  RequantFields fields;
  fields.quantizeForm = form.quantizeForm;
  fields.scales = {scale};
  fields.inputZeroPoint = inputZeroPoint;
  fields.zeroPoint = zeroPoint;
  fields.lo = lo;
  fields.hi = hi;
  return RequantAttr::get(builder.getContext(), fields);
}

static bool haveOneShape(ArrayRef<Value> operands, Type type) {
  return llvm::all_of(operands, [&](Value operand) {
    return succeeded(verifyCompatibleShape(operand.getType(), type));
  });
}

namespace {

/// Addition and subtraction.
template <typename Op, typename IntegerOp>
struct SumModel
    : QuantizableOpInterface::ExternalModel<SumModel<Op, IntegerOp>, Op> {
  StringRef getOpKind(Operation *) const {
    return std::is_same_v<Op, tosa::AddOp> ? "add" : "sub";
  }
  SmallVector<unsigned> getActivationOperands(Operation *) const {
    return {0, 1};
  }
  bool absorbsClamp(Operation *) const { return true; }
  FailureOr<Value> buildIntegerForm(Operation *op, OpBuilder &builder,
                                    const IntegerForm &form,
                                    std::string &reason) const {
    if (staysFloat(form, reason))
      return failure();
    RankedTensorType type = quantizedResultType(op, form);
    if (!haveOneShape(form.activations, type)) {
      reason = "its operands have different shapes";
      return failure();
    }
    RequantAttr terms[2];
    for (int i : {0, 1}) {
      quant::UniformQuantizedType in = getQuantized(form.activations[i]);
      terms[i] =
          realRequant(builder, form, in.getScale() / form.resultType.getScale(),
                      in.getZeroPoint(), 0, INT32_MIN, INT32_MAX);
    }
    RequantAttr result =
        realRequant(builder, form, 1.0, 0, form.resultType.getZeroPoint(),
                    form.lo, form.hi);
    return IntegerOp::create(builder, op->getLoc(), type, form.activations[0],
                             form.activations[1], terms[0], terms[1], result,
                             /*variant=*/AddVariantAttr())
        .getResult();
  }
};

struct MulModel : QuantizableOpInterface::ExternalModel<MulModel, tosa::MulOp> {
  StringRef getOpKind(Operation *) const { return "mul"; }
  SmallVector<unsigned> getActivationOperands(Operation *) const {
    return {0, 1};
  }
  bool absorbsClamp(Operation *) const { return true; }
  FailureOr<Value> buildIntegerForm(Operation *op, OpBuilder &builder,
                                    const IntegerForm &form,
                                    std::string &reason) const {
    if (staysFloat(form, reason))
      return failure();
    double scale = getQuantized(form.activations[0]).getScale() *
                   getQuantized(form.activations[1]).getScale() /
                   form.resultType.getScale();
    RequantAttr requant =
        realRequant(builder, form, scale, 0, form.resultType.getZeroPoint(),
                    form.lo, form.hi);
    return hwq::MulOp::create(builder, op->getLoc(),
                              quantizedResultType(op, form),
                              form.activations[0], form.activations[1], requant,
                              /*variant=*/MulVariantAttr())
        .getResult();
  }
};

struct AvgPoolModel
    : QuantizableOpInterface::ExternalModel<AvgPoolModel, tosa::AvgPool2dOp> {
  StringRef getOpKind(Operation *) const { return "avg_pool2d"; }
  SmallVector<unsigned> getActivationOperands(Operation *) const { return {0}; }
  FailureOr<Value> buildIntegerForm(Operation *op, OpBuilder &builder,
                                    const IntegerForm &form,
                                    std::string &reason) const {
    if (staysFloat(form, reason))
      return failure();
    auto pool = cast<tosa::AvgPool2dOp>(op);
    quant::UniformQuantizedType in = getQuantized(form.activations[0]);
    RequantAttr requant;
    if (in != form.resultType)
      requant = realRequant(
          builder, form, in.getScale() / form.resultType.getScale(),
          in.getZeroPoint(), form.resultType.getZeroPoint(), form.lo, form.hi);
    return AvgPool2DOp::create(
               builder, op->getLoc(), quantizedResultType(op, form),
               form.activations[0], pool.getKernelAttr(), pool.getStrideAttr(),
               pool.getPadAttr(),
               QuantizeFormAttr::get(builder.getContext(), form.quantizeForm),
               /*variant=*/AvgPoolVariantAttr(), requant,
               builder.getDenseI64ArrayAttr({form.lo, form.hi}))
        .getResult();
  }
};

struct ClampModel
    : QuantizableOpInterface::ExternalModel<ClampModel, tosa::ClampOp> {
  StringRef getOpKind(Operation *) const { return "clamp"; }
  SmallVector<unsigned> getActivationOperands(Operation *) const { return {0}; }
  FailureOr<Value> buildIntegerForm(Operation *op, OpBuilder &builder,
                                    const IntegerForm &form,
                                    std::string &reason) const {
    return buildRequantizeForm(op, builder, form, reason);
  }
};

/// The functions of TOSA's elementwise ops.
double apply(tosa::SigmoidOp, double x) { return numerics::logistic(x); }
double apply(tosa::TanhOp, double x) { return std::tanh(x); }
double apply(tosa::ErfOp, double x) { return std::erf(x); }
double apply(tosa::ExpOp, double x) { return std::exp(x); }
double apply(tosa::LogOp, double x) { return std::log(x); }
double apply(tosa::AbsOp, double x) { return std::abs(x); }
double apply(tosa::ReciprocalOp, double x) { return 1 / x; }
double apply(tosa::RsqrtOp, double x) { return 1 / std::sqrt(x); }

template <typename Op>
struct UnaryModel : QuantizableOpInterface::ExternalModel<UnaryModel<Op>, Op> {
  StringRef getOpKind(Operation *) const {
    return Op::getOperationName().drop_front(StringRef("tosa.").size());
  }
  SmallVector<unsigned> getActivationOperands(Operation *) const { return {0}; }
  std::function<double(double)> getUnaryFunction(Operation *) const {
    return [](double x) { return apply(Op(), x); };
  }
  FailureOr<Value> buildIntegerForm(Operation *op, OpBuilder &builder,
                                    const IntegerForm &form,
                                    std::string &reason) const {
    return buildUnaryForm(op, builder, form, getUnaryFunction(op), reason);
  }
};

/// Ops that move or select values: the same op on quantized operands. The
/// interface calls the methods of `Model`: it must be the most derived class.
template <typename Model, typename Op>
struct MovementModelBase : QuantizableOpInterface::ExternalModel<Model, Op> {
  StringRef getOpKind(Operation *) const { return "movement"; }
  SmallVector<unsigned> getActivationOperands(Operation *) const { return {0}; }
  bool isDataMovement(Operation *) const { return true; }
  FailureOr<Value> buildIntegerForm(Operation *op, OpBuilder &builder,
                                    const IntegerForm &form,
                                    std::string &reason) const {
    if (staysFloat(form, reason))
      return failure();
    return clone(op, builder, form)->getResult(0);
  }

  static Operation *clone(Operation *op, OpBuilder &builder,
                          const IntegerForm &form) {
    Operation *moved = builder.clone(*op);
    for (auto [i, value] : llvm::enumerate(form.activations))
      moved->setOperand(i, value);
    moved->getResult(0).setType(quantizedResultType(op, form));
    return moved;
  }
};

template <typename Op>
struct MovementModel : MovementModelBase<MovementModel<Op>, Op> {};

struct MaxPoolModel : MovementModelBase<MaxPoolModel, tosa::MaxPool2dOp> {
  StringRef getOpKind(Operation *) const { return "max_pool2d"; }
};

/// Nearest neighbours are moved, what lies between pixels is computed.
struct ResizeModel : MovementModelBase<ResizeModel, tosa::ResizeOp> {
  StringRef getOpKind(Operation *) const { return "resize"; }
  bool isDataMovement(Operation *op) const {
    return cast<tosa::ResizeOp>(op).getMode() ==
           tosa::ResizeMode::NEAREST_NEIGHBOR;
  }
  FailureOr<Value> buildIntegerForm(Operation *op, OpBuilder &builder,
                                    const IntegerForm &form,
                                    std::string &reason) const {
    if (isDataMovement(op))
      return MovementModelBase::buildIntegerForm(op, builder, form, reason);
    if (staysFloat(form, reason))
      return failure();
    auto resize = cast<tosa::ResizeOp>(op);
    FailureOr<SmallVector<int64_t>> scale = getShapeValues(resize.getScale()),
                                    offset = getShapeValues(resize.getOffset()),
                                    border = getShapeValues(resize.getBorder());
    if (failed(scale) || failed(offset) || failed(border) ||
        scale->size() != 4 || offset->size() != 2 || border->size() != 2) {
      reason = "its scale, offset or border is not a constant";
      return failure();
    }
    if (getQuantized(form.activations[0]) != form.resultType) {
      reason = "its result has other parameters than its operand";
      return failure();
    }
    auto geometry =
        getResizeGeometry(cast<RankedTensorType>(form.activations[0].getType()),
                          quantizedResultType(op, form), *scale, *offset);
    if (!geometry) {
      reason = geometry.error();
      return failure();
    }
    auto derived =
        numerics::deriveResize(form.resize, geometry->rows, geometry->columns);
    if (!derived) {
      reason = derived.error();
      return failure();
    }
    return ResizeBilinearOp::create(
               builder, op->getLoc(), quantizedResultType(op, form),
               form.activations[0], builder.getDenseI64ArrayAttr(*scale),
               builder.getDenseI64ArrayAttr(*offset),
               builder.getDenseI64ArrayAttr(*border), ResizeVariantAttr())
        .getResult();
  }

  static FailureOr<SmallVector<int64_t>> getShapeValues(Value shape) {
    auto constant = shape.getDefiningOp<tosa::ConstShapeOp>();
    if (!constant)
      return failure();
    return llvm::to_vector(
        llvm::map_range(constant.getValues().getValues<APInt>(),
                        [](const APInt &v) { return v.getSExtValue(); }));
  }
};

struct ConcatModel : MovementModelBase<ConcatModel, tosa::ConcatOp> {
  StringRef getOpKind(Operation *) const { return "concat"; }
  SmallVector<unsigned> getActivationOperands(Operation *op) const {
    return llvm::to_vector(llvm::seq<unsigned>(0, op->getNumOperands()));
  }
};

struct PadModel : MovementModelBase<PadModel, tosa::PadOp> {
  FailureOr<Value> buildIntegerForm(Operation *op, OpBuilder &builder,
                                    const IntegerForm &form,
                                    std::string &reason) const {
    if (staysFloat(form, reason))
      return failure();
    FailureOr<std::vector<float>> value =
        getFloatConstant(cast<tosa::PadOp>(op).getPadConst());
    if (failed(value) || value->size() != 1) {
      reason = "its pad value is not a constant";
      return failure();
    }
    quant::UniformQuantizedType type = form.resultType;
    numerics::QuantParams params{
        type.getScale(),
        type.getZeroPoint(),
        {type.getStorageTypeMin(), type.getStorageTypeMax()}};
    int64_t code =
        numerics::quantize(form.quantizeForm, value->front(), params);
    Value constant =
        createQuantizedConstant(builder, op->getLoc(), {1}, code, type, "");
    Operation *moved = clone(op, builder, form);
    moved->setOperand(2, constant);
    return moved->getResult(0);
  }
};

template <typename... Ops> void attachUnary(MLIRContext &context) {
  (Ops::template attachInterface<UnaryModel<Ops>>(context), ...);
}

} // namespace

void hwq::registerTosaExternalModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tosa::TosaDialect *) {
    tosa::AddOp::attachInterface<SumModel<tosa::AddOp, hwq::AddOp>>(*context);
    tosa::SubOp::attachInterface<SumModel<tosa::SubOp, hwq::SubOp>>(*context);
    tosa::MulOp::attachInterface<MulModel>(*context);
    tosa::AvgPool2dOp::attachInterface<AvgPoolModel>(*context);
    tosa::ClampOp::attachInterface<ClampModel>(*context);
    tosa::MaxPool2dOp::attachInterface<MaxPoolModel>(*context);
    tosa::ConcatOp::attachInterface<ConcatModel>(*context);
    tosa::PadOp::attachInterface<PadModel>(*context);
    tosa::ResizeOp::attachInterface<ResizeModel>(*context);
    attachUnary<tosa::SigmoidOp, tosa::TanhOp, tosa::ErfOp, tosa::ExpOp,
                tosa::LogOp, tosa::AbsOp, tosa::ReciprocalOp, tosa::RsqrtOp>(
        *context);
    tosa::ReshapeOp::attachInterface<MovementModel<tosa::ReshapeOp>>(*context);
    tosa::SliceOp::attachInterface<MovementModel<tosa::SliceOp>>(*context);
    tosa::TileOp::attachInterface<MovementModel<tosa::TileOp>>(*context);
    tosa::TransposeOp::attachInterface<MovementModel<tosa::TransposeOp>>(
        *context);
    tosa::ReverseOp::attachInterface<MovementModel<tosa::ReverseOp>>(*context);
    tosa::IdentityOp::attachInterface<MovementModel<tosa::IdentityOp>>(
        *context);
  });
}
