//===- SNPEOps.td - The program of Qualcomm's SNPE runtime -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_SNPE_IR_SNPEOPS_TD
#define HWQ_DIALECT_SNPE_IR_SNPEOPS_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def SNPE_Dialect : Target_Dialect<"snpe"> {
  let summary = "The integer program of SNPE's DSP runtime.";
  let description = [{
    Ops under the names of SNPE's layers. Every tensor has an encoding (bit width,
    min, max, scale, offset) as the runtime stores it: `offset = -zero_point`,
    `min = scale * offset`, `max = min + 255 * scale`. Requantizations are fused into
    the layers, by multiplier and shift; with the option `hexagon` as hexagon_nn has them:
    the multiplier is `recip` for the `range` of the output in units of the accumulator,
    the zero point an offset of the accumulator. Data movement and max pooling, which keep
    encodings, stay TOSA ops.
  }];
  let useDefaultAttributePrinterParser = 1;
}

def SNPE_EncodingAttr : AttrDef<SNPE_Dialect, "Encoding"> {
  let mnemonic = "encoding";
  let summary = "the encoding of a tensor";
  let description = [{
    1. (encoding_c1) the bit width is 8;
    2. (encoding_c2) `offset` lies in [-(2^bitwidth - 1), 0];
    3. (encoding_c3) `scale` is positive and finite, `min = scale * offset` and
       `max = min + (2^bitwidth - 1) * scale`.
  }];
  let parameters = (ins "int64_t":$bitwidth, "::mlir::FloatAttr":$min,
    "::mlir::FloatAttr":$max, "::mlir::FloatAttr":$scale, "int64_t":$offset);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The encoding of a quantized type.
    static EncodingAttr get(::mlir::quant::UniformQuantizedType type);
  }];
}

defvar SNPE_Encoding = (ins SNPE_EncodingAttr:$encoding);
defvar SNPE_Requant = (ins QuantHW_RequantAttr:$requant, SNPE_EncodingAttr:$encoding);

// Without them the result is accumulators.
defvar SNPE_DotRequant = (ins OptionalAttr<QuantHW_RequantAttr>:$requant,
  OptionalAttr<SNPE_EncodingAttr>:$encoding);

defvar SNPE_RequantLimits =
    "`requant` has an integer kernel;\n4. (_c4) `encoding` is that of the result's type";
defvar SNPE_DotLimits =
    SNPE_RequantLimits # ";\n5. (_c5) there is a bias";

