//===- Report.h - What hwq quantize reports ---------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_REPORT_H
#define HWQ_TOOLS_HWQ_REPORT_H

#include "hwq/Runtime/Evaluator.h"
#include "llvm/Support/JSON.h"
#include <optional>
#include <string>
#include <vector>

namespace hwq::driver {

/// How one tensor of the integer program compares with the float one, over all
/// evaluation samples.
struct TensorReport {
  std::string name;
  double scale = 1;
  int64_t zeroPoint = 0;
  double mse = 0, psnr = 0, sqnr = 0, cosine = 1;
  /// Largest |float - dequantized| in units of the scale.
  double maxLsb = 0;
  /// Fractions of float values below and above all that the codes can stand
  /// for.
  double clipLow = 0, clipHigh = 0;
};

/// Runs both programs over the data and measures every quantized tensor of
/// `integers` that `reference` has under the same name in float. The same bits
/// for any number of threads.
llvm::Expected<std::vector<TensorReport>>
measureTensors(runtime::Evaluator &reference, runtime::Evaluator &integers,
               const runtime::Dataset &data,
               const runtime::Evaluator::ProgressHook &progress);

struct BackendReport {
  std::string key;
  std::optional<double> top1, agreement;
  std::string fidelity;
  double imagesPerSecond = 0;
  std::vector<TensorReport> tensors;
};

struct Report {
  std::string model;
  std::optional<double> floatTop1;
  int64_t samples = 0;
  double floatImagesPerSecond = 0;
  std::vector<BackendReport> backends;
  double importSeconds = 0, calibrateSeconds = 0, compileSeconds = 0,
         evalSeconds = 0;
};

llvm::json::Value toJson(const Report &report);
void print(const Report &report, llvm::raw_ostream &os);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_REPORT_H
