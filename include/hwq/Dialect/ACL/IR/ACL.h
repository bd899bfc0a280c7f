//===- ACL.h - The acl dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_ACL_IR_ACL_H
#define HWQ_DIALECT_ACL_IR_ACL_H

#include "mlir/IR/Dialect.h"

#include "hwq/Dialect/ACL/IR/ACLDialect.h.inc"

#endif // HWQ_DIALECT_ACL_IR_ACL_H
