//===- OnnxWriter.h - A step-4 program as an ONNX model ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_INTERCHANGE_ONNXWRITER_H
#define HWQ_LIB_INTERCHANGE_ONNXWRITER_H

#include "OnnxModel.h"
#include "StepFour.h"

namespace hwq::interchange::onnx_export {

inline llvm::ArrayRef<int64_t> getShape(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

/// Axes of an N,H,W,C tensor in N,C,H,W order, and the way back.
inline constexpr int64_t kToChannelsFirst[] = {0, 3, 1, 2};
inline constexpr int64_t kToChannelsLast[] = {0, 2, 3, 1};

/// One number per axis, in the order of the stored tensor.
llvm::SmallVector<int64_t> toStored(llvm::ArrayRef<int64_t> values,
                                    bool channelsFirst);

/// An axis of an N,H,W,C tensor where that is stored as N,C,H,W.
int64_t toStoredAxis(int64_t axis, bool channelsFirst);

/// Codes whose requantization a concatenation does.
bool isOfConcat(RequantizeOp op);

/// What the two formats have in common: names, layouts, constants, movement.
///
/// Images are N,H,W,C in the program and N,C,H,W in the model. A tensor of the
/// model stands for a value of the program either as it is or channels first;
/// transposes between the two become nodes only where they are needed.
class Writer {
public:
  Writer(mlir::func::FuncOp function, llvm::StringRef format)
      : function(function), format(format), names(function) {}
  virtual ~Writer() = default;
  mlir::FailureOr<std::string> run();

protected:
  using Attributes = llvm::function_ref<void(Node &)>;

  // What a format does in its own way. Clamps narrower than the grid are in the
  // ops' attributes.
  virtual mlir::LogicalResult emitDot(const DotProduct &dot) = 0;
  virtual mlir::LogicalResult emitSum(mlir::Operation *op, bool subtract) = 0;
  virtual mlir::LogicalResult emitMul(MulOp op) = 0;
  /// The op is a product, or a `requantize` of one's accumulators.
  virtual mlir::LogicalResult emitMatMul(mlir::Operation *op) = 0;
  virtual mlir::LogicalResult emitAvgPool(AvgPool2DOp op) = 0;
  /// `operands` may have other scales than the result.
  virtual mlir::LogicalResult emitConcat(mlir::tosa::ConcatOp op,
                                         llvm::ArrayRef<mlir::Value> operands,
                                         bool channelsFirst, int64_t axis) = 0;
  /// An op on one operand that only moves or selects values. `extra` are its
  /// further inputs; `padCode`, if given, becomes the last one.
  virtual mlir::LogicalResult
  emitMovement(llvm::StringRef opType, mlir::Operation *op, mlir::Value operand,
               bool channelsFirst, std::vector<std::string> extra,
               std::optional<int64_t> padCode, Attributes attributes) = 0;
  /// Defines `value` as codes cut to [lo, hi] of the floats that `emit` makes,
  /// a float value as these themselves.
  void close(mlir::Value value, bool channelsFirst, int64_t lo, int64_t hi,
             llvm::function_ref<void(const std::string &)> emit);
  /// Ops that only one format has; none: the op is written as in all formats.
  virtual std::optional<mlir::LogicalResult> emitOwn(mlir::Operation *op) {
    return std::nullopt;
  }
  /// The op's result is a tensor of the file.
  virtual bool isTensor(mlir::Operation *op) const { return true; }
  /// Codes of fewer than 8 bits have a type of the file, too.
  virtual bool hasNarrowGrids() const { return false; }
  /// The input of an op that ONNX Runtime would fuse with the DequantizeLinear
  /// before and the QuantizeLinear behind it, into arithmetic of its own: float
  /// weights and biases would become codes, a softmax that of its table. After
  /// DequantizeLinear a maximum of one tensor keeps it a float op.
  mlir::LogicalResult emitCast(mlir::tosa::CastOp op);
  virtual std::string keepFloat(mlir::Value input, const std::string &tensor);
  /// The kernels and variants that the format stands for.
  virtual llvm::ArrayRef<numerics::RequantizeKernel> getDotKernels() const = 0;

  /// The tensor of a value, transposed if need be; an error on `op` where there
  /// is none.
  mlir::FailureOr<std::string> get(mlir::Operation *op, mlir::Value value,
                                   bool channelsFirst);
  bool isChannelsFirst(mlir::Value value) const;
  /// The name of the tensor that is going to stand for a value.
  std::string define(mlir::Value value, bool channelsFirst);
  /// Initializers with scale and zero point of a quantized value.
  std::pair<std::string, std::string> getParams(mlir::Value value);
  /// Codes of the type of a quantized value, as an initializer.
  std::string addCodes(const std::string &name, mlir::Value like,
                       llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<int64_t> codes);
  /// A name of a tensor that the program does not have.
  std::string helperName(mlir::Value value, llvm::StringRef suffix);
  /// Nothing is cut off that the grid has.
  bool isWholeGrid(mlir::Value value, int64_t lo, int64_t hi) const;

  /// An error on `op`: the format has no `reason`.
  mlir::LogicalResult unsupported(mlir::Operation *op,
                                  const llvm::Twine &reason);
  /// The initializer of the weights as ONNX has them: O,I/groups,KH,KW, of a
  /// transposed convolution I,O/groups,KH,KW; O,I as it is.
  std::string addWeights(const DotProduct &dot);
  /// Strides, dilations, pads, kernel shape and groups.
  static void setConvAttributes(const DotProduct &dot, Node &node);
  static void setPoolAttributes(Node &node, llvm::ArrayRef<int64_t> kernel,
                                llvm::ArrayRef<int64_t> stride,
                                llvm::ArrayRef<int64_t> pad);
  /// The whole image is one window.
  static bool isGlobal(mlir::Value input, llvm::ArrayRef<int64_t> kernel,
                       llvm::ArrayRef<int64_t> pad);
  static bool isGlobal(AvgPool2DOp op) {
    return isGlobal(op.getInput(), op.getKernel(), op.getPad());
  }
  /// The input of a fully connected layer as a matrix, from its tensor.
  std::string getMatrix(const DotProduct &dot, const std::string &tensor);
  /// The result's tensor from that of the matrix: gives `matrix` the name
  /// `name`, or reshapes it to that. Calls `emit` with the matrix' name.
  void emitMatrix(const DotProduct &dot, const std::string &name,
                  llvm::function_ref<void(const std::string &)> emit);
  std::string addShape(const std::string &name, llvm::ArrayRef<int64_t> shape);
  /// Under a name that no other tensor has.
  template <typename T>
  std::string addArray(const std::string &name, llvm::ArrayRef<int64_t> shape,
                       std::vector<T> values) {
    model.addConstant(name, shape, values);
    return name;
  }
  /// A constant, with or without quantizers.
  static bool isConstant(mlir::Value value);
  /// Names of the tensors around a Clip, where the grid is narrower than its
  /// type.
  std::string clipCodes(const std::string &codes,
                        mlir::quant::QuantizedType type,
                        const std::string &name);

  FileBuilder model;
  mlir::func::FuncOp function;
  llvm::StringRef format;
  TensorNames names;

  mlir::FailureOr<int32_t> getType(mlir::Operation *op, mlir::Value value);

private:
  struct Tensor {
    std::string name;
    bool channelsFirst;
  };

  mlir::LogicalResult convert(mlir::Operation *op);
  mlir::LogicalResult convert(RequantizeOp op);
  mlir::LogicalResult convert(QuantizeOp op);
  mlir::LogicalResult convert(DequantizeOp op);
  mlir::LogicalResult convert(SoftmaxOp op);
  mlir::LogicalResult convert(mlir::tosa::ClampOp op);
  mlir::LogicalResult convert(mlir::tosa::MaxPool2dOp op);
  mlir::LogicalResult convert(mlir::tosa::ConcatOp op);
  mlir::LogicalResult convert(mlir::tosa::TransposeOp op);
  mlir::LogicalResult convert(mlir::tosa::ReshapeOp op);
  mlir::LogicalResult convert(mlir::tosa::PadOp op);
  mlir::LogicalResult convert(mlir::tosa::SliceOp op);
  mlir::LogicalResult convert(mlir::tosa::ResizeOp op);
  mlir::LogicalResult convert(mlir::tosa::TileOp op);
  mlir::LogicalResult convert(mlir::tosa::ReverseOp op);
  mlir::LogicalResult convert(LookupOp op);

  // Floats: OnnxFloats.cpp and OnnxFloatDots.cpp. None where there is no such
  // op.
  std::optional<mlir::LogicalResult> emitFloat(mlir::Operation *op);
  mlir::LogicalResult emitConv(mlir::Operation *op, bool isTransposed);
  mlir::LogicalResult emitFullyConnected(FullyConnectedOp op);
  mlir::LogicalResult emitFloatMatMul(MatMulOp op);
  mlir::LogicalResult emitAvgPool(mlir::tosa::AvgPool2dOp op);
  mlir::LogicalResult emitFloatBinary(llvm::StringRef opType,
                                      mlir::Operation *op);
  /// One after the other; the last one has the attributes.
  mlir::LogicalResult emitUnary(
      mlir::Operation *op, std::initializer_list<llvm::StringRef> opTypes,
      Attributes attributes = [](Node &) {});
  mlir::LogicalResult emitUnary(UnaryOp op);
  mlir::LogicalResult emitPRelu(PReluOp op);
  mlir::LogicalResult emitFloatPad(mlir::tosa::PadOp op,
                                   std::vector<std::string> amounts);
  mlir::LogicalResult emitReduce(llvm::StringRef opType, mlir::Operation *op,
                                 llvm::ArrayRef<int64_t> axes);
  mlir::LogicalResult emitGather(mlir::tosa::GatherOp op);
  /// Weights as an initializer, with their quantizer behind it where they have
  /// one: the name of what the op reads. `order` gives the elements in the
  /// file's order, `axis` is that of the output channels there.
  mlir::FailureOr<std::string> addWeights(mlir::Operation *op,
                                          mlir::Value weights,
                                          llvm::ArrayRef<int64_t> shape,
                                          llvm::ArrayRef<size_t> order,
                                          int64_t axis);
  mlir::FailureOr<std::string> addBias(mlir::Operation *op, mlir::Value bias,
                                       llvm::StringRef suffix);

  mlir::LogicalResult checkValue(mlir::Operation *op, mlir::Value value);
  mlir::LogicalResult addConstant(mlir::Operation *op, mlir::Value value,
                                  bool channelsFirst);
  mlir::LogicalResult sameParams(mlir::Operation *op);
  mlir::LogicalResult addReturn(mlir::func::ReturnOp op);

  llvm::DenseMap<mlir::Value, Tensor> tensors;
  /// Copies in the other layout.
  llvm::DenseMap<mlir::Value, std::string> transposed;
  /// By quantized type.
  llvm::DenseMap<mlir::Type, std::pair<std::string, std::string>> params;
};

} // namespace hwq::interchange::onnx_export

#endif // HWQ_LIB_INTERCHANGE_ONNXWRITER_H
