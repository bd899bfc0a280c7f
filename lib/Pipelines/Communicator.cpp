//===- Communicator.cpp - Processes that calibrate together -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/Communicator.h"

using namespace hwq;

Communicator::~Communicator() = default;
