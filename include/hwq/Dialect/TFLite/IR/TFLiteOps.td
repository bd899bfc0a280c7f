//===- TFLiteOps.td - The program of LiteRT's integer kernels -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_TFLITE_IR_TFLITEOPS_TD
#define HWQ_DIALECT_TFLITE_IR_TFLITEOPS_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def TFLite_Dialect : Target_Dialect<"tflite"> {
  let summary = "The integer program of TensorFlow Lite's (LiteRT's) kernels.";
  let description = [{
    The builtin operators of a TFLite file with what their kernels compute before they
    run: multipliers and shifts, or the factors of engines that multiply in floating
    point. Scale and zero point of a tensor are those of its type, as in the file.
    A multiplier `m` with the exponent `e` stands for the factor `m * 2^(e-31)`.
    `rounding` says which engine's arithmetic it is:

    ```
    double        rha(SRDHM(x << max(e, 0), m), max(-e, 0))     reference kernels
    single        (x*m + 2^(30-e)) >> (31-e)                    TFLITE_SINGLE_ROUNDING
    upward        as double, the second rounding half up        optimized kernels (ruy)
    fixed         (x*m + 2^(n-1)) >> n, n = 31-e, any m         XNNPACK's sums and moves
    float         RNE(f32(x) * scale)                           XNNPACK
    float_offset  RNE(f32(f32(x) * scale) + f32(Zy)), not + Zy  XNNPACK's means
    float64       RHA(f64(x) * effective_scale)                 reference fully connected
    ```

    Weights are O,KH,KW,C/groups; the writer of files brings them into TFLite's order.
    Data movement and max pooling stay TOSA ops.
  }];
}

defvar TFLite_Clamp = (ins OptionalAttr<I32Attr>:$quantized_activation_min,
  OptionalAttr<I32Attr>:$quantized_activation_max, OptionalAttr<StrAttr>:$fused_activation_function);
defvar TFLite_Output = (ins OptionalAttr<StrAttr>:$rounding,
  OptionalAttr<DenseI32ArrayAttr>:$output_multiplier, OptionalAttr<DenseI32ArrayAttr>:$output_shift,
  OptionalAttr<DenseF32ArrayAttr>:$scale, OptionalAttr<DenseF64ArrayAttr>:$effective_scale);
defvar TFLite_Dot = !con(TFLite_Output, TFLite_Clamp);

defvar TFLite_DotLimits =
    "`rounding` is a word of the dialect, `output_multiplier` and `output_shift` are there "
  # "for those of integers, `scale` or `effective_scale` for the others, one or one per channel, "
  # "`output_shift` in [-31, 30];\n"
  # "4. (_c4) `fused_activation_function` is there where `quantized_activation_min` and "
  # "`quantized_activation_max` are the bounds of NONE, RELU, RELU6 or RELU_N1_TO_1";

class TFLite_Conv2D<string mnemonic, string text, string example>
    : Target_Conv2DOp<TFLite_Dialect, mnemonic, TFLite_Dot, text # [{
```
A = sum(qx * (qw - Zw)) + bias                       padding is the code pad_value
y = clamp(K(A, output_multiplier[c], output_shift[c]) + Zy, quantized_activation_min, quantized_activation_max)
```

The bias contains `-Zx * sum(qw - Zw)`. Bounds that are absent are those of the type.
}], TFLite_DotLimits, example>;

def TFLite_Conv2DOp : TFLite_Conv2D<"conv_2d", "", [{
%y = tflite.conv_2d %x, %w, %b {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32, rounding = "double",
    output_multiplier = array<i32: 1073741824>, output_shift = array<i32: -1>,
    quantized_activation_min = -1 : i32, fused_activation_function = "RELU"}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:-1>>
}]> {
  let summary = "CONV_2D, requantized";
}

def TFLite_DepthwiseConv2DOp : TFLite_Conv2D<"depthwise_conv_2d",
    "`groups` is the number of input channels; weights O,KH,KW,1.\n\n", [{
%y = tflite.depthwise_conv_2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32, rounding = "float",
    scale = array<f32: 0.25, 0.5>, fused_activation_function = "NONE"}
    : (tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>,
       tensor<2x3x3x1x!quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>>,
       tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.5:-1>>
}]> {
  let summary = "DEPTHWISE_CONV_2D, requantized";
}

def TFLite_FullyConnectedOp : Target_FullyConnectedOp<TFLite_Dialect, "fully_connected", TFLite_Dot, [{
```
A = sum(qx * (qw - Zw)) + bias
y = clamp(K(A, effective_scale) + Zy, quantized_activation_min, quantized_activation_max)
```

Input [..., I], weights [O, I]. The reference kernel multiplies in f64, by the product of the
scales over the output's; the others as a convolution.
}], TFLite_DotLimits, [{
%y = tflite.fully_connected %x, %w, %b {rounding = "float64", effective_scale = array<f64: 0.25>,
    fused_activation_function = "NONE"}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.5:-1>>
}]> {
  let summary = "FULLY_CONNECTED, requantized";
}

