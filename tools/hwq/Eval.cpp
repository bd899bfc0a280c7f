//===- Eval.cpp - hwq eval --------------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Accuracy.h"
#include "Console.h"
#include "Model.h"
#include "Options.h"
#include "hwq/Dialect/QuantHW/IR/CodeParams.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Pipelines/ProgramData.h"
#include "hwq/Pipelines/VerifyStore.h"
#include "hwq/Runtime/NpyFile.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;
using runtime::Evaluator;
using runtime::NamedValue;
using runtime::Tensor;

namespace {
/// Outputs and named tensors on their way to the --dump file.
class Dump {
public:
  Dump(Evaluator &evaluator, int64_t samples)
      : evaluator(evaluator), values(evaluator.namedValues().size(), samples),
        outputs(evaluator.outputNames().size(), samples),
        wanted(evaluator.namedValues().size()) {}

  /// Chooses the named tensors whose whole name matches.
  llvm::Error choose(llvm::StringRef pattern);
  Evaluator::Hooks hooks();
  llvm::Error write(llvm::StringRef path) const;

private:
  Evaluator &evaluator;
  TensorStore values, outputs;
  std::vector<bool> wanted;
};
} // namespace

llvm::Error Dump::choose(llvm::StringRef pattern) {
  llvm::Regex regex(("^(" + pattern + ")$").str());
  ArrayRef<NamedValue> named = evaluator.namedValues();
  bool any = false;
  for (size_t i = 0; i < named.size(); ++i)
    // Of several values with one name the integers count.
    if (regex.match(named[i].name) && findNamedValue(named, named[i].name) == i)
      wanted[i] = any = true;
  if (any)
    return llvm::Error::success();
  // A tensor and its quantized form have one name.
  llvm::SetVector<StringRef> known;
  for (const NamedValue &value : named)
    known.insert(value.name);
  std::string names = llvm::join(known.getArrayRef().take_front(20), ", ");
  if (known.size() > 20)
    names += ", ...";
  return llvm::createStringError(llvm::Twine("no tensor matches "
                                             "--dump-tensors='") +
                                 pattern + "': the program has " + names);
}

Evaluator::Hooks Dump::hooks() {
  Evaluator::Hooks hooks;
  if (llvm::is_contained(wanted, true))
    hooks.value = [this](unsigned, size_t index, int64_t first,
                         Tensor &tensor) {
      if (wanted[index])
        values.put(index, first, tensor);
      return llvm::Error::success();
    };
  hooks.output = [this](unsigned, int64_t first, ArrayRef<Tensor> tensors) {
    for (size_t i = 0; i < tensors.size(); ++i)
      outputs.put(i, first, tensors[i]);
    return llvm::Error::success();
  };
  return hooks;
}

llvm::Error Dump::write(llvm::StringRef path) const {
  std::vector<std::pair<std::string, Tensor>> arrays;
  llvm::StringSet<> names;
  auto add = [&](std::string name, Tensor tensor) {
    if (names.insert(name).second)
      arrays.emplace_back(std::move(name), std::move(tensor));
  };
  ArrayRef<NamedValue> named = evaluator.namedValues();
  // Integers before outputs: asked for by name, they win over the output that
  // is dequantized from them.
  for (size_t i = 0; i < named.size(); ++i) {
    if (!wanted[i] || !values.get(i))
      continue;
    add(named[i].name, values.get(i));
    Type element = getElementTypeOrSelf(named[i].value.getType());
    if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element)) {
      Tensor::Shape channels{static_cast<int64_t>(perAxis.getScales().size())};
      add(named[i].name + ".scale",
          Tensor::fromValues<double>(perAxis.getScales(), channels));
      add(named[i].name + ".zero_point",
          Tensor::fromValues<int64_t>(perAxis.getZeroPoints(), channels));
    }
    std::optional<numerics::QuantParams> params = getCodeParams(named[i].value);
    if (!params)
      continue;
    add(named[i].name + ".scale",
        Tensor::fromValues<double>({params->scale}, {}));
    add(named[i].name + ".zero_point",
        Tensor::fromValues<int64_t>({params->zeroPoint}, {}));
  }
  for (size_t i = 0; i < evaluator.outputNames().size(); ++i) {
    std::string name = evaluator.outputNames()[i];
    if (names.contains(name))
      name += ".output";
    if (outputs.get(i))
      add(std::move(name), outputs.get(i));
  }
  return runtime::writeNpz(path, arrays);
}

