//===- Tflite.h - TensorFlow Lite models ------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_INTERCHANGE_TFLITE_H
#define HWQ_INTERCHANGE_TFLITE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"
#include <string>

namespace hwq::interchange {

/// The TFLite flatbuffer of a step-4 program: int8 activations, int8 weights
/// with the zero point 0 (one scale, or one per channel), int32 biases of scale
/// f32(sx * sw). Inputs and outputs keep the program's types and layout; an op
/// becomes a TFLite op and, where its padding is neither SAME nor VALID, a PAD.
/// A dynamic batch has 1 in the shape and -1 in the shape signature. Tensors
/// keep their names.
///
/// The file holds no multipliers: an engine derives them from the scales in
/// f32. Errors, on the op: anything that the format has no op for, and
/// constants other than those that the engine of the program's kernels derives.
mlir::FailureOr<std::string> exportTflite(mlir::ModuleOp module);

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_TFLITE_H