def SNPE_Conv2DOp : Target_Conv2DOp<SNPE_Dialect, "conv2d", SNPE_DotRequant, [{
```
A = sum(qx * (qw - Zw)) + bias                    padding is the code pad_value
y = clamp(((A * M[c] + 2^(n[c]-1)) >> n[c]) + Zy, lo, hi)
y = sat_u8((A * recip + 2^30) >> 31)              kernel r10, the zero point in the bias
```

Without `requant` the result is A.

Input N,H,W,C; weights O,KH,KW,C/groups.
}], SNPE_DotLimits, [{
%y = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32,
    requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>,
    encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
    : (tensor<?x2x2x1x!quant.uniform<u8:f32, 0.5:128>>, tensor<2x1x1x1x!quant.uniform<u8:f32, 0.5:128>>,
       tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "Conv2d and DepthWiseConv2d, requantized";
}

def SNPE_FullyConnectedOp : Target_FullyConnectedOp<SNPE_Dialect, "fully_connected", SNPE_DotRequant, [{
As `snpe.conv2d` without a window: input [..., I], weights [O, I].
}], SNPE_DotLimits, [{
%y = snpe.fully_connected %x, %w, %b {
    requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>,
    encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<2x4x!quant.uniform<u8:f32, 0.5:128>>,
       tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "FullyConnected, requantized";
}

def SNPE_TransposeConv2DOp : Target_TransposeConv2DOp<SNPE_Dialect, "transpose_conv2d", SNPE_DotRequant, [{
As `snpe.conv2d` of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation` around
it less the padding, all of them pad_value, the taps in reverse order; weights O,KH,KW,C/groups.
}], SNPE_DotLimits, [{
%y = snpe.transpose_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
    output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
    groups = 1 : i64, pad_value = 128 : i32,
    requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>,
    encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
    : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>,
       tensor<2x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, tensor<2xi32>)
    -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "TransposeConv2d, requantized";
}

def SNPE_MatMulOp : Target_MatMulOp<SNPE_Dialect, "mat_mul", SNPE_DotRequant, [{
[..., M, K] times [..., K, N]; `A = sum((qa - Za) * (qb - Zb))`, requantized as by
`snpe.conv2d`.
}], SNPE_RequantLimits, [{
%y = snpe.mat_mul %a, %b {
    requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>,
    encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
    : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>,
       tensor<?x4x3x!quant.uniform<u8:f32, 0.5:128>>)
    -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "MatMul of two activations, requantized";
}

def SNPE_DequantizeAccumulatorOp : Target_RequantizeOp<SNPE_Dialect, "dequantize_accumulator",
    (ins QuantHW_RequantAttr:$requant), [{
`y = f32(f32(f32(A) * factors[c]) + bias[c])`: a layer whose result stays float.
}], "`requant` has the kernel r14", [{
%y = snpe.dequantize_accumulator %x {
    requant = #quant_hw.requant<kernel = r14, scales = [0.25], factors = [0.25], output_scale = 1.0, lo = -2147483648, hi = 2147483647>}
    : (tensor<?x2xi32>) -> tensor<?x2xf32>
}]> {
  let summary = "accumulators to float";
}

class SNPE_SumOp<string mnemonic, string stepFour, string sign>
    : Target_BinaryOp<SNPE_Dialect, mnemonic, stepFour,
        (ins QuantHW_RequantAttr:$lhs_requant, QuantHW_RequantAttr:$rhs_requant,
             QuantHW_RequantAttr:$requant, QuantHW_AddVariantAttr:$variant,
             SNPE_EncodingAttr:$encoding), [{
```
}] # "y = clamp(K(K((a - Za) << L, lhs) " # sign # " K((b - Zb) << L, rhs), out) + Zy, lo, hi)" # [{
```

with K the kernel of the requantizations, L their left shift; variant `hexagon`: with 16-bit
multipliers and one offset, `sat_u8(rhu(sat16(((a * Ma + b * Mb) >> 8) + offset), r))`.
}], SNPE_RequantLimits, "\n%y = snpe." # mnemonic # [{ %a, %b {variant = #quant_hw.add_variant<snpe>,
    lhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>,
    rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], left_shift = 20, lo = -2147483648, hi = 2147483647>,
    requant = #quant_hw.requant<kernel = r2, scales = [1.9073486328125e-06], multipliers = [1073741824], shifts = [49], zero_point = 128, lo = 0, hi = 255>,
    encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>
}]>;
def SNPE_EltwiseAddOp : SNPE_SumOp<"eltwise_add", "add", "+"> {
  let summary = "ElementWiseAdd";
}
def SNPE_EltwiseSubOp : SNPE_SumOp<"eltwise_sub", "sub", "-"> {
  let summary = "ElementWiseSubtract";
}

def SNPE_EltwiseMulOp : Target_BinaryOp<SNPE_Dialect, "eltwise_mul", "mul",
    (ins QuantHW_RequantAttr:$requant, QuantHW_MulVariantAttr:$variant,
         SNPE_EncodingAttr:$encoding), [{
`y = clamp(K((a - Za) * (b - Zb)) + Zy, lo, hi)`, K the kernel of `requant`.
}], SNPE_RequantLimits, [{
%y = snpe.eltwise_mul %a, %b {variant = #quant_hw.mul_variant<snpe>,
    requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>,
    encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
    -> tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>
}]> {
  let summary = "ElementWiseMultiply";
}

def SNPE_PoolAvg2DOp : Target_AvgPool2DOp<SNPE_Dialect, "pool_avg2d",
    (ins QuantHW_AvgPoolVariantAttr:$variant, SNPE_EncodingAttr:$encoding), [{
`y = clamp(RHA(sum(q - Z) / n) + Z, lo, hi)`, n the valid taps; input and result have one
encoding. Variant `hexagon`: `(sum(q) * min(32767, floor(32768 / n)) + 2^14) >> 15`.
}], "`encoding` is that of the result's type", [{
%y = snpe.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
    pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>,
    variant = #quant_hw.avg_pool_variant<round_half_away>,
    encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>}
    : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>
}]> {
  let summary = "PoolAvg2d, padding not counted";
}

def SNPE_ReduceMeanOp : Target_MeanOp<SNPE_Dialect, "reduce_mean", SNPE_Requant, [{
`y = clamp(K(sum(q - Zx)) + Zy, lo, hi)` over `axes`, K the kernel of `requant`, whose scale has the
division by the number of values in it.
}], SNPE_RequantLimits, [{
%y = snpe.reduce_mean %x {axes = array<i64: 1>,
    requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], lo = 0, hi = 255>,
    encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
    : (tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x1x4x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "ReduceMean";
}

def SNPE_ConvertOp : Target_UnaryOp<SNPE_Dialect, "convert", "requantize",
    (ins QuantHW_RequantAttr:$requant, OptionalAttr<QuantHW_ConcatVariantAttr>:$variant,
         SNPE_EncodingAttr:$encoding), [{
`y = clamp(K(q - Zx) + Zy, lo, hi)`, K the kernel of `requant`. Inputs of a Concat are brought to
its encoding by it. Variant `hexagon`: `sat_u8(((q + offset) * gain + 2^14) >> 15)`.
}], "`requant` has one scale, and an integer kernel where there is no variant;\n4. (_c4) `encoding` is that of the result's type", [{
%y = snpe.convert %x {
    requant = #quant_hw.requant<kernel = r2, scales = [2.0], multipliers = [1073741824], shifts = [29], input_zero_point = 128, lo = 0, hi = 255>,
    encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "Convert: from one encoding to another";
}

def SNPE_LookupOp : Target_UnaryOp<SNPE_Dialect, "lookup", "lookup",
    (ins DenseI32ArrayAttr:$table, SNPE_EncodingAttr:$encoding), [{
ElementWiseNeuron, HardSwish, LeakyRelu and other functions of one tensor:
`y = table[q - qmin]`.
}], "`encoding` is that of the result's type", [{
%y = snpe.lookup %x {table = array<i32: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199, 200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215, 216, 217, 218, 219, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255>,
    encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
}]> {
  let summary = "a function of codes as a table";
}

def SNPE_QuantizeOp : Target_QuantizeOp<SNPE_Dialect, "quantize",
    (ins QuantHW_QuantizeFormAttr:$form, SNPE_EncodingAttr:$encoding), [{
As `quant_hw.quantize`.
}], "`encoding` is that of the result's type", [{
%y = snpe.quantize %x {form = #quant_hw.quantize_form<q5>,
    encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>}
    : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>
}]> {
  let summary = "Quantize: float to an encoding";
}

def SNPE_DequantizeOp : Target_DequantizeOp<SNPE_Dialect, "dequantize", SNPE_Encoding, [{
`x = f32(scale) * (q - zero_point)`.
}], "`encoding` is that of the operand's type", [{
%y = snpe.dequantize %x {
    encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>}
    : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x4xf32>
}]> {
  let summary = "Dequantize: an encoding to float";
}

#endif // HWQ_DIALECT_SNPE_IR_SNPEOPS_TD