static llvm::Error checkOptions(StringRef model) {
  if (metric != "top1")
    return usageError("expected --metric=top1, got '" + metric + "'");
  if (!dumpTensors.empty() && dumpPath.empty())
    return usageError("--dump-tensors needs --dump=out.npz");
  std::string why;
  if (!dumpTensors.empty() && !llvm::Regex(dumpTensors).isValid(why))
    return usageError("--dump-tensors='" + dumpTensors + "': " + why);
  if (dumpPath.empty())
    return llvm::Error::success();
  return checkWritable(dumpPath, {model.str(), dataPath});
}

llvm::Error driver::runEval() {
  llvm::Expected<std::string> model = modelPath();
  if (!model)
    return model.takeError();
  if (llvm::Error error = require(dataPath, "DATA"))
    return error;
  if (llvm::Error error = checkOptions(*model))
    return error;
  // Here --data is what is evaluated; both options name its first samples.
  llvm::Expected<runtime::DatasetOptions> options =
      dataOptions(dataPath, /*evaluation=*/!samplesGiven());
  if (!options)
    return options.takeError();
  llvm::Expected<unsigned> threads = threadCount();
  if (!threads)
    return threads.takeError();

  Session session;
  llvm::Expected<OwningOpRef<ModuleOp>> module = loadModel(*model, session);
  if (!module)
    return module.takeError();
  auto data = openData(*options, module->get());
  if (!data)
    return data.takeError();
  *data = checkLabels(*data, *options, module->get());
  runtime::EvaluatorOptions evaluatorOptions;
  evaluatorOptions.threads = *threads;
  FailureOr<std::unique_ptr<Evaluator>> evaluator =
      Evaluator::create(module->get(), evaluatorOptions);
  if (failed(evaluator))
    return reportedError();

  Dump dump(**evaluator, (*data)->size());
  Evaluator::Hooks hooks;
  if (!dumpTensors.empty())
    if (llvm::Error error = dump.choose(dumpTensors))
      return error;
  if (!dumpPath.empty())
    hooks = dump.hooks();
  llvm::Expected<Predictions> result =
      predict(**evaluator, **data, "evaluate", hooks);
  if (!result)
    return result.takeError();
  if (!dumpPath.empty())
    if (llvm::Error error = dump.write(dumpPath))
      return error;

  std::optional<double> accuracy = top1(*result, **data);
  FailureOr<std::optional<Form>> form = getForm(module->get());
  StringRef formName = stringifyForm(
      succeeded(form) ? form->value_or(Form::Float) : Form::Float);
  auto toJson = [&]() -> llvm::json::Value {
    return llvm::json::Object{
        {"model", *model},
        {"form", formName},
        {"samples", result->samples},
        {"top1", jsonNumber(accuracy)},
        {"seconds", jsonNumber(result->seconds)},
        {"images_per_second", jsonNumber(result->imagesPerSecond())}};
  };
  auto print = [&](llvm::raw_ostream &os) {
    os << "form      " << formName << "\n";
    os << "samples   " << result->samples << "\n";
    os << "top-1     "
       << (accuracy ? percent(accuracy) : "none: " + whyNoTop1(*result, **data))
       << "\n";
    os << "images/s  " << number("%.1f", result->imagesPerSecond()) << "\n";
  };
  return printResult(toJson, print);
}
