//===- Annotate.cpp - Place quantize/dequantize pairs -*- C++ -*-===//
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
#include <algorithm>

namespace hwq {
#define GEN_PASS_DEF_ANNOTATEPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

namespace {

/// The TOTAL policy on one function: every tensor that an integer op reads or
/// makes gets parameters.
class TotalPolicy {
public:
  TotalPolicy(func::FuncOp func, const Backend &backend)
      : func(func), backend(backend), builder(func.getContext()) {}

  LogicalResult run();

private:
  bool isInteger(Operation *op);
  bool isMovement(Operation *op);
  bool isFusedClamp(Operation *op);
  void findWanted();
  LogicalResult visit(Operation *op);
  LogicalResult quantizeResult(Operation *op);
  LogicalResult quantizeWeights(QuantizableOpInterface op);
  FailureOr<quant::UniformQuantizedType> getType(ObserveOp observer);
  /// Puts a quantize/dequantize pair behind `value`, for all readers but those
  /// in `observer`, which disappears.
  void insertPair(Value value, quant::UniformQuantizedType type,
                  ObserveOp observer);
  /// The quantized type of a float value that comes from a dequantize.
  quant::UniformQuantizedType getPairType(Value value);

  func::FuncOp func;
  const Backend &backend;
  OpBuilder builder;
  /// Values that an integer op reads, directly or through moved values.
  llvm::DenseSet<Value> wanted;
};

} // namespace

static ObserveOp getObserver(Value value) {
  for (Operation *user : value.getUsers())
    if (auto observer = dyn_cast<ObserveOp>(user))
      return observer;
  return {};
}

bool TotalPolicy::isMovement(Operation *op) {
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  return quantizable && quantizable.isDataMovement() &&
         !backend.isFloatOnly(quantizable.getOpKind());
}

/// An op that computes, and can do so in integers.
bool TotalPolicy::isInteger(Operation *op) {
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (!quantizable || quantizable.isDataMovement() ||
      backend.isFloatOnly(quantizable.getOpKind()))
    return false;
  for (unsigned i : quantizable.getActivationOperands())
    if (isConstant(op->getOperand(i)))
      return false;
  for (std::optional<unsigned> i :
       {quantizable.getWeightOperand(), quantizable.getBiasOperand()})
    if (i && !isConstant(op->getOperand(*i)))
      return false;
  // A clamp that the op before it computes is no op of its own; it is float
  // where that op is.
  return !isFusedClamp(op);
}

bool TotalPolicy::isFusedClamp(Operation *op) {
  if (!isa<tosa::ClampOp>(op) || !backend.fuseClamp)
    return false;
  Operation *producer = op->getOperand(0).getDefiningOp();
  return producer && getFusedClamp(producer) == op;
}

void TotalPolicy::findWanted() {
  SmallVector<Operation *> ops;
  func.walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : llvm::reverse(ops)) {
    bool moves = (isMovement(op) || isa<ObserveOp>(op)) &&
                 wanted.contains(op->getResult(0));
    if (isa<ObserveOp>(op) && moves)
      wanted.insert(op->getOperand(0));
    else if (moves || isInteger(op))
      for (unsigned i :
           cast<QuantizableOpInterface>(op).getActivationOperands())
        wanted.insert(op->getOperand(i));
  }
}

FailureOr<quant::UniformQuantizedType>
TotalPolicy::getType(ObserveOp observer) {
  std::optional<ArrayRef<double>> range = observer.getRange();
  if (!range)
    return observer.emitError()
           << "tensor '" << observer.getTensor()
           << "' has no range: calibrate the program (hwq calibrate) or import "
              "a table of ranges (--quant-hw-import-calibration)";
  const Scheme &scheme = backend.activations;
  numerics::Result<numerics::Derived> derived =
      numerics::deriveParams(backend.activationRule, {(*range)[0], (*range)[1]},
                             backend.getDeriveOptions(/*ofWeights=*/false));
  if (!derived)
    return observer.emitError()
           << "tensor '" << observer.getTensor() << "': " << derived.error();
  if (!(derived->params.scale > 0))
    return observer.emitError()
           << "tensor '" << observer.getTensor() << "': its range ["
           << (*range)[0] << ", " << (*range)[1] << "] gives no positive scale";
  return getQuantizedType(func.getContext(), scheme, derived->params);
}

void TotalPolicy::insertPair(Value value, quant::UniformQuantizedType type,
                             ObserveOp observer) {
  builder.setInsertionPointAfterValue(value);
  Location loc = value.getLoc();
  auto shape = cast<RankedTensorType>(value.getType());
  auto quantize = QuantizeOp::create(
      builder, loc, shape.clone(type), value,
      QuantizeFormAttr::get(func.getContext(), backend.quantizeForm));
  auto dequantize =
      DequantizeOp::create(builder, loc, shape, quantize.getOutput());
  // The name means the integers from here on.
  if (Operation *producer = value.getDefiningOp())
    copyTensorName(producer, quantize, /*take=*/true);
  else if (StringRef name = getTensorName(value); !name.empty())
    setTensorName(quantize, name);
  if (observer)
    observer.getOutput().replaceAllUsesWith(value);
  value.replaceAllUsesExcept(dequantize.getOutput(), quantize);
  if (observer)
    observer.erase();
}

