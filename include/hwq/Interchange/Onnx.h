//===- Onnx.h - Quantized ONNX models ---------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_INTERCHANGE_ONNX_H
#define HWQ_INTERCHANGE_ONNX_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"
#include <string>

namespace hwq::interchange {

// ONNX models (opset 13) of step-4 programs with 8-bit activations, u8 or s8,
// and int8 weights with the zero point 0. The program's inputs and outputs keep
// their types and layout, inside the model is N,C,H,W; tensors keep their
// names. Weights are int8 initializers, biases int32 of scale f32(sx * sw).
// Errors, on the op: anything that the format has no op for, and constants
// other than those that ONNX Runtime derives from the scales in f32.

/// QLinearConv and QGemm, QLinearAdd, QLinearMul, QLinearAveragePool,
/// QLinearGlobalAveragePool and QLinearConcat of the domain com.microsoft.
mlir::FailureOr<std::string> exportQLinearOnnx(mlir::ModuleOp module);

/// Float ops between DequantizeLinear and QuantizeLinear. Also for programs
/// whose biases are real (kernel r14): those stay f32, since the engine that
/// has them reads no int32 bias.
mlir::FailureOr<std::string> exportQdqOnnx(mlir::ModuleOp module);

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_ONNX_H
