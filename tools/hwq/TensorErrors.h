//===- TensorErrors.h - Tensors of a program beside float -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_TENSORERRORS_H
#define HWQ_TOOLS_HWQ_TENSORERRORS_H

#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/Grid.h"
#include "hwq/Runtime/Evaluator.h"
#include <optional>
#include <string>
#include <vector>

namespace hwq::driver {

/// How one tensor of a program compares with the float one, over all samples.
struct TensorReport {
  std::string name;
  /// None: the tensor is float in this program.
  std::optional<numerics::QuantParams> params;
  /// Of all ops up to here.
  double mse = 0, psnr = 0, sqnr = 0, cosine = 1;
  /// Of the op that makes it alone: it reads the float program's tensors,
  /// quantized.
  double isolatedSqnr = 0;
  /// Largest |float - dequantized| in units of the scale.
  double maxLsb = 0;
  /// Fractions of float values below and above all that the codes can stand
  /// for.
  double clipLow = 0, clipHigh = 0;
  /// What quantizing the float tensor itself loses: mean squared errors of
  /// values beyond the range, and of all others.
  double clipNoise = 0, roundNoise = 0;
};

/// Runs both programs over the data and measures every named tensor of
/// `program` that `reference` has under the same name in f32; float tensors are
/// quantized as `form` says. The same bits for any number of threads.
llvm::Expected<std::vector<TensorReport>>
measureTensors(runtime::Evaluator &reference, runtime::Evaluator &program,
               const runtime::Dataset &data, numerics::QuantizeForm form,
               const runtime::Evaluator::ProgressHook &progress);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_TENSORERRORS_H
