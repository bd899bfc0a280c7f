//===- MyChip.h - The dialect of a chip ------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef MYCHIP_H
#define MYCHIP_H

#include "mlir/IR/Dialect.h"

#include "MyChipDialect.h.inc"

#endif // MYCHIP_H
