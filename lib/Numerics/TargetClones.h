//===- TargetClones.h - Run-time choice of the instruction set --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_NUMERICS_TARGETCLONES_H
#define HWQ_LIB_NUMERICS_TARGETCLONES_H

#include <cmath>
#include <cstddef>
#include <cstring>

/// Put before a function: it is compiled for several instruction sets and the
/// best one that the CPU has is chosen at program start. Bodies shared by such
/// functions are HWQ_INLINE, so that each clone gets its own copy. Tests define
/// HWQ_CPU_LEVEL ("x86-64-v3") to have just that one.
#if defined(HWQ_CPU_LEVEL)
#define HWQ_TARGET_CLONES __attribute__((target("arch=" HWQ_CPU_LEVEL)))
#elif defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__)
#define HWQ_TARGET_CLONES                                                      \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define HWQ_TARGET_CLONES
#endif

/// Whether the clones that run here have std::fma as one instruction; without
/// it is a call.
inline bool hasFastFma() {
#if defined(HWQ_CPU_LEVEL)
  return std::strcmp(HWQ_CPU_LEVEL, "x86-64") != 0;
#elif defined(__x86_64__)
  return __builtin_cpu_supports("x86-64-v3");
#elif defined(FP_FAST_FMAF)
  return true;
#else
  return false;
#endif
}

#define HWQ_INLINE inline __attribute__((always_inline))

#endif // HWQ_LIB_NUMERICS_TARGETCLONES_H
