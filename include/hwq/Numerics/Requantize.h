//===- Requantize.h - Accumulator to output integer -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_REQUANTIZE_H
#define HWQ_NUMERICS_REQUANTIZE_H

#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/Kernels.h"
#include "hwq/Numerics/Multiplier.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace hwq::numerics {

/// The domain of an integer kernel, of R5 for Real, and all int32 for the float
/// kernels, whose domain depends on more (requantizeDomain).
Domain kernelDomain(RequantizeKernel kernel, Multiplier m);

/// The integer kernels (R1, R2, R5, R6, R7, R10, R11) without zero point and
/// clamp: Kernels.h. R6 uses the shift alone, R10 has offset 0. Real: x*M / 2^n
/// rounded half away from zero, without an intermediate rounding (a real scale
/// itself is evaluated by quantizeLSB). x is taken as an int32, wrapping. The
/// float kernels give 0.
int64_t applyKernel(RequantizeKernel kernel, int64_t x, Multiplier m);

/// Where a result lies on its grid: what is added to it, and its clamp.
struct OutputGrid {
  int64_t zeroPoint = 0;
  int64_t lo = 0, hi = 0;
};

/// result = clamp(kernel((x - inputZeroPoint) << leftShift) + zeroPoint, lo,
/// hi) with x - inputZeroPoint and the left shift in int32 (wrapping); R8 (but
/// for zeroPointAfter) and R13 take zeroPoint, as f32, inside their rounding.
/// R10's offset is -inputZeroPoint.
struct RequantizeParams {
  RequantizeKernel kernel = RequantizeKernel::R2;
  /// Integer kernels. One, or one per channel.
  std::vector<Multiplier> multipliers;
  int32_t inputZeroPoint = 0;
  /// 0..31
  int32_t leftShift = 0;
  int64_t zeroPoint = 0;
  int64_t lo = 0, hi = 0;
  /// Where every channel has a grid of its own: one per channel, in place of
  /// zeroPoint, lo and hi. Not for R9, R10 and R14.
  std::vector<OutputGrid> outputs = {};

  OutputGrid outputOf(size_t channel) const {
    return outputs.empty() ? OutputGrid{zeroPoint, lo, hi} : outputs[channel];
  }

  // Float kernels only.

  /// One, or one per channel; rounded to f32 but for R12. R9, R14: the step of
  /// the accumulator; else that step / output scale (combineScales).
  std::vector<double> scales = {};
  /// R4: in units of 1/biasUnits, R14: real. None, one, or one per channel.
  std::vector<float> bias = {};
  /// R4: 1 if empty; one, or one per channel.
  std::vector<float> biasUnits = {};
  /// R9, R14.
  float outputScale = 1;
  /// R9.
  DequantPrecision precision = DequantPrecision::Requant;
  /// R8.
  bool zeroPointAfter = false;
  /// R14: the real clamp before the division, and the residual's scale (0:
  /// none).
  float actLo = -std::numeric_limits<float>::infinity();
  float actHi = std::numeric_limits<float>::infinity();
  float residualScale = 0;
};

/// What is wrong with the parameters for `channels` channels (numbers of
/// multipliers, scales and biases, shifts, scales not finite or negative, lo >
/// hi, zero point outside int32, kernel Real, parameters of other kernels);
/// empty if nothing is.
std::string checkRequantize(const RequantizeParams &params, size_t channels);

using AnyKernel = std::variant<KernelR1, KernelR2, KernelR4, KernelR5, KernelR6,
                               KernelR7, KernelR8, KernelR9, KernelR10,
                               KernelR11, KernelR12, KernelR13, KernelR14>;

/// One channel of a requantization, as a function: `kernel` between the input
/// side (zero point, left shift) and the output side (zero point, clamp).
template <class Kernel> struct ChannelFunction {
  Kernel kernel;
  int32_t inputZeroPoint;
  int32_t leftShift;
  /// What is added after the rounding.
  int64_t zeroPoint;
  int64_t lo, hi;

  int64_t operator()(int64_t x) const { return finish(kernel.apply(input(x))); }
  int32_t input(int64_t x) const {
    return detail::shiftLeft32(
        static_cast<int32_t>(static_cast<uint32_t>(x) -
                             static_cast<uint32_t>(inputZeroPoint)),
        leftShift);
  }
  int64_t finish(int64_t y) const {
    // No kernel comes near the ends of 64 bits but R7, which saturates there.
    int64_t v;
    if (__builtin_add_overflow(y, zeroPoint, &v))
      v = y;
    return v < lo ? lo : (v > hi ? hi : v);
  }
};

/// Calls visit(ChannelFunction<KernelR..>) with the function of `channel` and
/// returns its result. `params` must pass checkRequantize; Real is evaluated as
/// R5.
template <class Visit>
decltype(auto) visitChannel(const RequantizeParams &params, size_t channel,
                            Visit &&visit);

/// The kernel of `channel` with its parameters.
AnyKernel kernelOf(const RequantizeParams &params, size_t channel);

/// The x for which the function is the monotone function of its formula on
/// every machine: the kernel's domain, less what leaves int32 in front of it.
template <class Kernel>
Domain functionDomain(const ChannelFunction<Kernel> &f) {
  Domain domain = f.kernel.domain();
  // (x - z) << s in the kernel's domain.
  int left = detail::limit(f.leftShift, 0, 31);
  int64_t lo = -(-domain.lo >> left), hi = domain.hi >> left;
  lo += f.inputZeroPoint;
  hi += f.inputZeroPoint;
  return {lo < detail::kInt32Min ? detail::kInt32Min : lo,
          hi > detail::kInt32Max ? detail::kInt32Max : hi};
}

