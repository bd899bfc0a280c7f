//===- Model.cpp - Programs as files ----------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"
#include "Options.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/ImportQuantized.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Import/OnnxImporter.h"
#include "hwq/InitAll.h"
#include "hwq/Runtime/AtomicFile.h"
#include "hwq/Runtime/EvaluatableOpInterface.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;
namespace fs = llvm::sys::fs;

static StringRef severityName(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Note:
    return "note";
  case DiagnosticSeverity::Remark:
    return "remark";
  }
  return "";
}

static void printDiagnostic(Diagnostic &diagnostic) {
  // Where the program came from a file that a person wrote, say where.
  std::string where = "hwq";
  if (auto loc = diagnostic.getLocation()->findInstanceOf<FileLineColLoc>()) {
    where = loc.getFilename().str();
    if (loc.getLine())
      where += ":" + std::to_string(loc.getLine()) + ":" +
               std::to_string(loc.getColumn());
  }
  llvm::errs() << where << ": " << severityName(diagnostic.getSeverity())
               << ": " << diagnostic.str() << "\n";
  for (Diagnostic &note : diagnostic.getNotes())
    if (!isa<UnknownLoc>(note.getLocation()) &&
        !StringRef(note.str()).starts_with("see current operation"))
      printDiagnostic(note);
}

static DialectRegistry makeRegistry() {
  DialectRegistry registry;
  registerAllDialects(registry);
  runtime::registerEvaluatableModels(registry);
  return registry;
}

// The evaluator has threads of its own; MLIR's would only wait.
Session::Session()
    : mlirContext(makeRegistry(), MLIRContext::Threading::DISABLED) {
  mlirContext.loadAllAvailableDialects();
  mlirContext.printOpOnDiagnostic(false);
  mlirContext.getDiagEngine().registerHandler([](Diagnostic &diagnostic) {
    printDiagnostic(diagnostic);
    return success();
  });
}

Session::~Session() = default;

/// Names and other texts of a program go into JSON and XML.
static llvm::Error checkTexts(ModuleOp module, StringRef path) {
  std::string bad;
  module.walk([&](Operation *op) {
    op->getAttrDictionary().walk([&](StringAttr text) {
      if (bad.empty() && !llvm::json::isUTF8(text))
        bad = llvm::json::fixUTF8(text);
    });
  });
  if (bad.empty())
    return llvm::Error::success();
  return llvm::createStringError(
      "cannot read '" + path + "': expected names in UTF-8, got '" + bad + "'");
}

llvm::Expected<OwningOpRef<ModuleOp>> driver::loadModel(StringRef path,
                                                        Session &session) {
  fs::file_status status;
  if (std::error_code ec = fs::status(path, status))
    return llvm::createStringError(llvm::Twine("cannot read '") + path +
                                   "': " + ec.message());
  if (status.type() == fs::file_type::directory_file)
    return llvm::createStringError(llvm::Twine("cannot read '") + path +
                                   "': it is a folder");
  OwningOpRef<ModuleOp> module;
  if (path.ends_with(".onnx")) {
    module = importOnnx(path, session.context());
  } else if (path.ends_with(".mlir") || path.ends_with(".mlirbc")) {
    if (status.getSize() == 0)
      return llvm::createStringError(llvm::Twine("'") + path +
                                     "' is empty: expected a program");
    module = parseSourceFile<ModuleOp>(path, session.context());
  } else {
    return usageError("expected a model that ends in .onnx, .mlir or .mlirbc, "
                      "got '" +
                      path + "'");
  }
  if (!module)
    return reportedError();
  if (llvm::Error error = checkTexts(*module, path))
    return std::move(error);
  FailureOr<std::optional<Form>> form = getForm(*module);
  if (failed(form))
    return reportedError();
  if (!*form && hasQuantizedTypes(*module)) {
    PassManager passes(session.context(), ModuleOp::getOperationName());
    passes.addPass(createImportQuantizedPass());
    if (failed(passes.run(*module)))
      return reportedError();
  }
  return std::move(module);
}

llvm::Error driver::checkProgramName(StringRef path) {
  if (path == "-" || path.ends_with(".mlir") || path.ends_with(".mlirbc") ||
      path.starts_with("/dev/"))
    return llvm::Error::success();
  return usageError(
      "expected -o to end in .mlir (text) or .mlirbc (bytecode), got '" + path +
      "'");
}

/// Whether two paths name one file, which need not exist yet.
static bool isSameNewFile(StringRef a, StringRef b) {
  std::string x = runtime::followLinks(a), y = runtime::followLinks(b);
  auto folderOf = [](StringRef path) {
    StringRef folder = llvm::sys::path::parent_path(path);
    return folder.empty() ? StringRef(".") : folder;
  };
  return llvm::sys::path::filename(x) == llvm::sys::path::filename(y) &&
         fs::equivalent(folderOf(x), folderOf(y));
}

llvm::Error driver::checkWritable(StringRef path,
                                  ArrayRef<std::string> inputs) {
  if (path == "-" || path.starts_with("/dev/"))
    return llvm::Error::success();
  for (const std::string &input : inputs) {
    if (fs::equivalent(path, input))
      return usageError("'" + path + "' is an input: expected another output");
    if (!input.empty() && isSameNewFile(path, input))
      return usageError("'" + path + "' is given for two outputs");
  }
  std::string target = runtime::followLinks(path);
  StringRef folder = llvm::sys::path::parent_path(target);
  if (folder.empty())
    folder = ".";
  std::string what = ("cannot write '" + path + "': ").str();
  if (fs::is_directory(path))
    return llvm::createStringError(what + "it is a folder");
  if (!fs::is_directory(folder))
    return llvm::createStringError(llvm::Twine(what) + "there is no folder '" +
                                   folder + "'");
  if (std::error_code ec = fs::access(folder, fs::AccessMode::Write))
    return llvm::createStringError(what + ec.message());
  return llvm::Error::success();
}

llvm::Error driver::printModel(StringRef path, ModuleOp module,
                               llvm::raw_ostream &os) {
  if (path == "-" || path.ends_with(".mlir")) {
    module->print(os);
    os << "\n";
    return llvm::Error::success();
  }
  if (failed(writeBytecodeToFile(module, os)))
    return llvm::createStringError(llvm::Twine("cannot write '") + path +
                                   "' as bytecode");
  return llvm::Error::success();
}

llvm::Error driver::writeModel(StringRef path, ModuleOp module) {
  return runtime::writeFileAtomically(path, [&](llvm::raw_pwrite_stream &os) {
    return printModel(path, module, os);
  });
}
