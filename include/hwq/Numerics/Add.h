//===- Add.h - Quantized addition and subtraction ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_ADD_H
#define HWQ_NUMERICS_ADD_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Requantize.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>

namespace hwq::numerics {

struct Interval;

/// One addition; made by deriveAdd. Every variant is a term of each operand,
/// their sum (lhs - rhs for `subtract`) and a last step to the output code. The
/// integer variants but Hexagon and Nnpi (K the kernel; `variant` is that of
/// the arithmetic, not always the one that was asked for):
///   clamp(K(K((a - lhsZeroPoint) << leftShift, lhs) +
///           K((b - rhsZeroPoint) << leftShift, rhs), output)
///         + zeroPoint, lo, hi)
struct AddParams {
  AddVariant variant = AddVariant::Tflite;
  RequantizeKernel kernel = RequantizeKernel::R2;
  int32_t leftShift = 20;
  int32_t lhsZeroPoint = 0, rhsZeroPoint = 0;
  Multiplier lhs, rhs, output;
  int32_t zeroPoint = 0;
  /// The output grid; a fused activation narrows it.
  int32_t lo = 0, hi = 0;
  bool subtract = false;
  /// Float variants and Nnpi: per code of each operand, and to the output.
  float lhsScale = 1, rhsScale = 1, outputScale = 1;
  /// OnnxRuntime: the constant c. Hexagon: added to the sum.
  float constant = 0;
  int32_t offset = 0;
};

/// The scale in which both operands are added.
/// Tflite, Snpe, TfliteRuy: 2 * max(lhs, rhs). Tvm, Dpu: min(lhs, rhs).
/// Others: 1.
double commonAddScale(AddVariant variant, double lhs, double rhs);

/// The variant leaves the kernel open: Tflite, Snpe and Tvm, whose AddParams
/// say everything with the kernel and three multipliers.
bool usesKernel(AddVariant variant);

/// The engine subtracts, too.
bool hasSubtraction(AddVariant variant);

/// Whether the operands become integers before they are added.
bool roundsTerms(AddVariant variant);
/// The variant multiplies by lhsScale, rhsScale and outputScale, not by the
/// three multipliers.
bool usesFactors(AddVariant variant);

/// a, b codes less their zero points; r_i = s_i/s_y. Then clamped.
///   Tflite, Snpe   L = 20 for grids of 8 bits, 15 for wider ones up to 16; t =
///                  2 * max(scales); K(K(a << L) + K(b << L)) + z_y with the
///                  multipliers of s_i/t and t/(2^L * s_y); K = R1, R2
///   TfliteRuy      the same with R2 for the operands and R1 for the sum
///                  (LiteRT's optimized addition; sums beyond 16 bits, r_a +
///                  r_b > 128, wrap in its vectors of 16 elements and saturate
///                  here and in the rest); subtraction as Tflite
///   TfliteXnnpack  E = floor(log2(max r_i)), n = 20 - E, M_i = RNE(f32(r_i) *
///                  2^n): ((a*M_a + b*M_b + 2^(n-1)) >> n) + z_y. r_i in f32
///                  below 2^-10, which XNNPACK leaves to LiteRT: TfliteRuy
///   OnnxRuntime    RNE(fma(A, r_a, fma(B, r_b, c))), A and B raw codes, c =
///                  f32(z_y - fma(r_a, z_a, f32(r_b * z_b))), r_i in f32
///   Fbgemm         Q1 of f32(fma(s_a, A, f32(-f32(s_a*z_a))) + that of B)
///   FbgemmTail     Q1 of f32(f32(a*s_a) + f32(b*s_b)): the last n mod 64
///                  elements of each thread's part
///   Tvm            t = min(scales): R2(R2(a) + R2(b)) + z_y with s_i/t, t/s_y
///   Hexagon        A, B raw codes on 0..255, 2^e just above (r_a + r_b) *
///                  16384/16380, r = min(6 - e, 7), M_i = RHA(r_i * 2^(r+8)):
///                  sat_u8(rhu(sat16(((A*M_a + B*M_b) >> 8) + o), r)), with o =
///                  sat16(RHA(z_y * 2^r) - ((z_a*M_a + z_b*M_b) >> 8)).
///                  Subtraction: 2^e above max(r_a, r_b) * 16384/16380. r < 1:
///                  the first shift is by 7 + r, o not saturated, the last by 1
///   Dpu            (a << (f - fp_a)) + (b << (f - fp_b)), f = max(fp_a, fp_b),
///                  times 2^(fp_y - f) half up; scales 2^-fp
///   Nnpi           L_i = RHA(f32(a * f32(s_a * 2^15))): RHA(f32(f32(f32(L_a +
///                  L_b) * f32(2^-15/s_y)) + f32(z_y))) (Glow)
///   SophgoBm1684x  ((a*m_a + 2^(n_a-1)) >> n_a) + that of b + z_y; m, n: rule
///                  TPU8 for r_i
///   SophgoCv18xx   ((a*m_a + b*m_b + 2^(n-1)) >> n) + z_y; (m, n) of the
///                  larger r_i: rule CV18xx8; the other m = RTZ(r_i * 2^n)
///   Float          Q2 of f32(f32(a*s_a) + f32(b*s_b)) (TensorRT, academic)
/// Errors: scales that are not positive and finite, r_i of 256 and more with
/// TfliteXnnpack (LiteRT's kernel overflows), zero points outside their grid,
/// grids wider than 16 bits (TfliteXnnpack, Dpu, Hexagon and Sophgo: 8),
/// a scale without multiplier, an output scale so small that the sum leaves the
/// kernel's domain; OnnxRuntime has no subtraction.
Result<AddParams> deriveAdd(AddVariant variant, const QuantParams &lhs,
                            const QuantParams &rhs, const QuantParams &out,
                            bool subtract = false);

/// The same with another kernel. Errors also: a variant that does not
/// usesKernel.
Result<AddParams> deriveAdd(AddVariant variant, RequantizeKernel kernel,
                            const QuantParams &lhs, const QuantParams &rhs,
                            const QuantParams &out, bool subtract = false);

/// One pair; the definition of addArray.
int32_t add(const AddParams &params, int32_t a, int32_t b);

/// `count` pairs, the same integers as add().
void addArray(const AddParams &params, const uint8_t *a, const uint8_t *b,
              uint8_t *out, size_t count);
void addArray(const AddParams &params, const int8_t *a, const int8_t *b,
              int8_t *out, size_t count);

/// What the adder of an integer variant holds before the last step, for all
/// codes in `lhs` and `rhs`: the terms and their sum, in as many bits as they
/// need, without the rounding constant of the last step. Hexagon: without the
/// offset, whose sum saturates by definition. Float variants: [0, 0].
Interval addedTerms(const AddParams &params, Interval lhs, Interval rhs);

/// Of the `count` elements of a thread's part, those that take variant Fbgemm;
/// the rest takes FbgemmTail.
inline size_t fbgemmFusedElements(size_t count) { return count / 64 * 64; }

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_ADD_H
