//===- QuantHWOpBase.td - Base of the ops and their operand types -*- tablegen -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_QUANTHWOPBASE_TD
#define HWQ_DIALECT_QUANTHW_IR_QUANTHWOPBASE_TD

include "hwq/Dialect/QuantHW/IR/QuantHWAttributes.td"
include "hwq/Dialect/QuantHW/IR/QuantHWInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class QuantHW_Op<string mnemonic, list<Trait> traits = []>
    : Op<QuantHW_Dialect, mnemonic, traits>;

def QuantHW_Uniform : Type<
    CPred<"::llvm::isa<::mlir::quant::UniformQuantizedType>($_self)">,
    "quantized type with one scale">;
def QuantHW_AnyUniform : Type<
    CPred<"::llvm::isa<::mlir::quant::UniformQuantizedType, ::mlir::quant::UniformQuantizedPerAxisType>($_self)">,
    "quantized type">;
def QuantHW_Accumulator : AnyTypeOf<[I32, I64]>;

def QuantHW_FloatTensor : RankedTensorOf<[F32]>;
def QuantHW_QuantTensor : RankedTensorOf<[QuantHW_Uniform]>;
def QuantHW_ActivationTensor : RankedTensorOf<[F32, QuantHW_Uniform]>;
// Per axis: one scale and zero point for each channel, the last axis.
def QuantHW_ChannelTensor : RankedTensorOf<[F32, QuantHW_AnyUniform]>;
def QuantHW_WeightTensor : RankedTensorOf<[F32, QuantHW_AnyUniform]>;
// Result of a dot product: float, accumulator or requantized.
def QuantHW_DotTensor : RankedTensorOf<[F32, QuantHW_Accumulator, QuantHW_Uniform]>;
def QuantHW_ChannelDotTensor : RankedTensorOf<[F32, QuantHW_Accumulator, QuantHW_AnyUniform]>;
def QuantHW_BiasTensor : RankedTensorOf<[F32, I32]>;

#endif // HWQ_DIALECT_QUANTHW_IR_QUANTHWOPBASE_TD
