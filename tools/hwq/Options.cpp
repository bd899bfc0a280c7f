//===- Options.cpp - What the subcommands' options have in common -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "hwq/Interchange/TableFormats.h"
#include "hwq/Pipelines/Calibrate.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Regex.h"
#include <cmath>

using namespace llvm;
using namespace hwq;
using namespace hwq::driver;

char UsageError::ID = 0;
char ReportedError::ID = 0;
char ContractError::ID = 0;

Error driver::usageError(const Twine &message) {
  return make_error<UsageError>(message);
}
Error driver::reportedError() { return make_error<ReportedError>(); }
Error driver::contractError(const Twine &message) {
  return make_error<ContractError>(message);
}

cl::OptionCategory driver::category("hwq options");
cl::SubCommand driver::importCommand("import",
                                     "ONNX to a program of float form");
cl::SubCommand driver::calibrateCommand("calibrate",
                                        "find the range of every tensor");
cl::SubCommand
    driver::quantizeCommand("quantize",
                            "import, calibrate, compile, evaluate, report");
cl::SubCommand driver::evalCommand("eval", "execute a program of any form");
cl::SubCommand driver::verifyCommand(
    "verify", "compare every form with the one before, or two files");
cl::SubCommand driver::mergeStatsCommand("merge-stats",
                                         "merge statistics of calibration");
cl::SubCommand driver::inspectCommand("inspect",
                                      "print statistics of calibration");
cl::SubCommand driver::analyzeCommand(
    "analyze", "the error of every op, alone and together with those before");
cl::SubCommand driver::diffCommand(
    "diff", "what differs between two programs: parameters, and integers");
cl::SubCommand driver::compareCommand(
    "compare", "accuracy and cost for several backends, beside float");
cl::SubCommand driver::explainCommand(
    "explain", "the derivation of an op with its numbers, step by step");
cl::SubCommand driver::exportCommand(
    "export", "samples and every op's numbers as files for other tools");
cl::SubCommand
    driver::calcCommand("calc",
                        "the backends' arithmetic as a calculator (hwq calc "
                        "--list; hwq calc CALCULATOR --help)");

/// The names, from the table of methods.
static const char *methodHelp() {
  static const std::string text =
      "how ranges are chosen: " + join(calibration::methodNames(), ", ") +
      " (default min-max)";
  return text.c_str();
}

/// The names, from the table of formats.
static const char *tableFormatHelp() {
  static const std::string text =
      "of --table: " + interchange::tableFormatNames() + " (default tpumlir)";
  return text.c_str();
}

namespace {
using Str = cl::opt<std::string>;
using cl::desc;
using cl::sub;
using cl::value_desc;
} // namespace

// Commands that calibrate and compile one model.
#define HWQ_MODEL_COMMANDS                                                     \
  sub(quantizeCommand), sub(explainCommand), sub(compareCommand),              \
      sub(analyzeCommand)
#define HWQ_ONE_MODEL                                                          \
  sub(importCommand), sub(calibrateCommand), sub(evalCommand),                 \
      sub(exportCommand), HWQ_MODEL_COMMANDS, cl::cat(category)
#define HWQ_DATA                                                               \
  sub(calibrateCommand), sub(evalCommand), sub(verifyCommand),                 \
      sub(diffCommand), sub(exportCommand), HWQ_MODEL_COMMANDS,                \
      cl::cat(category)
#define HWQ_ALL HWQ_DATA, sub(importCommand)
#define HWQ_COMPILE sub(verifyCommand), HWQ_MODEL_COMMANDS, cl::cat(category)
#define HWQ_CALIBRATE sub(calibrateCommand), HWQ_COMPILE

cl::list<std::string> driver::inputFiles(cl::Positional, desc("MODEL"),
                                         HWQ_ONE_MODEL);
cl::list<std::string> driver::verifyInputs(cl::Positional,
                                           desc("(MODEL | A B)"),
                                           sub(verifyCommand), sub(diffCommand),
                                           cl::cat(category));
