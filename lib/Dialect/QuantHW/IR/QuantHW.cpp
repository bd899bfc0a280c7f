//===- QuantHW.cpp - The quant_hw dialect -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace hwq;

FailureOr<DenseF64ArrayAttr> hwq::parseF64Array(AsmParser &parser) {
  SmallVector<double> values;
  auto parseElement = [&]() -> ParseResult {
    return parser.parseFloat(values.emplace_back());
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                     parseElement))
    return failure();
  return parser.getBuilder().getDenseF64ArrayAttr(values);
}

void hwq::printF64Array(AsmPrinter &printer, DenseF64ArrayAttr values) {
  printer << '[';
  llvm::interleaveComma(values.asArrayRef(), printer, [&](double value) {
    printer.printFloat(APFloat(value));
  });
  printer << ']';
}

// The same as a custom directive of an op.
namespace hwq {
static ParseResult parseF64Array(OpAsmParser &parser,
                                 DenseF64ArrayAttr &values) {
  FailureOr<DenseF64ArrayAttr> parsed =
      parseF64Array(static_cast<AsmParser &>(parser));
  if (failed(parsed))
    return failure();
  values = *parsed;
  return success();
}

static void printF64Array(OpAsmPrinter &printer, Operation *,
                          DenseF64ArrayAttr values) {
  printF64Array(printer, values);
}

// `T` for two equal types, `T -> U` for others.
static ParseResult parseOneOrTwoTypes(OpAsmParser &parser, Type &first,
                                      Type &second) {
  if (parser.parseType(first))
    return failure();
  second = first;
  return succeeded(parser.parseOptionalArrow()) ? parser.parseType(second)
                                                : ParseResult(success());
}

static void printOneOrTwoTypes(OpAsmPrinter &printer, Operation *, Type first,
                               Type second) {
  printer << first;
  if (second != first)
    printer << " -> " << second;
}
} // namespace hwq

#include "hwq/Dialect/QuantHW/IR/QuantHWDialect.cpp.inc"
#include "hwq/Dialect/QuantHW/IR/QuantHWEnums.cpp.inc"
#include "hwq/Dialect/QuantHW/IR/QuantHWInterfaces.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "hwq/Dialect/QuantHW/IR/QuantHWAttributes.cpp.inc"
#define GET_OP_CLASSES
#include "hwq/Dialect/QuantHW/IR/QuantHWOps.cpp.inc"

void QuantHWDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "hwq/Dialect/QuantHW/IR/QuantHWAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "hwq/Dialect/QuantHW/IR/QuantHWOps.cpp.inc"
      >();
}
