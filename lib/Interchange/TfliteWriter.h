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
#include "mlir/IR/TypeUtilities.h"

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

inline bool hasCodes(mlir::Value value) {
  return llvm::isa<mlir::quant::QuantizedType>(
      getElementTypeOrSelf(value.getType()));
}

/// An error on `op`: TFLite has no `reason`.
mlir::LogicalResult unsupported(mlir::Operation *op, const llvm::Twine &reason);

/// Writes op by op. A file for each kind of op: TfliteDotProducts.cpp,
/// TfliteElementwise.cpp, TfliteFloats.cpp, TflitePools.cpp,
/// TfliteMovement.cpp. Floats have the operators of codes, and some of their
/// own.
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
  mlir::LogicalResult convertTable(LookupOp op);
  // Floats only; none where there is no such operator.
  std::optional<mlir::LogicalResult> convertFloat(mlir::Operation *op);
  mlir::LogicalResult convert(mlir::tosa::ClampOp op);
  mlir::LogicalResult convert(mlir::tosa::ReciprocalOp op);
  mlir::LogicalResult convert(mlir::tosa::CastOp op);
  mlir::LogicalResult convert(mlir::tosa::GatherOp op);
  mlir::LogicalResult convert(UnaryOp op);
  mlir::LogicalResult convertReduction(mlir::Operation *op,
                                       BuiltinOperator code, int64_t axis);
  // Windows and resizes.
  mlir::LogicalResult convert(AvgPool2DOp op);
  mlir::LogicalResult convert(mlir::tosa::AvgPool2dOp op);
  mlir::LogicalResult convertAvgPool(mlir::Operation *op,
                                     llvm::ArrayRef<int64_t> kernel,
                                     llvm::ArrayRef<int64_t> stride,
                                     llvm::ArrayRef<int64_t> pad, int64_t lo,
                                     int64_t hi);
  mlir::LogicalResult convert(mlir::tosa::MaxPool2dOp op);
  mlir::LogicalResult convert(ResizeBilinearOp op);
  mlir::LogicalResult convert(mlir::tosa::ResizeOp op);
  template <typename Options>
  mlir::LogicalResult emitResize(mlir::Operation *op, BuiltinOperator code,
                                 Options options);
  // Movement.
  mlir::LogicalResult convert(mlir::tosa::ConcatOp op);
  mlir::LogicalResult convert(mlir::tosa::TransposeOp op);
  mlir::LogicalResult convert(mlir::tosa::ReshapeOp op);
  mlir::LogicalResult convert(mlir::tosa::PadOp op);
  mlir::LogicalResult convert(mlir::tosa::SliceOp op);
  mlir::LogicalResult convert(mlir::tosa::TileOp op);
  mlir::LogicalResult convert(mlir::tosa::ReverseOp op);

  /// A dot product's constants as the file has them.
  struct Filter {
    /// As in the program: O,KH,KW,I/groups or O,I.
    llvm::SmallVector<int64_t> shape;
    /// Of the weights: INT8 with an INT32 bias, or FLOAT32 with its own.
    TensorType type;
    std::vector<char> weights, bias;
    std::vector<float> scales, biasScales;
    /// Bounds of the result's codes.
    int64_t lo, hi;
  };
  mlir::FailureOr<Filter> readFilter(mlir::Operation *op);
  /// The tensors of weights and bias.
  std::pair<int32_t, int32_t> addFilter(mlir::Operation *op, Filter &filter,
                                        int32_t axis = 0);

  /// What an op writes, and the activation function that it applies.
  struct Output {
    int32_t tensor;
    ActivationFunctionType activation;
  };
  /// The result of an op, cut to the codes [lo, hi]: by an activation function
  /// where there is that one and the operator `fuses` them, by operators behind
  /// it otherwise.
  mlir::FailureOr<Output> addOutput(mlir::Operation *op, int64_t lo, int64_t hi,
                                    bool fuses);
  std::optional<ActivationFunctionType> getActivation(mlir::Value result,
                                                      int64_t lo, int64_t hi);
  mlir::LogicalResult clampOutput();
  /// A scalar of the type of `like`: a code, or a float.
  int32_t addScalar(mlir::Operation *op, const llvm::Twine &suffix,
                    mlir::Value like, double value);

  /// An operator whose operands are tensors of the program.
  template <typename... Options>
  mlir::LogicalResult emit(mlir::Operation *op, BuiltinOperator code,
                           int32_t version, mlir::ValueRange operands,
                           Options... options) {
    std::vector<int32_t> inputs;
    for (mlir::Value operand : operands) {
      mlir::FailureOr<int32_t> input = getOperand(op, operand);
      if (failed(input))
        return mlir::failure();
      inputs.push_back(*input);
    }
    mlir::FailureOr<int32_t> result = addResult(op);
    if (failed(result))
      return mlir::failure();
    model.addOp(code, version, std::move(inputs), *result,
                std::move(options)...);
    return mlir::success();
  }

  /// Errors of these are on `op`.
  mlir::FailureOr<TensorParams> getParams(mlir::Operation *op,
                                          mlir::Value value);
  mlir::FailureOr<TensorType> getType(mlir::Operation *op, mlir::Value value);
  /// Sizes are known, but for the batch, wherever it is.
  mlir::LogicalResult checkShape(mlir::Operation *op, mlir::Value value);
  /// The same of operand 0 and of the result, where the batch is dimension 0.
  mlir::LogicalResult checkImages(mlir::Operation *op);
  /// The shape in the file: -n for what is n for one sample.
  llvm::SmallVector<int64_t> getFileShape(mlir::Value value);
  /// Notes what one sample makes of the result's dimension of any size.
  void setSampleSize(mlir::Value result);
  mlir::FailureOr<int32_t> getOperand(mlir::Operation *op, mlir::Value value);
  mlir::FailureOr<int32_t> addConstant(mlir::Operation *op, mlir::Value value);
  mlir::FailureOr<int32_t> addResult(mlir::Operation *op);
  /// Operand and result of ops that only move codes.
  mlir::LogicalResult sameParams(mlir::Operation *op);
  /// The input of a window op and how it is padded; one whose padding is
  /// neither SAME nor VALID is padded first, with `padValue` (a code or a
  /// float) or with zeros.
  mlir::FailureOr<std::pair<int32_t, Padding>>
  getWindowed(mlir::Operation *op, mlir::Value input,
              std::array<Window, 2> windows, llvm::ArrayRef<int64_t> pad,
              std::optional<double> padValue);
  /// Pads with zeros, or with `padValue` (a code or a float). Without scales it
  /// is a tensor of floats.
  int32_t addPad(llvm::StringRef name, int32_t input,
                 llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> padding,
                 const TensorParams &params, std::optional<double> padValue);
  /// Name of a tensor that the program does not have.
  std::string helperName(mlir::Operation *op, const llvm::Twine &suffix);

  mlir::func::FuncOp function;
  TensorNames names;
  FileBuilder model;
  llvm::DenseMap<mlir::Value, int32_t> tensors;
  /// Of the dimension of any size, for one sample; 1 where there is no entry.
  llvm::DenseMap<mlir::Value, int64_t> sampleSizes;
  size_t constantBytes = 0;
  /// A result of the op at hand that is still to be cut to [lo, hi].
  struct Unclamped {
    mlir::Operation *op;
    int32_t tensor;
    int64_t lo, hi;
  };
  std::optional<Unclamped> unclamped;
};

} // namespace hwq::interchange::tflite

#endif // HWQ_LIB_INTERCHANGE_TFLITEWRITER_H
