//===- Elementwise.h - Operands of elementwise ops --------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_IMPORT_ELEMENTWISE_H
#define HWQ_LIB_IMPORT_ELEMENTWISE_H

#include "Importer.h"

namespace hwq::onnx_import {

/// Operands of one rank and layout, as TOSA's elementwise ops want them.
struct BroadcastOperands {
  SmallVector<Value> values;
  /// The result in ONNX's layout.
  SmallVector<int64_t> shape;
  int64_t batchFactor = 1;
  bool isChannelsLast = false;
  /// The result as the ops make it.
  mlir::RankedTensorType type;
};

/// Brings constants and activations together under ONNX's (NumPy's) rules of
/// broadcasting. Reports what does not broadcast.
FailureOr<BroadcastOperands> broadcastOperands(Importer &importer,
                                               ArrayRef<OnnxValue> operands);

LogicalResult defineElementwise(Importer &importer,
                                const BroadcastOperands &operands,
                                Value result);

/// The one activation of a unary op in the layout in which it is held.
FailureOr<BroadcastOperands> unaryOperand(Importer &importer);

Value clamp(Importer &importer, Value value, float min, float max);

} // namespace hwq::onnx_import

#endif // HWQ_LIB_IMPORT_ELEMENTWISE_H
