//===- MyChip.td - The dialect of a chip -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MYCHIP_TD
#define MYCHIP_TD

include "hwq/Dialect/Target/IR/TargetOpBase.td"

def MyChipDialect : Target_Dialect<"mychip"> {
  let summary = "The program of the chip that examples/mychip/mychip.mlir describes.";
  let cppNamespace = "::mychip";
}

// Each op stands for one of step 4: its class says for which.
def ConvOp : Target_Conv2DOp<MyChipDialect, "conv",
    (ins DenseI32ArrayAttr:$multiplier, DenseI32ArrayAttr:$shift, OptionalAttr<I32Attr>:$least,
         OptionalAttr<I32Attr>:$most),
    "`y = clamp(((sum(qx * qw) + bias) * multiplier + 2^(shift-1)) >> shift) + Zy, least, most)`",
    "multipliers lie in [0, 32767], shifts in [0, 62]", [{
%y = mychip.conv %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
    dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
    multiplier = array<i32: 16384>, shift = array<i32: 15>}
    : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>,
       tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "Convolution";
}

def TableOp : Target_LookupOp<MyChipDialect, "table", "`y = table[q - qmin]`", "", [{
%y = mychip.table %x {table = array<i32: 0, 1, 1, 3>}
    : (tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
}]> {
  let summary = "A function of codes";
}

def QuantizeOp : Target_QuantizeOp<MyChipDialect, "quantize", (ins),
    "`clamp(RNE(x * f32(1/s)) + Z)`", "", [{
%y = mychip.quantize %x : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.5>>
}]> {
  let summary = "Codes of real numbers";
}

def DequantizeOp : Target_DequantizeOp<MyChipDialect, "dequantize", (ins), "`(q - Z) * s`", "", [{
%y = mychip.dequantize %x : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4xf32>
}]> {
  let summary = "Real numbers of codes";
}

#endif // MYCHIP_TD
