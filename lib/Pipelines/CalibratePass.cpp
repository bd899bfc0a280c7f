//===- CalibratePass.cpp - Calibrate within a pass pipeline -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Pipelines/Calibrate.h"
#include "hwq/Pipelines/Passes.h"
#include "hwq/Pipelines/ProgramData.h"
#include "hwq/Runtime/EvaluatableOpInterface.h"

namespace hwq {
#define GEN_PASS_DEF_CALIBRATEPASS
#include "hwq/Pipelines/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

namespace {
struct Calibrate : hwq::impl::CalibratePassBase<Calibrate> {
  using CalibratePassBase::CalibratePassBase;

  void getDependentDialects(DialectRegistry &registry) const override {
    CalibratePassBase::getDependentDialects(registry);
    runtime::registerEvaluatableModels(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, {Form::Observed, Form::Calibrated},
                         getArgument())))
      return signalPassFailure();
    if (llvm::Error error = run(module)) {
      // A failure with a diagnostic of its own has no message.
      std::string message = llvm::toString(std::move(error));
      if (!message.empty())
        module.emitError() << "'" << getArgument() << "': " << message;
      signalPassFailure();
    }
  }

  llvm::Error run(ModuleOp module) {
    if (data.empty())
      return llvm::createStringError(
          "expected samples in the option 'data': .npz, .npy or a folder of "
          "images");
    runtime::DatasetOptions options;
    options.path = data;
    for (const Option<std::string> *option :
         {&inputArray, &samples, &resize, &crop, &color, &mean, &std})
      if (!option->getValue().empty())
        if (llvm::Error error = runtime::setDatasetOption(
                options, option->ArgStr, option->getValue(), option->ArgStr))
          return error;
    options.preprocess.raw = raw;
    CalibrateOptions calibrate;
    calibrate.threads = threads;
    llvm::Expected<calibration::MethodOptions> parsed =
        calibration::parseMethodOptions(method.getValue(),
                                        percentile.getValue(), "");
    if (!parsed)
      return parsed.takeError();
    calibrate.method = *parsed;
    auto samples = openCalibrationData(options, module);
    if (!samples)
      return samples.takeError();
    // The ranges are for the backend of the module, if it has one.
    if (module->hasAttr(kBackendAttr)) {
      FailureOr<Backend> backend = getBackend(module, getArgument());
      if (failed(backend))
        return llvm::createStringError("");
      calibrate.scheme = activationScheme(*backend);
      calibrate.perChannel =
          backend->activations.granularity == numerics::Granularity::PerChannel;
    }
    if (failed(calibrateModule(module, **samples, calibrate)))
      return llvm::createStringError("");
    return llvm::Error::success();
  }
};
} // namespace
