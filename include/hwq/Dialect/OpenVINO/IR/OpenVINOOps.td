//===- OpenVINOOps.td - The program of OpenVINO's CPU plugin -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_OPENVINO_IR_OPENVINOOPS_TD
#define HWQ_DIALECT_OPENVINO_IR_OPENVINOOPS_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def OpenVINO_Dialect : Target_Dialect<"openvino", /*channels=*/1> {
  let summary = "The program of OpenVINO's CPU plugin.";
  let description = [{
    FakeQuantize with its limits where codes begin, and the operations behind it as the
    low-precision transformations leave them: a convolution of codes, then one factor and a
    bias in f32. Data movement, concatenation and max pooling stay TOSA ops.
  }];
}

defvar OpenVINO_Clamp = (ins OptionalAttr<I32Attr>:$clamp_min, OptionalAttr<I32Attr>:$clamp_max);
defvar OpenVINO_Dot = !con((ins OptionalAttr<DenseF32ArrayAttr>:$scale,
  OptionalAttr<DenseF32ArrayAttr>:$scaled_bias, OptionalAttr<DenseF32ArrayAttr>:$bias_scale),
  OpenVINO_Clamp, (ins OptionalAttr<DenseI32ArrayAttr>:$channel_clamp_min,
       OptionalAttr<DenseI32ArrayAttr>:$channel_clamp_max));
defvar OpenVINO_DotLimits =
    "a requantized result has `scale`, one or one per channel";

class OpenVINO_ConvOp<string mnemonic, string text, string example>
    : Target_Conv2DOp<OpenVINO_Dialect, mnemonic, OpenVINO_Dot, text # [{
```
A = sum(qx * qw) + bias                           padding is the code pad_value
v = f32(f32(A) + scaled_bias[c])                  scaled_bias = b / (s_x * s_w[c])
y = clamp(RNE(f32(v * scale[c])) + Zy, clamp_min, clamp_max)
```

