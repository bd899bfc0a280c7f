//===- QuantHWComputeOps.td - Ops that compute -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_QUANTHWCOMPUTEOPS_TD
#define HWQ_DIALECT_QUANTHW_IR_QUANTHWCOMPUTEOPS_TD

include "hwq/Dialect/QuantHW/IR/QuantHWOpBase.td"

//===----------------------------------------------------------------------===//
// Dot products, in float and in integers
//===----------------------------------------------------------------------===//

class QuantHW_DotOp<string mnemonic> : QuantHW_Op<mnemonic, [Pure,
    DeclareOpInterfaceMethods<QuantizableOpInterface,
      ["getWeightOperand", "getBiasOperand", "absorbsClamp"]>,
    DeclareOpInterfaceMethods<RequantizableOpInterface>]>;

def QuantHW_Conv2DOp : QuantHW_DotOp<"conv2d"> {
  let summary = "2-d convolution, grouped, depthwise and dilated";
  let description = [{
    Input N,H,W,C; weights O,KH,KW,C/groups; result N,OH,OW,O; bias O. `pad` is
    top, bottom, left, right. `OH = floor((H + top + bottom - (KH-1)*dilation - 1)
    / stride) + 1`, the same for the width.

    ```
    float           y = sum(x * w) + b                       padding 0
    integer         A = sum((qx - Zx) * (qw - Zw)) + b       padding contributes 0
    with raw_input  A = sum(qx * (qw - Zw)) + b              padding is `pad_value`
    with requant    y = requant(A)
    ```

    Where the input's type has one scale and zero point for each channel, Zx is that of
    the tap's channel, the weights have the input's scales in them, and padding with
    `raw_input` is each channel's zero point.

    1. (conv2d_c1) ranks, channels, groups and the result's shape agree;
    2. (conv2d_c2) all float, or quantized input and weights;
    3. (conv2d_c3) the bias has O values: f32 in float, i32 in integers;
    4. (conv2d_c4) `requant` iff the result is quantized; its zero point and clamp agree
       with the result's type, its scales are one or O;
    5. (conv2d_c5) `raw_input` and `pad_value` come together, in integers only, and
       `pad_value` is a code of the input's type; no `pad_value` where the input's channels
       have zero points of their own;
    6. (conv2d_c6) strides, dilations and groups are positive, paddings not negative.

    Example:

    ```mlir
    %y = quant_hw.conv2d %x, %w bias %b {pad = array<i64: 1, 1, 1, 1>,
        stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64}
        : (tensor<?x8x8x3xf32>, tensor<4x3x3x3xf32>, tensor<4xf32>) -> tensor<?x8x8x4xf32>
    ```
  }];
  let arguments = (ins QuantHW_ChannelTensor:$input, QuantHW_WeightTensor:$weights,
    Optional<QuantHW_BiasTensor>:$bias,
    DenseI64ArrayAttr:$pad, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$dilation,
    I64Attr:$groups, UnitAttr:$raw_input, OptionalAttr<I32Attr>:$pad_value,
    OptionalAttr<QuantHW_RequantAttr>:$requant);
  let results = (outs QuantHW_ChannelDotTensor:$output);
  let assemblyFormat = [{
    $input `,` $weights (`bias` $bias^)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    bool isFloat() { return getInput().getType().getElementType().isF32(); }
    bool isDepthwise() {
      return getWeights().getType().getDimSize(3) == 1 && getGroups() > 1;
    }
  }];
}

def QuantHW_FullyConnectedOp : QuantHW_DotOp<"fully_connected"> {
  let summary = "matrix product with constant weights";
  let description = [{
    Input [..., I], weights [O, I], result [..., O], bias O; float, integer,
    `raw_input` and `requant` as for `conv2d`.

    1. (fully_connected_c1) ranks, sizes and the result's shape agree;
    2. (fully_connected_c2) all float, or quantized input and weights;
    3. (fully_connected_c3) the bias has O values: f32 in float, i32 in integers;
    4. (fully_connected_c4) `requant` iff the result is quantized; its zero point and
       clamp agree with the result's type, its scales are one or O;
    5. (fully_connected_c5) `raw_input` in integers only.

    Example:

    ```mlir
    %y = quant_hw.fully_connected %x, %w bias %b
        : (tensor<?x64xf32>, tensor<10x64xf32>, tensor<10xf32>) -> tensor<?x10xf32>
    ```
  }];
  let arguments = (ins QuantHW_ChannelTensor:$input, QuantHW_WeightTensor:$weights,
    Optional<QuantHW_BiasTensor>:$bias, UnitAttr:$raw_input,
    OptionalAttr<QuantHW_RequantAttr>:$requant);
  let results = (outs QuantHW_ChannelDotTensor:$output);
  let assemblyFormat = [{
    $input `,` $weights (`bias` $bias^)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    bool isFloat() { return getInput().getType().getElementType().isF32(); }
  }];
}

