//===- Report.h - What hwq quantize reports ---------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_REPORT_H
#define HWQ_TOOLS_HWQ_REPORT_H

#include "Accuracy.h"
#include "FormPairs.h"
#include "TensorErrors.h"
#include "hwq/Pipelines/Derivation.h"
#include "hwq/Pipelines/ProgramCosts.h"
#include "llvm/Support/JSON.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hwq::driver {

struct BackendReport {
  std::string key, fidelity, fidelityReason;
  /// Of the descriptor with its overrides, as text.
  std::string descriptorSha256;
  ComparedOutputs outputs;
  std::vector<TensorReport> tensors;
  std::vector<OpDerivation> ops;
  std::vector<WeightReport> weights;
  std::vector<FormPair> forms;
  ProgramSummary summary;
  ProgramCosts costs;
};

struct Report {
  std::string model;
  /// Role ("model", "data", "eval", "override") and path.
  std::vector<std::pair<std::string, std::string>> inputs;
  /// Of the inputs, in their order.
  std::vector<std::string> inputSha256;
  std::optional<double> floatTop1;
  int64_t samples = 0;
  /// Of those, how many the forms were compared on.
  int64_t formSamples = 0;
  double floatImagesPerSecond = 0;
  std::vector<BackendReport> backends;
  /// Backends of --for that have no program of this model.
  std::vector<std::string> failed;
  double importSeconds = 0, calibrateSeconds = 0, compileSeconds = 0,
         evalSeconds = 0;
};

/// docs/formats/report.md.
llvm::json::Value toJson(const Report &report);
void print(const Report &report, llvm::raw_ostream &os);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_REPORT_H
