//===- DequantError.h - Error of kernel R9's real result --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_DEQUANTERROR_H
#define HWQ_NUMERICS_DEQUANTERROR_H

#include "hwq/Numerics/Kernels.h"
#include <cstdint>

namespace hwq::numerics {

/// How far KernelR9::dequantize(x) may be from scale * x, for |x| <= finite:
/// |error| <= relative * |scale * x| + absolute. Beyond that fp16 may be
/// infinite.
struct DequantError {
  double relative = 0;
  double absolute = 0;
  int64_t finite = 0;
};

DequantError dequantErrorOf(const KernelR9 &kernel);

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_DEQUANTERROR_H
