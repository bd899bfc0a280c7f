//===- TensorRTOps.td - The program of TensorRT's INT8 engines -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_TENSORRT_IR_TENSORRTOPS_TD
#define HWQ_DIALECT_TENSORRT_IR_TENSORRTOPS_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def TensorRT_Dialect : Target_Dialect<"trt"> {
  let summary = "The program of TensorRT's INT8 layers.";
  let description = [{
    Layers under TensorRT's names on codes with the zero point 0. What a layer computes
    behind its accumulators it computes in f32: `scale` is f32(s_x * s_w), the bias and a
    residual are real. NVIDIA's kernels are closed; this is the arithmetic that is
    documented. Data movement, concatenation and max pooling stay TOSA ops.
  }];
}

defvar TensorRT_Clamp = (ins OptionalAttr<I32Attr>:$clamp_min, OptionalAttr<I32Attr>:$clamp_max);
defvar TensorRT_Dot = !con((ins OptionalAttr<DenseF32ArrayAttr>:$scale,
  OptionalAttr<DenseF32ArrayAttr>:$real_bias), TensorRT_Clamp);
defvar TensorRT_DotLimits =
    "a requantized result has `scale`, one or one per channel";

class TensorRT_ConvOp<string mnemonic, string text, string example>
    : Target_Conv2DOp<TensorRT_Dialect, mnemonic, TensorRT_Dot, text # [{
```
A = sum(qx * qw)                                  padding 0
y = clamp(RNE(f32(f32(f32(A) * scale[c]) + real_bias[c]) / s_y), clamp_min, clamp_max)
```

