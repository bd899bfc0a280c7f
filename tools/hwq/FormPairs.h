//===- FormPairs.h - Every form against its neighbour -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_FORMPAIRS_H
#define HWQ_TOOLS_HWQ_FORMPAIRS_H

#include "Steps.h"
#include "hwq/Pipelines/CompileForms.h"
#include "hwq/Pipelines/Verify.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace hwq::driver {

/// Two forms of one compilation, one pass apart, and how their integers differ.
struct FormPair {
  /// "step3 (quant-hw-quantize-bias)".
  std::string from, to;
  FormComparison comparison;
};

/// Compares every form from step 0 on with the next one, and a program that
/// ends at step 0 with what it is in integers, steps 1 to 3. `drift` also runs
/// each program on its own. An error if two can't be compared; differences are
/// none.
llvm::Expected<std::vector<FormPair>>
compareNeighbours(const CompiledForms &forms, const Target &target,
                  const runtime::Dataset &data, bool drift);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_FORMPAIRS_H
