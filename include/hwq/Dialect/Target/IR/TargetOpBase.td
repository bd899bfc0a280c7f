//===- TargetOpBase.td - Ops of target dialects -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One class for every op of quant_hw's step 4. A dialect's op is one of them with
// its name, the target's attributes, formula, limits and an example.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_TARGET_IR_TARGETOPBASE_TD
#define HWQ_DIALECT_TARGET_IR_TARGETOPBASE_TD

include "hwq/Dialect/QuantHW/IR/QuantHWOpBase.td"
include "hwq/Dialect/Target/IR/TargetInterfaces.td"

// `channels`: dot products read and make activations with a scale for each channel.
class Target_Dialect<string dialect, bit channels = 0> : Dialect {
  let name = dialect;
  let cppNamespace = "::hwq::" # dialect;
  let dependentDialects = ["::hwq::QuantHWDialect"];
  bit channelActivations = channels;
}

// `limits`: constraint c3 and those after it. The first two hold for all ops.
class Target_Op<Target_Dialect dialect, string mnemonic, string stepFour, string text, string limits,
                string example> : Op<dialect, mnemonic, [Pure, TargetOpInterface]> {
  string id = dialect.name # "." # mnemonic;
  let description = text # "\n"
    # "\n1. (" # id # "_c1) the constraints of `quant_hw." # stepFour
    # "`, for what the attributes stand for"
    # !if(!or(!eq(stepFour, "quantize"), !eq(stepFour, "dequantize"), !eq(stepFour, "lookup"),
              !eq(stepFour, "softmax"), !eq(stepFour, "resize_bilinear")), ";",
          ";\nmultipliers, shifts and factors are, bit for bit, what the kernel has for the "
          # "scales of the types (`quant_hw.scales` states others);")
    # "\n2. (" # id # "_c2) codes of 8 bits"
    # !if(!empty(limits), ".\n", ";\n3. (" # id # "_c3) " # !subst("_c5)", id # "_c5)",
        !subst("_c4)", id # "_c4)", limits)) # ".\n")
    # "\nExample:\n\n```mlir" # example # "```\n";
}

// What a dot product gives: codes, or its accumulators.
def Target_DotTensor : RankedTensorOf<[QuantHW_Accumulator, QuantHW_Uniform]>;
def Target_WeightTensor : RankedTensorOf<[QuantHW_AnyUniform]>;
// The same with a scale for each channel.
def Target_ChannelTensor : RankedTensorOf<[QuantHW_AnyUniform]>;
def Target_ChannelDotTensor : RankedTensorOf<[QuantHW_Accumulator, QuantHW_AnyUniform]>;
def Target_BiasTensor : RankedTensorOf<[I32]>;

class Target_DotOp<Target_Dialect dialect, string mnemonic, string stepFour, dag geometry, dag fields,
                   string text, string limits, string example>
    : Target_Op<dialect, mnemonic, stepFour, text, limits, example> {
  let arguments = !con(
    !if(dialect.channelActivations, (ins Target_ChannelTensor:$input),
        (ins QuantHW_QuantTensor:$input)),
    (ins Target_WeightTensor:$weights, Optional<Target_BiasTensor>:$bias), geometry, fields);
  let results = !if(dialect.channelActivations, (outs Target_ChannelDotTensor:$output),
                    (outs Target_DotTensor:$output));
  let assemblyFormat = [{
    $input `,` $weights (`,` $bias^)? attr-dict `:` functional-type(operands, results)
  }];
}

// The code of padding; the zero points of channels where the input has them.
class Target_PadValue<Target_Dialect dialect> {
  dag value = !if(dialect.channelActivations, (ins OptionalAttr<I32Attr>:$pad_value),
                  (ins I32Attr:$pad_value));
}

// Input N,H,W,C; weights O,KH,KW,C/groups.
class Target_Conv2DOp<Target_Dialect dialect, string mnemonic, dag fields, string text, string limits,
                      string example>
    : Target_DotOp<dialect, mnemonic, "conv2d",
        !con((ins DenseI64ArrayAttr:$pad, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$dilation,
                  I64Attr:$groups), Target_PadValue<dialect>.value),
        fields, text, limits, example>;

class Target_FullyConnectedOp<Target_Dialect dialect, string mnemonic, dag fields, string text,
                              string limits, string example>
    : Target_DotOp<dialect, mnemonic, "fully_connected", (ins), fields, text, limits, example>;

// As Target_Conv2DOp.
class Target_TransposeConv2DOp<Target_Dialect dialect, string mnemonic, dag fields, string text,
                               string limits, string example>
    : Target_DotOp<dialect, mnemonic, "transpose_conv2d",
        !con((ins DenseI64ArrayAttr:$pad, DenseI64ArrayAttr:$output_pad,
                  DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$dilation, I64Attr:$groups),
             Target_PadValue<dialect>.value),
        fields, text, limits, example>;

