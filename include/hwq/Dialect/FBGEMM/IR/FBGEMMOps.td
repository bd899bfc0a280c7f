//===- FBGEMMOps.td - The program of PyTorch's x86 engine -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_FBGEMM_IR_FBGEMMOPS_TD
#define HWQ_DIALECT_FBGEMM_IR_FBGEMMOPS_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def FBGEMM_Dialect : Target_Dialect<"fbgemm"> {
  let summary = "The program of PyTorch's quantized operators on FBGEMM.";
  let description = [{
    Quantized operators with what FBGEMM's output stages get: `C_multiplier`, the factor
    from accumulators to the output in f32, and a bias in f32. The operand `bias` of a dot
    product is what the zero points of input and weights contribute (row and column
    offsets). Zero points are those of the types. Data movement and max pooling stay TOSA
    ops.
  }];
}

defvar FBGEMM_Clamp = (ins OptionalAttr<I32Attr>:$clamp_min, OptionalAttr<I32Attr>:$clamp_max,
  UnitAttr:$fuse_relu);
defvar FBGEMM_Dot = !con((ins OptionalAttr<DenseF32ArrayAttr>:$C_multiplier,
  OptionalAttr<DenseF32ArrayAttr>:$scaled_bias, OptionalAttr<DenseF32ArrayAttr>:$bias_scale),
  FBGEMM_Clamp);
defvar FBGEMM_Relu = "4. (_c4) `fuse_relu` is there where `clamp_min` is the code of 0";
defvar FBGEMM_DotLimits =
    !strconcat("a requantized result has `C_multiplier`, one or one per channel;\n", FBGEMM_Relu);

