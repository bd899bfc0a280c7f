//===- DPUOps.td - The program of DeePhi's and AMD's DPU -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_DPU_IR_DPUOPS_TD
#define HWQ_DIALECT_DPU_IR_DPUOPS_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def DPU_Dialect : Target_Dialect<"dpu"> {
  let summary = "The fixed-point program of the Vitis AI DPU.";
  let description = [{
    Ops under the names of Vitis AI's graphs (xmodel). A tensor is 8-bit fixed point,
    `x = q * 2^-fix_point`; the machine has shifts and no multipliers but for the averages
    of pools. Every rounding is half up (DPU_ROUND): `rhu(x, n) = (x + 2^(n-1)) >> n`,
    `x << -n` for negative n. Data movement, concatenation and max pooling stay TOSA ops.
  }];
}

defvar DPU_FixPoint = (ins OptionalAttr<I32Attr>:$fix_point);
defvar DPU_Clamp = (ins OptionalAttr<I32Attr>:$clamp_min, OptionalAttr<I32Attr>:$clamp_max);
defvar DPU_Dot = !con((ins I32Attr:$shift_cut, OptionalAttr<I32Attr>:$shift_bias,
  OptionalAttr<I32Attr>:$fix_point_input, OptionalAttr<I32Attr>:$fix_point_weights,
  OptionalAttr<I32Attr>:$fix_point_bias), DPU_FixPoint, DPU_Clamp);
defvar DPU_DotLimits =
    "`shift_cut` in [0, 16];\n"
  # "4. (_c4) the fix points are those of the types, whose scales are powers of two and whose zero "
  # "points are 0; where there is a bias it is a constant of 8-bit numbers shifted left by "
  # "`shift_bias`, 0 to 16, and `fix_point_bias = fix_point_input + fix_point_weights - shift_bias`";
defvar DPU_FixPointLimits =
    "`shift_cut` in [-31, 31];\n"
  # "4. (_c4) `fix_point` is that of the result's type, whose scale is a power of two and whose zero "
  # "point is 0";

class DPU_ConvOp<string mnemonic, string text, string example>
    : Target_Conv2DOp<DPU_Dialect, mnemonic, DPU_Dot, text # [{
```
A = sum(qx * qw) + (b << shift_bias)              padding 0
y = clamp(rhu(A, shift_cut), clamp_min, clamp_max)
shift_cut = fix_point_input + fix_point_weights - fix_point
```

The operand `bias` holds `b << shift_bias`. Bounds that are absent are -128 and 127.
}], DPU_DotLimits, example>;

def DPU_Conv2DFixOp : DPU_ConvOp<"conv2d_fix", "", [{
%b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
%y = dpu.conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, shift_cut = 6 : i32,
    shift_bias = 2 : i32, fix_point_input = 3 : i32, fix_point_weights = 5 : i32,
    fix_point_bias = 6 : i32, fix_point = 2 : i32}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>,
       tensor<2x3x3x3x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
    -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "conv2d-fix";
}

