//===- QuantHWOps.td - All ops -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_QUANTHWOPS_TD
#define HWQ_DIALECT_QUANTHW_IR_QUANTHWOPS_TD

include "hwq/Dialect/QuantHW/IR/QuantHWComputeOps.td"
include "hwq/Dialect/QuantHW/IR/QuantHWParameterOps.td"

#endif // HWQ_DIALECT_QUANTHW_IR_QUANTHWOPS_TD
