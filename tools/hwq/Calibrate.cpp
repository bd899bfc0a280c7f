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
#include "OutputFolder.h"
#include "RangesFromStatistics.h"
#include "Statistics.h"
#include "Steps.h"
#include "hwq/Backend/BackendRegistry.h"
#include "hwq/Calibration/Plot.h"
#include "hwq/Interchange/ProgramTable.h"
#include "hwq/Pipelines/CollectStatistics.h"
#include "hwq/Runtime/AtomicFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdio>
#include <tuple>

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

/// The backends of --for; none where it is missing.
static llvm::Expected<std::vector<BackendAttr>>
backendsOfRun(MLIRContext *context) {
  if (llvm::Error error = addBackendFile(context))
    return std::move(error);
  std::vector<BackendAttr> backends;
  if (backendNames.empty())
    return backends;
  std::string names = backendNames == "all" ? llvm::join(getBackendNames(), ",")
                                            : backendNames.getValue();
  llvm::Expected<std::vector<BackendSpec>> specs =
      BackendSpec::parseList(names);
  if (!specs)
    return usageError("--for: " + toString(specs.takeError()));
  for (const BackendSpec &spec : *specs) {
    llvm::Expected<BackendAttr> backend = resolveBackend(context, spec);
    if (!backend)
      return usageError("--for: " + toString(backend.takeError()));
    backends.push_back(*backend);
  }
  return backends;
}

llvm::Expected<calibration::MethodOptions>
driver::rangeMethod(const Backend &backend) {
  return methodGiven() ? methodOptions()
                       : calibration::parseMethod(backend.rangeMethod);
}

/// How ranges are chosen for a backend (null: for none).
static llvm::Expected<CalibrateOptions> rangeOptions(BackendAttr descriptor) {
  llvm::Expected<unsigned> threads = threadCount();
  if (!threads)
    return threads.takeError();
  CalibrateOptions options;
  options.threads = *threads;
  if (llvm::Error error = setMethods(options))
    return std::move(error);
  if (!descriptor)
    return options;
  Backend backend = Backend::get(descriptor);
  options.backend = descriptor;
  options.scheme = activationScheme(backend);
  options.perChannel =
      backend.activations.granularity == numerics::Granularity::PerChannel;
  if (llvm::Error error = rangeMethod(backend).moveInto(options.method))
    return std::move(error);
  return options;
}

llvm::Expected<std::vector<CalibrateOptions>>
driver::calibrateOptions(MLIRContext *context) {
  llvm::Expected<std::vector<BackendAttr>> backends = backendsOfRun(context);
  if (!backends)
    return backends.takeError();
  std::vector<CalibrateOptions> options;
  if (llvm::Error error = rangeOptions(backends->size() == 1 ? backends->front()
                                                             : BackendAttr())
                              .moveInto(options.emplace_back()))
    return std::move(error);
  for (BackendAttr backend : *backends)
    if (llvm::Error error =
            rangeOptions(backend).moveInto(options.emplace_back()))
      return std::move(error);
  return std::move(options);
}

llvm::Error driver::checkTensorMethods(ModuleOp module,
                                       const CalibrateOptions &options) {
  for (const TensorMethod &entry : options.overrides) {
    bool isUsed = false;
    module.walk([&](ObserveOp op) { isUsed |= entry.matches(op.getTensor()); });
    if (!isUsed)
      return llvm::createStringError("--tensor-method: '" + entry.pattern +
                                     "' matches no tensor");
  }
  return llvm::Error::success();
}

llvm::Error driver::calibrate(ModuleOp module, const runtime::Dataset &data,
                              std::optional<CollectedSamples> *samples) {
  llvm::Expected<std::vector<CalibrateOptions>> options =
      calibrateOptions(module.getContext());
  if (!options)
    return options.takeError();
  if (failed(prepareForCalibration(module)))
    return reportedError();
  if (llvm::Error error = checkTensorMethods(module, options->front()))
    return error;
  Progress progress("calibrate");
  FailureOr<CollectedSamples> collected =
      collectSamples(module, data, *options, progress.hook());
  if (failed(collected) ||
      failed(setRanges(module, collected->file.statistics,
                       withBestMethod(options->front(), *collected), nullptr,
                       &collected->linear)))
    return reportedError();
  if (samples)
    *samples = std::move(*collected);
  return llvm::Error::success();
}