cl::list<std::string> driver::statsInputs(cl::Positional, desc("FILE..."),
                                          sub(mergeStatsCommand),
                                          sub(inspectCommand),
                                          cl::cat(category));
Str driver::outputPath("o", desc("output file (quantize, export: folder)"),
                       value_desc("path"), sub(importCommand),
                       sub(calibrateCommand), sub(quantizeCommand),
                       sub(mergeStatsCommand), sub(exportCommand),
                       cl::cat(category));
Str driver::dataPath("data", desc("samples: .npz, .npy or a folder of images"),
                     value_desc("path"), HWQ_DATA);
Str driver::backendNames("for",
                         desc("backend, with overrides in braces; several "
                              "separated by commas; 'all'"),
                         value_desc("backend[,...]"), sub(calibrateCommand),
                         HWQ_COMPILE);
Str driver::backendFile("backend-file",
                        desc("descriptor of a backend that is not built in"),
                        value_desc("path"), sub(calibrateCommand), HWQ_COMPILE);
cl::opt<bool> driver::jsonOutput("json", desc("print JSON instead of a table"),
                                 sub(calcCommand), sub(inspectCommand),
                                 HWQ_DATA);
cl::opt<bool> driver::quiet("quiet", desc("no progress"), HWQ_ALL);

Str driver::evalPath("eval",
                     desc("samples to evaluate (default: those of --data)"),
                     value_desc("path"), sub(quantizeCommand),
                     sub(compareCommand), sub(analyzeCommand),
                     cl::cat(category));
Str driver::metric("metric", desc("top1 (default)"), value_desc("name"),
                   cl::init("top1"), sub(evalCommand), cl::cat(category));
Str driver::dumpPath("dump", desc("write the outputs to an .npz"),
                     value_desc("out.npz"), sub(evalCommand),
                     cl::cat(category));
Str driver::dumpTensors("dump-tensors",
                        desc("write the named tensors that match to --dump, "
                             "integers with .scale and .zero_point"),
                        value_desc("regex"), sub(evalCommand),
                        cl::cat(category));

Str driver::statsPath("stats", desc("write all statistics to a file"),
                      value_desc("file.hwqstats"), sub(calibrateCommand),
                      cl::cat(category));
Str driver::fromStatsPath("from-stats",
                          desc("take statistics from a file, not from --data"),
                          value_desc("file.hwqstats"), sub(calibrateCommand),
                          cl::cat(category));
cl::opt<bool> driver::resume("resume",
                             desc("go on with what is in the file of --stats"),
                             sub(calibrateCommand), cl::cat(category));
Str driver::plotPath("plot",
                     desc("write a picture of each tensor's distribution, with "
                          "its range and those of other methods (SVG)"),
                     value_desc("folder"), sub(calibrateCommand),
                     cl::cat(category));
cl::opt<bool> driver::listMethods("list-methods",
                                  desc("print the methods and their options"),
                                  sub(calibrateCommand), cl::cat(category));
cl::opt<bool> driver::perChannel("per-channel",
                                 desc("statistics of each channel, too"),
                                 sub(calibrateCommand), cl::cat(category));
cl::opt<bool> driver::skipBad("skip-bad",
                              desc("leave out samples that cannot be read"),
                              sub(calibrateCommand), cl::cat(category));
static cl::list<std::string>
    tensorMethods("tensor-method",
                  desc("method of the tensors whose name matches; the first "
                       "that does holds"),
                  value_desc("regex=method"), HWQ_CALIBRATE);
static Str voteBatch("batch",
                     desc("for --method=pot: samples per vote (default 1)"),
                     value_desc("N"), sub(calibrateCommand), cl::cat(category));
static Str
    shard("shard",
          desc("only part i of n of the samples, i from 0 (for --stats)"),
          value_desc("i/n"), sub(calibrateCommand), cl::cat(category));
static Str saveEvery("save-every",
                     desc("seconds between two writes of --stats (default 10)"),
                     value_desc("seconds"), sub(calibrateCommand),
                     cl::cat(category));
