//===- Passes.td - Passes of the quant_hw dialect -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_TRANSFORMS_PASSES_TD
#define HWQ_DIALECT_QUANTHW_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

// Every pass here works on a module, checks `quant_hw.form` and sets the next.
class QuantHW_Pass<string argument> : Pass<argument, "::mlir::ModuleOp"> {
  let dependentDialects = ["::hwq::QuantHWDialect"];
}

//===----------------------------------------------------------------------===//
// Float
//===----------------------------------------------------------------------===//

def RecognizePass : QuantHW_Pass<"quant-hw-recognize"> {
  let summary = "make quant_hw float ops of what TOSA takes apart";
  let description = [{
    Turns plain f32 TOSA, from any importer, into the float form:

    * `tosa.conv2d` and `tosa.depthwise_conv2d` with constant weights, a zero
      `tosa.pad` before them and a bias added after them, become `quant_hw.conv2d`;
    * `tosa.matmul` with constant weights and the bias added after it, also behind a
      reshape, become `quant_hw.fully_connected`;
    * `maximum` and `minimum` with one constant become `clamp`, two clamps one;
    * `exp(x - max(x)) / sum` becomes `quant_hw.softmax`;
    * transposes sink through elementwise ops and padding until they cancel;
    * inputs, and results of ops that are not constant, get a name where they have none:
      that of their NameLoc, or one made from the op, `conv2d_0`, `add_3`.
  }];
}

def ImportQuantizedPass : QuantHW_Pass<"quant-hw-import-quantized"> {
  let summary = "make a calibrated program of quantized TOSA";
  let description = [{
    TOSA whose tensors have `!quant.uniform` element types, as importers of TFLite make it,
    becomes a program in the form `calibrated` with the model's scales and zero points:
    every tensor of codes is an f32 tensor behind an `observe` with
    `quant_hw.model_parameters`, every constant of codes an f32 constant with them. Nothing
    is calibrated again. Arguments and results become f32.

    Integers are followed to the next type that says what they mean. The result of a dot
    product counts in the product of the scales of its operands; a `tosa.rescale` divides its
    operand's scale by multiplier / 2^shift and moves its zero point, and sums have operands of
    one scale. A `tosa.rescale` to codes multiplies by the quotient of both scales (or, behind
    sums over axes, by that of a mean): it is the requantization that the backend does its
    own way, and goes. Between codes it is `quant_hw.unary identity`.

    What depends on one code, elementwise and with single constants, is computed for all 256 as
    TOSA defines it, and is a `quant_hw.unary table`: leaky relus, requantized relus, sums
    with a constant, `tosa.table`. The integer ops that importers of TFLite make of a softmax are
    `quant_hw.softmax`, a convolution of one pixel with a reshaped matrix is a fully
    connected layer. Products, casts and sums between f32 and codes are the quantizer or
    nothing. `quant.qcast`, `quant.dcast` and `quant.scast` are taken, too. Constants that a `quant.qcast`
    quantizes are rounded to nearest even.

    Afterwards the program goes through `--quant-hw-recognize`.

    An error, on the op, where that is not so: zero points that differ from the type's, a
    `tosa.rescale` by another number, integers of no scale, activations with several scales,
    functions of a code that leave 32 bits, ops without a meaning on codes.
  }];
  let dependentDialects = ["::hwq::QuantHWDialect", "::mlir::tosa::TosaDialect"];
}

def DecomposePass : QuantHW_Pass<"quant-hw-decompose"> {
  let summary = "say in plain TOSA what quant_hw float ops stand for";
  let description = [{
    The way back from `--quant-hw-recognize`, for consumers that know TOSA only. Float
    form to plain TOSA without `quant_hw.form`:

    * `conv2d` becomes `tosa.conv2d`, depthwise `tosa.depthwise_conv2d`, and one
      `tosa.conv2d` a group otherwise; windows that do not divide the input shrink the
      padding at the end, then the input;
    * `transpose_conv2d` becomes `tosa.transpose_conv2d`, dilation zeros among the weights;
    * `fully_connected` and `matmul` become `tosa.matmul` between reshapes;
    * `unary` and `softmax` become elementwise ops and reductions, which may differ in the
      last bit.

    Tensors keep their names.
  }];
  let dependentDialects = ["::hwq::QuantHWDialect", "::mlir::tosa::TosaDialect"];
}

def InsertObserversPass : QuantHW_Pass<"quant-hw-insert-observers"> {
  let summary = "pass every activation whose range is wanted through observe";
  let description = [{
    Inputs and the results of all ops that compute get a `quant_hw.observe` with the
    tensor's name. There is none between an op and the single-use batch norm
    (multiply-add with one constant per channel), relu or clamp behind it, and none
    behind ops that only move data. Float form to observed form.
  }];
}

