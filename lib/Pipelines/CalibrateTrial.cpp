//===- CalibrateTrial.cpp - Methods tried on samples ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How much a tensor's quantization noise matters depends on what reads it:
// clipping a few large values of little meaning can cost most of the tensor's
// own signal-to-noise ratio and none of the program's. So `auto` looks at the
// results.
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Pipelines/Calibrate.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"
#include <algorithm>
#include <limits>

using namespace mlir;
using namespace hwq;
using calibration::MethodOptions;
using runtime::Evaluator;
using runtime::Tensor;

/// Samples of a trial: so many that the noise of some 2000 results is measured,
/// which tells methods apart that differ by a few tenths of a decibel.
static size_t samplesOfTrial(ModuleOp module) {
  constexpr int64_t enough = 2000;
  int64_t results = 0;
  module.walk([&](func::ReturnOp op) {
    for (Type type : op.getOperandTypes()) {
      int64_t size = 1;
      if (auto shaped = dyn_cast<RankedTensorType>(type))
        for (int64_t i = 1; i < shaped.getRank(); ++i)
          size = std::min(
              size * std::clamp<int64_t>(shaped.getDimSize(i), 1, enough),
              enough);
      results += size;
    }
  });
  return std::clamp<int64_t>(enough / std::max<int64_t>(results, 1), 32, 256);
}

namespace {
/// Runs the samples of the trial.
class Trial {
public:
  /// `runs` runs in all will follow.
  Trial(const runtime::Dataset &samples, unsigned threads, int64_t runs,
        const Evaluator::ProgressHook &progress)
      : samples(samples), threads(threads), runs(runs), progress(progress) {}

  /// The results of the float program, with which the others are compared.
  LogicalResult runFloat(ModuleOp module) { return run(module, expected); }
  /// Sum of squared differences of a program's results.
  FailureOr<double> noise(ModuleOp module);
  /// In place of `noise`.
  void skip() { done += samples.size(); }

private:
  /// By sample, whatever thread it ran on.
  using Results = std::vector<std::vector<float>>;
  LogicalResult run(ModuleOp module, Results &results);

  const runtime::Dataset &samples;
  unsigned threads;
  int64_t done = 0, runs;
  const Evaluator::ProgressHook &progress;
  Results expected;
};
} // namespace

LogicalResult Trial::run(ModuleOp module, Results &results) {
  runtime::EvaluatorOptions options;
  options.threads = threads;
  FailureOr<std::unique_ptr<Evaluator>> evaluator =
      Evaluator::create(module, options);
  if (failed(evaluator))
    return failure();
  results.resize(samples.size());
  Evaluator::Hooks hooks;
  hooks.output = [&](unsigned, int64_t first,
                     ArrayRef<Tensor> outputs) -> llvm::Error {
    for (const Tensor &output : outputs) {
      int64_t row = output.numElements() / output.dim(0);
      const float *values = output.data<float>();
      for (int64_t s = 0; s < output.dim(0); ++s, values += row)
        results[first + s].insert(results[first + s].end(), values,
                                  values + row);
    }
    return llvm::Error::success();
  };
  if (progress)
    hooks.progress = [&](int64_t part, int64_t total) {
      progress(done + part, runs * total);
    };
  if (llvm::Error error = (*evaluator)->run(samples, hooks))
    return mlir::emitError(UnknownLoc::get(module.getContext()))
           << llvm::toString(std::move(error));
  done += samples.size();
  return success();
}

FailureOr<double> Trial::noise(ModuleOp module) {
  Results results;
  if (failed(run(module, results)))
    return failure();
  double sum = 0;
  for (auto [sample, reference] : llvm::zip_equal(results, expected))
    for (auto [y, x] : llvm::zip_equal(sample, reference))
      sum += (double(y) - double(x)) * (double(y) - double(x));
  return sum;
}

/// The program at step 0: float ops with the backend's quantizers. Null if the
/// method has no ranges for some tensor.
static OwningOpRef<ModuleOp> stepZero(ModuleOp module,
                                      const CollectedSamples &samples,
                                      const CalibrateOptions &options) {
  // A method that fails is out of the running, and nobody asked for it.
  ScopedDiagnosticHandler quiet(module.getContext(),
                                [](Diagnostic &) { return success(); });
  OwningOpRef<ModuleOp> copy = module.clone();
  if (failed(setRanges(*copy, samples.file.statistics, options)))
    return {};
  (*copy)->setAttr(kBackendAttr, options.backend);
  PassManager passes(module.getContext(), ModuleOp::getOperationName());
  passes.addPass(createFoldBatchNormPass());
  passes.addPass(createAnnotatePass());
  if (failed(passes.run(*copy)))
    return {};
  return copy;
}

/// `auto`, and then all methods that need nothing but statistics.
static std::vector<MethodOptions> candidates() {
  std::vector<MethodOptions> list(1);
  list.front().method = MethodOptions::Method::Auto;
  for (StringRef name : calibration::methodNames()) {
    MethodOptions options = cantFail(calibration::parseMethod(name));
    // Not what does not look at the values, or depends on the order of samples.
    if (options.method != MethodOptions::Method::Auto &&
        options.method != MethodOptions::Method::Fixed &&
        options.method != MethodOptions::Method::Ema &&
        !calibration::needsVotes(options.method) &&
        !calibration::needsLinearHistogram(options.method))
      list.push_back(options);
  }
  return list;
}

CalibrateOptions hwq::withBestMethod(CalibrateOptions options,
                                     const CollectedSamples &samples) {
  if (options.method.method == MethodOptions::Method::Auto)
    for (const auto &[backend, method] : samples.best)
      if (backend == options.backend)
        options.method = method;
  return options;
}

LogicalResult hwq::tryMethods(ModuleOp module,
                              std::shared_ptr<const runtime::Dataset> data,
                              ArrayRef<CalibrateOptions> options,
                              CollectedSamples &samples,
                              const Evaluator::ProgressHook &progress) {
  // One for each backend.
  std::vector<CalibrateOptions> wanted;
  for (const CalibrateOptions &one : options) {
    auto isWanted = [&](const CalibrateOptions &other) {
      return other.backend == one.backend;
    };
    if (one.method.method == MethodOptions::Method::Auto && one.backend &&
        llvm::none_of(wanted, isWanted))
      wanted.push_back(one);
  }
  if (wanted.empty())
    return success();
  std::vector<int64_t> all = samples.file.sampleIndices(), some;
  size_t count = std::min(samplesOfTrial(module), all.size());
  for (size_t i = 0; i < count; ++i)
    some.push_back(all[i * all.size() / count]);
  std::shared_ptr<const runtime::Dataset> subset =
      runtime::subset(std::move(data), std::move(some));
  const std::vector<MethodOptions> methods = candidates();
  Trial trial(*subset, options.front().threads,
              1 + wanted.size() * methods.size(), progress);
  if (failed(trial.runFloat(module)))
    return failure();
  for (const CalibrateOptions &one : wanted) {
    MethodOptions best = one.method;
    double least = std::numeric_limits<double>::infinity();
    for (const MethodOptions &method : methods) {
      CalibrateOptions with = one;
      with.method = method;
      OwningOpRef<ModuleOp> program = stepZero(module, samples, with);
      if (!program) {
        trial.skip();
        continue;
      }
      FailureOr<double> noise = trial.noise(*program);
      if (failed(noise))
        return failure();
      if (*noise < least) {
        least = *noise;
        best = method;
      }
    }
    samples.best.emplace_back(one.backend, best);
  }
  return success();
}
