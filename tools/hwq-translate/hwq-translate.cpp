//===- hwq-translate.cpp - Between MLIR and other formats -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Import/OnnxImporter.h"
#include "hwq/Interchange/ModelFormats.h"
#include "hwq/Interchange/ProgramTable.h"
#include "hwq/Runtime/AtomicFile.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

/// mlir-translate's main function, but for the output: all or nothing, and it
/// may be the input.
int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  hwq::registerOnnxTranslation();
  hwq::interchange::registerModelExports();
  hwq::interchange::registerTableTranslations();
  registerAsmPrinterCLOptions();
  registerMLIRContextCLOptions();
  registerTranslationCLOptions();
  llvm::cl::opt<const Translation *, false, TranslationParser> translation(
      "", llvm::cl::desc("Translation to perform"), llvm::cl::Required);
  llvm::cl::opt<std::string> input(llvm::cl::Positional,
                                   llvm::cl::desc("<input file>"),
                                   llvm::cl::init("-"));
  llvm::cl::opt<std::string> output("o", llvm::cl::desc("Output file"),
                                    llvm::cl::value_desc("file"),
                                    llvm::cl::init("-"));
  llvm::cl::ParseCommandLineOptions(
      argc, argv, "hwq: import and export of network formats\n");

  std::string message;
  std::unique_ptr<llvm::MemoryBuffer> buffer = openInputFile(input, &message);
  if (!buffer) {
    llvm::errs() << "error: " << message << '\n';
    return EXIT_FAILURE;
  }
  auto sourceMgr = std::make_shared<llvm::SourceMgr>();
  sourceMgr->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.printOpOnDiagnostic(false);
  SourceMgrDiagnosticHandler handler(*sourceMgr, &context);
  llvm::Error error = hwq::runtime::writeFileAtomically(
      output, [&](llvm::raw_pwrite_stream &os) -> llvm::Error {
        if (failed((*translation.getValue())(sourceMgr, os, &context)))
          return llvm::createStringError("");
        return llvm::Error::success();
      });
  if (!error)
    return EXIT_SUCCESS;
  message = llvm::toString(std::move(error));
  if (!message.empty())
    llvm::errs() << "error: " << message << '\n';
  return EXIT_FAILURE;
}
