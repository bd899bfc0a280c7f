//===- CpuLevel.cpp - Skips tests of instructions that the CPU lacks ------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "gtest/gtest.h"

#include <string_view>

namespace {

class CpuLevel : public testing::Environment {
  void SetUp() override {
    constexpr std::string_view level = HWQ_CPU_LEVEL;
    // What compilers use of x86-64-v3 in these loops.
    bool has =
        level == "x86-64" ||
        (level == "x86-64-v3" && __builtin_cpu_supports("avx2") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma"));
    if (!has)
      GTEST_SKIP() << "the CPU is no " << level;
  }
};

[[maybe_unused]] const auto *const registered =
    testing::AddGlobalTestEnvironment(new CpuLevel);

} // namespace