def QuantHW_TransposeConv2DOp : QuantHW_DotOp<"transpose_conv2d"> {
  let summary = "transposed 2-d convolution";
  let description = [{
    Input N,H,W,C; weights O,KH,KW,C/groups (channel axis 0); result N,OH,OW,O;
    `OH = (H-1)*stride + (KH-1)*dilation + 1 - top - bottom + output_pad`.
    Output channel group g reads input channel group g. Float, integer, `raw_input`
    and `requant` as for `conv2d`: it is the convolution, with the taps in reverse
    order, of the input with `stride - 1` pixels between its pixels and `(K-1)*dilation`
    around it less the padding. Those pixels contribute 0, or are `pad_value`.

    1. (transpose_conv2d_c1) ranks, channels, groups and the result's shape agree;
    2. (transpose_conv2d_c2) all float, or quantized input and weights;
    3. (transpose_conv2d_c3) the bias has O values: f32 in float, i32 in integers;
    4. (transpose_conv2d_c4) `requant` iff the result is quantized; its zero point and
       clamp agree with the result's type, its scales are one or O;
    5. (transpose_conv2d_c5) `raw_input` and `pad_value` come together, in integers only,
       and `pad_value` is a code of the input's type;
    6. (transpose_conv2d_c6) strides, dilations and groups positive, paddings not negative.

    Example:

    ```mlir
    %y = quant_hw.transpose_conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
        stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64}
        : (tensor<?x4x4x3xf32>, tensor<5x2x2x3xf32>) -> tensor<?x8x8x5xf32>
    ```
  }];
  let arguments = (ins QuantHW_ActivationTensor:$input, QuantHW_WeightTensor:$weights,
    Optional<QuantHW_BiasTensor>:$bias,
    DenseI64ArrayAttr:$pad, DenseI64ArrayAttr:$output_pad, DenseI64ArrayAttr:$stride,
    DenseI64ArrayAttr:$dilation, I64Attr:$groups, UnitAttr:$raw_input,
    OptionalAttr<I32Attr>:$pad_value, OptionalAttr<QuantHW_RequantAttr>:$requant);
  let results = (outs QuantHW_DotTensor:$output);
  let assemblyFormat = [{
    $input `,` $weights (`bias` $bias^)? attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    bool isFloat() { return getInput().getType().getElementType().isF32(); }
  }];
}

def QuantHW_MatMulOp : QuantHW_Op<"matmul", [Pure,
    DeclareOpInterfaceMethods<QuantizableOpInterface, ["hasAccumulator", "absorbsClamp"]>,
    DeclareOpInterfaceMethods<RequantizableOpInterface>]> {
  let summary = "matrix product of two activations";
  let description = [{
    `lhs` [..., M, K] times `rhs` [..., K, N]; the leading dimensions are equal.

    ```
    float           y = sum(a * b)
    integer         A = sum((qa - Za) * (qb - Zb))
    with requant    y = requant(A)
    ```

    1. (matmul_c1) ranks at least 2 and equal, K and the leading dimensions agree;
    2. (matmul_c2) all float, or quantized operands;
    3. (matmul_c3) `requant` iff the result is quantized; its zero point and clamp agree
       with the result's type, its scale is one.

    Example:

    ```mlir
    %y = quant_hw.matmul %a, %b : (tensor<?x4x8xf32>, tensor<?x8x5xf32>) -> tensor<?x4x5xf32>
    ```
  }];
  let arguments = (ins QuantHW_ActivationTensor:$lhs, QuantHW_ActivationTensor:$rhs,
    OptionalAttr<QuantHW_RequantAttr>:$requant);
  let results = (outs QuantHW_DotTensor:$output);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    bool isFloat() { return getLhs().getType().getElementType().isF32(); }
  }];
}

