//===- QNNOps.td - The program of Qualcomm's HTP -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QNN_IR_QNNOPS_TD
#define HWQ_DIALECT_QNN_IR_QNNOPS_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def QNN_Dialect : Target_Dialect<"qnn"> {
  let summary = "The integer program of Qualcomm's HTP in the ops of QNN.";
  let description = [{
    Ops under QNN's names. `scale` and `offset` are the SCALE_OFFSET encoding of the
    result, `x = scale * (q + offset)` with q on the grid 0..255; weights have theirs in
    their type. The HTP's requantization is not public: a multiplier and a shift, the
    product rounded half up, stand for it,

    ```
    K(x) = (x * multiplier + 2^(shift-1)) >> shift
    ```

    Data movement and max pooling stay TOSA ops.
  }];
}

defvar QNN_Encoding = (ins F64Attr:$scale, I32Attr:$offset);
defvar QNN_Clamp = (ins OptionalAttr<I32Attr>:$clamp_min, OptionalAttr<I32Attr>:$clamp_max);
defvar QNN_Dot = !con((ins DenseI32ArrayAttr:$multiplier, DenseI32ArrayAttr:$shift), QNN_Clamp,
  QNN_Encoding);
defvar QNN_Product = !con((ins I32Attr:$multiplier, I32Attr:$shift), QNN_Clamp, QNN_Encoding);
defvar QNN_Limits = "multipliers are not negative, shifts lie in [0, 62];\n"
  # "4. (_c4) `scale` and `offset` are those of the result's type";

class QNN_ConvOp<string mnemonic, string text, string example>
    : Target_Conv2DOp<QNN_Dialect, mnemonic, QNN_Dot, text # [{
```
A = sum(qx * (qw - Zw)) + bias                    padding is the code pad_value
y = clamp(K(A, multiplier[c], shift[c]) + Zy, clamp_min, clamp_max)
```