quant::UniformQuantizedType TotalPolicy::getPairType(Value value) {
  auto dequantize = value.getDefiningOp<DequantizeOp>();
  return dequantize ? getUniformType(dequantize.getInput())
                    : quant::UniformQuantizedType();
}

LogicalResult TotalPolicy::quantizeWeights(QuantizableOpInterface op) {
  std::optional<unsigned> index = op.getWeightOperand();
  if (!index)
    return success();
  Value weights = op->getOperand(*index);
  FailureOr<std::vector<float>> values = getFloatConstant(weights);
  std::string name = describeTensor(op->getResult(0));
  if (failed(values))
    return op->emitError() << "the weights of " << name
                           << " are not an f32 constant";
  for (float v : *values)
    if (!std::isfinite(v))
      return op->emitError() << "the weights of " << name << " contain " << v;
  auto type = cast<RankedTensorType>(weights.getType());
  const Scheme &scheme = backend.weights;
  numerics::Granularity granularity = op.getOpKind() == "fully_connected"
                                          ? backend.fullyConnectedGranularity
                                          : scheme.granularity;
  bool perChannel = granularity == numerics::Granularity::PerChannel;
  size_t groups = perChannel ? type.getDimSize(0) : 1;
  size_t size = values->size() / std::max<size_t>(groups, 1);
  SmallVector<numerics::QuantParams> params;
  for (size_t g = 0; g < groups; ++g) {
    auto first = values->begin() + g * size;
    auto [least, most] = std::minmax_element(first, first + size);
    numerics::Result<numerics::Derived> derived =
        numerics::deriveParams(backend.weightRule, {*least, *most},
                               backend.getDeriveOptions(/*ofWeights=*/true));
    if (!derived)
      return op->emitError()
             << "the weights of " << name << ": " << derived.error();
    if (!(derived->params.scale > 0))
      return op->emitError() << "the weights of " << name << ": channel " << g
                             << " gives no positive scale";
    params.push_back(derived->params);
  }
  quant::QuantizedType element =
      getQuantizedType(func.getContext(), scheme, params.front());
  if (perChannel) {
    SmallVector<double> scales;
    SmallVector<int64_t> zeroPoints;
    for (const numerics::QuantParams &p : params) {
      scales.push_back(p.scale);
      zeroPoints.push_back(p.zeroPoint);
    }
    element = quant::UniformQuantizedPerAxisType::get(
        element.getFlags(), element.getStorageType(),
        element.getExpressedType(), scales, zeroPoints,
        /*quantizedDimension=*/0, element.getStorageTypeMin(),
        element.getStorageTypeMax());
  }
  builder.setInsertionPoint(op);
  auto quantize = QuantizeOp::create(
      builder, op->getLoc(), type.clone(element), weights,
      QuantizeFormAttr::get(func.getContext(), backend.weightQuantizeForm));
  op->setOperand(*index, DequantizeOp::create(builder, op->getLoc(), type,
                                              quantize.getOutput()));
  return success();
}

/// Parameters for the result of an integer op, or of a float op that an integer
/// op reads.
LogicalResult TotalPolicy::quantizeResult(Operation *op) {
  Value result = op->getResult(0);
  if (isa_and_present<QuantizeOp>(result.hasOneUse() ? *result.user_begin()
                                                     : nullptr))
    return success(); // a clamp, done with the op that computes it
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  bool integer = quantizable && isInteger(op);
  bool movement = isMovement(op);
  if (integer && backend.fuseClamp)
    if (tosa::ClampOp clamp = getFusedClamp(op))
      result = clamp.getOutput();
  ObserveOp observer = getObserver(result);

  // One operand, whose parameters the result keeps.
  if (quantizable && backend.keepsParameters(quantizable.getOpKind()) &&
      quantizable.getActivationOperands().size() == 1)
    if (quant::UniformQuantizedType type = getPairType(
            op->getOperand(quantizable.getActivationOperands()[0]))) {
      insertPair(result, type, observer);
      return success();
    }
  if (!integer && !wanted.contains(result)) {
    bool moved = movement && getPairType(op->getOperand(0));
    if (!moved)
      return success();
  }
  if (!observer)
    return op->emitError() << "tensor " << describeTensor(result)
                           << " has no range: calibrate the program (hwq "
                              "calibrate) or import a "
                              "table of ranges (--quant-hw-import-calibration)";
  FailureOr<quant::UniformQuantizedType> type = getType(observer);
  if (failed(type))
    return failure();
  insertPair(result, *type, observer);
  return success();
}

LogicalResult TotalPolicy::visit(Operation *op) {
  if (op->getNumResults() != 1 || isConstant(op->getResult(0)) ||
      isa<ObserveOp, QuantizeOp, DequantizeOp>(op))
    return success();
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || !type.getElementType().isF32())
    return success();
  if (isInteger(op) &&
      failed(quantizeWeights(cast<QuantizableOpInterface>(op))))
    return failure();
  return quantizeResult(op);
}

