//===- EvaluatableOpInterface.td - Ops that can be executed -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_RUNTIME_EVALUATABLEOPINTERFACE_TD
#define HWQ_RUNTIME_EVALUATABLEOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def EvaluatableOpInterface : OpInterface<"EvaluatableOpInterface"> {
  let cppNamespace = "::hwq";
  let description = [{
    An op that the evaluator can execute. All models, those of hwq's own ops too,
    are external models (`registerEvaluatableModels`), so that the dialects do not
    depend on the runtime.
  }];
  let methods = [
    InterfaceMethod<[{
      Makes the op ready to run, or emits an error on the op that says what it can't do.
    }], "::mlir::FailureOr<::std::unique_ptr<::hwq::runtime::Kernel>>", "buildKernel",
        (ins "const ::hwq::runtime::KernelContext &":$context)>,
  ];
}

#endif // HWQ_RUNTIME_EVALUATABLEOPINTERFACE_TD
