//===- OpenVINO.h - The openvino dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_OPENVINO_IR_OPENVINO_H
#define HWQ_DIALECT_OPENVINO_IR_OPENVINO_H

#include "mlir/IR/Dialect.h"

#include "hwq/Dialect/OpenVINO/IR/OpenVINODialect.h.inc"

#endif // HWQ_DIALECT_OPENVINO_IR_OPENVINO_H
