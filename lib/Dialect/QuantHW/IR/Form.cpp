//===- Form.cpp - The form of a program and the names of its tensors -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/CodeParams.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace hwq;

static constexpr llvm::StringLiteral formNames[] = {
    "float", "observed", "calibrated", "step0", "step1",
    "step2", "step3",    "step4",      "target"};

StringRef hwq::stringifyForm(Form form) {
  return formNames[static_cast<size_t>(form)];
}

std::optional<Form> hwq::parseForm(StringRef name) {
  const auto *it = llvm::find(formNames, name);
  if (it == std::end(formNames))
    return std::nullopt;
  return static_cast<Form>(it - std::begin(formNames));
}

FailureOr<std::optional<Form>> hwq::getForm(ModuleOp module) {
  Attribute attr = module->getAttr(kFormAttr);
  if (!attr)
    return std::optional<Form>();
  auto name = dyn_cast<StringAttr>(attr);
  std::optional<Form> form =
      name ? parseForm(name.getValue()) : std::optional<Form>();
  if (!form) {
    emitError(module.getLoc())
        << "expected '" << kFormAttr << "' to be one of "
        << llvm::join(ArrayRef(formNames), ", ") << ", got " << attr;
    return failure();
  }
  return form;
}

void hwq::setForm(ModuleOp module, Form form) {
  module->setAttr(kFormAttr,
                  StringAttr::get(module.getContext(), stringifyForm(form)));
}

LogicalResult hwq::checkForm(ModuleOp module, ArrayRef<Form> expected,
                             StringRef pass) {
  FailureOr<std::optional<Form>> form = getForm(module);
  if (failed(form))
    return failure();
  Form actual = form->value_or(Form::Float);
  if (llvm::is_contained(expected, actual))
    return success();
  // Operation::emitError would print the whole program behind the error.
  InFlightDiagnostic error = emitError(module.getLoc())
                             << "'" << pass << "' expects a program of form ";
  llvm::interleave(
      expected, [&](Form f) { error << "'" << stringifyForm(f) << "'"; },
      [&] { error << " or "; });
  error << ", got '" << stringifyForm(actual) << "'";
  return error;
}

StringRef hwq::getTensorName(Value value) {
  auto name = dyn_cast_if_present<StringAttr>(getTensorAttr(value, kNameAttr));
  return name ? name.getValue() : StringRef();
}

void hwq::setTensorName(Operation *op, StringRef name) {
  auto attr = StringAttr::get(op->getContext(), name);
  op->setAttr(kNameAttr, attr);
  Location loc = op->getLoc();
  if (auto named = dyn_cast<NameLoc>(loc))
    loc = named.getChildLoc();
  op->setLoc(NameLoc::get(attr, loc));
}

void hwq::copyTensorName(Operation *from, Operation *to, bool take) {
  if (auto name = from->getAttrOfType<StringAttr>(kNameAttr)) {
    setTensorName(to, name.getValue());
    if (take)
      from->removeAttr(kNameAttr);
  }
}

std::string hwq::describeTensor(Value value) {
  StringRef name = getTensorName(value);
  if (!name.empty())
    return ("'" + name + "'").str();
  if (auto arg = dyn_cast<BlockArgument>(value))
    return "argument " + std::to_string(arg.getArgNumber());
  return ("result of '" + value.getDefiningOp()->getName().getStringRef() + "'")
      .str();
}
