//===- TFLite.h - The tflite dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_TFLITE_IR_TFLITE_H
#define HWQ_DIALECT_TFLITE_IR_TFLITE_H

#include "mlir/IR/Dialect.h"

#include "hwq/Dialect/TFLite/IR/TFLiteDialect.h.inc"

#endif // HWQ_DIALECT_TFLITE_IR_TFLITE_H
