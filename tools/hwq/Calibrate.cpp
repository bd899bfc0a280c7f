//===- Calibrate.cpp - hwq calibrate ----------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/Calibrate.h"
#include "Console.h"
#include "Model.h"
#include "Options.h"
#include "Steps.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

llvm::Error driver::calibrate(ModuleOp module, const runtime::Dataset &data,
                              std::vector<CalibratedTensor> *table) {
  llvm::Expected<calibration::MethodOptions> method = methodOptions();
  if (!method)
    return method.takeError();
  llvm::Expected<unsigned> threads = threadCount();
  if (!threads)
    return threads.takeError();
  CalibrateOptions options;
  options.method = *method;
  options.threads = *threads;
  if (failed(prepareForCalibration(module)))
    return reportedError();
  Progress progress("calibrate");
  if (failed(calibrateModule(module, data, options, progress.hook(), table)))
    return reportedError();
  return llvm::Error::success();
}

static llvm::Error print(ArrayRef<CalibratedTensor> tensors) {
  if (jsonOutput) {
    llvm::json::Array rows;
    for (const CalibratedTensor &t : tensors)
      rows.push_back(llvm::json::Object{{"name", t.name},
                                        {"min", jsonNumber(t.min)},
                                        {"max", jsonNumber(t.max)},
                                        {"range_min", jsonNumber(t.range.min)},
                                        {"range_max", jsonNumber(t.range.max)},
                                        {"count", int64_t(t.count)}});
    return printJson(llvm::json::Object{{"tensors", std::move(rows)}});
  }
  Table table({"tensor", "min", "max", "range min", "range max"});
  for (const CalibratedTensor &t : tensors)
    table.add({t.name, number("%.6g", t.min), number("%.6g", t.max),
               number("%.6g", t.range.min), number("%.6g", t.range.max)});
  std::string text;
  llvm::raw_string_ostream os(text);
  table.print(os);
  return printOut(text);
}

llvm::Error driver::runCalibrate() {
  llvm::Expected<std::string> model = modelPath();
  if (!model)
    return model.takeError();
  if (llvm::Error error = require(dataPath, "DATA"))
    return error;
  llvm::Expected<runtime::DatasetOptions> options =
      dataOptions(dataPath, /*evaluation=*/false);
  if (!options)
    return options.takeError();
  if (auto method = methodOptions(); !method)
    return method.takeError();
  if (!outputPath.empty()) {
    if (llvm::Error error = checkProgramName(outputPath))
      return error;
    if (llvm::Error error = checkWritable(outputPath, {*model, dataPath}))
      return error;
  }
  Session session;
  llvm::Expected<OwningOpRef<ModuleOp>> module = loadModel(*model, session);
  if (!module)
    return module.takeError();
  auto data = openCalibrationData(*options, module->get());
  if (!data)
    return data.takeError();
  std::vector<CalibratedTensor> table;
  if (llvm::Error error = calibrate(module->get(), **data, &table))
    return error;
  if (!outputPath.empty())
    if (llvm::Error error = writeModel(outputPath, module->get()))
      return error;
  // A program on the standard output is not to be mixed with a table.
  if (outputPath == "-")
    return llvm::Error::success();
  return print(table);
}
