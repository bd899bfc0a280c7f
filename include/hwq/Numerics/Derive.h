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

#include <cstddef>
#include <functional>
#include <optional>

namespace hwq::numerics {

struct Derived {
  QuantParams params;
  /// What the parameters can represent: the given range after it was widened to
  /// hold zero and moved so that zero lies on the grid.
  Range range;
};

/// What is to be derived, and the options of single rules.
struct DeriveOptions {
  Symmetry symmetry = Symmetry::Asymmetric;
  Storage storage = Storage::I8;
  /// Leaves out the grid's smallest integer: -127..127. AIMET calls it strict.
  bool narrow = false;
  /// Width of the grid, 2 up to that of the storage; 0 is the storage's.
  unsigned bits = 0;
  /// PTpu, PTvm and PDpu treat weights differently from activations.
  bool ofWeights = false;
  /// PFb; PGlow, symmetric: the scale rounded up to a power of two.
  bool powerOfTwo = false;
  /// PFb: a range with both signs is widened to a symmetric one.
  bool preserveSparsity = false;
  /// PNgraph: the width is at least a hundredth of max(1, |min|, |max|).
  bool bumpByEps = false;
  /// PAimet: the least width; newer SNPE converters have 0.0001.
  double minimumWidth = 0.01;
  /// PTvm, activations: used in place of the range; 0 takes the range.
  double threshold = 8;
};

/// Quantization parameters for values in `range`. [a, b] is the range widened
/// to hold 0; M = max(|min|, |max|); the grid is qm..qM, N = qM - qm; "middle"
/// is the zero point 0 of a signed grid, 128 of u8. Unsigned symmetric is qm as
/// the zero point when min >= 0, otherwise symmetric. f32 rules round the range
/// to f32 first, and their scale is an f32 value.
///
/// PAimet (AIMET, SNPE converter), f64: b is raised to a width of at least
/// minimumWidth. Asymmetric: s = (b - a)/N, z = RHA(-a/s) on the grid 0..N.
/// Symmetric: s = M/floor(N/2), z middle; unsigned: b/N.
///
/// PTfl (TFLite), f64. Asymmetric: s = (b - a)/N, z = RHA of qm - a/s or
/// qM - b/s, the one with the smaller sum of absolute terms (the latter on a
/// tie), clamped. Symmetric and unsigned as PAimet.
///
/// PFb (FBGEMM), asymmetric: as PTfl, but s is rounded to f32 before z, RNE;
/// s = 0 or 1/s infinite gives s = 0.1; s below 6.1e-5 gives 6.1e-5 with a and
/// b scaled up alike. preserveSparsity, a < 0 < b: widened to t * [-(N/2 + 1),
/// N/2], N/2 rounded down, t = the larger of a/-(N/2 + 1) and b/(N/2); z =
/// RNE((qm + qM)/2). powerOfTwo: s is rounded up to 2^k before the floor of
/// 6.1e-5, which is no power of two.
///
/// PTorch (PyTorch's observers), f32. s is at least 2^-23. Asymmetric: s =
/// (b - a)/N, z = qm - RNE(a/s), clamped. Symmetric: max(-a, b)/(N/2), which is
/// 127.5 for the whole i8 grid, z middle; unsigned: b/N.
///
/// PPotR (MQBench): PTorch, then s = 2^RNE(log2 s). z stays that of the
/// unrounded scale, as MQBench's observers have it.
///
/// PNnlib (hexagon_nn), f32, asymmetric, 8 bits: z = -255a/(b - a); within
/// 2^-14 of an integer it is that integer; otherwise the end that has to move
/// less is moved outward until it is one. s = (b - a)/255 by its split into a
/// product and an fma. A width below 1e-6 or above 1.3e36 is an error.
///
/// PAmct (AMCT), f32. Symmetric: s = M/qM, but M/-qm where |min| > |max|.
/// Asymmetric: s = (b - a)/N, z = RNE(qm - a/s), on the signed grid. s < 2^-23
/// gives s = 1, asymmetric with z = qm.
///
/// PGlow, f64 from an f32 range, on the signed grid. Symmetric: the range is
/// widened so that a/qm = b/qM. s = (b - a)/N, 0 gives 0.1; z as PTfl, but 0
/// where |a + b| <= 2^-23 in f32. powerOfTwo: s = 2^ceil(log2 s). The scale
/// returned is rounded to f32.
///
/// PNgraph, f32, symmetric: s = M/qM of the storage (127 or 255), z = 0;
/// unsigned symmetric chooses between the two by the sign of min.
///
/// PTpu (TPU-MLIR), f64. Symmetric: M/qM of the signed grid; unsigned: b/N.
/// Weights the same in f32 and at least 1e-5. Asymmetric, the range as given:
/// s = (max - min)/N, z = RHA(qm - min/s) on the grid that TPU-MLIR takes,
/// signed if min < 0, else unsigned; where qm - min/s is past it, z is the
/// grid's end and s follows from the other end. On storage of the other sign z
/// is moved by 2^(bits-1), the same real values (which grid it was shows in z's
/// ties).
///
/// PTvm (relay.quantize), symmetric, always narrow. Activations: s =
/// threshold/2^(bits-1). Weights: the threshold is the power of two at or above
/// M, 1 for M = 0.
///
/// PDpu (Vitis AI, Qcode), symmetric: s = 2^-fp, z = 0, fp =
/// floor(log2(1/step)), step = max(min/(qm - 1/2), max/(qM + 1/2)) in f32, 18
/// where that is at most the smallest normal f32; fp is at most 12 (15 above 8
/// bits). The search for a larger fp needs data: deriveDpu().
///
/// PTrt (TensorRT), symmetric: s = f32(M/qM), 1 for M = 0.
///
/// PTengine, f32, asymmetric: s = (b - a)/N, z = RTZ(-a/s) counted from qm.
/// (Its softmax outputs are fixed to 1/255 and 0.)
///
/// PNote256, f64, asymmetric: s = (b - a)/2^bits, z = RHA(2^bits a/(a - b))
/// counted from qm. For comparison only: off by one step. Where b = 0 the
/// formula's zero point is past the grid and is clamped.
///
/// Rules whose formula gives a scale of 0 in f32 (PTfl, PTpu, PNgraph,
/// PTengine, PNote256, for [0, 0] and ranges too narrow) return scale 0 and the
/// zero point nearest to 0, as the vendors' code does: nothing but zero is
/// representable, and the caller has to choose another scale.
///
/// Errors: NaN, infinite, min > max; a range or a scale that is infinite in
/// f32; a symmetry, storage, width or option that the rule does not have.
Result<Derived> deriveParams(DerivationRule rule, Range range,
                             const DeriveOptions &options);

/// The same without the options of single rules.
Result<Derived> deriveParams(DerivationRule rule, Range range,
                             Symmetry symmetry, Storage storage,
                             bool narrow = false);

/// PDpu's search: of `candidates` exponents fp, fp + 1, ... the first of least
/// `cost`, limited as above. The vendor uses 5; 1 for a model's inputs.
Result<Derived>
deriveDpu(Range range, const DeriveOptions &options,
          const std::function<double(const QuantParams &)> &cost,
          int candidates = 5);

/// The search over `count` values with the sum of (x -
/// dequantize(quantize(x)))^2 as the cost, summed in f64 in order; Q6 for
/// activations, Q6P for weights. NaN and infinities are errors.
Result<Derived> deriveDpu(const float *x, size_t count,
                          const DeriveOptions &options, int candidates = 5);

/// TPU-MLIR's exception for the weights of one filter (all channels): the scale
/// 2^-k of the smallest k in 0..6 for which every w * 2^k is an integer of
/// `grid`.
std::optional<double> exactWeightScale(const float *w, size_t count, Grid grid);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_DERIVE_H
