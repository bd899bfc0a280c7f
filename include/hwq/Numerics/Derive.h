//===- Derive.h - Scale and zero point from a range -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_DERIVE_H
#define HWQ_NUMERICS_DERIVE_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Result.h"

namespace hwq::numerics {

struct Derived {
  QuantParams params;
  /// What the parameters can represent: the given range after it was widened to
  /// hold zero and moved so that zero lies on the grid.
  Range range;
};

/// Quantization parameters for values in `range`, all arithmetic in f64.
///
/// PAimet (AIMET, SNPE converter; N = number of steps of the grid): the range
/// is widened to hold 0 and to a width of at least 0.01. Asymmetric: scale =
/// width/N, zero point = RHA(-min/scale) on the grid 0..N. Symmetric: scale =
/// max|x|/floor(N/2), zero point in the middle. UnsignedSymmetric: max/N and
/// zero point 0 when there are no negative values, else Symmetric.
///
/// PTfl (TFLite): the range is widened to hold 0. Asymmetric: scale = width/N,
/// zero point from the end of the range that is known more exactly (the upper
/// one on a tie), RHA. Symmetric and UnsignedSymmetric as above. A range whose
/// scale is 0 in f32 gives scale 0 and zero point 0, as TFLite does: nothing
/// but zero is representable, and the caller has to choose another scale.
///
/// Zero points are on the grid of `storage`: a signed one is the unsigned one
/// plus qmin. Errors: NaN, infinite, min > max, or a scale that is infinite in
/// f32.
Result<Derived> deriveParams(DerivationRule rule, Range range,
                             Symmetry symmetry, Storage storage,
                             bool narrow = false);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_DERIVE_H
