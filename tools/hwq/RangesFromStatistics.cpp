//===- RangesFromStatistics.cpp - Calibrate without running -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RangesFromStatistics.h"
#include "Console.h"
#include "Options.h"
#include "Steps.h"
#include "hwq/Pipelines/CollectStatistics.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;
using calibration::StatisticsFile;

llvm::Expected<StatisticsFile>
driver::readStatisticsOf(ModuleOp module, StringRef model, StringRef path) {
  llvm::Expected<StatisticsFile> file = calibration::readStatistics(path);
  if (!file)
    return file.takeError();
  if (file->modelHash != hashObservedProgram(module))
    return llvm::createStringError(
        "'" + path + "' has the statistics of another program than '" + model +
        "'");
  uint64_t known = file->sampleIndices().size() + file->skipped.size();
  if (known < file->totalSamples)
    warn("'" + path + "' has " + llvm::Twine(known) + " of the " +
         llvm::Twine(file->totalSamples) + " samples of its data set");
  return file;
}

llvm::Error driver::checkSamples(const StatisticsFile &file, StringRef path,
                                 const runtime::Dataset &data,
                                 StringRef preparation) {
  if (uint64_t(data.size()) == file.totalSamples &&
      preparation == file.preparation)
    return llvm::Error::success();
  return llvm::createStringError(
      "'" + path + "' is of " + llvm::Twine(file.totalSamples) +
      " samples prepared with '" + file.preparation + "', --data gives " +
      llvm::Twine(data.size()) + " with '" + preparation + "'");
}

llvm::Error driver::calibrateFromStatistics(
    ModuleOp module, StringRef model, StringRef path,
    std::shared_ptr<const runtime::Dataset> data, StringRef preparation,
    std::optional<CollectedSamples> &samples) {
  llvm::Expected<std::vector<CalibrateOptions>> options =
      calibrateOptions(module.getContext());
  if (!options)
    return options.takeError();
  if (failed(prepareForCalibration(module)))
    return reportedError();
  if (llvm::Error error = checkTensorMethods(module, options->front()))
    return error;
  CollectedSamples collected;
  if (llvm::Error error =
          readStatisticsOf(module, model, path).moveInto(collected.file))
    return error;
  CollectOptions second;
  second.threads = options->front().threads;
  for (const CalibrateOptions &one : *options) {
    if (!calibrationNeeds(module, one).linearHistograms)
      continue;
    if (!data)
      return usageError("method 'kl' needs a second pass over the samples: "
                        "expected --data=DATA beside --stats (or method "
                        "'kl-grid')");
    for (auto &entry :
         wantedLinearHistograms(module, collected.file.statistics, one))
      collected.linear.try_emplace(entry.getKey(), entry.getValue());
  }
  if (!collected.linear.empty()) {
    if (llvm::Error error =
            checkSamples(collected.file, path, *data, preparation))
      return error;
    Progress progress("second pass");
    second.progress = progress.hook();
    if (failed(collectLinearHistograms(module, data,
                                       collected.file.sampleIndices(), second,
                                       collected.linear)))
      return reportedError();
  }
  auto isAuto = [](const CalibrateOptions &one) {
    return one.method.method == calibration::MethodOptions::Method::Auto;
  };
  if (data && llvm::any_of(*options, isAuto)) {
    if (llvm::Error error =
            checkSamples(collected.file, path, *data, preparation))
      return error;
    Progress progress("try methods");
    if (failed(tryMethods(module, data, *options, collected, progress.hook())))
      return reportedError();
  }
  if (failed(setRanges(module, collected.file.statistics,
                       withBestMethod(options->front(), collected),
                       /*table=*/nullptr, &collected.linear)))
    return reportedError();
  samples = std::move(collected);
  return llvm::Error::success();
}