def TFLite_TransposeConvOp : Target_TransposeConv2DOp<TFLite_Dialect, "transpose_conv", TFLite_Dot, [{
As `tflite.conv_2d` of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation` around
it less the padding, all of them pad_value, the taps in reverse order; weights O,KH,KW,C/groups.
}], TFLite_DotLimits, [{
%y = tflite.transpose_conv %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
    output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
    groups = 1 : i64, pad_value = 3 : i32, rounding = "double",
    output_multiplier = array<i32: 1073741824>, output_shift = array<i32: -1>,
    fused_activation_function = "NONE"}
    : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>,
       tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
    -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:-1>>
}]> {
  let summary = "TRANSPOSE_CONV, requantized";
}

def TFLite_BatchMatMulOp : Target_MatMulOp<TFLite_Dialect, "batch_matmul", TFLite_Dot, [{
[..., M, K] times [..., K, N]; `A = sum((qa - Za) * (qb - Zb))`, requantized as by
`tflite.fully_connected`.
}], TFLite_DotLimits, [{
%y = tflite.batch_matmul %a, %b {rounding = "float64", effective_scale = array<f64: 0.25>,
    fused_activation_function = "NONE"}
    : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x2x3x!quant.uniform<i8:f32, 0.5:-1>>
}]> {
  let summary = "BATCH_MATMUL of two activations, requantized";
}

defvar TFLite_SumFields = !con((ins StrAttr:$rounding, OptionalAttr<I32Attr>:$left_shift,
  I32Attr:$input1_multiplier, I32Attr:$input1_shift,
  I32Attr:$input2_multiplier, I32Attr:$input2_shift,
  I32Attr:$output_multiplier, I32Attr:$output_shift), TFLite_Clamp);
defvar TFLite_SumLimits =
    "`rounding` is `double`, `single`, `upward` (the operands by `single`, the sum by `double`) or `fixed`; "
  # "the shifts lie in [-31, 31];\n"
  # "4. (_c4) `fused_activation_function` as for `tflite.conv_2d`";

class TFLite_SumOp<string mnemonic, string stepFour, string sign, string example>
    : Target_BinaryOp<TFLite_Dialect, mnemonic, stepFour, TFLite_SumFields, [{
```
}] # "s = K((a - Za) << left_shift, input1) " # sign # " K((b - Zb) << left_shift, input2)" # [{
y = clamp(K(s, output) + Zy, quantized_activation_min, quantized_activation_max)
```
}], TFLite_SumLimits, example>;

def TFLite_AddOp : TFLite_SumOp<"add", "add", "+", [{
%y = tflite.add %a, %b {rounding = "double", left_shift = 20 : i32,
    input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32,
    input2_multiplier = 1073741824 : i32, input2_shift = -1 : i32,
    output_multiplier = 1073741824 : i32, output_shift = -18 : i32,
    fused_activation_function = "NONE"}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
}]> {
  let summary = "ADD";
}

def TFLite_SubOp : TFLite_SumOp<"sub", "sub", "-", [{
%y = tflite.sub %a, %b {rounding = "single", left_shift = 20 : i32,
    input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32,
    input2_multiplier = 1073741824 : i32, input2_shift = -1 : i32,
    output_multiplier = 1073741824 : i32, output_shift = -18 : i32,
    fused_activation_function = "NONE"}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
}]> {
  let summary = "SUB";
}

def TFLite_MulOp : Target_BinaryOp<TFLite_Dialect, "mul", "mul",
    !con((ins OptionalAttr<StrAttr>:$rounding, OptionalAttr<I32Attr>:$output_multiplier,
      OptionalAttr<I32Attr>:$output_shift, OptionalAttr<F32Attr>:$scale),
      TFLite_Clamp), [{
```
y = clamp(K((a - Za) * (b - Zb), output_multiplier, output_shift) + Zy, quantized_activation_min,
          quantized_activation_max)