llvm::Error driver::chooseRanges(ModuleOp module,
                                 const std::optional<CollectedSamples> &samples,
                                 const Target &target) {
  if (!samples)
    return llvm::Error::success();
  llvm::Expected<CalibrateOptions> options = rangeOptions(target.descriptor);
  if (!options)
    return options.takeError();
  if (failed(setRanges(module, samples->file.statistics,
                       withBestMethod(*options, *samples), nullptr,
                       &samples->linear)))
    return reportedError();
  return llvm::Error::success();
}

/// "003_conv1_out.svg": what no file system minds.
static std::string plotName(size_t index, StringRef tensor) {
  std::string name;
  llvm::raw_string_ostream(name) << llvm::format("%03zu_", index);
  for (char c : tensor.take_front(100))
    name += llvm::isAlnum(c) || c == '-' || c == '.' ? c : '_';
  return name + ".svg";
}

static llvm::Error plot(ArrayRef<CalibratedTensor> tensors,
                        const calibration::Statistics &statistics,
                        const calibration::TargetScheme &scheme) {
  llvm::Expected<OutputFolder> folder = OutputFolder::create(plotPath);
  if (!folder)
    return folder.takeError();
  for (auto [i, tensor] : llvm::enumerate(tensors)) {
    const CalibratedTensor &t = tensor;
    if (llvm::Error error = folder->write(
            plotName(i, t.name), [&](llvm::raw_pwrite_stream &os) {
              calibration::plotHistogram(os, t.name, *statistics.lookup(t.name),
                                         t.range, t.method, scheme);
              return llvm::Error::success();
            }))
      return error;
  }
  return folder->commit();
}

static llvm::Error print(ArrayRef<CalibratedTensor> tensors) {
  auto toJson = [&]() -> llvm::json::Value {
    llvm::json::Array rows;
    for (const CalibratedTensor &t : tensors)
      rows.push_back(llvm::json::Object{{"name", t.name},
                                        {"min", jsonNumber(t.min)},
                                        {"max", jsonNumber(t.max)},
                                        {"range_min", jsonNumber(t.range.min)},
                                        {"range_max", jsonNumber(t.range.max)},
                                        {"method", t.method},
                                        {"sqnr", jsonNumber(t.sqnr)},
                                        {"count", int64_t(t.count)}});
    return llvm::json::Object{{"tensors", std::move(rows)}};
  };
  auto printTable = [&](llvm::raw_ostream &os) {
    Table table(
        {"tensor", "min", "max", "range min", "range max", "sqnr", "method"});
    for (const CalibratedTensor &t : tensors)
      table.add({t.name, number("%.6g", t.min), number("%.6g", t.max),
                 number("%.6g", t.range.min), number("%.6g", t.range.max),
                 t.sqnr ? number("%.2f", *t.sqnr) : "-", t.method});
    table.print(os);
  };
  return printResult(toJson, printTable);
}

static llvm::Error writeStatistics(const calibration::StatisticsFile &file) {
  return runtime::writeFileAtomically(statsPath,
                                      [&](llvm::raw_pwrite_stream &os) {
                                        calibration::printStatistics(file, os);
                                        return llvm::Error::success();
                                      });
}

/// Writes what was found as a table of another tool.
static llvm::Error writeTable(ModuleOp module,
                              const interchange::TableFormat &format,
                              Session &session) {
  // Scales and zero points are those that the backend makes of the ranges.
  OwningOpRef<ModuleOp> compiled;
  if (format.needsParameters) {
    llvm::Expected<std::vector<Target>> targets =
        parseTargets(backendNames, session.context());
    if (!targets)
      return targets.takeError();
    compiled = module.clone();
    if (llvm::Error error = compile(*compiled, targets->front()))
      return error;
  }
  interchange::CalibrationTable table =
      interchange::collectTable(module, compiled ? *compiled : ModuleOp());
  std::string text;
  llvm::raw_string_ostream bytes(text);
  if (llvm::Error error = format.write(table, bytes))
    return error;
  return interchange::writeTableFile(
      tablePath, text, format, [](StringRef path, StringRef contents) {
        return runtime::writeFileAtomically(path,
                                            [&](llvm::raw_pwrite_stream &os) {
                                              os << contents;
                                              return llvm::Error::success();
                                            });
      });
}

