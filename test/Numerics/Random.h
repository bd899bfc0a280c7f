//===- Random.h - Random numbers for property tests -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TEST_NUMERICS_RANDOM_H
#define HWQ_TEST_NUMERICS_RANDOM_H

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace hwq::numerics {

/// A generator whose seed is printed, and taken from HWQ_TEST_SEED if that is
/// set, so that a failure can be repeated.
inline std::mt19937_64 seededGenerator() {
  const char *given = std::getenv("HWQ_TEST_SEED");
  uint64_t seed =
      given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::printf("HWQ_TEST_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return std::mt19937_64(seed);
}

} // namespace hwq::numerics

#endif // HWQ_TEST_NUMERICS_RANDOM_H
