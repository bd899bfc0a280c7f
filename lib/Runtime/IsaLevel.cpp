//===- IsaLevel.cpp - What the floats of this machine depend on -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/IsaLevel.h"
#include <oneapi/dnnl/dnnl.h>

std::string hwq::runtime::isaLevel() {
  // Later sets contain the bits of the earlier ones; those for integers and
  // bf16 do not change f32 kernels.
  int isa = dnnl_get_effective_cpu_isa();
  auto has = [&](int level) { return (isa & level) == level; };
  if (has(dnnl_cpu_isa_avx512_core))
    return "avx512";
  if (has(dnnl_cpu_isa_avx2))
    return "avx2";
  if (has(dnnl_cpu_isa_avx))
    return "avx";
  if (has(dnnl_cpu_isa_sse41))
    return "sse41";
  return "generic";
}
