//===- Steps.h - Steps that several subcommands take ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_STEPS_H
#define HWQ_TOOLS_HWQ_STEPS_H

#include "Model.h"
#include "hwq/Backend/BackendSpec.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Pipelines/Calibrate.h"
#include "hwq/Pipelines/ProgramData.h"
#include "hwq/Pipelines/QuantizeFor.h"
#include "hwq/Runtime/Evaluator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hwq::driver {

/// How the ranges of a run are chosen: first those that the program has until
/// they are chosen for one backend (those of the backend of --for, if it is
/// one), then for each backend of --for.
llvm::Expected<std::vector<CalibrateOptions>>
calibrateOptions(mlir::MLIRContext *context);

/// An error where a --tensor-method matches no observed tensor of a program.
llvm::Error checkTensorMethods(mlir::ModuleOp module,
                               const CalibrateOptions &options);

/// Brings a program to the calibrated form as the options say; `samples`, if
/// given, gets what chooseRanges needs.
llvm::Error calibrate(mlir::ModuleOp module, const runtime::Dataset &data,
                      std::optional<CollectedSamples> *samples = nullptr);

/// How the ranges of a backend are chosen: by its own method unless the user
/// has one.
llvm::Expected<calibration::MethodOptions> rangeMethod(const Backend &backend);

/// A backend of --for.
struct Target {
  BackendSpec spec;
  /// Folder and JSON key: the name, "+key=value" for each override.
  std::string key;
  /// The descriptor with the overrides applied.
  BackendAttr descriptor;
};

/// Makes the backend of --backend-file known, which --for must name.
llvm::Error addBackendFile(mlir::MLIRContext *context);

/// The backends of --for; an unknown one is a usage error that lists the known.
llvm::Expected<std::vector<Target>> parseTargets(llvm::StringRef text,
                                                 mlir::MLIRContext *context);
/// The same for commands that take one backend; more are a usage error.
llvm::Expected<Target> parseTarget(llvm::StringRef text,
                                   mlir::MLIRContext *context);

/// A calibrated program and the samples of --data, if they were given.
struct CalibratedModel {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::shared_ptr<const runtime::Dataset> data;
  double loadSeconds = 0, calibrateSeconds = 0;
  /// What the samples showed; none where somebody has chosen the ranges.
  std::optional<CollectedSamples> samples;
};

/// Sets the ranges of a calibrated program to those for one backend: by its
/// method, unless --method names another, for its scheme. Without samples they
/// stay.
llvm::Error chooseRanges(mlir::ModuleOp module,
                         const std::optional<CollectedSamples> &samples,
                         const Target &target);

/// Reads a program and gives it the ranges of --table or --stats, or calibrates
/// it on --data, unless it has been calibrated: then it keeps the ranges that
/// somebody chose for it.
llvm::Expected<CalibratedModel> loadCalibrated(llvm::StringRef path,
                                               Session &session);

/// Opens the samples that a calibrated program is evaluated on; warns where
/// they are those of the calibration.
llvm::Expected<std::shared_ptr<const runtime::Dataset>>
openEvaluationData(const runtime::DatasetOptions &options,
                   const CalibratedModel &model);

/// An evaluator with the threads of --threads.
llvm::Expected<std::unique_ptr<runtime::Evaluator>>
makeEvaluator(mlir::ModuleOp module);

/// Prints why one of several backends has no program; the others go on.
void warnOf(const Target &target, llvm::Error error);

/// "2 of 18 backends have no program: ...", or success.
llvm::Error failedTargets(llvm::ArrayRef<std::string> failed, size_t all);

/// What the pipeline is asked for.
QuantizeForOptions compileOptions(const Target &target);

/// Compiles a calibrated program to the target form.
llvm::Error compile(mlir::ModuleOp module, const Target &target);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_STEPS_H
