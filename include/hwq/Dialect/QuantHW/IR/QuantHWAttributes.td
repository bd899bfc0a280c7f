//===- QuantHWAttributes.td - Attributes -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_QUANTHWATTRIBUTES_TD
#define HWQ_DIALECT_QUANTHW_IR_QUANTHWATTRIBUTES_TD

include "hwq/Dialect/QuantHW/IR/QuantHWBase.td"

class QuantHW_Attr<string name, string attrMnemonic> : AttrDef<QuantHW_Dialect, name> {
  let mnemonic = attrMnemonic;
}

def QuantHW_QuantizeFormAttr : QuantHW_Attr<"QuantizeForm", "quantize_form"> {
  let summary = "a quantize form: q1, q2, ... of the numerics specification";
  let parameters = (ins QuantHW_NumericsEnum<"QuantizeForm">:$value);
  let assemblyFormat = "`<` $value `>`";
}

def QuantHW_AvgPoolVariantAttr : QuantHW_Attr<"AvgPoolVariant", "avg_pool_variant"> {
  let summary = "the integer arithmetic of an average pool";
  let parameters = (ins QuantHW_NumericsEnum<"AvgPoolVariant">:$value);
  let assemblyFormat = "`<` $value `>`";
}

def QuantHW_AddVariantAttr : QuantHW_Attr<"AddVariant", "add_variant"> {
  let summary = "the integer arithmetic of an addition";
  let parameters = (ins QuantHW_NumericsEnum<"AddVariant">:$value);
  let assemblyFormat = "`<` $value `>`";
}

def QuantHW_MulVariantAttr : QuantHW_Attr<"MulVariant", "mul_variant"> {
  let summary = "the integer arithmetic of a multiplication";
  let parameters = (ins QuantHW_NumericsEnum<"MulVariant">:$value);
  let assemblyFormat = "`<` $value `>`";
}

def QuantHW_ConcatVariantAttr : QuantHW_Attr<"ConcatVariant", "concat_variant"> {
  let summary = "how codes move to another grid";
  let parameters = (ins QuantHW_NumericsEnum<"ConcatVariant">:$value);
  let assemblyFormat = "`<` $value `>`";
}

def QuantHW_ResizeVariantAttr : QuantHW_Attr<"ResizeVariant", "resize_variant"> {
  let summary = "the integer arithmetic of a bilinear resize";
  let parameters = (ins QuantHW_NumericsEnum<"ResizeVariant">:$value);
  let assemblyFormat = "`<` $value `>`";
}

def QuantHW_RequantAttr : QuantHW_Attr<"Requant", "requant"> {
  let summary = "all of one requantization";
  let description = [{
    Maps an integer `x` of channel `c` (the last axis) to

    ```
    y = clamp(kernel((x - input_zero_point) << left_shift, c) + zero_point, lo, hi)
    ```

    `kernel` is an id of the numerics specification. Integer kernels (`r1`, `r2`,
    ...) use `multipliers[c]` and `shifts[c]` (value `multiplier * 2^-shift`, shift
    the whole right shift, negative for a left one) and, where the hardware shifts
    before the product too, `pre_shifts[c]`. Float kernels (`r4`, `r8`, ...) use
    `factors[c]`, the floating-point number that the engine multiplies by, and as the
    kernel has them `bias[c]` (in units of 1/`bias_units[c]` for `r4`, real for
    `r14`), `output_scale` (`r9`, `r14`), `residual_scale` (`r14`), `precision`
    (`r9`) and `zero_point_after` (`r8`). `real` is the exact form of derivation steps
    1 to 3, evaluated in f64 and rounded as `quantize_form` says. `scales[c]` is the
    real factor that the kernel stands for, on `x - input_zero_point` shifted left.
    One value or one per channel. Where the channels of the result have grids of their
    own, `zero_points`, `los` and `his` stand in place of `zero_point`, `lo` and `hi`.

    1. (requant_c1) `scales` has at least one value, all finite and not negative;
    2. (requant_c2) `multipliers` and `shifts` are there for integer kernels, `factors`
       for float kernels, as long as `scales`; neither for `real`; the other arrays are as
       long as `scales`, or one value, `bias` any length;
    3. (requant_c3) `shifts` in the range of the kernel, at most [-62, 62], `left_shift` in
       [0, 30];
    4. (requant_c4) what the kernel multiplies by stands for the real scale within its
       precision (checked by the ops, which can name the tensor);
    5. (requant_c5) `lo <= hi`;
    6. (requant_c6) `zero_points`, `los` and `his` come together, with one value per
       channel, not with `r9`, `r10` and `r14`.
  }];
  let parameters = (ins
    QuantHW_NumericsEnum<"RequantizeKernel">:$kernel,
    QuantHW_NumericsEnum<"QuantizeForm", "::hwq::numerics::QuantizeForm::Q1">:$quantize_form,
    QuantHW_F64Array:$scales,
    OptionalParameter<"::mlir::DenseI32ArrayAttr">:$multipliers,
    OptionalParameter<"::mlir::DenseI32ArrayAttr">:$shifts,
    OptionalParameter<"::mlir::DenseI32ArrayAttr">:$pre_shifts,
    QuantHW_OptionalF64Array:$factors,
    QuantHW_OptionalF64Array:$bias,
    QuantHW_OptionalF64Array:$bias_units,
    OptionalParameter<"::mlir::FloatAttr">:$output_scale,
    OptionalParameter<"::mlir::FloatAttr">:$residual_scale,
    QuantHW_NumericsEnum<"DequantPrecision", "::hwq::numerics::DequantPrecision::Requant">:$precision,
    DefaultValuedParameter<"bool", "false">:$zero_point_after,
    DefaultValuedParameter<"int64_t", "0">:$input_zero_point,
    DefaultValuedParameter<"int32_t", "0">:$left_shift,
    DefaultValuedParameter<"int64_t", "0">:$zero_point,
    "int64_t":$lo,
    "int64_t":$hi,
    OptionalParameter<"::mlir::DenseI32ArrayAttr">:$zero_points,
    OptionalParameter<"::mlir::DenseI32ArrayAttr">:$los,
    OptionalParameter<"::mlir::DenseI32ArrayAttr">:$his);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let builders = [AttrBuilder<(ins "const ::hwq::RequantFields &":$fields)>];
  let extraClassDeclaration = [{
    bool isReal() const {
      return getKernel() == ::hwq::numerics::RequantizeKernel::Real;
    }
    /// The same requantization with the range narrowed to [lo, hi].
    RequantAttr withClamp(int64_t lo, int64_t hi) const;
    /// To change some of them: RequantAttr::get(context, fields).
    ::hwq::RequantFields getFields() const;
    /// As Numerics takes it. Only for kernels other than `real`.
    ::hwq::numerics::RequantizeParams getParams() const;
  }];
}

