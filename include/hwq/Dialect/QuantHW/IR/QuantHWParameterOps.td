//===- QuantHWParameterOps.td - Observing, quantizing, requantizing -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_QUANTHWPARAMETEROPS_TD
#define HWQ_DIALECT_QUANTHW_IR_QUANTHWPARAMETEROPS_TD

include "hwq/Dialect/QuantHW/IR/QuantHWOpBase.td"

def QuantHW_ObserveOp : QuantHW_Op<"observe", [
    Pure, AllTypesMatch<["input", "output"]>]> {
  let summary = "a tensor whose range is wanted, or known";
  let description = [{
    Passes its operand through. `tensor` is the name under which statistics are
    collected; `range` is there after calibration, `method` says how it was chosen.
    `channel_ranges` holds the ranges of the single channels, the last axis, where they
    were asked for: least and largest of the first, of the second, ...
    A table of another tool may leave `quant_hw.parameters` beside the range, a
    `!quant.uniform` type with the scale and zero point that the tensor has on
    backends which can have them, and `quant_hw.keep_float`: the op that makes the
    tensor computes in float.

    1. (observe_c1) `range` is two finite numbers, the first not above the second;
    2. (observe_c2) `tensor` is not empty;
    3. (observe_c3) `quant_hw.parameters` has one scale, a zero point inside its
       storage range and a range beside it; `quant_hw.keep_float` is a unit attribute;
    4. (observe_c4) `channel_ranges` has such a range for each channel;
    5. (observe_c5) `quant_hw.model_parameters`, of a model that was quantized before it
       came in, is a quantized type with one scale, or one for each index of the last axis,
       and zero points inside its storage range. No backend departs from it.

    Example:

    ```mlir
    %1 = quant_hw.observe "relu1" %0 range [0.0, 6.25] method "min-max"
        : tensor<?x8x8x16xf32>
    ```
  }];
  let arguments = (ins QuantHW_FloatTensor:$input, StrAttr:$tensor,
    OptionalAttr<DenseF64ArrayAttr>:$range, OptionalAttr<StrAttr>:$method,
    OptionalAttr<DenseF64ArrayAttr>:$channel_ranges);
  let results = (outs QuantHW_FloatTensor:$output);
  let builders = [
    OpBuilder<(ins "::mlir::Type":$output, "::mlir::Value":$input,
      "::mlir::StringAttr":$tensor, "::mlir::DenseF64ArrayAttr":$range,
      "::mlir::StringAttr":$method), [{
        build($_builder, $_state, output, input, tensor, range, method,
              ::mlir::DenseF64ArrayAttr());
      }]>
  ];
  let assemblyFormat = [{
    $tensor $input (`range` custom<F64Array>($range)^)? (`method` $method^)? attr-dict `:` type($output)
  }];
  let hasVerifier = 1;
}

def QuantHW_QuantizeOp : QuantHW_Op<"quantize", [Pure, SameOperandsAndResultShape]> {
  let summary = "float to integer";
  let description = [{
    `q = clamp(round(x / scale) + zero_point)` with scale, zero point and bounds of
    the result's type; the quantize form (Q1, Q2, ... of the numerics specification)
    fixes precision, rounding and the place of the zero point. The type may be per
    axis: on weights axis 0, on activations the last.

    1. (quantize_c1) the result's zero point lies inside its storage range;
    2. (quantize_c2) a per-axis type has axis 0 or the last one, and one scale per channel.

    Example:

    ```mlir
    %q = quant_hw.quantize %x form <q5>
        : tensor<?x8xf32> -> tensor<?x8x!quant.uniform<u8:f32, 0.05:128>>
    ```
  }];
  let results = (outs RankedTensorOf<[QuantHW_AnyUniform]>:$output);
  let arguments = (ins QuantHW_FloatTensor:$input, QuantHW_QuantizeFormAttr:$form);
  let assemblyFormat = [{
    $input `form` $form attr-dict `:` type($input) `->` type($output)
  }];
  let hasVerifier = 1;
}

