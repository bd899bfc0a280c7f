//===- QuantizeFor.cpp - Calibrated to target form ------------ -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/QuantizeFor.h"
#include "hwq/Backend/BackendRegistry.h"
#include "hwq/Backend/Passes.h"
#include "hwq/Conversion/Passes.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// Target dialects
//===----------------------------------------------------------------------===//

namespace {
struct TargetConversion {
  StringLiteral dialect;
  /// Null where step 4 is the final form.
  std::unique_ptr<Pass> (*create)();
};
} // namespace

static constexpr TargetConversion targetConversions[] = {
    {"quant_hw", nullptr},
    {"acl", createConvertQuantHWToACLPass},
    {"dpu", createConvertQuantHWToDPUPass},
    {"fbgemm", createConvertQuantHWToFBGEMMPass},
    {"nnpi", createConvertQuantHWToNNPIPass},
    {"openvino", createConvertQuantHWToOpenVINOPass},
    {"qnn", createConvertQuantHWToQNNPass},
    {"snpe", createConvertQuantHWToSNPEPass},
    {"sophgo", createConvertQuantHWToSophgoPass},
    {"trt", createConvertQuantHWToTensorRTPass},
    {"tflite", createConvertQuantHWToTFLitePass},
    {"tvm_qnn", createConvertQuantHWToTVMPass},
    // Without a dialect so far.
    {"tosa", nullptr},
};

LogicalResult hwq::buildConvertToTargetPipeline(OpPassManager &pm,
                                                BackendAttr backend,
                                                PipelineErrorFn error) {
  std::string dialect = Backend::get(backend).targetDialect;
  std::vector<std::string> names;
  for (const TargetConversion &conversion : targetConversions) {
    if (conversion.dialect == dialect) {
      if (conversion.create)
        pm.addPass(conversion.create());
      return success();
    }
    names.push_back(conversion.dialect.str());
  }
  return error("backend '" + backend.getName().getValue() +
               "': unknown target dialect '" + dialect +
               "', expected one of: " + llvm::join(names, ", "));
}

//===----------------------------------------------------------------------===//
// The pipeline
//===----------------------------------------------------------------------===//

static llvm::Error makeError(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

llvm::Expected<QuantizeForOptions> QuantizeForOptions::parse(StringRef text) {
  llvm::Expected<BackendSpec> spec = BackendSpec::consume(text);
  if (!spec)
    return spec.takeError();
  QuantizeForOptions options;
  options.backend = spec->str();
  llvm::StringSet<> given;
  if (!text.empty() && text.front() != ' ')
    return makeError("expected a space after the backend '" + options.backend +
                     "', got '" + text + "'");
  for (text = text.ltrim(' '); !text.empty(); text = text.ltrim(' ')) {
    StringRef option = text.take_until([](char c) { return c == ' '; });
    text = text.drop_front(option.size());
    auto [key, value] = option.split('=');
    if (key != "backend-file" && key != "max-error")
      return makeError("unknown option '" + key +
                       "', expected one of: backend-file, max-error");
    if (value.empty())
      return makeError("expected a value for the option '" + key + "'");
    if (!given.insert(key).second)
      return makeError("expected the option '" + key + "' once");
    if (key == "backend-file")
      options.backendFile = value.str();
    else if (value.getAsInteger(10, options.maxError))
      return makeError("expected a whole number for the option 'max-error', "
                       "got '" +
                       value + "'");
  }
  return options;
}

LogicalResult hwq::buildQuantizeForPipeline(OpPassManager &pm,
                                            const QuantizeForOptions &options,
                                            PipelineErrorFn error) {
  auto print = [](const Twine &message) -> LogicalResult {
    llvm::errs() << "error: " << message << '\n';
    return failure();
  };
  if (!error)
    error = print;
  llvm::Expected<BackendSpec> spec = BackendSpec::parse(options.backend);
  if (!spec)
    return error(llvm::toString(spec.takeError()));
  // A pipeline is built before there is a program: the descriptor is read here
  // to check it and to know the target dialect, and again by the pass.
  MLIRContext context(MLIRContext::Threading::DISABLED);
  llvm::Expected<BackendAttr> backend =
      resolveBackend(&context, *spec, options.backendFile);
  if (!backend)
    return error(llvm::toString(backend.takeError()));
  OpPassManager conversion(ModuleOp::getOperationName());
  if (failed(buildConvertToTargetPipeline(conversion, *backend, error)))
    return failure();

  SetBackendPassOptions setBackend;
  setBackend.backend = spec->name;
  llvm::interleave(
      spec->overrides,
      [&](const BackendOverride &o) {
        setBackend.overrides += o.first + "=" + o.second;
      },
      [&] { setBackend.overrides += ' '; });
  setBackend.backendFile = options.backendFile;
  pm.addPass(createSetBackendPass(setBackend));
  pm.addPass(createFoldBatchNormPass());
  pm.addPass(createAnnotatePass({options.skip, options.overrideFile}));
  if (options.onlyStep0 || Backend::get(*backend).finalForm == FinalForm::Step0)
    return success();
  pm.addPass(createIntegerizePass());
  pm.addPass(createFoldZeroPointsPass());
  pm.addPass(createFactorScalesPass());
  pm.addPass(createQuantizeBiasPass());
  pm.addPass(createSelectKernelsPass());
  pm.addPass(createFoldRequantizePass({options.maxError}));
  return buildConvertToTargetPipeline(pm, *backend, error);
}

void hwq::registerQuantizeForPipeline() {
  // Registered raw, so that the text comes as it was written and the backend
  // needs no key.
  registerPassPipeline(
      "quantize-for",
      "Quantize a calibrated program for a backend: "
      "NAME['{'key=value ...'}'] [backend-file=FILE] [max-error=N]",
      [](OpPassManager &pm, StringRef text, PipelineErrorFn error) {
        llvm::Expected<QuantizeForOptions> options =
            QuantizeForOptions::parse(text);
        if (!options)
          return error("quantize-for: " + llvm::toString(options.takeError()));
        return buildQuantizeForPipeline(
            pm, *options, [&](const Twine &message) {
              return error("quantize-for: " + message);
            });
      },
      [](function_ref<void(const mlir::detail::PassOptions &)>) {});
}