```
}],
    "`rounding` is `double`, `single` or `float`, with what it multiplies by;\n"
  # "4. (_c4) `fused_activation_function` as for `tflite.conv_2d`", [{
%y = tflite.mul %a, %b {rounding = "double", output_multiplier = 1073741824 : i32,
    output_shift = -1 : i32, fused_activation_function = "NONE"}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
}]> {
  let summary = "MUL";
}

def TFLite_AveragePool2DOp : Target_AvgPool2DOp<TFLite_Dialect, "average_pool_2d", (ins), [{
`y = clamp(RHA(sum(q) / n))`, n the valid taps; input and result have one scale and zero point.
}], "", [{
%y = tflite.average_pool_2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
    pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>
}]> {
  let summary = "AVERAGE_POOL_2D";
}

def TFLite_MeanOp : Target_MeanOp<TFLite_Dialect, "mean",
    !con((ins StrAttr:$rounding, OptionalAttr<I32Attr>:$output_multiplier,
      OptionalAttr<I32Attr>:$output_shift, OptionalAttr<F32Attr>:$scale), TFLite_Clamp), [{
`y = clamp(K(sum(q - Zx), output_multiplier, output_shift) + Zy, quantized_activation_min,
quantized_activation_max)` over `axes`; the multiplier has the division by the number of values in it.
}],
    "`rounding` is `double`, `single` or `float_offset`, with what it multiplies by;\n"
  # "4. (_c4) `fused_activation_function` as for `tflite.conv_2d`", [{
%y = tflite.mean %x {axes = array<i64: 1>, rounding = "double", output_multiplier = 1073741824 : i32,
    output_shift = -2 : i32, fused_activation_function = "NONE"}
    : (tensor<?x8x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x1x4x!quant.uniform<i8:f32, 0.5:-1>>
}]> {
  let summary = "MEAN";
}

def TFLite_PReluOp : Target_PReluOp<TFLite_Dialect, "prelu",
    !con((ins StrAttr:$rounding, I32Attr:$output_multiplier_1, I32Attr:$output_shift_1,
      I32Attr:$output_multiplier_2, I32Attr:$output_shift_2), (ins)), [{
```
A = q - Zx
y = clamp((A < 0 ? K(A * (q_slope - Z_slope), output_2) : K(A, output_1)) + Zy)
```
}], "`rounding` is `double` or `single`, the shifts lie in [-31, 31]", [{
%y = tflite.prelu %x, %slope {rounding = "double", output_multiplier_1 = 1073741824 : i32,
    output_shift_1 = 1 : i32, output_multiplier_2 = 1073741824 : i32, output_shift_2 = -1 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.5:-1>>
}]> {
  let summary = "PRELU";
}

def TFLite_ResizeBilinearOp : Target_ResizeBilinearOp<TFLite_Dialect, "resize_bilinear",
    (ins StrAttr:$engine), [{
RESIZE_BILINEAR of codes: positions and weights as `quant_hw.resize_bilinear`, in the integers of the
`engine`, `reference` (weights of 10 bits) or `xnnpack` (of 11 bits).
}], "`engine` is one of these", [{
%y = tflite.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>,
    border = array<i64: 1, 1>, engine = "reference"}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x8x8x3x!quant.uniform<i8:f32, 0.5:3>>
}]> {
  let summary = "RESIZE_BILINEAR";
}

def TFLite_RequantizeOp : Target_UnaryOp<TFLite_Dialect, "requantize", "requantize",
    !con((ins StrAttr:$rounding, I32Attr:$output_multiplier, I32Attr:$output_shift),
      TFLite_Clamp), [{
The operator QUANTIZE on codes, and relu operators that are not part of another one.

```
y = clamp(K(q - Zx, output_multiplier, output_shift) + Zy, quantized_activation_min,
          quantized_activation_max)
```
}],
    "`rounding` is `double`, `single`, `upward` or `fixed` (8.8 bits), with one multiplier and shift;\n"
  # "4. (_c4) `fused_activation_function` as for `tflite.conv_2d`", [{
%y = tflite.requantize %x {rounding = "double", output_multiplier = 1073741824 : i32,
    output_shift = 2 : i32, fused_activation_function = "NONE"}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-1>>
}]> {
  let summary = "QUANTIZE of codes";
}

def TFLite_LookupOp : Target_LookupOp<TFLite_Dialect, "lookup", [{
The operators that the kernels evaluate by a table (LOGISTIC, TANH and other functions of one
operand): `y = table[q - qmin]`.
}], "", [{
%y = tflite.lookup %x {table = array<i32: 0, 1, 1, 3>}
    : (tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-1>>
}]> {
  let summary = "a function of codes as a table";
}

def TFLite_SoftmaxOp : Target_SoftmaxOp<TFLite_Dialect, "softmax", [{
`y = clamp(RHA(p / s_y) + Zy)`, p the softmax of `s_x * q` along `axis` in f64.
}], "", [{
%y = tflite.softmax %x {axis = 1 : i64}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.00390625:-128>>
}]> {
  let summary = "SOFTMAX";
}

def TFLite_QuantizeOp : Target_QuantizeOp<TFLite_Dialect, "quantize", (ins StrAttr:$rounding), [{
```
half_away             clamp(RHA(f32(x / s)) + Z)          reference kernels
half_even             clamp(RNE(f32(x / s)) + Z)          optimized kernels
half_even_reciprocal  clamp(RNE(f32(x * f32(1/s))) + Z)   XNNPACK
```
}], "`rounding` is one of these", [{
%y = tflite.quantize %x {rounding = "half_away"}
    : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>
}]> {
  let summary = "QUANTIZE of floats";
}

def TFLite_DequantizeOp : Target_DequantizeOp<TFLite_Dialect, "dequantize", (ins), [{
`x = f32(scale) * (q - zero_point)`.
}], "", [{
%y = tflite.dequantize %x : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x4xf32>
}]> {
  let summary = "DEQUANTIZE";
}

#endif // HWQ_DIALECT_TFLITE_IR_TFLITEOPS_TD