Str driver::tablePath("table",
                      desc("what another tool says on ranges and scales, in "
                           "place of --data (calibrate: written)"),
                      value_desc("path"), HWQ_CALIBRATE);
Str driver::tableFormat("table-format", desc(tableFormatHelp()),
                        value_desc("name"), cl::init("tpumlir"), HWQ_CALIBRATE);
Str driver::rangesPath("stats",
                       desc("ranges from statistics of hwq calibrate, in place "
                            "of --data"),
                       value_desc("file.hwqstats"), HWQ_COMPILE);
Str driver::skipPattern("skip",
                        desc("ops that stay float: those whose result's name "
                             "matches somewhere"),
                        value_desc("regex"), HWQ_COMPILE);
Str driver::overridePath(
    "override", desc("JSON file with bits, symmetry, range, scale of tensors"),
    value_desc("path"), HWQ_COMPILE);
Str driver::requirements("require",
                         desc("limits, exit code 3 beyond them: drop<=0.5, "
                              "agreement>=97, top1>=90"),
                         value_desc("limit[,...]"), sub(quantizeCommand),
                         cl::cat(category));
Str driver::programIO("io",
                      desc("what the program takes and gives: float (default) "
                           "or int, codes"),
                      value_desc("float|int"), cl::init("float"),
                      sub(quantizeCommand), cl::cat(category));
Str driver::finalForm("form",
                      desc("target (default), or step0: quantize/dequantize "
                           "pairs around float ops"),
                      value_desc("target|step0"), cl::init("target"),
                      sub(quantizeCommand), cl::cat(category));
cl::opt<bool> driver::checkPlacement(
    "check",
    desc("compare the quantizers of a Q/DQ model with the backend's, no "
         "more; exit code 3 if they differ"),
    sub(quantizeCommand), cl::cat(category));
Str driver::explainTensor("tensor", desc("the op that makes this tensor"),
                          value_desc("name"), sub(explainCommand),
                          cl::cat(category));
cl::opt<bool> driver::suggestSkip("suggest-skip",
                                  desc("find ops that had better stay float"),
                                  sub(analyzeCommand), cl::cat(category));
cl::opt<bool> driver::explainAll("all", desc("every op"), sub(explainCommand),
                                 cl::cat(category));
cl::opt<bool> driver::explainMarkdown("markdown", desc("print Markdown"),
                                      sub(explainCommand), cl::cat(category));

cl::opt<bool> driver::vectors(
    "vectors",
    desc("what every op reads and makes, and its numbers, as raw and hex "
         "(--samples: 1)"),
    sub(exportCommand), cl::cat(category));
cl::opt<bool> driver::inputList("input-list",
                                desc("the samples as .raw files with SNPE's "
                                     "input_list.txt"),
                                sub(exportCommand), cl::cat(category));

static Str threads("threads", desc("worker threads (default: one per core)"),
                   value_desc("N"), HWQ_DATA);
static Str method("method", desc(methodHelp()),
                  value_desc("name[{option=value ...}]"), cl::init("min-max"),
                  HWQ_CALIBRATE);
static Str percentile("percentile",
                      desc("for --method=percentile (default 99.99)"),
                      value_desc("p"), HWQ_CALIBRATE);
static Str inputArray("input-array",
                      desc("array of the samples in an .npz (default x)"),
                      value_desc("name"), cl::init("x"), HWQ_DATA);
static Str labelArray("label-array",
                      desc("array of the labels in an .npz (default y)"),
                      value_desc("name"), cl::init("y"), HWQ_DATA);
static Str labelsFile("labels", desc("labels from a file"), value_desc("path"),
                      HWQ_DATA);
static Str labelOffset("label-offset", desc("added to every label"),
                       value_desc("N"), HWQ_DATA);
static Str samples("samples",
                   desc("the first N samples of --data (without it all; "
                        "calibration at most 500, at a fixed stride)"),
                   value_desc("N"), HWQ_DATA);
static Str evalSamples("eval-samples", desc("the first N samples to evaluate"),
                       value_desc("N"), sub(quantizeCommand), sub(evalCommand),
                       sub(compareCommand), sub(analyzeCommand),
                       cl::cat(category));