The bias contains `-Zx * sum(qw - Zw)`. Bounds that are absent are those of the type.
}], QNN_Limits, example>;
def QNN_Conv2DOp : QNN_ConvOp<"conv2d", "", [{
%y = qnn.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32,
    multiplier = array<i32: 1073741824>, shift = array<i32: 31>, scale = 0.25 : f64,
    offset = 0 : i32}
    : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>,
       tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
    -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "Conv2d, requantized";
}
def QNN_DepthWiseConv2DOp : QNN_ConvOp<"depth_wise_conv2d",
    "`groups` is the number of input channels; weights O,KH,KW,1.\n\n", [{
%y = qnn.depth_wise_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 128 : i32,
    multiplier = array<i32: 1073741824>, shift = array<i32: 31>, scale = 0.25 : f64,
    offset = 0 : i32}
    : (tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:128>>,
       tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
    -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "DepthWiseConv2d, requantized";
}
def QNN_FullyConnectedOp : Target_FullyConnectedOp<QNN_Dialect, "fully_connected", QNN_Dot, [{
As `qnn.conv2d` without a window: input [..., I], weights [O, I].
}], QNN_Limits, [{
%y = qnn.fully_connected %x, %w, %b {multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
    scale = 0.25 : f64, offset = 0 : i32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "FullyConnected, requantized";
}

def QNN_TransposeConv2DOp : Target_TransposeConv2DOp<QNN_Dialect, "transpose_conv2d", QNN_Dot, [{
As `qnn.conv2d` of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation` around
it less the padding, all of them pad_value, the taps in reverse order; weights O,KH,KW,C/groups.
}], QNN_Limits, [{
%y = qnn.transpose_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
    stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64,
    pad_value = 128 : i32, multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
    scale = 0.25 : f64, offset = 0 : i32}
    : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>,
       tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
    -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "TransposeConv2d, requantized";
}
def QNN_MatMulOp : Target_MatMulOp<QNN_Dialect, "mat_mul", QNN_Dot, [{
[..., M, K] times [..., K, N]; `A = sum((qa - Za) * (qb - Zb))`, 
`y = clamp(K(A, multiplier, shift) + Zy, clamp_min, clamp_max)`.
}], QNN_Limits, [{
%y = qnn.mat_mul %a, %b {multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
    scale = 0.25 : f64, offset = 0 : i32}
    : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "MatMul of two activations, requantized";
}

defvar QNN_SumFields = !con((ins OptionalAttr<I32Attr>:$left_shift, I32Attr:$lhs_multiplier,
  I32Attr:$lhs_shift, I32Attr:$rhs_multiplier, I32Attr:$rhs_shift), QNN_Product);
class QNN_SumOp<string mnemonic, string stepFour, string sign, string example>
    : Target_BinaryOp<QNN_Dialect, mnemonic, stepFour, QNN_SumFields,
        "`y = clamp(K(K((a - Za) << left_shift, lhs) " # sign
      # " K((b - Zb) << left_shift, rhs)) + Zy, clamp_min, clamp_max)`.\n", QNN_Limits, example>;
def QNN_ElementWiseAddOp : QNN_SumOp<"element_wise_add", "add", "+", [{
%y = qnn.element_wise_add %a, %b {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32,
    lhs_shift = 31 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 32 : i32,
    multiplier = 1073741824 : i32, shift = 48 : i32, scale = 0.25 : f64, offset = 0 : i32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "ElementWiseAdd";
}
def QNN_ElementWiseSubtractOp : QNN_SumOp<"element_wise_subtract", "sub", "-", [{
%y = qnn.element_wise_subtract %a, %b {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32,
    lhs_shift = 31 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 32 : i32,
    multiplier = 1073741824 : i32, shift = 48 : i32, scale = 0.25 : f64, offset = 0 : i32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "ElementWiseSubtract";
}
def QNN_ElementWiseMultiplyOp : Target_BinaryOp<QNN_Dialect, "element_wise_multiply", "mul", QNN_Product, [{
`y = clamp(K((a - Za) * (b - Zb)) + Zy, clamp_min, clamp_max)`.
}], QNN_Limits, [{
%y = qnn.element_wise_multiply %a, %b {multiplier = 1073741824 : i32, shift = 31 : i32,
    scale = 0.25 : f64, offset = 0 : i32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "ElementWiseMultiply";
}
def QNN_PoolAvg2DOp : Target_AvgPool2DOp<QNN_Dialect, "pool_avg2d", QNN_Encoding, [{
`y = clamp(RHA(sum(q - Z) / n) + Z)`, n the valid taps; input and result have one encoding.
}], "`scale` and `offset` are those of the result's type", [{
%y = qnn.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
    pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, scale = 0.5 : f64,
    offset = -128 : i32}
    : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>)
    -> tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>
}]> {
  let summary = "PoolAvg2d, padding not counted";
}
def QNN_ReduceMeanOp : Target_MeanOp<QNN_Dialect, "reduce_mean", QNN_Product, [{
`y = clamp(K(sum(q - Zx)) + Zy, clamp_min, clamp_max)` over `axes`; the multiplier has the division by
the number of values in it.
}], QNN_Limits, [{
%y = qnn.reduce_mean %x {axes = array<i64: 1>, multiplier = 1073741824 : i32, shift = 32 : i32,
    scale = 0.25 : f64, offset = 0 : i32}
    : (tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x1x4x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "ReduceMean";
}
def QNN_ConvertOp : Target_UnaryOp<QNN_Dialect, "convert", "requantize", QNN_Product, [{
`y = clamp(K(q - Zx) + Zy, clamp_min, clamp_max)`.
}], QNN_Limits, [{
%y = qnn.convert %x {multiplier = 1073741824 : i32, shift = 29 : i32, scale = 0.25 : f64,
    offset = 0 : i32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "Convert: from one encoding to another";
}
def QNN_LookupOp : Target_UnaryOp<QNN_Dialect, "lookup", "lookup",
    !con((ins DenseI32ArrayAttr:$table), QNN_Encoding), [{
ElementWiseNeuron and other functions of one tensor: `y = table[q - qmin]`.
}], "`scale` and `offset` are those of the result's type", [{
%y = qnn.lookup %x {table = array<i32: 0, 1, 1, 3>, scale = 0.25 : f64, offset = 0 : i32}
    : (tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "a function of codes as a table";
}
def QNN_QuantizeOp : Target_QuantizeOp<QNN_Dialect, "quantize", QNN_Encoding, [{
`clamp(RHA(f64(x / scale - offset)))` on the grid 0..255.
}], "`scale` and `offset` are those of the result's type", [{
%y = qnn.quantize %x {scale = 0.5 : f64, offset = -128 : i32}
    : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>
}]> {
  let summary = "Quantize";
}
def QNN_DequantizeOp : Target_DequantizeOp<QNN_Dialect, "dequantize", QNN_Encoding, [{
`x = f32(scale) * (q + offset)`.
}], "`scale` and `offset` are those of the operand's type", [{
%y = qnn.dequantize %x {scale = 0.5 : f64, offset = -128 : i32}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x4xf32>
}]> {
  let summary = "Dequantize";
}

#endif // HWQ_DIALECT_QNN_IR_QNNOPS_TD
