//===- Form.h - The form of a program and the names of its tensors -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_FORM_H
#define HWQ_DIALECT_QUANTHW_IR_FORM_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Support/LLVM.h"
#include <optional>

namespace hwq {

/// The forms of a program in the order in which passes make them.
enum class Form {
  Float,
  Observed,
  Calibrated,
  Step0,
  Step1,
  Step2,
  Step3,
  Step4,
  Target
};

/// "float", "observed", "calibrated", "step0", ... "step4", "target".
llvm::StringRef stringifyForm(Form form);
std::optional<Form> parseForm(llvm::StringRef name);

/// The form that the module says it is in; none without `quant_hw.form`. A
/// value that is no form is an error on the module and gives failure.
mlir::FailureOr<std::optional<Form>> getForm(mlir::ModuleOp module);
void setForm(mlir::ModuleOp module, Form form);
/// Fails with an error on the module unless it is in one of `expected`. A
/// module without the attribute counts as float.
mlir::LogicalResult checkForm(mlir::ModuleOp module,
                              llvm::ArrayRef<Form> expected,
                              llvm::StringRef pass);

/// Key of the attribute that names a tensor, on the op that makes it or on the
/// function argument.
inline constexpr llvm::StringLiteral kNameAttr = "quant_hw.name";
/// The slope of the leaky relu that a lookup's tables are of.
inline constexpr llvm::StringLiteral kAlphaAttr = "quant_hw.alpha";
inline constexpr llvm::StringLiteral kFormAttr = "quant_hw.form";
inline constexpr llvm::StringLiteral kBackendAttr = "quant_hw.backend";

/// The name of a tensor, empty if it has none.
llvm::StringRef getTensorName(mlir::Value value);
/// Names the single result of an op: attribute and NameLoc.
void setTensorName(mlir::Operation *op, llvm::StringRef name);
/// Gives `to` the name of `from`, if it has one; `from` loses it when
/// `take` is set.
void copyTensorName(mlir::Operation *from, mlir::Operation *to,
                    bool take = false);
/// How a diagnostic speaks of a value: 'name', or the op that makes it.
std::string describeTensor(mlir::Value value);

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_IR_FORM_H
