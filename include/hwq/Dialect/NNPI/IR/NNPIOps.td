//===- NNPIOps.td - The program of Glow for NNP-I -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_NNPI_IR_NNPIOPS_TD
#define HWQ_DIALECT_NNPI_IR_NNPIOPS_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def NNPI_Dialect : Target_Dialect<"nnpi", 1> {
  let summary = "The program of Glow's quantized nodes for Intel's NNP-I.";
  let description = [{
    Nodes under Glow's names. `arithmetic` says how accumulators are requantized:

    ```
    float     RHA(f32(x) * scale + Zy)                                 Glow's interpreter
    integer   (((x >> pre) * multiplier + 2^(post-1)) >> post) + Zy    quantizeScaleOffset32To8
    ```

    `precision` is the device's type: SYMLOWP where input, weights and result have the zero
    point 0 (or the lowest code, for a result without negative values), GEMMLOWP otherwise,
    with _PCQ where the weights have a scale per channel. Data movement and max pooling stay
    TOSA ops.
  }];
}

defvar NNPI_Clamp = (ins OptionalAttr<I32Attr>:$clamp_min, OptionalAttr<I32Attr>:$clamp_max);
defvar NNPI_Dot = !con((ins StrAttr:$arithmetic, OptionalAttr<DenseF32ArrayAttr>:$scale,
  OptionalAttr<DenseI32ArrayAttr>:$pre, OptionalAttr<DenseI32ArrayAttr>:$multiplier,
  OptionalAttr<DenseI32ArrayAttr>:$post, StrAttr:$precision), NNPI_Clamp,
  (ins OptionalAttr<DenseI32ArrayAttr>:$channel_clamp_min,
       OptionalAttr<DenseI32ArrayAttr>:$channel_clamp_max));
defvar NNPI_DotLimits =
    "`arithmetic` is `float` with `scale`, or `integer` with `multiplier` and `post`, one or one per "
  # "channel, `pre` in [0, 31], `post` in [-32, 62];\n"
  # "4. (_c4) `precision` is that of the types";

def NNPI_ConvolutionOp : Target_Conv2DOp<NNPI_Dialect, "convolution", NNPI_Dot, [{
```
A = sum(qx * (qw - Zw)) + bias                    padding is the code pad_value
y = clamp(K(A), clamp_min, clamp_max)
```

The bias contains `-Zx * sum(qw - Zw)`. Bounds that are absent are those of the type.
Where the input has a scale for each channel, W'[o,i] = Sx[i] * W[o,i] are the weights, the
scale of an accumulator is that of the weights, and padding is the zero point of its channel, without
pad_value. Where the result has them, so have Zy and the bounds, which are channel_clamp_min and
channel_clamp_max.
}], NNPI_DotLimits, [{
%y = nnpi.convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, arithmetic = "integer",
    pre = array<i32: 0>, multiplier = array<i32: 1>, post = array<i32: 1>, precision = "SYMLOWP"}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25:-128>>
}]> {
  let summary = "Convolution, rescaled";
}
def NNPI_FullyConnectedOp : Target_FullyConnectedOp<NNPI_Dialect, "fully_connected", NNPI_Dot, [{
As `nnpi.convolution` without a window: input [..., I], weights [O, I].
}], NNPI_DotLimits, [{
%y = nnpi.fully_connected %x, %w, %b {arithmetic = "float", scale = array<f32: 0.5>,
    precision = "SYMLOWP"}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25:-128>>
}]> {
  let summary = "FullyConnected, rescaled";
}

