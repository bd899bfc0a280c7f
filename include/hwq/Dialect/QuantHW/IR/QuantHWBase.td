//===- QuantHWBase.td - The dialect and its enums -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_QUANTHWBASE_TD
#define HWQ_DIALECT_QUANTHW_IR_QUANTHWBASE_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def QuantHW_Dialect : Dialect {
  let name = "quant_hw";
  let summary = "A network on its way from float to the integers of one hardware.";
  let description = [{
    `quant_hw` carries a network from floating point to the integer program that
    one piece of inference hardware executes, in steps that each verify, print
    and run. Activations and weights have `!quant.uniform` element types, so scale
    and zero point are in the type; accumulators are plain integers; everything
    that a requantization needs stands in one attribute, `#quant_hw.requant`.
    Data movement and max pooling stay TOSA ops.

    Module attributes: `quant_hw.form` says which form the program is in,
    `quant_hw.backend` holds the descriptor of the hardware it is made for. The
    name of a tensor is the `quant_hw.name` attribute of the op (or of the
    function argument) that makes it.
  }];
  let cppNamespace = "::hwq";
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::quant::QuantDialect", "::mlir::tosa::TosaDialect"];
}

// An enum of hwq/Numerics as an attribute parameter, spelled by its one table.
class QuantHW_NumericsEnum<string cppName, string default = "">
    : AttrParameter<"::hwq::numerics::" # cppName, "an enum of hwq/Numerics"> {
  let parser = "::hwq::parseNumericsEnum<::hwq::numerics::" # cppName # ">($_parser)";
  let printer = "$_printer << ::llvm::StringRef(::hwq::numerics::stringify($_self))";
  let defaultValue = default;
}

// Doubles that survive text: upstream prints array attributes with six digits.
def QuantHW_F64Array : AttrParameter<"::mlir::DenseF64ArrayAttr", "doubles"> {
  let parser = "::hwq::parseF64Array($_parser)";
  let printer = "::hwq::printF64Array($_printer, $_self)";
}

def QuantHW_OptionalF64Array : OptionalParameter<"::mlir::DenseF64ArrayAttr", "doubles"> {
  let parser = "::hwq::parseF64Array($_parser)";
  let printer = "::hwq::printF64Array($_printer, $_self)";
}

def QuantHW_UnaryKind : I32EnumAttr<"UnaryKind", "an elementwise function", [
    I32EnumAttrCase<"HardSwish", 0, "hard_swish">,
    I32EnumAttrCase<"LeakyRelu", 1, "leaky_relu">,
    I32EnumAttrCase<"Identity", 2, "identity">,
    I32EnumAttrCase<"Table", 3, "table">]> {
  let cppNamespace = "::hwq";
  let genSpecializedAttr = 0;
}
def QuantHW_UnaryKindAttr : EnumAttr<QuantHW_Dialect, QuantHW_UnaryKind, "unary_kind"> {
  let assemblyFormat = "$value";
}

#endif // HWQ_DIALECT_QUANTHW_IR_QUANTHWBASE_TD
