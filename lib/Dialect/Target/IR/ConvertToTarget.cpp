//===- ConvertToTarget.cpp - Step 4 in a target's words ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OwnConstants.h"
#include "RequantWords.h"
#include "TargetRules.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// Predicates
//===----------------------------------------------------------------------===//

static bool isCodes(Value value) {
  return isa<quant::UniformQuantizedType>(
      getElementTypeOrSelf(value.getType()));
}

bool hwq::isRequantized(Operation *op) {
  return op->getAttr("requant") != Attribute();
}

bool hwq::isDepthwise(Operation *op) {
  auto conv = dyn_cast<Conv2DOp>(op);
  return conv && conv.isDepthwise();
}

bool hwq::isRequantizedDepthwise(Operation *op) {
  return isRequantized(op) && isDepthwise(op);
}

bool hwq::isOfCodes(Operation *op) {
  return isCodes(op->getOperand(0)) && isCodes(op->getResult(0));
}

bool hwq::isOfAccumulators(Operation *op) {
  return !isCodes(op->getOperand(0)) && isCodes(op->getResult(0));
}

bool hwq::isToFloat(Operation *op) { return !isCodes(op->getResult(0)); }

bool hwq::isPerTensor(Operation *op) {
  return isCodes(op->getOperand(0)) || isCodes(op->getResult(0));
}

bool hwq::hasRelu(Operation *op) {
  auto requant = op->getAttrOfType<RequantAttr>("requant");
  auto type = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op->getResult(0).getType()));
  return requant && type && type.getZeroPoint() > type.getStorageTypeMin() &&
         requant.getLo() == type.getZeroPoint();
}

//===----------------------------------------------------------------------===//
// One op
//===----------------------------------------------------------------------===//

/// The op adds up products in an accumulator.
static bool isDot(Operation *op) {
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  return quantizable && quantizable.hasAccumulator();
}

/// Codes of a program's input (pixels) that get the grid of the first layer: a
/// table for each channel, which belongs to the preparation of the data.
static bool preparesInput(Operation *op) {
  if (auto lookup = dyn_cast<LookupOp>(op))
    return lookup.getChannelAxis().has_value();
  return isa<QuantizeOp, tosa::TransposeOp>(op) && !op->use_empty() &&
         llvm::all_of(op->getUsers(), preparesInput);
}

/// What stays as it is: float ops, quantized and dequantized weights of them,
/// and the preparation of the input.
static bool staysAsItIs(Operation *op) {
  if (preparesInput(op))
    return true;
  if (isa<QuantizeOp, DequantizeOp>(op))
    return !isPerTensor(op);
  auto isFloat = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.getElementType().isF32();
  };
  return llvm::all_of(op->getOperandTypes(), isFloat) &&
         llvm::all_of(op->getResultTypes(), isFloat);
}

/// The tensor that an op computes; an accumulator has the name of what its only
/// reader makes of it.
static std::string describeResult(Operation *op) {
  Value result = op->getResult(0);
  if (getTensorName(result).empty() && result.hasOneUse() &&
      result.user_begin()->getNumResults() == 1)
    result = result.user_begin()->getResult(0);
  return describeTensor(result);
}

/// What distinguishes ops of one name.
static StringRef describeKind(Operation *op) {
  if (isa<RequantizeOp>(op))
    return isOfCodes(op)          ? "of codes"
           : isOfAccumulators(op) ? "of accumulators"
                                  : "to float";
  if (isDot(op) && !isRequantized(op))
    return "to accumulators";
  return "";
}

