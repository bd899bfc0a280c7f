//===- IntegerForms.h - What integer forms of ops share ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_IR_INTEGERFORMS_H
#define HWQ_LIB_DIALECT_QUANTHW_IR_INTEGERFORMS_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"

namespace hwq {

/// Ops without an accumulator have no float result.
inline bool staysFloat(const IntegerForm &form, std::string &reason) {
  if (form.resultType)
    return false;
  reason = "nothing quantizes its result";
  return true;
}

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_IR_INTEGERFORMS_H
