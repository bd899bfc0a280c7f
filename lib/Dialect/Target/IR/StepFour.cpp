//===- StepFour.cpp - Target ops as ops of step 4 ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/Target/IR/StepFour.h"
#include "OwnConstants.h"
#include "RequantWords.h"
#include "TargetRules.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>
#include <thread>

using namespace mlir;
using namespace hwq;

#include "hwq/Dialect/Target/IR/TargetInterfaces.cpp.inc"

static const TargetDescription *findTarget(Operation *op) {
  auto *target =
      op->getDialect()
          ? op->getDialect()->getRegisteredInterface<TargetDialectInterface>()
          : nullptr;
  return target ? &target->get() : nullptr;
}

const OpRule *hwq::findRule(Operation *op) {
  const TargetDescription *target = findTarget(op);
  if (!target)
    return nullptr;
  for (const OpRule &rule : target->rules)
    if (rule.name == op->getName().stripDialect())
      return &rule;
  return nullptr;
}

StringRef hwq::getStepFourName(Operation *op) {
  const OpRule *rule = findRule(op);
  return rule ? StringRef(rule->stepFour) : op->getName().stripDialect();
}

//===----------------------------------------------------------------------===//
// The op of step 4
//===----------------------------------------------------------------------===//

/// Adds what an attribute of the target stands for.
static LogicalResult readAttr(Operation *op, const AttrRule &rule,
                              NamedAttrList &attrs) {
  auto text = rule.attr.empty() ? StringAttr()
                                : op->getAttrOfType<StringAttr>(rule.attr);
  std::vector<std::string> names;
  for (const AttrWord &word : rule.words) {
    if (rule.attr.empty() || (text && text.getValue() == word.word)) {
      attrs.set(rule.stepFour, parseAttribute(word.value, op->getContext()));
      return success();
    }
    names.push_back(("'" + word.word + "'").str());
  }
  InFlightDiagnostic error = op->emitOpError()
                             << "expects '" << rule.attr << "' to be "
                             << llvm::join(names, ", ") << ", got ";
  return text ? error << text : error << "none";
}

FailureOr<Operation *> hwq::buildStepFour(Operation *op) {
  const OpRule *rule = findRule(op);
  if (!rule)
    return op->emitOpError() << "stands for no op of step 4";
  MLIRContext *context = op->getContext();
  OperationName name(("quant_hw." + rule->stepFour).str(), context);
  NamedAttrList attrs;
  // Attributes that both have, and those that belong to neither.
  for (NamedAttribute attr : op->getDiscardableAttrs())
    if (attr.getName() != kScalesAttr)
      attrs.push_back(attr);
  for (StringAttr attr : name.getAttributeNames())
    if (Attribute value = op->getAttr(attr))
      attrs.set(attr, value);
  for (const AttrRule &attr : rule->attrs)
    if (failed(readAttr(op, attr, attrs)))
      return failure();
  for (const RequantRule &requant : rule->requants) {
    if (!requant.words)
      continue;
    FailureOr<RequantAttr> value = readRequant(
        op, *requant.words, rule->stepFour, requant.stepFour, attrs);
    if (failed(value))
      return failure();
    if (*value)
      attrs.set(requant.stepFour, *value);
  }
  // The rounding of an average without a variant, which there is none of here.
  if (rule->stepFour == "avg_pool2d")
    attrs.set("quantize_form",
              QuantizeFormAttr::get(context, numerics::QuantizeForm::Q1));
  if (rule->stepFour == "requantize")
    attrs.set("operandSegmentSizes",
              DenseI32ArrayAttr::get(
                  context, {1, 0, int32_t(op->getNumOperands()) - 1}));
  OperationState state(op->getLoc(), name);
  state.addOperands(op->getOperands());
  state.addTypes(op->getResultTypes());
  state.addAttributes(attrs);
  return Operation::create(state);
}

OwningOpRef<Operation *> hwq::asStepFour(Operation *op) {
  OwningOpRef<Operation *> stepFour;
  if (auto target = dyn_cast<TargetOpInterface>(op))
    if (FailureOr<Operation *> built = target.buildStepFour(); succeeded(built))
      stepFour = *built;
  return stepFour;
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

Value hwq::findForeignCodes(const TargetDescription &target, Operation *op) {
  for (Value value : llvm::concat<Value>(llvm::to_vector(op->getOperands()),
                                         llvm::to_vector(op->getResults()))) {
    auto type =
        dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(value.getType()));
    if (type && (type.getStorageTypeIntegralWidth() != 8 ||
                 type.getStorageTypeMax() - type.getStorageTypeMin() + 1 <
                     target.leastCodes))
      return value;
  }
  return {};
}

/// Verifies an op of step 4; its errors are those of the target op.
static LogicalResult verifyAs(Operation *op, Operation *stepFour) {
  std::string text;
  LogicalResult result = success();
  {
    // Other threads verify other functions.
    std::thread::id self = std::this_thread::get_id();
    ScopedDiagnosticHandler handler(op->getContext(),
                                    [&](Diagnostic &diagnostic) {
                                      if (std::this_thread::get_id() != self)
                                        return failure();
                                      if (text.empty())
                                        text = diagnostic.str();
                                      return success();
                                    });
    result = stepFour->getName().verifyInvariants(stepFour);
  }
  if (succeeded(result))
    return success();
  std::string name = ("'" + stepFour->getName().getStringRef() + "'").str();
  StringRef message = text;
  message.consume_front(name + " op ");
  // What it says of itself holds for the target's op.
  if (auto [before, after] = message.split(name);
      before.size() < message.size())
    return op->emitOpError() << before << "'" << op->getName() << "'" << after;
  return op->emitOpError() << message;
}

