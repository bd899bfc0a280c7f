//===- ProgramCosts.h - Weights, bytes and products of a program -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_PROGRAMCOSTS_H
#define HWQ_PIPELINES_PROGRAMCOSTS_H

#include "hwq/Pipelines/CompileForms.h"
#include <string>
#include <vector>

namespace hwq {

/// What quantization did to the weights of one op.
struct WeightReport {
  /// The result of the op.
  std::string tensor;
  /// One per output channel, in dB; infinite without an error or without any
  /// value but 0.
  std::vector<double> sqnr;
  /// Channels whose codes are all the zero point.
  std::vector<int64_t> dead;
};

/// The weights of every op, as step 0 quantizes them.
std::vector<WeightReport> measureWeights(const CompiledForms &forms);

/// Of one sample, without what is computed from constants alone.
struct ProgramCosts {
  /// Products of convolutions, fully connected layers and matrix products.
  int64_t integerMacs = 0, floatMacs = 0;
  /// Constants of the program, each one once.
  int64_t integerBytes = 0, floatBytes = 0;
};
ProgramCosts measureCosts(mlir::ModuleOp module);

} // namespace hwq

#endif // HWQ_PIPELINES_PROGRAMCOSTS_H
