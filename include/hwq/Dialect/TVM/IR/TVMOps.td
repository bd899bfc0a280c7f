//===- TVMOps.td - The program of TVM's quantized operators -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_TVM_IR_TVMOPS_TD
#define HWQ_DIALECT_TVM_IR_TVMOPS_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def TVM_Dialect : Target_Dialect<"tvm_qnn"> {
  let summary = "The program of relay.quantize in the operators of TVM.";
  let description = [{
    Convolutions and dense layers give 32-bit accumulators; requantizations are operators of
    their own, with the rounding UPWARD (half up):

    ```
    right_shift           (x + 2^(right_shift-1)) >> right_shift, x << -right_shift     scales of powers of two
    fixed_point_multiply  (x * multiplier + 2^(right_shift-1)) >> right_shift           other scales
    ```

    Codes lie in [-127, 127] with the zero point 0. Data movement, concatenation and max
    pooling stay TOSA ops.
  }];
}

defvar TVM_Clip = (ins OptionalAttr<I32Attr>:$a_min, OptionalAttr<I32Attr>:$a_max);
class TVM_ConvOp<string mnemonic, string text, string example>
    : Target_Conv2DOp<TVM_Dialect, mnemonic, (ins), text # [{
`y = sum(qx * qw) + bias`, padding is the code pad_value. The bias is 8-bit numbers with a scale of a
power of two, shifted into the scale of the accumulator.
}], "the result is 32-bit accumulators", example>;
def TVM_Conv2DOp : TVM_ConvOp<"conv2d", "", [{
%y = tvm_qnn.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32}
    : (tensor<?x4x4x3x!quant.uniform<i8<-127:127>:f32, 0.5>>,
       tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
    -> tensor<?x2x2x2xi32>
}]> {
  let summary = "conv2d to accumulators";
}
def TVM_DenseOp : Target_FullyConnectedOp<TVM_Dialect, "dense", (ins), [{
`y = sum(qx * qw) + bias`: input [..., I], weights [O, I].
}], "the result is 32-bit accumulators", [{
%y = tvm_qnn.dense %x, %w, %b
    : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
       tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2xi32>
}]> {
  let summary = "dense to accumulators";
}
def TVM_Conv2DTransposeOp : Target_TransposeConv2DOp<TVM_Dialect, "conv2d_transpose", (ins), [{
As `tvm_qnn.conv2d` of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation` around
it less the padding, all of them pad_value, the taps in reverse order; weights O,KH,KW,C/groups.
}], "the result is 32-bit accumulators", [{
%y = tvm_qnn.conv2d_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
    output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
    groups = 1 : i64, pad_value = 0 : i32}
    : (tensor<?x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.5>>,
       tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
    -> tensor<?x4x4x2xi32>
}]> {
  let summary = "conv2d_transpose to accumulators";
}
def TVM_BatchMatMulOp : Target_MatMulOp<TVM_Dialect, "batch_matmul", (ins), [{
[..., M, K] times [..., K, N]; `y = sum((qa - Za) * (qb - Zb))`.
}], "the result is 32-bit accumulators", [{
%y = tvm_qnn.batch_matmul %a, %b
    : (tensor<?x2x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
       tensor<?x4x3x!quant.uniform<i8<-127:127>:f32, 0.25>>) -> tensor<?x2x3xi32>
}]> {
  let summary = "batch_matmul of two activations, to accumulators";
}
def TVM_RequantizeOp : Target_RequantizeOp<TVM_Dialect, "requantize", !con(
    (ins StrAttr:$method, OptionalAttr<DenseI32ArrayAttr>:$multiplier, DenseI32ArrayAttr:$right_shift),
    TVM_Clip), [{
`y = clip(K(x - Zx) + Zy, a_min, a_max)`, x accumulators or codes; bounds that are absent are those of
the type.
}],
    "`method` is a word of the dialect, `fixed_point_multiply` has `multiplier`, the shifts lie in "
  # "[-31, 62]", [{
%y = tvm_qnn.requantize %x {method = "right_shift", right_shift = array<i32: 1>, a_min = 0 : i32}
    : (tensor<?x2xi32>) -> tensor<?x2x!quant.uniform<i8<-127:127>:f32, 0.25>>
}]> {
  let summary = "requantize: accumulators or codes to codes";
}
def TVM_DequantizeAccumulatorOp : Target_RequantizeOp<TVM_Dialect, "dequantize_accumulator",
    (ins DenseF32ArrayAttr:$input_scale), [{
`y = f32(f32(x) * input_scale[c])`.
}], "`input_scale` has one value or one per channel", [{
%y = tvm_qnn.dequantize_accumulator %x {input_scale = array<f32: 0.125>}
    : (tensor<?x2xi32>) -> tensor<?x2xf32>
}]> {
  let summary = "dequantize: accumulators to float";
}

defvar TVM_SumFields = !con((ins StrAttr:$method, OptionalAttr<I32Attr>:$lhs_multiplier,
  I32Attr:$lhs_right_shift, OptionalAttr<I32Attr>:$rhs_multiplier, I32Attr:$rhs_right_shift,
  OptionalAttr<I32Attr>:$multiplier, I32Attr:$right_shift), TVM_Clip);
class TVM_SumOp<string mnemonic, string stepFour, string sign, string example>
    : Target_BinaryOp<TVM_Dialect, mnemonic, stepFour, TVM_SumFields,
        "`y = clip(K(K(a - Za, lhs) " # sign # " K(b - Zb, rhs)) + Zy, a_min, a_max)`: the operands in the "
      # "smaller of their scales.\n",
        "`method` is a word of the dialect, the shifts lie in [-31, 62]", example>;
def TVM_AddOp : TVM_SumOp<"add", "add", "+", [{
%y = tvm_qnn.add %a, %b {method = "right_shift", lhs_right_shift = -1 : i32,
    rhs_right_shift = 0 : i32, right_shift = 0 : i32}
    : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
       tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>
}]> {
  let summary = "add";
}
def TVM_SubtractOp : TVM_SumOp<"subtract", "sub", "-", [{
%y = tvm_qnn.subtract %a, %b {method = "right_shift", lhs_right_shift = -1 : i32,
    rhs_right_shift = 0 : i32, right_shift = 0 : i32}
    : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
       tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>
}]> {
  let summary = "subtract";
}
def TVM_MulOp : Target_BinaryOp<TVM_Dialect, "mul", "mul",
    !con((ins StrAttr:$method, OptionalAttr<I32Attr>:$multiplier, I32Attr:$right_shift), TVM_Clip), [{
`y = clip(K((a - Za) * (b - Zb)) + Zy, a_min, a_max)`.
}], "`method` is a word of the dialect, the shift lies in [-31, 62]", [{
%y = tvm_qnn.mul %a, %b {method = "fixed_point_multiply", multiplier = 1073741824 : i32,
    right_shift = 31 : i32}
    : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
       tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>
}]> {
  let summary = "multiply";
}
def TVM_AvgPool2DOp : Target_AvgPool2DOp<TVM_Dialect, "avg_pool2d", (ins), [{
`y = clip(sum(q - Z) / n) + Z`, truncated toward zero; input and result have one scale.
}], "", [{
%y = tvm_qnn.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
    pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -127, 127>}
    : (tensor<?x4x4x3x!quant.uniform<i8<-127:127>:f32, 0.5>>)
    -> tensor<?x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.5>>
}]> {
  let summary = "avg_pool2d";
}
def TVM_QuantizeOp : Target_QuantizeOp<TVM_Dialect, "quantize", (ins StrAttr:$rounding), [{
```
away         clip(RHA(f32(x * f32(1/s))))      relay.quantize
even         clip(RNE(f32(x * f32(1/s))))      MQBench
```
}], "`rounding` is one of these", [{
%y = tvm_qnn.quantize %x {rounding = "away"}
    : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>
}]> {
  let summary = "quantize";
}
def TVM_DequantizeOp : Target_DequantizeOp<TVM_Dialect, "dequantize", (ins), [{
`x = f32(scale) * (q - zero_point)`.
}], "", [{
%y = tvm_qnn.dequantize %x
    : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>) -> tensor<?x4xf32>
}]> {
  let summary = "dequantize";
}

#endif // HWQ_DIALECT_TVM_IR_TVMOPS_TD
