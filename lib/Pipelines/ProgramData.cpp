//===- ProgramData.cpp - Data sets for the inputs of a program --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/ProgramData.h"
#include "hwq/Dialect/QuantHW/IR/CodeParams.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace hwq;

/// Calibration takes at most so many samples when nobody says how many.
static constexpr int64_t kCalibrationSamples = 500;

llvm::Expected<func::FuncOp> hwq::programFunction(ModuleOp module) {
  if (auto func = module.lookupSymbol<func::FuncOp>("main"))
    return func;
  func::FuncOp func;
  for (auto candidate : module.getOps<func::FuncOp>()) {
    if (func)
      return llvm::createStringError(
          "the program has several functions and none is 'main'");
    func = candidate;
  }
  if (!func)
    return llvm::createStringError("the program has no function");
  return func;
}

llvm::Expected<std::vector<runtime::InputSpec>>
hwq::inputSpecs(ModuleOp module) {
  llvm::Expected<func::FuncOp> function = programFunction(module);
  if (!function)
    return function.takeError();
  func::FuncOp func = *function;
  std::vector<runtime::InputSpec> specs;
  for (BlockArgument arg : func.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(arg.getType());
    runtime::InputSpec spec;
    spec.name = getTensorName(arg).str();
    if (spec.name.empty())
      spec.name = "arg" + std::to_string(arg.getArgNumber());
    if (!type)
      return llvm::createStringError("input '" + spec.name +
                                     "' is not a tensor of known rank");
    for (int64_t d : type.getShape())
      spec.shape.push_back(ShapedType::isDynamic(d) ? -1 : d);
    spec.isCodes = getCodeParams(arg).has_value();
    auto isChannels = [](int64_t d) { return d == 1 || d == 3 || d == 4; };
    if (spec.shape.size() == 4) {
      int64_t a = spec.shape[1], b = spec.shape[2], c = spec.shape[3];
      if (isChannels(a) && b > a && c > a)
        spec.layout = runtime::ImageLayout::NCHW;
      else if (isChannels(c) && a > c && b > c)
        spec.layout = runtime::ImageLayout::NHWC;
    }
    specs.push_back(std::move(spec));
  }
  return specs;
}

llvm::Expected<std::shared_ptr<const runtime::Dataset>>
hwq::openData(const runtime::DatasetOptions &options, ModuleOp module) {
  llvm::Expected<std::vector<runtime::InputSpec>> specs = inputSpecs(module);
  if (!specs)
    return specs.takeError();
  llvm::Expected<std::shared_ptr<const runtime::Dataset>> data =
      runtime::openDataset(options, *specs);
  if (data && (*data)->size() == 0)
    return llvm::createStringError("'" + options.path + "' has no samples");
  return data;
}

llvm::Expected<std::shared_ptr<const runtime::Dataset>>
hwq::openCalibrationData(const runtime::DatasetOptions &options,
                         ModuleOp module) {
  llvm::Expected<std::shared_ptr<const runtime::Dataset>> data =
      openData(options, module);
  if (!data || options.samples)
    return data;
  return runtime::strideSubset(*data, kCalibrationSamples);
}