def FBGEMM_Conv2DOp : Target_Conv2DOp<FBGEMM_Dialect, "conv2d", FBGEMM_Dot, [{
```
A = sum(qx * (qw - Zw)) + bias                    padding is the code pad_value
v = f32(f32(A) + scaled_bias[c])                  scaled_bias = f32(b / (s_x * s_w[c]))
v = fma(scaled_bias[c], bias_scale, f32(A))       weights with one scale: b and f32(1 / (s_x * s_w))
y = clamp(RNE(f32(v * C_multiplier[c])) + Zy, clamp_min, clamp_max)
```

Without `C_multiplier` the result is A.
}], FBGEMM_DotLimits, [{
%y = fbgemm.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32,
    C_multiplier = array<f32: 0.5>, scaled_bias = array<f32: 1.5, -0.25>,
    bias_scale = array<f32: 8.0>, clamp_min = 7 : i32, fuse_relu}
    : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>,
       tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
    -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "quantized::conv2d, with relu";
}
def FBGEMM_LinearOp : Target_FullyConnectedOp<FBGEMM_Dialect, "linear", FBGEMM_Dot, [{
As `fbgemm.conv2d` without a window: input [..., I], weights [O, I].
}], FBGEMM_DotLimits, [{
%y = fbgemm.linear %x, %w, %b {C_multiplier = array<f32: 0.5>,
    scaled_bias = array<f32: 12.0, -2.0>}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "quantized::linear, with relu";
}
def FBGEMM_ConvTranspose2DOp : Target_TransposeConv2DOp<FBGEMM_Dialect, "conv_transpose2d", FBGEMM_Dot, [{
As `fbgemm.conv2d` of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation` around
it less the padding, all of them pad_value, the taps in reverse order; weights O,KH,KW,C/groups.
}], FBGEMM_DotLimits, [{
%y = fbgemm.conv_transpose2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
    output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
    groups = 1 : i64, pad_value = 3 : i32, C_multiplier = array<f32: 0.5>}
    : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>,
       tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
    -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "quantized::conv_transpose2d";
}
def FBGEMM_MatMulOp : Target_MatMulOp<FBGEMM_Dialect, "matmul", FBGEMM_Dot, [{
[..., M, K] times [..., K, N]; `A = sum((qa - Za) * (qb - Zb))`, requantized as by
`fbgemm.conv2d`.
}], FBGEMM_DotLimits, [{
%y = fbgemm.matmul %a, %b {C_multiplier = array<f32: 0.5>}
    : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "quantized::matmul of two activations";
}
def FBGEMM_RequantizeForFloatOp : Target_RequantizeOp<FBGEMM_Dialect, "requantize_for_float",
    (ins DenseF32ArrayAttr:$act_times_w_scale, OptionalAttr<DenseF32ArrayAttr>:$float_bias), [{
`y = f32(f32(f32(A) * act_times_w_scale[c]) + float_bias[c])`: a layer whose result stays float.
}], "`act_times_w_scale` has one value or one per channel", [{
%y = fbgemm.requantize_for_float %x {act_times_w_scale = array<f32: 0.125>,
    float_bias = array<f32: 1.5, -0.25>} : (tensor<?x2xi32>) -> tensor<?x2xf32>
}]> {
  let summary = "ReQuantizeForFloat: accumulators to float";
}

defvar FBGEMM_SumFields = !con((ins F32Attr:$A_scale, F32Attr:$B_scale, F32Attr:$C_scale),
  FBGEMM_Clamp);
class FBGEMM_SumOp<string mnemonic, string stepFour, string sign, string example>
    : Target_BinaryOp<FBGEMM_Dialect, mnemonic, stepFour, FBGEMM_SumFields, [{
```
}] # "x = f32(fma(A_scale, a, f32(-f32(A_scale * Za))) " # sign
   # " fma(B_scale, b, f32(-f32(B_scale * Zb))))" # [{
y = clamp(RNE(f32(x * f32(1 / C_scale))) + Zy, clamp_min, clamp_max)
```
}], !strconcat("the scales are positive;\n", FBGEMM_Relu), example>;
def FBGEMM_AddOp : FBGEMM_SumOp<"add", "add", "+", [{
%y = fbgemm.add %a, %b {A_scale = 0.5 : f32, B_scale = 0.25 : f32, C_scale = 0.25 : f32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "quantized::add, with relu";
}
def FBGEMM_SubOp : FBGEMM_SumOp<"sub", "sub", "-", [{
%y = fbgemm.sub %a, %b {A_scale = 0.5 : f32, B_scale = 0.25 : f32, C_scale = 0.25 : f32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "the difference in the arithmetic of quantized::add";
}
def FBGEMM_MulOp : Target_BinaryOp<FBGEMM_Dialect, "mul", "mul",
    !con((ins F32Attr:$C_multiplier), FBGEMM_Clamp), [{
`y = clamp(RNE(f32((a - Za) * (b - Zb) * C_multiplier)) + Zy)`, `C_multiplier = f32(f32(s_a * s_b) *
f32(1 / s_y))`.
}], !strconcat("`C_multiplier` stands for the scales;\n", FBGEMM_Relu), [{
%y = fbgemm.mul %a, %b {C_multiplier = 0.5 : f32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "quantized::mul, with relu";
}

def FBGEMM_AvgPool2DOp : Target_AvgPool2DOp<FBGEMM_Dialect, "avg_pool2d", (ins StrAttr:$memory_format), [{
```
channels_last   y = clamp(RNE(f32(f32(sum(q - Z)) * f32(1/n))) + Z)
contiguous      y = clamp(RNE(f32(f32(sum(q - Z) * f32(1/n)) + Z)))
adaptive        y = clamp(RNE(f32(f32(sum(q)) * f32(1/n))))
```

n the valid taps; input and result have one scale and zero point.
}], "`memory_format` is one of these", [{
%y = fbgemm.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
    pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, memory_format = "channels_last"}
    : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>)
    -> tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>
}]> {
  let summary = "avg_pool2d and adaptive_avg_pool2d";
}
def FBGEMM_RequantizeOp : Target_UnaryOp<FBGEMM_Dialect, "requantize", "requantize",
    !con((ins StrAttr:$memory_format, F32Attr:$ratio), FBGEMM_Clamp), [{
Inputs of quantized::cat with another scale, dequantized and quantized: `clamp(RNE(f32(x * f32(1/s_y)))
+ Zy)` with `x = fma(q, s_x, f32(-f32(s_x * Zx)))`, memory_format `channels_last`, or `x = f32((q - Zx) *
s_x)`, `contiguous`.
}], !strconcat("`memory_format` is one of these, `ratio` the quotient of the scales;\n", FBGEMM_Relu), [{
%y = fbgemm.requantize %x {memory_format = "channels_last", ratio = 2.0 : f32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "codes to another scale";
}

def FBGEMM_QuantizeOp : Target_QuantizeOp<FBGEMM_Dialect, "quantize_per_tensor", (ins), [{
`clamp(RNE(f32(x * f32(1/s))) + Z)`.
}], "", [{
%y = fbgemm.quantize_per_tensor %x
    : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>
}]> {
  let summary = "quantize_per_tensor";
}
def FBGEMM_DequantizeOp : Target_DequantizeOp<FBGEMM_Dialect, "dequantize", (ins), [{
`x = f32(scale) * (q - zero_point)`.
}], "", [{
%y = fbgemm.dequantize %x : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x4xf32>
}]> {
  let summary = "dequantize";
}

#endif // HWQ_DIALECT_FBGEMM_IR_FBGEMMOPS_TD
