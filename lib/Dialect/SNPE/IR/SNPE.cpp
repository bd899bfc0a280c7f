//===- SNPE.cpp - The snpe dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/SNPE/IR/SNPE.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using namespace hwq::snpe;

#include "hwq/Dialect/SNPE/IR/SNPEDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "hwq/Dialect/SNPE/IR/SNPEAttributes.h.inc"
#define GET_ATTRDEF_CLASSES
#include "hwq/Dialect/SNPE/IR/SNPEAttributes.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/SNPE/IR/SNPEOps.h.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/SNPE/IR/SNPEOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Encoding
//===----------------------------------------------------------------------===//

EncodingAttr EncodingAttr::get(quant::UniformQuantizedType type) {
  // Signed codes are the unsigned ones minus half the range.
  int64_t levels = (int64_t(1) << type.getStorageTypeIntegralWidth()) - 1;
  int64_t base = type.isSigned() ? -(levels + 1) / 2 : 0;
  int64_t offset = base - type.getZeroPoint();
  Builder builder(type.getContext());
  double min = type.getScale() * static_cast<double>(offset);
  return get(type.getContext(), type.getStorageTypeIntegralWidth(),
             builder.getF64FloatAttr(min),
             builder.getF64FloatAttr(min + type.getScale() *
                                               static_cast<double>(levels)),
             builder.getF64FloatAttr(type.getScale()), offset);
}

LogicalResult EncodingAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                   int64_t bitwidth, FloatAttr min,
                                   FloatAttr max, FloatAttr scale,
                                   int64_t offset) {
  // encoding_c1
  if (bitwidth != 8)
    return emitError() << "expected a bitwidth of 8, got " << bitwidth;
  int64_t levels = (int64_t(1) << bitwidth) - 1;
  // encoding_c2
  if (offset < -levels || offset > 0)
    return emitError() << "expected an offset in [" << -levels << ", 0], got "
                       << offset;
  // encoding_c3
  double s = scale.getValueAsDouble();
  if (!(s > 0) || !std::isfinite(s))
    return emitError() << "expected a positive finite scale, got " << s;
  double expected = s * static_cast<double>(offset);
  if (min.getValueAsDouble() != expected)
    return emitError() << "expected the min scale * offset = " << expected
                       << ", got " << min.getValueAsDouble();
  expected += s * static_cast<double>(levels);
  if (max.getValueAsDouble() != expected)
    return emitError() << "expected the max min + scale * " << levels << " = "
                       << expected << ", got " << max.getValueAsDouble();
  return success();
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

static void setEncoding(Value value, NamedAttrList &attrs) {
  if (auto type = dyn_cast<quant::UniformQuantizedType>(
          getElementTypeOrSelf(value.getType())))
    attrs.set("encoding", EncodingAttr::get(type));
}

static bool isInteger(RequantAttr requant) {
  return requant && !requant.isReal() &&
         !numerics::isFloatKernel(requant.getKernel());
}
static bool hasIntegerKernel(Operation *op) {
  return isInteger(op->getAttrOfType<RequantAttr>("requant"));
}
static bool isDot(Operation *op) {
  return !op->hasAttr("requant") || hasIntegerKernel(op);
}
static bool isDequantize(Operation *op) {
  auto requant = op->getAttrOfType<RequantAttr>("requant");
  return isToFloat(op) && requant &&
         requant.getKernel() == numerics::RequantizeKernel::R14;
}
static bool isConvert(Operation *op) {
  auto requant = op->getAttrOfType<RequantAttr>("requant");
  return isOfCodes(op) && requant && requant.getScales().size() == 1 &&
         (op->hasAttr("variant") || isInteger(requant));
}
static bool hasVariant(Operation *op) { return op->hasAttr("variant"); }

static constexpr StringLiteral encoding[] = {"encoding"};
static constexpr DerivedAttrs resultEncoding{encoding,
                                             deriveOfResult<setEncoding>};
static constexpr DerivedAttrs inputEncoding{encoding,
                                            deriveOfInput<setEncoding>};

// `requant` and `variant` are those of step 4.
static constexpr OpRule rules[] = {
    {"conv2d",
     "conv2d",
     {},
     rawInput,
     isDot,
     resultEncoding,
     /*needsBias=*/true},
    {"fully_connected",
     "fully_connected",
     {},
     rawInput,
     isDot,
     resultEncoding,
     /*needsBias=*/true},
    {"transpose_conv2d",
     "transpose_conv2d",
     {},
     rawInput,
     isDot,
     resultEncoding,
     /*needsBias=*/true},
    {"mat_mul", "matmul", {}, {}, isDot, resultEncoding},
    {"dequantize_accumulator", "requantize", {}, {}, isDequantize},
    {"eltwise_add", "add", {}, {}, hasIntegerKernel, resultEncoding},
    {"eltwise_sub", "sub", {}, {}, hasIntegerKernel, resultEncoding},
    {"eltwise_mul", "mul", {}, {}, hasIntegerKernel, resultEncoding},
    {"pool_avg2d", "avg_pool2d", {}, {}, hasVariant, resultEncoding},
    {"reduce_mean", "mean", {}, {}, hasIntegerKernel, resultEncoding},
    {"convert", "requantize", {}, {}, isConvert, resultEncoding},
    {"lookup", "lookup", {}, {}, nullptr, resultEncoding},
    {"quantize", "quantize", {}, {}, isPerTensor, resultEncoding},
    {"dequantize", "dequantize", {}, {}, isPerTensor, inputEncoding},
};
static constexpr TargetDescription description = [] {
  TargetDescription target{"SNPE", rules};
  target.leastCodes = 255;
  return target;
}();

void SNPEDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "hwq/Dialect/SNPE/IR/SNPEAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/SNPE/IR/SNPEOps.cpp.inc"
      >();
  addInterface<TargetDialectInterface>(description);
}
