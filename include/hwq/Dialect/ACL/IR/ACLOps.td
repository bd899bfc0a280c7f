//===- ACLOps.td - The program of Huawei's Ascend -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_ACL_IR_ACLOPS_TD
#define HWQ_DIALECT_ACL_IR_ACLOPS_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def ACL_Dialect : Target_Dialect<"acl"> {
  let summary = "The program of Ascend NPUs as AMCT deploys it.";
  let description = [{
    Convolutions of 8-bit codes give 32-bit accumulators; AscendQuant before them and
    AscendDequant or AscendRequant behind them are ops of their own. A dequantization
    scale stands in a word of 64 bits: the bits of an f32 in the lower half, 0 in the
    upper. `precision` says how the chip multiplies:

    ```
    f32        f32(acc) * deq_scale                              AMCT, the default
    f16        f16(acc) * f16(deq_scale)                         310
    f16_sqrt   the same in two products with the square root     310, sqrt_mode
    f19        f32(acc) * deq_scale cut to 19 bits               310P, vdeq_cast
    requant    f32(acc) * f32(deq_scale / s_y)                   AscendRequant in one step
    ```

    Everything else is float. Data movement and max pooling stay TOSA ops.
  }];
}

class ACL_ConvOp<string mnemonic, string text, string example>
    : Target_Conv2DOp<ACL_Dialect, mnemonic, (ins), text # [{
`y = sum(qx * qw) + bias`, padding is the code pad_value (`offset_x`). The bias contains
`-Zx * sum(qw)`.
}], "the result is 32-bit accumulators", example>;
def ACL_Conv2DOp : ACL_ConvOp<"conv2d", "", [{
%y = acl.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>,
       tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2x2x2xi32>
}]> {
  let summary = "Conv2D to accumulators";
}
def ACL_DepthwiseConv2DOp : ACL_ConvOp<"depthwise_conv2d",
    "`groups` is the number of input channels; weights O,KH,KW,1.\n\n", [{
%y = acl.depthwise_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32}
    : (tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>,
       tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2x2x2xi32>
}]> {
  let summary = "DepthwiseConv2D to accumulators";
}
def ACL_FullyConnectionOp : Target_FullyConnectedOp<ACL_Dialect, "fully_connection", (ins), [{
`y = sum(qx * qw) + bias`: input [..., I], weights [O, I].
}], "the result is 32-bit accumulators", [{
%y = acl.fully_connection %x, %w, %b
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x2xi32>
}]> {
  let summary = "FullyConnection and MatMul with constant weights, to accumulators";
}

def ACL_Conv2DTransposeOp : Target_TransposeConv2DOp<ACL_Dialect, "conv2d_transpose", (ins), [{
As `acl.conv2d` of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation` around
it less the padding, all of them pad_value, the taps in reverse order; weights O,KH,KW,C/groups.
}], "the result is 32-bit accumulators", [{
%y = acl.conv2d_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
    stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32}
    : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>,
       tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x4x4x2xi32>
}]> {
  let summary = "Conv2DTranspose to accumulators";
}
def ACL_BatchMatMulOp : Target_MatMulOp<ACL_Dialect, "batch_mat_mul", (ins), [{
[..., M, K] times [..., K, N]; `y = sum((qa - Za) * (qb - Zb))`.
}], "the result is 32-bit accumulators", [{
%y = acl.batch_mat_mul %a, %b
    : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.5:3>>)
    -> tensor<?x2x3xi32>
}]> {
  let summary = "BatchMatMul of two activations, to accumulators";
}

defvar ACL_Words = (ins DenseI64ArrayAttr:$deq_scale, StrAttr:$precision);
def ACL_AscendDequantOp : Target_RequantizeOp<ACL_Dialect, "ascend_dequant", ACL_Words, [{
`y = f32(acc * deq_scale[c])`, as `precision` says; channels are the last axis.
}], "`deq_scale` has words whose upper 32 bits are 0, one or one per channel; `precision` is one of the dialect's", [{
%y = acl.ascend_dequant %x {deq_scale = array<i64: 1040187392>, precision = "f16"}
    : (tensor<?x2xi32>) -> tensor<?x2xf32>
}]> {
  let summary = "AscendDequant: accumulators to float";
}
def ACL_AscendRequantOp : Target_RequantizeOp<ACL_Dialect, "ascend_requant",
    !con(ACL_Words, (ins OptionalAttr<I32Attr>:$clamp_min, OptionalAttr<I32Attr>:$clamp_max,
      UnitAttr:$relu_flag)), [{
`y = clamp(RNE(f32(acc * deq_scale[c]) / s_y) + Zy, clamp_min, clamp_max)`, as `precision` says.
}],
    "`deq_scale` and `precision` as for `acl.ascend_dequant`;\n"
  # "4. (_c4) `relu_flag` is there where `clamp_min` is the code of 0", [{
%y = acl.ascend_requant %x {deq_scale = array<i64: 1040187392>, precision = "requant",
    clamp_min = -1 : i32, relu_flag}
    : (tensor<?x2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25:-1>>
}]> {
  let summary = "AscendRequant: accumulators to codes";
}

def ACL_AscendQuantOp : Target_QuantizeOp<ACL_Dialect, "ascend_quant",
    (ins F32Attr:$scale, I32Attr:$offset), [{
`clamp(RNE(f32(x * scale)) + offset)`, `scale` the reciprocal of the tensor's.
}], "`scale` and `offset` are those of the result's type", [{
%y = acl.ascend_quant %x {scale = 2.0 : f32, offset = 3 : i32}
    : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>
}]> {
  let summary = "AscendQuant: float to codes";
}
def ACL_AscendAntiQuantOp : Target_DequantizeOp<ACL_Dialect, "ascend_anti_quant",
    (ins F32Attr:$scale, I32Attr:$offset), [{
`x = scale * (q - offset)`.
}], "`scale` and `offset` are those of the operand's type", [{
%y = acl.ascend_anti_quant %x {scale = 0.5 : f32, offset = 3 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x4xf32>
}]> {
  let summary = "AscendAntiQuant: codes to float";
}

def ACL_AvgPoolOp : Target_AvgPool2DOp<ACL_Dialect, "avg_pool", (ins F32Attr:$ratio), [{
`y = clamp(RNE(f32(avg / s_y)) + Zy)`, avg the f32 average of `f32((q - Zx) * s_x)`, padding not
counted.
}], "`ratio`, the quotient of the scales, is positive", [{
%y = acl.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
    pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, ratio = 2.0 : f32}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>)
    -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25:-1>>
}]> {
  let summary = "AvgPool of codes";
}
def ACL_RequantS8Op : Target_UnaryOp<ACL_Dialect, "requant_s8", "requantize",
    (ins F32Attr:$deq_scale, OptionalAttr<I32Attr>:$clamp_min, OptionalAttr<I32Attr>:$clamp_max,
         UnitAttr:$relu_flag), [{
AscendAntiQuant and AscendQuant in one:
`y = clamp(RNE(f32(f32(q - Zx) * deq_scale) / s_y) + Zy, clamp_min, clamp_max)`.
}], "`deq_scale` is the scale of the operand;\n4. (_c4) `relu_flag` as for `acl.ascend_requant`", [{
%y = acl.requant_s8 %x {deq_scale = 0.5 : f32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-1>>
}]> {
  let summary = "codes to another scale";
}

#endif // HWQ_DIALECT_ACL_IR_ACLOPS_TD
