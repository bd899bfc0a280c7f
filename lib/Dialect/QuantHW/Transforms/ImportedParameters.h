//===- ImportedParameters.h - Parameters a model brought along --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_IMPORTEDPARAMETERS_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_IMPORTEDPARAMETERS_H

#include "WeightParameters.h"

namespace hwq {

/// The parameters `type` as the backend holds them: the same real values, the
/// codes in the backend's storage (u8 and i8 are 128 apart). An error where the
/// backend has no such parameters: another width, symmetry or kind of scale.
numerics::Result<GroupParameters> fitActivation(mlir::quant::QuantizedType type,
                                                const Backend &backend);

/// The type that the constant weights of an op came with; null if they came
/// with none.
mlir::quant::QuantizedType getImportedType(mlir::Value constant);

/// The same for weights [channels][taps], whose values are on the grid of
/// `type`.
numerics::Result<WeightParameters>
fitWeights(mlir::quant::QuantizedType type, llvm::ArrayRef<float> values,
           size_t channels, const Backend &backend,
           numerics::Granularity granularity);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_IMPORTEDPARAMETERS_H