namespace {
/// One run of hwq calibrate.
class Calibrate {
public:
  llvm::Error run();

private:
  llvm::Error parseOptions();
  llvm::Error prepare();
  llvm::Error checkRanks();
  llvm::Error openData();
  llvm::Error shareStatistics();
  llvm::Error collect();
  llvm::Error collectLinear();
  llvm::Error resumeFrom(calibration::StatisticsFile &start);

  std::string model;
  runtime::DatasetOptions dataset;
  CalibrateOptions calibrate;
  CollectOptions options;
  /// Of --table.
  const interchange::TableFormat *format = nullptr;
  Session session;
  OwningOpRef<ModuleOp> module;
  CalibrationNeeds needs;
  bool isAuto = false;
  /// Of mpirun; all of them come here, rank 0 speaks and writes.
  Communicator *ranks = nullptr;
  std::shared_ptr<const runtime::Dataset> data;
  CollectedSamples samples;
};
} // namespace

llvm::Error Calibrate::parseOptions() {
  llvm::Expected<std::string> path = modelPath();
  if (!path)
    return path.takeError();
  model = *path;
  if (fromStatsPath.empty())
    if (llvm::Error error = require(dataPath, "DATA"))
      return error;
  if (statsPath.empty()) {
    for (auto [given, name] : {std::pair(shardGiven(), "--shard"),
                               std::pair(bool(resume), "--resume"),
                               std::pair(bool(perChannel), "--per-channel")})
      if (given)
        return usageError(llvm::Twine(name) + " goes with --stats=FILE");
  } else {
    if (!fromStatsPath.empty())
      return usageError("--stats writes what --data shows: expected no "
                        "--from-stats");
    if (llvm::Error error = checkWritable(statsPath, {model, dataPath}))
      return error;
  }
  if (shardGiven() &&
      !(outputPath.empty() && plotPath.empty() && tablePath.empty()))
    return usageError("a shard gives statistics, no ranges: expected no -o, no "
                      "--table and no --plot");
  if (!tablePath.empty()) {
    format = interchange::findTableFormat(tableFormat);
    if (!format)
      return usageError(
          "unknown table format '" + tableFormat +
          "', expected one of: " + interchange::tableFormatNames());
    if (format->needsParameters && backendNames.empty())
      return usageError("the format '" + tableFormat +
                        "' holds scales and zero points: expected "
                        "--for=BACKEND");
    if (llvm::Error error = checkWritable(
            tablePath, {model, dataPath, statsPath, fromStatsPath, outputPath}))
      return error;
  }
  if (!plotPath.empty())
    if (llvm::Error error = OutputFolder::check(
            plotPath, {model, dataPath, statsPath, fromStatsPath}))
      return error;
  llvm::Expected<runtime::DatasetOptions> parsed =
      dataOptions(dataPath, /*evaluation=*/false);
  if (!parsed)
    return parsed.takeError();
  dataset = *parsed;
  dataset.skipBad = skipBad;
  llvm::Expected<std::vector<BackendAttr>> backends =
      backendsOfRun(session.context());
  if (!backends)
    return backends.takeError();
  if (backends->size() > 1)
    return usageError("ranges are for one backend, got --for=" + backendNames);
  if (llvm::Error error =
          rangeOptions(backends->empty() ? BackendAttr() : backends->front())
              .moveInto(calibrate))
    return error;
  options.threads = calibrate.threads;
  llvm::Expected<std::pair<unsigned, unsigned>> shard = shardOfRun();
  if (!shard)
    return shard.takeError();
  std::tie(options.shard, options.shards) = *shard;
  llvm::Expected<double> seconds = secondsBetweenSaves();
  if (!seconds)
    return seconds.takeError();
  options.saveSeconds = *seconds;
  options.perChannel = perChannel || calibrate.perChannel;
  options.preparation = runtime::describePreparation(dataset);
  if (outputPath.empty())
    return llvm::Error::success();
  if (llvm::Error error = checkProgramName(outputPath))
    return error;
  return checkWritable(outputPath, {model, dataPath, statsPath, fromStatsPath});
}

