//===- ExplainSteps.h - Derivation steps as formulas ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_EXPLAINSTEPS_H
#define HWQ_TOOLS_HWQ_EXPLAINSTEPS_H

#include "hwq/Pipelines/Derivation.h"
#include <string>
#include <vector>

namespace hwq::driver {

/// A line of the derivation: "step 1", the formula, what else is to say.
struct FormulaLine {
  std::string step, formula, note;
};

/// The formulas of all steps that the op went through, with the numbers of
/// `channel`.
std::vector<FormulaLine> getFormulas(const OpDerivation &derivation,
                                     size_t channel);

/// The element of an array of one value or one per channel.
template <typename Range> auto channelValue(const Range &values, size_t c) {
  return values[values.size() == 1 ? 0 : c];
}

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_EXPLAINSTEPS_H
