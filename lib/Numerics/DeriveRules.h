//===- DeriveRules.h - One function per derivation rule ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The formulas of deriveParams(). All expect a checked range and options that
// the rule has; they may return a scale of 0 or infinity.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_NUMERICS_DERIVERULES_H
#define HWQ_LIB_NUMERICS_DERIVERULES_H

#include "hwq/Numerics/Derive.h"

namespace hwq::numerics {

struct Scheme {
  double scale = 0;
  int64_t zeroPoint = 0;
  /// Where the rule defines it otherwise than by scale and zero point.
  std::optional<Range> range = std::nullopt;
};

Scheme deriveAimet(Range range, Grid grid, const DeriveOptions &options);
Scheme deriveTfl(Range range, Grid grid, const DeriveOptions &options);
Scheme deriveFb(Range range, Grid grid, const DeriveOptions &options);
Scheme deriveTorch(Range range, Grid grid, const DeriveOptions &options,
                   bool toPowerOfTwo);
/// Wide enough for the vendor, and no product overflows f32.
bool isInDomainOfNnlib(Range range);
Scheme deriveNnlib(Range range, Grid grid);
Scheme deriveAmct(Range range, Grid grid, const DeriveOptions &options);
Scheme deriveGlow(Range range, Grid grid, const DeriveOptions &options);
Scheme deriveNgraph(Range range, Grid grid, const DeriveOptions &options);
Scheme deriveTpu(Range range, Grid grid, const DeriveOptions &options);
Scheme deriveTvm(Range range, Grid grid, const DeriveOptions &options);
Scheme deriveTrt(Range range, Grid grid);
Scheme deriveTengine(Range range, Grid grid);
Scheme deriveNote256(Range range, Grid grid, const DeriveOptions &options);

/// PDpu's exponent before the search, and its upper limit.
int firstFixPosition(Range range, Grid grid);
int limitFixPosition(int fp, Grid grid);
Scheme schemeOfFixPosition(int fp);

} // namespace hwq::numerics

#endif // HWQ_LIB_NUMERICS_DERIVERULES_H
