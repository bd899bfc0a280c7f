//===- ImportCalibrationPass.cpp - Ranges from another tool's table -------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Interchange/ProgramTable.h"
#include "hwq/Pipelines/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

namespace hwq {
#define GEN_PASS_DEF_IMPORTCALIBRATIONPASS
#include "hwq/Pipelines/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

namespace {
struct ImportCalibration
    : hwq::impl::ImportCalibrationPassBase<ImportCalibration> {
  using ImportCalibrationPassBase::ImportCalibrationPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, {Form::Observed, Form::Calibrated},
                         getArgument())))
      return signalPassFailure();
    if (llvm::Error error = run(module)) {
      module.emitError() << "'" << getArgument()
                         << "': " << llvm::toString(std::move(error));
      signalPassFailure();
    }
  }

  llvm::Error run(ModuleOp module) {
    if (table.empty())
      return llvm::createStringError("expected a file in the option 'table'");
    llvm::Expected<const interchange::TableFormat *> found =
        interchange::getTableFormat(format);
    if (!found)
      return found.takeError();
    llvm::Expected<interchange::CalibrationTable> parsed =
        interchange::readTableFile(table, **found);
    if (!parsed)
      return parsed.takeError();
    for (const std::string &warning : parsed->warnings)
      module.emitWarning() << table.getValue() << ": " << warning;
    llvm::Expected<interchange::TableCoverage> coverage =
        interchange::applyTable(module, *parsed, format, symmetric);
    if (!coverage)
      return llvm::createStringError(table.getValue() + ": " +
                                     toString(coverage.takeError()));
    if (!coverage->unknown.empty())
      module.emitWarning() << table.getValue() << ": the program has no tensor "
                           << llvm::join(coverage->unknown, ", ");
    return llvm::Error::success();
  }
};
} // namespace