template <typename T> static std::string print(const T &value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

namespace {
/// Writes ops of step 4 in the words of one target.
class TargetWriter {
public:
  TargetWriter(Dialect *dialect, const TargetDescription &target)
      : dialect(dialect), target(target) {}

  LogicalResult convert(Operation *op, RewriterBase &rewriter) const;

private:
  InFlightDiagnostic hasNone(Operation *op) const;
  const OpRule *findRule(Operation *op) const;
  LogicalResult writeAttr(Operation *op, const AttrRule &rule,
                          NamedAttrList &attrs) const;
  LogicalResult writeAttrs(Operation *op, const OpRule &rule,
                           OperationName name, NamedAttrList &attrs) const;
  LogicalResult checkSame(Operation *op, Operation *back) const;
  void stateScales(Operation *op, const OpRule &rule, Operation *targetOp,
                   Operation *back) const;

  Dialect *dialect;
  const TargetDescription &target;
};
} // namespace

InFlightDiagnostic TargetWriter::hasNone(Operation *op) const {
  InFlightDiagnostic error = op->emitError() << "'" << op->getName() << "' of "
                                             << describeResult(op);
  if (StringRef kind = describeKind(op); !kind.empty())
    error << " (" << kind << ")";
  error << " has no counterpart in " << target.vendor;
  return error;
}

const OpRule *TargetWriter::findRule(Operation *op) const {
  for (const OpRule &rule : target.rules)
    if (rule.stepFour == op->getName().stripDialect() &&
        (!rule.matches || rule.matches(op)))
      return &rule;
  return nullptr;
}

LogicalResult TargetWriter::writeAttr(Operation *op, const AttrRule &rule,
                                      NamedAttrList &attrs) const {
  Attribute value = op->getAttr(rule.stepFour);
  std::vector<std::string> values;
  for (const AttrWord &word : rule.words) {
    if (value == parseAttribute(word.value, op->getContext())) {
      if (!rule.attr.empty())
        attrs.set(rule.attr, StringAttr::get(op->getContext(), word.word));
      return success();
    }
    values.push_back(word.value.str());
  }
  InFlightDiagnostic error = hasNone(op)
                             << ", expected '" << rule.stepFour << "' to be "
                             << llvm::join(values, ", ") << ", got ";
  return value ? error << value : error << "none";
}

LogicalResult TargetWriter::writeAttrs(Operation *op, const OpRule &rule,
                                       OperationName name,
                                       NamedAttrList &attrs) const {
  // What belongs to neither op, and what both have.
  for (NamedAttribute attr : op->getDiscardableAttrs())
    attrs.push_back(attr);
  for (StringAttr attr : name.getAttributeNames())
    if (Attribute value = op->getAttr(attr))
      attrs.set(attr, value);
  for (const RequantRule &requant : rule.requants) {
    auto value = op->getAttrOfType<RequantAttr>(requant.stepFour);
    if (!value || !requant.words)
      continue;
    bool isTerm =
        requant.stepFour == "lhs_requant" || requant.stepFour == "rhs_requant";
    std::string expected;
    if (failed(writeRequant(value, *requant.words,
                            isTerm
                                ? Type(IntegerType::get(op->getContext(), 32))
                                : op->getResult(0).getType(),
                            attrs, expected)))
      return hasNone(op) << ", expected " << expected;
  }
  // A variant may say more than the kernel of its requantizations.
  for (const AttrRule &attr : rule.attrs)
    if (failed(writeAttr(op, attr, attrs)))
      return failure();
  std::string expected;
  if (rule.derived.derive && failed(rule.derived.derive(op, attrs, expected)))
    return hasNone(op) << ", expected " << expected;
  return success();
}

/// What takes part in the arithmetic: not the real scales.
static Attribute withoutScales(Attribute attr, bool ofPool) {
  auto requant = dyn_cast_if_present<RequantAttr>(attr);
  if (!requant)
    return attr;
  RequantFields fields = requant.getFields();
  fields.scales.assign(fields.scales.size(), 1);
  // A pool has a clamp of its own.
  if (ofPool)
    fields.lo = fields.hi = 0;
  return RequantAttr::get(requant.getContext(), fields);
}

/// What a target op stands for is this op and no other.
LogicalResult TargetWriter::checkSame(Operation *op, Operation *back) const {
  for (StringAttr name : op->getName().getAttributeNames()) {
    // The bias of the float op, and a rounding that there is none of.
    if (name == "real_bias" || name == "quantize_form" ||
        name == "operandSegmentSizes")
      continue;
    bool ofPool = isa<AvgPool2DOp>(op);
    Attribute want = withoutScales(op->getAttr(name), ofPool),
              got = withoutScales(back->getAttr(name), ofPool);
    if (want == got)
      continue;
    InFlightDiagnostic error = hasNone(op) << ", expected '" << name.getValue()
                                           << "' to be ";
    error << (got ? print(got) : "absent") << ", got ";
    return error << (want ? print(want) : "none");
  }
  return success();
}

/// The real scales of what does not follow from the types.
void TargetWriter::stateScales(Operation *op, const OpRule &rule,
                               Operation *targetOp, Operation *back) const {
  NamedAttrList stated;
  for (const OtherConstants &other : findOtherConstants(target, rule, back))
    stated.set(other.name,
               op->getAttrOfType<RequantAttr>(other.name).getScales());
  if (!stated.empty())
    targetOp->setAttr(kScalesAttr, stated.getDictionary(op->getContext()));
}

LogicalResult TargetWriter::convert(Operation *op,
                                    RewriterBase &rewriter) const {
  const OpRule *rule = findRule(op);
  if (!rule) {
    InFlightDiagnostic error = hasNone(op);
    if (auto requant = op->getAttrOfType<RequantAttr>("requant"))
      error << ", got the kernel " << numerics::stringify(requant.getKernel());
    return error;
  }
  for (Value value : llvm::concat<Value>(llvm::to_vector(op->getOperands()),
                                         llvm::to_vector(op->getResults()))) {
    // Those of weights lie along axis 0.
    auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(
        getElementTypeOrSelf(value.getType()));
    if (perAxis && perAxis.getQuantizedDimension() != 0 &&
        !target.channelActivations)
      return op->emitError()
             << "tensor " << describeTensor(value) << " has no counterpart in "
             << target.vendor << ", expected one scale, got one per channel";
  }
  if (Value value = findForeignCodes(target, op))
    return op->emitError() << "tensor " << describeTensor(value)
                           << " has no counterpart in " << target.vendor
                           << ", expected codes of 8 bits, got "
                           << getElementTypeOrSelf(value.getType());
  OperationName name((dialect->getNamespace() + "." + rule->name).str(),
                     op->getContext());
  OperationState state(op->getLoc(), name);
  NamedAttrList attrs;
  if (failed(writeAttrs(op, *rule, name, attrs)))
    return failure();
  state.addOperands(op->getOperands());
  if (rule->needsBias && op->getNumOperands() == 2) {
    int64_t channels =
        cast<RankedTensorType>(op->getOperand(1).getType()).getDimSize(0);
    state.addOperands(
        createConstant(rewriter, op->getLoc(), {channels},
                       ArrayRef<int32_t>(std::vector<int32_t>(channels)),
                       getTensorName(op->getResult(0)).str() + "_bias"));
  }
  state.addTypes(op->getResultTypes());
  state.addAttributes(attrs);
  Operation *targetOp = rewriter.create(state);
  copyTensorName(op, targetOp);
  FailureOr<Operation *> built = buildStepFour(targetOp);
  if (failed(built))
    return failure();
  OwningOpRef<Operation *> back(*built);
  if (failed(checkSame(op, *back)))
    return failure();
  stateScales(op, *rule, targetOp, *back);
  rewriter.replaceOp(op, targetOp->getResults());
  return success();
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

/// A dot product that requantizes as one of accumulators and a requantization.
static void separateRequantize(Operation *dot, RewriterBase &rewriter) {
  auto requant = dot->getAttrOfType<RequantAttr>("requant");
  if (!requant || !isDot(dot))
    return;
  rewriter.setInsertionPoint(dot);
  auto type = cast<RankedTensorType>(dot->getResult(0).getType());
  Operation *sum = rewriter.clone(*dot);
  sum->removeAttr("requant");
  sum->getResult(0).setType(type.clone(rewriter.getI32Type()));
  auto requantize =
      RequantizeOp::create(rewriter, dot->getLoc(), type, sum->getResult(0),
                           /*bias=*/Value(), requant, /*scaledBias=*/false);
  copyTensorName(sum, requantize, /*take=*/true);
  rewriter.replaceOp(dot, requantize.getResult());
}

LogicalResult hwq::convertToTarget(ModuleOp module, StringRef name,
                                   StringRef pass) {
  Dialect *dialect = module.getContext()->getLoadedDialect(name);
  auto *interface =
      dialect ? dialect->getRegisteredInterface<TargetDialectInterface>()
              : nullptr;
  if (!interface)
    return module.emitError() << "'" << name << "' is no target dialect";
  const TargetDescription &target = interface->get();
  if (failed(checkForm(module, Form::Step4, pass)))
    return failure();
  IRRewriter rewriter(module.getContext());
  if (target.separateRequantize)
    module.walk([&](Operation *op) { separateRequantize(op, rewriter); });
  TargetWriter writer(dialect, target);
  WalkResult result = module.walk([&](Operation *op) -> WalkResult {
    if (!isa_and_present<QuantHWDialect>(op->getDialect()) || staysAsItIs(op))
      return WalkResult::advance();
    rewriter.setInsertionPoint(op);
    return writer.convert(op, rewriter);
  });
  if (result.wasInterrupted())
    return failure();
  setForm(module, Form::Target);
  return success();
}