Without `scale` the result is A. The bounds are those of a fused activation.
}], TensorRT_DotLimits, example>;
def TensorRT_ConvolutionOp : TensorRT_ConvOp<"convolution", "", [{
%y = trt.convolution %x, %w {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, scale = array<f32: 0.125>,
    real_bias = array<f32: 1.5, -0.25>, clamp_min = 0 : i32}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "IConvolutionLayer, requantized or to accumulators";
}
def TensorRT_FullyConnectedOp : Target_FullyConnectedOp<TensorRT_Dialect, "fully_connected",
    TensorRT_Dot, [{
As `trt.convolution` without a window: input [..., I], weights [O, I].
}], TensorRT_DotLimits, [{
%y = trt.fully_connected %x, %w {scale = array<f32: 0.125>,
    real_bias = array<f32: 1.5, -0.25>}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "IFullyConnectedLayer, or a product with constant weights";
}
def TensorRT_DeconvolutionOp : Target_TransposeConv2DOp<TensorRT_Dialect, "deconvolution", TensorRT_Dot, [{
As `trt.convolution` of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation` around
it less the padding, all of them pad_value, the taps in reverse order; weights O,KH,KW,C/groups.
}], TensorRT_DotLimits, [{
%y = trt.deconvolution %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
    stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
    scale = array<f32: 0.125>, real_bias = array<f32: 1.5, -0.25>}
    : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "IDeconvolutionLayer, requantized or to accumulators";
}
def TensorRT_MatrixMultiplyOp : Target_MatMulOp<TensorRT_Dialect, "matrix_multiply", TensorRT_Dot, [{
[..., M, K] times [..., K, N]; `A = sum(a * b)`, and behind it as `trt.convolution`.
}], TensorRT_DotLimits, [{
%y = trt.matrix_multiply %a, %b {scale = array<f32: 0.125>}
    : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "IMatrixMultiplyLayer of two activations";
}
def TensorRT_EpilogueOp : Target_RequantizeOp<TensorRT_Dialect, "epilogue", !con(
    (ins DenseF32ArrayAttr:$scale, OptionalAttr<DenseF32ArrayAttr>:$real_bias), TensorRT_Clamp), [{
```
v = f32(f32(f32(A) * scale[c]) + real_bias[c]) + f32(s_r * r))
y = clamp(RNE(v / s_y), clamp_min, clamp_max), or v where the result is float
```

The rest of a layer whose convolution adds a residual r or stays float: TensorRT runs both as one
kernel.
}], "`scale` has one value or one per channel", [{
%y = trt.epilogue %x, %r {scale = array<f32: 0.125>, real_bias = array<f32: 1.5, -0.25>}
    : (tensor<?x2xi32>, tensor<?x2x!quant.uniform<i8:f32, 0.5>>)
    -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "bias, addition and activation behind accumulators";
}

defvar TensorRT_SumFields = !con((ins F32Attr:$lhs_scale, F32Attr:$rhs_scale, F32Attr:$output_scale),
  TensorRT_Clamp);
class TensorRT_SumOp<string mnemonic, string stepFour, string sign, string example>
    : Target_BinaryOp<TensorRT_Dialect, mnemonic, stepFour, TensorRT_SumFields,
        "`y = clamp(RNE(f32(f32(a * lhs_scale) " # sign
      # " f32(b * rhs_scale)) / output_scale), clamp_min, clamp_max)`.\n",
        "the scales are positive", example>;
def TensorRT_ElementWiseSumOp : TensorRT_SumOp<"element_wise_sum", "add", "+", [{
%y = trt.element_wise_sum %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
    output_scale = 0.25 : f32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "IElementWiseLayer kSUM";
}
def TensorRT_ElementWiseSubOp : TensorRT_SumOp<"element_wise_sub", "sub", "-", [{
%y = trt.element_wise_sub %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
    output_scale = 0.25 : f32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "IElementWiseLayer kSUB";
}
def TensorRT_ElementWiseProdOp : Target_BinaryOp<TensorRT_Dialect, "element_wise_prod", "mul",
    !con((ins F32Attr:$ratio), TensorRT_Clamp), [{
`y = clamp(RNE(f32(f32(a * s_a) * f32(b * s_b)) / s_y), clamp_min, clamp_max)`.
}], "`ratio` is f32(s_a * s_b / s_y)", [{
%y = trt.element_wise_prod %a, %b {ratio = 0.5 : f32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "IElementWiseLayer kPROD";
}
def TensorRT_PoolingAverageOp : Target_AvgPool2DOp<TensorRT_Dialect, "pooling_average",
    (ins F32Attr:$ratio), [{
`y = clamp(RNE(f32(avg / s_y)))`, avg the f32 average of `f32(q * s_x)`, padding not counted.
}], "`ratio`, f32(s_x / s_y), is positive", [{
%y = trt.pooling_average %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
    pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, ratio = 2.0 : f32}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>)
    -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "IPoolingLayer kAVERAGE";
}
def TensorRT_RescaleOp : Target_UnaryOp<TensorRT_Dialect, "rescale", "requantize",
    !con((ins F32Attr:$scale), TensorRT_Clamp), [{
IDequantizeLayer and IQuantizeLayer in one: `y = clamp(RNE(f32(f32(q * scale) / s_y)))`.
}], "`scale` is that of the operand", [{
%y = trt.rescale %x {scale = 0.5 : f32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "codes to another scale";
}
def TensorRT_QuantizeOp : Target_QuantizeOp<TensorRT_Dialect, "quantize",
    (ins F32Attr:$scale, StrAttr:$rounding), [{
```
divide       clamp(RNE(f32(x / scale)))
reciprocal   clamp(RNE(f32(x * f32(1 / scale))))      MQBench
```
}], "`rounding` is one of these;\n4. (_c4) `scale` is that of the result's type", [{
%y = trt.quantize %x {scale = 0.5 : f32, rounding = "divide"}
    : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.5>>
}]> {
  let summary = "IQuantizeLayer";
}
def TensorRT_DequantizeOp : Target_DequantizeOp<TensorRT_Dialect, "dequantize", (ins F32Attr:$scale), [{
`x = scale * q`.
}], "`scale` is that of the operand's type", [{
%y = trt.dequantize %x {scale = 0.5 : f32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4xf32>
}]> {
  let summary = "IDequantizeLayer";
}

#endif // HWQ_DIALECT_TENSORRT_IR_TENSORRTOPS_TD
