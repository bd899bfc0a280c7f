//===- ExactSum.h - Sums that do not depend on the order --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CALIBRATION_EXACTSUM_H
#define HWQ_CALIBRATION_EXACTSUM_H

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace hwq::calibration {

/// A sum of doubles in fixed point, without any rounding: the same for any
/// order of the terms. Its last bit stands for 2^lsb; terms must be multiples
/// of that, and the sum must stay below 2^(64 * words - 1 + lsb).
template <size_t words, int lsb> class ExactSum {
public:
  static constexpr size_t numWords = words;

  void add(double term) {
    int exponent;
    // 53 bits as an integer; what is below the last bit is zero.
    auto mantissa =
        static_cast<int64_t>(std::ldexp(std::frexp(term, &exponent), 53));
    int shift = exponent - 53 - lsb;
    if (shift < 0) {
      mantissa >>= -shift > 63 ? 63 : -shift;
      shift = 0;
    }
    size_t word = static_cast<size_t>(shift) / 64;
    auto wide = static_cast<__int128>(mantissa) << (shift % 64);
    uint64_t extension = mantissa < 0 ? ~uint64_t(0) : 0;
    uint64_t carry = 0;
    for (size_t i = word; i < words; ++i) {
      uint64_t part = i == word       ? static_cast<uint64_t>(wide)
                      : i == word + 1 ? static_cast<uint64_t>(wide >> 64)
                                      : extension;
      carry = addWord(value[i], part, carry);
    }
  }

  void add(const ExactSum &other) {
    uint64_t carry = 0;
    for (size_t i = 0; i < words; ++i)
      carry = addWord(value[i], other.value[i], carry);
  }

  /// The nearest double, ties to even.
  double toDouble() const {
    std::array<uint64_t, words> magnitude = value;
    bool negative = value[words - 1] >> 63;
    if (negative) {
      uint64_t carry = 1;
      for (uint64_t &word : magnitude)
        carry = addWord(word = ~word, 0, carry);
    }
    size_t top = words;
    while (top > 0 && magnitude[top - 1] == 0)
      --top;
    if (top == 0)
      return 0.0;
    // The leading 64 bits, the last of which also says whether any bit follows.
    uint64_t leading = magnitude[top - 1];
    int zeros = __builtin_clzll(leading);
    uint64_t rest = 0;
    if (top > 1) {
      leading = zeros ? leading << zeros | magnitude[top - 2] >> (64 - zeros)
                      : leading;
      rest = magnitude[top - 2] << zeros;
      for (size_t i = 0; i + 2 < top; ++i)
        rest |= magnitude[i];
    } else {
      leading <<= zeros;
    }
    leading |= rest != 0;
    double result = std::ldexp(static_cast<double>(leading),
                               static_cast<int>(top - 1) * 64 - zeros + lsb);
    return negative ? -result : result;
  }

  /// Least significant first, two's complement.
  const std::array<uint64_t, words> &bits() const { return value; }
  void setBits(const std::array<uint64_t, words> &bits) { value = bits; }

  bool operator==(const ExactSum &other) const { return value == other.value; }
  bool operator!=(const ExactSum &other) const { return value != other.value; }

private:
  /// Adds to a word; returns the carry out.
  static uint64_t addWord(uint64_t &word, uint64_t part, uint64_t carry) {
    uint64_t sum = word + part;
    uint64_t out = sum < part;
    word = sum + carry;
    return out + (word < sum);
  }

  std::array<uint64_t, words> value{};
};

} // namespace hwq::calibration

#endif // HWQ_CALIBRATION_EXACTSUM_H