//===----------------------------------------------------------------------===//
// Integer ops
//===----------------------------------------------------------------------===//

// lhs + rhs or lhs - rhs.
class QuantHW_SumOp<string mnemonic> : QuantHW_Op<mnemonic, [Pure]> {
  let arguments = (ins QuantHW_QuantTensor:$lhs, QuantHW_QuantTensor:$rhs,
    QuantHW_RequantAttr:$lhs_requant, QuantHW_RequantAttr:$rhs_requant,
    QuantHW_RequantAttr:$requant, OptionalAttr<QuantHW_AddVariantAttr>:$variant);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def QuantHW_AddOp : QuantHW_SumOp<"add"> {
  let summary = "integer addition";
  let description = [{
    Operands and result have the same shape, each its own scale.

    ```
    y = requant(lhs_requant(a) + rhs_requant(b))
    ```

    At steps 1 to 3 all three are `real` and nothing is rounded before the end. At
    step 4 `variant` names the hardware's addition and the three attributes hold its
    constants: multipliers and shifts of integer kernels, factors of float ones. A
    variant with a formula of its own may have the sum's offset as negative
    `input_zero_point` of `requant`, a constant of the sum as its `bias`.

    1. (add_c1) the same shape everywhere;
    2. (add_c2) input zero points are those of the operands' types and, where the kernels
       say all, 0 for the sum; zero point and clamp those of the result's; the operands are
       brought to 32 bits without a zero point;
    3. (add_c3) all three `real` and no `variant`, or none `real` and a `variant`;
    4. (add_c4) one scale each;
    5. (add_c5) one left shift of the operands, none of the sum; one kernel where the
       variant leaves it open.

    Example:

    ```mlir
    %y = quant_hw.add %a, %b {
        lhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [5.000000e-01], input_zero_point = 128, lo = -2147483648, hi = 2147483647>,
        rhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [2.500000e-01], lo = -2147483648, hi = 2147483647>,
        requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.000000e+00], zero_point = 3, lo = 0, hi = 255>}
        : (tensor<?x4x!quant.uniform<u8:f32, 0.05:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.025>>)
        -> tensor<?x4x!quant.uniform<u8:f32, 0.1:3>>
    ```
  }];
}

def QuantHW_SubOp : QuantHW_SumOp<"sub"> {
  let summary = "integer subtraction";
  let description = [{
    As `quant_hw.add`, for `lhs - rhs`:

    ```
    y = requant(lhs_requant(a) - rhs_requant(b))
    ```

    1. (sub_c1) constraints of `quant_hw.add`.

    Example:

    ```mlir
    %y = quant_hw.sub %a, %b {
        lhs_requant = #quant_hw.requant<kernel = real, scales = [5.000000e-01], input_zero_point = 128, lo = -2147483648, hi = 2147483647>,
        rhs_requant = #quant_hw.requant<kernel = real, scales = [2.500000e-01], lo = -2147483648, hi = 2147483647>,
        requant = #quant_hw.requant<kernel = real, scales = [1.000000e+00], zero_point = 3, lo = 0, hi = 255>}
        : (tensor<?x4x!quant.uniform<u8:f32, 0.05:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.025>>)
        -> tensor<?x4x!quant.uniform<u8:f32, 0.1:3>>
    ```
  }];
}

def QuantHW_MulOp : QuantHW_Op<"mul", [Pure]> {
  let summary = "integer multiplication";
  let description = [{
    ```
    y = requant((a - Za) * (b - Zb))
    ```

    A dimension of an operand may be 1 where the result's is not: its value is used
    for all. `variant` names the hardware's multiplication at step 4.

    1. (mul_c1) operands of the result's rank whose dimensions are the result's or 1;
    2. (mul_c2) `requant` has one scale, the input zero point 0, zero point and clamp of
       the result;
    3. (mul_c3) `requant` is `real` iff there is no `variant`.

    Example:

    ```mlir
    %y = quant_hw.mul %a, %b {requant = #quant_hw.requant<kernel = real, scales = [2.000000e-02], zero_point = 3, lo = 0, hi = 255>}
        : (tensor<?x4x!quant.uniform<u8:f32, 0.05:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.04>>)
        -> tensor<?x4x!quant.uniform<u8:f32, 0.1:3>>
    ```
  }];
  let arguments = (ins QuantHW_QuantTensor:$lhs, QuantHW_QuantTensor:$rhs,
    QuantHW_RequantAttr:$requant, OptionalAttr<QuantHW_MulVariantAttr>:$variant);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def QuantHW_LookupOp : QuantHW_Op<"lookup", [Pure, SameOperandsAndResultShape]> {
  let summary = "a function of codes as a table";
  let description = [{
    `y = table[q - qmin]`, qmin the lowest code of the operand's storage range. At
    steps 1 to 3 the table is the real function's; where the hardware's differs it
    stands beside it as `kernel_table` and takes its place at step 4. The table of a
    leaky relu may have its slope as the attribute `quant_hw.alpha`, which files need.
    With `channel_axis` there is one such table for each index of that axis, one after
    the other: `y = table[c * codes + q - qmin]`.

    1. (lookup_c1) one entry for each code of the operand's storage range, at most 65536, in
       each table;
    2. (lookup_c2) every entry is a code of the result's type;
    3. (lookup_c3) both for `kernel_table`;
    4. (lookup_c4) `channel_axis` is an axis of a size that is known.

    Example:

    ```mlir
    %y = quant_hw.lookup %x {table = array<i32: 0, 1, 1, 3>}
        : tensor<?x!quant.uniform<i8<-2:1>:f32, 0.5>> -> tensor<?x!quant.uniform<u8:f32, 0.1>>
    ```
  }];
  let arguments = (ins QuantHW_QuantTensor:$input, DenseI32ArrayAttr:$table,
    OptionalAttr<DenseI32ArrayAttr>:$kernel_table, OptionalAttr<I64Attr>:$channel_axis);
  let results = (outs QuantHW_QuantTensor:$output);
  let builders = [
    OpBuilder<(ins "::mlir::Type":$output, "::mlir::Value":$input,
      "::mlir::DenseI32ArrayAttr":$table, "::mlir::DenseI32ArrayAttr":$kernelTable), [{
        build($_builder, $_state, output, input, table, kernelTable, ::mlir::IntegerAttr());
      }]>
  ];
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
  let hasVerifier = 1;
}

def QuantHW_AvgPool2DOp : QuantHW_Op<"avg_pool2d", [Pure]> {
  let summary = "integer average pool";
  let description = [{
    Input N,H,W,C; `pad` is top, bottom, left, right; n is the number of valid taps.
    Where input and result have one scale and zero point:

    ```
    without variant   y = clamp(round(sum(q - Z) / n) + Z)   f64, as quantize_form says
    with variant      the hardware's integer average
    ```

    Otherwise `requant` has the ratio of their scales, and with a variant its constants:

    ```
    without variant   y = clamp(round(scale * sum(q - Zx) / n) + Zy)
    ```

    1. (avg_pool2d_c1) the result's shape follows from kernel, stride and padding;
    2. (avg_pool2d_c2) input and result have the same quantized type, or there is `requant`
       with their zero points and one scale;
    3. (avg_pool2d_c3) kernel and stride positive, padding smaller than the kernel;
    4. (avg_pool2d_c4) `clamp` is two codes of the result's type, the first not above
       the second;
    5. (avg_pool2d_c5) `requant` is `real` iff there is no `variant`.

    Example:

    ```mlir
    %y = quant_hw.avg_pool2d %x {kernel = array<i64: 8, 8>, stride = array<i64: 1, 1>,
        pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: 0, 255>}
        : tensor<?x8x8x4x!quant.uniform<u8:f32, 0.05:128>> -> tensor<?x1x1x4x!quant.uniform<u8:f32, 0.05:128>>
    ```
  }];
  let arguments = (ins QuantHW_QuantTensor:$input,
    DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
    QuantHW_QuantizeFormAttr:$quantize_form, OptionalAttr<QuantHW_AvgPoolVariantAttr>:$variant,
    OptionalAttr<QuantHW_RequantAttr>:$requant, DenseI64ArrayAttr:$clamp);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
  let hasVerifier = 1;
}

def QuantHW_ResizeBilinearOp : QuantHW_Op<"resize_bilinear", [Pure]> {
  let summary = "integer bilinear resize";
  let description = [{
    Input N,H,W,C. `scale` is n_y, d_y, n_x, d_x: the output row o reads at
    `(o * d_y + offset_y) / n_y`, columns alike; `OH = ((H-1)*n_y - offset_y + border_y)
    / d_y + 1` (`tosa.resize`). Weights w are integers that add up to n_y * n_x;
    neighbours beyond the image are its last pixels. The zero point is that of the
    operand, and takes no part.

    ```
    without variant   y = round(sum(w * q) / (n_y * n_x))   half away from zero, exact
    with variant      the hardware's positions, weights and rounding
    ```

    1. (resize_bilinear_c1) rank 4, scales positive, the result's shape follows;
    2. (resize_bilinear_c2) operand and result have the same quantized type, of 8 bits;
    3. (resize_bilinear_c3) the variant can do these positions, of sizes that are known.

    Example:

    ```mlir
    %y = quant_hw.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>,
        border = array<i64: 1, 1>} : tensor<?x4x4x3x!quant.uniform<i8:f32, 0.05>>
        -> tensor<?x8x8x3x!quant.uniform<i8:f32, 0.05>>
    ```
  }];
  let arguments = (ins QuantHW_QuantTensor:$input, DenseI64ArrayAttr:$scale,
    DenseI64ArrayAttr:$offset, DenseI64ArrayAttr:$border,
    OptionalAttr<QuantHW_ResizeVariantAttr>:$variant);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Ops in float and in integers
//===----------------------------------------------------------------------===//

def QuantHW_MeanOp : QuantHW_Op<"mean", [Pure,
    DeclareOpInterfaceMethods<QuantizableOpInterface>]> {
  let summary = "mean over axes";
  let description = [{
    The mean over `axes`, which stay as dimensions of size 1; N values each.

    ```
    float     y = sum(x) / N
    integer   y = requant(sum(q - Zx))
    ```

    The requantization's scale is Sx/(Sy N); LiteRT divides the multiplier of Sx/Sy by N.

    1. (mean_c1) axes ascend in [0, rank) and have static sizes, which are 1 in the
       result; the other dimensions agree;
    2. (mean_c2) both float, or both quantized;
    3. (mean_c3) `requant` iff quantized, with one scale, the input zero point 0 and zero
       point and clamp of the result.

    Example:

    ```mlir
    %y = quant_hw.mean %x {axes = array<i64: 1>} : tensor<?x8x4xf32> -> tensor<?x1x4xf32>
    ```
  }];
  let arguments = (ins QuantHW_ActivationTensor:$input, DenseI64ArrayAttr:$axes,
    OptionalAttr<QuantHW_RequantAttr>:$requant);
  let results = (outs QuantHW_ActivationTensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    bool isFloat() { return getInput().getType().getElementType().isF32(); }
    /// The number of values that become one.
    int64_t getCount();
  }];
}

def QuantHW_PReluOp : QuantHW_Op<"prelu", [Pure,
    DeclareOpInterfaceMethods<QuantizableOpInterface>]> {
  let summary = "leaky relu with a slope for each channel";
  let description = [{
    The slope has one value for each element of the last axis.

    ```
    float     y = x < 0 ? slope * x : x
    integer   A = q - Zx
              y = A < 0 ? negative(A * (q_slope - Z_slope)) : positive(A)
    ```

    1. (prelu_c1) operand and result have one shape, the slope one value per channel;
    2. (prelu_c2) all float, or all quantized;
    3. (prelu_c3) `positive` and `negative` iff quantized, each with one scale, the input
       zero point 0, zero point and clamp of the result, and of one kernel.

    Example:

    ```mlir
    %y = quant_hw.prelu %x, %slope : (tensor<?x4x4x8xf32>, tensor<8xf32>) -> tensor<?x4x4x8xf32>
    ```
  }];
  let arguments = (ins QuantHW_ActivationTensor:$input, QuantHW_ActivationTensor:$slope,
    OptionalAttr<QuantHW_RequantAttr>:$positive, OptionalAttr<QuantHW_RequantAttr>:$negative);
  let results = (outs QuantHW_ActivationTensor:$output);
  let assemblyFormat = "$input `,` $slope attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    bool isFloat() { return getInput().getType().getElementType().isF32(); }
  }];
}

