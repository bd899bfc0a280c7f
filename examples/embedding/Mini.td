//===- Mini.td - A dialect with one op -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MINI_TD
#define MINI_TD

include "hwq/Dialect/QuantHW/IR/QuantHWInterfaces.td"
include "hwq/Runtime/EvaluatableOpInterface.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def MiniDialect : Dialect {
  let name = "mini";
  let cppNamespace = "::mini";
}

def SoftsignOp : Op<MiniDialect, "softsign", [
    Pure, AllTypesMatch<["input", "output"]>,
    // What hwq must know to quantize it, and to run the float program.
    DeclareOpInterfaceMethods<QuantizableOpInterface, ["getUnaryFunction"]>,
    DeclareOpInterfaceMethods<EvaluatableOpInterface>]> {
  let summary = "x / (1 + |x|), element by element";
  let arguments = (ins RankedTensorOf<[F32]>:$input);
  let results = (outs RankedTensorOf<[F32]>:$output);
  let assemblyFormat = "$input attr-dict `:` type($output)";
}

#endif // MINI_TD
