//===- FakeQuantParameters.h - Schemes of tensors and weights -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_FAKEQUANTPARAMETERS_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_FAKEQUANTPARAMETERS_H

#include "ActivationParameters.h"
#include "WeightParameters.h"

namespace hwq {

/// What a scheme that is not affine needs of a tensor: largest magnitude, bits
/// and signedness.
struct FakeQuantRange {
  double largest = 0;
  unsigned bits = 8;
  bool isSigned = true;
};
FakeQuantRange getFakeQuantRange(const GroupParameters &params);

/// The backend's scheme for activations of the range. `exponent`, if given, is
/// the network's.
numerics::Result<numerics::FakeQuantizer>
deriveScheme(const SchemeChoice &choice, const Backend &backend,
             const FakeQuantRange &range, std::optional<int> exponent);

/// The same for values that are known.
numerics::Result<numerics::FakeQuantizer>
deriveScheme(const SchemeChoice &choice, const Backend &backend,
             llvm::ArrayRef<float> values, unsigned bits,
             std::optional<int> exponent);

/// Puts the weights behind a `fake_quant` with the backend's scheme, one for
/// all or one for each output channel as `weights` has parameters. Errors are
/// emitted on the op: weights that are no f32 constant, or that the scheme
/// cannot hold.
mlir::LogicalResult fakeQuantizeWeights(const WeightParameters &weights,
                                        llvm::StringRef name,
                                        const Backend &backend,
                                        std::optional<int> exponent);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_FAKEQUANTPARAMETERS_H