//===----------------------------------------------------------------------===//
// Float ops that TOSA takes apart or does not have
//===----------------------------------------------------------------------===//

def QuantHW_UnaryOp : QuantHW_Op<"unary", [Pure, SameOperandsAndResultType,
    DeclareOpInterfaceMethods<QuantizableOpInterface, ["getUnaryFunction"]>]> {
  let summary = "an elementwise function, in float";
  let description = [{
    ```
    hard_swish   x * clamp(x + 3, 0, 6) / 6
    leaky_relu   x < 0 ? alpha * x : x
    identity     x
    table        Sy * (table[q - qmin] - Zy), q = clamp(round(x / Sx) + Zx)
    ```

    `identity` is what lies between two grids of one tensor: its integer form is a requantization.
    A `table` is a function that is known by its codes only; Sx, Zx and the range of q are those of
    `input_type`, Sy and Zy those of `output_type`. Ties are rounded to even.

    1. (unary_c1) `alpha` is there for `leaky_relu`, and only there;
    2. (unary_c2) `input_type`, `output_type` and `table` are there for `table`, and only there;
    3. (unary_c3) the types have one scale and zero point, `table` has an entry for each of at
       most 65536 codes of `input_type`, each a code of `output_type`.

    Example:

    ```mlir
    %y = quant_hw.unary hard_swish %x : tensor<?x8xf32>
    %z = quant_hw.unary table %x {input_type = !quant.uniform<i8<-1:1>:f32, 0.5>,
        output_type = !quant.uniform<u8:f32, 0.1>, table = array<i32: 0, 1, 5>} : tensor<?x8xf32>
    ```
  }];
  let arguments = (ins QuantHW_UnaryKindAttr:$kind, QuantHW_FloatTensor:$input,
    OptionalAttr<F32Attr>:$alpha, OptionalAttr<TypeAttr>:$input_type,
    OptionalAttr<TypeAttr>:$output_type, OptionalAttr<DenseI32ArrayAttr>:$table);
  let results = (outs QuantHW_FloatTensor:$output);
  let builders = [
    OpBuilder<(ins "::mlir::Type":$output, "UnaryKind":$kind, "::mlir::Value":$input,
      CArg<"::mlir::FloatAttr", "{}">:$alpha), [{
        build($_builder, $_state, output, kind, input, alpha, ::mlir::TypeAttr(),
              ::mlir::TypeAttr(), ::mlir::DenseI32ArrayAttr());
      }]>
  ];
  let assemblyFormat = "$kind $input (`alpha` $alpha^)? attr-dict `:` type($output)";
  let hasVerifier = 1;
}

