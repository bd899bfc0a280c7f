//===- Integerize.cpp - Compute in integers between quantize and dequantize -*-
// C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Remarks.h"

namespace hwq {
#define GEN_PASS_DEF_INTEGERIZEPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

namespace {
/// `dequantize -> op -> [+ residual] -> [clamp] -> [quantize]`.
struct QuantizedUnit {
  QuantizableOpInterface op;
  /// The addition of a dequantized tensor that the op computes too, or null.
  Operation *add = nullptr;
  Value residual;
  tosa::ClampOp clamp;
  /// Null: the op's accumulator is dequantized.
  QuantizeOp quantize;

  /// The op whose result the unit replaces.
  Operation *last() {
    if (quantize)
      return quantize;
    return add ? add : op.getOperation();
  }
};
} // namespace

/// The quantized tensor behind a dequantize, or null.
static Value getDequantized(Value value) {
  auto dequantize = value.getDefiningOp<DequantizeOp>();
  return dequantize && getUniformType(dequantize.getInput())
             ? dequantize.getInput()
             : Value();
}

/// Channels of the quantized tensor behind a dequantize have scales of their
/// own, which are in the weights of the dot product that reads it.
static Value getDotCodes(Value value) {
  auto dequantize = value.getDefiningOp<DequantizeOp>();
  return dequantize && dequantize.getUnitScale() ? dequantize.getInput()
                                                 : getDequantized(value);
}

static bool isDotProduct(Operation *op) {
  return isa<Conv2DOp, FullyConnectedOp>(op);
}

/// Whether everything that the op reads is there in integers.
static bool hasIntegerOperands(QuantizableOpInterface op) {
  if (op->getNumResults() != 1)
    return false;
  for (unsigned i : op.getActivationOperands())
    if (!(isDotProduct(op) ? getDotCodes(op->getOperand(i))
                           : getDequantized(op->getOperand(i))))
      return false;
  std::optional<unsigned> weights = op.getWeightOperand();
  return !weights || op->getOperand(*weights).getDefiningOp<DequantizeOp>();
}

static bool isAdd(Operation *op) {
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  return quantizable && quantizable.getOpKind() == "add";
}

static std::optional<QuantizedUnit> match(QuantizableOpInterface op) {
  if (!hasIntegerOperands(op))
    return std::nullopt;
  QuantizedUnit unit{op, nullptr, {}, {}, {}};
  Operation *last = op;
  bool isDot = op.getWeightOperand().has_value();
  // The policy left the operand of the addition float, so the dot product adds
  // the other one itself.
  if (isDot && op->hasOneUse() && isAdd(*op->user_begin())) {
    Operation *add = *op->user_begin();
    Value other = add->getOperand(add->getOperand(0) == op->getResult(0));
    if (getDequantized(other) &&
        succeeded(verifyCompatibleShape(other.getType(),
                                        op->getResult(0).getType()))) {
      unit.add = last = add;
      unit.residual = getDequantized(other);
    }
  }
  unit.clamp = getFusedClamp(last);
  Value result = last->getResult(0);
  if (unit.clamp)
    result = unit.clamp.getOutput();
  // A clamp on its own is its own bounds.
  if (auto clamp = dyn_cast<tosa::ClampOp>(*op))
    unit.clamp = clamp;
  if (result.hasOneUse()) {
    auto quantize = dyn_cast<QuantizeOp>(*result.user_begin());
    // Only dot products make channels of different scales.
    if (quantize && (getUniformType(quantize.getOutput()) ||
                     (isDotProduct(op) && !unit.add)))
      unit.quantize = quantize;
  }
  if (unit.quantize)
    return unit;
  // A float result: clamps stay float ops.
  unit.clamp = {};
  return op.hasAccumulator() ? std::optional(unit) : std::nullopt;
}

/// The codes of `values`, in memory, with one scale per row.
template <typename T>
static std::vector<char>
quantizeRows(ArrayRef<float> values, const ChannelParams &params,
             const numerics::Grid &grid, numerics::QuantizeForm form) {
  std::vector<char> codes(values.size() * sizeof(T));
  auto *out = reinterpret_cast<T *>(codes.data());
  size_t size = values.size() / std::max<size_t>(params.scales.size(), 1);
  for (size_t c = 0; c < params.scales.size(); ++c)
    numerics::quantizeArray(form, values.data() + c * size, size,
                            {params.scales[c], params.zeroPoints[c], grid},
                            out + c * size);
  return codes;
}

/// The codes of a float constant behind quantize and dequantize, as a constant.
static FailureOr<Value> quantizeConstant(OpBuilder &builder, Value dequantized,
                                         StringRef name) {
  auto dequantize = dequantized.getDefiningOp<DequantizeOp>();
  auto quantize = dequantize.getInput().getDefiningOp<QuantizeOp>();
  if (!quantize)
    return dequantize.getInput();
  FailureOr<std::vector<float>> values = getFloatConstant(quantize.getInput());
  if (failed(values))
    return failure();
  RankedTensorType type = quantize.getOutput().getType();
  ChannelParams params = getChannelParams(quantize.getOutput());
  auto element = cast<quant::QuantizedType>(type.getElementType());
  numerics::Grid grid{element.getStorageTypeMin(), element.getStorageTypeMax()};
  bool isByte = getCodeBytes(element) == 1;
  auto quantizeAll = element.isSigned()
                         ? isByte ? quantizeRows<int8_t> : quantizeRows<int16_t>
                     : isByte ? quantizeRows<uint8_t>
                              : quantizeRows<uint16_t>;
  return createQuantizedConstant(
      builder, quantize.getLoc(), type.getShape(),
      quantizeAll(*values, params, grid, quantize.getForm().getValue()),
      element, name);
}

/// A clamp bound in codes, as the backend quantizes it.
static int64_t getBound(Attribute bound, numerics::QuantizeForm form,
                        const numerics::QuantParams &params) {
  auto value = static_cast<float>(cast<FloatAttr>(bound).getValueAsDouble());
  return numerics::quantize(form, value, params);
}

/// Zero point and bounds in codes of one grid, or of the grid of one channel.
static numerics::OutputGrid getOutputGrid(const QuantizedUnit &unit,
                                          numerics::QuantizeForm form,
                                          const numerics::QuantParams &params) {
  numerics::OutputGrid grid{params.zeroPoint, params.grid.qmin,
                            params.grid.qmax};
  if (tosa::ClampOp clamp = unit.clamp) {
    grid.lo = getBound(clamp.getMinValAttr(), form, params);
    grid.hi = std::max(grid.lo, getBound(clamp.getMaxValAttr(), form, params));
  }
  return grid;
}

/// Codes of another type, between real scales.
static Value createRequantize(OpBuilder &builder, Location loc, Value value,
                              quant::UniformQuantizedType to,
                              numerics::QuantizeForm form, int64_t lo,
                              int64_t hi) {
  quant::UniformQuantizedType from = getUniformType(value);
  RequantFields fields;
  fields.quantizeForm = form;
  fields.scales = {from.getScale() / to.getScale()};
  fields.inputZeroPoint = from.getZeroPoint();
  fields.zeroPoint = to.getZeroPoint();
  fields.lo = lo;
  fields.hi = hi;
  return RequantizeOp::create(
      builder, loc, cast<RankedTensorType>(value.getType()).clone(to), value,
      /*bias=*/Value(), RequantAttr::get(builder.getContext(), fields),
      /*scaled_bias=*/false);
}

/// `form` holds what the backend has.
static LogicalResult integerize(QuantizedUnit unit, IntegerForm form,
                                std::string &reason) {
  QuantizableOpInterface op = unit.op;
  OpBuilder builder(unit.last());
  form.residual = unit.residual;
  if (unit.quantize) {
    form.resultType = getUniformType(unit.quantize.getOutput());
    form.quantizeForm = unit.quantize.getForm().getValue();
  } else {
    form.lo = INT32_MIN;
    form.hi = INT32_MAX;
  }
  if (form.resultType) {
    numerics::OutputGrid grid =
        getOutputGrid(unit, form.quantizeForm, getParams(form.resultType));
    form.lo = grid.lo;
    form.hi = grid.hi;
  } else if (unit.quantize) {
    form.channelType = cast<quant::UniformQuantizedPerAxisType>(
        unit.quantize.getOutput().getType().getElementType());
    for (auto [scale, zeroPoint] : llvm::zip_equal(
             form.channelType.getScales(), form.channelType.getZeroPoints()))
      form.channelGrids.push_back(
          getOutputGrid(unit, form.quantizeForm,
                        {scale,
                         zeroPoint,
                         {form.channelType.getStorageTypeMin(),
                          form.channelType.getStorageTypeMax()}}));
  }
  for (unsigned i : op.getActivationOperands()) {
    Value value = isDotProduct(op) ? getDotCodes(op->getOperand(i))
                                   : getDequantized(op->getOperand(i));
    // Moved values, and what lies between them, have the parameters of the
    // result.
    if ((op.isDataMovement() || op.getOpKind() == "resize") && unit.quantize &&
        getUniformType(value) != form.resultType)
      value = createRequantize(builder, op->getLoc(), value, form.resultType,
                               form.quantizeForm, form.lo, form.hi);
    form.activations.push_back(value);
  }
  Value replaced = unit.last()->getResult(0);
  std::string name = getTensorName(replaced).str();
  if (std::optional<unsigned> i = op.getWeightOperand()) {
    FailureOr<Value> weights =
        quantizeConstant(builder, op->getOperand(*i), name + "_weights");
    if (failed(weights)) {
      reason = "its weights are not a constant";
      return failure();
    }
    form.weights = *weights;
  }
  if (std::optional<unsigned> i = op.getBiasOperand())
    form.bias = op->getOperand(*i);

  FailureOr<Value> result = op.buildIntegerForm(builder, form, reason);
  if (failed(result))
    return failure();
  // A movement op was cloned with its own name.
  result->getDefiningOp()->removeAttr(kNameAttr);
  copyTensorName(unit.last(), result->getDefiningOp());
  replaced.replaceAllUsesWith(*result);
  eraseDeadChain(unit.last());
  return success();
}

/// `dequantize -> quantize`: from one grid to another.
static void requantizeCodes(QuantizeOp quantize) {
  Value value = getDequantized(quantize.getInput());
  quant::UniformQuantizedType type = getUniformType(quantize.getOutput());
  if (!value || !type)
    return;
  OpBuilder builder(quantize);
  Value result = value;
  if (getUniformType(value) != type) {
    result = createRequantize(
        builder, quantize.getLoc(), value, type, quantize.getForm().getValue(),
        type.getStorageTypeMin(), type.getStorageTypeMax());
    copyTensorName(quantize, result.getDefiningOp());
  }
  quantize.getOutput().replaceAllUsesWith(result);
  eraseDeadChain(quantize);
}

namespace {
struct Integerize : hwq::impl::IntegerizePassBase<Integerize> {
  void getDependentDialects(DialectRegistry &registry) const override {
    IntegerizePassBase::getDependentDialects(registry);
    registerTosaExternalModels(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Step0, getArgument())) ||
        failed(checkRanked(module)) ||
        failed(checkQuantizable(module, getArgument())))
      return signalPassFailure();
    // A program that was made without one has no such limits.
    std::optional<Backend> backend;
    if (auto attr = module->getAttrOfType<BackendAttr>(kBackendAttr))
      backend = Backend::get(attr);
    IntegerForm form;
    if (backend) {
      form.lookup = backend->lookupTables.value_or(form.lookup);
      form.prelu = backend->prelu;
      form.resize = backend->resize;
    }
    SmallVector<QuantizableOpInterface> ops;
    module.walk([&](QuantizableOpInterface op) { ops.push_back(op); });
    llvm::SmallPtrSet<Operation *, 8> fused;
    for (QuantizableOpInterface op : ops) {
      // Erased together with the op that computes it.
      if (fused.contains(op))
        continue;
      std::optional<QuantizedUnit> unit = match(op);
      if (!unit)
        continue;
      Operation *clamp = unit->clamp, *add = unit->add;
      StringRef kind = op.getOpKind();
      Location loc = op->getLoc();
      std::string reason;
      if (backend)
        reason = whyNoArithmetic(op, *backend);
      if (reason.empty() && succeeded(integerize(*unit, form, reason))) {
        fused.insert(clamp);
        fused.insert(add);
        continue;
      }
      remark::missed(loc, remark::RemarkOpts::name("Integerize")
                              .category("hwq")
                              .subCategory("integerize"))
          << remark::reason("{0} stays float: {1}", kind, reason);
    }
    SmallVector<QuantizeOp> quantizes;
    module.walk([&](QuantizeOp op) { quantizes.push_back(op); });
    for (QuantizeOp op : quantizes)
      requantizeCodes(op);
    // What failed attempts and erased units left behind.
    eraseDeadOps(module);
    setForm(module, Form::Step1);
  }
};
} // namespace
