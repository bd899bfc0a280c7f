//===- Accuracy.cpp - Predictions and labels --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Accuracy.h"
#include "Console.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Numerics/Errors.h"
#include "hwq/Pipelines/Derivation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>

using namespace hwq;
using namespace hwq::driver;
using runtime::Evaluator;
using runtime::Tensor;

/// Number of elements if at most one of the sizes is not 1 (and that one is
/// known), else 0.
static int64_t vectorLength(llvm::ArrayRef<int64_t> shape) {
  int64_t length = 1;
  for (int64_t d : shape) {
    if (d != 1 && length != 1)
      return 0;
    length *= d;
  }
  return length > 1 ? length : 0;
}

/// Number of scores per sample if the output is a vector of them, else 0.
static int64_t scoresPerSample(const Tensor &output) {
  bool isCodes = output.dtype() == runtime::DType::I8 ||
                 output.dtype() == runtime::DType::U8 ||
                 output.dtype() == runtime::DType::I16;
  if ((output.dtype() != runtime::DType::F32 && !isCodes) || output.rank() < 2)
    return 0;
  return vectorLength(output.shape().drop_front());
}

/// The scores of one sample, which may be codes: they have the same order.
static void readScores(const Tensor &output, int64_t sample,
                       std::vector<float> &scores) {
  int64_t first = sample * int64_t(scores.size());
  auto copy = [&](const auto *values) {
    std::copy_n(values + first, scores.size(), scores.begin());
  };
  switch (output.dtype()) {
  case runtime::DType::I8:
    return copy(output.data<int8_t>());
  case runtime::DType::U8:
    return copy(output.data<uint8_t>());
  case runtime::DType::I16:
    return copy(output.data<int16_t>());
  default:
    return copy(output.data<float>());
  }
}

/// The class of one sample: the first largest score. NaN has no order, and a
/// label that is no class could never be right.
static llvm::Expected<int64_t> predictedClass(llvm::ArrayRef<float> scores,
                                              llvm::StringRef output,
                                              const runtime::Dataset &data,
                                              int64_t sample) {
  int64_t classes = scores.size();
  if (data.hasLabels() && data.label(sample) >= classes)
    return llvm::createStringError(
        data.sampleName(sample) + " has label " +
        llvm::Twine(data.label(sample)) + ", but output '" + output + "' has " +
        llvm::Twine(classes) + " classes, 0 to " + llvm::Twine(classes - 1) +
        " (see --label-offset)");
  const float *nan =
      llvm::find_if(scores, [](float score) { return std::isnan(score); });
  if (nan != scores.end())
    return llvm::createStringError(
        "output '" + output + "', " + data.sampleName(sample) +
        ": NaN at element " + llvm::Twine(nan - scores.begin()));
  return llvm::max_element(scores) - scores.begin();
}

llvm::Expected<Predictions> driver::predict(Evaluator &evaluator,
                                            const runtime::Dataset &data,
                                            llvm::StringRef what,
                                            Evaluator::Hooks hooks) {
  Predictions result;
  result.samples = data.size();
  // Each sample is written by the one worker that computes it.
  std::vector<int64_t> classes(data.size(), -1);
  auto also = hooks.output;
  hooks.output = [&](unsigned worker, int64_t first,
                     llvm::ArrayRef<Tensor> outputs) -> llvm::Error {
    if (!outputs.empty())
      if (int64_t count = scoresPerSample(outputs.front())) {
        std::vector<float> scores(count);
        for (int64_t s = 0; s < outputs.front().dim(0); ++s) {
          readScores(outputs.front(), s, scores);
          llvm::Expected<int64_t> best = predictedClass(
              scores, evaluator.outputNames().front(), data, first + s);
          if (!best)
            return best.takeError();
          classes[first + s] = *best;
        }
      }
    return also ? also(worker, first, outputs) : llvm::Error::success();
  };
  Progress progress(what);
  hooks.progress = progress.hook();
  if (llvm::Error error = evaluator.run(data, hooks))
    return std::move(error);
  result.seconds = progress.seconds();
  if (llvm::none_of(classes, [](int64_t c) { return c < 0; }))
    result.classes = std::move(classes);
  return result;
}

std::optional<double> driver::top1(const Predictions &predictions,
                                   const runtime::Dataset &data) {
  if (!data.hasLabels() || predictions.classes.empty())
    return std::nullopt;
  int64_t right = 0;
  for (int64_t i = 0; i < data.size(); ++i)
    right += predictions.classes[i] == data.label(i);
  return double(right) / double(data.size());
}

std::optional<double> driver::agreement(const Predictions &a,
                                        const Predictions &b) {
  if (a.classes.empty() || a.classes.size() != b.classes.size())
    return std::nullopt;
  int64_t same = 0;
  for (size_t i = 0; i < a.classes.size(); ++i)
    same += a.classes[i] == b.classes[i];
  return double(same) / double(a.classes.size());
}

std::optional<AccuracyDrop> driver::accuracyDrop(const Predictions &before,
                                                 const Predictions &after,
                                                 const runtime::Dataset &data) {
  if (!data.hasLabels() || before.classes.empty() ||
      before.classes.size() != after.classes.size())
    return std::nullopt;
  double lost = 0, won = 0, n = double(data.size());
  for (int64_t i = 0; i < data.size(); ++i) {
    bool was = before.classes[i] == data.label(i);
    bool is = after.classes[i] == data.label(i);
    lost += was && !is;
    won += is && !was;
  }
  double difference = lost - won;
  return AccuracyDrop{difference / n,
                      std::sqrt(lost + won - difference * difference / n) / n};
}

