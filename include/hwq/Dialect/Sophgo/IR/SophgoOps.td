//===- SophgoOps.td - The program of Sophgo's TPUs -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_SOPHGO_IR_SOPHGOOPS_TD
#define HWQ_DIALECT_SOPHGO_IR_SOPHGOOPS_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def Sophgo_Dialect : Target_Dialect<"sophgo"> {
  let summary = "The integer program of Sophgo's BM1684X and CV18xx.";
  let description = [{
    Ops with the fields that TPU-MLIR gives the chips: a multiplier, a right shift, and
    the mode in which they are used:

    ```
    MultiplierShift    (x * multiplier + 2^(rshift-1)) >> rshift           half up
    MultiplierShift    RHA(x * multiplier / 2^rshift)                      mat_mul
    QDM                rha(SRDHM(x, multiplier), rshift)                   CV18xx
    OnlyScale          RHA(f32(x * scale) + offset)
    ```

    A negative `rshift` is a left shift. Data movement and max pooling stay TOSA ops.
  }];
}

defvar Sophgo_Clamp = (ins OptionalAttr<I32Attr>:$clamp_min, OptionalAttr<I32Attr>:$clamp_max,
  UnitAttr:$do_relu);
defvar Sophgo_Dot = !con((ins StrAttr:$quant_mode, DenseI32ArrayAttr:$multiplier,
  DenseI32ArrayAttr:$rshift), Sophgo_Clamp);
defvar Sophgo_DoRelu = "4. (_c4) `do_relu` is there where `clamp_min` is the code of 0";
defvar Sophgo_DotLimits =
    "`quant_mode` is `MultiplierShift` or `QDM`; multipliers are not negative, one or one per channel, "
  # !strconcat("`rshift` lies in [-32, 62];\n", Sophgo_DoRelu);

def Sophgo_Conv2DOp : Target_Conv2DOp<Sophgo_Dialect, "conv2d", Sophgo_Dot, [{
```
A = sum(qx * qw) + bias                           padding is the code pad_value
y = clamp(K(A, multiplier[c], rshift[c]) + Zy, clamp_min, clamp_max)
```

The bias contains `-Zx * sum(qw)`. Bounds that are absent are those of the type.
}], Sophgo_DotLimits, [{
%y = sophgo.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
    quant_mode = "MultiplierShift", multiplier = array<i32: 1>, rshift = array<i32: 1>,
    clamp_min = 0 : i32, do_relu}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "Conv2D, requantized";
}

