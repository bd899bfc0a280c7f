//===- TableFormats.cpp - Formats of calibration tables ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Interchange/TableFormats.h"
#include "Formats.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

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
    {"openvino", "limits.xml", "OpenVINO's limits of FakeQuantize layers",
     fromParameters, readOpenVino, writeOpenVino, ".bin"},
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

static llvm::Expected<std::string> readFile(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return llvm::createStringError("cannot read '" + path +
                                   "': " + buffer.getError().message());
  return (*buffer)->getBuffer().str();
}

/// The file beside `path` that has the numbers.
static std::string dataPath(StringRef path, const TableFormat &format) {
  llvm::SmallString<128> data = path;
  llvm::sys::path::replace_extension(data, format.dataSuffix);
  return data.str().str();
}

llvm::Expected<CalibrationTable>
interchange::readTableFile(StringRef path, const TableFormat &format) {
  llvm::Expected<std::string> text = readFile(path);
  if (!text)
    return text.takeError();
  if (!format.dataSuffix.empty()) {
    llvm::Expected<std::string> data = readFile(dataPath(path, format));
    if (!data)
      return data.takeError();
    *text = StringRef(*text).split('\0').first.str() + '\0' + *data;
  }
  llvm::Expected<CalibrationTable> table = format.read(*text);
  if (!table)
    return llvm::createStringError(path + ": " + toString(table.takeError()));
  return table;
}

llvm::Error interchange::writeTableFile(
    StringRef path, StringRef text, const TableFormat &format,
    llvm::function_ref<llvm::Error(StringRef, StringRef)> write) {
  if (format.dataSuffix.empty())
    return write(path, text);
  std::string beside = dataPath(path, format);
  if (beside == path)
    return llvm::createStringError("'" + path + "' is where the format '" +
                                   format.name +
                                   "' has its numbers: expected a name with "
                                   "another ending");
  auto [first, second] = text.split('\0');
  if (llvm::Error error = write(beside, second))
    return error;
  return write(path, first);
}

llvm::Expected<const TableFormat *>
interchange::getTableFormat(StringRef name) {
  if (const TableFormat *found = findTableFormat(name))
    return found;
  return llvm::createStringError("unknown table format '" + name +
                                 "', expected one of: " + tableFormatNames());
}

llvm::Expected<CalibrationTable> interchange::readTable(StringRef text,
                                                        StringRef format) {
  llvm::Expected<const TableFormat *> found = getTableFormat(format);
  if (!found)
    return found.takeError();
  return (*found)->read(text);
}