std::pair<double, double> driver::confidenceInterval(double p, int64_t n) {
  constexpr double z = 1.959963984540054;
  if (n <= 0)
    return {0, 1};
  double zz = z * z / double(n);
  double center = (p + zz / 2) / (1 + zz);
  double half =
      z * std::sqrt(p * (1 - p) / double(n) + zz / (4 * double(n))) / (1 + zz);
  return {std::max(0.0, center - half), std::min(1.0, center + half)};
}

llvm::Expected<std::unique_ptr<FloatReference>>
FloatReference::run(Evaluator &evaluator, const runtime::Dataset &data) {
  std::unique_ptr<FloatReference> reference(new FloatReference(data));
  Evaluator::Hooks hooks;
  hooks.output = [&](unsigned, int64_t first, llvm::ArrayRef<Tensor> outputs) {
    if (!outputs.empty())
      reference->output.put(0, first, outputs.front());
    return llvm::Error::success();
  };
  llvm::Expected<Predictions> result = predict(evaluator, data, "float", hooks);
  if (!result)
    return result.takeError();
  reference->predicted = std::move(*result);
  return std::move(reference);
}

std::optional<double> FloatReference::top1() const {
  return driver::top1(predicted, data);
}

llvm::Expected<ComparedOutputs>
FloatReference::compare(Evaluator &evaluator, llvm::StringRef what) const {
  // One per sample, merged in their order below.
  std::vector<numerics::ErrorStats> errors(data.size());
  const Tensor &expected = output.get(0);
  std::atomic<bool> comparable{expected &&
                               expected.dtype() == runtime::DType::F32};
  Evaluator::Hooks hooks;
  hooks.output = [&](unsigned, int64_t first, llvm::ArrayRef<Tensor> outputs) {
    if (outputs.empty() || !comparable)
      return llvm::Error::success();
    const Tensor &actual = outputs.front();
    if (actual.dtype() != runtime::DType::F32 ||
        actual.shape().drop_front() != expected.shape().drop_front()) {
      comparable = false;
      return llvm::Error::success();
    }
    int64_t row = actual.dim(0) ? actual.numElements() / actual.dim(0) : 0;
    for (int64_t s = 0; s < actual.dim(0); ++s)
      errors[first + s].add(expected.data<float>() + (first + s) * row,
                            actual.data<float>() + s * row, row);
    return llvm::Error::success();
  };
  llvm::Expected<Predictions> result = predict(evaluator, data, what, hooks);
  if (!result)
    return result.takeError();
  ComparedOutputs compared;
  compared.top1 = driver::top1(*result, data);
  compared.agreement = driver::agreement(predicted, *result);
  compared.drop = accuracyDrop(predicted, *result, data);
  if (compared.agreement)
    for (int64_t i = 0; i < data.size(); ++i)
      if (predicted.classes[i] != result->classes[i])
        compared.disagreements.push_back(i);
  compared.predictions = std::move(*result);
  if (comparable) {
    numerics::ErrorStats all;
    for (const numerics::ErrorStats &e : errors)
      all.merge(e);
    compared.sqnr = all.sqnr();
  }
  return std::move(compared);
}

std::shared_ptr<const runtime::Dataset>
driver::checkLabels(std::shared_ptr<const runtime::Dataset> data,
                    const runtime::DatasetOptions &options,
                    mlir::ModuleOp module) {
  if (!data->hasLabels() || !options.labelsFile.empty() ||
      options.labelOffset != 0 || !llvm::sys::fs::is_directory(options.path))
    return data;
  mlir::func::FuncOp func = getMainFunction(module);
  auto type =
      func && func.getNumResults()
          ? mlir::dyn_cast<mlir::RankedTensorType>(func.getResultTypes()[0])
          : mlir::RankedTensorType();
  int64_t classes = type && type.getRank() > 1
                        ? vectorLength(type.getShape().drop_front())
                        : 0;
  if (classes == 0)
    return data;
  for (int64_t i = 0; i < data->size(); ++i) {
    if (data->label(i) < classes)
      continue;
    auto name = func.getResultAttrOfType<mlir::StringAttr>(0, kNameAttr);
    std::string why =
        "the file names are no labels: " + data->sampleName(i) +
        " would have " + std::to_string(data->label(i)) + ", but " +
        (name ? "output '" + name.str() + "'" : "the first output") + " has " +
        std::to_string(classes) +
        " values (see --labels and --label-offset for a classifier)";
    warn("no accuracy: " + why);
    return runtime::withoutLabels(std::move(data), std::move(why));
  }
  return data;
}

std::string driver::whyNoTop1(const Predictions &predictions,
                              const runtime::Dataset &data) {
  if (!data.hasLabels())
    return data.whyNoLabels();
  if (predictions.classes.empty())
    return "the first output is no vector of scores per sample";
  return "";
}

bool driver::lookEqual(const runtime::DatasetOptions &a,
                       const runtime::Dataset &dataA,
                       const runtime::DatasetOptions &b,
                       const runtime::Dataset &dataB) {
  if (llvm::sys::fs::equivalent(a.path, b.path))
    return true;
  int64_t count = std::min<int64_t>({4, dataA.size(), dataB.size()});
  std::vector<Tensor> x, y;
  // A sample that can't be loaded is reported by whoever runs it.
  if (llvm::Error error = dataA.load(0, count, x)) {
    llvm::consumeError(std::move(error));
    return false;
  }
  if (llvm::Error error = dataB.load(0, count, y)) {
    llvm::consumeError(std::move(error));
    return false;
  }
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [](const Tensor &s, const Tensor &t) {
                      return s.shape() == t.shape() &&
                             std::memcmp(s.raw(), t.raw(), s.numBytes()) == 0;
                    });
}
