//===- TfliteWriter.h - A step-4 program as a TFLite model ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Versions of operators are the lowest that have what is used; LiteRT does not
// look at them, other readers do.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_INTERCHANGE_TFLITEWRITER_H
#define HWQ_LIB_INTERCHANGE_TFLITEWRITER_H

#include "StepFour.h"
#include "TfliteModel.h"

namespace hwq::interchange::tflite {

/// One spatial dimension of a window that moves.
struct Window {
  int64_t in, out, stride, extent, before;

  bool isValid() const {
    return before == 0 && out == (in - extent) / stride + 1;
  }
  bool isSame() const {
    int64_t total = std::max<int64_t>((out - 1) * stride + extent - in, 0);
    return out == (in + stride - 1) / stride && before == total / 2;
  }
};

std::array<Window, 2> getWindows(mlir::Value input, mlir::Value output,
                                 llvm::ArrayRef<int64_t> kernel,
                                 llvm::ArrayRef<int64_t> stride,
                                 llvm::ArrayRef<int64_t> dilation,
                                 llvm::ArrayRef<int64_t> pad);

inline llvm::ArrayRef<int64_t> getShape(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

/// An error on `op`: TFLite has no `reason`.
mlir::LogicalResult unsupported(mlir::Operation *op, const llvm::Twine &reason);

/// Writes op by op. A file for each kind of op: TfliteDotProducts.cpp,
/// TfliteElementwise.cpp, TflitePools.cpp, TfliteMovement.cpp.
class Writer {
public:
  explicit Writer(mlir::func::FuncOp function)
      : function(function), names(function) {}
  mlir::FailureOr<std::string> run();

private:
  mlir::LogicalResult convert(mlir::Operation *op);
  // Dot products.
  mlir::LogicalResult convert(Conv2DOp op);
  mlir::LogicalResult convert(FullyConnectedOp op);
  mlir::LogicalResult convert(TransposeConv2DOp op);
  mlir::LogicalResult convert(MatMulOp op);
  // Elementwise ops, functions and reductions.
  mlir::LogicalResult convertSum(mlir::Operation *op, bool subtract);
  mlir::LogicalResult convert(hwq::MulOp op);
  mlir::LogicalResult convert(RequantizeOp op);
  mlir::LogicalResult convert(LookupOp op);
  mlir::LogicalResult convert(QuantizeOp op);
  mlir::LogicalResult convert(DequantizeOp op);
  mlir::LogicalResult convert(PReluOp op);
  mlir::LogicalResult convert(MeanOp op);
  mlir::LogicalResult convert(SoftmaxOp op);
  // Windows and resizes.
  mlir::LogicalResult convert(AvgPool2DOp op);
  mlir::LogicalResult convert(mlir::tosa::MaxPool2dOp op);
  mlir::LogicalResult convert(ResizeBilinearOp op);
  mlir::LogicalResult convert(mlir::tosa::ResizeOp op);
  // Movement.
  mlir::LogicalResult convert(mlir::tosa::ConcatOp op);
  mlir::LogicalResult convert(mlir::tosa::TransposeOp op);
  mlir::LogicalResult convert(mlir::tosa::ReshapeOp op);
  mlir::LogicalResult convert(mlir::tosa::PadOp op);
  mlir::LogicalResult convert(mlir::tosa::SliceOp op);

  /// Errors of these are on `op`.
  mlir::FailureOr<TensorParams> getParams(mlir::Operation *op,
                                          mlir::Value value);
  mlir::FailureOr<TensorType> getType(mlir::Operation *op, mlir::Value value);
  mlir::LogicalResult checkShape(mlir::Operation *op, mlir::Value value);
  mlir::FailureOr<int32_t> getOperand(mlir::Operation *op, mlir::Value value);
  mlir::FailureOr<int32_t> addConstant(mlir::Operation *op, mlir::Value value);
  mlir::FailureOr<int32_t> addResult(mlir::Operation *op);
  /// The fused activation function whose bounds in codes are lo and hi.
  mlir::FailureOr<ActivationFunctionType> getActivation(mlir::Operation *op,
                                                        int64_t lo, int64_t hi);
  /// Operand and result of ops that only move codes.
  mlir::LogicalResult sameParams(mlir::Operation *op);
  /// The input of a window op and how it is padded; one whose padding is
  /// neither SAME nor VALID is padded first, with `padCode` or the zero point.
  mlir::FailureOr<std::pair<int32_t, Padding>>
  getWindowed(mlir::Operation *op, mlir::Value input,
              std::array<Window, 2> windows, llvm::ArrayRef<int64_t> pad,
              std::optional<int64_t> padCode);
  /// Pads with the zero point, or with `padCode`.
  int32_t addPad(llvm::StringRef name, int32_t input,
                 llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> padding,
                 TensorParams params, std::optional<int64_t> padCode);
  /// Name of a tensor that the program does not have.
  std::string helperName(mlir::Operation *op, const llvm::Twine &suffix);

  mlir::func::FuncOp function;
  TensorNames names;
  FileBuilder model;
  llvm::DenseMap<mlir::Value, int32_t> tensors;
  size_t constantBytes = 0;
};

} // namespace hwq::interchange::tflite

#endif // HWQ_LIB_INTERCHANGE_TFLITEWRITER_H
