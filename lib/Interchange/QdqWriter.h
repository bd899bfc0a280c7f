//===- QdqWriter.h - ONNX models between Q and DQ ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_INTERCHANGE_QDQWRITER_H
#define HWQ_LIB_INTERCHANGE_QDQWRITER_H

#include "OnnxWriter.h"

namespace hwq::interchange::onnx_export {

/// Every integer op as the float op between DequantizeLinear and
/// QuantizeLinear.
class QdqWriter : public Writer {
public:
  explicit QdqWriter(mlir::func::FuncOp function,
                     llvm::StringRef format = "Q/DQ ONNX")
      : Writer(function, format) {}

protected:
  mlir::LogicalResult emitDot(const DotProduct &dot) override;
  mlir::LogicalResult emitSum(mlir::Operation *op, bool subtract) override;
  mlir::LogicalResult emitMul(hwq::MulOp op) override;
  mlir::LogicalResult emitMatMul(mlir::Operation *op) override;
  mlir::LogicalResult emitAvgPool(AvgPool2DOp op) override;
  mlir::LogicalResult emitConcat(mlir::tosa::ConcatOp op,
                                 llvm::ArrayRef<mlir::Value> operands,
                                 bool channelsFirst, int64_t axis) override;
  mlir::LogicalResult emitMovement(llvm::StringRef opType, mlir::Operation *op,
                                   mlir::Value operand, bool channelsFirst,
                                   std::vector<std::string> extra,
                                   std::optional<int64_t> padCode,
                                   Attributes attributes) override;
  llvm::ArrayRef<numerics::RequantizeKernel> getDotKernels() const override;

private:
  mlir::LogicalResult emitBinary(llvm::StringRef opType, mlir::Operation *op,
                                 RequantAttr requant);
  /// The real values of a tensor. Each reader has a DequantizeLinear of its
  /// own, as engines look for them.
  mlir::FailureOr<std::string> open(mlir::Operation *op, mlir::Value value,
                                    bool channelsFirst);
  /// A constant between DequantizeLinear and its reader, one scale or one per
  /// channel (of `axis`); zero points of the type `Code`.
  template <typename Code>
  std::string openConstant(mlir::Value owner, const std::string &codes,
                           const std::vector<float> &scales,
                           llvm::StringRef suffix, int64_t axis = 0);
};

} // namespace hwq::interchange::onnx_export

#endif // HWQ_LIB_INTERCHANGE_QDQWRITER_H
