//===- Constants.h - Reading and making constant tensors -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_CONSTANTS_H
#define HWQ_DIALECT_QUANTHW_IR_CONSTANTS_H

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/Support/LLVM.h"
#include <cstdint>
#include <string>
#include <vector>

namespace hwq {

/// The elements of a constant value (`tosa.const`, dense or dense_resource),
/// splats expanded. Failure if the value is no constant, its element type is
/// not the wanted one, or the resource has no data or the wrong size.
mlir::FailureOr<std::vector<float>> getFloatConstant(mlir::Value value);
/// The same of an attribute.
mlir::FailureOr<std::vector<float>> getFloatElements(mlir::ElementsAttr values);
/// Integers of any width up to 64 bits, and codes of quantized constants,
/// extended by the signedness of the type.
mlir::FailureOr<std::vector<int64_t>> getIntegerConstant(mlir::Value value);
mlir::FailureOr<std::vector<double>> getDoubleConstant(mlir::Value value);
/// Calls `visit(row, integers)` for the rows of a constant as
/// getIntegerConstant reads it, one row in memory at a time. `rows` divides the
/// number of elements.
llvm::LogicalResult
forEachRow(mlir::Value value, size_t rows,
           llvm::function_ref<void(size_t, llvm::ArrayRef<int64_t>)> visit);

/// A `tosa.const`; more than a few elements become a dense_resource blob under
/// getContentKey().
mlir::Value createConstant(mlir::OpBuilder &builder, mlir::Location loc,
                           llvm::ArrayRef<int64_t> shape,
                           llvm::ArrayRef<float> values, llvm::StringRef name);
mlir::Value createConstant(mlir::OpBuilder &builder, mlir::Location loc,
                           llvm::ArrayRef<int64_t> shape,
                           llvm::ArrayRef<int32_t> values,
                           llvm::StringRef name);
mlir::Value createConstant(mlir::OpBuilder &builder, mlir::Location loc,
                           llvm::ArrayRef<int64_t> shape,
                           llvm::ArrayRef<double> values, llvm::StringRef name);
/// Codes of a quantized type (per tensor or per axis) of 8 or 16 bits; every
/// code must lie in the type's storage range.
mlir::Value createQuantizedConstant(mlir::OpBuilder &builder,
                                    mlir::Location loc,
                                    llvm::ArrayRef<int64_t> shape,
                                    llvm::ArrayRef<int64_t> codes,
                                    mlir::quant::QuantizedType elementType,
                                    llvm::StringRef name);
/// The same of codes in memory, getCodeBytes() each.
mlir::Value createQuantizedConstant(mlir::OpBuilder &builder,
                                    mlir::Location loc,
                                    llvm::ArrayRef<int64_t> shape,
                                    std::vector<char> codes,
                                    mlir::quant::QuantizedType elementType,
                                    llvm::StringRef name);
/// 1 or 2.
unsigned getCodeBytes(mlir::quant::QuantizedType type);
/// The key of a blob, from a name and from what is in it: a program has the
/// same keys whatever else its context has made. "" of no name.
std::string getContentKey(llvm::StringRef name, llvm::ArrayRef<char> bytes);
/// A dense_resource attribute, or a dense one of few elements or without a key,
/// for raw bytes of the given type. A blob that is there under the key with the
/// same bytes is taken; one with other bytes makes a number part of the key.
mlir::ElementsAttr createElements(mlir::RankedTensorType type,
                                  std::vector<char> bytes, size_t alignment,
                                  llvm::StringRef key);

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_IR_CONSTANTS_H
