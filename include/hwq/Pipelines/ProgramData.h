//===- ProgramData.h - Data sets for the inputs of a program ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_PROGRAMDATA_H
#define HWQ_PIPELINES_PROGRAMDATA_H

#include "hwq/Runtime/Dataset.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <vector>

namespace hwq {

/// The function that the evaluator runs: `@main`, or the only one.
llvm::Expected<mlir::func::FuncOp> programFunction(mlir::ModuleOp module);

/// The inputs of a program as a data set is opened for them. Image layout from
/// the shape: four dimensions, the second of which is 1, 3 or 4 and smaller
/// than the last two, are NCHW.
llvm::Expected<std::vector<runtime::InputSpec>>
inputSpecs(mlir::ModuleOp module);

/// Opens a data set, with pixel layouts as inputSpecs says. No samples are an
/// error.
llvm::Expected<std::shared_ptr<const runtime::Dataset>>
openData(const runtime::DatasetOptions &options, mlir::ModuleOp module);

/// The same for calibration: at most 500 samples at a fixed stride, unless
/// `options.samples` says how many.
llvm::Expected<std::shared_ptr<const runtime::Dataset>>
openCalibrationData(const runtime::DatasetOptions &options,
                    mlir::ModuleOp module);

} // namespace hwq

#endif // HWQ_PIPELINES_PROGRAMDATA_H