def QuantHW_DequantizeOp : QuantHW_Op<"dequantize", [Pure, SameOperandsAndResultShape]> {
  let summary = "integer to float";
  let description = [{
    `x = f32(scale) * (q - zero_point)`, in f32. With `unit_scale` it is `q - zero_point`:
    the weights of the reader have the scales of the channels in them.

    1. (dequantize_c1) as quantize_c1 and quantize_c2, for the operand's type;
    2. (dequantize_c2) `unit_scale` where the last axis has scales only.

    Example:

    ```mlir
    %x = quant_hw.dequantize %q
        : tensor<?x8x!quant.uniform<u8:f32, 0.05:128>> -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins RankedTensorOf<[QuantHW_AnyUniform]>:$input, UnitAttr:$unit_scale);
  let results = (outs QuantHW_FloatTensor:$output);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($output)";
  let hasVerifier = 1;
}

def QuantHW_FakeQuantOp : QuantHW_Op<"fake_quant", [Pure, SameOperandsAndResultType]> {
  let summary = "float values made few, and float again";
  let description = [{
    `y = dequantize(quantize(x))` of a scheme that no quantized type expresses. Several
    schemes are one for each index of axis 0 (the channels of weights).

    1. (fake_quant_c1) `schemes` are one or more `#quant_hw.scheme`, all of one kind;
    2. (fake_quant_c2) several are as many as axis 0 has elements.

    Example:

    ```mlir
    %y = quant_hw.fake_quant %x [#quant_hw.scheme<kind = fixed_point, bits = 4, exponent = -3>]
        : tensor<?x8xf32>
    ```
  }];
  let arguments = (ins QuantHW_FloatTensor:$input, ArrayAttr:$schemes);
  let results = (outs QuantHW_FloatTensor:$output);
  let assemblyFormat = "$input $schemes attr-dict `:` type($output)";
  let hasVerifier = 1;
}

def QuantHW_RequantizeOp : QuantHW_Op<"requantize", [Pure, AttrSizedOperandSegments]> {
  let summary = "accumulator or integer of one scale to integer of another, or to float";
  let description = [{
    Applies `requant` (see `#quant_hw.requant`) to every element; channels are the
    last axis. `bias`, one value per channel, belongs to the derivation steps:

    ```
    steps 1, 2 (scaled_bias)   y = clamp(round(scale[c] * x + bias[c]) + zero_point)
    step 3                     y = clamp(round(scale[c] * (x + bias[c])) + zero_point)
    ```

    At step 4 the bias is part of the accumulator or of `requant`, and there is none
    here. `real_bias` is the bias of the float op, which the passes need for the engine's
    own precision; it takes no part in the value.

    A `residual` of the result's shape is added before the rounding, `residual_scale *
    (r - Zr)` of it (in units of the output at steps 1 to 3; kernel `r14`: real).

    A float result has the scale 1: steps 1 to 3 round the value to f32; at step 4 the
    kernel `r9` gives its dequantization and `r14` the value before its last division;
    clamp and zero point are unused.

    Codes of 8 bits may go to another grid by a formula that is no kernel: `variant`.

    1. (requantize_c1) input and result have the same shape;
    2. (requantize_c2) `zero_point` and clamp agree with the result's type; those of
       channels where it has one scale for each index of the last axis;
    3. (requantize_c3) `scales` has one value or one per channel, `bias` one per channel;
    4. (requantize_c4) a bias needs the `real` kernel;
    5. (requantize_c5) where `requant` says all, `input_zero_point` is that of a quantized
       operand, or 0;
    6. (requantize_c6) `residual` and `residual_scale` come together, with the kernel `real`
       or `r14`, the residual in the result's shape;
    7. (requantize_c7) a float result has the kernel `real`, `r9` or `r14`;
    8. (requantize_c8) `variant` on codes of 8 bits only.

    Example:

    ```mlir
    %y = quant_hw.requantize %acc {requant = #quant_hw.requant<kernel = r2,
        scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>}
        : tensor<?x8x8x4xi32> -> tensor<?x8x8x4x!quant.uniform<u8:f32, 0.05:128>>
    ```
  }];
  let arguments = (ins
    RankedTensorOf<[QuantHW_Accumulator, QuantHW_Uniform]>:$input,
    Optional<RankedTensorOf<[F64]>>:$bias, Optional<QuantHW_QuantTensor>:$residual,
    QuantHW_RequantAttr:$requant, UnitAttr:$scaled_bias,
    OptionalAttr<ElementsAttr>:$real_bias, OptionalAttr<QuantHW_ConcatVariantAttr>:$variant);
  let results = (outs RankedTensorOf<[F32, QuantHW_AnyUniform]>:$output);
  let assemblyFormat = [{
    $input (`bias` $bias^ `:` type($bias))? (`residual` $residual^ `:` type($residual))? attr-dict
    `:` type($input) `->` type($output)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    bool isFloat() { return getOutput().getType().getElementType().isF32(); }
  }];
  let builders = [
    OpBuilder<(ins "::mlir::Type":$result, "::mlir::Value":$input,
      "::mlir::Value":$bias, "::hwq::RequantAttr":$requant,
      "bool":$scaledBias), [{
        build($_builder, $_state, result, input, bias, /*residual=*/{}, requant,
              scaledBias ? $_builder.getUnitAttr() : ::mlir::UnitAttr(),
              /*real_bias=*/{}, /*variant=*/{});
      }]>
  ];
}

#endif // HWQ_DIALECT_QUANTHW_IR_QUANTHWPARAMETEROPS_TD
