//===- Calibrate.h - Ranges from data ---------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_CALIBRATE_H
#define HWQ_PIPELINES_CALIBRATE_H

#include "hwq/Calibration/RangeMethod.h"
#include "hwq/Runtime/Dataset.h"
#include "hwq/Runtime/Evaluator.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"
#include <string>
#include <vector>

namespace hwq {

struct CalibrateOptions {
  calibration::MethodOptions method;
  /// Worker threads; 0 = one per core.
  unsigned threads = 0;
};

/// What calibration found out about one tensor.
struct CalibratedTensor {
  std::string name;
  /// Smallest and largest value over all samples.
  double min = 0, max = 0;
  /// What the method chose of it.
  calibration::Range range;
  /// Number of values.
  uint64_t count = 0;
};

/// Brings a program to the observed form: recognizes plain TOSA (no
/// `quant_hw.form`), then inserts observers. Observed and calibrated programs
/// stay as they are; a later form is an error. Emits diagnostics.
mlir::LogicalResult prepareForCalibration(mlir::ModuleOp module);

/// Sets `range` and `method` of every observe op from statistics, and the form
/// `calibrated`. A tensor without statistics is an error; the module is then
/// unchanged. Emits diagnostics. `table`, if given, gets the tensors in program
/// order.
mlir::LogicalResult setRanges(mlir::ModuleOp module,
                              const calibration::Statistics &statistics,
                              const CalibrateOptions &options,
                              std::vector<CalibratedTensor> *table = nullptr);

/// Runs all samples of `data` through an observed (or calibrated) program, sets
/// `range` and `method` of every observe op, and the form `calibrated`. The
/// result is the same bits for any number of threads. NaN or infinity in an
/// activation is an error that names tensor and sample; the module is then
/// unchanged. Emits diagnostics. `table`, if given, gets the tensors in program
/// order.
mlir::LogicalResult
calibrateModule(mlir::ModuleOp module, const runtime::Dataset &data,
                const CalibrateOptions &options,
                const runtime::Evaluator::ProgressHook &progress = {},
                std::vector<CalibratedTensor> *table = nullptr);

} // namespace hwq

#endif // HWQ_PIPELINES_CALIBRATE_H
