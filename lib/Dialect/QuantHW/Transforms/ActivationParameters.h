//===- ActivationParameters.h - Parameters of activations -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_ACTIVATIONPARAMETERS_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_ACTIVATIONPARAMETERS_H

#include "ParameterGroups.h"
#include "mlir/IR/Remarks.h"

namespace hwq {

/// Parameters of one group of tensors.
struct GroupParameters {
  numerics::QuantParams params;
  numerics::Storage storage = numerics::Storage::I8;
  /// max(|min|, |max|) of the range they follow from.
  double threshold = 0;
  /// They may not be changed any more: fixed by the backend or the user.
  bool isFinal = false;
  /// Of the channels, the last axis, where each has its own, all on the grid of
  /// `params`; else empty.
  std::vector<numerics::QuantParams> channels;

  /// What a dot product multiplies its weights by: 1 where the weights have the
  /// scales of the channels in them, with the zero point farthest from 0.
  numerics::QuantParams getDotInput() const;
};

/// Parameters of a group from the ranges of its sources: signedness, bits,
/// overrides. `bits` 0 is the scheme's. Channels with ranges, if there are any,
/// get parameters of their own. Errors go to the first source.
mlir::FailureOr<GroupParameters>
deriveGroup(const TensorGraph &graph, const ParameterGroups &groups,
            unsigned group, const Backend &backend, unsigned bits = 0,
            llvm::ArrayRef<numerics::Range> channels = {});

/// The type of a tensor of that rank.
mlir::quant::QuantizedType getType(mlir::MLIRContext *context,
                                   const GroupParameters &params, int64_t rank);

/// Of the remarks on decisions of annotate.
mlir::remark::RemarkOpts getAnnotateRemarks();

/// "tensor 'x' has no range: ...", as a diagnostic on `loc`.
mlir::InFlightDiagnostic emitNoRange(mlir::Location loc,
                                     const llvm::Twine &tensor);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_ACTIVATIONPARAMETERS_H
