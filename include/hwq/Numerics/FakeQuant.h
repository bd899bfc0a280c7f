//===- FakeQuant.h - Every scheme as a fake quantizer -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_FAKEQUANT_H
#define HWQ_NUMERICS_FAKEQUANT_H

#include "hwq/Numerics/BlockFixedPoint.h"
#include "hwq/Numerics/Codebook.h"
#include "hwq/Numerics/FixedPoint.h"
#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/LowPrecisionFloat.h"
#include "hwq/Numerics/PowerOfTwoSet.h"
#include "hwq/Numerics/QuadraticSteps.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <variant>

namespace hwq::numerics {

/// Symmetric, unsigned symmetric or asymmetric, by its grid and zero point,
/// which deriveParams() makes: quantize() and dequantize() of Quantize.h.
///   codes     the grid, 2 to 16 bits
///   range     [scale (qmin - z), scale (qmax - z)], saturating
///   rounding  that of `form`
///   NaN       code z, value 0
struct Affine {
  QuantizeForm form = QuantizeForm::Q1;
  QuantParams params;
};

/// The scale a normal f32 above 0 with finite values at both ends, the grid of
/// 2..16 bits within -32768..65535, the zero point on it.
Result<Affine> checked(Affine scheme);

int32_t quantize(const Affine &scheme, float x);
float dequantize(const Affine &scheme, int32_t code);
void quantizeArray(const Affine &scheme, const float *x, size_t count,
                   int32_t *codes);
void fakeQuantize(const Affine &scheme, const float *x, size_t count, float *y);

/// The NNIE's logarithmic code; nnieEncode() and nnieDecode() of NnieLog.h.
///   codes     0..255, sign and 16ths of an octave; 0x80 is 0
///   range     [-2^((127+z)/16), 2^((127+z)/16)], saturating
///   rounding  of the logarithm, RNE; below 2^((z-16)/16) to 0, from there to
///             the smallest code, which is 0 for positive and 1 for negative
///             values (so it is odd from 2^((z+1)/16) on only)
///   NaN       value 0
struct NnieLog {
  int zeroPoint = -127;
};

/// -2016 to 1920: all values are normal f32. nnieZeroPoint() derives it.
Result<NnieLog> checked(NnieLog scheme);

int32_t quantize(const NnieLog &scheme, float x);
/// The lower 8 bits of the code count.
float dequantize(const NnieLog &scheme, int32_t code);
void quantizeArray(const NnieLog &scheme, const float *x, size_t count,
                   int32_t *codes);
void fakeQuantize(const NnieLog &scheme, const float *x, size_t count,
                  float *y);

/// Any scheme. Every one is monotone, saturates (a LowPrecisionFloat if it says
/// so), and leaves its own values alone: fakeQuantize(fakeQuantize(x)) is
/// fakeQuantize(x), bit for bit but for the sign of zero. (A LowPrecisionFloat
/// with a scale needs scale * value to be a normal f32 for that.)
using FakeQuantizer =
    std::variant<Affine, FixedPoint, BlockFixedPoint, PowerOfTwoSet, NnieLog,
                 QuadraticSteps, Codebook, LowPrecisionFloat>;

SchemeKind kindOf(const FakeQuantizer &scheme);

/// The scheme, if its fields are legal. What the other functions do with an
/// illegal one is defined but of no use.
Result<FakeQuantizer> checked(const FakeQuantizer &scheme);

/// The smallest and the largest value. Block fixed point follows its data: all
/// finite f32.
Range rangeOf(const FakeQuantizer &scheme);

/// `rows` rows of `rowLength` values; only block fixed point cares for rows. In
/// place is allowed.
void fakeQuantize(const FakeQuantizer &scheme, const float *x, size_t rows,
                  size_t rowLength, float *y);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_FAKEQUANT_H
