//===- QuantHWInterfaces.td - Op interfaces of the passes -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_QUANTHWINTERFACES_TD
#define HWQ_DIALECT_QUANTHW_IR_QUANTHWINTERFACES_TD

include "mlir/IR/OpBase.td"

def QuantizableOpInterface : OpInterface<"QuantizableOpInterface"> {
  let cppNamespace = "::hwq";
  let description = [{
    What the passes from `observe` to step 1 must know of a float op. TOSA ops get
    it as external models (`registerTosaExternalModels`); another compiler attaches
    it to ops of its own in the same way.
  }];
  let methods = [
    InterfaceMethod<[{
      The kind by which a descriptor names this op: "conv2d", "add", "softmax", ...
    }], "::llvm::StringRef", "getOpKind">,
    InterfaceMethod<[{
      Operands that carry activations, and so get quantization parameters.
    }], "::llvm::SmallVector<unsigned>", "getActivationOperands">,
    InterfaceMethod<[{
      The operand that holds weights, if any. Channels are its axis 0.
    }], "::std::optional<unsigned>", "getWeightOperand", (ins), "", "return std::nullopt;">,
    InterfaceMethod<[{
      The operand that holds the bias in real units, if any.
    }], "::std::optional<unsigned>", "getBiasOperand", (ins), "", "return std::nullopt;">,
    InterfaceMethod<[{
      The op only moves or selects values: the result has the parameters of the
      operands, which must agree.
    }], "bool", "isDataMovement", (ins), "", "return false;">,
    InterfaceMethod<[{
      A relu or clamp whose only input comes from this op is computed by this op.
    }], "bool", "absorbsClamp", (ins), "", "return false;">,
    InterfaceMethod<[{
      The op adds up products: it has an accumulator that can be dequantized, too.
    }], "bool", "hasAccumulator", (ins), "", [{
      return ::llvm::cast<::hwq::QuantizableOpInterface>($_op.getOperation())
          .getWeightOperand().has_value();
    }]>,
    InterfaceMethod<[{
      The function that an elementwise op of one input applies, in f64, as a table of
      codes needs it; none for other ops.
    }], "::std::function<double(double)>", "getUnaryFunction", (ins), "", "return {};">,
    InterfaceMethod<[{
      Builds the integer form (step 1) of this op at the builder's insertion point,
      or returns failure, with a reason, where this op can't be computed in integers;
      the op then stays float.
    }], "::mlir::FailureOr<::mlir::Value>", "buildIntegerForm",
        (ins "::mlir::OpBuilder &":$builder, "const ::hwq::IntegerForm &":$form,
             "::std::string &":$reason)>,
  ];
}

def RequantizableOpInterface : OpInterface<"RequantizableOpInterface"> {
  let cppNamespace = "::hwq";
  let description = [{
    An integer op whose accumulator can be requantized by the op itself.
  }];
  let methods = [
    InterfaceMethod<[{
      Whether the op may take this requantization in, without a change of any value.
    }], "bool", "canAbsorbRequantize", (ins "::hwq::RequantAttr":$requant)>,
    InterfaceMethod<[{
      Replaces the op by one that also requantizes: result of type `resultType`.
    }], "::mlir::Value", "absorbRequantize",
        (ins "::mlir::OpBuilder &":$builder, "::hwq::RequantAttr":$requant,
             "::mlir::Type":$resultType)>,
  ];
}

#endif // HWQ_DIALECT_QUANTHW_IR_QUANTHWINTERFACES_TD