/// Takes what an earlier run left in the file of --stats.
llvm::Error Calibrate::resumeFrom(calibration::StatisticsFile &start) {
  if (!llvm::sys::fs::exists(statsPath))
    return llvm::Error::success();
  llvm::Expected<calibration::StatisticsFile> earlier =
      calibration::readStatistics(statsPath);
  if (!earlier)
    return earlier.takeError();
  auto fail = [&](const llvm::Twine &reason) {
    return llvm::createStringError("cannot go on with '" +
                                   statsPath.getValue() + "': " + reason);
  };
  bool hasChannels = false;
  for (const calibration::Statistics::Entry &entry : earlier->statistics) {
    hasChannels |= !entry.statistics.channels().empty();
    if (entry.statistics.collect() != calibration::Collect::Histogram)
      return fail("it has no histograms");
  }
  if (!earlier->sampleIndices().empty()) {
    if (hasChannels != options.perChannel)
      return fail(hasChannels
                      ? "it has statistics of channels, which go on with "
                        "--per-channel only"
                      : "it has no statistics of channels");
    bool hasVotes = earlier->hasVotes();
    if (hasVotes != (options.voteBatch != 0))
      return fail(hasVotes ? "it has votes for binary points, which go on with "
                             "method 'pot' only"
                           : "it has no votes for binary points, which method "
                             "'pot' needs of all samples");
  }
  // The earlier samples go first: whatever it has must fit the new ones.
  if (llvm::Error error = calibration::mergeStatistics(
          start, *earlier, [](StringRef message) { warn(message); }))
    return fail(toString(std::move(error)));
  // What could not be read is tried again, unless the batch in which it was
  // has voted without it.
  if (options.voteBatch <= 1)
    start.skipped.clear();
  return llvm::Error::success();
}

llvm::Error Calibrate::openData() {
  if (llvm::Error error = openCalibrationData(dataset, *module).moveInto(data))
    return error;
  if (skipBad) {
    options.bad = std::make_shared<runtime::BadSamples>();
    data = runtime::skipBadSamples(data, options.bad);
  }
  return llvm::Error::success();
}

llvm::Error Calibrate::collect() {
  if (!statsPath.empty())
    options.save = writeStatistics;
  Progress progress("calibrate");
  options.progress = progress.hook();
  if (failed(collectStatistics(*module, data, options, samples.file)))
    return reportedError();
  if (samples.file.skipped.empty())
    return llvm::Error::success();
  // Rank 0 knows the reasons of its own, and of this run.
  std::string first;
  if (options.bad)
    if (auto bad = options.bad->list(); !bad.empty())
      first = "; the first: " + bad.front().second;
  warn(llvm::Twine(samples.file.skipped.size()) + " of " +
       llvm::Twine(data->size()) +
       " samples could not be read and are left out" + first);
  return llvm::Error::success();
}

/// The second pass over the samples.
llvm::Error Calibrate::collectLinear() {
  samples.linear =
      wantedLinearHistograms(*module, samples.file.statistics, calibrate);
  Progress progress("second pass");
  CollectOptions second = options;
  second.progress = progress.hook();
  return failed(collectLinearHistograms(*module, data,
                                        samples.file.sampleIndices(), second,
                                        samples.linear))
             ? reportedError()
             : llvm::Error::success();
}

/// What rank 0 has of all ranks, for all.
llvm::Error Calibrate::shareStatistics() {
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  if (ranks->rank() == 0)
    calibration::printStatistics(samples.file, os);
  llvm::Expected<calibration::StatisticsFile> shared =
      calibration::parseStatistics(ranks->broadcast(os.str()), "rank 0");
  if (!shared)
    return shared.takeError();
  samples.file = std::move(*shared);
  return llvm::Error::success();
}

