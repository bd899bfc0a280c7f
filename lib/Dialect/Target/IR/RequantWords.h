//===- RequantWords.h - Requantizations in a target's words -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_TARGET_IR_REQUANTWORDS_H
#define HWQ_LIB_DIALECT_TARGET_IR_REQUANTWORDS_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"

namespace hwq {

/// Adds `requant` to the attributes of a target op. Failure, with what was
/// expected, where the target has no word for it.
mlir::LogicalResult writeRequant(RequantAttr requant, const RequantWords &words,
                                 mlir::Type result, mlir::NamedAttrList &attrs,
                                 std::string &expected);

/// The attribute `name` of step 4 (`requant`, `lhs_requant`, `rhs_requant`)
/// from the attributes of a target op; null where there are none. `stepFour` is
/// the op's name there, `attrs` what is known of it so far: the variant of a
/// sum before its requantizations, those of the operands before the sum's. An
/// error on the op if there are some attributes but not all, or some that are
/// not legal.
mlir::FailureOr<RequantAttr> readRequant(mlir::Operation *op,
                                         const RequantWords &words,
                                         llvm::StringRef stepFour,
                                         llvm::StringRef name,
                                         const mlir::NamedAttrList &attrs);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_TARGET_IR_REQUANTWORDS_H
