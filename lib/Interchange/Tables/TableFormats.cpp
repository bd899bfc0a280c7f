//===- TableFormats.cpp - Formats of calibration tables ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Interchange/TableFormats.h"
#include "Formats.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace hwq;
using namespace hwq::interchange;
using llvm::StringRef;

static constexpr bool fromRanges = false, fromParameters = true;

static constexpr TableFormat tableFormats[] = {
    {"tensorrt", "calibration.cache", "TensorRT's calibration cache: scales",
     fromRanges, readTensorRtCache, writeTensorRtCache},
    {"tensorrt-ranges", "per_tensor_dynamic_range.txt",
     "TensorRT's dynamic ranges", fromRanges, readDynamicRanges,
     writeDynamicRanges},
    {"encodings-0.6.1", "encodings-0.6.1.json",
     "AIMET, SNPE and QNN encodings, maps of tensors", fromRanges,
     readEncodings, writeEncodings061},
    {"encodings-1.0.0", "encodings.json",
     "AIMET, SNPE and QNN encodings, lists of tensors", fromParameters,
     readEncodings, writeEncodings100},
    {"encodings-2.0.0", "encodings-2.0.0.json",
     "AIMET and QNN encodings in ONNX's words", fromParameters, readEncodings,
     writeEncodings200},
    {"amct", "record.txt", "Ascend AMCT's record of layers", fromParameters,
     readAmct, writeAmct},
    {"vitis", "quant_info.json", "Vitis AI's fix positions", fromParameters,
     readVitis, writeVitis},
    {"tpumlir", "calibration_table.txt", "TPU-MLIR's thresholds and ranges",
     fromRanges, readTpuMlir, writeTpuMlir},
    {"tpumlir-qtable", "qtable.txt", "TPU-MLIR's modes: what stays float",
     fromRanges, readTpuMlirModes, writeTpuMlirModes},
    {"glow", "profile.yaml", "Glow's profile of ranges", fromRanges, readGlow,
     writeGlow},
    {"ncnn", "ncnn.table", "ncnn's scales of layers", fromParameters, readNcnn,
     writeNcnn},
    {"tengine", "tengine.scale", "Tengine's scales and zero points",
     fromParameters, readTengine, writeTengine},
    {"ppl", "ppl.json", "PPL's steps and zero points", fromParameters, readPpl,
     writePpl},
    {"ppl-cuda", "ppl-cuda.txt", "PPL's ranges for CUDA", fromRanges,
     readDynamicRanges, writeDynamicRanges},
    {"nnie", "gfpq_param_dict.json", "NNIE's magnitudes of layer inputs",
     fromRanges, readNnie, writeNnie},
    {"json", "table.json", "everything, in hwq's own words", fromRanges,
     readJson, writeJson},
};

llvm::ArrayRef<TableFormat> interchange::getTableFormats() {
  return tableFormats;
}

const TableFormat *interchange::findTableFormat(StringRef name) {
  for (const TableFormat &format : tableFormats)
    if (format.name == name)
      return &format;
  return nullptr;
}

std::string interchange::tableFormatNames() {
  return llvm::join(
      llvm::map_range(tableFormats, [](auto &format) { return format.name; }),
      ", ");
}

llvm::Expected<CalibrationTable> interchange::readTable(StringRef text,
                                                        StringRef format) {
  if (const TableFormat *found = findTableFormat(format))
    return found->read(text);
  return llvm::createStringError("unknown table format '" + format +
                                 "', expected one of: " + tableFormatNames());
}
