//===- CalibrationTable.h - Ranges that another tool has found --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_INTERCHANGE_CALIBRATIONTABLE_H
#define HWQ_INTERCHANGE_CALIBRATIONTABLE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace hwq::interchange {

/// One tensor of a table: the range its values had, and the symmetric one,
/// [-threshold, threshold], that the tool chose.
struct TableEntry {
  std::string name;
  double threshold = 0, min = 0, max = 0;
};

struct CalibrationTable {
  std::vector<TableEntry> entries;
};

/// The formats by name, for help and errors.
llvm::ArrayRef<llvm::StringLiteral> getTableFormats();

/// Reads a table. Errors name the line (counted from 1) or the format.
///   tpumlir  lines `name threshold min max` after `#` lines; `inf` is 6.5e4;
///            sections of other things (`#weight_scale`, `#int4_th`,
///            `#tpu-mlir-fp8`, `#mqbench-fp8`, `asym_op`, `int4_op` in the `#`
///            line) are passed over, any other `#` line ends them.
llvm::Expected<CalibrationTable> parseCalibrationTable(llvm::StringRef text,
                                                       llvm::StringRef format);

/// What the table and the program had not in common.
struct TableCoverage {
  /// Tensors of the table that the program has not, and of the program that the
  /// table has not.
  std::vector<std::string> unknown, missing;
};

/// Gives the observed tensors of an observed or calibrated program the table's
/// ranges: [-threshold, threshold] where `symmetric`, or [0, threshold] without
/// negative values, else [min, max]. A name of the table may be that of the
/// tensor, or that with `_` and the kind of its ONNX op behind it. A tensor
/// without an entry keeps its range. The program is then calibrated. Errors: a
/// range that is none, no tensor in common.
llvm::Expected<TableCoverage> applyCalibrationTable(mlir::ModuleOp module,
                                                    const CalibrationTable &table,
                                                    llvm::StringRef format,
                                                    bool symmetric);

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_CALIBRATIONTABLE_H