//===----------------------------------------------------------------------===//
// Calibrated to step 0
//===----------------------------------------------------------------------===//

def FoldBatchNormPass : QuantHW_Pass<"quant-hw-fold-batch-norm"> {
  let summary = "make a per-channel multiply-add part of the convolution before it";
  let description = [{
    `w' = w * g`, `b' = b * g`, then `b' = b' + h`, each computed in f64 and rounded to
    f32, where the
    backend folds batch norms and the convolution or fully connected op has no other
    reader. Calibrated form.
  }];
}

def AnnotatePass : QuantHW_Pass<"quant-hw-annotate"> {
  let summary = "place quantize/dequantize pairs as the backend's graph policy says";
  let description = [{
    Calibrated form to step 0. The graph policy says which ops compute in integers and
    which tensors pass through a quantizer; `keep_parameters`, `align_operands` and
    `concat` which tensors have equal parameters (remarks say why); the derivation rules
    what these are. A tensor without a range that needs one is an error.

    * `max_pool2d` and other ops that only move data work on integers where their result
      is quantized.
    * With `fuse_residual` the operand of an addition that comes from a convolution with
      no other reader and no relu has no quantizer.
    * The scale of weights whose bias, or sum of products, would not fit is raised, with
      a remark; so are scales whose shift the hardware can't do.

    `skip` is a regular expression: an op whose result's name it matches somewhere computes
    in float, and its result is quantized only where an integer op reads it; a network
    input that matches is not quantized. `override-file` names a JSON file with parameters
    of tensors in place of the backend's, `float` for a tensor that is never quantized:

    ```json
    {"conv1": {"bits": 4, "symmetry": "symmetric", "range": [-1.5, 1.5]},
     "conv2": {"scale": 0.02, "zero_point": 3},
     "conv3": {"float": true}}
    ```

    `scale` and `zero_point` (0 where it is left out; that of the backend's grid where it
    is symmetric) stand in place of a range, and what the backend cannot have is an error.
    An override counts for all tensors that share the parameters. A name that is no
    tensor's is an error.
  }];
  let options = [
    Option<"skip", "skip", "std::string", "", "Ops that stay float, by the name of their result">,
    Option<"overrideFile", "override-file", "std::string", "", "JSON file with parameters of tensors">,
  ];
}

//===----------------------------------------------------------------------===//
// Steps 1 to 4
//===----------------------------------------------------------------------===//

def IntegerizePass : QuantHW_Pass<"quant-hw-integerize"> {
  let summary = "compute in integers between quantize and dequantize (step 1)";
  let description = [{
    `dequantize -> op -> quantize` becomes the op on integers and a `requantize`
    with real scales, `qy - Zy = S1[c] (qx-Zx)*(qw-Zw) + B1`. What has no integer
    form stays float between `dequantize` and `quantize`, with a remark.
  }];
}

def FoldZeroPointsPass : QuantHW_Pass<"quant-hw-fold-zero-points"> {
  let summary = "move the input zero point of dot products into the bias (step 2)";
  let description = [{
    `qy - Zy = S1[c] sum(qx * (qw - Zw)) + B2[c]`,
    `B2[c] = B1[c] - S1[c] Zx sum(qw - Zw)`; padding becomes the explicit code Zx.
  }];
}

def FactorScalesPass : QuantHW_Pass<"quant-hw-factor-scales"> {
  let summary = "factor one scale out, the bias in accumulator units (step 3)";
  let description = [{
    `qy = S3[c] (A + B3[c]) + Zy`, `S3 = S1`, `B3 = B2 / S1`. Additions get the
    common scale of the backend's addition.
  }];
}

def QuantizeBiasPass : QuantHW_Pass<"quant-hw-quantize-bias"> {
  let summary = "make the bias an integer of the backend's form (step 3)";
}

def SelectKernelsPass : QuantHW_Pass<"quant-hw-select-kernels"> {
  let summary = "replace real scales by multiplier and shift (step 4)";
}

def FoldRequantizePass : QuantHW_Pass<"quant-hw-fold-requantize"> {
  let summary = "fold requantizations into the ops before them, where it is exact";
  let description = [{
    * a requantization becomes part of the only op that it follows;
    * one between equal parameters whose clamp changes nothing disappears;
    * two in a row become one where a single multiplier is proven equal on every
      accumulator that the weights allow, or with `max-error` differs by at most so many
      LSB, which a remark says; otherwise they stay, with a remark.
  }];
  let options = [
    Option<"maxError", "max-error", "unsigned", "0",
           "Fold two requantizations that one differs from by at most so many LSB">,
  ];
}

#endif // HWQ_DIALECT_QUANTHW_TRANSFORMS_PASSES_TD
