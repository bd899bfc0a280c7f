//===- IntegerIO.h - Programs whose inputs and outputs are codes -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_INTEGERIO_H
#define HWQ_PIPELINES_INTEGERIO_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"

namespace hwq {

/// Takes the first quantize of every input and the last dequantize of every
/// result out of a compiled program: both are codes from then on, with scale
/// and zero point in the function's type. Data movement in between works on
/// codes. Emits an error, and leaves a program that is not to be used, where an
/// input or a result is not quantized or an input has two different grids.
mlir::LogicalResult makeIntegerIO(mlir::ModuleOp module);

} // namespace hwq

#endif // HWQ_PIPELINES_INTEGERIO_H
