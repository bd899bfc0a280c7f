//===- ModelFormats.cpp - Programs as models of other engines ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Interchange/ModelFormats.h"
#include "hwq/Conversion/Passes.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "hwq/Interchange/Onnx.h"
#include "hwq/Interchange/Tflite.h"
#include "hwq/Interchange/Tosa.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include <deque>

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;

static constexpr ModelFormat modelFormats[] = {
    {"tflite", "tflite", "model.tflite", "TensorFlow Lite flatbuffer",
     exportTflite},
    {"onnx-qdq", "qdq-onnx", "model.onnx", "ONNX, float ops between Q and DQ",
     exportQdqOnnx},
    {"onnx-qlinear", "qlinear-onnx", "model-qlinear.onnx",
     "ONNX of QLinear ops", exportQLinearOnnx},
    {"tosa", "tosa", "model.tosa.mlirbc", "integer TOSA, as MLIR bytecode",
     [](ModuleOp module) { return exportTosa(module); }, exportTosa},
};

ArrayRef<ModelFormat> interchange::getModelFormats() { return modelFormats; }

ArrayRef<ModelFormat> interchange::getStepZeroFormats() {
  static constexpr ModelFormat formats[] = {
      {"onnx-qdq", "step0-onnx", "model.onnx",
       "ONNX, float weights and float ops between Q and DQ",
       exportStepZeroOnnx},
  };
  return formats;
}

FailureOr<std::string> interchange::writeModel(const ModelFormat &format,
                                               ModuleOp module,
                                               std::optional<int64_t> batch) {
  if (batch && !format.writeBatch)
    return emitError(module.getLoc())
           << "--batch is for formats of static shapes, and " + format.summary +
                  " is none";
  FailureOr<OwningOpRef<ModuleOp>> stepFour = cloneAsStepFour(module);
  if (failed(stepFour))
    return failure();
  ModuleOp program = *stepFour ? **stepFour : module;
  return batch ? format.writeBatch(program, *batch) : format.write(program);
}

static void registerExports(ArrayRef<ModelFormat> formats, StringRef form) {
  // A translation keeps a reference to its description.
  static std::deque<std::string> descriptions;
  static llvm::cl::opt<int64_t> batch(
      "batch",
      llvm::cl::desc("Samples at a time of an exported program, where "
                     "the format has static shapes only"),
      llvm::cl::value_desc("N"), llvm::cl::init(1));
  for (const ModelFormat &format : formats)
    TranslateFromMLIRRegistration registration(
        ("export-" + format.option).str(),
        descriptions.emplace_back(
            ("export a " + form + " program: " + format.summary).str()),
        [&format](ModuleOp module, llvm::raw_ostream &os) -> LogicalResult {
          std::optional<int64_t> samples;
          if (batch.getNumOccurrences())
            samples = batch;
          FailureOr<std::string> bytes = writeModel(format, module, samples);
          if (failed(bytes))
            return failure();
          os << *bytes;
          return success();
        },
        [](DialectRegistry &registry) {
          registry.insert<func::FuncDialect, tosa::TosaDialect,
                          quant::QuantDialect, QuantHWDialect>();
          registerTargetDialects(registry);
        });
}

void interchange::registerModelExports() {
  registerExports(modelFormats, "step-4 or target");
  registerExports(getStepZeroFormats(), "step-0");
}
