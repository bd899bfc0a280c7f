//===- SNPEOps.td - The program of Qualcomm's SNPE runtime -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_SNPE_IR_SNPEOPS_TD
#define HWQ_DIALECT_SNPE_IR_SNPEOPS_TD

include "hwq/Dialect/QuantHW/IR/QuantHWOpBase.td"

def SNPE_Dialect : Dialect {
  let name = "snpe";
  let summary = "The integer program of SNPE's DSP runtime.";
  let description = [{
    Ops under the names of SNPE's layers. Every tensor has an encoding (bit width,
    min, max, scale, offset) as the runtime stores it: `offset = -zero_point`,
    `min = scale * offset`, `max = min + 255 * scale`. Requantizations are fused into
    the layers. Data movement and max pooling, which keep encodings, stay TOSA ops.
  }];
  let cppNamespace = "::hwq::snpe";
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::hwq::QuantHWDialect"];
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

class SNPE_Op<string mnemonic, list<Trait> traits = []>
    : Op<SNPE_Dialect, mnemonic, !listconcat([Pure], traits)> {
  let hasVerifier = 1;
}

def SNPE_Conv2DOp : SNPE_Op<"conv2d"> {
  let summary = "Conv2d and DepthWiseConv2d, requantized";
  let description = [{
    ```
    A = sum(qx * (qw - Zw)) + bias                    padding is the code pad_value
    y = clamp(((A * M[c] + 2^(n[c]-1)) >> n[c]) + Zy, lo, hi)
    ```

    Input N,H,W,C; weights O,KH,KW,C/groups.

    1. (snpe.conv2d_c1) shapes, padding, strides, dilations and groups as for
       `quant_hw.conv2d`;
    2. (snpe.conv2d_c2) codes of 8 bits with the zero point among them;
    3. (snpe.conv2d_c3) `encoding` is that of the result's type;
    4. (snpe.conv2d_c4) the bias has one value per channel;
    5. (snpe.conv2d_c5) `requant` has an integer kernel, the input zero point 0, zero
       point and clamp of the result's type, one scale or one per channel;
    6. (snpe.conv2d_c6) `pad_value` is a code of the input's type.

    Example:

    ```mlir
    %y = snpe.conv2d %x, %w, %b {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>,
        dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, ...}
    ```
  }];
  let arguments = (ins QuantHW_QuantTensor:$input,
    RankedTensorOf<[QuantHW_AnyUniform]>:$weights, RankedTensorOf<[I32]>:$bias,
    DenseI64ArrayAttr:$pad, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$dilation,
    I64Attr:$groups, I32Attr:$pad_value, QuantHW_RequantAttr:$requant,
    SNPE_EncodingAttr:$encoding);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = [{
    $input `,` $weights `,` $bias attr-dict `:` functional-type(operands, results)
  }];
}

def SNPE_FullyConnectedOp : SNPE_Op<"fully_connected"> {
  let summary = "FullyConnected, requantized";
  let description = [{
    As `snpe.conv2d` without a window: input [..., I], weights [O, I].

    1. (snpe.fully_connected_c1) shapes as for `quant_hw.fully_connected`;
    2. (snpe.fully_connected_c2) codes of 8 bits with the zero point among them;
    3. (snpe.fully_connected_c3) `encoding` is that of the result's type;
    4. (snpe.fully_connected_c4) the bias has one value per channel;
    5. (snpe.fully_connected_c5) `requant` as snpe.conv2d_c5.
  }];
  let arguments = (ins QuantHW_QuantTensor:$input,
    RankedTensorOf<[QuantHW_AnyUniform]>:$weights, RankedTensorOf<[I32]>:$bias,
    QuantHW_RequantAttr:$requant, SNPE_EncodingAttr:$encoding);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = [{
    $input `,` $weights `,` $bias attr-dict `:` functional-type(operands, results)
  }];
}

def SNPE_EltwiseAddOp : SNPE_Op<"eltwise_add"> {
  let summary = "ElementWiseAdd";
  let description = [{
    ```
    y = clamp(K(K((a - Za) << L, lhs) + K((b - Zb) << L, rhs), out) + Zy, lo, hi)
    ```
    with K the kernel of the requantizations, L their left shift.

    1. (snpe.eltwise_add_c1) codes of 8 bits with the zero point among them;
    2. (snpe.eltwise_add_c2) `encoding` is that of the result's type;
    3. (snpe.eltwise_add_c3) the kernels are integer;
    4. (snpe.eltwise_add_c4) shapes, zero points, clamp, scales and shifts as for
       `quant_hw.add`.
  }];
  let arguments = (ins QuantHW_QuantTensor:$lhs, QuantHW_QuantTensor:$rhs,
    QuantHW_RequantAttr:$lhs_requant, QuantHW_RequantAttr:$rhs_requant,
    QuantHW_RequantAttr:$requant, QuantHW_AddVariantAttr:$variant,
    SNPE_EncodingAttr:$encoding);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

def SNPE_PoolAvg2DOp : SNPE_Op<"pool_avg2d"> {
  let summary = "PoolAvg2d, padding not counted";
  let description = [{
    `y = clamp(RHA(sum(q - Z) / n) + Z, lo, hi)`, n the valid taps; input and result
    have one encoding.

    1. (snpe.pool_avg2d_c1) shapes, types, kernel, stride, padding and clamp as for
       `quant_hw.avg_pool2d`;
    2. (snpe.pool_avg2d_c2) codes of 8 bits, `encoding` is that of the result's type.
  }];
  let arguments = (ins QuantHW_QuantTensor:$input,
    DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
    QuantHW_AvgPoolVariantAttr:$variant, DenseI64ArrayAttr:$clamp,
    SNPE_EncodingAttr:$encoding);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
}

def SNPE_ConvertOp : SNPE_Op<"convert"> {
  let summary = "Convert: from one encoding to another";
  let description = [{
    `y = clamp(K(q - Zx) + Zy, lo, hi)`, K the kernel of `requant`. Inputs of a Concat
    are brought to its encoding by it.

    1. (snpe.convert_c1) one shape;
    2. (snpe.convert_c2) codes of 8 bits with the zero point among them;
    3. (snpe.convert_c3) `encoding` is that of the result's type;
    4. (snpe.convert_c4) `requant` has an integer kernel, the zero points of operand and
       result, a clamp inside the result's codes, one scale.
  }];
  let arguments = (ins QuantHW_QuantTensor:$input, QuantHW_RequantAttr:$requant,
    SNPE_EncodingAttr:$encoding);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
}

def SNPE_QuantizeOp : SNPE_Op<"quantize"> {
  let summary = "Quantize: float to an encoding";
  let description = [{
    As `quant_hw.quantize`.

    1. (snpe.quantize_c1) one shape;
    2. (snpe.quantize_c2) codes of 8 bits, `encoding` is that of the result's type.
  }];
  let arguments = (ins QuantHW_FloatTensor:$input, QuantHW_QuantizeFormAttr:$form,
    SNPE_EncodingAttr:$encoding);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
}

def SNPE_DequantizeOp : SNPE_Op<"dequantize"> {
  let summary = "Dequantize: an encoding to float";
  let description = [{
    `x = f32(scale) * (q - zero_point)`.

    1. (snpe.dequantize_c1) one shape;
    2. (snpe.dequantize_c2) codes of 8 bits, `encoding` is that of the operand's type.
  }];
  let arguments = (ins QuantHW_QuantTensor:$input, SNPE_EncodingAttr:$encoding);
  let results = (outs QuantHW_FloatTensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
}

#endif // HWQ_DIALECT_SNPE_IR_SNPEOPS_TD
