//===- Multiplier.h - Integer multipliers for real scales -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_MULTIPLIER_H
#define HWQ_NUMERICS_MULTIPLIER_H

#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/Result.h"

#include <cstdint>

namespace hwq::numerics {

/// The number multiplier * 2^-(preShift + shift). R1 and R2: multiplier in
/// [2^30, 2^31), or 0; shift = 31 - e with scale = fraction * 2^e. A negative
/// shift is a left shift (R6 and R7 only). The accumulator is shifted right by
/// preShift, rounding down, before the product (R7 only).
struct Multiplier {
  int32_t multiplier = 0;
  int32_t shift = 31;
  int32_t preShift = 0;

  bool operator==(const Multiplier &o) const {
    return multiplier == o.multiplier && shift == o.shift &&
           preShift == o.preShift;
  }
  bool operator!=(const Multiplier &o) const { return !(*this == o); }
};

double multiplierValue(Multiplier m);

/// Scales from smallest to largest, both included.
struct ScaleRange {
  double smallest;
  double largest;
};

/// Exactly the scales for which `rule` has a multiplier. PowerOfTwo: the powers
/// of two among them.
ScaleRange representableScales(MultiplierRule rule);

/// The multiplier for `scale`, frac * 2^e with frac in [1/2, 1) = frexp(scale):
///   Bits31, Bits16, Bits8  k = 31, 15, 7: RHA(frac * 2^k), shift k - e; 2^k
///                becomes 2^(k-1) with one shift less (TFLite's
///                QuantizeMultiplier; TOSA's 16-bit scales)
///   Bits24       the f32 scale, whose 24-bit significand is the multiplier
///                (QNNPACK, XNNPACK's rndnu); [2^-32, 256)
///   PowerOfTwo   1, shift -log2(scale); -31..62
///   LiteRTInt16  M of Bits31 reduced to (M + 2^15) >> 16, at most 0x7fff;
///                shift 15 - e (16x8 kernels)
///   Fixed8_8     RNE(f32(256 * scale)), shift 8 (XNNPACK's int8
///   requantization) FBGEMM       f32 scale, RNE(frac * 2^31), shift 31 - e
///                (ChooseRequantizationMultiplier)
///   Glow         f32 scale: doubled while < 1/2, or < 256 with post < 15
///                (post counts); then while < 255 and pre < post / 2 (pre
///                counts); RHA; shift post, preShift pre. A power of two 2^k:
///                (1, -k), for k > 0 (2^k, 0) (quantizeScaleOffset32To8)
///   TPU32, TPU8  of all n = -32..30 with RHA(scale * 2^n) < limit, the one
///                with the smallest error, then the smallest n; limit 2^31 - 1
///                and 127 (get_scale_and_shift)
///   CV18xx       FBGEMM's for scales below 1 (cv18xxScale sees to that); the
///                tool's r is shift - 31
///   CV18xx8      smallest n >= 0 with scale * 2^(n+1) >= 127, RTZ(scale * 2^n)
///   Hexagon      floor(255 * 2^31 / range), shift 31, range = RTZ(255 / scale
///   +
///                1/2) (the DSP's requantization; scale = accumulator step /
///                output step)
/// Errors: scale not finite, not positive, or outside representableScales; for
/// PowerOfTwo no power of two.
Result<Multiplier> chooseMultiplier(MultiplierRule rule, double scale);

/// |multiplierValue(chooseMultiplier(rule, s)) - s| <= bound * s for a
/// representable s.
double relativeErrorBound(MultiplierRule rule, double scale);

/// |multiplierValue(m) - scale| / scale.
double relativeError(Multiplier m, double scale);

/// The rule of chooseMultiplier(kernel, scale). Errors: kernels without
/// multiplier (isFloatKernel, Real).
Result<MultiplierRule> multiplierRuleOf(RequantizeKernel kernel);

/// Whether the kernel multiplies by a floating-point scale (R4, R8, R9, R12,
/// R13, R14) and not by an integer.
bool isFloatKernel(RequantizeKernel kernel);

/// chooseMultiplier(multiplierRuleOf(kernel), scale), and (0, 31) for scales
/// below the smallest. R1, R2, R5, R11: Bits31; R6: PowerOfTwo; R7: TPU32; R10:
/// Hexagon. Errors: scale not finite, negative, or too large; kernels without
/// multiplier.
Result<Multiplier> chooseMultiplier(RequantizeKernel kernel, double scale);

/// The bound of the kernel's rule; of a scale rounded to f32 (2^-24) for R4,
/// R8, R9, R13 and R14; 0 for R12 and Real, which take the scale as it is.
double relativeErrorBound(RequantizeKernel kernel, double scale);

/// The same for every scale: 2^-31 for R1, R2, R5 and R11. R7 and R10, whose
/// bound depends on the scale: over [2^-16, 255 / 255.5].
double relativeErrorBound(RequantizeKernel kernel);

/// inputScale * weightScale / outputScale, in the order and precision
/// of the engine that uses the kernel, so that its integers come out the same:
///   R4, R8, R13    f32(f32(sx * sw) / sy)
///   R9, R14        f32(sx * sw); the output scale is a parameter of its own
///   R7             f32(f64(sw * sx / sy))
///   all others     sx * sw / sy in f64; with ScaleProduct::F32 (TFLite's uint8
///                  kernels) f64(f32(sx * sw)) / sy
/// The operands are f32 values, except that R7 takes f64. `product` means
/// nothing for the kernels with an order of their own.
double combineScales(RequantizeKernel kernel, double inputScale,
                     double weightScale, double outputScale,
                     ScaleProduct product = ScaleProduct::F64);

/// Whether combineScales(kernel, ...) depends on the precision of the product.
bool dividesProduct(RequantizeKernel kernel);

/// The DSP's form of rule Hexagon: range = RTZ((outputMax - outputMin) /
/// accumulatorStep + 1/2). Errors: a range below 256 or not finite, for which
/// the reciprocal doesn't fit.
Result<Multiplier> hexagonMultiplier(double outputMin, double outputMax,
                                     double accumulatorStep);

/// R10's offset B in accumulator units: RTZ(bias / accumulatorStep - outputMin
/// / accumulatorStep + 1/2). Errors: beyond int32.
Result<int32_t> hexagonOffset(double bias, double outputMin,
                              double accumulatorStep);

/// The scale of a CV18xx convolution's channel, in f32: maxWeight *
/// inputThreshold / (127 * outputThreshold); 1 and more becomes 0.999999. When
/// the bias needs more: max(that, |bias| * 127 / (0x7fffffff * 0.998 *
/// outputThreshold)) unless that is >= 1.
float cv18xxScale(float maxWeight, float bias, float inputThreshold,
                  float outputThreshold);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_MULTIPLIER_H
