//===- Explain.h - The derivation of one op as text and JSON ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_EXPLAIN_H
#define HWQ_TOOLS_HWQ_EXPLAIN_H

#include "hwq/Pipelines/Derivation.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace hwq::driver {

/// deriveAll; where an op is float because of --skip, it says so.
std::vector<OpDerivation> deriveOps(const CompiledForms &forms);

/// One derivation as `hwq explain --json` gives it.
llvm::json::Object toJson(const OpDerivation &derivation);

/// One derivation for people: its facts, the steps as formulas with the numbers
/// of one channel, and with `channels` a table of all of them.
void printText(const OpDerivation &derivation, bool channels,
               llvm::raw_ostream &os);
void printMarkdown(const OpDerivation &derivation, bool channels,
                   llvm::raw_ostream &os);

/// Relative errors of what the kernel multiplies by, against the real scales.
std::vector<double> getScaleErrors(RequantAttr requant);

/// The bits, with sign, that the accumulators of all channels need; 0 without
/// any. The largest absolute value that one can have.
int64_t getAccumulatorBits(const OpDerivation &derivation);
int64_t getAccumulatorBound(const OpDerivation &derivation);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_EXPLAIN_H