/// Multipliers, shifts and factors are the kernel's own for the scales of the
/// types, or stand for scales that are stated and the same but for rounding.
static LogicalResult verifyConstants(const TargetDescription &target,
                                     const OpRule &rule, Operation *op,
                                     Operation *stepFour) {
  SmallVector<OtherConstants> others =
      findOtherConstants(target, rule, stepFour);
  for (const OtherConstants &other : others) {
    DenseF64ArrayAttr stated = getStatedScales(op, other.name);
    if (!stated)
      return op->emitOpError() << other.expected;
    if (stated != stepFour->getAttrOfType<RequantAttr>(other.name).getScales())
      return op->emitOpError() << "expects the scales of '" << other.name
                               << "' in '" << kScalesAttr << "'";
    if (!other.scales.empty() &&
        other.scales.size() != static_cast<size_t>(stated.size()))
      return op->emitOpError() << "expects " << other.scales.size()
                               << " scales of '" << other.name << "' in '"
                               << kScalesAttr << "', got " << stated.size();
    for (auto [c, scale] : llvm::enumerate(other.scales))
      if (std::abs(stated[c] - scale) > 0x1p-22 * scale + other.tolerances[c])
        return op->emitOpError()
               << "expects a scale of '" << other.name << "' in '"
               << kScalesAttr << "' that is that of the types but for rounding"
               << ", " << scale << ", got " << stated[c] << " for channel "
               << c;
  }
  Attribute attr = op->getAttr(kScalesAttr);
  if (!attr)
    return success();
  auto stated = dyn_cast<DictionaryAttr>(attr);
  if (!stated || stated.empty())
    return op->emitOpError() << "expects a dictionary of scales in '"
                             << kScalesAttr << "', got " << attr;
  for (NamedAttribute scales : stated)
    if (llvm::none_of(others, [&](const OtherConstants &other) {
          return scales.getName() == other.name;
        }))
      return op->emitOpError()
             << "expects no '" << scales.getName().getValue() << "' in '"
             << kScalesAttr << "', whose constants are those of its types";
  return success();
}

LogicalResult hwq::verifyTargetOp(Operation *op) {
  const TargetDescription *target = findTarget(op);
  const OpRule *rule = findRule(op);
  if (!target || !rule)
    return op->emitOpError() << "stands for no op of step 4";
  // _c3
  FailureOr<Operation *> built = buildStepFour(op);
  if (failed(built))
    return failure();
  OwningOpRef<Operation *> stepFour(*built);
  if (rule->needsBias && op->getNumOperands() == 2)
    return op->emitOpError() << "expects a bias";
  // _c2
  if (Value value = findForeignCodes(*target, op))
    return op->emitOpError()
           << "expects codes of 8 bits, got " << value.getType();
  // _c1
  if (failed(verifyAs(op, *stepFour)))
    return failure();
  if (rule->matches && !rule->matches(*stepFour))
    return op->emitOpError() << "does not stand for '" << stepFour->getName()
                             << "' with these operands and attributes";
  if (failed(verifyConstants(*target, *rule, op, *stepFour)))
    return failure();
  // _c4
  if (!rule->derived.derive)
    return success();
  NamedAttrList expected;
  std::string reason;
  if (failed(rule->derived.derive(*stepFour, expected, reason)))
    return op->emitOpError() << "expects " << reason;
  for (StringRef name : rule->derived.names) {
    Attribute want = expected.get(name), got = op->getAttr(name);
    if (want == got)
      continue;
    InFlightDiagnostic error = op->emitOpError() << "expects ";
    if (want)
      error << "'" << name << "' to be " << want;
    else
      error << "no '" << name << "'";
    if (got)
      return error << ", got " << got;
    return error << ", got none";
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

LogicalResult hwq::convertToStepFour(ModuleOp module) {
  IRRewriter rewriter(module.getContext());
  WalkResult result = module.walk([&](TargetOpInterface op) {
    FailureOr<Operation *> stepFour = op.buildStepFour();
    if (failed(stepFour))
      return WalkResult::interrupt();
    rewriter.setInsertionPoint(op);
    rewriter.insert(*stepFour);
    rewriter.replaceOp(op, (*stepFour)->getResults());
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  setForm(module, Form::Step4);
  return success();
}

FailureOr<OwningOpRef<ModuleOp>> hwq::cloneAsStepFour(ModuleOp module) {
  FailureOr<std::optional<Form>> form = getForm(module);
  if (failed(form))
    return failure();
  OwningOpRef<ModuleOp> copy;
  if (*form != Form::Target)
    return std::move(copy);
  copy = module.clone();
  if (failed(convertToStepFour(*copy)))
    return failure();
  return std::move(copy);
}
