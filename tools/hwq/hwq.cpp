//===- hwq.cpp - The driver -------------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Calc.h"
#include "Options.h"
#include "Provenance.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace hwq::driver;

static constexpr StringLiteral overview =
    "hwq compiles a float network into the integer program that one piece of\n"
    "inference hardware executes.\n\n"
    "  hwq quantize  MODEL --for=BACKEND --data=DATA [--eval=DATA] -o DIR\n"
    "  hwq import    MODEL.onnx -o model.mlirbc\n"
    "  hwq calibrate MODEL --data=DATA [--stats=FILE] [-o calibrated.mlirbc]\n"
    "  hwq merge-stats FILE... -o FILE\n"
    "  hwq inspect   FILE\n"
    "  hwq diff      A.mlirbc B.mlirbc [--data=DATA]\n"
    "  hwq eval      MODEL --data=DATA [--dump=out.npz]\n"
    "  hwq verify    (MODEL --for=BACKEND | A.mlirbc B.mlirbc) --data=DATA\n"
    "  hwq compare   MODEL --for=all --data=DATA --eval=DATA\n"
    "  hwq analyze   MODEL --for=BACKEND --data=DATA [--suggest-skip]\n"
    "  hwq explain   MODEL --for=BACKEND --data=DATA (--tensor=NAME | --all)\n"
    "  hwq export    MODEL --vectors --data=DATA -o DIR\n"
    "  hwq calc      CALCULATOR OPTIONS [-- NUMBERS]\n\n"
    "MODEL is .onnx, .mlir or .mlirbc; DATA is .npz, .npy or a folder of\n"
    "images. Exit codes: 0 done, 1 bad input, 2 usage, 3 contract not met.\n";

static const struct {
  cl::SubCommand *command;
  Error (*run)();
} commands[] = {
    {&importCommand, runImport},     {&calibrateCommand, runCalibrate},
    {&quantizeCommand, runQuantize}, {&evalCommand, runEval},
    {&verifyCommand, runVerify},     {&mergeStatsCommand, runMergeStats},
    {&inspectCommand, runInspect},   {&compareCommand, runCompare},
    {&analyzeCommand, runAnalyze},   {&diffCommand, runDiff},
    {&explainCommand, runExplain},   {&exportCommand, runExport},
    {&calcCommand, runCalc}};

/// Prints an error as "hwq: error: ...", and says which exit code it means.
static int report(Error error) {
  int code = Done;
  auto print = [&](const ErrorInfoBase &info, ExitCode exitCode) {
    errs() << "hwq: error: " << info.message() << "\n";
    code = exitCode;
  };
  handleAllErrors(
      std::move(error), [&](const ReportedError &) { code = BadInput; },
      [&](const UsageError &e) { print(e, BadUsage); },
      [&](const ContractError &e) { print(e, ContractNotMet); },
      [&](const ErrorInfoBase &e) { print(e, BadInput); });
  return code;
}

/// Prints the first of the option parser's messages as an error of ours, and
/// what it thinks was meant; the others mostly follow from the first.
static void printUsageError(StringRef messages, StringRef program,
                            bool commandGiven) {
  auto next = [&] {
    auto [line, rest] = messages.split('\n');
    messages = rest;
    line.consume_front(sys::path::filename(program));
    line.consume_front(":");
    return line.take_front(line.find(".  Try:")).trim();
  };
  // What is wrong with a value the parser has printed itself.
  if (messages.empty())
    return;
  StringRef line = next();
  if (line.consume_front("Unknown subcommand ")) {
    errs() << "hwq: error: unknown command " << line << "\n";
  } else if (line.consume_front("Unknown command line argument ")) {
    errs() << "hwq: error: unknown option " << line;
    if (!commandGiven) {
      errs() << " (options follow the command)\n";
      return;
    }
    // "'-5'" of a calculator.
    if (line.size() > 2 && isDigit(line[2])) {
      errs() << " (numbers follow '--')\n";
      return;
    }
    errs() << "\n";
  } else {
    errs() << "hwq: error: " << line << "\n";
  }
  line = next();
  if (line.consume_front("Did you mean "))
    errs() << "hwq: note: did you mean " << line.rtrim('?') << "?\n";
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  setCommandLine(argc, argv);
  cl::SetVersionPrinter([](raw_ostream &os) { os << "hwq " HWQ_VERSION "\n"; });
  registerCalcOptions();
  for (const auto &entry : commands)
    cl::HideUnrelatedOptions(category, *entry.command);
  cl::HideUnrelatedOptions(category);
  if (printCalcHelp(ArrayRef(argv, argc)))
    return Done;
  std::string messages;
  raw_string_ostream os(messages);
  if (!cl::ParseCommandLineOptions(argc, argv, overview, &os)) {
    printUsageError(messages, argv[0], any_of(commands, [](const auto &entry) {
                      return bool(*entry.command);
                    }));
    return BadUsage;
  }
  if (Error error = checkValues())
    return report(std::move(error));
  for (const auto &entry : commands)
    if (*entry.command)
      return report(entry.run());
  errs() << "hwq: error: expected a command: quantize, import, calibrate, "
            "merge-stats, inspect, eval, verify, diff, compare, analyze, "
            "explain, export or calc (hwq --help)\n";
  return BadUsage;
}
