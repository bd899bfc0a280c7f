//===- Lut.h - Functions of one code as tables ------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_LUT_H
#define HWQ_NUMERICS_LUT_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Multiplier.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace hwq::numerics {

/// The output code for each code of the input grid, in order:
/// quantize(form, f(s_x * (q - z_x))), f in f64 of the product in f64, its
/// value rounded to f32 before the form (Q5 too). For backends that do not
/// publish how their tables are made. A NaN of f gives the zero point. Errors:
/// as deriveAdd.
Result<std::vector<int32_t>>
lookupTable(QuantizeForm form, const std::function<double(double)> &function,
            const QuantParams &input, const QuantParams &output);

/// The same as LiteRT makes it, in f32: RHA(f32(f(f32(s_x * (q - z_x))) *
/// f32(1/s_y))) + z_y, f's value rounded to f32.
Result<std::vector<int32_t>>
tfliteLookupTable(const std::function<double(double)> &function,
                  const QuantParams &input, const QuantParams &output);

/// The same as `variant` says.
///   F64      lookupTable above
///   F32      as F64, but f of f32(s_x * (q - z_x)), as Glow does it
///   Tflite, TfliteXnnpack   tfliteLookupTable; `form` is not asked
Result<std::vector<int32_t>>
lookupTable(LookupVariant variant, QuantizeForm form,
            const std::function<double(double)> &function,
            const QuantParams &input, const QuantParams &output);

/// 1 / (1 + e^-x).
double logistic(double x);
/// x * min(max(x + 3, 0), 6) / 6 in real numbers.
double hardSwish(double x);

/// out[i] = table[in[i]] for a table that starts at the type's smallest code.
void lookupArray(const std::vector<int32_t> &table, const uint8_t *in,
                 uint8_t *out, size_t count);
void lookupArray(const std::vector<int32_t> &table, const int8_t *in,
                 int8_t *out, size_t count);

/// LiteRT's hard swish in 16-bit fixed point (all three engines).
struct HardSwishParams {
  int32_t inputZeroPoint = 0, zeroPoint = 0;
  /// 15-bit multipliers and exponents (left shift positive) from the input
  /// scale / 128 to 3/32768, and to the output scale.
  int32_t reluMultiplier = 0, reluExponent = 0;
  int32_t outputMultiplier = 0, outputExponent = 0;
  int32_t lo = 0, hi = 0;
};

/// Scales in f32: h = s_x/128; the multipliers of f32(h/s_y) and f32(h/f32(3/
/// 32768)), 31 bits reduced to 15 by (M + 2^15) >> 16, at most 0x7fff. Errors:
/// as deriveAdd, grids beyond 8 bits, an output multiplier of 1 and more.
Result<HardSwishParams> deriveHardSwish(const QuantParams &input,
                                        const QuantParams &output);

/// With h = 128 * (q - z_x) and SRDHM, products and saturation in 16 bits: u =
/// SRDHM(h, output multiplier); v = h rescaled to 3/32768 (shifts left
/// saturate, the last bit of a left shift after the product; right shifts half
/// away); y = rha(RTZ(((v + 32768) >> 1) * u / 32768), -output exponent) + z_y.
int32_t hardSwish(const HardSwishParams &params, int32_t code);

/// That of each code of the input grid, in order. Errors: as deriveHardSwish.
Result<std::vector<int32_t>> hardSwishTable(const QuantParams &input,
                                            const QuantParams &output);

/// One softmax over `count` codes of scale `inputScale`: RHA(p/s_y) + z_y
/// clamped, p in f64 from the differences to the largest code, times `beta`
/// (LiteRT: s_y = 1/256, z_y = -128).
void softmax(double inputScale, double beta, const QuantParams &output,
             const int32_t *codes, size_t count, int32_t *out);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_LUT_H
