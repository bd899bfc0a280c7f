//===- Passes.td - From step 4 to the target dialects -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CONVERSION_PASSES_TD
#define HWQ_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

class ConvertQuantHWToTargetPass<string dialect, string cppDialect, string argument = dialect>
    : Pass<"convert-quant-hw-to-" # argument, "::mlir::ModuleOp"> {
  let summary = "step 4 to the " # dialect # " dialect";
  let description = [{
    Every integer op becomes the one of the target that computes it, in the target's
    words. An op that the target does not have is an error that names op and reason.
    Data movement, max pooling and what stayed float are not touched.
  }];
  let dependentDialects = ["::hwq::" # dialect # "::" # cppDialect];
}

def ConvertQuantHWToACLPass : ConvertQuantHWToTargetPass<"acl", "ACLDialect">;
def ConvertQuantHWToDPUPass : ConvertQuantHWToTargetPass<"dpu", "DPUDialect">;
def ConvertQuantHWToFBGEMMPass : ConvertQuantHWToTargetPass<"fbgemm", "FBGEMMDialect">;
def ConvertQuantHWToNNPIPass : ConvertQuantHWToTargetPass<"nnpi", "NNPIDialect">;
def ConvertQuantHWToOpenVINOPass : ConvertQuantHWToTargetPass<"openvino", "OpenVINODialect">;
def ConvertQuantHWToQNNPass : ConvertQuantHWToTargetPass<"qnn", "QNNDialect">;
def ConvertQuantHWToSNPEPass : ConvertQuantHWToTargetPass<"snpe", "SNPEDialect">;
def ConvertQuantHWToSophgoPass : ConvertQuantHWToTargetPass<"sophgo", "SophgoDialect">;
def ConvertQuantHWToTensorRTPass : ConvertQuantHWToTargetPass<"trt", "TensorRTDialect">;
def ConvertQuantHWToTFLitePass : ConvertQuantHWToTargetPass<"tflite", "TFLiteDialect">;
def ConvertQuantHWToTVMPass : ConvertQuantHWToTargetPass<"tvm_qnn", "TVMDialect", "tvm-qnn">;

#endif // HWQ_CONVERSION_PASSES_TD
