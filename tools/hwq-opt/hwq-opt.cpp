//===- hwq-opt.cpp - The passes of hwq as a program ----------- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Backend/BackendPrinter.h"
#include "hwq/Backend/BackendRegistry.h"
#include "hwq/InitAll.h"
#include "hwq/Pipelines/Passes.h"
#include "hwq/Runtime/AtomicFile.h"
#include "mlir/Dialect/Tosa/Transforms/Passes.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

namespace {
struct BackendFlags {
  llvm::cl::OptionCategory category{"Backends"};
  llvm::cl::opt<bool> list{"list-backends",
                           llvm::cl::desc("Print a table of the backends"),
                           llvm::cl::cat(category)};
  llvm::cl::opt<bool> listFields{
      "list-backend-fields",
      llvm::cl::desc("Print the fields of a backend descriptor"),
      llvm::cl::cat(category)};
  llvm::cl::opt<bool> docs{
      "print-backend-docs",
      llvm::cl::desc("Print the page on the backends (docs/backends.md)"),
      llvm::cl::cat(category)};
  llvm::cl::opt<std::string> print{
      "print-backend",
      llvm::cl::desc("Print the descriptor of a backend with all its fields"),
      llvm::cl::value_desc("NAME['{'key=value ...'}']"),
      llvm::cl::cat(category)};
  llvm::cl::list<std::string> files{
      "backend-file", llvm::cl::desc("Make the backend in a file known"),
      llvm::cl::value_desc("file"), llvm::cl::cat(category)};
};
} // namespace

/// Registers the files; then, if a flag asks for it, prints instead of
/// compiling.
static FailureOr<bool> handleBackendFlags(const BackendFlags &flags,
                                          raw_ostream &os) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  llvm::SourceMgr sourceMgr;
  SourceMgrDiagnosticHandler handler(sourceMgr, &context);
  auto emitError = [&] { return mlir::emitError(UnknownLoc::get(&context)); };
  for (const std::string &file : flags.files)
    if (failed(hwq::addBackendFile(&context, file, emitError)))
      return failure();
  if (flags.list || flags.docs) {
    SmallVector<hwq::BackendAttr> backends;
    for (const std::string &name : hwq::getBackendNames()) {
      FailureOr<hwq::BackendAttr> backend =
          hwq::lookupBackend(&context, name, emitError);
      if (failed(backend))
        return failure();
      backends.push_back(*backend);
    }
    if (flags.list)
      hwq::printBackendTable(os, backends);
    if (flags.docs)
      hwq::printBackendDocs(os, backends);
  }
  if (flags.listFields)
    hwq::printBackendFields(os);
  if (flags.print.getNumOccurrences()) {
    llvm::Expected<hwq::BackendSpec> spec =
        hwq::BackendSpec::parse(flags.print);
    if (!spec) {
      emitError() << llvm::toString(spec.takeError());
      return failure();
    }
    FailureOr<hwq::BackendAttr> backend =
        hwq::resolveBackend(&context, *spec, /*backendFile=*/"", emitError);
    if (failed(backend))
      return failure();
    hwq::printBackend(os, *backend);
  }
  return flags.list || flags.docs || flags.listFields ||
         flags.print.getNumOccurrences();
}

/// Errors without the program behind them, unless the flag asks for it.
static void hideOpsInDiagnostics() {
  auto &options = llvm::cl::getRegisteredOptions();
  auto it = options.find("mlir-print-op-on-diagnostic");
  if (it != options.end())
    static_cast<llvm::cl::opt<bool> *>(it->second)->setInitialValue(false);
}

/// mlir-opt's main function, but for the output: all or nothing, and it may be
/// the input.
static LogicalResult run(int argc, char **argv, const std::string &input,
                         const std::string &output, DialectRegistry &registry) {
  MlirOptMainConfig config = MlirOptMainConfig::createFromCLOptions();
  if (config.shouldShowDialects() || config.shouldListPasses())
    return MlirOptMain(argc, argv, input, output, registry);
  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile(input, &message);
  if (!buffer) {
    llvm::errs() << "error: " << message << '\n';
    return failure();
  }
  llvm::Error error = hwq::runtime::writeFileAtomically(
      output, [&](llvm::raw_pwrite_stream &os) -> llvm::Error {
        if (failed(MlirOptMain(os, std::move(buffer), registry, config)))
          return llvm::createStringError("");
        return llvm::Error::success();
      });
  if (!error)
    return success();
  message = llvm::toString(std::move(error));
  if (!message.empty())
    llvm::errs() << "error: " << message << '\n';
  return failure();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  DialectRegistry registry;
  hwq::registerAllDialects(registry);
  hwq::registerAllPasses();
  hwq::registerHWQDataPasses();
  registerTransformsPasses();
  tosa::registerTosaPasses();

  BackendFlags flags;
  registerMLIRContextCLOptions();
  hideOpsInDiagnostics();
  auto [input, output] = registerAndParseCLIOptions(
      argc, argv, "hwq quantization compiler\n", registry);
  FailureOr<bool> printed = handleBackendFlags(flags, llvm::outs());
  if (failed(printed))
    return EXIT_FAILURE;
  if (*printed) {
    // A full disk must not look like success.
    llvm::outs().flush();
    bool failedToWrite = llvm::outs().has_error();
    if (failedToWrite) {
      llvm::errs() << "error: cannot write: " << llvm::outs().error().message()
                   << '\n';
      llvm::outs().clear_error();
    }
    return failedToWrite ? EXIT_FAILURE : EXIT_SUCCESS;
  }
  return asMainReturnCode(run(argc, argv, input, output, registry));
}
