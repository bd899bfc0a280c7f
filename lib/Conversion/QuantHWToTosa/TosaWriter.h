//===- TosaWriter.h - A step-4 function as TOSA ----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_CONVERSION_QUANTHWTOTOSA_TOSAWRITER_H
#define HWQ_LIB_CONVERSION_QUANTHWTOTOSA_TOSAWRITER_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Numerics/Grid.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/IRMapping.h"

namespace hwq {

/// The values that an integer tensor may have, both ends included.
struct Interval {
  int64_t lo, hi;
};

/// Rewrites a function op by op. Codes become plain i8: unsigned ones, and
/// their zero points, less 128.
class TosaWriter {
public:
  explicit TosaWriter(mlir::func::FuncOp function);

  /// Emits an error on the op that has no form in TOSA.
  mlir::LogicalResult run();

private:
  mlir::LogicalResult convertOp(mlir::Operation *op);
  void convertSignature();

  // One for each op, in the files by subject.
  mlir::LogicalResult convert(Conv2DOp op);
  mlir::LogicalResult convert(TransposeConv2DOp op);
  mlir::LogicalResult convert(FullyConnectedOp op);
  mlir::LogicalResult convert(MatMulOp op);
  template <typename SumOp> mlir::LogicalResult convertSum(SumOp op);
  mlir::LogicalResult convert(hwq::AddOp op);
  mlir::LogicalResult convert(hwq::SubOp op);
  mlir::LogicalResult convert(hwq::MulOp op);
  mlir::LogicalResult convert(RequantizeOp op);
  mlir::LogicalResult convert(LookupOp op);
  mlir::LogicalResult convert(AvgPool2DOp op);
  mlir::LogicalResult convert(MeanOp op);
  mlir::LogicalResult convert(PReluOp op);
  mlir::LogicalResult convert(ResizeBilinearOp op);
  mlir::LogicalResult convert(QuantizeOp op);
  mlir::LogicalResult convert(DequantizeOp op);
  /// A TOSA op that moves or selects values, or one in float.
  mlir::LogicalResult convertTosa(mlir::Operation *op);

  //===--------------------------------------------------------------------===//
  // Dot products
  //===--------------------------------------------------------------------===//

  struct Dot {
    /// O first, as in the program.
    llvm::SmallVector<int64_t> weightShape;
    std::vector<int8_t> weights;
    int64_t weightZeroPoint = 0, inputZeroPoint = 0;
    std::vector<int32_t> bias;
    /// Of the accumulators, one for each channel.
    std::vector<Interval> range;
  };
  /// `padValue`: the code that padding consists of, where there is padding.
  template <typename DotOp>
  mlir::FailureOr<Dot> readDot(DotOp op, std::optional<int64_t> padValue);
  /// The rest of a dot product whose accumulators are `acc`.
  mlir::LogicalResult finishDot(mlir::Operation *op, mlir::Value acc,
                                RequantAttr requant, const Dot &dot);
  mlir::Value createConv2D(mlir::Value input, mlir::RankedTensorType type,
                           const Dot &dot, llvm::ArrayRef<int64_t> pad,
                           llvm::ArrayRef<int64_t> stride,
                           llvm::ArrayRef<int64_t> dilation);
  /// `create` for each group, of its channels, and their results together.
  mlir::Value createGroups(
      mlir::Value input, mlir::RankedTensorType type, const Dot &dot,
      int64_t groups,
      llvm::function_ref<mlir::Value(mlir::Value, mlir::RankedTensorType,
                                     const Dot &)>
          create);
  static void spreadTaps(Dot &dot, llvm::ArrayRef<int64_t> dilation);

  /// Input and padding without what no window reads: TOSA's windows end where
  /// the padded input ends.
  struct Windows {
    mlir::Value input;
    llvm::SmallVector<int64_t, 4> pad;
  };
  mlir::FailureOr<Windows>
  fitWindows(mlir::Operation *op, mlir::Value input, mlir::Value output,
             llvm::ArrayRef<int64_t> kernel, llvm::ArrayRef<int64_t> stride,
             llvm::ArrayRef<int64_t> dilation, llvm::ArrayRef<int64_t> pad);

  //===--------------------------------------------------------------------===//
  // Rescaling
  //===--------------------------------------------------------------------===//

