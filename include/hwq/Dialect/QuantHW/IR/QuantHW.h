//===- QuantHW.h - The quant_hw dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_QUANTHW_H
#define HWQ_DIALECT_QUANTHW_IR_QUANTHW_H

#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/FakeQuant.h"
#include "hwq/Numerics/Requantize.h"
#include "hwq/Numerics/Result.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include <functional>
#include <optional>
#include <vector>

namespace hwq {

/// Parses an enum of Numerics by its name; an error lists the legal ones.
template <typename E>
mlir::FailureOr<E> parseNumericsEnum(mlir::AsmParser &parser) {
  llvm::StringRef keyword;
  llvm::SMLoc loc = parser.getCurrentLocation();
  if (mlir::failed(parser.parseKeyword(&keyword)))
    return mlir::failure();
  if (std::optional<E> value = numerics::parse<E>(keyword))
    return *value;
  mlir::InFlightDiagnostic error = parser.emitError(loc)
                                   << "unknown value '" << keyword
                                   << "', expected one of:";
  for (E value : numerics::allValues<E>())
    error << ' ' << llvm::StringRef(numerics::stringify(value));
  return mlir::failure();
}

/// `[0.1, -2.0]`, every double with as many digits as it needs. Upstream prints
/// array attributes of doubles with six digits outside of dictionaries.
mlir::FailureOr<mlir::DenseF64ArrayAttr> parseF64Array(mlir::AsmParser &parser);
void printF64Array(mlir::AsmPrinter &printer, mlir::DenseF64ArrayAttr values);

/// What a `#quant_hw.requant` holds, to build one or to change some of it.
/// Empty arrays and absent numbers are not printed.
struct RequantFields {
  numerics::RequantizeKernel kernel = numerics::RequantizeKernel::Real;
  numerics::QuantizeForm quantizeForm = numerics::QuantizeForm::Q1;
  llvm::SmallVector<double> scales;
  llvm::SmallVector<int32_t> multipliers, shifts, preShifts;
  llvm::SmallVector<double> factors, bias, biasUnits;
  std::optional<double> outputScale, residualScale;
  numerics::DequantPrecision precision = numerics::DequantPrecision::Requant;
  bool zeroPointAfter = false;
  int64_t inputZeroPoint = 0;
  int32_t leftShift = 0;
  int64_t zeroPoint = 0;
  int64_t lo = 0, hi = 0;
  /// Of channels with grids of their own.
  llvm::SmallVector<int32_t> zeroPoints, los, his;

  /// One grid per channel; zeroPoint, lo and hi become what holds all of them.
  void setOutputs(llvm::ArrayRef<numerics::OutputGrid> outputs);
  /// Kernel, what it multiplies by and what else it needs, from `params`; the
  /// real scales and everything on the input and output side stay, the quantize
  /// form is of no use any more.
  void setKernel(const numerics::RequantizeParams &params);
};

/// What `buildIntegerForm` gets: the operands in integers and the parameters of
/// the result.
struct IntegerForm {
  /// Quantized, in the order of getActivationOperands().
  llvm::SmallVector<mlir::Value> activations;
  /// A quantized constant, or null.
  mlir::Value weights;
  /// The f32 constant, or null.
  mlir::Value bias;
  /// Null where the result stays float.
  mlir::quant::UniformQuantizedType resultType;
  /// In place of it where the channels of a dot product's result have scales of
  /// their own, with their bounds.
  mlir::quant::UniformQuantizedPerAxisType channelType;
  llvm::SmallVector<numerics::OutputGrid> channelGrids;
  /// An addend of the result's shape that a dot product takes in before the
  /// rounding, or null. Quantized.
  mlir::Value residual;
  numerics::QuantizeForm quantizeForm = numerics::QuantizeForm::Q1;
  /// How the backend makes its tables.
  numerics::LookupVariant lookup = numerics::LookupVariant::F64;
  /// The backend's kernel of leaky relus, if it has one.
  std::optional<numerics::RequantizeKernel> prelu;
  /// The backend's bilinear resize.
  std::optional<numerics::ResizeVariant> resize;
  /// Bounds of the result in codes: the storage range, or tighter where an
  /// activation function is part of the op.
  int64_t lo = 0, hi = 0;
};

/// The tables of an elementwise function: the real one's, and the hardware's.
struct UnaryTables {
  numerics::Result<std::vector<int32_t>> real, kernel;
};

/// A lookup with these tables, clamped to the form's bounds.
mlir::FailureOr<mlir::Value>
buildLookup(mlir::Operation *op, mlir::OpBuilder &builder,
            const IntegerForm &form, UnaryTables tables, std::string &reason);

/// The integer form of an elementwise function: a table of the codes, computed
/// in f64 and quantized as the form says, and beside it the backend's where it
/// differs.
mlir::FailureOr<mlir::Value> buildUnaryForm(
    mlir::Operation *op, mlir::OpBuilder &builder, const IntegerForm &form,
    const std::function<double(double)> &function, std::string &reason);

/// The integer form of an op that gives its operand's reals on another grid,
/// or clamps them: a requantization.
mlir::FailureOr<mlir::Value> buildRequantizeForm(mlir::Operation *op,
                                                 mlir::OpBuilder &builder,
                                                 const IntegerForm &form,
                                                 std::string &reason);

} // namespace hwq

#include "hwq/Dialect/QuantHW/IR/QuantHWDialect.h.inc"
#include "hwq/Dialect/QuantHW/IR/QuantHWEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "hwq/Dialect/QuantHW/IR/QuantHWAttributes.h.inc"

#include "hwq/Dialect/QuantHW/IR/QuantHWInterfaces.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/QuantHW/IR/QuantHWOps.h.inc"

namespace hwq {
/// Attaches QuantizableOpInterface to the TOSA ops that have an integer form or
/// only move data. Every pass that uses the interface registers this.
void registerTosaExternalModels(mlir::DialectRegistry &registry);
} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_IR_QUANTHW_H