/// What each rank does on its own: all before the first sample.
llvm::Error Calibrate::prepare() {
  if (llvm::Error error = parseOptions())
    return error;
  llvm::Expected<OwningOpRef<ModuleOp>> loaded = loadModel(model, session);
  if (!loaded)
    return loaded.takeError();
  module = std::move(*loaded);
  if (failed(prepareForCalibration(*module)))
    return reportedError();
  if (llvm::Error error = checkTensorMethods(*module, calibrate))
    return error;
  needs = calibrationNeeds(*module, calibrate);
  isAuto = calibrate.method.method == calibration::MethodOptions::Method::Auto;
  if (!fromStatsPath.empty() && needs.linearHistograms && dataPath.empty())
    return usageError(
        "method 'kl' needs a second pass over the samples: expected "
        "--data=DATA beside --from-stats (or method 'kl-grid')");
  if (!fromStatsPath.empty() && !needs.linearHistograms && !isAuto &&
      !dataPath.empty())
    return usageError("expected --data=DATA or --from-stats=FILE, got both");
  // A file serves every method.
  options.collect =
      statsPath.empty() ? needs.collect : calibration::Collect::Histogram;
  options.voteBatch = needs.votes ? calibrate.voteBatch : 0;
  if (fromStatsPath.empty()) {
    if (llvm::Error error = openData())
      return error;
    samples.file = newStatistics(*module, options, data->size());
    return resume && ranks->rank() == 0 ? resumeFrom(samples.file)
                                        : llvm::Error::success();
  }
  if (llvm::Error error = readStatisticsOf(*module, model, fromStatsPath)
                              .moveInto(samples.file))
    return error;
  if (dataPath.empty())
    return llvm::Error::success();
  if (llvm::Error error = openData())
    return error;
  return checkSamples(samples.file, fromStatsPath, *data, options.preparation);
}

/// All ranks must have the same program and samples.
llvm::Error Calibrate::checkRanks() {
  const calibration::StatisticsFile &file = samples.file;
  std::string mine =
      llvm::formatv("program {0:x-} and {1} samples ({2})", file.modelHash,
                    file.totalSamples, file.preparation);
  llvm::Error error = llvm::Error::success();
  for (auto [rank, theirs] : llvm::enumerate(ranks->gather(mine)))
    if (theirs != mine && !error)
      error = llvm::createStringError("rank " + llvm::Twine(rank) + " has " +
                                      theirs + ", rank 0 has " + mine);
  std::vector<std::string> levels =
      ranks->gather(llvm::join(file.isaLevels, ", "));
  if (!llvm::all_equal(levels) && fromStatsPath.empty())
    warn("floats of different instruction sets are merged (" +
         llvm::join(levels, "; ") +
         "): a single run would give slightly different statistics");
  return agree(*ranks, std::move(error));
}

llvm::Error Calibrate::run() {
  std::string problem;
  // Until the process ends: mpirun kills the others as soon as one of them has
  // left with an error, and rank 0 has to print it.
  static std::unique_ptr<Communicator> all = createCommunicator(problem);
  if (!all)
    return llvm::createStringError(problem);
  ranks = all.get();
  // What all ranks have to say is said once.
  if (ranks->rank() != 0)
    if (!std::freopen("/dev/null", "w", stdout) ||
        !std::freopen("/dev/null", "w", stderr))
      return llvm::createStringError("cannot open '/dev/null'");
  options.communicator = ranks;
  if (llvm::Error error = agree(*ranks, prepare()))
    return error;
  if (llvm::Error error = checkRanks())
    return error;
  if (fromStatsPath.empty())
    if (llvm::Error error = collect())
      return error;
  if (needs.linearHistograms && !shardGiven()) {
    if (ranks->size() > 1)
      if (llvm::Error error = shareStatistics())
        return error;
    if (llvm::Error error = collectLinear())
      return error;
  }
  if (ranks->rank() != 0)
    return llvm::Error::success();
  if (shardGiven())
    return printSummary(statsPath, samples.file);
  if (isAuto && !dataPath.empty()) {
    Progress progress("try methods");
    if (failed(tryMethods(*module, data, calibrate, samples, progress.hook())))
      return reportedError();
  }
  std::vector<CalibratedTensor> table;
  if (failed(setRanges(*module, samples.file.statistics,
                       withBestMethod(calibrate, samples), &table,
                       &samples.linear)))
    return reportedError();
  if (!outputPath.empty())
    if (llvm::Error error = writeModel(outputPath, *module))
      return error;
  if (format)
    if (llvm::Error error = writeTable(*module, *format, session))
      return error;
  if (!plotPath.empty())
    if (llvm::Error error =
            plot(table, samples.file.statistics, calibrate.scheme))
      return error;
  // A program on the standard output is not to be mixed with a table.
  if (outputPath == "-")
    return llvm::Error::success();
  return print(table);
}

llvm::Error driver::runCalibrate() {
  if (!listMethods)
    return Calibrate().run();
  std::string text;
  llvm::raw_string_ostream os(text);
  calibration::printMethodDocs(os);
  return printOut(os.str());
}
