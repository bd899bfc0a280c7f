//===- Options.h - What the subcommands' options have in common -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_OPTIONS_H
#define HWQ_TOOLS_HWQ_OPTIONS_H

#include "hwq/Calibration/RangeMethod.h"
#include "hwq/Runtime/Dataset.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include <string>
#include <utility>

namespace hwq {
struct CalibrateOptions;
} // namespace hwq

namespace hwq::driver {

/// Exit codes of the driver.
enum ExitCode { Done = 0, BadInput = 1, BadUsage = 2, ContractNotMet = 3 };

/// The command line is wrong: exit code 2.
class UsageError : public llvm::ErrorInfo<UsageError> {
public:
  static char ID;
  explicit UsageError(const llvm::Twine &message) : message(message.str()) {}
  void log(llvm::raw_ostream &os) const override { os << message; }
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }

private:
  std::string message;
};
llvm::Error usageError(const llvm::Twine &message);

/// Diagnostics have said already what is wrong: exit code 1, nothing printed.
class ReportedError : public llvm::ErrorInfo<ReportedError> {
public:
  static char ID;
  void log(llvm::raw_ostream &os) const override { os << "see above"; }
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }
};
llvm::Error reportedError();

/// Outputs are right but not good enough: exit code 3.
class ContractError : public llvm::ErrorInfo<ContractError> {
public:
  static char ID;
  explicit ContractError(const llvm::Twine &message) : message(message.str()) {}
  void log(llvm::raw_ostream &os) const override { os << message; }
  std::error_code convertToErrorCode() const override {
    return llvm::inconvertibleErrorCode();
  }

private:
  std::string message;
};
llvm::Error contractError(const llvm::Twine &message);

extern llvm::cl::OptionCategory category;
extern llvm::cl::SubCommand importCommand, calibrateCommand, quantizeCommand,
    evalCommand, verifyCommand, mergeStatsCommand, inspectCommand, calcCommand,
    explainCommand, compareCommand, analyzeCommand, diffCommand, exportCommand;

llvm::Error runImport();
llvm::Error runCalibrate();
llvm::Error runQuantize();
llvm::Error runEval();
llvm::Error runVerify();
llvm::Error runMergeStats();
llvm::Error runInspect();
llvm::Error runExplain();
llvm::Error runExport();
llvm::Error runCompare();
llvm::Error runAnalyze();
llvm::Error runDiff();

/// Options. All in one file: an option can be registered only after its
/// subcommand, and static objects of other files have no order.
extern llvm::cl::list<std::string> inputFiles, verifyInputs, statsInputs;
extern llvm::cl::opt<std::string> tablePath, tableFormat, outputPath, dataPath,
    backendNames, backendFile, evalPath, metric, dumpPath, dumpTensors,
    statsPath, rangesPath, fromStatsPath, plotPath, explainTensor, skipPattern,
    overridePath, requirements, programIO, finalForm;
extern llvm::cl::opt<bool> jsonOutput, quiet, resume, perChannel, skipBad,
    listMethods, explainAll, explainMarkdown, suggestSkip, vectors, inputList,
    checkPlacement;

/// A limit of --require.
struct Requirement {
  enum class Measure { Drop, Agreement, Top1 } measure;
  /// At most, else at least.
  bool atMost;
  /// In points or percent.
  double limit;
  /// As it was written.
  std::string text;
};
llvm::Expected<std::vector<Requirement>> parseRequirements();

/// Checks --skip, --override, --io and --form.
llvm::Error checkCompileOptions();

/// The one MODEL of the command line.
llvm::Expected<std::string> modelPath();
/// Worker threads; 0 = one per core.
llvm::Expected<unsigned> threadCount();
/// The options of a data set at `path`; `evaluation` takes --eval-samples.
llvm::Expected<runtime::DatasetOptions> dataOptions(llvm::StringRef path,
                                                    bool evaluation);
llvm::Expected<calibration::MethodOptions> methodOptions();
/// Method, overrides and batch, as the options say.
llvm::Error setMethods(CalibrateOptions &options);
/// --method or --percentile.
bool methodGiven();
/// --samples was given.
bool samplesGiven();
/// i and n of --shard; 0 and 1 without it.
llvm::Expected<std::pair<unsigned, unsigned>> shardOfRun();
bool shardGiven();
llvm::Expected<double> secondsBetweenSaves();
/// An error where an option that names something was given without a name
/// (--eval=).
llvm::Error checkValues();
/// An error unless a required option was given.
llvm::Error require(const llvm::cl::opt<std::string> &option,
                    llvm::StringRef placeholder);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_OPTIONS_H