// Of two activations, [..., M, K] and [..., K, N].
class Target_MatMulOp<Target_Dialect dialect, string mnemonic, dag fields, string text, string limits,
                      string example>
    : Target_Op<dialect, mnemonic, "matmul", text, limits, example> {
  let arguments = !con((ins QuantHW_QuantTensor:$lhs, QuantHW_QuantTensor:$rhs), fields);
  let results = (outs Target_DotTensor:$output);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

class Target_BinaryOp<Target_Dialect dialect, string mnemonic, string stepFour, dag fields, string text,
                      string limits, string example>
    : Target_Op<dialect, mnemonic, stepFour, text, limits, example> {
  let arguments = !con((ins QuantHW_QuantTensor:$lhs, QuantHW_QuantTensor:$rhs), fields);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

class Target_UnaryOp<Target_Dialect dialect, string mnemonic, string stepFour, dag fields, string text,
                     string limits, string example>
    : Target_Op<dialect, mnemonic, stepFour, text, limits, example> {
  let arguments = !con((ins QuantHW_QuantTensor:$input), fields);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

class Target_AvgPool2DOp<Target_Dialect dialect, string mnemonic, dag fields, string text, string limits,
                         string example>
    : Target_UnaryOp<dialect, mnemonic, "avg_pool2d",
        !con((ins DenseI64ArrayAttr:$kernel, DenseI64ArrayAttr:$stride, DenseI64ArrayAttr:$pad,
                  DenseI64ArrayAttr:$clamp), fields),
        text, limits, example>;

class Target_LookupOp<Target_Dialect dialect, string mnemonic, string text, string limits, string example>
    : Target_UnaryOp<dialect, mnemonic, "lookup", (ins DenseI32ArrayAttr:$table), text, limits,
        example>;

class Target_SoftmaxOp<Target_Dialect dialect, string mnemonic, string text, string limits, string example>
    : Target_UnaryOp<dialect, mnemonic, "softmax", (ins I64Attr:$axis), text, limits, example>;

class Target_MeanOp<Target_Dialect dialect, string mnemonic, dag fields, string text, string limits,
                    string example>
    : Target_UnaryOp<dialect, mnemonic, "mean", !con((ins DenseI64ArrayAttr:$axes), fields), text,
        limits, example>;

class Target_ResizeBilinearOp<Target_Dialect dialect, string mnemonic, dag fields, string text,
                              string limits, string example>
    : Target_UnaryOp<dialect, mnemonic, "resize_bilinear",
        !con((ins DenseI64ArrayAttr:$scale, DenseI64ArrayAttr:$offset, DenseI64ArrayAttr:$border),
             fields),
        text, limits, example>;

class Target_PReluOp<Target_Dialect dialect, string mnemonic, dag fields, string text, string limits,
                     string example>
    : Target_Op<dialect, mnemonic, "prelu", text, limits, example> {
  let arguments = !con((ins QuantHW_QuantTensor:$input, QuantHW_QuantTensor:$slope), fields);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = "$input `,` $slope attr-dict `:` functional-type(operands, results)";
}

// Accumulators to codes or float, with a residual where there is one.
class Target_RequantizeOp<Target_Dialect dialect, string mnemonic, dag fields, string text,
                          string limits, string example>
    : Target_Op<dialect, mnemonic, "requantize", text, limits, example> {
  let arguments = !con((ins RankedTensorOf<[QuantHW_Accumulator, QuantHW_Uniform]>:$input,
    Optional<QuantHW_QuantTensor>:$residual), fields);
  let results = (outs RankedTensorOf<[F32, QuantHW_Uniform]>:$output);
  let assemblyFormat = [{
    $input (`,` $residual^)? attr-dict `:` functional-type(operands, results)
  }];
}

class Target_QuantizeOp<Target_Dialect dialect, string mnemonic, dag fields, string text, string limits,
                        string example>
    : Target_Op<dialect, mnemonic, "quantize", text, limits, example> {
  let arguments = !con((ins QuantHW_FloatTensor:$input), fields);
  let results = (outs QuantHW_QuantTensor:$output);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

class Target_DequantizeOp<Target_Dialect dialect, string mnemonic, dag fields, string text,
                          string limits, string example>
    : Target_Op<dialect, mnemonic, "dequantize", text, limits, example> {
  let arguments = !con((ins QuantHW_QuantTensor:$input), fields);
  let results = (outs QuantHW_FloatTensor:$output);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

#endif // HWQ_DIALECT_TARGET_IR_TARGETOPBASE_TD
