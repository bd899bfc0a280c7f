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

def ConvertQuantHWToTosaPass : Pass<"convert-quant-hw-to-tosa", "::mlir::ModuleOp"> {
  let summary = "step 4 to integer TOSA";
  let description = [{
    Dot products become TOSA's i8 convolutions with zero points, requantizations
    `tosa.rescale` (`DOUBLE_ROUND` for kernel r1, `SINGLE_ROUND` for r2, r6, r7 and
    r10, two of them for r11), tables `tosa.table`; quantize and dequantize are float
    ops that give the same bits on every implementation. Codes are plain i8, unsigned
    ones less 128; named tensors keep scale and zero point in the attributes
    `quant_hw.scale` and `quant_hw.zero_point`. Paddings and inputs lose what no
    window reads, since TOSA's windows must cover them.

    Every integer stays what it was. What TOSA has no arithmetic for is an error that
    names the op and the reason: float kernels, averages and additions with formulas
    of their own, accumulators beyond the domain of `tosa.rescale`, ops that are
    computed in float.
  }];
  let dependentDialects = ["::mlir::tosa::TosaDialect"];
}

#endif // HWQ_CONVERSION_PASSES_TD
