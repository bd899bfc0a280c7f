//===- Grid.cpp - Integer grids and quantization parameters ---------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Grid.h"

namespace hwq::numerics {

unsigned bitWidth(Storage storage) {
  switch (storage) {
  case Storage::U8:
  case Storage::I8:
    return 8;
  case Storage::U16:
  case Storage::I16:
    return 16;
  case Storage::I32:
    return 32;
  }
  return 0;
}

bool isSigned(Storage storage) {
  return storage != Storage::U8 && storage != Storage::U16;
}

Grid gridOf(Storage storage, bool narrow, unsigned bits) {
  unsigned width = bitWidth(storage);
  int64_t steps =
      (int64_t(1) << (bits == 0 || bits > width ? width : bits)) - 1;
  int64_t qmin = isSigned(storage) ? -(steps + 1) / 2 : 0;
  return {qmin + narrow, qmin + steps};
}

} // namespace hwq::numerics
