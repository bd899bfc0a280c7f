//===- GraphPolicy.cpp - What each graph policy quantizes -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GraphPolicy.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::op_class;

PolicyTraits hwq::getPolicyTraits(GraphPolicy policy) {
  constexpr OpClasses computing = All & ~Moving;
  PolicyTraits traits{computing, All};
  switch (policy) {
  // The integer graph covers everything.
  case GraphPolicy::Total:
  case GraphPolicy::Tfl:
  case GraphPolicy::Vitis:
  case GraphPolicy::Nnpi:
  case GraphPolicy::Sophgo:
  case GraphPolicy::AllOps:
    break;
  case GraphPolicy::SophgoCompat:
    traits.greedySharing = true;
    break;

  // The inputs of convolutions and fully connected layers, nothing else.
  case GraphPolicy::G1:
    traits = {Weighted, 0, QuantizerReaders::EachItsOwn};
    traits.hoists = false;
    break;
  // AscendQuant before, AscendDequant after; not before a global pool.
  case GraphPolicy::G1Amct:
    traits = {Weighted | AvgPool, 0, QuantizerReaders::Integer};
    traits.hoists = false;
    break;

  // The inputs of ops; a result only where the next op reads integers.
  case GraphPolicy::G2Prime:
    traits = {Weighted | MatMul | Add | Mul | AvgPool | GlobalPool | MaxPool |
                  Resize,
              0};
    break;
  case GraphPolicy::GOv:
    traits = {Weighted | MatMul | Add | AvgPool | GlobalPool | MaxPool | Resize,
              0};
    traits.floatLastLayer = true;
    break;
  // The average of the whole image ends the integer graph; what computes in
  // float reads the accumulator.
  case GraphPolicy::G3Tvm:
    traits = {Weighted | MatMul | Add | Mul | AvgPool | MaxPool, 0,
              QuantizerReaders::Integer};
    break;

  // The outputs of compute groups; the rest inherits.
  case GraphPolicy::G2Paper:
    traits.dropsFirstAddend = true;
    [[fallthrough]];
  case GraphPolicy::G3:
    traits.inherits =
        AvgPool | GlobalPool | MaxPool | Movement | Resize | Clamp;
    traits.floatOutput = true;
    break;
  }
  return traits;
}

OpClasses hwq::getOpClass(Operation *op) {
  StringRef kind = cast<QuantizableOpInterface>(op).getOpKind();
  OpClasses result = llvm::StringSwitch<OpClasses>(kind)
                         .Case("conv2d", Conv)
                         .Case("transpose_conv2d", TransposeConv)
                         .Case("fully_connected", FullyConnected)
                         .Case("matmul", MatMul)
                         .Cases({"add", "sub"}, Add)
                         .Case("mul", Mul)
                         .Case("avg_pool2d", AvgPool)
                         .Case("mean", GlobalPool)
                         .Case("max_pool2d", MaxPool)
                         .Case("concat", Concat)
                         .Case("movement", Movement)
                         .Case("resize", Resize)
                         .Case("clamp", Clamp)
                         .Default(Function);
  // N,H,W,C
  if (result == AvgPool) {
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    if (type.getRank() == 4 && type.getDimSize(1) == 1 &&
        type.getDimSize(2) == 1)
      return GlobalPool;
  }
  return result;
}
