//===- StepFour.h - What model files need of a step-4 program ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Model files hold scales, zero points, codes and biases; the engine that reads
// one derives multipliers from them. What stands in the program's attributes is
// therefore checked against what the scales in f32 give, and a file is only
// written where it means the same integers.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_INTERCHANGE_STEPFOUR_H
#define HWQ_LIB_INTERCHANGE_STEPFOUR_H

#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Numerics/Grid.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSet.h"

namespace hwq::interchange {

/// The program's one function, of one block, at step 4; `format` is the
/// subject of errors.
mlir::FailureOr<mlir::func::FuncOp> getStepFour(mlir::ModuleOp module,
                                                llvm::StringRef format);

/// The same for step 0.
mlir::FailureOr<mlir::func::FuncOp> getStepZero(mlir::ModuleOp module,
                                                llvm::StringRef format);

/// Scale (rounded to f32), zero point and grid of a quantized activation.
numerics::QuantParams getFileParams(mlir::Value value);

/// A convolution, a transposed one or a fully connected layer as files describe
/// it.
struct DotProduct {
  /// `conv2d`, `transpose_conv2d` or `fully_connected`.
  mlir::Operation *op;
  mlir::Value input, weights, output;
  /// Added in real units before the rounding, or null.
  mlir::Value residual;
  /// As in the program: O,KH,KW,I/groups or O,I.
  llvm::SmallVector<int64_t> weightShape;
  std::vector<int8_t> codes;
  /// One, or one per channel (axis 0).
  std::vector<float> weightScales;
  /// For accumulators of codes less their zero points, in units of
  /// f32(sx * sw): the input's zero point taken out of the program's bias.
  std::vector<int32_t> bias;
  /// f32(sx * sw), one per weight scale.
  std::vector<float> biasScales;
  /// Kernel r14: one per channel in real units; `bias` is zeros.
  std::vector<float> realBias;
  RequantAttr requant;
};

/// `op` is one of those ops that requantizes, or a `requantize`
/// of the accumulators of one. Errors, on `op`: weights that are no constant of
/// 8 bits with the zero point 0, a bias beyond 32 bits, another kernel than
/// `kernels`, and whatever the requantization multiplies by other than what the
/// kernel makes of the scales in f32.
mlir::FailureOr<DotProduct>
readDotProduct(mlir::Operation *op,
               llvm::ArrayRef<numerics::RequantizeKernel> kernels);

/// The constants of the op are those of its variant for the scales in f32, and
/// the variant one of `variants`; else an error on it. An average pool has no
/// constants in the variants that files have.
mlir::LogicalResult checkSum(mlir::Operation *op,
                             llvm::ArrayRef<numerics::AddVariant> variants);
mlir::LogicalResult checkMul(MulOp op,
                             llvm::ArrayRef<numerics::MulVariant> variants);
/// `op` is a product of activations that requantizes, or a `requantize` of the
/// accumulators of one: that product. Errors as above. `productInF32`: the
/// engine multiplies the two scales in f32 first.
mlir::FailureOr<MatMulOp>
readMatMul(mlir::Operation *op,
           llvm::ArrayRef<numerics::RequantizeKernel> kernels,
           bool productInF32);
mlir::LogicalResult checkPRelu(PReluOp op, numerics::RequantizeKernel kernel);
mlir::LogicalResult checkMean(MeanOp op,
                              llvm::ArrayRef<numerics::MeanVariant> variants);
mlir::LogicalResult
checkAvgPool(AvgPool2DOp op, llvm::ArrayRef<numerics::AvgPoolVariant> variants);
/// A requantization of codes, with one of `variants`.
mlir::LogicalResult
checkRescale(RequantizeOp op, llvm::ArrayRef<numerics::ConcatVariant> variants);

/// The values of a `tosa.const_shape`; an error on `op` if it is none.
mlir::FailureOr<llvm::SmallVector<int64_t>>
getShapeConstant(mlir::Operation *op, mlir::Value shape);

/// The code of a quantized scalar constant; an error on `op` if it is none.
mlir::FailureOr<int64_t> getScalarCode(mlir::Operation *op, mlir::Value value);

/// Names of tensors in a file: unlike each other, those of the program's inputs
/// and outputs as they are.
class TensorNames {
public:
  explicit TensorNames(mlir::func::FuncOp function);
  /// Names of arguments and returned values; empty where there is none.
  llvm::StringRef getInput(unsigned index) const { return inputs[index]; }
  llvm::StringRef getOutput(unsigned index) const { return outputs[index]; }
  /// The value's own name, else one made of `fallback`; with a suffix where it
  /// is taken.
  std::string get(mlir::Value value, llvm::StringRef fallback);
  std::string unique(llvm::StringRef name);

private:
  std::vector<std::string> inputs, outputs;
  llvm::StringSet<> taken;
};

} // namespace hwq::interchange

#endif // HWQ_LIB_INTERCHANGE_STEPFOUR_H
