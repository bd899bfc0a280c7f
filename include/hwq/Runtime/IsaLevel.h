//===- IsaLevel.h - What the floats of this machine depend on ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_RUNTIME_ISALEVEL_H
#define HWQ_RUNTIME_ISALEVEL_H

#include <string>

namespace hwq::runtime {

/// The instruction set whose float kernels run here: "sse41", "avx", "avx2",
/// "avx512", or "generic". Float results are the same bits on machines of one
/// level. What DNNL_MAX_CPU_ISA says is part of it.
std::string isaLevel();

} // namespace hwq::runtime

#endif // HWQ_RUNTIME_ISALEVEL_H
