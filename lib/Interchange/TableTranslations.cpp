//===- TableTranslations.cpp - Tables in mlir-translate ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Conversion/Passes.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Interchange/ProgramTable.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/SourceMgr.h"
#include <deque>

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;

/// Prints a file of a tool as a table of hwq's own.
static LogicalResult importTable(const TableFormat &format,
                                 llvm::SourceMgr &sources,
                                 llvm::raw_ostream &os, MLIRContext *context) {
  const llvm::MemoryBuffer *buffer =
      sources.getMemoryBuffer(sources.getMainFileID());
  StringRef name = buffer->getBufferIdentifier();
  Location loc = UnknownLoc::get(context);
  llvm::Expected<CalibrationTable> table =
      format.dataSuffix.empty() ? format.read(buffer->getBuffer())
                                : readTableFile(name, format);
  if (!table && format.dataSuffix.empty())
    return emitError(loc) << name << ": " << toString(table.takeError());
  if (!table)
    return emitError(loc) << toString(table.takeError());
  for (const std::string &warning : table->warnings)
    emitWarning(loc) << name << ": " << warning;
  if (llvm::Error error = findTableFormat("json")->write(*table, os))
    return emitError(loc) << name << ": " << toString(std::move(error));
  return success();
}

void interchange::registerTableTranslations() {
  // A translation keeps a reference to its description.
  static std::deque<std::string> descriptions;
  auto describe = [](const Twine &text) -> StringRef {
    return descriptions.emplace_back(text.str());
  };
  for (const TableFormat &format : getTableFormats()) {
    TranslateRegistration import(
        ("import-" + format.name).str(),
        describe("print a table as JSON: " + format.summary),
        [&format](const std::shared_ptr<llvm::SourceMgr> &sources,
                  llvm::raw_ostream &os, MLIRContext *context) {
          return importTable(format, *sources, os, context);
        });
    // What is two files goes to no stream.
    if (!format.dataSuffix.empty())
      continue;
    TranslateFromMLIRRegistration exports(
        ("export-" + format.name).str(),
        describe("export a program's table: " + format.summary),
        [&format](ModuleOp module, llvm::raw_ostream &os) -> LogicalResult {
          if (llvm::Error error = exportTable(module, format, os))
            return module.emitError() << toString(std::move(error));
          return success();
        },
        [](DialectRegistry &registry) {
          registry.insert<func::FuncDialect, tosa::TosaDialect,
                          quant::QuantDialect, QuantHWDialect>();
          registerTosaExternalModels(registry);
          registerTargetDialects(registry);
        });
  }
}