Without `scale` the result is A. Where the input has a scale for each channel, W'[o,i] = s_x[i] * W[o,i]
are the weights, the scale of an accumulator is that of the weights, and padding is the zero point of its
channel, without pad_value. Where the result has them, so have Zy and the bounds, which are
channel_clamp_min and channel_clamp_max.
}], OpenVINO_DotLimits, example>;
def OpenVINO_ConvolutionOp : OpenVINO_ConvOp<"convolution", "", [{
%y = openvino.convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32, scale = array<f32: 0.5>,
    scaled_bias = array<f32: 12.0, -2.0>, clamp_min = 7 : i32}
    : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>,
       tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
    -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "Convolution of codes";
}
def OpenVINO_GroupConvolutionOp : OpenVINO_ConvOp<"group_convolution", "", [{
%y = openvino.group_convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
    stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32,
    scale = array<f32: 0.5>, scaled_bias = array<f32: 12.0, -2.0>}
    : (tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:3>>,
       tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
    -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "GroupConvolution of codes";
}
def OpenVINO_FullyConnectedOp : Target_FullyConnectedOp<OpenVINO_Dialect, "fully_connected", OpenVINO_Dot, [{
As `openvino.convolution` without a window: input [..., I], weights [O, I].
}], OpenVINO_DotLimits, [{
%y = openvino.fully_connected %x, %w, %b {scale = array<f32: 0.5>,
    scaled_bias = array<f32: 12.0, -2.0>}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "MatMul of codes with constant weights";
}
def OpenVINO_ConvolutionBackpropDataOp : Target_TransposeConv2DOp<OpenVINO_Dialect, "convolution_backprop_data", OpenVINO_Dot, [{
As `openvino.convolution` of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation` around
it less the padding, all of them pad_value, the taps in reverse order; weights O,KH,KW,C/groups.
}], OpenVINO_DotLimits, [{
%y = openvino.convolution_backprop_data %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
    output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
    groups = 1 : i64, pad_value = 3 : i32, scale = array<f32: 0.5>,
    scaled_bias = array<f32: 12.0, -2.0>}
    : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>,
       tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
    -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "ConvolutionBackpropData of codes";
}
def OpenVINO_MatMulOp : Target_MatMulOp<OpenVINO_Dialect, "mat_mul", OpenVINO_Dot, [{
[..., M, K] times [..., K, N]; `A = sum((qa - Za) * (qb - Zb))`, requantized
as by `openvino.convolution`.
}], OpenVINO_DotLimits, [{
%y = openvino.mat_mul %a, %b {scale = array<f32: 0.5>}
    : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "MatMul of two activations";
}
def OpenVINO_DequantizationOp : Target_RequantizeOp<OpenVINO_Dialect, "dequantization",
    (ins DenseF32ArrayAttr:$scale, OptionalAttr<DenseF32ArrayAttr>:$real_bias), [{
`y = f32(f32(f32(A) * scale[c]) + real_bias[c])`: Convert, Multiply and Add behind a layer whose result
stays float.
}], "`scale` has one value or one per channel", [{
%y = openvino.dequantization %x {scale = array<f32: 0.125>, real_bias = array<f32: 1.5, -0.25>}
    : (tensor<?x2xi32>) -> tensor<?x2xf32>
}]> {
  let summary = "accumulators to float";
}

defvar OpenVINO_SumFields = !con((ins F32Attr:$lhs_scale, F32Attr:$rhs_scale, F32Attr:$output_scale),
  OpenVINO_Clamp);
class OpenVINO_SumOp<string mnemonic, string stepFour, string sign, string example>
    : Target_BinaryOp<OpenVINO_Dialect, mnemonic, stepFour, OpenVINO_SumFields,
        "`y = clamp(RNE(f32(f32((a - Za) * lhs_scale) " # sign
      # " f32((b - Zb) * rhs_scale)) / output_scale) + Zy, clamp_min, clamp_max)`.\n",
        "the scales are positive", example>;
def OpenVINO_AddOp : OpenVINO_SumOp<"add", "add", "+", [{
%y = openvino.add %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
    output_scale = 0.25 : f32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "Add and FakeQuantize";
}
def OpenVINO_SubtractOp : OpenVINO_SumOp<"subtract", "sub", "-", [{
%y = openvino.subtract %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
    output_scale = 0.25 : f32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "Subtract and FakeQuantize";
}
def OpenVINO_MultiplyOp : Target_BinaryOp<OpenVINO_Dialect, "multiply", "mul",
    !con((ins F32Attr:$ratio), OpenVINO_Clamp), [{
`y = clamp(RNE(f32(f32((a - Za) * s_a) * f32((b - Zb) * s_b)) / s_y) + Zy, clamp_min, clamp_max)`.
}], "`ratio` is f32(s_a * s_b / s_y)", [{
%y = openvino.multiply %a, %b {ratio = 0.5 : f32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "Multiply and FakeQuantize";
}
def OpenVINO_AvgPoolOp : Target_AvgPool2DOp<OpenVINO_Dialect, "avg_pool", (ins F32Attr:$ratio), [{
`y = clamp(RNE(f32(avg / s_y)) + Zy)`, avg the f32 average of `f32((q - Zx) * s_x)`, padding not
counted.
}], "`ratio`, f32(s_x / s_y), is positive", [{
%y = openvino.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
    pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, ratio = 2.0 : f32}
    : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>)
    -> tensor<?x2x2x3x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "AvgPool and FakeQuantize";
}
def OpenVINO_RequantizeOp : Target_UnaryOp<OpenVINO_Dialect, "requantize", "requantize",
    !con((ins F32Attr:$scale), OpenVINO_Clamp), [{
FakeQuantize of codes: `y = clamp(RNE(f32(f32((q - Zx) * scale) / s_y)) + Zy, clamp_min, clamp_max)`.
}], "`scale` is that of the operand", [{
%y = openvino.requantize %x {scale = 0.5 : f32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
}]> {
  let summary = "codes to another scale";
}
def OpenVINO_FakeQuantizeOp : Target_QuantizeOp<OpenVINO_Dialect, "fake_quantize",
    (ins I32Attr:$levels, F32Attr:$input_low, F32Attr:$input_high), [{
`clamp(RNE(f32(x / s)) + Z)` with `levels` codes from `input_low = s * (qmin - Z)` to `input_high = s *
(qmax - Z)`; output_low and output_high are the same.
}], "the limits and `levels` are those of the result's type", [{
%y = openvino.fake_quantize %x {levels = 256 : i32, input_low = -1.5 : f32,
    input_high = 126.0 : f32} : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>
}]> {
  let summary = "FakeQuantize: float to codes";
}
def OpenVINO_ConvertOp : Target_DequantizeOp<OpenVINO_Dialect, "convert", (ins), [{
`x = f32(scale) * (q - zero_point)`: Convert, Subtract and Multiply.
}], "", [{
%y = openvino.convert %x : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x4xf32>
}]> {
  let summary = "codes to float";
}

#endif // HWQ_DIALECT_OPENVINO_IR_OPENVINOOPS_TD