static Str resize("resize", desc("pixel data: shorter side, or HxW"),
                  value_desc("N|HxW"), HWQ_DATA);
static Str crop("crop", desc("pixel data: centre crop"), value_desc("HxW"),
                HWQ_DATA);
static Str color("color", desc("order of the model's channels (default rgb)"),
                 value_desc("rgb|bgr"), HWQ_DATA);
static Str mean("mean", desc("subtracted from pixels, in 0..255 units"),
                value_desc("a,b,c"), HWQ_DATA);
static Str stdDev("std", desc("pixels are divided by it, in 0..255 units"),
                  value_desc("a,b,c"), HWQ_DATA);
static cl::opt<bool> raw("raw", desc("feed pixels 0..255 as they are"),
                         HWQ_DATA);

/// A number option: its text, checked here so that the error is ours.
static Expected<int64_t> parseInteger(const Str &option, int64_t least) {
  int64_t value;
  if (StringRef(option.getValue()).getAsInteger(10, value) || value < least)
    return usageError("expected --" + option.ArgStr +
                      " to be a whole number, at least " + Twine(least) +
                      ", got '" + option.getValue() + "'");
  return value;
}

/// Turns an error of a parser of the runtime into one of usage.
template <typename T> static Expected<T> asUsage(Expected<T> value) {
  if (value)
    return value;
  return usageError(toString(value.takeError()));
}

static Error missing(const Str &option, StringRef placeholder) {
  StringRef dash = option.ArgStr.size() == 1 ? "-" : "--";
  StringRef equals = option.ArgStr.size() == 1 ? " " : "=";
  return usageError("expected " + dash + option.ArgStr + equals + placeholder);
}

Expected<std::string> driver::modelPath() {
  if (inputFiles.size() == 1)
    return inputFiles.front();
  return usageError("expected one MODEL (.onnx, .mlir or .mlirbc), got " +
                    Twine(inputFiles.size()));
}

Expected<unsigned> driver::threadCount() {
  if (threads.getNumOccurrences() == 0)
    return 0u;
  Expected<int64_t> count = parseInteger(threads, 1);
  if (!count)
    return count.takeError();
  if (*count > 1024)
    return usageError("expected --threads to be at most 1024, got " +
                      Twine(*count));
  return static_cast<unsigned>(*count);
}

Expected<std::pair<unsigned, unsigned>> driver::shardOfRun() {
  if (shard.getNumOccurrences() == 0)
    return std::pair(0u, 1u);
  auto [index, count] = StringRef(shard.getValue()).split('/');
  unsigned i, n;
  if (index.getAsInteger(10, i) || count.getAsInteger(10, n) || i >= n)
    return usageError("expected --shard=i/n with 0 <= i < n, got '" +
                      shard.getValue() + "'");
  return std::pair(i, n);
}

bool driver::shardGiven() { return shard.getNumOccurrences() > 0; }

Expected<double> driver::secondsBetweenSaves() {
  if (saveEvery.getNumOccurrences() == 0)
    return 10.0;
  double seconds;
  if (StringRef(saveEvery.getValue()).getAsDouble(seconds) ||
      !(seconds >= 0 && seconds <= 1e9))
    return usageError("expected --save-every to be a number of seconds, got '" +
                      saveEvery.getValue() + "'");
  if (statsPath.empty())
    return usageError("--save-every goes with --stats=FILE");
  return seconds;
}

bool driver::samplesGiven() { return samples.getNumOccurrences() > 0; }