LogicalResult TotalPolicy::run() {
  // What nothing reads has no range either.
  eraseDeadOps(func);
  findWanted();
  for (BlockArgument arg : func.getArguments())
    if (wanted.contains(arg)) {
      ObserveOp observer = getObserver(arg);
      if (!observer)
        return emitError(func.getLoc())
               << "input " << describeTensor(arg)
               << " has no range: calibrate the program (hwq "
                  "calibrate) or import a table of ranges "
                  "(--quant-hw-import-calibration)";
      FailureOr<quant::UniformQuantizedType> type = getType(observer);
      if (failed(type))
        return failure();
      insertPair(arg, *type, observer);
    }
  SmallVector<Operation *> ops;
  func.walk([&](Operation *op) {
    if (op != func && !isa<ObserveOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops)
    if (failed(visit(op)))
      return failure();
  // What no integer op reads or makes stays float.
  func.walk([&](ObserveOp observer) {
    observer.getOutput().replaceAllUsesWith(observer.getInput());
    observer.erase();
  });
  return success();
}

namespace {
struct Annotate : hwq::impl::AnnotatePassBase<Annotate> {
  void getDependentDialects(DialectRegistry &registry) const override {
    AnnotatePassBase::getDependentDialects(registry);
    registerTosaExternalModels(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkCalibrated(module)) || failed(checkRanked(module)))
      return signalPassFailure();
    FailureOr<Backend> backend = getBackend(module, getArgument());
    if (failed(backend) || failed(checkBackend(module, *backend)))
      return signalPassFailure();
    unsigned integers = 0;
    for (auto func : module.getOps<func::FuncOp>()) {
      if (func.isExternal())
        continue;
      if (failed(TotalPolicy(func, *backend).run()))
        return signalPassFailure();
      func.walk([&](QuantizeOp) { ++integers; });
    }
    if (integers == 0) {
      emitError(module.getLoc())
          << "'" << getArgument() << "' found no op that the backend '"
          << backend->name << "' computes in integers";
      return signalPassFailure();
    }
    setForm(module, Form::Step0);
  }

  /// Nothing in the descriptor that would have to be placed otherwise.
  LogicalResult checkBackend(ModuleOp module, const Backend &backend) {
    using numerics::DerivationRule;
    auto emit = [&] { return emitError(module.getLoc()); };
    // PDpu searches the data. PTpu, weights, has the exception of
    // exactWeightScale, which looks at whole filters.
    SmallVector<DerivationRule> activationRules, weightRules;
    for (DerivationRule rule : numerics::allValues<DerivationRule>())
      if (rule != DerivationRule::PDpu) {
        activationRules.push_back(rule);
        if (rule != DerivationRule::PTpu)
          weightRules.push_back(rule);
      }
    StringRef pass = getArgument();
    return success(
        succeeded(checkImplemented(emit, backend, pass, "graph_policy",
                                   backend.graphPolicy,
                                   ArrayRef{GraphPolicy::Total})) &&
        succeeded(checkImplemented(
            emit, backend, pass, "scale_form", backend.scaleForm,
            ArrayRef{ScaleForm::Real, ScaleForm::PowerOfTwo})) &&
        succeeded(checkImplemented(
            emit, backend, pass, "activation_rule", backend.activationRule,
            ArrayRef<DerivationRule>(activationRules))) &&
        succeeded(checkImplemented(emit, backend, pass, "weight_rule",
                                   backend.weightRule,
                                   ArrayRef<DerivationRule>(weightRules))) &&
        succeeded(checkImplementedName(emit, backend, pass, "first_last_bits",
                                       std::to_string(backend.firstLastBits),
                                       {"0"})) &&
        succeeded(checkImplementedName(emit, backend, pass, "fuse_residual",
                                       backend.fuseResidual ? "true" : "false",
                                       {"false"})));
  }

  /// The calibrated form, or an error that says how to get there.
  LogicalResult checkCalibrated(ModuleOp module) {
    FailureOr<std::optional<Form>> form = getForm(module);
    if (failed(form))
      return failure();
    if ((*form).value_or(Form::Float) == Form::Calibrated)
      return success();
    if ((*form).value_or(Form::Float) > Form::Calibrated)
      return checkForm(module, Form::Calibrated, getArgument());
    // Name the first tensor without a range.
    std::string first;
    module.walk([&](ObserveOp observer) {
      if (observer.getRange())
        return WalkResult::advance();
      first = ("'" + observer.getTensor() + "'").str();
      return WalkResult::interrupt();
    });
    if (first.empty())
      for (auto func : module.getOps<func::FuncOp>())
        if (first.empty() && func.getNumArguments())
          first = describeTensor(func.getArgument(0));
    if (first.empty())
      return checkForm(module, Form::Calibrated, getArgument());
    return emitError(module.getLoc())
           << "tensor " << first
           << " has no range: calibrate the program (hwq calibrate) or import "
              "a table of ranges (--quant-hw-import-calibration)";
  }
};
} // namespace
