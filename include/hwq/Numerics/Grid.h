//===- Grid.h - Integer grids and quantization parameters -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_GRID_H
#define HWQ_NUMERICS_GRID_H

#include "hwq/Numerics/Enums.h"

#include <cstdint>

namespace hwq::numerics {

/// The integers qmin..qmax.
struct Grid {
  int64_t qmin = 0;
  int64_t qmax = 0;

  bool operator==(const Grid &o) const {
    return qmin == o.qmin && qmax == o.qmax;
  }
  bool operator!=(const Grid &o) const { return !(*this == o); }
};

/// All integers of a storage type; `narrow` leaves out the smallest, which
/// makes signed grids symmetric (i8 -127..127, u8 1..255). `bits` below the
/// storage's width, 1 or more, gives the grid of that width (i8 of 4 bits
/// -8..7, u8 of 7 bits 0..127); 0 and larger values are the whole width.
Grid gridOf(Storage storage, bool narrow = false, unsigned bits = 0);

bool isSigned(Storage storage);

/// Width in bits.
unsigned bitWidth(Storage storage);

/// real = scale * (q - zeroPoint), q in grid.
struct QuantParams {
  double scale = 1;
  int64_t zeroPoint = 0;
  Grid grid;

  bool operator==(const QuantParams &o) const {
    return scale == o.scale && zeroPoint == o.zeroPoint && grid == o.grid;
  }
  bool operator!=(const QuantParams &o) const { return !(*this == o); }
};

/// Real numbers min..max.
struct Range {
  double min = 0;
  double max = 0;
};

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_GRID_H
