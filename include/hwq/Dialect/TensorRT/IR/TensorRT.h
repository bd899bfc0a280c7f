//===- TensorRT.h - The trt dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_TENSORRT_IR_TENSORRT_H
#define HWQ_DIALECT_TENSORRT_IR_TENSORRT_H

#include "mlir/IR/Dialect.h"

#include "hwq/Dialect/TensorRT/IR/TensorRTDialect.h.inc"

#endif // HWQ_DIALECT_TENSORRT_IR_TENSORRT_H
