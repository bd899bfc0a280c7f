//===- Fold.h - Evaluating constant nodes on the host -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_IMPORT_FOLD_H
#define HWQ_LIB_IMPORT_FOLD_H

#include "Importer.h"

namespace hwq::onnx_import {

/// Constants that folding makes have at most so many elements.
inline constexpr int64_t kMaxFolded = int64_t(1) << 26;

/// A constant of the given shape with the elements `source[index[i]]`.
HostTensorPtr takeElements(const HostTensor &source, ArrayRef<int64_t> shape,
                           ArrayRef<size_t> index);

/// The shape to which two shapes broadcast; reports a mismatch and an absurd
/// result.
FailureOr<SmallVector<int64_t>>
broadcastShapes(Importer &importer, ArrayRef<int64_t> a, ArrayRef<int64_t> b);
/// For each element of `to` the element of `from` that it repeats.
std::vector<size_t> broadcastIndex(ArrayRef<int64_t> from,
                                   ArrayRef<int64_t> to);

using FoldTable = llvm::StringMap<OpHandler>;
/// Handlers for nodes whose inputs are all constants.
void addArithmeticFolds(FoldTable &table);
void addMovementFolds(FoldTable &table);

} // namespace hwq::onnx_import

#endif // HWQ_LIB_IMPORT_FOLD_H