def NNPI_ConvTransposeOp : Target_TransposeConv2DOp<NNPI_Dialect, "conv_transpose", NNPI_Dot, [{
As `nnpi.convolution` of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation` around
it less the padding, all of them pad_value, the taps in reverse order; weights O,KH,KW,C/groups.
}], NNPI_DotLimits, [{
%y = nnpi.conv_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
    stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
    arithmetic = "float", scale = array<f32: 0.5>, precision = "SYMLOWP"}
    : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25:-128>>
}]> {
  let summary = "ConvTranspose, rescaled";
}
def NNPI_BatchMatMulOp : Target_MatMulOp<NNPI_Dialect, "batch_mat_mul", NNPI_Dot, [{
[..., M, K] times [..., K, N]; `A = sum((qa - Za) * (qb - Zb))`, rescaled as by
`nnpi.convolution`.
}], NNPI_DotLimits, [{
%y = nnpi.batch_mat_mul %a, %b {arithmetic = "float", scale = array<f32: 0.5>,
    precision = "SYMLOWP"}
    : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25:-128>>
}]> {
  let summary = "BatchMatMul of two activations, rescaled";
}

defvar NNPI_SumFields = !con((ins F32Attr:$lhs_scale, F32Attr:$rhs_scale, F32Attr:$scale), NNPI_Clamp);
class NNPI_SumOp<string mnemonic, string stepFour, string sign, string example>
    : Target_BinaryOp<NNPI_Dialect, mnemonic, stepFour, NNPI_SumFields, [{
```
}] # "s = RHA((a - Za) * lhs_scale) " # sign # " RHA((b - Zb) * rhs_scale)       the scales times 2^15" # [{
y = clamp(RHA(f32(f32(s) * scale) + Zy), clamp_min, clamp_max)
```
}], "the scales are positive", example>;
def NNPI_AddOp : NNPI_SumOp<"add", "add", "+", [{
%y = nnpi.add %a, %b {lhs_scale = 16384.0 : f32, rhs_scale = 8192.0 : f32,
    scale = 1.22070313E-4 : f32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
}]> {
  let summary = "Add";
}
def NNPI_SubOp : NNPI_SumOp<"sub", "sub", "-", [{
%y = nnpi.sub %a, %b {lhs_scale = 16384.0 : f32, rhs_scale = 8192.0 : f32,
    scale = 1.22070313E-4 : f32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
}]> {
  let summary = "Sub";
}
def NNPI_MulOp : Target_BinaryOp<NNPI_Dialect, "mul", "mul", !con((ins F32Attr:$scale), NNPI_Clamp), [{
`y = clamp(RHA(f32((a - Za) * (b - Zb)) * scale) + Zy, clamp_min, clamp_max)`.
}], "`scale` stands for the scales", [{
%y = nnpi.mul %a, %b {scale = 0.5 : f32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
}]> {
  let summary = "Mul";
}
def NNPI_AvgPoolOp : Target_AvgPool2DOp<NNPI_Dialect, "avg_pool",
    (ins F32Attr:$scale, OptionalAttr<F32Attr>:$offset), [{
`y = clamp(RHA(f32(sum(q - Zx)) * scale + offset))`, `scale = f32(f32(s_x / s_y) / k)`, `offset = Zy`:
padding is counted.
}], "`scale` is positive", [{
%y = nnpi.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
    pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, scale = 0.5 : f32,
    offset = -128.0 : f32}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>)
    -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25:-128>>
}]> {
  let summary = "AvgPool";
}
def NNPI_RescaleQuantizedOp : Target_UnaryOp<NNPI_Dialect, "rescale_quantized", "requantize",
    !con((ins F32Attr:$ratio), NNPI_Clamp), [{
`y = clamp(RNE(f32(f32(f32((q - Zx) * s_x) / s_y) + Zy)))`.
}], "`ratio` is the quotient of the scales", [{
%y = nnpi.rescale_quantized %x {ratio = 2.0 : f32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
}]> {
  let summary = "RescaleQuantized: codes to another scale";
}
def NNPI_IntLookupTableOp : Target_LookupOp<NNPI_Dialect, "int_lookup_table", [{
`y = table[q - qmin]`.
}], "", [{
%y = nnpi.int_lookup_table %x {table = array<i32: 0, 1, 1, 3>}
    : (tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
}]> {
  let summary = "IntLookupTable";
}
def NNPI_QuantizeOp : Target_QuantizeOp<NNPI_Dialect, "quantize", (ins), [{
`clamp(RNE(f32(f32(x / s) + Z)))`.
}], "", [{
%y = nnpi.quantize %x : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.5>>
}]> {
  let summary = "Quantize";
}
def NNPI_DequantizeOp : Target_DequantizeOp<NNPI_Dialect, "dequantize", (ins), [{
`x = f32(scale) * (q - zero_point)`.
}], "", [{
%y = nnpi.dequantize %x : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4xf32>
}]> {
  let summary = "Dequantize";
}

#endif // HWQ_DIALECT_NNPI_IR_NNPIOPS_TD
