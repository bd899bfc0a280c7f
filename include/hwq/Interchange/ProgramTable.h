//===- ProgramTable.h - Between tables and programs -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_INTERCHANGE_PROGRAMTABLE_H
#define HWQ_INTERCHANGE_PROGRAMTABLE_H

#include "hwq/Interchange/TableFormats.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace hwq::interchange {

/// What the table and the program had not in common.
struct TableCoverage {
  /// Names of the table that nothing in the program has, and observed tensors
  /// that the table says nothing on.
  std::vector<std::string> unknown, missing;
};

/// Gives the observed tensors of an observed or calibrated program what the
/// table says: a range, parameters, that it is made in float
/// (ObserverAttributes.h). Where a row has
/// a threshold, the range is [-threshold, threshold] if `symmetric`, or [0,
/// threshold] without negative values. Tensors without a row keep what they
/// have. The program is calibrated then, unless the table has no range at all.
///
/// A row's name is that of a tensor, or that with `:0`, or with `_` and the
/// kind of its ONNX op, behind it; or that of the ONNX node that makes it. A
/// layer goes by the name of its ONNX node, of its result, or of its weights
/// without ".weight". Rows of weights are checked: one scale, or one per output
/// channel.
///
/// Errors name the tensor and the line: a row per channel for a tensor, another
/// number of channels than the weights have, layers that disagree on a tensor
/// that both read; no tensor in common.
llvm::Expected<TableCoverage> applyTable(mlir::ModuleOp module,
                                         const CalibrationTable &table,
                                         llvm::StringRef format,
                                         bool symmetric);

/// Some row has a threshold, so that `symmetric` matters.
bool hasThresholds(const CalibrationTable &table);

/// What can be said on the tensors of a program: the ranges of a calibrated
/// one, scales and zero points of a compiled one (step 0 to target) for some
/// backend. Either may be null. Names of layers are those of the calibrated
/// program, where it is given; else a layer has the name of its result. Weights
/// without a name in the model (locations have it) have the result's and
/// ".weight".
CalibrationTable collectTable(mlir::ModuleOp calibrated,
                              mlir::ModuleOp compiled);

/// Writes the table of a program as above, calibrated or compiled. Errors: the
/// format needs scales and the program has ranges only.
llvm::Error exportTable(mlir::ModuleOp module, const TableFormat &format,
                        llvm::raw_ostream &os);

/// --import-<name> and --export-<name> of mlir-translate for every format. An
/// import prints the table as `json`.
void registerTableTranslations();

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_PROGRAMTABLE_H