Expected<runtime::DatasetOptions> driver::dataOptions(StringRef path,
                                                      bool evaluation) {
  runtime::DatasetOptions options;
  options.path = path.str();
  auto set = [&](const cl::Option &option, StringRef name,
                 StringRef value) -> Error {
    if (option.getNumOccurrences() == 0)
      return Error::success();
    if (Error error = runtime::setDatasetOption(options, name, value,
                                                ("--" + option.ArgStr).str()))
      return usageError(toString(std::move(error)));
    return Error::success();
  };
  const Str &count = evaluation ? evalSamples : samples;
  for (const Str *option : {&inputArray, &labelArray, &labelsFile, &labelOffset,
                            &resize, &crop, &color, &mean, &stdDev})
    if (Error error = set(*option, option->ArgStr, option->getValue()))
      return std::move(error);
  if (Error error = set(count, "samples", count.getValue()))
    return std::move(error);
  if (Error error = set(raw, "raw", raw ? "true" : "false"))
    return std::move(error);
  if (raw && options.preprocess.normalizes())
    return usageError("--raw excludes --mean and --std");
  return options;
}

Expected<calibration::MethodOptions> driver::methodOptions() {
  return asUsage(calibration::parseMethodOptions(method, percentile, "--"));
}

bool driver::methodGiven() {
  return method.getNumOccurrences() > 0 || percentile.getNumOccurrences() > 0;
}

Error driver::setMethods(CalibrateOptions &options) {
  if (Error error = methodOptions().moveInto(options.method))
    return error;
  for (const std::string &text : tensorMethods) {
    Expected<TensorMethod> parsed = parseTensorMethod(text);
    if (!parsed)
      return usageError("--tensor-method: " + toString(parsed.takeError()));
    options.overrides.push_back(*parsed);
  }
  if (voteBatch.getNumOccurrences() == 0)
    return Error::success();
  return parseInteger(voteBatch, 1).moveInto(options.voteBatch);
}

Expected<std::vector<Requirement>> driver::parseRequirements() {
  std::vector<Requirement> result;
  SmallVector<StringRef> parts;
  StringRef(requirements).split(parts, ',', -1, /*KeepEmpty=*/false);
  for (StringRef part : parts) {
    part = part.trim();
    auto [name, rest] = part.split(part.contains("<=") ? "<=" : ">=");
    Requirement r;
    r.text = part.str();
    r.atMost = part.contains("<=");
    bool known = true;
    if (name.trim() == "drop")
      r.measure = Requirement::Measure::Drop;
    else if (name.trim() == "agreement")
      r.measure = Requirement::Measure::Agreement;
    else if (name.trim() == "top1")
      r.measure = Requirement::Measure::Top1;
    else
      known = false;
    bool isDrop = known && r.measure == Requirement::Measure::Drop;
    if (!known || rest.trim().getAsDouble(r.limit) || isDrop != r.atMost ||
        !std::isfinite(r.limit))
      return usageError("--require: expected drop<=POINTS, agreement>=PERCENT "
                        "or top1>=PERCENT, got '" +
                        part + "'");
    result.push_back(std::move(r));
  }
  return std::move(result);
}

Error driver::checkCompileOptions() {
  std::string why;
  if (!skipPattern.empty() && !Regex(skipPattern).isValid(why))
    return usageError("--skip='" + skipPattern + "': " + why);
  if (programIO != "float" && programIO != "int")
    return usageError("expected --io=float or --io=int, got '" + programIO +
                      "'");
  if (finalForm != "target" && finalForm != "step0")
    return usageError("expected --form=target or --form=step0, got '" +
                      finalForm + "'");
  if (finalForm == "step0" && programIO == "int")
    return usageError("--form=step0 computes in float: expected no --io=int");
  return Error::success();
}

Error driver::checkValues() {
  for (const Str *option :
       {&dataPath,      &outputPath,   &evalPath,      &dumpPath,
        &dumpTensors,   &backendNames, &backendFile,   &labelsFile,
        &inputArray,    &statsPath,    &fromStatsPath, &plotPath,
        &explainTensor, &skipPattern,  &overridePath,  &requirements,
        &programIO,     &finalForm,    &tablePath,     &tableFormat,
        &rangesPath})
    if (option->getNumOccurrences() && option->getValue().empty())
      return missing(*option, option->ValueStr);
  return Error::success();
}

Error driver::require(const Str &option, StringRef placeholder) {
  if (!option.getValue().empty())
    return Error::success();
  return missing(option, placeholder);
}