def QuantHW_SoftmaxOp : QuantHW_Op<"softmax", [Pure, SameOperandsAndResultShape,
    DeclareOpInterfaceMethods<QuantizableOpInterface>]> {
  let summary = "softmax along one axis";
  let description = [{
    `p = exp(x - max(x)) / sum(exp(x - max(x)))` along `axis`; float `y = p`, on codes
    `y = clamp(round(p / Sy) + Zy)`, p in f64, rounded half away from zero.

    1. (softmax_c1) `axis` lies in [0, rank);
    2. (softmax_c2) both float, or both quantized.

    Example:

    ```mlir
    %y = quant_hw.softmax %x axis 1 : tensor<?x10xf32>
    %z = quant_hw.softmax %q axis 1 : tensor<?x10x!quant.uniform<i8:f32, 0.1>>
        -> tensor<?x10x!quant.uniform<i8:f32, 0.00390625:-128>>
    ```
  }];
  let arguments = (ins QuantHW_ActivationTensor:$input, I64Attr:$axis);
  let results = (outs QuantHW_ActivationTensor:$output);
  let assemblyFormat = [{
    $input `axis` $axis attr-dict `:` custom<OneOrTwoTypes>(type($input), type($output))
  }];
  let hasVerifier = 1;
}

#endif // HWQ_DIALECT_QUANTHW_IR_QUANTHWCOMPUTEOPS_TD