def QuantHW_SchemeAttr : QuantHW_Attr<"Scheme", "scheme"> {
  let summary = "a way to make real numbers few that is no scale and zero point";
  let description = [{
    One of the schemes of the numerics specification, with its fields; the others have
    their defaults:

    ```
    fixed_point         bits, is_signed, exponent          x = q 2^exponent
    block_fixed_point   bits (mantissa), block             one exponent per block of the last axis
    power_of_two        bits, is_signed, scale, rounding   0 and +-scale 2^-k
    nnie_log            zero_point                         16 logarithmic steps per octave
    quadratic           bits, is_signed, scale             +-scale k^2
    codebook            levels                             the nearest of them
    float               format, scale                      fp16, bf16, fp8_e4m3, fp8_e5m2
    ```

    1. (scheme_c1) `kind` is not `affine` and the fields are legal for it.
  }];
  let parameters = (ins
    QuantHW_NumericsEnum<"SchemeKind">:$kind,
    DefaultValuedParameter<"int64_t", "8">:$bits,
    DefaultValuedParameter<"bool", "true">:$is_signed,
    DefaultValuedParameter<"int64_t", "0">:$exponent,
    DefaultValuedParameter<"int64_t", "32">:$block,
    OptionalParameter<"::mlir::FloatAttr">:$scale,
    DefaultValuedParameter<"int64_t", "0">:$zero_point,
    QuantHW_OptionalF64Array:$levels,
    QuantHW_NumericsEnum<"FloatFormat", "::hwq::numerics::FloatFormat::Fp16">:$format,
    QuantHW_NumericsEnum<"LevelRounding", "::hwq::numerics::LevelRounding::Log">:$rounding);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    static SchemeAttr get(::mlir::MLIRContext *context,
                          const ::hwq::numerics::FakeQuantizer &scheme);
    ::hwq::numerics::FakeQuantizer getQuantizer() const;
  }];
}

def QuantHW_BackendAttr : QuantHW_Attr<"Backend", "backend"> {
  let summary = "the descriptor of a backend";
  let description = [{
    A backend as data: its name and the values of the field table (printed by
    `hwq-opt --list-backend-fields`). Fields that are absent have their default.
    Passes read it from the module attribute `quant_hw.backend`.

    1. (backend_c1) every key is a field of the table;
    2. (backend_c2) every value is legal for its field;
    3. (backend_c3) required fields are there;
    4. (backend_c4) fields do not contradict each other.
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "::mlir::DictionaryAttr":$fields);
  let assemblyFormat = "`<` $name `,` $fields `>`";
  let genVerifyDecl = 1;
}

#endif // HWQ_DIALECT_QUANTHW_IR_QUANTHWATTRIBUTES_TD
