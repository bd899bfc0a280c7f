//===- Requantize.h - Accumulator to output integer -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_REQUANTIZE_H
#define HWQ_NUMERICS_REQUANTIZE_H

#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/Result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hwq::numerics {

/// The number multiplier * 2^-shift, 0 <= shift <= 62. R1 and R2: multiplier in
/// [2^30, 2^31), or 0; shift = 31 - e with scale = fraction * 2^e.
struct Multiplier {
  int32_t multiplier = 0;
  int32_t shift = 31;

  bool operator==(const Multiplier &o) const {
    return multiplier == o.multiplier && shift == o.shift;
  }
  bool operator!=(const Multiplier &o) const { return !(*this == o); }
};

/// The multiplier nearest to `scale`: fraction of 31 bits, RHA. A scale below
/// 2^-32 gives (0, 31). Errors: scale not finite, negative, or 2^31 and more;
/// kernel Real, which has none.
Result<Multiplier> chooseMultiplier(RequantizeKernel kernel, double scale);

double multiplierValue(Multiplier m);

/// |multiplierValue(chooseMultiplier(k, s)) - s| <= bound * s, for every s that
/// does not become 0.
double relativeErrorBound(RequantizeKernel kernel);

/// The accumulators for which the kernel is a monotone function. Within: all
/// int32 for R2; for R1 those that keep their value when shifted left by
/// max(31 - shift, 0).
struct Domain {
  int64_t lo = 0;
  int64_t hi = 0;
};
Domain kernelDomain(RequantizeKernel kernel, Multiplier m);

/// The kernel without zero point and clamp, M = multiplier, n = shift.
///   R1  rha(SRDHM(x * 2^max(31-n, 0), M), max(n-31, 0)), with
///       SRDHM(a, b) = floor((a*b + 2^30) / 2^31), rha a shift rounded half
///       away
///   R2  (x*M + 2^(n-1)) >> n in 64 bits; x*M for n = 0
///   Real  x*M / 2^n rounded half away from zero, without an intermediate
///       rounding (a real scale itself is evaluated by quantizeLSB)
/// x is taken as an int32 and R1's left shift is one of 32 bits: outside the
/// domain both wrap, as they do on the machine.
int64_t applyKernel(RequantizeKernel kernel, int64_t x, Multiplier m);

/// result = clamp(kernel((x - inputZeroPoint) << leftShift) + zeroPoint, lo,
/// hi) with x - inputZeroPoint and the left shift in int32 (wrapping).
struct RequantizeParams {
  RequantizeKernel kernel = RequantizeKernel::R2;
  /// One, or one per channel.
  std::vector<Multiplier> multipliers;
  int32_t inputZeroPoint = 0;
  /// 0..31
  int32_t leftShift = 0;
  int64_t zeroPoint = 0;
  int64_t lo = 0, hi = 0;
};

/// What is wrong with the parameters for `channels` channels (number of
/// multipliers, shifts, lo > hi, zero point outside int32, kernel Real); empty
/// if nothing is.
std::string checkRequantize(const RequantizeParams &params, size_t channels);

/// One value; the definition of the array forms. `channel` is ignored when
/// there is one multiplier.
int64_t requantize(const RequantizeParams &params, size_t channel, int64_t x);

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

private:
  template <class Out>
  void runI32(const int32_t *in, Out *out, size_t rows) const;

  RequantizeParams params;
  size_t channels;
  /// No per-channel data at all.
  bool uniform;
  /// R2 only: every result fits 32 bits before zero point and clamp.
  bool narrow;
  /// Per channel, repeated to at least a few vectors' length: `width` values
  /// that cover width / channels rows.
  size_t width;
  std::vector<int32_t> sub;
  std::vector<int32_t> mul;
  std::vector<int32_t> left, right;
  std::vector<uint64_t> round, shift;
  std::vector<uint32_t> unbias;
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

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_REQUANTIZE_H
