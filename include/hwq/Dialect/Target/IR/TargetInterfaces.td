//===- TargetInterfaces.td - What ops of target dialects are -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_TARGET_IR_TARGETINTERFACES_TD
#define HWQ_DIALECT_TARGET_IR_TARGETINTERFACES_TD

include "mlir/IR/OpBase.td"

def TargetOpInterface : OpInterface<"TargetOpInterface"> {
  let cppNamespace = "::hwq";
  let description = [{
    An op of a target dialect. It computes what one op of quant_hw's step 4 computes,
    and says so in the words of the target; evaluator, verifier and writers of files
    ask for that op, so that its arithmetic is defined once.
  }];
  let methods = [
    InterfaceMethod<[{
      The op of quant_hw's step 4 on the same operands, with the name of this one. It is
      in no block and belongs to the caller. An error on this op where its attributes
      stand for none.
    }], "::mlir::FailureOr<::mlir::Operation *>", "buildStepFour", (ins), "",
      "return ::hwq::buildStepFour($_op.getOperation());">,
  ];
  let verify = "return ::hwq::verifyTargetOp($_op);";
}

#endif // HWQ_DIALECT_TARGET_IR_TARGETINTERFACES_TD
