//===- QuantizedTosa.h - Quantized TOSA, read value by value ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSA_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSA_H

#include "PassUtils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "llvm/ADT/StringSet.h"

namespace hwq {

/// What a value of the quantized program means.
struct QuantizedValue {
  enum Kind {
    /// f32.
    Real,
    /// Codes of `type`: on `real` there is an observer with it, or its values
    /// were made by moving those of such a tensor.
    Codes,
    /// Integers that stand for `scales` times themselves.
    Accumulator,
    /// Codes of a type that a quant.scast will say.
    Storage
  };
  Kind kind = Real;
  /// The real numbers, f32, in the new function.
  mlir::Value real;
  mlir::quant::UniformQuantizedType type;
  /// One, or one for each channel, the last axis.
  llvm::SmallVector<double> scales;
};

/// Constant weights as the program has them, their type's axis included.
struct QuantizedWeights {
  std::vector<float> values;
  llvm::SmallVector<int64_t> shape;
  /// Null for weights in floating point.
  mlir::quant::QuantizedType type;
};

/// Writes a function of the float form, in which observers and constants have
/// the model's parameters, from one whose tensors are quantized. Op by op; each
/// `read` function adds what its op means to `values`, or says on the op why it
/// means nothing.
class QuantizedTosaReader {
public:
  QuantizedTosaReader(mlir::func::FuncOp function, llvm::StringSet<> &names)
      : function(function), builder(function.getContext()), names(names) {}

  mlir::LogicalResult run();

private:
  // QuantizedTosa.cpp
  mlir::LogicalResult readOp(mlir::Operation *op);
  mlir::LogicalResult readArgument(mlir::BlockArgument argument);
  mlir::LogicalResult readCast(mlir::Operation *op);
  mlir::LogicalResult readMovement(mlir::Operation *op);
  mlir::LogicalResult readReturn(mlir::func::ReturnOp op);
  mlir::LogicalResult copy(mlir::Operation *op);
  /// The meaning of an operand; constants come into the function here. An
  /// error on `user` for integers that mean no real number.
  mlir::FailureOr<QuantizedValue> get(mlir::Operation *user, mlir::Value value);
  /// A constant, shapes and integers too, as it is; null for other values.
  mlir::Value cloneConstant(mlir::Value value);
  /// Defines a result whose real numbers are `real`, quantized to the type
  /// that the result has.
  mlir::LogicalResult defineCodes(mlir::Operation *op, mlir::Value real);
  void observe(mlir::Operation *op, llvm::StringRef name, mlir::Value real,
               mlir::quant::UniformQuantizedType type);
  /// The type of codes that a result has, or that a cast gives it; null
  /// without an error for other results.
  mlir::FailureOr<mlir::quant::UniformQuantizedType>
  getCodeType(mlir::Operation *op);
  /// An error on `user` unless activations can have the type.
  mlir::FailureOr<mlir::quant::UniformQuantizedType>
  checkType(mlir::Operation *user, mlir::Type element);
  mlir::Type getRealType(mlir::Value value);
  /// An error unless a zero point operand is `expected`.
  mlir::LogicalResult checkZeroPoint(mlir::Operation *op, mlir::Value operand,
                                     int64_t expected, llvm::StringRef what);

  // QuantizedTosaDots.cpp
  mlir::LogicalResult readDot(mlir::Operation *op);
  mlir::FailureOr<QuantizedWeights> getWeights(mlir::Operation *op,
                                               mlir::Value value);
  mlir::FailureOr<mlir::Value> makeBias(mlir::Operation *op, mlir::Value value,
                                        int64_t channels,
                                        llvm::ArrayRef<double> scales);

  // QuantizedTosaArithmetic.cpp
  mlir::LogicalResult readRescale(mlir::tosa::RescaleOp op);
  mlir::LogicalResult readClamp(mlir::tosa::ClampOp op);
  mlir::LogicalResult readAveragePool(mlir::tosa::AvgPool2dOp op);
  mlir::LogicalResult readReduceSum(mlir::tosa::ReduceSumOp op);
  mlir::LogicalResult readElementwise(mlir::Operation *op);

  mlir::func::FuncOp function;
  mlir::OpBuilder builder;
  llvm::StringSet<> &names;
  llvm::DenseMap<mlir::Value, QuantizedValue> values;
};

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSA_H
