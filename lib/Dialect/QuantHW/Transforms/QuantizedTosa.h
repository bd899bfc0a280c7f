//===- QuantizedTosa.h - Quantized TOSA, read value by value ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSA_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSA_H

#include "PassUtils.h"
#include "QuantizedTosaFunctions.h"
#include "QuantizedTosaSoftmax.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

namespace hwq {

/// What a value of the quantized program means.
struct QuantizedValue {
  enum Kind {
    /// f32.
    Real,
    /// Codes of `type`: on `real` there is an observer with it, or its values
    /// were made by moving those of such a tensor.
    Codes,
    /// Integers, accumulators say, that stand for `scales` times what they are
    /// above `zeroPoint`.
    Integers,
    /// The same on the way from f32 to codes and back: what `tosa.cast` reads
    /// or makes.
    Numbers,
    /// Codes of a type that a quant.scast will say.
    Storage
  };
  Kind kind = Real;
  /// The real numbers, f32, in the new function.
  mlir::Value real;
  mlir::quant::UniformQuantizedType type;
  /// One, or one for each channel, the last axis.
  llvm::SmallVector<double> scales;
  double zeroPoint = 0;
};

/// Scales that went through f32 on the way, or a multiplier of 31 bits.
constexpr double kScaleTolerance = 0x1p-20;

inline bool isClose(double a, double b, double tolerance = kScaleTolerance) {
  return std::fabs(a - b) <= tolerance * std::fabs(b);
}

/// That of a channel, where there is one for all, too.
inline double at(llvm::ArrayRef<double> values, size_t channel) {
  return values[values.size() == 1 ? 0 : channel];
}

/// Constant weights as the program has them, their type's axis included.
struct QuantizedWeights {
  std::vector<float> values;
  /// Of the constant that has the type: what reads it may have reshaped it.
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
  mlir::LogicalResult readQuantCast(mlir::Operation *op);
  mlir::LogicalResult readMovement(mlir::Operation *op);
  mlir::LogicalResult readReturn(mlir::func::ReturnOp op);
  mlir::LogicalResult copy(mlir::Operation *op);
  /// The meaning of an operand; constants come into the function here. An
  /// error on `user` for integers that mean no real number.
  mlir::FailureOr<QuantizedValue> get(mlir::Operation *user, mlir::Value value);
  /// A constant, shapes and integers too, as it is; null for other values.
  mlir::Value cloneConstant(mlir::Value value);
  /// Defines a result whose real numbers are `real`, quantized to the type
  /// that the result has. Codes get an op in between.
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
  mlir::Value reshape(mlir::Location loc, mlir::Value value,
                      llvm::ArrayRef<int64_t> shape);
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

  // QuantizedTosaRescale.cpp
  mlir::LogicalResult readRescale(mlir::tosa::RescaleOp op);
  /// Casts between f32 and codes, and what is added and multiplied there.
  mlir::LogicalResult readCast(mlir::tosa::CastOp op);
  mlir::LogicalResult readNumbers(mlir::Operation *op);

  // QuantizedTosaArithmetic.cpp
  mlir::LogicalResult readClamp(mlir::tosa::ClampOp op);
  mlir::LogicalResult readAveragePool(mlir::tosa::AvgPool2dOp op);
  mlir::LogicalResult readReduceSum(mlir::tosa::ReduceSumOp op);
  mlir::LogicalResult readResize(mlir::tosa::ResizeOp op);
  mlir::LogicalResult readTable(mlir::tosa::TableOp op);
  /// Finds what depends on one code and what is a softmax, and the ops in them
  /// that nothing else reads.
  void findFunctions(mlir::Block &block);
  mlir::LogicalResult readFunction(mlir::Operation *op, CodeChain &function);
  /// Defines the codes of a result as those of another tensor in a table.
  mlir::LogicalResult defineTable(mlir::Operation *op, const QuantizedValue &x,
                                  llvm::ArrayRef<int32_t> codes);
  mlir::LogicalResult readElementwise(mlir::Operation *op);

  mlir::func::FuncOp function;
  mlir::OpBuilder builder;
  llvm::StringSet<> &names;
  llvm::DenseMap<mlir::Value, QuantizedValue> values;
  llvm::DenseMap<mlir::Operation *, CodeChain> functions;
  llvm::DenseMap<mlir::Operation *, SoftmaxChain> softmaxes;
  llvm::DenseSet<mlir::Operation *> inFunctions;
};

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZEDTOSA_H
