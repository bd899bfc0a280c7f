//===- QuantizerInsertion.h - Quantize/dequantize pairs ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZERINSERTION_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZERINSERTION_H

#include "FunctionParameters.h"

namespace hwq {

/// Puts a quantize and its dequantize, or the one op that is both where there
/// is a scheme, behind all that is quantized, weights included. A tensor's name
/// goes to its quantizer where that is all that reads it. Relus whose limit the
/// backend leaves to the grid lose it. Errors are emitted on the op: weights
/// that their scheme cannot hold.
mlir::LogicalResult insertQuantizers(mlir::func::FuncOp func,
                                     const TensorGraph &graph,
                                     const QuantizerPlacement &placement,
                                     const ParameterGroups &groups,
                                     FunctionParameters &parameters,
                                     const Backend &backend);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_QUANTIZERINSERTION_H