  /// `requant` of `input`, i8 or i32, whose values less the zero point lie in
  /// `ranges` (one, or one for each channel). `output` is the quantized tensor,
  /// or null for an i32 result.
  mlir::FailureOr<mlir::Value>
  requantize(mlir::Operation *op, mlir::Value input, int64_t inputZeroPoint,
             RequantAttr requant, llvm::ArrayRef<Interval> ranges,
             mlir::Value output);
  struct Scaling {
    llvm::SmallVector<int32_t> multipliers;
    llvm::SmallVector<int8_t> shifts;
    mlir::tosa::RoundingMode rounding;
  };
  /// One or two, in their order; an error on the op if there are none.
  mlir::FailureOr<llvm::SmallVector<Scaling, 2>>
  getScalings(mlir::Operation *op, RequantAttr requant,
              llvm::ArrayRef<Interval> ranges);
  /// Checks that the values lie where tosa.rescale is defined, and makes them
  /// those of its result.
  mlir::LogicalResult applyToRanges(mlir::Operation *op, const Scaling &scaling,
                                    int64_t zeroPoint,
                                    llvm::SmallVectorImpl<Interval> &ranges);
  mlir::Value rescale(mlir::Value input, const Scaling &scaling,
                      int64_t inputZeroPoint, int64_t outputZeroPoint,
                      mlir::Type element);
  /// i8 codes less their zero point as i32.
  mlir::Value widen(mlir::Value codes, int64_t zeroPoint);
  /// [lo, hi] of i8 codes; nothing where that is all of them.
  mlir::Value clamp(mlir::Value codes, int64_t lo, int64_t hi);

  //===--------------------------------------------------------------------===//
  // Values
  //===--------------------------------------------------------------------===//

  /// The TOSA value that stands for a value of the program.
  mlir::Value get(mlir::Value value);
  /// The TOSA value for the op's result; it gets the name and, where it is
  /// codes, scale and zero point.
  mlir::LogicalResult define(mlir::Operation *op, mlir::Value value);

  /// What is taken off a quantized tensor's codes: 128 or 0.
  static int64_t offsetOf(mlir::Value value);
  /// Scale, zero point and grid as they are in TOSA; an error on the op for
  /// other codes than those of 8 bits.
  mlir::FailureOr<numerics::QuantParams> getCodes(mlir::Operation *op,
                                                  mlir::Value value);
  static Interval centered(const numerics::QuantParams &params) {
    return {params.grid.qmin - params.zeroPoint,
            params.grid.qmax - params.zeroPoint};
  }

  mlir::Value constant(llvm::ArrayRef<int64_t> shape, mlir::Type element,
                       llvm::ArrayRef<char> bytes, llvm::StringRef suffix);
  /// Larger ones with a suffix are resources, named after the op's result and
  /// `suffix`.
  mlir::Value i8s(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int8_t> values,
                  llvm::StringRef suffix = "");
  mlir::Value i32s(llvm::ArrayRef<int64_t> shape,
                   llvm::ArrayRef<int32_t> values, llvm::StringRef suffix = "");
  mlir::Value f32s(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<float> values,
                   llvm::StringRef suffix = "");
  mlir::Value i8(int64_t value) { return i8s({1}, static_cast<int8_t>(value)); }
  /// One number for operands of a rank.
  mlir::Value f32(float value, int64_t rank) {
    return f32s(llvm::SmallVector<int64_t>(rank, 1), value);
  }
  mlir::Value shape(llvm::ArrayRef<int64_t> sizes);
  mlir::Value reshape(mlir::Value value, llvm::ArrayRef<int64_t> sizes);
  mlir::Value slice(mlir::Value value, llvm::ArrayRef<int64_t> start,
                    llvm::ArrayRef<int64_t> sizes);
  static mlir::RankedTensorType typeOf(mlir::Value value) {
    return mlir::cast<mlir::RankedTensorType>(value.getType());
  }

  /// "'OP' of 'TENSOR' has no form in TOSA: REASON".
  mlir::InFlightDiagnostic unsupported(mlir::Operation *op);

  mlir::func::FuncOp function;
  mlir::OpBuilder builder;
  /// Of the op at hand, and the name of its result.
  mlir::Location loc;
  std::string name;
  mlir::IRMapping values;
  /// Those that have been made.
  llvm::DenseMap<mlir::Attribute, mlir::Value> constants;
};

} // namespace hwq

#endif // HWQ_LIB_CONVERSION_QUANTHWTOTOSA_TOSAWRITER_H
