//===- Statistics.cpp - hwq merge-stats, hwq inspect ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Statistics.h"
#include "Console.h"
#include "Inspect.h"
#include "Model.h"
#include "Options.h"
#include "hwq/Runtime/AtomicFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace hwq;
using namespace hwq::driver;
using calibration::StatisticsFile;
using calibration::TensorStatistics;

static int64_t collectedSamples(const StatisticsFile &file) {
  return file.sampleIndices().size();
}

Error driver::printSummary(StringRef path, const StatisticsFile &file) {
  if (jsonOutput)
    return printJson(
        json::Object{{"stats", json::fixUTF8(path)},
                     {"samples", collectedSamples(file)},
                     {"total_samples", int64_t(file.totalSamples)},
                     {"tensors", int64_t(file.statistics.size())}});
  return printOut((path + ": " + Twine(collectedSamples(file)) + " of " +
                   Twine(file.totalSamples) + " samples, " +
                   Twine(file.statistics.size()) + " tensors\n")
                      .str());
}

Error driver::runMergeStats() {
  if (statsInputs.empty())
    return usageError("expected FILE..., statistics of hwq calibrate");
  if (Error error = require(outputPath, "FILE"))
    return error;
  std::vector<std::string> inputs(statsInputs.begin(), statsInputs.end());
  if (Error error = checkWritable(outputPath, inputs))
    return error;
  std::optional<StatisticsFile> merged;
  for (const std::string &input : inputs) {
    Expected<StatisticsFile> file = calibration::readStatistics(input);
    if (!file)
      return file.takeError();
    if (!merged) {
      merged = std::move(*file);
      continue;
    }
    if (Error error = calibration::mergeStatistics(
            *merged, *file, [](StringRef message) { warn(message); }))
      return createStringError("cannot merge '" + input +
                               "': " + toString(std::move(error)));
  }
  if (Error error =
          runtime::writeFileAtomically(outputPath, [&](raw_pwrite_stream &os) {
            calibration::printStatistics(*merged, os);
            return Error::success();
          }))
    return error;
  return outputPath == "-" ? Error::success()
                           : printSummary(outputPath, *merged);
}

//===----------------------------------------------------------------------===//
// hwq inspect
//===----------------------------------------------------------------------===//

static json::Object toJson(const TensorStatistics &s) {
  json::Object object{{"count", int64_t(s.count())},
                      {"zeros", int64_t(s.zeroCount())},
                      {"bad", int64_t(s.badCount())},
                      {"min", jsonNumber(s.min())},
                      {"max", jsonNumber(s.max())}};
  if (s.histogram()) {
    object["mean"] = jsonNumber(s.mean());
    object["deviation"] = jsonNumber(s.deviation());
  }
  if (!s.votes().empty()) {
    json::Object votes;
    for (auto [point, number] : s.votes())
      votes[std::to_string(point)] = int64_t(number);
    object["votes"] = std::move(votes);
  }
  if (!s.channels().empty()) {
    json::Array channels;
    for (const TensorStatistics &channel : s.channels())
      channels.push_back(toJson(channel));
    object["channels"] = std::move(channels);
  }
  return object;
}

static Error printFile(const StatisticsFile &file) {
  json::Array tensors, levels, skipped;
  for (const calibration::Statistics::Entry &entry : file.statistics) {
    json::Object row = toJson(entry.statistics);
    row["name"] = entry.name;
    tensors.push_back(std::move(row));
  }
  for (const std::string &level : file.isaLevels)
    levels.push_back(level);
  for (int64_t index : file.skipped)
    skipped.push_back(index);
  return printJson(
      json::Object{{"model", utohexstr(file.modelHash, /*LowerCase=*/true, 16)},
                   {"isa", std::move(levels)},
                   {"preparation", file.preparation},
                   {"samples", collectedSamples(file)},
                   {"total_samples", int64_t(file.totalSamples)},
                   {"skipped", std::move(skipped)},
                   {"tensors", std::move(tensors)}});
}

static Error printTable(const StatisticsFile &file) {
  std::string text;
  raw_string_ostream os(text);
  os << "model " << utohexstr(file.modelHash, /*LowerCase=*/true, 16)
     << ", floats of " << join(file.isaLevels, ", ") << ", "
     << collectedSamples(file) << " of " << file.totalSamples << " samples";
  if (!file.preparation.empty())
    os << " (" << file.preparation << ")";
  if (!file.skipped.empty())
    os << ", " << file.skipped.size() << " left out";
  os << "\n";
  Table table({"tensor", "values", "zeros", "min", "max", "mean", "deviation"});
  auto add = [&](const std::string &name, const TensorStatistics &s) {
    bool sums = s.histogram();
    table.add(
        {name, std::to_string(s.count()),
         s.empty() ? "-" : number("%.1f %%", 100.0 * s.zeroCount() / s.count()),
         number("%.6g", s.min()), number("%.6g", s.max()),
         sums ? number("%.6g", s.mean()) : "-",
         sums ? number("%.6g", s.deviation()) : "-"});
  };
  for (const calibration::Statistics::Entry &entry : file.statistics) {
    add(entry.name, entry.statistics);
    for (auto [c, channel] : enumerate(entry.statistics.channels()))
      add("  [" + std::to_string(c) + "]", channel);
  }
  table.print(os);
  return printOut(os.str());
}

Error driver::runInspect() {
  if (statsInputs.size() != 1)
    return usageError("expected one FILE, a program or statistics, got " +
                      Twine(statsInputs.size()));
  if (isProgramFile(statsInputs.front()))
    return inspectProgram(statsInputs.front());
  Expected<StatisticsFile> file =
      calibration::readStatistics(statsInputs.front());
  if (!file)
    return file.takeError();
  return jsonOutput ? printFile(*file) : printTable(*file);
}