def DPU_DepthwiseConv2DFixOp : DPU_ConvOp<"depthwise_conv2d_fix",
    "`groups` is the number of input channels; weights O,KH,KW,1.\n\n", [{
%b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
%y = dpu.depthwise_conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 0 : i32, shift_cut = 6 : i32,
    shift_bias = 2 : i32, fix_point_input = 3 : i32, fix_point_weights = 5 : i32,
    fix_point_bias = 6 : i32, fix_point = 2 : i32}
    : (tensor<?x4x4x2x!quant.uniform<i8:f32, 0.125>>,
       tensor<2x3x3x1x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
    -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "depthwise-conv2d-fix";
}

def DPU_InnerProductOp : Target_FullyConnectedOp<DPU_Dialect, "inner_product", DPU_Dot, [{
As `dpu.conv2d_fix` without a window: input [..., I], weights [O, I].
}], DPU_DotLimits, [{
%b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
%y = dpu.inner_product %x, %w, %b {shift_cut = 6 : i32, shift_bias = 2 : i32,
    fix_point_input = 3 : i32, fix_point_weights = 5 : i32, fix_point_bias = 6 : i32,
    fix_point = 2 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<2x4x!quant.uniform<i8:f32, 0.03125>>,
       tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "inner-product";
}

def DPU_TransposedConv2DFixOp : Target_TransposeConv2DOp<DPU_Dialect, "transposed_conv2d_fix", DPU_Dot, [{
As `dpu.conv2d_fix` of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation` around
it less the padding, all of them pad_value, the taps in reverse order; weights O,KH,KW,C/groups.
}], DPU_DotLimits, [{
%b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
%y = dpu.transposed_conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
    output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
    groups = 1 : i64, pad_value = 0 : i32, shift_cut = 6 : i32, shift_bias = 2 : i32,
    fix_point_input = 3 : i32, fix_point_weights = 5 : i32, fix_point_bias = 6 : i32,
    fix_point = 2 : i32}
    : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.125>>,
       tensor<2x2x2x3x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
    -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "transposed-conv2d-fix";
}

def DPU_MatMulFixOp : Target_MatMulOp<DPU_Dialect, "matmul_fix", !con((ins I32Attr:$shift_cut), DPU_FixPoint, DPU_Clamp), [{
[..., M, K] times [..., K, N]; `y = clamp(rhu(sum(a * b), shift_cut), clamp_min, clamp_max)` with
`shift_cut = fix_point of a + fix_point of b - fix_point`.
}], DPU_FixPointLimits, [{
%y = dpu.matmul_fix %a, %b {shift_cut = 5 : i32, fix_point = 2 : i32}
    : (tensor<?x2x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.0625>>)
    -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "matmul of two activations";
}

defvar DPU_SumFields = !con((ins I32Attr:$lhs_shift, I32Attr:$rhs_shift, I32Attr:$shift_cut),
  DPU_FixPoint, DPU_Clamp);
class DPU_SumOp<string mnemonic, string stepFour, string sign, string example>
    : Target_BinaryOp<DPU_Dialect, mnemonic, stepFour, DPU_SumFields, [{
```
}] # "y = clamp(rhu((a << lhs_shift) " # sign # " (b << rhs_shift), shift_cut), clamp_min, clamp_max)" # [{
```

The operands are brought to the larger of their fix points.
}], !strconcat("`lhs_shift` and `rhs_shift` in [0, 30]; ", DPU_FixPointLimits), example>;
def DPU_EltwiseAddFixOp : DPU_SumOp<"eltwise_add_fix", "add", "+", [{
%y = dpu.eltwise_add_fix %a, %b {lhs_shift = 1 : i32, rhs_shift = 0 : i32, shift_cut = 2 : i32,
    fix_point = 2 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "eltwise-fix of type ADD";
}
def DPU_EltwiseSubFixOp : DPU_SumOp<"eltwise_sub_fix", "sub", "-", [{
%y = dpu.eltwise_sub_fix %a, %b {lhs_shift = 1 : i32, rhs_shift = 0 : i32, shift_cut = 2 : i32,
    fix_point = 2 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "eltwise-fix of type SUB";
}

def DPU_EltwiseMulFixOp : Target_BinaryOp<DPU_Dialect, "eltwise_mul_fix", "mul",
    !con((ins I32Attr:$shift_cut), DPU_FixPoint, DPU_Clamp), [{
`y = clamp(rhu(a * b, shift_cut), clamp_min, clamp_max)` with `shift_cut = fix_point of a +
fix_point of b - fix_point`.
}], DPU_FixPointLimits, [{
%y = dpu.eltwise_mul_fix %a, %b {shift_cut = 5 : i32, fix_point = 2 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "eltwise-fix of type MUL";
}

def DPU_PoolAvgFixOp : Target_AvgPool2DOp<DPU_Dialect, "pool_avg_fix",
    !con((ins I32Attr:$factor, I32Attr:$shift), DPU_FixPoint), [{
`y = clamp(rhu(sum(q) * factor, shift))`: `factor / 2^shift` is the machine's 1/k (3x3: 7/2^6,
5x5: 10/2^8, 7x7: 21/2^10, ...) times 2^(fix_point - fix point of the input).
}], "`factor` in [1, 65535], `shift` in [-31, 62];\n4. (_c4) `fix_point` as for `dpu.eltwise_mul_fix`", [{
%y = dpu.pool_avg_fix %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
    pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, factor = 1 : i32,
    shift = 3 : i32, fix_point = 2 : i32}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>)
    -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "pool-fix of type AVG";
}

def DPU_ShiftOp : Target_UnaryOp<DPU_Dialect, "shift", "requantize",
    !con((ins I32Attr:$shift_cut), DPU_FixPoint, DPU_Clamp), [{
`y = clamp(rhu(q, shift_cut), clamp_min, clamp_max)`: to another fix point.
}], DPU_FixPointLimits, [{
%y = dpu.shift %x {shift_cut = 1 : i32, fix_point = 2 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "codes to another fix point";
}

def DPU_Float2FixOp : Target_QuantizeOp<DPU_Dialect, "float2fix", DPU_FixPoint, [{
`clamp(RHU(x * 2^fix_point))`.
}], "`fix_point` as for `dpu.eltwise_mul_fix`", [{
%y = dpu.float2fix %x {fix_point = 3 : i32}
    : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.125>>
}]> {
  let summary = "float2fix";
}

def DPU_Fix2FloatOp : Target_DequantizeOp<DPU_Dialect, "fix2float", DPU_FixPoint, [{
`x = q * 2^-fix_point`.
}], "`fix_point` is that of the operand's type", [{
%y = dpu.fix2float %x {fix_point = 3 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>) -> tensor<?x4xf32>
}]> {
  let summary = "fix2float";
}

#endif // HWQ_DIALECT_DPU_IR_DPUOPS_TD
