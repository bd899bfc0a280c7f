//===- Formats.h - Readers and writers of tables ----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One pair of functions per format, as in the rows of TableFormats.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_INTERCHANGE_TABLES_FORMATS_H
#define HWQ_LIB_INTERCHANGE_TABLES_FORMATS_H

#include "hwq/Interchange/TableFormats.h"

namespace hwq::interchange {

#define HWQ_TABLE(name)                                                        \
  llvm::Expected<CalibrationTable> read##name(llvm::StringRef text);           \
  llvm::Error write##name(const CalibrationTable &table, llvm::raw_ostream &os)

HWQ_TABLE(TensorRtCache);
HWQ_TABLE(DynamicRanges);
HWQ_TABLE(Amct);
HWQ_TABLE(Vitis);
HWQ_TABLE(TpuMlir);
HWQ_TABLE(TpuMlirModes);
HWQ_TABLE(Glow);
HWQ_TABLE(Ncnn);
HWQ_TABLE(Tengine);
HWQ_TABLE(Ppl);
HWQ_TABLE(Nnie);
HWQ_TABLE(OpenVino);
HWQ_TABLE(Json);

#undef HWQ_TABLE

/// Every version: the file says which.
llvm::Expected<CalibrationTable> readEncodings(llvm::StringRef text);
llvm::Error writeEncodings061(const CalibrationTable &table,
                              llvm::raw_ostream &os);
llvm::Error writeEncodings100(const CalibrationTable &table,
                              llvm::raw_ostream &os);
llvm::Error writeEncodings200(const CalibrationTable &table,
                              llvm::raw_ostream &os);

} // namespace hwq::interchange

#endif // HWQ_LIB_INTERCHANGE_TABLES_FORMATS_H