def Sophgo_MatMulOp : Target_FullyConnectedOp<Sophgo_Dialect, "mat_mul", Sophgo_Dot, [{
As `sophgo.conv2d` without a window: input [..., I], weights [O, I]. The BM1684X rounds half
away from zero here.
}], Sophgo_DotLimits, [{
%y = sophgo.mat_mul %x, %w, %b {quant_mode = "MultiplierShift",
    multiplier = array<i32: 1>, rshift = array<i32: 1>}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "MatMul with constant weights, requantized";
}

def Sophgo_DeconvOp : Target_TransposeConv2DOp<Sophgo_Dialect, "deconv", Sophgo_Dot, [{
As `sophgo.conv2d` of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation` around
it less the padding, all of them pad_value, the taps in reverse order; weights O,KH,KW,C/groups.
}], Sophgo_DotLimits, [{
%y = sophgo.deconv %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
    stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
    quant_mode = "QDM", multiplier = array<i32: 1073741824>, rshift = array<i32: 0>}
    : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "Deconv, requantized";
}

def Sophgo_BatchMatMulOp : Target_MatMulOp<Sophgo_Dialect, "batch_mat_mul", Sophgo_Dot, [{
[..., M, K] times [..., K, N]; `A = sum((qa - Za) * (qb - Zb))`, requantized as by
`sophgo.mat_mul`.
}], Sophgo_DotLimits, [{
%y = sophgo.batch_mat_mul %a, %b {quant_mode = "MultiplierShift",
    multiplier = array<i32: 1>, rshift = array<i32: 1>}
    : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "MatMul of two activations, requantized";
}

defvar Sophgo_SumFields = !con((ins StrAttr:$chip, I32Attr:$lhs_multiplier, I32Attr:$lhs_rshift,
  I32Attr:$rhs_multiplier, I32Attr:$rhs_rshift, I32Attr:$rshift), Sophgo_Clamp);
defvar Sophgo_SumLimits =
    "`chip` is `bm1684x` or `cv18xx`; the multipliers have 8 bits, the shifts lie in [-32, 62];\n" #
    !strconcat(Sophgo_DoRelu, "");
class Sophgo_SumOp<string mnemonic, string stepFour, string sign, string example>
    : Target_BinaryOp<Sophgo_Dialect, mnemonic, stepFour, Sophgo_SumFields, [{
```
}] # "bm1684x   y = clamp(rhu((a - Za) * lhs_multiplier, lhs_rshift) " # sign
   # " rhu((b - Zb) * rhs_multiplier, rhs_rshift) + Zy)\n"
   # "cv18xx    y = clamp(rhu(a * lhs_multiplier " # sign # " b * rhs_multiplier, rshift))" # [{
```
}], Sophgo_SumLimits, example>;
def Sophgo_AddOp : Sophgo_SumOp<"add", "add", "+", [{
%y = sophgo.add %a, %b {chip = "bm1684x", lhs_multiplier = 1 : i32, lhs_rshift = -1 : i32,
    rhs_multiplier = 1 : i32, rhs_rshift = 0 : i32, rshift = 0 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "Add";
}
def Sophgo_SubOp : Sophgo_SumOp<"sub", "sub", "-", [{
%y = sophgo.sub %a, %b {chip = "bm1684x", lhs_multiplier = 1 : i32, lhs_rshift = -1 : i32,
    rhs_multiplier = 1 : i32, rhs_rshift = 0 : i32, rshift = 0 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "Sub";
}

def Sophgo_MulOp : Target_BinaryOp<Sophgo_Dialect, "mul", "mul",
    !con((ins I32Attr:$multiplier, I32Attr:$rshift), Sophgo_Clamp), [{
`y = clamp(rhu((a - Za) * (b - Zb) * multiplier, rshift) + Zy, clamp_min, clamp_max)`.
}], !strconcat("the multiplier has 8 bits, `rshift` lies in [-32, 62];\n", Sophgo_DoRelu), [{
%y = sophgo.mul %a, %b {multiplier = 1 : i32, rshift = 1 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "Mul";
}

def Sophgo_Pool2DOp : Target_AvgPool2DOp<Sophgo_Dialect, "pool2d_avg",
    (ins StrAttr:$chip, StrAttr:$quant_mode, OptionalAttr<I32Attr>:$multiplier,
         OptionalAttr<I32Attr>:$rshift, OptionalAttr<F32Attr>:$scale,
         OptionalAttr<F32Attr>:$offset), [{
```
MultiplierShift   y = clamp(rhu(sum(q) * multiplier, rshift) + Zy)
OnlyScale         y = clamp(RHA(f32(sum(q) * scale) + offset))
```
}],
    "`chip` is `bm1684x`, `bm1684x_asymmetric` or `cv18xx`; `quant_mode` is `MultiplierShift` with a "
  # "multiplier of 8 bits and `rshift` in [-32, 62], or `OnlyScale` with `scale`", [{
%y = sophgo.pool2d_avg %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
    pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, chip = "cv18xx",
    quant_mode = "MultiplierShift", multiplier = 64 : i32, rshift = 7 : i32}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>)
    -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "AvgPool2D";
}

def Sophgo_RequantIntOp : Target_UnaryOp<Sophgo_Dialect, "requant_int", "requantize",
    !con((ins I32Attr:$multiplier, I32Attr:$rshift), Sophgo_Clamp), [{
`y = clamp(rhu((q - Zx) * multiplier, rshift) + Zy, clamp_min, clamp_max)`: inputs of a Concat.
}], !strconcat("the multiplier has 8 bits, `rshift` lies in [-32, 62];\n", Sophgo_DoRelu), [{
%y = sophgo.requant_int %x {multiplier = 64 : i32, rshift = 5 : i32}
    : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "RequantInt: codes to another scale";
}

def Sophgo_LutOp : Target_LookupOp<Sophgo_Dialect, "lut", [{
`y = table[q - qmin]`: elementwise functions.
}], "", [{
%y = sophgo.lut %x {table = array<i32: 0, 1, 1, 3>}
    : (tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "Lut: a function of codes as a table";
}

def Sophgo_QuantizeOp : Target_QuantizeOp<Sophgo_Dialect, "quantize", (ins), [{
`clamp(RHA(f32(x * f32(1/s))) + Z)`: Cast of a model's input.
}], "", [{
%y = sophgo.quantize %x : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.5>>
}]> {
  let summary = "Cast: float to codes";
}

def Sophgo_DequantizeOp : Target_DequantizeOp<Sophgo_Dialect, "dequantize", (ins), [{
`x = f32(scale) * (q - zero_point)`: Cast of a model's output.
}], "", [{
%y = sophgo.dequantize %x : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4xf32>
}]> {
  let summary = "Cast: codes to float";
}

#endif // HWQ_DIALECT_SOPHGO_IR_SOPHGOOPS_TD
