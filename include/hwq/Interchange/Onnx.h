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

/// A step-0 program as a float model for quantization-aware training: every
/// quantize/dequantize pair is QuantizeLinear and DequantizeLinear, weights are
/// f32 in front of theirs (one scale per channel: axis 0, transposed
/// convolutions 1), biases f32. Grids of fewer than 8 bits have a Clip between
/// the two. Scales are rounded to f32. The float tensor in front of a quantizer
/// has the name that its codes have in the program; what the program returns
/// keeps the output's. Errors, on the op: what is no scale and zero point of 8
/// bits, and float ops that the writer does not know.
mlir::FailureOr<std::string> exportStepZeroOnnx(mlir::ModuleOp module);

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_ONNX_H