/// functionDomain of `channel`.
Domain requantizeDomain(const RequantizeParams &params, size_t channel);

/// One value; the definition of the array forms. `channel` is ignored where
/// there is one multiplier or scale. x is taken as an int32, wrapping. R14:
/// with the residual 0.
int64_t requantize(const RequantizeParams &params, size_t channel, int64_t x);

/// R14 with a residual, any other kernel without.
int64_t requantize(const RequantizeParams &params, size_t channel, int64_t x,
                   int32_t residual);

/// The real value of an accumulator where the result stays float: R9's first
/// half, in its precision; R14 before its division (whose outputScale is taken
/// as 1). 0 for other kernels.
float dequantizeAccumulator(const RequantizeParams &params, size_t channel,
                            int32_t x, int32_t residual = 0);

/// Parameters in the form in which the array loops read them; made once, used
/// for any number of calls and threads.
class PreparedRequantize {
public:
  /// `params` must pass checkRequantize for `channels`. `bias`, if given, has
  /// one value per channel and is added to x first, in int32 (wrapping).
  PreparedRequantize(const RequantizeParams &params, size_t channels,
                     const int32_t *bias = nullptr);

  /// rows x channels values, channel innermost (NHWC). The same integers as
  /// requantize(), with [lo, hi] cut to the range of the output type. Input and
  /// output may be the same array if their types have the same size.
  template <class In, class Out>
  void run(const In *in, Out *out, size_t rows) const;

  /// R14: the same with a residual of rows x channels int8 codes.
  template <class Out>
  void run(const int32_t *in, const int8_t *residual, Out *out,
           size_t rows) const;

private:
  /// The loops that there are: the integer kernels but for R5 with scales of 1
  /// and more; R4, R8, R9, R13, R14 where no NaN can arise;
  /// R12; all kernels by definition.
  enum class Loop { Product, Float, Double, Definition };

  Loop chooseLoop() const;
  void addChannel(size_t channel);
  void addProduct(size_t channel);
  template <class Out>
  void runI32(const int32_t *in, const int8_t *residual, Out *out,
              size_t count) const;
  template <class Out>
  void runInteger(const int32_t *in, Out *out, size_t count) const;
  template <class Out>
  void runProduct(const int32_t *in, Out *out, size_t count) const;
  template <class Out>
  bool runFloat(const int32_t *in, const int8_t *residual, Out *out,
                size_t count) const;
  template <class Out>
  bool runDouble(const int32_t *in, Out *out, size_t count) const;
  template <class Out>
  void runDefinition(const int32_t *in, const int8_t *residual, Out *out,
                     size_t count) const;

  RequantizeParams params;
  size_t channels;
  /// No per-channel data at all.
  bool uniform;
  Loop loop = Loop::Definition;
  /// Product: every result fits 32 bits before zero point and clamp.
  bool narrow = true;
  /// Product: shifts before it, that its loop has not.
  bool shifts = false;
  /// R4: a bias with a unit other than 1.
  bool fused = false;
  /// Per channel, repeated to at least a few vectors' length: `width` values
  /// that cover width / channels rows.
  size_t width;
  std::vector<AnyKernel> kernels;
  std::vector<int32_t> sub, subBefore;
  std::vector<int32_t> mul;
  std::vector<int32_t> left, right;
  std::vector<uint64_t> round, shift;
  std::vector<uint32_t> unbias, signBit;
  std::vector<float> scale, addend, unit;
  std::vector<double> scale64;
};

/// PreparedRequantize(params, channels).run(in, out, rows).
template <class In, class Out>
void requantizeArray(const RequantizeParams &params, const In *in, Out *out,
                     size_t rows, size_t channels) {
  PreparedRequantize(params, channels).run(in, out, rows);
}

// In: int32_t, uint8_t, int8_t. Out: uint8_t, int8_t, int32_t.
#define HWQ_REQUANTIZE_RUN(In, Out)                                            \
  extern template void PreparedRequantize::run(const In *, Out *, size_t) const;
HWQ_REQUANTIZE_RUN(int32_t, uint8_t)
HWQ_REQUANTIZE_RUN(int32_t, int8_t)
HWQ_REQUANTIZE_RUN(int32_t, int32_t)
HWQ_REQUANTIZE_RUN(uint8_t, uint8_t)
HWQ_REQUANTIZE_RUN(uint8_t, int8_t)
HWQ_REQUANTIZE_RUN(uint8_t, int32_t)
HWQ_REQUANTIZE_RUN(int8_t, uint8_t)
HWQ_REQUANTIZE_RUN(int8_t, int8_t)
HWQ_REQUANTIZE_RUN(int8_t, int32_t)
#undef HWQ_REQUANTIZE_RUN

template <class Visit>
decltype(auto) visitChannel(const RequantizeParams &params, size_t channel,
                            Visit &&visit) {
  bool inside =
      params.kernel == RequantizeKernel::R13 ||
      (params.kernel == RequantizeKernel::R8 && !params.zeroPointAfter);
  OutputGrid output = params.outputOf(channel);
  return std::visit(
      [&](const auto &kernel) -> decltype(auto) {
        return visit(ChannelFunction<std::decay_t<decltype(kernel)>>{
            kernel, params.inputZeroPoint, params.leftShift,
            inside ? 0 : output.zeroPoint, output.lo, output.hi});
      },
      kernelOf(params, channel));
}

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_REQUANTIZE_H
