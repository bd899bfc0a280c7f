//===- PassUtils.h - What several passes need -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_PASSUTILS_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_PASSUTILS_H

#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Numerics/Derive.h"
#include "hwq/Numerics/Epilogue.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

namespace hwq {

/// Every tensor has a rank, as the passes on TOSA need it; an error names one
/// that has none.
mlir::LogicalResult checkRanked(mlir::ModuleOp module);

/// An error where no op can be quantized: a compiler that has not registered
/// the interfaces of its ops would get its program back as it was.
mlir::LogicalResult checkQuantizable(mlir::ModuleOp module,
                                     llvm::StringRef pass);

/// An error unless `value`, a choice of the backend, is among those that the
/// pass implements. Names the backend's field, the value and what there is;
/// `emit` begins the diagnostic.
mlir::LogicalResult
checkImplementedName(llvm::function_ref<mlir::InFlightDiagnostic()> emit,
                     const Backend &backend, llvm::StringRef pass,
                     llvm::StringRef field, llvm::StringRef value,
                     llvm::ArrayRef<llvm::StringRef> implemented);

/// The same for an enum of Numerics or of Backend.h.
template <typename E>
mlir::LogicalResult
checkImplemented(llvm::function_ref<mlir::InFlightDiagnostic()> emit,
                 const Backend &backend, llvm::StringRef pass,
                 llvm::StringRef field, E value,
                 llvm::ArrayRef<E> implemented) {
  llvm::SmallVector<llvm::StringRef> names;
  for (E e : implemented)
    names.push_back(stringify(e));
  return checkImplementedName(emit, backend, pass, field,
                              llvm::StringRef(stringify(value)), names);
}

/// The clamp that the op computes itself: its only user, a tosa.clamp, where
/// the op absorbs one. Null otherwise.
mlir::tosa::ClampOp getFusedClamp(mlir::Operation *op);

/// Why the backend has no arithmetic for this op; "" where it has one.
std::string whyNoArithmetic(QuantizableOpInterface op, const Backend &backend);

/// Whether the value is a constant, or the quantized and dequantized form of
/// one.
bool isConstant(mlir::Value value);

/// The quantized type of a per-tensor scheme.
mlir::quant::UniformQuantizedType
getQuantizedType(mlir::MLIRContext *context, const Scheme &scheme,
                 const numerics::QuantParams &params);

/// The element type of a quantized tensor value with one scale.
mlir::quant::UniformQuantizedType getUniformType(mlir::Value value);

/// Scales and zero points of weights, one of each per channel (axis 0).
struct ChannelParams {
  std::vector<double> scales;
  std::vector<int64_t> zeroPoints;
};
ChannelParams getChannelParams(mlir::Value weights);

/// The channel of the input of a conv2d or fully_connected that tap `i` of
/// output channel `o` multiplies.
int64_t getInputChannel(mlir::Operation *dot, int64_t o, int64_t i);

/// What a dot product's input is to its accumulator: its parameters, or, where
/// its channels have their own, the scale 1 (the weights have theirs) and the
/// zero point 0.
numerics::QuantParams getDotInput(mlir::Value input);

/// sum(Zx * (qw - Zw)) of each output channel of a dot product, exact, Zx the
/// zero point of the tap's input channel.
mlir::FailureOr<std::vector<int64_t>> getZeroPointSums(mlir::Operation *dot);

/// sum(qw - Zw) of each output channel, exact.
mlir::FailureOr<std::vector<int64_t>> getWeightSums(mlir::Value weights);

/// A dot product whose accumulator a requantization reads, as Numerics derives
/// its epilogue.
struct DotParams {
  mlir::Operation *op;
  /// Null where both operands are activations; the second one then has the
  /// weight scale.
  mlir::Value weights;
  /// As getDotInput.
  numerics::QuantParams input;
  /// One, or one per channel.
  std::vector<double> weightScales;
  /// One, or one per channel; none: the result is float.
  std::vector<numerics::QuantParams> outputs;

  /// Failure where `op` reads no accumulator of a dot product, or another op
  /// reads it too.
  static mlir::FailureOr<DotParams> get(RequantizeOp op,
                                        const Backend &backend);

  double weightScale(size_t c) const {
    return weightScales[weightScales.size() == 1 ? 0 : c];
  }
  double outputScale(size_t c) const {
    return outputs[outputs.size() == 1 ? 0 : c].scale;
  }
  numerics::RequantizeKernel getKernel(const Backend &backend) const;
  /// The epilogue of the backend's kernel and bias form (which for 8-bit forms
  /// is that of the rounded values). A float result has the kernel r9 where the
  /// backend has it, r14 elsewhere.
  numerics::Result<numerics::Epilogue>
  derive(const Backend &backend, const std::vector<double> &bias,
         const std::vector<int64_t> &folded) const;
};

/// -Zx * sum(qw - Zw) of each channel, zeros where the dot product subtracts
/// Zx itself, nothing where it has no weights.
mlir::FailureOr<std::vector<int64_t>> getFoldedZeroPoints(const DotParams &dot);

/// How the backend moves the codes that `op` reads to the grid of its result:
/// as an operand of a concatenation or alone.
numerics::ConcatVariant getRescaleVariant(RequantizeOp op,
                                          const Backend &backend);

/// The least and the largest accumulator of each channel of a dot product with
/// the given weights, for inputs in [lo, hi] minus `inputZeroPoint` (padding
/// lies in that range too), the constant bias included. With `partialSums`
/// also of a part of the products and the bias, in any order.
struct AccumulatorRange {
  std::vector<int64_t> lo, hi;
};
mlir::FailureOr<AccumulatorRange> getAccumulatorRange(mlir::Operation *dot,
                                                      bool partialSums = false);

/// Erases the op and then its operands' ops, as far as they have no users left
/// and no effects.
void eraseDeadChain(mlir::Operation *op);

/// Erases every op inside `root` whose result nothing reads, and what only
/// those ops read.
void eraseDeadOps(mlir::Operation *root);

/// The constant operand of a multiplication or addition of `other`, one value
/// per channel (last axis), if it is that and changes no shape: what a
/// convolution before it can take into its weights and bias.
mlir::FailureOr<std::vector<float>> getPerChannelOperand(mlir::Operation *op,
                                                         mlir::Value other);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_PASSUTILS_H
