//===- Steps.h - Steps that several subcommands take ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_STEPS_H
#define HWQ_TOOLS_HWQ_STEPS_H

#include "hwq/Backend/BackendSpec.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Pipelines/Calibrate.h"
#include "hwq/Pipelines/ProgramData.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Error.h"
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hwq::driver {

/// Brings a program to the calibrated form as the options say.
llvm::Error calibrate(mlir::ModuleOp module, const runtime::Dataset &data,
                      std::vector<CalibratedTensor> *table = nullptr);

/// A backend of --for.
struct Target {
  BackendSpec spec;
  /// Folder and JSON key: the name, "+key=value" for each override.
  std::string key;
  /// The descriptor with the overrides applied.
  BackendAttr descriptor;
};

/// The backends of --for; an unknown one is a usage error that lists the known.
llvm::Expected<std::vector<Target>> parseTargets(llvm::StringRef text,
                                                 mlir::MLIRContext *context);

/// Compiles a calibrated program to the target form. `afterPass`, if given, is
/// called after every pass with the pass's name.
llvm::Error
compile(mlir::ModuleOp module, const Target &target,
        std::function<void(llvm::StringRef, mlir::ModuleOp)> afterPass = {});

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_STEPS_H
