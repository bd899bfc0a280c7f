//===- Amct.cpp - Record files of Ascend's AMCT -----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "TableBuilder.h"
#include "amct.pb.h"
#include "llvm/ADT/MapVector.h"
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>
#include <limits>

using namespace hwq;
using namespace hwq::interchange;
using google::protobuf::TextFormat;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;
using llvm::Twine;

namespace {
/// Keeps the first error; what the parser does not know is a warning.
class Collector : public google::protobuf::io::ErrorCollector {
public:
  explicit Collector(TableBuilder &builder) : builder(builder) {}
  void AddError(int line, int, const std::string &message) override {
    if (first.empty())
      first = message;
    if (firstLine < 0)
      firstLine = line;
  }
  void AddWarning(int line, int, const std::string &message) override {
    builder.warn(static_cast<size_t>(line) + 1, message);
  }
  Error take() const {
    return lineError(static_cast<size_t>(std::max(firstLine, 0)) + 1,
                     "no AMCT record: " + first);
  }

private:
  TableBuilder &builder;
  std::string first;
  int firstLine = -1;
};
} // namespace

static Error checkScale(size_t line, StringRef name, float scale) {
  constexpr float least = std::numeric_limits<float>::epsilon();
  if (scale >= least && scale <= 1 / least)
    return Error::success();
  return entryError(line, name,
                    "expected a scale in [2^-23, 2^23], got " +
                        printNumber(static_cast<double>(scale)));
}

/// 'INT8' and so on; 8 without a type.
static Expected<unsigned> readBits(size_t line, StringRef name, bool given,
                                   StringRef type) {
  unsigned bits = 8;
  StringRef rest = type;
  if (!given || (rest.consume_front("INT") && !rest.getAsInteger(10, bits) &&
                 bits >= 2 && bits <= 32))
    return bits;
  return entryError(line, name,
                    "expected a type like INT8, got '" + type + "'");
}

static Error addRecord(const hwq::amct::Record &record, size_t line,
                       TableBuilder &builder) {
  StringRef name = record.key();
  if (!record.has_key())
    return lineError(line, "expected a record with 'key'");
  const hwq::amct::Layer &layer = record.value();
  if (layer.has_scale_d()) {
    if (Error error = checkScale(line, name, layer.scale_d()))
      return error;
    Expected<unsigned> bits =
        readBits(line, name, layer.has_act_type(), layer.act_type());
    if (!bits)
      return bits.takeError();
    TableEntry entry;
    entry.kind = TableName::LayerInput;
    entry.name = name.str();
    entry.line = line;
    entry.parameters = TableParameters{
        {static_cast<double>(layer.scale_d())}, {layer.offset_d()}, *bits};
    if (Error error = builder.add(std::move(entry)))
      return error;
  } else if (layer.has_offset_d()) {
    return entryError(line, name, "expected 'scale_d' beside 'offset_d'");
  }
  if (layer.scale_w_size() == 0 && layer.offset_w_size() == 0)
    return Error::success();
  if (layer.scale_w_size() != layer.offset_w_size())
    return entryError(line, name,
                      "expected as many 'offset_w' as 'scale_w' (" +
                          Twine(layer.scale_w_size()) + "), got " +
                          Twine(layer.offset_w_size()));
  Expected<unsigned> bits =
      readBits(line, name, layer.has_wts_type(), layer.wts_type());
  if (!bits)
    return bits.takeError();
  TableEntry entry;
  entry.kind = TableName::LayerWeights;
  entry.name = name.str();
  entry.line = line;
  TableParameters &p = entry.parameters.emplace();
  p.bits = *bits;
  p.perChannel = layer.scale_w_size() > 1;
  for (float scale : layer.scale_w()) {
    if (Error error = checkScale(line, name, scale))
      return error;
    p.scales.push_back(static_cast<double>(scale));
  }
  for (int32_t offset : layer.offset_w()) {
    if (offset != 0)
      return entryError(line, name,
                        "expected 'offset_w' to be 0, got " + Twine(offset));
    p.zeroPoints.push_back(offset);
  }
  return builder.add(std::move(entry));
}

Expected<CalibrationTable> interchange::readAmct(StringRef text) {
  if (text.size() > size_t(std::numeric_limits<int>::max()))
    return llvm::createStringError("expected a file of at most 2 GiB");
  TableBuilder builder;
  Collector collector(builder);
  TextFormat::ParseInfoTree places;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.WriteLocationsTo(&places);
  parser.AllowUnknownField(true);
  parser.SetRecursionLimit(16);
  hwq::amct::Records records;
  if (!parser.ParseFromString(text.str(), &records))
    return collector.take();
  const auto *field =
      hwq::amct::Records::descriptor()->FindFieldByName("record");
  for (int i = 0; i < records.record_size(); ++i) {
    size_t line = static_cast<size_t>(places.GetLocation(field, i).line + 1);
    if (Error error = addRecord(records.record(i), line, builder))
      return std::move(error);
  }
  return builder.take();
}

Error interchange::writeAmct(const CalibrationTable &table,
                             llvm::raw_ostream &os) {
  llvm::MapVector<StringRef, hwq::amct::Layer> layers;
  for (const TableEntry &entry : table.entries) {
    bool isInput = entry.kind == TableName::LayerInput && entry.operand == 0;
    if ((!isInput && entry.kind != TableName::LayerWeights) ||
        !entry.parameters || !entry.parameters->isSigned)
      continue;
    const TableParameters &p = *entry.parameters;
    std::string type = "INT" + std::to_string(p.bits);
    hwq::amct::Layer &layer = layers[entry.name];
    if (isInput) {
      layer.set_scale_d(static_cast<float>(p.scales.front()));
      layer.set_offset_d(static_cast<int32_t>(p.zeroPoints.front()));
      layer.set_act_type(type);
      continue;
    }
    for (auto [scale, zeroPoint] : llvm::zip_equal(p.scales, p.zeroPoints)) {
      layer.add_scale_w(static_cast<float>(scale));
      layer.add_offset_w(static_cast<int32_t>(zeroPoint));
    }
    layer.set_wts_type(type);
  }
  hwq::amct::Records records;
  for (auto &[name, layer] : layers) {
    // The tool records layers with weights.
    if (layer.scale_w_size() == 0)
      continue;
    hwq::amct::Record *record = records.add_record();
    record->set_key(name.str());
    *record->mutable_value() = layer;
  }
  std::string text;
  if (!TextFormat::PrintToString(records, &text))
    return llvm::createStringError("cannot print the record");
  os << text;
  return Error::success();
}
