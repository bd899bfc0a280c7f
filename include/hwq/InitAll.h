//===- InitAll.h - Registration of everything ----------------- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_INITALL_H
#define HWQ_INITALL_H

#include "mlir/IR/DialectRegistry.h"

namespace hwq {

/// The dialects that a program can be in (quant_hw, the target dialects, func,
/// quant, tosa), with the interfaces that the passes need attached to TOSA's
/// ops.
void registerAllDialects(mlir::DialectRegistry &registry);

/// All passes of hwq and the pipeline `quantize-for`.
void registerAllPasses();

} // namespace hwq

#endif // HWQ_INITALL_H
