//===- RangesFromStatistics.h - Calibrate without running -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_RANGESFROMSTATISTICS_H
#define HWQ_TOOLS_HWQ_RANGESFROMSTATISTICS_H

#include "hwq/Calibration/StatisticsFile.h"
#include "hwq/Pipelines/Calibrate.h"
#include "hwq/Runtime/Dataset.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace hwq::driver {

/// Reads the statistics of an observed (or calibrated) program; an error if
/// they are of another one, a warning if they miss samples of their data set.
/// `model` is the program's path.
llvm::Expected<calibration::StatisticsFile>
readStatisticsOf(mlir::ModuleOp module, llvm::StringRef model,
                 llvm::StringRef path);

/// An error unless statistics can be of these samples; `preparation` is
/// describePreparation of the data set's options.
llvm::Error checkSamples(const calibration::StatisticsFile &file,
                         llvm::StringRef path, const runtime::Dataset &data,
                         llvm::StringRef preparation);

/// Brings a program to the calibrated form as driver::calibrate does, from the
/// statistics of a file, and gives `samples` what chooseRanges needs. Samples
/// are run only for a method that needs a second pass: an error if there are
/// none then.
llvm::Error calibrateFromStatistics(
    mlir::ModuleOp module, llvm::StringRef model, llvm::StringRef path,
    std::shared_ptr<const runtime::Dataset> data, llvm::StringRef preparation,
    std::optional<CollectedSamples> &samples);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_RANGESFROMSTATISTICS_H
